/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost_chain.c - CNAME to CNAME to CNAME.
 *
 * Each step may cost a resolver a round of queries, and it gives up after eight to sixteen
 * (Unbound and BIND: 11). Chains are followed inside the zone, where both ends are names
 * that stand in it; wildcards and DNAMEs are not expanded.
 *
 *   alias[i] -next-> alias[j] -> ... -> something else       length known: kept, not walked again
 *
 * Cost: linear in the CNAME records; 16 octets for each. */
#include "verify/cost.h"

#define NONE UINT32_MAX
#define SHOWN 6u

struct chains {
	struct cost *c;
	u32 *first;	/* record of each alias; ascending, since owners are in order */
	u32 *next;	/* the alias that it points at */
	u32 *steps;	/* CNAME records from here; 0 = not known yet; NONE = ends in a loop */
	u32 *path;
	u8 *pointed;	/* 1: an alias points here; 2: on the path at hand; 4: told */
	u32 count;
};

static u32 alias_of(const struct chains *x, u32 name)
{
	u32 low = 0, high = x->count, wanted;

	if (name == 0 || !(zone_name(x->c->z, name)->flags & ZONE_OWNER))
		return NONE;
	wanted = zone_name(x->c->z, name)->first;
	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (x->first[mid] < wanted)
			low = mid + 1;
		else
			high = mid;
	}
	return low < x->count && x->c->records[x->first[low]].owner == name ? low : NONE;
}

static bool is_alias(const struct cost *c, u32 i)
{
	const struct zone_record *r = &c->records[i];

	return r->type == TYPE_CNAME && (i == 0 || r[-1].owner != r->owner ||
					 r[-1].type != TYPE_CNAME) &&
	       !(zone_name(c->z,
			   r->owner)->flags & (ZONE_BELOW | ZONE_CUT | ZONE_MASKED));
}

static int chains_open(struct chains *x)
{
	struct cost *c = x->c;
	u64 size;

	for (u32 i = 0; i < c->record_count; i++)
		x->count += is_alias(c, i);
	size = ((u64)x->count + 1) * sizeof(u32);
	x->first = malloc(size);
	x->next = malloc(size);
	x->steps = calloc(1, size);
	x->path = malloc(size);
	x->pointed = calloc(x->count + 1ull, 1);
	if (!x->first || !x->next || !x->steps || !x->path || !x->pointed)
		return -ENOMEM;
	for (u32 i = 0, n = 0; i < c->record_count; i++)
		if (is_alias(c, i))
			x->first[n++] = i;
	for (u32 n = 0; n < x->count; n++) {
		u8 lower[NAME_WIRE_MAX];
		u32 len;
		const u8 *rdata = zone_rdata(c->z, &c->records[x->first[n]], &len);

		x->next[n] = NONE;
		if (len > NAME_WIRE_MAX)
			continue;
		name_lower(lower, rdata, len);
		if ((x->next[n] = alias_of(x, zone_find(c->z, lower, len))) != NONE)
			x->pointed[x->next[n]] |= 1;
	}
	return 0;
}

/* Follows from n to what is known, to the end or to itself; true when a loop was closed, whose
 * first place on the path is *loop. */
static bool follow(struct chains *x, u32 n, u32 *len, u32 *loop)
{
	*len = 0;
	while (n != NONE && x->steps[n] == 0 && !(x->pointed[n] & 2)) {
		x->pointed[n] |= 2;
		x->path[(*len)++] = n;
		n = x->next[n];
	}
	*loop = NONE;
	if (n != NONE && x->pointed[n] & 2)
		for (u32 i = 0; i < *len; i++)
			if (x->path[i] == n)
				*loop = i;
	if (n != NONE && (x->pointed[n] & 2 || x->steps[n] == NONE))
		return true;
	return false;
}

/* Appends " -> name" while it fits. */
static void step(const struct chains *x, char text[400], u32 n)
{
	size_t at = strlen(text);
	char name[ZONE_BRIEF];

	zone_brief(x->c->z, x->c->records[x->first[n]].owner, name);
	if (at + strlen(name) + 10 < 400)
		snprintf(text + at, 400 - at, "%s%s", at ? " -> " : "", name);
}

static void tell(struct chains *x, enum cost_row row, u32 n, u32 steps)
{
	struct cost *c = x->c;
	const struct zone_record *r = &c->records[x->first[n]];
	struct finding *f = audit_begin(c->a, row, r->owner, r);
	char path[400] = "";
	u32 at = n;

	if (f == NULL)
		return;
	for (u32 i = 0; i < SHOWN && at != NONE && i < steps; i++, at = x->next[at])
		step(x, path, at);
	if (row == ROW_LOOP) {
		finding_value(f, "steps", steps, "", "aliases in the loop");
		audit_end(c->a, f, steps > SHOWN
			  ? N_("%u CNAME records point in a circle: %s -> .... Nobody gets an "
			       "answer.")
			  : N_("%u CNAME records point in a circle: %s -> and again. Nobody gets "
			       "an answer."), steps, path);
	} else {
		finding_least(f, "steps", steps, (double)c->c->chain,
			      "CNAME records in a row");
		audit_end(c->a, f, "A question for the first takes %u CNAME steps: "
			  "%s%s.", steps, path,
			  steps > SHOWN ? " -> ..." : "");
	}
}

static void settle(struct chains *x, u32 len, bool looped)
{
	for (u32 i = len; i-- > 0;) {
		u32 n = x->path[i], next = x->next[n];

		x->pointed[n] &= (u8)~2u;
		x->steps[n] = looped ? NONE : next == NONE ? 1 : x->steps[next] + 1;
	}
}

int cost_chains(struct cost *c)
{
	struct chains x = { .c = c };
	int rc = chains_open(&x);

	for (u32 n = 0; rc == 0 && n < x.count; n++) {
		u32 len, loop, least = NONE;
		bool looped = follow(&x, n, &len, &loop);

		for (u32 i = loop; loop != NONE && i < len; i++)
			least = x.path[i] < least ? x.path[i] : least;
		if (loop != NONE)
			tell(&x, ROW_LOOP, least, len - loop);
		settle(&x, len, looped);
	}
	for (u32 n = 0; rc == 0 && n < x.count; n++)
		if (!(x.pointed[n] & 1) && x.steps[n] != NONE &&
		    x.steps[n] >= c->c->chain)
			tell(&x, ROW_CHAIN, n, x.steps[n]);
	free(x.first);
	free(x.next);
	free(x.steps);
	free(x.path);
	free(x.pointed);
	return rc;
}
