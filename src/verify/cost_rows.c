/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost_rows.c - what the cost family can find, and its thresholds: data only, in the order of
 * enum cost_row. */
#include "verify/cost.h"

static const char *const references_keytrap[] = {
	"CVE-2023-50387 (KeyTrap)",
	"Heftrig et al., The Harder You Try, The Harder You Fail: The KeyTrap DoS on "
		"DNSSEC, 2024",
	"RFC 4035, 5.3.1",
	"RFC 4034, appendix B",
	NULL
};
static const char *const references_nsec3[] = {
	"CVE-2023-50868",
	"RFC 9276, 3.1 (iterations and salt)",
	"RFC 5155, 8.3",
	"Gruza et al., Attacking with Something That Does Not Exist, 2024",
	NULL
};
static const char *const references_ds[] = {
	"CVE-2023-50387 (HashTrap)",
	"RFC 4035, 5.2",
	NULL
};
static const char *const references_nxns[] = {
	"CVE-2020-12662 and CVE-2020-8616 (NXNSAttack)",
	"Afek et al., NXNSAttack: Recursive DNS Inefficiencies and Vulnerabilities, 2020",
	"RFC 9520 (negative caching of failures)",
	NULL
};
static const char *const references_nr[] = {
	"CVE-2022-2795 and CVE-2022-3204 (NRDelegationAttack)",
	"Afek et al., NRDelegationAttack: Complexity DDoS attack on DNS Recursive "
		"Resolvers, 2023",
	NULL
};
static const char *const references_size[] = {
	"RFC 1035, 4.2.1 (512 octets)",
	"RFC 9471, 2 (glue that has to be there)",
	"DNS flag day 2020 (1232 octets)",
	"RFC 9715 (fragmentation avoidance)",
	NULL
};
static const char *const references_amp[] = {
	"CISA alert TA14-017A (factors of protocols)",
	"RFC 5358 (BCP 140)",
	"RFC 8482 (small answers to ANY)",
	"DNS flag day 2020 (1232 octets)",
	NULL
};
static const char *const references_many[] = {
	"CVE-2024-1737 (BIND: max-records-per-type, max-types-per-name)",
	NULL
};
static const char *const references_chain[] = {
	"RFC 1034, 3.6.2 and 5.2.2",
	"RFC 2181, 10.1",
	NULL
};

const struct catalogue_row cost_rows[] = {
	{ .id = "cost.keytrap", .title = N_("Signatures times colliding keys"),
	  .area = AREA_VULNERABILITY,
	  .first = 10, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("Several keys of the zone share one tag and algorithm, and sets "
		"carry many signatures, so that a validator has to try each signature "
		"with each key. One answer can keep an unmended resolver busy for "
		"minutes. Counted as a validator without limits does it; mended ones "
		"give up and answer SERVFAIL, which hurts this zone."),
	  .remedy = N_("Replace one of the keys that collide (make a new one until its "
		"tag is free) and remove signatures that are not needed."),
	  .references = references_keytrap },
	{ .id = "cost.nsec3", .title = N_("Expensive proofs of non-existence"),
	  .area = AREA_VULNERABILITY,
	  .first = 10, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("For a name that does not exist a validator hashes every "
		"ancestor that the question can have with all iterations of NSEC3. The "
		"measure is SHA-1 blocks for the worst question; 1000 blocks cost about "
		"as much as a verification of an ECDSA signature. Medium from ten times "
		"that."),
	  .remedy = N_("Set iterations to 0 and the salt to none (RFC 9276), or use "
		"NSEC."),
	  .references = references_nsec3 },
	{ .id = "cost.many-ds", .title = N_("Very many DS records"),
	  .area = AREA_VULNERABILITY,
	  .first = 10, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("A validator may have to digest each key of the child for each "
		"DS record of the same tag. How many keys the child has this zone does "
		"not show."),
	  .remedy = N_("Keep one or two DS records for each key."),
	  .references = references_ds },
	{ .id = "cost.nxns", .title = N_("Fan-out of servers without addresses"),
	  .area = AREA_VULNERABILITY,
	  .first = 11, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("zone owner, registry"), .mitigate = N_("registrar, registry"),
	  .prevent = N_("registry"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A referral to this delegation names servers whose addresses are "
		"not in it. A resolver that looks all of them up sends two queries for "
		"each, to servers of other domains, for one question that anybody can "
		"ask (NXNSAttack). Resolvers have limits since 2020; how many queries "
		"they send is theirs to say. High from ten times the threshold."),
	  .remedy = N_("Ask the holder why; limit the number of servers at "
		"registration."),
	  .references = references_nxns },
	{ .id = "cost.many-servers", .title = N_("Referral with very many servers"),
	  .area = AREA_VULNERABILITY,
	  .first = 10, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("zone owner, registry"), .mitigate = N_("registrar, registry"),
	  .prevent = N_("registry"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A resolver looks each server of a referral up in its tables "
		"before it asks the first one; with thousands of names that alone stops "
		"some (NRDelegationAttack). High from ten times the threshold."),
	  .remedy = N_("Limit the number of servers at registration."),
	  .references = references_nr },
	{ .id = "cost.referral-512",
	  .title = N_("Referral that does not fit into 512 octets"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("Without EDNS the NS records and the glue that RFC 9471 demands "
		"do not fit, so the referral is truncated and asked again by TCP. The "
		"question is counted as the delegation's own name."),
	  .remedy = N_("Fewer servers, or names that share a suffix."),
	  .references = references_size,
	  .zonemaster = "REFERRAL_SIZE_TOO_LARGE" },
	{ .id = "cost.referral-edns",
	  .title = N_("Referral larger than what is sent unfragmented"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("With DNSSEC the referral exceeds what servers send over UDP "
		"today, so resolvers need TCP for this delegation. Denial of DS by NSEC3 "
		"is not counted."),
	  .remedy = N_("Fewer servers, DS records or signatures; ECDSA instead of RSA."),
	  .references = references_size },
	{ .id = "cost.amplification", .title = N_("Answer that amplifies"),
	  .area = AREA_VULNERABILITY,
	  .first = 11, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"),
	  .mitigate = N_("zone owner, authoritative operator"),
	  .prevent = N_("authoritative operator (response rate limiting)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("The largest answer of a type against the question that gets it: "
		"what somebody gains who sends that question with a victim's address. "
		"The factor is counted up to 4096 octets of UDP; beyond the limit of a "
		"server the answer is truncated and does not amplify. The other names "
		"are listed by size."),
	  .remedy = N_("Limit UDP answers to 1232 octets, use response rate limiting, "
		"make the record smaller."),
	  .references = references_amp },
	{ .id = "cost.any", .title = N_("Answer to ANY that amplifies"),
	  .area = AREA_VULNERABILITY,
	  .first = 11, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"),
	  .mitigate = N_("zone owner, authoritative operator"),
	  .prevent = N_("authoritative operator (RFC 8482)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("All records of a name together, as a server without RFC 8482 "
		"answers ANY."),
	  .remedy = N_("Answer ANY by one small record (RFC 8482), limit UDP answers to "
		"1232 octets."),
	  .references = references_amp },
	{ .id = "cost.many-records", .title = N_("Very large RRset"),
	  .area = AREA_VULNERABILITY,
	  .first = 10, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("So many records of one type at one name that servers slow down, "
		"and those with limits refuse them."),
	  .remedy = N_("Split the set over several names."),
	  .references = references_many },
	{ .id = "cost.many-types", .title = N_("Very many types at one name"),
	  .area = AREA_VULNERABILITY,
	  .first = 10, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("So many types at one name that servers slow down, and those "
		"with limits refuse them."),
	  .remedy = N_("Remove what is not needed."),
	  .references = references_many },
	{ .id = "cost.cname-chain", .title = N_("Long chain of aliases"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("A question for the first name takes many CNAME steps inside "
		"this zone; resolvers give up after about eleven, and each step beyond "
		"the zone comes on top."),
	  .remedy = N_("Point the alias at its end."),
	  .references = references_chain },
	{ .id = "cost.cname-loop",
	  .title = N_("Loop of aliases"), .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("zone owner, registry"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("CNAME records of this zone point at each other. Resolvers "
		"follow them until a limit and answer SERVFAIL, at a cost for every "
		"question."),
	  .remedy = N_("Break the loop."),
	  .references = references_chain },
	{ .id = NULL }
};
_Static_assert(COUNT(cost_rows) == ROW_COUNT + 1, "a row for each of the enum");

#define AT(f) offsetof(struct cost_conf, f)
#define N(option, field, first, least, text) \
	{ .name = option, .type = OPT_COUNT, .at = AT(field), .def = first, \
	  .min = least, .arg = "N", .help = text }
const struct opt cost_opts[] = {
	N("verifications", verifications, "17", 1, N_("signature verifications for one "
		"RRset (more than the 16 that BIND does for a question)")),
	N("blocks", blocks, "1000", 1, N_("SHA-1 blocks for one proof by NSEC3 (about "
		"one ECDSA verification)")),
	N("ds", ds, "10", 1, N_("DS records of one delegation (five keys with two "
		"digests)")),
	N("fan-out", fan_out, "28", 2, N_("queries for one referral (more than 13 "
		"servers need)")),
	N("servers", servers, "30", 2, N_("servers of one referral (twice 13 and some)")),
	N("edns", edns, "1232", 512, N_("octets that are sent over UDP without "
		"fragments")),
	N("records", records, "101", 2, N_("records of one RRset (BIND refuses more than "
		"100)")),
	N("types", types, "101", 2, N_("types at one name (BIND refuses more than 100)")),
	N("chain", chain, "8", 2, N_("CNAME records in a row (Unbound and BIND stop at "
		"11)")),
	{ .name = "factor", .type = OPT_RATIO, .at = AT(factor), .def = "28", .min = 1000,
	  .max = 65535000, .arg = "RATIO",
	  .help = N_("octets of UDP answer for each octet of the question (open "
		"resolvers gave 28 and more)") },
	{ .name = NULL }
};
