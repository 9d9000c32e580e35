/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auditor_own.h - what the files of the auditor share: auditor.c reads and lets families look,
 * auditor_since.c has the snapshots, auditor_report.c what is told at the end. */
#pragma once
#include "link/codec.h"
#include "run/auditor.h"
#include "verify/audit.h"
#include "zone/transfer.h"
#include "zone/snapshot.h"
#include <pthread.h>
#include <stdatomic.h>

#define ROWS_MAX 700

struct rows { struct report_counter at[ROWS_MAX]; u32 count; };

struct auditor {
	const struct audit_setup *setup;
	int socket, error;		/* error: the first that sending met */
	struct job_note *note;
	pthread_mutex_t sending;
	struct buf out;
	struct zone *zone;
	struct zone_read_result read;
	struct snapshot *old, *now;
	struct zone_trouble old_cut;	/* why an older zone file is not whole; or no text */
	struct audit_file files[AUDIT_FILES];
	struct sig_marks marks;		/* good signatures, for the snapshot */
	struct zone_trouble *troubles;
	u32 trouble_count, trouble_room;
	u64 trouble_cases[ZONE_TROUBLE_KINDS];
	u64 at;				/* the instant of the audit, seconds */
	u64 last_progress;		/* tenths of a second */
	u64 begun;			/* a transfer: seconds of the monotonic clock */
	struct rows rows;
	char names[ROWS_MAX][64], texts[ROWS_MAX][96];
	u64 untold;
	struct { u64 cases, told; } counts[AUDIT_FAMILIES_MAX][AUDIT_ROWS_MAX];
	struct audit_counted counted[AUDIT_FAMILIES_MAX][AUDIT_COUNTS_MAX];
	unsigned counted_count[AUDIT_FAMILIES_MAX];
	struct audit_conf conf;		/* of every looker's audit, but where findings go */
	atomic_uint next;		/* turn that nobody has taken yet */
};

/* A thread that lets families look, one after the other. */
struct looker {
	struct auditor *a;
	struct job_note *note;
	struct buf out;
	pthread_t thread;
	int rc;
};

/* A frame to the parent; the first error stays in a->error. */
void auditor_send(struct auditor *a, enum codec_kind kind, const void *body, size_t n);
/* Ends the job with a sentence: OOPS_TYPE. */
int auditor_refuse(struct auditor *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* An included file; as zone_read_conf.include. */
int auditor_include(void *to, const char *name, char *why);

/* ---- auditor_since.c ---- */

/* Is the zone file a snapshot itself? */
bool since_is_snapshot(int fd);
/* What --since names, into a->old. */
int since_read_old(struct auditor *a);
/* A file of a series that is a snapshot: into a->now. */
int since_read_now(struct auditor *a);
/* The instant, and the snapshot of the zone that was read, when somebody wants it. */
int since_make_now(struct auditor *a);
/* It goes to the parent, with the signatures that were good. */
int since_send(struct auditor *a);

/* ---- auditor_report.c ---- */

/* Counters of the cases that were not told one by one. */
void auditor_count(struct auditor *a);
/* The report, the last frame but a snapshot's. */
void auditor_report(struct auditor *a);
/* Lines and files that could not be read. */
u64 auditor_left_out(const struct auditor *a);
