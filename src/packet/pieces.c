/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.c - see pieces.h. All walks are linear: FRAGMENTS_A_DATAGRAM_MAX bounds. */
#include "packet/pieces.h"

u64 pieces_add(struct pieces *p, const u8 *data, u32 from, u32 have, u32 wire)
{
	struct piece *e = malloc(sizeof *e + have), **at = &p->lowest;

	if (e == NULL)
		return 0;
	e->from = from;
	e->have = have;
	e->wire = wire;
	memcpy(e->data, data, have);
	while (*at && (*at)->from <= from)
		at = &(*at)->after;
	e->after = *at;
	*at = e;
	e->before = p->newest;
	p->newest = e;
	p->count++;
	return sizeof *e + have;
}

u64 pieces_free(struct pieces *p)
{
	u64 octets = 0;

	while (p->newest) {
		struct piece *e = p->newest;

		p->newest = e->before;
		octets += sizeof *e + e->have;
		free(e);
	}
	p->lowest = NULL;
	p->count = 0;
	return octets;
}

enum overlap pieces_overlap(const struct pieces *p, const u8 *data, u32 from, u32 have,
			    u32 wire)
{
	enum overlap found = OVERLAP_NONE;

	for (const struct piece *e = p->lowest; e; e = e->after) {
		if (e->from >= from + wire || from >= e->from + e->wire)
			continue;
		if (e->from == from && e->wire == wire && e->have == have &&
		    memcmp(e->data, data, have) == 0)
			return OVERLAP_SAME;
		found = OVERLAP_SOME;
	}
	return found;
}

u32 pieces_reach(const struct pieces *p, bool captured)
{
	u32 reach = 0;

	for (const struct piece *e = p->lowest; e && e->from <= reach; e = e->after) {
		u32 end = e->from + (captured ? e->have : e->wire);

		reach = end > reach ? end : reach;
	}
	return reach;
}

u32 pieces_top(const struct pieces *p)
{
	u32 top = 0;

	for (const struct piece *e = p->lowest; e; e = e->after)
		top = e->from + e->wire > top ? e->from + e->wire : top;
	return top;
}

void pieces_copy(const struct pieces *p, u8 *to, u32 n)
{
	for (const struct piece *e = p->newest; e; e = e->before)
		if (e->from < n)
			memcpy(to + e->from, e->data, min_u64(e->have, n - e->from));
}
