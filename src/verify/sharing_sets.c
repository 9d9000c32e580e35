/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_sets.c - sets of numbers and keys, each kept once: see sharing.h.
 *
 *   slots  | . | 2 | . | 1 | ...       hash -> number + 1, open addressing, at most half full
 *   at     | first weight critical | ...
 *   members 3 7 9 | 7 | ...
 *
 * The numbers are given in the order of coming, so nothing depends on the hash. */
#include "verify/sharing.h"
#include "base/hash.h"

#define BITS_LEAST 8

static u32 hash_members(u64 key, const u32 *members, u32 n)
{
	return (u32)(hash_bytes(key, members, n * sizeof *members) >> 32);
}

/* Twice the slots; `hash` of each number that is there comes from the caller. */
static int more_slots(u32 **slots, u32 *bits, u32 count, u32 (*hash)(const void *, u32),
		      const void *from)
{
	u32 more = *slots ? *bits + 1 : BITS_LEAST, mask = (1u << more) - 1;
	u32 *at = calloc(1ull << more, sizeof *at);

	if (at == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < count; i++) {
		u32 slot = hash(from, i) & mask;

		while (at[slot])
			slot = (slot + 1) & mask;
		at[slot] = i + 1;
	}
	free(*slots);
	*slots = at;
	*bits = more;
	return 0;
}

static u32 hash_set(const void *from, u32 i)
{
	const struct sharing_sets *s = from;

	return hash_members(s->key, sharing_members(s, i), sharing_size(s, i));
}

/* Room for one more set of n members. */
static int more_sets(struct sharing_sets *s, u32 n)
{
	u64 used = s->at ? s->at[s->count].first : 0, room;
	void *at;

	if (s->count >= (s->most ? s->most : SHARING_SETS_MAX) || used + n > SHARING_MEMBERS_MAX)
		return OOPS_LIMIT;
	if (s->count + 2 > s->room) {
		room = s->room ? s->room * 2ull : 256;
		if ((at = realloc(s->at, room * sizeof *s->at)) == NULL)
			return -ENOMEM;
		if (s->at == NULL)
			memset(at, 0, sizeof *s->at);
		s->at = at;
		s->room = (u32)room;
	}
	if (used + n > s->member_room) {
		room = max_u64(s->member_room ? s->member_room * 2ull : 1024, used + n);
		if ((at = realloc(s->members, room * sizeof *s->members)) == NULL)
			return -ENOMEM;
		s->members = at;
		s->member_room = (u32)room;
	}
	return 0;
}

static int new_set(struct sharing_sets *s, const u32 *members, u32 n)
{
	int rc = more_sets(s, n);
	struct sharing_set *set;

	if (rc < 0)
		return rc;
	set = &s->at[s->count++];
	if (n)
		memcpy(s->members + set->first, members, n * sizeof *members);
	set->weight = set->critical = 0;
	set[1].first = set->first + n;
	return 0;
}

int sharing_intern(struct sharing_sets *s, const u32 *members, u32 n,
		   const struct sharing_set *weight, u32 *ret)
{
	u32 hash = hash_members(s->key, members, n), slot, i;
	int rc = 0;

	if (s->slots == NULL || s->count >= 1u << (s->slot_bits - 1))
		rc = more_slots(&s->slots, &s->slot_bits, s->count, hash_set, s);
	if (rc < 0)
		return rc;
	for (slot = hash & ((1u << s->slot_bits) - 1); s->slots[slot];
	     slot = (slot + 1) & ((1u << s->slot_bits) - 1)) {
		i = s->slots[slot] - 1;
		if (sharing_size(s, i) == n &&
		    memcmp(sharing_members(s, i), members, n * sizeof *members) == 0)
			break;
	}
	if (s->slots[slot] == 0) {
		if ((rc = new_set(s, members, n)) < 0)
			return rc;
		s->slots[slot] = s->count;
	}
	i = s->slots[slot] - 1;
	s->at[i].weight += weight->weight;
	s->at[i].critical += weight->critical;
	if (ret)
		*ret = i;
	return 0;
}

void sharing_fetch(const struct sharing_sets *s, const u32 *members, u32 n, unsigned step)
{
	u32 slot, set;

	if (s->slots == NULL)
		return;
	slot = hash_members(s->key, members, n) & ((1u << s->slot_bits) - 1);
	if (step == 0) {
		__builtin_prefetch(&s->slots[slot]);
		return;
	}
	set = s->slots[slot];
	if (set == 0)
		return;
	if (step == 1)
		__builtin_prefetch(&s->at[set - 1], 1);
	else
		__builtin_prefetch(sharing_members(s, set - 1));
}

void sharing_sets_free(struct sharing_sets *s)
{
	free(s->at);
	free(s->members);
	free(s->slots);
	*s = (struct sharing_sets){ .key = s->key, .most = s->most };
}

/* ---- keys ---- */

static u32 hash_of_key(u64 secret, struct sharing_key key)
{
	return (u32)(hash_u64(hash_u64(secret, key.a), key.b) >> 32);
}

static u32 hash_key(const void *from, u32 i)
{
	const struct sharing_keys *k = from;

	return hash_of_key(k->key, k->at[i]);
}

int sharing_key(struct sharing_keys *k, struct sharing_key key, u32 *ret)
{
	u32 slot;
	int rc = 0;

	if (k->slots == NULL || k->count >= 1u << (k->slot_bits - 1))
		rc = k->slot_bits < 31 ? more_slots(&k->slots, &k->slot_bits, k->count,
						    hash_key, k) : OOPS_LIMIT;
	if (rc < 0)
		return rc;
	for (slot = hash_of_key(k->key, key) & ((1u << k->slot_bits) - 1); k->slots[slot];
	     slot = (slot + 1) & ((1u << k->slot_bits) - 1)) {
		*ret = k->slots[slot] - 1;
		if (k->at[*ret].a == key.a && k->at[*ret].b == key.b)
			return 0;
	}
	if (k->count == k->room) {
		u32 room = k->room ? k->room * 2 : 64;
		void *at = realloc(k->at, (u64)room * sizeof *k->at);

		if (at == NULL)
			return -ENOMEM;
		k->at = at;
		k->room = room;
	}
	*ret = k->count;
	k->at[k->count++] = key;
	k->slots[slot] = k->count;
	return 0;
}

void sharing_keys_free(struct sharing_keys *k)
{
	free(k->at);
	free(k->slots);
	*k = (struct sharing_keys){ .key = k->key };
}

/* ---- lists ---- */

int sharing_push(struct sharing_list *l, u32 number)
{
	if (l->count == l->room) {
		u32 room = l->room ? l->room * 2 : 64;
		void *at = realloc(l->at, room * sizeof *l->at);

		if (at == NULL)
			return -ENOMEM;
		l->at = at;
		l->room = room;
	}
	l->at[l->count++] = number;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

#define FEW 24u		/* sorted by insertion */

void sharing_settle(struct sharing_list *l)
{
	u32 n = 0;

	if (l->count > FEW)
		qsort(l->at, l->count, sizeof *l->at, by_number);
	for (u32 i = 1; i < l->count && l->count <= FEW; i++) {
		u32 it = l->at[i], j = i;

		for (; j && l->at[j - 1] > it; j--)
			l->at[j] = l->at[j - 1];
		l->at[j] = it;
	}
	for (u32 i = 0; i < l->count; i++)
		if (n == 0 || l->at[i] != l->at[n - 1])
			l->at[n++] = l->at[i];
	l->count = n;
}
