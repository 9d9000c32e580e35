/* SPDX-License-Identifier: GPL-3.0-or-later */
/* digest.c - see digest.h. */
#include "model/digest.h"
#include <openssl/evp.h>

void digest_prepare(void)
{
	struct digest d;
	u8 unused[DIGEST_OCTETS];

	digest_init(&d);
	digest_end(&d, unused);
}

void digest_init(struct digest *d)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1);
	d->own = ctx;
}

void digest_add(struct digest *d, const void *bytes, size_t n)
{
	must(EVP_DigestUpdate(d->own, bytes, n) == 1);
}

void digest_u64(struct digest *d, u64 v)
{
	u8 octets[8];

	for (int i = 7; i >= 0; i--, v >>= 8)
		octets[i] = (u8)v;
	digest_add(d, octets, sizeof octets);
}

void digest_text(struct digest *d, const char *text)
{
	digest_add(d, text, strlen(text) + 1);
}

void digest_end(struct digest *d, u8 ret[DIGEST_OCTETS])
{
	must(EVP_DigestFinal_ex(d->own, ret, NULL) == 1);
	EVP_MD_CTX_free(d->own);
	d->own = NULL;
}

char *hex_text(const u8 *bytes, size_t n, char *to)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digits[bytes[i] >> 4];
		to[2 * i + 1] = digits[bytes[i] & 15];
	}
	to[2 * n] = 0;
	return to;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int hex_parse(const char *text, size_t n, u8 *ret)
{
	if (strlen(text) != 2 * n)
		return OOPS_FORMAT;
	for (size_t i = 0; i < 2 * n; i++)
		if (nibble(text[i]) < 0)
			return OOPS_FORMAT;
	for (size_t i = 0; i < n; i++)
		ret[i] = (u8)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
	return 0;
}
