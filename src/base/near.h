/* SPDX-License-Identifier: GPL-3.0-or-later */
/* near.h - "did you mean ...?"
 *
 * Start with what was written, show it every name that would do, ask for the
 * nearest one. Distance: insertions, deletions, changes and swaps of neighbours
 * (optimal string alignment); a name that begins with what was written is one
 * step away. Too far is no answer: 1 step up to three letters, 2 up to seven, 3
 * beyond. Names over NEAR_MAX octets are passed over.
 *
 * Cost: O(length x length) a name; no allocation. */
#pragma once
#include "base/base.h"

#define NEAR_MAX 63

struct near {
	const char *wanted;	/* view */
	char best[NEAR_MAX + 1];
	unsigned steps;		/* of best; 0 = none yet */
};

/* Begins a search for the name nearest to `wanted`. */
struct near near_to(const char *wanted);
/* Offers a name. */
void near_try(struct near *n, const char *name);
/* The nearest name tried (lives in *n), or NULL. */
const char *near_best(const struct near *n);
