/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.c - `vedette verify`: a zone in, what is wrong with it out. */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/stored.h"
#include "cli/term.h"
#include "run/keep.h"
#include <time.h>

static struct stored_conf stored;
static struct output_conf output;

static unsigned groups(struct opt_group *out, unsigned max)
{
	unsigned n = audit_groups(out, max - 2);

	out[n++] = (struct opt_group){ "", N_("Output"), output_rows, &output };
	out[n++] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	return n;
}

static u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (u64)now.tv_sec * 1000000000ull + (u64)now.tv_nsec;
}

static void progress(void *to, const char *text, u64 done, u64 all)
{
	(void)to;
	(void)done;
	(void)all;
	term_progress(text);
}

static void say_troubles(const struct audit_result *r)
{
	for (unsigned i = 0; i < r->crash_count; i++)
		say_error("%s", r->crashes[i]);
}

/* ---- keeping ---- */

static int store_all(const struct audit_result *r, u64 started, int argc, char **argv)
{
	struct store_run run = { .started = started, .version = VEDETTE_VERSION };
	struct buf arguments = { 0 };
	char why[STORE_WHY];
	struct store *s;
	int rc;

	if ((rc = store_open(&s, stored.db, STORE_WRITE, why)) < 0) {
		say_error("%s", why);
		return rc;
	}
	buf_text(&arguments, "verify");
	for (int i = 0; i < argc; i++)
		buf_fmt(&arguments, " %s", argv[i]);
	run.arguments = buf_str(&arguments);
	rc = keep_audit(s, r, &run, now_ns);
	if (rc < 0)
		say_error("%s", store_error(s)[0] ? store_error(s) : oops_text(rc));
	buf_free(&arguments);
	store_close(s);
	return rc;
}

/* ---- the command ---- */

struct reading {
	const struct audit_result *r;
	struct finding *f;
};

static const struct finding *finding_at(void *of, u32 i)
{
	const struct reading *from = of;

	return audit_finding(from->r, i, from->f) == 0 ? from->f : NULL;
}

static int print(const struct audit_result *r)
{
	struct reading reading = { r, malloc(sizeof *reading.f) };
	const struct output_from from = { r->finding_count, finding_at, &reading };
	int status = STATUS_TROUBLE;

	if (reading.f)
		status = output_from(&output, &from, &r->report.report, _("What Vedette "
			"verified"));
	free(reading.f);
	return status;
}

/* The AS of servers is looked up in two tables; with one, nearly every delegation has a server
 * of which it is not known. */
static bool lacks_a_table(const struct finding *f)
{
	for (u32 i = 0; i < f->feature_count; i++)
		if (strcmp(f->features[i].name, "unknown") == 0)
			return strcmp(f->rule, "sharing.spread") == 0 &&
			       strcmp(f->subject, "as") == 0 && f->features[i].value > 0.5;
	return false;
}

static void say_table(const struct audit_result *r, const struct opts *o)
{
	const bool four = opts_source(o, "", "asn") != OPT_DEFAULT,
		six = opts_source(o, "", "asn6") != OPT_DEFAULT;
	struct reading reading = { r, four != six ? malloc(sizeof *reading.f) : NULL };

	for (u32 i = 0; reading.f && i < r->finding_count; i++) {
		const struct finding *f = finding_at(&reading, i);

		if (f && lacks_a_table(f)) {
			say_error("the AS of most delegations' servers is not known: --asn and "
				  "--asn6 name one table each, and only --%s was given",
				  four ? "asn" : "asn6");
			break;
		}
	}
	free(reading.f);
}

static int verify(bool series, int argc, char **argv, const struct opts *o)
{
	struct audit_result r;
	char why[OPT_WHY];
	u64 started = now_ns();
	int status, rc;
	bool kept;

	if (!output_may(&output))
		return STATUS_USAGE;
	if (series)
		rc = audit_series(&r, o, argv + 1, (unsigned)argc - 1, progress, NULL, why);
	else
		rc = audit_run(&r, o, argv[1], started, progress, NULL, why);

	term_progress_end();
	say_troubles(&r);
	if (rc == 0) {
		/* Stored first: a reader who closes the pipe ends the printing. */
		kept = stored.db == NULL || store_all(&r, started, argc, argv) == 0;
		status = print(&r);
		say_table(&r, o);
		if (!kept)
			status = STATUS_TROUBLE;
		else if (status != STATUS_TROUBLE && r.unread)
			status = STATUS_INPUT;
	} else {
		say_error("%s", why);
		status = rc == OOPS_UNKNOWN || rc == OOPS_RANGE ? STATUS_USAGE :
			 rc == OOPS_TYPE ? STATUS_INPUT : STATUS_TROUBLE;
	}
	audit_result_free(&r);
	return status;
}

static int run(int argc, char **argv, struct opts *o)
{
	bool series = strcmp(argv[0], "series") == 0;

	if (!series && strcmp(argv[0], "zone")) {
		say_error("'%s' is nothing that can be verified; write 'vedette verify zone FILE' "
			  "or 'vedette verify series FILE...'", argv[0]);
		return STATUS_USAGE;
	}
	if (series ? argc >= 3 : argc == 2)
		return verify(series, argc, argv, o);
	if (series)
		say_error("a series has two files at least, the oldest first");
	else
		say_error("one zone at a time; several files of one zone in the "
			  "course of time are a series");
	return STATUS_USAGE;
}

const struct command command_verify = {
	.name = "verify", .args = "zone FILE | series FILE...", .least = 2, .most = CLI_ANY,
	.summary = N_("audit a zone and every delegation in it"),
	.story =
	N_("Reads a zone file (RFC 1035, 5; also compressed with gzip, xz, zstd or lz4) "
	"and prints what is wrong with it, with the line and the name: its structure, "
	"its signatures at the instant of --at, its delegations. \"-\" stands for "
	"standard input. A line that cannot be read is a finding, and the rest is "
	"audited. Files named by $INCLUDE are read when they lie in the zone file's "
	"folder or below it. axfr:NAME@SERVER[:PORT][#KEY] in place of a file asks a "
	"server for the zone (RFC 5936); the key (TSIG, RFC 8945) stands in the file of "
	"--tsig-file.\n\n"
	"  vedette verify zone example.org.zone\n"
	"  vedette verify zone --at 20260101 --json root.zone.gz\n"
	"  vedette verify zone axfr:example.org@192.0.2.53#transfer --tsig-file "
	"keys.conf\n\n"
	"With --snapshot FILE it leaves what the next audit's --since FILE needs to tell "
	"what changed: new, gone and moved delegations, and those changes that look like "
	"a hijack. `vedette verify series` compares files of one zone, zone files or "
	"snapshots, the oldest first.\n\n"
	"  vedette verify zone --since mon.snap --snapshot tue.snap tld.zone\n"
	"  vedette verify series root-2024*.zone.xz\n\n"
	"`vedette explain` says what each finding means and what to do. Of each check "
	"the first findings are told (--most) and the others counted. The same zone and "
	"instant give the same findings, with any number of threads.\n\n"
	"The exit status is 1 when something of --fail-on or more was found, 3 when not "
	"all of the zone could be read."),
	.start = "vedette verify zone example.org.zone",
	.groups = groups, .run = run,
};
