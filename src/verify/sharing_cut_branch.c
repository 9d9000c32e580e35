/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut_branch.c - branch and bound over what is lost; see sharing_cut.h.
 *
 *               {7 9} all lost?
 *              yes /       \ no: no set that holds 7 and 9 falls
 *          {4} lost?        bound below need: a leaf
 *           /     \
 *
 * Elements that are in the same sets (servers of one operator under one name) are decided
 * together: to lose some of them is to lose none. Only the decisions are kept on the way down,
 * so a branch costs its split and the memory one for all. */
#include "verify/sharing_cut.h"
#include "base/hash.h"

#define DEPTH_MAX 2000u

struct search {
	struct cut_problem *p;
	struct cut_branch b;
	struct cut_answer *a;
	u64 need;
	u32 most;
	u32 tree_room;
	u32 *stack, stack_len, stack_room;	/* decided elements on the way down */
};

static int push(u32 **at, u32 *len, u32 *room, u32 number)
{
	if (*len == *room) {
		u32 more = *room ? *room * 2 : 256;
		void *new = realloc(*at, more * sizeof **at);

		if (new == NULL)
			return -ENOMEM;
		*at = new;
		*room = more;
	}
	(*at)[(*len)++] = number;
	return 0;
}

static int say(struct search *s, u32 number)
{
	return push(&s->a->tree, &s->a->tree_len, &s->tree_room, number);
}

static int leaf(struct search *s)
{
	s->a->leaves++;
	return say(s, 0);
}

/* What is lost and the best of the others: 1 when that is enough. */
static int try(struct search *s, u32 left)
{
	struct cut_problem *p = s->p;
	u32 n = 0;

	for (u32 e = 0; e < p->elements; e++)
		if (s->b.lost[e])
			p->spare[n++] = e;
	for (u32 i = 0; i < left && i < p->elements && s->b.score[p->order[i]]; i++)
		p->spare[n++] = p->order[i];
	s->a->falls = cut_falls(p, p->spare, n);
	if (s->a->falls < s->need)
		return 0;
	s->a->set = malloc((n + 1ull) * sizeof *s->a->set);
	if (s->a->set == NULL)
		return -ENOMEM;
	memcpy(s->a->set, p->spare, n * sizeof *s->a->set);
	s->a->count = n;
	return 1;
}

/* A hash of the sets that an element is in. */
static u64 twin_of(const struct cut_problem *p, u32 e)
{
	u64 sum = 0;

	for (u32 i = p->first_set[e]; i < p->first_set[e + 1]; i++)
		sum += hash_u64(1, p->set_of[i]);
	return sum;
}

/* The element of the highest score and its twins onto the stack: how many. */
static int choose(struct search *s)
{
	const struct cut_problem *p = s->p;
	u32 e = p->order[0], set = p->set_of[p->first_set[e]], before = s->stack_len;
	const u64 twin = twin_of(p, e);
	int rc = 0;

	for (u32 i = p->first[set]; i < p->first[set + 1] && rc == 0; i++)
		if (!s->b.lost[p->members[i]] && twin_of(p, p->members[i]) == twin)
			rc = push(&s->stack, &s->stack_len, &s->stack_room, p->members[i]);
	return rc < 0 ? rc : (int)(s->stack_len - before);
}

static void set_lost(struct search *s, u32 from, u32 n, bool lost)
{
	for (u32 i = from; i < from + n; i++)
		s->b.lost[s->stack[i]] = lost;
	s->b.lost_count += lost ? n : -n;
}

/* Sets that hold all n elements do not fall (by = 1), or that is taken back (by = -1). */
static void set_kept(struct search *s, u32 from, u32 n, int by)
{
	const struct cut_problem *p = s->p;
	u32 e = s->stack[from];

	for (u32 i = p->first_set[e]; i < p->first_set[e + 1]; i++) {
		const u32 *members = p->members + p->first[p->set_of[i]];
		u32 size = p->first[p->set_of[i] + 1] - p->first[p->set_of[i]], held = 0;

		for (u32 j = 0; j < size && held < n; j++)	/* both ascend */
			held += members[j] == s->stack[from + held];
		if (held == n)
			s->b.kept[p->set_of[i]] += (u32)by;
	}
}

static int node(struct search *s, u32 depth);

static int divide(struct search *s, u32 depth)
{
	u32 from = s->stack_len;
	int n = choose(s), rc = n < 0 ? n : say(s, (u32)n);

	for (int i = 0; i < n && rc == 0; i++)
		rc = say(s, s->stack[from + (u32)i]);
	if (rc < 0)
		return rc;
	set_lost(s, from, (u32)n, true);
	rc = node(s, depth + 1);
	set_lost(s, from, (u32)n, false);
	if (rc == 0) {
		set_kept(s, from, (u32)n, 1);
		rc = node(s, depth + 1);
		set_kept(s, from, (u32)n, -1);
	}
	s->stack_len = from;
	return rc;
}

/* 0: nothing below here is enough, and the tree shows it. 1: found. */
static int node(struct search *s, u32 depth)
{
	struct cut_problem *p = s->p;
	u64 cost = (u64)p->first[p->sets] * (1 + CUT_SWEEPS), bound = 0;
	u32 left;
	int rc;

	if (s->b.lost_count > s->most)
		return leaf(s);
	left = s->most - s->b.lost_count;
	if (p->work < cost || depth == DEPTH_MAX)
		return OOPS_LIMIT;
	p->work -= cost;
	s->b.decided = s->stack;
	s->b.decided_count = s->stack_len;
	cut_restrict(p, &s->b);
	cut_top(p, s->b.score, max_u64(left, 1));
	for (u32 i = 0; i < left && i < p->elements; i++)
		bound += s->b.score[p->order[i]];
	if (s->b.base * CUT_UNIT + bound < s->need * CUT_UNIT)
		return leaf(s);
	if ((rc = try(s, left)) != 0)
		return rc;
	return divide(s, depth);
}

static void open_search(struct search *s)
{
	const struct cut_problem *p = s->p;
	u8 *at = p->room;

	s->b.score = cut_take(&at, p->elements * sizeof *s->b.score);
	s->b.split = cut_take(&at, p->first[p->sets] * sizeof *s->b.split);
	s->b.rest = cut_take(&at, p->first[p->sets] * sizeof *s->b.rest);
	s->b.kept = cut_take(&at, p->sets * sizeof *s->b.kept);
	s->b.lost = cut_take(&at, p->elements * sizeof *s->b.lost);
	memset(s->b.kept, 0, p->sets * sizeof *s->b.kept);
	memset(s->b.lost, 0, p->elements * sizeof *s->b.lost);
}

int cut_search(struct cut_problem *p, u64 need, u32 most, struct cut_answer *a)
{
	struct search s = { .p = p, .a = a, .need = need, .most = most };
	int rc;

	open_search(&s);
	rc = node(&s, 0);
	free(s.stack);
	return rc;
}
