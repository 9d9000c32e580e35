/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_pick.c - which findings a question lets through, a block at a time; see sieve.h.
 *
 *   block    of the columns, SIEVE_BLOCK findings
 *   at       i j k ...    those that are left; each condition takes some away
 *   failed   of those: bits of the conditions with facets that they fail
 *
 * One condition after the other goes over what is left, without a branch for each finding:
 * which are let through is as good as random, and a branch guessed wrong costs as much as ten
 * findings. What depends on texts was decided beforehand (sieve_text.c). */
#include "respond/sieve_own.h"

/* Keeps those of a block of which the condition is true (of `i`). */
#define KEEP(b, condition)                                                      \
	do {                                                                    \
		u32 left = 0;                                                   \
									        \
		for (u32 k = 0; k < (b)->count; k++) {                          \
			const u32 i = (b)->at[k];                               \
									        \
			(b)->at[left] = i;                                      \
			left += (condition) ? 1 : 0;                            \
		}                                                               \
		(b)->count = left;                                              \
	} while (0)

u8 sieve_state(const struct sieve_asked *a, u32 i)
{
	const struct sieve_held *c;
	u32 incident = a->v->incident[i];

	if (incident == 0 || incident >= a->v->case_room)
		return INCIDENT_STATE_COUNT;
	c = &a->v->cases[incident];
	return marking_allows(c->marking, a->clearance) ? c->is.state : INCIDENT_STATE_COUNT;
}

/* ---- conditions ---- */

static bool in_state(const struct sieve_asked *a, u32 i)
{
	return a->ask->states >> sieve_state(a, i) & 1;
}

static inline bool is_let(const struct sieve_asked *a, const struct sieve_hot *e)
{
	return a->lets[e->marking.tlp][e->marking.pap];
}

/* Bits of the conditions that a finding fails, but for that of states. */
static inline u8 fails(const struct sieve_asked *a, const struct sieve_hot *e)
{
	return a->severity[e->severity] | a->rule[e->rule] | a->label[e->marking.tlp] |
	       a->kind[e->kind];
}

/* The first condition of all: what may be seen and, unless facets are counted, fails nothing
 * that has one. */
static void begin(const struct sieve_asked *a, struct sieve_block *b, u32 from, u32 count)
{
	const struct sieve_hot *hot = a->v->hot + from;
	const u8 strict = a->ask->facets ? 0 : UINT8_MAX;
	u32 left = 0;

	for (u32 k = 0; k < count; k++) {
		const u32 i = a->down ? count - 1 - k : k;

		b->at[left] = from + i;
		left += (u32)is_let(a, &hot[i]) & (u32)((fails(a, &hot[i]) & strict) == 0);
	}
	b->count = left;
}

/* The words that are missing in each finding's texts, then what its values say of them. */
static void keep_words(const struct sieve_asked *a, struct sieve_block *b)
{
	const struct sieve *v = a->v;

	for (u32 k = 0; k < b->count; k++) {
		const u32 i = b->at[k];

		b->failed[k] = a->words & (u8)~(a->word[v->subject[i]] | a->word[v->zone[i]] |
			a->plain[v->plain[i]] | a->rule_word[v->hot[i].rule]);
	}
	for (u32 k = 0; k < b->count && a->valued; k++)
		if (b->failed[k] && (b->failed[k] & ~a->valued) == 0)
			b->failed[k] = said_missing(&v->said, v->values[b->at[k]], a->value,
						    b->failed[k]);
	for (u32 k = 0; k < b->count && a->party; k++)
		b->failed[k] = a->party[b->at[k]] ? 0 : b->failed[k];
	KEEP(b, b->failed[k] == 0);
}

/* What lets the fewest through comes first. */
static void keep_more(const struct sieve_asked *a, struct sieve_block *b)
{
	const struct sieve *v = a->v;
	const struct sieve_ask *ask = a->ask;

	if (a->subject)
		KEEP(b, a->subject[v->subject[i]]);
	if (a->number)
		KEEP(b, a->number[i]);
	if (a->zone != UINT32_MAX)
		KEEP(b, v->zone[i] == a->zone);
	if (ask->since)
		KEEP(b, v->until[i] > ask->since);
	if (ask->until)
		KEEP(b, v->from[i] < ask->until);
	if (ask->revision)
		KEEP(b, v->written[i] > ask->revision);
	if (ask->incident) {
		KEEP(b, v->incident[i] == ask->incident);
		KEEP(b, sieve_state(a, i) != INCIDENT_STATE_COUNT);
	}
	if (ask->once && v->seen_again)
		KEEP(b, v->newer[i] == 0 || !sieve_has_newer(a, i));
	if (a->word)
		keep_words(a, b);
}

/* Of those that are left: what they fail. Those that fail two count nowhere. */
static void find_failed(const struct sieve_asked *a, struct sieve_block *b)
{
	u32 left = 0;

	for (u32 k = 0; k < b->count; k++)
		b->failed[k] = fails(a, &a->v->hot[b->at[k]]);
	for (u32 k = 0; k < b->count && a->ask->states; k++)
		b->failed[k] |= in_state(a, b->at[k]) ? 0 : BY_STATE;
	for (u32 k = 0; k < b->count; k++) {
		b->at[left] = b->at[k];
		b->failed[left] = b->failed[k];
		left += (b->failed[k] & (b->failed[k] - 1)) == 0;
	}
	b->count = left;
}

u32 sieve_blocks(const struct sieve_asked *a)
{
	return (a->v->count + SIEVE_BLOCK - 1) / SIEVE_BLOCK;
}

void sieve_pick(const struct sieve_asked *a, u32 n, struct sieve_block *b)
{
	const u32 block = a->down ? sieve_blocks(a) - 1 - n : n, from = block * SIEVE_BLOCK;

	begin(a, b, from, (u32)min_u64(SIEVE_BLOCK, a->v->count - from));
	keep_more(a, b);
	if (a->ask->facets)
		find_failed(a, b);
	else if (a->ask->states)
		KEEP(b, in_state(a, i));
}

void sieve_pick_whole(struct sieve_block *b)
{
	KEEP(b, b->failed[k] == 0);
}
