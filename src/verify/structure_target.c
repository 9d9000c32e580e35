/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_target.c - where NS, MX, SRV, SVCB, PTR and CNAME records point: no alias (RFC 2181,
 * 10.3; RFC 2782), a name with an address as far as this zone knows, a legal host name. See
 * structure.h. */
#include "verify/structure.h"

struct pointed {
	const struct zone_rrset *s;
	const struct zone_record *r;
	u8 wire[NAME_WIRE_MAX];
	unsigned len;
};

static void say_bad(struct structure *c, const struct pointed *p, const char *why,
		    enum severity most)
{
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX], owner[NAME_TEXT_MAX];
	struct finding *f;

	if (why == NULL || (f = structure_fault_set(c, ROW_TARGET_NAME, p->r)) == NULL)
		return;
	f->severity = most < f->severity ? most : f->severity;
	audit_rrset(c->a, f, p->s);
	audit_end(c->a, f, "The %s record of %s points at %s, which %s.",
		  rrtype_text(p->s->type, type), zone_text(c->z, p->s->owner, owner),
		  name_text(p->wire, p->len, text), why);
}

static void bad_name(struct structure *c, const struct pointed *p)
{
	say_bad(c, p, structure_bad_host(p->wire, p->len, false), SEVERITY_CRITICAL);
}

static void resolves(struct structure *c, const struct pointed *p, enum structure_row alias,
		     enum structure_row nothing)
{
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX], owner[NAME_TEXT_MAX];
	u32 name;
	enum structure_found found = structure_find(c, p->wire, p->len, &name);
	struct finding *f;

	if (found == FOUND_OUTSIDE || found == FOUND_ADDRESS)
		return;
	f = structure_fault(c, found == FOUND_ALIAS ? alias : nothing, p->s->owner, p->r);
	if (f == NULL)
		return;
	audit_rrset(c->a, f, p->s);
	structure_show(c, f, name, TYPE_CNAME);
	structure_show(c, f, name, TYPE_TXT);	/* something that is no address */
	audit_end(c->a, f, "The %s record of %s points at %s, which %s.",
		  rrtype_text(p->s->type, type), zone_text(c->z, p->s->owner, owner),
		  name_text(p->wire, p->len, text), found == FOUND_ALIAS ? N_("is an "
		  	"alias (CNAME)")
		  : found == FOUND_OTHER ? N_("has no address") : N_("does not exist"));
}

/* The name that begins at `skip` in the RDATA; false when there is none. */
static bool point(const struct structure *c, const struct zone_rrset *s, u32 i, u32 skip,
		  struct pointed *p)
{
	u32 len;
	const u8 *at = zone_rdata(c->z, &c->records[s->first + i], &len);

	p->s = s;
	p->r = &c->records[s->first + i];
	p->len = len > skip ? structure_name(at + skip, len - skip, p->wire) : 0;
	return p->len > 0;
}

/* A null MX stands alone and has preference 0 (RFC 7505, 3). */
static void null_mx(struct structure *c, const struct pointed *p)
{
	char owner[NAME_TEXT_MAX];
	struct finding *f;

	if (p->s->count == 1)
		return;
	if ((f = structure_fault(c, ROW_MX_NULL, p->s->owner, p->r))) {
		audit_rrset(c->a, f, p->s);
		audit_end(c->a, f, "%s says that it takes no mail (MX .) and names servers for "
			  "mail as well.", zone_text(c->z, p->s->owner, owner));
	}
}

static void mx(struct structure *c, const struct zone_rrset *s)
{
	struct pointed p;

	for (u32 i = 0; i < s->count; i++) {
		if (!point(c, s, i, 2, &p))
			continue;
		if (p.len == 1) {
			null_mx(c, &p);
			continue;
		}
		bad_name(c, &p);
		resolves(c, &p, ROW_MX_ALIAS, ROW_MX_NO_ADDRESS);
	}
}

static void srv(struct structure *c, const struct zone_rrset *s)
{
	struct pointed p;

	for (u32 i = 0; i < s->count; i++) {
		if (!point(c, s, i, 6, &p) || p.len == 1)	/* ".": not offered here */
			continue;
		bad_name(c, &p);
		resolves(c, &p, ROW_SRV_ALIAS, ROW_SRV_NO_ADDRESS);
	}
}

/* In ServiceMode the target is a host (RFC 9460, 2.5). */
static void svcb(struct structure *c, const struct zone_rrset *s)
{
	struct pointed p;
	u32 len;

	for (u32 i = 0; i < s->count; i++) {
		const u8 *at = zone_rdata(c->z, &c->records[s->first + i], &len);

		if (len > 2 && (at[0] || at[1]) && point(c, s, i, 2, &p) && p.len > 1)
			bad_name(c, &p);
	}
}

/* Below in-addr.arpa and ip6.arpa pointers are to hosts, but for service discovery
 * (RFC 6763, 11). */
static bool reversed(const struct zone_name *n)
{
	static const u8 four[] = "\x07in-addr\x04" "arpa", six[] = "\x03ip6\x04" "arpa";

	if (n->len > sizeof four && memcmp(n->wire + n->len - sizeof four, four,
					   sizeof four) == 0)
		;
	else if (n->len <= sizeof six || memcmp(n->wire + n->len - sizeof six, six, sizeof six))
		return false;
	for (unsigned at = 0; n->wire[at]; at += 1u + n->wire[at])
		if (n->wire[at + 1] == '_')
			return false;
	return true;
}

static void ptr(struct structure *c, const struct zone_rrset *s)
{
	struct pointed p;

	if (!reversed(zone_name(c->z, s->owner)))
		return;
	for (u32 i = 0; i < s->count; i++) {
		u32 name;

		if (!point(c, s, i, 0, &p))
			continue;
		if (structure_find(c, p.wire, p.len, &name) == FOUND_NOWHERE)
			say_bad(c, &p, N_("lies in this reverse zone and does not exist: a dot "
					  "is missing at its end"), SEVERITY_CRITICAL);
		else
			bad_name(c, &p);
	}
}

/* An alias may lead to any name, but none ends in a number (RFC 3696, 2). */
static void cname(struct structure *c, const struct zone_rrset *s)
{
	struct pointed p;

	for (u32 i = 0; i < s->count; i++)
		if (point(c, s, i, 0, &p) && structure_ends_numeric(p.wire, p.len))
			bad_name(c, &p);
}

static void apex_ns(struct structure *c, const struct zone_rrset *s)
{
	char text[NAME_TEXT_MAX];
	struct pointed p;
	struct finding *f;
	u32 name;

	for (u32 i = 0; i < s->count; i++) {
		enum structure_found found;

		if (!point(c, s, i, 0, &p))
			continue;
		if (p.len == 1) {
			/* as policy zones have it, which nobody is sent to */
			say_bad(c, &p, N_("is the root and no server"), SEVERITY_LOW);
			continue;
		}
		bad_name(c, &p);
		found = structure_find(c, p.wire, p.len, &name);
		if ((found != FOUND_OTHER && found != FOUND_NOWHERE) ||
		    (f = structure_fault(c, ROW_NS_NO_ADDRESS, s->owner, p.r)) == NULL)
			continue;
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "The zone's server %s %s: resolvers cannot reach it by this "
			  "name.", name_text(p.wire, p.len, text), found == FOUND_OTHER
			  ? N_("has no address") : N_("does not exist in this zone"));
	}
}

void structure_targets(struct structure *c, const struct zone_rrset *s)
{
	switch (s->type) {
	case TYPE_NS:
		if (zone_name(c->z, s->owner)->flags & ZONE_APEX)
			apex_ns(c, s);
		break;
	case TYPE_MX:
		mx(c, s);
		break;
	case TYPE_SRV:
		srv(c, s);
		break;
	case TYPE_SVCB:
	case TYPE_HTTPS:
		svcb(c, s);
		break;
	case TYPE_PTR:
		ptr(c, s);
		break;
	case TYPE_CNAME:
		cname(c, s);
		break;
	default:
		break;
	}
}
