/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_nsec.c - the NSEC chain: complete, in order, with the right types.
 *
 *   apex -> a -> b (cut) -> c -> apex        every authoritative owner, and every cut
 *
 * One walk in canonical order: the record of each owner must point at the next owner that
 * has one, and the last at the apex (RFC 4034, 4.1.1; RFC 4035, 2.3). A name without a
 * record is told by itself and does not break the chain that passes it by. */
#include "verify/dnssec.h"

void dnssec_denial_ttl(struct dnssec *d, u32 record)
{
	const struct zone_record *r = &d->records[record];

	if (d->soa &&
		zone_ttl(d->z, r) > min_u64(zone_ttl(d->z, d->soa), d->soa_minimum) &&
		d->high_ttl_count++ == 0)
		d->high_ttl_record = record;
}

struct walk {
	struct dnssec *d;
	u32 last;		/* record of the NSEC before, once begun */
	bool begun;
	u32 skipped;		/* the first name without NSEC since then, or 0 */
	struct dnssec_bits is, should;
};

static u32 next_name(const u8 *rdata, u32 len)
{
	u32 at = 0;

	if (name_labels(rdata, len, NULL) < 0)
		return 0;
	while (rdata[at])
		at += 1u + rdata[at];
	return at + 1;
}

/* Does the NSEC before point here? */
static void check_link(struct walk *w, u32 owner)
{
	struct dnssec *d = w->d;
	const struct zone_record *r = &d->records[w->last];
	const struct zone_name *n = zone_name(d->z, owner);
	char is[DNSSEC_NAME_TEXT + 4], should[DNSSEC_NAME_TEXT + 4];
	u32 len, next;
	const u8 *rdata = zone_rdata(d->z, r, &len);
	struct finding *f;

	next = next_name(rdata, len);
	if (next && name_equal(rdata, next, n->wire, n->len))
		return;
	/* it is right, and the name that it names was told */
	if (next && w->skipped) {
		n = zone_name(d->z, w->skipped);
		if (name_equal(rdata, next, n->wire, n->len))
			return;
	}
	if ((f = audit_begin_set(d->a, DNSSEC_NSEC_NEXT, r->owner, r)) == NULL)
		return;
	audit_end(d->a, f, "Its NSEC says that the next name is %s; it is %s. "
		  "Validators deny what lies between, or cannot.", next ?
		  dnssec_name_text(rdata, next, is) : N_("(no name)"),
		  dnssec_name_text(n->wire, n->len, should));
}

static void check_bitmap(struct walk *w, u32 owner, u32 record)
{
	struct dnssec *d = w->d;
	u8 encoded[DNSSEC_BITMAP_MAX];
	char diff[DNSSEC_BITS_TEXT];
	u32 len, next, n;
	const u8 *rdata = zone_rdata(d->z, &d->records[record], &len);
	struct finding *f;

	next = next_name(rdata, len);
	dnssec_bits_of(&w->should, d, owner, false);
	n = dnssec_bits_encode(&w->should, encoded);
	if (len - next == n && memcmp(rdata + next, encoded, n) == 0)
		return;
	if ((f = audit_begin_set(d->a, DNSSEC_NSEC_BITMAP, owner, &d->records[record])) == NULL)
		return;
	if (!dnssec_bits_decode(&w->is, rdata + next, len - next))
		/* the diff then says how it is written */
		dnssec_bits_of(&w->is, d, owner, false);
	audit_end(d->a, f, "The types in its NSEC are not those of the name: %s.",
		  dnssec_bits_diff(&w->is, &w->should, diff));
}

static void say_unneeded(struct dnssec *d, const struct zone_rrset *set, const char *why)
{
	const struct zone_record *r = &d->records[set->first];
	struct finding *f = audit_begin_set(d->a, DNSSEC_NSEC_UNNEEDED, set->owner, r);

	if (f)
		audit_end(d->a, f, "An NSEC record stands here, and must not: %s.", why);
}

static void take_nsec(struct walk *w, const struct zone_rrset *set)
{
	struct dnssec *d = w->d;
	u32 different = 0;
	struct finding *f;

	for (u32 i = 0; i < set->count; i++) {
		different += !(d->records[set->first + i].mark & ZONE_REPEAT);
		dnssec_denial_ttl(d, set->first + i);
	}
	if (different > 1 && (f = audit_begin_set(d->a, DNSSEC_NSEC_TWICE, set->owner,
					       &d->records[set->first])))
		audit_end(d->a, f, "The name has %u different NSEC records; one of them "
		"is wrong.",
			  different);
	if (w->begun)
		check_link(w, set->owner);
	check_bitmap(w, set->owner, set->first);
	w->last = set->first;
	w->begun = true;
	w->skipped = 0;
}

static void take_owner(struct walk *w, u32 owner)
{
	struct dnssec *d = w->d;
	const struct zone_name *n = zone_name(d->z, owner);
	struct zone_rrset set;
	bool has = zone_rrset(d->z, owner, TYPE_NSEC, &set), data;
	struct finding *f;

	if (!(n->flags & ZONE_INSIDE))
		return;
	if (n->flags & ZONE_BELOW || !dnssec_authoritative(d, owner)) {
		if (has)
			say_unneeded(d, &set, N_("the name lies below a delegation or a "
			"DNAME"));
		return;
	}
	data = dnssec_has_data(d, owner);
	if (has && !data)
		say_unneeded(d, &set, N_("the name has nothing else"));
	if (has)
		take_nsec(w, &set);
	else if (data && w->skipped == 0)
		w->skipped = owner;
	if (!has && data &&
	    (f = audit_begin_set(d->a, DNSSEC_NSEC_MISSING, owner, &d->records[n->first])))
		audit_end(d->a, f, "The name has no NSEC record: that it lacks a type "
			  "cannot be proved, and the records around it deny that it "
			  "exists.");
}

void dnssec_denial_ttl_say(struct dnssec *d)
{
	const struct zone_record *r = &d->records[d->high_ttl_record];
	struct finding *f;

	if (d->high_ttl_count == 0 ||
	    (f = audit_begin(d->a, DNSSEC_DENIAL_TTL, d->apex, r)) == NULL)
		return;
	finding_most(f, "ttl", zone_ttl(d->z, r),
		     (double)min_u64(zone_ttl(d->z, d->soa), d->soa_minimum),
		     "of the first of them; the lesser of SOA minimum and the SOA's TTL");
	audit_end(d->a, f, "%llu NSEC or NSEC3 records have a TTL above that of negative "
		  "answers: resolvers that use them to deny names do so for too long.",
		  (unsigned long long)d->high_ttl_count);
}

static void say_kinds(struct dnssec *d)
{
	struct finding *f;

	if (d->count[TYPE_NSEC] == 0 && d->count[TYPE_NSEC3] == 0 &&
	    (f = audit_begin(d->a, DNSSEC_NO_DENIAL, d->apex, d->soa)))
		audit_end(d->a, f, "The zone is signed and has neither NSEC nor NSEC3 "
			  "records: that a name or type does not exist cannot be "
			  "proved.");
	if (d->count[TYPE_NSEC] && d->count[TYPE_NSEC3] &&
	    (f = audit_begin(d->a, DNSSEC_BOTH_DENIALS, d->apex, d->soa)))
		audit_end(d->a, f, "The zone has both NSEC (%llu) and NSEC3 (%llu) "
		"records.",
			  (unsigned long long)d->count[TYPE_NSEC],
			  (unsigned long long)d->count[TYPE_NSEC3]);
}

int dnssec_nsec(struct dnssec *d)
{
	struct rank_walk owners = zone_owners_from(d->z, 0);
	struct walk *w;

	say_kinds(d);
	if (d->count[TYPE_NSEC] == 0)
		return 0;
	if ((w = calloc(1, sizeof *w)) == NULL)
		return -ENOMEM;
	w->d = d;
	for (u32 i = 0; i < d->owner_count; i++)
		take_owner(w, zone_owners_next(d->z, &owners));
	if (w->begun)
		check_link(w, d->apex);
	free(w);
	return 0;
}
