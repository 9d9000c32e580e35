/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_apex.c - the apex: SOA with its names and timers, NS. See structure.h. */
#include "verify/structure.h"
#include "base/num.h"

#define SECOND 1000000000ull

struct soa {
	const struct zone_record *r;
	struct zone_rrset set;
	u8 mname[NAME_WIRE_MAX], rname[NAME_WIRE_MAX];
	unsigned mname_len, rname_len;
	u32 refresh, retry, expire, minimum;
};

static u32 number(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

/* RDATA by RFC 1035, 3.3.13; false when it is none. */
static bool soa_read(const struct structure *c, struct soa *s)
{
	u32 len;
	const u8 *at = zone_rdata(c->z, s->r, &len);

	if ((s->mname_len = structure_name(at, len, s->mname)) == 0)
		return false;
	s->rname_len = structure_name(at + s->mname_len, len - s->mname_len, s->rname);
	if (s->rname_len == 0 || len - s->mname_len - s->rname_len != 20)
		return false;
	at += s->mname_len + s->rname_len + 4;
	s->refresh = number(at);
	s->retry = number(at + 4);
	s->expire = number(at + 8);
	s->minimum = number(at + 12);
	return true;
}

/* ---- names ---- */

static const char *bad_mname(const struct structure *c, const struct soa *s)
{
	u32 name;

	if (s->mname_len == 1)
		return N_("is the root: nobody can send updates or notifications to the "
			"primary");
	if (s->mname_len == 11 && memcmp(s->mname, "\x09localhost", 11) == 0)
		return N_("is localhost, which is another machine for everybody");
	if (structure_bad_host(s->mname, s->mname_len, false))
		return structure_bad_host(s->mname, s->mname_len, false);
	switch (structure_find(c, s->mname, s->mname_len, &name)) {
	case FOUND_ALIAS:
		return N_("is an alias (CNAME)");
	case FOUND_OTHER:
	case FOUND_NOWHERE:
		return N_("has no address");
	default:
		return NULL;
	}
}

/* The mailbox: its first label is the local part (RFC 1035, 8). */
static const char *bad_rname(const struct soa *s)
{
	if (s->rname_len == 1)
		return N_("is the root: nobody can be written to");
	for (unsigned i = 1; i <= s->rname[0]; i++)
		if (s->rname[i] == '@')
			return N_("has an @ where a dot belongs");
	if (s->rname[0] + 2u >= s->rname_len)
		return N_("has no mail domain");
	for (unsigned i = 1; i <= s->rname[0]; i++)
		if (s->rname[i] <= ' ' || s->rname[i] >= 127)
			return N_("has a character that no mailbox has");
	return structure_bad_host(s->rname + 1 + s->rname[0], s->rname_len - 1 - s->rname[0],
				  false);
}

static void soa_names(struct structure *c, const struct soa *s)
{
	const char *mname = bad_mname(c, s), *rname = bad_rname(s);
	u32 origin = zone_origin(c->z);
	char text[NAME_TEXT_MAX];
	struct finding *f;

	if (mname && (f = structure_fault(c, ROW_MNAME, origin, s->r))) {
		audit_rrset(c->a, f, &s->set);
		audit_end(c->a, f, "The primary in the SOA record, %s, %s.",
			  name_text(s->mname, s->mname_len, text), mname);
	}
	if (rname && (f = structure_fault(c, ROW_RNAME, origin, s->r))) {
		audit_rrset(c->a, f, &s->set);
		audit_end(c->a, f, "The mailbox in the SOA record, %s, %s.",
			  name_text(s->rname, s->rname_len, text), rname);
	}
}

/* ---- timers ---- */

struct timer {
	enum structure_row row;
	const char *name, *why;
	u64 value, least, most;	/* seconds; most 0 = none */
};

static void timer(struct structure *c, const struct soa *s, const struct timer *t)
{
	struct finding *f;

	if (t->value >= t->least && (t->most == 0 || t->value <= t->most))
		return;
	if ((f = structure_fault(c, t->row, zone_origin(c->z), s->r)) == NULL)
		return;
	if (t->value < t->least)
		finding_most(f, t->name, (double)t->value, (double)t->least - 1, "seconds");
	else
		finding_least(f, t->name, (double)t->value, (double)t->most + 1, "seconds");
	audit_rrset(c->a, f, &s->set);
	audit_end(c->a, f, "SOA %s is %llu s: %s.", t->name, (unsigned long long)t->value,
		  t->why);
}

/* Expire below refresh and retry: a secondary gives the zone up before it has asked twice. */
static void expire(struct structure *c, const struct soa *s)
{
	struct finding *f;

	if (s->expire == 0 || s->expire >= (u64)s->refresh + s->retry)
		return;
	if ((f = structure_fault(c, ROW_EXPIRE, zone_origin(c->z), s->r)) == NULL)
		return;
	f->severity = SEVERITY_MEDIUM;
	finding_value(f, "refresh", s->refresh, "s", "SOA refresh");
	finding_value(f, "retry", s->retry, "s", "SOA retry");
	finding_most(f, "expire", s->expire, (double)s->refresh + s->retry - 1, "seconds");
	audit_rrset(c->a, f, &s->set);
	audit_end(c->a, f, "SOA expire (%u s) is below refresh and retry together (%llu s): "
		  "secondaries drop the zone when one refresh fails.", s->expire,
		  (unsigned long long)s->refresh + s->retry);
}

static void soa_timers(struct structure *c, const struct soa *s)
{
	const struct structure_conf *o = c->conf;
	const struct timer timers[] = {
		{ ROW_REFRESH, "refresh", N_("secondaries ask the primary all the time"),
		  s->refresh, o->refresh / SECOND, 0 },
		{ ROW_RETRY, "retry", s->retry >= s->refresh
		  ? N_("it is not below refresh, so a refresh that failed is not tried "
		  	"sooner")
		  : N_("secondaries hammer a primary that is down"),
		  s->retry, o->retry / SECOND, s->refresh ? s->refresh - 1 : 0 },
		{ ROW_MINIMUM, "minimum", s->minimum
		  ? N_("a name that is added stays missing for so long where it was "
		  	"asked before")
		  : N_("missing names are not cached, and every question for one comes "
		  	"here"),
		  s->minimum, 1, o->minimum / SECOND },
	};
	const struct timer expires = { ROW_EXPIRE, "expire",
		N_("secondaries give the zone up when the primary is away for so long"),
		s->expire, o->expire / SECOND, 0 };

	for (size_t i = 0; i < COUNT(timers); i++)
		timer(c, s, &timers[i]);
	if (s->expire && s->expire < (u64)s->refresh + s->retry)
		expire(c, s);
	else
		timer(c, s, &expires);
}

/* ---- NS ---- */

/* Servers of the apex that this zone has addresses for, and those with IPv4. */
static void apex_servers(struct structure *c, const struct zone_rrset *s)
{
	unsigned known = 0, four = 0, names = 0;
	struct finding *f;

	for (u32 i = 0; i < s->count; i++) {
		const struct zone_record *r = &c->records[s->first + i];
		const struct zone_name *n = zone_name(c->z, r->value);

		if (r->mark & ZONE_REPEAT)
			continue;
		names++;
		if (!(n->flags & ZONE_OWNER))
			continue;
		known += structure_has(c, r->value, TYPE_A) ||
			 structure_has(c, r->value, TYPE_AAAA);
		four += structure_has(c, r->value, TYPE_A);
	}
	if (names == 1 && (f = structure_fault(c, ROW_FEW_NS, s->owner, &c->records[s->first]))) {
		finding_most(f, "servers", 1, 1, "NS records at the apex");
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "The zone has one name server: when that fails, everything "
			  "in it is gone.");
	}
	if (known && known == names && four == 0 &&
	    (f = structure_fault(c, ROW_NO_IPV4, s->owner, &c->records[s->first]))) {
		audit_rrset(c->a, f, s);
		for (u32 i = 0; i < s->count; i++)
			structure_show(c, f, c->records[s->first + i].value, TYPE_AAAA);
		audit_end(c->a, f, "None of the zone's servers has an IPv4 address: resolvers "
			  "without IPv6 cannot reach it.");
	}
}

static void no_record(struct structure *c, enum structure_row row, const char *format)
	__attribute__((format(printf, 3, 0)));
static void no_record(struct structure *c, enum structure_row row, const char *format)
{
	u32 origin = zone_origin(c->z);
	char name[NAME_TEXT_MAX];
	struct finding *f = structure_fault(c, row, origin, NULL);

	if (f)
		audit_end(c->a, f, format, zone_text(c->z, origin, name));
}

/* A transfer that was written to a file ends with the SOA record that it began with: that is
 * a repeated record and no second one. */
static void many_soa(struct structure *c, const struct zone_rrset *s)
{
	const struct zone_record *r = &c->records[s->first], *other = NULL;
	unsigned n = 0;
	struct finding *f;

	for (u32 i = 0; i < s->count; i++) {
		n += !(r[i].mark & ZONE_REPEAT);
		if (i && !(r[i].mark & ZONE_REPEAT))
			other = &r[i];
	}
	if (other && (f = structure_fault(c, ROW_MANY_SOA, s->owner, other))) {
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "There are %u SOA records at the apex; a zone has one.", n);
	}
}

void structure_apex(struct structure *c)
{
	u32 origin = zone_origin(c->z);
	struct soa soa = { 0 };
	struct zone_rrset s;
	u32 n;

	zone_records(c->z, &n);
	if (n == 0 && audit_input(c->a)->trouble_count)
		return;		/* nothing could be read: zone.* says so */
	if (!zone_rrset(c->z, origin, TYPE_SOA, &soa.set)) {
		no_record(c, ROW_NO_SOA, N_("%s has no SOA record: no server loads this zone."));
	} else {
		soa.r = &c->records[soa.set.first];
		many_soa(c, &soa.set);
		if (soa_read(c, &soa)) {
			soa_names(c, &soa);
			soa_timers(c, &soa);
		}
	}
	if (zone_rrset(c->z, origin, TYPE_NS, &s))
		apex_servers(c, &s);
	else
		no_record(c, ROW_NO_NS, N_("%s has no NS records at its apex: no server loads this "
					   "zone."));
}
