/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.h - findings, evidence and runs out of the store. Only respond/ may include this:
 * what people and formats get comes through respond/gate.h. */
#pragma once
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

/* As store_each_finding(). An item that is not what its hash says: OOPS_CHANGED. */
int store_evidence(struct store *s, const struct finding *f,
		   store_evidence_fn *each, void *to);

/* Runs in the order they began; with a filter only those that made one of its
 * findings (order and limit are not read). */
int store_each_run(struct store *s, const struct store_filter *made,
		   store_run_fn *each, void *to);
