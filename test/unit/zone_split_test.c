/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_split_test.c - laws of the reader: threads and sizes of blocks change nothing, and
 * what plain.c takes means what libzscanner makes of it. Texts are drawn at random, with
 * everything in them that goes on from line to line. */
#include "draw.h"
#include "zone_text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define TEXTS 1500

static const char *const files[] = {
	"one", " 5 A 192.0.2.1\nin A 192.0.2.1\n MX 1 a\n$TTL 9\nb NS c\n$ORIGIN deep\n@ TXT x\n",
	"two", "x 7 A 192.0.2.1\n$INCLUDE one q\n A 192.0.2.4\n; end",
	"three", "y TXT ( a\nb",
	"itself", "z A 192.0.2.7\n$INCLUDE itself\n",
	NULL
};

/* Pieces of text; some are good only by chance. */
static const char *const owners[] = { "", "", "a", "b", "@", "A.Example.", "x.y", "n", "*.w",
	"a..b", "\\097", "o!d", "ns.out.", "-", "host\\.name", "\"q\"" };
static const char *const gaps[] = { " ", "\t", "  \t", " (", " ( ; x\n ", " )", " )( " };
static const char *const ttls[] = { "", "", "60 ", "1h ", "IN ", "IN 5 ", "7 IN ", "CH ", "0 ",
	"4294967295 ", "99999999999 ", "in " };
static const char *const datas[] = { "A 192.0.2.1", "A 192.0.2.01", "A 1.2.3", "a 255.255.255.255",
	"NS ns1", "NS Ns1.Example.", "ns a.b.c.", "NS @", "NS .", "NS", "AAAA 2001:db8::1",
	"AAAA ::ffff:1.2.3.4", "AAAA :::", "DS 1 8 2 abcd", "DS 65536 8 2 ab",
	"DS 1 RSASHA256 2 ab cd",
	"DS 1 8 2 abc", "MX 1 Mail", "TXT \"a;b\" c", "TXT \"a(\nb\"", "TXT \"open",
	"TXT (\"a\nb\")",
	"SOA ns m 1 2 3 4 99", "SOA ns m ( 1 ; serial\n 2 3\n 4 5 )", "TYPE65280 \\# 2 abcd",
	"BAD x",
	"CNAME c\\", "RESINFO x", "PTR !x", "NSEC b A HIP", "NS n\0s" };
static const char *const ends[] = { "\n", "\n", "\n", "\n", " ; note (\n", "\r\n", " )\n", "\n\n",
	"\t\n",
	"\n \n", " extra\n" };
static const char *const others[] = { "$ORIGIN sub\n", "$ORIGIN example.\n", "$ORIGIN .\n",
	"$TTL 77\n", "$TTL\n", "$INCLUDE one\n", "$INCLUDE two r\n", "$INCLUDE three\n",
	"$INCLUDE none\n", "$INCLUDE itself\n", "$GENERATE 1-3 g$ A 192.0.2.$\n", "; (\n", "\n",
	"$GENERATE 1-2000/999 g$ NS ${0,3,x}\n", "$ORIGIN (\nx )\n", "\"\n", "(\n", ")\n", "$X\n" };

#define PICK(list) list[draw_below(seed, COUNT(list))]

static void draw_text(struct buf *b, u64 *seed)
{
	unsigned n = 1 + (unsigned)draw_below(seed, 40);

	buf_clear(b);
	if (draw_below(seed, 8))
		buf_text(b, "@ 3600 SOA ns m 1 2 3 4 5\n");
	while (n--) {
		if (draw_below(seed, 6) == 0) {
			buf_text(b, PICK(others));
			continue;
		}
		buf_text(b, PICK(owners));
		buf_text(b, draw_below(seed, 4) ? " " : PICK(gaps));
		buf_text(b, PICK(ttls));
		buf_text(b, PICK(datas));
		buf_text(b, PICK(ends));
	}
	if (draw_below(seed, 3) == 0 && b->len > 3)
		b->len -= 1 + draw_below(seed, 3);
	if (draw_below(seed, 4) == 0)
		b->at[draw_below(seed, b->len)] = "\0\n(\"\\;$ a"[draw_below(seed, 9)];
	if (b->len == 0)
		buf_text(b, "\n");
}

static int read_with(struct zone_text *t, const struct buf *b, unsigned threads, unsigned block)
{
	*t = (struct zone_text){ .text = b->at, .len = b->len, .origin = "example.",
		.threads = threads, .block = block, .files = files };
	return zone_text_read(t);
}

/* Shows the first line in which two texts differ. */
static void same_text(const char *a, const char *b)
{
	size_t from = 0, i = 0;

	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			from = i + 1;
	if (a[i] != b[i])
		printf("- %.*s\n+ %.*s\n", (int)strcspn(a + from, "\n"), a + from,
			      (int)strcspn(b + from, "\n"), b + from);
}

static void same(const struct buf *b, const struct zone_text *one, int rc, unsigned threads,
		 unsigned block)
{
	struct zone_text t;
	int rt = read_with(&t, b, threads, block);

	if (rt != rc || strcmp(t.troubles, one->troubles) != 0 || strcmp(t.dump, one->dump) != 0)
		printf("%u threads, blocks of %u:\n%.*s\n", threads, block, (int)b->len, b->at);
	same_text(t.troubles, one->troubles);
	same_text(t.dump, one->dump);
	assert_int_equal(rt, rc);
	assert_string_equal(t.troubles, one->troubles);
	assert_string_equal(t.dump, one->dump);
	assert_int_equal(t.result->records, one->result->records);
	assert_int_equal(t.result->troubles, one->result->troubles);
	assert_int_equal(t.result->files, one->result->files);
	if (rc == 0) {
		assert_int_equal(t.result->lines, one->result->lines);
		assert_int_equal(t.result->whole, one->result->whole);
	}
	zone_text_free(&t);
}

static void blocks(void **state)
{
	struct buf b = { 0 };
	u64 seed = 1;

	(void)state;
	for (int i = 0; i < TEXTS; i++) {
		struct zone_text one;
		int rc;

		draw_text(&b, &seed);
		rc = read_with(&one, &b, 1, 1u << 20);
		same(&b, &one, rc, 1, 1);
		same(&b, &one, rc, 1, 1 + (unsigned)draw_below(&seed, 200));
		same(&b, &one, rc, 2 + (unsigned)draw_below(&seed, 3),
		     1 + (unsigned)draw_below(&seed, 64));
		zone_text_free(&one);
	}
	buf_free(&b);
}

/* ---- plain.c and libzscanner ---- */

/* A line that plain.c may take, and perhaps an octet of it changed. */
static void draw_line(struct buf *b, u64 *seed)
{
	static const char odd[] = "aZ09.-_*/:@ \t!+%\200\r\\";
	size_t from = b->len;

	buf_text(b, PICK(owners));
	buf_text(b, " ");
	buf_text(b, PICK(ttls));
	buf_text(b, PICK(datas));
	for (size_t i = from; i < b->len; i++)
		if (strchr("\n(;\"", b->at[i]))
			b->at[i] = 'q';
	if (draw_below(seed, 2))
		b->at[from + draw_below(seed, b->len - from)] =
			odd[draw_below(seed, sizeof odd - 1)];
	if (strchr("\\\r", b->at[b->len - 1]))
		b->at[b->len - 1] = 'q';
}

static void plain(void **state)
{
	struct buf a = { 0 }, b = { 0 };
	u64 seed = 2;

	(void)state;
	for (int i = 0; i < TEXTS; i++) {
		struct zone_text x, y;
		int rx, ry;

		buf_clear(&a);
		buf_clear(&b);
		buf_text(&a, "@ 3600 SOA ns m 1 2 3 4 5\n");
		buf_text(&b, "@ 3600 SOA ns m 1 2 3 4 5 ;\n");
		for (int n = 0; n < 50; n++) {
			size_t from = a.len;

			draw_line(&a, &seed);
			buf_add(&b, a.at + from, a.len - from);
			buf_text(&a, draw_below(&seed, 4) ? "\n" : " \t\r\n");
			buf_text(&b, " ;\n");	/* nothing plain has a comment */
		}
		rx = read_with(&x, &a, 1, 1u << 20);
		ry = read_with(&y, &b, 1, 1u << 20);
		if (rx != ry || strcmp(x.dump, y.dump) || strcmp(x.troubles, y.troubles))
			printf("%.*s\n", (int)a.len, a.at);
		same_text(x.troubles, y.troubles);
		same_text(x.dump, y.dump);
		assert_int_equal(rx, ry);
		assert_string_equal(x.troubles, y.troubles);
		assert_string_equal(x.dump, y.dump);
		zone_text_free(&x);
		zone_text_free(&y);
	}
	buf_free(&a);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(blocks), cmocka_unit_test(plain) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
