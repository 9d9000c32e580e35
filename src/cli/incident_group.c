/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_group.c - `vedette incident group | mute`: findings become incidents by
 * themselves, and what is known to be harmless is left out for a while. */
#include "cli/incident.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/turn.h"
#include "model/utf8.h"
#include "respond/clock.h"
#include "respond/group.h"
#include "respond/mute.h"

#define ENDED_TOLD (7ull * 86400 * STAMP_NS)	/* mutes that ended since are told */

struct grouping {
	struct buf hubs;
	struct clocks *clocks;	/* NULL: none run */
	char sets[CLOCK_NAMES_MAX];	/* of --set, one a line */
	struct deadline list[CLOCK_ROWS_MAX];
	struct turn turn;
};

static int deadlines(void *to, u64 aware, const struct deadline **ret, size_t *count)
{
	struct grouping *g = to;
	int n = clocks_all(g->clocks, g->sets, aware, g->list);

	*ret = g->list;
	*count = n > 0 ? (size_t)n : 0;
	return n < 0 ? n : 0;
}

/* The sets of --set for what is opened: a status. */
static int open_clocks(struct grouping *g)
{
	char why[CLOCK_WHY];

	if (incident_conf.set == NULL)
		return STATUS_FINE;
	if (clocks_open(&g->clocks, incident_conf.clocks, why)) {
		say_error("%s", why);
		return STATUS_USAGE;
	}
	if (clocks_typed(g->sets, incident_conf.set) == 0 &&
	    (g->sets[0] == 0 || clocks_all(g->clocks, g->sets, 0, g->list) > 0))
		return STATUS_FINE;
	say_error("there is no set of clocks '%s'", incident_conf.set);
	return STATUS_USAGE;
}

static void tell_hub(void *to, const struct group_hub *h)
{
	struct buf *out = &((struct grouping *)to)->hubs;

	struct buf name = { 0 };

	buf_fmt(&name, "%s ", C_("role", h->role));
	utf8_show(&name, h->name, 0);
	buf_fmt(out, _("  %s takes part in more than %llu subjects: it ties nothing\n"),
		buf_str(&name), (unsigned long long)h->subjects - 1);
	buf_free(&name);
}

/* ---- mutes that end ---- */

#define SCOPE_MAX 800

struct muting { struct buf *out; u64 now, count; };

/* "dga about 192.0.2.7" */
static char *scope(const struct mute *m, char to[SCOPE_MAX])
{
	char text[SCOPE_MAX];
	struct buf safe = { 0 };

	snprintf(text, sizeof text, C_("mute", "%.200s about %.300s"),
		 m->rule[0] ? m->rule : _("every rule"),
		 m->subject[0] ? m->subject : C_("mute", "everything"));
	utf8_show(&safe, text, 0);
	snprintf(to, SCOPE_MAX, "%s", buf_str(&safe));
	buf_free(&safe);
	return to;
}

static int told_end(void *to, const void *record)
{
	const struct mute *m = record;
	struct muting *w = to;
	char span[TABLE_TIME_MAX], what[SCOPE_MAX];
	struct buf owner = { 0 };
	const bool ended = m->expires <= w->now;

	utf8_show(&owner, m->owner, 0);
	buf_fmt(w->out, ended
		? _("  mute %llu (%s, of %s) ended %s ago: its findings are grouped again\n")
		: _("  mute %llu (%s, of %s) ends in %s\n"), (unsigned long long)m->number,
		scope(m, what), buf_str(&owner),
		table_rough(ended ? w->now - m->expires : m->expires - w->now, span));
	buf_free(&owner);
	return 0;
}

static int tell_ends(struct sitting *s, struct buf *out)
{
	struct muting w = { out, desk_now(s->desk), 0 };
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
		"\"opened\":%llu,\"came_back\":%llu,\"joined\":%llu,\"again\":%llu,"
		"\"bridged\":%llu,\"hubs\":%llu,\"left\":%llu}\n",
		(unsigned long long)r->findings,
		(unsigned long long)r->muted, (unsigned long long)r->taken_out,
		(unsigned long long)r->slight, (unsigned long long)r->opened,
		(unsigned long long)r->came_back, (unsigned long long)r->joined,
		(unsigned long long)r->again, (unsigned long long)r->bridged,
		(unsigned long long)r->hubs, (unsigned long long)r->left);
}

static void as_text(struct buf *out, const struct group_report *r)
{
	const struct { u64 n; const char *what; } lines[] = {
		{ r->opened, n_("%llu incident was opened", "%llu incidents were opened",
				r->opened) },
		{ r->came_back, n_("%llu of them goes on with one that had ended",
				   "%llu of them go on with one that had ended",
				   r->came_back) },
		{ r->joined, n_("%llu finding joined an open incident",
				"%llu findings joined open incidents", r->joined) },
		{ r->again, n_("%llu of them is of a fault that was there already: seen again",
			       "%llu of them are of faults that were there already: seen again",
			       r->again) },
		{ r->bridged, n_("%llu of them fits more than one (perhaps merge them)",
				 "%llu of them fit more than one (perhaps merge them)",
				 r->bridged) },
		{ r->muted, n_("%llu finding was left out: muted",
			       "%llu findings were left out: muted", r->muted) },
		{ r->taken_out, n_("%llu finding was left out: somebody took it out of an "
				   "incident", "%llu findings were left out: somebody took "
				   "them out of an incident", r->taken_out) },
		{ r->slight, n_("%llu finding was left out: below --severity (low, when it is "
				"not said)", "%llu findings were left out: below --severity "
				"(low, when it is not said)", r->slight) },
		{ r->left, n_("%llu finding was changed by others meanwhile: run it again",
			      "%llu findings were changed by others meanwhile: run it again",
			      r->left) },
	};

	if (r->findings == 0)
		say_hint(out, "%s", _("Every finding is in an incident, or there is none. "
				      "'vedette observe' and 'vedette verify' find them.\n"));
	else
		buf_fmt(out, n_("%llu finding was in no incident\n",
				"%llu findings were in no incident\n", r->findings),
			(unsigned long long)r->findings);
	for (size_t i = 0; i < COUNT(lines); i++)
		if (lines[i].n) {
			buf_text(out, "  ");
			buf_fmt(out, lines[i].what, (unsigned long long)lines[i].n);
			buf_byte(out, '\n');
		}
}

/* Other people's changes wait for one turn at most. */
static bool due(void *to)
{
	return turn_over(&((struct grouping *)to)->turn);
}

static void rest(void *to)
{
	turn_rest(&((struct grouping *)to)->turn);
}

static int group_now(struct sitting *s, struct grouping *g)
{
	const struct group_conf conf = { .gap = incident_conf.gap_ns, .hub = incident_conf.hub,
		.severity = incident_conf.graded ? (enum severity)incident_conf.severity
			: GROUP_SEVERITY_DEFAULT, .tell = tell_hub, .to = g,
		.clocks = g->sets[0] ? g->sets : NULL,
		.deadlines = deadlines, .due = due, .rest = rest };
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

static const struct column mute_columns[] = {
	{ .title = NC_("column", "MUTE"), .width = 6 },
	{ .title = NC_("column", "ENDS"), .width = 13 },
	{ .title = NC_("column", "OWNER"), .width = 12 },
	{ .title = NC_("column", "WHAT AND WHY") },
	{ .title = NULL }
};

static void mute_text(struct muting *w, const struct mute *m)
{
	struct table t = { w->out, mute_columns, 0 };
	char span[TABLE_TIME_MAX], what[SCOPE_MAX], text[SCOPE_MAX + 1100];

	if (w->count++ == 0)
		table_head(&t);
	table_number(&t, m->number);
	table_put(&t, m->lifted ? C_("mute", "lifted") : m->expires <= w->now
		  ? C_("mute", "ended") : table_ago(w->now, m->expires, span));
	table_put(&t, m->owner);
	snprintf(text, sizeof text, "%s%s%.1000s", scope(m, what), C_("sentence", ": "), m->reason);
	table_put(&t, text);
	table_end(&t);
}

static int mute_row(void *to, const void *record)
{
	const struct mute *m = record;
	struct muting *w = to;

	if (incident_conf.json) {
		buf_byte(w->out, '{');
		fields_json(w->out, desk_nouns[DESK_mute].fields, m);
		buf_text(w->out, "}\n");
	} else {
		mute_text(w, m);
	}
	return 0;
}

static int list(struct sitting *s)
{
	struct buf out = { 0 };
	struct muting w = { &out, desk_now(s->desk), 0 };
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
	if (w.count == 0 && !incident_conf.json)
		say_hint(&out, "%s", _("Nothing is muted. 'vedette incident mute --rule RULE "
				       "--subject NAME --reason TEXT --until TIME' keeps what "
				       "is known to be harmless out of grouping for a time.\n"));
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
	if (incident_conf.json)
		printf("{\"mute\":%llu}\n", (unsigned long long)number);
	else
		say_line(_("Mute %llu was made; 'vedette incident mute %llu --lift --reason "
			   "WHY' takes it back.\n"), (unsigned long long)number,
			 (unsigned long long)number);
	return STATUS_FINE;
}

int incident_mute(struct sitting *s, int argc, char **argv)
{
	u64 number;
	int rc;

	if (argc == 0)
		return incident_conf.reason ? add(s) : list(s);
	if (num_u64(argv[0], 1, INT64_MAX, &number) || !incident_conf.lift) {
		say_error("write --rule or --subject, --reason and --until; or a "
			  "number, --lift and --reason");
		return STATUS_USAGE;
	}
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = mute_lift(s->desk, number, incident_conf.reason);
	rc = desk_end(s->desk, rc);
	if (rc)
		return sitting_fault(s, rc);
	if (!incident_conf.json)
		say_line(_("Mute %llu was lifted.\n"), (unsigned long long)number);
	return STATUS_FINE;
}
