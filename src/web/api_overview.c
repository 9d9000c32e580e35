/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_overview.c - the whole at a glance: the eight areas, findings over time, incidents by
 * clock, what was read and lost, what is new to the caller.
 *
 *   GET  /api/v1/overview?since=&until=     two walks of the sieve
 *   GET  /api/v1/timeline?...filters...     findings by severity over time
 *   POST /api/v1/overview/looked            from here on, what comes is new
 *
 * "Now" is the present, or the end of the latest finding where that is more than a week ago:
 * a store of an old capture is looked at as of its own time. */
#include "web/find.h"
#include "web/put.h"
#include "base/stamp.h"

#define DAY (86400 * STAMP_NS)
#define WEEK (7 * DAY)
#define BUCKETS 120u
#define SOON DAY

/* ---- findings over time ---- */

struct timeline {
	u64 from, step;
	u32 count;
	u64 at[BUCKETS][SEVERITY_COUNT];
};

static u64 place_of(const struct timeline *t, u64 from, u64 until)
{
	u64 end = until > from ? until - 1 : until;

	return end < t->from ? BUCKETS : (end - t->from) / t->step;
}

/* A fault counts once in a step, however many audits fall into it. */
static void add_time(struct timeline *t, const struct sieve_row *r)
{
	const u64 place = place_of(t, r->from, r->until), newer = sieve_row_newer(r);

	if (place < t->count && (newer == 0 || place_of(t, 0, newer) != place))
		t->at[place][r->severity]++;
}

/* Steps that people count in, so many that `count` of them or fewer cover the span. */
static void set_times(struct timeline *t, u64 from, u64 until, u32 most)
{
	static const u64 steps[] = { 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 86400,
		7 * 86400, 28 * 86400 };
	u64 span = until > from ? until - from : 1;
	size_t i = 0;

	while (i + 1 < COUNT(steps) && span / (steps[i] * STAMP_NS) + 2 > most)
		i++;
	t->step = steps[i] * STAMP_NS;
	while (span / t->step + 2 > most)
		t->step *= 2;
	t->from = from - from % t->step;
	t->count = until > t->from ? (u32)((until - t->from + t->step - 1) / t->step) : 0;
}

static void put_times(struct buf *out, const struct timeline *t)
{
	char from[STAMP_TEXT_MAX];

	buf_fmt(out, "{\"from\":\"%s\",\"step_s\":%llu,\"counts\":[",
		stamp_text(t->from, 9, from), (unsigned long long)(t->step / STAMP_NS));
	for (u32 i = 0; i < t->count; i++) {
		buf_text(out, i ? "," : "");
		find_put_severities(out, t->at[i]);
	}
	buf_text(out, "]}");
}

/* ---- the span ---- */

struct span { u64 first, last; };

static void add_span(void *to, const struct sieve_row *r)
{
	struct span *s = to;

	s->last = max_u64(s->last, r->until);
	s->first = s->first && s->first < r->until ? s->first : r->until;
}

/* First and last end of what the filters let through. */
static int span_of(struct request *q, const struct sieve_ask *ask, struct span *ret)
{
	int rc = sieve_walk(q->web->sieve, q->gate, ask, add_span, ret);

	return rc ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static u64 now_of(const struct request *q, const struct span *s)
{
	return s->last && s->last + WEEK < q->now ? s->last : q->now;
}

/* ---- the overview ---- */

struct overview {
	struct request *q;
	u64 now;
	struct store_looked looked;
	u64 all[AREA_COUNT + 1][SEVERITY_COUNT], week[AREA_COUNT + 1][SEVERITY_COUNT],
		before[AREA_COUNT + 1][SEVERITY_COUNT];
	u64 fresh[SEVERITY_COUNT], total;
	struct timeline times;
	u8 area[SIEVE_RULES];	/* of each rule, + 1; 0 = not looked up yet */
	u64 states[INCIDENT_STATE_COUNT];
	u64 open, overdue, soon, later, none, opened, changed;
};

static unsigned area_at(struct overview *o, const struct sieve_row *r)
{
	if (o->area[r->rule_at] == 0)
		o->area[r->rule_at] = (u8)(find_area_of(o->q->web, sieve_row_rule(r)) + 1);
	return o->area[r->rule_at] - 1u;
}

/* A fault that audits find again and again counts once in each span of time. */
static void add_finding(void *to, const struct sieve_row *r)
{
	struct overview *o = to;
	const unsigned area = area_at(o, r);
	const u64 newer = sieve_row_newer(r);
	const bool is_newest = newer == 0;

	o->total += is_newest;
	o->all[area][r->severity] += is_newest;
	if (r->until <= o->now && r->until + WEEK > o->now)
		o->week[area][r->severity] += is_newest || newer > o->now;
	else if (r->until + WEEK <= o->now && r->until + 2 * WEEK > o->now)
		o->before[area][r->severity] += is_newest || newer + WEEK > o->now;
	if (is_newest && sieve_row_revision(r) > o->looked.revision &&
	    !sieve_row_known(r, o->looked.revision))
		o->fresh[r->severity]++;
	add_time(&o->times, r);
}

static void add_case(void *to, const struct sieve_case *c)
{
	struct overview *o = to;
	bool open = c->state != INCIDENT_CLOSED && c->state != INCIDENT_FALSE_ALARM &&
		    c->state != INCIDENT_MERGED;

	o->states[c->state]++;
	o->opened += o->looked.at && c->opened > o->looked.at;
	o->changed += c->version > o->looked.event;
	if (!open)
		return;
	o->open++;
	if (c->due == 0)
		o->none++;
	else if (c->due <= o->q->now)
		o->overdue++;
	else if (c->due <= o->q->now + SOON)
		o->soon++;
	else
		o->later++;
}

static void put_severities(struct buf *out, const char *name, const u64 n[SEVERITY_COUNT])
{
	buf_fmt(out, "\"%s\":", name);
	find_put_severities(out, n);
}

static void put_areas(struct overview *o)
{
	struct buf *out = o->q->out;

	buf_text(out, ",\"areas\":[");
	for (unsigned i = 0; i < AREA_COUNT; i++) {
		buf_fmt(out, "%s{\"area\":\"%s\",", i ? "," : "", area_name((enum area)i));
		put_severities(out, "all", o->all[i]);
		buf_byte(out, ',');
		put_severities(out, "week", o->week[i]);
		buf_byte(out, ',');
		put_severities(out, "before", o->before[i]);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void put_cases(struct overview *o)
{
	struct buf *out = o->q->out;
	const char *comma = "";

	buf_fmt(out, ",\n\"incidents\":{\"open\":%llu,\"overdue\":%llu,\"soon\":%llu,"
		"\"later\":%llu,\"no_clock\":%llu,\"states\":[", (unsigned long long)o->open,
		(unsigned long long)o->overdue, (unsigned long long)o->soon,
		(unsigned long long)o->later, (unsigned long long)o->none);
	for (unsigned i = 0; i < INCIDENT_STATE_COUNT; i++)
		if (o->states[i]) {
			buf_fmt(out, "%s{\"value\":\"%s\",\"count\":%llu}", comma,
				incident_states[i], (unsigned long long)o->states[i]);
			comma = ",";
		}
	buf_text(out, "]}");
}

static void put_new(struct overview *o)
{
	struct buf *out = o->q->out;
	char at[STAMP_TEXT_MAX];

	buf_text(out, ",\n\"fresh\":{\"since\":");
	if (o->looked.at)
		buf_fmt(out, "\"%s\",", stamp_text(o->looked.at, 9, at));
	else
		buf_text(out, "null,");
	put_severities(out, "findings", o->fresh);
	buf_fmt(out, ",\"incidents_opened\":%llu,\"incidents_changed\":%llu}",
		(unsigned long long)o->opened, (unsigned long long)o->changed);
}

static int put_overview(struct overview *o)
{
	struct buf *out = o->q->out;
	struct putting_runs runs = { .q = o->q, .most = 10 };
	char now[STAMP_TEXT_MAX];
	int rc;

	buf_fmt(out, "{\"now\":\"%s\",\"total\":%llu", stamp_text(o->now, 9, now),
		(unsigned long long)o->total);
	put_areas(o);
	buf_text(out, ",\n\"timeline\":");
	put_times(out, &o->times);
	put_cases(o);
	put_new(o);
	buf_text(out, ",\n\"runs\":[");
	rc = gate_latest_runs(o->q->gate, 0, runs.most, put_run, &runs);
	buf_text(out, "]}\n");
	return rc < 0 ? request_fault(o->q, rc, "%s", gate_error(o->q->gate)) : 0;
}

static int gather(struct overview *o, u64 since)
{
	const struct sieve_ask all = { 0 };
	struct request *q = o->q;
	struct span s = { 0 };
	int rc = span_of(q, &all, &s);

	if (rc == 0)
		rc = gate_looked(q->gate, &o->looked);
	if (rc)
		return rc;
	o->now = now_of(q, &s);
	set_times(&o->times, since ? since : o->now - 2 * WEEK, o->now, BUCKETS);
	rc = sieve_walk(q->web->sieve, q->gate, &all, add_finding, o);
	if (rc == 0)
		rc = sieve_cases(q->web->sieve, q->gate, add_case, o);
	return rc ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static int overview(struct request *q)
{
	struct overview *o = calloc(1, sizeof *o);
	u64 since = 0;
	int rc = o ? find_stamp(q, "since", &since) : -ENOMEM;

	if (rc == 0 && since > q->now)
		rc = request_fault(q, OOPS_RANGE, "since: this is in the future");
	if (rc == 0) {
		o->q = q;
		rc = gather(o, since);
	}
	if (rc == 0)
		rc = put_overview(o);
	free(o);
	return rc;
}

/* ---- a timeline of any question ---- */

static void add_to_timeline(void *to, const struct sieve_row *r)
{
	add_time(to, r);
}

static int timeline(struct request *q)
{
	struct find *f = calloc(1, sizeof *f);
	struct timeline *t = calloc(1, sizeof *t);
	struct span s = { 0 };
	u64 most = 0;
	int rc = f && t ? find_of(q, f) : -ENOMEM;

	if (rc == 0)
		rc = request_count(q, "buckets", BUCKETS, &most);
	if (rc == 0)
		rc = span_of(q, &f->ask, &s);
	if (rc == 0) {
		set_times(t, f->ask.since ? f->ask.since : s.first, f->ask.until ? f->ask.until
			  : s.last, most > 1 ? (u32)most : 60);
		f->ask.once = false;
		rc = sieve_walk(q->web->sieve, q->gate, &f->ask, add_to_timeline, t);
		put_times(q->out, t);
		buf_byte(q->out, '\n');
	}
	free(t);
	free(f);
	return rc;
}

static const struct api_param overview_params[] = {
	{ "since", "begin of the timeline; two weeks before `now` when it is not said", OP_TIME,
	  NULL },
	{ .name = NULL }
};
static const struct api_param timeline_params[] = {
	FIND_FILTERS,
	{ "buckets", "at most so many steps, up to 120; 60 when it is not said", OP_COUNT, NULL },
	{ .name = NULL }
};

const struct api_route overview_routes[] = {
	{ .method = "GET", .path = "/api/v1/overview", .run = overview,
	  .params = overview_params, .reply = "overview",
	  .help = "Areas, timeline, incidents, runs, and what is new to the caller." },
	{ .method = "POST", .path = "/api/v1/overview/looked", .op = "overview.looked",
	  .reply = "nothing" },
	{ .method = "GET", .path = "/api/v1/timeline", .run = timeline,
	  .params = timeline_params, .reply = "timeline",
	  .help = "Findings by severity over time, with the filters of /findings." },
	{ .method = NULL }
};

#define FIVE "[count]"
static const struct api_member area_members[] = {
	{ "area", "choice", "of DNS security", find_areas },
	{ "all", FIVE, "findings by severity, info first", NULL },
	{ "week", FIVE, "those of the seven days before `now`", NULL },
	{ "before", FIVE, "those of the seven days before these", NULL },
	{ .name = NULL }
};
static const struct api_member timeline_members[] = {
	{ "from", "stamp", "when the first step begins", NULL },
	{ "step_s", "count", "seconds of a step", NULL },
	{ "counts", "[[count]]", "of each step: findings whose window ends in it", NULL },
	{ .name = NULL }
};
static const struct api_member clock_members[] = {
	{ "open", "count", "incidents that have not ended", NULL },
	{ "overdue", "count", "of them with a deadline that was missed", NULL },
	{ "soon", "count", "with one in the next 24 hours", NULL },
	{ "later", "count", "with a later one", NULL },
	{ "no_clock", "count", "without one", NULL },
	{ "states", "[facet_count]", "all incidents by state", NULL },
	{ .name = NULL }
};
static const struct api_member fresh_members[] = {
	{ "since", "stamp|null", "when the caller last looked; null: never", NULL },
	{ "findings", FIVE, "written since, by severity, info first", NULL },
	{ "incidents_opened", "count", "since then", NULL },
	{ "incidents_changed", "count", "since then, opened ones too", NULL },
	{ .name = NULL }
};
static const struct api_member overview_members[] = {
	{ "now", "stamp", "the present, or the end of the latest finding where that is more than "
	  "a week ago", NULL },
	{ "total", "count", "findings that the caller may see; a fault that several audits found "
	  "is one", NULL },
	{ "areas", "[overview_area]", "the eight areas of DNS security", NULL },
	{ "timeline", "timeline", "up to `now`", NULL },
	{ "incidents", "overview_clocks", "by clock and state", NULL },
	{ "fresh", "overview_fresh", "what is new to the caller", NULL },
	{ "runs", "[run]", "the latest ten", NULL },
	{ .name = NULL }
};
const struct api_shape overview_shapes[] = {
	{ .name = "overview_area", .members = area_members },
	{ .name = "timeline", .members = timeline_members },
	{ .name = "overview_clocks", .members = clock_members },
	{ .name = "overview_fresh", .members = fresh_members },
	{ .name = "overview", .members = overview_members },
	{ .name = NULL }
};
