/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_post.c - objects that others give, and what became of them; see taxii.h.
 *
 *   envelope --reader of STIX, behind the walls of this process--> items
 *     --batches--> the writer: reports in the inbox --> status resource, kept in the log
 *
 * All of it is done when the answer goes out, so a status is complete from the beginning. An
 * object that is only there for others (a marking, an identity) is a success; one of a type
 * that no report can be made of is a failure, and the rest is taken all the same. The same
 * document given twice makes no second report (respond/inbox.h). */
#include "web/taxii.h"
#include "base/stamp.h"
#include "model/uuid.h"
#include "share/exchange_stix.h"

#define OBJECTS_MAX 1000u	/* in one envelope */
#define BATCH 50u		/* items in one question to the writer */
#define BATCH_OCTETS (512u << 10)

struct posting {
	struct request *q;
	json_t *objects;
	char **faults;		/* one for each object; NULL: it was taken */
	json_t *items;		/* of the batch: JSON texts */
	size_t octets;
	char document[65];	/* its hash, once the writer has it */
	u64 fresh, duplicates;
	int rc;
};

/* ---- reading ---- */

static void fail(struct posting *p, size_t at, const char *why)
{
	if (at < json_array_size(p->objects) && p->faults[at] == NULL)
		p->faults[at] = strdup(why);
}

static void take_trouble(void *to, const char *where, const char *why)
{
	unsigned at;

	if (sscanf(where, "objects[%u]", &at) == 1)
		fail(to, at, why);
}

static int send_batch(struct posting *p)
{
	json_t *args = json_pack("{s:O}", "items", p->items), *reply = NULL;
	int rc = args ? 0 : -ENOMEM;

	if (rc == 0 && p->document[0])
		rc = json_object_set_new(args, "original", json_string(p->document));
	else if (rc == 0)
		rc = json_object_set_new(args, "document",
			json_stringn(p->q->octets->at, p->q->octets->len));
	rc = rc ? -ENOMEM : request_ask(p->q, "taxii.take", args, &reply);
	if (rc == 0) {
		snprintf(p->document, sizeof p->document, "%s", rest_text(reply, "document"));
		p->fresh += (u64)json_integer_value(json_object_get(reply, "new"));
		p->duplicates += (u64)json_integer_value(json_object_get(reply, "duplicate"));
	}
	json_array_clear(p->items);
	p->octets = 0;
	json_decref(args);
	json_decref(reply);
	return rc;
}

static int take_item(void *to, const struct item *i)
{
	struct posting *p = to;
	struct buf text = { 0 };
	json_t *s;

	item_json(&text, i);
	s = buf_error(&text) ? NULL : json_stringn(text.at, text.len);
	p->octets += text.len;
	buf_free(&text);
	if (s == NULL || json_array_append_new(p->items, s))
		return p->rc = -ENOMEM;
	if (json_array_size(p->items) == BATCH || p->octets > BATCH_OCTETS)
		p->rc = send_batch(p);
	return p->rc;
}

/* Types that are items, or serve them. */
static bool is_taken(json_t *o)
{
	static const char *const others[] = { "identity", "marking-definition", "relationship",
		"sighting", "extension-definition", "malware", "campaign", "threat-actor",
		"intrusion-set", "tool", "attack-pattern", "infrastructure", "vulnerability" };
	const char *type = rest_text(o, "type"), *text;
	struct buf room = { 0 };
	enum subject_kind kind;
	bool is = stix_is_item(type) || stix_subject(o, &kind, &text, &room);

	for (size_t k = 0; k < COUNT(others); k++)
		is |= strcmp(type, others[k]) == 0;
	buf_free(&room);
	return is;
}

static void look_at_all(struct posting *p)
{
	json_t *o;
	size_t k;

	json_array_foreach(p->objects, k, o) {
		if (rest_text(o, "id")[0] == 0 || rest_text(o, "type")[0] == 0)
			fail(p, k, "no object of STIX: it has no type or no id");
		else if (!is_taken(o))
			fail(p, k, "objects of this type are not taken");
	}
}

static int read_all(struct posting *p)
{
	const struct exchange *stix = exchange_find("stix");
	const struct exchange_read r = { .octets = (const u8 *)p->q->octets->at,
		.n = p->q->octets->len, .name = "envelope", .item = take_item,
		.trouble = take_trouble, .to = p };
	char why[EXCHANGE_WHY] = "";
	int rc = exchange_read(stix, &r, why);

	if (p->rc)
		return p->rc;	/* with a sentence */
	if (rc)
		return request_fault(p->q, OOPS_RANGE, "%s", why[0] ? why : oops_text(rc));
	return json_array_size(p->items) || p->document[0] == 0 ? send_batch(p) : 0;
}

/* ---- status (4.3) ---- */

static json_t *detail(json_t *o, u64 now, const char *why)
{
	const char *id = rest_text(o, "id"), *version = rest_text(o, "modified");
	char text[STAMP_TEXT_MAX];
	json_t *d;

	if (version[0] == 0)
		version = rest_text(o, "created");
	d = json_pack("{s:s, s:s}", "id", strlen(id) <= 120 ? id : "", "version",
		      version[0] && strlen(version) <= 40 ? version : stamp_text(now, 6, text));
	if (d && why)
		rest_put(d, "message", why);
	return d;
}

static json_t *status_of(const struct posting *p)
{
	json_t *good = json_array(), *bad = json_array(), *o, *status;
	char at[STAMP_TEXT_MAX];
	size_t k;

	json_array_foreach(p->objects, k, o)
		json_array_append_new(p->faults[k] ? bad : good,
				      detail(o, p->q->now, p->faults[k]));
	status = json_pack("{s:s, s:s, s:I, s:I, s:I, s:i}", "status", "complete",
		"request_timestamp", stamp_text(p->q->now, 6, at), "total_count",
		(json_int_t)json_array_size(p->objects), "success_count",
		(json_int_t)json_array_size(good), "failure_count",
		(json_int_t)json_array_size(bad), "pending_count", 0);
	if (status && json_array_size(good))
		json_object_set(status, "successes", good);
	if (status && json_array_size(bad))
		json_object_set(status, "failures", bad);
	json_decref(good);
	json_decref(bad);
	return status;
}

/* The writer keeps it and gives it its id. */
static int finish(struct posting *p)
{
	json_t *status = status_of(p), *reply = NULL;
	json_t *args = status ? json_pack("{s:O, s:s}", "status", status, "document", p->document)
			      : NULL;
	int rc = args ? request_ask(p->q, "taxii.status", args, &reply) : -ENOMEM;

	if (rc == 0)
		rc = json_object_set(status, "id", json_object_get(reply, "id"));
	if (rc == 0) {
		p->q->status = 202;
		taxii_put(p->q, json_incref(status));
	}
	json_decref(args);
	json_decref(reply);
	json_decref(status);
	return rc == -1 ? -ENOMEM : rc;
}

static int check(struct request *q)
{
	json_t *list = json_object_get(q->body, "objects");

	if (!taxii_is_inbox(q))
		return request_fault(q, -EPERM, "this collection takes no objects: the inbox does");
	if (json_array_size(list) == 0)
		return request_fault(q, OOPS_FORMAT, "an envelope with objects is wanted");
	if (json_array_size(list) > OBJECTS_MAX)
		return request_fault(q, OOPS_LIMIT, "at most %u objects are taken at a time",
				     OBJECTS_MAX);
	return 0;
}

int taxii_post(struct request *q)
{
	struct posting p = { .q = q, .objects = json_object_get(q->body, "objects") };
	size_t n = json_array_size(p.objects);
	int rc = taxii_accepts(q);

	if (rc || (rc = check(q)))
		return rc;
	p.faults = calloc(n, sizeof *p.faults);
	p.items = json_array();
	rc = p.faults && p.items ? read_all(&p) : -ENOMEM;
	if (rc == 0) {
		look_at_all(&p);
		rc = finish(&p);
	}
	for (size_t k = 0; p.faults && k < n; k++)
		free(p.faults[k]);
	free(p.faults);
	json_decref(p.items);
	return rc;
}

/* ---- asking later ---- */

struct asking { const struct request *q; json_t *status; };

static int take_status(void *to, const struct event *e)
{
	struct asking *a = to;
	json_t *body = json_loads(e->body, JSON_REJECT_DUPLICATES, NULL);

	if (strcmp(e->author, a->q->who.login) == 0 || a->q->who.role == ROLE_ADMIN)
		a->status = json_incref(json_object_get(body, "status"));
	json_decref(body);
	return 1;
}

int taxii_status(struct request *q)
{
	struct asking a = { .q = q };
	char about[64];
	int rc = taxii_accepts(q);

	if (rc)
		return rc;
	snprintf(about, sizeof about, "delivery:%.36s", q->values.at[0]);
	if (uuid_is(q->values.at[0]) &&
	    (rc = gate_each_event(q->gate, about, take_status, &a)) < 0)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	if (a.status == NULL)
		return request_fault(q, OOPS_UNKNOWN, "there is no such status of yours");
	json_object_set_new(a.status, "id", json_string(q->values.at[0]));
	taxii_put(q, a.status);
	return 0;
}
