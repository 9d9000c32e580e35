/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_tell.c - findings about single delegations, from their marks.
 *
 * One walk over the delegations in canonical order. Where a rule has its findings already
 * the rest is only counted. A delegation that nobody can resolve is told once: as missing
 * glue when that alone is the cause. */
#include "verify/delegation.h"
#include "base/num.h"

struct one {
	struct delegation *d;
	u32 cut, name, first, count;
	u32 mark;
	char text[ZONE_BRIEF];
};

static u32 servers_of(const struct one *o)
{
	u32 n = 0;

	for (u32 i = o->first; i < o->first + o->count; i++)
		n += !(o->d->records[i].mark & ZONE_REPEAT);
	return n;
}

static struct finding *begin(struct one *o, enum delegation_row row)
{
	struct finding *f = audit_begin(o->d->a, row, o->name, &o->d->records[o->first]);
	struct zone_rrset set = { .owner = o->name, .first = o->first, .count = o->count,
		.type = TYPE_NS };

	if (f) {
		zone_brief(o->d->z, o->name, o->text);
		audit_rrset(o->d->a, f, &set);
	}
	return f;
}

static bool suspect_host(const struct delegation *d, u32 host)
{
	unsigned kind = d->host[host] & HOST_KIND;

	return kind >= HOST_MISSING;
}

/* Servers of the delegation that lie under a delegation without glue: its own or another.
 * They become parties; the first one's name goes into `first`. */
static u32 parties(struct one *o, struct finding *f, bool own, char first[ZONE_BRIEF])
{
	struct delegation *d = o->d;
	char name[NAME_TEXT_MAX];
	u32 n = 0;

	for (u32 i = o->first; i < o->first + o->count; i++) {
		u32 host = delegation_host_of(d, &d->records[i]);

		if (d->records[i].mark & ZONE_REPEAT ||
		    (d->host[host] & HOST_KIND) != HOST_UNDER ||
		    (d->ref[host] == o->cut) != own)
			continue;
		if (n++ == 0)
			zone_brief(d->z, d->records[i].value, first);
		if (n <= FINDING_RELATED_MAX)
			finding_party(f, "server",
				      zone_text(d->z, d->records[i].value, name),
				      d->hosts[host].delegations,
				      "without an address here");
	}
	return n;
}

static bool dead(const struct one *o)
{
	return !(o->mark & (CUT_ALIVE | CUT_EDGE));
}

static void no_glue(struct one *o)
{
	struct finding *f = begin(o, ROW_NO_GLUE);
	char server[ZONE_BRIEF] = "";
	u32 n;

	if (f == NULL)
		return;
	n = parties(o, f, true, server);
	f->severity = dead(o) ? SEVERITY_HIGH : SEVERITY_MEDIUM;
	finding_value(f, "without_glue", n, "", "servers that need glue and have none");
	finding_value(f, "servers", servers_of(o), "", "servers in all");
	audit_end(o->d->a, f, "%s names %s, which lies in it, but the zone has no "
		  "address for it (%u of %u servers need glue). %s.", o->text, server, n,
		  servers_of(o), dead(o) ?
		  N_("Nobody can resolve this delegation") :
		  N_("This server is of no use"));
}

static void sibling(struct one *o)
{
	struct finding *f = begin(o, ROW_SIBLING);
	char server[ZONE_BRIEF] = "";
	u32 n;

	if (f == NULL)
		return;
	n = parties(o, f, false, server);
	finding_value(f, "without_glue", n, "", "servers in other delegations, without "
		      "glue");
	audit_end(o->d->a, f, "%s names %s, which lies in another delegation of this "
		  "zone, and has no glue here: resolvers have to resolve that one "
		  "first.", o->text,
		  server);
}

static void unresolvable(struct one *o)
{
	struct finding *f = begin(o, ROW_UNRESOLVABLE);
	struct delegation *d = o->d;
	char name[NAME_TEXT_MAX], server[ZONE_BRIEF] = "";

	if (f == NULL)
		return;
	for (u32 i = o->first; i < o->first + o->count; i++) {
		u32 host = delegation_host_of(d, &d->records[i]);

		if (!suspect_host(d, host))
			continue;
		if (!server[0])
			zone_brief(d->z, d->records[i].value, server);
		finding_party(f, "server", zone_text(d->z, d->records[i].value, name),
			      d->hosts[host].delegations, "has no address and cannot get "
			      "one");
	}
	finding_value(f, "servers", servers_of(o), "", "none of which can be found");
	if (servers_of(o) == 1)
		audit_end(d->a, f, "The only server of %s, %s, cannot be found: nobody "
			  "can resolve this delegation.", o->text, server);
	else
		audit_end(d->a, f, "None of the %u servers of %s can be found (%s is "
			  "one): nobody can resolve this "
			  "delegation.", servers_of(o), o->text, server);
}

static void number_of_servers(struct one *o)
{
	const struct delegation_conf *c = o->d->c;
	u32 n = servers_of(o);
	struct finding *f;

	if (o->mark & CUT_FEW && (f = begin(o, ROW_FEW))) {
		finding_most(f, "servers", n, (double)c->servers_least - 1, "name servers");
		audit_end(o->d->a, f, n == 1
			  ? N_("%s has %u name server; when it is away, so is the whole "
			  	"domain.")
			  : N_("%s has %u name servers; when it is away, so is the whole "
			  	"domain."),
			  o->text, n);
	}
	if (o->mark & CUT_MANY && (f = begin(o, ROW_MANY))) {
		finding_least(f, "servers", n, (double)c->servers_most + 1, "name servers");
		audit_end(o->d->a, f, "%s has %u name servers, more than %llu.",
			  o->text, n,
			  (unsigned long long)c->servers_most);
	}
}

/* The first two servers with one address, and that. */
static void shared(const struct one *o, char text[ADDRESS_TEXT], char one[ZONE_BRIEF],
		   char other[ZONE_BRIEF])
{
	const struct delegation *d = o->d;
	char seen[64][ADDRESS_TEXT];
	u32 by[64], n = 0;

	for (u32 i = o->first; i < o->first + o->count; i++) {
		u32 host = delegation_host_of(d, &d->records[i]),
			owner = d->hosts[host].name;

		for (u32 j = d->ref[host]; d->records[j].owner == owner && n < 64; j++) {
			if (d->records[j].type != TYPE_A &&
			    d->records[j].type != TYPE_AAAA)
				continue;
			delegation_address(d, &d->records[j], seen[n]);
			for (u32 k = 0; k < n; k++)
				if (by[k] != owner && strcmp(seen[k], seen[n]) == 0) {
					memcpy(text, seen[n], ADDRESS_TEXT);
					zone_brief(d->z, by[k], one);
					zone_brief(d->z, owner, other);
					return;
				}
			by[n++] = owner;
		}
	}
}

static void addresses(struct one *o)
{
	char one[ZONE_BRIEF] = "", other[ZONE_BRIEF] = "";
	struct delegation *d = o->d;
	u32 host = delegation_host_of(d, &d->records[o->first]);
	char text[ADDRESS_TEXT] = "";
	struct finding *f;
	u32 n = servers_of(o);

	if (o->mark & (CUT_ONE_ADDRESS | CUT_ONE_PREFIX))
		delegation_address(d, &d->records[d->ref[host]], text);
	if (o->mark & CUT_ONE_ADDRESS && (f = begin(o, ROW_ONE_ADDRESS))) {
		finding_value(f, "servers", n, "", "names of one machine");
		audit_end(d->a, f, "All %u servers of %s have the one address %s.", n,
			  o->text, text);
	}
	if (o->mark & CUT_ONE_PREFIX && (f = begin(o, ROW_ONE_PREFIX))) {
		finding_value(f, "servers", n, "", "in one network");
		audit_end(d->a, f, "All %u servers of %s lie in one network, that of %s "
			  "(one /24, one /48).", n, o->text, text);
	}
	if (o->mark & CUT_SAME_ADDRESS && (f = begin(o, ROW_SAME_ADDRESS))) {
		shared(o, text, one, other);
		audit_end(d->a, f, "Different servers of %s have the same address (%s "
			  "and %s: %s), so it has fewer than its %u names "
			  "promise.", o->text, one,
			  other, text, n);
	}
	if (o->mark & CUT_LIMIT && (f = begin(o, ROW_LIMIT)))
		audit_end(d->a, f, "The servers of %s have so many addresses that they "
			  "were not compared.", o->text);
}

static void digests(struct one *o)
{
	static const struct { u32 mark; enum delegation_row row; const char *text;
			     } said[] = {
		{ CUT_DS_UNSUPPORTED, ROW_DS_UNSUPPORTED, N_("no DS record that "
		 "validators can use: it is signed in vain, they take it as unsigned") },
		{ CUT_DS_SHA1, ROW_DS_SHA1, N_("DS records with SHA-1 digests only") },
		{ CUT_DS_ALGORITHM, ROW_DS_ALGORITHM, N_("DS records for RSA with SHA-1 "
		 "only: more and more validators take it as unsigned") },
		{ CUT_DS_LENGTH, ROW_DS_LENGTH, N_("a DS record whose digest has a "
		 "length that its type does not have; it matches no key") },
	};
	struct zone_rrset set = { 0 };
	struct finding *f;

	for (size_t i = 0; i < COUNT(said); i++) {
		if (!(o->mark & said[i].mark))
			continue;
		zone_rrset(o->d->z, o->name, TYPE_DS, &set);
		f = audit_begin(o->d->a, said[i].row, o->name, &o->d->records[set.first]);
		if (f == NULL)
			continue;
		audit_rrset(o->d->a, f, &set);
		finding_value(f, "ds", set.count, "", "DS records");
		audit_end(o->d->a, f, "%s has %s.",
			  zone_brief(o->d->z, o->name, o->text),
			  said[i].text);
	}
}

/* The lowest TTL of the NS set and of its servers' addresses. */
static u32 lowest_ttl(const struct one *o)
{
	const struct delegation *d = o->d;
	u32 low = UINT32_MAX;

	for (u32 i = o->first; i < o->first + o->count; i++) {
		u32 host = delegation_host_of(d, &d->records[i]),
			owner = d->hosts[host].name;

		low = (u32)min_u64(low, zone_ttl(d->z, &d->records[i]));
		if ((d->host[host] & HOST_KIND) != HOST_ADDRESS)
			continue;
		for (u32 j = d->ref[host]; j < d->ref[host] + 64 &&
		     d->records[j].owner == owner; j++)
			if (d->records[j].type == TYPE_A || d->records[j].type == TYPE_AAAA)
				low = (u32)min_u64(low, zone_ttl(d->z, &d->records[j]));
	}
	return low;
}

static void rest(struct one *o)
{
	struct delegation *d = o->d;
	struct finding *f;

	if (o->mark & CUT_TTL && d->quick * 2 <= d->cut_count &&
	    (f = begin(o, ROW_TTL))) {
		u32 low = lowest_ttl(o);

		finding_most(f, "ttl", low, (double)(d->c->ttl / 1000000000u) - 1,
			     "seconds; the lowest of its NS and address records");
		audit_end(d->a, f, "%s has servers or glue with a TTL of %u s, unlike "
			  "most of this zone: they can be moved within "
			  "minutes.", o->text, low);
	}
	if (o->mark & CUT_WILDCARD && (f = begin(o, ROW_WILDCARD)))
		audit_end(d->a, f, "%s is a wildcard delegation: every name that does "
			  "not exist is given to these servers, and DNSSEC cannot prove "
			  "it.", o->text);
	if (o->mark & CUT_SELF && (f = begin(o, ROW_SELF)))
		audit_end(d->a, f, "%s is delegated to the very servers of this zone.",
			  o->text);
}

/* Told once when most of the zone is like that: then it is the registry's choice. */
static void ttl_of_all(struct delegation *d)
{
	struct finding *f;

	if (d->quick * 2 <= d->cut_count ||
	    (f = audit_begin(d->a, ROW_TTL_ALL, zone_origin(d->z), NULL)) == NULL)
		return;
	finding_value(f, "delegations", (double)d->quick, "", "with a low TTL");
	finding_least(f, "share", (double)d->quick / d->cut_count, 0.5,
		      "of all delegations");
	audit_end(d->a, f, "%llu of %u delegations have an NS or glue TTL below %llu s.",
		  (unsigned long long)d->quick, d->cut_count,
		  (unsigned long long)(d->c->ttl / 1000000000u));
}

static void tell_one(struct one *o)
{
	if (o->mark & CUT_NO_GLUE)
		no_glue(o);
	else if (dead(o))
		unresolvable(o);
	if (o->mark & CUT_SIBLING && !(o->mark & CUT_CYCLE))
		sibling(o);
	if (o->mark & (CUT_FEW | CUT_MANY))
		number_of_servers(o);
	if (o->mark & (CUT_ONE_ADDRESS | CUT_ONE_PREFIX | CUT_SAME_ADDRESS | CUT_LIMIT))
		addresses(o);
	if (o->mark & (CUT_DS_UNSUPPORTED | CUT_DS_SHA1 | CUT_DS_ALGORITHM |
		       CUT_DS_LENGTH))
		digests(o);
	if (o->mark & (CUT_TTL | CUT_WILDCARD | CUT_SELF))
		rest(o);
}

void delegation_tell(struct delegation *d)
{
	struct rank_walk walk = zone_cuts_from(d->z, 0);
	bool quick = d->quick * 2 <= d->cut_count;

	for (u32 i = 0; i < d->cut_count; i++) {
		struct one o = { .d = d, .cut = i, .name = zone_cuts_next(d->z, &walk),
				.mark = d->mark[i] };

		if (!(o.mark & CUT_MORE) && !(o.mark & CUT_TTL && quick) && !dead(&o))
			continue;
		o.mark = delegation_marks(d, i, o.name);
		o.first = delegation_servers(d, o.name, &o.count);
		tell_one(&o);
	}
	ttl_of_all(d);
}
