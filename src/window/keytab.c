/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keytab.c - see keytab.h. A slot is tag 32 | entry number + 1, 32; 0 is free. */
#include "window/keytab.h"
#include "base/pages.h"

#define SLOTS_MIN_LOG 12
#define VICTIMS 8
#define ENTRIES_KEEP ((u64)16 << 20)	/* octets kept by keytab_clear() */
#define INDEX_KEEP ((u64)4 << 20)

static int make_index(struct keytab *t, u32 log)
{
	u64 *index = pages_full(sizeof *index << log);

	if (index == NULL)
		return -ENOMEM;
	t->index = index;
	t->shift = 64 - log;
	return 0;
}

static u64 slots(const struct keytab *t)
{
	return 1ull << (64 - t->shift);
}

static void drop_index(struct keytab *t)
{
	pages_put(t->index, t->index ? slots(t) * sizeof *t->index : 0);
	t->index = NULL;
}

int keytab_open(struct keytab *t, u32 size, u32 cap)
{
	u8 *entries = pages_reserve((u64)size * cap);

	if (entries == NULL)
		return -ENOMEM;
	*t = (struct keytab){ .entries = entries, .size = size, .cap = cap };
	if (make_index(t, SLOTS_MIN_LOG) < 0) {
		keytab_close(t);
		return -ENOMEM;
	}
	return 0;
}

void keytab_close(struct keytab *t)
{
	pages_put(t->entries, (u64)t->size * t->cap);
	drop_index(t);
	free(t->ledger);
	*t = (struct keytab){ 0 };
}

/* Pages that are given back have to be cleared when they come again; what an ordinary minute
 * needs is cheaper to keep. Entries need no clearing: a new one does that. */
void keytab_clear(struct keytab *t)
{
	u64 used = (u64)t->count * t->size;

	if (used > ENTRIES_KEEP)
		pages_clear(t->entries + ENTRIES_KEEP, used - ENTRIES_KEEP);
	if (slots(t) * sizeof *t->index > INDEX_KEEP)
		pages_clear(t->index, slots(t) * sizeof *t->index);
	else
		memset(t->index, 0, slots(t) * sizeof *t->index);
	t->count = 0;
	free(t->ledger);
	t->ledger = NULL;
	t->crowded = 0;
}

static u64 key_at(const struct keytab *t, u32 i)
{
	return *(const u64 *)keytab_at(t, i);
}

static u64 next_slot(const struct keytab *t, u64 slot)
{
	return (slot + 1) & (slots(t) - 1);
}

static void put(struct keytab *t, u64 key, u32 i)
{
	u64 slot = keytab_slot(t, key);

	while (t->index[slot])
		slot = next_slot(t, slot);
	t->index[slot] = key << 32 | (i + 1);
}

/* Without memory for a bigger index the old one goes on, up to nearly full. */
static void grow(struct keytab *t)
{
	struct keytab old = *t;

	if (make_index(t, 64 - t->shift + (t->shift > 44 ? 2 : 1)) < 0)
		return;
	for (u32 i = 0; i < t->count; i++)
		put(t, key_at(t, i), i);
	drop_index(&old);
}

/* Takes a key out of the index, closing the gap (Knuth, 6.4, algorithm R). */
static void forget(struct keytab *t, u64 key, u32 i)
{
	u64 slot = keytab_slot(t, key), gap;

	while (t->index[slot] != (key << 32 | (i + 1)))
		slot = next_slot(t, slot);
	gap = slot;
	for (;;) {
		u64 home;

		slot = next_slot(t, slot);
		if (t->index[slot] == 0)
			break;
		home = keytab_slot(t, key_at(t, (u32)t->index[slot] - 1));
		if (((slot - home) & (slots(t) - 1)) >= ((slot - gap) & (slots(t) - 1))) {
			t->index[gap] = t->index[slot];
			gap = slot;
		}
	}
	t->index[gap] = 0;
}

/* Victims are taken from all over the table: neighbours are of one age, and the heavy ones
 * come first. */
static u32 lightest(const struct keytab *t, u64 key)
{
	u64 lot = key, least = UINT64_MAX;
	u32 victim = 0;

	for (u32 i = 0; i < VICTIMS; i++) {
		u32 at;
		u64 weight;

		lot = lot * 0xd6e8feb86659fd93ull + 1;
		at = (u32)((lot >> 32) * t->count >> 32);
		weight = t->weigh ? t->weigh(t->owner, keytab_at(t, at)) : 0;
		if (weight < least) {
			least = weight;
			victim = at;
		}
	}
	return victim;
}

static u64 *cell(u64 *ledger, unsigned row, u64 key)
{
	u64 h = key * (row ? 0xd6e8feb86659fd93ull : 0xa0761d6478bd642full);

	return &ledger[row * KEYTAB_LEDGER + (h >> 52)];
}

static void write_off(struct keytab *t, u64 key, u64 weight)
{
	if (t->ledger == NULL)
		t->ledger = calloc(2 * KEYTAB_LEDGER, sizeof *t->ledger);
	must(t->ledger);
	*cell(t->ledger, 0, key) += weight;
	*cell(t->ledger, 1, key) += weight;
}

u64 keytab_lost(const struct keytab *t, u64 key)
{
	if (t->ledger == NULL)
		return 0;
	return min_u64(*cell(t->ledger, 0, key), *cell(t->ledger, 1, key));
}

void keytab_merge_lost(struct keytab *into, const struct keytab *from)
{
	into->crowded += from->crowded;
	if (from->ledger == NULL)
		return;
	if (into->ledger == NULL)
		into->ledger = calloc(2 * KEYTAB_LEDGER, sizeof *into->ledger);
	must(into->ledger);
	for (u32 i = 0; i < 2 * KEYTAB_LEDGER; i++)
		into->ledger[i] += from->ledger[i];
}

static bool has_room(struct keytab *t)
{
	if (t->count == t->cap)
		return false;
	if ((t->count + 1ull) * 2 > slots(t))
		grow(t);
	return t->count + 2ull < slots(t);
}

static void *newcomer(struct keytab *t, u64 key)
{
	u32 i = t->count;

	if (has_room(t)) {
		t->count++;
		pages_reach(t->entries, &t->ready, (u64)t->count * t->size);
	} else {
		i = lightest(t, key);
		write_off(t, key_at(t, i), t->weigh ? t->weigh(t->owner, keytab_at(t, i)) : 0);
		t->crowded++;
		forget(t, key_at(t, i), i);
		if (t->drop)
			t->drop(t->owner, keytab_at(t, i));
	}
	memset(keytab_at(t, i), 0, t->size);
	*(u64 *)keytab_at(t, i) = key;
	put(t, key, i);
	return keytab_at(t, i);
}

void *keytab_find(const struct keytab *t, u64 key)
{
	for (u64 slot = keytab_slot(t, key); t->index[slot]; slot = next_slot(t, slot)) {
		u64 v = t->index[slot];

		if (v >> 32 == (u32)key && key_at(t, (u32)v - 1) == key)
			return keytab_at(t, (u32)v - 1);
	}
	return NULL;
}

void *keytab_get(struct keytab *t, u64 key, bool *fresh)
{
	void *e = keytab_find(t, key);

	*fresh = e == NULL;
	return e ? e : newcomer(t, key);
}
