/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_page.c - what comes first: ranks, cursors, and the page of an answer; see sieve.h.
 *
 * The page is a heap of the first so many findings so far, the last of them on top. Of a block
 * the first part of each rank is compared with that of the top before anything else is looked
 * at; and since later findings stand behind in the columns, and the walk begins there, the
 * page of most orders is full of the right ones early. */
#include "respond/sieve_own.h"

/* Sets first[] of a block: the first part of each rank. */
#define EACH(b, rank)                                                           \
	for (u32 k = 0; k < (b)->count; k++) {                                  \
		const u32 i = (b)->at[k];                                       \
									        \
		first[k] = (rank);                                              \
	}

static void firsts(const struct sieve_asked *a, const struct sieve_block *b, u64 *first)
{
	const struct sieve *v = a->v;

	switch (a->ask->order) {
	case SIEVE_BY_TIME:
		EACH(b, ~v->until[i]);
		break;
	case SIEVE_BY_OLDEST:
		EACH(b, v->until[i]);
		break;
	case SIEVE_BY_SUBJECT:
		EACH(b, 2 * (u64)v->rank[v->subject[i]] + 1);
		break;
	case SIEVE_BY_RULE:
		EACH(b, 2 * (u64)a->rule_rank[v->hot[i].rule] + 1);
		break;
	case SIEVE_BY_CONFIDENCE:
		EACH(b, (255u - v->hot[i].confidence) << 8 | (255u - v->hot[i].severity));
		break;
	default:
		EACH(b, 255u - v->hot[i].severity);
	}
}

static bool is_by_time(enum sieve_order by)
{
	return by == SIEVE_BY_TIME || by == SIEVE_BY_OLDEST;
}

static struct sieve_place rank_of(const struct sieve_asked *a, u32 i, u64 first)
{
	const struct sieve *v = a->v;

	return (struct sieve_place){ first, is_by_time(a->ask->order)
		? 255u - v->hot[i].severity : ~v->until[i], v->id[i] };
}

/* Twice the rules before that one, and one more when it is one of them. */
static u64 rule_rank(const struct sieve_asked *a, const char *rule)
{
	u64 rank = 0;

	for (u32 i = 0; i < a->v->rule_count; i++) {
		int order = strcmp(a->v->rules[i], rule);

		rank += order < 0 ? 2 : order == 0 ? 1 : 0;
	}
	return rank;
}

/* The rank of a cursor. */
static struct sieve_place rank_of_key(const struct sieve_asked *a, const struct sieve_key *k)
{
	const struct sieve_rank *is = &k->rank;
	struct sieve_place r = { .id = is->id,
		.second = is_by_time(a->ask->order) ? 255u - is->severity : ~is->until };

	switch (a->ask->order) {
	case SIEVE_BY_TIME:
		r.first = ~is->until;
		break;
	case SIEVE_BY_OLDEST:
		r.first = is->until;
		break;
	case SIEVE_BY_SUBJECT:
		r.first = sieve_rank_of(a->v, k->text);
		break;
	case SIEVE_BY_RULE:
		r.first = rule_rank(a, k->text);
		break;
	case SIEVE_BY_CONFIDENCE:
		r.first = (255u - is->confidence) << 8 | (255u - is->severity);
		break;
	default:
		r.first = 255u - is->severity;
	}
	return r;
}

static bool is_less(const struct sieve_place *a, const struct sieve_place *b)
{
	if (a->first != b->first)
		return a->first < b->first;
	return a->second != b->second ? a->second < b->second : a->id < b->id;
}

static void settle(struct sieve_page *p, u32 from)
{
	for (;;) {
		u32 child = 2 * from + 1;
		struct sieve_entry is = p->at[from];

		if (child >= p->count)
			return;
		if (child + 1 < p->count && is_less(&p->at[child].rank, &p->at[child + 1].rank))
			child++;
		if (!is_less(&is.rank, &p->at[child].rank))
			return;
		p->at[from] = p->at[child];
		p->at[child] = is;
		from = child;
	}
}

static void page_put(struct sieve_page *p, const struct sieve_entry *e)
{
	u32 at = p->count;

	if (p->count == p->most) {
		p->at[0] = *e;
		settle(p, 0);
		return;
	}
	p->at[p->count++] = *e;
	for (; at && is_less(&p->at[(at - 1) / 2].rank, &p->at[at].rank); at = (at - 1) / 2) {
		struct sieve_entry up = p->at[(at - 1) / 2];

		p->at[(at - 1) / 2] = p->at[at];
		p->at[at] = up;
	}
}

static void add(const struct sieve_asked *a, struct sieve_page *p, u32 i, u64 first)
{
	struct sieve_entry e = { rank_of(a, i, first), i };

	if (p->is_after && !is_less(&p->after, &e.rank))
		return;
	if (p->count < p->most || is_less(&e.rank, &p->at[0].rank))
		page_put(p, &e);
}

void sieve_page_add(const struct sieve_asked *a, struct sieve_page *p,
		    const struct sieve_block *b)
{
	const u64 least = p->is_after ? p->after.first : 0;
	u64 first[SIEVE_BLOCK];

	if (p->most == 0)
		return;
	firsts(a, b, first);
	for (u32 k = 0; k < b->count; k++)
		if (first[k] >= least &&
		    (p->count < p->most || first[k] <= p->at[0].rank.first))
			add(a, p, b->at[k], first[k]);
}

/* Takes the heap apart: the last comes out first. */
static void page_sort(struct sieve_page *p)
{
	u32 all = p->count;

	while (p->count > 1) {
		struct sieve_entry last = p->at[0];

		p->at[0] = p->at[--p->count];
		settle(p, 0);
		p->at[p->count] = last;
	}
	p->count = all;
}

void sieve_page_end(const struct sieve_asked *a, struct sieve_page *p, struct sieve_found *f)
{
	const struct sieve *v = a->v;
	u32 i = 0;

	page_sort(p);
	f->more = p->count > a->ask->limit;
	f->count = f->more ? a->ask->limit : p->count;
	for (u32 n = 0; n < f->count; n++) {
		u8 state;

		i = p->at[n].at;
		state = sieve_state(a, i);
		f->items[n] = (struct sieve_item){ v->number[i],
			state == INCIDENT_STATE_COUNT ? 0 : v->incident[i], state,
			v->hot[i].marking, 0, 0 };
		sieve_fault_seen(a, i, &f->items[n]);
	}
	if (f->count == 0)
		return;
	f->last.rank = (struct sieve_rank){ v->hot[i].severity, v->hot[i].confidence,
		v->until[i], v->id[i] };
	if (a->ask->order == SIEVE_BY_SUBJECT || a->ask->order == SIEVE_BY_RULE)
		snprintf(f->last.text, sizeof f->last.text, "%s",
			 a->ask->order == SIEVE_BY_RULE ? v->rules[v->hot[i].rule]
			 : sieve_word(v, v->subject[i]));
}

int sieve_page_begin(const struct sieve_asked *a, struct sieve_page *p)
{
	*p = (struct sieve_page){ .most = a->ask->limit ? a->ask->limit + 1 : 0,
		.is_after = a->ask->after };
	if (p->is_after)
		p->after = rank_of_key(a, a->ask->after);
	p->at = malloc((p->most + 1ull) * sizeof *p->at);
	return p->at ? 0 : -ENOMEM;
}
