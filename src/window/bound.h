/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bound.h - how much a domain's names and answers can have carried, at most.
 *
 * The sum of octets over distinct sub-domains (out) and distinct records (in): exact while
 * the sample is not full, else estimated and widened to be too low with probability below
 * one in a million; never above the plain sum over all messages, which is a bound as well
 * (queries and responses together, because a lossy capture may hold a name in one of them
 * only). Inward, the choice among known records counts besides. What a full table may have
 * lost is added. */
#pragma once
#include "window/window.h"

struct bound {
	double names, out;	/* estimated number of distinct names, sum of their octets */
	double records, in;	/* the same for records in all sections */
	u64 most_out, most_in;	/* the bounds, in octets */
	u64 questions;		/* queries or responses, whichever are more */
};

/* How many different names: exact while the sample is not full, else within 13 %. */
double names_of(const struct window *w, const struct domain_sum *d);
/* Share of names that are reversed addresses, and whether what stands behind them is the same
 * few things (a list's zone, a customer's key) or as new as the names. */
double names_numeric(const struct window *w, const struct domain_sum *d, bool *same);
/* Octets behind the longest label of a name in a domain's sample, which is no reversed address;
 * the same names' `least` is equal where they end alike. */
static inline unsigned name_rest(const struct sampled *it) { return it->least >> 16; }
void bound_of(struct bound *ret, const struct window *w, const struct domain_sum *d);
