/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.h - a piece of zone text on its way through the reader, and what was found in it.
 *
 *   split.c --text, state--> block --scan.c--> packed items --read.c--> zone
 *
 * A block begins and ends where a logical line does (a record or directive with all its
 * parentheses), and carries all that is known before it: the file, $ORIGIN and $TTL. So
 * blocks are scanned side by side and the result is that of one reader by construction;
 * nothing is guessed. Two things go from line to line that only scanning shows: the owner
 * and the TTL that a line leaves out. Records before the first owner (or TTL) of a block
 * are marked, and who adds blocks in order fills them in.
 *
 *   item | owner's wire | rdata (NS: hash, then the name in lower case) | to a multiple of 8 */
#pragma once
#include "zone/read.h"

/* What directives set. */
struct text_state {
	u8 origin[NAME_WIRE_MAX];	/* as written */
	u8 origin_len;			/* 0: not known */
	bool has_ttl;			/* $TTL was said */
	u32 ttl;
};

/* One $GENERATE, or a part of its range. */
struct generate {
	u32 first, last, step;
	u32 lhs, rest, rhs;	/* offsets in the block's text, which holds C strings: owner;
				 * what stands between (TTL, class, type); data */
};

enum block_kind {
	BLOCK_TEXT,
	BLOCK_GENERATE,
	BLOCK_READY,		/* holds what the splitter has to say; nothing to scan */
};

/* Why a $INCLUDE that is found in a block was not followed. */
enum include_refused {
	INCLUDE_CLOSED,		/* nothing may be included */
	INCLUDE_DEEP,		/* ZONE_INCLUDE_DEEP */
	INCLUDE_MANY,		/* ZONE_FILES_MAX */
};

enum carried {
	CARRY_OLD,		/* the block said nothing about it */
	CARRY_NEW,
	CARRY_BAD,		/* said, but not understood */
};

struct block {
	enum block_kind kind;
	u16 file;
	u8 level;		/* 0: the first file; 1: included by it */
	bool begins;		/* the first block of its file */
	bool open_end;		/* its last line lacks the newline; one was added */
	enum include_refused refused;
	u64 octets;		/* of the input, as far as it was read then */
	struct text_state state;
	struct generate generate;
	char *text;		/* whole lines, and an octet more */
	u32 len, cap;
	u32 lines;		/* newlines of all; of text the scanner counts them */
	/* found */
	u8 *pack;
	u64 pack_len, pack_cap;
	enum carried owner_is, ttl_is;
	u8 owner[NAME_WIRE_MAX], owner_len;	/* at its end, when CARRY_NEW */
	u64 owner_hash;
	u32 ttl;
	int error;		/* -ENOMEM while it was made or scanned */
};

/* Said by who sees it first, in the same words. */
#define BLOCK_OWNER_BAD "the owner that this line takes over is none"

enum item_flag {
	ITEM_SAME = 1,		/* owner: that of the item before, a record too; no wire */
	ITEM_CARRIED = 2,	/* owner: that of an earlier block; no wire */
	ITEM_AFTER = 4,		/* owner: behind the item's before it in canonical order */
	ITEM_TTL = 8,		/* ttl: that of an earlier block */
	ITEM_TROUBLE = 16,	/* type: enum zone_trouble_kind; rdata: text */
	ITEM_ORIGIN = 32,	/* a trouble: a relative name, but no origin */
	ITEM_TTL_TAKEN = 64,	/* ttl: that of an earlier record, which is known */
};

struct packed {
	u64 hash;		/* of the owner, when it has a wire */
	u32 line;		/* from 0 at the block's first one */
	u32 ttl;
	u16 type, rdlen;	/* rdlen of NS: with the eight octets of the hash */
	u16 size;		/* of all, in eights of octets */
	u8 flags, owner_len;
	u8 rest[];
};

/* Room for n octets at the end of the pack, or NULL (then block.error is set). */
u8 *block_room(struct block *b, u64 n);
/* Puts what is to be said into the pack. */
void block_trouble(struct block *b, enum zone_trouble_kind kind, u32 line, const char *text);
/* Makes text hold `cap` octets at least: 0 or -ENOMEM. */
int block_text(struct block *b, u32 cap);
void block_free(struct block *b);	/* what it owns */
