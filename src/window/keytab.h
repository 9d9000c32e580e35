/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keytab.h - the table behind every keyed summary: a hash index over a dense array.
 *
 *   index   |tag,no|tag,no|  -  |tag,no| ...    8 octets a slot, at most half full
 *               |      `-----------.
 *   entries | 0 | 1 | 2 | 3 | ... | n |          in the order of arrival
 *
 * Entries begin with their 64-bit key. The index doubles; entries stay where they
 * are, in a stretch of address space reserved for the capacity and touched only
 * as far as it is used. Look-ups come in batches: keytab_hint() for all keys,
 * keytab_reach() for all, then keytab_get(), so that the cache misses of a batch
 * overlap.
 *
 * At capacity a newcomer takes the place of the lightest of eight entries that its
 * hash picks (space-saving with sampled victims): `crowded` counts them, and the weight
 * that is turned out is written into a ledger of two rows of sums (a count-min sketch),
 * which merges by adding. keytab_lost() reads from it what a key may have lost, however
 * often it was turned out and came back, here or in a table that was merged: bounds add it. */
#pragma once
#include "base/base.h"

struct keytab {
	u8 *entries;
	u64 *index;
	u32 size;		/* octets of an entry */
	u32 count, cap;
	u64 ready;		/* octets of entries; pages_reach() */
	u32 shift;		/* 64 - log2 of slots */
	u64 crowded;
	u64 *ledger;		/* [2][KEYTAB_LEDGER]; NULL until something is turned out */
	/* Weight of an entry, by which victims are chosen; clears what the entry owns. */
	u64 (*weigh)(const void *owner, const void *entry);
	void (*drop)(void *owner, void *entry);
	void *owner;
};

#define KEYTAB_LEDGER 4096u

/* cap entries of `size` octets at most. 0 or -ENOMEM. */
int keytab_open(struct keytab *t, u32 size, u32 cap);
void keytab_close(struct keytab *t);
void keytab_clear(struct keytab *t);	/* no entry left; drop() is not called */

static inline void *keytab_at(const struct keytab *t, u32 i)
{
	return t->entries + (u64)i * t->size;
}
/* The number of an entry, for keytab_at(). */
static inline u32 keytab_place(const struct keytab *t, const void *entry)
{
	return (u32)((u64)((const u8 *)entry - t->entries) / t->size);
}
static inline u64 keytab_slot(const struct keytab *t, u64 key)
{
	return key * 0x9e3779b97f4a7c15ull >> t->shift;
}
static inline void keytab_hint(const struct keytab *t, u64 key)
{
	__builtin_prefetch(&t->index[keytab_slot(t, key)]);
}
/* Second step: the entry that the first slot names. */
static inline void keytab_reach(const struct keytab *t, u64 key)
{
	u64 v = t->index[keytab_slot(t, key)];

	if (v) {
		const u8 *e = keytab_at(t, (u32)v - 1);

		for (u32 at = 0; at < t->size; at += 64)
			__builtin_prefetch(e + at, 1);
	}
}
/* The entry of a key, made (zeroed but for its key) when there was none: *fresh. Never NULL. */
void *keytab_get(struct keytab *t, u64 key, bool *fresh);
/* The weight that a key may have lost by being turned out, at most; 0 unless crowded. */
u64 keytab_lost(const struct keytab *t, u64 key);
/* Takes over what another table turned out. */
void keytab_merge_lost(struct keytab *into, const struct keytab *from);
void *keytab_find(const struct keytab *t, u64 key);	/* NULL when there is none */
