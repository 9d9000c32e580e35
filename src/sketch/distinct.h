/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distinct.h - how many different things were seen, in a few kilobytes.
 *
 * HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007) with 64-bit hashes (Heule,
 * Nunkesser, Hall 2013: no correction for large counts is needed) and one octet a
 * register, for speed:
 *
 *   hash  | p bits: which register | 64 - p bits: leading zeros + 1 = rank |
 *   register[i] = greatest rank seen       merge = greatest of both
 *
 *   struct distinct     p = 14   16 KiB   standard error 0.81 %
 *   struct distinct12   p = 12    4 KiB   standard error 1.63 %
 *
 * The registers are all the state, so merging is exact, in any order. The count
 * is read off them by Ertl's improved estimator (arXiv 1706.07290, 2017), which
 * is without bias from 0 to 2^64 / p and needs no table of corrections: where
 * few registers are set it behaves as linear counting does.
 *
 * Hashes must be well mixed and keyed (base/hash.h): who can choose hashes can
 * choose the count. Cost of adding: one load, one compare; of counting: one pass. */
#pragma once
#include "sketch/part.h"

struct distinct { u8 at[1u << 14]; };
struct distinct12 { u8 at[1u << 12]; };

/* The same for any p from 4 to 16, on 2^p octets that begin as zero. */
static inline void distinct_reg_add(u8 *at, unsigned p, u64 hash)
{
	u64 rest = hash << p | 1ull << (p - 1);	/* the bit ends the count at 64 - p */
	u8 rank = (u8)(__builtin_clzll(rest) + 1), *reg = &at[hash >> (64 - p)];

	if (rank > *reg)
		*reg = rank;
}
/* Takes in what another saw; the same p. */
void distinct_reg_merge(u8 *into, const u8 *from, unsigned p);
/* No register is greater than it can become: of octets from outside. */
bool distinct_reg_good(const u8 *at, unsigned p);
/* The estimate, rounded; the registers are good. */
u64 distinct_reg_count(const u8 *at, unsigned p);
/* One standard error, relative to the count: 1.04 / sqrt(2^p). */
double distinct_reg_error(unsigned p);

static inline void distinct_add(struct distinct *d, u64 hash)
{
	distinct_reg_add(d->at, 14, hash);
}
static inline void distinct_merge(struct distinct *into, const struct distinct *from)
{
	distinct_reg_merge(into->at, from->at, 14);
}
static inline u64 distinct_count(const struct distinct *d)
{
	return distinct_reg_count(d->at, 14);
}
static inline double distinct_error(void) { return distinct_reg_error(14); }

static inline void distinct12_add(struct distinct12 *d, u64 hash)
{
	distinct_reg_add(d->at, 12, hash);
}
static inline void distinct12_merge(struct distinct12 *into,
				    const struct distinct12 *from)
{
	distinct_reg_merge(into->at, from->at, 12);
}
static inline u64 distinct12_count(const struct distinct12 *d)
{
	return distinct_reg_count(d->at, 12);
}
static inline double distinct12_error(void) { return distinct_reg_error(12); }

/* Packed: p, then either all registers or, while few are set, those that are. */
void distinct_pack(const struct distinct *d, struct buf *out);
/* 0 or OOPS_FORMAT, and then *d is empty. */
int distinct_unpack(struct distinct *d, struct rd *in);
void distinct12_pack(const struct distinct12 *d, struct buf *out);
int distinct12_unpack(struct distinct12 *d, struct rd *in);

extern const struct part part_distinct, part_distinct12;
