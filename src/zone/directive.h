/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directive.h - lines that begin with a dollar sign.
 *
 *   $ORIGIN NAME            RFC 1035, 5.1; a relative one is meant, too
 *   $TTL TIME               RFC 2308, 4
 *   $INCLUDE FILE [ORIGIN]  RFC 1035, 5.1
 *   $GENERATE RANGE OWNER [TTL] [CLASS] TYPE DATA    BIND's: one record for each number
 *
 * RANGE is first-last[/step]. In OWNER and DATA, $ is the number, $$ and \$ are the sign
 * itself, ${offset[,width[,base]]} is the number plus the offset, at least so many digits
 * wide, in base d, o, x, X, or n and N: hexadecimal digits backwards with dots between (as
 * in ip6.arpa; then width counts the dots). DATA between quotes stands for what they hold. */
#pragma once
#include "zone/text.h"

enum directive_kind {
	DIRECTIVE_STATE,	/* $ORIGIN or $TTL; st was changed */
	DIRECTIVE_INCLUDE,
	DIRECTIVE_GENERATE,
	DIRECTIVE_NONE,		/* not understood; `why` */
};

struct directive {
	enum directive_kind kind;
	const char *why;
	bool no_origin;		/* a relative name, but there is no origin */
	const char *name;	/* of the file; in the flat text */
	struct text_state state;	/* of the included file */
	struct generate generate;
};

/* Reads a directive in flat text, which it takes to pieces; `st` is changed when all is well. */
void directive_read(char *flat, struct text_state *st, struct directive *ret);

#define GENERATE_TEXT_MAX 4096u		/* octets of a $GENERATE line, and of what it makes */
/* Records that a range makes. */
static inline u32 generate_count(const struct generate *g)
{
	return (g->last - g->first) / g->step + 1;
}
/* The flat line of one number into `to` (GENERATE_TEXT_MAX): NULL, or what is wrong. `text`
 * is what directive_read() left of the line. */
const char *generate_line(const struct generate *g, const char *text, u32 number, char *to);
