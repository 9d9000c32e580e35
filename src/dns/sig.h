/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig.h - DNSSEC keys and signatures: DNSKEY RDATA in, verdicts out.
 *
 *   sig_key_open(DNSKEY)  ->  key, with what makes the next thousands of checks cheap
 *   sig_check(key, signed octets, signature) x n  ->  good or not, one by one or in batches
 *
 * Algorithms: RSA (5, 7, 8, 10), ECDSA P-256 and P-384 (13, 14), Ed25519 and Ed448 (15, 16);
 * RFC 3110, 5702, 6605, 8080. What the signed octets are (RRSIG RDATA without its signature,
 * then the RRset in canonical form, RFC 4034, 3.1.8.1) is the caller's to put together.
 * Keys are read-only after sig_key_open() and may be shared by threads.
 *
 * libcrypto does the arithmetic. No clock, no I/O. */
#pragma once
#include "base/base.h"

enum sig_algorithm {
	SIG_RSAMD5 = 1, SIG_DH = 2, SIG_DSA = 3, SIG_RSASHA1 = 5, SIG_DSA_NSEC3 = 6,
	SIG_RSASHA1_NSEC3 = 7, SIG_RSASHA256 = 8, SIG_RSASHA512 = 10, SIG_GOST = 12,
	SIG_ECDSA_P256 = 13, SIG_ECDSA_P384 = 14, SIG_ED25519 = 15, SIG_ED448 = 16,
};

#define SIG_RSA_BITS_MAX 4096u	/* of the modulus; RFC 3110, 2. Longer keys are not used */

struct sig_key;

/* Makes a key of DNSKEY RDATA. `uses`: about how many signatures it will check, so that
 * tables are only made when they pay. 0; OOPS_UNKNOWN: an algorithm that is not checked here;
 * OOPS_FORMAT: no key of its algorithm (a point off the curve, a wrong length, no exponent);
 * OOPS_LIMIT: larger than SIG_RSA_BITS_MAX; -ENOMEM. */
int sig_key_open(struct sig_key **ret, const u8 *rdata, u32 len, u64 uses);
struct sig_key *sig_key_free(struct sig_key *k);	/* takes NULL, gives NULL */
/* Bits of the key: RSA modulus, field of the curve. */
unsigned sig_key_bits(const struct sig_key *k);

/* Key tag of DNSKEY RDATA (RFC 4034, appendix B; algorithm 1 by B.1). */
u16 sig_key_tag(const u8 *rdata, u32 len);
/* Digest of a DS record into `to` (64 octets): its length, or OOPS_UNKNOWN. `owner` is in
 * lower case. Digest types 1, 2 and 4 (RFC 4034, 4509, 6605). */
int sig_ds_digest(u8 type, const u8 *owner, unsigned owner_len, const u8 *rdata, u32 len,
		  u8 to[64]);

struct sig_check {
	const struct sig_key *key;
	const u8 *data;		/* the signed octets */
	u32 data_len;
	const u8 *sig;		/* as in the RRSIG */
	u32 sig_len;
	int good;		/* written: 1 good, 0 not, -ENOMEM */
};

/* Checks n signatures, of any keys; of one thread. Batches of SIG_BATCH of one ECDSA key are
 * the cheapest. What the fast path refuses is checked again by EVP before it is said. */
#define SIG_BATCH 64
void sig_check(struct sig_check *c, unsigned n);
