/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig.c - signatures, checked by libcrypto's EVP with as little around it as can be.
 *
 *   RSA      hash, then EVP_PKEY_verify (PKCS #1 1.5 with the digest's prefix)
 *   ECDSA    hash, r | s packed into DER, then EVP_PKEY_verify
 *   EdDSA    EVP_DigestVerify over the whole octets
 *
 * To prepare a context takes libcrypto 3.0 several microseconds of look-ups and locks; to
 * use one again takes none. So a worker keeps the contexts of the keys that it met last.
 * A context holds a reference to its EVP_PKEY, so a pointer that is equal is the same key.
 *
 * Not here: keys (sig_key.c), the faster ways (sig_ecdsa.c, sig_ed25519.c). */
#include "dns/sig_own.h"
#include "dns/sig_seen.h"
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>

#define CONTEXTS 16u	/* keys whose contexts a worker keeps */
#define HASH_MAX 64u
#define HALF_MAX 48u	/* octets of r or s */
#define DER_MAX (4 + 2 * (3 + HALF_MAX))

struct context {
	EVP_PKEY *pkey;		/* view; held by ctx or md */
	EVP_PKEY_CTX *ctx;	/* RSA, ECDSA */
	EVP_MD_CTX *md;		/* EdDSA */
};

/* What waits for our own arithmetic. */
struct queue {
	struct sig_item items[SIG_BATCH];
	struct sig_check *of[SIG_BATCH];
	unsigned waiting;
};

struct sig_worker {
	EVP_MD_CTX *hash;
	EVP_MD *sha256, *sha512;
	struct context contexts[CONTEXTS];
	unsigned next;		/* context that is given up next */
	struct sig_room *room;
	struct queue p256, ed25519;
	struct sig_count count;
};

/* ---- contexts ---- */

static void context_free(struct context *x)
{
	EVP_PKEY_CTX_free(x->ctx);
	EVP_MD_CTX_free(x->md);
	*x = (struct context){ 0 };
}

static bool is_rsa(const struct sig_key *k) { return k->shape.exponent_bits != 0; }

static bool context_make(struct context *x, const struct sig_key *k)
{
	x->pkey = k->pkey;
	if (k->md == NULL)
		return (x->md = EVP_MD_CTX_new()) &&
		       EVP_DigestVerifyInit(x->md, NULL, NULL, NULL, k->pkey) == 1;
	if ((x->ctx = EVP_PKEY_CTX_new(k->pkey, NULL)) == NULL ||
	    EVP_PKEY_verify_init(x->ctx) != 1)
		return false;
	return !is_rsa(k) || (EVP_PKEY_CTX_set_rsa_padding(x->ctx, RSA_PKCS1_PADDING) == 1 &&
			      EVP_PKEY_CTX_set_signature_md(x->ctx, k->md) == 1);
}

/* NULL when there is no memory. */
static struct context *context_of(struct sig_worker *w, const struct sig_key *k)
{
	struct context *x;

	for (unsigned i = 0; i < CONTEXTS; i++)
		if (w->contexts[i].pkey == k->pkey)
			return &w->contexts[i];
	x = &w->contexts[w->next++ % CONTEXTS];
	context_free(x);
	if (context_make(x, k))
		return x;
	context_free(x);
	return NULL;
}

/* ---- ECDSA: r | s to DER (RFC 3279, 2.2.3; X.690, 8.3) ---- */

/* One INTEGER of n octets at `to`: the octets written. */
static u32 der_integer(u8 *to, const u8 *from, u32 n)
{
	u32 pad;

	while (n > 1 && *from == 0) {
		from++;
		n--;
	}
	pad = *from >> 7;	/* else it would be negative */
	to[0] = 2;
	to[1] = (u8)(n + pad);
	to[2] = 0;
	memcpy(to + 2 + pad, from, n);
	return 2 + pad + n;
}

static u32 der_of(u8 to[DER_MAX], const u8 *rs, u32 half)
{
	u32 n = 2;

	n += der_integer(to + n, rs, half);
	n += der_integer(to + n, rs + half, half);
	to[0] = 0x30;
	to[1] = (u8)(n - 2);	/* at most 102, so one octet says it */
	return n;
}

/* ---- one signature ---- */

static bool hash_of(struct sig_worker *w, const struct sig_check *c, u8 to[HASH_MAX],
		    unsigned *len)
{
	return EVP_DigestInit_ex2(w->hash, c->key->md, NULL) == 1 &&
	       EVP_DigestUpdate(w->hash, c->data, c->data_len) == 1 &&
	       EVP_DigestFinal_ex(w->hash, to, len) == 1;
}

static int hashed_check(struct sig_worker *w, struct context *x, const struct sig_check *c)
{
	u8 hash[HASH_MAX], der[DER_MAX];
	unsigned hash_len;
	const u8 *sig = c->sig;
	u32 sig_len = c->sig_len;

	if (!is_rsa(c->key)) {
		if (sig_len != c->key->shape.bits / 4)	/* RFC 6605, 4 */
			return 0;
		sig_len = der_of(der, sig, sig_len / 2);
		sig = der;
	}
	if (!hash_of(w, c, hash, &hash_len))
		return -ENOMEM;
	return EVP_PKEY_verify(x->ctx, sig, sig_len, hash, hash_len) == 1;
}

static int evp_check(struct sig_worker *w, const struct sig_check *c)
{
	struct context *x = context_of(w, c->key);
	int good;

	if (x == NULL)
		return -ENOMEM;
	if (c->key->md)
		good = hashed_check(w, x, c);
	else
		good = EVP_DigestVerify(x->md, c->sig, c->sig_len, c->data, c->data_len) == 1;
	if (good != 1)
		ERR_clear_error();
	return good;
}

/* ---- many signatures ---- */

/* Our own arithmetic on what waits; libcrypto on what it does not find good. */
static void flush(struct sig_worker *w, struct queue *q)
{
	if (q->waiting == 0)
		return;
	if (q == &w->p256)
		sig_ecdsa(w->room, q->items, q->waiting);
	else
		sig_ed25519(q->items, q->waiting);
	for (unsigned i = 0; i < q->waiting; i++) {
		enum sig_verdict said = q->items[i].verdict;

		if (said == SIG_GOOD) {
			q->of[i]->good = 1;
			w->count.fast++;
			continue;
		}
		w->count.again++;
		q->of[i]->good = evp_check(w, q->of[i]);
		w->count.odd += odd(said == SIG_REFUSED && q->of[i]->good == 1);
	}
	q->waiting = 0;
}

/* RFC 8032, 5.1.7, 2: SHA-512 of R | A | the octets. */
static bool ed25519_hash(struct sig_worker *w, const struct sig_check *c, u8 to[HASH_MAX])
{
	return EVP_DigestInit_ex2(w->hash, w->sha512, NULL) == 1 &&
	       EVP_DigestUpdate(w->hash, c->sig, 32) == 1 &&
	       EVP_DigestUpdate(w->hash, c->key->point, 32) == 1 &&
	       EVP_DigestUpdate(w->hash, c->data, c->data_len) == 1 &&
	       EVP_DigestFinal_ex(w->hash, to, NULL) == 1;
}

static void wait_for(struct sig_worker *w, struct queue *q, struct sig_check *c)
{
	struct sig_item *item = &q->items[q->waiting];
	bool p256 = q == &w->p256;
	unsigned len;

	if (!(p256 ? hash_of(w, c, item->hash, &len) : ed25519_hash(w, c, item->hash))) {
		c->good = -ENOMEM;
		return;
	}
	item->table = p256 ? (const void *)c->key->table : (const void *)c->key->ed_table;
	item->rs = c->sig;
	q->of[q->waiting++] = c;
	if (q->waiting == SIG_BATCH)
		flush(w, q);
}

void sig_check(struct sig_worker *w, struct sig_check *c, unsigned n)
{
	w->count.checks += n;
	for (unsigned i = 0; i < n; i++)
		if (c[i].key->table && c[i].sig_len == 64)
			wait_for(w, &w->p256, &c[i]);
		else if (c[i].key->ed_table && c[i].sig_len == 64)
			wait_for(w, &w->ed25519, &c[i]);
		else
			c[i].good = evp_check(w, &c[i]);
	flush(w, &w->p256);
	flush(w, &w->ed25519);
}

int sig_mark(struct sig_worker *w, const struct sig_check *c, u8 to[SIG_MARK])
{
	u8 hash[32], len[4] = { (u8)(c->data_len >> 24), (u8)(c->data_len >> 16),
				(u8)(c->data_len >> 8), (u8)c->data_len };

	if (EVP_DigestInit_ex2(w->hash, w->sha256, NULL) != 1 ||
	    EVP_DigestUpdate(w->hash, c->key->id, sizeof c->key->id) != 1 ||
	    EVP_DigestUpdate(w->hash, len, sizeof len) != 1 ||
	    EVP_DigestUpdate(w->hash, c->data, c->data_len) != 1 ||
	    EVP_DigestUpdate(w->hash, c->sig, c->sig_len) != 1 ||
	    EVP_DigestFinal_ex(w->hash, hash, NULL) != 1)
		return -ENOMEM;
	memcpy(to, hash, SIG_MARK);
	return 0;
}

/* ---- workers ---- */

int sig_worker_make(struct sig_worker **ret)
{
	struct sig_worker *w = calloc(1, sizeof *w);

	if (w == NULL || (w->hash = EVP_MD_CTX_new()) == NULL ||
	    (w->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL)) == NULL ||
	    (w->sha512 = EVP_MD_fetch(NULL, "SHA512", NULL)) == NULL ||
	    (w->room = sig_room_make()) == NULL) {
		sig_worker_free(w);
		return -ENOMEM;
	}
	*ret = w;
	return 0;
}

struct sig_worker *sig_worker_free(struct sig_worker *w)
{
	if (w == NULL)
		return NULL;
	for (unsigned i = 0; i < CONTEXTS; i++)
		context_free(&w->contexts[i]);
	EVP_MD_CTX_free(w->hash);
	EVP_MD_free(w->sha256);
	EVP_MD_free(w->sha512);
	sig_room_free(w->room);
	free(w);
	return NULL;
}

const struct sig_count *sig_worker_count(const struct sig_worker *w)
{
	return &w->count;
}

/* ---- before the process is locked up ---- */

/* Any key of an algorithm that opens, into `rdata`: its length, or 0. */
static u32 some_key(u8 rdata[256], u8 algorithm)
{
	int nid = algorithm == SIG_ECDSA_P256 ? NID_X9_62_prime256v1 : NID_secp384r1;
	EC_GROUP *group;
	size_t n;

	memset(rdata, 0x11, 256);
	rdata[2] = 3;
	rdata[3] = algorithm;
	if (algorithm == SIG_ED25519 || algorithm == SIG_ED448)
		return SIG_KEY_AT + (algorithm == SIG_ED25519 ? 32 : 57);
	if (algorithm != SIG_ECDSA_P256 && algorithm != SIG_ECDSA_P384) {
		rdata[SIG_KEY_AT] = 1;	/* octets of the exponent */
		return 256;
	}
	if ((group = EC_GROUP_new_by_curve_name(nid)) == NULL)
		return 0;
	n = EC_POINT_point2oct(group, EC_GROUP_get0_generator(group),
			       POINT_CONVERSION_UNCOMPRESSED, rdata + SIG_KEY_AT - 1,
			       256 - SIG_KEY_AT, NULL);
	rdata[3] = algorithm;	/* where the form of the point stood */
	EC_GROUP_free(group);
	return n ? SIG_KEY_AT - 1 + (u32)n : 0;
}

/* A signature that is in range and wrong goes all the way. */
static int try_out(struct sig_worker *w, u8 algorithm)
{
	u8 rdata[256], sig[256];
	struct sig_check c = { .data = rdata, .data_len = 4, .sig = sig };
	struct sig_key *k;
	u32 len = some_key(rdata, algorithm);
	int rc = len ? sig_key_open(&k, rdata, len, 1) : -ENOMEM;

	if (rc)
		return rc;
	memset(sig, 1, sizeof sig);
	c.key = k;
	c.sig_len = len - SIG_KEY_AT;
	if (is_rsa(k))
		c.sig_len = (k->shape.bits + 7) / 8;
	else if (k->md == NULL)
		c.sig_len *= 2;
	sig_check(w, &c, 1);
	sig_key_free(k);
	return c.good < 0 ? c.good : 0;
}

int sig_prepare(void)
{
	static const u8 each[] = { SIG_RSASHA1, SIG_RSASHA256, SIG_RSASHA512, SIG_ECDSA_P256,
				   SIG_ECDSA_P384, SIG_ED25519, SIG_ED448 };
	struct sig_worker *w;
	int rc = sig_worker_make(&w);

	if (rc)
		return rc;
	for (unsigned i = 0; i < COUNT(each) && rc == 0; i++)
		rc = try_out(w, each[i]);
	sig_worker_free(w);
	return rc;
}
