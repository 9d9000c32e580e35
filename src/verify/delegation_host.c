/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_host.c - each name that NS records point at gets its kind.
 *
 *   out of the zone          OUTSIDE, or a name that no host can have
 *   address records here     ADDRESS, and ORPHAN when what is above it was delegated once
 *   below a delegation       UNDER
 *   neither                  this zone is the authority: ALIAS, MISSING or CLAIMABLE
 *
 * A name is CLAIMABLE when its registered domain lies right below the origin, the origin is
 * a public suffix, and nothing has that domain's name. Whether somebody holds it without
 * delegating it (a hold, a new registration) the registry knows; the zone does not.
 *
 * Wildcards: any one above a missing name that gives addresses is taken to answer for it, also
 * where RFC 4592 would let a name in between stop it: rather silent than wrong.
 *
 * Cost: one visit a host; a look-up a label for those without address in the zone. */
#include "verify/delegation.h"
#include "dns/suffix.h"

#define HOST_RECORDS_MAX 256u	/* of one host that are looked at for addresses */

static bool low(const struct delegation *d, const struct zone_record *r)
{
	return zone_ttl(d->z, r) < d->c->ttl / 1000000000u;
}

static u8 flags_of(const struct delegation *d, const struct zone_record *r)
{
	u32 len;
	const u8 *rdata = zone_rdata(d->z, r, &len);
	u8 flags = low(d, r) ? HOST_QUICK : 0;

	if ((len == 4 || len == 16) && address_block(rdata, len))
		flags |= HOST_ODD;
	return flags;
}

/* Looks for addresses of an owner: the kind with flags, or HOST_MISSING when there is none. */
static u8 addresses_of(const struct delegation *d, u32 owner, u32 *ref)
{
	u8 kind = HOST_MISSING;
	u32 seen = 0;

	for (u32 i = zone_name(d->z, owner)->first; d->records[i].owner == owner &&
	     d->records[i].type <= TYPE_AAAA; i++) {
		u16 type = d->records[i].type;

		if (type == TYPE_CNAME && (kind & HOST_KIND) == HOST_MISSING)
			kind = HOST_ALIAS;
		if (type != TYPE_A && type != TYPE_AAAA)
			continue;
		if ((kind & HOST_KIND) != HOST_ADDRESS) {
			kind = HOST_ADDRESS;
			*ref = i;
		}
		if (seen++ < HOST_RECORDS_MAX)
			kind |= flags_of(d, &d->records[i]);
	}
	return kind;
}

/* The name right below the origin that this one is, or is below: does it exist? */
static bool unit_exists(const struct delegation *d, const struct zone_name *n)
{
	unsigned at = 0;
	u32 name;

	while (at + 1u + n->wire[at] + d->origin->len < n->len)
		at += 1u + n->wire[at];
	name = zone_find(d->z, n->wire + at, n->len - at);
	return name && zone_name(d->z, name)->flags & ZONE_OWNER;
}

/* Names of this kind can be had right below the origin: is that where it would be? */
static bool below_origin(const struct delegation *d, const struct zone_name *n)
{
	int kind;
	unsigned labels, suffix = delegation_suffix(d, n, &kind, &labels);

	return suffix < labels && n->len - delegation_tail(n, suffix) == d->origin->len;
}

static u8 kind_outside(const struct delegation *d, const struct zone_name *n)
{
	unsigned at;

	if (n->len <= 1)
		return HOST_NULL;
	if (delegation_impossible(n))
		return HOST_IMPOSSIBLE;
	if (delegation_special(n, d->origin, &at))
		return HOST_SPECIAL;
	if (d->in->suffixes == NULL || suffixes_count(d->in->suffixes) == 0)
		return HOST_OUTSIDE;
	return delegation_tld_listed(d, n) ? HOST_OUTSIDE : HOST_UNKNOWN_TLD;
}

static u8 kind_missing(const struct delegation *d, const struct zone_name *n)
{
	unsigned at;

	if (d->origin->len <= 1) {
		if (n->len <= 1)
			return HOST_NULL;
		if (delegation_impossible(n))
			return HOST_IMPOSSIBLE;
		if (delegation_special(n, d->origin, &at))
			return HOST_SPECIAL;
	}
	if (d->claims && n->len > d->origin->len && !unit_exists(d, n) &&
	    below_origin(d, n))
		return HOST_CLAIMABLE;
	return HOST_MISSING;
}

static u8 kind_inside(const struct delegation *d, u32 name, bool apex, u32 *ref)
{
	const struct zone_name *n = zone_name(d->z, name);
	u8 kind = n->flags & ZONE_OWNER ? addresses_of(d, name, ref) : HOST_MISSING;
	u32 cut;

	if ((kind & HOST_KIND) == HOST_ADDRESS) {
		if (d->units && !apex &&
		    !(n->flags & (ZONE_BELOW | ZONE_CUT | ZONE_APEX)) &&
		    !unit_exists(d, n))
			kind |= HOST_ORPHAN;
		return kind;
	}
	if ((cut = zone_above(d->z, n->wire, n->len, ZONE_CUT)) != 0) {
		*ref = zone_cut_number(d->z, cut);
		return HOST_UNDER;
	}
	return kind == HOST_ALIAS ? kind : kind_missing(d, n);
}

static int classify(void *to, u32 first, u32 end)
{
	struct delegation *d = to;

	for (u32 i = first; i < end; i++) {
		const struct zone_name *n;
		bool apex = d->host[i] & HOST_APEX;

		if (i + 8 < end)
			__builtin_prefetch(zone_name(d->z, d->hosts[i + 8].name));
		n = zone_name(d->z, d->hosts[i].name);
		if (n->flags & ZONE_INSIDE || delegation_under(n, d->origin))
			d->host[i] |= kind_inside(d, d->hosts[i].name, apex, &d->ref[i]);
		else
			d->host[i] |= kind_outside(d, n);
	}
	return 0;
}

static int by_number(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static bool answers(const struct delegation *d, const struct zone_record *r)
{
	const u8 *wire;

	if (r->type == TYPE_DNAME)
		return true;
	if (r->type != TYPE_A && r->type != TYPE_AAAA && r->type != TYPE_CNAME)
		return false;
	wire = zone_name(d->z, r->owner)->wire;
	return wire[0] == 1 && wire[1] == '*';
}

/* Names that answer for names that are not there, sorted. */
static int find_answers(struct delegation *d)
{
	u32 cap = 0;

	for (u32 i = 0; i < d->record_count; i++) {
		if (!answers(d, &d->records[i]))
			continue;
		if (d->answer_count == cap) {
			u32 *more = realloc(d->answer,
					    (cap = cap * 2 + 64) * sizeof *more);

			if (more == NULL)
				return -ENOMEM;
			d->answer = more;
		}
		d->answer[d->answer_count++] = d->records[i].owner;
	}
	if (d->answer_count)
		qsort(d->answer, d->answer_count, sizeof *d->answer, by_number);
	return 0;
}

static bool in_answers(const struct delegation *d, u32 name)
{
	return name && bsearch(&name, d->answer, d->answer_count, sizeof name, by_number);
}

static bool answered(const struct delegation *d, const struct zone_name *n)
{
	u8 wild[NAME_WIRE_MAX + 2] = { 1, '*' };

	for (unsigned at = 0; at + d->origin->len < n->len;) {
		unsigned left;

		at += 1u + n->wire[at];
		left = n->len - at;
		if (in_answers(d, zone_find(d->z, n->wire + at, left)))
			return true;
		if (left + 2 > NAME_WIRE_MAX)
			continue;
		memcpy(wild + 2, n->wire + at, left);
		if (in_answers(d, zone_find(d->z, wild, left + 2)))
			return true;
	}
	return false;
}

static bool missing(u8 host)
{
	return (host & HOST_KIND) == HOST_MISSING || (host & HOST_KIND) == HOST_CLAIMABLE;
}

/* Missing names that something else answers for are aliases. */
static int refine(struct delegation *d)
{
	bool any = false;
	int rc;

	for (u32 i = 0; i < d->host_count && !any; i++)
		any = missing(d->host[i]);
	if (!any)
		return 0;
	if ((rc = find_answers(d)) < 0)
		return rc;
	if (d->answer_count == 0)
		return 0;
	for (u32 i = 0; i < d->host_count; i++)
		if (missing(d->host[i]) && answered(d, zone_name(d->z, d->hosts[i].name)))
			d->host[i] = (d->host[i] & ~HOST_KIND) | HOST_ALIAS;
	return 0;
}

static void mark_apex(struct delegation *d)
{
	struct zone_rrset s;

	if (!zone_rrset(d->z, zone_origin(d->z), TYPE_NS, &s))
		return;
	for (u32 i = s.first; i < s.first + s.count; i++) {
		if (d->records[i].mark & ZONE_REPEAT)
			continue;
		d->host[delegation_host_of(d, &d->records[i])] |= HOST_APEX;
		d->apex_servers++;
	}
}

int delegation_hosts(struct delegation *d)
{
	int rc;

	mark_apex(d);
	if ((rc = delegation_split(d->in->threads, d->host_count, classify, d)) < 0)
		return rc;
	return refine(d);
}
