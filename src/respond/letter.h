/* SPDX-License-Identifier: GPL-3.0-or-later */
/* letter.h - letters: templates that people write, filled with what a notice tells.
 *
 *   Subject: {label} {title} [{ticket}]
 *
 *   Dear {to.name},
 *   {if deadline}Please answer by {deadline}.{else}Please answer soon.{end}
 *   {each items}
 *   - {item.subject}: {item.text}
 *   {end}
 *
 * The language: {name} is replaced by its text; {if name} ... {else} ... {end} by the first
 * part when the text is not empty; {each list} ... {end} once for each row; {{ is a brace. A
 * tag alone on its line takes the line with it. A name that is not known is an error, also
 * where it is not reached, so a letter that is good once is good always. Nothing can be
 * computed, called or included. What is filled in is foreign: it cannot begin a tag, and what
 * acts instead of being seen is written out (model/utf8.h); a title is one line.
 *
 * Letters lie in the program (letter/LANG/NAME.txt of the source) and in a folder of the
 * user's, which comes first. A language that has no such letter gives way to English.
 *
 * Limits: LETTER_OCTETS_MAX of a letter, LETTER_FILLED_MAX of what comes out, LETTER_DEPTH_MAX
 * of tags in tags, lists not in lists. Cost: one pass over the letter, one more for each row. */
#pragma once
#include "base/buf.h"

#define LETTER_OCTETS_MAX (64u << 10)
#define LETTER_FILLED_MAX (512u << 10)
#define LETTER_TITLE_MAX 200u		/* columns */
#define LETTER_DEPTH_MAX 8u
#define LETTER_WHY 200

struct letter_word { const char *name, *text; };	/* text NULL reads as "" */
struct letter_list {
	const char *name;		/* "items" */
	const char *const *names;	/* of its columns: "item.subject"; NULL-terminated */
	const char *const *cells;	/* rows after one another */
	size_t rows;
};
struct letter_data {
	const struct letter_word *words;	/* ends with name NULL */
	const struct letter_list *lists;	/* ends with name NULL */
};
/* Fills a letter; *title and *body are appended to. 0; OOPS_FORMAT, OOPS_UNKNOWN (a name),
 * OOPS_LIMIT or -ENOMEM with why[]: "line 7: ...". */
int letter_fill(const char *text, size_t n, const struct letter_data *data,
		struct buf *title, struct buf *body, char why[LETTER_WHY]);

extern const char *const letter_languages[];	/* "en", "es", "fr", NULL */
/* The first of languages ("pt-br es", with blanks) that letters exist in; "en" when none is. */
const char *letter_language(const char *languages);
/* Reads a letter into `out`: from folder/LANG/NAME.txt (folder NULL: not), else our own, else
 * the same in English; *language says which it was. 0, OOPS_UNKNOWN, OOPS_LIMIT, -errno. */
int letter_read(const char *folder, const char *name, const char **language, struct buf *out);
/* The name of the n-th of our own letters; false behind the last. */
bool letter_name(unsigned n, char to[48]);
/* True when our own letters have that name. */
bool letter_exists(const char *name);
/* "alto" for "high" in Spanish, from our words.txt of the language; else the word itself. */
const char *letter_term(const char *language, const char *word, char to[100]);
