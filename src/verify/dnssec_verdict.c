/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_verdict.c - what is said of the signatures of a round, in canonical order.
 *
 * What matters to users is whether a set has a signature that holds: good arithmetic by a
 * zone key, inside its period at the audit's instant. So a bad signature beside a good
 * one is told with the severity "low" (validators try on), a bad one without is "high",
 * and "critical" when it covers the DNSKEY set, since everything below rests on it. */
#include "base/num.h"
#include "base/stamp.h"
#include "verify/dnssec.h"

struct look {	/* at one set */
	struct dnssec *d;
	const struct dnssec_round *r;
	const struct dnssec_set *s;
	bool holds;		/* a signature of it is valid now */
	/* or could be: an algorithm that is not checked here, a limit */
	bool open;
	u32 until;		/* the latest end of a valid one */
	u32 until_record;
};

static bool started(const struct dnssec *d, const struct dnssec_rrsig *s)
{
	return (i32)(s->inception - d->at) <= 0;
}

static bool ended(const struct dnssec *d, const struct dnssec_rrsig *s)
{
	return (i32)(s->expiration - d->at) < 0;
}

static void read_task(const struct look *l, const struct dnssec_task *t,
	struct dnssec_rrsig *s)
{
	u32 len;
	const u8 *rdata = zone_rdata(l->d->z, &l->d->records[t->sig], &len);

	dnssec_rrsig_read(s, rdata, len);
}

/* ---- what holds ---- */

static void count_key(struct dnssec_key *k, u16 covered)
{
	k->good++;
	k->signs_keys |= covered == TYPE_DNSKEY;
	k->signs_cds |= covered == TYPE_CDS;
	k->signs_cdnskey |= covered == TYPE_CDNSKEY;
	k->signs_others |= covered != TYPE_DNSKEY;
}

static void count_period(struct dnssec *d, const struct dnssec_rrsig *s, u32 record)
{
	u32 period = s->expiration - s->inception;

	if (d->sums.good == 0 || period > d->sums.longest) {
		d->sums.longest = period;
		d->sums.longest_record = record;
	}
	if (d->sums.good == 0 || period < d->sums.shortest) {
		d->sums.shortest = period;
		d->sums.shortest_record = record;
	}
	d->sums.longer += period > d->conf->longest / STAMP_NS;
	d->sums.shorter += period < d->conf->shortest / STAMP_NS;
	d->sums.good++;
}

static void find_holding(struct look *l)
{
	struct dnssec *d = l->d;

	for (u32 i = 0; i < l->s->tasks; i++) {
		const struct dnssec_task *t = &l->r->tasks[l->s->task + i];
		struct dnssec_key *k;
		struct dnssec_rrsig s;

		l->open |= t->fault == FAULT_UNCHECKED || t->fault == FAULT_TOO_LARGE;
		if (t->fault != FAULT_NONE || !t->good)
			continue;
		k = &d->keys[t->key];
		read_task(l, t, &s);
		if (!started(d, &s) || ended(d, &s))
			continue;
		count_key(k, s.covered);
		if (k->flags & KEY_REVOKED)
			continue;
		count_period(d, &s, t->sig);
		if (!l->holds || (i32)(s.expiration - l->until) > 0) {
			l->until = s.expiration;
			l->until_record = t->sig;
		}
		l->holds = true;
	}
}

/* ---- what does not ---- */

static const char *consequence(const struct look *l)
{
	return l->holds ? N_("another signature of the set holds") :
	       l->open ? N_("whether another signature of the set holds is not known") :
	       N_("no signature of the set holds, so validators refuse it");
}

static struct finding *begin(const struct look *l, unsigned row,
	const struct dnssec_task *t)
{
	struct dnssec *d = l->d;
	char keys[NAME_TEXT_MAX + 8], name[NAME_TEXT_MAX];
	struct finding *f;

	if (!l->holds && !l->open && l->s->set.type != TYPE_DNSKEY && dnssec_folds(d)) {
		audit_more(d->a, row, 1);
		return NULL;
	}
	if (l->s->set.type != TYPE_DNSKEY) {
		f = audit_begin_set(d->a, row, l->s->set.owner, &d->records[t->sig]);
	/* by itself: it must not hide behind the other sets of the apex */
	} else {
		snprintf(keys, sizeof keys, "%s DNSKEY", zone_text(d->z, d->apex, name));
		if ((f = audit_begin_other(d->a, row, "keys", keys)))
			finding_value(f, "line", zone_line(d->z, &d->records[t->sig]), "",
				      "of the RRSIG record");
	}
	if (f == NULL)
		return NULL;
	if (l->holds)
		f->severity = SEVERITY_LOW;
	else if (l->s->set.type == TYPE_DNSKEY && !l->open)
		f->severity = SEVERITY_CRITICAL;
	audit_rrset(d->a, f, &l->s->set);
	return f;
}

static void say_fault(const struct look *l, const struct dnssec_task *t)
{
	static const u8 rows[] = {
		[FAULT_MALFORMED] = DNSSEC_MALFORMED, [FAULT_SIGNER] = DNSSEC_SIGNER,
		[FAULT_LABELS] = DNSSEC_LABELS, [FAULT_DATES] = DNSSEC_DATES,
		[FAULT_NO_KEY] = DNSSEC_NO_KEY, [FAULT_REVOKED] = DNSSEC_REVOKED_SIGNS,
		[FAULT_UNCHECKED] = DNSSEC_UNCHECKED,
	};
	static const char *const words[] = {
		[FAULT_MALFORMED] = N_("is no RRSIG record that can be read"),
		[FAULT_SIGNER] = N_("names a signer that is not this zone"),
		[FAULT_LABELS] = N_("counts more labels than the name has"),
		[FAULT_DATES] = N_("ends before it begins"),
		[FAULT_NO_KEY] = N_("is by a key that the DNSKEY set does not have"),
		[FAULT_REVOKED] = N_("is by a revoked key"),
		[FAULT_UNCHECKED] = N_("is of an algorithm that is not checked here"),
	};
	char type[RRTYPE_TEXT_MAX], algorithm[DNSSEC_ALGORITHM_TEXT];
	struct dnssec_rrsig s;
	struct finding *f;

	if (t->fault >= COUNT(rows) || (f = begin(l, rows[t->fault], t)) == NULL)
		return;
	read_task(l, t, &s);
	if (t->fault == FAULT_UNCHECKED)
		f->severity = SEVERITY_INFO;
	audit_end(l->d->a, f, "A signature of the %s set (key tag %u, algorithm %s) %s; "
		"%s.",
		  rrtype_text(l->s->set.type, type), s.tag,
		  dnssec_algorithm_text(s.algorithm, algorithm), words[t->fault],
		  consequence(l));
}

static void say_time(const struct look *l, const struct dnssec_task *t,
		     const struct dnssec_rrsig *s)
{
	bool late = ended(l->d, s);
	struct finding *f = begin(l, late ? DNSSEC_EXPIRED : DNSSEC_EARLY, t);
	char type[RRTYPE_TEXT_MAX], when[40], span[NUM_TEXT_MAX];
	u32 time = late ? s->expiration : s->inception;
	u64 away = (u32)(late ? l->d->at - time : time - l->d->at);

	if (f == NULL)
		return;
	finding_value(f, late ? "ended_before" : "begins_in", (double)away, "s",
		"of the audit's time");
	audit_end(l->d->a, f, late
		  ? N_("The signature of the %s set (key tag %u) expired at %s, %s ago; %s.")
		  : N_("The signature of the %s set (key tag %u) begins only at %s, %s from now; "
		       "%s."), rrtype_text(l->s->set.type, type), s->tag,
		  dnssec_time_text(l->d, time, when), num_span_text(away * STAMP_NS, span),
		  consequence(l));
}

static void say_bad(const struct look *l, const struct dnssec_task *t,
		    const struct dnssec_rrsig *s)
{
	struct finding *f = begin(l, DNSSEC_BAD, t);
	char type[RRTYPE_TEXT_MAX], algorithm[DNSSEC_ALGORITHM_TEXT];

	l->d->sums.bad++;
	if (f)
		audit_end(l->d->a, f, "The signature of the %s set by the key with tag "
			  "%u, algorithm %s, is wrong: the records or the signature "
			  "changed after signing; %s.",
			  rrtype_text(l->s->set.type, type), s->tag,
			  dnssec_algorithm_text(s->algorithm, algorithm), consequence(l));
}

/* Fewer labels than the name has: it was signed as a wildcard's expansion. */
static void check_labels(const struct look *l, const struct dnssec_task *t,
			 const struct dnssec_rrsig *s)
{
	unsigned own = dnssec_labels(zone_name(l->d->z, l->s->set.owner));
	char type[RRTYPE_TEXT_MAX];
	struct finding *f;

	if (s->labels >= own || (f = begin(l, DNSSEC_LABELS, t)) == NULL)
		return;
	f->severity = SEVERITY_HIGH;
	audit_end(l->d->a, f, "The signature of the %s set counts %u labels, the name "
		  "has %u: validators take it for an answer out of a wildcard and ask "
		  "for a proof that the name does not exist.", rrtype_text(l->s->set.type,
		  type), s->labels, own);
}

/* All tasks of one RRSIG record, which lie side by side: 1 more than the last. */
static u32 judge_signature(const struct look *l, u32 i)
{
	const struct dnssec_task *t = &l->r->tasks[l->s->task + i];
	bool good = false;
	u32 end = i;
	struct dnssec_rrsig s;

	for (; end < l->s->tasks && l->r->tasks[l->s->task + end].sig == t->sig; end++)
		good |= l->r->tasks[l->s->task + end].good;
	if (t->fault != FAULT_NONE) {
		say_fault(l, t);
		return end;
	}
	read_task(l, t, &s);
	if (!good)
		say_bad(l, t, &s);
	else
		check_labels(l, t, &s);
	if (!started(l->d, &s) || ended(l->d, &s))
		say_time(l, t, &s);
	return end;
}

/* A set that holds now: for how long? */
static void judge_future(const struct look *l)
{
	struct dnssec *d = l->d;
	const struct zone_record *r = &d->records[l->s->set.first];
	u32 left = l->until - d->at, ttl = zone_ttl(d->z, r);
	char type[RRTYPE_TEXT_MAX], when[40];
	struct finding *f;

	if (d->sums.sets++ == 0 || (i32)(l->until - d->sums.earliest) < 0) {
		d->sums.earliest = l->until;
		d->sums.record = l->until_record;
	}
	if (left < d->conf->remaining / STAMP_NS &&
	    (f = audit_begin_set(d->a, DNSSEC_EXPIRES_SOON, r->owner,
	    &d->records[l->until_record]))) {
		finding_most(f, "seconds_left", left, (double)d->conf->remaining / STAMP_NS,
			     "until the last good signature of the set ends");
		audit_end(d->a, f, "The signature of the %s set ends at %s.",
			  rrtype_text(r->type, type), dnssec_time_text(d, l->until,
			  when));
	}
	if (left < ttl &&
	    (f = audit_begin_set(d->a, DNSSEC_TTL_EXPIRY, r->owner,
	    &d->records[l->until_record]))) {
		finding_least(f, "ttl", ttl, left, "of the set, against seconds to the "
			"end");
		audit_end(d->a, f, "The signature of the %s set ends at %s, before its "
			  "TTL of %u seconds has run out: caches that do not validate "
			  "serve it longer.",
			  rrtype_text(r->type, type), dnssec_time_text(d, l->until, when),
			  ttl);
	}
}

void dnssec_verdict(struct dnssec *d, const struct dnssec_round *r)
{
	for (u32 i = 0; i < r->set_count; i++) {
		struct look l = { .d = d, .r = r, .s = &r->sets[i] };

		find_holding(&l);
		for (u32 j = 0; j < l.s->tasks;)
			j = judge_signature(&l, j);
		if (l.holds)
			judge_future(&l);
		else if (!l.open)
			dnssec_refused(d, false, l.s->set.first);
	}
}

/* ---- once for the zone ---- */

void dnssec_refused(struct dnssec *d, bool missing, u32 record)
{
	u64 n = d->sums.missing + d->sums.refused;

	if (n < DNSSEC_EXAMPLES)
		d->sums.example[n] = record;
	d->sums.missing += missing;
	d->sums.refused += !missing;
}

/* So far, in canonical order: in a zone that lost its signatures it is true from the first
 * sets on, and among many good ones never. */
bool dnssec_folds(const struct dnssec *d)
{
	const u64 n = d->sums.missing + d->sums.refused;

	return n > REFUSED_LEAST && (double)n >= d->conf->refused * (double)d->sums.needed;
}

/* The sets that a validator refuses, when they are a large part of all: what is wrong is not in
 * single names then, and those fill many pages. */
static void judge_share(struct dnssec *d)
{
	u64 n = d->sums.missing + d->sums.refused;
	double share = n ? (double)n / (double)d->sums.needed : 0;
	char all[NUM_TEXT_MAX], bad[NUM_TEXT_MAX], missing[NUM_TEXT_MAX];
	struct finding *f;

	if (n < REFUSED_LEAST || share < d->conf->refused ||
	    (f = audit_begin(d->a, DNSSEC_REFUSED, d->apex, d->soa)) == NULL)
		return;
	finding_least(f, "share", share, d->conf->refused, "of the RRsets that must be signed");
	finding_value(f, "missing", (double)d->sums.missing, "", "RRsets without a signature");
	finding_value(f, "not_holding", (double)d->sums.refused, "",
		      "RRsets with signatures of which none holds");
	for (u64 i = 0; i < n && i < DNSSEC_EXAMPLES; i++) {
		const struct zone_record *r = &d->records[d->sums.example[i]];
		char name[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];

		finding_party(f, "example", zone_text(d->z, r->owner, name), 0,
			      rrtype_text(r->type, type));
	}
	num_count_text(n, bad);
	num_count_text(d->sums.needed, all);
	num_count_text(d->sums.missing, missing);
	if (d->sums.missing == 0)
		audit_end(d->a, f, "Validators refuse %s of the %s RRsets that must be signed: "
			  "none of their signatures holds at this time.", bad, all);
	else
		audit_end(d->a, f, d->sums.refused
			  ? N_("Validators refuse %s of the %s RRsets that must be signed: %s have "
			       "no signature, the others none that holds.")
			  : N_("Validators refuse %s of the %s RRsets that must be signed: %s have "
			       "no signature."), bad, all, missing);
}

static void judge_period(struct dnssec *d, bool longer)
{
	u64 most = (longer ? d->conf->longest : d->conf->shortest);
	u32 record = longer ? d->sums.longest_record : d->sums.shortest_record;
	u32 period = longer ? d->sums.longest : d->sums.shortest;
	u64 count = longer ? d->sums.longer : d->sums.shorter;
	char span[NUM_TEXT_MAX], n[NUM_TEXT_MAX];
	struct finding *f;

	if (count == 0)
		return;
	f = audit_begin(d->a, longer ? DNSSEC_VALIDITY_LONG : DNSSEC_VALIDITY_SHORT,
		d->apex,
			&d->records[record]);
	if (f == NULL)
		return;
	if (longer)
		finding_least(f, "period", period, (double)most / STAMP_NS, "seconds, the "
		"longest");
	else
		finding_most(f, "period", period, (double)most / STAMP_NS, "seconds, the "
		"shortest");
	finding_value(f, "signatures", (double)count, "", "with such a period");
	audit_end(d->a, f, longer
		  ? N_("%s of the zone's signatures are good for longer than the limit; the "
		       "longest is good for %s.")
		  : N_("%s of the zone's signatures are good for less than the limit; the shortest "
		       "is good for %s."), num_count_text(count, n),
		  num_span_text(period * STAMP_NS, span));
}

/* A secondary may serve what it has until SOA expire has run out (RFC 6781, 4.4.2). */
static void judge_expire(struct dnssec *d)
{
	u32 left = d->sums.earliest - d->at;
	char when[40];
	struct finding *f;

	if (d->sums.sets == 0 || d->soa == NULL || d->soa_expire <= left)
		return;
	if ((f = audit_begin(d->a, DNSSEC_SOA_EXPIRE, d->apex,
		&d->records[d->sums.record])) == NULL)
		return;
	finding_least(f, "soa_expire", d->soa_expire, left, "seconds, against those to "
		"the first end");
	audit_end(d->a, f, "The first signature ends at %s, and SOA expire is %u "
		  "seconds: a secondary that loses its primary serves bad signatures "
		  "before it gives up.",
		  dnssec_time_text(d, d->sums.earliest, when), d->soa_expire);
}

static void count(struct dnssec *d)
{
	audit_count(d->a, "dnssec.keys", "DNSKEY records of the zone", d->key_count);
	audit_count(d->a, "dnssec.checked", "signatures verified",
		    d->sums.checked - d->sums.seen);
	if (d->sums.seen)
		audit_count(d->a, "dnssec.known", "signatures known to be good from before",
			    d->sums.seen);
	audit_count(d->a, "dnssec.good", "signatures that hold at this time", d->sums.good);
	audit_count(d->a, "dnssec.sets", "RRsets that a validator believes", d->sums.sets);
}

void dnssec_verdict_zone(struct dnssec *d)
{
	count(d);
	judge_share(d);
	judge_period(d, true);
	judge_period(d, false);
	judge_expire(d);
	if (d->sums.extra > d->conf->collisions)
		dnssec_limit(d, 0, N_("verifications for colliding keys"),
			(double)d->sums.extra,
			     (double)d->conf->collisions,
			     N_("of keys with one tag only the first was tried from "
			     	"there on"));
}
