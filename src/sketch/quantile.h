/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantile.h - quantiles of a number (latency, size) within 1/32 of the truth.
 *
 * A histogram whose buckets grow with the value, as in DDSketch (Masson, Rim, Lee
 * 2019): any quantile is known within a fixed share of its value, however the
 * values are spread, and merging is adding. The bucket is read off the binary
 * form of the number, no logarithm is taken (the "linearly interpolated" mapping
 * of the DDSketch authors' own libraries; HdrHistogram cuts alike):
 *
 *   value  0001 01101 0110...    place of the highest bit, five bits after it
 *             |  '--- 32 buckets for each power of two, each 1/32 of it wide
 *             '------ powers from 2^5; below 32 each value has its bucket
 *
 * All of u64 fits: there is no clamp, and no bucket is ever thrown together.
 * 15 KiB. Counts stop at 2^64 - 1. Cost of adding: two loads, two stores. */
#pragma once
#include "sketch/part.h"

#define QUANTILE_STEPS 32u	/* buckets for one power of two */
#define QUANTILE_BUCKETS (60u * QUANTILE_STEPS)

struct quantile {
	u64 total;		/* values */
	u64 least, most;	/* exact; least is UINT64_MAX while total is 0 */
	u64 at[QUANTILE_BUCKETS];
};

/* Zeroed octets are not an empty one: init it. Merging takes in all of another. */
void quantile_init(struct quantile *q);
void quantile_add(struct quantile *q, u64 value);
void quantile_merge(struct quantile *into, const struct quantile *from);

/* The value of nearest rank ceil(share / 10,000 * total) lies in low..high, both
 * included: 5000 is the median, 9500 the 95th percentile, 0 the least, 10,000 the most.
 * high - low <= low / 32. Both are 0 while nothing was added. */
struct quantile_range { u64 low, high; };
struct quantile_range quantile_at(const struct quantile *q, unsigned share);
/* The middle of that range: within 1/64 of the true value. */
u64 quantile_mid(const struct quantile *q, unsigned share);

/* Packed: total, least, most, then the buckets that hold something. */
void quantile_pack(const struct quantile *q, struct buf *out);
/* 0 or OOPS_FORMAT, and then *q is empty. */
int quantile_unpack(struct quantile *q, struct rd *in);

extern const struct part part_quantile;
