/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overblock.h - what no block list may hold, asked before a name or address is written.
 *
 * A list is believed by machines: one wrong line takes a bank, a hoster or the DNS itself
 * away from everybody behind a resolver. A name on it blocks itself and all below it, so it
 * is refused when it is
 *
 *   a top-level domain or public suffix        com, co.uk, github.io
 *   a name that others cannot do without       arpa, root-servers.net, what the caller adds
 *   a popular name, or the parent of one       google.com; com.au; amazonaws.com
 *
 * and an address or prefix when it covers, or is covered by, one of a list. What lies below a
 * popular name is not refused: bad.pages.example is what block lists are for.
 *
 *   names, labels turned round, sorted:  com.example.  com.example.www.  org.example.
 *                                        ^ "com.example." begins both
 *
 * Cost: the names once in memory; a question is a binary search. Popular is not benign,
 * so a person can allow it (`allow`). Not here: opening files (run/popular.h). */
#pragma once
#include "share/exchange.h"

#define OVERBLOCK_NAMES_MAX 5000000u

struct suffixes;
struct overblock;
/* `s` may be NULL (then only names of one label are suffixes) and must outlive it; `allow`:
 * nothing is refused. 0 or -ENOMEM. */
int overblock_new(struct overblock **ret, const struct suffixes *s, bool allow);
struct overblock *overblock_free(struct overblock *g);	/* takes NULL, gives NULL */
/* Adds a list: one name or address a line, "rank,name" lines, or a warning list of MISP
 * (JSON); `name` is how refusals call it (copied). 0, OOPS_FORMAT when there is nothing of
 * it in the octets, OOPS_LIMIT, -ENOMEM. */
int overblock_add(struct overblock *g, const char *name, const u8 *octets, size_t n);
/* Sorts what was added; nothing is refused by it before. */
void overblock_seal(struct overblock *g);
/* Names and prefixes that were added. */
u64 overblock_count(const struct overblock *g);
/* True when blocking the name (lower case, no last dot) and all below it would be too much;
 * why[] says why. g may be NULL. */
bool overblock_name(const struct overblock *g, const char *name, char why[EXCHANGE_WHY]);
/* The same for "192.0.2.1" or "192.0.2.0/24". */
bool overblock_prefix(const struct overblock *g, const char *prefix, char why[EXCHANGE_WHY]);
/* What all block lists leave out, as omits() of exchange.h: what is no indicator, what has
 * expired, what would over-block. */
bool overblock_omits(const struct exchange_write *w, const struct item *i,
		     char why[EXCHANGE_WHY]);
/* A name in A-labels and lower case without its last dot, as it stands in lists; false when
 * it is none. */
#define OVERBLOCK_NAME_MAX 256
bool overblock_ascii(const char *name, char to[OVERBLOCK_NAME_MAX]);
/* An address or prefix: its 16 octets (IPv4 mapped), and its length in bits of those 128.
 * False when it is none. */
bool overblock_bits(const char *prefix, u8 ret[16], unsigned *bits);
