/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_parts_test.c - a message's fields with their places: a whole response with compressed
 * names, EDNS and several types; broken ones; a bound on how many are told. */
#include "base/buf.h"
#include "dns/msg_parts.h"
#include "dns/msg_text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void put(void *to, const struct msg_part *p)
{
	buf_fmt(to, "%u %u+%u %s: %s\n", p->depth, p->at, p->len, p->name, p->text);
}

static char *told(const u8 *wire, size_t n, u32 most, enum msg_error *error, u32 *left_out)
{
	struct buf out = { 0 };

	*error = msg_parts(wire, n, most, put, &out, left_out);
	assert_int_equal(buf_error(&out), 0);
	return out.at;
}

/* A response: x.a.example MX; answers MX and RRSIG by pointers, EDNS with an extended error. */
static const u8 response[] =
	"\x12\x34\x84\x80\0\1\0\2\0\0\0\1"
	"\1x\1a\7example\0\0\x0f\0\1"					/* 12 */
	"\xc0\x0c\0\x0f\0\1\0\0\x0e\x10\0\x09\0\x0a\4mail\xc0\x0e"		/* 29 */
	"\xc0\x0c\0\x2e\0\1\0\0\x0e\x10\0\x18\0\x0f\x0d\3\0\0\x0e\x10"
	"\x6a\0\0\0\x69\0\0\0\x12\x34\1z\0\1\2\3"
	"\0\0\x29\4\xd0\0\0\x80\0\0\x0a\0\x0f\0\6\0\x06<\"\n>";

static void whole(void **state)
{
	static const char *const wanted[] = {
		"0 0+12 header: response QUERY NOERROR\n1 0+2 id: 4660\n1 2+2 flags: 0x8480\n"
		"2 2+1 qr: 1 response\n2 2+1 opcode: QUERY\n2 2+1 aa: 1 authoritative\n",
		"0 12+17 question: x.a.example. IN MX\n1 12+13 name: x.a.example.\n"
		"1 25+2 type: MX\n1 27+2 class: IN\n",
		"0 29+21 answer 1: x.a.example. 3600 IN MX 10 mail.a.example.\n"
		"1 29+2 owner: x.a.example.\n2 29+2 pointer: to octet 12\n1 31+2 type: MX\n"
		"1 33+2 class: IN\n1 35+4 ttl: 3600 s\n1 39+2 rdlength: 9 octets\n"
		"1 41+9 data: \n2 41+2 preference: 10\n2 43+7 exchange: mail.a.example.\n"
		"3 48+2 pointer: to octet 14\n",
		"2 62+2 type covered: MX\n2 64+1 algorithm: 13\n2 65+1 labels: 3\n"
		"2 66+4 original ttl: 3600\n2 70+4 expiration: 2026-05-10T",
		"2 78+2 key tag: 4660\n2 80+3 signer: z.\n2 83+3 signature: 010203\n",
		"0 86+21 EDNS 1: \n1 86+1 owner: .\n1 87+2 type: OPT\n"
		"1 89+2 UDP size: 1232 octets\n",
		"1 93+2 flags: do\n1 95+2 rdlength: 10 octets\n1 97+10 data: \n"
		"2 97+10 extended error: code 6 \"<\\\"\\010>\"\n",
	};
	enum msg_error error;
	u32 left_out;
	char *text = told(response, sizeof response - 1, MSG_PARTS_MAX, &error, &left_out);

	(void)state;
	assert_int_equal(error, MSG_OK);
	assert_int_equal(left_out, 0);
	for (size_t i = 0; i < COUNT(wanted); i++)
		if (strstr(text, wanted[i]) == NULL)
			fail_msg("not there:\n%s\nin:\n%s", wanted[i], text);
	free(text);
}

static void broken(void **state)
{
	enum msg_error error;
	u32 left_out;
	char *text = told(response, 60, MSG_PARTS_MAX, &error, &left_out);

	(void)state;
	assert_int_equal(error, MSG_BAD_RECORD);
	assert_non_null(strstr(text, "0 29+21 answer 1:"));
	assert_non_null(strstr(text, "0 50+10 not decoded: c00c002e0001"));
	free(text);
	text = told(response, 5, MSG_PARTS_MAX, &error, &left_out);
	assert_int_equal(error, MSG_BAD_HEADER);
	assert_string_equal(text, "0 0+5 not decoded: 1234848000\n");
	free(text);
}

static void bounded(void **state)
{
	enum msg_error error;
	u32 left_out;
	char *text = told(response, sizeof response - 1, 3, &error, &left_out);

	(void)state;
	assert_string_equal(text, "0 0+12 header: response QUERY NOERROR\n1 0+2 id: 4660\n"
			    "1 2+2 flags: 0x8480\n");
	assert_true(left_out > 10);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(whole), cmocka_unit_test(broken),
		cmocka_unit_test(bounded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
