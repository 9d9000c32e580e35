/* SPDX-License-Identifier: GPL-3.0-or-later */
/* name_test.c - names as text and as octets, there and back; types and codes by
 * their names. */
#include "dns/name.h"
#include "dns/rrtype.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SEED 20260131u

static u32 next(u32 *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void text_to_wire(void **state)
{
	static const struct { const char *text, *wire; int n; } rows[] = {
		{ ".", "", 1 },
		{ "com", "\3com", 5 },
		{ "com.", "\3com", 5 },
		{ "www.Example.com", "\3www\7Example\3com", 17 },
		{ "a\\.b.c", "\3a.b\1c", 7 },
		{ "\\000\\255\\032", "\3\0\377 ", 5 },
		{ "\\@\\\\\\\"", "\3@\\\"", 5 },
		{ "_dns.\\065", "\4_dns\1A", 8 },
	};
	u8 wire[NAME_WIRE_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(name_parse(rows[i].text, wire), rows[i].n);
		assert_memory_equal(wire, rows[i].wire, rows[i].n);
	}
}

static void bad_text(void **state)
{
	static const char *const rows[] = {
		"", "..", ".com", "a..b", "a...", "\\", "a\\", "\\25", "\\256", "\\2x5",
		"\\1",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
	};
	u8 wire[NAME_WIRE_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(name_parse(rows[i], wire), OOPS_FORMAT);
}

/* Labels of 62 octets and what is left: `n` octets on the wire. */
static void text_of_size(char *to, int n)
{
	int left = n - 1;

	while (left > 0) {
		int take = left > 63 ? 62 : left - 1;

		if (left == 64)
			take = 61;
		memset(to, 'a', (size_t)take);
		to += take;
		*to++ = '.';
		left -= take + 1;
	}
	*to = '\0';
}

static void size_of_text(void **state)
{
	char text[400];
	u8 *wire = malloc(NAME_WIRE_MAX);

	(void)state;
	assert_non_null(wire);
	for (int n = 240; n < 270; n++) {
		text_of_size(text, n);
		assert_int_equal(name_parse(text, wire),
				 n <= NAME_WIRE_MAX ? n : OOPS_FORMAT);
	}
	free(wire);
}

static void wire_to_text(void **state)
{
	static const struct { const char *wire; size_t n; const char *text; } rows[] = {
		{ "", 1, "." },
		{ "\3com", 5, "com" },
		{ "\3a.b\1c", 7, "a\\.b.c" },
		{ "\5\0\33 \"\x7f", 7, "\\000\\027\\032\\\"\\127" },
		{ "\10();@$*_/", 10, "\\(\\)\\;\\@\\$*_/" },
		{ "\3com", 4, "com" },		/* no root: ends where it breaks */
		{ "\3com\5ex", 7, "com.ex" },
		{ "\3com\xc0\x0c", 6, "com" },
		{ "\xc0\x0c", 2, "" },
		{ "\3com", 0, "" },
	};
	char text[NAME_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(name_text((const u8 *)rows[i].wire, rows[i].n, text),
				    rows[i].text);
}

/* A random name that is well-formed; octets of every kind. */
static size_t random_name(u32 *seed, u8 *to)
{
	size_t n = 0, size = 1 + next(seed) % NAME_WIRE_MAX;

	while (n + 2 < size) {
		size_t label = 1 + next(seed) % NAME_LABEL_MAX;

		if (label > size - n - 2)
			label = size - n - 2;
		to[n++] = (u8)label;
		while (label--) {
			u32 c = next(seed);

			to[n++] = (u8)(c % 3 ? '-' + c / 3 % 60 : c / 3);
		}
	}
	to[n++] = 0;
	return n;
}

static void there_and_back(void **state)
{
	u8 wire[NAME_WIRE_MAX], again[NAME_WIRE_MAX], at[NAME_LABELS_MAX];
	char *text = malloc(NAME_TEXT_MAX);
	u32 seed = SEED;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < 20000; i++) {
		size_t n = random_name(&seed, wire);
		int labels = name_labels(wire, n, at);
		size_t sum = 1;

		name_text(wire, n, text);
		assert_int_equal(name_parse(text, again), n);
		assert_memory_equal(again, wire, n);
		for (const char *c = text; *c; c++)
			assert_true(*c > ' ' && *c < 0x7f);
		for (int l = 0; l < labels; l++) {
			assert_int_equal(at[l], sum - 1);
			sum += 1u + wire[at[l]];
		}
		assert_int_equal(sum, n);
	}
	free(text);
}

/* Octets that are no name: nothing is read past them or written past the text. */
static void random_octets(void **state)
{
	char *text = malloc(NAME_TEXT_MAX);
	u32 seed = SEED;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < 20000; i++) {
		size_t n = next(&seed) % 300;
		u8 *wire = malloc(n + !n), mask = next(&seed) % 2 ? 0xff : 0x3f;

		assert_non_null(wire);
		for (size_t k = 0; k < n; k++)
			wire[k] = (u8)(next(&seed) & mask);
		assert_true(strlen(name_text(wire, n, text)) < NAME_TEXT_MAX);
		name_labels(wire, n, NULL);
		free(wire);
	}
	free(text);
}

static void longest_texts(void **state)
{
	u8 wire[300];
	char text[NAME_TEXT_MAX];

	(void)state;
	for (u8 label = 1; label <= NAME_LABEL_MAX; label++) {
		memset(wire, 0xff, sizeof wire);
		for (size_t at = 0; at < sizeof wire; at += 1u + label)
			wire[at] = label;
		assert_true(strlen(name_text(wire, sizeof wire, text)) < NAME_TEXT_MAX);
	}
}

static void labels(void **state)
{
	u8 wire[NAME_WIRE_MAX], at[NAME_LABELS_MAX];

	(void)state;
	assert_int_equal(name_labels((const u8 *)"", 1, at), 0);
	assert_int_equal(name_labels((const u8 *)"\3www\2de", 8, at), 2);
	assert_int_equal(at[0], 0);
	assert_int_equal(at[1], 4);
	assert_int_equal(name_labels((const u8 *)"\3www\2de", 7, at), -1);
	assert_int_equal(name_labels((const u8 *)"\3www\xc0\x0c", 6, at), -1);
	assert_int_equal(name_labels((const u8 *)"", 0, at), -1);
	for (size_t i = 0; i < sizeof wire; i++)
		wire[i] = i % 2 == 0;
	wire[254] = 0;
	assert_int_equal(name_labels(wire, sizeof wire, at), NAME_LABELS_MAX);
	assert_int_equal(at[126], 252);
}

static void lower_case(void **state)
{
	u8 all[256], low[256];

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (u8)i;
	for (size_t from = 0; from < 9; from++) {	/* at every alignment */
		name_lower(low, all + from, 256 - from);
		for (size_t i = from; i < 256; i++)
			assert_int_equal(low[i - from],
					 i >= 'A' && i <= 'Z' ? i + 32 : i);
	}
	name_lower(all, all, sizeof all);
	assert_int_equal(all['Z'], 'z');
	assert_int_equal(all['Z' + 1], '[');
}

static void equal(void **state)
{
	(void)state;
	assert_true(name_equal((const u8 *)"\3WwW\2de", 8, (const u8 *)"\3wWw\2DE", 8));
	assert_false(name_equal((const u8 *)"\3www\2de", 8, (const u8 *)"\3www\2dk", 8));
	assert_false(name_equal((const u8 *)"\3www", 5, (const u8 *)"\3www", 4));
	assert_false(name_equal((const u8 *)"\1[", 3, (const u8 *)"\1{", 3));
	assert_false(name_equal((const u8 *)"\1@", 3, (const u8 *)"\1`", 3));
}

static void types_and_codes(void **state)
{
	char to[RRTYPE_TEXT_MAX];

	(void)state;
	assert_string_equal(rrtype_text(TYPE_AAAA, to), "AAAA");
	assert_string_equal(rrtype_text(TYPE_HTTPS, to), "HTTPS");
	assert_string_equal(rrtype_text(65280, to), "TYPE65280");
	assert_string_equal(rrtype_text(0, to), "TYPE0");
	assert_string_equal(rrclass_text(CLASS_CH, to), "CH");
	assert_string_equal(rrclass_text(7, to), "CLASS7");
	assert_string_equal(rcode_text(RCODE_NXDOMAIN, to), "NXDOMAIN");
	assert_string_equal(rcode_text(RCODE_BADVERS, to), "BADVERS");
	assert_string_equal(rcode_text(12, to), "RCODE12");
	assert_string_equal(rcode_text(UINT32_MAX, to), "RCODE4294967295");
	assert_string_equal(opcode_text(OPCODE_UPDATE, to), "UPDATE");
	assert_string_equal(opcode_text(3, to), "OPCODE3");
	for (u32 type = 0; type <= UINT16_MAX; type++)
		assert_int_equal(rrtype_parse(rrtype_text((u16)type, to)), type);
	assert_int_equal(rrtype_parse("aaaa"), TYPE_AAAA);
	assert_int_equal(rrtype_parse("type65535"), 65535);
	assert_int_equal(rrtype_parse("TYPE65536"), OOPS_UNKNOWN);
	assert_int_equal(rrtype_parse("TYPE"), OOPS_UNKNOWN);
	assert_int_equal(rrtype_parse("TYPE-1"), OOPS_UNKNOWN);
	assert_int_equal(rrtype_parse("TYPE 1"), OOPS_UNKNOWN);
	assert_int_equal(rrtype_parse("TYPE1x"), OOPS_UNKNOWN);
	assert_int_equal(rrtype_parse(""), OOPS_UNKNOWN);
	assert_int_equal(rrtype_parse("NONSENSE"), OOPS_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_to_wire),
		cmocka_unit_test(bad_text),
		cmocka_unit_test(size_of_text),
		cmocka_unit_test(wire_to_text),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(random_octets),
		cmocka_unit_test(longest_texts),
		cmocka_unit_test(labels),
		cmocka_unit_test(lower_case),
		cmocka_unit_test(equal),
		cmocka_unit_test(types_and_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
