/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.h - findings, their evidence and the runs that made them, in one file.
 *
 *   finding --< feature, related, finding_evidence ~~ evidence (by SHA-256)
 *      >--- run_finding ---< run (arguments, report, statistics)
 *
 * Embedded SQLite; the columns are made from the lists in model/finding.h. What
 * store_commit() (or a call that says "commits") returned 0 for is on the disk:
 * kill -9 and power loss take nothing of it. Until then it is one transaction
 * that other processes do not see; they wait STORE_BUSY_MS for it at most.
 *
 * The same finding from two runs is one row with two run links. When the runs
 * measured differently, the row is the one that rests on more frames; of equals
 * the later one. So the order in which sites deliver does not matter. Its label is the
 * strictest that any of them gave it.
 *
 * A file is of use to this program when its application id is ours and its schema
 * version is ours or older (then it is brought up in one transaction). The file
 * may come from a stranger: views and triggers in it are not run, every value is
 * checked as it is read.
 *
 * Errors are negative ints; store_error() has one clear sentence for the last one.
 * After an error in a transaction the whole of it is undone.
 * Not here: formats (share/), incidents (respond/), a cluster's store. */
#pragma once
#include "model/finding.h"
#include "model/report.h"

#define STORE_WHY 600
#define STORE_BUSY_MS 10000
#define STORE_PREFIX_MIN 4	/* hex digits of an id */
#define STORE_PACKED_MAX (128u << 10)

struct store;
enum store_mode {
	STORE_READ,	/* the file must exist */
	STORE_WRITE,	/* made when it does not, readable by owner and group */
};

/* Opens: 0 and *ret, or negative and the sentence in why[]. */
int store_open(struct store **ret, const char *path, enum store_mode mode,
	       char why[STORE_WHY]);
/* Undoes what is not committed. Takes NULL, gives NULL. */
struct store *store_close(struct store *s);
/* Copies the store as of this moment to a file that must not exist yet (-EEXIST), while others
 * write; the copy is checked and on the disk when it gets its name. 0, or negative and the
 * sentence in why[]. */
int store_backup(struct store *s, const char *to, char why[STORE_WHY]);
/* The sentence of the last error; "" before the first. */
const char *store_error(const struct store *s);

/* A number that changes when another connection has committed something: a cheap look
 * before a dear one. 0 or negative. */
int store_version(struct store *s, u64 *ret);

struct store_looked {	/* when, the last revision of a finding, the last event */
	u64 at, revision, event;
};

struct store_run {
	u64 number;		/* given by the store, from 1 */
	u64 started, ended;	/* ns; ended 0 = it did not come to its end */
	const char *version, *arguments;
	const char *label;	/* of what it read (model/label.h); when it begins NULL or "" is
				 * MARKING_FOUND */
	struct run_report report;	/* read back only; zero until it ended */
};

/* Begins a run; what is added next belongs to it. Commits. run->number, ended and
 * report are not read. */
int store_begin_run(struct store *s, const struct store_run *run);
/* The number of the run that has begun and not ended; 0 = none. */
u64 store_run_number(const struct store *s);
/* Adds a packed item (model/evidence.h) under its SHA-256; known ones are kept. */
int store_add_evidence(struct store *s, const u8 *packed, size_t n);
/* Adds a finding with its right id: 1 when it was not known, 0 when it was. */
int store_add_finding(struct store *s, const struct finding *f);
/* Keeps a document beside the run that adds: its name, its text (STORE_PART_MAX octets). */
#define STORE_PART_MAX (4u << 20)
int store_add_part(struct store *s, const char *name, const char *text);
int store_commit(struct store *s);
/* Ends the run with what it did. Commits. */
int store_end_run(struct store *s, u64 ended, const struct run_report *report);

enum store_order { STORE_BY_SEVERITY, STORE_BY_TIME };
struct store_filter {	/* zeroed: everything */
	const char *rule;	/* prefix of the catalogue id */
	const char *subject;	/* whole subject, ASCII case folded */
	enum severity severity;	/* at least */
	u64 since, until;	/* the window overlaps [since, until); 0 = open */
	u64 run;		/* only findings of this run */
	const char *id;		/* only the finding of this whole id */
	u64 limit;		/* at most so many */
	enum store_order order;	/* finding_compare(), or latest window first */
};

/* Called for each finding, which is a view; a value other than 0 stops. Neither
 * this nor the other callbacks may use the store. */
typedef int store_finding_fn(void *to, const struct finding *f);
/* Called for each message that the finding refers to, in its order; packed is
 * NULL when it is not in the store. */
typedef int store_evidence_fn(void *to, const u8 hash[32], const u8 *packed, size_t n);
typedef int store_run_fn(void *to, const struct store_run *run);
/* Beside a run, under its label; a view. */
struct store_part { u64 run, started; const char *text, *label; };
typedef int store_part_fn(void *to, const struct store_part *p);
