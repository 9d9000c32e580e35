/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8.h - foreign text on its way to people: what may be shown as it is.
 *
 * Names, banners and file names come from outsiders. Before such text reaches a
 * terminal, a page or a JSON line, octets that are no UTF-8 (RFC 3629) and code
 * points that are not seen but act - controls, bidirectional marks, zero-width
 * and format characters - are taken out or written as \uXXXX. Backslashes stay
 * as they are: names in presentation format (\000) look as everywhere else.
 * It stands on base/plain.h and adds columns, cutting and JSON.
 * Not here: normalisation, look-alikes (that is a detector's work). */
#pragma once
#include "base/base.h"

#define UTF8_BAD 0xffffffffu

/* The code point at `at` (n >= 1 octets there): how many octets it takes. Octets
 * that begin no code point give UTF8_BAD and 1. Overlong forms, surrogates and
 * what is past U+10FFFF are bad. */
unsigned utf8_next(const char *at, size_t n, u32 *ret);
/* True for code points that must never be shown as they are. */
bool utf8_hidden(u32 c);
/* Terminal columns of a code point that is not hidden: 0, 1 or 2. */
unsigned utf8_columns(u32 c);
/* Octets of a text (UTF-8) up to `most`, behind a word if that can be: all of it when it is not
 * longer. */
size_t utf8_cut(const char *text, size_t most);
/* Makes a text UTF-8 in place: each bad octet becomes '?'. */
void utf8_mend(char *text);

struct buf;
/* Appends text for people: hidden code points as \uXXXX, bad octets as \xXX;
 * new lines too. At most `columns` columns (0 = no bound), cut with "..." when
 * it would be more. Returns the columns it took. */
unsigned utf8_show(struct buf *out, const char *text, unsigned columns);
/* Columns that utf8_show() would take without a bound. */
unsigned utf8_width(const char *text);
/* Appends a JSON string with its quotes; hidden code points are escaped, bad
 * octets become '?'. */
void utf8_json(struct buf *out, const char *text);
