/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - master file text (RFC 1035, 5.1): logical lines, tokens, names, times.
 *
 * A logical line ends at the first newline that stands in no parenthesis. What stands
 * between quotes or behind a semicolon or backslash is no parenthesis; a quote that is not
 * closed ends with its line, unless it stands in a parenthesis.
 *
 *   a  IN ( TXT "x (" ; why      --text_flatten-->    a IN TXT "x (" y\n
 *       y )
 *
 * Flat text is one line with one blank where there was any space; a line that takes over
 * the owner begins with a blank. Everything behind the lexer reads flat text.
 *
 * Cost: one pass each. No state is kept, nothing is allocated. */
#pragma once
#include "zone/block.h"

/* One past the newline that ends the logical line at p, and how many newlines it has; NULL
 * when the text ends inside it. */
const char *text_end(const char *p, const char *end, u32 *lines);

/* Room that text_flatten() needs for n octets. */
#define TEXT_FLAT_ROOM(n) (4 * (size_t)(n) + 2)
/* The logical line [p, end) made flat: a C string that ends with the newline. NULL, or what
 * is wrong with it. */
const char *text_flatten(char *to, const char *p, const char *end);

/* End of the token at p of flat text: the blank or the newline behind it. */
const char *text_token(const char *p);
/* Is the token that word, in any case? */
bool text_is(const char *p, const char *end, const char *word);
/* Wire form of the name [p, end), any octet being good in it: its length, OOPS_FORMAT, or
 * OOPS_UNKNOWN for a relative name without an origin. `to`: NAME_WIRE_MAX. */
int text_name(const char *p, const char *end, const struct text_state *st, u8 *to);
/* Seconds of "3600" or "1h30m": 0, OOPS_FORMAT or OOPS_RANGE. */
int text_ttl(const char *p, const char *end, u32 *ret);
/* IN, CH, HS, CS, CLASSnnn: the number, or -1. */
int text_class(const char *p, const char *end);

/* What may stand between owner and type, in any order (RFC 1035, 5.1). */
struct text_header {
	bool has_ttl;
	u32 ttl;
	int class;		/* CLASS_IN when there is none */
	const char *type;	/* the token behind it */
};
/* Reads it at p: NULL, or what is wrong. */
const char *text_header(const char *p, struct text_header *ret);
