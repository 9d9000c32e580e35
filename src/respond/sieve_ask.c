/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_ask.c - one walk over the columns: conditions, counts, a page; see sieve.h.
 *
 * What depends on a text is decided once for each distinct text and each rule beforehand, so
 * that the walk itself compares numbers. Each condition with a facet of its own has a bit;
 * a finding that fails one of them only still counts in that facet. */
#include "respond/sieve_own.h"
#include "store/read.h"

enum { BY_SEVERITY = 1, BY_RULE = 2, BY_LABEL = 4, BY_KIND = 8, BY_STATE = 16 };

struct asked {
	const struct sieve *v;
	const struct sieve_ask *ask;
	struct marking clearance;
	u8 *word;		/* of each text: bits of the words it holds; NULL = no text */
	u8 *subject;		/* of each text: it may be the subject; NULL = all may */
	u8 *number;		/* of each entry: it is among the numbers wanted; NULL = all */
	u8 *party;		/* of each entry: a related party's name begins with the text */
	u8 rule_word[SIEVE_RULES];
	bool rule[SIEVE_RULES], kind[SIEVE_KINDS];
	u8 words;		/* all bits that are wanted */
	u32 zone;		/* word of the zone; UINT32_MAX = any */
};

static u8 low(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 32 : c;
}

/* Lower case, at most FINDING_SUBJECT_MAX - 1 octets: the length. */
static size_t lower(const char *from, size_t n, char to[FINDING_SUBJECT_MAX])
{
	n = min_u64(n, FINDING_SUBJECT_MAX - 1);
	for (size_t i = 0; i < n; i++)
		to[i] = (char)low((u8)from[i]);
	to[n] = 0;
	return n;
}

/* ---- conditions on texts ---- */

/* The text that an octet of the pool is in. */
static u32 word_at(const struct sieve_words *w, size_t octet)
{
	u32 from = 0, to = w->count;

	while (to - from > 1) {
		u32 middle = from + (to - from) / 2;

		if (w->offsets[middle] <= octet)
			from = middle;
		else
			to = middle;
	}
	return from;
}

/* Sets the bit of each text that holds the part: one search over the pool. */
static void mark_holding(const struct sieve_words *w, const char *part, size_t n, u8 bit,
			 u8 *marks)
{
	const char *end = w->at + w->len, *p = w->at;

	while (p && p < end && (p = memmem(p, (size_t)(end - p), part, n))) {
		u32 at = word_at(w, (size_t)(p - w->at));

		marks[at] |= bit;
		p = at + 1 < w->count ? w->at + w->offsets[at + 1] : end;
	}
}

static bool is_under(const char *name, size_t n, const char *domain, size_t len)
{
	return n >= len && memcmp(name + n - len, domain, len) == 0 &&
	       (n == len || name[n - len - 1] == '.');
}

static bool subject_may(const struct sieve_ask *ask, const char *is)
{
	char text[FINDING_SUBJECT_MAX];
	size_t n = strlen(is), len;

	if (ask->subject) {
		lower(ask->subject, strlen(ask->subject), text);
		if (strcmp(is, text))
			return false;
	}
	if (ask->begins) {
		len = lower(ask->begins, strlen(ask->begins), text);
		if (strncmp(is, text, len))
			return false;
	}
	if (ask->under) {
		len = lower(ask->under, strlen(ask->under), text);
		if (!is_under(is, n, text, len))
			return false;
	}
	return true;
}

static int mark_subjects(struct asked *a)
{
	const struct sieve_words *w = &a->v->words;
	const struct sieve_ask *ask = a->ask;
	char text[FINDING_SUBJECT_MAX];
	u8 *holds;

	if (!ask->subject && !ask->begins && !ask->holds && !ask->under)
		return 0;
	if ((a->subject = calloc(w->count + 1ull, 1)) == NULL)
		return -ENOMEM;
	if (!ask->holds || ask->subject || ask->begins || ask->under)
		for (u32 i = 0; i < w->count; i++)
			a->subject[i] = subject_may(ask, w->at + w->offsets[i]);
	if (!ask->holds || !ask->holds[0])
		return 0;
	holds = calloc(w->count + 1ull, 1);
	if (holds == NULL)
		return -ENOMEM;
	mark_holding(w, text, lower(ask->holds, strlen(ask->holds), text), 1, holds);
	for (u32 i = 0; i < w->count; i++)
		a->subject[i] = ask->subject || ask->begins || ask->under
			? a->subject[i] & holds[i] : holds[i];
	free(holds);
	return 0;
}

/* Does a rule's id or title hold the word? */
static bool rule_says(const struct sieve_ask *ask, const char *rule, const char *word)
{
	const char *title = ask->rule_title ? ask->rule_title(ask->to, rule) : NULL;

	return strcasestr(rule, word) || (title && strcasestr(title, word));
}

static int mark_words(struct asked *a)
{
	const struct sieve *v = a->v;
	const char *p = a->ask->text;
	char word[FINDING_SUBJECT_MAX];

	if (p == NULL || p[strspn(p, " ")] == 0)
		return 0;
	if ((a->word = calloc(v->words.count + 1ull, 1)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < SIEVE_WORDS && *(p += strspn(p, " ")); i++, p += strcspn(p, " ")) {
		size_t n = lower(p, strcspn(p, " "), word);
		u8 bit = (u8)(1u << i);

		a->words |= bit;
		mark_holding(&v->words, word, n, bit, a->word);
		for (u32 r = 0; r < v->rule_count; r++)
			if (rule_says(a->ask, v->rules[r], word))
				a->rule_word[r] |= bit;
	}
	return 0;
}

static u32 zone_word(const struct asked *a)
{
	char text[FINDING_SUBJECT_MAX];

	if (a->ask->zone == NULL)
		return UINT32_MAX;
	lower(a->ask->zone, strlen(a->ask->zone), text);
	for (u32 i = 0; i < a->v->words.count; i++)
		if (strcmp(sieve_word(a->v, i), text) == 0)
			return i;
	return UINT32_MAX - 1;	/* no text has this number */
}

/* ---- conditions on numbers that the store gives ---- */

struct marking_numbers { const struct sieve *v; u8 *at; };

static int mark_number(void *to, u64 number)
{
	struct marking_numbers *m = to;

	if (number < m->v->place_room && m->v->place[number])
		m->at[m->v->place[number] - 1] |= 1;
	return 0;
}

/* Those of `one` that were in the set before, too. */
static void both(struct asked *a, u8 *one)
{
	if (a->number) {
		for (u32 i = 0; i < a->v->count; i++)
			one[i] &= a->number[i];
		free(a->number);
	}
	a->number = one;
}

static int mark_run(struct asked *a, struct store *s)
{
	struct marking_numbers m = { a->v, NULL };
	int rc;

	if (a->ask->run == 0)
		return 0;
	if ((m.at = calloc(a->v->count + 1ull, 1)) == NULL)
		return -ENOMEM;
	rc = store_each_of_run(s, a->ask->run, mark_number, &m);
	both(a, m.at);
	return rc;
}

static int mark_related(struct asked *a, struct store *s)
{
	struct marking_numbers m = { a->v, NULL };
	int rc;

	if (a->ask->related == NULL)
		return 0;
	if ((m.at = calloc(a->v->count + 1ull, 1)) == NULL)
		return -ENOMEM;
	rc = store_each_related(s, a->ask->related, false, SIEVE_MOST, mark_number, &m);
	both(a, m.at);
	return rc;
}

/* A single word is also looked for among the parties. */
static int mark_parties(struct asked *a, struct store *s)
{
	struct marking_numbers m = { a->v, NULL };
	char word[FINDING_SUBJECT_MAX];
	const char *p = a->ask->text;
	size_t n;

	if (a->words != 1)
		return 0;
	p += strspn(p, " ");
	n = lower(p, strcspn(p, " "), word);
	if (n < 3)
		return 0;
	if ((m.at = calloc(a->v->count + 1ull, 1)) == NULL)
		return -ENOMEM;
	a->party = m.at;
	return store_each_related(s, word, true, SIEVE_RELATED, mark_number, &m);
}

static bool among(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == n && strncmp(p, name, n) == 0)
			return true;
	return false;
}

static int prepare(struct asked *a, struct store *s)
{
	const struct sieve *v = a->v;
	int rc = mark_subjects(a);

	for (u32 i = 0; i < v->rule_count; i++)
		a->rule[i] = !a->ask->takes_rule || a->ask->takes_rule(a->ask->to, v->rules[i]);
	for (u32 i = 0; i < v->kind_count; i++)
		a->kind[i] = !a->ask->kinds || among(a->ask->kinds, v->kinds[i]);
	a->zone = zone_word(a);
	if (rc == 0)
		rc = mark_words(a);
	if (rc == 0)
		rc = mark_run(a, s);
	if (rc == 0)
		rc = mark_related(a, s);
	return rc ? rc : mark_parties(a, s);
}

static void asked_free(struct asked *a)
{
	free(a->word);
	free(a->subject);
	free(a->number);
	free(a->party);
	free(a);
}

/* ---- the walk ---- */

static u8 state_of(const struct asked *a, const struct sieve_entry *e)
{
	const struct sieve_held *c;

	if (e->incident == 0 || e->incident >= a->v->case_room)
		return INCIDENT_STATE_COUNT;
	c = &a->v->cases[e->incident];
	return marking_allows(c->marking, a->clearance) ? c->is.state : INCIDENT_STATE_COUNT;
}

/* What has no facet: all of it, or the finding is not looked at any further. */
static bool passes(const struct asked *a, u32 i, u8 state)
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

static unsigned fails(const struct asked *a, const struct sieve_entry *e, u8 state)
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

static const char *key_text(const struct asked *a, const struct sieve_entry *e)
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

static int entries_order(const struct asked *a, const struct sieve_entry *x,
			 const struct sieve_entry *y)
{
	const struct sieve_rank rx = rank_of(x), ry = rank_of(y);

	return order(a->ask->order, &rx, key_text(a, x), &ry, key_text(a, y));
}

static bool is_behind(const struct asked *a, const struct sieve_entry *e)
{
	const struct sieve_key *after = a->ask->after;
	const struct sieve_rank r = rank_of(e);

	return after == NULL ||
	       order(a->ask->order, &after->rank, after->text, &r, key_text(a, e)) < 0;
}

/* The first `most` entries so far, the last of them on top: a heap. */
struct page { const struct asked *a; u32 *at, count, most; };

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

static void look_at(struct asked *a, u32 i, struct sieve_found *f, struct page *p)
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

static void fill_page(const struct asked *a, struct page *p, struct sieve_found *f)
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
static int walk(struct asked *a, struct sieve_found *f)
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

static struct asked *asked_new(const struct sieve *v, struct gate *g,
			       const struct sieve_ask *ask)
{
	struct asked *a = calloc(1, sizeof *a);

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
	struct asked *a;
	int rc = sieve_refresh(v, g->store);

	must(ask->limit <= SIEVE_PAGE_MAX);
	memset(ret, 0, sizeof *ret);
	if (rc)
		return rc;
	pthread_rwlock_rdlock(&v->lock);
	a = asked_new(v, g, ask);
	rc = a ? prepare(a, g->store) : -ENOMEM;
	if (rc == 0)
		rc = walk(a, ret);
	if (a)
		asked_free(a);
	pthread_rwlock_unlock(&v->lock);
	return rc;
}

static void hand_over(const struct asked *a, const struct sieve_entry *e, u8 state,
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
	struct asked *a;
	int rc = sieve_refresh(v, g->store);

	if (rc)
		return rc;
	pthread_rwlock_rdlock(&v->lock);
	a = asked_new(v, g, ask);
	rc = a ? prepare(a, g->store) : -ENOMEM;
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
