/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig.h - DNSSEC keys and signatures: DNSKEY RDATA in, verdicts out.
 *
 *   sig_prepare()                    once, before the process is locked up
 *   sig_key_open(DNSKEY)         ->  key, with what makes thousands of checks cheap
 *   sig_worker_make()            ->  what one thread needs to check
 *   sig_check(worker, n x (key, signed octets, signature))  ->  good or not
 *
 * Algorithms: RSA (5, 7, 8, 10), ECDSA P-256 and P-384 (13, 14), Ed25519 and Ed448 (15, 16);
 * RFC 3110, 5702, 6605, 8080. What the signed octets are (RRSIG RDATA without its signature,
 * then the RRset in canonical form, RFC 4034, 3.1.8.1) is the caller's to put together, and
 * so is whether an algorithm should be trusted at all (RFC 9905): here SHA-1 still counts.
 *
 * Keys are read-only after sig_key_open() and may be shared by threads; a worker is one
 * thread's. libcrypto does the arithmetic, but for good signatures by P-256 (sig_ecdsa.c),
 * which is most of what there is, and by Ed25519 (sig_ed25519.c). No clock, no I/O, and no
 * file is opened after sig_prepare(). Figures: bench/README.md. */
#pragma once
#include "base/base.h"

enum sig_algorithm {
	SIG_RSAMD5 = 1, SIG_DH = 2, SIG_DSA = 3, SIG_RSASHA1 = 5, SIG_DSA_NSEC3 = 6,
	SIG_RSASHA1_NSEC3 = 7, SIG_RSASHA256 = 8, SIG_RSASHA512 = 10, SIG_GOST = 12,
	SIG_ECDSA_P256 = 13, SIG_ECDSA_P384 = 14, SIG_ED25519 = 15, SIG_ED448 = 16,
};

#define SIG_RSA_BITS_MIN 512u	/* of the modulus; RFC 5702, 2 */
#define SIG_RSA_BITS_MAX 4096u	/* RFC 3110, 2; 5702, 2. Longer keys are not used */
#define SIG_EXPONENT_BITS_MAX 64u	/* each bit costs every check a multiplication */
#define SIG_USES_FEW 16383u	/* from one more on, a P-256 key's table is 5.8 MB */
#define SIG_BATCH 64u	/* signatures of one call that share their costs */

/* ---- keys ---- */

/* What DNSKEY RDATA says of its size, before anything is computed. */
struct sig_shape {
	u8 algorithm;
	u32 bits;		/* RSA: of the modulus. Others: of the curve's field */
	u32 exponent_bits;	/* RSA only, else 0 */
};
/* Reads the shape, also of keys that are too large to be used: 0; OOPS_UNKNOWN: an algorithm
 * that is not checked here (`algorithm` is written); OOPS_FORMAT: too short, a protocol that
 * is not 3 (RFC 4034, 2.1.2), a length that is not the algorithm's. */
int sig_shape(const u8 *rdata, u32 len, struct sig_shape *ret);

struct sig_key;

/* Makes libcrypto load what it loads at a first use: its configuration file is read here,
 * and never again. Call it before the process is locked up. 0 or -ENOMEM. */
int sig_prepare(void);

/* Makes a key of DNSKEY RDATA. `uses`: about how many signatures it will check, so that
 * tables are only made when they pay (from 128 uses 4 ms a key and 0.5 MB for P-256, 0.8 MB
 * for Ed25519; P-256 past SIG_USES_FEW 15 ms and 5.8 MB: who opens many keys says fewer
 * uses for most).
 * 0; OOPS_UNKNOWN: an algorithm that is not checked here; OOPS_FORMAT: no key of its
 * algorithm (see sig_shape(); a point off the curve, no odd modulus or exponent, too few
 * bits); OOPS_LIMIT: larger than SIG_RSA_BITS_MAX or SIG_EXPONENT_BITS_MAX; -ENOMEM. */
int sig_key_open(struct sig_key **ret, const u8 *rdata, u32 len, u64 uses);
struct sig_key *sig_key_free(struct sig_key *k);	/* takes NULL, gives NULL */
/* Its algorithm and sizes. */
const struct sig_shape *sig_key_shape(const struct sig_key *k);

/* Key tag of DNSKEY RDATA (RFC 4034, appendix B; algorithm 1 by B.1). */
u16 sig_key_tag(const u8 *rdata, u32 len);
/* Digest of a DS record into `to` (48 octets at most): its length, or OOPS_UNKNOWN, -ENOMEM.
 * `owner` is a wire name in lower case, `rdata` the DNSKEY's. Digest types 1, 2 and 4
 * (RFC 4034, 4509, 6605). */
int sig_ds_digest(u8 type, const u8 *owner, unsigned owner_len, const u8 *rdata, u32 len,
		  u8 *to);

/* ---- signatures ---- */

struct sig_check {
	const struct sig_key *key;
	const u8 *data;		/* the signed octets */
	u32 data_len;
	const u8 *sig;		/* as in the RRSIG */
	u32 sig_len;
	int good;		/* written: 1 good, 0 not, -ENOMEM */
};

struct sig_worker;

/* Room and contexts of one thread, about 500 KB. 0 or -ENOMEM. */
int sig_worker_make(struct sig_worker **ret);
struct sig_worker *sig_worker_free(struct sig_worker *w);	/* takes NULL, gives NULL */

/* Checks n signatures, of any keys. Calls with many signatures of few P-256 or Ed25519 keys
 * are the cheapest. What our own arithmetic refuses is checked again by libcrypto before it
 * is said. The keys must live until the call returns. */
void sig_check(struct sig_worker *w, struct sig_check *c, unsigned n);

/* What a worker did. */
struct sig_count {
	u64 checks;		/* all */
	u64 fast;		/* found good by our own arithmetic */
	u64 again;		/* refused or left open by it, checked again by libcrypto */
	u64 odd;		/* refused by ours, good by libcrypto: a fault of ours */
};
/* Counts since sig_worker_make(). */
const struct sig_count *sig_worker_count(const struct sig_worker *w);
