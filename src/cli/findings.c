/* SPDX-License-Identifier: GPL-3.0-or-later */
/* findings.c - `vedette findings`: what the store holds, listed. */
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/stored.h"

#define LIMIT_MAX 10000u	/* each takes some 45 KB while it is listed */

struct conf {
	const char *rule, *subject, *since, *until;
	u64 limit, run;
};

#define AT(f) offsetof(struct conf, f)
static const struct opt rows[] = {
	{ .name = "rule", .type = OPT_TEXT, .at = AT(rule), .arg = "RULE", .cli_only = true,
	  .help = "only of this rule, or of rules that begin so: tunnel" },
	{ .name = "subject", .type = OPT_TEXT, .at = AT(subject), .arg = "NAME",
	  .cli_only = true, .help = "only about this domain, client or server" },
	{ .name = "since", .type = OPT_TEXT, .at = AT(since), .arg = "TIME",
	  .cli_only = true,
	  .help = "only windows that end after it: 2026-01-31T10:00:00Z, a date (UTC) or "
		  "unix seconds" },
	{ .name = "until", .type = OPT_TEXT, .at = AT(until), .arg = "TIME",
	  .cli_only = true, .help = "only windows that begin before it" },
	{ .name = "run", .type = OPT_COUNT, .at = AT(run), .arg = "NUMBER",
	  .cli_only = true, .help = "only of this run" },
	{ .name = "limit", .type = OPT_COUNT, .at = AT(limit), .def = "1000", .min = 1,
	  .max = LIMIT_MAX, .arg = "NUMBER", .cli_only = true,
	  .help = "at most so many, the most severe first" },
	{ .name = NULL }
};
#undef AT
static struct conf conf;
static struct output_conf output;
static struct stored_conf stored;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 3);
	out[0] = (struct opt_group){ "", "Store", stored_rows, &stored };
	out[1] = (struct opt_group){ "", "Which findings", rows, &conf };
	out[2] = (struct opt_group){ "", "Output", output_rows, &output };
	return 3;
}

/* What is gathered from the store before anything is printed. */
struct gathered {
	struct finding **at;
	u32 count;
	struct report_box *reports;
	struct report_counter extra[3];
	u64 runs, unfinished, left;
	bool all_runs;
};

static void release(struct gathered *g)
{
	for (u32 i = 0; i < g->count; i++)
		free(g->at[i]);
	for (u64 i = 0; i < g->runs; i++)
		report_free(&g->reports[i]);
	free(g->at);
	free(g->reports);
}

static int take_finding(void *to, const struct finding *f)
{
	struct gathered *g = to;
	struct finding *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return -ENOMEM;
	*copy = *f;
	g->at[g->count++] = copy;
	return 0;
}

static int take_run(void *to, const struct store_run *run)
{
	struct gathered *g = to;
	struct report_box *more;
	const struct run_report *one[] = { &run->report };

	if (g->only && run->number != g->only)
		return 0;
	g->unfinished += run->ended == 0;
	more = realloc(g->reports, (g->runs + 1) * sizeof *more);
	if (more == NULL)
		return -ENOMEM;
	g->reports = more;
	more[g->runs] = (struct report_box){ 0 };
	return report_merge(&more[g->runs++], one, 1);	/* a copy that stays */
}

/* Findings, how many more there are, and the runs that they rest on: those that
 * made them, or all that were made when nothing was found. */
static int gather(struct store *s, const struct store_filter *f, struct gathered *g)
{
	u64 all = 0;
	int rc = store_count(s, f, &all);

	if (rc == 0) {
		g->at = calloc(min_u64(all, f->limit) + 1, sizeof g->at[0]);
		g->room = (u32)min_u64(all, f->limit);
		rc = g->at ? store_each_finding(s, f, take_finding, g) : -ENOMEM;
	}
	g->left = all > g->count ? all - g->count : 0;
	g->only = g->count ? 0 : f->run;
	return rc ? rc : store_each_run(s, g->count ? f : NULL, take_run, g);
}
