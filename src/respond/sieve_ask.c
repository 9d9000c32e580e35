/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_ask.c - one walk over the columns: conditions, counts, a page; see sieve.h.
 *
 * What depends on texts was decided beforehand (sieve_text.c); the walk compares numbers.
 * Each condition with a facet of its own has a bit; a finding that fails one of them only
 * still counts in that facet. */
#include "respond/sieve_own.h"
#include "store/read.h"

static void asked_free(struct sieve_asked *a)
{
	free(a->word);
	free(a->subject);
	free(a->number);
	free(a->party);
	free(a);
}

/* ---- conditions ---- */

static u8 state_of(const struct sieve_asked *a, u32 i)
{
	const struct sieve_held *c;
	u32 incident = a->v->incident[i];

	if (incident == 0 || incident >= a->v->case_room)
		return INCIDENT_STATE_COUNT;
	c = &a->v->cases[incident];
	return marking_allows(c->marking, a->clearance) ? c->is.state : INCIDENT_STATE_COUNT;
}

static bool words_fit(const struct sieve_asked *a, u32 i)
{
	const struct sieve *v = a->v;

	if (a->party && a->party[i])
		return true;
	return ((a->word[v->subject[i]] | a->word[v->zone[i]] | a->rule_word[v->hot[i].rule]) &
		a->words) == a->words;
}

/* What has no facet and is rarely asked for; what lets the fewest through comes first. */
static inline bool passes_more(const struct sieve_asked *a, u32 i)
{
	const struct sieve *v = a->v;
	const struct sieve_ask *ask = a->ask;

	if (a->subject && !a->subject[v->subject[i]])
		return false;
	if (a->number && !a->number[i])
		return false;
	if (a->zone != UINT32_MAX && v->zone[i] != a->zone)
		return false;
	if (ask->since && v->until[i] <= ask->since)
		return false;
	if (ask->until && v->from[i] >= ask->until)
		return false;
	if (ask->revision && v->written[i] <= ask->revision)
		return false;
	if (ask->incident && (v->incident[i] != ask->incident ||
			      state_of(a, i) == INCIDENT_STATE_COUNT))
		return false;
	return a->word == NULL || words_fit(a, i);
}

static bool asks_more(const struct sieve_asked *a)
{
	const struct sieve_ask *ask = a->ask;

	return ask->since || ask->until || ask->revision || a->zone != UINT32_MAX || a->subject ||
	       a->number || ask->incident || a->word;
}

static bool is_let(const struct sieve_asked *a, u32 i)
{
	const struct marking m = a->v->hot[i].marking;

	return a->lets[m.tlp][m.pap];
}

/* Bits of the conditions that the i-th finding fails. */
static inline unsigned fails(const struct sieve_asked *a, u32 i)
{
	const struct sieve_hot *e = &a->v->hot[i];
	unsigned bits = a->severity[e->severity] | a->rule[e->rule] | a->label[e->marking.tlp] |
		a->kind[e->kind];

	if (a->ask->states && !(a->ask->states >> state_of(a, i) & 1))
		bits |= BY_STATE;
	return bits;
}

/* ---- order ---- */

/* What comes first has the smallest; equal ones stand in the order of their ids. */
struct rank { u64 first, second, id; };

static inline u64 first_of(const struct sieve_asked *a, u32 i)
{
	const struct sieve *v = a->v;

	switch (a->ask->order) {
	case SIEVE_BY_TIME:
		return ~v->until[i];
	case SIEVE_BY_OLDEST:
		return v->until[i];
	case SIEVE_BY_SUBJECT:
		return 2 * (u64)v->rank[v->subject[i]] + 1;
	case SIEVE_BY_RULE:
		return 2 * (u64)a->rule_rank[v->hot[i].rule] + 1;
	case SIEVE_BY_CONFIDENCE:
		return (255u - v->hot[i].confidence) << 8 | (255u - v->hot[i].severity);
	default:
		return 255u - v->hot[i].severity;
	}
}

static bool is_by_time(enum sieve_order by)
{
	return by == SIEVE_BY_TIME || by == SIEVE_BY_OLDEST;
}

static struct rank rank_of(const struct sieve_asked *a, u32 i)
{
	const struct sieve *v = a->v;

	return (struct rank){ first_of(a, i), is_by_time(a->ask->order)
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
static struct rank rank_of_key(const struct sieve_asked *a, const struct sieve_key *k)
{
	const struct sieve_rank *is = &k->rank;
	struct rank r = { .second = is_by_time(a->ask->order) ? 255u - is->severity : ~is->until,
		.id = is->id };

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

static bool is_less(const struct rank *a, const struct rank *b)
{
	if (a->first != b->first)
		return a->first < b->first;
	return a->second != b->second ? a->second < b->second : a->id < b->id;
}

/* The first `most` findings so far, the last of them on top: a heap. */
struct entry { struct rank rank; u32 at; };
struct page {
	const struct sieve_asked *a;
	struct entry *at;
	u32 count, most;
	bool is_after;
	struct rank after;
};

static void settle(struct page *p, u32 from)
{
	for (;;) {
		u32 child = 2 * from + 1;
		struct entry is = p->at[from];

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

static void page_put(struct page *p, const struct entry *e)
{
	u32 at = p->count;

	if (p->count == p->most) {
		p->at[0] = *e;
		settle(p, 0);
		return;
	}
	p->at[p->count++] = *e;
	for (; at && is_less(&p->at[(at - 1) / 2].rank, &p->at[at].rank); at = (at - 1) / 2) {
		struct entry up = p->at[(at - 1) / 2];

		p->at[(at - 1) / 2] = p->at[at];
		p->at[at] = up;
	}
}

static void page_add(struct page *p, u32 i)
{
	u64 first = first_of(p->a, i);
	struct entry e = { .at = i };

	if (p->count == p->most && first > p->at[0].rank.first)
		return;
	if (p->is_after && first < p->after.first)
		return;
	e.rank = rank_of(p->a, i);
	if (p->is_after && !is_less(&p->after, &e.rank))
		return;
	if (p->count < p->most || is_less(&e.rank, &p->at[0].rank))
		page_put(p, &e);
}

/* Takes the heap apart: the last comes out first. */
static void page_sort(struct page *p)
{
	u32 all = p->count;

	while (p->count > 1) {
		struct entry last = p->at[0];

		p->at[0] = p->at[--p->count];
		settle(p, 0);
		p->at[p->count] = last;
	}
	p->count = all;
}

/* ---- the walk ---- */

static void count_facets(const struct sieve_asked *a, struct sieve_found *f, u32 i,
			 unsigned failed)
{
	const struct sieve_hot *e = &a->v->hot[i];

	if ((failed & ~BY_SEVERITY) == 0)
		f->severities[e->severity]++;
	if ((failed & ~BY_RULE) == 0)
		f->rules[e->rule]++;
	if ((failed & ~BY_LABEL) == 0)
		f->labels[e->marking.tlp]++;
	if ((failed & ~BY_KIND) == 0)
		f->kinds[e->kind]++;
	if ((failed & ~BY_STATE) == 0)
		f->states[state_of(a, i)]++;
}

static void look_at(const struct sieve_asked *a, u32 i, struct sieve_found *f, struct page *p)
{
	unsigned failed;

	if (!is_let(a, i) || (a->more && !passes_more(a, i)))
		return;
	failed = fails(a, i);
	if (a->ask->facets && (failed & (failed - 1)) == 0)
		count_facets(a, f, i, failed);
	if (failed)
		return;
	f->total++;
	if (p->most)
		page_add(p, i);
}

static void fill_page(const struct sieve_asked *a, struct page *p, struct sieve_found *f)
{
	const struct sieve *v = a->v;
	u32 i = 0;

	page_sort(p);
	f->more = p->count > a->ask->limit;
	f->count = f->more ? a->ask->limit : p->count;
	for (u32 n = 0; n < f->count; n++) {
		u8 state;

		i = p->at[n].at;
		state = state_of(a, i);
		f->items[n] = (struct sieve_item){ v->number[i],
			state == INCIDENT_STATE_COUNT ? 0 : v->incident[i], state,
			v->hot[i].marking };
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

/* Later findings stand behind; so for most orders the page fills at once. */
static int walk(const struct sieve_asked *a, struct sieve_found *f)
{
	struct page p = { .a = a, .most = a->ask->limit ? a->ask->limit + 1 : 0,
		.is_after = a->ask->after };
	u32 n = a->v->count;

	if ((p.at = malloc((p.most + 1ull) * sizeof *p.at)) == NULL)
		return -ENOMEM;
	if (p.is_after)
		p.after = rank_of_key(a, a->ask->after);
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
	int rc = sieve_refresh(v, g->store);

	must(ask->limit <= SIEVE_PAGE_MAX);
	memset(ret, 0, sizeof *ret);
	if (rc)
		return rc;
	rc = lock(v, ask);
	a = asked_new(v, g, ask);
	rc = rc ? rc : a ? sieve_prepare(a, g->store) : -ENOMEM;
	if (rc == 0) {
		a->more = asks_more(a);
		rc = walk(a, ret);
	}
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
	return state_of(r->of, r->at) == INCIDENT_STATE_COUNT ? 0 : r->of->v->incident[r->at];
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
	if (rc == 0)
		a->more = asks_more(a);
	for (u32 i = 0; i < v->count && rc == 0; i++)
		if (is_let(a, i) && (!a->more || passes_more(a, i)) && fails(a, i) == 0)
			hand_over(a, i, each, to);
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
