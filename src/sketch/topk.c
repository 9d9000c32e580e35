/* SPDX-License-Identifier: GPL-3.0-or-later */
/* topk.c - see topk.h.
 *
 * The heap is the array of counters itself; the index is open addressing with
 * linear probing. Each knows its place in the other, so that a move in the heap
 * writes one slot and hashes nothing:
 *
 *   counters[place]   at[place] = slot   slots[slot] = place + 1, 0 = empty
 *
 * Why merging keeps floor <= total / k: call u = weight - floor the excess of a
 * counter. In a stream k * floor + sum(u) = total. In a union floors add and so do
 * excesses (a side that does not know the key adds its floor and no excess).
 * Dropping all but k keys raises the floor by the greatest excess dropped, d; each
 * of the k that stay loses d and at least d is dropped with the rest: the left
 * side does not grow. That is the merge of Misra and Gries' summaries, which
 * Agarwal et al. (2012) show to be isomorphic.
 *
 * Packed form, big-endian: used 4 | floor 8 | total 8 | used times: key, weight,
 * error, 8 each; keys rise. */
#include "sketch/topk.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "sketch/plus.h"

#define NOWHERE UINT32_MAX

static struct topk_counter *heap(const struct topk *t)
{
	return (struct topk_counter *)(uintptr_t)(t + 1);
}

static u32 *slots(const struct topk *t)
{
	return (u32 *)(heap(t) + t->k);
}

static u32 *at_slot(const struct topk *t)
{
	return slots(t) + t->slots;
}

static u32 slots_for(u32 k)
{
	u32 n = 4;

	while (n < 2 * k)
		n *= 2;
	return n;
}

size_t topk_size(u32 k)
{
	size_t words = ((size_t)slots_for(k) + k + 1) / 2 * 2;

	return sizeof(struct topk) + k * sizeof(struct topk_counter) +
	       words * sizeof(u32);
}

void topk_init(struct topk *t, u32 k)
{
	must(k >= 1 && k <= TOPK_MAX);
	memset(t, 0, topk_size(k));
	t->k = k;
	t->slots = slots_for(k);
}

/* --- the index ---------------------------------------------------------- */

static u32 home_of(const struct topk *t, u64 key)
{
	return (u32)hash_u64(0, key) & (t->slots - 1);
}

/* The slot that names the key's counter, or the empty one where it would be. */
static u32 slot_of(const struct topk *t, u64 key)
{
	const struct topk_counter *c = heap(t);
	const u32 *at = slots(t);
	u32 i = home_of(t, key);

	while (at[i] && c[at[i] - 1].key != key)
		i = (i + 1) & (t->slots - 1);
	return i;
}

/* Says that a counter is at a heap place and named by a slot. */
static void settle(struct topk *t, u32 place, u32 slot)
{
	slots(t)[slot] = place + 1;
	at_slot(t)[place] = slot;
}

/* Empties a slot and closes the gap, so that no probe ends too early. */
static void slot_clear(struct topk *t, u32 gap)
{
	const struct topk_counter *c = heap(t);
	u32 *at = slots(t), mask = t->slots - 1;

	for (u32 i = (gap + 1) & mask; at[i]; i = (i + 1) & mask) {
		u32 home = home_of(t, c[at[i] - 1].key);

		if (((i - home) & mask) < ((i - gap) & mask))
			continue;	/* its home lies behind the gap */
		settle(t, at[i] - 1, gap);
		gap = i;
	}
	at[gap] = 0;
}

/* --- the heap: a hole moves, and the counter that left it ends in it ------ */

/* Weight first, then the greater key is the lighter: one comparison, no branch. */
static bool lighter(const struct topk_counter *a, const struct topk_counter *b)
{
	unsigned __int128 x = (unsigned __int128)a->weight << 64 | ~a->key;
	unsigned __int128 y = (unsigned __int128)b->weight << 64 | ~b->key;

	return x < y;
}

static void move(struct topk *t, u32 from, u32 to)
{
	heap(t)[to] = heap(t)[from];
	settle(t, to, at_slot(t)[from]);
}

static void drop_in(struct topk *t, u32 hole, struct topk_counter c, u32 slot)
{
	heap(t)[hole] = c;
	settle(t, hole, slot);
}

static void sink(struct topk *t, u32 i)
{
	const struct topk_counter *c = heap(t), mine = c[i];
	u32 slot = at_slot(t)[i];

	for (u32 child; (child = 2 * i + 1) < t->used; i = child) {
		if (child + 1 < t->used)
			child += lighter(&c[child + 1], &c[child]);
		if (!lighter(&c[child], &mine))
			break;
		move(t, child, i);
	}
	drop_in(t, i, mine, slot);
}

static void rise(struct topk *t, u32 i)
{
	const struct topk_counter *c = heap(t), mine = c[i];
	u32 slot = at_slot(t)[i];

	for (; i && lighter(&mine, &c[(i - 1) / 2]); i = (i - 1) / 2)
		move(t, (i - 1) / 2, i);
	drop_in(t, i, mine, slot);
}

/* --- adding ------------------------------------------------------------- */

/* A key that has no counter gets one while there is room. */
static void append(struct topk *t, struct topk_counter c)
{
	u32 slot = slot_of(t, c.key);

	drop_in(t, t->used++, c, slot);
	rise(t, t->used - 1);
}

/* A key that has no counter takes the place of the lightest. */
static void replace(struct topk *t, struct topk_counter c)
{
	slot_clear(t, at_slot(t)[0]);
	drop_in(t, 0, c, slot_of(t, c.key));
	sink(t, 0);
}

void topk_add(struct topk *t, u64 key, u64 weight)
{
	struct topk_counter *c = heap(t), fresh;
	u32 place;

	if (weight == 0)
		return;
	t->total = plus(t->total, weight);
	place = slots(t)[slot_of(t, key)];
	if (place) {
		c[place - 1].weight = plus(c[place - 1].weight, weight);
		sink(t, place - 1);
		return;
	}
	if (t->used == t->k)
		t->floor = max_u64(t->floor, c->weight);
	fresh = (struct topk_counter){ key, plus(t->floor, weight), t->floor };
	if (t->used == t->k)
		replace(t, fresh);
	else
		append(t, fresh);
}

const struct topk_counter *topk_find(const struct topk *t, u64 key)
{
	u32 place = slots(t)[slot_of(t, key)];

	return place ? &heap(t)[place - 1] : NULL;
}

/* --- merging ------------------------------------------------------------ */

/* What `from` knows of a key: its counter, or at most its floor. */
static void widen(struct topk_counter *c, const struct topk *from)
{
	const struct topk_counter *other = topk_find(from, c->key);

	c->weight = plus(c->weight, other ? other->weight : from->floor);
	c->error = plus(c->error, other ? other->error : from->floor);
}

/* Which of `from` have a counter in `into`, one bit each. */
static void mark_known(const struct topk *into, const struct topk *from, u64 *known)
{
	for (u32 i = 0; i < from->used; i++)
		if (topk_find(into, heap(from)[i].key))
			known[i / 64] |= 1ull << i % 64;
}

/* Takes in a key that only `from` knows. What weighs most of all that found no
 * room goes to *dropped. */
static void take_in(struct topk *into, struct topk_counter c, u64 *dropped)
{
	const struct topk_counter *lightest = heap(into);

	c.weight = plus(c.weight, into->floor);
	c.error = plus(c.error, into->floor);
	if (into->used < into->k) {
		append(into, c);
		return;
	}
	*dropped = max_u64(*dropped, min_u64(c.weight, lightest->weight));
	if (lighter(lightest, &c))
		replace(into, c);
}

void topk_merge(struct topk *into, const struct topk *from)
{
	u64 known[(TOPK_MAX + 64) / 64] = { 0 }, dropped = 0;

	must(into->k == from->k && into != from);
	mark_known(into, from, known);
	for (u32 i = 0; i < into->used; i++)
		widen(&heap(into)[i], from);
	for (u32 i = into->used / 2; i-- > 0;)
		sink(into, i);
	for (u32 i = 0; i < from->used; i++)
		if ((known[i / 64] >> i % 64 & 1) == 0)
			take_in(into, heap(from)[i], &dropped);
	into->floor = max_u64(plus(into->floor, from->floor), dropped);
	into->total = plus(into->total, from->total);
}

/* --- reading, packing --------------------------------------------------- */

static int heaviest_first(const void *a, const void *b)
{
	return lighter(a, b) ? 1 : lighter(b, a) ? -1 : 0;
}

static int by_key(const void *a, const void *b)
{
	const struct topk_counter *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* sink() for n counters that no index knows, lightest first. */
static void plain_sink(struct topk_counter *c, u32 n, u32 i)
{
	for (;;) {
		u32 least = i, child = 2 * i + 1;
		struct topk_counter keep = c[i];

		for (u32 j = child; j < child + 2 && j < n; j++)
			if (lighter(&c[j], &c[least]))
				least = j;
		if (least == i)
			return;
		c[i] = c[least];
		c[least] = keep;
		i = least;
	}
}

u32 topk_heaviest(const struct topk *t, struct topk_counter *out, u32 n)
{
	const struct topk_counter *c = heap(t);

	n = (u32)min_u64(n, t->used);
	if (n == 0)
		return 0;
	memcpy(out, c, n * sizeof *c);
	for (u32 i = n / 2; i-- > 0;)
		plain_sink(out, n, i);
	for (u32 i = n; i < t->used; i++)
		if (lighter(out, &c[i])) {
			out[0] = c[i];
			plain_sink(out, n, 0);
		}
	qsort(out, n, sizeof *out, heaviest_first);
	return n;
}

void topk_pack(const struct topk *t, struct buf *out)
{
	struct topk_counter *c = malloc(t->k * sizeof *c);

	if (c == NULL) {
		out->error = -ENOMEM;
		return;
	}
	memcpy(c, heap(t), t->used * sizeof *c);
	qsort(c, t->used, sizeof *c, by_key);
	buf_u32(out, t->used);
	buf_u64(out, t->floor);
	buf_u64(out, t->total);
	for (u32 i = 0; i < t->used; i++) {
		buf_u64(out, c[i].key);
		buf_u64(out, c[i].weight);
		buf_u64(out, c[i].error);
	}
	free(c);
}

/* One counter that can stand where it stands: keys rise, weights are at least the
 * floor, errors at most. */
static bool counter_read(struct topk *t, struct rd *in, u64 *key)
{
	struct topk_counter c;
	u64 before = *key;

	c.key = rd_u64(in);
	c.weight = rd_u64(in);
	c.error = rd_u64(in);
	if (in->bad || (t->used && c.key <= before) || c.weight == 0)
		return false;
	if (c.weight < t->floor || c.error > t->floor)
		return false;
	append(t, c);
	*key = c.key;
	return true;
}

static bool counters_read(struct topk *t, struct rd *in)
{
	u64 key = 0, sum = 0;
	u32 used = rd_u32(in);

	t->floor = rd_u64(in);
	t->total = rd_u64(in);
	if (used > t->k || (t->floor && used < t->k))
		return false;
	while (t->used < used)
		if (!counter_read(t, in, &key))
			return false;
	for (u32 i = 0; i < used; i++)
		sum = plus(sum, heap(t)[i].weight);
	return !in->bad && sum <= t->total;
}

int topk_unpack(struct topk *t, struct rd *in)
{
	topk_init(t, t->k);
	if (counters_read(t, in))
		return 0;
	topk_init(t, t->k);
	return OOPS_FORMAT;
}

/* --- as a part ---------------------------------------------------------- */

#define PART_SIZE                                                              \
	(sizeof(struct topk) + TOPK_PART_K * sizeof(struct topk_counter) +     \
	 3 * TOPK_PART_K * sizeof(u32))

static void init(void *part)
{
	must(topk_size(TOPK_PART_K) == PART_SIZE);
	topk_init(part, TOPK_PART_K);
}

static void add(void *part, u64 hash, u64 weight) { topk_add(part, hash, weight); }
static void merge(void *into, const void *from) { topk_merge(into, from); }
static void pack(const void *part, struct buf *out) { topk_pack(part, out); }
static int unpack(void *part, struct rd *in) { return topk_unpack(part, in); }

const struct part part_topk = {
	.id = "topk", .size = PART_SIZE, .init = init, .add = add, .merge = merge,
	.pack = pack, .unpack = unpack, .idempotent = false, .exact = false,
};
