/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_ask.c - one walk over the columns: conditions, counts, a page; see sieve.h.
 *
 * What depends on texts was decided beforehand (sieve_text.c); the walk compares numbers.
 * Each condition with a facet of its own has a bit; a finding that fails one of them only
 * still counts in that facet. */
#include "respond/sieve_own.h"
#include "store/read.h"

/* Conditions that have a facet. */
enum { BY_SEVERITY = 1, BY_RULE = 2, BY_LABEL = 4, BY_KIND = 8, BY_STATE = 16 };

static void asked_free(struct sieve_asked *a)
{
	free(a->word);
	free(a->subject);
	free(a->number);
	free(a->party);
	free(a);
}

/* ---- the walk ---- */

static u8 state_of(const struct sieve_asked *a, const struct sieve_entry *e)
{
	const struct sieve_held *c;

	if (e->incident == 0 || e->incident >= a->v->case_room)
		return INCIDENT_STATE_COUNT;
	c = &a->v->cases[e->incident];
	return marking_allows(c->marking, a->clearance) ? c->is.state : INCIDENT_STATE_COUNT;
}

/* What has no facet: all of it, or the finding is not looked at any further. */
static bool passes(const struct sieve_asked *a, u32 i, u8 state)
{
	const struct sieve_entry *e = &a->v->at[i];
	const struct sieve_ask *ask = a->ask;

	if (!marking_allows(e->marking, a->clearance))
		return false;
	if ((ask->since && e->until <= ask->since) || (ask->until && e->from >= ask->until))
		return false;
	if (e->revision <= ask->revision && ask->revision)
		return false;
	if (a->zone != UINT32_MAX && e->zone != a->zone)
		return false;
	if (a->subject && !a->subject[e->subject])
		return false;
	if (a->number && !a->number[i])
		return false;
	if (ask->incident && (e->incident != ask->incident || state == INCIDENT_STATE_COUNT))
		return false;
	if (a->word && !(a->party && a->party[i]) &&
	    ((a->word[e->subject] | a->word[e->zone] | a->rule_word[e->rule]) & a->words) !=
	    a->words)
		return false;
	return true;
}

static unsigned fails(const struct sieve_asked *a, const struct sieve_entry *e, u8 state)
{
	const struct sieve_ask *ask = a->ask;

	return (e->severity < ask->severity ? BY_SEVERITY : 0u) |
	       (a->rule[e->rule] ? 0u : BY_RULE) |
	       (ask->labels && !(ask->labels >> e->marking.tlp & 1) ? BY_LABEL : 0u) |
	       (a->kind[e->kind] ? 0u : BY_KIND) |
	       (ask->states && !(ask->states >> state & 1) ? BY_STATE : 0u);
}

static int less(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

/* Below 0: a comes before b. */
static int order(enum sieve_order by, const struct sieve_rank *a, const char *at,
		 const struct sieve_rank *b, const char *bt)
{
	int severity = less(b->severity, a->severity), latest = less(b->until, a->until);
	int first;

	switch (by) {
	case SIEVE_BY_TIME:
		first = latest ? latest : severity;
		break;
	case SIEVE_BY_OLDEST:
		first = latest ? -latest : severity;
		break;
	case SIEVE_BY_SUBJECT:
	case SIEVE_BY_RULE:
		first = strcmp(at, bt);
		first = first ? first : latest;
		break;
	case SIEVE_BY_CONFIDENCE:
		first = less(b->confidence, a->confidence);
		first = first ? first : severity ? severity : latest;
		break;
	default:
		first = severity ? severity : latest;
	}
	return first ? first : less(a->id, b->id);
}

static const char *key_text(const struct sieve_asked *a, const struct sieve_entry *e)
{
	switch (a->ask->order) {
	case SIEVE_BY_SUBJECT:
		return sieve_word(a->v, e->subject);
	case SIEVE_BY_RULE:
		return a->v->rules[e->rule];
	default:
		return "";
	}
}

static struct sieve_rank rank_of(const struct sieve_entry *e)
{
	return (struct sieve_rank){ e->severity, e->confidence, e->until, e->id };
}

static int entries_order(const struct sieve_asked *a, const struct sieve_entry *x,
			 const struct sieve_entry *y)
{
	const struct sieve_rank rx = rank_of(x), ry = rank_of(y);

	return order(a->ask->order, &rx, key_text(a, x), &ry, key_text(a, y));
}

static bool is_behind(const struct sieve_asked *a, const struct sieve_entry *e)
{
	const struct sieve_key *after = a->ask->after;
	const struct sieve_rank r = rank_of(e);

	return after == NULL ||
	       order(a->ask->order, &after->rank, after->text, &r, key_text(a, e)) < 0;
}

/* The first `most` entries so far, the last of them on top: a heap. */
struct page { const struct sieve_asked *a; u32 *at, count, most; };

static bool sinks(const struct page *p, u32 x, u32 y)
{
	return entries_order(p->a, &p->a->v->at[x], &p->a->v->at[y]) > 0;
}

static void settle(struct page *p, u32 from)
{
	for (;;) {
		u32 child = 2 * from + 1, is = p->at[from];

		if (child >= p->count)
			return;
		if (child + 1 < p->count && sinks(p, p->at[child + 1], p->at[child]))
			child++;
		if (!sinks(p, p->at[child], is))
			return;
		p->at[from] = p->at[child];
		p->at[child] = is;
		from = child;
	}
}

static void page_add(struct page *p, u32 i)
{
	u32 at = p->count;

	if (p->most == 0)
		return;
	if (p->count == p->most) {
		if (sinks(p, i, p->at[0]))
			return;
		p->at[0] = i;
		settle(p, 0);
		return;
	}
	p->at[p->count++] = i;
	for (; at && sinks(p, p->at[at], p->at[(at - 1) / 2]); at = (at - 1) / 2) {
		u32 up = p->at[(at - 1) / 2];

		p->at[(at - 1) / 2] = p->at[at];
		p->at[at] = up;
	}
}

/* Takes the heap apart: the last comes out first. */
static void page_sort(struct page *p)
{
	u32 all = p->count;

	while (p->count > 1) {
		u32 last = p->at[0];

		p->at[0] = p->at[--p->count];
		settle(p, 0);
		p->at[p->count] = last;
	}
	p->count = all;
}

static void count_facets(struct sieve_found *f, const struct sieve_entry *e, u8 state,
			 unsigned failed)
{
	if ((failed & ~BY_SEVERITY) == 0)
		f->severities[e->severity]++;
	if ((failed & ~BY_RULE) == 0)
		f->rules[e->rule]++;
	if ((failed & ~BY_LABEL) == 0)
		f->labels[e->marking.tlp]++;
	if ((failed & ~BY_KIND) == 0)
		f->kinds[e->kind]++;
	if ((failed & ~BY_STATE) == 0)
		f->states[state]++;
}

static void look_at(struct sieve_asked *a, u32 i, struct sieve_found *f, struct page *p)
{
	const struct sieve_entry *e = &a->v->at[i];
	u8 state = state_of(a, e);
	unsigned failed;

	if (!passes(a, i, state))
		return;
	failed = fails(a, e, state);
	if (a->ask->facets && (failed & (failed - 1)) == 0)
		count_facets(f, e, state, failed);
	if (failed)
		return;
	f->total++;
	if (is_behind(a, e))
		page_add(p, i);
}

static void fill_page(const struct sieve_asked *a, struct page *p, struct sieve_found *f)
{
	const struct sieve_entry *e = NULL;

	page_sort(p);
	f->more = p->count > a->ask->limit;
	f->count = f->more ? a->ask->limit : p->count;
	for (u32 i = 0; i < f->count; i++) {
		u8 state;

		e = &a->v->at[p->at[i]];
		state = state_of(a, e);
		f->items[i] = (struct sieve_item){ e->number,
			state == INCIDENT_STATE_COUNT ? 0 : e->incident, state, e->marking };
	}
	if (e) {
		f->last.rank = rank_of(e);
		snprintf(f->last.text, sizeof f->last.text, "%s", key_text(a, e));
	}
}

/* Later findings stand behind; so for most orders the page fills at once. */
static int walk(struct sieve_asked *a, struct sieve_found *f)
{
	struct page p = { .a = a, .most = a->ask->limit ? a->ask->limit + 1 : 0 };
	u32 n = a->v->count;

	if ((p.at = malloc((p.most + 1ull) * sizeof *p.at)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < n; i++)
		look_at(a, a->ask->order == SIEVE_BY_OLDEST ? i : n - 1 - i, f, &p);
	fill_page(a, &p, f);
	free(p.at);
	return 0;
}

static struct sieve_asked *asked_new(const struct sieve *v, struct gate *g,
			       const struct sieve_ask *ask)
{
	struct sieve_asked *a = calloc(1, sizeof *a);

	if (a) {
		a->v = v;
		a->ask = ask;
		a->clearance = g->who.clearance;
	}
	return a;
}

int sieve_ask(struct sieve *v, struct gate *g, const struct sieve_ask *ask,
	      struct sieve_found *ret)
{
	struct sieve_asked *a;
	int rc = sieve_refresh(v, g->store);

	must(ask->limit <= SIEVE_PAGE_MAX);
	memset(ret, 0, sizeof *ret);
	if (rc)
		return rc;
	pthread_rwlock_rdlock(&v->lock);
	a = asked_new(v, g, ask);
	rc = a ? sieve_prepare(a, g->store) : -ENOMEM;
	if (rc == 0)
		rc = walk(a, ret);
	if (a)
		asked_free(a);
	pthread_rwlock_unlock(&v->lock);
	return rc;
}

static void hand_over(const struct sieve_asked *a, const struct sieve_entry *e, u8 state,
		      sieve_fn *each, void *to)
{
	const struct sieve_row r = { .number = e->number, .from = e->from, .until = e->until,
		.revision = e->revision,
		.rule = a->v->rules[e->rule], .rule_at = e->rule, .kind = a->v->kinds[e->kind],
		.subject = sieve_word(a->v, e->subject), .zone = sieve_word(a->v, e->zone),
		.incident = state == INCIDENT_STATE_COUNT ? 0 : e->incident, .state = state,
		.severity = e->severity, .confidence = e->confidence, .marking = e->marking };

	each(to, &r);
}

int sieve_walk(struct sieve *v, struct gate *g, const struct sieve_ask *ask, sieve_fn *each,
	       void *to)
{
	struct sieve_asked *a;
	int rc = sieve_refresh(v, g->store);

	if (rc)
		return rc;
	pthread_rwlock_rdlock(&v->lock);
	a = asked_new(v, g, ask);
	rc = a ? sieve_prepare(a, g->store) : -ENOMEM;
	for (u32 i = 0; i < v->count && rc == 0; i++) {
		const struct sieve_entry *e = &v->at[i];
		u8 state = state_of(a, e);

		if (passes(a, i, state) && fails(a, e, state) == 0)
			hand_over(a, e, state, each, to);
	}
	if (a)
		asked_free(a);
	pthread_rwlock_unlock(&v->lock);
	return rc;
}

int sieve_cases(struct sieve *v, struct gate *g, sieve_case_fn *each, void *to)
{
	int rc = sieve_refresh(v, g->store);

	if (rc)
		return rc;
	pthread_rwlock_rdlock(&v->lock);
	for (u64 i = 0; i < v->case_room; i++)
		if (v->cases[i].there && marking_allows(v->cases[i].marking, g->who.clearance))
			each(to, &v->cases[i].is);
	pthread_rwlock_unlock(&v->lock);
	return 0;
}
