/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h - the line, TTL and file of each record, in two octets as a rule.
 *
 * The records of a registry's zone have few different TTLs, and follow each other as lines do.
 * So a record has the number of its TTL and file, and its line as a distance:
 *
 *   kinds    | ttl file | ...                         up to 127
 *   blocks   | line wild | line wild | ...            one for 64 records
 *   record   line: from the block's line; mark: number of a kind
 *
 * A block with a record that does not fit (another 255 lines away, the 128th kind, a zone that
 * had to be sorted) is wild: it has an entry in full for each of its records.
 *
 * Cost: 2 octets a record and 8 a block; 12 more a record of a wild block. */
#pragma once
#include "zone/own.h"

#define PLACE_BLOCK 64u
#define PLACE_BEFORE 64u	/* lines before the first record's that others may have */

/* Fills in line and mark of a record that will be the next one: 0, -ENOMEM or OOPS_LIMIT. */
int place_add(struct zone *z, const struct zone_row *row, struct zone_record *to);
/* Where record i stands. */
void place_get(const struct zone *z, u32 i, struct zone_place *ret);
/* By file and line: below 0, 0 or above 0. */
int place_order(const struct zone *z, u32 i, u32 j);
/* Makes room for these places of the records from `first` on, whatever they were: 0, -ENOMEM
 * or OOPS_LIMIT. place_put() of each of them then cannot fail. */
int place_room(struct zone *z, u32 first, const struct zone_placed *all, u32 n);
/* Overwrites record i and its place. */
void place_put(struct zone *z, u32 i, const struct zone_placed *p);
/* All blocks become wild: 0, -ENOMEM or OOPS_LIMIT. */
int place_all_wild(struct zone *z);
