/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.h - one block of zone text becomes packed records.
 *
 *   plain line (NS, A, AAAA, DS; nothing unusual) --plain.c-------------> pack
 *   any other --flatten--> owner, TTL, class, type --RDATA: libzscanner-> pack
 *
 * A TLD's zone is plain lines, and there a state machine for the whole language is most of
 * the cost. What plain.c takes it takes as libzscanner does; it leaves everything else.
 * libzscanner sees one flat line at a time and is put back to its start for each, so that
 * a bad line spoils no other.
 *
 * Cost: some 60 ns a plain record, 300 others. A scanner belongs to one thread. */
#pragma once
#include "zone/text.h"
#include <libzscanner/scanner.h>

#define REWRITES_MAX 2	/* of one record; a type and what stands in it */

struct scanner {
	struct block *b;
	u64 key;
	struct text_state state;
	u8 origin[NAME_WIRE_MAX];	/* of state, in lower case */
	u32 line;		/* of the line that is looked at */
	bool last;		/* it is the last one and lacks its newline */
	bool cut;		/* and was not understood */
	/* the owner that the next line may take over; b->owner_is says whether it is one */
	u8 owner[NAME_WIRE_MAX], owner_len;
	u64 owner_hash;
	bool packed;		/* the last record packed has it */
	u64 before;		/* where in the pack the last owner's wire lies, 0 for none */
	u8 before_len;
	const char *token;	/* the owner as the last plain line wrote it; NULL for none */
	u32 token_len;
	char *flat, *other[REWRITES_MAX];	/* owned */
	size_t flat_cap, other_cap[REWRITES_MAX];
	int zs_start;		/* state of zs between two records */
	zs_scanner_t zs;
};

/* -ENOMEM or 0. */
int scanner_make(struct scanner **ret, u64 key);
struct scanner *scanner_free(struct scanner *s);
/* Scans b->text into b->pack and what else is found in a block; b->error says how it went. */
void scan_block(struct scanner *s, struct block *b);

/* ---- what scan.c and plain.c share ---- */

struct scanned {
	u16 type;
	bool has_ttl;
	u32 ttl;
	const u8 *rdata;	/* NS: a name in lower case */
	u32 rdlen;
};
/* The owner is this from now on. */
void scan_owner(struct scanner *s, const u8 *wire, unsigned len);
/* Packs a record of the present owner. */
void scan_pack(struct scanner *s, const struct scanned *r);
/* Takes one plain line at p: what follows it; NULL when it is not plain (then nothing was
 * done). The text ends with a newline, and there is one octet more behind it. */
const char *plain_line(struct scanner *s, const char *p, const char *end);
