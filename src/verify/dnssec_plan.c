/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_plan.c - which signature is for which set, and which key may have made it.
 *
 *   an owner's sets by type      A     MX    NSEC   TXT
 *   its RRSIG by type covered    A A         NSEC   TXT     SRV (no such set: orphan)
 *                                      ^ missing
 *
 * What can be said without arithmetic is said here: missing, unneeded and orphaned
 * signatures, TTLs, algorithms that do not sign. What is left becomes tasks, at most
 * `attempts` for a set (validators bound it as well: CVE-2023-50387, KeyTrap), each with
 * its key or with the reason why it is not tried.
 *
 * Cost: a sort of the owner's RRSIG records by type; all else is a merge. */
#include "base/rd.h"
#include "verify/dnssec.h"

#define FAULTS_TIMES 4u		/* tasks without a key for a set: so many times `attempts` */

bool dnssec_rrsig_read(struct dnssec_rrsig *ret, const u8 *rdata, u32 len)
{
	struct rd r = rd_of(rdata, len);
	u32 signer = 0, left;

	*ret = (struct dnssec_rrsig){ 0 };
	ret->covered = rd_u16(&r);
	ret->algorithm = rd_u8(&r);
	ret->labels = rd_u8(&r);
	ret->ttl = rd_u32(&r);
	ret->expiration = rd_u32(&r);
	ret->inception = rd_u32(&r);
	ret->tag = rd_u16(&r);
	left = (u32)rd_left(&r);
	if (r.bad || left == 0 || name_labels(r.p, left, NULL) < 0)
		return false;
	while (r.p[signer])
		signer += 1u + r.p[signer];
	ret->signer_len = signer + 1;
	ret->signer = rd_take(&r, ret->signer_len);
	ret->sig_len = (u32)rd_left(&r);
	ret->sig = rd_take(&r, ret->sig_len);
	return ret->sig_len > 0;
}

unsigned dnssec_labels(const struct zone_name *n)
{
	int labels = name_labels(n->wire, n->len, NULL);

	must(labels >= 0);
	return (unsigned)labels - (n->wire[0] == 1 && n->wire[1] == '*');
}

/* ---- one set ---- */

struct plan {
	struct dnssec *d;
	struct dnssec_round *r;
	u32 set;		/* place in the round */
	u64 attempts, faults, left_out;
	bool too_large;
	u8 algorithms[32];	/* that sign it */
};

static int add_task(struct plan *p, u32 sig, u32 key, enum dnssec_fault fault)
{
	struct dnssec_round *r = p->r;

	if (fault == FAULT_NONE ? ++p->attempts > p->d->conf->attempts :
	    ++p->faults > FAULTS_TIMES * p->d->conf->attempts) {
		p->left_out++;
		return 0;
	}
	if (dnssec_room(&r->tasks, &r->task_room, r->task_count + 1ull,
		sizeof *r->tasks) < 0)
		return -ENOMEM;
	r->tasks[r->task_count++] = (struct dnssec_task){ .set = p->set, .sig = sig,
		.key = (u16)key, .fault = (u8)fault };
	r->sets[p->set].tasks++;
	return 0;
}

/* A signature that may hold: a task for each key of its tag. */
static int add_keys(struct plan *p, u32 sig, const struct dnssec_rrsig *s)
{
	struct dnssec *d = p->d;
	bool tried = false, unchecked = false, revoked = false;
	u32 n;
	struct dnssec_key *k = dnssec_keys_find(d, s->algorithm, s->tag, &n);

	for (; n > 0; n--, k++) {
		bool own = k->flags & KEY_REVOKED && k->sig && s->covered == TYPE_DNSKEY;

		revoked |= k->flags & KEY_REVOKED;
		unchecked |= k->unchecked;
		if ((!k->usable && !own) || (tried && d->sums.extra > d->conf->collisions))
			continue;
		d->sums.extra += tried;
		tried = true;
		if (add_task(p, sig, (u32)(k - d->keys), FAULT_NONE) < 0)
			return -ENOMEM;
	}
	if (tried)
		return 0;
	return add_task(p, sig, 0, unchecked ? FAULT_UNCHECKED : revoked ? FAULT_REVOKED :
			FAULT_NO_KEY);
}

static void check_ttls(struct dnssec *d, const struct zone_record *set,
		       const struct zone_record *sig, const struct dnssec_rrsig *s)
{
	const u32 ttl = zone_ttl(d->z, set), own = zone_ttl(d->z, sig);
	char type[RRTYPE_TEXT_MAX];
	struct finding *f;

	if (s->ttl != ttl && (f = audit_begin_set(d->a, DNSSEC_ORIGINAL_TTL, set->owner,
		sig)))
		audit_end(d->a, f, "The %s set has the TTL %u, its signature says %u: "
			  "validators cut it down to the lower one.",
			  rrtype_text(set->type, type), ttl, s->ttl);
	if (own != ttl && (f = audit_begin_set(d->a, DNSSEC_SIGNATURE_TTL, set->owner,
		sig)))
		audit_end(d->a, f, "The %s set has the TTL %u, its RRSIG record %u: one "
			  "leaves caches before the other.", rrtype_text(set->type, type),
			  ttl, own);
}

static int plan_signature(struct plan *p, const struct zone_rrset *set, u32 sig)
{
	const struct zone_record *r = &p->d->records[sig];
	struct dnssec_rrsig s;
	u32 len;
	const u8 *rdata = zone_rdata(p->d->z, r, &len);

	if (!dnssec_rrsig_read(&s, rdata, len))
		return add_task(p, sig, 0, FAULT_MALFORMED);
	p->algorithms[s.algorithm >> 3] |= (u8)(1 << (s.algorithm & 7));
	check_ttls(p->d, &p->d->records[set->first], r, &s);
	if (!name_equal(s.signer, s.signer_len, p->d->apex_name->wire,
		p->d->apex_name->len))
		return add_task(p, sig, 0, FAULT_SIGNER);
	if (s.labels > dnssec_labels(zone_name(p->d->z, set->owner)))
		return add_task(p, sig, 0, FAULT_LABELS);
	if ((i32)(s.expiration - s.inception) < 0)
		return add_task(p, sig, 0, FAULT_DATES);
	if (p->too_large)
		return add_task(p, sig, 0, FAULT_TOO_LARGE);
	return add_keys(p, sig, &s);
}

/* Each algorithm of the DNSKEY set must sign every set (RFC 4035, 2.2; RFC 6840, 5.11).
 * */
static void check_algorithms(struct plan *p, const struct zone_rrset *set)
{
	struct dnssec *d = p->d;
	char type[RRTYPE_TEXT_MAX], text[DNSSEC_ALGORITHM_TEXT];
	struct finding *f;

	for (unsigned i = 0; i < 256; i++) {
		if (!(d->algorithms[i >> 3] & ~p->algorithms[i >> 3] & 1 << (i & 7)))
			continue;
		if ((f = audit_begin_set(d->a, DNSSEC_ALGORITHM_MISSING, set->owner,
				      &d->records[set->first])))
			audit_end(d->a, f, "The %s set has no signature of algorithm "
				  "%s, which has a key in the DNSKEY set.",
				  rrtype_text(set->type, type),
				  dnssec_algorithm_text((u8)i, text));
	}
}

static void check_limits(struct plan *p, const struct zone_rrset *set, u64 size)
{
	struct dnssec *d = p->d;
	char type[RRTYPE_TEXT_MAX], limit[80];

	rrtype_text(set->type, type);
	if (p->too_large) {
		snprintf(limit, sizeof limit, N_("octets of its %s set"), type);
		dnssec_limit(d, set->owner, limit, (double)size,
			(double)d->conf->set_octets,
			     N_("its signatures were not checked (no message can hold "
			     "such a set)"));
	}
	if (p->left_out) {
		snprintf(limit, sizeof limit, N_("signatures tried for its %s set"),
			type);
		dnssec_limit(d, set->owner, limit, (double)(p->attempts + p->faults),
			     (double)d->conf->attempts,
			     N_("the others were not tried, and validators will not try "
			     "them either"));
	}
}

/* The set and the RRSIG records index[0..n) that cover it. */
static int plan_set(struct dnssec *d, struct dnssec_round *r,
	const struct zone_rrset *set,
		    const u64 *index, u32 n)
{
	struct plan p = { .d = d, .r = r, .set = r->set_count };
	u64 size = dnssec_signed_size(d->z, set, d->conf->set_octets);
	char type[RRTYPE_TEXT_MAX];
	struct finding *f;

	d->sums.needed++;
	if (n == 0) {
		dnssec_refused(d, true, set->first);
		if (dnssec_folds(d))
			audit_more(d->a, DNSSEC_MISSING, 1);
		else if ((f = audit_begin_set(d->a, DNSSEC_MISSING, set->owner,
			&d->records[set->first])))
			audit_end(d->a, f, "The %s set has no signature: validators "
			"refuse it.",
				  rrtype_text(set->type, type));
		return 0;
	}
	p.too_large = size > d->conf->set_octets;
	if (dnssec_room(&r->sets, &r->set_room, r->set_count + 1ull, sizeof *r->sets) < 0)
		return -ENOMEM;
	r->sets[r->set_count++] = (struct dnssec_set){ .set = *set,
		.task = r->task_count };
	for (u32 i = 0; i < n; i++)
		if (!(d->records[(u32)index[i]].mark & ZONE_REPEAT) &&
		    plan_signature(&p, set, (u32)index[i]) < 0)
			return -ENOMEM;
	check_algorithms(&p, set);
	check_limits(&p, set, size);
	return 0;
}

/* ---- one owner ---- */

static int by_number(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The owner's RRSIG records by the type they cover: how many, or -ENOMEM. */
static i64 sort_signatures(struct dnssec *d, struct dnssec_round *r, u32 owner)
{
	struct zone_rrset set = { .count = 0 };
	bool sorted = true;
	u32 len;

	zone_rrset(d->z, owner, TYPE_RRSIG, &set);	/* or none */
	if (dnssec_room(&r->index, &r->index_room, max_u64(set.count, 16),
			sizeof *r->index) < 0)
		return -ENOMEM;
	for (u32 i = 0; i < set.count; i++) {
		const u8 *rdata = zone_rdata(d->z, &d->records[set.first + i], &len);

		r->index[i] = (u64)(len >= 2 ? be16(rdata) : 0) << 32 | (set.first + i);
		sorted &= i == 0 || r->index[i - 1] < r->index[i];
	}
	if (!sorted)
		qsort(r->index, set.count, sizeof *r->index, by_number);
	return set.count;
}

static void say_orphan(struct dnssec *d, u32 owner, u64 index)
{
	const struct zone_record *r = &d->records[(u32)index];
	char type[RRTYPE_TEXT_MAX];
	struct finding *f = audit_begin_set(d->a, DNSSEC_ORPHAN, owner, r);

	if (f)
		audit_end(d->a, f, "A signature covers the type %s, which this name "
		"does not have.",
			  rrtype_text((u16)(index >> 32), type));
}

static void say_unneeded(struct dnssec *d, u32 owner, u64 index, const char *why)
{
	const struct zone_record *r = &d->records[(u32)index];
	char type[RRTYPE_TEXT_MAX];
	struct finding *f = audit_begin_set(d->a, DNSSEC_UNNEEDED, owner, r);

	if (f)
		audit_end(d->a, f, "The %s set is signed, and must not be: %s.",
			  rrtype_text((u16)(index >> 32), type), why);
}

static int plan_owner(struct dnssec *d, struct dnssec_round *r, u32 owner, u32 signatures)
{
	const struct zone_name *n = zone_name(d->z, owner);
	u32 at = 0, begun;
	struct zone_rrset set;

	for (u32 i = n->first; d->records[i].owner == owner; i += set.count) {
		set = zone_rrset_at(d->z, i);
		if (set.type == TYPE_RRSIG)
			continue;
		while (at < signatures && r->index[at] >> 32 < set.type)
			say_orphan(d, owner, r->index[at++]);
		for (begun = at; at < signatures && r->index[at] >> 32 == set.type;)
			at++;
		if (!dnssec_needs_signature(n, set.type)) {
			if (at > begun)
				say_unneeded(d, owner, r->index[begun], N_("it belongs "
					     "to the delegated zone, which is asked for "
					     "it"));
		} else if (plan_set(d, r, &set, r->index + begun, at - begun) < 0) {
			return -ENOMEM;
		}
	}
	while (at < signatures)
		say_orphan(d, owner, r->index[at++]);
	return 0;
}

int dnssec_plan(struct dnssec *d, struct dnssec_round *r, u32 owner)
{
	i64 n;

	if (!(zone_name(d->z, owner)->flags & ZONE_INSIDE))
		return 0;
	if ((n = sort_signatures(d, r, owner)) < 0)
		return -ENOMEM;
	if (dnssec_authoritative(d, owner))
		return plan_owner(d, r, owner, (u32)n);
	if (n > 0)
		say_unneeded(d, owner, r->index[0], N_("the name lies below a delegation "
		"or a DNAME"));
	return 0;
}
