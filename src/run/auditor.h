/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auditor.h - the locked-up half of an audit; audit.h is the other. */
#pragma once
#include "dns/name.h"
#include "run/audit.h"
#include "run/job.h"

#define AUDIT_FAMILIES_MAX 32u
#define AUDIT_ROWS_MAX 128u	/* of a family */

/* One audit of one file, for audit_one(). */
struct audit_task {
	const char *name;	/* of the zone file, "-" = standard input */
	u64 now;		/* ns; where --at does not say when */
	int since;		/* what to compare with, or -1 */
	const char *since_name;
	u64 since_time;
	int snapshot;		/* where the zone's snapshot is written, or -1 */
	int certificates;	/* the same for --certificates */
	bool series;
	audit_progress_fn *progress;
	void *to;
};
/* audit_run() of one file whose files are open. */
int audit_one(struct audit_result *ret, const struct opts *o, const struct audit_task *task,
	      char why[OPT_WHY]);

/* job_note.phase: what the auditor is at. From AUDIT_CHECKING on: the family's number. */
enum audit_phase { AUDIT_READING, AUDIT_SORTING, AUDIT_CHECKING };

/* What the parent hands to the auditor (by fork). */
struct audit_setup {
	const char *name;		/* of the file, for people */
	int fd;
	u64 size;			/* of it; 0 = not known */
	bool transfer;			/* fd is a connection to a server: AXFR */
	u16 id;				/* of the question then */
	struct transfer_key *key;	/* may be NULL */
	bool has_origin;
	u8 origin[NAME_WIRE_MAX];
	u64 memory, unpacked, most;
	struct audit_input input;	/* without troubles */
	const void *family_conf[AUDIT_FAMILIES_MAX];	/* by the order of check_families[] */
	bool wanted[AUDIT_FAMILIES_MAX];
	bool crashed[AUDIT_FAMILIES_MAX];	/* left out for that */
	bool progress;
	bool careful;			/* one family at a time: one of them crashed */
	int files[AUDIT_FILES];		/* descriptors of audit_input.files, -1 = not given */
	/* What is compared with the zone: a snapshot or an older zone file; -1 = nothing. */
	int since;
	const char *since_name;
	u64 since_time;			/* seconds: when that file was written last */
	u64 history;			/* seconds for which moves are remembered */
	bool snapshot;			/* the zone's own is wanted */
	bool certificates;		/* proofs of what is said are wanted */
	bool series;			/* the file may be a snapshot, and says when it was */
	u64 time;			/* as since_time, of the zone file */
};

/* ---- audit_conf.c ---- */

#define AUDIT_WORKERS_MAX 64u

/* What the options say, into the setup (but files): 0, or OOPS_RANGE or OOPS_UNKNOWN and a
 * sentence, as audit_run(). `now`: ns, where --at says nothing. */
int audit_take_options(struct audit_setup *s, const struct opts *o, u64 now, char why[OPT_WHY]);
/* A name as people give it: what is no letter, digit, hyphen or the like stands behind a
 * backslash. As name_parse(): 0 or OOPS_FORMAT. */
int audit_name(const char *text, u8 *to);

#define TRANSFER_IDLE_S 30u	/* without an octet */
#define TRANSFER_MOST_S 3600u	/* of a whole transfer */

/* ---- audit_transfer.c ---- */

bool audit_is_transfer(const char *name);	/* "axfr:..." */
/* Connects, reads the key out of a file (NULL = none) and sets what a transfer needs. 0;
 * OOPS_RANGE, OOPS_TYPE and a sentence, as audit_run(). */
int audit_transfer_open(struct audit_setup *s, const char *name, const char *keys,
			char why[OPT_WHY]);

/* The job (job.h): 0 when the end was reached. */
int auditor_run(int socket, struct job_note *note, void *setup);
