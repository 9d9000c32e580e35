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
/* Findings that are not all in memory as such. */
struct output_from {
	u32 count;
	/* The finding at a place, good until the next call; NULL when it is not to be had. */
	const struct finding *(*at)(void *of, u32 i);
	void *of;
};
/* Prints the findings (in order) and the report as the options say: text or JSON Lines to
 * standard output, a page to the file of --html. An enum status; STATUS_FOUND by fail_on. */
int output_findings(const struct output_conf *c, struct finding *const *findings, u32 count,
		    const struct run_report *report, const char *title);
/* The same of findings that are made one by one. */
int output_from(const struct output_conf *c, const struct output_from *from,
		const struct run_report *report, const char *title);

/* Is --html, where it is given, a file that may be written over? Asked before the work is done;
 * else it was said why not. */
bool output_may(const struct output_conf *c);

/* May what is written under this name be renamed into its place? A device, a pipe or a link is
 * written to instead. */
bool output_replaces(const char *name);
struct buf;
/* Writes octets to a file of that name: beside it and renamed when they are on the disk, where
 * that may be. 0 or negative: OOPS_KEPT for a store or a signing key, which nobody means to write
 * over. */
int output_write(const char *name, const struct buf *octets);
