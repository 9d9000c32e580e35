/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_group.c - `vedette incident group | mute`: findings become incidents by
 * themselves, and what is known to be harmless is left out for a while. */
#include "cli/incident.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "respond/clock.h"
#include "respond/group.h"
#include "respond/mute.h"
#include <time.h>

#define ENDED_TOLD (7ull * 86400 * STAMP_NS)	/* mutes that ended since are told */

struct grouping {
	struct buf hubs;
	struct clocks *clocks;	/* NULL: none run */
	struct deadline list[CLOCK_DEADLINES_MAX];
	u64 slice;	/* when this one began; 0: it has not */
};

static int deadlines(void *to, u64 aware, const struct deadline **ret, size_t *count)
{
	struct grouping *g = to;
	int n = clocks_deadlines(g->clocks, incident_conf.set, aware, g->list);

	*ret = g->list;
	*count = n > 0 ? (size_t)n : 0;
	return n < 0 ? n : 0;
}

/* The set of --set for what is opened: a status. */
static int open_clocks(struct grouping *g)
{
	char why[CLOCK_WHY];

	if (incident_conf.set == NULL)
		return STATUS_FINE;
	if (clocks_open(&g->clocks, incident_conf.clocks, why)) {
		say_error("%s", why);
		return STATUS_USAGE;
	}
	if (clocks_deadlines(g->clocks, incident_conf.set, 0, g->list) > 0)
		return STATUS_FINE;
	say_error("incident: group: there is no set of clocks '%s'", incident_conf.set);
	return STATUS_USAGE;
}

static void tell_hub(void *to, const struct group_hub *h)
{
	struct buf *out = &((struct grouping *)to)->hubs;

	buf_fmt(out, "  %s ", h->role);
	utf8_show(out, h->name, 0);
	buf_fmt(out, _(" takes part in more than %llu subjects: it ties nothing\n"),
		(unsigned long long)h->subjects - 1);
}

/* ---- mutes that end ---- */

struct muting { struct buf *out; u64 now; };

static void scope(struct buf *out, const struct mute *m)
{
	utf8_show(out, m->rule[0] ? m->rule : N_("every rule"), 0);
	buf_text(out, " about ");
	utf8_show(out, m->subject[0] ? m->subject : "everything", 0);
}

static int told_end(void *to, const void *record)
{
	const struct mute *m = record;
	struct muting *w = to;
	char span[NUM_TEXT_MAX];

	buf_fmt(w->out, "  mute %llu (", (unsigned long long)m->number);
	scope(w->out, m);
	buf_fmt(w->out, ", of ");
	utf8_show(w->out, m->owner, 0);
	if (m->expires <= w->now)
		buf_fmt(w->out, _(") ended %s ago: its findings are grouped again\n"),
			num_rough_text(w->now - m->expires, span));
	else
		buf_fmt(w->out, _(") ends in %s\n"),
			num_rough_text(m->expires - w->now, span));
	return 0;
}

static int tell_ends(struct sitting *s, struct buf *out)
{
	struct muting w = { out, desk_now(s->desk) };
	const struct store_cond conds[] = {
		{ .field = "expires", .op = STORE_LEAST, .number = w.now - ENDED_TOLD },
		{ .field = "expires", .op = STORE_MOST, .number = w.now + ENDED_TOLD },
		{ .field = "lifted", .op = STORE_IS, .number = 0 },
	};
	const struct store_query q = { .table = DESK_mute, .conds = conds, .count = 3,
		.order = "expires" };

	return gate_each(s->gate, &q, told_end, &w);
}

/* ---- grouping ---- */

static void as_json(struct buf *out, const struct group_report *r)
{
	buf_fmt(out, "{\"findings\":%llu,\"muted\":%llu,\"taken_out\":%llu,\"slight\":%llu,"
		"\"opened\":%llu,\"came_back\":%llu,\"joined\":%llu,\"bridged\":%llu,"
		"\"hubs\":%llu,\"left\":%llu}\n", (unsigned long long)r->findings,
		(unsigned long long)r->muted, (unsigned long long)r->taken_out,
		(unsigned long long)r->slight, (unsigned long long)r->opened,
		(unsigned long long)r->came_back, (unsigned long long)r->joined,
		(unsigned long long)r->bridged, (unsigned long long)r->hubs,
		(unsigned long long)r->left);
}

static void as_text(struct buf *out, const struct group_report *r)
{
	const struct { u64 n; const char *what; } lines[] = {
		{ r->opened, _("incidents opened") },
		{ r->came_back, _("of them go on with one that had ended") },
		{ r->joined, _("findings joined open incidents") },
		{ r->bridged, _("of them fit more than one (perhaps merge them)") },
		{ r->muted, _("findings left out: muted") },
		{ r->taken_out, _("findings left out: somebody took them out of an "
			"incident") },
		{ r->slight, _("findings left out: below --severity") },
		{ r->left, _("findings that others changed meanwhile: run it again") },
	};

	buf_fmt(out, _("%llu findings were in no incident\n"),
		(unsigned long long)r->findings);
	for (size_t i = 0; i < COUNT(lines); i++)
		if (lines[i].n)
			buf_fmt(out, "  %llu %s\n", (unsigned long long)lines[i].n,
				lines[i].what);
}

/* Other people's changes wait for one slice at most: some tenths of a second. */
#define SLICE_NS 200000000ull
#define REST_NS 20000000l

static u64 clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * STAMP_NS + (u64)t.tv_nsec;
}

static bool due(void *to)
{
	struct grouping *g = to;

	if (g->slice == 0)
		g->slice = clock_now();
	return clock_now() - g->slice > SLICE_NS;
}

static void rest(void *to)
{
	const struct timespec t = { 0, REST_NS };

	nanosleep(&t, NULL);
	((struct grouping *)to)->slice = clock_now();
}

static int group_now(struct sitting *s, struct grouping *g)
{
	const struct group_conf conf = { .gap = incident_conf.gap_ns, .hub = incident_conf.hub,
		.severity = (enum severity)incident_conf.severity, .tell = tell_hub, .to = g,
		.clocks = incident_conf.set, .deadlines = deadlines, .due = due, .rest = rest };
	struct group_report r = { 0 };
	struct buf out = { 0 };
	int rc = group_slices(s->desk, &conf, &r);

	if (rc == 0 && incident_conf.json) {
		as_json(&out, &r);
	} else if (rc == 0) {
		as_text(&out, &r);
		buf_text(&out, buf_str(&g->hubs));
		rc = tell_ends(s, &out);
	}
	if (rc == 0)
		return incident_print(&out);
	buf_free(&out);
	return sitting_fault(s, rc);
}

int incident_group(struct sitting *s, int argc, char **argv)
{
	struct grouping g = { 0 };
	int status = open_clocks(&g);

	(void)argc, (void)argv;
	if (status == STATUS_FINE)
		status = group_now(s, &g);
	buf_free(&g.hubs);
	clocks_free(g.clocks);
	return status;
}

/* ---- mutes ---- */

static int mute_row(void *to, const void *record)
{
	const struct mute *m = record;
	struct muting *w = to;
	char span[NUM_TEXT_MAX];

	if (incident_conf.json) {
		buf_byte(w->out, '{');
		fields_json(w->out, desk_nouns[DESK_mute].fields, m);
		buf_text(w->out, "}\n");
		return 0;
	}
	buf_fmt(w->out, "%-6llu  %s %-8s  ", (unsigned long long)m->number, m->lifted ? "lifted  "
		: m->expires <= w->now ? "ended   " : _("ends in "),
		m->lifted || m->expires <= w->now ? "" : num_rough_text(m->expires - w->now, span));
	utf8_show(w->out, m->owner, 16);
	buf_text(w->out, "  ");
	scope(w->out, m);
	buf_text(w->out, ": ");
	utf8_show(w->out, m->reason, 0);
	buf_byte(w->out, '\n');
	return 0;
}

static int list(struct sitting *s)
{
	struct buf out = { 0 };
	struct muting w = { &out, desk_now(s->desk) };
	const struct store_cond conds[] = {
		{ .field = "expires", .op = STORE_LEAST, .number = w.now - ENDED_TOLD },
		{ .field = "lifted", .op = STORE_IS, .number = 0 },
	};
	const struct store_query q = { .table = DESK_mute, .conds = conds,
		.count = incident_conf.all ? 0 : 2, .order = "expires" };
	int rc = gate_each(s->gate, &q, mute_row, &w);

	if (rc) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	return incident_print(&out);
}

static int add(struct sitting *s)
{
	const struct incident_conf *c = &incident_conf;
	struct mute m = { .rule = c->rule ? c->rule : "", .subject = c->subject ? c->subject : "",
		.reason = c->reason, .owner = c->owner ? c->owner : "" };
	u64 number = 0;
	int rc;

	if (!incident_time("until", c->until, 0, &m.expires))
		return STATUS_USAGE;
	m.subject_kind = (u8)(c->subject ? subject_kind_of(c->subject) : SUBJECT_OTHER);
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = mute_add(s->desk, &m, &number);
	if ((rc = desk_end(s->desk, rc)))
		return sitting_fault(s, rc);
	printf("mute %llu\n", (unsigned long long)number);
	return STATUS_FINE;
}

int incident_mute(struct sitting *s, int argc, char **argv)
{
	u64 number;
	int rc;

	if (argc == 0)
		return incident_conf.reason ? add(s) : list(s);
	if (num_u64(argv[0], 1, INT64_MAX, &number) || !incident_conf.lift) {
		say_error("incident: mute: write --rule or --subject, --reason and --until; or a "
			  "number and --lift");
		return STATUS_USAGE;
	}
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = mute_lift(s->desk, number, incident_conf.reason);
	rc = desk_end(s->desk, rc);
	return rc ? sitting_fault(s, rc) : STATUS_FINE;
}
