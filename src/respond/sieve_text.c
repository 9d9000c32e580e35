/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_text.c - what of a question depends on texts, runs and parties, decided once for each
 * distinct text, rule and entry, before the walk; see sieve.h. */
#include "respond/sieve_own.h"
#include "store/read.h"

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

/* The text that an octet of the pool is in, at or behind text `from`: in steps that double,
 * then by halves, as what is looked for is near more often than not. */
static u32 word_at(const struct texts *w, u32 from, size_t octet)
{
	u32 step = 1, to;

	while (from + step < w->count && w->offsets[from + step] <= octet) {
		from += step;
		step *= 2;
	}
	to = (u32)min_u64((u64)from + step, w->count);
	while (to - from > 1) {
		u32 middle = from + (to - from) / 2;

		if (w->offsets[middle] <= octet)
			from = middle;
		else
			to = middle;
	}
	return from;
}

/* Sets the bit of each text that holds the part: one search over the pool. The bit, or 0 when
 * there is none. */
static u8 mark_holding(const struct texts *w, const char *part, size_t n, u8 bit, u8 *marks)
{
	const char *end = w->at + w->len, *p = w->at;
	u8 any = 0;
	u32 at = 0;

	while (p && p < end && (p = memmem(p, (size_t)(end - p), part, n))) {
		at = word_at(w, at, (size_t)(p - w->at));
		marks[at] |= bit;
		any = bit;
		p = at + 1 < w->count ? w->at + w->offsets[at + 1] : end;
	}
	return any;
}

static size_t word_len(const struct texts *w, u32 at)
{
	return (at + 1 < w->count ? w->offsets[at + 1] : w->len) - w->offsets[at] - 1;
}

static bool is_under(const char *name, size_t n, const char *domain, size_t len)
{
	return n >= len && memcmp(name + n - len, domain, len) == 0 &&
	       (n == len || name[n - len - 1] == '.');
}

/* Texts of the conditions, in lower case, with their lengths. */
struct wanted {
	char subject[FINDING_SUBJECT_MAX], begins[FINDING_SUBJECT_MAX],
		under[FINDING_SUBJECT_MAX];
	size_t subject_len, begins_len, under_len;
};

static bool subject_may(const struct sieve_ask *ask, const struct wanted *w, const char *is,
			size_t n)
{
	if (ask->subject && (n != w->subject_len || memcmp(is, w->subject, n)))
		return false;
	if (ask->begins && (n < w->begins_len || memcmp(is, w->begins, w->begins_len)))
		return false;
	return !ask->under || is_under(is, n, w->under, w->under_len);
}

static size_t lower_if(const char *text, char to[FINDING_SUBJECT_MAX])
{
	return text ? lower(text, strlen(text), to) : 0;
}

static void mark_exact(struct sieve_asked *a)
{
	const struct texts *w = &a->v->words;
	const struct sieve_ask *ask = a->ask;
	struct wanted wanted;
	u32 at;

	wanted.subject_len = lower_if(ask->subject, wanted.subject);
	wanted.begins_len = lower_if(ask->begins, wanted.begins);
	wanted.under_len = lower_if(ask->under, wanted.under);
	if (ask->subject) {	/* one text at most */
		if (texts_find(w, wanted.subject, &at))
			a->subject[at] = subject_may(ask, &wanted, word(w, at), word_len(w, at));
		return;
	}
	for (u32 i = 0; i < w->count; i++)
		a->subject[i] = subject_may(ask, &wanted, w->at + w->offsets[i], word_len(w, i));
}

static int mark_subjects(struct sieve_asked *a)
{
	const struct texts *w = &a->v->words;
	const struct sieve_ask *ask = a->ask;
	char text[FINDING_SUBJECT_MAX];
	u8 *holds;

	if (!ask->subject && !ask->begins && !ask->holds && !ask->under)
		return 0;
	if ((a->subject = calloc(w->count + 1ull, 1)) == NULL)
		return -ENOMEM;
	if (!ask->holds || ask->subject || ask->begins || ask->under)
		mark_exact(a);
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

static bool has_text(const struct sieve_ask *ask)
{
	return ask->text && ask->text[strspn(ask->text, " ")];
}

/* A word of the question in lower case, without what is around it: its length. */
static size_t word_of(const char *p, char word[FINDING_SUBJECT_MAX])
{
	size_t n = lower(p, strcspn(p, " "), word), from, len = said_core(word, n, &from);

	if (len == 0)	/* nothing but stops: they are what is meant */
		return n;
	memmove(word, word + from, len);
	word[len] = 0;
	return len;
}

/* Everything that the word stands in: texts, sentences, rules. */
static void mark_word(struct sieve_asked *a, const char *word, size_t n, u8 bit)
{
	const struct sieve *v = a->v;
	const struct sieve_ask *ask = a->ask;

	a->words |= bit;
	mark_holding(&v->words, word, n, bit, a->word);
	mark_holding(&v->said.shown, word, n, bit, a->plain);
	a->valued |= mark_holding(&v->said.values, word, n, bit, a->value);
	for (u32 r = 0; r < v->rule_count; r++)
		if (strcasestr(v->rules[r], word) ||
		    (ask->rule_says && ask->rule_says(ask->to, v->rules[r], word)))
			a->rule_word[r] |= bit;
}

static int mark_words(struct sieve_asked *a)
{
	const struct sieve *v = a->v;
	const char *p = a->ask->text;
	char word[FINDING_SUBJECT_MAX];

	if (!has_text(a->ask))
		return 0;
	a->word = calloc(v->words.count + 1ull, 1);
	a->plain = calloc(v->said.shown.count + 1ull, 1);
	a->value = calloc(v->said.values.count + 1ull, 1);
	if (a->word == NULL || a->plain == NULL || a->value == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < SIEVE_WORDS && *(p += strspn(p, " ")); i++, p += strcspn(p, " "))
		mark_word(a, word, word_of(p, word), (u8)(1u << i));
	return 0;
}

static u32 zone_word(const struct sieve_asked *a)
{
	char text[FINDING_SUBJECT_MAX];
	u32 at;

	if (a->ask->zone == NULL)
		return UINT32_MAX;
	lower(a->ask->zone, strlen(a->ask->zone), text);
	return texts_find(&a->v->words, text, &at) ? at
	       : UINT32_MAX - 1;	/* no text has this number */
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
static void both(struct sieve_asked *a, u8 *one)
{
	if (a->number) {
		for (u32 i = 0; i < a->v->count; i++)
			one[i] &= a->number[i];
		free(a->number);
	}
	a->number = one;
}

static int mark_run(struct sieve_asked *a, struct store *s)
{
	u8 *of;
	int rc;

	if (a->ask->run == 0)
		return 0;
	if ((of = calloc(a->v->count + 1ull, 1)) == NULL)
		return -ENOMEM;
	rc = sieve_mark_run(a->v, s, a->ask->run, of);
	both(a, of);
	return rc;
}

static int mark_related(struct sieve_asked *a, struct store *s)
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
static int mark_parties(struct sieve_asked *a, struct store *s)
{
	struct marking_numbers m = { a->v, NULL };
	char word[FINDING_SUBJECT_MAX];
	const char *p = a->ask->text;
	size_t n;

	if (a->words != 1)
		return 0;
	n = word_of(p + strspn(p, " "), word);
	if (n < 3)
		return 0;
	if ((m.at = calloc(a->v->count + 1ull, 1)) == NULL)
		return -ENOMEM;
	a->party = m.at;
	return store_each_related(s, word, true, SIEVE_RELATED, mark_number, &m);
}

/* ---- words in order ---- */

static int by_word(const void *a, const void *b, void *of)
{
	const struct sieve *v = of;

	return strcmp(sieve_word(v, *(const u32 *)a), sieve_word(v, *(const u32 *)b));
}

/* The new ones are sorted, and merged from behind with those that were in order. */
static void merge_words(struct sieve *v, u32 old, u32 all)
{
	u32 fresh = all - old, to = all, *from;

	from = v->rank;		/* room for a while */
	for (u32 i = 0; i < fresh; i++)
		from[i] = old + i;
	qsort_r(from, fresh, sizeof *from, by_word, v);
	while (fresh) {
		if (old && strcmp(sieve_word(v, v->sorted[old - 1]),
				  sieve_word(v, from[fresh - 1])) > 0)
			v->sorted[--to] = v->sorted[--old];
		else
			v->sorted[--to] = from[--fresh];
	}
}

int sieve_rank_words(struct sieve *v)
{
	u32 all = v->words.count, *sorted, *rank;

	if (v->ranked == all)
		return 0;
	if ((sorted = reallocarray(v->sorted, all, sizeof *sorted)) == NULL)
		return -ENOMEM;
	v->sorted = sorted;
	if ((rank = reallocarray(v->rank, all, sizeof *rank)) == NULL)
		return -ENOMEM;
	v->rank = rank;
	merge_words(v, v->ranked, all);
	for (u32 i = 0; i < all; i++)
		v->rank[v->sorted[i]] = i;
	v->ranked = all;
	return 0;
}

u64 sieve_rank_of(const struct sieve *v, const char *text)
{
	u32 from = 0, to = v->ranked;

	while (from < to) {
		u32 middle = from + (to - from) / 2;

		if (strcmp(sieve_word(v, v->sorted[middle]), text) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	if (from < v->ranked && strcmp(sieve_word(v, v->sorted[from]), text) == 0)
		return 2 * (u64)from + 1;
	return 2 * (u64)from;
}

/* Of each rule: how many rules are before it. */
static void rank_rules(struct sieve_asked *a)
{
	const struct sieve *v = a->v;

	for (u32 i = 0; i < v->rule_count && a->ask->order == SIEVE_BY_RULE; i++)
		for (u32 j = 0; j < v->rule_count; j++)
			a->rule_rank[i] += strcmp(v->rules[j], v->rules[i]) < 0;
}

static bool among(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == n && strncmp(p, name, n) == 0)
			return true;
	return false;
}

/* What each value of the columns fails, and which markings may be had. */
static void prepare_values(struct sieve_asked *a)
{
	const struct sieve *v = a->v;
	const struct sieve_ask *ask = a->ask;

	for (u32 i = 0; i < v->rule_count; i++)
		if (ask->takes_rule && !ask->takes_rule(ask->to, v->rules[i]))
			a->rule[i] = BY_RULE;
	for (u32 i = 0; i < v->kind_count; i++)
		if (ask->kinds && !among(ask->kinds, v->kinds[i]))
			a->kind[i] = BY_KIND;
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		a->severity[i] = i < ask->severity ? BY_SEVERITY : 0;
	for (u8 i = 0; i < LABEL_COUNT; i++) {
		a->label[i] = ask->labels && !(ask->labels >> i & 1) ? BY_LABEL : 0;
		for (u8 j = 0; j < PAP_COUNT; j++)
			a->lets[i][j] = marking_allows((struct marking){ i, j }, a->clearance);
	}
}

int sieve_prepare(struct sieve_asked *a, struct store *s)
{
	int rc = mark_subjects(a);

	prepare_values(a);
	a->zone = zone_word(a);
	rank_rules(a);
	if (rc == 0)
		rc = mark_words(a);
	if (rc == 0)
		rc = mark_run(a, s);
	if (rc == 0)
		rc = mark_related(a, s);
	return rc ? rc : mark_parties(a, s);
}
