/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit.h - one audit of a zone from outside: a file in, findings, evidence and report out.
 *
 *   parent: opens files, keeps what comes back     auditor (job.h): reads, checks
 *     zone file's descriptor ------------------------>  zone/read.h
 *     <-- "sub/db.example"? -- descriptor or why not -> $INCLUDE
 *     <-- findings, evidence, report (link/codec.h) --  verify/
 *
 * The parent trusts nothing that comes back: findings are parsed strictly, evidence is hashed
 * anew. Findings are kept as the JSON they came as, because a zone of millions of names can
 * have many: about 1.5 KB each.
 *
 * A family of checks that crashes is left out and the zone is audited again; a crash while
 * the zone is read ends the audit with a sentence. */
#pragma once
#include "base/buf.h"
#include "model/finding.h"
#include "model/report.h"
#include "verify/verify.h"

#define AUDIT_FINDINGS_MAX 1000000u	/* taken from one audit */
#define AUDIT_OCTETS_MAX (4ull << 30)	/* of them together, and of the evidence */

struct audit_item {	/* a finding as JSON, or packed evidence */
	char *at;
	u32 len, place;			/* place: as it came */
	enum severity severity;
	char rule[48];
	u8 id[32];
};

struct audit_result {
	struct audit_item *findings;	/* by severity, rule, and as the families said them */
	struct audit_item *evidence;	/* by id, each once */
	u32 finding_count, evidence_count, finding_room, evidence_room;
	u64 octets;
	char *picture;			/* verify/picture.h, or NULL */
	char label[MARKING_TEXT_MAX];	/* of what was read, and so of all that was found */
	struct report_box report;
	char crashes[8][400];		/* one sentence each */
	unsigned crash_count;
	bool complete;
	bool unread;			/* not everything of the zone could be read */
};

struct audit_run_conf {
	const char *origin, *at, *only, *suffixes, *hash_key, *since, *snapshot, *what_if,
		*tsig_file, *marking;
	const char *certificates;
	const char *files[AUDIT_FILES];
	u64 memory, unpacked, workers, most, history;
};
extern const struct opt audit_run_rows[];

/* The groups of an audit: the general one and one a family. Their number. */
unsigned audit_groups(struct opt_group *out, unsigned max);

/* How far it is, in words, "reading: 41 %", and in octets (all 0 = not known). May be NULL. */
typedef void audit_progress_fn(void *to, const char *text, u64 done, u64 all);

/* Audits the zone in a file ("-" = standard input) with the options of `o` (audit_groups()
 * among its groups). `now`: the instant where --at does not say one, ns. 0, or negative with one
 * sentence in why[OPT_WHY]: OOPS_UNKNOWN or OOPS_RANGE for a wrong
 * option, OOPS_TYPE for a file that cannot be opened. *ret is always
 * good for audit_result_free(). */
int audit_run(struct audit_result *ret, const struct opts *o, const char *name, u64 now,
	      audit_progress_fn *progress, void *to, char why[OPT_WHY]);
/* Audits several files of one zone as a series: each is compared with the one before, at the
 * instant that its serial says (YYYYMMDDnn), or at which the file was written last. Only
 * changes are looked at, unless --only names other families. As audit_run(). */
int audit_series(struct audit_result *ret, const struct opts *o, char *const *names,
		 unsigned count, audit_progress_fn *progress, void *to, char why[OPT_WHY]);
void audit_result_free(struct audit_result *r);
/* A finding of the result, by its place: 0, or negative when it is no good. */
int audit_finding(const struct audit_result *r, u32 i, struct finding *ret);
/* An instant as people write it: RFC 3339, a date, YYYYMMDD, YYYYMMDDHHMMSS, Unix seconds.
 * 0 or OOPS_FORMAT. */
int audit_instant(const char *text, u64 *ret_ns);
