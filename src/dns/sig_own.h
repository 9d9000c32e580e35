/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_own.h - what sig_key.c, sig.c and sig_ecdsa.c share. Not for others. */
#pragma once
#include "dns/sig.h"
#include <openssl/evp.h>

struct sig_table;	/* multiples of a point; sig_ecdsa.c */

struct sig_key {
	struct sig_shape shape;
	EVP_PKEY *pkey;
	EVP_MD *md;		/* what is hashed before signing; NULL: the scheme hashes itself */
	struct sig_table *table;	/* P-256 keys that are used often, else NULL */
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
