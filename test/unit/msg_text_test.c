/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_text_test.c - messages as people read them. */
#include "dns/msg_text.h"
#include "msg_make.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* The text of a message, which is taken and freed. */
static struct buf text_of(struct buf *wire)
{
	u8 *copy = make_copy(wire->at, wire->len);
	struct buf text = { 0 };

	msg_text(copy, wire->len, &text);
	assert_int_equal(buf_error(&text), 0);
	for (size_t i = 0; i < text.len; i++)
		assert_true((text.at[i] >= ' ' && text.at[i] < 0x7f) ||
			    text.at[i] == '\n' || text.at[i] == '\t');
	free(copy);
	buf_free(wire);
	return text;
}

static void has(struct buf *text, const char *line)
{
	if (strstr(buf_str(text), line) == NULL) {
		print_error("no '%s' in:\n%s\n", line, buf_str(text));
		fail();
	}
}

static void response(void **state)
{
	static const char want[] =
		";; ->>HEADER<<- opcode: QUERY; status: NOERROR; id: 4660\n"
		";; Flags: qr aa rd ra; "
		"QUERY: 1; ANSWER: 3; AUTHORITY: 0; ADDITIONAL: 1\n"
		"\n;; EDNS PSEUDOSECTION:\n"
		";; Version: 0; flags: do; UDP size: 1232 B; ext-rcode: NOERROR\n"
		"\n;; QUESTION SECTION:\n"
		";; www.example.com.\tIN\tA\n"
		"\n;; ANSWER SECTION:\n"
		"www.example.com.\t300\tIN\tCNAME\tweb.example.com.\n"
		"www.example.com.\t300\tIN\tTXT\t\"a b\" \"\\\"\\000\"\n"
		"www.example.com.\t300\tIN\tTYPE65280\t\\# 3 ABCDEF\n"
		"\n;; 96 octets\n";
	struct buf b = { 0 }, text;

	(void)state;
	MAKE_HEADER(&b, 0x8580, 1, 3, 0, 1);
	make_question(&b, "www.example.com", TYPE_A);
	make_rr(&b, TYPE_CNAME, CLASS_IN, "\3web\xc0\x10", 6);
	make_rr(&b, TYPE_TXT, CLASS_IN, "\3a b\2\"\0", 7);
	make_rr(&b, 65280, CLASS_IN, "\xab\xcd\xef", 3);
	make_opt(&b, 1232, "", 0);
	b.at[b.len - 4] = (char)0x80;
	text = text_of(&b);
	assert_string_equal(buf_str(&text), want);
	buf_free(&text);
}

static void edns_options(void **state)
{
	static const char options[] =
		"\0\3\0\3ns1" "\0\10\0\7\0\1\30\0\300\0\2" "\0\10\0\6\0\2\20\0\40\1"
		"\0\12\0\10abcdefgh" "\0\14\0\5\0\0\0\0\0" "\0\17\0\5\0\22n\33\""
		"\0\10\0\3\0\1\30" "\0\10\0\11\0\1\40\0abcde" "\0\17\0\1x" "\1\0\0\2\1\2";
	struct buf b = { 0 }, text;

	(void)state;
	MAKE_HEADER(&b, 0x0100, 1, 0, 0, 1);
	make_question(&b, ".", TYPE_NS);
	make_opt(&b, 4096, options, sizeof options - 1);
	text = text_of(&b);
	has(&text, ";; NSID: 6e7331 \"ns1\"\n");
	has(&text, ";; CLIENT-SUBNET: 192.0.2.0/24/0\n");
	has(&text, ";; CLIENT-SUBNET: 2001::/16/0\n");
	has(&text, ";; COOKIE: 6162636465666768\n");
	has(&text, ";; PADDING: 5 B\n");
	has(&text, ";; EDE: 18 (Prohibited) \"n\\027\\\"\"\n");
	has(&text, ";; Option (8): 000118\n");		/* cut short */
	has(&text, ";; Option (8): 000120006162636465\n");	/* five octets of IPv4 */
	has(&text, ";; Option (15): 78\n");
	has(&text, ";; Option (256): 0102\n");
	has(&text, ";; .\tIN\tNS\n");
	buf_free(&text);
}

static void update(void **state)
{
	struct buf b = { 0 }, text;

	(void)state;
	MAKE_HEADER(&b, OPCODE_UPDATE << 11, 1, 1, 1, 0);
	make_question(&b, "example", TYPE_SOA);
	make_rr(&b, TYPE_A, CLASS_NONE, "", 0);
	make_rr(&b, TYPE_A, CLASS_ANY, "", 0);
	text = text_of(&b);
	has(&text, "; ZONE: 1; PREREQ: 1; UPDATE: 1; ADDITIONAL: 0\n");
	has(&text, ";; ZONE SECTION:\n;; example.\tIN\tSOA\n");
	has(&text, ";; PREREQUISITE SECTION:\nexample.\t300\tNONE\tA\n");
	has(&text, ";; UPDATE SECTION:\nexample.\t300\tANY\tA\n");
	buf_free(&text);
}

/* What libknot will not print: an alias with a broken parameter, an IPSECKEY whose
 * gateway's name runs out of the RDATA, bitmaps, salts and strings cut short. */
static void data_that_libknot_refuses(void **state)
{
	static const struct {
		u16 type;
		const char *rdata;
		u8 n;
		const char *want;
	} rows[] = {
		{ TYPE_HTTPS, "\0\1\0\0\1\0\7\2h", 9,
		  "HTTPS\t\\# 9 000100000100070268\n" },
		{ TYPE_SVCB, "\0\1\77", 3, "SVCB\t\\# 3 00013f\n" },
		{ TYPE_SVCB, "\0\1\277xx", 5, "SVCB\t\\# 5 0001bf7878\n" },
		{ 45, "\1\3\2\77host", 8, "IPSECKEY\t\\# 8 0103023f686f7374\n" },
		{ 47, "\0\0\7", 3, "NSEC\t\\# 3 000007\n" },
		{ 50, "\1\0\0\1\5aaaa", 9, "NSEC3\t\\# 9 010000010561616161\n" },
		{ 50, "\1\0\0\1\0\4aaa", 9, "NSEC3\t\\# 9 010000010004616161\n" },
		{ 51, "\1\0\0\1\1", 5, "NSEC3PARAM\t\\# 5 0100000101\n" },
		{ TYPE_TXT, "\377a", 2, "TXT\t\\# 2 ff61\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b = { 0 }, text;

		MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
		make_question(&b, "example", rows[i].type);
		make_rr(&b, rows[i].type, CLASS_IN, rows[i].rdata, rows[i].n);
		text = text_of(&b);
		has(&text, rows[i].want);
		buf_free(&text);
	}
}

static void hostile_names(void **state)
{
	struct buf b = { 0 }, text;

	(void)state;
	MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
	buf_add(&b, "\6\33[2J\r\n\3a.b\2<&", 15);
	buf_add(&b, "\0\5\0\1", 4);
	make_rr(&b, TYPE_CNAME, CLASS_IN, "\2\n\"\xc0\x0c", 5);
	text = text_of(&b);
	has(&text, ";; \\027[2J\\013\\010.a\\.b.<&.\tIN\tCNAME\n");
	has(&text, "\tCNAME\t\\010\\\".\\027\\[2J\\013\\010.a\\.b.");
	buf_free(&text);
}

/* Whatever the prefix, the text is whole lines and says that something is wrong. */
static void broken(void **state)
{
	struct buf b = { 0 }, whole = { 0 }, text;

	(void)state;
	MAKE_HEADER(&whole, 0x8000, 1, 2, 0, 0);
	make_question(&whole, "example", TYPE_A);
	make_rr(&whole, TYPE_A, CLASS_IN, "abcd", 4);
	make_rr(&whole, TYPE_A, CLASS_IN, "efgh", 4);
	for (size_t n = 0; n < whole.len; n++) {
		buf_add(&b, whole.at, n);
		text = text_of(&b);
		has(&text, ";; broken");
		assert_int_equal(text.at[text.len - 1], '\n');
		if (n + 16 >= whole.len)
			has(&text, "example.\t300\tIN\tA\t97.98.99.100\n");
		buf_free(&text);
	}
	buf_add(&whole, "junk", 4);
	text = text_of(&whole);
	has(&text, "\tA\t101.102.103.104\n");
	has(&text, "broken at octet 57 of 61: octets follow the last record\n");
	buf_free(&text);
}

/* Thousands of owners of 255 octets, each a pointer; every octet needs escaping. */
static void text_is_bounded(void **state)
{
	static const char label[] =
		"\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377";
	struct buf b = { 0 }, text;

	(void)state;
	MAKE_HEADER(&b, 0x8000, 1, 5000, 0, 0);
	for (int i = 0; i < 15; i++) {
		buf_byte(&b, sizeof label - 1);
		buf_text(&b, label);
	}
	buf_byte(&b, 0);
	buf_u32(&b, 0x00010001);
	for (int i = 0; i < 5000; i++)
		make_rr(&b, TYPE_TXT, CLASS_IN, "", 1);
	text = text_of(&b);
	assert_in_range(text.len, MSG_TEXT_MAX, MSG_TEXT_MAX + 2000);
	has(&text, " more records are not shown\n\n;; 65257 octets\n");
	buf_free(&text);
}

static void errors_have_texts(void **state)
{
	(void)state;
	for (int e = MSG_OK; e <= MSG_BAD_TRAILING; e++)
		for (int f = MSG_OK; f < e; f++)
			assert_string_not_equal(msg_error_text(e), msg_error_text(f));
	assert_string_equal(msg_error_text(99), "not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(response),
		cmocka_unit_test(edns_options),
		cmocka_unit_test(update),
		cmocka_unit_test(data_that_libknot_refuses),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(broken),
		cmocka_unit_test(text_is_bounded),
		cmocka_unit_test(errors_have_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
