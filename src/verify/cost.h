/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost.h - what the files of the cost family share.
 *
 *   validators   signatures x colliding keys, NSEC3 hashes        cost_dnssec.c
 *   resolvers    referrals: fan-out, number, size                 cost_referral.c
 *                chains of CNAME                                  cost_chain.c
 *   victims      the biggest answers of each type                 cost_answer.c
 *
 * Each value stands beside the threshold that it passed, with the worst owners. */
#pragma once
#include "verify/verify.h"

enum cost_row {
	ROW_KEYTRAP, ROW_NSEC3, ROW_MANY_DS, ROW_NXNS, ROW_MANY_SERVERS, ROW_REFERRAL_512,
	ROW_REFERRAL_EDNS, ROW_AMPLIFICATION, ROW_ANY, ROW_MANY_RECORDS, ROW_MANY_TYPES,
	ROW_CHAIN, ROW_LOOP, ROW_COUNT
};

struct cost_conf {
	u64 verifications, blocks, ds, fan_out, servers, edns, records, types, chain;
	double factor;
};

struct cost {
	struct audit *a;
	const struct zone *z;
	const struct cost_conf *c;
	const struct audit_input *in;
	const struct zone_name *origin;
	const struct zone_record *records;
	u32 record_count;
};

#define COST_HEAD 12u		/* octets of a message's header */
#define COST_RR 10u		/* of a record without owner and RDATA */
#define COST_OPT 11u		/* EDNS without options (RFC 6891, 6.1.2) */
#define COST_POINTER 2u		/* a name that stood before (RFC 1035, 4.1.4) */

/* The worst ones of something, the worst first; of equals the one that came first. */
#define COST_TOP FINDING_RELATED_MAX
struct cost_top {
	struct cost_worst { u64 amount; u32 owner, record, extra; } at[COST_TOP];
	unsigned count;
};
/* Would it be among them? Then cost_top_add() has a reason to be called. */
static inline bool cost_top_wants(const struct cost_top *t, u64 amount)
{
	return t->count < COST_TOP || amount > t->at[COST_TOP - 1].amount;
}
void cost_top_add(struct cost_top *t, const struct cost_worst *w);
/* They become parties of the finding; note: "octets". */
void cost_top_parties(const struct cost *c, struct finding *f, const struct cost_top *t,
		      const char *role, const char *note);

/* Octets that names take in one message when suffixes that stood before are pointed at. */
struct cost_names {
	u64 key, hash[1024];
	u32 round[1024], now;
	unsigned used;
};
void cost_names_clear(struct cost_names *n);	/* a new message */
unsigned cost_names_add(struct cost_names *n, const u8 *wire, unsigned len);


/* Type covered by an RRSIG record, 0 when it is too short. */
u16 cost_covered(const struct cost *c, const struct zone_record *r);
/* Octets of the RRSIG records over a type at an owner, as records of a message; their
 * number in *count (may be NULL). `rrsig` is that owner's set. */
u32 cost_signatures(const struct cost *c, const struct zone_rrset *rrsig, u16 type, u32 *count);

/* The passes. Each: 0 or negative. */
int cost_dnssec(struct cost *c);
int cost_referrals(struct cost *c);
int cost_answers(struct cost *c);
int cost_chains(struct cost *c);

extern const struct catalogue_row cost_rows[];
extern const struct opt cost_opts[];
