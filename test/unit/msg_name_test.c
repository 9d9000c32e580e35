/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_name_test.c - names inside messages: compression (RFC 1035, 4.1.4) and the
 * limits of 63, 255 and 127 (RFC 1035, 2.3.4). */
#include "msg_make.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A name of n wire octets (n >= 3) in labels of at most `label` octets. */
static size_t long_name(u8 *to, size_t n, size_t label)
{
	size_t at = 0, left = n - 1;

	while (left) {
		size_t take = left - 1 < label ? left - 1 : label;

		if (left - take - 1 == 1)	/* a lone length octet would remain */
			take--;
		to[at] = (u8)take;
		memset(to + at + 1, 'a', take);
		at += take + 1;
		left -= take + 1;
	}
	to[at] = 0;
	return at + 1;
}

/* A message of one record whose owner is the given octets at offset 12. */
static enum msg_error owner_verdict(const void *owner, size_t n)
{
	struct buf b = { 0 };
	enum msg_error e;
	struct msg m;

	MAKE_HEADER(&b, 0x8000, 0, 1, 0, 0);
	buf_add(&b, owner, n);
	make_rest(&b, TYPE_A, CLASS_IN, "abcd", 4);
	e = make_verdict(&b, &m);
	buf_free(&b);
	return e;
}

static enum msg_error question_verdict(const void *name, size_t n)
{
	struct buf b = { 0 };
	enum msg_error e;
	struct msg m;

	MAKE_HEADER(&b, 0, 1, 0, 0, 0);
	buf_add(&b, name, n);
	buf_u32(&b, 0x00010001);
	e = make_verdict(&b, &m);
	buf_free(&b);
	return e;
}

/* The picture in RFC 1035, 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at
 * 64 and the root at 92. */
static void example_of_the_rfc(void **state)
{
	static const struct { u32 at; const char *text; } rows[] = {
		{ 20, "F.ISI.ARPA" }, { 40, "FOO.F.ISI.ARPA" }, { 64, "ARPA" },
		{ 92, "." }, { 22, "ISI.ARPA" }, { 26, "ARPA" }, { 44, "F.ISI.ARPA" },
	};
	u8 *wire = make_copy((u8[93]){ 0 }, 93), name[NAME_WIRE_MAX];
	struct msg m = { .wire = wire, .len = 93 };
	char text[NAME_TEXT_MAX];

	(void)state;
	memcpy(wire + 20, "\1F\3ISI\4ARPA", 12);
	memcpy(wire + 40, "\3FOO\xc0\x14", 6);
	memcpy(wire + 64, "\xc0\x1a", 2);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int n = msg_name(&m, rows[i].at, name);

		assert_true(n > 0);
		assert_string_equal(name_text(name, (size_t)n, text), rows[i].text);
	}
	assert_int_equal(msg_name_end(&m, 20), 32);
	assert_int_equal(msg_name_end(&m, 40), 46);
	assert_int_equal(msg_name_end(&m, 92), 93);
	free(wire);
}

static void pointers_go_back(void **state)
{
	(void)state;
	assert_int_equal(owner_verdict("\xc0\x0c", 2), MSG_BAD_NAME);	/* itself */
	assert_int_equal(owner_verdict("\xc0\x0d", 2), MSG_BAD_NAME);	/* its own tail */
	assert_int_equal(owner_verdict("\xc0\x0e", 2), MSG_BAD_NAME);	/* forward */
	assert_int_equal(owner_verdict("\xff\xff", 2), MSG_BAD_NAME);	/* outside */
	assert_int_equal(owner_verdict("\1a\xc0\x0c", 4), MSG_BAD_NAME); /* a loop */
	assert_int_equal(owner_verdict("\1a\xc0\x0e", 4), MSG_BAD_NAME);
	assert_int_equal(owner_verdict("\xc0\x0b", 2), MSG_OK);	/* header octet 0 */
	assert_int_equal(owner_verdict("\x40", 1), MSG_BAD_NAME);	/* RFC 6891, 5 */
	assert_int_equal(owner_verdict("\x80", 1), MSG_BAD_NAME);
	assert_int_equal(owner_verdict("", 1), MSG_OK);
}

static void labels_and_names_have_limits(void **state)
{
	u8 name[300];
	size_t n;

	(void)state;
	for (size_t size = 250; size <= 260; size++) {
		n = long_name(name, size, 63);
		assert_int_equal(n, size);
		assert_int_equal(owner_verdict(name, n) == MSG_OK, size <= 255);
		assert_int_equal(question_verdict(name, n) == MSG_OK, size <= 255);
	}
	n = long_name(name, 255, 1);	/* 127 labels */
	assert_int_equal(name_labels(name, n, NULL), 127);
	assert_int_equal(owner_verdict(name, n), MSG_OK);
	assert_int_equal(question_verdict(name, n), MSG_OK);
	n = long_name(name, 257, 1);
	assert_int_equal(owner_verdict(name, n), MSG_BAD_NAME);
	assert_int_equal(question_verdict(name, n), MSG_BAD_QUESTION);
	memset(name, 'a', sizeof name);
	name[0] = 64;
	name[65] = 0;
	assert_int_equal(owner_verdict(name, 66), MSG_BAD_NAME);
	assert_int_equal(question_verdict(name, 66), MSG_BAD_QUESTION);
	name[0] = 63;
	name[64] = 0;
	assert_int_equal(owner_verdict(name, 65), MSG_OK);
	assert_int_equal(question_verdict(name, 65), MSG_OK);
}

/* A label before a pointer counts with what it points to: to the question's name,
 * which is not walked again, and into it, which is. */
static void pointers_add_up(void **state)
{
	u8 name[NAME_WIRE_MAX], unpacked[NAME_WIRE_MAX];
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	for (size_t size = 249; size <= 255; size++) {
		for (u16 into = 0; into <= 2; into += 2) { /* 2: past "a" */
			size_t whole = size - into + 4;

			MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
			buf_add(&b, "\1a", 2);
			buf_add(&b, name, long_name(name, size - 2, 63));
			buf_u32(&b, 0x00010001);
			buf_add(&b, "\3www", 4);
			buf_u16(&b, (u16)(QNAME_POINTER + into));
			make_rest(&b, TYPE_A, CLASS_IN, "abcd", 4);
			assert_int_equal(make_verdict(&b, &m),
					 whole <= 255 ? MSG_OK : MSG_BAD_NAME);
			msg_read(&m, (u8 *)b.at, b.len);
			assert_int_equal(msg_name(&m, m.body, unpacked),
					 whole <= 255 ? (int)whole : -1);
		}
	}
	buf_free(&b);
}

/* n pointers, each to the one before, the first to a root's octet. */
static void pointers_are_counted(void **state)
{
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	for (u16 n = 120; n < 135; n++) {
		MAKE_HEADER(&b, 0x8000, 0, 2, 0, 0);
		buf_byte(&b, 0);
		buf_u16(&b, TYPE_TXT);
		buf_u16(&b, CLASS_IN);
		buf_u32(&b, 0);
		buf_u16(&b, (u16)(2 * (n - 1)));
		for (u16 i = 0; i + 1 < n; i++)
			buf_u16(&b, (u16)(0xc000 + (i ? 23 + 2 * (i - 1) : 12)));
		buf_u16(&b, (u16)(0xc000 + 23 + 2 * (n - 2)));
		make_rest(&b, TYPE_A, CLASS_IN, "abcd", 4);
		assert_int_equal(make_verdict(&b, &m),
				 n <= NAME_POINTERS_MAX ? MSG_OK : MSG_BAD_NAME);
	}
	buf_free(&b);
}

/* A name in RDATA may not read past the RDATA, not even through a pointer. */
static void names_stay_in_their_rdata(void **state)
{
	static const struct { const char *rdata; u8 n; enum msg_error e; } rows[] = {
		{ "\3www\xc0\x0c", 6, MSG_OK },
		{ "\3www\0", 5, MSG_OK },
		{ "\xc0\x0c", 2, MSG_OK },
		{ "\3www", 4, MSG_BAD_NAME },
		{ "\3ww", 3, MSG_BAD_NAME },
		{ "\3www\xc0", 5, MSG_BAD_NAME },
		{ "\xc0", 1, MSG_BAD_NAME },
		{ "\3www\xc0\x0c?", 7, MSG_BAD_RECORD },
		{ "\3www\0?", 6, MSG_BAD_RECORD },
		{ "\1a\xc0\x21", 4, MSG_BAD_NAME },	/* a loop through itself */
		{ "\xc0\x1c", 2, MSG_BAD_NAME },	/* the TTL, then past the end */
	};
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		MAKE_HEADER(&b, 0x8000, 1, 2, 0, 0);
		make_question(&b, "org", TYPE_NS);	/* the record begins at 21 */
		buf_u16(&b, QNAME_POINTER);
		make_rest(&b, TYPE_NS, CLASS_IN, rows[i].rdata, rows[i].n);
		memset(b.at + 27, 10, 4);		/* TTL: labels of ten octets */
		make_rr(&b, TYPE_A, CLASS_IN, "abcd", 4);
		assert_int_equal(make_verdict(&b, &m), rows[i].e);
	}
	buf_free(&b);
}

static void any_offset_may_be_asked_for(void **state)
{
	struct buf b = { 0 };
	u8 name[NAME_WIRE_MAX];
	struct msg m;
	u8 *copy;

	(void)state;
	MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
	make_question(&b, "www.example", TYPE_A);
	make_rr(&b, TYPE_CNAME, CLASS_IN, "\1b\xc0\x10", 4);
	copy = make_copy(b.at, b.len);
	assert_int_equal(msg_read(&m, copy, b.len), MSG_OK);
	for (u32 at = 0; at < m.len + 300; at++)
		assert_true(msg_name(&m, at, name) <= NAME_WIRE_MAX);
	assert_int_equal(msg_name(&m, m.len, name), -1);
	assert_int_equal(msg_name(&m, UINT32_MAX, name), -1);
	free(copy);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_of_the_rfc),
		cmocka_unit_test(pointers_go_back),
		cmocka_unit_test(labels_and_names_have_limits),
		cmocka_unit_test(pointers_add_up),
		cmocka_unit_test(pointers_are_counted),
		cmocka_unit_test(names_stay_in_their_rdata),
		cmocka_unit_test(any_offset_may_be_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
