/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts.c - the registry of mergeable parts of a fixed size: one row each.
 *
 * Not here: sample.h, whose items live in a pool; its laws have a test of their own. */
#include "sketch/distinct.h"
#include "sketch/histogram.h"
#include "sketch/quantile.h"
#include "sketch/topk.h"

const struct part *const parts[] = {
	&part_distinct,
	&part_distinct12,
	&part_quantile,
	&part_tally,
	&part_sizes,
	&part_topk,
	NULL
};
