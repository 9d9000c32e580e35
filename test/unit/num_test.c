/* SPDX-License-Identifier: GPL-3.0-or-later */
/* num_test.c - numbers, sizes, spans and ratios: what is taken, what is not, and
 * that the exact texts are read back to the same value. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/num.h"
#include <cmocka.h>

#define G ((u64)1 << 30)
#define S 1000000000ull

typedef int read_fn(const char *text, u64 min, u64 max, u64 *ret);

struct row {
	const char *text;
	int rc;
	u64 value;
};

static void all(read_fn *read, const struct row *rows)
{
	for (; rows->text; rows++) {
		u64 v = 12345;
		int rc = read(rows->text, 0, UINT64_MAX, &v);

		if (rc != rows->rc || v != (rc ? 12345 : rows->value))
			fail_msg("'%s': %d, %llu", rows->text, rc, (unsigned long long)v);
	}
}

static void counts(void **state)
{
	static const struct row rows[] = {
		{ "0", 0, 0 }, { "42", 0, 42 }, { "007", 0, 7 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", OOPS_RANGE, 0 },
		{ "99999999999999999999999999", OOPS_RANGE, 0 },
		{ "-1", OOPS_RANGE, 0 }, { "-0", OOPS_RANGE, 0 },
		{ "", OOPS_TYPE, 0 }, { "-", OOPS_TYPE, 0 }, { "+1", OOPS_TYPE, 0 },
		{ " 1", OOPS_TYPE, 0 }, { "1 ", OOPS_TYPE, 0 }, { "1\n", OOPS_TYPE, 0 },
		{ "0x10", OOPS_TYPE, 0 }, { "1e3", OOPS_TYPE, 0 }, { "1.0", OOPS_TYPE, 0 },
		{ "1k", OOPS_TYPE, 0 }, { "1,000", OOPS_TYPE, 0 }, { "--1", OOPS_TYPE, 0 },
		{ NULL, 0, 0 }
	};
	u64 v = 9;

	(void)state;
	all(num_u64, rows);
	assert_int_equal(num_u64("5", 5, 10, &v), 0);
	assert_int_equal(num_u64("10", 5, 10, &v), 0);
	assert_int_equal(v, 10);
	assert_int_equal(num_u64("4", 5, 10, &v), OOPS_RANGE);
	assert_int_equal(num_u64("11", 5, 10, &v), OOPS_RANGE);
	assert_int_equal(v, 10);
}

static void sizes(void **state)
{
	static const struct row rows[] = {
		{ "0", 0, 0 }, { "0G", 0, 0 }, { "512", 0, 512 }, { "512B", 0, 512 },
		{ "512b", 0, 512 }, { "4k", 0, 4096 }, { "4K", 0, 4096 }, { "4kB", 0, 4096 },
		{ "4KiB", 0, 4096 }, { "256M", 0, 256u << 20 }, { "1g", 0, G },
		{ "2T", 0, 2048 * G }, { "1P", 0, (u64)1 << 50 },
		{ "16383P", 0, 16383 * ((u64)1 << 50) }, { "16384P", OOPS_RANGE, 0 },
		{ "1.5G", 0, 3 * G / 2 }, { "0.5k", 0, 512 }, { "1.1k", 0, 1126 },
		{ "0.000000000001P", 0, 1125 }, { "16383.999999999999P", 0, UINT64_MAX - 1125 },
		{ "0.0000000000001P", OOPS_TYPE, 0 }, { "-1M", OOPS_RANGE, 0 },
		{ "18446744073709551616", OOPS_RANGE, 0 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "1.5", OOPS_TYPE, 0 }, { "1.5B", OOPS_TYPE, 0 }, { "1.", OOPS_TYPE, 0 },
		{ ".5k", OOPS_TYPE, 0 }, { "1.k", OOPS_TYPE, 0 }, { "", OOPS_TYPE, 0 },
		{ "k", OOPS_TYPE, 0 }, { "1 k", OOPS_TYPE, 0 }, { "1kk", OOPS_TYPE, 0 },
		{ "1ki", OOPS_TYPE, 0 }, { "1iB", OOPS_TYPE, 0 }, { "9q", OOPS_TYPE, 0 },
		{ "1BB", OOPS_TYPE, 0 }, { "1.5.5G", OOPS_TYPE, 0 }, { NULL, 0, 0 }
	};
	u64 v = 0;

	(void)state;
	all(num_size, rows);
	assert_int_equal(num_size("1023k", 1 << 20, 1 << 21, &v), OOPS_RANGE);
	assert_int_equal(num_size("1M", 1 << 20, 1 << 21, &v), 0);
	assert_int_equal(num_size("2.1M", 1 << 20, 1 << 21, &v), OOPS_RANGE);
}

static void spans(void **state)
{
	static const struct row rows[] = {{"0", 0, 0},
					  {"90", 0, 90 * S},
					  {"90s", 0, 90 * S},
					  {"5m", 0, 300 * S},
					  {"1h", 0, 3600 * S},
					  {"2d", 0, 172800 * S},
					  {"1w", 0, 604800 * S},
					  {"250ms", 0, S / 4},
					  {"12us", 0, 12000},
					  {"7ns", 0, 7},
					  {"1.5", 0, 3 * S / 2},
					  {"0.5h", 0, 1800 * S},
					  {"1.23456789012s", 0, 1234567890},
					  {"30500w", 0, 30500 * (604800 * S)},
					  {"30501w", OOPS_RANGE, 0},
					  {"-5m", OOPS_RANGE, 0},
					  {"1.5ns", OOPS_TYPE, 0},
					  {"1h30m", OOPS_TYPE, 0},
					  {"5M", OOPS_TYPE, 0},
					  {"5min", OOPS_TYPE, 0},
					  {"m", OOPS_TYPE, 0},
					  {"", OOPS_TYPE, 0},
					  {"1 s", OOPS_TYPE, 0},
					  {NULL, 0, 0}};

	(void)state;
	all(num_span, rows);
}

static void ratio(const char *text, int rc, double want)
{
	double v = -7;

	assert_int_equal(num_ratio(text, 0, 1, &v), rc);
	assert_true(v == (rc ? -7 : want));
}

static void ratios(void **state)
{
	(void)state;
	ratio("0", 0, 0), ratio("1", 0, 1), ratio("0.25", 0, 0.25), ratio("25%", 0, 0.25);
	ratio("0.1", 0, 0.1), ratio("33.3%", 0, 0.333), ratio("100%", 0, 1);
	ratio("0.000000000001", 0, 1e-12);
	ratio("1.1", OOPS_RANGE, 0), ratio("101%", OOPS_RANGE, 0), ratio("-0.5", OOPS_RANGE, 0);
	ratio("99999999999999999999", OOPS_RANGE, 0), ratio("1000001", OOPS_RANGE, 0);
	ratio("", OOPS_TYPE, 0), ratio("%", OOPS_TYPE, 0), ratio("0.5%%", OOPS_TYPE, 0);
	ratio("0,5", OOPS_TYPE, 0), ratio("nan", OOPS_TYPE, 0), ratio("inf", OOPS_TYPE, 0);
	ratio("1e-3", OOPS_TYPE, 0), ratio("0.0000000000001", OOPS_TYPE, 0);
}

static void texts(void **state)
{
	char to[NUM_TEXT_MAX];

	(void)state;
	assert_string_equal(num_octets_text(0, to), "0 B");
	assert_string_equal(num_octets_text(999, to), "999 B");
	assert_string_equal(num_octets_text(1000, to), "1.0 kB");
	assert_string_equal(num_octets_text(1460000, to), "1.4 MB");
	assert_string_equal(num_octets_text(999999, to), "999.9 kB");
	assert_string_equal(num_octets_text(UINT64_MAX, to), "18.4 EB");
	assert_string_equal(num_count_text(0, to), "0");
	assert_string_equal(num_count_text(999, to), "999");
	assert_string_equal(num_count_text(12345, to), "12,345");
	assert_string_equal(num_count_text(UINT64_MAX, to), "18,446,744,073,709,551,615");
	assert_string_equal(num_span_text(0, to), "0ns");
	assert_string_equal(num_span_text(12345, to), "12us");
	assert_string_equal(num_span_text(250000000, to), "250ms");
	assert_string_equal(num_span_text(1590000000, to), "1.5s");
	assert_string_equal(num_span_text(90 * S, to), "1m 30s");
	assert_string_equal(num_span_text(7505 * S, to), "2h 5m");
	assert_string_equal(num_span_text(30 * 86400 * S, to), "30d 0h");
	assert_string_equal(num_span_text(UINT64_MAX, to), "213503d 23h");
}

static u64 next(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void exact(u64 v)
{
	char to[NUM_TEXT_MAX];
	u64 back;

	assert_int_equal(num_size(num_size_exact(v, to), 0, UINT64_MAX, &back), 0);
	assert_true(back == v);
	assert_int_equal(num_span(num_span_exact(v, to), 0, UINT64_MAX, &back), 0);
	assert_true(back == v);
}

static void exact_texts(void **state)
{
	char to[NUM_TEXT_MAX], digits[NUM_TEXT_MAX];
	u64 seed = 88172645463325252ull;

	(void)state;
	assert_string_equal(num_size_exact(0, to), "0");
	assert_string_equal(num_size_exact(256u << 20, to), "256M");
	assert_string_equal(num_size_exact(1000, to), "1000");
	assert_string_equal(num_rough_text(40 * S + 5, to), "40 s");
	assert_string_equal(num_rough_text(7199 * S, to), "119 min");
	assert_string_equal(num_rough_text(172800 * S, to), "48 h");
	assert_string_equal(num_rough_text(259200 * S, to), "3 d");
	assert_string_equal(num_span_exact(0, to), "0s");
	assert_string_equal(num_span_exact(90 * S, to), "90s");
	assert_string_equal(num_span_exact(60 * S, to), "1m");
	assert_string_equal(num_ratio_exact(0.25, to), "0.25");
	assert_string_equal(num_ratio_exact(1, to), "1");
	exact(UINT64_MAX);
	for (int i = 0; i < 200000; i++) {
		u64 v = next(&seed) >> (next(&seed) % 64);
		double r, back;

		exact(v);
		exact(v << (next(&seed) % 40));
		snprintf(digits, sizeof digits, "%llu.%0*llu%s",
			 (unsigned long long)(next(&seed) % 1000), (int)(next(&seed) % 10) + 1,
			 (unsigned long long)(next(&seed) % 10), i % 2 ? "%" : "");
		assert_int_equal(num_ratio(digits, 0, 1e6, &r), 0);
		assert_int_equal(num_ratio(num_ratio_exact(r, to), 0, 1e6, &back), 0);
		assert_true(r == back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts), cmocka_unit_test(sizes), cmocka_unit_test(spans),
		cmocka_unit_test(ratios), cmocka_unit_test(texts), cmocka_unit_test(exact_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
