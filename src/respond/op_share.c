/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_share.c - what leaves by request, in the log; and proofs, which only who has the log's
 * key can seal.
 *
 * Documents are made in the web process from a release of its own gate (web/api_share.c),
 * because formats are above this folder: it says here what it refused and what it hands out,
 * before it does. It could read the store anyway, so its word is worth as much as it. */
#include "base/buf.h"
#include "respond/contact.h"
#include "respond/op_own.h"
#include "respond/proof.h"

#define PROOF_MAX (3u << 20)	/* octets of a record in a reply */

/* "observation 9d0f.. TLP:RED PAP:AMBER" as the object that gate.refused holds. */
static json_t *refusal(const char *line)
{
	char kind[40], id[80], tlp[24], pap[24];

	if (sscanf(line, "%39s %79s %23s %23s", kind, id, tlp, pap) != 4 ||
	    choice_parse(item_kinds, kind) < 0 || choice_parse(label_names, tlp) < 0 ||
	    choice_parse(pap_names, pap) < 0)
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:s}", "id", id, "kind", kind, "tlp", tlp, "pap", pap);
}

static int say(struct desk *d, const char *kind, json_t *body)
{
	int rc = desk_begin(d);

	if (rc == 0)
		return desk_end(d, desk_say(d, kind, "", body, NULL));
	json_decref(body);
	return rc;
}

static int refused(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	json_t *items = json_array(), *one, *is;
	size_t i;

	(void)who;
	(void)reply;
	json_array_foreach(json_object_get(args, "items"), i, one)
		if ((is = refusal(json_string_value(one))))
			json_array_append_new(items, is);
	return say(d, "gate.refused", json_pack("{s:s, s:I, s:o}", "audience",
		op_text(args, "audience"), "count", (json_int_t)op_count(args, "count"), "items",
		items));
}

static int told(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	(void)who;
	(void)reply;
	return say(d, "gate.told", json_incref(args));
}

/* ---- proofs ---- */

/* A gate for who gets the proof: the contact, who may see no more than the caller; or the
 * caller. What it refuses is in the log. */
static int gate_for(struct desk *d, const struct caller *who, json_t *args, struct gate **ret)
{
	const char *id = op_text(args, "contact");
	const u64 number = op_count(args, "number");
	const struct gate_wish wish = { .incidents = &number, .incident_count = 1,
		.parts = GATE_ALL };
	struct release *release = NULL;
	struct contact *c = NULL;
	int rc;

	if (id[0] == 0)
		return op_gate(d, who, ret);
	if ((rc = op_may_know(d, who)) || (rc = contact_find(d, id, &c)) < 0)
		return rc;
	if (c == NULL)
		return desk_fault(d, OOPS_UNKNOWN, "there is no contact '%.100s'", id);
	rc = gate_open(ret, d, NULL, &(struct audience){ c->id, { (u8)min_u64(c->tlp,
		who->clearance.tlp), (u8)min_u64(c->pap, who->clearance.pap) } });
	if (rc == 0)
		rc = gate_release(*ret, &wish, MARKING_STRICTEST, op_flag(args, "redacted")
				  ? RELEASE_REDACTED : RELEASE_WHOLE, &release);
	if (rc == 0 && !release_good(release))
		rc = desk_refuse(d, CODE_STRICTER, -EPERM, "incident %llu holds what '%.100s' "
				 "may not have; the refusal is in the log",
				 (unsigned long long)number, c->id);
	release_free(release);
	free(c);
	return rc;
}

static int seal(struct desk *d, u64 number, const struct gate *g, const struct buf *record,
		char to[65])
{
	int rc = record->len > PROOF_MAX ? desk_fault(d, OOPS_LIMIT, "a proof of %zu octets is "
		"made by 'vedette incident proof'", record->len) : desk_begin(d);

	if (rc)
		return rc;
	return desk_end(d, proof_note(d, number, gate_audience(g)->name,
				      proof_seal(record, to)));
}

static int proof(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct proof_wish wish = { op_count(args, "number"), op_flag(args, "redacted") };
	struct buf record = { 0 }, page = { 0 };
	struct gate *g = NULL;
	char sealed[65] = "";
	int rc = op_may_see(d, who, wish.incident);

	if (rc == 0)
		rc = gate_for(d, who, args, &g);
	if (rc == 0 && (rc = proof_write(d, g, wish, &record, &page)) == -EPERM)
		desk_fault(d, rc, "%s", gate_error(g));
	if (rc == 0)
		rc = seal(d, wish.incident, g, &record, sealed);
	if (rc == 0)
		rc = op_tell_text(reply, "seal", sealed);
	if (rc == 0)
		rc = op_tell_text(reply, "record", buf_str(&record));
	if (rc == 0)
		rc = op_tell_text(reply, "page", buf_str(&page));
	gate_close(g);
	buf_free(&record);
	buf_free(&page);
	return rc;
}

static const struct op_arg refused_args[] = {
	{ "audience", "who asked", OP_TEXT, true, 200, NULL },
	{ "count", "how many items", OP_COUNT, true, 0, NULL },
	{ "items", "of the first: kind, id, TLP, PAP", OP_TEXTS, true, 0, NULL }, OP_END };
static const struct op_arg told_args[] = {
	{ "audience", "who gets it", OP_TEXT, true, 200, NULL },
	{ "format", "how it left", OP_TEXT, true, 60, NULL },
	{ "count", "how many items", OP_COUNT, true, 0, NULL },
	{ "items", "ids of the first", OP_TEXTS, true, 0, NULL },
	{ "tlp", "under which label", OP_CHOICE, true, 0, label_names },
	{ "pap", "and PAP", OP_CHOICE, true, 0, pap_names },
	{ "document", "SHA-256 of what left", OP_TEXT, true, 64, NULL }, OP_END };
static const struct op_arg proof_args[] = {
	{ "number", "the incident", OP_COUNT, true, 0, NULL },
	{ "contact", "who gets it; else who asks", OP_TEXT, false, CONTACT_ID_MAX, NULL },
	{ "redacted", "leave out what they may not have, instead of refusing", OP_FLAG, false, 0,
	  NULL }, OP_END };

const struct op share_ops[] = {
	{ "export.refused", "Notes what was refused.", ROLE_VIEWER, refused_args, refused },
	{ "export.told", "Notes what left.", ROLE_VIEWER, told_args, told },
	{ "incident.proof", "Makes the sealed record of an incident for a regulator.",
	  ROLE_ANALYST, proof_args, proof },
	{ .name = NULL }
};
