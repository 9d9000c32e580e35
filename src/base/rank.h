/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rank.h - a set of numbers below a bound: is one in it, which place has it, which one is at a
 * place.
 *
 *   bits     | word | word | ...    a bit for each number
 *   before   | 0    | 21   | ...    members before each word
 *   samples  | 0    | 3    | ...    the word that holds each 64th member
 *
 * It is filled, sealed, and then asked. Cost: one and a half bits a number below the bound and
 * half a bit a member; a place takes a look at two words, a member by its place some more. */
#pragma once
#include "base/base.h"

struct rank {
	u64 *bits;
	u32 *before, *samples;
	u32 words, count;
};

int rank_open(struct rank *r, u32 bound);	/* an empty set: 0 or -ENOMEM */
void rank_close(struct rank *r);		/* takes zeroed ones */
u64 rank_octets(const struct rank *r);		/* that it holds */

/* ---- before it is sealed ---- */

static inline void rank_set(struct rank *r, u32 i)
{
	r->bits[i >> 6] |= 1ull << (i & 63);
}
/* The same by several threads at a time. */
static inline void rank_set_shared(struct rank *r, u32 i)
{
	__atomic_fetch_or(&r->bits[i >> 6], 1ull << (i & 63), __ATOMIC_RELAXED);
}
int rank_seal(struct rank *r);			/* counts them: 0 or -ENOMEM */

/* ---- then ---- */

static inline bool rank_has(const struct rank *r, u32 i)
{
	return r->bits[i >> 6] >> (i & 63) & 1;
}
/* The place of a member, from 0. */
static inline u32 rank_of(const struct rank *r, u32 i)
{
	u64 below = r->bits[i >> 6] & ((1ull << (i & 63)) - 1);

	return r->before[i >> 6] + (u32)__builtin_popcountll(below);
}
/* The member at a place below r->count. */
u32 rank_at(const struct rank *r, u32 place);

/* Members one after the other: rank_next() of rank_from(r, place) is the one at that place. Not
 * to be asked for more than there are. */
struct rank_walk {
	const u64 *word;
	u64 left;	/* members of the word that are still to come */
	u32 at;		/* the word's first number */
};
struct rank_walk rank_from(const struct rank *r, u32 place);
static inline u32 rank_next(struct rank_walk *w)
{
	u32 i;

	while (w->left == 0) {
		w->left = *++w->word;
		w->at += 64;
	}
	i = w->at + (u32)__builtin_ctzll(w->left);
	w->left &= w->left - 1;
	return i;
}
