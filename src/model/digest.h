/* SPDX-License-Identifier: GPL-3.0-or-later */
/* digest.h - SHA-256 (FIPS 180-4) by libcrypto: the ids of findings and evidence.
 *
 * libcrypto reads its configuration file at the first digest of a process. A
 * process that will be locked up calls digest_prepare() before that; afterwards
 * a digest opens nothing.
 * Cost: 0.5 us and one small allocation a digest; when the memory for that is
 * not to be had the program ends (must), because an id cannot be left out. */
#pragma once
#include "base/base.h"

#define DIGEST_OCTETS 32
#define DIGEST_TEXT 65	/* lower-case hex and NUL */

struct digest {
	void *own;	/* EVP_MD_CTX */
};

/* Makes libcrypto read what it reads at a first digest. */
void digest_prepare(void);
/* Begins a hash; every digest_init() needs its digest_end(). */
void digest_init(struct digest *d);
void digest_add(struct digest *d, const void *bytes, size_t n);
void digest_u64(struct digest *d, u64 v);		/* big-endian */
void digest_text(struct digest *d, const char *text);	/* with its NUL */
/* Writes the hash and frees what digest_init() took. */
void digest_end(struct digest *d, u8 ret[DIGEST_OCTETS]);

/* Lower-case hex of n octets into `to` (2n + 1 octets), which is returned. */
char *hex_text(const u8 *bytes, size_t n, char *to);
/* n octets from exactly 2n lower-case digits: 0 or OOPS_FORMAT. */
int hex_parse(const char *text, size_t n, u8 *ret);
