/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_contact.c - those who can act, to look at: the list with who can be reached, one with
 * addresses, vouches, drills and the path of trust, and who can act for a subject. All of it
 * is for those who are cleared for the desk (DESK_MARKING). */
#include "web/put.h"
#include "base/octets.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include "respond/contact.h"

#define HANGING_MAX 500u

/* ---- the list ---- */

struct listing {
	struct desk *desk;
	const char *role;
	u64 since;	/* only who was not proven since; 0 = all */
};

void request_put_reach(struct buf *out, struct desk *d, const char *contact)
{
	static const enum channel order[] = { CHANNEL_MAIL, CHANNEL_WEBHOOK, CHANNEL_WEB,
		CHANNEL_PHONE };
	struct address *a = NULL;

	for (size_t i = 0; i < COUNT(order) && a == NULL; i++)
		contact_reach(d, contact, order[i], &a);
	if (a) {
		buf_byte(out, '{');
		fields_json(out, desk_nouns[DESK_address].fields, a);
		buf_byte(out, '}');
	} else {
		buf_text(out, "null");
	}
	free(a);
}

static int put(void *to, struct buf *out, const void *record)
{
	const struct contact *c = record;
	const struct listing *l = to;

	if ((l->role && !contact_has(c->roles, l->role)) || (l->since && c->proven >= l->since))
		return 1;
	put_noun(out, DESK_contact, c);
	buf_text(out, ",\"address\":");
	request_put_reach(out, l->desk, c->id);
	return 0;
}

static const char *const orders[] = { "id", "proven", "place", NULL };

static int ask(struct request *q, struct listing *l)
{
	const char *kind = request_param(q, "kind"), *order = request_param(q, "order");
	const int k = kind ? choice_parse(contact_kinds, kind) : 0;
	const int o = order ? choice_parse(orders, order) : 0;
	const struct store_cond cond = { "kind", STORE_IS, NULL, (u64)k };
	static const char *const sql[] = { "id", "proven id", "place id" };
	struct store_query query = { .table = DESK_contact, .conds = &cond,
		.count = kind ? 1 : 0, .order = sql[o < 0 ? 0 : o], .limit = INT64_MAX,
		.any = "id name covers note", .text = request_param(q, "text") };

	if (k < 0 || o < 0)
		return request_fault(q, OOPS_RANGE, "%s: that is none of its words",
				     k < 0 ? "kind" : "order");
	return request_list(q, &query, put, l);
}

static int list(struct request *q)
{
	struct listing l = { .role = request_param(q, "role") };
	u64 days;
	int rc = request_count(q, "unproven_days", 36500, &days);

	if (rc)
		return rc;
	if (l.role && choice_parse(contact_roles, l.role) < 0)
		return request_fault(q, OOPS_RANGE, "role: there is no '%.40s'", l.role);
	if (days)
		l.since = q->now - min_u64(q->now, days * 86400 * STAMP_NS);
	rc = request_desk(q, &l.desk);
	if (rc == OOPS_UNKNOWN) {	/* no desk yet: no contacts */
		buf_text(q->out, "{\"items\":[],\"next\":null}\n");
		return 0;
	}
	if (rc == 0)
		rc = ask(q, &l);
	desk_close(l.desk);
	return rc;
}

/* ---- one ---- */

struct putting { struct buf *out; enum desk_table table; u64 count; };

static int put_one(void *to, const void *record)
{
	struct putting *p = to;

	buf_text(p->out, p->count++ ? ",\n{" : "\n{");
	put_noun(p->out, p->table, record);
	buf_byte(p->out, '}');
	return 0;
}

static const struct {
	const char *name;
	enum desk_table table;
	const char *by, *order;
} hanging[] = {
	{ "addresses", DESK_address, "contact", "channel place value" },
	{ "vouched_by", DESK_vouch, "whom", "by at" },
	{ "vouches_for", DESK_vouch, "by", "whom at" },
	{ "drills", DESK_drill, "contact", "-sent" },
	{ "notices", DESK_notice, "contact", "-number" },
	{ "people", DESK_contact, "organisation", "id" },
};

static int put_hanging(struct request *q, const char *id)
{
	int rc = 0;

	for (size_t i = 0; i < COUNT(hanging) && rc == 0; i++) {
		const struct store_cond own = { hanging[i].by, STORE_IS, id, 0 };
		const struct store_query query = { .table = hanging[i].table, .conds = &own,
			.count = 1, .order = hanging[i].order, .limit = HANGING_MAX };
		struct putting p = { .out = q->out, .table = hanging[i].table };

		buf_fmt(q->out, ",\n\"%s\":[", hanging[i].name);
		rc = gate_each(q->gate, &query, put_one, &p);
		buf_byte(q->out, ']');
	}
	return rc < 0 ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static int one(struct request *q)
{
	struct contact *c;
	void *found = NULL;
	int rc = request_take(q, 0, DESK_contact, &found);

	c = found;
	if (rc == 0) {
		buf_text(q->out, "{\"contact\":{");
		put_noun(q->out, DESK_contact, c);
		buf_byte(q->out, '}');
		rc = put_hanging(q, c->id);
		buf_text(q->out, "}\n");
	}
	free(found);
	return rc;
}

/* The writer has the key that the path begins at. */
static int trust(struct request *q)
{
	json_t *args = json_pack("{s:s}", "id", q->values.at[0]), *reply = NULL;
	int rc = args ? request_ask(q, "contact.path", args, &reply)
		      : request_fault(q, OOPS_UNKNOWN, "there is no such contact");
	char *text = rc == 0 ? json_dumps(reply, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

	if (text)
		buf_fmt(q->out, "%s\n", text);
	free(text);
	json_decref(args);
	json_decref(reply);
	return rc;
}

/* ---- who can act ---- */

#define ABOUT_MAX 16u

static void put_step(struct request *q, struct desk *d, const struct route_step *st)
{
	char cover[300];

	snprintf(cover, sizeof cover, "%.*s", (int)strcspn(st->cover, "\n"), st->cover);
	buf_fmt(q->out, "{\"role\":\"%s\",\"cover\":", contact_roles[st->role]);
	utf8_json(q->out, cover);
	buf_text(q->out, ",\"contact\":{");
	put_noun(q->out, DESK_contact, st->contact);
	buf_text(q->out, "},\"address\":");
	request_put_reach(q->out, d, st->contact->id);
	buf_byte(q->out, '}');
}

static int put_route(struct request *q, struct desk *d, const char *const *about, size_t count)
{
	const char *role = request_param(q, "role");
	const int wanted = role ? choice_parse(contact_roles, role) : 0;
	struct route *r = calloc(1, sizeof *r);
	int rc = r ? 0 : -ENOMEM;

	if (wanted < 0)
		rc = request_fault(q, OOPS_RANGE, "role: there is no '%.40s'", role);
	if (rc == 0)
		rc = route_find(r, d, about, count, role ? 1u << wanted : 0);
	buf_text(q->out, "{\"steps\":[");
	for (u32 n = 0; rc == 0 && n < r->count; n++) {
		buf_text(q->out, n ? ",\n" : "\n");
		put_step(q, d, &r->step[n]);
	}
	buf_fmt(q->out, "],\"left\":%u}\n", r ? r->left : 0);
	if (r)
		route_free(r);
	free(r);
	return rc;
}

static int route(struct request *q)
{
	const char *text = request_param(q, "about"), *about[ABOUT_MAX];
	char words[2000], *save = NULL;
	struct desk *d = NULL;
	size_t count = 0;
	int rc = request_may_know(q);

	if (rc)
		return rc;
	if (text && strlen(text) >= sizeof words)
		return request_fault(q, OOPS_RANGE, "about: up to 2000 octets are taken");
	snprintf(words, sizeof words, "%s", text ? text : "");
	for (char *p = strtok_r(words, ", ", &save); p && count < ABOUT_MAX;
	     p = strtok_r(NULL, ", ", &save)) {
		if (!cover_may_match(p))
			return request_fault(q, OOPS_RANGE, "about: '%.200s' is nothing that "
				"somebody answers for; a domain, an address, a URL, AS64500 or "
				"iana:9999 is wanted", p);
		about[count++] = p;
	}
	if ((rc = request_desk(q, &d)) == 0)
		rc = put_route(q, d, about, count);
	desk_close(d);
	return rc;
}

static const struct api_param list_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ "text", "whose id, name, cover or note holds this", OP_TEXT, NULL },
	{ "kind", "organisation or person", OP_CHOICE, contact_kinds },
	{ "role", "with this role", OP_TEXT, NULL },
	{ "unproven_days", "not proven for so many days", OP_COUNT, NULL },
	{ "order", "by id, or this", OP_CHOICE, orders }, { .name = NULL } };
static const struct api_param route_params[] = {
	{ "about", "domains, addresses, AS64500, iana:9999: with commas between", OP_TEXT, NULL },
	{ "role", "in this role alone", OP_TEXT, NULL }, { .name = NULL } };

#define F(name, text) text,
static const char *const acts_as[] = { CONTACT_ROLES(F) NULL };
#undef F
static const struct api_member row_members[] = {
	{ "address", "address|null", "the first that can be reached; null: none", NULL },
	{ .name = NULL } };
static const struct api_member whole_members[] = {
	{ "contact", "contact", "itself", NULL },
	{ "addresses", "[address]", "how it is reached, and whether anybody answered", NULL },
	{ "vouched_by", "[vouch]", "who vouches for its key", NULL },
	{ "vouches_for", "[vouch]", "for whom it vouches", NULL },
	{ "drills", "[drill]", "whether it can be reached, the latest first", NULL },
	{ "notices", "[notice_row]", "what it was told, the latest first", NULL },
	{ "people", "[contact]", "who belongs to it", NULL }, { .name = NULL } };
static const struct api_member vouching_members[] = {
	{ "by", "text", "who vouches", NULL }, { "whom", "text", "for whom", NULL },
	{ "key", "text", "the public key of `by`, with which it is signed", NULL },
	{ "at", "stamp", "when", NULL }, { "until", "stamp", "how long it holds", NULL },
	{ .name = NULL } };
static const struct api_member trust_members[] = {
	{ "trusted", "flag", "a path was found", NULL },
	{ "from", "text", "our public key; empty: the log is not signed, so no path begins here",
	  NULL },
	{ "steps", "[vouching]", "ours first", NULL },
	{ "looked_at", "count", "vouches that were looked at", NULL },
	{ "bad", "count", "of them past, taken back or not well signed", NULL },
	{ .name = NULL } };
static const struct api_member step_members[] = {
	{ "role", "choice", "why they are asked", acts_as },
	{ "cover", "text", "what of theirs covers the subject", NULL },
	{ "contact", "contact", "who", NULL },
	{ "address", "address|null", "where they are reached", NULL }, { .name = NULL } };
static const struct api_member actors_members[] = {
	{ "steps", "[actor]", "by role, the most exact cover first", NULL },
	{ "left", "count", "more that had no room", NULL }, { .name = NULL } };
static const struct api_member named_members[] = {
	{ "id", "text", "of the contact", NULL }, { .name = NULL } };
static const struct api_member statement_members[] = {
	{ "statement", "text", "what can be passed on: signed", NULL }, { .name = NULL } };
static const struct api_member token_members[] = {
	{ "token", "text", "of the drill", NULL }, { .name = NULL } };
const struct api_shape contact_shapes[] = {
	{ .name = "contact_row", .noun = SHAPE_OF(contact), .members = row_members },
	{ .name = "contact_rows", .items = "contact_row" },
	{ .name = "contact_whole", .members = whole_members },
	{ .name = "vouching", .members = vouching_members },
	{ .name = "trust", .members = trust_members },
	{ .name = "actor", .members = step_members },
	{ .name = "actors", .members = actors_members },
	{ .name = "contact_named", .members = named_members },
	{ .name = "vouch_said", .members = statement_members },
	{ .name = "drill_token", .members = token_members },
	{ .name = NULL }
};

#define ALL "/api/v1/contacts"
#define ONE ALL "/{id}"
const struct api_route contact_routes[] = {
	{ .method = "GET", .path = ALL, .run = list, .params = list_params,
	  .reply = "contact_rows", .help = "Those who can act." },
	{ .method = "POST", .path = ALL, .op = "contact.add", .reply = "contact_named" },
	{ .method = "GET", .path = ONE, .run = one, .reply = "contact_whole",
	  .help = "One contact with its addresses, vouches, drills and notices." },
	{ .method = "PATCH", .path = ONE, .op = "contact.change", .reply = "contact_named" },
	{ .method = "DELETE", .path = ONE, .op = "contact.remove", .reply = "contact_named" },
	{ .method = "POST", .path = ONE "/addresses", .op = "contact.address",
	  .reply = "contact_named" },
	{ .method = "POST", .path = ONE "/addresses/drop", .op = "contact.drop",
	  .reply = "contact_named" },
	{ .method = "GET", .path = ONE "/trust", .run = trust, .reply = "trust", .aside = true,
	  .help = "The path of trust from our key to a contact." },
	{ .method = "POST", .path = ONE "/vouch", .op = "contact.vouch", .reply = "vouch_said" },
	{ .method = "POST", .path = ONE "/drill", .op = "contact.drill",
	  .reply = "notice_shown" },
	{ .method = "POST", .path = "/api/v1/vouches", .op = "contact.vouched",
	  .reply = "nothing" },
	{ .method = "POST", .path = "/api/v1/drills/{token}/answer", .op = "contact.answered",
	  .reply = "drill_token" },
	{ .method = "GET", .path = "/api/v1/route", .run = route, .params = route_params,
	  .reply = "actors", .help = "Who can act for a subject." },
	{ .method = NULL }
};
