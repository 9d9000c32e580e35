/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_inbox.c - reports from outside: the list with its filters, one with its facts, thousands
 * as a few heaps, and what a decision on many would take.
 *
 *   filters --> /reports          a page of them
 *           \-> /reports/set      all their numbers, "3-9,12", and the first of them
 *            \-> /inbox/triage    heaps, each with its reason and its numbers
 *
 * A set is what the changing routes take back, so that what was looked at is what is decided.
 * Changes are routes to operations (respond/op_inbox.c). */
#include "web/put.h"
#include "base/octets.h"
#include "base/stamp.h"
#include "base/tongue.h"
#include "model/utf8.h"
#include "respond/inbox.h"

#define CONDS_MAX 10u	/* inbox_sort() adds one and takes 12 */
#define EXAMPLES 10u

struct choosing {
	struct store_cond conds[CONDS_MAX];
	struct store_query q;
	char fact[40];
};

static void cond(struct choosing *c, const char *field, enum store_op op, const char *text,
		 u64 number)
{
	must(c->q.count < CONDS_MAX);
	c->conds[c->q.count++] = (struct store_cond){ field, op, text, number };
}

static int by_fact(struct request *q, struct choosing *c)
{
	const char *word = request_param(q, "fact");

	if (word == NULL)
		return 0;
	for (size_t i = 0; i < INBOX_FACT_COUNT; i++)
		if (strcmp(inbox_facts[i].word, word) == 0) {
			snprintf(c->fact, sizeof c->fact, " %s: ", word);
			cond(c, "reasons", STORE_HOLDS, c->fact, 0);
			return 0;
		}
	return request_fault(q, OOPS_RANGE, "fact: there is no '%.40s'", word);
}

static int by_numbers(struct request *q, struct choosing *c)
{
	const char *since = request_param(q, "since");
	u64 least, most, incident, at = 0;
	int rc = request_count(q, "weight_least", 100, &least);

	if (rc || (rc = request_count(q, "weight_most", 100, &most)) ||
	    (rc = request_count(q, "incident", INT64_MAX, &incident)))
		return rc;
	if (since && stamp_parse(since, &at))
		return request_fault(q, OOPS_TYPE, "since: a time is wanted: "
				     "2026-01-31T10:00:00Z");
	if (least)
		cond(c, "weight", STORE_LEAST, NULL, least);
	if (request_param(q, "weight_most"))
		cond(c, "weight", STORE_MOST, NULL, most);
	if (incident)
		cond(c, "incident", STORE_IS, NULL, incident);
	if (since)
		cond(c, "received", STORE_LEAST, NULL, at);
	return 0;
}

static int choose(struct request *q, struct choosing *c)
{
	u64 states, abuse;
	int rc;

	*c = (struct choosing){ .q = { .table = DESK_report, .conds = c->conds,
		.any = "subject title text sender", .text = request_param(q, "text") } };
	if ((rc = request_words(q, "state", report_states, &states)) ||
	    (rc = request_words(q, "abuse", abuse_names, &abuse)))
		return rc;
	if (states)
		cond(c, "state", STORE_AMONG, NULL, states);
	if (abuse)
		cond(c, "abuse", STORE_AMONG, NULL, abuse);
	if (request_param(q, "subject"))
		cond(c, "subject", STORE_HOLDS, request_param(q, "subject"), 0);
	if (request_param(q, "sender"))
		cond(c, "sender", STORE_HOLDS, request_param(q, "sender"), 0);
	return (rc = by_fact(q, c)) ? rc : by_numbers(q, c);
}

/* ---- a report ---- */

/* A sentence; or a category of abuse, by its word. */
static void put_fact_text(struct buf *out, const char *text)
{
	if (strchr(text, ' '))
		put_said(out, text);
	else
		utf8_json(out, C_("abuse", text));
}

/* "+25 finding: a finding ..." as {"fact":..,"weight":..,"text":..} */
static void put_fact(struct buf *out, const char *line, size_t n)
{
	char text[1200], *end;
	long weight;
	size_t word;

	snprintf(text, sizeof text, "%.*s", (int)n, line);
	weight = strtol(text, &end, 10);
	end += strspn(end, " ");
	word = strcspn(end, ":");
	buf_fmt(out, "{\"weight\":%ld,\"fact\":", weight);
	if (end[word])
		end[word++] = 0;
	utf8_json(out, end);
	buf_text(out, ",\"text\":");
	put_fact_text(out, end + word + strspn(end + word, " "));
	buf_byte(out, '}');
}

static void put_report(struct buf *out, const void *record)
{
	const struct report *r = record;

	put_noun(out, DESK_report, r);
	buf_text(out, ",\"facts\":[");
	for (const char *p = r->reasons; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		buf_text(out, p == r->reasons ? "" : ",");
		put_fact(out, p, strcspn(p, "\n"));
	}
	buf_byte(out, ']');
}

static int put_row(void *to, struct buf *out, const void *record)
{
	(void)to;
	put_report(out, record);
	return 0;
}

static const char *const orders[] = { "number", "weight", "received", NULL };

static int list(struct request *q)
{
	static const char *const sql[] = { "-number", "state -weight number",
		"-received number" };
	const char *order = request_param(q, "order");
	const int o = order ? choice_parse(orders, order) : 0;
	struct choosing c;
	int rc = choose(q, &c);

	if (rc)
		return rc;
	if (o < 0)
		return request_fault(q, OOPS_RANGE, "order: number, weight or received is wanted");
	c.q.order = sql[o];
	return request_list(q, &c.q, put_row, NULL);
}

static int one(struct request *q)
{
	return request_one(q, DESK_report, put_row, NULL);
}

static int original(struct request *q)
{
	struct report *r;
	void *found = NULL;
	int rc = request_take(q, 0, DESK_report, &found);

	r = found;
	if (rc == 0 && r->original[0] == 0)
		rc = request_fault(q, OOPS_UNKNOWN, "report %llu came in no document",
				   (unsigned long long)r->number);
	if (rc == 0 && (rc = gate_original(q->gate, r->original, q->out)))
		request_fault(q, rc, rc == OOPS_UNKNOWN ? N_("the document was not kept") : "%s",
			      gate_error(q->gate));
	if (rc == 0)
		snprintf(q->file, sizeof q->file, "report-%llu",
			 (unsigned long long)r->number);
	free(found);
	return rc;
}

/* ---- many ---- */

static int put_examples(struct request *q, const struct inbox_set *s)
{
	int rc = 0;

	buf_text(q->out, ",\"examples\":[");
	for (size_t i = 0; i < s->count && i < EXAMPLES && rc >= 0; i++) {
		void *found = NULL;

		rc = gate_take(q->gate, DESK_report, &(struct report){ .number = s->at[i] },
			       &found);
		if (rc == 1) {
			buf_text(q->out, i ? ",\n{" : "\n{");
			put_report(q->out, found);
			buf_byte(q->out, '}');
		}
		free(found);
	}
	buf_byte(q->out, ']');
	return rc < 0 ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static void put_set(struct buf *out, const struct inbox_set *s)
{
	buf_fmt(out, "\"count\":%zu,\"set\":\"", s->count);
	inbox_set_text(out, s);
	buf_byte(out, '"');
}

static int set(struct request *q)
{
	struct inbox_set s = { 0 };
	struct choosing c;
	int rc = choose(q, &c);

	if (rc)
		return rc;
	if ((rc = inbox_find(q->gate, &c.q, &s)))
		return request_fault(q, rc, "%s", gate_error(q->gate));
	buf_byte(q->out, '{');
	put_set(q->out, &s);
	rc = put_examples(q, &s);
	buf_text(q->out, "}\n");
	free(s.at);
	return rc;
}

static int put_heap(struct request *q, const struct inbox_heap *h)
{
	int rc;

	buf_fmt(q->out, "{\"pile\":\"%s\",\"fact\":\"%s\",\"text\":", inbox_piles[h->pile],
		h->is_plain ? "" : inbox_facts[h->fact].word);
	put_said(q->out, inbox_heap_text(h));
	buf_byte(q->out, ',');
	put_set(q->out, &h->set);
	rc = put_examples(q, &h->set);
	buf_byte(q->out, '}');
	return rc;
}

static int triage(struct request *q)
{
	struct inbox_triage *t = calloc(1, sizeof *t);
	struct choosing c;
	u64 noise, genuine;
	int rc = t ? choose(q, &c) : -ENOMEM;

	if (rc == 0 && (rc = request_count(q, "noise", 100, &noise)) == 0)
		rc = request_count(q, "genuine", 101, &genuine);
	if (rc == 0) {
		noise = request_param(q, "noise") ? noise : INBOX_NOISE;
		genuine = request_param(q, "genuine") ? genuine : INBOX_GENUINE;
		rc = inbox_sort(q->gate, &c.q, (unsigned)noise, (unsigned)genuine, t);
		if (rc)
			request_fault(q, rc, "%s", gate_error(q->gate));
	}
	if (rc == 0)
		buf_fmt(q->out, "{\"all\":%llu,\"noise\":%llu,\"doubtful\":%llu,\"genuine\":%llu,"
			"\"start\":%d,\"heaps\":[", (unsigned long long)t->all,
			(unsigned long long)t->per[PILE_NOISE],
			(unsigned long long)t->per[PILE_DOUBTFUL],
			(unsigned long long)t->per[PILE_GENUINE], INBOX_START);
	for (size_t i = 0; rc == 0 && i < t->count; i++) {
		buf_text(q->out, i ? ",\n" : "\n");
		rc = put_heap(q, &t->heaps[i]);
	}
	buf_text(q->out, "]}\n");
	if (t)
		inbox_triage_free(t);
	free(t);
	return rc;
}

/* What can speak for and against a report. */
static int facts(struct request *q)
{
	buf_text(q->out, "{\"items\":[");
	for (size_t i = 0; i < INBOX_FACT_COUNT; i++) {
		buf_fmt(q->out, "%s\n{\"fact\":\"%s\",\"most\":%d,\"text\":", i ? "," : "",
			inbox_facts[i].word, inbox_facts[i].most);
		put_said(q->out, inbox_facts[i].help);
		buf_byte(q->out, '}');
	}
	buf_text(q->out, "]}\n");
	return 0;
}

#define CHOOSING { "text", "whose subject, title, text or sender holds this", OP_TEXT, NULL },  \
	{ "state", "in one of these states, with commas between", OP_TEXT, NULL },  \
	{ "abuse", "of one of these categories, with commas between", OP_TEXT, NULL }, \
	{ "subject", "whose subject holds this", OP_TEXT, NULL },              \
	{ "sender", "whose sender holds this", OP_TEXT, NULL },                \
	{ "fact", "that have this reason: absent, listed, ...", OP_TEXT, NULL }, \
	{ "since", "that came after it", OP_TIME, NULL },                      \
	{ "weight_least", "that weigh so much at least", OP_COUNT, NULL },     \
	{ "weight_most", "that weigh so much at most", OP_COUNT, NULL },       \
	{ "incident", "of this incident", OP_COUNT, NULL }

static const struct api_param list_params[] = { CHOOSING,
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ "order", "the latest number first, or this", OP_CHOICE, orders }, { .name = NULL } };
static const struct api_param set_params[] = { CHOOSING, { .name = NULL } };
static const struct api_param triage_params[] = { CHOOSING,
	{ "noise", "at most this weight looks like noise; 20", OP_COUNT, NULL },
	{ "genuine", "at least this weight looks genuine; 65", OP_COUNT, NULL },
	{ .name = NULL } };

static const struct api_member fact_members[] = {
	{ "weight", "number", "what it weighs here: for (+) or against (-)", NULL },
	{ "fact", "text", "its word: finding, absent, ...", NULL },
	{ "text", "text", "what was found", NULL }, { .name = NULL } };
static const struct api_member report_members[] = {
	{ "facts", "[report_fact]", "what speaks for and against it; its weight is 40 and their "
	  "sum, within 0 and 100", NULL }, { .name = NULL } };
static const struct api_member set_members[] = {
	{ "count", "count", "how many", NULL },
	{ "set", "text", "their numbers: 3-9,12; what decisions take", NULL },
	{ "examples", "[report_row]", "the first ten", NULL }, { .name = NULL } };
static const struct api_member heap_members[] = {
	{ "pile", "choice", "what they look like", inbox_piles },
	{ "fact", "text", "what weighs most that way; empty: nothing in particular", NULL },
	{ "text", "text", "the same in words", NULL },
	{ "count", "count", "how many", NULL },
	{ "set", "text", "their numbers: 3-9,12; what decisions take", NULL },
	{ "examples", "[report_row]", "the first ten", NULL }, { .name = NULL } };
static const struct api_member triage_members[] = {
	{ "all", "count", "reports that are new", NULL },
	{ "noise", "count", "of them: look like noise", NULL },
	{ "doubtful", "count", "somebody must look", NULL },
	{ "genuine", "count", "look genuine", NULL },
	{ "start", "count", "the weight before any fact", NULL },
	{ "heaps", "[report_heap]", "the largest first in each pile", NULL }, { .name = NULL } };
static const struct api_member known_members[] = {
	{ "fact", "text", "its word", NULL },
	{ "most", "number", "the most it weighs", NULL },
	{ "text", "text", "what it means", NULL }, { .name = NULL } };
static const struct api_member knowns_members[] = {
	{ "items", "[known_fact]", "all there are", NULL }, { .name = NULL } };
static const struct api_member decided_members[] = {
	{ "event", "count", "what takes it back", NULL },
	{ "count", "count", "how many reports", NULL }, { .name = NULL } };
static const struct api_member accepted_members[] = {
	{ "number", "count?", "the incident; with `each` where it is the only one, and they may "
	  "see it", NULL },
	{ "version", "count?", "of the incident", NULL },
	{ "opened", "count", "incidents that were opened", NULL },
	{ "joined", "count", "incidents that went on", NULL },
	{ "event", "count", "by which /reports/undo takes it back", NULL },
	{ "raised", "raised?", "the incident is marked stricter now; not with `each`", NULL },
	{ "stricter", "[stricter]?", "with `each`: the first 100 incidents that are marked "
	  "stricter now", NULL },
	{ "count", "count", "how many reports", NULL }, { .name = NULL } };
static const struct api_member count_members[] = {
	{ "count", "count", "how many reports", NULL }, { .name = NULL } };
static const struct api_member weighed_members[] = {
	{ "count", "count", "how many reports weigh otherwise now", NULL },
	{ "kept", "count", "facts that stay as they were known: what they came from (a zone, a "
	  "list of names) was not looked at", NULL }, { .name = NULL } };
static const struct api_member taken_members[] = {
	{ "number", "count", "of the report", NULL },
	{ "same", "count", "the report that says the same; 0: none", NULL },
	{ "weight", "count", "0 noise to 100 certain", NULL },
	{ "state", "choice", "what became of it", report_states }, { .name = NULL } };
const struct api_shape inbox_shapes[] = {
	{ .name = "report_fact", .members = fact_members },
	{ .name = "report_row", .noun = SHAPE_OF(report), .members = report_members },
	{ .name = "report_rows", .items = "report_row" },
	{ .name = "report_set", .members = set_members },
	{ .name = "report_heap", .members = heap_members },
	{ .name = "triage", .members = triage_members },
	{ .name = "known_fact", .members = known_members },
	{ .name = "known_facts", .members = knowns_members },
	{ .name = "reports_decided", .members = decided_members },
	{ .name = "reports_accepted", .members = accepted_members },
	{ .name = "reports_count", .members = count_members },
	{ .name = "reports_weighed", .members = weighed_members },
	{ .name = "report_taken", .members = taken_members },
	{ .name = NULL }
};

#define REPORTS "/api/v1/reports"
const struct api_route inbox_routes[] = {
	{ .method = "GET", .path = REPORTS, .run = list, .params = list_params,
	  .reply = "report_rows", .help = "The reports that the caller may see." },
	{ .method = "POST", .path = REPORTS, .op = "report.add", .reply = "report_taken" },
	{ .method = "GET", .path = REPORTS "/set", .run = set, .params = set_params,
	  .reply = "report_set", .help = "The numbers of all reports that are so, for decisions "
	  "on many." },
	{ .method = "POST", .path = REPORTS "/decide", .op = "report.decide",
	  .reply = "reports_decided" },
	{ .method = "POST", .path = REPORTS "/accept", .op = "report.accept",
	  .reply = "reports_accepted" },
	{ .method = "POST", .path = REPORTS "/undo", .op = "report.undo",
	  .reply = "reports_count" },
	{ .method = "POST", .path = REPORTS "/weigh", .op = "report.weigh",
	  .reply = "reports_weighed" },
	{ .method = "GET", .path = REPORTS "/{number}", .run = one, .reply = "report_row",
	  .help = "One report with what speaks for and against it." },
	{ .method = "GET", .path = REPORTS "/{number}/original", .run = original,
	  .media = "application/octet-stream", .help = "The document that it came in." },
	{ .method = "GET", .path = "/api/v1/inbox/triage", .run = triage,
	  .params = triage_params, .reply = "triage",
	  .help = "All new reports as a few heaps, each with its reason." },
	{ .method = "GET", .path = "/api/v1/inbox/facts", .run = facts, .reply = "known_facts",
	  .help = "What can speak for and against a report." },
	{ .method = NULL }
};
