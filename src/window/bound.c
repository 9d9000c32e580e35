/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bound.c - see bound.h. */
#include "window/bound.h"
#include "sketch/distinct.h"
#include <math.h>

/* A sample that was blind for a while does not know: then the plain sum is the bound. */
static u64 most(double estimate, const struct sample *s, u64 plain)
{
	double b = ceil(estimate * sample_widen(s));

	if (s->starved & STARVED_BLIND)
		return plain;
	return b < (double)plain ? (u64)b : plain;
}

/* An answer that was seen before still says which of the known ones it is: with R different
 * records log2(R) bits for each record of each name that was answered. */
static u64 choices(const struct bound *b, const struct domain_sum *d)
{
	double each = d->responses ? ceil((double)d->records / d->responses) : 0;

	return (u64)ceil(b->names * sample_widen(&d->names) * each * log2(1 + b->records) / 8);
}

double names_of(const struct window *w, const struct domain_sum *d)
{
	if (d->names.bar == 0)
		return sample_distinct(&d->names, &w->pool[SUMMARY_DOMAIN]);
	return fmin((double)distinct_reg_count(d->count, NAMES_LOG),
		    d->queries > d->responses ? d->queries : d->responses);
}

#define RESTS_MIN 8	/* zones and keys that one domain's lists may have in a sample anyway */

double names_numeric(const struct window *w, const struct domain_sum *d, bool *same)
{
	const struct sampled *it = sample_view(&d->names, &w->pool[SUMMARY_DOMAIN]);
	unsigned count = 0, rests = 0;
	u64 names = 0, numeric = 0;
	u32 rest[SAMPLE_K_MAX];

	for (unsigned i = 0; i < d->names.count; i++) {
		u64 scale = sample_scale(&d->names, &it[i]);
		unsigned j = 0;

		names += scale;
		if (!(it[i].mark & NAME_NUMERIC))
			continue;
		numeric += scale;
		count++;
		while (j < rests && rest[j] != it[i].least)
			j++;
		if (j == rests)
			rest[rests++] = it[i].least;
	}
	*same = rests <= RESTS_MIN || rests <= count / 4;
	return names ? (double)numeric / (double)names : 0;
}

void bound_of(struct bound *b, const struct window *w, const struct domain_sum *d)
{
	const struct pool *p = &w->pool[SUMMARY_DOMAIN];
	u64 lost = domain_lost(w, d);

	b->names = names_of(w, d);
	b->out = sample_weight(&d->names, p);
	b->records = sample_distinct(&d->answers, p);
	b->in = sample_weight(&d->answers, p);
	b->questions = d->queries > d->responses ? d->queries : d->responses;
	b->most_out = most(b->out, &d->names, d->out_queries + d->out_responses) + lost;
	b->most_in = min_u64(d->in_octets, most(b->in, &d->answers, d->in_octets) + choices(b, d))
		     + lost;
}
