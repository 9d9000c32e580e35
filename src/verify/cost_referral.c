/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost_referral.c - what one referral makes a resolver do, and how big it is.
 *
 *   fan-out   names of servers without an address in the referral: each may cost two queries
 *             (A and AAAA), most of them to one victim's servers (NXNSAttack)
 *   number    servers in all: each is looked up and compared (NRDelegationAttack)
 *   size      without EDNS: NS and the glue that has to be there (RFC 9471, 2.1) in 512
 *             octets; with DNSSEC: DS or its denial with signatures, in what is sent unfragmented
 *
 * The question is taken as the delegation's own name; a longer one makes it larger. Names
 * count as a server writes them, with suffixes that stood before pointed at. Denial by NSEC
 * is counted, by NSEC3 not: what stands there depends on the question.
 *
 * Cost: a look at each delegation's records and its servers' names, fetched ahead; names are
 * folded only where a referral without that would be too large. */
#include "verify/cost.h"
#include "base/hash.h"

#define TYPE_NSEC 47u
#define VICTIMS_MAX 512u	/* servers of one delegation that are sorted by their domain */
#define AHEAD 24u
#define HOST_RECORDS_MAX 64u	/* of a server's own that are looked at for glue */

struct referral {
	u32 cut, ns, servers, glueless;
	u32 ds, ds_octets,
		signed_octets;	/* DS or NSEC with signatures, without owners */
	u32 glue_octets, name_octets;		/* of NS records' names, unfolded */
	struct zone_rrset rrsig;
	bool nsec;
};

/* Octets of address records of a host in a message, its name pointed at. */
static u32 glue_of(const struct cost *c, const struct zone_name *host, u32 name,
		   bool *any)
{
	u32 octets = 0;

	*any = false;
	if (!(host->flags & ZONE_OWNER) || !(host->flags & ZONE_INSIDE))
		return 0;
	for (u32 i = host->first; c->records[i].owner == name &&
	     i < host->first + HOST_RECORDS_MAX;
	     i++) {
		u16 type = c->records[i].type;

		if ((type != TYPE_A && type != TYPE_AAAA) ||
		    c->records[i].mark & ZONE_REPEAT)
			continue;
		octets += COST_POINTER + COST_RR + (type == TYPE_A ? 4 : 16);
		*any = true;
	}
	return octets;
}

static bool under(const struct zone_name *n, const struct zone_name *top)
{
	return n->len >= top->len &&
	       memcmp(n->wire + n->len - top->len, top->wire, top->len) == 0;
}

static void add_server(const struct cost *c, struct referral *r,
		       const struct zone_record *ns)
{
	const struct zone_name *host = zone_name(c->z, ns->value);
	bool any;
	u32 glue = glue_of(c, host, ns->value, &any);

	r->servers++;
	r->glueless += !any;
	r->name_octets += host->len;
	if (under(host, zone_name(c->z, r->cut)))
		r->glue_octets += glue;
}

static void measure(const struct cost *c, struct referral *r)
{
	for (u32 i = zone_name(c->z, r->cut)->first; c->records[i].owner == r->cut; i++) {
		const struct zone_record *at = &c->records[i];
		u32 len;

		if (at->mark & ZONE_REPEAT)
			continue;
		switch (at->type) {
		case TYPE_NS:
			r->ns = r->servers ? r->ns : i;
			add_server(c, r, at);
			break;
		case TYPE_DS:
			zone_rdata(c->z, at, &len);
			r->ds_octets += COST_POINTER + COST_RR + len;
			r->ds++;
			break;
		case TYPE_RRSIG:
			if (r->rrsig.count++ == 0)
				r->rrsig.first = i;
			zone_rdata(c->z, at, &len);
			r->signed_octets += COST_POINTER + COST_RR + len;
			break;
		case TYPE_NSEC:
			zone_rdata(c->z, at, &len);
			r->signed_octets += COST_POINTER + COST_RR + len;
			r->nsec = true;
			break;
		}
	}
}

/* Octets of question and NS records, names folded as servers do. */
static u32 folded(const struct cost *c, const struct referral *r,
		  struct cost_names *names)
{
	const struct zone_name *cut = zone_name(c->z, r->cut);
	u32 octets = COST_HEAD + 4;

	cost_names_clear(names);
	octets += cost_names_add(names, cut->wire, cut->len);
	for (u32 i = r->ns; c->records[i].owner == r->cut &&
	     c->records[i].type == TYPE_NS; i++) {
		const struct zone_name *host = zone_name(c->z, c->records[i].value);

		if (!(c->records[i].mark & ZONE_REPEAT))
			octets += COST_POINTER + COST_RR +
				cost_names_add(names, host->wire, host->len);
	}
	return octets;
}

static u32 dnssec_octets(const struct cost *c, const struct referral *r)
{
	struct zone_rrset set;

	if (r->ds)
		return r->ds_octets + cost_signatures(c, &r->rrsig, TYPE_DS, NULL);
	if (!r->nsec || !zone_rrset(c->z, r->cut, TYPE_NSEC, &set))
		return 0;
	return r->signed_octets;	/* of a delegation without DS only NSEC is signed */
}

static int by_number(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* The most servers without an address whose names differ in their first label only. */
static u32 one_victim(const struct cost *c, const struct referral *r, u32 *at)
{
	u64 parent[VICTIMS_MAX], best = 0;
	u32 count = 0, most = 0;

	for (u32 i = r->ns; c->records[i].owner == r->cut &&
	     c->records[i].type == TYPE_NS &&
	     count < VICTIMS_MAX; i++) {
		const struct zone_name *host = zone_name(c->z, c->records[i].value);
		unsigned skip = host->len > 1 ? 1u + host->wire[0] : 0;
		bool any;

		glue_of(c, host, c->records[i].value, &any);
		if (!any && !(c->records[i].mark & ZONE_REPEAT))
			parent[count++] = hash_bytes(c->in->key, host->wire + skip,
						     host->len - skip);
	}
	qsort(parent, count, sizeof *parent, by_number);
	for (u32 i = 0, run = 0; i < count; i++) {
		run = i && parent[i] == parent[i - 1] ? run + 1 : 1;
		if (run > most) {
			most = run;
			best = parent[i];
		}
	}
	for (u32 i = r->ns; c->records[i].owner == r->cut &&
	     c->records[i].type == TYPE_NS; i++) {
		const struct zone_name *host = zone_name(c->z, c->records[i].value);
		unsigned skip = host->len > 1 ? 1u + host->wire[0] : 0;

		if (hash_bytes(c->in->key, host->wire + skip, host->len - skip) == best) {
			*at = i;
			break;
		}
	}
	return most;
}

static void tell_fan_out(const struct cost *c, const struct referral *r)
{
	struct finding *f = audit_begin(c->a, ROW_NXNS, r->cut, &c->records[r->ns]);
	char name[ZONE_BRIEF], victim[NAME_TEXT_MAX];
	const struct zone_name *host;
	u32 at = r->ns, most;
	unsigned skip;

	if (f == NULL)
		return;
	most = one_victim(c, r, &at);
	host = zone_name(c->z, c->records[at].value);
	skip = host->len > 1 ? 1u + host->wire[0] : 0;
	name_text(host->wire + skip, host->len - skip, victim);
	if (2ull * r->glueless >= 10 * c->c->fan_out)
		f->severity = SEVERITY_HIGH;
	finding_least(f, "queries", 2.0 * r->glueless, (double)c->c->fan_out,
		      "that a resolver may send for one question: A and AAAA of each "
		      "server");
	finding_value(f, "glueless", r->glueless, "", "servers without an address in the "
		      "referral");
	finding_value(f, "servers", r->servers, "", "servers in all");
	finding_value(f, "one_domain", most, "", "of them right below one domain, as far "
		      "as looked at");
	finding_party(f, "target", victim, most, "is asked for so many of the names");
	audit_end(c->a, f, "One question below %s can make a resolver send %u queries: "
		  "%u of its %u servers have no address "
		  "here.", zone_brief(c->z, r->cut, name),
		  2 * r->glueless,
		  r->glueless, r->servers);
}

static void tell_many(const struct cost *c, const struct referral *r)
{
	char name[ZONE_BRIEF];
	struct finding *f;

	zone_brief(c->z, r->cut, name);
	if (r->servers >= c->c->servers &&
	    (f = audit_begin(c->a, ROW_MANY_SERVERS, r->cut, &c->records[r->ns]))) {
		if (r->servers >= 10 * c->c->servers)
			f->severity = SEVERITY_HIGH;
		finding_least(f, "servers", r->servers, (double)c->c->servers,
			      "in one referral");
		audit_end(c->a, f, "A referral to %s names %u servers, each of which a "
			  "resolver looks up and compares.", name, r->servers);
	}
	if (r->ds >= c->c->ds &&
	    (f = audit_begin(c->a, ROW_MANY_DS, r->cut, &c->records[r->ns]))) {
		finding_least(f, "ds", r->ds, (double)c->c->ds,
			      "DS records of one delegation");
		audit_end(c->a, f, "%s has %u DS records; a validator may have to digest "
			  "each key of the child for each of them.", name, r->ds);
	}
}

static void tell_size(const struct cost *c, const struct referral *r, u32 plain, u32 full)
{
	char name[ZONE_BRIEF];
	struct finding *f;

	zone_brief(c->z, r->cut, name);
	if (plain > 512 &&
	    (f = audit_begin(c->a, ROW_REFERRAL_512, r->cut, &c->records[r->ns]))) {
		finding_least(f, "octets", plain, 513, "without EDNS, with the glue that "
			      "has to be there");
		finding_value(f, "servers", r->servers, "", "");
		audit_end(c->a, f, "A referral to %s takes %u octets without EDNS: it is "
			  "truncated at 512, and asked again by TCP.", name, plain);
	}
	if (full > c->c->edns &&
	    (f = audit_begin(c->a, ROW_REFERRAL_EDNS, r->cut, &c->records[r->ns]))) {
		finding_least(f, "octets", full, (double)c->c->edns + 1,
			      "with EDNS and DNSSEC");
		finding_value(f, "servers", r->servers, "", "");
		finding_value(f, "ds", r->ds, "", "DS records");
		audit_end(c->a, f, "A referral to %s with DNSSEC takes %u octets: more "
			  "than the %llu that are sent without fragments.", name, full,
			  (unsigned long long)c->c->edns);
	}
}

static void look_at(const struct cost *c, u32 cut, struct cost_names *names)
{
	struct referral r = { .cut = cut };
	u32 most, plain, full;

	measure(c, &r);
	if (2ull * r.glueless >= c->c->fan_out)
		tell_fan_out(c, &r);
	if (r.servers >= c->c->servers || r.ds >= c->c->ds)
		tell_many(c, &r);
	most = COST_HEAD + 4 + zone_name(c->z, cut)->len + r.name_octets +
		r.servers * (COST_POINTER + COST_RR) + r.glue_octets;
	full = COST_OPT + r.ds_octets + r.signed_octets;
	if (most <= 512 && most + full <= c->c->edns)
		return;
	plain = folded(c, &r, names) + r.glue_octets;
	full = plain + dnssec_octets(c, &r) + COST_OPT;
	tell_size(c, &r, plain, full);
}

int cost_referrals(struct cost *c)
{
	struct rank_walk walk = zone_cuts_from(c->z, 0);
	u32 n = zone_cut_count(c->z), far = 0;
	struct cost_names *names = calloc(1, sizeof *names);

	if (names == NULL)
		return -ENOMEM;
	names->key = c->in->key;
	for (u32 i = 0; i < n; i++) {
		u32 name = zone_cuts_next(c->z, &walk), at = zone_name(c->z, name)->first;

		far = far < at ? at : far;
		for (; far < at + AHEAD && far < c->record_count; far++)
			if (c->records[far].type == TYPE_NS)
				__builtin_prefetch(zone_name(c->z,
							     c->records[far].value));
		look_at(c, name, names);
	}
	free(names);
	return 0;
}
