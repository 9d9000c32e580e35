/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.h - findings, evidence and runs out of the store. Only respond/ may include this:
 * what people and formats get comes through respond/gate.h. */
#pragma once
#include "model/label.h"
#include "store/store.h"

/* 0, what the callback stopped with, or negative. A snapshot: what others commit
 * meanwhile is not seen. */
int store_each_finding(struct store *s, const struct store_filter *filter,
		       store_finding_fn *each, void *to);
/* How many findings the filter has without its limit: 0 or negative. */
int store_count(struct store *s, const struct store_filter *filter, u64 *ret);
/* The finding whose id begins with `id` (STORE_PREFIX_MIN digits or more): 0,
 * OOPS_UNKNOWN (or no id at all), or OOPS_LIMIT when several begin so; the
 * sentence lists some of them. */
int store_finding(struct store *s, const char *id, struct finding *ret);
/* The same among those that are() true of; negative: that ends it. */
typedef int store_is_fn(void *to, const struct finding *f);
int store_finding_among(struct store *s, const char *id, store_is_fn *are, void *to,
			struct finding *ret);

/* As store_each_finding(). An item that is not what its hash says: OOPS_CHANGED. */
int store_evidence(struct store *s, const struct finding *f,
		   store_evidence_fn *each, void *to);
/* The first item of the finding with that number, if it has one. */
int store_first_evidence(struct store *s, u64 number, store_evidence_fn *each, void *to);

struct store_runs {
	const struct store_filter *made;	/* only those that made one of its findings
						 * (order and limit are not read); NULL = all */
	u64 before;		/* only those with a smaller number; 0 = all */
	u64 limit;		/* at most so many; 0 = all */
	struct marking clearance;	/* only those whose label it allows */
};
/* Runs in the order they began (`before` is not read). */
int store_each_run(struct store *s, const struct store_runs *which, store_run_fn *each, void *to);
/* The latest first (`made` is not read). */
int store_latest_runs(struct store *s, const struct store_runs *which, store_run_fn *each,
		      void *to);

/* ---- for an index in memory (respond/sieve.h) ---- */

struct store_brief {	/* of a finding; texts are views */
	u64 number, revision;
	const char *id, *rule, *subject_kind, *subject, *zone, *label, *sentence;
	u64 from, until, confidence;
	enum severity severity;
};
typedef int store_brief_fn(void *to, const struct store_brief *b);
/* Findings that were written (new, or measured anew) since that revision, in that order; 0:
 * all. Out of an index that holds nothing else. */
int store_each_brief(struct store *s, u64 since, store_brief_fn *each, void *to);
/* The revision of the finding that was written last; 0: there are none. */
int store_revision(struct store *s, u64 *ret);
/* The largest number of a finding: no more than so many are there. */
int store_most(struct store *s, u64 *ret);

struct store_place {	/* a finding as a member of an incident */
	u64 finding, incident;
	struct marking marking;	/* the member's own */
};
typedef int store_place_fn(void *to, const struct store_place *p);
struct store_places { u64 finding, incident; };	/* of one of them; both 0: all */
/* There must be a desk. */
int store_each_place(struct store *s, const struct store_places *of, store_place_fn *each,
		     void *to);
/* A finding by its number in the file, with or without its lists and summary. */
int store_numbered(struct store *s, u64 number, bool whole, struct finding *ret);
typedef int store_number_fn(void *to, u64 number);
/* Findings that name a party so, those stored last first, or (`begins`) one whose name begins
 * so; at most `limit`. */
int store_each_related(struct store *s, const char *name, bool begins, u64 limit,
		       store_number_fn *each, void *to);
/* The marking that a thing has as a member of incidents, joined to *all. There must be a
 * desk. `kind`: enum member_kind. */
int store_join_member(struct store *s, unsigned kind, const char *id, struct marking *all);
/* It came to its end: nothing is added to it any more. */
int store_run_ended(struct store *s, u64 run, bool *ret);
int store_each_of_run(struct store *s, u64 run, store_number_fn *each, void *to);
/* Documents of that name beside runs (0 = all), the latest first. */
int store_each_part(struct store *s, const char *name, u64 run, store_part_fn *each,
		    void *to);
/* What is read between the two is as of one moment; nothing when a transaction is open. */
int store_snapshot(struct store *s, bool *ours);
void store_snapshot_end(struct store *s, bool ours);
