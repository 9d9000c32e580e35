/* SPDX-License-Identifier: GPL-3.0-or-later */
/* item_text_test.c - subjects as people write them, hosts, cells there and back, and
 * instants of strangers. */
#include "model/item.h"
#include "base/buf.h"
#include "base/stamp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void refangs(void **state)
{
	static const char *const rows[][2] = {
		{ "hxxp://Evil[.]Example/Path?a=[.]", "http://evil.example/Path?a=[.]" },
		{ "hXXps[:]//a(dot)b[.]example", "https://a.b.example" },
		{ "<http://a.example/x>,", "http://a.example/x" },
		{ "EXAMPLE.com.", "example.com" },
		{ "[example[.]com]", "example.com" },
		{ "192[.]0[.]2[.]1", "192.0.2.1" },
		{ "2001:DB8::1", "2001:db8::1" },
		{ "Some.One[at]Example.Com", "Some.One@example.com" },
		{ "fxp://x.example/Y", "ftp://x.example/Y" },
		{ "http://[2001:db8::1]/x", "http://[2001:db8::1]/x" },
		{ "\"quoted.example\"", "quoted.example" },
		{ "2001:db8:0:0:0:0:0:1", "2001:db8::1" },
		{ "Bad[.]example/Path", "http://bad.example/Path" },
		{ "bad.example:8080", "http://bad.example:8080" },
		{ "192.0.2.0/24", "192.0.2.0/24" }, { "and/or", "and/or" },
		{ "  ", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b = { 0 };

		subject_clean(&b, rows[i][0], strlen(rows[i][0]));
		assert_string_equal(buf_str(&b), rows[i][1]);
		buf_free(&b);
	}
}

static void has_hosts(void **state)
{
	static const char *const rows[][2] = {
		{ "https://User:pw@Evil.example:8443/p@th", "evil.example" },
		{ "http://[2001:db8::1]:80/", "2001:db8::1" },
		{ "a.b@Example.com", "example.com" }, { "example.org.", "example.org" },
		{ "192.0.2.1", "192.0.2.1" }, { "http://", "" },
	};
	char host[SUBJECT_HOST_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(subject_host(rows[i][0], host), rows[i][1]);
}

static void cells_come_back(void **state)
{
	const struct item was = { .id = "x", .kind = ITEM_REPORT, .subject = "=1+1",
		.severity = SEVERITY_HIGH, .confidence = 77, .created = 1710000000123456789u,
		.modified = 1710000000000000000u, .tlp = LABEL_AMBER_STRICT,
		.abuse = ABUSE_SPAM, .text = "a\nb" };
	struct item is = { 0 };

	(void)state;
	for (const struct field *f = item_fields; f->name; f++) {
		struct buf a = { 0 }, b = { 0 };

		item_text(&a, &was, f);
		assert_int_equal(item_set(&is, f, buf_str(&a)), 0);
		item_text(&b, &is, f);
		assert_string_equal(buf_str(&a), buf_str(&b));
		if (f->kind == FIELD_words)
			assert_int_equal(item_set(&is, f, ""), 0);
		buf_free(&a);
		buf_free(&b);
	}
	assert_int_equal(is.created, was.created);
	assert_int_equal(item_set(&is, &item_fields[item_bit("confidence")], "101"),
			 OOPS_RANGE);
	assert_int_equal(item_set(&is, &item_fields[item_bit("tlp")], "white"), 0);
	assert_int_equal(is.tlp, LABEL_CLEAR);
	assert_int_equal(item_set(&is, &item_fields[item_bit("kind")], "thing"),
			 OOPS_UNKNOWN);
}

static void reads_foreign_stamps(void **state)
{
	static const struct { const char *text; u64 s; } rows[] = {
		{ "2024-01-15T14:30:25Z", 1705329025 },
		{ "2024-01-15T15:30:25+01:00", 1705329025 },
		{ "2024-01-15t09:00:25.000-0530", 1705329025 },
		{ "2024/01/15 14:30", 1705329000 }, { "1705329025", 1705329025 },
		{ "2024-01-15 14:30:25 UTC", 1705329025 }, { "2024-01-15", 1705276800 },
	};
	static const char *const bad[] = { "", "yesterday", "2024-13-01", "2024-01-15T25:00",
		"1969-12-31", "2024-01-15T14:30:25+99:00", "1970-01-01T00:00:00+01:00",
		"2024-01-15 14:30:25 PST" };
	u64 ns;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(stamp_foreign(rows[i].text, &ns), 0);
		assert_int_equal(ns / STAMP_NS, rows[i].s);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(stamp_foreign(bad[i], &ns), OOPS_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refangs), cmocka_unit_test(has_hosts),
		cmocka_unit_test(cells_come_back), cmocka_unit_test(reads_foreign_stamps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
