/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_set.c - the sets of one owner: aliases, what is hidden, what is said twice, TTLs.
 * See structure.h. */
#include "verify/structure.h"

#define TYPE_KEY 25
#define TYPE_NSEC 47
#define TYPE_NSEC3 50
#define SECOND 1000000000ull

/* What may stand beside a CNAME (RFC 2181, 10.1; RFC 4034, 3 and 4; RFC 2535, 2.3.5). */
static bool beside_cname(u16 type)
{
	return type == TYPE_CNAME || type == TYPE_RRSIG || type == TYPE_NSEC || type == TYPE_KEY;
}

static void cname_beside(struct structure *c, const struct zone_rrset *cname)
{
	const struct zone_name *n = zone_name(c->z, cname->owner);
	char type[RRTYPE_TEXT_MAX], text[NAME_TEXT_MAX];
	struct zone_rrset other;
	struct finding *f;

	for (u32 i = n->first; c->records[i].owner == cname->owner; i += other.count) {
		other = zone_rrset_at(c->z, i);
		if (beside_cname(other.type))
			continue;
		if ((f = structure_fault(c, ROW_CNAME_OTHER, cname->owner,
					 &c->records[cname->first])) == NULL)
			return;
		audit_rrset(c->a, f, cname);
		audit_rrset(c->a, f, &other);
		audit_end(c->a, f, "%s is an alias (CNAME) and has %s records as well: servers "
			  "refuse the zone.", zone_text(c->z, cname->owner, text),
			  rrtype_text(other.type, type));
		return;
	}
}

/* Different records of a type that may have one. */
static unsigned distinct(const struct structure *c, const struct zone_rrset *s)
{
	unsigned n = 0;

	for (u32 i = 0; i < s->count; i++)
		n += !(c->records[s->first + i].mark & ZONE_REPEAT);
	return n;
}

static void only_one(struct structure *c, const struct zone_rrset *s, enum structure_row row)
{
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	unsigned n = distinct(c, s);
	struct finding *f;

	if (n < 2 || (f = structure_fault(c, row, s->owner, &c->records[s->first + 1])) == NULL)
		return;
	audit_rrset(c->a, f, s);
	audit_end(c->a, f, "%s has %u different %s records; one is allowed.",
		  zone_text(c->z, s->owner, text), n, rrtype_text(s->type, type));
}

static unsigned target(const struct structure *c, const struct zone_rrset *s,
		       u8 to[NAME_WIRE_MAX])
{
	u32 len;
	const u8 *at = zone_rdata(c->z, &c->records[s->first], &len);

	return structure_name(at, len, to);
}

/* So many aliases in a row as evidence. */
static void show_aliases(struct structure *c, struct finding *f, const struct zone_rrset *s,
			 unsigned n)
{
	struct zone_rrset at = *s;
	u8 wire[NAME_WIRE_MAX];
	u32 name;

	while (n--) {
		unsigned len = target(c, &at, wire);

		audit_rrset(c->a, f, &at);
		if (len == 0 || structure_find(c, wire, len, &name) != FOUND_ALIAS ||
		    !zone_rrset(c->z, name, TYPE_CNAME, &at))
			return;
	}
}

/* Where an alias leads. What is an alias as well is noted while scanning, for the walk along
 * chains that follows. */
static void cname_target(struct structure *c, const struct zone_rrset *s)
{
	char text[NAME_TEXT_MAX], last[NAME_TEXT_MAX];
	enum structure_found found;
	struct zone_rrset next;
	u8 wire[NAME_WIRE_MAX];
	unsigned len = target(c, s, wire);
	struct finding *f;
	u32 name;

	if (len == 0)
		return;
	found = structure_find(c, wire, len, &name);
	if (c->scan && found == FOUND_ALIAS && zone_rrset(c->z, name, TYPE_CNAME, &next)) {
		c->next[s->first] = next.first + 1;
		c->alias = true;
	}
	if (found == FOUND_NOWHERE &&
	    (f = structure_fault(c, ROW_CNAME_NOWHERE, s->owner, &c->records[s->first]))) {
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "%s is an alias of %s, which does not exist in this zone.",
			  zone_text(c->z, s->owner, text), name_text(wire, len, last));
	}
}

static void cname_loop(struct structure *c, const struct zone_rrset *s, unsigned aliases)
{
	char text[NAME_TEXT_MAX];
	struct finding *f = structure_fault(c, ROW_CNAME_LOOP, s->owner, &c->records[s->first]);

	if (f == NULL)
		return;
	finding_value(f, "aliases", aliases, "", "in the circle");
	show_aliases(c, f, s, aliases);
	audit_end(c->a, f, "%s is an alias that leads back to itself: it never resolves.",
		  zone_text(c->z, s->owner, text));
}

/* Follows what the scan noted, so many steps at most as the rule allows and the loop needs to
 * be seen: a place in an array each. */
void structure_chain(struct structure *c, u32 owner)
{
	char text[NAME_TEXT_MAX];
	struct zone_rrset s;
	struct finding *f;
	u32 at;

	if (!zone_rrset(c->z, owner, TYPE_CNAME, &s))
		return;
	at = s.first;
	for (unsigned step = 0; step <= c->conf->chain; step++) {
		if (c->next[at] == 0)
			return;
		if ((at = c->next[at] - 1) == s.first) {
			cname_loop(c, &s, step + 1);
			return;
		}
	}
	f = structure_fault(c, ROW_CNAME_CHAIN, owner, &c->records[s.first]);
	if (f == NULL)
		return;
	finding_least(f, "aliases", (double)c->conf->chain + 1, (double)c->conf->chain + 1,
		      "aliases that lead to each other, at least");
	show_aliases(c, f, &s, (unsigned)c->conf->chain + 2);
	audit_end(c->a, f, "%s leads through more than %llu aliases: resolvers give up.",
		  zone_text(c->z, owner, text), (unsigned long long)c->conf->chain);
}

/* ---- DNAME (RFC 6672) ---- */

static void dname(struct structure *c, const struct zone_rrset *s)
{
	const struct zone_record *r = &c->records[s->first];
	const struct zone_name *n = zone_name(c->z, s->owner);
	char text[NAME_TEXT_MAX], to[NAME_TEXT_MAX];
	u8 wire[NAME_WIRE_MAX];
	struct finding *f;
	unsigned len = target(c, s, wire), at = 0;

	only_one(c, s, ROW_DNAME_MANY);
	if ((n->flags & ZONE_CUT) && (f = structure_fault(c, ROW_DNAME_CUT, s->owner, r))) {
		audit_rrset(c->a, f, s);
		structure_show(c, f, s->owner, TYPE_NS);
		audit_end(c->a, f, "%s is delegated, so its DNAME record here is never used.",
			  zone_text(c->z, s->owner, text));
	}
	if (n->len > 2 && n->wire[0] == 1 && n->wire[1] == '*' &&
	    (f = structure_fault(c, ROW_WILDCARD, s->owner, r)))
		audit_end(c->a, f, "%s is a wildcard with a DNAME record: what servers answer is "
			  "not defined (RFC 6672, 3.3).", zone_text(c->z, s->owner, text));
	while (at + n->len < len)
		at += 1u + wire[at];
	if (len == 0 || at + n->len != len || memcmp(wire + at, n->wire, n->len))
		return;
	if ((f = structure_fault(c, ROW_DNAME_LOOP, s->owner, r))) {
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "The DNAME record of %s leads to %s, at or below itself: "
			  "names below it grow until they are too long.",
			  zone_text(c->z, s->owner, text), name_text(wire, len, to));
	}
}

/* ---- hidden, repeated, TTLs ---- */

/* May the type be seen where the owner is, although it lies at or below a cut? */
static bool seen(const struct zone_name *n, u16 type)
{
	if (type == TYPE_A || type == TYPE_AAAA || type == TYPE_RRSIG || type == TYPE_NSEC)
		return true;	/* glue; the others are dnssec.c's to judge */
	return !(n->flags & ZONE_BELOW) &&
	       (type == TYPE_NS || type == TYPE_DS || type == TYPE_DNAME || type == TYPE_KEY);
}

static void hidden(struct structure *c, const struct zone_rrset *s)
{
	const struct zone_name *n = zone_name(c->z, s->owner);
	bool masked = n->flags & ZONE_MASKED;
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	struct finding *f;

	if (masked ? s->type == TYPE_RRSIG || s->type == TYPE_NSEC || s->type == TYPE_NSEC3
		   : !(n->flags & (ZONE_CUT | ZONE_BELOW)) || seen(n, s->type))
		return;
	if ((f = structure_fault_set(c, ROW_OCCLUDED, &c->records[s->first])) == NULL)
		return;
	finding_party(f, "type", rrtype_text(s->type, type), 0, "");
	audit_rrset(c->a, f, s);
	for (unsigned at = 0; at < n->len; at += 1u + n->wire[at]) {
		structure_show(c, f, zone_find(c->z, n->wire + at, n->len - at), TYPE_DNAME);
		if (at + c->origin->len < n->len)
			structure_show(c, f, zone_find(c->z, n->wire + at, n->len - at), TYPE_NS);
	}
	audit_end(c->a, f, "%s has %s records that nobody sees: they lie %s.",
		  zone_text(c->z, s->owner, text), type,
		  masked ? N_("below a DNAME") : n->flags & ZONE_CUT
		  ? N_("at a delegation") : N_("below a delegation"));
}

#define TTL_MOST INT32_MAX	/* RFC 2181, 8 */

static void ttls(struct structure *c, const struct zone_rrset *s, u32 least, u32 most)
{
	const struct zone_record *r = &c->records[s->first];
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	struct finding *f;

	if (least != most && s->type != TYPE_RRSIG &&
	    (f = structure_fault_set(c, ROW_TTL_MIXED, r))) {
		finding_value(f, "least", least, "s", "lowest TTL of the set");
		finding_value(f, "most", most, "s", "highest TTL of the set");
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "The %s records of %s have different TTLs (%u to %u s).",
			  rrtype_text(s->type, type), zone_text(c->z, s->owner, text), least,
			  most);
	}
	if (least == 0 && s->type != TYPE_RRSIG &&
	    (f = structure_fault_set(c, ROW_TTL_ZERO, r))) {
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "%s has %s records with a TTL of 0: they are asked for again "
			  "and again.", zone_text(c->z, s->owner, text),
			  rrtype_text(s->type, type));
	}
	if (most > TTL_MOST && s->type != TYPE_RRSIG &&
	    (f = structure_fault_set(c, ROW_TTL_ZERO, r))) {
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "%s has %s records with a TTL of %u s: more than 2147483647 is "
			  "taken as 0.", zone_text(c->z, s->owner, text),
			  rrtype_text(s->type, type), most);
	} else if (most > c->conf->ttl / SECOND && s->type != TYPE_RRSIG &&
	    (f = structure_fault_set(c, ROW_TTL_LONG, r))) {
		finding_least(f, "ttl", most, (double)(c->conf->ttl / SECOND) + 1, "seconds");
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "%s has %s records with a TTL of %u s.",
			  zone_text(c->z, s->owner, text), rrtype_text(s->type, type), most);
	}
}

static void repeated(struct structure *c, const struct zone_rrset *s)
{
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	const struct zone_record *r = &c->records[s->first], *twice = NULL;
	u32 least = zone_ttl(c->z, r), most = least, n = 0;
	struct finding *f;

	for (u32 i = 0; i < s->count; i++, r++) {
		u32 ttl = zone_ttl(c->z, r);

		least = ttl < least ? ttl : least;
		most = ttl > most ? ttl : most;
		if (!(r->mark & ZONE_REPEAT))
			continue;
		twice = twice ? twice : r;
		n++;
	}
	if (n && (f = structure_fault_set(c, ROW_REPEATED, twice))) {
		finding_value(f, "repeated", n, "records", "that stand in the set already");
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "%s has the same %s record more than once.",
			  zone_text(c->z, s->owner, text), rrtype_text(s->type, type));
	}
	ttls(c, s, least, most);
}

void structure_sets(struct structure *c, u32 owner)
{
	const struct zone_name *n = zone_name(c->z, owner);
	char text[NAME_TEXT_MAX];
	struct zone_rrset s;
	struct finding *f;

	for (u32 i = n->first; c->records[i].owner == owner; i += s.count) {
		s = zone_rrset_at(c->z, i);
		repeated(c, &s);
		hidden(c, &s);
		switch (s.type) {
		case TYPE_CNAME:
			cname_beside(c, &s);
			only_one(c, &s, ROW_CNAME_MANY);
			cname_target(c, &s);
			break;
		case TYPE_DNAME:
			dname(c, &s);
			break;
		case TYPE_SOA:
			if (!(n->flags & ZONE_APEX) &&
			    (f = structure_fault(c, ROW_SOA_ELSEWHERE, owner, &c->records[i])))
				audit_end(c->a, f, "%s has a SOA record, but the zone begins "
					  "above it.", zone_text(c->z, owner, text));
			break;
		default:
			break;
		}
	}
}
