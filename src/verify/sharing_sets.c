/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_sets.c - sets of numbers and keys, each kept once: see sharing.h.
 *
 *   slots  | . | 2 | . | 1 | ...       hash -> hash and number + 1
 *   at     | first weight critical | ...
 *   members 3 7 9 | 7 | ...
 *
 * The numbers are given in the order of coming, so nothing depends on the hash. */
#include "verify/sharing.h"
#include "base/hash.h"
#include "base/pages.h"

#define BITS_LEAST 8u

/* ---- slots ---- */

static u64 slot_octets(const struct sharing_slots *s)
{
	return sizeof *s->at << s->bits;
}

static void slots_free(struct sharing_slots *s)
{
	if (s->at)
		pages_put(s->at, slot_octets(s));
	*s = (struct sharing_slots){ 0 };
}

/* High bits of the hash say where, all of them what. */
static u64 slot_of(const struct sharing_slots *s, u32 hash)
{
	return hash >> (32 - s->bits);
}

static u64 slot_next(const struct sharing_slots *s, u64 slot)
{
	return (slot + 1) & ((1ull << s->bits) - 1);
}

/* Room for one more than `count`: 0, -ENOMEM or OOPS_LIMIT. */
static int slots_room(struct sharing_slots *s, u32 count)
{
	struct sharing_slots more = { .bits = s->at ? s->bits + 1 : BITS_LEAST };

	if (s->at && count < (3ull << s->bits) / 4)
		return 0;
	if (more.bits > 31)
		return OOPS_LIMIT;
	if ((more.at = pages_get(slot_octets(&more))) == NULL)
		return -ENOMEM;
	for (u64 i = 0; s->at && i < 1ull << s->bits; i++) {
		u64 to;

		if (s->at[i] == 0)
			continue;
		for (to = slot_of(&more, (u32)(s->at[i] >> 32)); more.at[to];)
			to = slot_next(&more, to);
		more.at[to] = s->at[i];
	}
	slots_free(s);
	*s = more;
	return 0;
}

/* ---- sets ---- */

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

u32 sharing_hash(const struct sharing_sets *s, const u32 *members, u32 n)
{
	return (u32)(hash_bytes(s->key, members, n * sizeof *members) >> 32);
}

/* The slot of a set, or the free one where it would be. */
static u64 slot_of_set(const struct sharing_sets *s, u32 hash, const u32 *members, u32 n)
{
	u64 slot = slot_of(&s->slots, hash), it;

	for (; (it = s->slots.at[slot]); slot = slot_next(&s->slots, slot)) {
		u32 i = (u32)it - 1;

		if (it >> 32 == hash && sharing_size(s, i) == n &&
		    memcmp(sharing_members(s, i), members, n * sizeof *members) == 0)
			break;
	}
	return slot;
}

int sharing_put(struct sharing_sets *s, u32 hash, const u32 *members, u32 n,
		const struct sharing_set *weight, u32 *ret)
{
	int rc = slots_room(&s->slots, s->count);
	u64 slot;
	u32 i;

	if (rc < 0)
		return rc;
	slot = slot_of_set(s, hash, members, n);
	if (s->slots.at[slot] == 0) {
		if ((rc = new_set(s, members, n)) < 0)
			return rc;
		s->slots.at[slot] = (u64)hash << 32 | s->count;
	}
	i = (u32)s->slots.at[slot] - 1;
	s->at[i].weight += weight->weight;
	s->at[i].critical += weight->critical;
	if (ret)
		*ret = i;
	return 0;
}

int sharing_intern(struct sharing_sets *s, const u32 *members, u32 n,
		   const struct sharing_set *weight, u32 *ret)
{
	return sharing_put(s, sharing_hash(s, members, n), members, n, weight, ret);
}

void sharing_fetch(const struct sharing_sets *s, u32 hash, unsigned step)
{
	const u64 *slot;
	u32 set;

	if (s->slots.at == NULL)
		return;
	slot = &s->slots.at[slot_of(&s->slots, hash)];
	if (step == 0) {
		__builtin_prefetch(slot);
		return;
	}
	if (*slot >> 32 != hash)
		return;
	set = (u32)*slot - 1;
	if (step == 1)
		__builtin_prefetch(&s->at[set], 1);
	else
		__builtin_prefetch(sharing_members(s, set));
}

void sharing_sets_seal(struct sharing_sets *s)
{
	slots_free(&s->slots);
}

void sharing_sets_free(struct sharing_sets *s)
{
	free(s->at);
	free(s->members);
	slots_free(&s->slots);
	*s = (struct sharing_sets){ .key = s->key, .most = s->most };
}

/* ---- keys ---- */

u32 sharing_hash_key(const struct sharing_keys *k, u64 key)
{
	return (u32)(hash_u64(k->key, key) >> 32);
}

void sharing_fetch_key(const struct sharing_keys *k, u32 hash)
{
	if (k->slots.at)
		__builtin_prefetch(&k->slots.at[slot_of(&k->slots, hash)]);
}

inline_always int number_by(struct sharing_keys *k, u32 hash, sharing_same *same,
			    const void *to, u32 *ret)
{
	int rc = slots_room(&k->slots, k->count);
	u64 slot, it;

	if (rc < 0)
		return rc;
	for (slot = slot_of(&k->slots, hash); (it = k->slots.at[slot]);
	     slot = slot_next(&k->slots, slot)) {
		*ret = (u32)it - 1;
		if (it >> 32 == hash && same(to, *ret))
			return 0;
	}
	*ret = k->count++;
	k->slots.at[slot] = (u64)hash << 32 | k->count;
	return 0;
}

int sharing_number_by(struct sharing_keys *k, u32 hash, sharing_same *same, const void *to,
		      u32 *ret)
{
	return number_by(k, hash, same, to, ret);
}

/* Room for one more key. */
static int keys_room(struct sharing_keys *k)
{
	u32 room = k->room ? k->room * 2 : 64;
	void *at;

	if (k->count < k->room)
		return 0;
	if ((at = realloc(k->at, (u64)room * sizeof *k->at)) == NULL)
		return -ENOMEM;
	k->at = at;
	k->room = room;
	return 0;
}

struct wanted { const u64 *keys; u64 key; };

static bool same_key(const void *to, u32 number)
{
	const struct wanted *w = to;

	return w->keys[number] == w->key;
}

int sharing_number(struct sharing_keys *k, u32 hash, u64 key, u32 *ret)
{
	u32 before = k->count;
	int rc = keys_room(k);

	if (rc == 0)
		rc = number_by(k, hash, same_key, &(struct wanted){ k->at, key }, ret);
	if (rc == 0 && k->count > before)
		k->at[before] = key;
	return rc;
}

void sharing_keys_seal(struct sharing_keys *k)
{
	slots_free(&k->slots);
	free(k->at);
	k->at = NULL;
	k->room = 0;
}

void sharing_keys_free(struct sharing_keys *k)
{
	free(k->at);
	slots_free(&k->slots);
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
