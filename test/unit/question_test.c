/* SPDX-License-Identifier: GPL-3.0-or-later */
/* question_test.c - what the table of questions answers is what qname_read() says, however
 * often questions take each other's places; notes belong to one question. */
#include "dns/name.h"
#include "dns/question.h"
#include "draw.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define HEADER 12

static struct suffixes *list(void)
{
	static const char rules[] = "com\nco.uk\n*.ck\n!www.ck\n";
	struct suffixes *s;

	assert_int_equal(suffixes_parse(&s, rules, sizeof rules - 1, 7), 0);
	return s;
}

/* One of `many` questions, of any length, in mixed case, in memory of exact size. */
static u8 *draw_question(u64 *seed, u64 many, unsigned *len)
{
	static const char *const ends[] = { "\3com", "\2co\2uk", "\3WWW\2ck", "\4junk", "" };
	u64 which = 1 + draw_below(seed, many), n = 0;
	u8 name[NAME_WIRE_MAX + 80], *wire;
	const char *end = ends[draw_below(&which, COUNT(ends))];

	for (u64 i = draw_below(&which, 4); i; i--) {
		u64 label = 1 + draw_below(&which, draw_below(&which, 9) ? 9 : 63);

		if (n + label + 2 + strlen(end) > NAME_WIRE_MAX)
			break;
		name[n++] = (u8)label;
		for (; label; label--)
			name[n++] = (u8)('A' + draw_below(&which, 58));
	}
	memcpy(name + n, end, strlen(end) + 1);
	n += strlen(end) + 1;
	*len = (unsigned)n;
	wire = malloc(HEADER + n + 4);
	assert_non_null(wire);
	memset(wire, 0, HEADER);
	memcpy(wire + HEADER, name, n);
	memcpy(wire + HEADER + n, (u8[]){ 0, (u8)draw_below(&which, 3), 0, 1 }, 4);
	return wire;
}

static void assert_same(const struct qname *a, const struct qname *b)
{
	assert_true(a->hash == b->hash && a->domain == b->domain && a->suffix == b->suffix);
	assert_true(a->wire == b->wire && a->len == b->len && a->labels == b->labels);
	assert_true(a->domain_at == b->domain_at && a->sub_labels == b->sub_labels);
	assert_true(a->upper == b->upper && a->listed == b->listed);
}

static void ask(struct questions *q, const struct suffixes *s, u64 *seed, u64 many)
{
	struct qname got, want;
	unsigned len;
	u8 *wire = draw_question(seed, many, &len);
	struct question *place = questions_place(q, wire + HEADER, len);

	assert_true((place == NULL) == (len + 4 > QUESTION_OCTETS));
	memset(&got, 0xa5, sizeof got);
	question_read(place, &got, s, wire + HEADER, len);
	qname_read(&want, s, wire + HEADER, len);
	assert_same(&got, &want);
	if (place) {
		assert_true(place->name.hash == want.hash);
		assert_true(place->note.turn == 0 || place->note.entry == (u32)want.hash);
		place->note.turn = 1;
		place->note.entry = (u32)want.hash;
	}
	free(wire);
}

static void test_random(void **state)
{
	struct suffixes *s = list();
	struct questions *q;
	u64 seed = 5;

	(void)state;
	assert_int_equal(questions_open(&q), 0);
	for (unsigned i = 0; i < 200000; i++)
		ask(q, s, &seed, i % 2 ? 300 : 100000);
	questions_free(q);
	suffixes_free(s);
}

/* Names that differ in case only are two questions, of one hash. */
static void test_case(void **state)
{
	static const u8 two[2][HEADER + 9] = {
		{ [12] = 3, 'w', 'w', 'w', 0, 0, 1, 0, 1 },
		{ [12] = 3, 'w', 'W', 'w', 0, 0, 1, 0, 1 },
	};
	struct suffixes *s = list();
	struct questions *q;
	struct qname name[2];

	(void)state;
	assert_int_equal(questions_open(&q), 0);
	for (unsigned i = 0; i < 6; i++)
		question_read(questions_place(q, two[i % 2] + HEADER, 5), &name[i % 2], s,
			      two[i % 2] + HEADER, 5);
	assert_true(name[0].hash == name[1].hash);
	assert_true(name[0].upper == 0 && name[1].upper == 1);
	questions_free(q);
	suffixes_free(s);
}

static void test_none(void **state)
{
	u8 wire[HEADER + 5] = { 0 };
	struct suffixes *s = list();
	struct qname name;

	(void)state;
	assert_null(questions_place(NULL, wire + HEADER, 1));
	question_read(NULL, &name, s, wire + HEADER, 1);
	assert_true(name.hash == suffixes_root(s));
	questions_free(NULL);
	suffixes_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
