/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_read_test.c - master files as the RFC has them, as people write them, broken ones.
 * Most tests say: this text means the same as that plainer one. */
#include "zone_text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#define STATED_LAST "no TTL and no $TTL: the one stated last is meant (RFC 1035, 5.1), but some " \
	"servers take 3600\n"
#define SOA "@ 3600 SOA ns a 1 2 3 4 5\n"
#define SOA_OF(name) name " 3600 SOA ns." name " a." name " 1 2 3 4 5\n"

static const char *const included[] = {
	"records", "x 60 A 192.0.2.1\n$ORIGIN other.\n$TTL 5\ny 60 A 192.0.2.2\n",
	"empty", "",
	"blank-owner", " 60 A 192.0.2.9\n",
	"itself", "$INCLUDE itself\n",
	"outer", "$INCLUDE records\nz 60 A 192.0.2.3\n",
	"bad", "x 60 A nothing\n\n$INCLUDE missing\n",
	"open", "x 60 A 192.0.2.1\ny 60 TXT (a",
	"zeros", "\0",
	NULL
};

/* Text below example. without its SOA, which is line 1. */
static struct zone_text read_below(const char *text, const char *const *files)
{
	struct buf whole = { 0 };
	struct zone_text t = { .origin = "example.", .files = files };

	buf_text(&whole, SOA);
	buf_text(&whole, text);
	t.text = whole.at;
	assert_int_equal(zone_text_read(&t), 0);
	buf_free(&whole);
	t.text = NULL;
	return t;
}

static void same_told(const char *odd, const char *plain, const char *troubles)
{
	struct zone_text a = read_below(odd, included), b = read_below(plain, NULL);
	char *da = zone_dump(a.zone, false), *db = zone_dump(b.zone, false);

	assert_string_equal(a.troubles, troubles);
	assert_string_equal(b.troubles, "");
	assert_string_equal(da, db);
	assert_int_equal(a.result->whole, strncmp(troubles, "cut ", 4) != 0);
	free(da);
	free(db);
	zone_text_free(&a);
	zone_text_free(&b);
}

static void same(const char *odd, const char *plain)
{
	same_told(odd, plain, "");
}

/* Nothing but the troubles comes of it. */
static void bad(const char *text, const char *troubles)
{
	same_told(text, "", troubles);
}

static void a_record(void **state)
{
	struct zone_text t = { .origin = "Example.", .text = SOA "A 60 A 192.0.2.1\n"
		" MX 1 Mail\nns 60 AAAA 2001:db8::1\nb 60 NS Ns\nb 60 DS 1 8 2 ABcd\n" };

	(void)state;
	assert_int_equal(zone_text_read(&t), 0);
	assert_string_equal(t.troubles, "warning 3 " STATED_LAST);
	assert_string_equal(t.dump,
		"example 1 SOA 3600 026e73074578616d706c650001610745"
		"78616d706c65000000000100000002000000030000000400000005\n"
		"a.example 2 A 60 c0000201\n"
		"a.example 3 MX 60 0001044d61696c074578616d706c6500\n"
		"b.example 5 NS 60 026e73076578616d706c6500 cut\n"
		"b.example 6 DS 60 00010802abcd cut\n"
		"ns.example 4 AAAA 60 20010db8000000000000000000000001\n"
		"cut b.example\n"
		"host ns.example 1\n");
	assert_int_equal(t.result->records, 6);
	assert_int_equal(t.result->lines, 6);
	assert_int_equal(t.result->files, 1);
	assert_int_equal(t.result->octets, strlen(t.text));
	assert_string_equal(t.result->names[0], "first");
	zone_text_free(&t);
}

static void lines(void **state)
{
	(void)state;
	same("a 60 IN A 192.0.2.1\nb IN 60 A 192.0.2.2\n", "a 60 A 192.0.2.1\nb 60 A 192.0.2.2\n");
	same("a\t1h30m\tin\ta\t192.0.2.1 ; (\n\n; \"\n \n", "a 5400 A 192.0.2.1\n");
	same("a (60\n IN (\nA) ((192.0.2.1)\n))\n", "a 60 A 192.0.2.1\n");
	same("a 60 TXT ( \"x;(\" ; y \"\n  )1\n", "a 60 TXT \"x;(\" 1\n");
	same("a 60 TXT (\"x\ny\")\n", "a 60 TXT x\\010y\n");
	same("A.EXAMPLE. 60 NS NS.Example.\n", "a 60 NS ns\n");
	same("a 60 A 192.0.2.1\n 60 A 192.0.2.2\n\t60 A 192.0.2.3\n",
	     "a 60 A 192.0.2.1\na 60 A 192.0.2.2\na 60 A 192.0.2.3\n");
	same("a\\046b\\\\ 60 A 192.0.2.1\n", "a\\.b\\092 60 A 192.0.2.1\n");
	same("a\\032b  60  PTR  c\\ d\n", "a\\ b 60 PTR c\\032d\n");
	same("a 60 A 192.0.2.1\r\nb 60 TXT (x\r\n y)\r\n", "a 60 A 192.0.2.1\nb 60 TXT x y\n");
	same("a 60 TYPE65280 \\# 3 ab cd ef\n", "a 60 TYPE65280 \\# 3 abcdef\n");
	same("a 60 CLASS1 TYPE1 \\# 4 c0000201\n", "a 60 A 192.0.2.1\n");
	same("a 60 TYPE2 \\# 5 01410162 00\n", "a 60 NS a.b.\n");
}

/* Lines with nothing in them are counted and are nothing's end. */
static void empty_lines(void **state)
{
	(void)state;
	same_told("\n; x (\n\t\n \t ; \"\n\r\n \r\na 60 A 1\n", "",
		  "bad 8 invalid IPv4 address: A 1\n");
	same_told("a 60 A 192.0.2.1\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n 60 A 1\n",
		  "a 60 A 192.0.2.1\n", "bad 20 invalid IPv4 address: A 1\n");
	same("a 60 A 192.0.2.1\n;\n\n  \n 60 A 192.0.2.2\n",
	     "a 60 A 192.0.2.1\na 60 A 192.0.2.2\n");
	same("a 60 A 192.0.2.1\n ; no newline", "a 60 A 192.0.2.1\n");
	same("a 60 A 192.0.2.1\n  ", "a 60 A 192.0.2.1\n");
	same("a 60 TXT (\n\n;\n \nb\n)\n", "a 60 TXT b\n");
}

static void directives(void **state)
{
	(void)state;
	same("$ORIGIN sub\na 60 A 192.0.2.1\n$ORIGIN .\nb.example 60 A 192.0.2.2\n",
	     "a.sub 60 A 192.0.2.1\nb 60 A 192.0.2.2\n");
	same("$origin Sub.Example. ; why\na 60 MX 1 b\n", "a.sub 60 MX 1 b.Sub.Example.\n");
	same("$TTL 1d\na A 192.0.2.1\n$TTL 5\nb A 192.0.2.2\nc 6 A 192.0.2.3\nd A 192.0.2.4\n",
	     "a 86400 A 192.0.2.1\nb 5 A 192.0.2.2\nc 6 A 192.0.2.3\nd 5 A 192.0.2.4\n");
	same("a 60 A 192.0.2.1\n$ORIGIN x\n 60 A 192.0.2.2\n",
	     "a 60 A 192.0.2.1\na 60 A 192.0.2.2\n");
	bad("$ORIGIN\n", "bad 2 a name that is none: $ORIGIN\n");
	bad("$ORIGIN a b\n", "bad 2 more behind $ORIGIN than a name: $ORIGIN a b\n");
	bad("$TTL x\n", "bad 2 a TTL that is none: $TTL x\n");
	bad("$TTL 99999999999\n", "bad 2 a TTL that is none: $TTL 99999999999\n");
	bad("$UNKNOWN 1\n", "bad 2 a directive that is not known: $UNKNOWN 1\n");
}

static void ttls(void **state)
{
	static const struct { const char *text, *dump, *troubles; } rows[] = {
		{ "x. SOA a. b. 1 2 3 4 77\nx. NS a.\n", "x 1 SOA 77 ",
		  "warning 1 " STATED_LAST },
		{ "x. NS a.\nx. SOA a. b. 1 2 3 4 77\n", "x 1 NS 3600 ",
		  "warning 1 no TTL, no $TTL, and no TTL before it: 3600 is taken\n" },
		{ "x. 9 SOA a. b. 1 2 3 4 77\nx. NS a.\n", "x 2 NS 9 ",
		  "warning 2 " STATED_LAST },
		/* stated last, whoever's it is; not the SOA's; $TTL from where it stands */
		{ "x. 9 SOA a. b. 1 2 3 4 77\na.x. 222 A 192.0.2.1\nb.x. A 192.0.2.2\n",
		  "b.x 3 A 222 ", "warning 3 " STATED_LAST },
		{ "x. SOA a. b. 1 2 3 4 77\na.x. 5 A 192.0.2.1\nb.x. A 192.0.2.2\n",
		  "b.x 3 A 5 ", "warning 1 " STATED_LAST },
		{ "x. 9 SOA a. b. 1 2 3 4 77\na.x. 5 A 192.0.2.1\n$TTL 7\nb.x. A 192.0.2.2\n",
		  "b.x 4 A 7 ", "" },
		{ "$TTL 7\nx. SOA a. b. 1 2 3 4 77\na.x. 5 A 192.0.2.1\nb.x. A 192.0.2.2\n",
		  "b.x 4 A 7 ", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		/* in one block, and in one block a line */
		for (unsigned block = 0; block <= 32; block += 32) {
			struct zone_text t = { .text = rows[i].text, .block = block };

			assert_int_equal(zone_text_read(&t), 0);
			assert_non_null(strstr(t.dump, rows[i].dump));
			assert_string_equal(t.troubles, rows[i].troubles);
			zone_text_free(&t);
		}
	}
}

/* What libzscanner alone would not read. */
static void in_other_words(void **state)
{
	(void)state;
	same("a 60 DS 1 8 2 ab c d\n", "a 60 DS 1 8 2 abcd\n");
	same("a 60 DNSKEY 257 3 8 AwE AAb d=\n", "a 60 DNSKEY 257 3 8 AwEAAbd=\n");
	same("a!b 60 PTR c+d@e\n", "a\\033b 60 PTR c\\043d\\064e\n");
	same("a 60 MX 1 @\nb 60 SOA x!y @ 1 2 3 4 5\n", "a 60 MX 1 example.\n"
	     "b 60 SOA x\\033y.example. example. 1 2 3 4 5\n");
	same("a 60 NSEC b A HIP MB TYPE65280\n", "a 60 NSEC b A TYPE7 TYPE55 TYPE65280\n");
	same("a 60 RRSIG HIP 8 2 60 20260101000000 20250101000000 1 example. AAAA\n",
	     "a 60 RRSIG TYPE55 8 2 60 20260101000000 20250101000000 1 example. AAAA\n");
	same("a 60 SVCB 1 . dohpath=/q\n", "a 60 SVCB 1 . key7=/q\n");
	same("a 60 MB b\nc 60 RESINFO x\nd 60 DLV 1 8 2 ab c d\n",
	     "a 60 TYPE7 \\# 11 0162076578616d706c6500\nc 60 TYPE261 \\# 2 0178\n"
	     "d 60 TYPE32769 \\# 6 00010802abcd\n");
	same("\xc3\xa4 60 A 192.0.2.1\n", "\\195\\164 60 A 192.0.2.1\n");
}

static void bad_lines(void **state)
{
	(void)state;
	same_told("a 60 A 1.2.3\nb 60 A 192.0.2.2\n", "b 60 A 192.0.2.2\n",
		  "bad 2 invalid IPv4 address: A 1.2.3\n");
	bad("a 60 A\n", "bad 2 invalid address character: A\n");
	bad("a\n", "bad 2 the line ends before the type\n");
	bad("a 60 BAD 1\n", "bad 2 a type that is not known: BAD 1\n");
	bad("a 60 OPT 1\n", "bad 2 unsupported record type: OPT 1\n");
	bad("a 60 TYPE41 \\# 0\n", "bad 2 a type that cannot stand in a zone: TYPE41 \\# 0\n");
	bad("a 60 TYPE2 \\# 2 0141\n",
	    "bad 2 data that is not good for its type: TYPE2 \\# 2 0141\n");
	bad("a 60 IN IN A 192.0.2.1\n", "bad 2 a class said twice: 60 IN IN A 192.0.2.1\n");
	bad("a 60 CH A 192.0.2.1\n", "class 2 a record of another class: 60 CH A 192.0.2.1\n");
	bad("a..b 60 A 192.0.2.1\n", "bad 2 an owner that is no name: a..b 60 A 192.0.2.1\n");
	bad("a 60 TXT \"x\n", "bad 2 a quotation mark that is not closed\n");
	bad("a 60 TXT )\n", "bad 2 a closing parenthesis without an opening one\n");
	bad("a 60 TXT \\\n", "bad 2 a backslash ends the line\n");
	same_told("b 60 A 192.0.2.1\na..b 60 A 192.0.2.1\n 60 A 192.0.2.2\nc 60 A 192.0.2.3\n",
		  "b 60 A 192.0.2.1\nc 60 A 192.0.2.3\n",
		  "bad 3 an owner that is no name: a..b 60 A 192.0.2.1\n"
		  "bad 4 the owner that this line takes over is none\n");
	same_told("a 60 BAD (\n1 2\n)\nb 60 A 192.0.2.2\n", "b 60 A 192.0.2.2\n",
		  "bad 2 a type that is not known: BAD 1 2\n");
}

static void generate(void **state)
{
	(void)state;
	same("$GENERATE 1-3 h$ 60 A 192.0.2.$\n",
	     "h1 60 A 192.0.2.1\nh2 60 A 192.0.2.2\nh3 60 A 192.0.2.3\n");
	same("$GENERATE 10-14/2 ${-10,3}.x 60 IN CNAME $.y\n",
	     "000.x 60 CNAME 10.y\n002.x 60 CNAME 12.y\n004.x 60 CNAME 14.y\n");
	same("$generate 10-11 ${0,4,x}-${0,0,X}-${0,3,o} 60 PTR \\$$$\n",
	     "000a-A-012 60 PTR \\036\\036\n000b-B-013 60 PTR \\036\\036\n");
	same("$GENERATE 26-26 ${0,7,n} 60 PTR ${0,3,N}\n", "a.1.0.0 60 PTR A.1\n");
	same("$GENERATE 1-1 m$ 60 MX \"10 mail$\"\n", "m1 60 MX 10 mail1\n");
	same("$TTL 9\n$GENERATE 1-1 a$ NS b\n", "a1 9 NS b\n");
	bad("$GENERATE 3-1 a$ 60 A 192.0.2.$\n",
	    "bad 2 a range that is none: $GENERATE 3-1 a$ 60 A 192.0.2.$\n");
	bad("$GENERATE 0-65536 a$ 60 A 192.0.2.1\n",
	    "bad 2 a $GENERATE of more than 65536 records: $GENERATE 0-65536 a$ 60 A 192.0.2.1\n");
	bad("$GENERATE 1-2/0 a$ 60 A 192.0.2.$\n",
	    "bad 2 a range that is none: $GENERATE 1-2/0 a$ 60 A 192.0.2.$\n");
	bad("$GENERATE 1-2 a$\n", "bad 2 a $GENERATE without owner, type and data: "
	    "$GENERATE 1-2 a$\n");
	bad("$GENERATE 1-2 a$ 60 A ${0,x} \n", "bad 2 a ${...} that is none\n");
	bad("$GENERATE 1-1 a 60 A ${2147483647}\n",
	    "bad 2 $GENERATE makes a number out of range\n");
}

static void include(void **state)
{
	(void)state;
	same("$TTL 7\n$INCLUDE records\nb A 192.0.2.4\n",
	     "x 60 A 192.0.2.1\ny.other. 60 A 192.0.2.2\nb 7 A 192.0.2.4\n");
	same("$INCLUDE records sub\n$INCLUDE empty\nb 60 A 192.0.2.4\n",
	     "x.sub 60 A 192.0.2.1\ny.other. 60 A 192.0.2.2\nb 60 A 192.0.2.4\n");
	same("a 60 A 192.0.2.1\n$INCLUDE \"records\" ; note\n 60 A 192.0.2.2\n",
	     "a 60 A 192.0.2.1\na 60 A 192.0.2.2\nx 60 A 192.0.2.1\ny.other. 60 A 192.0.2.2\n");
	same("$INCLUDE outer q\n", "x.q 60 A 192.0.2.1\ny.other. 60 A 192.0.2.2\nz.q 60 A "
	     "192.0.2.3\n");
	same_told("$INCLUDE bad\nb 60 BAD\n", "", "bad bad:1 invalid address character: A nothing\n"
		  "include bad:3 missing: there is none\nbad 3 a type that is not known: BAD\n");
	same_told("b 60 A 192.0.2.1\n$INCLUDE blank-owner\n", "b 60 A 192.0.2.1\n",
		  "bad blank-owner:1 no owner, and none before it\n");
	same_told("$INCLUDE open\nb 60 A 192.0.2.2\n", "x 60 A 192.0.2.1\nb 60 A 192.0.2.2\n",
		  "cut open:2 the text ends inside a parenthesis or a quotation\n");
	bad("$INCLUDE\n", "bad 2 $INCLUDE without a file: $INCLUDE\n");
	bad("$INCLUDE itself\n", "include itself:1 files include each other more than 16 deep: "
	    "itself\n");
}

static void include_bounds(void **state)
{
	struct buf b = { 0 };
	struct zone_text t;

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_text(&b, i & 1 ? "$INCLUDE missing\n" : "$INCLUDE empty\n");
	t = read_below(b.at, included);
	assert_non_null(strstr(t.troubles, "include 1025 more than 1024 files are included: "));
	assert_int_equal(t.result->files, 512 + 1);
	assert_true(t.result->whole);
	zone_text_free(&t);
	t = read_below("$INCLUDE empty\n", NULL);
	assert_string_equal(t.troubles, "include 2 no file may be included here: empty\n");
	zone_text_free(&t);
	buf_free(&b);
}

/* Every end of a text, in every state. */
static void ends(void **state)
{
	(void)state;
	same_told("a 60 A 192.0.2.1", "a 60 A 192.0.2.1\n",
		  "warning 2 no newline ends the last line: perhaps the text was cut short\n");
	same_told("a 60 A 192.0.2.1\nb 60 A 192.0", "a 60 A 192.0.2.1\n",
		  "cut 3 invalid IPv4 address: A 192.0\n");
	same_told("a 60 A 192.0.2.1\nb 60 TXT ( x\n\ny", "a 60 A 192.0.2.1\n",
		  "cut 3 the text ends inside a parenthesis or a quotation\n");
	same_told("a 60 A 192.0.2.1\nb 60 TXT \"x", "a 60 A 192.0.2.1\n",
		  "cut 3 a quotation mark that is not closed\n");
	same("a 60 A 192.0.2.1\n; the end", "a 60 A 192.0.2.1\n");
	same("a 60 A 192.0.2.1\n$ORIGIN x", "a 60 A 192.0.2.1\n");
	same("a 60 A 192.0.2.1\n$INCLUDE empty", "a 60 A 192.0.2.1\n");
}

static void long_lines(void **state)
{
	struct buf b = { 0 };
	struct zone_text t;

	(void)state;
	buf_text(&b, "a 60 A 192.0.2.1\nb 60 TXT (");
	buf_fill(&b, 'x', ZONE_LINE_MAX + 5);
	buf_text(&b, "\nc 60 A 192.0.2.3\nd 60 BAD\n");
	t = read_below(b.at, NULL);
	assert_string_equal(t.troubles, "bad 3 a line of more than 1 MiB: is a parenthesis not "
		"closed?\nbad 5 a type that is not known: BAD\n");
	assert_int_equal(t.result->records, 3);
	zone_text_free(&t);
	buf_clear(&b);
	buf_text(&b, "a 60 TXT (");	/* 255 strings of 255: nearly 64 KiB of data */
	for (int i = 0; i < 255; i++) {
		buf_text(&b, "\n\"");
		buf_fill(&b, 'x', 255);
		buf_text(&b, "\"");
	}
	buf_text(&b, ")\n");
	t = read_below(b.at, NULL);
	assert_string_equal(t.troubles, "");
	assert_int_equal(t.result->records, 2);
	zone_text_free(&t);
	buf_free(&b);
}

/* One clear word, not a million. */
static void no_zones(void **state)
{
	static const struct { const char *text; size_t len; const char *troubles; } rows[] = {
		{ "\177ELF\2\1\1\0\0\0", 10, "broken 1 octets of value 0: this is no text\n" },
		{ "", 0, "" },
		{ "<html>\n", 0, "bad 1 the line ends before the type\n" },
	};
	struct buf b = { 0 };
	struct zone_text t;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		t = (struct zone_text){ .text = rows[i].text, .len = rows[i].len, .origin = "x" };
		assert_int_equal(zone_text_read(&t), 0);
		assert_string_equal(t.troubles, rows[i].troubles);
		assert_int_equal(t.result->records, 0);
		zone_text_free(&t);
	}
	for (int i = 0; i < 100000; i++)
		buf_text(&b, "{ \"key\": 1 }\n");
	t = (struct zone_text){ .text = b.at, .origin = "x" };
	assert_int_equal(zone_text_read(&t), 0);
	assert_string_equal(t.troubles,
			    "broken 1 a hundred bad lines and no record: this is no zone\n");
	assert_false(t.result->whole);
	zone_text_free(&t);
	buf_free(&b);
}

static void origins(void **state)
{
	struct zone_text t = { .text = "; x\n@ 60 SOA a. b. 1 2 3 4 5\n" };

	(void)state;
	assert_int_equal(zone_text_read(&t), OOPS_UNKNOWN);
	assert_string_equal(t.troubles, "bad 2 a relative name, but nothing says the origin: @ 60 "
			    "SOA a. b. 1 2 3 4 5\n");
	zone_text_free(&t);
	t = (struct zone_text){ .text = "x. 60 SOA a. b. 1 2 3 4 5\nx. 60 MX 1 y\n" };
	assert_int_equal(zone_text_read(&t), OOPS_UNKNOWN);
	zone_text_free(&t);
	t = (struct zone_text){ .text = "$ORIGIN x\n" };
	assert_int_equal(zone_text_read(&t), OOPS_UNKNOWN);
	zone_text_free(&t);
	t = (struct zone_text){ .text = "x. 60 SOA a. b. 1 2 3 4 5\nx. 60 MX 1 y.\n" };
	assert_int_equal(zone_text_read(&t), 0);
	assert_string_equal(t.troubles, "");
	zone_text_free(&t);
	t = (struct zone_text){ .text = "x. 60 NS y.\n" };	/* no SOA */
	assert_int_equal(zone_text_read(&t), OOPS_UNKNOWN);
	zone_text_free(&t);
	t = (struct zone_text){ .text = "\xef\xbb\xbf$ORIGIN x.\r\n@ 60 SOA a b 1 2 3 4 5\r\n" };
	assert_int_equal(zone_text_read(&t), 0);
	assert_string_equal(t.troubles, "");
	zone_text_free(&t);
}

static void limits(void **state)
{
	struct buf b = { 0 };
	struct zone_text t;

	(void)state;
	buf_text(&b, SOA);
	for (int i = 0; i < 100000; i++)
		buf_fmt(&b, "d%d 60 NS ns.d%d\n", i, i);
	t = (struct zone_text){ .text = b.at, .origin = "example.", .memory = 1u << 20 };
	assert_int_equal(zone_text_read(&t), 0);
	assert_true(strstr(t.troubles, "the memory for one zone is used up\n") != NULL);
	assert_int_equal(strncmp(t.troubles, "full ", 5), 0);
	assert_false(t.result->whole);
	/* cuts and hosts come beside */
	assert_in_range(zone_memory(t.zone), 1u << 19, (1u << 20) + (1u << 18) + (1u << 16));
	zone_text_free(&t);
	buf_clear(&b);
	for (int i = 0; i < 100; i++)	/* six million */
		buf_text(&b, "$GENERATE 1-65536 a 60 A ${2147483647}\n");
	t = read_below(b.at, NULL);
	assert_non_null(strstr(t.troubles, "full 66 more than 4194304 generated records\n"));
	zone_text_free(&t);
	buf_free(&b);
}

static int pipe_through(const char *command, const char *text)
{
	char path[] = "/tmp/zone-read-XXXXXX", line[200];
	int fd = mkstemp(path), out = memfd_create("packed", 0);
	char buffer[4096];
	FILE *p;
	size_t n;

	assert_true(fd >= 0 && out >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	snprintf(line, sizeof line, "%s <%s 2>/dev/null", command, path);
	p = popen(line, "r");
	assert_non_null(p);
	while ((n = fread(buffer, 1, sizeof buffer, p)))
		assert_int_equal(write(out, buffer, n), (ssize_t)n);
	n = (size_t)pclose(p);
	unlink(path);
	close(fd);
	if (n != 0 || lseek(out, 0, SEEK_SET) != 0) {
		close(out);
		return -1;
	}
	return out;
}

static void compressed(void **state)
{
	static const char *const commands[] = { "gzip", "xz", "zstd -q", "lz4 -q", "bzip2" };
	const char *text = SOA "a 60 NS b\n";
	struct zone_text plain = { .text = text, .origin = "x." };

	(void)state;
	assert_int_equal(zone_text_read(&plain), 0);
	for (size_t i = 0; i < COUNT(commands); i++) {
		struct zone_text t = { .origin = "x.", .fd = pipe_through(commands[i], text) };

		if (t.fd < 0)
			continue;	/* the program is not there */
		assert_int_equal(zone_text_read(&t), 0);
		assert_string_equal(t.troubles, "");
		assert_string_equal(t.dump, plain.dump);
		assert_true(t.result->whole);
		zone_text_free(&t);
	}
	zone_text_free(&plain);
}

static void compressed_and_cut(void **state)
{
	struct buf b = { 0 };
	struct zone_text t = { .origin = "x." };
	off_t size;

	(void)state;
	buf_text(&b, SOA);
	for (int i = 0; i < 20000; i++)
		buf_fmt(&b, "d%d 60 NS ns%d\n", i, i * 7919 % 20000);
	t.fd = pipe_through("gzip", b.at);
	assert_true(t.fd > 0);
	size = lseek(t.fd, 0, SEEK_END);
	assert_int_equal(ftruncate(t.fd, size - 50), 0);
	assert_int_equal(lseek(t.fd, 0, SEEK_SET), 0);
	assert_int_equal(zone_text_read(&t), 0);
	assert_int_equal(strncmp(t.troubles, "broken ", 7), 0);
	assert_non_null(strstr(t.troubles, "it cannot be read on: "));
	assert_false(t.result->whole);
	zone_text_free(&t);
	buf_free(&b);
}

/* What may be unpacked is for all files together; plain ones do not count. */
static void unpacked(void **state)
{
	struct buf b = { 0 };
	u32 whole;

	(void)state;
	buf_text(&b, SOA);
	while (b.len < 300000)
		buf_fmt(&b, "d%zu 60 NS ns\n", b.len);
	for (u64 most = 100000; most <= 400000; most += 100000) {
		struct zone_text t = { .origin = "x.", .unpacked = most,
				       .fd = pipe_through("gzip", buf_str(&b)) };

		assert_true(t.fd > 0);
		assert_int_equal(zone_text_read(&t), 0);
		whole = most > b.len;
		assert_int_equal(t.result->whole, whole);
		assert_int_equal(strstr(t.troubles, "full ") == NULL, whole);
		assert_int_equal(strstr(t.troubles, "--unpacked") == NULL, whole);
		assert_true(whole || t.result->records > most / 25);
		zone_text_free(&t);
	}
	struct zone_text plain = { .origin = "x.", .unpacked = 1000, .text = buf_str(&b) };

	assert_int_equal(zone_text_read(&plain), 0);
	assert_true(plain.result->whole);
	zone_text_free(&plain);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record), cmocka_unit_test(lines), cmocka_unit_test(directives),
		cmocka_unit_test(empty_lines), cmocka_unit_test(unpacked),
		cmocka_unit_test(ttls), cmocka_unit_test(in_other_words),
		cmocka_unit_test(bad_lines), cmocka_unit_test(generate), cmocka_unit_test(include),
		cmocka_unit_test(include_bounds), cmocka_unit_test(ends),
		cmocka_unit_test(long_lines), cmocka_unit_test(no_zones), cmocka_unit_test(origins),
		cmocka_unit_test(limits), cmocka_unit_test(compressed),
		cmocka_unit_test(compressed_and_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
