/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rank_test.c - sets of numbers against a list of the same: full, empty, in heaps, at the ends of
 * words and of samples. */
#include "base/rank.h"
#include "base/hash.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define BOUND 40000u

/* Is a number in the set? `kind`: how the set looks. */
static bool member(unsigned kind, u32 i)
{
	switch (kind) {
	case 0:
		return false;
	case 1:
		return true;
	case 2:
		return i % 64 == 63;
	case 3:
		return i == 0 || i == BOUND - 1;
	case 4:
		return i / 5000 == 3;	/* long without any, then all */
	case 5:
		return hash_u64(kind, i) % 100 == 0;
	default:
		return hash_u64(kind, i) % kind == 0;
	}
}

static u32 fill(struct rank *r, unsigned kind, u32 *list)
{
	u32 count = 0;

	assert_int_equal(rank_open(r, BOUND), 0);
	for (u32 i = 0; i < BOUND; i++)
		if (member(kind, i)) {
			list[count++] = i;
			if (i & 1)
				rank_set(r, i);
			else
				rank_set_shared(r, i);
		}
	assert_int_equal(rank_seal(r), 0);
	assert_int_equal(r->count, count);
	return count;
}

static void against_a_list(void **state)
{
	static u32 list[BOUND];

	(void)state;
	for (unsigned kind = 0; kind < 12; kind++) {
		struct rank r;
		u32 count = fill(&r, kind, list);

		for (u32 place = 0; place < count; place++) {
			assert_int_equal(rank_at(&r, place), list[place]);
			assert_int_equal(rank_of(&r, list[place]), place);
		}
		for (u32 i = 0; i < BOUND; i++)
			assert_int_equal(rank_has(&r, i), member(kind, i));
		rank_close(&r);
	}
}

static void walks(void **state)
{
	static u32 list[BOUND];

	(void)state;
	for (unsigned kind = 0; kind < 12; kind++) {
		struct rank r;
		u32 count = fill(&r, kind, list);

		for (u32 from = 0; from <= count; from += 1 + count / 7) {
			struct rank_walk w = rank_from(&r, from);

			for (u32 place = from; place < count; place++)
				assert_int_equal(rank_next(&w), list[place]);
		}
		rank_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_a_list), cmocka_unit_test(walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
