/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut.c - the frame of sharing_cut.h: memory, order, and how the two bounds meet.
 *
 * The bound from below is raised one by one: each step asks the search whether so many
 * elements are enough. The first yes is the answer, and each no a proof. */
#include "verify/sharing_cut.h"
#include "base/pages.h"

#define DIGIT 11u	/* bits of a score that are sorted at once */

/* ---- memory ---- */

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

/* What the steps need at most: peeling, greedy choice, search. */
static u64 rooms(u64 sets, u64 members, u64 elements)
{
	u64 peel = elements * 12 + sets + (elements / 4 + 64) * CUT_LOW;
	u64 greedy = sets * 8 + elements * 4;
	u64 search = elements * 9 + sets * 4 + members * 12;

	return max_u64(max_u64(peel, greedy), search) + 4096;
}

int cut_make(struct cut_problem *p, u32 sets, u32 members, u32 elements)
{
	u64 s = sets + 1ull, m = members + 1ull, e = elements + 1ull;
	u64 octets = s * 16 + m * 32 + e * 29 + rooms(s, m, e) + 16 * 64;
	u8 *at = p->block = pages_get(octets);

	if (at == NULL)
		return -ENOMEM;
	p->octets = octets;
	p->sets = sets;
	p->elements = elements;
	p->first = cut_take(&at, s * 4);
	p->weight = cut_take(&at, s * 4);
	p->mixed = cut_take(&at, s * 4);
	p->hit = cut_take(&at, s * 4);
	p->members = cut_take(&at, m * 4);
	p->set_of = cut_take(&at, m * 4);
	p->split = cut_take(&at, m * 8);
	p->hold = cut_take(&at, m * 8);		/* as far as the largest set goes */
	p->sorted = cut_take(&at, m * 8);
	p->score = cut_take(&at, e * 8);
	p->origin = cut_take(&at, e * 4);
	p->first_set = cut_take(&at, e * 4);
	p->order = cut_take(&at, e * 4);
	p->spare = cut_take(&at, e * 4);
	p->peeled = cut_take(&at, e * 4);
	p->mark = cut_take(&at, e);
	p->room = at;
	return 0;
}

/* Sets with an element that is in another one, too. */
static void list_mixed(struct cut_problem *p)
{
	for (u32 s = 0; s < p->sets; s++)
		for (u32 i = p->first[s]; i < p->first[s + 1]; i++) {
			u32 e = p->members[i];

			if (p->first_set[e + 1] - p->first_set[e] == 1)
				continue;
			p->mixed[p->mixed_count++] = s;
			break;
		}
}

void cut_open(struct cut_problem *p)
{
	turn(p);
	list_mixed(p);
	p->all = 0;
	for (u32 s = 0; s < p->sets; s++)
		p->all += p->weight[s];
}

void cut_close(struct cut_problem *p)
{
	pages_put(p->block, p->octets);
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

static bool worse(const u64 *score, u32 a, u32 b)
{
	return score[a] != score[b] ? score[a] < score[b] : a > b;
}

/* Element `it` into a heap of n with the worst on top, from place `at` down. */
static void sift(const u64 *score, u32 *heap, u32 n, u32 at, u32 it)
{
	u32 child;

	while ((child = 2 * at + 1) < n) {
		child += child + 1 < n && worse(score, heap[child + 1], heap[child]);
		if (!worse(score, heap[child], it))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = it;
}

u32 cut_top(struct cut_problem *p, const u64 *score, u32 n)
{
	u32 *heap = p->order;

	if (n > p->elements / 16) {
		cut_sort(p, score, p->order);
		return p->elements;
	}
	for (u32 i = 0; i < n; i++)
		heap[i] = i;
	for (u32 i = n / 2; i-- > 0;)
		sift(score, heap, n, i, heap[i]);
	for (u32 e = n; e < p->elements && n; e++)
		if (score[e] > score[heap[0]])
			sift(score, heap, n, 0, e);
	for (u32 i = n; i-- > 1;) {	/* the worst to the end */
		u32 it = heap[i];

		heap[i] = heap[0];
		sift(score, heap, i, 0, it);
	}
	return n;
}

/* ---- bounds ---- */

u64 cut_falls(struct cut_problem *p, const u32 *elements, u32 count)
{
	u64 falls = 0;

	for (u32 i = 0; i < count; i++)
		for (u32 j = p->first_set[elements[i]]; j < p->first_set[elements[i] + 1]; j++) {
			u32 s = p->set_of[j];

			if (++p->hit[s] == p->first[s + 1] - p->first[s])
				falls += p->weight[s];
		}
	for (u32 i = 0; i < count; i++)
		for (u32 j = p->first_set[elements[i]]; j < p->first_set[elements[i] + 1]; j++)
			p->hit[p->set_of[j]] = 0;
	return falls;
}

/* How many elements are needed at least, by the split. */
static u32 from_below(struct cut_problem *p, u64 need)
{
	u64 sum;
	u32 n, ready, want = CUT_TOP;

	do {
		ready = cut_top(p, p->score, want);
		want *= CUT_MORE;
		for (sum = n = 0; n < ready && sum < need * CUT_UNIT; n++)
			sum += p->score[p->order[n]];
	} while (sum < need * CUT_UNIT && ready < p->elements);
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
