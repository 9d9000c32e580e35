/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_notice.c - what we tell others, to look at: notices, their octets, the letters there
 * are, and who can act for an incident and so could be told. Writing, approving and
 * cancelling are routes to operations (respond/op_notice.c). */
#include "web/put.h"
#include "base/octets.h"
#include "base/tongue.h"
#include "model/utf8.h"
#include "respond/about.h"
#include "respond/contact.h"
#include "respond/letter.h"

/* ---- notices ---- */

static int put_notice(void *to, struct buf *out, const void *record)
{
	(void)to;
	put_noun(out, DESK_notice, record);
	return 0;
}

static int list(struct request *q)
{
	struct store_cond conds[4];
	struct store_query query = { .table = DESK_notice, .conds = conds, .order = "-number",
		.any = "title value contact letter", .text = request_param(q, "text") };
	u64 states, incident;
	int rc = request_words(q, "state", notice_states, &states);

	if (rc || (rc = request_count(q, "incident", INT64_MAX, &incident)))
		return rc;
	if (states)
		conds[query.count++] = (struct store_cond){ "state", STORE_AMONG, NULL, states };
	if (incident)
		conds[query.count++] = (struct store_cond){ "incident", STORE_IS, NULL, incident };
	for (size_t i = 0; i < 2; i++) {
		const char *name = i ? "letter" : "contact";

		if (request_param(q, name))
			conds[query.count++] = (struct store_cond){ name, STORE_IS,
				request_param(q, name), 0 };
	}
	return request_list(q, &query, put_notice, NULL);
}

static int one(struct request *q)
{
	return request_one(q, DESK_notice, put_notice, NULL);
}

/* The octets as they go out; a browser shows them as text and nothing else. */
static int message(struct request *q)
{
	struct notice *n;
	void *found = NULL;
	int rc = request_take(q, 0, DESK_notice, &found);

	n = found;
	if (rc == 0 && (rc = gate_kept(q->gate, n->message, (struct marking){ n->tlp, n->pap },
				       q->out)))
		request_fault(q, rc, "%s", gate_error(q->gate));
	free(found);
	return rc;
}

static int letters(struct request *q)
{
	char name[48];

	buf_text(q->out, "{\"items\":[");
	for (unsigned i = 0; letter_name(i, name); i++) {
		buf_text(q->out, i ? ",\n" : "\n");
		utf8_json(q->out, name);
	}
	buf_text(q->out, "],\"titles\":[");
	for (unsigned i = 0; letter_name(i, name); i++) {
		buf_text(q->out, i ? ",\n" : "\n");
		utf8_json(q->out, C_("letter", name));
	}
	buf_text(q->out, "],\"languages\":[");
	for (unsigned i = 0; letter_languages[i]; i++)
		buf_fmt(q->out, "%s\"%s\"", i ? "," : "", letter_languages[i]);
	buf_text(q->out, "]}\n");
	return 0;
}

/* ---- who can act ---- */

struct telling { struct buf *out; u64 count; };

static int put_told(void *to, const void *record)
{
	struct telling *p = to;

	buf_fmt(p->out, "%s%llu", p->count++ ? "," : "",
		(unsigned long long)((const struct notice *)record)->number);
	return 0;
}

static int put_step(struct request *q, struct desk *d, const struct route_step *st,
		    const struct incident *i)
{
	const struct store_cond conds[] = { { "contact", STORE_IS, st->contact->id, 0 },
		{ "incident", STORE_IS, NULL, i->number } };
	const struct store_query query = { .table = DESK_notice, .conds = conds, .count = 2,
		.order = "number", .limit = 100 };
	const struct marking theirs = { st->contact->tlp, st->contact->pap };
	const struct marking is = { i->tlp, i->pap };
	struct telling p = { .out = q->out };
	char cover[300];
	int rc;

	snprintf(cover, sizeof cover, "%.*s", (int)strcspn(st->cover, "\n"), st->cover);
	buf_fmt(q->out, "{\"role\":\"%s\",\"cover\":", contact_roles[st->role]);
	utf8_json(q->out, cover);
	buf_text(q->out, ",\"contact\":{");
	put_noun(q->out, DESK_contact, st->contact);
	buf_fmt(q->out, "},\"cleared\":%s,\"address\":", marking_allows(is, theirs) ? "true"
		: "false");
	request_put_reach(q->out, d, st->contact->id);
	buf_text(q->out, ",\"told\":[");
	rc = gate_each(q->gate, &query, put_told, &p);
	buf_text(q->out, "]}");
	return rc;
}

static int put_route(struct request *q, struct desk *d, const struct incident *i,
		     const struct about *s)
{
	struct route *r = calloc(1, sizeof *r);
	int rc = r ? route_find(r, d, s->at, s->count, 0) : -ENOMEM;

	buf_text(q->out, "{\"about\":[");
	for (size_t n = 0; n < s->count; n++) {
		buf_text(q->out, n ? "," : "");
		utf8_json(q->out, s->at[n]);
	}
	buf_text(q->out, "],\"steps\":[");
	for (u32 n = 0; rc == 0 && n < r->count; n++) {
		buf_text(q->out, n ? ",\n" : "\n");
		rc = put_step(q, d, &r->step[n], i);
	}
	buf_fmt(q->out, "],\"left\":%u}\n", r ? r->left : 0);
	if (r)
		route_free(r);
	free(r);
	return rc < 0 ? request_fault(q, rc, "%s", gate_error(q->gate)) : rc;
}

static int who(struct request *q)
{
	struct about s = { .count = 0 };
	struct desk *d = NULL;
	void *found = NULL;
	int rc = request_may_know(q);

	if (rc == 0)
		rc = request_take(q, 0, DESK_incident, &found);
	if (rc == 0)
		rc = about_incident(&s, NULL, q->gate, found);
	if (rc == 0)
		rc = request_desk(q, &d);
	if (rc == 0)
		rc = put_route(q, d, found, &s);
	desk_close(d);
	about_forget(&s);
	free(found);
	return rc;
}

static const struct api_param list_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ "text", "whose title, address, contact or letter holds this", OP_TEXT, NULL },
	{ "state", "in one of these states, with commas between", OP_TEXT, NULL },
	{ "incident", "of this incident", OP_COUNT, NULL },
	{ "contact", "to this contact", OP_TEXT, NULL },
	{ "letter", "of this letter", OP_TEXT, NULL }, { .name = NULL } };

static const struct api_member row_members[] = {
	{ "words", "text", "how far it is, in words: may have been sent", NULL },
	{ .name = NULL } };
static const struct api_member letters_members[] = {
	{ "items", "[text]", "their names", NULL },
	{ "titles", "[said]", "the same for people, in the same order", NULL },
	{ "languages", "[text]", "that they are written in", NULL }, { .name = NULL } };
#define F(name, text) text,
static const char *const acts_as[] = { CONTACT_ROLES(F) NULL };
#undef F
static const struct api_member step_members[] = {
	{ "role", "choice", "why they are asked", acts_as },
	{ "cover", "text", "what of theirs covers the subject", NULL },
	{ "contact", "contact", "who", NULL },
	{ "cleared", "flag", "may have all of the incident; else a letter is redacted", NULL },
	{ "address", "address|null", "where they are written to; null: they cannot be", NULL },
	{ "told", "[count]", "notices to them about this incident", NULL }, { .name = NULL } };
static const struct api_member route_members[] = {
	{ "about", "[text]", "the subjects that were looked for", NULL },
	{ "steps", "[route_step]", "who can act, by role, the most exact cover first", NULL },
	{ "left", "count", "more that had no room", NULL }, { .name = NULL } };
static const struct api_member part_members[] = {
	{ "name", "text", "of the file", NULL }, { "media", "text", "its type", NULL },
	{ "octets", "count", "its size", NULL }, { .name = NULL } };
static const struct api_member shown_members[] = {
	{ "number", "count", "of the notice; of a preview: that it would have", NULL },
	{ "state", "choice|null", "null: nothing was kept", notice_states },
	{ "contact", "text", "who is told", NULL },
	{ "channel", "choice", "by mail or webhook", channels },
	{ "value", "text", "the address", NULL },
	{ "letter", "text", "the template", NULL },
	{ "language", "text", "that it is written in", NULL },
	{ "tlp", "choice", "its label", label_names }, { "pap", "choice", "and PAP", pap_names },
	{ "title", "text", "subject line", NULL },
	{ "text", "text", "the letter", NULL },
	{ "withheld", "count", "items left out because the contact may not have them", NULL },
	{ "attachments", "[notice_part]", "what goes with it", NULL },
	{ "octets", "count", "of the whole message", NULL },
	{ "no_sender", "flag", "of a preview: a placeholder stands for the sender, whom nobody "
	  "has set; a draft would be refused", NULL },
	{ "unconfirmed", "choice|null", "the incident's state, where nobody has confirmed it yet: "
	  "look before it goes out", incident_states }, { .name = NULL } };
static const struct api_member turned_members[] = {
	{ "number", "count", "of the notice", NULL },
	{ "state", "choice", "that it has now", notice_states }, { .name = NULL } };
static const struct api_member rule_members[] = {
	{ "number", "count", "of the rule", NULL }, { .name = NULL } };
static const struct api_member made_members[] = {
	{ "number", "count", "of the rule", NULL },
	{ "runs", "flag", "false: nothing applies it, because this server was started without a "
	  "way to send", NULL }, { .name = NULL } };
const struct api_shape notice_shapes[] = {
	{ .name = "notice_row", .noun = SHAPE_OF(notice), .members = row_members },
	{ .name = "notice_rows", .items = "notice_row" },
	{ .name = "letters", .members = letters_members },
	{ .name = "route_step", .members = step_members },
	{ .name = "route", .members = route_members },
	{ .name = "notice_part", .members = part_members },
	{ .name = "notice_shown", .members = shown_members },
	{ .name = "notice_turned", .members = turned_members },
	{ .name = "rule_named", .members = rule_members },
	{ .name = "rule_made", .members = made_members },
	{ .name = NULL }
};

#define NOTICES "/api/v1/notices"
#define INCIDENT "/api/v1/incidents/{number}"
const struct api_route notice_routes[] = {
	{ .method = "GET", .path = NOTICES, .run = list, .params = list_params,
	  .reply = "notice_rows", .help = "The notices that the caller may see." },
	{ .method = "GET", .path = NOTICES "/{number}", .run = one, .reply = "notice_row",
	  .help = "One notice." },
	{ .method = "GET", .path = NOTICES "/{number}/message", .run = message,
	  .media = "text/plain; charset=utf-8", .help = "The octets that go out." },
	{ .method = "POST", .path = NOTICES "/{number}/approve", .op = "notice.approve",
	  .reply = "notice_turned" },
	{ .method = "POST", .path = NOTICES "/{number}/cancel", .op = "notice.cancel",
	  .reply = "notice_turned" },
	{ .method = "POST", .path = NOTICES "/{number}/again", .op = "notice.again",
	  .reply = "notice_turned" },
	{ .method = "POST", .path = NOTICES "/{number}/bounced", .op = "notice.bounced",
	  .reply = "notice_turned" },
	{ .method = "GET", .path = "/api/v1/letters", .run = letters, .reply = "letters",
	  .help = "The letters that can be written." },
	{ .method = "GET", .path = INCIDENT "/route", .run = who, .reply = "route",
	  .help = "Who can act for what the incident is about, and how they are reached." },
	{ .method = "POST", .path = "/api/v1/notice_rules", .op = "rule.add",
	  .reply = "rule_made" },
	{ .method = "POST", .path = "/api/v1/notice_rules/{number}/lift", .op = "rule.lift",
	  .reply = "rule_named" },
	{ .method = "POST", .path = INCIDENT "/letter", .op = "notice.preview",
	  .reply = "notice_shown" },
	{ .method = "POST", .path = INCIDENT "/notices", .op = "notice.write",
	  .reply = "notice_shown" },
	{ .method = NULL }
};
