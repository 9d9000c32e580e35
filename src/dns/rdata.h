/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rdata.h - how the RDATA of each record type is laid out, as far as a walker of
 * messages has to know it.
 *
 *   | pre octets | names (1 or 2) | post octets, or whatever is left |
 *
 * Every type that holds domain names has this shape; only NAPTR begins with
 * counted strings (RFC 3403, 4.1). A name may be compressed in any of them, as
 * libknot allows. What is inside a field (the strings of a TXT, the key of a
 * DNSKEY) is not judged here. A unit test holds the table against libknot's
 * descriptors for all 65,536 types.
 *
 * RDLENGTH 0 is good for RDATA_ANY, and for every type outside class IN, as in
 * the prerequisites and deletions of an UPDATE (RFC 2136, 2.4 and 2.5). */
#pragma once
#include "dns/msg.h"

enum rdata_kind {
	RDATA_ANY,	/* anything, also nothing: APL, OPT, unknown types */
	RDATA_SOME,	/* anything, but not nothing */
	RDATA_FIXED,	/* `pre` octets */
	RDATA_NAMES,	/* the picture above */
	RDATA_NAPTR,	/* order, preference, three strings, one name */
};

#define RDATA_REST 255	/* in post: whatever is left, also nothing */

struct rdata_layout {
	u8 kind, pre, names, post;
};

#define RDATA_LAYOUTS 258	/* higher types are RDATA_ANY */
extern const struct rdata_layout rdata_layouts[RDATA_LAYOUTS];

static inline const struct rdata_layout *rdata_layout(u16 type)
{
	return &rdata_layouts[type < RDATA_LAYOUTS ? type : 0];
}

/* Is RDATA that stands alone, its names uncompressed, laid out as its type wants it? */
bool rdata_good(u16 type, const u8 *rdata, u32 len);

/* Offset in the message of the first name in the RDATA of a type with names; past
 * the RDATA's end when it is too short for one. */
u32 rdata_names_at(const struct msg *m, const struct rr *r);

/* The RDATA of a good record with its names decompressed, into `to`, which holds
 * `room` octets: its length or OOPS_LIMIT. */
int rdata_unpack(const struct msg *m, const struct rr *r, u8 *to, size_t room);
