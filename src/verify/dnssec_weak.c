/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_weak.c - RSA keys that are easy to break, found by cheap arithmetic.
 *
 *   small factor   trial division by the primes below 2^14
 *   shared factor  the greatest common divisor of two keys of the zone: keys of bad
 *                  generators share primes (Heninger et al., USENIX Security 2012)
 *   ROCA           the modulus lies in the group of 65537 modulo each of the first primes
 *                  (CVE-2017-15361; Nemec et al., CCS 2017)
 *   close primes   Fermat's method finds them in a few steps (CVE-2022-26320)
 *   exponent       1 signs nothing, even is no exponent, 3 needs perfect padding checks,
 *                  and a huge one costs every validator
 *
 * Cost: some milliseconds a key; greatest common divisors for the first RSA_KEYS of them.
 * Moduli above SIG_RSA_BITS_MAX are not touched. */
#include "base/rd.h"
#include "verify/dnssec.h"
#include <openssl/bn.h>

#define RSA_KEYS 16u
#define PRIME_MAX 16384u
#define ROCA_PRIME_MAX 167u	/* the 38 odd primes up to here tell ROCA from chance: 2^-28 */
#define FERMAT_STEPS 100
#define EXPONENT_BITS_HIGH 32u	/* F4 has 17; above it every check costs more */

struct rsa {
	const struct dnssec_key *key;
	BIGNUM *n;
	const u8 *e;
	u32 e_len;
	bool zeros;	/* before the exponent or the modulus (RFC 3110, 2) */
};

/* RFC 3110, 2. False: no RSA key, or one that is too large to be looked at. */
static bool read_rsa(const struct dnssec_key *k, struct rsa *ret)
{
	struct rd r = rd_of(k->rdata, k->len);
	u32 e_len, n_len;
	const u8 *n;

	if (k->algorithm != SIG_RSASHA1 && k->algorithm != SIG_RSASHA1_NSEC3 &&
	    k->algorithm != SIG_RSASHA256 && k->algorithm != SIG_RSASHA512)
		return false;
	rd_take(&r, 4);
	if ((e_len = rd_u8(&r)) == 0)
		e_len = rd_u16(&r);
	*ret = (struct rsa){ .key = k, .e = rd_take(&r, e_len), .e_len = e_len };
	n_len = (u32)rd_left(&r);
	n = rd_take(&r, n_len);
	ret->zeros = (n_len > 0 && n[0] == 0) || (e_len > 0 && ret->e && ret->e[0] == 0);
	while (ret->e_len > 0 && ret->e && ret->e[0] == 0) {
		ret->e++;
		ret->e_len--;
	}
	return !r.bad && n_len > 0 && n_len <= SIG_RSA_BITS_MAX / 8 + 1 &&
	       (ret->n = BN_bin2bn(n, (int)n_len, NULL));
}

static unsigned exponent_bits(const struct rsa *k)
{
	unsigned top = 0;

	if (k->e_len == 0)
		return 0;
	while (k->e[0] >> top && top < 8)
		top++;
	return (k->e_len - 1) * 8 + top;
}

static void check_exponent(struct dnssec *d, const struct rsa *k)
{
	unsigned bits = exponent_bits(k);
	bool one = k->e_len == 0 || (k->e_len == 1 && k->e[0] == 1);
	struct finding *f;

	if (bits <= EXPONENT_BITS_HIGH && !one && k->e[k->e_len - 1] & 1 && bits > 2 && !k->zeros)
		return;
	if ((f = dnssec_key_begin(d, DNSSEC_KEY_EXPONENT, k->key)) == NULL)
		return;
	finding_value(f, "exponent_bits", bits, "bits", "of the public exponent");
	if (one) {
		f->severity = SEVERITY_CRITICAL;
		audit_end(d->a, f, "The public exponent is 0 or 1: everybody can make "
			  "signatures that this key accepts.");
	} else if (!(k->e[k->e_len - 1] & 1)) {
		f->severity = SEVERITY_HIGH;
		audit_end(d->a, f, "The public exponent is even, so there is no such "
			"RSA key.");
	} else if (bits > 2 && bits <= EXPONENT_BITS_HIGH) {
		f->severity = SEVERITY_LOW;
		audit_end(d->a, f, "The exponent or the modulus is written with zeros before it: "
			  "software that compares keys takes it for another one.");
	} else if (bits <= 2) {
		audit_end(d->a, f, "The public exponent is 3: validators that check the "
			  "padding loosely accept forged signatures.");
	} else {
		audit_end(d->a, f, "The public exponent has %u bits: each check costs "
			  "validators that many multiplications, and some refuse it.",
			  bits);
	}
}

/* The smallest prime below PRIME_MAX that divides n, or 0. */
static unsigned small_factor(const BIGNUM *n)
{
	static const u8 wheel[] = { 4, 2, 4, 2, 4, 6, 2, 6 };	/* 2, 3 and 5 left out */
	unsigned i = 0;

	for (unsigned p = 2; p <= 5; p++)
		if (p != 4 && BN_mod_word(n, p) == 0)
			return p;
	for (unsigned p = 7; p < PRIME_MAX; p += wheel[i++ % 8])
		if (BN_mod_word(n, p) == 0)
			return p;
	return 0;
}

static bool is_prime(unsigned n)
{
	for (unsigned q = 2; q * q <= n; q++)
		if (n % q == 0)
			return false;
	return true;
}

static bool is_roca(const BIGNUM *n)
{
	for (unsigned p = 3; p <= ROCA_PRIME_MAX; p++) {
		unsigned power = 1, step = 65537 % p, left = (unsigned)BN_mod_word(n, p);
		bool found = false;

		if (!is_prime(p))
			continue;
		for (unsigned i = 0; i < p && !found; i++, power = power * step % p)
			found = power == left;
		if (!found)
			return false;
	}
	return true;
}

/* The largest whole root: Newton's method from above. False without memory. */
static bool root(BIGNUM *r, const BIGNUM *n, BN_CTX *ctx)
{
	BIGNUM *next = BN_CTX_get(ctx);

	if (next == NULL || !BN_set_word(r, 1) || !BN_lshift(r, r,
		BN_num_bits(n) / 2 + 1))
		return false;
	for (;;) {
		if (!BN_div(next, NULL, n, r, ctx) || !BN_add(next, next, r) ||
		    !BN_rshift1(next, next))
			return false;
		if (BN_cmp(next, r) >= 0)
			return true;
		if (!BN_copy(r, next))
			return false;
	}
}

/* n = a^2 - b^2 for an a just above the root: p and q are close. */
static bool is_close(const BIGNUM *n, BN_CTX *ctx)
{
	BIGNUM *a = BN_CTX_get(ctx), *b = BN_CTX_get(ctx), *c = BN_CTX_get(ctx);

	if (c == NULL || !root(a, n, ctx))
		return false;
	for (int i = 0; i < FERMAT_STEPS; i++) {
		if (!BN_sqr(b, a, ctx) || !BN_sub(b, b, n))
			return false;
		if (!BN_is_negative(b) && root(c, b, ctx) && BN_sqr(c, c, ctx) &&
			BN_cmp(c, b) == 0)
			return true;
		if (!BN_add_word(a, 1))
			return false;
	}
	return false;
}

static void say_weak(struct dnssec *d, const struct rsa *k, const char *why)
{
	struct finding *f = dnssec_key_begin(d, DNSSEC_KEY_WEAK, k->key);

	if (f)
		audit_end(d->a, f, "The private key of this RSA key can be computed: "
		"%s.", why);
}

static void check_modulus(struct dnssec *d, const struct rsa *k, BN_CTX *ctx)
{
	unsigned p = small_factor(k->n);
	char why[80];

	if (p) {
		snprintf(why, sizeof why, N_("%u divides its modulus"), p);
		say_weak(d, k, why);
		return;
	}
	BN_CTX_start(ctx);
	if (is_roca(k->n))
		say_weak(d, k, N_("it was made by a chip with the ROCA flaw "
		"(CVE-2017-15361)"));
	else if (is_close(k->n, ctx))
		say_weak(d, k, N_("its two primes are next to each other "
			"(CVE-2022-26320)"));
	BN_CTX_end(ctx);
}

static void check_shared(struct dnssec *d, const struct rsa *a, const struct rsa *b,
	BN_CTX *ctx)
{
	struct finding *f;
	BIGNUM *g;

	BN_CTX_start(ctx);
	g = BN_CTX_get(ctx);
	if (g && BN_gcd(g, a->n, b->n, ctx) && !BN_is_one(g) && !BN_is_zero(g) &&
	    (f = dnssec_key_begin(d, DNSSEC_KEY_SHARED, b->key))) {
		if (BN_cmp(a->n, b->n) == 0)
			audit_end(d->a, f, "The key with the tag %u has the same "
				  "modulus: who has one of the private keys has both.",
				  a->key->tag);
		else
			audit_end(d->a, f, "The modulus has a factor in common with "
				  "that of the key with the tag %u: both private keys "
				  "can be computed.", a->key->tag);
	}
	BN_CTX_end(ctx);
}

int dnssec_weak(struct dnssec *d)
{
	struct rsa keys[RSA_KEYS];
	BN_CTX *ctx = BN_CTX_new();
	unsigned n = 0;

	if (ctx == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < d->key_count && n < RSA_KEYS; i++) {
		if (!read_rsa(&d->keys[i], &keys[n]))
			continue;
		check_exponent(d, &keys[n]);
		check_modulus(d, &keys[n], ctx);
		n++;
	}
	for (unsigned i = 1; i < n; i++)
		for (unsigned j = 0; j < i; j++)
			check_shared(d, &keys[j], &keys[i], ctx);
	while (n > 0)
		BN_free(keys[--n].n);
	BN_CTX_free(ctx);
	return 0;
}
