/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tongue.h - what people read, in their language.
 *
 *   po/es.po -> msgfmt -> es.mo -> tools/embed-tongues -> tongues[] in the program
 *
 * English stands in the code; po/ holds the others, in gettext's files. The program
 * carries them in itself and looks messages up on its own: so it works from the build
 * folder, behind walls and without a locale installed, and one process may speak several
 * languages at once (the C library's gettext can do none of these).
 *
 *   _("Lost")                 here and now, in the language of this thread
 *   N_("Lost")                marks a text for xgettext; whoever shows it says say_in()
 *   n_("%u zone", "%u zones", n)   by number; the result is a format
 *   say_in(t, row->title)     in a language that the caller names
 *   say_anew(out, t, f->sentence)  an English sentence that was filled in long ago
 *
 * Findings are stored with English sentences: they are identified by them, and a store is
 * read by many. say_anew() finds the format that such a sentence was made of, takes the
 * values out of it and puts them into the translated format. What is not recognised stays
 * as it is; nothing is lost. Never translated: JSON, ids, log events, evidence.
 *
 * Every function here may be called by any number of threads. A NULL tongue is English.
 * Cost: a look-up is a binary search, some 12 comparisons; a sentence is compared with the
 * beginnings of some hundred formats. To add a language: one file in po/. */
#pragma once
#include "base/base.h"

struct buf;

struct tongue {
	const char *lang;	/* "es", as in <html lang>; NULL ends the table */
	const u8 *mo;		/* gettext's binary catalogue, little-endian */
	size_t size;
};
extern const struct tongue tongues[];	/* made by tools/embed-tongues; not English */
#define TONGUES_MAX 8u			/* and English: more are not spoken */

/* ---- which ---- */

/* The tongue of a language or locale: "es", "es-MX", "fr_CA.UTF-8@euro". NULL: English, or
 * none that is known; *known (may be NULL) tells them apart. */
const struct tongue *tongue_find(const char *name, bool *known);
/* The one that a browser likes best of those there are (RFC 9110, 12.5.4: "es-MX, en;q=0.8"),
 * or that "lang" names. NULL for header: English. */
const struct tongue *tongue_accept(const char *header);
/* What LANGUAGE, LC_ALL, LC_MESSAGES and LANG wish, as gettext has it: LANGUAGE is a list
 * and counts unless the locale is C or POSIX. */
const struct tongue *tongue_environment(void);
/* "es"; "en" for NULL. */
static inline const char *tongue_lang(const struct tongue *t) { return t ? t->lang : "en"; }
/* Tables by language: 0 is English; below TONGUES_MAX. */
static inline size_t tongue_index(const struct tongue *t)
{
	return t ? (size_t)(t - tongues) + 1 : 0;
}

/* The language of this process, once at its beginning, before threads; and of this thread,
 * which goes before it (NULL: English here). */
void tongue_home(const struct tongue *t);
void tongue_speak(const struct tongue *t);
/* The language of this thread, else of the process. */
const struct tongue *tongue_now(void);

/* ---- what ---- */

/* The message in that language; the text itself where it is not translated, empty or NULL.
 * Lives as long as the program, or as long as the text. */
const char *say_in(const struct tongue *t, const char *text) __attribute__((format_arg(2)));
/* The form for n of a message: in English `one` for 1 and `many` for all else. */
const char *say_many(const struct tongue *t, const char *one, const char *many, u64 n)
	__attribute__((format_arg(2), format_arg(3)));
/* A word that English uses for several things: "context" tells them apart. */
const char *say_of(const struct tongue *t, const char *context, const char *text)
	__attribute__((format_arg(3)));
/* Appends an English sentence that was made with snprintf() and the like, said in t. True
 * when it was known; else it is appended as it is. */
bool say_anew(struct buf *out, const struct tongue *t, const char *sentence);
/* The same for what may be ours or a person's: sentences with "; " between them, each said
 * anew when it is surely ours, and titles ("Data channel through the DNS: a.example"). */
void say_stored(struct buf *out, const struct tongue *t, const char *sentences);
/* The same into a buffer of `size` octets, cut at a character; gives `to`. */
char *say_anew_to(const struct tongue *t, const char *sentence, char *to, size_t size);
/* Appends a number as the language writes it: "41,200.5" is "41 200,5" in Spanish (no-break
 * spaces). Other text stays. */
void say_number(struct buf *out, const struct tongue *t, const char *number);
/* The same in its place, in a buffer of `size` octets; as it was where that is too small. */
char *say_number_to(const struct tongue *t, char *number, size_t size);

/* N_() and NC_() are in base.h. */
#define _(text) say_in(tongue_now(), text)
#define C_(context, text) say_of(tongue_now(), context, text)
#define n_(one, many, n) say_many(tongue_now(), one, many, n)
