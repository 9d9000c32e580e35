/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost_answer.c - the biggest answers of each type, against the question that gets them.
 *
 *   question   header, name, type and class, EDNS: what somebody sends in a victim's name
 *   answer     the same and the RRset; signatures, when DNSSEC is asked for; the addresses
 *              that servers add for NS, MX and SRV; for ANY all sets of the name
 *
 * Names are counted as servers write them, with suffixes that stood before pointed at (in the
 * types of RFC 1035; RFC 3597, 4). What servers really send over UDP is bounded by their
 * limit, often 1232 octets: a larger answer is truncated and reflects nothing; both are said.
 *
 * Also sets and names so large that servers refuse them (BIND: 100 records a type and 100 types
 * a name by default, after CVE-2024-1737).
 *
 * Cost: one walk over the records of names that this zone answers for. */
#include "verify/cost.h"
#include "base/rd.h"

#define KINDS_MAX 64u		/* types that are told apart; others count for ANY only */
#define UDP_MOST 4096u		/* what the freest servers send over UDP */
#define UDP_SAFE 1232u		/* DNS flag day 2020 */
#define TARGETS_MAX 64u		/* of one set whose addresses are added */
#define HOST_RECORDS_MAX 64u
#define SIGNATURES_MAX 4096u	/* at one name; with more they count for ANY only */

struct kind {
	u16 type;
	u64 owners;		/* that reach the threshold */
	struct cost_top top;	/* amount: octets with signatures; extra: without */
};

struct answers {
	struct cost *c;
	struct kind *kind;
	unsigned count;
	struct kind any;
	struct cost_names names;
	u16 place[65536];	/* of a type in kind[], from 1 */
};

static u32 octets_of(const struct cost *c, const struct zone_rrset *s)
{
	u32 sum = 0;

	for (u32 i = s->first; i < s->first + s->count; i++) {
		u32 len;

		if (c->records[i].mark & ZONE_REPEAT)
			continue;
		zone_rdata(c->z, &c->records[i], &len);
		sum += COST_POINTER + COST_RR + len;
	}
	return sum;
}

/* Addresses of a name as records of a message, with the name once. */
static u32 addresses_of(const struct cost *c, const u8 *wire, u32 len)
{
	u8 lower[NAME_WIRE_MAX];
	const struct zone_name *n;
	u32 name, sum = 0;

	if (len == 0 || len > NAME_WIRE_MAX)
		return 0;
	name_lower(lower, wire, len);
	if ((name = zone_find(c->z, lower, len)) == 0)
		return 0;
	n = zone_name(c->z, name);
	if (!(n->flags & ZONE_OWNER) || !(n->flags & ZONE_INSIDE))
		return 0;
	for (u32 i = n->first; i < n->first + HOST_RECORDS_MAX &&
	     c->records[i].owner == name; i++)
		if ((c->records[i].type == TYPE_A || c->records[i].type == TYPE_AAAA) &&
		    !(c->records[i].mark & ZONE_REPEAT))
			sum += COST_POINTER + COST_RR + (c->records[i].type == TYPE_A ?
							 4 : 16);
	return sum;
}

/* What servers add for the targets of a set (RFC 1034, 4.3.2; RFC 2782). */
static u32 additional(const struct cost *c, const struct zone_rrset *s)
{
	u32 skip = s->type == TYPE_NS ? 0 : s->type == TYPE_MX ? 2 : 6, sum = 0;

	if (s->type != TYPE_NS && s->type != TYPE_MX && s->type != TYPE_SRV)
		return 0;
	for (u32 i = s->first; i < s->first + s->count && i < s->first + TARGETS_MAX;
	     i++) {
		u32 len;
		const u8 *rdata = zone_rdata(c->z, &c->records[i], &len);

		if (len > skip && !(c->records[i].mark & ZONE_REPEAT))
			sum += addresses_of(c, rdata + skip, len - skip);
	}
	return sum;
}

static u32 query_of(const struct cost *c, u32 owner)
{
	return COST_HEAD + zone_name(c->z, owner)->len + 4 + COST_OPT;
}

/* What comes back over UDP for each octet sent, from the freest server. */
static double factor_of(const struct cost *c, u32 owner, u64 octets)
{
	return (double)min_u64(octets, UDP_MOST) / query_of(c, owner);
}

/* Octets of one record's RDATA in a message. */
static u32 rdata_octets(struct cost_names *names, u16 type, const u8 *rdata, u32 len)
{
	u32 skip = type == TYPE_MX ? 2 : 0, first;

	if (type != TYPE_NS && type != TYPE_CNAME && type != TYPE_PTR &&
	    type != TYPE_MX &&
	    type != TYPE_SOA)
		return len;
	if (len <= skip || len - skip > 2 * NAME_WIRE_MAX + 20)
		return len;
	if (type != TYPE_SOA)
		return skip + cost_names_add(names, rdata + skip, len - skip);
	for (first = 0; first < len && rdata[first]; first += 1u + rdata[first])
		;
	if (len < ++first + 21)
		return len;
	return cost_names_add(names, rdata, first) +
	       cost_names_add(names, rdata + first, len - 20 - first) + 20;
}

/* Octets of the answer to a question for a type, or for ANY. */
static u64 exact(struct answers *x, u32 owner, u16 type, bool signatures)
{
	const struct cost *c = x->c;
	const struct zone_name *n = zone_name(c->z, owner);
	u32 own = n->len > 1 ? COST_POINTER : 1;
	u64 sum = query_of(c, owner), more = 0;

	cost_names_clear(&x->names);
	cost_names_add(&x->names, n->wire, n->len);
	for (u32 i = n->first; c->records[i].owner == owner; i++) {
		const struct zone_record *r = &c->records[i];
		bool sig = r->type == TYPE_RRSIG;
		u32 len;
		const u8 *rdata = zone_rdata(c->z, r, &len);

		if (r->mark & ZONE_REPEAT || (sig && !signatures))
			continue;
		if (type != TYPE_ANY && (sig ? cost_covered(c, r) : r->type) != type)
			continue;
		sum += own + COST_RR + rdata_octets(&x->names, r->type, rdata, len);
		if (type != TYPE_ANY && !sig && (i == n->first || r[-1].type != type)) {
			struct zone_rrset s = zone_rrset_at(c->z, i);

			more = additional(c, &s);
		}
	}
	return sum + more;
}

/* Takes a question into account; `most` octets is a bound on its answer, without head. */
static void add(struct answers *x, struct kind *k, u32 owner, u32 first, u64 most)
{
	const struct cost *c = x->c;
	u64 full;

	most += query_of(c, owner);
	if (factor_of(c, owner, most) < c->c->factor && !cost_top_wants(&k->top, most))
		return;
	full = exact(x, owner, k->type, true);
	k->owners += factor_of(c, owner, full) >= c->c->factor;
	if (cost_top_wants(&k->top, min_u64(full, 65535)))
		cost_top_add(&k->top,
			     &(struct cost_worst){ .amount = min_u64(full, 65535),
			.owner = owner, .record = first,
			.extra = (u32)min_u64(exact(x, owner, k->type, false), 65535) });
}

static struct kind *kind_of(struct answers *x, u16 type)
{
	if (x->place[type] == 0) {
		if (x->count == KINDS_MAX)
			return NULL;
		x->kind[x->count].type = type;
		x->place[type] = (u16)++x->count;
	}
	return &x->kind[x->place[type] - 1];
}

/* Records of a set; what is said twice counts once, as servers have it. */
static u32 different(const struct cost *c, const struct zone_rrset *s)
{
	u32 n = 0;

	for (u32 i = s->first; i < s->first + s->count; i++)
		n += !(c->records[i].mark & ZONE_REPEAT);
	return n;
}

static void tell_records(const struct cost *c, const struct zone_rrset *s, u32 count)
{
	char name[ZONE_BRIEF], type[RRTYPE_TEXT_MAX];
	struct finding *f = audit_begin(c->a, ROW_MANY_RECORDS, s->owner,
					&c->records[s->first]);

	if (f == NULL)
		return;
	finding_least(f, "records", count, (double)c->c->records, "in one RRset");
	audit_end(c->a, f, "%s has %u %s records; servers with a limit of %llu refuse "
		  "the zone or the answer.", zone_brief(c->z, s->owner, name), count,
		  rrtype_text(s->type, type),
		  (unsigned long long)c->c->records - 1);
}

static void tell_types(const struct cost *c, u32 owner, u32 types)
{
	char name[ZONE_BRIEF];
	struct finding *f = audit_begin(c->a, ROW_MANY_TYPES, owner,
					&c->records[zone_name(c->z, owner)->first]);

	if (f == NULL)
		return;
	finding_least(f, "types", types, (double)c->c->types, "at one name");
	audit_end(c->a, f, "%s has records of %u types; servers with a limit of %llu "
		  "refuse them.",
		  zone_brief(c->z, owner, name), types, (unsigned long long)c->c->types - 1);
}

/* All sets of one owner that this zone answers for. */
static void one_owner(struct answers *x, u32 owner, bool cut)
{
	const struct cost *c = x->c;
	struct zone_rrset s, rrsig = { 0 };
	u64 any = 0;
	u32 i = zone_name(c->z, owner)->first, first = i, types = 0;

	zone_rrset(c->z, owner, TYPE_RRSIG, &rrsig);
	for (; c->records[i].owner == owner; i += s.count) {
		struct kind *k;
		u32 octets, more = 0;

		s = zone_rrset_at(c->z, i);
		types++;
		octets = octets_of(c, &s);
		any += octets;
		if (s.type == TYPE_RRSIG)
			continue;
		if (s.count >= c->c->records && !(cut && s.type == TYPE_NS) &&
		    different(c, &s) >= c->c->records)
			tell_records(c, &s, different(c, &s));
		if (cut && s.type != TYPE_DS)
			continue;	/* a referral; see cost_referral.c */
		if ((k = kind_of(x, s.type)) == NULL)
			continue;
		if (rrsig.count <= SIGNATURES_MAX)
			more = cost_signatures(c, &rrsig, s.type, NULL);
		add(x, k, owner, i, (u64)octets + more + additional(c, &s));
	}
	if (types >= c->c->types)
		tell_types(c, owner, types);
	if (!cut && types > 1)
		add(x, &x->any, owner, first, any);
}

static void tell(struct answers *x, const struct kind *k, bool any)
{
	struct cost *c = x->c;
	const struct cost_worst *w = &k->top.at[0];
	char type[RRTYPE_TEXT_MAX], name[ZONE_BRIEF];
	double factor;
	struct finding *f;

	if (k->owners == 0)
		return;
	factor = factor_of(c, w->owner, w->amount);
	f = audit_begin_other(c->a, any ? ROW_ANY : ROW_AMPLIFICATION, "type",
			      any ? "ANY" : rrtype_text(k->type, type));
	if (f == NULL)
		return;
	finding_value(f, "line", zone_line(c->z, &c->records[w->record]), "",
		      "of the first record of the worst");
	finding_least(f, "factor", factor, c->c->factor, "octets of UDP answer for each "
		      "octet asked, up to 4096");
	finding_value(f, "octets", (double)w->amount, "", "of the largest answer with "
		      "signatures");
	finding_value(f, "plain", w->extra, "", "of the same without signatures");
	finding_value(f, "question", query_of(c, w->owner), "octets", "that gets it");
	finding_value(f, "factor_1232",
		      (double)(w->amount > UDP_SAFE ? query_of(c, w->owner) :
		      w->amount) / query_of(c, w->owner), "",
		      "from a server that sends at most 1232");
	finding_value(f, "owners", (double)k->owners, "", "names that reach the threshold");
	cost_top_parties(c, f, &k->top, "name", "octets");
	audit_end(c->a, f, w->amount > UDP_SAFE
		  ? N_("A question of %u octets for %s %s gets %llu octets (%.0f times; %u without "
		       "signatures); servers that send at most 1232 over UDP truncate it.")
		  : N_("A question of %u octets for %s %s gets %llu octets (%.0f times; %u without "
		       "signatures)."), query_of(c, w->owner),
		  zone_brief(c->z, w->owner, name), f->subject,
		  (unsigned long long)w->amount, factor, w->extra);
}

int cost_answers(struct cost *c)
{
	struct answers *x = calloc(1, sizeof *x);
	struct rank_walk walk = zone_owners_from(c->z, 0);
	u32 n = zone_owner_count(c->z);

	if (x == NULL || (x->kind = calloc(KINDS_MAX, sizeof *x->kind)) == NULL) {
		free(x);
		return -ENOMEM;
	}
	x->c = c;
	x->any.type = TYPE_ANY;
	x->names.key = c->in->key;
	for (u32 i = 0; i < n; i++) {
		u32 owner = zone_owners_next(c->z, &walk);
		const struct zone_name *o = zone_name(c->z, owner);

		if (o->flags & (ZONE_BELOW | ZONE_MASKED) || !(o->flags & ZONE_INSIDE))
			continue;
		one_owner(x, owner, o->flags & ZONE_CUT);
	}
	for (unsigned i = 0; i < x->count; i++)
		tell(x, &x->kind[i], false);
	tell(x, &x->any, true);
	free(x->kind);
	free(x);
	return 0;
}
