/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keep.h - results of an analysis or an audit into a store, as one run: a reader of the store
 * sees nothing of it, or all. The run is marked as its result is. */
#pragma once
#include "run/analysis.h"
#include "run/audit.h"
#include "store/store.h"

typedef u64 keep_clock_fn(void);	/* ns */
/* Begins the run, adds all, ends it at what the clock says then. run->number is the new run's.
 * 0, or negative and the sentence in store_error() (may be ""). */
int keep_analysis(struct store *s, const struct analysis *a, struct store_run *run,
		  keep_clock_fn *now);
int keep_audit(struct store *s, const struct audit_result *r, struct store_run *run,
	       keep_clock_fn *now);
