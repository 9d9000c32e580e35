/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut_test.c - smallest sets of elements against all sets of elements: random small
 * problems, with enough work and with hardly any; the laws of the split; and every proof gone
 * through by a second, slow reader. */
#include "draw.h"
#include "verify/sharing_cut.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ELEMENTS 13u
#define SETS 24u

struct small {
	u32 set[SETS], weight[SETS], sets, elements, all;
};

static void draw_small(u64 *seed, struct small *x)
{
	unsigned size = 1 + (unsigned)draw_below(seed, 5);
	u32 used = 0;

	memset(x, 0, sizeof *x);
	x->sets = 1 + (u32)draw_below(seed, SETS);
	for (u32 i = 0; i < x->sets; i++) {
		unsigned n = 1 + (unsigned)draw_below(seed, size);

		while (n--)
			x->set[i] |= 1u << draw_below(seed, ELEMENTS);
		x->weight[i] = 1 + (u32)draw_below(seed, draw_below(seed, 2) ? 3 : 40);
		x->all += x->weight[i];
		used |= x->set[i];
	}
	for (u32 e = 0, to = 0; e < ELEMENTS; e++) {	/* without holes */
		if (!(used >> e & 1))
			continue;
		for (u32 i = 0; i < x->sets; i++)
			if (x->set[i] >> e & 1)
				x->set[i] = (x->set[i] & ~(1u << e)) | 1u << to;
		x->elements = ++to;
	}
}

static u32 falls(const struct small *x, u32 lost)
{
	u32 sum = 0;

	for (u32 i = 0; i < x->sets; i++)
		sum += (x->set[i] & ~lost) == 0 ? x->weight[i] : 0;
	return sum;
}

/* By trying all: the fewest elements for each need (0 = not to be reached). */
static u32 fewest(const struct small *x, u32 need)
{
	u32 best = 0;

	for (u32 lost = 0; lost < 1u << x->elements; lost++) {
		u32 n = (u32)__builtin_popcount(lost);

		if ((best == 0 || n < best) && falls(x, lost) >= need)
			best = n;
	}
	return best;
}

static void problem_of(const struct small *x, struct cut_problem *p)
{
	u32 at = 0;

	*p = (struct cut_problem){ 0 };
	assert_int_equal(cut_make(p, x->sets, x->sets * ELEMENTS, x->elements), 0);
	for (u32 i = 0; i < x->sets; i++) {
		for (u32 e = 0; e < x->elements; e++)
			if (x->set[i] >> e & 1)
				p->members[at++] = e;
		p->first[i + 1] = at;
		p->weight[i] = x->weight[i];
	}
	cut_open(p);
}

/* ---- the split ---- */

static void split_is_one(const struct small *x, const struct cut_problem *p)
{
	u64 score[ELEMENTS] = { 0 };
	const u64 *split = p->split;

	for (u32 s = 0, k = 0; s < p->sets; s++) {
		u32 n = p->first[s + 1] - p->first[s];
		bool mixed = k < p->mixed_count && p->mixed[k] == s;
		u64 sum = 0;

		for (u32 i = 0; i < n; i++) {
			u64 part = mixed ? *split++ :
				cut_equal((u64)p->weight[s] * CUT_UNIT, n, i);

			sum += part;
			score[p->members[p->first[s] + i]] += part;
		}
		k += mixed;
		assert_int_equal(sum, (u64)x->weight[s] * CUT_UNIT);
	}
	for (u32 e = 0; e < p->elements; e++)
		assert_int_equal(score[e], p->score[e]);
	for (u32 lost = 0; lost < 1u << x->elements; lost += 7) {	/* the law itself */
		u64 sum = 0;

		for (u32 e = 0; e < x->elements; e++)
			sum += lost >> e & 1 ? score[e] : 0;
		assert_true((u64)falls(x, lost) * CUT_UNIT <= sum);
	}
}

/* ---- a proof, read by brute force: no X of fewer than `n` elements in any leaf is enough ---- */

struct reader {
	const struct small *x;
	const u32 *tree;
	u32 len, at, need, n, leaves;
	u32 lost;			/* decided: all of them */
	u32 kept[ELEMENTS + 64], kepts;	/* decided: not all of these */
};

static void read_leaf(struct reader *r)
{
	r->leaves++;
	for (u32 lost = 0; lost < 1u << r->x->elements; lost++) {
		bool here = (r->lost & ~lost) == 0;

		for (u32 i = 0; i < r->kepts; i++)
			here &= (r->kept[i] & ~lost) != 0;
		if (here && (u32)__builtin_popcount(lost) < r->n)
			assert_true(falls(r->x, lost) < r->need);
	}
}

static void read_tree(struct reader *r)
{
	u32 n, set = 0, lost = r->lost;

	assert_true(r->at < r->len);
	n = r->tree[r->at++];
	if (n == 0) {
		read_leaf(r);
		return;
	}
	assert_true(r->kepts < COUNT(r->kept));
	for (u32 i = 0; i < n; i++)
		set |= 1u << r->tree[r->at++];
	r->lost |= set;
	read_tree(r);
	r->lost = lost;
	r->kept[r->kepts++] = set;
	read_tree(r);
	r->kepts--;
}

static void read_proof(const struct small *x, const struct cut_answer *a)
{
	struct reader r = { .x = x, .tree = a->tree, .len = a->tree_len, .need = (u32)a->need,
		.n = a->at_least };

	read_tree(&r);
	assert_int_equal(r.at, r.len);
	assert_int_equal(r.leaves, a->leaves);
}

/* ---- */

static void check_answer(const struct small *x, struct cut_problem *p,
			 const struct cut_answer *a, u32 best)
{
	u32 lost = 0;

	assert_int_equal(a->possible, best != 0);
	if (best == 0)
		return;
	for (u32 i = 0; i < a->count; i++)
		lost |= 1u << a->set[i];
	assert_int_equal(__builtin_popcount(lost), a->count);
	assert_int_equal(falls(x, lost), a->falls);
	assert_int_equal(cut_falls(p, a->set, a->count), a->falls);
	assert_true(a->falls >= a->need);
	assert_true(a->at_least <= best && best <= a->count);
	read_proof(x, a);
}

static void against_all_sets(void **state)
{
	u64 seed = 11, gaps = 0, trees = 0;

	(void)state;
	for (unsigned round = 0; round < 1500; round++) {
		struct cut_problem p;
		struct small x;

		draw_small(&seed, &x);
		problem_of(&x, &p);
		p.work = round % 3 ? 1000000 : draw_below(&seed, 2000);
		cut_spread(&p);
		split_is_one(&x, &p);
		for (unsigned i = 0; i < 3; i++) {
			u32 need = 1 + (u32)draw_below(&seed, x.all + (i == 2 ? 5 : 0));
			struct cut_answer a;

			p.work = round % 3 ? 1000000 : draw_below(&seed, 500);
			assert_int_equal(cut_solve(&p, need, &a), 0);
			check_answer(&x, &p, &a, fewest(&x, need));
			if (round % 3)
				assert_int_equal(a.at_least, a.count);
			gaps += a.at_least < a.count;
			trees += a.leaves > 1;
			cut_answer_free(&a);
		}
		cut_close(&p);
	}
	assert_true(gaps > 10 && trees > 10);	/* both were met */
}

/* Servers that only come together: the answer takes whole groups. */
static void twins(void **state)
{
	struct small x = { .sets = 4, .elements = 8, .all = 10,
		.set = { 0x03, 0x1c, 0xe0, 0x60 }, .weight = { 4, 3, 2, 1 } };
	struct cut_problem p;
	struct cut_answer a;

	(void)state;
	problem_of(&x, &p);
	p.work = 100000;
	cut_spread(&p);
	assert_int_equal(cut_solve(&p, 7, &a), 0);
	assert_int_equal(a.count, 5);
	assert_int_equal(a.at_least, 5);
	read_proof(&x, &a);
	cut_answer_free(&a);
	assert_int_equal(cut_solve(&p, 11, &a), 0);
	assert_false(a.possible);
	cut_answer_free(&a);
	cut_close(&p);
}

static void sorting(void **state)
{
	u64 seed = 5;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		u64 score[300];
		u32 order[300], spare[300];
		struct cut_problem p = { .elements = 300, .spare = spare };

		for (u32 i = 0; i < 300; i++)
			score[i] = draw_below(&seed, 40) << draw_below(&seed, 50);
		cut_sort(&p, score, order);
		for (u32 i = 1; i < 300; i++)
			assert_true(score[order[i - 1]] > score[order[i]] ||
				    (score[order[i - 1]] == score[order[i]] &&
				     order[i - 1] < order[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_all_sets), cmocka_unit_test(twins),
		cmocka_unit_test(sorting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
