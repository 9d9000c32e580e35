/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c - see table.h. */
#include "cli/table.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/prose.h"
#include "base/stamp.h"
#include "base/tongue.h"
#include "model/utf8.h"

#define BETWEEN 2u	/* blanks between columns */
#define LINE_MAX_OCTETS 2000

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* The longest that table_ago() says, 119 minutes, behind us or ahead. */
static unsigned ago_width(void)
{
	const u64 longest = 119 * 60 * STAMP_NS;
	char ago[TABLE_TIME_MAX], ahead[TABLE_TIME_MAX];

	return larger(prose_columns(table_ago(longest, 0, ago)),
		      prose_columns(table_ago(0, longest, ahead)));
}

/* Columns of the terminal: 0 of the last one. */
static unsigned width(const struct column *c)
{
	unsigned widest = larger(c->width, prose_columns(C_("column", c->title)));

	if (c->width == 0)
		return 0;
	if (c->ago)
		widest = larger(widest, ago_width());
	for (const char *const *w = c->words; w && *w; w++)
		if (**w)
			widest = larger(widest, prose_columns(C_(c->context, *w)));
	return widest;
}

static const char *word_of(const struct column *c, const char *text)
{
	for (const char *const *w = c->words; w && *w; w++)
		if (**w && strcmp(*w, text) == 0)
			return C_(c->context, text);
	return text;
}

static void cell(struct table *t, const char *colour, const char *text)
{
	const struct column *c = &t->columns[t->at++];
	unsigned columns = width(c), used = columns ? utf8_width(text) : 0;
	unsigned fill = used < columns ? columns - used : 0;

	if (t->at > 1)
		buf_fill(t->out, ' ', BETWEEN);
	if (c->right)
		buf_fill(t->out, ' ', fill);
	buf_text(t->out, colour);
	utf8_show(t->out, text, columns);
	buf_text(t->out, colour[0] ? "\033[0m" : "");
	if (columns && !c->right)
		buf_fill(t->out, ' ', fill);
}

void table_paint(struct table *t, const char *colour, const char *text)
{
	cell(t, colour, word_of(&t->columns[t->at], text));
}

void table_put(struct table *t, const char *text)
{
	table_paint(t, "", text);
}

void table_number(struct table *t, u64 n)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	cell(t, "", text);
}

void table_end(struct table *t)
{
	while (t->out->len && t->out->at[t->out->len - 1] == ' ')
		t->out->len--;
	buf_byte(t->out, '\n');
	t->at = 0;
}

void table_head(const struct table *t)
{
	struct table row = *t;

	for (row.at = 0; row.columns[row.at].title;)
		cell(&row, "", C_("column", row.columns[row.at].title));
	table_end(&row);
}

unsigned table_used(const struct table *t)
{
	unsigned all = 0;

	for (const struct column *c = t->columns; c->title && c->width; c++)
		all += width(c) + BETWEEN;
	return all;
}

void table_fact(struct buf *out, struct fact_style style, const char *what, const char *text)
{
	if (text == NULL || text[0] == 0)
		return;
	buf_fill(out, ' ', style.indent);
	prose_cell(out, what, style.columns);
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char line[LINE_MAX_OCTETS];

		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		if (p != text)
			buf_fill(out, ' ', style.indent + style.columns);
		buf_byte(out, ' ');
		utf8_show(out, line, 0);
		buf_byte(out, '\n');
	}
}

/* ---- numbers and times ---- */

char *table_rough(u64 ns, char to[TABLE_TIME_MAX])
{
	char text[NUM_TEXT_MAX];

	return say_anew_to(tongue_now(), num_rough_text(ns, text), to, TABLE_TIME_MAX);
}

char *table_ago(u64 now, u64 at, char to[TABLE_TIME_MAX])
{
	char span[TABLE_TIME_MAX];

	if (at <= now)
		snprintf(to, TABLE_TIME_MAX, C_("time", "%s ago"), table_rough(now - at, span));
	else
		snprintf(to, TABLE_TIME_MAX, C_("time", "in %s"), table_rough(at - now, span));
	return to;
}

char *table_count(u64 n, char to[TABLE_TIME_MAX])
{
	return say_number_to(tongue_now(), num_count_text(n, to), TABLE_TIME_MAX);
}
