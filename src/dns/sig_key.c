/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_key.c - DNSKEY RDATA: its shape, its tag, its DS digests, and the key itself.
 *
 *   flags 2 | protocol 1 | algorithm 1 | key             (RFC 4034, 2.1)
 *     RSA      exponent's length 1, or 0 and 2 | exponent | modulus     (RFC 3110, 2)
 *     ECDSA    x | y, of the field's length each                        (RFC 6605, 4)
 *     EdDSA    the point as RFC 8032 packs it                           (RFC 8080, 3)
 *
 * Sizes are looked at before libcrypto sees anything: a modulus of 16,384 bits or an
 * exponent of thousands would cost each check milliseconds.
 *
 * Algorithms are fetched once a key: libcrypto 3.0 looks a name up in its list for every
 * digest that was not fetched, which takes longer than to hash an RRset. */
#include "dns/sig_own.h"
#include "base/rd.h"
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

/* ---- what there is ---- */

enum kind { RSA_KEY, EC_KEY_XY, ED_KEY };

static const struct algorithm {
	u8 number, kind;
	u16 bits;		/* of the field; RSA: 0 */
	u16 len;		/* octets of the key; RSA: 0 */
	const char *name;	/* libcrypto's: of the key's type, for ECDSA of the group */
	const char *md;
} algorithms[] = {
	{ SIG_RSASHA1, RSA_KEY, 0, 0, "RSA", "SHA1" },
	{ SIG_RSASHA1_NSEC3, RSA_KEY, 0, 0, "RSA", "SHA1" },
	{ SIG_RSASHA256, RSA_KEY, 0, 0, "RSA", "SHA256" },
	{ SIG_RSASHA512, RSA_KEY, 0, 0, "RSA", "SHA512" },
	{ SIG_ECDSA_P256, EC_KEY_XY, 256, 64, "P-256", "SHA256" },
	{ SIG_ECDSA_P384, EC_KEY_XY, 384, 96, "P-384", "SHA384" },
	{ SIG_ED25519, ED_KEY, 255, 32, "ED25519", NULL },
	{ SIG_ED448, ED_KEY, 448, 57, "ED448", NULL },
};

static const struct algorithm *algorithm_of(u8 number)
{
	for (unsigned i = 0; i < COUNT(algorithms); i++)
		if (algorithms[i].number == number)
			return &algorithms[i];
	return NULL;
}

/* ---- shape ---- */

/* Leading zeros are prohibited (RFC 3110, 2), and harmless: nobody refuses them. */
static const u8 *unpadded(const u8 *p, u32 *len)
{
	while (*len && *p == 0) {
		p++;
		--*len;
	}
	return p;
}

int sig_rsa_read(const u8 *key, u32 len, struct sig_rsa *ret)
{
	struct rd r = rd_of(key, len);
	u32 e_len = rd_u8(&r);

	if (e_len == 0)
		e_len = rd_u16(&r);
	ret->e_len = e_len;
	ret->e = rd_take(&r, e_len);
	if (r.bad || e_len == 0)
		return OOPS_FORMAT;
	ret->n_len = (u32)rd_left(&r);
	ret->n = unpadded(r.p, &ret->n_len);
	ret->e = unpadded(ret->e, &ret->e_len);
	return ret->n_len && ret->e_len ? 0 : OOPS_FORMAT;
}

static u32 bits_of(const u8 *p, u32 len)
{
	return len * 8 - (u32)__builtin_clz(*p) + 24;
}

static int rsa_shape(const u8 *key, u32 len, struct sig_shape *ret)
{
	struct sig_rsa rsa;
	int rc = sig_rsa_read(key, len, &rsa);

	if (rc)
		return rc;
	ret->bits = bits_of(rsa.n, rsa.n_len);
	ret->exponent_bits = bits_of(rsa.e, rsa.e_len);
	return 0;
}

int sig_shape(const u8 *rdata, u32 len, struct sig_shape *ret)
{
	const struct algorithm *a;

	*ret = (struct sig_shape){ 0 };
	if (len < SIG_KEY_AT)
		return OOPS_FORMAT;
	ret->algorithm = rdata[3];
	if ((a = algorithm_of(rdata[3])) == NULL)
		return OOPS_UNKNOWN;
	if (rdata[2] != 3)	/* RFC 4034, 2.1.2: not to be used */
		return OOPS_FORMAT;
	if (a->kind == RSA_KEY)
		return rsa_shape(rdata + SIG_KEY_AT, len - SIG_KEY_AT, ret);
	ret->bits = a->bits;
	return len - SIG_KEY_AT == a->len ? 0 : OOPS_FORMAT;
}

/* ---- the key ---- */

static int key_from(EVP_PKEY **ret, const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	int rc = OOPS_FORMAT;

	if (ctx == NULL || params == NULL)
		rc = -ENOMEM;
	else if (EVP_PKEY_fromdata_init(ctx) == 1 &&
		 EVP_PKEY_fromdata(ctx, ret, EVP_PKEY_PUBLIC_KEY, params) == 1)
		rc = 0;
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

static int rsa_limits(const struct sig_shape *s, const struct sig_rsa *rsa)
{
	if (s->bits > SIG_RSA_BITS_MAX || s->exponent_bits > SIG_EXPONENT_BITS_MAX)
		return OOPS_LIMIT;
	if (s->bits < SIG_RSA_BITS_MIN)
		return OOPS_FORMAT;
	return rsa->n[rsa->n_len - 1] & rsa->e[rsa->e_len - 1] & 1 ? 0 : OOPS_FORMAT;
}

static int rsa_open(struct sig_key *k, const u8 *key, u32 len)
{
	OSSL_PARAM_BLD *build = NULL;
	OSSL_PARAM *params = NULL;
	BIGNUM *n = NULL, *e = NULL;
	struct sig_rsa rsa;
	int rc = sig_rsa_read(key, len, &rsa);

	if (rc == 0)
		rc = rsa_limits(&k->shape, &rsa);
	if (rc)
		return rc;
	n = BN_bin2bn(rsa.n, (int)rsa.n_len, NULL);
	e = BN_bin2bn(rsa.e, (int)rsa.e_len, NULL);
	build = OSSL_PARAM_BLD_new();
	if (n && e && build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	rc = key_from(&k->pkey, "RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return rc;
}

/* libcrypto takes a point only when it lies on the curve. */
static int ec_open(struct sig_key *k, const struct algorithm *a, const u8 *key)
{
	u8 point[1 + 96] = { 4 };	/* SEC 1, 2.3.3: not compressed */
	char group[8];
	OSSL_PARAM params[3];

	memcpy(point + 1, key, a->len);
	snprintf(group, sizeof group, "%s", a->name);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
						      1u + a->len);
	params[2] = OSSL_PARAM_construct_end();
	return key_from(&k->pkey, "EC", params);
}

static int ed_open(struct sig_key *k, const struct algorithm *a, const u8 *key)
{
	if (a->len == sizeof k->point)
		memcpy(k->point, key, sizeof k->point);
	k->pkey = EVP_PKEY_new_raw_public_key_ex(NULL, a->name, NULL, key, a->len);
	return k->pkey ? 0 : -ENOMEM;
}

static int any_open(struct sig_key *k, const struct algorithm *a, const u8 *key, u32 len)
{
	if (a->md && (k->md = EVP_MD_fetch(NULL, a->md, NULL)) == NULL)
		return -ENOMEM;
	switch (a->kind) {
	case RSA_KEY: return rsa_open(k, key, len);
	case EC_KEY_XY: return ec_open(k, a, key);
	default: return ed_open(k, a, key);
	}
}

/* What a table costs is had back after some uses: 4 ms at 40 us a use or more, then for P-256
 * 10 ms more at 2 us a use (bench/signature). Without a table, as when there is no memory
 * for one, a key is as good and slower. */
static void table_open(struct sig_key *k, const u8 *key, u64 uses)
{
	unsigned width = uses <= SIG_USES_FEW ? SIG_WIDTH_MIN : SIG_WIDTH_MAX;

	if (uses < 128)
		return;
	if (k->shape.algorithm == SIG_ECDSA_P256 && sig_table_make(&k->table, key, width) < 0)
		k->table = NULL;
	if (k->shape.algorithm == SIG_ED25519 && sig_ed_table_make(&k->ed_table, key) < 0)
		k->ed_table = NULL;
}

int sig_key_open(struct sig_key **ret, const u8 *rdata, u32 len, u64 uses)
{
	struct sig_key *k = calloc(1, sizeof *k);
	int rc;

	if (k == NULL)
		return -ENOMEM;
	rc = sig_shape(rdata, len, &k->shape);
	if (rc == 0)
		rc = any_open(k, algorithm_of(rdata[3]), rdata + SIG_KEY_AT, len - SIG_KEY_AT);
	if (rc == 0 && sig_ds_digest(2, rdata, 0, rdata, len, k->id) < 0)
		rc = -ENOMEM;
	if (rc) {
		ERR_clear_error();
		sig_key_free(k);
		return rc;
	}
	table_open(k, rdata + SIG_KEY_AT, uses);
	*ret = k;
	return 0;
}

struct sig_key *sig_key_free(struct sig_key *k)
{
	if (k == NULL)
		return NULL;
	EVP_PKEY_free(k->pkey);
	EVP_MD_free(k->md);
	sig_table_free(k->table);
	sig_ed_table_free(k->ed_table);
	free(k);
	return NULL;
}

const struct sig_shape *sig_key_shape(const struct sig_key *k)
{
	return &k->shape;
}

/* ---- tag and digest ---- */

u16 sig_key_tag(const u8 *rdata, u32 len)
{
	u32 sum = 0;

	if (len > SIG_KEY_AT + 2 && rdata[3] == SIG_RSAMD5)	/* RFC 4034, B.1 */
		return be16(rdata + len - 3);
	for (u32 i = 0; i < len; i++)
		sum += i & 1 ? rdata[i] : (u32)rdata[i] << 8;
	return (u16)(sum + (sum >> 16));
}

/* RFC 4034, 5.1.4; 4509; 6605, 2. Type 3 (GOST) is nobody's any more (RFC 9558). */
static const char *digest_name(u8 type)
{
	static const char *const names[] = { [1] = "SHA1", [2] = "SHA256", [4] = "SHA384" };

	return type < COUNT(names) ? names[type] : NULL;
}

int sig_ds_digest(u8 type, const u8 *owner, unsigned owner_len, const u8 *rdata, u32 len,
		  u8 *to)
{
	const char *name = digest_name(type);
	EVP_MD_CTX *ctx = NULL;
	EVP_MD *md = NULL;
	unsigned octets = 0;
	bool done;

	if (name == NULL)
		return OOPS_UNKNOWN;
	done = (md = EVP_MD_fetch(NULL, name, NULL)) && (ctx = EVP_MD_CTX_new()) &&
	       EVP_DigestInit_ex2(ctx, md, NULL) == 1 &&
	       EVP_DigestUpdate(ctx, owner, owner_len) == 1 &&
	       EVP_DigestUpdate(ctx, rdata, len) == 1 &&
	       EVP_DigestFinal_ex(ctx, to, &octets) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return done ? (int)octets : -ENOMEM;
}
