/* SPDX-License-Identifier: GPL-3.0-or-later */
/* findings.c - `vedette findings`: what the store holds, listed. */
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/look.h"
#include "cli/output.h"
#include "cli/say.h"

#define LIMIT_MAX 10000u	/* each takes some 45 KB while it is listed */

struct conf {
	const char *rule, *subject, *since, *until;
	u64 limit, run;
};

#define AT(f) offsetof(struct conf, f)
static const struct opt rows[] = {
	{ .name = "rule", .type = OPT_TEXT, .at = AT(rule), .arg = "RULE",
	  .cli_only = true,
	  .help = N_("only of this rule, or of rules that begin so: tunnel") },
	{ .name = "subject", .type = OPT_TEXT, .at = AT(subject), .arg = "NAME",
	  .cli_only = true, .help = N_("only about this domain, client or server") },
	{ .name = "since", .type = OPT_TEXT, .at = AT(since), .arg = "TIME",
	  .cli_only = true,
	  .help = N_("only windows that end after it: 2026-01-31T10:00:00Z, a date (UTC) "
		  "or unix seconds") },
	{ .name = "until", .type = OPT_TEXT, .at = AT(until), .arg = "TIME",
	  .cli_only = true, .help = N_("only windows that begin before it") },
	{ .name = "run", .type = OPT_COUNT, .at = AT(run), .arg = "NUMBER",
	  .cli_only = true, .help = N_("only of this run") },
	{ .name = "limit", .type = OPT_COUNT, .at = AT(limit), .def = "1000", .min = 1,
	  .max = LIMIT_MAX, .arg = "NUMBER", .cli_only = true,
	  .help = N_("at most so many, the most severe first") },
	{ .name = NULL }
};
#undef AT
static struct conf conf;
static struct output_conf output;
static struct stored_conf stored;
static struct look_conf as;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 4);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Which findings"), rows, &conf };
	out[2] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[3] = (struct opt_group){ "", N_("Output"), output_rows, &output };
	return 4;
}

/* What is gathered from the store before anything is printed. */
struct gathered {
	struct finding **findings;
	struct report_box *reports;
	u32 finding_count, run_count;
	u64 only;		/* only this run's report; 0 = of all that come */
	u64 since, until;	/* runs whose data lies outside are not told; 0 = any */
	u64 unfinished, again, left;	/* runs, runs of the same input, findings */
};

static void release(struct gathered *g)
{
	for (u32 i = 0; i < g->finding_count; i++)
		free(g->findings[i]);
	for (u32 i = 0; i < g->run_count; i++)
		report_free(&g->reports[i]);
	free(g->findings);
	free(g->reports);
}

static int take_finding(void *to, const struct finding *f)
{
	struct gathered *g = to;
	struct finding *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return -ENOMEM;
	*copy = *f;
	g->findings[g->finding_count++] = copy;
	return 0;
}

static bool same_octets(const struct report_input *a, const struct report_input *b)
{
	return a->octets == b->octets && a->frames == b->frames &&
	       (a->sha256 && b->sha256 ? strcmp(a->sha256, b->sha256) == 0
				       : strcmp(a->name, b->name) == 0);
}

/* Did both read the same? Then their numbers are counted once. */
static bool same_input(const struct run_report *a, const struct run_report *b)
{
	bool same = a->input_count && a->input_count == b->input_count &&
		    a->from == b->from && a->until == b->until && a->unit == b->unit;

	for (u32 i = 0; same && i < a->input_count; i++)
		same = same_octets(&a->inputs[i], &b->inputs[i]);
	return same;
}

/* Is its data of the time that was asked for? A run without a time may be. */
static bool of_time(const struct gathered *g, const struct run_report *r)
{
	if (r->from == 0 && r->until == 0)
		return true;
	return (g->since == 0 || r->until >= g->since) && (g->until == 0 || r->from < g->until);
}

static int take_run(void *to, const struct store_run *run)
{
	struct gathered *g = to;
	const struct run_report *one[] = { &run->report };
	struct report_box *more;

	if ((g->only && run->number != g->only) || !of_time(g, &run->report))
		return 0;
	g->unfinished += run->ended == 0;
	for (u32 i = 0; i < g->run_count; i++)
		if (same_input(&g->reports[i].report, &run->report)) {
			g->again++;
			return 0;
		}
	more = realloc(g->reports, (g->run_count + 1) * sizeof *more);
	if (more == NULL)
		return -ENOMEM;
	g->reports = more;
	more[g->run_count] = (struct report_box){ 0 };
	return report_merge(&more[g->run_count++], one, 1);	/* a copy that stays */
}

/* Findings, how many more there are, and the runs that they rest on: those that
 * made them, or all that were made when there is none. */
static int gather(struct gate *s, const struct store_filter *f, struct gathered *g)
{
	u64 all = 0;
	int rc = gate_count(s, f, &all);

	if (rc)
		return rc;
	g->findings = calloc(f->limit, sizeof g->findings[0]);
	if (g->findings == NULL)
		return -ENOMEM;
	rc = gate_each_finding(s, f, take_finding, g);
	g->left = all > g->finding_count ? all - g->finding_count : 0;
	g->only = g->finding_count ? 0 : f->run;
	g->since = f->since;
	g->until = f->until;
	return rc ? rc : gate_each_run(s, g->finding_count ? f : NULL, take_run, g);
}

/* The reports of all runs as one, and what the listing itself left out. */
static int report_of(const struct gathered *g, struct report_box *ret)
{
	const struct report_counter extra[] = {
		{ "store.runs", N_("runs of the store that these numbers come from"),
			COUNTER_NOTE, g->run_count },
		{ "store.again", N_("runs that read the same again, and are not counted again"),
			COUNTER_NOTE, g->again },
		{ "store.unfinished", N_("runs that did not come to their end"),
		  COUNTER_LIMIT, g->unfinished },
		{ "store.left", N_("findings left out by --limit"),
			COUNTER_LIMIT, g->left },
	};
	const struct run_report more = { .counters = extra,
					 .counter_count = COUNT(extra) };
	const struct run_report **all = calloc(g->run_count + 1, sizeof *all);
	int rc;

	if (all == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < g->run_count; i++)
		all[i] = &g->reports[i].report;
	all[g->run_count] = &more;
	rc = report_merge(ret, all, g->run_count + 1);
	free(all);
	return rc;
}

/* A time of the command line into *ret; false and it was said what is wrong. */
static bool time_of(const char *option, const char *text, u64 *ret)
{
	if (text == NULL || stamp_parse(text, ret) == 0)
		return true;
	say_error("--%s: '%s' is not a time; write 2026-01-31T10:00:00Z, "
		  "2026-01-31 or unix seconds", option, text);
	return false;
}

static int list(struct gate *s, const struct store_filter *filter)
{
	struct gathered g = { 0 };
	struct report_box box = { 0 };
	char title[300];
	int status = STATUS_TROUBLE, rc = gather(s, filter, &g);

	if (rc == 0)
		rc = report_of(&g, &box);
	snprintf(title, sizeof title, _("Findings in %s"), stored.db);
	if (rc == 0)
		status = output_findings(&output, g.findings, g.finding_count,
					 &box.report, title);
	else
		say_error("%s", gate_error(s)[0] ? gate_error(s) : oops_text(rc));
	report_free(&box);
	release(&g);
	return status;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct store_filter filter = {
		.rule = conf.rule, .subject = conf.subject, .run = conf.run,
		.severity = (enum severity)output.severity, .limit = conf.limit,
	};
	struct look s = { 0 };
	int status;

	(void)argc;
	(void)argv;
	(void)o;
	if (!time_of("since", conf.since, &filter.since) ||
	    !time_of("until", conf.until, &filter.until) || !output_may(&output))
		return STATUS_USAGE;
	status = look_open(&s, &stored, &as);
	if (status == STATUS_FINE)
		status = list(s.gate, &filter);
	look_close(&s);
	return status;
}

const struct command command_findings = {
	.name = "findings",
	.summary = N_("list the findings of a store"),
	.story =
		N_("Lists what `vedette observe --db FILE` stored, the most severe "
		"first, as a table, as JSON Lines or as a page. The exit status is as "
		"for observe: 1 when something of --fail-on or more is in the list.\n\n"
		"  vedette findings --db a.db --severity high --since 2026-01-31\n"
		"  vedette findings --db a.db --rule tunnel --json\n\n"
		"Below the list stand the numbers of the runs that it rests on, what "
		"they lost, and how many findings --limit left out. A run that read the "
		"same input again adds neither numbers nor findings."),
	.start = "vedette findings --db vedette.db",
	.groups = groups,
	.run = run,
};
