/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rank.c - see rank.h. */
#include "base/rank.h"

#define SAMPLE 64u	/* members for one sample */

int rank_open(struct rank *r, u32 bound)
{
	*r = (struct rank){ .words = bound / 64 + 1 };
	r->bits = calloc(r->words, sizeof *r->bits);
	return r->bits ? 0 : -ENOMEM;
}

void rank_close(struct rank *r)
{
	free(r->bits);
	free(r->before);
	free(r->samples);
	*r = (struct rank){ 0 };
}

u64 rank_octets(const struct rank *r)
{
	return (u64)r->words * (sizeof *r->bits + sizeof *r->before) +
	       (u64)r->count / SAMPLE * sizeof *r->samples;
}

int rank_seal(struct rank *r)
{
	u64 sampled = 0;
	u32 count = 0;

	r->before = malloc(r->words * sizeof *r->before);
	if (r->before == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < r->words; i++) {
		r->before[i] = count;
		count += (u32)__builtin_popcountll(r->bits[i]);
	}
	r->samples = malloc((count / SAMPLE + 1ull) * sizeof *r->samples);
	if (r->samples == NULL)
		return -ENOMEM;
	r->count = count;
	for (u32 i = 0; i < r->words && count; i++)	/* a word holds one of them at most */
		if (r->before[i] + (u32)__builtin_popcountll(r->bits[i]) > sampled * SAMPLE)
			r->samples[sampled++] = i;
	return 0;
}

/* The word that holds the member at a place: the last one with no more than that before it. */
static u32 word_of(const struct rank *r, u32 place)
{
	u32 sample = place / SAMPLE, low = r->samples[sample];
	u32 high = (sample + 1ull) * SAMPLE < r->count ? r->samples[sample + 1] : r->words - 1;

	while (low < high) {
		u32 middle = low + (high - low + 1) / 2;

		if (r->before[middle] <= place)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

struct rank_walk rank_from(const struct rank *r, u32 place)
{
	struct rank_walk w = { .word = r->bits };
	u32 word;

	if (place >= r->count)
		return w;
	word = word_of(r, place);
	w = (struct rank_walk){ .word = r->bits + word, .left = r->bits[word], .at = word * 64 };
	for (u32 n = r->before[word]; n < place; n++)
		w.left &= w.left - 1;
	return w;
}

u32 rank_at(const struct rank *r, u32 place)
{
	struct rank_walk w = rank_from(r, place);

	return rank_next(&w);
}
