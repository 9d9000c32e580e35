/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample.h - a weighted sample of distinct things: bottom-k by rank.
 *
 * Every distinct thing has a hash u, uniform over 64 bits, and a weight w; its
 * rank is u / w. The sample keeps the k things of lowest rank (priority sampling
 * of Duffield, Lund and Thorup 2007, coordinated by hashing as in Cohen and Kaplan
 * 2007). Seeing a thing again changes nothing, so what is estimated is a sum over
 * *distinct* things:
 *
 *   below k things   the sum is exact
 *   from k on        each kept thing but the last stands for max(w, 1/T), T being the
 *                    last one's rank; standard error about 1/sqrt(k - 2)
 *
 * and any union of samples, in any order, is the sample of the union.
 *
 *   block of 64 octets     3 items   |fp|fp|fp|.| item | item | item |
 *            256          15 items    fp: low octet of each rank, searched
 *            1024         60 items        first, one cache line for all
 *
 * A full sample keeps its items as a heap with the greatest rank on top, which is the
 * next to go.
 *
 * Storage comes from a pool and grows with need; a sample that meets a full pool
 * stays at its size: still a true bottom-k sample, of lower k (`starved`; without even
 * a first block it is blind, and says so). Items carry three fields of the user's that
 * merge commutatively: `mark` by or, `least` by minimum, `value` belongs to the thing
 * (equal for equal things). */
#pragma once
#include "base/base.h"
#include "base/pool.h"

#define SAMPLE_K_MAX 60
#define SAMPLE_WEIGHT_MAX 65535u

struct sampled {
	u64 rank;
	u16 weight;
	u16 value;
	u32 mark : 8, least : 24;
};

enum starved {
	STARVED_SMALL = 1,	/* could not grow: a true sample of lower k */
	STARVED_BLIND = 2,	/* had no block at all for a while: it does not know what went
				 * by then, and estimates may be too low by any factor */
};

struct sample {		/* zeroed = empty */
	u64 bar;	/* rank of the last item of a full sample; above it nothing is
			 * taken; 0 = not full */
	u32 block;	/* in the pool */
	u8 count, room;	/* items there are, items that fit */
	u8 k;		/* items it may have; 0 = SAMPLE_K_MAX */
	u8 starved;	/* STARVED_ bits */
};

_Static_assert(sizeof(struct sampled) == 16, "blocks count on it");

/* Quick test for the hot path: false means that the thing is not in the sample
 * and will not be. */
static inline bool sample_wants(const struct sample *s, u64 hash, u32 weight)
{
	return s->bar == 0 || (unsigned __int128)(s->bar + 1) * weight > hash;
}

/* For batches: fetches ahead what a search looks at first, ... */
static inline void sample_hint(const struct sample *s, const struct pool *p)
{
	__builtin_prefetch(pool_at(p, s->block), 1);
}
/* The beginning of all that it holds, for who reads it from there. */
static inline void sample_fetch(const struct sample *s, const struct pool *p)
{
	const u8 *block = pool_at(p, s->block);

	for (u32 at = 0; at < 4; at++)
		__builtin_prefetch(block + 64 * at, 1);
}
/* ... and then the item of a thing, or the place where it will be. */
void sample_reach(const struct sample *s, const struct pool *p, u64 rank);

static inline u64 sample_rank(u64 hash, u32 weight) { return hash / weight; }

/* The item of a thing (weight 1..SAMPLE_WEIGHT_MAX), found or made; NULL when it is not
 * in the sample. A *fresh one has no value, no mark and the greatest `least`: the
 * caller fills them. Good until the next call with this pool. */
struct sampled *sample_place(struct sample *s, struct pool *p, u64 rank, u32 weight, bool *fresh);
static inline struct sampled *sample_item(struct sample *s, struct pool *p, u64 hash, u32 weight,
				       bool *fresh)
{
	return sample_place(s, p, sample_rank(hash, weight), weight, fresh);
}
/* Takes in all of another sample, which lives in another pool (or the same). */
void sample_merge(struct sample *s, struct pool *p, const struct sample *from,
		  const struct pool *fp);
void sample_free(struct sample *s, struct pool *p);

/* The items in order of rank into out[SAMPLE_K_MAX]; their number. */
unsigned sample_items(const struct sample *s, const struct pool *p, struct sampled *out);

/* The items as they lie, in no order: s->count of them. For sums, which do not care. */
const struct sampled *sample_view(const struct sample *s, const struct pool *p);

/* How many distinct things an item stands for, in units of 1/SAMPLE_ONE: the inverse of its
 * chance to be kept. The last item of a full sample is the threshold and stands for 0.
 * Integers, so that sums do not depend on their order. */
#define SAMPLE_ONE 65536u
u64 sample_scale(const struct sample *s, const struct sampled *it);
/* Estimated sum of weights, and number, of all distinct things. */
double sample_weight(const struct sample *s, const struct pool *p);
double sample_distinct(const struct sample *s, const struct pool *p);
/* Factor by which an estimate may be too low with probability below 1e-6 (1 when exact). */
double sample_widen(const struct sample *s);

struct buf;
struct rd;
/* Appends the packed form: items in order of rank, so that equal samples pack alike. */
void sample_pack(const struct sample *s, const struct pool *p, struct buf *out);
/* Reads it back into an empty sample. */
int sample_unpack(struct sample *s, struct pool *p,
		  struct rd *in); /* 0, OOPS_FORMAT, OOPS_LIMIT */
