/* SPDX-License-Identifier: GPL-3.0-or-later */
/* topk_test.c - heavy hitters against exact sums: the bounds hold in streams, in
 * merges of streams and in merges of merges, and no heavy key is missed. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "sketch/topk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Keys are hashes of 0..KEYS-1; key_of() is the way back to the exact sum. */
#define KEYS 3000u
static u64 exact[KEYS], key_at[KEYS];

static u64 next(u64 *seed)
{
	return hash_u64(11, (*seed)++);
}

static struct topk *made(u32 k)
{
	struct topk *t = malloc(topk_size(k));

	assert_non_null(t);
	topk_init(t, k);
	return t;
}

static void forget(void)
{
	memset(exact, 0, sizeof exact);
	for (u32 i = 0; i < KEYS; i++)
		key_at[i] = hash_u64(1, i);
}

/* A skewed stream over all `n` topks in turn: key i has a weight of about 1 / i. */
static void feed(struct topk **t, unsigned n, unsigned steps, u64 seed)
{
	for (unsigned i = 0; i < steps; i++) {
		u64 r = next(&seed), which = r % KEYS * (r >> 32 & 0xffff) >> 16;
		u64 weight = 1 + (r >> 48) % 100;

		which = which * (r >> 20 & 0xfff) >> 12;
		exact[which] += weight;
		topk_add(t[next(&seed) % n], key_at[which], weight);
	}
}

static u64 total(void)
{
	u64 sum = 0;

	for (u32 i = 0; i < KEYS; i++)
		sum += exact[i];
	return sum;
}

static void check_bounds(const struct topk *t)
{
	struct topk_counter *all = malloc(t->k * sizeof *all);
	u64 sum = 0;
	u32 n = topk_heaviest(t, all, t->k);

	assert_int_equal(n, t->used);
	assert_int_equal(t->total, total());
	assert_true(t->floor <= t->total / t->k);
	for (u32 i = 0; i < KEYS; i++) {
		const struct topk_counter *c = topk_find(t, key_at[i]);

		if (c == NULL) {
			assert_true(exact[i] <= t->floor);
			continue;
		}
		assert_int_equal(c->key, key_at[i]);
		assert_true(exact[i] <= c->weight);
		assert_true(c->weight - c->error <= exact[i]);
		assert_true(c->error <= t->floor && t->floor <= c->weight);
	}
	for (u32 i = 0; i < n; i++) {
		sum += all[i].weight;
		assert_non_null(topk_find(t, all[i].key));
		if (i)
			assert_true(all[i - 1].weight > all[i].weight ||
				    (all[i - 1].weight == all[i].weight &&
				     all[i - 1].key < all[i].key));
	}
	assert_true(sum <= t->total);
	free(all);
}

static const u32 ks[] = { 1, 2, 3, 10, 64, 100, 1000 };

static void stream_bounds(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(ks); i++) {
		struct topk *t = made(ks[i]);

		forget();
		for (unsigned round = 0; round < 20; round++) {
			feed(&t, 1, 1000, 100000 * i + 5000 * round);
			check_bounds(t);
		}
		free(t);
	}
}

/* Sixteen streams, merged one by one and as a tree: the bounds are the law. */
static void merge_bounds(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(ks); i++) {
		struct topk *t[16], *line = made(ks[i]);

		forget();
		for (unsigned j = 0; j < 16; j++)
			t[j] = made(ks[i]);
		feed(t, 16, 40000, 77 * i);
		for (unsigned j = 0; j < 16; j++)
			topk_merge(line, t[j]);
		check_bounds(line);
		for (unsigned step = 1; step < 16; step *= 2)
			for (unsigned j = 0; j < 16; j += 2 * step)
				topk_merge(t[j], t[j + step]);
		check_bounds(t[0]);
		for (unsigned j = 1; j < 16; j++)
			free(t[j]);
		feed(t, 1, 5000, 31337 * i);	/* and it goes on as a stream */
		check_bounds(t[0]);
		free(t[0]);
		free(line);
	}
}

static void same_octets(const struct topk *a, const struct topk *b)
{
	struct buf x = { 0 }, y = { 0 };

	topk_pack(a, &x);
	topk_pack(b, &y);
	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.at, y.at, x.len);
	buf_free(&x);
	buf_free(&y);
}

/* Commutative to the octet far above capacity; deterministic as well. */
static void merge_commutes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(ks); i++) {
		struct topk *t[2] = { made(ks[i]), made(ks[i]) };
		struct topk *ab = made(ks[i]), *ba = made(ks[i]);

		forget();
		feed(t, 2, 10000, 9 * i);
		memcpy(ab, t[0], topk_size(ks[i]));
		memcpy(ba, t[1], topk_size(ks[i]));
		topk_merge(ab, t[1]);
		topk_merge(ba, t[0]);
		same_octets(ab, ba);
		check_bounds(ab);
		free(t[0]);
		free(t[1]);
		free(ab);
		free(ba);
	}
}

/* Equal weights everywhere: who stays is decided by the rule alone. */
static void ties(void **state)
{
	struct topk *up = made(10), *down = made(10), *again = made(10);
	struct topk_counter c[10];

	(void)state;
	for (u64 key = 1; key <= 10; key++) {
		topk_add(up, key, 5);
		topk_add(down, 11 - key, 5);
	}
	same_octets(up, down);
	assert_int_equal(topk_heaviest(up, c, 3), 3);
	for (u64 i = 0; i < 3; i++)
		assert_int_equal(c[i].key, i + 1);
	topk_add(up, 100, 1);		/* the greatest of equal keys makes way */
	assert_null(topk_find(up, 10));
	assert_int_equal(topk_find(up, 100)->weight, 6);
	assert_int_equal(topk_find(up, 100)->error, 5);
	assert_int_equal(up->floor, 5);
	topk_add(down, 100, 1);
	same_octets(up, down);
	topk_add(again, 1, 0);
	assert_int_equal(again->used, 0);
	free(up);
	free(down);
	free(again);
}

/* A few heavy keys among ten million light ones are there and near the truth. */
static void heavy_among_many(void **state)
{
	struct topk *t = made(1000);
	u64 seed = 4;

	(void)state;
	for (unsigned i = 0; i < 2000000; i++) {
		topk_add(t, next(&seed), 1);
		if (i % 100 == 0)
			topk_add(t, 1 + i / 100 % 5, 10);	/* five of 40,000 each */
	}
	for (u64 key = 1; key <= 5; key++) {
		const struct topk_counter *c = topk_find(t, key);

		assert_non_null(c);
		assert_true(c->weight >= 40000 && c->weight - c->error <= 40000);
		assert_true(c->weight <= 40000 + t->total / 1000);
	}
	free(t);
}

static void hostile_counters(void **state)
{
	/* Of each counter key, weight, error; k is 2. */
	enum { BAD = OOPS_FORMAT };
	static const struct {
		u64 floor, total, at[6];
		u32 used;
		int want;
	} rows[] = {
		{ 0, 30, { 1, 10, 0, 2, 20, 0 }, 2, 0 },
		{ 0, 30, { 2, 10, 0, 1, 20, 0 }, 2, BAD },	/* keys fall */
		{ 0, 30, { 1, 10, 0, 1, 20, 0 }, 2, BAD },	/* the same key */
		{ 0, 30, { 1, 10, 1, 2, 20, 0 }, 2, BAD },	/* error, no floor */
		{ 5, 30, { 1, 10, 5, 2, 20, 0 }, 2, 0 },
		{ 5, 30, { 1, 10, 6, 2, 20, 0 }, 2, BAD },	/* error > floor */
		{ 11, 30, { 1, 10, 0, 2, 20, 0 }, 2, BAD },	/* floor > weight */
		{ 0, 29, { 1, 10, 0, 2, 20, 0 }, 2, BAD },	/* sum > total */
		{ 5, 30, { 1, 10, 0 }, 1, BAD },		/* floor with room */
		{ 0, 0, { 1, 0, 0 }, 1, BAD },			/* no weight */
		{ 0, 30, { 1, 10, 0, 2, 20, 0 }, 3, BAD },	/* too many */
		{ 0, UINT64_MAX, { 1, UINT64_MAX, 0, 2, UINT64_MAX, 0 }, 2, 0 },
	};
	struct topk *t = made(2);

	(void)state;
	for (unsigned i = 0; i < COUNT(rows); i++) {
		struct buf b = { 0 };
		struct rd in;

		buf_u32(&b, rows[i].used);
		buf_u64(&b, rows[i].floor);
		buf_u64(&b, rows[i].total);
		for (unsigned j = 0; j < min_u64(3 * rows[i].used, 6); j++)
			buf_u64(&b, rows[i].at[j]);
		in = rd_of(b.at, b.len);
		assert_int_equal(topk_unpack(t, &in), rows[i].want);
		assert_int_equal(t->used, rows[i].want ? 0 : rows[i].used);
		topk_add(t, 3, UINT64_MAX);	/* sums stop at the top */
		assert_int_equal(topk_find(t, 3)->weight, UINT64_MAX);
		buf_free(&b);
	}
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stream_bounds),
		cmocka_unit_test(merge_bounds),
		cmocka_unit_test(merge_commutes),
		cmocka_unit_test(ties),
		cmocka_unit_test(heavy_among_many),
		cmocka_unit_test(hostile_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
