/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample_test.c - the weighted bottom-k sample: its law, its honesty, its packed form.
 *
 * The reference is the set of all things there are, sorted by rank: whatever was dealt
 * out, merged, or starved of memory, the sample must be the beginning of it. */
#include "sketch/sample.h"
#include "base/buf.h"
#include "base/rd.h"
#include "draw.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define THINGS_MAX 20000
#define PARTS_MAX 16

struct thing { u64 hash; u32 weight; u8 mark; u32 least; };
static struct thing things[THINGS_MAX];

/* n different things; weights spread over three powers of ten. */
static void make_things(u32 n, u64 seed)
{
	for (u32 i = 0; i < n; i++) {
		u64 scale = 1ull << draw_below(&seed, 11);

		things[i] = (struct thing){ .hash = draw(&seed),
			.weight = 1 + (u32)draw_below(&seed, 60 * scale),
			.mark = (u8)draw(&seed), .least = (u32)draw(&seed) & 0xffffff };
	}
}

/* One sight of a thing: some of the bits of its mark, some tag not below its least. */
static void see(struct sample *s, struct pool *p, const struct thing *t, u8 bits,
		u32 least)
{
	bool fresh;
	struct sampled *it;

	if (!sample_wants(s, t->hash, t->weight))
		return;
	it = sample_item(s, p, t->hash, t->weight, &fresh);
	if (it == NULL)
		return;
	if (fresh) {
		assert_int_equal(it->mark, 0);
		assert_int_equal(it->least, 0xffffff);
		it->value = (u16)t->hash;
	}
	it->mark |= t->mark & bits;
	it->least = it->least < least ? it->least : least & 0xffffff;
}

static void see_all(struct sample *s, struct pool *p, u32 n)
{
	for (u32 i = 0; i < n; i++)
		see(s, p, &things[i], 0xff, things[i].least);
}

static void same(const struct sample *a, const struct sample *b, const struct pool *p)
{
	struct buf x = { 0 }, y = { 0 };

	sample_pack(a, p, &x);
	sample_pack(b, p, &y);
	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.at, y.at, x.len);
	buf_free(&x);
	buf_free(&y);
}

static int by_rank(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;
	u64 r = x->hash / x->weight, q = y->hash / y->weight;

	return r < q ? -1 : r > q;
}

/* The sample is the beginning of all things by rank; things[] is sorted on the way. */
static void is_bottom(const struct sample *s, const struct pool *p, u32 n)
{
	struct sampled it[SAMPLE_K_MAX];
	unsigned count = sample_items(s, p, it);

	qsort(things, n, sizeof things[0], by_rank);
	for (unsigned i = 0; i < count; i++) {
		assert_true(it[i].rank == things[i].hash / things[i].weight);
		assert_int_equal(it[i].weight, things[i].weight);
		assert_int_equal(it[i].value, (u16)things[i].hash);
		assert_int_equal(it[i].mark, things[i].mark);
		assert_int_equal(it[i].least, things[i].least);
	}
	if (s->bar && count)
		assert_true(s->bar == it[count - 1].rank);
}

static double true_weight(u32 n)
{
	double sum = 0;

	for (u32 i = 0; i < n; i++)
		sum += things[i].weight;
	return sum;
}

/* --- below k the sums are exact, whatever the k -------------------------- */

static void test_exact(void **state)
{
	struct pool p;

	(void)state;
	assert_int_equal(pool_open(&p, 1 << 20), 0);
	for (u8 k = 2; k <= SAMPLE_K_MAX; k++)
		for (u32 n = 0; n <= k + 1u; n++) {
			struct sample s = { .k = k };

			make_things(n, k * 100u + n);
			see_all(&s, &p, n);
			see_all(&s, &p, n);	/* again changes nothing */
			is_bottom(&s, &p, n);
			assert_int_equal(s.count, n < k ? n : k);
			assert_int_equal(s.bar != 0, n >= k);
			if (n < k) {
				assert_true(sample_distinct(&s, &p) == n);
				assert_true(sample_weight(&s, &p) == true_weight(n));
				assert_true(sample_widen(&s) == 1);
			}
			sample_free(&s, &p);
			assert_int_equal(s.k, k);
		}
	pool_close(&p);
}

/* --- the law ------------------------------------------------------------- */

/* Things dealt to `ways` samples, each seen some times in part, the samples merged in
 * random order into the first. */
static void deal(struct sample *into, struct pool *p, u32 n, unsigned ways, u64 *seed)
{
	struct sample part[PARTS_MAX] = { 0 };
	unsigned order[PARTS_MAX];

	for (unsigned i = 0; i < ways; i++) {
		part[i].k = into->k;
		order[i] = i;
	}
	for (u32 i = 0; i < n; i++) {
		u8 bits = (u8)draw(seed);

		see(&part[draw_below(seed, ways)], p, &things[i], bits, 0xfffffe);
		see(&part[draw_below(seed, ways)], p, &things[i], (u8)~bits,
		    things[i].least);
	}
	draw_order(seed, order, ways, sizeof order[0]);
	for (unsigned i = 0; i < ways; i++) {
		sample_merge(into, p, &part[order[i]], p);
		sample_free(&part[order[i]], p);
	}
}

static void test_law(void **state)
{
	static const u8 ks[] = { 0, 15, 3, 60, 7 };
	struct pool p;
	u64 seed = 11;

	(void)state;
	assert_int_equal(pool_open(&p, 1 << 20), 0);
	for (unsigned round = 0; round < 600; round++) {
		u32 n = (u32)draw_below(&seed, round % 10 ? 150 : 5000);
		u8 k = ks[round % COUNT(ks)];
		struct sample one = { .k = k }, dealt = { .k = k };

		make_things(n, draw(&seed));
		see_all(&one, &p, n);
		deal(&dealt, &p, n, 1 + (unsigned)draw_below(&seed, PARTS_MAX), &seed);
		same(&one, &dealt, &p);
		is_bottom(&one, &p, n);
		sample_merge(&dealt, &p, &one, &p);	/* what is there already */
		same(&one, &dealt, &p);
		sample_free(&one, &p);
		sample_free(&dealt, &p);
	}
	pool_close(&p);
}

/* --- honesty ------------------------------------------------------------- */

struct errors { double mean, square; unsigned low; };

static void hold(struct errors *e, double estimate, double truth, double widen,
		 unsigned trials)
{
	double off = estimate / truth - 1;

	e->mean += off / trials;
	e->square += off * off / trials;
	e->low += estimate * widen < truth;
}

/* Without bias, within the stated error, and hardly ever too low once widened. */
static void hold_errors(u8 k, u32 n, unsigned trials, u64 seed)
{
	struct errors weight = { 0 }, number = { 0 };
	double stated = 1 / sqrt((k ? k : SAMPLE_K_MAX) - 2.0);
	struct pool p;

	assert_int_equal(pool_open(&p, 1 << 16), 0);
	for (unsigned i = 0; i < trials; i++) {
		struct sample s = { .k = k };

		make_things(n, draw(&seed));
		see_all(&s, &p, n);
		hold(&weight, sample_weight(&s, &p), true_weight(n), sample_widen(&s),
		     trials);
		hold(&number, sample_distinct(&s, &p), n, 1, trials);
		sample_free(&s, &p);
	}
	print_message(
		"# k %u, %u things, %u trials: weight off by %.4f +- %.4f (stated %.4f), "
		"too low %u; number off by %.4f +- %.4f\n",
		k, n, trials, weight.mean, sqrt(weight.square), stated, weight.low,
		number.mean, sqrt(number.square));
	assert_true(fabs(weight.mean) < 4.5 * stated / sqrt(trials));
	assert_true(sqrt(weight.square) < 1.1 * stated);
	assert_true(weight.low * 1000 <= trials);
	pool_close(&p);
}

static void test_honest(void **state)
{
	(void)state;
	hold_errors(0, 200, 10000, 1);
	hold_errors(0, 3000, 1000, 2);
	hold_errors(15, 100, 10000, 3);
	hold_errors(15, 16, 10000, 4);
	hold_errors(5, 1000, 1000, 5);
}

/* The chance that widening is too little is a Poisson tail: too low means that k or fewer
 * ranks lie where k times the factor are expected. It must be below one in a million. */
static double poisson_at_most(unsigned k, double mean)
{
	double term = exp(-mean), sum = term;

	for (unsigned i = 1; i <= k; i++)
		sum += term *= mean / i;
	return sum;
}

static void test_widen(void **state)
{
	(void)state;
	for (unsigned count = 3; count <= SAMPLE_K_MAX; count++) {
		struct sample s = { .bar = 1000, .count = (u8)count };
		double f = sample_widen(&s),
		       chance = poisson_at_most(count - 1, (count - 1) * f);

		if (!(chance < 1e-6))
			fail_msg("%u things widened by %.3f: too low with chance %.2g",
				 count, f, chance);
		assert_true(f > 1);
	}
}

/* --- too little memory --------------------------------------------------- */

#define SAMPLES 64

/* Many samples in a pool that cannot hold them: each is still the beginning of its own
 * things, or blind and says so; the estimate does not go astray. */
static void test_starved(void **state)
{
	struct sample s[SAMPLES] = { 0 }, merged = { 0 };
	unsigned small = 0, blind = 0;
	struct pool p, big;
	u64 seed = 21;

	(void)state;
	assert_int_equal(pool_open(&p, 8192), 0);
	assert_int_equal(pool_open(&big, 1 << 20), 0);
	for (u32 i = 0; i < SAMPLES; i++) {
		u32 n = 1 + (u32)draw_below(&seed, 300);

		make_things(n, i + 1);
		see_all(&s[i], &p, n);
		is_bottom(&s[i], &p, n);
		small += (s[i].starved & STARVED_SMALL) != 0;
		blind += (s[i].starved & STARVED_BLIND) != 0;
		if (s[i].starved & STARVED_BLIND)
			assert_int_equal(s[i].count, 0);
		else if (s[i].bar == 0)
			assert_true(sample_weight(&s[i], &p) == true_weight(n));
		else
			assert_true(sample_weight(&s[i], &p) * sample_widen(&s[i]) >=
				    true_weight(n));
	}
	assert_true(small > 0 && blind > 0);
	for (u32 i = 0; i < SAMPLES; i++)
		sample_merge(&merged, &big, &s[i], &p);
	assert_true(merged.starved == (STARVED_SMALL | STARVED_BLIND));
	for (u32 i = 0; i < SAMPLES; i++)
		sample_free(&s[i], &p);
	pool_close(&p);
	pool_close(&big);
}

/* A starved sample merged with a good one, either way: the beginning of the union. */
static void test_starved_merge(void **state)
{
	struct pool tight, big;
	u64 seed = 31;

	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		u32 n = 10 + (u32)draw_below(&seed, 200),
		    half = (u32)draw_below(&seed, n);
		struct sample a = { 0 }, b = { 0 }, *into = round % 2 ? &a : &b;

		assert_int_equal(pool_open(&tight, 128 + 32 * draw_below(&seed, 14)), 0);
		assert_int_equal(pool_open(&big, 1 << 16), 0);
		make_things(n, draw(&seed));
		for (u32 i = 0; i < n; i++)
			see(i < half ? &a : &b, i < half ? &tight : &big, &things[i],
			    0xff, things[i].least);
		if (into == &a)
			sample_merge(&a, &tight, &b, &big);
		else
			sample_merge(&b, &big, &a, &tight);
		if (!(into->starved & STARVED_BLIND))
			is_bottom(into, into == &a ? &tight : &big, n);
		pool_close(&tight);
		pool_close(&big);
	}
}

/* --- the packed form ----------------------------------------------------- */

static void test_pack(void **state)
{
	struct pool p;
	u64 seed = 41;

	(void)state;
	assert_int_equal(pool_open(&p, 1 << 20), 0);
	for (unsigned round = 0; round < 500; round++) {
		struct sample s = { .k = round % 3 ? 0 : 15 }, back;
		struct buf x = { 0 };
		struct rd in;
		u32 n = (u32)draw_below(&seed, 150);

		make_things(n, draw(&seed));
		see_all(&s, &p, n / 2);
		sample_pack(&s, &p, &x);
		in = rd_of(x.at, x.len);
		assert_int_equal(sample_unpack(&back, &p, &in), 0);
		assert_int_equal(rd_left(&in), 0);
		same(&s, &back, &p);
		/* and it goes on as the first would */
		see_all(&s, &p, n);
		see_all(&back, &p, n);
		same(&s, &back, &p);
		sample_free(&s, &p);
		sample_free(&back, &p);
		buf_free(&x);
	}
	pool_close(&p);
}

static void test_mutated(void **state)
{
	struct pool p;
	u64 seed = 51;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		struct sample s = { .k = round % 2 ? 0 : 15 }, back = { 0 };
		struct buf x = { 0 };
		struct rd in;

		assert_int_equal(pool_open(&p, 8192), 0);
		make_things(70, round);
		see_all(&s, &p, (u32)draw_below(&seed, 70));
		sample_pack(&s, &p, &x);
		for (u64 i = draw_below(&seed, 4); i; i--)
			x.at[draw_below(&seed, draw_below(&seed, 2) ? 11 : x.len)] =
				(char)draw(&seed);
		x.len = draw_below(&seed, 4) ? x.len : draw_below(&seed, x.len + 1);
		in = rd_of(x.at, x.len);
		if (sample_unpack(&back, &p, &in) == 0) {
			see_all(&back, &p, 70);
			sample_merge(&s, &p, &back, &p);
			assert_true(sample_weight(&s, &p) >= 0);
			assert_true(s.count <= SAMPLE_K_MAX &&
				    back.count <= SAMPLE_K_MAX);
		}
		buf_free(&x);
		pool_close(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_law),
		cmocka_unit_test(test_honest),
		cmocka_unit_test(test_widen),
		cmocka_unit_test(test_starved),
		cmocka_unit_test(test_starved_merge),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_mutated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
