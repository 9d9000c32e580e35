/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut_above.c - small sets of elements whose loss takes down enough: the bound from above.
 *
 *   by score    the evenest split puts those first whose sets lie together
 *   by peeling  take away the element that holds least, again and again: what is left last
 *               holds most (Charikar)
 *   greedy      take what is missing to the set that brings the most an element; for
 *               problems that are not too large
 *
 * Of each order the shortest beginning that is enough is taken; then whatever is not needed
 * goes. The smallest of the three is the answer. */
#include "verify/sharing_cut.h"

#define PEEL_STEPS 8u	/* what peeling costs a member, about */
#define GREEDY_PART 4u	/* of the work that is left, the greedy choice may take one in so many */

struct peel {
	struct cut_problem *p;
	u64 *holds;		/* weight of the sets that are whole, of each element */
	u32 *heap, *place;	/* elements, the least first; where each is */
	u8 *broken;		/* of each set */
	u32 left;
};

/* ---- peeling ---- */

static bool less(const struct peel *h, u32 a, u32 b)
{
	return h->holds[a] != h->holds[b] ? h->holds[a] < h->holds[b] : a > b;
}

static void put(struct peel *h, u32 at, u32 element)
{
	h->heap[at] = element;
	h->place[element] = at;
}

static void sink(struct peel *h, u32 at)
{
	u32 element = h->heap[at], child;

	while ((child = 2 * at + 1) < h->left) {
		child += child + 1 < h->left && less(h, h->heap[child + 1], h->heap[child]);
		if (!less(h, h->heap[child], element))
			break;
		put(h, at, h->heap[child]);
		at = child;
	}
	put(h, at, element);
}

static void rise(struct peel *h, u32 at)
{
	u32 element = h->heap[at];

	while (at && less(h, element, h->heap[(at - 1) / 2])) {
		put(h, at, h->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(h, at, element);
}

static void break_sets(struct peel *h, u32 element)
{
	const struct cut_problem *p = h->p;

	for (u32 i = p->first_set[element]; i < p->first_set[element + 1]; i++) {
		u32 s = p->set_of[i];

		if (h->broken[s])
			continue;
		h->broken[s] = 1;
		for (u32 j = p->first[s]; j < p->first[s + 1]; j++) {
			u32 other = p->members[j];

			h->holds[other] -= p->weight[s];
			if (other != element)
				rise(h, h->place[other]);
		}
	}
}

static void run_peel(struct peel *h)
{
	struct cut_problem *p = h->p;

	for (u32 s = 0; s < p->sets; s++)
		for (u32 i = p->first[s]; i < p->first[s + 1]; i++)
			h->holds[p->members[i]] += p->weight[s];
	for (u32 e = 0; e < p->elements; e++)
		put(h, e, e);
	h->left = p->elements;
	for (u32 i = p->elements / 2; i-- > 0;)
		sink(h, i);
	while (h->left) {
		u32 element = h->heap[0];

		put(h, 0, h->heap[--h->left]);
		if (h->left)
			sink(h, 0);
		p->peeled[h->left] = element;	/* what goes first stands last */
		break_sets(h, element);
	}
}

static int peel(struct cut_problem *p)
{
	struct peel h = { .p = p };
	u64 n = p->elements + 1ull;
	int rc = 0;

	h.holds = calloc(n, sizeof *h.holds);
	h.heap = malloc(n * sizeof *h.heap);
	h.place = malloc(n * sizeof *h.place);
	h.broken = calloc(p->sets + 1ull, 1);
	if (h.holds && h.heap && h.place && h.broken)
		run_peel(&h);
	else
		rc = -ENOMEM;
	free(h.holds);
	free(h.heap);
	free(h.place);
	free(h.broken);
	return rc;
}

/* ---- orders ---- */

/* The shortest beginning of an order that is enough: its length. */
static int beginning(struct cut_problem *p, const u32 *order, u64 need, u32 *ret)
{
	u64 *at = calloc(p->elements + 1ull, sizeof *at), sum = 0;
	u32 n = 0;

	if (at == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < p->elements; i++)
		p->spare[order[i]] = i;
	for (u32 s = 0; s < p->sets; s++) {
		u32 last = 0;

		for (u32 i = p->first[s]; i < p->first[s + 1]; i++)
			last = (u32)max_u64(last, p->spare[p->members[i]]);
		at[last] += p->weight[s];
	}
	while (n < p->elements && sum < need)
		sum += at[n++];
	free(at);
	*ret = n;
	return 0;
}

/* How many members of each set are not among these elements. */
static void count_missing(const struct cut_problem *p, const u32 *set, u32 count, u32 *missing)
{
	for (u32 s = 0; s < p->sets; s++)
		missing[s] = p->first[s + 1] - p->first[s];
	for (u32 i = 0; i < count; i++)
		for (u32 j = p->first_set[set[i]]; j < p->first_set[set[i] + 1]; j++)
			missing[p->set_of[j]]--;
}

/* Drops what is not needed, the last first: 0 or -ENOMEM. */
static int drop(struct cut_problem *p, u32 *set, u32 *count, u64 need, u64 *falls)
{
	u32 *missing = malloc((p->sets + 1ull) * sizeof *missing), n = *count, kept = n;

	if (missing == NULL)
		return -ENOMEM;
	count_missing(p, set, n, missing);
	*falls = cut_falls(p, set, n);
	for (u32 i = n; i-- > 0;) {	/* what is kept moves to the end */
		u32 from = p->first_set[set[i]], end = p->first_set[set[i] + 1], it = set[i];
		u64 lose = 0;

		for (u32 j = from; j < end; j++)
			lose += missing[p->set_of[j]] == 0 ? p->weight[p->set_of[j]] : 0;
		if (*falls - lose < need) {
			set[--kept] = it;
			continue;
		}
		*falls -= lose;
		for (u32 j = from; j < end; j++)
			missing[p->set_of[j]]++;
	}
	memmove(set, set + kept, (n - kept) * sizeof *set);
	*count = n - kept;
	free(missing);
	return 0;
}

/* The better of what is there and the beginning of an order. */
static int take(struct cut_problem *p, const u32 *order, u32 n, u64 need, struct cut_answer *a)
{
	u32 *set = malloc((n + 1ull) * sizeof *set);
	u64 falls;
	int rc;

	if (set == NULL)
		return -ENOMEM;
	memcpy(set, order, n * sizeof *set);
	rc = drop(p, set, &n, need, &falls);
	if (rc < 0 || (a->set && a->count <= n)) {
		free(set);
		return rc;
	}
	free(a->set);
	a->set = set;
	a->count = n;
	a->falls = falls;
	return 0;
}

/* ---- greedy ---- */

struct greedy {
	struct cut_problem *p;
	u32 *missing;	/* of each set: elements that are not taken */
	u32 *hit;	/* of each set, while counting */
	u32 *touched;
	u32 *chosen, count;
	u64 falls, steps;
};

/* What falls beside what fell when all of the set's elements are taken. */
static u64 gain_of(struct greedy *g, u32 set)
{
	const struct cut_problem *p = g->p;
	u32 touched = 0;
	u64 gain = 0;

	for (u32 i = p->first[set]; i < p->first[set + 1]; i++) {
		u32 e = p->members[i];

		if (p->mark[e])
			continue;
		for (u32 j = p->first_set[e]; j < p->first_set[e + 1]; j++) {
			u32 s = p->set_of[j];

			if (g->hit[s]++ == 0)
				g->touched[touched++] = s;
			if (g->hit[s] == g->missing[s])
				gain += p->weight[s];
			g->steps++;
		}
	}
	for (u32 i = 0; i < touched; i++)
		g->hit[g->touched[i]] = 0;
	return gain;
}

static void choose(struct greedy *g, u32 set, u64 gain)
{
	const struct cut_problem *p = g->p;

	for (u32 i = p->first[set]; i < p->first[set + 1]; i++) {
		u32 e = p->members[i];

		if (p->mark[e])
			continue;
		p->mark[e] = 1;
		g->chosen[g->count++] = e;
		for (u32 j = p->first_set[e]; j < p->first_set[e + 1]; j++)
			g->missing[p->set_of[j]]--;
	}
	g->falls += gain;
}

/* The set that brings most an element; one that is enough beats all larger ones. */
static bool best(struct greedy *g, u64 need, u64 steps, u32 *ret, u64 *ret_gain)
{
	u64 best_gain = 0, best_size = 1;

	for (u32 s = 0; s < g->p->sets; s++) {
		u64 gain, size = g->missing[s];

		if (size == 0)
			continue;
		gain = gain_of(g, s);
		if (g->steps > steps)
			return false;
		if (g->falls + gain > need)
			gain = need - g->falls;		/* more is of no use */
		if (gain * best_size > best_gain * size) {
			best_gain = gain;
			best_size = size;
			*ret = s;
		}
	}
	*ret_gain = gain_of(g, *ret);
	return best_gain > 0;
}

static int greedy(struct cut_problem *p, u64 need, struct cut_answer *a)
{
	struct greedy g = { .p = p };
	u64 n = p->sets + 1ull, gain, steps = p->work / GREEDY_PART;
	u32 set = 0;
	int rc = 0;

	g.missing = malloc(n * sizeof *g.missing);
	g.hit = calloc(n, sizeof *g.hit);
	g.touched = malloc(n * sizeof *g.touched);
	g.chosen = malloc((p->elements + 1ull) * sizeof *g.chosen);
	if (!g.missing || !g.hit || !g.touched || !g.chosen)
		rc = -ENOMEM;
	for (u32 s = 0; s < p->sets && rc == 0; s++)
		g.missing[s] = p->first[s + 1] - p->first[s];
	while (rc == 0 && g.falls < need && g.count < a->count &&
	       best(&g, need, steps, &set, &gain))
		choose(&g, set, gain);
	for (u32 i = 0; i < g.count; i++)
		p->mark[g.chosen[i]] = 0;
	p->work -= min_u64(p->work, g.steps);
	if (rc == 0 && g.falls >= need)
		rc = take(p, g.chosen, g.count, need, a);
	free(g.missing);
	free(g.hit);
	free(g.touched);
	free(g.chosen);
	return rc;
}

int cut_above(struct cut_problem *p, u64 need, struct cut_answer *a)
{
	u32 n;
	int rc;

	cut_sort(p, p->score, p->order);
	rc = beginning(p, p->order, need, &n);
	if (rc == 0)
		rc = take(p, p->order, n, need, a);
	if (rc == 0 && !p->has_peeled && p->work / PEEL_STEPS > p->first[p->sets]) {
		p->work -= (u64)p->first[p->sets] * PEEL_STEPS;
		rc = peel(p);
		p->has_peeled = rc == 0;
	}
	if (rc == 0 && p->has_peeled)
		rc = beginning(p, p->peeled, need, &n);
	if (rc == 0 && p->has_peeled)
		rc = take(p, p->peeled, n, need, a);
	return rc ? rc : greedy(p, need, a);
}
