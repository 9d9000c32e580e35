/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tongue_again.c - sentences that were filled in already, in another language.
 *
 *   stored   "a.example has 3 name servers, more than 2."
 *   format   "%s has %u name servers, more than %llu."
 *   values    a.example  3  2
 *   said     "a.example tiene 3 servidores de nombres, más de 2."
 *
 * The formats are the messages of the catalogue that hold conversions: tried from the one
 * with most text of its own down, so that the first that fits says most. A value that is a
 * phrase of ours is said again itself, and numbers are written as the language does.
 *
 * Values are texts of outsiders. They may hold what looks like our words; then the sentence
 * is cut at other places, and still every octet of it is in the result. Which (piece, place)
 * led nowhere is remembered, so that the work is bounded by their product. */
#include "base/tongue_own.h"
#include "base/buf.h"
#include "base/plain.h"
#include <ctype.h>
#include <pthread.h>

#define PIECES_MAX 40u
#define VALUES_MAX 16u
#define SENTENCE_MAX 1024u	/* longer ones stay English */
#define FORMATS_MAX 2048u
#define BETWEEN "; "
#define SURE 8u			/* octets of our own that show that a text is ours */
#define DEEP 4u			/* phrases within phrases */

enum kind { LITERAL, TEXT, WHOLE, REAL };

struct piece {
	const char *at;		/* of LITERAL */
	size_t len;
	enum kind kind;
	unsigned value;		/* which of them, from 0 */
};

struct format {
	struct piece pieces[PIECES_MAX];
	unsigned count, values;
	size_t own;		/* octets of LITERAL */
};

/* ---- formats ---- */

/* What a conversion's letter takes; LITERAL for what no sentence has. */
static enum kind kind_of(char c)
{
	if (c == 's')
		return TEXT;
	if (strchr("diuxXo", c))
		return WHOLE;
	return strchr("fgeG", c) ? REAL : LITERAL;
}

/* The conversion behind a '%', at p: past it, or NULL. */
static const char *conversion(struct format *f, struct piece *ret, const char *p)
{
	char *end;
	unsigned long which = strtoul(p, &end, 10);

	ret->value = f->values;
	if (*end == '$' && which >= 1 && which <= VALUES_MAX) {
		ret->value = (unsigned)which - 1;
		p = end + 1;
	}
	p += strspn(p, "-+ #*0123456789.lhzjt");
	ret->kind = *p ? kind_of(*p) : LITERAL;
	if (ret->kind == LITERAL || f->values == VALUES_MAX)
		return NULL;
	f->values++;
	return p + 1;
}

/* False for what is too long, or has a conversion that is not for sentences. */
static bool take_apart(struct format *f, const char *text)
{
	f->count = f->values = 0;
	f->own = 0;
	while (*text) {
		struct piece *x = &f->pieces[f->count];

		if (f->count++ == PIECES_MAX)
			return false;
		*x = (struct piece){ .at = text, .kind = LITERAL };
		if (*text != '%') {
			text += x->len = strcspn(text, "%");
		} else if (text[1] == '%') {
			text += 2;
			x->len = 1;
		} else if ((text = conversion(f, x, text + 1)) == NULL) {
			return false;
		}
		f->own += x->len;
	}
	return true;
}

/* The formats of each tongue, most text of their own first; made once. A message that goes by
 * number is two: "%u zone", "%u zones". */
struct ranked { size_t own; u16 at; bool many; };
struct formats { struct ranked at[FORMATS_MAX]; u32 count; };
static struct formats formats[TONGUES_MAX];
static pthread_once_t formats_made = PTHREAD_ONCE_INIT;

static int by_own(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->own != y->own)
		return x->own < y->own ? 1 : -1;
	return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : x->many - y->many;
}

/* Has a message a form for one and one for many? */
static bool is_numbered(const struct tongue_message *m)
{
	return strlen(m->text) < m->text_len;
}

static void add_format(struct formats *to, const char *english, struct ranked rank)
{
	struct format f;

	if (to->count == FORMATS_MAX || !strchr(english, '%') || strchr(english, '\n') ||
	    !take_apart(&f, english) || f.values == 0 || f.own == 0)
		return;
	rank.own = f.own;
	to->at[to->count++] = rank;
}

static void formats_of(const struct tongue *t, struct formats *to)
{
	for (u32 i = 0; i < tongue_count(t) && i < UINT16_MAX; i++) {
		struct tongue_message m = tongue_message(t, i);

		add_format(to, m.id, (struct ranked){ .at = (u16)i });
		if (is_numbered(&m))
			add_format(to, m.id + strlen(m.id) + 1,
				   (struct ranked){ .at = (u16)i, .many = true });
	}
	qsort(to->at, to->count, sizeof to->at[0], by_own);
}

static void formats_make(void)
{
	for (const struct tongue *t = tongues; t->lang && tongue_index(t) < TONGUES_MAX; t++)
		formats_of(t, &formats[tongue_index(t)]);
}

/* ---- a sentence against a format ---- */

struct value { const char *at; size_t len; };

struct match {
	const struct format *f;
	const char *text;
	size_t len;
	struct value values[VALUES_MAX];
	u8 dead[PIECES_MAX][SENTENCE_MAX / 8 + 1];	/* (piece, place) that led nowhere */
};

static bool matches(struct match *m, unsigned piece, size_t at);

/* Octets at p that can be a number of that kind; "nan" and "inf" are reals too. */
static size_t number_span(enum kind kind, const char *p)
{
	if (kind == WHOLE)
		return strspn(p, "-0123456789abcdefABCDEF");
	return strspn(p, "-+0123456789.einfa");
}

static bool takes(struct match *m, unsigned piece, size_t at, size_t len)
{
	m->values[m->f->pieces[piece].value] = (struct value){ m->text + at, len };
	return matches(m, piece + 1, at + len);
}

/* A value here: texts from the shortest, numbers from the longest. */
static bool value_matches(struct match *m, unsigned piece, size_t at)
{
	const struct piece *x = &m->f->pieces[piece];

	if (x->kind != TEXT) {
		for (size_t n = number_span(x->kind, m->text + at); n > 0; n--)
			if (takes(m, piece, at, n))
				return true;
		return false;
	}
	if (piece + 1 == m->f->count)
		return takes(m, piece, at, m->len - at);
	for (size_t n = 0; at + n <= m->len; n++)
		if (takes(m, piece, at, n))
			return true;
	return false;
}

static bool matches(struct match *m, unsigned piece, size_t at)
{
	const struct piece *x = &m->f->pieces[piece];

	if (piece == m->f->count)
		return at == m->len;
	if (x->kind == LITERAL)
		return m->len - at >= x->len && memcmp(m->text + at, x->at, x->len) == 0 &&
			matches(m, piece + 1, at + x->len);
	if (m->dead[piece][at / 8] >> (at % 8) & 1)
		return false;
	if (value_matches(m, piece, at))
		return true;
	m->dead[piece][at / 8] |= (u8)(1u << (at % 8));
	return false;
}

/* A quick no: the text does not begin or end as the format does. */
static bool may_match(const struct format *f, const char *text, size_t len)
{
	const struct piece *first = &f->pieces[0], *last = &f->pieces[f->count - 1];

	if (len < f->own)
		return false;
	if (first->kind == LITERAL && memcmp(text, first->at, first->len) != 0)
		return false;
	return last->kind != LITERAL ||
		memcmp(text + len - last->len, last->at, last->len) == 0;
}

/* ---- saying it ---- */

static bool again(struct buf *out, const struct tongue *t, const char *text, unsigned deep,
		  size_t least);

static void say_value(struct buf *out, const struct tongue *t, const struct match *m,
		      const struct piece *x, unsigned deep)
{
	char text[SENTENCE_MAX + 1];
	struct value v = x->value < m->f->values ? m->values[x->value] : (struct value){ 0 };

	if (v.at == NULL)
		return;
	memcpy(text, v.at, v.len);
	text[v.len] = 0;
	if (deep < DEEP && x->kind == TEXT)
		again(out, t, text, deep + 1, 0);
	else
		say_number(out, t, text);
}

/* The translated format with the values that were found. */
static void fill(struct buf *out, const struct tongue *t, const struct match *m,
		 const char *translated, unsigned deep)
{
	struct format f;

	if (!take_apart(&f, translated)) {
		buf_add(out, m->text, m->len);
		return;
	}
	for (unsigned i = 0; i < f.count; i++)
		if (f.pieces[i].kind == LITERAL)
			buf_add(out, f.pieces[i].at, f.pieces[i].len);
		else
			say_value(out, t, m, &f.pieces[i], deep);
}

/* The number that a sentence goes by: its first. */
static u64 number_of(const struct match *m)
{
	u64 n = 0;

	for (unsigned i = 0; i < m->f->values; i++) {
		const struct value *v = &m->values[i];
		size_t at = 0;

		for (n = 0; at < v->len && (isdigit((u8)v->at[at]) || v->at[at] == ','); at++)
			n = v->at[at] == ',' ? n : 10 * n + (u64)(v->at[at] - '0');
		if (at && at == v->len)
			break;
	}
	return n;
}

/* What the English that matched is in that tongue. */
static const char *translated(const struct tongue *t, const struct match *m,
			      const struct tongue_message *x, bool many)
{
	return is_numbered(x) ? say_many(t, x->id, x->id, many ? number_of(m) : 1) : x->text;
}

/* True when a format with so much text of its own fitted and the sentence was said. */
struct own { size_t least, below; };
static bool by_format(struct buf *out, const struct tongue *t, const char *text,
		      unsigned deep, struct own own)
{
	const struct formats *known = &formats[tongue_index(t)];
	size_t len = strlen(text);
	struct match *m = NULL;
	struct format f;
	bool done = false;

	if (tongue_index(t) >= TONGUES_MAX || len == 0 || len > SENTENCE_MAX)
		return false;
	pthread_once(&formats_made, formats_make);
	for (u32 i = 0; i < known->count && !done; i++) {
		const struct ranked *is = &known->at[i];
		struct tongue_message x = tongue_message(t, is->at);
		const char *english = is->many ? x.id + strlen(x.id) + 1 : x.id;

		if ((*english != '%' && *english != *text) || is->own < own.least ||
		    is->own >= own.below ||
		    !take_apart(&f, english) || !may_match(&f, text, len))
			continue;
		if (m == NULL && (m = malloc(sizeof *m)) == NULL)
			break;
		memset(m, 0, sizeof *m);
		m->f = &f;
		m->text = text;
		m->len = len;
		if ((done = matches(m, 0, 0)))
			fill(out, t, m, translated(t, m, &x, is->many), deep);
	}
	free(m);
	return done;
}

/* Digits in groups of three with commas, then perhaps decimals; or only decimals. */
static bool is_number(const char *p)
{
	size_t n = strspn(p, "0123456789");
	bool grouped = false;

	if (n == 0)
		return false;
	for (p += n; *p == ',' && n <= 3; p += 4, grouped = true)
		if (strspn(p + 1, "0123456789") != 3)
			return false;
	if (*p == '.' && isdigit((u8)p[1]))
		p += 1 + strspn(p + 1, "0123456789"), grouped = true;
	if (*p == ' ')		/* a unit: "1.4 MB" */
		p += 1 + strspn(p + 1, "kMGTBbits%");
	else if (strcmp(p, "s") == 0)	/* "1.0s" */
		p++;
	return grouped && *p == 0;
}

/* A value that is a word or phrase of ours. Those of one word are looked up among words that
 * stand in sentences only: a domain may be called "zone". */
static const char *phrase(const struct tongue *t, const char *text)
{
	static const char *const contexts[] = { "phrase", "severity", "state", "abuse", "letter" };
	const char *said = text;

	for (size_t i = 0; i < COUNT(contexts) && said == text; i++)
		said = say_of(t, contexts[i], text);
	return said == text && strchr(text, ' ') ? say_in(t, text) : said;
}

/* What stands between a head and the rest: ": ", in French with a blank before. */
static void put_colon(struct buf *out, const struct tongue *t)
{
	const char *from = strchr(say_in(t, "%.120s: %.200s"), 's') + 1;

	buf_add(out, from, strcspn(from, "%"));
}

/* What stands between two sentences: "; ", in French with a blank before. */
static void put_between(struct buf *out, const struct tongue *t)
{
	const char *from = say_of(t, "help", "; default %s");

	buf_add(out, from, strcspn(from, ";") + strlen(BETWEEN));
}

/* "Data channel through the DNS: a.example", "a.csv: this is no table": what stands before the
 * colon, or behind it, is surely ours; the other is left as it is. */
static bool by_head(struct buf *out, const struct tongue *t, const char *text, unsigned deep)
{
	const char *colon = strstr(text, ": "), *said;
	const size_t n = colon ? (size_t)(colon - text) : 0;
	struct buf rest = { 0 };
	char head[200];
	bool ours;

	if (n == 0 || n >= sizeof head || deep >= DEEP)
		return false;
	memcpy(head, text, n);
	head[n] = 0;
	said = n >= SURE ? say_in(t, head) : head;
	ours = again(&rest, t, colon + 2, deep + 1, SURE);
	if (ours || said != head) {
		buf_text(out, said);
		put_colon(out, t);
		buf_text(out, ours ? buf_str(&rest) : colon + 2);
	}
	buf_free(&rest);
	return ours || said != head;
}

/* "Nobody is left. Two moved.": where the next sentence begins; NULL in the last. */
static char *next_sentence(char *text)
{
	char *end = strstr(text, ". ");

	return end && (isupper((u8)end[2]) || isdigit((u8)end[2])) ? end + 2 : NULL;
}

/* Sentences that were made one by one: all surely ours, or nothing is said. */
static bool by_sentences(struct buf *out, const struct tongue *t, const char *text, unsigned deep)
{
	char *all = deep == 0 && strstr(text, ". ") ? strdup(text) : NULL, *next;
	struct buf said = { 0 };
	bool ours = all && next_sentence(all);

	for (char *p = all; p && ours; p = next) {
		if ((next = next_sentence(p)))
			next[-1] = 0;
		ours = again(&said, t, p, deep + 1, SURE);
		if (next)
			buf_byte(&said, ' ');
	}
	if (ours)
		buf_text(out, buf_str(&said));
	buf_free(&said);
	free(all);
	return ours;
}

/* True when it was known. Formats with much text of their own go before a head, and that before
 * formats with little, which fit too much. */
static bool again(struct buf *out, const struct tongue *t, const char *text, unsigned deep,
		  size_t least)
{
	const struct own much = { least > SURE ? least : SURE, SIZE_MAX }, little = { least, SURE };
	const char *said;

	if (*text == 0)
		return true;
	said = deep ? phrase(t, text) : say_in(t, text);
	if (said != text) {
		buf_text(out, said);
		return true;
	}
	if (!is_number(text) && strchr(text, ' ') && (by_sentences(out, t, text, deep) ||
	    by_format(out, t, text, deep, much) ||
	    by_head(out, t, text, deep) ||
	    (least < SURE && by_format(out, t, text, deep, little))))
		return true;
	say_number(out, t, text);
	return false;
}

bool say_anew(struct buf *out, const struct tongue *t, const char *sentence)
{
	if (t)
		return again(out, t, sentence, 0, 0);
	buf_text(out, sentence);
	return true;
}

/* The shortest beginning that is known and ends at a BETWEEN or the end: its octets; 0 = none. */
static size_t say_first(struct buf *out, const struct tongue *t, char *text)
{
	for (char *end = text; *end; ) {
		struct buf said = { 0 };
		char keep;
		bool known;

		end = strstr(end + (end > text), BETWEEN);
		end = end ? end : text + strlen(text);
		keep = *end;
		*end = 0;
		known = again(&said, t, text, 0, SURE);
		*end = keep;
		if (known)
			buf_text(out, buf_str(&said));
		buf_free(&said);
		if (known)
			return (size_t)(end - text);
	}
	return 0;
}

void say_stored(struct buf *out, const struct tongue *t, const char *sentences)
{
	const char *whole = say_in(t, sentences);
	char *all = t && whole == sentences ? strdup(sentences) : NULL, *p = all;

	while (p && *p) {
		size_t n = say_first(out, t, p);
		const bool known = n > 0;

		if (!known) {
			const char *next = strstr(p, BETWEEN);

			n = next ? (size_t)(next - p) : strlen(p);
			buf_add(out, p, n);
		}
		p += n;
		if (*p) {
			if (known)
				put_between(out, t);
			else
				buf_text(out, BETWEEN);
			p += strlen(BETWEEN);
		}
	}
	if (all == NULL)
		buf_text(out, whole);
	free(all);
}

char *say_anew_to(const struct tongue *t, const char *sentence, char *to, size_t size)
{
	struct buf all = { 0 };
	size_t n;

	say_anew(&all, t, sentence);
	n = all.len < size ? all.len : size - 1;
	while (n < all.len && n > 0 && ((u8)all.at[n] & 0xc0) == 0x80)
		n--;
	memcpy(to, buf_str(&all), n);
	to[n] = 0;
	buf_free(&all);
	return to;
}

void say_number(struct buf *out, const struct tongue *t, const char *number)
{
	if (t == NULL || !is_number(number + (*number == '-'))) {
		buf_text(out, number);
		return;
	}
	for (; *number; number++)
		if (*number == ',' || *number == ' ')
			buf_text(out, "\u00a0");
		else
			buf_byte(out, (u8)(*number == '.' ? ',' : *number));
}

char *say_number_to(const struct tongue *t, char *number, size_t size)
{
	struct buf said = { 0 };

	say_number(&said, t, number);
	if (said.len < size)
		memcpy(number, buf_str(&said), said.len + 1);
	buf_free(&said);
	return number;
}
