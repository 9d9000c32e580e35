/* SPDX-License-Identifier: GPL-3.0-or-later */
/* asn.h - which autonomous system announces an address: tables of ranges.
 *
 *   1.0.0.0,1.0.0.255,64500,"Example, Inc."      start,end,number,name; IPv4 and IPv6
 *
 * The text stays where it is: names are views into it. A line that is not of this form is
 * counted and left out, as is AS 0 (RFC 7607: nobody's). Where ranges overlap the one that
 * begins last counts.
 *
 * Cost: 16 octets an IPv4 range, 40 an IPv6 range; a look-up is a bisection.
 * Not here: routes as they are now (the table is as old as it is), MaxMind's .mmdb files
 * (its library opens files by itself, which the sandbox forbids). */
#pragma once
#include "base/base.h"

#define ASN_FILES 2u
#define ASN_OCTETS_MAX (1u << 30)	/* of one text; ranges refer to places in it */

struct asn_table;

int asn_make(struct asn_table **ret);	/* an empty table: 0 or -ENOMEM */
struct asn_table *asn_free(struct asn_table *t);	/* takes NULL, gives NULL */
/* Adds the lines of a text, at most ASN_FILES of them. The text outlives the table. 0, -ENOMEM,
 * OOPS_LIMIT (too long, too many texts); *bad counts the lines that were left out. */
int asn_add(struct asn_table *t, const u8 *text, size_t n, u64 *bad);
/* Sorts; after it addresses can be looked up. */
void asn_seal(struct asn_table *t);
u64 asn_count(const struct asn_table *t);	/* ranges */
/* The AS of an address (network order, len 4 or 16), 0 = not in the table. */
u32 asn_find(const struct asn_table *t, const u8 *address, unsigned len);
/* A name of an AS as its first range has it, cut to fit; "" when there is none. Cost: a
 * walk over the table. */
#define ASN_NAME_MAX 64
char *asn_name(const struct asn_table *t, u32 as, char to[ASN_NAME_MAX]);
/* "64500" or "AS64500" in either case: the number, or OOPS_FORMAT. */
int asn_number(const char *text, size_t n, u32 *ret);
