/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sketch_count_test.c - what distinct counts, quantiles and histograms answer,
 * against the exact answer, within the error that their headers state.
 *
 * Seeds are fixed, so a test passes always or never; the margins are wide enough
 * (four standard errors and more) that another seed or hash would pass as well. */
#include "base/hash.h"
#include "base/rd.h"
#include "sketch/distinct.h"
#include "sketch/histogram.h"
#include "sketch/quantile.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static u64 next(u64 *seed)
{
	return hash_u64(3, (*seed)++);
}

/* --- distinct ----------------------------------------------------------- */

/* n things that no other seed has. */
static u64 counted(u8 *at, unsigned p, u64 n, u64 seed)
{
	memset(at, 0, (size_t)1 << p);
	for (u64 i = 0; i < n; i++)
		distinct_reg_add(at, p, hash_u64(7, seed << 32 | i));
	return distinct_reg_count(at, p);
}

static double ratio(u64 got, u64 want)
{
	return ((double)got - (double)want) / (double)want;
}

static double size_of(double x) { return x < 0 ? -x : x; }

static void distinct_within_error(void **state)
{
	static const u64 counts[] = { 1, 2, 3, 10, 100, 1000, 5000, 20000, 100000,
				      1000000 };
	static u8 at[1u << 16];

	(void)state;
	for (unsigned p = 4; p <= 16; p++)
		for (unsigned i = 0; i < COUNT(counts); i++) {
			u64 n = counts[i], got = counted(at, p, n, 99 + i);
			double most = 5 * distinct_reg_error(p);
			bool near = got <= n + 2 && n <= got + 2;

			if (size_of(ratio(got, n)) > most && !near)
				fail_msg("p %u: %llu for %llu", p,
					 (unsigned long long)got, (unsigned long long)n);
		}
}

/* Over many seeds the mean error is near 0 (no bias) and its spread is what is
 * stated, also where linear counting ends and the raw estimate is not good yet. */
static void distinct_unbiased(void **state)
{
	static const double loads[] = { 0.1, 0.5, 1, 2, 2.5, 3, 5, 20 };
	static u8 at[1u << 12];
	const unsigned p = 12, seeds = 200;
	const double error = distinct_reg_error(p);

	(void)state;
	for (unsigned i = 0; i < COUNT(loads); i++) {
		u64 n = (u64)(loads[i] * (double)(1u << p));
		double sum = 0, squares = 0;

		for (unsigned s = 0; s < seeds; s++) {
			double off = ratio(counted(at, p, n, 1000 * i + s), n);

			sum += off;
			squares += off * off;
		}
		assert_true(size_of(sum / seeds) < 4 * error / 14);	/* sqrt(200) */
		assert_true(squares / seeds < 1.44 * error * error);
	}
}

static void distinct_types(void **state)
{
	static struct distinct d;
	static struct distinct12 e;

	(void)state;
	assert_int_equal(distinct_count(&d), 0);
	assert_int_equal(distinct12_count(&e), 0);
	for (u64 round = 0; round < 3; round++)
		for (u64 i = 0; i < 50000; i++) {
			distinct_add(&d, hash_u64(1, i));
			distinct12_add(&e, hash_u64(1, i));
		}
	assert_true(size_of(ratio(distinct_count(&d), 50000)) < 4 * distinct_error());
	assert_true(size_of(ratio(distinct12_count(&e), 50000)) < 4 * distinct12_error());
	assert_true(distinct_error() > 0.00812 && distinct_error() < 0.00813);
	assert_true(distinct12_error() > 0.01624 && distinct12_error() < 0.01626);
	assert_true(distinct_reg_error(13) > 0.01149 && distinct_reg_error(13) < 0.01150);
}

/* Registers that only a hostile sender would have: no trap, no nonsense below. */
static void distinct_full(void **state)
{
	static struct distinct12 d;

	(void)state;
	memset(d.at, 65 - 12, sizeof d.at);
	assert_int_equal(distinct12_count(&d), UINT64_MAX);
	distinct12_add(&d, 0);
	assert_int_equal(distinct12_count(&d), UINT64_MAX);
	memset(d.at, 50, sizeof d.at / 2);	/* 2^53 / 9 * 2 * 4096 / (2 ln 2) */
	assert_true(size_of(ratio(distinct12_count(&d), 5913855735812366677u)) < 1e-3);
	memset(d.at, 0, sizeof d.at);
	distinct12_add(&d, 0);		/* the hash of rank 53 */
	assert_int_equal(d.at[0], 53);
	distinct12_add(&d, UINT64_MAX);
	assert_int_equal(d.at[4095], 1);
}

/* --- quantiles ---------------------------------------------------------- */

#define VALUES 20001
static u64 values[VALUES];

static int by_value(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

static u64 draw(unsigned kind, u64 *seed)
{
	u64 r = next(seed);

	switch (kind) {
	case 0: return r % 1000;			/* flat */
	case 1: return r >> next(seed) % 64;		/* every size alike */
	case 2: return 20000000 + (r % 1000) * (r >> 32) % 3000000000u;	/* latencies */
	case 3: return r % 3 ? 512 : 1232;		/* two peaks */
	case 4: return 77;
	default: return r | 1ull << 63;			/* near the top */
	}
}

static void check_quantile(const struct quantile *q, unsigned share)
{
	u64 rank = ((u64)VALUES * share + 9999) / 10000;
	u64 want = values[rank ? rank - 1 : 0], mid = quantile_mid(q, share);
	struct quantile_range r = quantile_at(q, share);

	assert_true(r.low <= want && want <= r.high);
	assert_true(r.high - r.low <= r.low / 32);
	assert_true(size_of((double)mid - (double)want) <= (double)want / 64 + 0.5);
}

static void quantiles_hold_the_truth(void **state)
{
	static struct quantile q;

	(void)state;
	for (unsigned kind = 0; kind < 6; kind++) {
		u64 seed = 1000000 * kind;

		quantile_init(&q);
		for (unsigned i = 0; i < VALUES; i++) {
			values[i] = draw(kind, &seed);
			quantile_add(&q, values[i]);
		}
		qsort(values, VALUES, sizeof values[0], by_value);
		for (unsigned share = 0; share <= 10000; share += 25)
			check_quantile(&q, share);
		check_quantile(&q, 9999);
		assert_int_equal(quantile_mid(&q, 0), values[0]);
		assert_int_equal(quantile_mid(&q, 10000), values[VALUES - 1]);
		assert_int_equal(quantile_mid(&q, 20000), values[VALUES - 1]);
	}
}

/* Each power of two and its neighbours fall into a bucket that holds them. */
static void quantile_edges(void **state)
{
	static struct quantile q;

	(void)state;
	for (unsigned bit = 0; bit < 64; bit++)
		for (int off = -1; off <= 1; off++) {
			u64 v = (1ull << bit) + (u64)off;
			struct quantile_range r;

			quantile_init(&q);
			quantile_add(&q, 0);
			quantile_add(&q, v);
			quantile_add(&q, UINT64_MAX);
			r = quantile_at(&q, 5000);
			assert_true(r.low <= v && v <= r.high);
			assert_true(r.high - r.low <= r.low / 32);
		}
}

static void quantile_of_nothing(void **state)
{
	static struct quantile q;

	(void)state;
	quantile_init(&q);
	assert_int_equal(quantile_at(&q, 5000).low, 0);
	assert_int_equal(quantile_at(&q, 5000).high, 0);
	quantile_add(&q, 123456789);
	assert_int_equal(quantile_mid(&q, 1), 123456789);
	assert_int_equal(quantile_mid(&q, 9999), 123456789);
}

/* Counters at the top stay there, and what is asked of them stays in range. */
static void quantile_saturates(void **state)
{
	static struct quantile q, twice;

	(void)state;
	quantile_init(&q);
	quantile_add(&q, 5);
	quantile_add(&q, 500);
	q.at[5] = UINT64_MAX - 1;
	q.total = UINT64_MAX;
	twice = q;
	quantile_merge(&twice, &q);
	assert_int_equal(twice.total, UINT64_MAX);
	assert_int_equal(twice.at[5], UINT64_MAX);
	assert_int_equal(quantile_mid(&twice, 5000), 5);
	assert_true(quantile_at(&twice, 10000).high <= 500);
}

/* --- histograms --------------------------------------------------------- */

static void tally_counts(void **state)
{
	struct tally t = { 0 }, u = { 0 };
	u64 few[3] = { 0 };

	(void)state;
	tally_add(t.at, TALLY_LABELS, 3, 2);
	tally_add(t.at, TALLY_LABELS, 62, 1);
	tally_add(t.at, TALLY_LABELS, 63, 10);
	tally_add(t.at, TALLY_LABELS, UINT64_MAX, 5);
	assert_int_equal(t.at[3], 2);
	assert_int_equal(t.at[62], 1);
	assert_int_equal(t.at[63], 15);
	assert_int_equal(tally_sum(t.at, TALLY_LABELS), 18);
	u.at[3] = UINT64_MAX - 1;
	tally_merge(t.at, u.at, TALLY_LABELS);
	assert_int_equal(t.at[3], UINT64_MAX);
	assert_int_equal(tally_sum(t.at, TALLY_LABELS), UINT64_MAX);
	tally_add(few, 3, 99, 1);
	assert_int_equal(few[2], 1);
}

static void sizes_have_the_bins_of_rssac002(void **state)
{
	static struct sizes s;
	char text[SIZES_TEXT_MAX];

	(void)state;
	sizes_add(&s, 0);
	sizes_add(&s, 15);
	sizes_add(&s, 16);
	sizes_add(&s, 512);
	sizes_add(&s, 65535);
	sizes_add(&s, 65536);
	sizes_add(&s, UINT64_MAX);
	assert_int_equal(s.at[0], 2);
	assert_int_equal(s.at[1], 1);
	assert_int_equal(s.at[32], 1);
	assert_int_equal(s.at[SIZES_BINS - 1], 3);
	assert_string_equal(sizes_text(0, text), "0-15");
	assert_string_equal(sizes_text(32, text), "512-527");
	assert_string_equal(sizes_text(SIZES_BINS - 1, text), "65520-65535");
}

/* --- what a hostile sender packs ---------------------------------------- */

/* Octets as text: "0c 01" and so on; blanks are only for reading. */
static size_t octets_of(const char *text, u8 *to)
{
	size_t n = 0;

	for (; *text; text++) {
		int digit = *text >= 'a' ? *text - 'a' + 10 : *text - '0';

		if (*text == ' ')
			continue;
		to[n / 2] = (u8)(n % 2 ? (to[n / 2] << 4) + digit : digit);
		n++;
	}
	return n / 2;
}

/* All registers set: the dense form, and no rank past the last possible. */
static void impossible_rank(void **state)
{
	static u8 octets[2 + 4096] = { 12, 0 };
	static struct distinct12 d;
	struct rd in = rd_of(octets, sizeof octets);

	(void)state;
	memset(octets + 2, 53, 4096);
	assert_int_equal(distinct12_unpack(&d, &in), 0);
	assert_int_equal(d.at[4095], 53);
	octets[100] = 54;
	in = rd_of(octets, sizeof octets);
	assert_int_equal(distinct12_unpack(&d, &in), OOPS_FORMAT);
	assert_int_equal(distinct12_count(&d), 0);
}

static void impossible_octets(void **state)
{
	static const struct {
		const struct part *part;
		int want;
		const char *octets;
	} rows[] = {
		{ &part_distinct12, 0, "0c 01 0002 0001 01 0002 35" },
		{ &part_distinct12, OOPS_FORMAT, "0c 01 0002 0002 01 0001 35" },
		{ &part_distinct12, OOPS_FORMAT, "0c 01 0002 0001 01 0001 02" },
		{ &part_distinct12, OOPS_FORMAT, "0c 01 0001 0001 00" },
		{ &part_distinct12, OOPS_FORMAT, "0c 01 0001 0001 36" },
		{ &part_distinct12, OOPS_FORMAT, "0c 01 0001 1000 01" },
		{ &part_distinct12, OOPS_FORMAT, "0e 01 0001 0001 01" },
		{ &part_distinct12, OOPS_FORMAT, "0c 02 0001 0001 01" },
		{ &part_distinct, 0, "0e 01 0001 3fff 33" },
		{ &part_distinct, OOPS_FORMAT, "0e 01 0001 3fff 34" },
		/* total, least, most, buckets: bucket, count */
		{ &part_quantile, 0, "0000000000000003 0000000000000001 0000000000000002"
		  "0002 0001 0000000000000002 0002 0000000000000001" },
		{ &part_quantile, OOPS_FORMAT, "0000000000000004 0000000000000001 "
		  "0000000000000002 0002 0001 0000000000000002 0002 0000000000000001" },
		{ &part_quantile, OOPS_FORMAT, "0000000000000003 0000000000000000 "
		  "0000000000000002 0002 0001 0000000000000002 0002 0000000000000001" },
		{ &part_quantile, OOPS_FORMAT, "0000000000000003 0000000000000001 "
		  "0000000000000003 0002 0001 0000000000000002 0002 0000000000000001" },
		{ &part_quantile, OOPS_FORMAT, "0000000000000003 0000000000000002 "
		  "0000000000000001 0002 0002 0000000000000002 0001 0000000000000001" },
		{ &part_quantile, OOPS_FORMAT, "0000000000000001 0000000000000042 "
		  "0000000000000041 0001 0040 0000000000000001" },
		{ &part_quantile, OOPS_FORMAT, "0000000000000001 ffffffffffffffff "
		  "ffffffffffffffff 0001 0780 0000000000000001" },
		{ &part_quantile, OOPS_FORMAT, "0000000000000000 0000000000000000 "
		  "0000000000000000 0000" },
		{ &part_quantile, 0, "0000000000000000 ffffffffffffffff "
		  "0000000000000000 0000" },
		{ &part_tally, 0, "0001 003f 0000000000000001" },
		{ &part_tally, OOPS_FORMAT, "0001 0040 0000000000000001" },
		{ &part_tally, OOPS_FORMAT, "0001 003f 0000000000000000" },
		{ &part_tally, OOPS_FORMAT, "0002 0002 0000000000000001 "
		  "0001 0000000000000001" },
		{ &part_sizes, 0, "0001 0fff 0000000000000001" },
		{ &part_sizes, OOPS_FORMAT, "0001 1000 0000000000000001" },
	};
	static union { struct distinct d; struct quantile q; struct sizes s; } any;
	u8 octets[100];

	(void)state;
	for (unsigned i = 0; i < COUNT(rows); i++) {
		size_t n = octets_of(rows[i].octets, octets);
		struct rd in = rd_of(octets, n);

		rows[i].part->init(&any);
		if (rows[i].part->unpack(&any, &in) != rows[i].want)
			fail_msg("%s", rows[i].octets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distinct_within_error),
		cmocka_unit_test(distinct_unbiased),
		cmocka_unit_test(distinct_types),
		cmocka_unit_test(distinct_full),
		cmocka_unit_test(quantiles_hold_the_truth),
		cmocka_unit_test(quantile_edges),
		cmocka_unit_test(quantile_of_nothing),
		cmocka_unit_test(quantile_saturates),
		cmocka_unit_test(tally_counts),
		cmocka_unit_test(sizes_have_the_bins_of_rssac002),
		cmocka_unit_test(impossible_rank),
		cmocka_unit_test(impossible_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
