/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - how the desk's commands lay out what people read: tables, the facts of one
 * thing, times as seen from now. In the reader's language, and straight in every one: widths
 * are columns of the terminal, never octets.
 *
 *   NUMBER  STATE     TITLE           state       new
 *   12      new       a.example       subject     a.example
 *
 * Texts of outsiders are made harmless on the way (model/utf8.h). */
#pragma once
#include "base/base.h"

struct buf;

struct column {
	const char *title;	/* NC_("column", ...) */
	unsigned width;		/* at least; the title and the words may need more. 0: the
				 * last, as long as it is */
	bool right;		/* numbers */
	const char *context;	/* of the words that may stand in it, NULL = any text */
	const char *const *words;	/* ends with NULL */
	bool ago;		/* what table_ago() says: as wide as that is in the language */
};
/* A table being written; its columns end with title NULL. */
struct table {
	struct buf *out;
	const struct column *columns;
	unsigned at;		/* the next cell */
};
void table_head(const struct table *t);
/* The next cell of the row: cut where it is too long, filled up otherwise. What is one of the
 * column's words is said in the reader's language. */
void table_put(struct table *t, const char *text);
void table_number(struct table *t, u64 n);
/* The same in a colour ("\033[31m"; "" = none). */
void table_paint(struct table *t, const char *colour, const char *text);
/* Ends the row. What was put behind the last cell, if anything, belongs to it. */
void table_end(struct table *t);
/* Columns of the terminal that all but the last one take, with what parts them. */
unsigned table_used(const struct table *t);

/* "  state      new": a fact of one thing, `what` already in the reader's language. Lines of
 * the text stand under each other; nothing for an empty one. `columns`: of `what`. */
struct fact_style { unsigned indent, columns; };
void table_fact(struct buf *out, struct fact_style style, const char *what, const char *text);

/* "3 h ago", "in 5 min": an instant as seen from now. */
#define TABLE_TIME_MAX 80
char *table_ago(u64 now, u64 at, char to[TABLE_TIME_MAX]);
/* A length of time in its largest unit, in the reader's language: "48 h". */
char *table_rough(u64 ns, char to[TABLE_TIME_MAX]);
/* A number as the language writes it: "12 345". */
char *table_count(u64 n, char to[TABLE_TIME_MAX]);
