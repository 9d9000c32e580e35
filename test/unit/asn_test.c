/* SPDX-License-Identifier: GPL-3.0-or-later */
/* asn_test.c - tables of address ranges: every form of a line, edges of ranges, and random
 * tables against a slow look-up. */
#include "base/buf.h"
#include "draw.h"
#include "zone/asn.h"
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static u32 find(const struct asn_table *t, const char *address)
{
	u8 octets[16];
	bool six = strchr(address, ':') != NULL;

	assert_int_equal(inet_pton(six ? AF_INET6 : AF_INET, address, octets), 1);
	return asn_find(t, octets, six ? 16 : 4);
}

static struct asn_table *table_of(const char *text, u64 bad_wanted)
{
	struct asn_table *t;
	u64 bad;

	assert_int_equal(asn_make(&t), 0);
	assert_int_equal(asn_add(t, (const u8 *)text, strlen(text), &bad), 0);
	assert_int_equal(bad, bad_wanted);
	asn_seal(t);
	return t;
}

static void lines(void **state)
{
	static const char text[] =
		"# a comment\r\n\n"
		"192.0.2.0,192.0.2.255,64500,\"Example, Inc.\"\n"
		"198.51.100.0,198.51.100.127,AS64501,Plain\r\n"
		"198.51.100.128,198.51.100.255,64502\n"
		"203.0.113.0,203.0.113.255,0,nobody\n"
		"2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,4294967295,Six\n"
		"192.0.3.9,192.0.3.1,64500,backwards\n"
		"192.0.3.256,192.0.4.1,64500,\n1.2.3,1.2.4.0,1,x\n"
		"192.0.3.0,2001:db8::,64500,mixed\nnothing\n10.0.0.0,10.0.0.1,4294967296,x";
	struct asn_table *t = table_of(text, 6);
	char name[ASN_NAME_MAX];

	(void)state;
	assert_int_equal(asn_count(t), 4);
	assert_int_equal(find(t, "192.0.1.255"), 0);
	assert_int_equal(find(t, "192.0.2.0"), 64500);
	assert_int_equal(find(t, "192.0.2.255"), 64500);
	assert_int_equal(find(t, "192.0.3.0"), 0);
	assert_int_equal(find(t, "198.51.100.127"), 64501);
	assert_int_equal(find(t, "198.51.100.128"), 64502);
	assert_int_equal(find(t, "203.0.113.1"), 0);
	assert_int_equal(find(t, "2001:db8::1"), 4294967295u);
	assert_int_equal(find(t, "2001:db9::"), 0);
	assert_string_equal(asn_name(t, 64500, name), "Example, Inc.");
	assert_string_equal(asn_name(t, 64501, name), "Plain");
	assert_string_equal(asn_name(t, 64502, name), "");
	assert_string_equal(asn_name(t, 4294967295u, name), "Six");
	assert_string_equal(asn_name(t, 1, name), "");
	asn_free(t);
}

static void numbers(void **state)
{
	u32 n;

	(void)state;
	assert_int_equal(asn_number("AS64500", 7, &n), 0);
	assert_int_equal(n, 64500);
	assert_int_equal(asn_number("as0", 3, &n), 0);
	assert_int_equal(asn_number("4294967295", 10, &n), 0);
	assert_int_equal(asn_number("4294967296", 10, &n), OOPS_FORMAT);
	assert_int_equal(asn_number("", 0, &n), OOPS_FORMAT);
	assert_int_equal(asn_number("AS", 2, &n), OOPS_FORMAT);
	assert_int_equal(asn_number("1.2", 3, &n), OOPS_FORMAT);
}

/* Ranges side by side in any order, both families in one text. */
static void random_tables(void **state)
{
	u64 seed = 7;

	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		u32 order[60], n = 1 + (u32)draw_below(&seed, 60);
		struct buf text = { 0 };
		struct asn_table *t;

		for (u32 i = 0; i < n; i++)
			order[i] = i;
		draw_order(&seed, order, n, sizeof *order);
		for (u32 i = 0; i < n; i++)	/* range r: 10.0.r.16 to 10.0.r.31 */
			buf_fmt(&text, order[i] % 2 ? "10.0.%u.16,10.0.%u.31,%u,x\n"
				: "2001:db8:%u::10,2001:db8:%u::1f,%u,x\n", order[i], order[i],
				order[i] + 1);
		t = table_of(buf_str(&text), 0);
		for (u32 i = 0; i < 200; i++) {
			u32 r = (u32)draw_below(&seed, 61), low = (u32)draw_below(&seed, 48);
			char address[INET6_ADDRSTRLEN];
			bool in = r < n && low >= 16 && low < 32;

			snprintf(address, sizeof address, r % 2 ? "10.0.%u.%u"
				 : "2001:db8:%u::%x", r, low);
			assert_int_equal(find(t, address), in ? r + 1 : 0);
		}
		asn_free(t);
		buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines), cmocka_unit_test(numbers),
		cmocka_unit_test(random_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
