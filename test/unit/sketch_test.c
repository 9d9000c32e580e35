/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sketch_test.c - the law that carries the design, held against every part.
 *
 *   merge(fold(a), fold(b)) == fold(a u b), in any order and grouping
 *
 * Every row of parts[], and the sample, goes through the same properties with
 * random streams from fixed seeds. What each part answers is in sketch_count_test.c
 * and topk_test.c. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "sketch/part.h"
#include "sketch/sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* SplitMix64: every test has its own seed and is the same for ever. */
static u64 next(u64 *seed)
{
	u64 z = *seed += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* --- the sample as a part, in a pool of the test's ----------------------- */

static struct pool pool;

static void sample_init(void *part) { memset(part, 0, sizeof(struct sample)); }

static void sample_add(void *part, u64 hash, u64 weight)
{
	bool fresh;
	struct sampled *it;
	u32 own = 1 + (u32)(hash_u64(5, hash) % 200);	/* a thing's weight is its own */

	if (!sample_wants(part, hash, own))
		return;
	it = sample_item(part, &pool, hash, own, &fresh);
	if (it == NULL)
		return;
	if (fresh)
		it->value = (u16)hash;
	it->mark |= 1u << weight % 8;
	it->least = (u32)min_u64(it->least, weight % 1000) & 0xffffff;
}

static void sample_join(void *into, const void *from)
{
	sample_merge(into, &pool, from, &pool);
}

static void sample_out(const void *part, struct buf *out)
{
	sample_pack(part, &pool, out);
}

static int sample_in(void *part, struct rd *in)
{
	int rc;

	sample_free(part, &pool);
	rc = sample_unpack(part, &pool, in);
	if (rc) {
		sample_free(part, &pool);
		sample_init(part);
	}
	return rc;
}

static const struct part part_sample = {
	.id = "sample", .size = sizeof(struct sample), .init = sample_init,
	.add = sample_add, .merge = sample_join, .pack = sample_out, .unpack = sample_in,
	.idempotent = true, .exact = true,
};

/* --- streams ------------------------------------------------------------ */

struct seen { u64 hash, weight; };

#define STREAM_MAX 20000
static struct seen stream[STREAM_MAX];

/* Parts that are exact only while few keys are seen get few keys. */
static void make_stream(const struct part *p, size_t n, u64 seed)
{
	u64 keys = p->exact ? 1 + next(&seed) % (2 * n + 1) : 1 + next(&seed) % 64;

	for (size_t i = 0; i < n; i++) {
		u64 spread = next(&seed) % 40;

		stream[i].hash = hash_u64(7, next(&seed) % keys);
		stream[i].weight = next(&seed) >> (24 + spread);
	}
}

static void *made(const struct part *p)
{
	void *part = calloc(1, p->size);

	assert_non_null(part);
	p->init(part);
	return part;
}

/* The part of those elements whose share of `ways` is `which`. */
static void *folded(const struct part *p, size_t n, unsigned ways, unsigned which,
		    u64 salt)
{
	void *part = made(p);

	for (size_t i = 0; i < n; i++)
		if (hash_u64(salt, i) % ways == which)
			p->add(part, stream[i].hash, stream[i].weight);
	return part;
}

static void same(const struct part *p, const void *a, const void *b, const char *law)
{
	struct buf x = { 0 }, y = { 0 };

	p->pack(a, &x);
	p->pack(b, &y);
	assert_int_equal(buf_error(&x) | buf_error(&y), 0);
	if (x.len != y.len || memcmp(x.at, y.at, x.len))
		fail_msg("%s: %s does not hold", p->id, law);
	buf_free(&x);
	buf_free(&y);
}

static void *copy_of(const struct part *p, const void *part)
{
	void *c = made(p);

	p->merge(c, part);
	return c;
}

static void *merged(const struct part *p, const void *a, const void *b)
{
	void *c = copy_of(p, a);

	p->merge(c, b);
	return c;
}

/* --- the properties ----------------------------------------------------- */

static const size_t lengths[] = { 0, 1, 2, 3, 10, 63, 64, 65, 300, 3000, STREAM_MAX };

static void each_part(void (*property)(const struct part *, size_t n, u64 seed))
{
	for (unsigned i = 0; parts[i]; i++)
		for (unsigned l = 0; l < COUNT(lengths); l++) {
			make_stream(parts[i], lengths[l], i * 100 + l);
			property(parts[i], lengths[l], l);
		}
	for (unsigned l = 0; l < COUNT(lengths); l++) {
		make_stream(&part_sample, lengths[l], 7000 + l);
		property(&part_sample, lengths[l], l);
		pool_clear(&pool);
	}
}

static void split_and_merge(const struct part *p, size_t n, u64 seed)
{
	static const unsigned ways[] = { 2, 3, 16 };
	void *all = folded(p, n, 1, 0, 0);

	for (unsigned w = 0; w < COUNT(ways); w++) {
		void *sum = made(p);
		unsigned first = (unsigned)(seed % ways[w]);

		for (unsigned i = 0; i < ways[w]; i++) {
			/* In another order than the shares': 5 is prime to all ways. */
			unsigned which = (first + i * 5) % ways[w];
			void *one = folded(p, n, ways[w], which, seed);

			p->merge(sum, one);
			free(one);
		}
		same(p, sum, all, "fold of the split is fold of all");
		free(sum);
	}
	free(all);
}

static void commutes(const struct part *p, size_t n, u64 seed)
{
	void *a = folded(p, n, 2, 0, seed), *b = folded(p, n, 2, 1, seed);
	void *ab = merged(p, a, b), *ba = merged(p, b, a);

	same(p, ab, ba, "a + b = b + a");
	free(a);
	free(b);
	free(ab);
	free(ba);
}

static void associates(const struct part *p, size_t n, u64 seed)
{
	void *a = folded(p, n, 3, 0, seed), *b = folded(p, n, 3, 1, seed);
	void *c = folded(p, n, 3, 2, seed), *ab = merged(p, a, b), *bc = merged(p, b, c);
	void *left = merged(p, ab, c), *right = merged(p, a, bc);

	same(p, left, right, "(a + b) + c = a + (b + c)");
	free(a);
	free(b);
	free(c);
	free(ab);
	free(bc);
	free(left);
	free(right);
}

static void order_is_nothing(const struct part *p, size_t n, u64 seed)
{
	void *forth = folded(p, n, 1, 0, 0), *back = made(p);

	(void)seed;
	for (size_t i = n; i-- > 0;)
		p->add(back, stream[i].hash, stream[i].weight);
	same(p, forth, back, "the order of adding is nothing");
	free(forth);
	free(back);
}

static void empty_is_nothing(const struct part *p, size_t n, u64 seed)
{
	void *all = folded(p, n, 1, 0, 0), *none = made(p);
	void *left = merged(p, all, none), *right = merged(p, none, all);

	(void)seed;
	same(p, all, left, "a + 0 = a");
	same(p, all, right, "0 + a = a");
	free(all);
	free(none);
	free(left);
	free(right);
}

static void repeats(const struct part *p, size_t n, u64 seed)
{
	void *all = folded(p, n, 1, 0, 0), *twice, *again;

	if (p->idempotent) {
		again = copy_of(p, all);
		for (size_t i = 0; i < n; i++)
			p->add(again, stream[next(&seed) % n].hash, stream[i].weight);
		if (p != &part_sample)	/* marks grow with other weights, by design */
			same(p, all, again, "seen again changes nothing");
		twice = merged(p, all, all);
		same(p, all, twice, "a + a = a");
		free(twice);
		free(again);
	}
	free(all);
}

static void packs(const struct part *p, size_t n, u64 seed)
{
	void *all = folded(p, n, 1, 0, 0), *back = folded(p, n, 2, 0, seed);
	struct buf out = { 0 };
	struct rd in;

	p->pack(all, &out);
	buf_text(&out, "rest");
	assert_int_equal(buf_error(&out), 0);
	in = rd_of(out.at, out.len);
	assert_int_equal(p->unpack(back, &in), 0);
	assert_int_equal(rd_left(&in), 4);	/* no octet too many was read */
	same(p, all, back, "unpack(pack(a)) = a");
	buf_free(&out);
	free(all);
	free(back);
}

/* Every way of ending too early is noticed and leaves an empty part. */
static void ends_early(const struct part *p, size_t n, u64 seed)
{
	void *all = folded(p, n, 1, 0, 0), *none = made(p), *back = made(p);
	struct buf out = { 0 };

	p->pack(all, &out);
	for (size_t i = 0; i < out.len; i += 1 + (i > 100) * (next(&seed) % 200)) {
		struct rd in = rd_of(out.at, i);

		assert_int_equal(p->unpack(back, &in), OOPS_FORMAT);
		same(p, back, none, "a failed unpack leaves nothing");
	}
	buf_free(&out);
	free(all);
	free(none);
	free(back);
}

/* Changed octets are refused or give a part that works, and that packs to what is
 * read again as the same. */
static void survives_changes(const struct part *p, size_t n, u64 seed)
{
	void *all = folded(p, n, 1, 0, 0);
	struct buf out = { 0 };

	p->pack(all, &out);
	for (unsigned round = 0; round < 300; round++) {
		void *back = made(p), *again = made(p);
		struct buf changed = { 0 }, repacked = { 0 };
		struct rd in;

		buf_add(&changed, out.at, out.len);
		for (u64 i = next(&seed) % 4; i < 4; i++) {
			u64 far = round % 2 ? out.len : min_u64(out.len, 32);
			u64 at = next(&seed) % far;

			changed.at[at] = (char)(next(&seed) >> (8 * (round % 7)));
		}
		in = rd_of(changed.at, changed.len);
		if (p->unpack(back, &in) == 0) {
			p->add(back, next(&seed), next(&seed));
			p->merge(back, all);
			p->pack(back, &repacked);
			in = rd_of(repacked.at, repacked.len);
			assert_int_equal(p->unpack(again, &in), 0);
			same(p, back, again, "what was taken in packs");
		}
		buf_free(&changed);
		buf_free(&repacked);
		free(back);
		free(again);
	}
	buf_free(&out);
	free(all);
}

#define TEST_OF(property)                                                      \
	static void test_##property(void **state)                              \
	{                                                                      \
		(void)state;                                                   \
		each_part(property);                                           \
	}
TEST_OF(split_and_merge)
TEST_OF(commutes)
TEST_OF(associates)
TEST_OF(order_is_nothing)
TEST_OF(empty_is_nothing)
TEST_OF(repeats)
TEST_OF(packs)
TEST_OF(ends_early)
TEST_OF(survives_changes)

/* The registry itself: ids differ, nothing is missing. */
static void registry(void **state)
{
	(void)state;
	assert_non_null(parts[0]);
	for (unsigned i = 0; parts[i]; i++) {
		assert_true(parts[i]->size > 0);
		assert_non_null(parts[i]->init);
		assert_non_null(parts[i]->add);
		assert_non_null(parts[i]->merge);
		assert_non_null(parts[i]->pack);
		assert_non_null(parts[i]->unpack);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(parts[i]->id, parts[j]->id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registry),
		cmocka_unit_test(test_split_and_merge),
		cmocka_unit_test(test_commutes),
		cmocka_unit_test(test_associates),
		cmocka_unit_test(test_order_is_nothing),
		cmocka_unit_test(test_empty_is_nothing),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_packs),
		cmocka_unit_test(test_ends_early),
		cmocka_unit_test(test_survives_changes),
	};
	int rc;

	must(pool_open(&pool, 256u << 20) == 0);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	pool_close(&pool);
	return rc;
}
