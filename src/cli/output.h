/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.h - the options of commands that print findings, and the printing. */
#pragma once
#include "base/opt.h"
#include "model/report.h"

struct output_conf {
	bool json, verbose;
	const char *html;
	int severity;		/* enum severity: what is shown, at least */
	int fail_on;		/* enum severity, or SEVERITY_COUNT for never */
};
extern const struct opt output_rows[];

struct finding;
/* Prints the findings (in order) and the report as the options say: text or JSON Lines to
 * standard output, a page to the file of --html. An enum status; STATUS_FOUND by fail_on. */
int output_findings(const struct output_conf *c, struct finding *const *findings, u32 count,
		    const struct run_report *report, const char *title);
