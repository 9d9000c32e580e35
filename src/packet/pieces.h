/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.h - octets of one datagram that arrived so far.
 *
 *   offset   0         1480      2960
 *            | piece 1 |         | piece 2 |      lowest: 1 -> 2    newest: 2 -> 1
 *
 * Each piece is in two lists: by offset, to see what is covered, and by arrival,
 * the newest first, so that copying in that order lets the first octets win.
 *
 * Not for other folders. */
#pragma once
#include "base/base.h"

struct piece {
	struct piece *before;	/* the one that arrived before it */
	struct piece *after;	/* the one with the next higher offset */
	u32 from, have, wire;	/* have < wire: cut by the snap length */
	u8 data[];
};

struct pieces {
	struct piece *newest, *lowest;
	u32 count;
};

enum overlap { OVERLAP_NONE, OVERLAP_SAME, OVERLAP_SOME };

/* Adds a copy of `have` octets of a piece of `wire`: the memory it took, or 0. */
u64 pieces_add(struct pieces *p, const u8 *data, u32 from, u32 have, u32 wire);
/* What such a piece would lie over; SAME: one with the same place and octets. */
enum overlap pieces_overlap(const struct pieces *p, const u8 *data, u32 from, u32 have,
			    u32 wire);
/* Frees all: the memory they took. */
u64 pieces_free(struct pieces *p);
/* Offset of the first octet that no piece covers; `captured`: that is not here. */
u32 pieces_reach(const struct pieces *p, bool captured);
/* Offset behind the last octet of any. */
u32 pieces_top(const struct pieces *p);
/* The first n octets, n <= pieces_reach(p, true); what arrived first wins. */
void pieces_copy(const struct pieces *p, u8 *to, u32 n);

static inline bool pieces_begin(const struct pieces *p)	/* offset 0 is here */
{
	return p->lowest && p->lowest->from == 0;
}
