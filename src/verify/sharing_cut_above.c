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
#define LEVELS 3u
#define GREEDY_PART 4u	/* of the work that is left, the greedy choice may take one in so many */

struct low {		/* a set of elements, the highest found at once: bits, and of */
	u64 *bit[LEVELS];	/* 64 of them one on the next level */
	u32 count;
};

struct peel {
	struct cut_problem *p;
	u32 *holds;		/* weight of the sets that are whole, of each element */
	struct low low[CUT_LOW];	/* those that hold less than CUT_LOW, by what they hold */
	u32 *heap, *place;	/* the others, the least first; where each is */
	u8 *broken;		/* of each set */
	u32 left;		/* in the heap */
};

/* ---- few values, many elements ---- */

static void low_put(struct low *l, u32 e)
{
	l->count++;
	for (unsigned i = 0; i < LEVELS; i++, e >>= 6)
		l->bit[i][e >> 6] |= 1ull << (e & 63);
}

static void low_drop(struct low *l, u32 e)
{
	l->count--;
	for (unsigned i = 0; i < LEVELS; i++, e >>= 6) {
		l->bit[i][e >> 6] &= ~(1ull << (e & 63));
		if (l->bit[i][e >> 6])
			return;
	}
}

/* The highest; there is one. */
static u32 low_last(const struct low *l, u32 elements)
{
	u32 at = (elements - 1) >> 6 * LEVELS;

	while (l->bit[LEVELS - 1][at] == 0)
		at--;
	for (unsigned i = LEVELS; i-- > 0;)
		at = at << 6 | (63 - (u32)__builtin_clzll(l->bit[i][at]));
	return at;
}

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

/* An element holds less by so much. */
static void lower(struct peel *h, u32 element, u32 by)
{
	u32 had = h->holds[element], has = had - by, at;

	h->holds[element] = has;
	if (had < CUT_LOW)
		low_drop(&h->low[had], element);
	if (had >= CUT_LOW && has >= CUT_LOW) {
		rise(h, h->place[element]);
		return;
	}
	if (had >= CUT_LOW) {	/* it leaves the heap by its top */
		for (at = h->place[element]; at; at = (at - 1) / 2)
			put(h, at, h->heap[(at - 1) / 2]);
		put(h, 0, h->heap[--h->left]);
		if (h->left)
			sink(h, 0);
	}
	low_put(&h->low[has], element);
}

/* The element that holds least (of equal ones the highest number), taken away. */
static u32 pop(struct peel *h)
{
	u32 e;

	for (unsigned i = 0; i < CUT_LOW; i++)
		if (h->low[i].count) {
			e = low_last(&h->low[i], h->p->elements);
			low_drop(&h->low[i], e);
			return e;
		}
	e = h->heap[0];
	put(h, 0, h->heap[--h->left]);
	if (h->left)
		sink(h, 0);
	return e;
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
			if (p->members[j] != element)
				lower(h, p->members[j], p->weight[s]);
		}
	}
}

static void peel_room(struct peel *h)
{
	const struct cut_problem *p = h->p;
	u8 *at = p->room;

	h->holds = cut_take(&at, p->elements * sizeof *h->holds);
	h->broken = cut_take(&at, p->sets);
	for (unsigned k = 0; k < CUT_LOW; k++)
		for (unsigned i = 0; i < LEVELS; i++)
			h->low[k].bit[i] = cut_take(&at, ((p->elements >> 6 * (i + 1)) + 1) * 8);
	memset(p->room, 0, (size_t)(at - p->room));
	h->heap = cut_take(&at, p->elements * sizeof *h->heap);
	h->place = cut_take(&at, p->elements * sizeof *h->place);
}

static void peel(struct cut_problem *p)
{
	struct peel h = { .p = p };

	peel_room(&h);
	for (u32 s = 0; s < p->sets; s++)
		for (u32 i = p->first[s]; i < p->first[s + 1]; i++)
			h.holds[p->members[i]] += p->weight[s];
	for (u32 e = 0; e < p->elements; e++)
		if (h.holds[e] < CUT_LOW)
			low_put(&h.low[h.holds[e]], e);
		else
			put(&h, h.left++, e);
	for (u32 i = h.left / 2; i-- > 0;)
		sink(&h, i);
	for (u32 left = p->elements; left-- > 0;) {
		p->peeled[left] = pop(&h);	/* what goes first stands last */
		break_sets(&h, p->peeled[left]);
	}
}

/* ---- orders ---- */

/* The shortest beginning of the first `ready` of an order that is enough: its length, or 0. */
static u32 beginning(struct cut_problem *p, const u32 *order, u32 ready, u64 need)
{
	u64 sum = 0;
	u32 n = 0;

	for (; n < ready && sum < need; n++)
		for (u32 j = p->first_set[order[n]]; j < p->first_set[order[n] + 1]; j++) {
			u32 s = p->set_of[j];

			if (++p->hit[s] == p->first[s + 1] - p->first[s])
				sum += p->weight[s];
		}
	for (u32 i = 0; i < n; i++)
		for (u32 j = p->first_set[order[i]]; j < p->first_set[order[i] + 1]; j++)
			p->hit[p->set_of[j]] = 0;
	return sum < need ? 0 : n;
}

/* Drops what is not needed, the last first. */
static void drop(struct cut_problem *p, u32 *set, u32 *count, u64 need, u64 *falls)
{
	u32 n = *count, kept = n, *hit = p->hit;

	*falls = cut_falls(p, set, n);
	for (u32 i = 0; i < n; i++)
		for (u32 j = p->first_set[set[i]]; j < p->first_set[set[i] + 1]; j++)
			hit[p->set_of[j]]++;
	for (u32 i = n; i-- > 0;) {	/* what is kept moves to the end */
		u32 from = p->first_set[set[i]], end = p->first_set[set[i] + 1], it = set[i];
		u64 lose = 0;

		for (u32 j = from; j < end; j++) {
			u32 s = p->set_of[j];

			lose += hit[s] == p->first[s + 1] - p->first[s] ? p->weight[s] : 0;
		}
		if (*falls - lose < need) {
			set[--kept] = it;
			continue;
		}
		*falls -= lose;
		for (u32 j = from; j < end; j++)
			hit[p->set_of[j]]--;
	}
	for (u32 i = kept; i < n; i++)
		for (u32 j = p->first_set[set[i]]; j < p->first_set[set[i] + 1]; j++)
			hit[p->set_of[j]] = 0;
	memmove(set, set + kept, (n - kept) * sizeof *set);
	*count = n - kept;
}

/* The better of what is there and the beginning of an order. */
static int take(struct cut_problem *p, const u32 *order, u32 n, u64 need, struct cut_answer *a)
{
	u32 *set = malloc((n + 1ull) * sizeof *set);
	u64 falls;

	if (set == NULL)
		return -ENOMEM;
	memcpy(set, order, n * sizeof *set);
	drop(p, set, &n, need, &falls);
	if (a->set && a->count <= n) {
		free(set);
		return 0;
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
	struct greedy g = { .p = p, .hit = p->hit };
	u64 gain, steps = p->work / GREEDY_PART;
	u8 *at = p->room;
	u32 set = 0;

	g.missing = cut_take(&at, p->sets * sizeof *g.missing);
	g.touched = cut_take(&at, p->sets * sizeof *g.touched);
	g.chosen = cut_take(&at, p->elements * sizeof *g.chosen);
	for (u32 s = 0; s < p->sets; s++)
		g.missing[s] = p->first[s + 1] - p->first[s];
	while (g.falls < need && g.count < a->count && best(&g, need, steps, &set, &gain))
		choose(&g, set, gain);
	for (u32 i = 0; i < g.count; i++)
		p->mark[g.chosen[i]] = 0;
	p->work -= min_u64(p->work, g.steps);
	return g.falls >= need ? take(p, g.chosen, g.count, need, a) : 0;
}

/* The shortest beginning by score. */
static int by_score(struct cut_problem *p, u64 need, struct cut_answer *a)
{
	u32 n, ready, want = CUT_TOP;

	do {
		ready = cut_top(p, p->score, want);
		want *= CUT_MORE;
		n = beginning(p, p->order, ready, need);
	} while (n == 0 && ready < p->elements);
	return take(p, p->order, n, need, a);
}

int cut_above(struct cut_problem *p, u64 need, struct cut_answer *a)
{
	int rc = by_score(p, need, a);

	if (rc == 0 && !p->has_peeled && p->work / PEEL_STEPS > p->first[p->sets]) {
		p->work -= (u64)p->first[p->sets] * PEEL_STEPS;
		peel(p);
		p->has_peeled = true;
	}
	if (rc == 0 && p->has_peeled)
		rc = take(p, p->peeled, beginning(p, p->peeled, p->elements, need), need, a);
	return rc ? rc : greedy(p, need, a);
}
