/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_own.h - what the files of sig share. Not for others. */
#pragma once
#include "dns/sig.h"
#include <openssl/evp.h>

struct sig_table;	/* multiples of a point; sig_ecdsa.c */
struct sig_ed_table;	/* the same; sig_ed25519.c */

struct sig_key {
	struct sig_shape shape;
	EVP_PKEY *pkey;
	EVP_MD *md;		/* what is hashed before signing; NULL: the scheme hashes itself */
	/* Of P-256 and Ed25519 keys that are used often, else NULL. */
	struct sig_table *table;
	struct sig_ed_table *ed_table;
	u8 point[32];	/* Ed25519: as it is packed */
	u8 id[32];	/* SHA-256 of the RDATA, for marks (sig_seen.h) */
};

/* Where the key begins in DNSKEY RDATA (RFC 4034, 2.1). */
#define SIG_KEY_AT 4u

/* Modulus and exponent without leading zeros, views (RFC 3110, 2). */
struct sig_rsa {
	const u8 *e, *n;
	u32 e_len, n_len;
};
/* 0 or OOPS_FORMAT. `key` is what follows the algorithm. */
int sig_rsa_read(const u8 *key, u32 len, struct sig_rsa *ret);

/* ---- sig_ecdsa.c: P-256 ---- */

#define SIG_WIDTH_MIN 8u
#define SIG_WIDTH_MAX 12u
/* Tables for a point on the curve, x | y; `width` SIG_WIDTH_MIN..MAX: 0, -ENOMEM, or
 * OOPS_RANGE when it is not on the curve after all. */
int sig_table_make(struct sig_table **ret, const u8 *xy, unsigned width);
struct sig_table *sig_table_free(struct sig_table *t);	/* takes NULL, gives NULL */

struct sig_room;	/* what a batch is worked out in */
/* NULL when there is no memory. */
struct sig_room *sig_room_make(void);
struct sig_room *sig_room_free(struct sig_room *r);	/* takes NULL, gives NULL */

struct sig_item {
	const void *table;	/* of the key: sig_table, or sig_ed_table for sig_ed25519() */
	const u8 *rs;		/* the signature, 64 octets */
	u8 hash[64];		/* of the signed octets; Ed25519: of R, A and them */
	enum sig_verdict { SIG_OPEN, SIG_GOOD, SIG_REFUSED } verdict;	/* written */
};
/* Up to SIG_BATCH signatures, at least one. */
void sig_ecdsa(struct sig_room *r, struct sig_item *items, unsigned count);

/* ---- sig_ed25519.c ---- */

/* Tables for a packed point: 0, -ENOMEM, or OOPS_FORMAT when it is no point or is written in a
 * way that is not the only one. */
int sig_ed_table_make(struct sig_ed_table **ret, const u8 *key);
struct sig_ed_table *sig_ed_table_free(struct sig_ed_table *t);	/* takes NULL, gives NULL */
/* Up to SIG_BATCH signatures, at least one. Nothing is left open. */
void sig_ed25519(struct sig_item *items, unsigned count);
