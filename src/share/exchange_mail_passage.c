/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_mail_passage.c - what was said where a thing is named: the sentence, though it goes
 * over lines; see exchange_mail.h.
 *
 *   Good morning. Since Monday the page      (a sentence that begins here ...
 *   hxxps://shop.example/login is phishing    <- the thing
 *   our bank. Please act.                     ... and ends here)
 *
 * A line goes on in the next when it is long, has words, ends no sentence, and the next begins
 * no item or field of a list. MAIL_PASSAGE octets at most; what is longer is cut at a word, and
 * an ellipsis says so. Cost: twice that many octets for each thing that is found. */
#include "share/exchange_mail.h"
#include "base/buf.h"
#include "model/utf8.h"
#include <ctype.h>

#define PROSE 40u	/* octets of a line that may go on */
#define BOUND (2 * MAIL_PASSAGE)	/* octets of a line that are looked at */
#define BEFORE (MAIL_PASSAGE / 2)	/* octets before the thing, at most */
#define ELLIPSIS "\u2026"

struct line { const char *at; size_t n; };

/* The line at p, without marks of quoting and blanks around it. */
static struct line line_at(const char *p)
{
	const char *end = memchr(p, '\n', strnlen(p, BOUND));
	struct line l = { p, end ? (size_t)(end - p) : strnlen(p, BOUND) };

	while (l.n && strchr("> \t", *l.at)) {
		l.at++;
		l.n--;
	}
	while (l.n && strchr(" \t\r", l.at[l.n - 1]))
		l.n--;
	return l;
}

static bool ends_sentence(const struct line *l)
{
	return l->n && strchr(".!?:", l->at[l->n - 1]) != NULL;
}

/* "- this", "3) that", "URL: something" begin something of their own. */
static bool begins_own(const struct line *l)
{
	const char *blank = memchr(l->at, ' ', l->n);

	return l->n == 0 || strchr("-*#+=|", *l->at) || isdigit((u8)*l->at) ||
	       (blank && blank > l->at && blank[-1] == ':');
}

static bool goes_on(const struct line *l, const struct line *next)
{
	return l->n >= PROSE && memchr(l->at, ' ', l->n) && !ends_sentence(l) &&
	       !begins_own(next);
}

/* NULL: there is none, or it is too long to be one. */
static const char *line_before(const char *text, const char *p)
{
	const char *end = p;

	if (p == text)
		return NULL;
	for (p--; p > text && p[-1] != '\n' && end - p < (i64)BOUND;)
		p--;
	return p == text || p[-1] == '\n' ? p : NULL;
}

/* Past the end of a sentence in n octets, the first one or the last; 0 where there is none. */
static size_t sentence_end(const char *p, size_t n, bool first)
{
	size_t found = 0;

	for (size_t i = 0; i + 2 < n && !(first && found); i++)
		if (strchr(".!?", p[i]) && p[i + 1] == ' ' &&
		    (isupper((u8)p[i + 2]) || (u8)p[i + 2] >= 0x80))
			found = i + 2;
	return found;
}

static void add_words(struct buf *out, const char *at, size_t n)
{
	if (out->len && n)
		buf_byte(out, ' ');
	buf_add(out, at, n);
}

/* The lines before that this one goes on from. */
static void add_lines(struct buf *out, const char *text, const char *line)
{
	const char *from = line, *p;

	while (line - from < (i64)BEFORE && (p = line_before(text, from))) {
		const struct line l = line_at(p), next = line_at(from);

		if (!goes_on(&l, &next))
			break;
		from = p;
	}
	for (p = from; p < line; p += strcspn(p, "\n") + 1) {
		const struct line l = line_at(p);

		add_words(out, l.at, l.n);
	}
}

/* What stands before the thing, from the beginning of its sentence on. */
static void add_before(struct buf *out, const char *text, const struct mail_spot *s)
{
	const struct line l = line_at(s->line);
	struct buf all = { 0 };
	size_t begin;

	add_lines(&all, text, s->line);
	if (s->thing > l.at)
		add_words(&all, l.at, (size_t)(s->thing - l.at));
	else if (all.len)
		buf_byte(&all, ' ');
	begin = sentence_end(buf_str(&all), all.len, false);
	if (all.len > BEFORE + begin) {
		begin = all.len - BEFORE;
		while (begin < all.len && all.at[begin] != ' ')
			begin++;
		buf_text(out, ELLIPSIS);
	}
	buf_text(out, buf_str(&all) + begin);
	buf_free(&all);
}

/* Adds n octets up to the end of the sentence: true when that is in them. */
static bool add_rest(struct buf *out, const char *p, size_t n, bool apart)
{
	const size_t end = sentence_end(p, n, true);

	n = end ? end - 1 : n;
	if (apart)
		add_words(out, p, n);
	else
		buf_add(out, p, n);
	return end != 0;
}

/* The thing and what follows it. */
static void add_behind(struct buf *out, const struct mail_spot *s)
{
	struct line l = line_at(s->line);
	const char *p = s->thing, *end = l.at + l.n;

	if (p >= end)		/* far behind in a long line */
		l = line_at(p), end = l.at + l.n, p = l.at;
	if (add_rest(out, p, (size_t)(end - p), false))
		return;
	while (out->len < BOUND && (p = memchr(end, '\n', strnlen(end, 4)))) {
		const struct line next = line_at(p + 1);

		if (!goes_on(&l, &next) || add_rest(out, next.at, next.n, true))
			return;
		l = next;
		end = l.at + l.n;
	}
}

void mail_passage(const char *text, const struct mail_spot *s, char to[MAIL_PASSAGE + 8])
{
	struct buf all = { 0 };
	size_t n;

	add_before(&all, text, s);
	add_behind(&all, s);
	n = utf8_cut(buf_str(&all), MAIL_PASSAGE);
	snprintf(to, MAIL_PASSAGE + 8, "%.*s%s", (int)n, buf_str(&all),
		 n < all.len ? " " ELLIPSIS : "");
	buf_free(&all);
}
