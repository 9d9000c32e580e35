/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_make.c - see sig_make.h. */
#include "sig_make.h"
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <string.h>

static const char *digest_of(u8 algorithm)
{
	switch (algorithm) {
	case SIG_RSASHA1: case SIG_RSASHA1_NSEC3: return "SHA1";
	case SIG_RSASHA512: return "SHA512";
	case SIG_ECDSA_P384: return "SHA384";
	case SIG_ED25519: case SIG_ED448: return NULL;
	default: return "SHA256";
	}
}

u32 rsa_rdata(u8 *to, u8 algorithm, const u8 *e, u32 e_len, const u8 *n, u32 n_len)
{
	u32 at = 4;

	memcpy(to, (u8[]){ 1, 0, 3, algorithm }, 4);
	if (e_len > 255) {
		to[at++] = 0;
		to[at++] = (u8)(e_len >> 8);
	}
	to[at++] = (u8)e_len;
	memcpy(to + at, e, e_len);
	memcpy(to + at + e_len, n, n_len);
	return at + e_len + n_len;
}

static u32 rsa_public(const struct signer *s, u8 algorithm, u8 *to)
{
	u8 eb[64], nb[1024];
	BIGNUM *e = NULL, *n = NULL;
	u32 len;

	must(EVP_PKEY_get_bn_param(s->pkey, OSSL_PKEY_PARAM_RSA_E, &e) == 1);
	must(EVP_PKEY_get_bn_param(s->pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1);
	BN_bn2bin(e, eb);
	BN_bn2bin(n, nb);
	len = rsa_rdata(to, algorithm, eb, (u32)BN_num_bytes(e), nb, (u32)BN_num_bytes(n));
	BN_free(e);
	BN_free(n);
	return len;
}

static u32 other_public(const struct signer *s, u8 algorithm, u8 *to)
{
	size_t n = SIGNER_RDATA_MAX - 4;

	memcpy(to, (u8[]){ 1, 0, 3, algorithm }, 4);
	if (algorithm == SIG_ED25519 || algorithm == SIG_ED448) {
		must(EVP_PKEY_get_raw_public_key(s->pkey, to + 4, &n) == 1);
		return 4 + (u32)n;
	}
	must(EVP_PKEY_get_octet_string_param(s->pkey, OSSL_PKEY_PARAM_PUB_KEY, to + 3, n, &n));
	to[3] = algorithm;	/* where the 4 of the uncompressed form stood */
	return 3 + (u32)n;
}

void signer_make(struct signer *s, u8 algorithm, unsigned bits)
{
	bool rsa = false;

	switch (algorithm) {
	case SIG_ECDSA_P256: s->pkey = EVP_EC_gen("P-256"); break;
	case SIG_ECDSA_P384: s->pkey = EVP_EC_gen("P-384"); break;
	case SIG_ED25519: s->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); break;
	case SIG_ED448: s->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED448"); break;
	default:
		rsa = true;
		s->pkey = EVP_RSA_gen(bits);
	}
	must(s->pkey != NULL);
	s->rdlen = rsa ? rsa_public(s, algorithm, s->rdata)
		       : other_public(s, algorithm, s->rdata);
}

void signer_end(struct signer *s)
{
	EVP_PKEY_free(s->pkey);
	s->pkey = NULL;
}

/* DER (SEQUENCE of two INTEGERs) to r | s of `half` octets each. */
static void raw_of(const u8 *der, size_t n, u8 *to, int half)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);

	must(sig != NULL);
	BN_bn2binpad(ECDSA_SIG_get0_r(sig), to, half);
	BN_bn2binpad(ECDSA_SIG_get0_s(sig), to + half, half);
	ECDSA_SIG_free(sig);
}

u32 signer_sign(const struct signer *s, const u8 *data, u32 len, u8 *sig)
{
	u8 algorithm = s->rdata[3], out[1024];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = sizeof out;
	int half = algorithm == SIG_ECDSA_P384 ? 48 : 32;

	must(EVP_DigestSignInit_ex(ctx, NULL, digest_of(algorithm), NULL, NULL, s->pkey,
				   NULL) == 1);
	must(EVP_DigestSign(ctx, out, &n, data, len) == 1);
	EVP_MD_CTX_free(ctx);
	if (algorithm != SIG_ECDSA_P256 && algorithm != SIG_ECDSA_P384) {
		memcpy(sig, out, n);
		return (u32)n;
	}
	raw_of(out, n, sig, half);
	return 2 * (u32)half;
}

u32 base64_read(const char *text, u8 *to)
{
	size_t n = strlen(text);
	u8 out[2048];
	int got = EVP_DecodeBlock(out, (const u8 *)text, (int)n);

	must(got > 0 && n % 4 == 0 && n < 2048);
	got -= text[n - 1] == '=';
	got -= text[n - 2] == '=';
	memcpy(to, out, (size_t)got);
	return (u32)got;
}
