/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.c - `vedette observe`: DNS traffic in, findings out. */
#include "base/num.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/stored.h"
#include "cli/term.h"
#include "run/analysis.h"
#include <time.h>

static struct stored_conf conf;
static struct output_conf output;

static unsigned groups(struct opt_group *out, unsigned max)
{
	unsigned n = run_groups(out, max - 2);

	out[n++] = (struct opt_group){ "", "Output", output_rows, &output };
	out[n++] = (struct opt_group){ "", "Store", stored_rows, &conf };
	return n;
}

/* The progress line: at most ten a second, by the clock of the terminal's owner. */
static void progress(void *to, u64 done, u64 all, u64 frames)
{
	struct timespec now;
	u64 *last = to, at;
	char text[120], n[NUM_TEXT_MAX];

	clock_gettime(CLOCK_MONOTONIC, &now);
	at = (u64)now.tv_sec * 10 + (u64)now.tv_nsec / 100000000;
	if (at == *last)
		return;
	*last = at;
	num_count_text(frames, n);
	if (all)
		snprintf(text, sizeof text, "reading: %3.0f %%, %s frames",
			 100.0 * (double)done / (double)all, n);
	else
		snprintf(text, sizeof text, "reading: %s frames", n);
	term_progress(text);
}

static void join_arguments(struct buf *out, int argc, char **argv)
{
	buf_text(out, "observe");
	for (int i = 0; i < argc; i++)
		buf_fmt(out, " %s", argv[i]);
}

/* Everything of the run in one transaction after its beginning: a reader of the store sees
 * either nothing of it or all. */
static int keep(struct store *s, const struct analysis *a, u64 started, const char *arguments)
{
	struct store_run run = { .started = started, .version = VEDETTE_VERSION,
		.arguments = arguments };
	struct timespec now;
	int rc = store_begin_run(s, &run);

	for (u32 i = 0; i < a->evidence_count && rc >= 0; i++)
		rc = store_add_evidence(s, a->evidence[i].at, a->evidence[i].len);
	for (u32 i = 0; i < a->finding_count && rc >= 0; i++)
		rc = store_add_finding(s, a->findings[i]);
	clock_gettime(CLOCK_REALTIME, &now);
	if (rc >= 0)
		rc = store_end_run(s, (u64)now.tv_sec * 1000000000ull + (u64)now.tv_nsec,
				   &a->report.report);
	return rc < 0 ? rc : 0;
}

static int store_all(const struct analysis *a, u64 started, int argc, char **argv)
{
	struct buf arguments = { 0 };
	struct store *s;
	char why[STORE_WHY];
	int rc;

	if ((rc = store_open(&s, conf.db, STORE_WRITE, why)) < 0) {
		say_error("%s", why);
		return rc;
	}
	join_arguments(&arguments, argc, argv);
	rc = keep(s, a, started, buf_str(&arguments));
	if (rc < 0)
		say_error("%s", store_error(s));
	buf_free(&arguments);
	store_close(s);
	return rc;
}

static int say_troubles(const struct analysis *a)
{
	const struct run_report *r = &a->report.report;

	for (unsigned i = 0; i < a->crash_count; i++)
		say_error("%s", a->crashes[i]);
	for (u32 i = 0; i < r->input_count; i++)
		if (r->inputs[i].trouble[0])
			say_error("%s: %s", r->inputs[i].name, r->inputs[i].trouble);
	return a->unread ? STATUS_INPUT : STATUS_FINE;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct analysis a;
	struct timespec now;
	char why[OPT_WHY];
	u64 last = 0, started;
	int status, trouble, rc;
	bool stored;

	clock_gettime(CLOCK_REALTIME, &now);
	started = (u64)now.tv_sec * 1000000000ull + (u64)now.tv_nsec;
	rc = analysis_run(&a, o, (const char *const *)argv, (unsigned)argc, progress, &last, why);
	term_progress_end();
	if (rc < 0) {
		say_troubles(&a);
		say_error("%s", why);
		analysis_free(&a);
		return rc == OOPS_UNKNOWN || rc == OOPS_RANGE ? STATUS_USAGE : STATUS_TROUBLE;
	}
	/* Stored first: a reader who closes the pipe ends the printing, and the program. */
	stored = conf.db == NULL || store_all(&a, started, argc, argv) == 0;
	status = output_findings(&output, a.findings, a.finding_count, &a.report.report,
				 "What Vedette observed");
	trouble = say_troubles(&a);
	if (!stored)
		status = STATUS_TROUBLE;
	analysis_free(&a);
	return status == STATUS_TROUBLE || trouble == STATUS_FINE ? status : trouble;
}

const struct command command_observe = {
	.name = "observe", .args = "FILE...", .least = 1, .most = CLI_ANY,
	.summary = "find threats in DNS traffic",
	.story =
	"Reads captures (pcap, pcapng; also compressed with gzip, xz, zstd or lz4), finds "
	"the DNS messages in them and prints what it found: data carried through DNS, "
	"clients that ask for machine-made names, random-subdomain floods, reflection. "
	"\"-\" stands for standard input. Several files are read as one, in the order of "
	"time.\n\n"
	"Every finding shows what was measured beside the rule's thresholds, and how much "
	"of the traffic was lost. With --db the findings are kept with the messages that "
	"show them; `vedette show`, `vedette pack` and `vedette replay` take it from "
	"there.\n\n"
	"The same input always gives the same findings, with any number of workers.",
	.start = "vedette observe capture.pcap",
	.groups = groups, .run = run,
};
