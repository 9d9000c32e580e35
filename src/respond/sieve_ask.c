/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_ask.c - one walk over the columns: counts, facets, a page; see sieve.h.
 *
 * Which findings are let through: sieve_pick.c; in what order they come: sieve_page.c. Each
 * condition with a facet of its own has a bit; a finding that fails one of them only still
 * counts in that facet. */
#include "respond/sieve_own.h"
#include "store/read.h"

static void asked_free(struct sieve_asked *a)
{
	free(a->word);
	free(a->plain);
	free(a->value);
	free(a->subject);
	free(a->number);
	free(a->party);
	free(a);
}

/* ---- the walk ---- */

/* One that fails one condition counts in that condition's facet: in which it does not cost a
 * branch. */
static void count_facets(const struct sieve_asked *a, struct sieve_found *f,
			 const struct sieve_block *b)
{
	for (u32 k = 0; k < b->count; k++) {
		const struct sieve_hot *e = &a->v->hot[b->at[k]];
		const u8 failed = b->failed[k];

		f->severities[e->severity] += (failed & ~BY_SEVERITY) == 0;
		f->rules[e->rule] += (failed & ~BY_RULE) == 0;
		f->labels[e->marking.tlp] += (failed & ~BY_LABEL) == 0;
		f->kinds[e->kind] += (failed & ~BY_KIND) == 0;
		f->states[sieve_state(a, b->at[k])] += (failed & ~BY_STATE) == 0;
	}
}

static int walk(const struct sieve_asked *a, struct sieve_found *f)
{
	struct sieve_block b;
	struct sieve_page p;
	int rc = sieve_page_begin(a, &p);

	for (u32 n = 0; rc == 0 && n < sieve_blocks(a); n++) {
		sieve_pick(a, n, &b);
		if (a->ask->facets) {
			count_facets(a, f, &b);
			sieve_pick_whole(&b);
		}
		f->total += b.count;
		sieve_page_add(a, &p, &b);
	}
	if (rc == 0)
		sieve_page_end(a, &p, f);
	free(p.at);
	return rc;
}

static struct sieve_asked *asked_new(const struct sieve *v, struct gate *g,
			       const struct sieve_ask *ask)
{
	struct sieve_asked *a = calloc(1, sizeof *a);

	if (a) {
		a->v = v;
		a->ask = ask;
		a->clearance = g->who.clearance;
		a->down = ask->order != SIEVE_BY_OLDEST;
	}
	return a;
}

/* With the read lock, and words in order if they are wanted so. */
static int lock(struct sieve *v, const struct sieve_ask *ask)
{
	int rc = 0;

	pthread_rwlock_rdlock(&v->lock);
	while (rc == 0 && ask->order == SIEVE_BY_SUBJECT && v->ranked != v->words.count) {
		pthread_rwlock_unlock(&v->lock);
		pthread_rwlock_wrlock(&v->lock);
		rc = sieve_rank_words(v);
		pthread_rwlock_unlock(&v->lock);
		pthread_rwlock_rdlock(&v->lock);
	}
	return rc;
}

int sieve_ask(struct sieve *v, struct gate *g, const struct sieve_ask *ask,
	      struct sieve_found *ret)
{
	struct sieve_asked *a;
	int rc = sieve_keep_up(v, g->store);

	must(ask->limit <= SIEVE_PAGE_MAX);
	memset(ret, 0, sizeof *ret);
	if (rc)
		return rc;
	rc = lock(v, ask);
	a = asked_new(v, g, ask);
	rc = rc ? rc : a ? sieve_prepare(a, g->store) : -ENOMEM;
	if (rc == 0)
		rc = walk(a, ret);
	if (a)
		asked_free(a);
	pthread_rwlock_unlock(&v->lock);
	return rc;
}

static void hand_over(const struct sieve_asked *a, u32 i, sieve_fn *each, void *to)
{
	const struct sieve_hot *e = &a->v->hot[i];
	const struct sieve_row r = { .of = a, .at = i, .from = a->v->from[i],
		.until = a->v->until[i], .rule_at = e->rule, .severity = e->severity,
		.confidence = e->confidence, .marking = e->marking };

	each(to, &r);
}

u64 sieve_row_number(const struct sieve_row *r)
{
	return r->of->v->number[r->at];
}

u64 sieve_row_revision(const struct sieve_row *r)
{
	return r->of->v->written[r->at];
}

const char *sieve_row_rule(const struct sieve_row *r)
{
	return r->of->v->rules[r->rule_at];
}

u32 sieve_row_subject(const struct sieve_row *r)
{
	return r->of->v->subject[r->at];
}

u32 sieve_row_zone(const struct sieve_row *r)
{
	return r->of->v->zone[r->at];
}

const char *sieve_row_text(const struct sieve_row *r, u32 text)
{
	return sieve_word(r->of->v, text);
}

u64 sieve_row_incident(const struct sieve_row *r)
{
	return sieve_state(r->of, r->at) == INCIDENT_STATE_COUNT ? 0 : r->of->v->incident[r->at];
}

int sieve_walk(struct sieve *v, struct gate *g, const struct sieve_ask *ask, sieve_fn *each,
	       void *to)
{
	struct sieve_asked *a;
	struct sieve_block b;
	int rc = sieve_keep_up(v, g->store);

	must(!ask->facets);
	if (rc)
		return rc;
	pthread_rwlock_rdlock(&v->lock);
	a = asked_new(v, g, ask);
	rc = a ? sieve_prepare(a, g->store) : -ENOMEM;
	for (u32 n = 0; rc == 0 && n < sieve_blocks(a); n++) {
		sieve_pick(a, n, &b);
		for (u32 k = 0; k < b.count; k++)
			hand_over(a, b.at[k], each, to);
	}
	if (a)
		asked_free(a);
	pthread_rwlock_unlock(&v->lock);
	return rc;
}

int sieve_cases(struct sieve *v, struct gate *g, sieve_case_fn *each, void *to)
{
	int rc = sieve_keep_up(v, g->store);

	if (rc)
		return rc;
	pthread_rwlock_rdlock(&v->lock);
	for (u64 i = 0; i < v->case_room; i++)
		if (v->cases[i].there && marking_allows(v->cases[i].marking, g->who.clearance))
			each(to, &v->cases[i].is);
	pthread_rwlock_unlock(&v->lock);
	return 0;
}
