/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - unfinished things: a bounded hash table whose entries stand in lists
 * by age as well, so that the oldest of a list is always at hand.
 *
 *   bucket -> node -> node          list 0: oldest <-> ... <-> newest
 *                                   list 1: oldest <-> ... <-> newest
 *
 * An entry begins with its node. Entries are got in blocks and stay where they are
 * until the table is closed; a removed one is used again. Cost: O(1) but for the
 * chain of a bucket.
 *
 * Not for other folders. */
#pragma once
#include "base/base.h"

#define TABLE_LISTS 3
#define TABLE_BLOCK 64	/* entries got at once */

struct node {
	struct node *chain;
	struct node *older, *newer;
	u64 hash, time_ns;
	u8 list;
};

struct table {
	struct node **bucket;		/* owned */
	u8 **block;			/* owned, and what it points to */
	struct node *unused;		/* freed entries, by `chain` */
	u32 mask, max, top, count;
	size_t size;			/* of an entry */
	struct { struct node *oldest, *newest; } list[TABLE_LISTS];
};

/* For up to `max` entries (a power of two) of `size` octets: 0 or -ENOMEM. */
int table_open(struct table *t, u32 max, size_t size);
void table_close(struct table *t);	/* takes zeroed ones */
/* A new entry, zeroed but for its node, at the newest end of `list`; NULL without
 * memory. The table must not be full. */
void *table_add(struct table *t, u64 hash, u64 time_ns, unsigned list);
void table_remove(struct table *t, struct node *n);
/* To the newest end of `list`. */
void table_move(struct table *t, struct node *n, unsigned list);

static inline bool table_is_full(const struct table *t)
{
	return t->count == t->max;
}
static inline struct node *table_first(const struct table *t, u64 hash)
{
	return t->bucket[hash & t->mask];
}
static inline void *table_oldest(const struct table *t, unsigned list)
{
	return t->list[list].oldest;
}
