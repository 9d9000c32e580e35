/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.c - `vedette observe`: DNS traffic in, findings out. */
#include "cli/analyse.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/stored.h"
#include "run/keep.h"
#include <time.h>

static struct stored_conf conf;
static struct output_conf output;

static unsigned groups(struct opt_group *out, unsigned max)
{
	unsigned n = run_groups(out, max - 2);

	out[n++] = (struct opt_group){ "", N_("Output"), output_rows, &output };
	out[n++] = (struct opt_group){ "", N_("Store"), stored_rows, &conf };
	return n;
}

static u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (u64)now.tv_sec * 1000000000ull + (u64)now.tv_nsec;
}

static void join_arguments(struct buf *out, int argc, char **argv)
{
	buf_text(out, "observe");
	for (int i = 0; i < argc; i++)
		buf_fmt(out, " %s", argv[i]);
}

static int store_all(const struct analysis *a, u64 started, int argc, char **argv)
{
	struct store_run run = { .started = started, .version = VEDETTE_VERSION };
	struct buf arguments = { 0 };
	struct store *s;
	char why[STORE_WHY];
	int rc;

	if ((rc = store_open(&s, conf.db, STORE_WRITE, why)) < 0) {
		say_error("%s", why);
		return rc;
	}
	join_arguments(&arguments, argc, argv);
	run.arguments = buf_str(&arguments);
	rc = keep_analysis(s, a, &run, now_ns);
	if (rc < 0)
		say_error("%s", store_error(s));
	buf_free(&arguments);
	store_close(s);
	return rc;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct analysis a;
	u64 started = now_ns();
	int status;
	bool stored;

	if (!output_may(&output))
		return STATUS_USAGE;
	status = analyse(&a, o, argc, argv);

	if (status == STATUS_FINE) {
		/* Stored first: a reader who closes the pipe ends the printing, and the program. */
		stored = conf.db == NULL || store_all(&a, started, argc, argv) == 0;
		if (output.json || !analyse_nothing(&a))
			status = output_findings(&output, a.findings, a.finding_count,
						 &a.report.report, _("What Vedette observed"));
		status = analyse_end(&a, stored ? status : STATUS_TROUBLE);
	}
	analysis_free(&a);
	return status;
}

const struct command command_observe = {
	.name = "observe", .args = "FILE...", .least = 1, .most = CLI_ANY,
	.summary = N_("find threats in DNS traffic"),
	.story =
	N_("Reads captures (pcap, pcapng; also compressed with gzip, xz, zstd or lz4), "
	"finds the DNS messages in them and prints what it found: data carried through "
	"DNS, clients that ask for machine-made names, random-subdomain floods, "
	"reflection. \"-\" stands for standard input. Several files are read as one, in "
	"the order of time.\n\n"
	"Every finding shows what was measured beside the rule's thresholds, and how "
	"much of the traffic was lost. With --db the findings are kept with the messages "
	"that show them; `vedette show`, `vedette pack` and `vedette replay` take it "
	"from there.\n\n"
	"The same input always gives the same findings, with any number of workers."),
	.start = "vedette observe capture.pcap",
	.groups = groups, .run = run,
};
