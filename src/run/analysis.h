/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis.h - one analysis from outside: inputs in, findings, evidence and report out.
 *
 * The parent's half: it opens the inputs, starts the analyser in its sandbox, takes in
 * frames, and trusts none of them (findings are parsed strictly, evidence is hashed anew).
 * When the analyser crashes, the frame that it noted is left out and the inputs are read
 * again from the start (so nothing else is lost), up to POISONS_MAX times; a pipe from its
 * spool. What a spool does not hold whole is said to be lost. */
#pragma once
#include "model/evidence.h"
#include "model/report.h"
#include "run/worker.h"

struct packed { u8 *at; u32 len; u8 id[32]; };

struct analysis {
	struct finding **findings;	/* in the order of finding_compare() */
	struct packed *evidence;
	u32 finding_count, evidence_count, finding_room, evidence_room;
	u64 evidence_octets;
	struct report_box report;
	char label[MARKING_TEXT_MAX];	/* of what was read, and so of all that was found */
	char crashes[POISONS_MAX + 2][600];	/* one sentence each */
	unsigned crash_count;
	char spool[600];		/* a sentence about what came by a pipe; "" = none */
	bool complete;			/* the analyser came to its end */
	bool unread;			/* an input could not be read, not to its end, or not
					 * every frame of it */
};

#define ANALYSIS_EVIDENCE_MAX (512ull << 20)

/* How far it is: octets done and in all (0 = not known), frames, findings so far. */
struct analysis_step { u64 done, all, frames, found; };
typedef void progress_fn(void *to, const struct analysis_step *step);	/* may be NULL */

/* Analyses the inputs ("-" = standard input) with the options of `o` (run_groups() among
 * its groups). 0, or negative with one sentence in why[OPT_WHY]. *ret is always good for
 * analysis_free(). */
int analysis_run(struct analysis *ret, const struct opts *o, const char *const *names,
		 unsigned count, progress_fn *progress, void *to, char why[OPT_WHY]);
void analysis_free(struct analysis *a);
/* An item by its id, or NULL. */
const struct packed *analysis_evidence(const struct analysis *a, const u8 id[32]);
