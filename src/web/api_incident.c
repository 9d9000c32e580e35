/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_incident.c - one incident to look at: itself, all that hangs on it, its timeline. Lists
 * and counts are api_incidents.c, changes api_case.c. */
#include "web/incident.h"
#include "web/put.h"
#include "respond/case.h"
#include "respond/contact.h"
#include "respond/priority.h"

#define HANGING_MAX 500u	/* members, notes, ... of one kind in a reply */

int incident_put(void *to, struct buf *out, const void *record)
{
	const u64 now = ((const struct request *)to)->now;
	const struct incident *i = record;
	char why[PRIORITY_WHY];
	enum priority p = priority_of(i, now, why);

	put_noun(out, DESK_incident, i);
	buf_fmt(out, ",\"priority\":\"%s\",\"priority_why\":", priorities[p]);
	put_stored(out, why);
	buf_fmt(out, ",\"overdue\":%s", i->due && i->due <= now ? "true" : "false");
	return 0;
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
		incident_put(q, q->out, i);
		put_states(q->out, i);
		buf_text(q->out, "}\n");
	}
	free(i);
	return rc;
}

struct putting { struct buf *out; enum desk_table table; u64 count; };

static int put_hanging(void *to, const void *record)
{
	struct putting *p = to;

	if (p->count++ == HANGING_MAX)
		return 1;
	buf_text(p->out, p->count > 1 ? ",\n{" : "\n{");
	put_noun(p->out, p->table, record);
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
		incident_put(q, q->out, i);
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

static const struct api_param event_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ .name = NULL }
};

static const struct api_member row_members[] = {
	INCIDENT_JUDGED, { .name = NULL }
};
static const struct api_member one_members[] = {
	INCIDENT_JUDGED,
	{ "may_become", "[choice]", "states that may follow", incident_states },
	{ .name = NULL }
};
static const struct api_member whole_members[] = {
	{ "incident", "incident_page", "itself", NULL },
	{ "deadlines", "[deadline_row]", "the next first", NULL },
	{ "tasks", "[task]", "in the playbook's order", NULL },
	{ "members", "[member_row]", "the most severe first", NULL },
	{ "notes", "[note]", "the latest first", NULL },
	{ "notices", "[notice_row]", "what was told to whom, the latest first", NULL },
	{ "more", "flag", "one of the lists has more than 500; the rest is in its own route",
	  NULL },
	{ .name = NULL }
};
static const struct api_member member_more[] = {
	{ "title", "text", "what its rule finds, in the caller's language (Accept-Language)",
	  NULL },
	{ .name = NULL }
};
static const struct api_member deadline_more[] = {
	{ "title", "text", "its name in the caller's language; requests say `name`", NULL },
	{ .name = NULL }
};
static const struct api_member event_members[] = {
	{ "number", "count", "from 1", NULL },
	{ "at", "stamp", "when", NULL },
	{ "author", "text", "who", NULL },
	{ "kind", "text", "incident.state, notice.sent, ...", NULL },
	{ "about", "text", "incident:12", NULL },
	{ "said", "text", "what was done, as a sentence in the caller's language "
	  "(Accept-Language)", NULL },
	{ "why", "said", "the reason that was given; empty: none", NULL },
	{ "what", "said", "the title or clock that it is about; empty: neither", NULL },
	{ "body", "any", "what, by its kind, as the log has it", NULL },
	{ "hash", "text", "of the event, which holds the hash of the one before", NULL },
	{ "signer", "text", "public key that signed it; empty: nobody did", NULL },
	{ .name = NULL }
};
const struct api_shape incident_shapes[] = {
	{ .name = "incident_row", .noun = SHAPE_OF(incident), .members = row_members },
	{ .name = "incident_page", .noun = SHAPE_OF(incident), .members = one_members },
	{ .name = "incident_whole", .members = whole_members },
	{ .name = "member_row", .noun = SHAPE_OF(member), .members = member_more },
	{ .name = "member_rows", .items = "member_row" },
	{ .name = "deadline_row", .noun = SHAPE_OF(deadline), .members = deadline_more },
	{ .name = "deadline_rows", .items = "deadline_row" },
	{ .name = "event", .members = event_members },
	{ .name = "events", .items = "event" },
	{ .name = NULL }
};

#define ONE "/api/v1/incidents/{number}"
const struct api_route incident_routes[] = {
	{ .method = "GET", .path = ONE, .run = one, .reply = "incident_page",
	  .help = "One incident, and what may follow." },
	{ .method = "GET", .path = ONE "/whole", .run = whole, .reply = "incident_whole",
	  .help = "One incident with its deadlines, tasks, members, notes and notices." },
	{ .method = "GET", .path = ONE "/events", .run = events, .params = event_params,
	  .reply = "events", .help = "What was done with it, the earliest first." },
	{ .method = NULL }
};
