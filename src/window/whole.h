/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole.h - the traffic itself: what `vedette stats` prints and RSSAC002 asks for.
 *
 * Volumes by transport and family, response codes, types, opcodes, flags, message
 * sizes in bins of 16 octets, unique sources, and what the join of queries with
 * responses says. All of it merges. */
#pragma once
#include "model/observation.h"
#include "sketch/distinct.h"
#include "sketch/quantile.h"

#define SIZE_BIN 16u	/* RSSAC002, 2.4 */
#define SIZE_BINS (65536u / SIZE_BIN)
#define RCODES 24	/* 0 to 22 by number, the rest together in the last */
#define TYPES 262	/* 0 to 260 by number, the rest together in the last */

enum way { WAY_QUERY, WAY_RESPONSE, WAYS };
enum family { FAMILY_V4, FAMILY_V6, FAMILIES };

struct whole {
	u64 messages[WAYS][TRANSPORT_COUNT][FAMILIES];
	u64 octets[WAYS][TRANSPORT_COUNT][FAMILIES];
	u64 rcode[RCODES];
	u64 type[TYPES];		/* of queries */
	u64 type_response[TYPES];	/* of responses, for one-way captures */
	u64 opcode[16];
	u64 edns[WAYS], dnssec_ok[WAYS], truncated, recursion_desired, authoritative;
	u64 join[JOIN_COUNT];
	u32 size[WAYS][TRANSPORT_COUNT][SIZE_BINS];
	struct distinct sources_v4, sources_v6, sources_v6_64;
	struct quantile latency;	/* ns */
	u64 first_ns, last_ns;
};

struct whole *whole_make(void);	/* NULL without memory */
struct whole *whole_free(struct whole *w);
void whole_clear(struct whole *w);
struct turn;
void whole_fold(struct whole *w, const struct turn *t, unsigned n);
void whole_merge(struct whole *into, const struct whole *from);

struct buf;
/* The statistics as members of a JSON object (without its braces). */
void whole_json(const struct whole *w, struct buf *out);
