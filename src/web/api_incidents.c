/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_incidents.c - incidents by filters: pages of them, and how many there are by state, owner,
 * severity and label; and who can own one.
 *
 *   ?state=new&owner=&severity=high --> plain conditions --> the store
 *                                  \-> conditions that have a facet: the store, for a list;
 *                                      here, for counts: each facet is counted by what all
 *                                      conditions but its own let through
 *
 * How urgent an incident is depends on the time, which no index knows: by priority all that fit
 * are walked through and the best of them kept. The cursor of that order says as of when it is,
 * so that pages of one list follow each other though time goes on. */
#include "web/incident.h"
#include "web/find.h"
#include "base/octets.h"
#include "model/utf8.h"
#include "respond/case.h"
#include "respond/title.h"

#define CONDS_MAX 16u
#define OWNERS_MAX 200u

/* Conditions that have a facet. */
enum { BY_STATE = 1, BY_OWNER = 2, BY_SEVERITY = 4, BY_LABEL = 8 };

struct asking {
	struct store_cond conds[CONDS_MAX];
	unsigned count;
	u64 states, labels;	/* bits; 0 = all */
	const char *owner;	/* NULL = all, "" = nobody */
	char *heads;		/* title_heads(); free it */
	enum severity severity;	/* at least */
};

static void cond(struct asking *a, struct store_cond c)
{
	must(a->count < CONDS_MAX);
	a->conds[a->count++] = c;
}

static int by_time(struct request *q, struct asking *a)
{
	bool open, overdue;
	int rc = request_flag(q, "open", &open);

	if (rc || (rc = request_flag(q, "overdue", &overdue)))
		return rc;
	if (open)
		cond(a, (struct store_cond){ "state", STORE_AMONG, NULL, CASE_OPEN_STATES });
	if (overdue) {
		cond(a, (struct store_cond){ "due", STORE_MOST, NULL, q->now });
		cond(a, (struct store_cond){ "due", STORE_LEAST, NULL, 1 });
	}
	return 0;
}

static int filters(struct request *q, struct asking *a)
{
	static const char *const texts[] = { "family", "subject" };
	const char *severity = request_param(q, "severity");
	const int s = severity ? severity_parse(severity) : 0;
	u64 pap;
	int rc = by_time(q, a);

	if (rc || (rc = request_words(q, "state", incident_states, &a->states)) ||
	    (rc = request_words(q, "tlp", label_names, &a->labels)) ||
	    (rc = request_words(q, "pap", pap_names, &pap)))
		return rc;
	if (s < 0)
		return request_fault(q, OOPS_RANGE, "severity: info, low, medium, high or "
				     "critical is wanted");
	if (pap)
		cond(a, (struct store_cond){ "pap", STORE_AMONG, NULL, pap });
	for (size_t i = 0; i < COUNT(texts); i++)
		if (request_param(q, texts[i]))
			cond(a, (struct store_cond){ texts[i], STORE_IS,
						     request_param(q, texts[i]), 0 });
	if (request_param(q, "clocks"))
		cond(a, (struct store_cond){ "clocks", STORE_LINE, request_param(q, "clocks"), 0 });
	a->severity = (enum severity)s;
	a->owner = request_param(q, "owner");
	a->heads = title_heads(tongue_now(), request_param(q, "text"));
	return 0;
}

/* The conditions that have a facet, for the store. */
static void narrow(struct asking *a)
{
	if (a->states)
		cond(a, (struct store_cond){ "state", STORE_AMONG, NULL, a->states });
	if (a->labels)
		cond(a, (struct store_cond){ "tlp", STORE_AMONG, NULL, a->labels });
	if (a->severity)
		cond(a, (struct store_cond){ "severity", STORE_LEAST, NULL, a->severity });
	if (a->owner)
		cond(a, (struct store_cond){ "owner", STORE_IS, a->owner, 0 });
}

static struct store_query query_of(struct request *q, const struct asking *a)
{
	return (struct store_query){ .table = DESK_incident, .conds = a->conds,
		.count = a->count, .any = "title subject family owner",
		.text = request_param(q, "text"), .heads = a->heads };
}

/* ---- by priority ---- */

/* What the order is made of; in a cursor `changed` is the time as of which it is. */
#define URGENT "changed state severity confidence findings reports exposed due number"

struct urgent {
	struct prioritised at[WEB_PAGE_MAX + 1], after;
	u64 count, most, now;	/* most: of a page, and one more */
};

static struct prioritised judged(const struct incident *i, u64 now)
{
	char why[PRIORITY_WHY];

	return (struct prioritised){ (struct incident *)(uintptr_t)i, priority_of(i, now, why) };
}

/* Keeps it when it is among the first so many behind the place. */
static int keep(void *to, const void *record)
{
	struct urgent *u = to;
	struct prioritised p = judged(record, u->now);
	size_t at = u->count;

	if ((u->after.is && priority_order(&p, &u->after) <= 0) ||
	    (at == u->most && priority_order(&p, &u->at[at - 1]) > 0))
		return 0;
	if ((p.is = malloc(sizeof *p.is)) == NULL)
		return -ENOMEM;
	memcpy(p.is, record, sizeof *p.is);	/* its words are not read */
	if (at == u->most)
		free(u->at[--at].is);
	for (; at > 0 && priority_order(&p, &u->at[at - 1]) < 0; at--)
		u->at[at] = u->at[at - 1];
	u->at[at] = p;
	u->count += u->count < u->most;
	return 0;
}

static int put_urgent(struct request *q, struct urgent *u, const struct store_query *place)
{
	const u64 n = min_u64(u->count, u->most - 1);
	const char *comma = "\n{";
	int rc = 0;

	buf_text(q->out, "{\"items\":[");
	for (u64 i = 0; i < n && rc >= 0; i++) {
		void *found = NULL;

		rc = gate_take(q->gate, DESK_incident, u->at[i].is, &found);
		if (rc == 1) {
			buf_text(q->out, comma);
			incident_put(q, q->out, found);
			buf_byte(q->out, '}');
			comma = ",\n{";
		}
		free(found);
		rc = rc == -EPERM ? 0 : rc;	/* its label was raised just now */
	}
	buf_text(q->out, "],\n\"next\":");
	if (u->count > n) {
		u->at[n - 1].is->changed = u->now;
		cursor_put(q, q->out, place, u->at[n - 1].is);
	} else {
		buf_text(q->out, "null");
	}
	buf_text(q->out, "}\n");
	return rc < 0 ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static int walk_urgent(struct request *q, struct asking *a, struct urgent *u,
		       struct cursor *room)
{
	struct store_query query = query_of(q, a), place = query;
	const struct incident *after = (const struct incident *)room->record;
	int rc;

	place.order = URGENT;
	query.only = URGENT " tlp pap";
	if ((rc = cursor_take(q, &place, room)))
		return rc;
	u->now = place.after ? after->changed : q->now;
	if (place.after)
		u->after = judged(after, u->now);
	if ((rc = gate_each(q->gate, &query, keep, u)))
		return request_fault(q, rc, "%s", gate_error(q->gate));
	return put_urgent(q, u, &place);
}

static int list_urgent(struct request *q, struct asking *a)
{
	struct urgent *u = calloc(1, sizeof *u);
	struct cursor *room = malloc(sizeof *room);
	int rc = u && room ? request_count(q, "limit", WEB_PAGE_MAX, &u->most) : -ENOMEM;

	if (rc == 0) {
		u->most = (u->most ? u->most : WEB_PAGE) + 1;
		rc = walk_urgent(q, a, u, room);
	}
	for (u64 i = 0; u && i < u->count; i++)
		free(u->at[i].is);
	free(room);
	free(u);
	return rc;
}

/* ---- the list ---- */

static const char *const orders[] = { "number", "priority", "changed", "opened", "due",
	"severity", NULL };

static int list_as(struct request *q, struct asking *a)
{
	static const char *const sql[] = { "-number", NULL, "-changed number",
		"-opened number", "due number", "-severity -confidence number" };
	const char *order = request_param(q, "order");
	const int o = order ? choice_parse(orders, order) : 0;
	struct store_query query;

	if (o < 0)
		return request_fault(q, OOPS_RANGE, "order: '%.40s' is none of its words", order);
	narrow(a);
	if (sql[o] == NULL)
		return list_urgent(q, a);
	if (o == 4)	/* what has no deadline is not in that order */
		cond(a, (struct store_cond){ "due", STORE_LEAST, NULL, 1 });
	query = query_of(q, a);
	query.order = sql[o];
	return request_list(q, &query, incident_put, q);
}

static int list(struct request *q)
{
	struct asking a = { .count = 0 };
	int rc = filters(q, &a);

	if (rc == 0)
		rc = list_as(q, &a);
	free(a.heads);
	return rc;
}

/* ---- how many ---- */

struct counting {
	const struct asking *a;
	u64 total, states[INCIDENT_STATE_COUNT], severities[SEVERITY_COUNT], labels[LABEL_COUNT];
	struct { char *name; u64 count; } owners[OWNERS_MAX];
	unsigned owner_count;
	u64 owners_left;	/* incidents of owners that found no room */
};

static unsigned fails(const struct asking *a, const struct incident *i)
{
	return (a->states && !(a->states >> i->state & 1) ? BY_STATE : 0) |
	       (a->labels && !(a->labels >> i->tlp & 1) ? BY_LABEL : 0) |
	       (i->severity < a->severity ? BY_SEVERITY : 0) |
	       (a->owner && strcmp(a->owner, i->owner) ? BY_OWNER : 0);
}

static int count_owner(struct counting *c, const char *name)
{
	for (unsigned k = 0; k < c->owner_count; k++)
		if (strcmp(c->owners[k].name, name) == 0) {
			c->owners[k].count++;
			return 0;
		}
	if (c->owner_count == OWNERS_MAX) {
		c->owners_left++;
		return 0;
	}
	if ((c->owners[c->owner_count].name = strdup(name)) == NULL)
		return -ENOMEM;
	c->owners[c->owner_count++].count = 1;
	return 0;
}

static int count_one(void *to, const void *record)
{
	const struct incident *i = record;
	struct counting *c = to;
	const unsigned failed = fails(c->a, i);

	c->total += failed == 0;
	c->states[i->state] += (failed & ~BY_STATE) == 0;
	c->severities[i->severity] += (failed & ~BY_SEVERITY) == 0;
	c->labels[i->tlp] += (failed & ~BY_LABEL) == 0;
	return failed & ~BY_OWNER ? 0 : count_owner(c, i->owner);
}

static void put_count(struct buf *out, const char **comma, const char *value, u64 count)
{
	buf_fmt(out, "%s{\"value\":", *comma);
	utf8_json(out, value);
	buf_fmt(out, ",\"count\":%llu}", (unsigned long long)count);
	*comma = ",";
}

static void put_facet(struct buf *out, const char *name, const char *const *values,
		      const u64 *counts)
{
	const char *comma = "";

	buf_fmt(out, ",\n\"%s\":[", name);
	for (unsigned i = 0; values[i]; i++)
		if (counts[i])
			put_count(out, &comma, values[i], counts[i]);
	buf_byte(out, ']');
}

static void put_counts(struct buf *out, const struct counting *c)
{
	const char *comma = "";

	buf_fmt(out, "{\"total\":%llu", (unsigned long long)c->total);
	put_facet(out, "state", incident_states, c->states);
	put_facet(out, "severity", find_severities, c->severities);
	put_facet(out, "label", label_names, c->labels);
	buf_text(out, ",\n\"owner\":[");
	for (unsigned k = 0; k < c->owner_count; k++)
		put_count(out, &comma, c->owners[k].name, c->owners[k].count);
	buf_fmt(out, "],\"owners_left\":%llu}\n", (unsigned long long)c->owners_left);
}

static int counts(struct request *q)
{
	struct asking a = { .count = 0 };
	struct counting *c = calloc(1, sizeof *c);
	struct store_query query;
	int rc = c ? filters(q, &a) : -ENOMEM;

	if (rc == 0) {
		c->a = &a;
		query = query_of(q, &a);
		query.only = "state severity owner tlp pap";
		if ((rc = gate_each(q->gate, &query, count_one, c)))
			request_fault(q, rc, "%s", gate_error(q->gate));
	}
	if (rc == 0)
		put_counts(q->out, c);
	for (unsigned k = 0; c && k < c->owner_count; k++)
		free(c->owners[k].name);
	free(a.heads);
	free(c);
	return rc;
}

/* ---- who can own one ---- */

static int put_person(void *to, struct buf *out, const void *record)
{
	const struct user *u = record;

	(void)to;
	if (u->standing == STANDING_LOCKED)
		return 1;
	buf_text(out, "\"login\":");
	utf8_json(out, u->login);
	buf_text(out, ",\"name\":");
	utf8_json(out, u->name);
	buf_fmt(out, ",\"role\":\"%s\"", roles[u->role]);
	return 0;
}

/* A user's marking is what they may see, not who may know of them: so the gate of this is open,
 * and only what put_person() writes comes out. */
static int people(struct request *q)
{
	const struct audience all = { q->who.login, MARKING_STRICTEST };
	const struct op *assign = op_find("incident.assign");
	const struct store_cond can = { "role", STORE_LEAST, NULL, assign->role };
	struct store_query query = { .table = DESK_user, .conds = &can, .count = 1,
		.order = "login", .limit = INT64_MAX, .any = "login name",
		.text = request_param(q, "text") };
	struct gate *own = q->gate;
	int rc = gate_open(&q->gate, NULL, q->store, &all);

	if (rc == 0) {
		rc = request_list(q, &query, put_person, NULL);
		gate_close(q->gate);
	}
	q->gate = own;
	return rc;
}

#define PAGING { "limit", "at most so many, up to 500", OP_COUNT, NULL },          \
	{ "cursor", "what `next` was", OP_TEXT, NULL }
#define FILTERS { "text", "whose title, as you read it, subject, family or owner holds this", \
	  OP_TEXT,                                                             \
	  NULL },                                                              \
	{ "state", "in one of these states, with commas between", OP_TEXT, NULL }, \
	{ "open", "only those that are not ended", OP_FLAG, NULL },            \
	{ "overdue", "only those with a deadline that is past", OP_FLAG, NULL }, \
	{ "owner", "of this person; empty: of nobody", OP_TEXT, NULL },        \
	{ "family", "of this family", OP_TEXT, NULL },                         \
	{ "subject", "about this subject", OP_TEXT, NULL },                    \
	{ "clocks", "with this set of deadlines", OP_TEXT, NULL },             \
	{ "severity", "at least so severe", OP_TEXT, NULL },                   \
	{ "tlp", "with one of these labels, with commas between", OP_TEXT, NULL }, \
	{ "pap", "with one of these, with commas between", OP_TEXT, NULL }

static const struct api_param list_params[] = { PAGING, FILTERS,
	{ "order", "the latest number first, or this", OP_CHOICE, orders }, { .name = NULL } };
static const struct api_param count_params[] = { FILTERS, { .name = NULL } };
static const struct api_param people_params[] = { PAGING,
	{ "text", "whose login or name holds this text", OP_TEXT, NULL }, { .name = NULL } };

static const struct api_member count_members[] = {
	{ "total", "count", "incidents that fit all filters", NULL },
	{ "state", "[facet_count]", "without regard to ?state=", NULL },
	{ "severity", "[facet_count]", "without regard to ?severity=", NULL },
	{ "label", "[facet_count]", "without regard to ?tlp=", NULL },
	{ "owner", "[facet_count]", "without regard to ?owner=; an empty one is nobody", NULL },
	{ "owners_left", "count", "incidents of owners past the first 200", NULL },
	{ .name = NULL } };
static const struct api_member person_members[] = {
	{ "login", "text", "what an owner is written as", NULL },
	{ "name", "text", "as it is written", NULL },
	{ "role", "choice", "what they may do", roles }, { .name = NULL } };
const struct api_shape incidents_shapes[] = {
	{ .name = "incident_rows", .items = "incident_row" },
	{ .name = "incident_counts", .members = count_members },
	{ .name = "person", .members = person_members },
	{ .name = "people", .items = "person" },
	{ .name = NULL }
};

const struct api_route incidents_routes[] = {
	{ .method = "GET", .path = "/api/v1/incidents", .run = list, .params = list_params,
	  .reply = "incident_rows", .help = "The incidents that the caller may see." },
	{ .method = "GET", .path = "/api/v1/incidents/counts", .run = counts,
	  .params = count_params, .reply = "incident_counts",
	  .help = "How many incidents fit the filters, by state, severity, label and owner." },
	{ .method = "GET", .path = "/api/v1/people", .run = people, .params = people_params,
	  .reply = "people", .help = "Who can own an incident: names and roles." },
	{ .method = NULL }
};
