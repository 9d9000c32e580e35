/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram.h - plain counters in a row, by label or by size.
 *
 *   tally   64 counters with labels 0 to 62, and one for all other labels:
 *           response codes, opcodes, transports, flags
 *   sizes   how many messages of 0-15, 16-31, ... 65520-65535 octets, the bins of
 *           RSSAC002 (traffic-sizes); larger ones are in the last
 *
 * Exact, merging is adding. Counters stop at 2^64 - 1. Packed forms hold only
 * what is not 0. The tally functions take the number of counters, so an owner
 * with more or fewer labels keeps an array of its own and uses them as well. */
#pragma once
#include "sketch/part.h"

#define TALLY_LABELS 64u
struct tally { u64 at[TALLY_LABELS]; };

/* n counters, at least 2; a label from n - 1 on is counted in the last. */
void tally_add(u64 *at, unsigned n, u64 label, u64 times);
void tally_merge(u64 *into, const u64 *from, unsigned n);
u64 tally_sum(const u64 *at, unsigned n);
/* n <= 65535. Packed: how many are not 0, then for each its label and count. */
void tally_pack(const u64 *at, unsigned n, struct buf *out);
/* 0 or OOPS_FORMAT, and then all counters are 0. */
int tally_unpack(u64 *at, unsigned n, struct rd *in);

#define SIZES_BIN 16u
#define SIZES_BINS (65536u / SIZES_BIN)
struct sizes { u64 at[SIZES_BINS]; };

/* One message of so many octets; all of another's messages. */
void sizes_add(struct sizes *s, u64 octets);
void sizes_merge(struct sizes *into, const struct sizes *from);
/* The bin's name in RSSAC002, "512-527", into `to`, returned. */
#define SIZES_TEXT_MAX 16
char *sizes_text(unsigned bin, char to[SIZES_TEXT_MAX]);
void sizes_pack(const struct sizes *s, struct buf *out);
int sizes_unpack(struct sizes *s, struct rd *in);	/* as tally_unpack() */

extern const struct part part_tally, part_sizes;
