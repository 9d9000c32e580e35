/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_make.h - keys that can sign, for tests of who checks signatures. */
#pragma once
#include "dns/sig.h"
#include <openssl/evp.h>

#define SIGNER_RDATA_MAX 1100

struct signer {
	EVP_PKEY *pkey;		/* with its private half */
	u8 rdata[SIGNER_RDATA_MAX];	/* of the DNSKEY */
	u32 rdlen;
};

/* A new key; `bits` counts for RSA only. */
void signer_make(struct signer *s, u8 algorithm, unsigned bits);
void signer_end(struct signer *s);
/* Signs: length of what is written to `sig` (512 octets). */
u32 signer_sign(const struct signer *s, const u8 *data, u32 len, u8 *sig);
/* RDATA of an RSA key of these lengths, the exponent's length in one octet or in three. */
u32 rsa_rdata(u8 *to, u8 algorithm, const u8 *e, u32 e_len, const u8 *n, u32 n_len);
/* RFC 4648, 4: octets written to `to`. */
u32 base64_read(const char *text, u8 *to);
