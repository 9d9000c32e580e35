/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prose.c - see prose.h. */
#include "base/prose.h"
#include "base/buf.h"

#define MDOC_WIDTH 78

/* The next word of a text and the blanks before it. */
struct word {
	const char *at;
	size_t len;
};

static bool blank(char c)
{
	return c == ' ' || c == '\n';
}

static struct word word_next(const char **p)
{
	struct word w;

	while (blank(**p))
		(*p)++;
	w.at = *p;
	while (**p && !blank(**p))
		(*p)++;
	w.len = (size_t)(*p - w.at);
	return w;
}

/* Columns of UTF-8 text, one a character. */
static int columns(struct word w)
{
	int n = 0;

	for (size_t i = 0; i < w.len; i++)
		n += ((u8)w.at[i] & 0xc0) != 0x80;
	return n;
}

unsigned prose_columns(const char *text)
{
	return (unsigned)columns((struct word){ text, strlen(text) });
}

void prose_cell(struct buf *out, const char *text, unsigned width)
{
	unsigned used = prose_columns(text);

	buf_text(out, text);
	buf_fill(out, ' ', used < width ? width - used : 0);
}

/* A new line and what begins it; gives the column reached. */
static int line_begin(struct buf *out, const struct prose *p)
{
	const char *mark = p->mark ? p->mark : "";

	buf_byte(out, '\n');
	buf_fill(out, ' ', (size_t)p->indent);
	buf_text(out, mark);
	return p->indent + (int)strlen(mark);
}

void prose_wrap(struct buf *out, const char *text, struct prose p)
{
	bool first = true;

	for (struct word w = word_next(&text); w.len; w = word_next(&text)) {
		int n = columns(w);

		if (!first && p.at + 1 + n > p.width) {
			p.at = line_begin(out, &p);
		} else if (!first) {
			buf_byte(out, ' ');
			p.at++;
		}
		buf_add(out, w.at, w.len);
		p.at += n;
		first = false;
	}
}

/* One block of a story: a paragraph, or lines to be shown as they stand. */
struct block {
	const char *at;
	size_t len;
	bool literal;
};

static bool block_next(const char **p, struct block *b)
{
	const char *end;

	while (**p == '\n')
		(*p)++;
	if (**p == 0)
		return false;
	b->at = *p;
	b->literal = strncmp(*p, "  ", 2) == 0;
	end = *p;
	do {
		end = strchrnul(end, '\n');
		end += *end != 0;
	} while (*end && *end != '\n' && (strncmp(end, "  ", 2) == 0) == b->literal);
	b->len = (size_t)(end - *p);
	*p = end;
	return true;
}

/* Each line of a literal block, without its first two blanks and its end. */
static struct word line_next(struct block *b)
{
	const char *end = memchr(b->at, '\n', b->len);
	size_t len = end ? (size_t)(end - b->at) : b->len;
	struct word w = { b->at + 2, len - 2 };

	b->at += len + (end != NULL);
	b->len -= len + (end != NULL);
	return w;
}

static void literal_text(struct buf *out, struct block b, struct prose p)
{
	while (b.len) {
		struct word w = line_next(&b);

		buf_fill(out, ' ', (size_t)p.indent + 2);
		buf_add(out, w.at, w.len);
		buf_byte(out, '\n');
	}
}

/* A paragraph as a string of its own, for prose_wrap() and prose_mdoc(). */
static void paragraph(struct buf *one, const struct block *b)
{
	buf_clear(one);
	buf_add(one, b->at, b->len);
}

void prose_story(struct buf *out, const char *story, struct prose p)
{
	struct buf one = { 0 };
	struct block b;

	for (bool first = true; block_next(&story, &b); first = false) {
		if (!first)
			buf_byte(out, '\n');
		if (b.literal) {
			literal_text(out, b, p);
			continue;
		}
		paragraph(&one, &b);
		buf_fill(out, ' ', (size_t)p.indent);
		prose_wrap(out, buf_str(&one),
			   (struct prose){ p.indent, p.indent, p.width, NULL });
		buf_byte(out, '\n');
	}
	buf_free(&one);
}

/* roff's escape character and characters that begin a macro line. */
static void mdoc_add(struct buf *out, struct word w, bool starts_line)
{
	if (starts_line && w.len && (*w.at == '.' || *w.at == '\''))
		buf_text(out, "\\&");
	for (size_t i = 0; i < w.len; i++)
		if (w.at[i] == '\\')
			buf_text(out, "\\e");
		else
			buf_byte(out, (u8)w.at[i]);
}

/* A full stop and a capital behind it; "e.g. this" goes on. */
static bool ends_sentence(struct word w, const char *rest)
{
	size_t n = w.len;

	while (n && strchr(")\"'", w.at[n - 1]))
		n--;
	while (blank(*rest))
		rest++;
	return n && strchr(".!?", w.at[n - 1]) && *rest >= 'A' && *rest <= 'Z';
}

void prose_mdoc(struct buf *out, const char *text)
{
	int at = 0;

	for (struct word w = word_next(&text); w.len; w = word_next(&text)) {
		int n = columns(w);

		if (at && at + 1 + n > MDOC_WIDTH) {
			buf_byte(out, '\n');
			at = 0;
		} else if (at) {
			buf_byte(out, ' ');
		}
		mdoc_add(out, w, at == 0);
		at += n + 1;
		if (ends_sentence(w, text)) {
			buf_byte(out, '\n');
			at = 0;
		}
	}
	if (at)
		buf_byte(out, '\n');
}

void prose_mdoc_sentence(struct buf *out, const char *clause)
{
	struct buf one = { 0 };

	buf_fmt(&one, "%s.", clause);
	if (one.len && one.at[0] >= 'a' && one.at[0] <= 'z')
		one.at[0] -= 'a' - 'A';
	prose_mdoc(out, buf_str(&one));
	buf_free(&one);
}

static void literal_mdoc(struct buf *out, struct block b)
{
	buf_text(out, ".Bd -literal -offset indent\n");
	while (b.len) {
		mdoc_add(out, line_next(&b), true);
		buf_byte(out, '\n');
	}
	buf_text(out, ".Ed\n");
}

void prose_mdoc_story(struct buf *out, const char *story)
{
	struct buf one = { 0 };
	struct block b;

	for (bool first = true; block_next(&story, &b); first = false) {
		if (b.literal) {
			literal_mdoc(out, b);
			continue;
		}
		paragraph(&one, &b);
		if (!first)
			buf_text(out, ".Pp\n");
		prose_mdoc(out, buf_str(&one));
	}
	buf_free(&one);
}

void prose_mdoc_word(struct buf *out, const char *word)
{
	size_t n = strlen(word);

	/* Macro names have two or three letters; punctuation is set apart. */
	if (n <= 3 || strchr(".,:;()[]?!|'", word[0]))
		buf_text(out, "\\&");
	for (; *word; word++)
		if (*word == '\\')
			buf_text(out, "\\e");
		else if (*word == '"')
			buf_text(out, "\\(dq");
		else if (*word == ' ')
			buf_text(out, "\\ ");
		else
			buf_byte(out, (u8)*word);
}
