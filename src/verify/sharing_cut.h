/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut.h - the smallest sets of elements whose loss takes down enough weight, and
 * proofs that no smaller one does.
 *
 *   sets with weights   {1 2} 5   {2} 3   {2 3 4} 1
 *   a set falls when all its elements are lost; need = the weight that has to fall
 *
 * Finding the smallest is hard (it holds densest-k-subgraph), so two bounds close in on it:
 *
 *   from above  orders of the elements of which each beginning is tried, and a greedy choice
 *               of what is missing to sets                            sharing_cut_above.c
 *   from below  each set's weight is split over its elements. Whatever the split, what falls
 *               with X is at most the sum of its elements' scores: so when the n largest
 *               scores together are below need, n elements do not suffice. The evenest split
 *               (filled like water: each set onto its lowest elements, again and again) makes
 *               the bound that of linear programming            sharing_cut_split.c
 *   between     branch and bound: some elements T are lost all, or not all (then no set that
 *               holds T falls); the root's split, restricted, bounds each branch
 *                                                               sharing_cut_branch.c
 *
 * All is done in whole numbers (a unit of weight is CUT_UNIT), so a proof is a proof; it can
 * be written out and checked by another program (sharing_cut_proof.c, tools/check-cut).
 *
 * Most sets of a zone stand alone: no element of theirs is in another (a delegation that
 * serves itself). Such a set's equal split is its evenest whatever happens elsewhere, so
 * filling looks at the mixed ones only.
 *
 * Cost: a step is a look at a member of a set (of all sets, also those that are not looked
 * at); `work` bounds the steps. Memory: one piece, of which is used what is needed: some 26
 * octets an element, 12 a set, 4 to 8 a member, 8 to 20 more a member of a mixed set. */
#pragma once
#include "base/base.h"

#define CUT_UNIT 10000u		/* what a weight of 1 is in splits and scores */
#define CUT_SWEEPS 2u		/* of a branch: rounds of filling */
#define CUT_MEMBERS_MAX (1u << 23)

struct cut_problem {
	u32 sets, elements;
	u32 *first;		/* of each set and one more: into members[] */
	u32 *members;		/* ascending in each set */
	u32 *weight;		/* of each set, above 0 */
	u32 *origin;		/* of each element: its number outside; NULL: the same one */
	u32 *first_set, *set_of;	/* of each element: the sets that it is in */
	u64 all;		/* the sum of weights */
	u64 work;		/* steps that may still be taken */
	u64 *split;		/* of the members of mixed sets, one set after the other: their
				 * parts of its weight; those of others are equal (cut_equal) */
	u64 *score;		/* of each element: the sum of its parts */
	u32 *mixed, mixed_count;	/* sets that share an element with another */
	u64 *hold, *sorted;	/* room for the largest set, twice */
	u32 *order, *spare;	/* room for a number an element, twice */
	u32 *peeled;		/* elements, those first that hold most together */
	bool has_peeled;
	u8 *mark;		/* of each element: room, zeroed between uses */
	u32 *hit;		/* of each set: the same */
	u8 *room;		/* for one step at a time; of cut_rooms() octets */
	void *block;		/* all of it */
	u64 octets;
};

struct cut_answer {
	u64 need;
	bool possible;		/* all sets together weigh enough */
	u32 *set, count;	/* the elements found */
	u64 falls;		/* with them */
	u32 at_least;		/* so many are needed: proven */
	/* The proof: 0 = a leaf; n > 0: n elements follow, then the branch in which all of
	 * them are lost, then the one in which not all are. */
	u32 *tree, tree_len;
	u64 leaves;
};

/* Memory for so many; first, members, weight and origin are then filled by the caller (first
 * and weight are zero before), or members and origin pointed at what the caller has. An element
 * that is in no set is never chosen. 0 or -ENOMEM; cut_close() in any case. */
int cut_make(struct cut_problem *p, u32 sets, u32 members, u32 elements);
/* Makes the rest of what the caller filled. */
void cut_open(struct cut_problem *p);
void cut_close(struct cut_problem *p);	/* takes zeroed ones */
/* The smallest set for a need above 0, within the work: 0 or -ENOMEM; cut_answer_free(). */
int cut_solve(struct cut_problem *p, u64 need, struct cut_answer *ret);
void cut_answer_free(struct cut_answer *a);
/* Weight of the sets that lie inside of these elements. */
u64 cut_falls(struct cut_problem *p, const u32 *elements, u32 count);

static inline u32 cut_origin(const struct cut_problem *p, u32 element)
{
	return p->origin ? p->origin[element] : element;
}
/* The i-th of n equal parts. */
static inline u64 cut_equal(u64 total, u32 n, u32 i)
{
	return total / n + (i == 0 ? total % n : 0);
}

/* ---- for the files of this part ---- */

/* Fills order[] with the elements by falling score (of equal ones the lower number first). */
void cut_sort(struct cut_problem *p, const u64 *score, u32 *order);
/* The same, in p->order, for the first n of them at least: how many are in place. */
u32 cut_top(struct cut_problem *p, const u64 *score, u32 n);
#define CUT_LOW 16u	/* peeling: what holds less is kept by its number */
#define CUT_TOP 256u	/* what to ask for first when it is not known; then CUT_MORE times it */
#define CUT_MORE 8u
/* A piece of n octets of p->room; *at moves on. */
static inline void *cut_take(u8 **at, u64 n)
{
	u8 *it = *at;

	*at += (n + 63) & ~63ull;
	return it;
}
/* The evenest split, as far as the work goes. */
void cut_spread(struct cut_problem *p);
/* A small set from above: *a gets set, count and falls. 0 or -ENOMEM. */
int cut_above(struct cut_problem *p, u64 need, struct cut_answer *a);

struct cut_branch {	/* what is decided */
	u8 *lost;	/* of each element: it is lost */
	u32 lost_count;
	u32 *kept;	/* of each set: decisions by which it does not fall */
	u64 *split;	/* of the members of mixed sets, one set after the other */
	u64 *score;
	u32 *rest;	/* room for the largest set */
	u64 base;	/* weight that falls with what is lost */
	const u32 *decided;	/* the elements of all decisions */
	u32 decided_count;
};
/* The split of what is not decided, by a fixed rule: the root's, what was on lost elements in
 * equal parts on the others (the first takes the rest), then CUT_SWEEPS fillings. */
void cut_restrict(struct cut_problem *p, struct cut_branch *b);
/* Is there a set of `most` elements at most for this need? 1 and it in *a (set, count, falls);
 * 0 and a proof that there is none in *a (tree); -ENOMEM; OOPS_LIMIT when the work was not
 * enough. */
int cut_search(struct cut_problem *p, u64 need, u32 most, struct cut_answer *a);
