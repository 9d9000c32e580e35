/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain.h - foreign text made safe to show, and UTF-8 read carefully.
 *
 * A name out of a packet or a file can hold bytes that move the cursor, change
 * colours, start a new line or turn the reading direction round. plain_text()
 * keeps printable UTF-8 and writes all else as \n \t \xNN (a byte) or \u{202E}
 * (a character); a backslash becomes two, so that the output is unambiguous. */
#pragma once
#include "base/base.h"

struct buf;

/* Octets of the valid UTF-8 character at p (1 to 4; RFC 3629), 0 when the n
 * octets there begin none. *ret gets the code point. n > 0. */
size_t plain_utf8(const char *p, size_t n, u32 *ret);
/* True when all n octets are valid UTF-8. */
bool plain_is_utf8(const char *text, size_t n);
/* True when a terminal shows it as a mark of its own: no control, no line or
 * paragraph separator, no change of direction, no byte-order mark. */
bool plain_shows(u32 code_point);
/* Appends n octets of foreign text, safe to show on one line. */
void plain_text(struct buf *out, const char *text, size_t n);
