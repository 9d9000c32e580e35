/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost.c - what can this zone make others do?
 *
 * A zone is a program that resolvers and validators run for whoever asks a question. Here
 * its worst cases are counted: signature verifications for one set, hashes for one proof that
 * a name does not exist, queries for one referral, octets for one small question. A zone
 * shows what may be asked for; how much a resolver gives is its own limits' matter
 * (RFC 9520 and each resolver's options), and names of other zones are counted as unknown.
 *
 * Cost: linear in the zone. Limits: the worst COST_TOP of each are named. */
#include "verify/cost.h"
#include "base/hash.h"

void cost_top_add(struct cost_top *t, const struct cost_worst *w)
{
	unsigned i = t->count < COST_TOP ? t->count++ : COST_TOP - 1;

	if (i == COST_TOP - 1 && t->count == COST_TOP && t->at[i].amount >= w->amount &&
	    t->at[i].owner)
		return;
	for (; i > 0 && t->at[i - 1].amount < w->amount; i--)
		t->at[i] = t->at[i - 1];
	t->at[i] = *w;
}

void cost_top_parties(const struct cost *c, struct finding *f, const struct cost_top *t,
		      const char *role, const char *note)
{
	char name[NAME_TEXT_MAX], line[100];

	for (unsigned i = 0; i < t->count; i++) {
		snprintf(line, sizeof line, N_("%s, line %u"), note,
			 zone_line(c->z, &c->records[t->at[i].record]));
		finding_party(f, role, zone_text(c->z, t->at[i].owner, name),
			      t->at[i].amount, line);
	}
}

void cost_names_clear(struct cost_names *n)
{
	n->now++;
	n->used = 0;
}

/* True when the suffix stood in this message before; else it is remembered, as long as there
 * is room. */
static bool seen(struct cost_names *n, u64 hash)
{
	u32 i = (u32)hash & 1023;

	while (n->round[i] == n->now) {
		if (n->hash[i] == hash)
			return true;
		i = (i + 1) & 1023;
	}
	if (n->used < 768) {
		n->used++;
		n->round[i] = n->now;
		n->hash[i] = hash;
	}
	return false;
}

unsigned cost_names_add(struct cost_names *n, const u8 *wire, unsigned len)
{
	unsigned at = 0;

	while (at + 1 < len) {
		if (seen(n, hash_bytes(n->key, wire + at, len - at)))
			return at + COST_POINTER;
		at += 1u + wire[at];
	}
	return len;
}

u16 cost_covered(const struct cost *c, const struct zone_record *r)
{
	u32 len;
	const u8 *rdata = zone_rdata(c->z, r, &len);

	return len < 18 ? 0 : (u16)(rdata[0] << 8 | rdata[1]);
}

u32 cost_signatures(const struct cost *c, const struct zone_rrset *rrsig, u16 type,
		    u32 *count)
{
	u32 octets = 0, n = 0;

	for (u32 i = rrsig->first; i < rrsig->first + rrsig->count; i++) {
		u32 len;

		if (cost_covered(c, &c->records[i]) != type)
			continue;
		zone_rdata(c->z, &c->records[i], &len);
		octets += COST_POINTER + COST_RR + len;
		n++;
	}
	if (count)
		*count = n;
	return octets;
}

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	struct cost c = { .a = a, .z = z, .c = conf, .in = audit_input(a) };
	int rc;

	c.origin = zone_name(z, zone_origin(z));
	c.records = zone_records(z, &c.record_count);
	if ((rc = cost_dnssec(&c)) < 0 || (rc = cost_referrals(&c)) < 0 ||
	    (rc = cost_answers(&c)) < 0)
		return rc;
	return cost_chains(&c);
}

const struct check_family family_cost = {
	.id = "cost", .title = N_("Cost to others"), .version = 1,
	.opts = cost_opts, .conf_size = sizeof(struct cost_conf),
	.rows = cost_rows, .look = look,
};
