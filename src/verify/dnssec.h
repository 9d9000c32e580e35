/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec.h - what the files of the family "dnssec" share. Not for others.
 *
 *   dnssec.c         options, order of checks    dnssec_rows.c     the catalogue
 *   dnssec_key.c     DNSKEY: flags, policy       dnssec_weak.c     bad RSA moduli
 *   dnssec_canon.c   canonical form              dnssec_check.c    verification
 *   dnssec_plan.c    signatures for sets         dnssec_verdict.c  what is said of them
 *   dnssec_nsec.c    NSEC                        dnssec_nsec3.c    NSEC3
 *   dnssec_chain.c   chains of NSEC3             dnssec_bitmap.c   type bitmaps
 *   dnssec_zonemd.c  ZONEMD                      dnssec_cds.c      CDS, CDNSKEY
 *   dnssec_anchor.c  anchors against the keys    dnssec_ta.c       reading anchors
 *
 * Only one thread says findings; others compute (verification, NSEC3 hashes). */
#pragma once
#include "dns/sig.h"
#include "verify/dnssec_denial.h"
#include "verify/dnssec_rows.h"
#include "verify/dnssec_sign.h"
#include "verify/verify.h"

enum {
	TYPE_NSEC = 47, TYPE_NSEC3 = 50, TYPE_NSEC3PARAM = 51, TYPE_CDS = 59,
	TYPE_CDNSKEY = 60, TYPE_ZONEMD = 63,
};

#define DNSSEC_EXAMPLES 5u

struct dnssec_conf {
	double refused;		/* share of the sets from which on it is told of the zone */
	u64 attempts;		/* verifications for one RRset */
	u64 keys;		/* keys of the zone that are used */
	u64 collisions;		/* verifications that only keys with one tag cause */
	u64 set_octets;		/* of one RRset in canonical form */
	u64 iterations;		/* of an NSEC3 chain that is hashed */
	u64 hashes;		/* NSEC3 hashes made for one chain */
	u64 remaining, shortest, longest;	/* ns */
	u64 rsa_bits;		/* smaller ones are told */
};

/* What is known of a DNSKEY of the apex. */
struct dnssec_key {
	const u8 *rdata;
	u32 len, record;	/* its place in zone_records() */
	u16 tag, flags;
	u8 algorithm;
	/* a zone key of protocol 3, not revoked, that could be opened */
	bool usable;
	/* as usable, but of an algorithm that is not checked here */
	bool unchecked;
	struct sig_key *sig;	/* NULL: could not be opened */
	u64 uses;		/* RRSIG records that name it */
	/* valid signatures by it: */
	u64 good;
	bool signs_keys, signs_cds, signs_cdnskey, signs_others;
};
#define KEY_ZONE 0x0100u	/* RFC 4034, 2.1.1 */
#define KEY_REVOKED 0x0080u	/* RFC 5011, 7 */
#define KEY_SEP 0x0001u

struct dnssec {
	struct audit *a;
	const struct zone *z;
	const struct dnssec_conf *conf;
	const struct audit_input *in;
	const struct zone_record *records;
	u32 record_count;
	u32 owner_count;
	u32 apex;
	const struct zone_name *apex_name;
	unsigned apex_labels;
	u32 at;				/* the instant, as RRSIG times are written */
	const struct zone_record *soa;	/* NULL: none */
	u32 soa_serial, soa_expire, soa_minimum;
	/* records of the types below 64, inside the zone */
	u64 count[64];
	struct dnssec_key *keys;	/* sorted by algorithm, tag, place */
	u32 key_count;
	/* bits: of the keys that should sign everything */
	u8 algorithms[32];
	struct {			/* over all signatures that are valid */
		u32 earliest, record;	/* expiration */
		u64 checked, seen;	/* verifications; of them known from before */
		u64 good, bad, sets, longer, shorter, extra;
		u32 longest, longest_record, shortest, shortest_record;
		u64 needed;		/* sets that must be signed */
		u64 missing, refused;	/* of them without a signature; with none that holds */
		u32 example[DNSSEC_EXAMPLES];	/* records of the first of both */
	} sums;
	u64 high_ttl_count;		/* NSEC and NSEC3 records whose TTL is too high */
	u32 high_ttl_record;
};

/* ---- dnssec.c ---- */

/* "example tag 12345, algorithm 13 (ECDSAP256SHA256)" */
#define DNSSEC_KEY_TEXT 400
char *dnssec_key_text(const struct dnssec *d, const struct dnssec_key *k,
		      char to[DNSSEC_KEY_TEXT]);
/* Name of an algorithm, or "algorithm 200". */
#define DNSSEC_ALGORITHM_TEXT 32
char *dnssec_algorithm_text(u8 algorithm, char to[DNSSEC_ALGORITHM_TEXT]);
/* A time of an RRSIG, RFC 3339. The century is that of the audit (RFC 4034, 3.1.5). */
char *dnssec_time_text(const struct dnssec *d, u32 time, char to[40]);
/* Text of a wire name for sentences: at most `DNSSEC_NAME_TEXT` octets, then "...". */
#define DNSSEC_NAME_TEXT 120
char *dnssec_name_text(const u8 *wire, unsigned len, char to[DNSSEC_NAME_TEXT + 4]);
/* Does the zone answer for this owner? Not: outside, below a cut, below a DNAME. */
bool dnssec_authoritative(const struct dnssec *d, u32 owner);
/* Does this set of an authoritative owner need a signature (RFC 4035, 2.2)? */
static inline bool dnssec_needs_signature(const struct zone_name *owner, u16 type)
{
	if (type == TYPE_RRSIG)
		return false;
	return !(owner->flags & ZONE_CUT) || type == TYPE_DS || type == TYPE_NSEC;
}
/* Calls fn(arg) in `threads` threads, this one among them, until all have returned. */
void dnssec_parallel(unsigned threads, void (*fn)(void *arg), void *arg);
/* A limit was reached: what happened, at which name (0 = the zone). */
void dnssec_limit(struct dnssec *d, u32 name, const char *limit, double value,
	double most,
		  const char *consequence);

/* ---- keys ---- */

/* Reads the keys of the apex; says what is wrong with them. 0 or -ENOMEM. */
int dnssec_keys(struct dnssec *d);
/* After all signatures: keys that sign nothing, revoked keys. */
void dnssec_keys_used(struct dnssec *d);
void dnssec_keys_free(struct dnssec *d);
/* The keys of an algorithm and tag: the first, and how many. */
struct dnssec_key *dnssec_keys_find(const struct dnssec *d, u8 algorithm, u16 tag,
	u32 *n);
/* Moduli that are easy to factor or shared. 0 or -ENOMEM. */
int dnssec_weak(struct dnssec *d);
/* Where a key is told about: subject "key". */
struct finding *dnssec_key_begin(struct dnssec *d, unsigned row,
	const struct dnssec_key *k);

/* ---- the rest ---- */

#define DNSSEC_ZONEMD_MAX 64u	/* records that are compared; there are two hashes */
#define DNSSEC_CDS_MAX 64u
int dnssec_zonemd(struct dnssec *d);
void dnssec_cds(struct dnssec *d);
int dnssec_anchors(struct dnssec *d);
/* "SHA-1", "SHA-256", ...: the digest type of a DS; "digest type 9". */
const char *dnssec_digest_text(u8 type, char to[24]);

/* A trust anchor as a DS record has it; of a DNSKEY its SHA-256. */
struct dnssec_anchor {
	u8 owner[NAME_WIRE_MAX];	/* lower case */
	u8 owner_len, algorithm, digest_type, digest_len;
	u16 tag;
	u8 digest[64];
	u64 from, until;	/* seconds; until 0: no end */
	u32 line;
};
#define DNSSEC_ANCHORS_MAX 256u
struct dnssec_anchors {
	struct dnssec_anchor at[DNSSEC_ANCHORS_MAX];
	u32 count, ignored;	/* past the maximum */
	u32 bad_line;		/* 0 = all is well; the first that is not */
	char why[120];		/* what is wrong with it, one clause */
};
/* Reads trust anchors: DS or DNSKEY lines of a master file (a bad line is left out), or
 * XML of RFC 7958 and 9718 (all or nothing). 0 or -ENOMEM; what is wrong stands in *ret.
 * */
int dnssec_anchors_read(struct dnssec_anchors *ret, const u8 *text, size_t n);
