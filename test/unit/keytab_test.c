/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keytab_test.c - the table behind the summaries, held against a plain list.
 *
 * The reference remembers, for every key ever seen, what was added to it since the table
 * last made its entry, and what it had added before it was turned out. */
#include "window/keytab.h"
#include "draw.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define KEYS 4096u

struct entry { u64 key, weight, check; };

struct reference {
	u64 key[KEYS], weight[KEYS], lost[KEYS];	/* weight: in the table now */
	bool in[KEYS];
	u32 count;
	u64 dropped;
};

static u64 weigh(const void *owner, const void *entry)
{
	(void)owner;
	return ((const struct entry *)entry)->weight;
}

static u32 number_of(const struct reference *r, u64 key)
{
	for (u32 i = 0; i < KEYS; i++)
		if (r->key[i] == key)
			return i;
	fail_msg("a key that was never put in");
	return 0;
}

/* An entry goes: it is one that was there, whole. */
static void drop(void *owner, void *entry)
{
	struct reference *r = owner;
	struct entry *e = entry;
	u32 i = number_of(r, e->key);

	assert_true(r->in[i]);
	assert_true(e->weight == r->weight[i]);
	assert_true(e->check == ~e->key);
	r->lost[i] += r->weight[i];
	r->weight[i] = 0;
	r->in[i] = false;
	r->count--;
	r->dropped++;
}

static struct reference *make(struct keytab *t, u32 cap, u64 seed, bool near)
{
	struct reference *r = calloc(1, sizeof *r);

	assert_non_null(r);
	for (u32 i = 0; i < KEYS; i++)	/* near: keys that share slots and tags */
		r->key[i] = near ? (u64)(i % 64) << 58 | (u64)(i / 64) << 8 | 1
				 : draw(&seed) | 1;
	assert_int_equal(keytab_open(t, sizeof(struct entry), cap), 0);
	t->weigh = weigh;
	t->drop = drop;
	t->owner = r;
	return r;
}

static void add(struct keytab *t, struct reference *r, u32 i, u64 weight)
{
	bool fresh;
	struct entry *e = keytab_get(t, r->key[i], &fresh);

	assert_true(e->key == r->key[i]);
	assert_int_equal(fresh, !r->in[i]);
	if (fresh) {
		assert_true(e->weight == 0 && e->check == 0);
		e->check = ~e->key;
		r->count++;
	}
	r->in[i] = true;
	e->weight += weight;
	r->weight[i] += weight;
}

/* Everything that should be there is, and nothing else. */
static void hold(const struct keytab *t, const struct reference *r)
{
	assert_int_equal(t->count, r->count);
	assert_true(t->crowded == r->dropped);
	for (u32 i = 0; i < KEYS; i++) {
		const struct entry *e = keytab_find(t, r->key[i]);

		assert_int_equal(e != NULL, r->in[i]);
		if (e)
			assert_true(e->key == r->key[i] && e->weight == r->weight[i]);
		assert_true(keytab_lost(t, r->key[i]) >= r->lost[i]);
	}
}

static void clear(struct keytab *t, struct reference *r)
{
	keytab_clear(t);
	memset(r->weight, 0, sizeof r->weight);
	memset(r->lost, 0, sizeof r->lost);
	memset(r->in, 0, sizeof r->in);
	r->count = 0;
	r->dropped = 0;
}

static void random_run(u32 cap, u64 seed, bool near)
{
	struct keytab t;
	struct reference *r = make(&t, cap, seed, near);

	for (unsigned round = 0; round < 6; round++) {
		for (u32 i = 0; i < 3000; i++)
			add(&t, r,
			    (u32)draw_below(&seed,
					    min_u64(KEYS, round % 2 ? KEYS : 1 + cap)),
			    1 + draw_below(&seed, 100));
		hold(&t, r);
		if (round % 3 == 2) {
			clear(&t, r);
			hold(&t, r);
		}
	}
	keytab_close(&t);
	free(r);
}

static void test_random(void **state)
{
	static const u32 caps[] = { 1, 2, 7, 8, 9, 64, 511, 512, 1000, 4000, 5000 };

	(void)state;
	for (unsigned i = 0; i < COUNT(caps); i++) {
		random_run(caps[i], 100 + i, false);
		random_run(caps[i], 200 + i, true);
	}
}

/* Ten times as many light keys as there is room for, again and again. The heavy ones came
 * first, as they do, and so are neighbours: none of them is turned out. */
static void test_heavy(void **state)
{
	enum { CAP = 300, HEAVY = 50 };
	struct keytab t;
	struct reference *r = make(&t, CAP, 7, false);
	u64 seed = 8;

	(void)state;
	for (u32 i = 0; i < HEAVY; i++)	/* those are heavy from the start */
		add(&t, r, i, 1000);
	for (u32 round = 0; round < 4; round++)
		for (u32 i = HEAVY; i < HEAVY + 10 * CAP; i++) {
			add(&t, r, i, 1 + draw_below(&seed, 5));
			if (i % 10 == 0)
				add(&t, r, (u32)draw_below(&seed, HEAVY), 100);
		}
	for (u32 i = 0; i < HEAVY; i++) {
		assert_true(r->in[i]);
		assert_true(keytab_lost(&t, r->key[i]) < 200);
	}
	hold(&t, r);
	assert_true(t.crowded > 10 * CAP);
	keytab_close(&t);
	free(r);
}

/* What two tables turned out is known to the one that they were merged into. */
static void test_merge_lost(void **state)
{
	struct keytab a, b;
	struct reference *ra = make(&a, 60, 9, false), *rb = make(&b, 90, 9, false);
	u64 seed = 10;

	(void)state;
	for (u32 i = 0; i < 20000; i++) {
		add(&a, ra, (u32)draw_below(&seed, 500), 1 + draw_below(&seed, 9));
		add(&b, rb, (u32)draw_below(&seed, 900), 1 + draw_below(&seed, 9));
	}
	keytab_merge_lost(&a, &b);
	assert_true(a.crowded == ra->dropped + rb->dropped);
	for (u32 i = 0; i < KEYS; i++)
		assert_true(keytab_lost(&a, ra->key[i]) >= ra->lost[i] + rb->lost[i]);
	keytab_close(&a);
	keytab_close(&b);
	free(ra);
	free(rb);
}

/* The steps before the look-up do not mind what the table holds. */
static void test_hints(void **state)
{
	struct keytab t;
	struct reference *r = make(&t, 100, 11, false);

	(void)state;
	for (u32 i = 0; i < 200; i++) {
		keytab_hint(&t, r->key[i]);
		keytab_reach(&t, r->key[i]);
		add(&t, r, i, i);
	}
	keytab_hint(&t, 0);
	keytab_reach(&t, 0);
	keytab_close(&t);
	keytab_close(&t);
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_heavy),
		cmocka_unit_test(test_merge_lost),
		cmocka_unit_test(test_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
