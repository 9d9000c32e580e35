/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_incident.c - incidents to look at: the list with its filters, one with all that hangs on
 * it, its timeline, and who could be told. Changes are api_case.c.
 *
 * By priority the list is two questions to the store, as `vedette incident list` asks them:
 * those with a deadline, by it; the others, by severity. So a page of many thousands costs
 * what a page costs, and only the first PRIORITY_SKIP places can be had in that order. */
#include "web/own.h"
#include "base/octets.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include "respond/case.h"
#include "respond/contact.h"
#include "respond/notice.h"
#include "respond/priority.h"

#define CONDS_MAX 16u
#define PRIORITY_SKIP 5000u
#define HANGING_MAX 500u	/* members, notes, ... of one kind in a reply */

static void put_incident(struct buf *out, const struct incident *i, u64 now)
{
	char why[PRIORITY_WHY];
	enum priority p = priority_of(i, now, why);

	fields_json(out, desk_nouns[DESK_incident].fields, i);
	buf_fmt(out, ",\"priority\":\"%s\",\"priority_why\":", priorities[p]);
	utf8_json(out, why);
	buf_fmt(out, ",\"overdue\":%s", i->due && i->due <= now ? "true" : "false");
}

/* ---- filters ---- */

struct asking {
	struct store_cond conds[CONDS_MAX];
	unsigned count;
	const char *order;	/* of store_query; NULL: by priority */
	u64 limit, skip;
};

static void cond(struct asking *a, struct store_cond c)
{
	must(a->count < CONDS_MAX - 2);
	a->conds[a->count++] = c;
}

static int by_states(struct request *q, struct asking *a)
{
	bool open, overdue;
	u64 bits;
	int rc = request_words(q, "state", incident_states, &bits);

	if (rc || (rc = request_flag(q, "open", &open)) ||
	    (rc = request_flag(q, "overdue", &overdue)))
		return rc;
	if (bits)
		cond(a, (struct store_cond){ "state", STORE_AMONG, NULL, bits });
	if (open)
		cond(a, (struct store_cond){ "state", STORE_AMONG, NULL, CASE_OPEN_STATES });
	if (overdue) {
		cond(a, (struct store_cond){ "due", STORE_MOST, NULL, q->now });
		cond(a, (struct store_cond){ "due", STORE_LEAST, NULL, 1 });
	}
	return 0;
}

static int by_labels(struct request *q, struct asking *a)
{
	const char *severity = request_param(q, "severity");
	int s = severity ? severity_parse(severity) : 0;
	u64 tlp, pap;
	int rc = request_words(q, "tlp", label_names, &tlp);

	if (rc || (rc = request_words(q, "pap", pap_names, &pap)))
		return rc;
	if (s < 0)
		return request_fault(q, OOPS_RANGE, "severity: info, low, medium, high or "
				     "critical is wanted");
	if (tlp)
		cond(a, (struct store_cond){ "tlp", STORE_AMONG, NULL, tlp });
	if (pap)
		cond(a, (struct store_cond){ "pap", STORE_AMONG, NULL, pap });
	if (s)
		cond(a, (struct store_cond){ "severity", STORE_LEAST, NULL, (u64)s });
	return 0;
}

static const char *const orders[] = { "number", "priority", "changed", "opened", "due",
	"severity", NULL };

static int filters(struct request *q, struct asking *a)
{
	static const char *const sql[] = { "-number", NULL, "-changed number",
		"-opened number", "due number", "-severity -confidence number" };
	static const char *const texts[] = { "owner", "family", "subject", "clocks" };
	const char *order = request_param(q, "order");
	const int o = order ? choice_parse(orders, order) : 0;
	int rc = by_states(q, a);

	if (rc || (rc = by_labels(q, a)))
		return rc;
	for (size_t i = 0; i < COUNT(texts); i++)
		if (request_param(q, texts[i]))
			cond(a, (struct store_cond){ texts[i], STORE_IS,
						     request_param(q, texts[i]), 0 });
	if (o < 0)
		return request_fault(q, OOPS_RANGE, "order: '%.40s' is none of its words", order);
	a->order = sql[o];
	if (o == 4)	/* what has no deadline is not in that order */
		cond(a, (struct store_cond){ "due", STORE_LEAST, NULL, 1 });
	return request_page(q, a->order ? 1000000000 : PRIORITY_SKIP, &a->limit, &a->skip);
}

/* ---- the list ---- */

struct rows { struct prioritised *at; size_t count; u64 now; };

static int keep(void *to, const void *record)
{
	struct rows *r = to;
	char why[PRIORITY_WHY];
	struct prioritised *more = reallocarray(r->at, r->count + 1, sizeof *more);

	if (more == NULL)
		return -ENOMEM;
	r->at = more;
	if ((more[r->count].is = desk_copy(DESK_incident, record)) == NULL)
		return -ENOMEM;
	more[r->count].priority = priority_of(more[r->count].is, r->now, why);
	r->count++;
	return 0;
}

static int by_priority(const void *a, const void *b)
{
	return priority_order(a, b);
}

static int ask(struct request *q, struct asking *a, struct store_query *query, struct rows *r)
{
	query->table = DESK_incident;
	query->conds = a->conds;
	query->any = "title subject family owner";
	query->text = request_param(q, "text");
	return gate_each(q->gate, query, keep, r);
}

static int ask_by_priority(struct request *q, struct asking *a, struct rows *r)
{
	struct store_query due = { .order = "due number", .count = a->count + 1,
		.limit = a->skip + a->limit + 1 };
	struct store_query rest = { .order = "-severity -confidence number",
		.count = a->count + 1, .limit = a->skip + a->limit + 1 };
	int rc;

	a->conds[a->count] = (struct store_cond){ "due", STORE_LEAST, NULL, 1 };
	rc = ask(q, a, &due, r);
	a->conds[a->count] = (struct store_cond){ "due", STORE_IS, NULL, 0 };
	if (rc == 0)
		rc = ask(q, a, &rest, r);
	if (rc == 0 && r->count)
		qsort(r->at, r->count, sizeof *r->at, by_priority);
	return rc;
}

static void put_page(struct request *q, const struct asking *a, const struct rows *r)
{
	const size_t from = a->order ? 0 : (size_t)min_u64(a->skip, r->count);
	const size_t n = (size_t)min_u64(r->count - from, a->limit);

	buf_text(q->out, "{\"items\":[");
	for (size_t i = from; i < from + n; i++) {
		buf_text(q->out, i > from ? ",\n{" : "\n{");
		put_incident(q->out, r->at[i].is, q->now);
		buf_byte(q->out, '}');
	}
	request_next(q, r->count - from > n && (a->order || a->skip + n <= PRIORITY_SKIP),
		     a->skip + n);
}

static int list(struct request *q)
{
	struct asking a = { .count = 0 };
	struct rows r = { .now = q->now };
	int rc = filters(q, &a);

	if (rc == 0 && a.order) {
		struct store_query query = { .order = a.order, .count = a.count,
			.limit = a.limit + 1, .skip = a.skip };

		rc = ask(q, &a, &query, &r);
	} else if (rc == 0) {
		rc = ask_by_priority(q, &a, &r);
	}
	if (rc == 0)
		put_page(q, &a, &r);
	else if (q->why[0] == 0)
		request_fault(q, rc, "%s", gate_error(q->gate));
	for (size_t i = 0; i < r.count; i++)
		free(r.at[i].is);
	free(r.at);
	return rc;
}

/* ---- one ---- */

static int take(struct request *q, struct incident **ret)
{
	void *found = NULL;
	int rc = request_take(q, 0, DESK_incident, &found);

	*ret = found;
	return rc;
}

static void put_states(struct buf *out, const struct incident *i)
{
	const char *comma = "";

	buf_text(out, ",\"may_become\":[");
	for (unsigned s = 0; s < INCIDENT_STATE_COUNT; s++)
		if (case_may((enum incident_state)i->state, (enum incident_state)s)) {
			buf_fmt(out, "%s\"%s\"", comma, incident_states[s]);
			comma = ",";
		}
	buf_byte(out, ']');
}

static int one(struct request *q)
{
	struct incident *i = NULL;
	int rc = take(q, &i);

	if (rc == 0) {
		buf_byte(q->out, '{');
		put_incident(q->out, i, q->now);
		put_states(q->out, i);
		buf_text(q->out, "}\n");
	}
	free(i);
	return rc;
}

struct putting { struct buf *out; enum desk_table table; u64 count; u64 now; };

static int put_hanging(void *to, const void *record)
{
	struct putting *p = to;

	if (p->count++ == HANGING_MAX)
		return 1;
	buf_text(p->out, p->count > 1 ? ",\n{" : "\n{");
	fields_json(p->out, desk_nouns[p->table].fields, record);
	if (p->table == DESK_notice) {
		buf_text(p->out, ",\"words\":");
		utf8_json(p->out, notice_words(record));
	}
	buf_byte(p->out, '}');
	return 0;
}

/* What hangs on an incident, in the order of a page. */
static const struct { enum desk_table table; const char *name, *order; } hangings[] = {
	{ DESK_deadline, "deadlines", "due" },
	{ DESK_task, "tasks", "place" },
	{ DESK_member, "members", "-severity id" },
	{ DESK_note, "notes", "-event" },
	{ DESK_notice, "notices", "-number" },
};

static int put_all(struct request *q, u64 number)
{
	const struct store_cond own = { "incident", STORE_IS, NULL, number };
	bool cut = false;
	int rc = 0;

	for (size_t i = 0; i < COUNT(hangings) && rc >= 0; i++) {
		struct putting p = { .out = q->out, .table = hangings[i].table };
		const struct store_query query = { .table = hangings[i].table, .conds = &own,
			.count = 1, .order = hangings[i].order, .limit = HANGING_MAX + 1 };

		buf_fmt(q->out, ",\n\"%s\":[", hangings[i].name);
		rc = gate_each(q->gate, &query, put_hanging, &p);
		buf_byte(q->out, ']');
		cut = cut || rc == 1;
	}
	buf_fmt(q->out, ",\n\"more\":%s", cut ? "true" : "false");
	return rc < 0 ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static int whole(struct request *q)
{
	struct incident *i = NULL;
	int rc = take(q, &i);

	if (rc == 0) {
		buf_text(q->out, "{\"incident\":{");
		put_incident(q->out, i, q->now);
		put_states(q->out, i);
		buf_byte(q->out, '}');
		rc = put_all(q, i->number);
		buf_text(q->out, "}\n");
	}
	free(i);
	return rc;
}

/* ---- its timeline ---- */

struct telling { struct buf *out; u64 after, count, most; u64 last; };

static int put_late(void *to, const struct event *e)
{
	struct telling *t = to;

	if (e->number <= t->after)
		return 0;
	if (t->count == t->most)
		return 1;
	buf_text(t->out, t->count++ ? ",\n" : "\n");
	t->last = e->number;
	request_put_event(t->out, e);
	return 0;
}

static int events(struct request *q)
{
	struct telling t = { .out = q->out };
	struct incident *i = NULL;
	char about[40];
	int rc = take(q, &i);

	if (rc == 0)
		rc = request_page(q, INT64_MAX, &t.most, &t.after);
	if (rc == 0) {
		snprintf(about, sizeof about, "incident:%llu", (unsigned long long)i->number);
		buf_text(q->out, "{\"items\":[");
		rc = gate_each_event(q->gate, about, put_late, &t);
		if (rc < 0)
			request_fault(q, rc, "%s", gate_error(q->gate));
		request_next(q, rc == 1, t.last);
	}
	free(i);
	return rc < 0 ? rc : 0;
}

static const struct api_param list_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ "text", "whose title, subject, family or owner holds this text", OP_TEXT, NULL },
	{ "state", "in one of these states, with commas between", OP_TEXT, NULL },
	{ "open", "only those that are not ended", OP_FLAG, NULL },
	{ "overdue", "only those with a deadline that is past", OP_FLAG, NULL },
	{ "owner", "of this person; empty: of nobody", OP_TEXT, NULL },
	{ "family", "of this family", OP_TEXT, NULL },
	{ "subject", "about this subject", OP_TEXT, NULL },
	{ "clocks", "with this set of deadlines", OP_TEXT, NULL },
	{ "severity", "at least so severe", OP_TEXT, NULL },
	{ "tlp", "with one of these labels, with commas between", OP_TEXT, NULL },
	{ "pap", "with one of these, with commas between", OP_TEXT, NULL },
	{ "order", "the latest number first, or this", OP_CHOICE, orders },
	{ .name = NULL }
};
static const struct api_param event_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ .name = NULL }
};

#define JUDGED { "priority", "choice", "how urgent it is", priorities },                \
	{ "priority_why", "text", "why, in words", NULL },                     \
	{ "overdue", "flag", "a deadline is past", NULL }
static const struct api_member row_members[] = {
	JUDGED, { .name = NULL }
};
static const struct api_member one_members[] = {
	JUDGED,
	{ "may_become", "[choice]", "states that may follow", incident_states },
	{ .name = NULL }
};
static const struct api_member whole_members[] = {
	{ "incident", "incident_page", "itself", NULL },
	{ "deadlines", "[deadline]", "the next first", NULL },
	{ "tasks", "[task]", "in the playbook's order", NULL },
	{ "members", "[member]", "the most severe first", NULL },
	{ "notes", "[note]", "the latest first", NULL },
	{ "notices", "[notice_row]", "what was told to whom, the latest first", NULL },
	{ "more", "flag", "one of the lists has more than 500; the rest is in its own route",
	  NULL },
	{ .name = NULL }
};
static const struct api_member event_members[] = {
	{ "number", "count", "from 1", NULL },
	{ "at", "stamp", "when", NULL },
	{ "author", "text", "who", NULL },
	{ "kind", "text", "incident.state, notice.sent, ...", NULL },
	{ "about", "text", "incident:12", NULL },
	{ "body", "any", "what, by its kind", NULL },
	{ "hash", "text", "of the event, which holds the hash of the one before", NULL },
	{ "signer", "text", "public key that signed it; empty: nobody did", NULL },
	{ .name = NULL }
};
const struct api_shape incident_shapes[] = {
	{ .name = "incident_row", .noun = SHAPE_OF(incident), .members = row_members },
	{ .name = "incident_rows", .items = "incident_row" },
	{ .name = "incident_page", .noun = SHAPE_OF(incident), .members = one_members },
	{ .name = "incident_whole", .members = whole_members },
	{ .name = "event", .members = event_members },
	{ .name = "events", .items = "event" },
	{ .name = NULL }
};

#define ONE "/api/v1/incidents/{number}"
const struct api_route incident_routes[] = {
	{ .method = "GET", .path = "/api/v1/incidents", .run = list, .params = list_params,
	  .reply = "incident_rows", .help = "The incidents that the caller may see." },
	{ .method = "GET", .path = ONE, .run = one, .reply = "incident_page",
	  .help = "One incident, and what may follow." },
	{ .method = "GET", .path = ONE "/whole", .run = whole, .reply = "incident_whole",
	  .help = "One incident with its deadlines, tasks, members, notes and notices." },
	{ .method = "GET", .path = ONE "/events", .run = events, .params = event_params,
	  .reply = "events", .help = "What was done with it, the earliest first." },
	{ .method = NULL }
};
