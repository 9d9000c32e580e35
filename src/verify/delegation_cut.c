/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_cut.c - each delegation gets its marks.
 *
 *   NS records  how many servers, what kinds of hosts, the apex's own set, TTL
 *   hosts       a server that may be found (CUT_ALIVE), or only through another delegation
 *   addresses   the same ones, one only, one prefix only: when all of them are known here
 *   DS records  does any validator follow them?
 *
 * Cost: the delegation's own records in a row, and one octet of each of its hosts, fetched
 * ahead. Limit: ADDRESSES_MAX addresses of one delegation are compared with each other. */
#include "verify/delegation.h"

#define ADDRESSES_MAX 64u
#define AHEAD 16u

struct address {
	u8 at[16];
	u8 len;
	u32 host;
};

struct pile {
	struct address at[ADDRESSES_MAX];
	unsigned count;
	bool full;
};

static void pile_host(struct pile *p, const struct delegation *d, u32 host)
{
	u32 owner = d->hosts[host].name;

	for (u32 i = d->ref[host]; d->records[i].owner == owner; i++) {
		const struct zone_record *r = &d->records[i];
		struct address *a = &p->at[p->count];
		const u8 *rdata;
		u32 len;

		if (r->type > TYPE_AAAA || i - d->ref[host] > 2 * ADDRESSES_MAX)
			break;
		if ((r->type != TYPE_A && r->type != TYPE_AAAA) || r->mark & ZONE_REPEAT)
			continue;
		if (p->count == ADDRESSES_MAX) {
			p->full = true;
			return;
		}
		rdata = zone_rdata(d->z, r, &len);
		if (len != 4 && len != 16)
			continue;
		*a = (struct address){ .len = (u8)len, .host = host };
		memcpy(a->at, rdata, len);
		p->count++;
	}
}

/* How the addresses of a delegation's servers, all known, fall together. */
static u32 judge_addresses(const struct pile *p)
{
	bool one = true, prefix = true, same = false, pair = false;
	const struct address *seen[2] = { NULL, NULL };	/* of each family, the first */

	if (p->full || p->count < 2)
		return p->full ? CUT_LIMIT : 0;
	for (unsigned i = 0; i < p->count; i++) {
		const struct address *a = &p->at[i], **first = &seen[a->len == 16];

		if (*first == NULL) {
			*first = a;
		} else {
			one = one && memcmp((*first)->at, a->at, a->len) == 0;
			prefix = prefix &&
				memcmp((*first)->at, a->at, a->len == 4 ? 3 : 6) == 0;
			pair = pair || (*first)->host != a->host;
		}
		for (unsigned j = 0; j < i && !same; j++)
			same = p->at[j].host != a->host && p->at[j].len == a->len &&
			       memcmp(p->at[j].at, a->at, a->len) == 0;
	}
	if (one)	/* a server with only IPv4 beside one with only IPv6 is no pair */
		return same ? CUT_ONE_ADDRESS : 0;
	return (prefix && pair ? CUT_ONE_PREFIX : 0) | (same ? CUT_SAME_ADDRESS : 0);
}

static u32 mark_of_host(const struct delegation *d, u32 host, u32 cut)
{
	switch (d->host[host] & HOST_KIND) {
	case HOST_OUTSIDE:
	case HOST_ALIAS:
	case HOST_ADDRESS:
		return CUT_ALIVE | (d->host[host] & HOST_QUICK ? CUT_TTL : 0) |
		       (d->host[host] & HOST_ORPHAN ? CUT_SUSPECT : 0);
	case HOST_UNKNOWN_TLD:
		return CUT_ALIVE | CUT_SUSPECT;
	case HOST_UNDER:
		return d->ref[host] == cut ? CUT_NO_GLUE : CUT_EDGE | CUT_SIBLING;
	default:
		return CUT_SUSPECT;
	}
}

struct servers {
	u32 count, apex, known;
	u32 mark;
};

/* One NS record of the delegation. */
static void add_server(struct servers *s, const struct delegation *d,
		       const struct zone_record *r, u32 cut)
{
	u32 host = delegation_host_of(d, r);

	s->count++;
	s->apex += d->host[host] & HOST_APEX ? 1 : 0;
	s->known += (d->host[host] & HOST_KIND) == HOST_ADDRESS;
	s->mark |= mark_of_host(d, host, cut);
	if (zone_ttl(d->z, r) < d->c->ttl / 1000000000u)
		s->mark |= CUT_TTL;
}

/* Diversity is judged when every server's addresses stand in the zone; an odd one out
 * could be anywhere. */
static u32 judge_servers(const struct delegation *d, const struct servers *s, u32 first,
			 u32 end)
{
	u32 mark = s->mark;
	struct pile p;

	if (s->count < d->c->servers_least)
		mark |= CUT_FEW;
	if (s->count > d->c->servers_most)
		mark |= CUT_MANY;
	if (s->apex == s->count && s->count == d->apex_servers)
		mark |= CUT_SELF;
	if (s->known != s->count || s->count < 2)
		return mark;
	p.count = 0;
	p.full = false;
	for (u32 i = first; i < end && !p.full; i++)
		if (!(d->records[i].mark & ZONE_REPEAT))
			pile_host(&p, d, delegation_host_of(d, &d->records[i]));
	return mark | judge_addresses(&p);
}

static unsigned digest_octets(u8 type)
{
	static const u8 octets[] = { [1] = 20, [2] = 32, [3] = 32, [4] = 48 };

	return type < sizeof octets ? octets[type] : 0;
}

/* Algorithms that validators of today check (IANA's registry: implement for validation). */
static bool algorithm_known(u8 algorithm)
{
	return algorithm == 5 || algorithm == 7 || algorithm == 8 || algorithm == 10 ||
	       (algorithm >= 13 && algorithm <= 16);
}

struct digests {
	bool any, good, strong, modern, wrong;
};

static void add_ds(struct digests *s, const u8 *rdata, u32 len)
{
	unsigned octets = len >= 4 ? digest_octets(rdata[3]) : 0;
	bool good;

	s->any = true;
	if (len < 4 || (octets && len - 4 != octets)) {
		s->wrong = true;
		return;
	}
	good = octets && rdata[3] != 3 && algorithm_known(rdata[2]);
	s->good |= good;
	s->strong |= good && rdata[3] != 1;
	s->modern |= good && rdata[2] != 5 && rdata[2] != 7;
}

static u32 judge_ds(const struct digests *s)
{
	u32 mark = s->wrong ? CUT_DS_LENGTH : 0;

	if (!s->any)
		return 0;
	if (!s->good)
		return mark | CUT_DS_UNSUPPORTED;
	return mark | (s->strong ? 0 : CUT_DS_SHA1) | (s->modern ? 0 : CUT_DS_ALGORITHM);
}

static u32 marks_of(const struct delegation *d, u32 cut, u32 name)
{
	const struct zone_name *n = zone_name(d->z, name);
	struct servers s = { .mark = n->wire[0] == 1 &&
			    n->wire[1] == '*' ? CUT_WILDCARD : 0 };
	struct digests g = { 0 };
	u32 i = n->first, first = 0, end = 0;

	for (; d->records[i].owner == name && d->records[i].type <= TYPE_DS; i++) {
		const struct zone_record *r = &d->records[i];

		if (r->type == TYPE_NS) {
			first = end ? first : i;
			end = i + 1;
			if (!(r->mark & ZONE_REPEAT))
				add_server(&s, d, r, cut);
		} else if (r->type == TYPE_A || r->type == TYPE_AAAA) {
			s.mark |= CUT_ADDRESS;
		} else if (r->type == TYPE_DS) {
			u32 len;
			const u8 *rdata = zone_rdata(d->z, r, &len);

			add_ds(&g, rdata, len);
		}
	}
	return judge_servers(d, &s, first, end) | judge_ds(&g);
}

/* Fetches what the records ahead will need: the name of a server, and nearer its host. */
static void fetch(const struct delegation *d, u32 *far, u32 at)
{
	u32 end = at + 2 * AHEAD < d->record_count ? at + 2 * AHEAD : d->record_count;

	for (; *far < end; ++*far) {
		const struct zone_record *r = &d->records[*far];

		if (r->type == TYPE_NS)
			__builtin_prefetch(zone_name(d->z, r->value));
		if (*far >= AHEAD && r[-(int)AHEAD].type == TYPE_NS)
			__builtin_prefetch(&d->host[zone_host(d->z,
							      r[-(int)AHEAD].value)]);
	}
}

static int mark_cuts(void *to, u32 first, u32 end)
{
	struct delegation *d = to;
	struct rank_walk walk = zone_cuts_from(d->z, first);
	u32 far = 0, mark;

	for (u32 i = first; i < end; i++) {
		u32 name = zone_cuts_next(d->z, &walk), at = zone_name(d->z, name)->first;

		if (far < at)
			far = at;
		fetch(d, &far, at);
		mark = marks_of(d, i, name);
		d->mark[i] = (u8)(mark | (mark > CUT_KEPT ? CUT_MORE : 0));
	}
	return 0;
}

u32 delegation_marks(const struct delegation *d, u32 cut, u32 name)
{
	return d->mark[cut] | (d->mark[cut] & CUT_MORE ? marks_of(d, cut, name) : 0);
}

int delegation_cuts(struct delegation *d)
{
	int rc = delegation_split(d->in->threads, d->cut_count, mark_cuts, d);

	for (u32 i = 0; i < d->cut_count; i++)
		d->quick += d->mark[i] & CUT_TTL ? 1 : 0;
	return rc;
}
