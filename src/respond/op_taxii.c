/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_taxii.c - what the web process asks for while it speaks TAXII (web/taxii.h): items that
 * others gave become reports, statuses are kept, what left is noted. No route leads here
 * directly. */
#include "base/stamp.h"
#include "model/uuid.h"
#include "respond/house.h"
#include "respond/op.h"

const struct desk_kind taxii_kinds[] = {
	{ "taxii.received", "status: what became of the objects; document: its SHA-256", NULL },
	{ .name = NULL }
};

struct counts { u64 fresh, duplicates, again; };

static int take_one(struct desk *d, struct inbox *in, const char *json, const char *document,
		    struct counts *counts)
{
	struct item_box box = { 0 };
	struct inbox_told told = { 0 };
	char why[FIELD_WHY] = "";
	int rc = item_parse(&box, json, strlen(json), why);

	if (rc) {
		item_free(&box);
		return desk_fault(d, rc, "items: %s", why);
	}
	rc = inbox_take(in, &(struct inbox_letter){ .item = &box.item, .format = "stix",
		.original = document, .is_marked = true }, &told);
	counts->again += rc == 0 && told.again;
	counts->fresh += rc == 0 && !told.again && told.state == REPORT_NEW;
	counts->duplicates += rc == 0 && !told.again && told.state == REPORT_DUPLICATE;
	item_free(&box);
	return rc;
}

static int take_all(struct desk *d, struct inbox *in, json_t *args, json_t *reply)
{
	const char *text = op_text(args, "document");
	struct counts c = { 0 };
	char document[65];
	json_t *one;
	size_t k;
	int rc = 0;

	snprintf(document, sizeof document, "%s", op_text(args, "original"));
	if (document[0] == 0)
		rc = inbox_keep(in, text, strlen(text), document);
	json_array_foreach(json_object_get(args, "items"), k, one)
		if (rc == 0)
			rc = take_one(d, in, json_string_value(one), document, &c);
	if (rc == 0 && (json_object_set_new(reply, "document", json_string(document)) ||
	    json_object_set_new(reply, "new", json_integer((json_int_t)c.fresh)) ||
	    json_object_set_new(reply, "duplicate", json_integer((json_int_t)c.duplicates)) ||
	    json_object_set_new(reply, "again", json_integer((json_int_t)c.again))))
		rc = -ENOMEM;
	return rc;
}

#define DAY (86400 * STAMP_NS)

/* What outsiders give is marked at least as strictly as `vedette inbox add` marks it when
 * nothing is said. */
static int take(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct inbox_setup setup = desk_house(d)->inbox;
	struct inbox *in = NULL;
	char why[DESK_WHY];
	int rc;

	(void)who;
	setup.window_ns = setup.window_ns ? setup.window_ns : 7 * DAY;
	setup.old_ns = setup.old_ns ? setup.old_ns : 30 * DAY;
	setup.floor = marking_join(setup.floor, MARKING_FOUND);
	rc = inbox_open(&in, d, &setup, why);
	if (rc)
		return desk_fault(d, rc, "%s", why);
	rc = desk_begin(d);
	if (rc == 0)
		rc = desk_end(d, take_all(d, in, args, reply));
	inbox_close(in);
	return rc;
}

static int keep_status(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	char name[200], id[UUID_TEXT], about[UUID_TEXT + 16], at[STAMP_TEXT_MAX];
	int rc = desk_begin(d);

	if (rc)
		return rc;
	snprintf(name, sizeof name, "delivery %s %s %.64s", who->login,
		 stamp_text(desk_now(d), 9, at), op_text(args, "document"));
	snprintf(about, sizeof about, "delivery:%s", uuid_name_text(uuid_of_vedette, name, id));
	rc = desk_say(d, "taxii.received", about, json_pack("{s:O, s:s}", "status",
		json_object_get(args, "status"), "document", op_text(args, "document")), NULL);
	if (rc == 0 && json_object_set_new(reply, "id", json_string(id)))
		rc = -ENOMEM;
	return desk_end(d, rc);
}

static int told(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	json_t *body = json_copy(args);
	int rc = desk_begin(d);

	(void)reply;
	if (rc == 0 && json_object_set_new(body, "audience", json_string(who->login)))
		rc = -ENOMEM;
	if (rc == 0)
		return desk_end(d, desk_say(d, "gate.told", "", body, NULL));
	json_decref(body);
	return rc;
}

static const struct op_arg take_args[] = {
	{ "items", "items as JSON", OP_TEXTS, true, ITEM_JSON_MAX, NULL },
	{ "document", "what they came in", OP_TEXT, false, 1u << 20, NULL },
	{ "original", "or the hash of what is kept of it", OP_TEXT, false, 64, NULL },
	{ .name = NULL } };
static const struct op_arg status_args[] = {
	{ "status", "what became of the objects", OP_OBJECT, true, 0, NULL },
	{ "document", "SHA-256 of the envelope", OP_TEXT, false, 64, NULL }, { .name = NULL } };
static const struct op_arg told_args[] = {
	{ "format", "how it left", OP_TEXT, true, 0, NULL },
	{ "count", "how many objects", OP_COUNT, true, 0, NULL },
	{ "items", "their ids, up to 100", OP_TEXTS, true, 0, NULL },
	{ "tlp", "under which label", OP_CHOICE, true, 0, label_names },
	{ "pap", "and PAP", OP_CHOICE, true, 0, pap_names },
	{ "document", "SHA-256 of what left", OP_TEXT, true, 64, NULL }, { .name = NULL } };

const struct op taxii_ops[] = {
	{ "taxii.take", "Takes items as reports.", ROLE_ANALYST, take_args, take },
	{ "taxii.status", "Keeps what became of objects.", ROLE_ANALYST, status_args,
	  keep_status },
	{ "share.told", "Notes what left.", ROLE_VIEWER, told_args, told },
	{ .name = NULL }
};
