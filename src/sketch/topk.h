/* SPDX-License-Identifier: GPL-3.0-or-later */
/* topk.h - the heaviest keys of a stream, in room for k of them, with true bounds.
 *
 * Space-saving (Metwally, Agrawal, El Abbadi 2005) with weights: a key that has no
 * counter takes that of the lightest key, and begins at what that one had, since
 * it cannot have had more before. So for each counter
 *
 *   weight - error <= true weight of the key <= weight,   error <= floor
 *
 * and a key without a counter has at most `floor`; floor <= total / k. While no
 * more than k keys were seen floor and errors are 0 and everything is exact.
 *
 * Merging keeps all of that (Agarwal et al., Mergeable Summaries, 2012): what a
 * side does not know counts for its floor; the k heaviest of the union stay. It is
 * commutative to the octet; associative to the octet only while exact, else the
 * bounds are the law.
 *
 *   counters  | heap of k, lightest first: key, weight, error |
 *   index     | 2k slots or more: place in the heap + 1 | and the way back |
 *
 * One rule decides ties: of two equal weights the greater key is the lighter, so
 * equal streams give equal answers. Cost of adding: one probe and O(log k).
 * Memory: 36 to 44 octets a counter; k is fixed at the start. */
#pragma once
#include "sketch/part.h"

#define TOPK_MAX 65535u

struct topk_counter { u64 key, weight, error; };

struct topk {
	u32 k, used;
	u32 slots;	/* of the index: a power of two */
	u32 unused;
	u64 floor;	/* most that a key without a counter may weigh */
	u64 total;	/* weight of everything seen */
	/* Counters and index follow. */
};

/* Octets for a topk of k counters (1 to TOPK_MAX), aligned to 8. */
size_t topk_size(u32 k);
/* Makes topk_size(k) octets of the caller's an empty topk. */
void topk_init(struct topk *t, u32 k);

/* Keys are 64-bit hashes. A weight of 0 changes nothing. */
void topk_add(struct topk *t, u64 key, u64 weight);
/* Both have the same k. */
void topk_merge(struct topk *into, const struct topk *from);
/* The counter of a key, or NULL; good until the next change. */
const struct topk_counter *topk_find(const struct topk *t, u64 key);
/* The n heaviest (or fewer), heaviest first, equal ones by key; how many. `out`
 * has room for n. */
u32 topk_heaviest(const struct topk *t, struct topk_counter *out, u32 n);

/* Packed: counters by rising key, so that equal contents give equal octets. */
void topk_pack(const struct topk *t, struct buf *out);
/* Into a topk that was made: 0 or OOPS_FORMAT, and then it is empty. */
int topk_unpack(struct topk *t, struct rd *in);

/* 64 counters in a fixed size. */
#define TOPK_PART_K 64
extern const struct part part_topk;
