/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prose.h - our own texts, laid out for a terminal or for the manual page.
 *
 * A story (help of a command, explanation of a finding) is said once, in a form
 * that both can be made from: paragraphs with an empty line between them; lines
 * that begin with two blanks are shown as they stand (examples).
 *
 * Not for foreign text: see plain.h. */
#pragma once
#include "base/base.h"

struct buf;

struct prose {
	int at;		/* column that the output stands in */
	int indent;	/* of the further lines */
	int width;	/* columns of a line; a longer word goes over it */
	const char *mark;	/* begins further lines, behind the indent; NULL = none */
};

/* Appends one paragraph, wrapped between words; no line end after it. */
void prose_wrap(struct buf *out, const char *text, struct prose p);
/* Appends a story, each line indented by p.indent and ended. */
void prose_story(struct buf *out, const char *story, struct prose p);

/* The same for mdoc(7): one sentence or less a line, at most 78 columns. */
void prose_mdoc(struct buf *out, const char *text);
void prose_mdoc_story(struct buf *out, const char *story);
/* A clause without a full stop as a sentence: "reads it" gives "Reads it.". */
void prose_mdoc_sentence(struct buf *out, const char *clause);
/* One word as the argument of a macro: "Ar", "a b", ".x" are not misread. */
void prose_mdoc_word(struct buf *out, const char *word);
/* Appends text and blanks up to `columns`, one a character, so that tables stand straight in
 * every language. */
void prose_cell(struct buf *out, const char *text, unsigned columns);
/* Columns of valid UTF-8, one a character. */
unsigned prose_columns(const char *text);
