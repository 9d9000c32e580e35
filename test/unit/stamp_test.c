/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stamp_test.c - instants as text and back, against the C library's calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/stamp.h"
#include <cmocka.h>
#include <time.h>

static void text(u64 ns, int decimals, const char *want)
{
	char to[STAMP_TEXT_MAX];

	assert_string_equal(stamp_text(ns, decimals, to), want);
}

static void written(void **state)
{
	u64 ns = 1769903999ull * STAMP_NS + 123456789;

	(void)state;
	text(0, 0, "1970-01-01T00:00:00Z");
	text(0, 9, "1970-01-01T00:00:00.000000000Z");
	text(ns, 0, "2026-01-31T23:59:59Z");
	text(ns, 1, "2026-01-31T23:59:59.1Z");
	text(ns, 3, "2026-01-31T23:59:59.123Z");
	text(ns, 6, "2026-01-31T23:59:59.123456Z");
	text(ns, 9, "2026-01-31T23:59:59.123456789Z");
	text(951782400ull * STAMP_NS, 0, "2000-02-29T00:00:00Z");
	text(4107542399ull * STAMP_NS, 0, "2100-02-28T23:59:59Z");
	text(4107542400ull * STAMP_NS, 0, "2100-03-01T00:00:00Z");
	text(UINT64_MAX, 9, "2554-07-21T23:34:33.709551615Z");
}

static void read_as(const char *from, u64 want)
{
	u64 ns = 1;

	assert_int_equal(stamp_parse(from, &ns), 0);
	assert_true(ns == want);
}

static void read_good(void **state)
{
	(void)state;
	read_as("1970-01-01T00:00:00Z", 0);
	read_as("2026-01-31", 1769817600ull * STAMP_NS);
	read_as("2000-02-29", 951782400ull * STAMP_NS);
	read_as("2026-01-31T23:59:59.5Z", 1769903999ull * STAMP_NS + 500000000);
	read_as("2554-07-21T23:34:33.709551615Z", UINT64_MAX);
	read_as("0", 0);
	read_as("1769903999", 1769903999ull * STAMP_NS);
	read_as("1769903999.000000001", 1769903999ull * STAMP_NS + 1);
	read_as("18446744073.709551615", UINT64_MAX);
}

static void read_bad(void **state)
{
	static const char *const bad[] = {
		"", "x", "-1", " 0", "0 ", "+1", "1.", "1.0000000001", "1e9", "0x1",
		"18446744073.709551616", "18446744074", "99999999999999999999999999",
		"x2026-01-31", "2026-01", "2026-1-31", "2026-00-01", "2026-13-01",
		"2026-01-00", "2026-01-32", "2026-02-29", "2100-02-29", "1969-12-31",
		"2554-07-21T23:34:33.709551616Z", "2554-07-22", "9999-12-31",
		"2026-01-31T", "2026-01-31T23:59Z", "2026-01-31T23:59:59", "2026-01-31 23:59:59Z",
		"2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z", "2026-01-31T23:59:60Z",
		"2026-01-31T23:59:59+00:00", "2026-01-31T23:59:59.Z", "2026-01-31T23:59:59ZZ",
		"2026-01-31T23:59:59.1234567890Z", "2026-01-31Z", "02026-01-31",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		u64 ns = 77;

		if (stamp_parse(bad[i], &ns) != OOPS_FORMAT || ns != 77)
			fail_msg("taken: '%s'", bad[i]);
	}
}

/* Each day up to the end of the range: as gmtime_r says, and back. */
static void every_day(void **state)
{
	(void)state;
	for (u64 day = 0; day <= UINT64_MAX / STAMP_NS / 86400; day++) {
		u64 seconds = day * 86400 + day % 86400, back;
		time_t t = (time_t)seconds;
		char want[64], to[STAMP_TEXT_MAX];
		struct tm tm;

		if (seconds > UINT64_MAX / STAMP_NS)
			break;
		gmtime_r(&t, &tm);
		strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%SZ", &tm);
		assert_string_equal(stamp_text(seconds * STAMP_NS, 0, to), want);
		assert_int_equal(stamp_parse(to, &back), 0);
		assert_true(back == seconds * STAMP_NS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written), cmocka_unit_test(read_good),
		cmocka_unit_test(read_bad), cmocka_unit_test(every_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
