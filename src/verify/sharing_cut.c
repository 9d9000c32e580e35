/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut.c - the frame of sharing_cut.h: memory, order, and how the two bounds meet.
 *
 * The bound from below is raised one by one: each step asks the search whether so many
 * elements are enough. The first yes is the answer, and each no a proof. */
#include "verify/sharing_cut.h"

#define DIGIT 11u	/* bits of a score that are sorted at once */

/* ---- memory ---- */

static u32 largest_set(const struct cut_problem *p)
{
	u32 n = 1;

	for (u32 i = 0; i < p->sets; i++)
		n = (u32)max_u64(n, p->first[i + 1] - p->first[i]);
	return n;
}

/* From sets by element to elements by set. */
static void turn(struct cut_problem *p)
{
	u32 members = p->first[p->sets], sum = 0;

	for (u32 i = 0; i < members; i++)
		p->first_set[p->members[i]]++;
	for (u32 e = 0; e <= p->elements; e++) {
		u32 n = p->first_set[e];

		p->first_set[e] = sum;
		sum += n;
	}
	for (u32 s = 0; s < p->sets; s++)
		for (u32 i = p->first[s]; i < p->first[s + 1]; i++)
			p->set_of[p->first_set[p->members[i]]++] = s;
	for (u32 e = p->elements; e; e--)
		p->first_set[e] = p->first_set[e - 1];
	p->first_set[0] = 0;
}

int cut_open(struct cut_problem *p)
{
	u64 members = p->first[p->sets], n = p->elements + 1ull, most = largest_set(p);

	p->first_set = calloc(n, sizeof *p->first_set);
	p->set_of = malloc((members + 1) * sizeof *p->set_of);
	p->split = malloc((members + 1) * sizeof *p->split);
	p->score = malloc(n * sizeof *p->score);
	p->hold = malloc(most * sizeof *p->hold);
	p->sorted = malloc(most * sizeof *p->sorted);
	p->order = malloc(n * sizeof *p->order);
	p->spare = malloc(n * sizeof *p->spare);
	p->peeled = malloc(n * sizeof *p->peeled);
	p->mark = calloc(n, 1);
	if (!p->first_set || !p->set_of || !p->split || !p->score || !p->hold || !p->sorted ||
	    !p->order || !p->spare || !p->peeled || !p->mark)
		return -ENOMEM;
	turn(p);
	p->all = 0;
	for (u32 s = 0; s < p->sets; s++)
		p->all += p->weight[s];
	return 0;
}

void cut_close(struct cut_problem *p)
{
	void *const all[] = { p->first, p->members, p->weight, p->origin, p->first_set, p->set_of,
		p->split, p->score, p->hold, p->sorted, p->order, p->spare, p->peeled, p->mark };

	for (unsigned i = 0; i < COUNT(all); i++)
		free(all[i]);
	*p = (struct cut_problem){ 0 };
}

void cut_answer_free(struct cut_answer *a)
{
	free(a->set);
	free(a->tree);
	*a = (struct cut_answer){ 0 };
}

/* ---- order ---- */

/* One pass of a radix sort, stable, larger digits first. */
static void sort_digit(const u64 *score, const u32 *from, u32 *to, u32 n, unsigned shift)
{
	u32 at[1u << DIGIT] = { 0 }, sum = 0;
	const u64 mask = (1u << DIGIT) - 1;

	for (u32 i = 0; i < n; i++)
		at[score[from[i]] >> shift & mask]++;
	for (u32 d = 1u << DIGIT; d-- > 0;) {
		u32 count = at[d];

		at[d] = sum;
		sum += count;
	}
	for (u32 i = 0; i < n; i++)
		to[at[score[from[i]] >> shift & mask]++] = from[i];
}

void cut_sort(struct cut_problem *p, const u64 *score, u32 *order)
{
	u32 *from = order, *to = p->spare, *hold;
	u64 most = 0;

	must(order != p->spare);
	for (u32 i = 0; i < p->elements; i++) {
		order[i] = i;
		most |= score[i];
	}
	for (unsigned shift = 0; shift < 64 && most >> shift; shift += DIGIT) {
		sort_digit(score, from, to, p->elements, shift);
		hold = from;
		from = to;
		to = hold;
	}
	if (from != order)
		memcpy(order, from, p->elements * sizeof *order);
}

/* ---- bounds ---- */

u64 cut_falls(struct cut_problem *p, const u32 *elements, u32 count)
{
	u64 falls = 0;

	for (u32 i = 0; i < count; i++)
		p->mark[elements[i]] = 1;
	for (u32 s = 0; s < p->sets; s++) {
		u32 i = p->first[s], end = p->first[s + 1];

		while (i < end && p->mark[p->members[i]])
			i++;
		falls += i == end ? p->weight[s] : 0;
	}
	for (u32 i = 0; i < count; i++)
		p->mark[elements[i]] = 0;
	return falls;
}

/* How many elements are needed at least, by the split. */
static u32 from_below(struct cut_problem *p, u64 need)
{
	u64 sum = 0;
	u32 n = 0;

	cut_sort(p, p->score, p->order);
	while (n < p->elements && sum < need * CUT_UNIT)
		sum += p->score[p->order[n++]];
	return n;
}

/* Another answer of the search's: kept when it is a proof or a smaller set. */
static void keep(struct cut_answer *ret, struct cut_answer *found, int rc)
{
	if (rc == 1) {
		free(ret->set);
		ret->set = found->set;
		ret->count = found->count;
		ret->falls = found->falls;
		found->set = NULL;
	} else if (rc == 0) {
		free(ret->tree);
		ret->tree = found->tree;
		ret->tree_len = found->tree_len;
		ret->leaves = found->leaves;
		found->tree = NULL;
		ret->at_least++;
	}
	cut_answer_free(found);
}

int cut_solve(struct cut_problem *p, u64 need, struct cut_answer *ret)
{
	int rc;

	*ret = (struct cut_answer){ .need = need, .possible = p->all >= need };
	if (!ret->possible)
		return 0;
	must(need > 0);
	if ((ret->tree = calloc(1, sizeof *ret->tree)) == NULL)
		return -ENOMEM;
	ret->tree_len = 1;	/* a leaf: the split itself */
	ret->leaves = 1;
	ret->at_least = from_below(p, need);
	if ((rc = cut_above(p, need, ret)) < 0)
		return rc;
	while (ret->at_least < ret->count) {
		struct cut_answer found = { 0 };

		rc = cut_search(p, need, ret->at_least, &found);
		keep(ret, &found, rc);
		if (rc < 0)
			break;
	}
	return rc == -ENOMEM ? rc : 0;
}
