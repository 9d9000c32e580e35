/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bound.c - see bound.h. */
#include "window/bound.h"
#include <math.h>

static u64 most(double estimate, double widen, u64 plain, u64 lost)
{
	double b = ceil(estimate * widen);

	return (b < (double)plain ? (u64)b : plain) + lost;
}

void bound_of(struct bound *b, const struct window *w, const struct domain_sum *d)
{
	const struct pool *p = &w->pool[SUMMARY_DOMAIN];

	b->names = sample_distinct(&d->names, p);
	b->out = sample_weight(&d->names, p);
	b->records = sample_distinct(&d->answers, p);
	b->in = sample_weight(&d->answers, p);
	b->questions = d->queries > d->responses ? d->queries : d->responses;
	b->most_out = most(b->out, sample_widen(&d->names),
			   max_u64(d->out_queries, d->out_responses), d->lost);
	b->most_in = most(b->in, sample_widen(&d->answers), d->in_octets, d->lost);
}
