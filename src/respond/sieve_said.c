/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_said.c - what sentences say, taken apart so that words of them are found; see sieve.h.
 *
 *   "192.0.2.7 asked for 353 domains that do not exist; 97 % of them look made."
 *   plain    "\1 asked for \1 domains that do not exist; \1 % of them look made."   once
 *   shown    the same, and so in every other language                               once
 *   values   "192.0.2.7" "353" "97"        each text once; of each finding its numbers
 *
 * There are some hundred plain sentences however many findings there are: a word is looked for
 * in each of them once, in each value once, and the walk compares numbers. A value is a word
 * that holds a digit, or a point or its like inside, or is the subject or zone itself (which
 * are searched anyway, and not kept again). What surrounds it, quotes and commas, stays with
 * the plain sentence.
 *
 * Plain words may be an outsider's ("localhost"): past SAID_PLAINS of them a sentence is all
 * values. Cost: some 0.4 us a sentence; 8 octets a finding and 4 for each value. */
#include "respond/sieve_own.h"
#include "base/tongue.h"

#define VALUES_MOST 60u		/* of a sentence; those behind are not found */
#define VALUE_HERE '\1'
#define LAST (1u << 31)		/* the last value of a sentence */
#define DEAD_MOST 65536u	/* entries of the list that nobody has any more */

enum { AROUND = 1, INSIDE = 2, DIGIT = 4 };
static const u8 kinds[256] = {
	['.'] = AROUND | INSIDE, [':'] = AROUND | INSIDE, ['/'] = INSIDE, ['@'] = INSIDE,
	['_'] = INSIDE, [' '] = AROUND, [','] = AROUND, [';'] = AROUND, ['!'] = AROUND,
	['?'] = AROUND, ['('] = AROUND, [')'] = AROUND, ['['] = AROUND, [']'] = AROUND,
	['{'] = AROUND, ['}'] = AROUND, ['"'] = AROUND, ['\''] = AROUND, ['<'] = AROUND,
	['>'] = AROUND, ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
};

size_t said_core(const char *word, size_t n, size_t *from)
{
	size_t at = 0;

	while (at < n && kinds[(u8)word[at]] & AROUND)
		at++;
	while (n > at && kinds[(u8)word[n - 1]] & AROUND)
		n--;
	*from = at;
	return n - at;
}

/* Has it a digit, or what names, addresses and times have inside? The core of a word. */
static bool looks_like_value(const char *word, size_t n)
{
	unsigned all = 0;

	for (size_t i = 0; i < n; i++)
		all |= kinds[(u8)word[i]];
	return all & (DIGIT | INSIDE);
}

/* A sentence that is being taken apart, in lower case. */
struct cut {
	const struct sentence *of;
	char low[FINDING_SENTENCE_MAX + 1], plain[2 * FINDING_SENTENCE_MAX];
	size_t len;		/* of the plain sentence */
	u32 values[VALUES_MOST], count;
};

static void add_plain(struct cut *c, const char *text, size_t n)
{
	n = min_u64(n, sizeof c->plain - 1 - c->len);
	memcpy(c->plain + c->len, text, n);
	c->len += n;
}

static bool is_text(const char *text, const char *word, size_t n)
{
	return text[0] == word[0] && strncmp(text, word, n) == 0 && text[n] == 0;
}

/* values NULL: they are left out. */
static int add_value(struct cut *c, struct texts *values, char *word, size_t n)
{
	char end = word[n];
	int rc;

	if (values == NULL || c->count == VALUES_MOST)
		return 0;
	word[n] = 0;
	rc = texts_add(values, word, &c->values[c->count]);
	word[n] = end;
	c->count += rc == 0;
	return rc;
}

/* One word with what is around it. all: it is a value, whatever it looks like. */
static int cut_word(struct cut *c, struct texts *values, char *word, size_t n, bool all)
{
	size_t from, len = said_core(word, n, &from);
	bool known = is_text(c->of->subject, word + from, len) ||
		     is_text(c->of->zone, word + from, len);
	int rc = 0;

	if (len == 0 || (!known && !all && !looks_like_value(word + from, len))) {
		add_plain(c, word, n);
	} else {
		add_plain(c, word, from);
		add_plain(c, &(const char){ VALUE_HERE }, 1);
		add_plain(c, word + from + len, n - from - len);
		if (!known)
			rc = add_value(c, values, word + from, len);
	}
	add_plain(c, " ", 1);
	return rc;
}

static int cut_all(struct cut *c, struct texts *values, const char *text, bool all)
{
	size_t n = strnlen(text, sizeof c->low - 1), to;
	int rc = 0;

	c->len = c->count = 0;
	for (size_t i = 0; i < n; i++)
		c->low[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 32) : text[i];
	c->low[n] = ' ';
	for (size_t at = 0; at < n && rc == 0; at = to + 1) {
		for (to = at; c->low[to] != ' ';)
			to++;
		if (to > at)
			rc = cut_word(c, values, c->low + at, to - at, all);
	}
	c->plain[c->len] = 0;
	return rc;
}

/* The plain sentence in every language, of the first finding that has it. */
static int show(struct said *s, struct cut *c, u32 *ret)
{
	char *shown = malloc(FINDING_SENTENCE_MAX * 2 * (1 + SAID_TONGUES) + SAID_TONGUES + 1);
	char again[FINDING_SENTENCE_MAX];
	size_t n = c->len;
	int rc = 0;

	if (shown == NULL)
		return -ENOMEM;
	memcpy(shown, c->plain, n + 1);
	for (unsigned i = 0; i < SAID_TONGUES && tongues[i].lang && rc == 0; i++) {
		say_anew_to(&tongues[i], c->of->text, again, sizeof again);
		rc = cut_all(c, NULL, again, false);
		shown[n++] = '\n';
		memcpy(shown + n, c->plain, c->len + 1);
		n += c->len;
	}
	if (rc == 0)
		rc = texts_add(&s->shown, shown, ret);
	free(shown);
	return rc;
}

/* The number of what is shown of the plain sentence; 0 when there are too many. */
static int shown_number(struct said *s, struct cut *c, u32 *ret)
{
	u32 number;
	int rc;

	*ret = 0;
	if (s->plain.count == SAID_PLAINS && !texts_have(&s->plain, c->plain))
		return 0;
	rc = texts_add(&s->plain, c->plain, &number);
	if (rc == 0 && s->shown_of[number] == 0)
		rc = show(s, c, &s->shown_of[number]);
	if (rc == 0)
		*ret = s->shown_of[number];
	return rc;
}

static int grow(struct said *s, size_t n)
{
	size_t room = max_u64(s->room * 2, s->count + n + 4096);
	u32 *list;

	if (s->count + n <= s->room)
		return 0;
	if (room >= SAID_NONE || (list = reallocarray(s->list, room, sizeof *list)) == NULL)
		return room >= SAID_NONE ? OOPS_LIMIT : -ENOMEM;
	s->list = list;
	s->room = room;
	return 0;
}

static int put_values(struct said *s, const u32 *values, u32 count, u32 *ret)
{
	int rc = grow(s, count);

	if (rc)
		return rc;
	*ret = count ? (u32)s->count : SAID_NONE;
	for (u32 i = 0; i < count; i++)
		s->list[s->count++] = values[i] | (i + 1 == count ? LAST : 0);
	return 0;
}

int said_add(struct said *s, const struct sentence *of, u32 *plain, u32 *values)
{
	struct cut c = { .of = of };
	u32 kept[VALUES_MOST], count;
	int rc = s->shown.count ? 0 : texts_add(&s->shown, "", plain);	/* number 0 */

	if (rc == 0)
		rc = cut_all(&c, &s->values, of->text, false);
	if (rc)
		return rc;
	memcpy(kept, c.values, c.count * sizeof *kept);
	count = c.count;
	rc = shown_number(s, &c, plain);
	if (rc || *plain)
		return rc ? rc : put_values(s, kept, count, values);
	rc = cut_all(&c, &s->values, of->text, true);
	return rc ? rc : put_values(s, c.values, c.count, values);
}

void said_drop(struct said *s, u32 values)
{
	if (values == SAID_NONE)
		return;
	while (s->dead++, !(s->list[values++] & LAST))
		;
}

bool said_is_wasteful(const struct said *s)
{
	return s->dead > DEAD_MOST && s->dead > s->count / 2;
}

int said_tidy(struct said *s, u32 *values, u32 count)
{
	struct said old = *s;
	int rc = 0;

	s->list = NULL;
	s->count = s->room = 0;
	if ((rc = grow(s, old.count - old.dead))) {
		*s = old;
		return rc;
	}
	for (u32 i = 0; i < count; i++) {
		u32 at = values[i];

		if (at == SAID_NONE)
			continue;
		values[i] = (u32)s->count;
		while (s->list[s->count++] = old.list[at], !(old.list[at++] & LAST))
			;
	}
	s->dead = 0;
	free(old.list);
	return 0;
}

u8 said_missing(const struct said *s, u32 values, const u8 *marks, u8 wanted)
{
	const u32 *p = s->list + values;

	if (values == SAID_NONE)
		return wanted;
	do
		wanted &= (u8)~marks[*p & ~LAST];
	while (wanted && !(*p++ & LAST));
	return wanted;
}

void said_free(struct said *s)
{
	texts_free(&s->plain);
	texts_free(&s->shown);
	texts_free(&s->values);
	free(s->list);
}
