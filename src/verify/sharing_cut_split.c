/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut_split.c - weights of sets split over their elements as evenly as can be.
 *
 *   scores   7 |        # . .          a set {1 2 3} of weight 6, taken out and poured in again:
 *            5 |        # . #          its water fills the lowest of its elements first
 *            2 |        # # #
 *
 * Pouring set after set (Gauss and Seidel) comes to the split whose sorted scores nobody can
 * make more even. For every n it has the least sum of the n largest, which is the best bound
 * that splits can give. */
#include "verify/sharing_cut.h"

#define SWEEPS_MAX 200u
#define FEW 32u

static int by_size(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void sort_up(u64 *at, u32 n)
{
	if (n > FEW) {
		qsort(at, n, sizeof *at, by_size);
		return;
	}
	for (u32 i = 1; i < n; i++) {
		u64 it = at[i];
		u32 j = i;

		for (; j && at[j - 1] > it; j--)
			at[j] = at[j - 1];
		at[j] = it;
	}
}

/* Pours `total` over n elements on top of the heights hold[]: the level, and what is left
 * over below it. */
static u64 level_of(struct cut_problem *p, u32 n, u64 total, u64 *left)
{
	u64 sum = total, level = 0;
	u32 k = 0;

	memcpy(p->sorted, p->hold, n * sizeof *p->sorted);
	sort_up(p->sorted, n);
	do {
		sum += p->sorted[k++];
		level = sum / k;
	} while (k < n && level > p->sorted[k]);
	*left = sum - level * k;
	return level;
}

/* Pours a set anew over `n` of its elements; split[at[i]] is the part of element[i], or
 * split[i] when at is NULL. What moved. */
static u64 pour(struct cut_problem *p, const u32 *element, u32 n, u64 *split, u64 total,
		u64 *score)
{
	u64 left, level, moved = 0;

	for (u32 i = 0; i < n; i++)
		p->hold[i] = score[element[i]] - split[i];
	level = level_of(p, n, total, &left);
	for (u32 i = 0; i < n; i++) {
		u64 part = level > p->hold[i] ? level - p->hold[i] : 0;

		if (p->hold[i] <= level) {
			part += left;
			left = 0;
		}
		moved += part > split[i] ? part - split[i] : 0;
		split[i] = part;
		score[element[i]] = p->hold[i] + part;
	}
	return moved;
}

static void split_equally(struct cut_problem *p)
{
	u64 *split = p->split;

	memset(p->score, 0, p->elements * sizeof *p->score);
	for (u32 s = 0, k = 0; s < p->sets; s++) {
		u32 first = p->first[s], n = p->first[s + 1] - first;
		u64 total = (u64)p->weight[s] * CUT_UNIT;
		bool mixed = k < p->mixed_count && p->mixed[k] == s;

		for (u32 i = 0; i < n; i++) {
			u64 part = cut_equal(total, n, i);

			p->score[p->members[first + i]] += part;
			if (mixed)
				*split++ = part;
		}
		k += mixed;
	}
}

void cut_spread(struct cut_problem *p)
{
	u64 moved, enough = p->all * CUT_UNIT / 1000000, members = p->first[p->sets];
	const u64 leave = p->work / 2;

	split_equally(p);
	for (u32 round = 0; round < SWEEPS_MAX && p->work >= leave + members; round++) {
		u64 *split = p->split;

		moved = 0;
		for (u32 k = 0; k < p->mixed_count; k++) {
			u32 s = p->mixed[k], first = p->first[s], n = p->first[s + 1] - first;

			if (n > 1)
				moved += pour(p, p->members + first, n, split,
					      (u64)p->weight[s] * CUT_UNIT, p->score);
			split += n;
		}
		p->work -= members;
		if (moved <= enough)
			break;
	}
}

/* ---- in a branch ---- */

/* The elements of a set that are not lost into b->rest: how many. */
static u32 rest_of(const struct cut_problem *p, struct cut_branch *b, u32 s)
{
	u32 n = 0;

	for (u32 i = p->first[s]; i < p->first[s + 1]; i++)
		if (!b->lost[p->members[i]])
			b->rest[n++] = p->members[i];
	return n;
}

/* The parts of those that are not lost into split[]; root: those of all, NULL: equal ones. */
static void restrict_set(const struct cut_problem *p, struct cut_branch *b, u32 s,
			 const u64 *root, u64 *split)
{
	u64 total = (u64)p->weight[s] * CUT_UNIT, kept = 0, more;
	u32 first = p->first[s], all = p->first[s + 1] - first, n = 0;

	for (u32 i = 0; i < all; i++) {
		if (b->lost[p->members[first + i]])
			continue;
		b->rest[n] = p->members[first + i];
		split[n] = root ? root[i] : cut_equal(total, all, i);
		kept += split[n++];
	}
	if (n == 0) {
		b->base += p->weight[s];
		return;
	}
	more = total - kept;
	for (u32 i = 0; i < n; i++) {
		split[i] += more / n + (i == 0 ? more % n : 0);
		b->score[b->rest[i]] += split[i];
	}
}

static void fill_set(struct cut_problem *p, struct cut_branch *b, u32 s, u64 *split)
{
	u32 n = b->kept[s] ? 0 : rest_of(p, b, s);

	if (n > 1)
		pour(p, b->rest, n, split, (u64)p->weight[s] * CUT_UNIT, b->score);
}

/* A set that stands alone and of which something was decided. */
static void restrict_alone(struct cut_problem *p, struct cut_branch *b, u32 s)
{
	for (u32 i = p->first[s]; i < p->first[s + 1]; i++)
		b->score[p->members[i]] = 0;
	if (b->kept[s] == 0)
		restrict_set(p, b, s, NULL, b->split);
	for (u32 round = 0; round < CUT_SWEEPS; round++)
		fill_set(p, b, s, b->split);
}

static bool stands_alone(const struct cut_problem *p, u32 s)
{
	for (u32 i = p->first[s]; i < p->first[s + 1]; i++)
		if (p->first_set[p->members[i] + 1] - p->first_set[p->members[i]] > 1)
			return false;
	return true;
}

static u32 size_of(const struct cut_problem *p, u32 s)
{
	return p->first[s + 1] - p->first[s];
}

void cut_restrict(struct cut_problem *p, struct cut_branch *b)
{
	const u64 *root = p->split;
	u64 *split = b->split;
	u32 size;

	b->base = 0;
	memcpy(b->score, p->score, p->elements * sizeof *b->score);
	for (u32 i = 0; i < b->decided_count; i++) {
		u32 s = p->set_of[p->first_set[b->decided[i]]];

		if (p->hit[s] || !stands_alone(p, s))
			continue;
		p->hit[s] = 1;
		restrict_alone(p, b, s);
	}
	for (u32 i = 0; i < b->decided_count; i++)
		p->hit[p->set_of[p->first_set[b->decided[i]]]] = 0;
	for (u32 k = 0; k < p->mixed_count; k++)
		for (u32 i = p->first[p->mixed[k]]; i < p->first[p->mixed[k] + 1]; i++)
			b->score[p->members[i]] = 0;
	for (u32 k = 0; k < p->mixed_count; split += size, root += size, k++) {
		size = size_of(p, p->mixed[k]);
		if (b->kept[p->mixed[k]] == 0)
			restrict_set(p, b, p->mixed[k], root, split);
	}
	for (u32 round = 0; round < CUT_SWEEPS; round++) {
		split = b->split;
		for (u32 k = 0; k < p->mixed_count; split += size_of(p, p->mixed[k++]))
			fill_set(p, b, p->mixed[k], split);
	}
}
