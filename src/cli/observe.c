/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.c - `vedette observe`: DNS traffic in, findings out. */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "run/analysis.h"

static int run(int argc, char **argv, struct opts *o)
{
	struct analysis a;
	char why[OPT_WHY];
	struct buf out = { 0 };
	int rc = analysis_run(&a, o, (const char *const *)argv, (unsigned)argc, NULL, NULL, why);

	if (rc < 0) {
		say_error("%s", why);
		return STATUS_TROUBLE;
	}
	for (u32 i = 0; i < a.finding_count; i++) {
		finding_json(&out, a.findings[i]);
		buf_byte(&out, '\n');
	}
	report_json(&out, &a.report.report);
	buf_byte(&out, '\n');
	rc = say_print(&out);
	buf_free(&out);
	analysis_free(&a);
	return rc;
}

const struct command command_observe = {
	.name = "observe", .args = "FILE...", .least = 1, .most = CLI_ANY,
	.summary = "find threats in DNS traffic",
	.story = "Reads captures and says what it finds.",
	.groups = run_groups, .run = run,
};
