/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_ecdsa_test.c - our own P-256 against libcrypto's: the same verdict on everything.
 *
 *   agreement   good signatures and 24 ways to spoil one, in batches of mixed keys, widths
 *               and sizes; VEDETTE_SIGNATURES says how many (40,000 when it is not set)
 *   corners     made so that a special case is met: hash 0 and near n, u1*G == u2*Q,
 *               u1*G == -u2*Q, x between n and p, keys that are small multiples of G
 *
 * The numbers below it all: sig_p256_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/base.h"
#include "base/num.h"
#include "dns/sig_own.h"
#include "draw.h"
#include "sig_make.h"
#include "sig_bn.h"
#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <string.h>

static void draw_bytes(u64 *d, u8 *to, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		to[i] = (u8)draw(d);
}

/* ---- libcrypto's numbers ---- */

struct lib {
	BN_CTX *ctx;
	EC_GROUP *group;
	BIGNUM *p, *n;
} lib;

static int open_lib(void **state)
{
	(void)state;
	lib.ctx = BN_CTX_new();
	lib.group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	lib.p = BN_new();
	lib.n = BN_dup(EC_GROUP_get0_order(lib.group));
	EC_GROUP_get_curve(lib.group, lib.p, NULL, NULL, lib.ctx);
	return 0;
}

static int close_lib(void **state)
{
	(void)state;
	BN_free(lib.p);
	BN_free(lib.n);
	EC_GROUP_free(lib.group);
	BN_CTX_free(lib.ctx);
	return 0;
}

/* ---- signatures ---- */

struct key {
	u8 rdata[68];
	EVP_PKEY *pkey;		/* public half, as sig_key_open() made it */
	struct sig_key *own;
	struct sig_table *table;
};

static void key_open(struct key *k, const u8 *xy, unsigned width)
{
	memcpy(k->rdata, (u8[]){ 1, 0, 3, 13 }, 4);
	memcpy(k->rdata + 4, xy, 64);
	must(sig_key_open(&k->own, k->rdata, 68, 0) == 0);
	k->pkey = k->own->pkey;
	must(sig_table_make(&k->table, xy, width) == 0);
}

static void key_close(struct key *k)
{
	sig_key_free(k->own);
	sig_table_free(k->table);
}

/* libcrypto's word, with its own way to DER. */
static bool lib_good(const struct key *k, const u8 *rs, const u8 *hash)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	u8 *der = NULL;
	int len, rc;

	ECDSA_SIG_set0(sig, BN_bin2bn(rs, 32, NULL), BN_bin2bn(rs + 32, 32, NULL));
	len = i2d_ECDSA_SIG(sig, &der);
	must(len > 0 && EVP_PKEY_verify_init(ctx) == 1);
	rc = EVP_PKEY_verify(ctx, der, (size_t)len, hash, 32);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	EVP_PKEY_CTX_free(ctx);
	return rc == 1;
}

static void sign_hash(const struct signer *s, const u8 *hash, u8 *rs)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(s->pkey, NULL);
	u8 der[80];
	const u8 *at = der;
	size_t n = sizeof der;
	ECDSA_SIG *sig;

	must(EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_sign(ctx, der, &n, hash, 32) == 1);
	sig = d2i_ECDSA_SIG(NULL, &at, (long)n);
	BN_bn2binpad(ECDSA_SIG_get0_r(sig), rs, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(sig), rs + 32, 32);
	ECDSA_SIG_free(sig);
	EVP_PKEY_CTX_free(ctx);
}

/* half = m - half; half + m where that fits */
static void minus(u8 *half, const struct num *m)
{
	struct num a = num_read(half);
	u8 borrow = 0;

	for (int i = 0; i < 4; i++)
		a.w[i] = take_borrow(m->w[i], a.w[i], &borrow);
	octets_of(&a, half);
}

static void plus(u8 *half, const struct num *m)
{
	struct num a = num_read(half);
	u8 carry = 0;

	for (int i = 0; i < 4; i++)
		a.w[i] = add_carry(a.w[i], m->w[i], &carry);
	octets_of(&a, half);
}

enum { WAYS = 26 };

/* Way 0 and 1 leave it good. */
static void spoil(u64 *d, unsigned way, u8 *rs, u8 *hash)
{
	static const struct num one = { { 1 } };
	u8 *half = rs + (draw(d) & 32), swap[32];

	switch (way) {
	case 0: break;
	case 1: minus(rs + 32, &order); break;	/* n - s: the point's negative */
	case 2: minus(rs, &order); break;
	case 3: minus(half, &prime); break;
	case 4: memset(half, 0, 32); break;
	case 5: memset(rs, 0, 64); break;
	case 6: octets_of(&order, half); break;
	case 7: octets_of(&prime, half); break;
	case 8: memset(half, 0xff, 32); break;
	case 9: memset(rs, 0xff, 64); break;
	case 10: plus(half, &order); break;	/* the same modulo n, mostly past 2^256 */
	case 11: plus(half, &one); break;
	case 12: octets_of(&one, half); break;
	case 13: octets_of(&order, half); minus(half, &order); plus(half, &one); break;
	case 14: octets_of(&one, half); minus(half, &order); break;	/* n - 1 */
	case 15:
		memcpy(swap, rs, 32);
		memcpy(rs, rs + 32, 32);
		memcpy(rs + 32, swap, 32);
		break;
	case 16: rs[draw_below(d, 64)] ^= (u8)(1u << draw_below(d, 8)); break;
	case 17: hash[draw_below(d, 32)] ^= (u8)(1u << draw_below(d, 8)); break;
	case 18: memset(hash, 0, 32); break;
	case 19: memset(hash, 0xff, 32); break;
	case 20: octets_of(&order, hash); break;
	case 21: draw_bytes(d, half, 32); break;
	case 22: draw_bytes(d, rs, 64); break;
	case 23: memcpy(rs, rs + 32, 32); break;
	case 24: memset(half, 0, draw_below(d, 32)); break;
	case 25: minus(hash, &order); break;
	}
}

struct tally { u64 good, refused, open; };

/* One batch: the verdicts are libcrypto's, or left open. */
static void compare(struct sig_room *r, struct sig_item *items, const struct key *const *keys,
		    unsigned count, struct tally *t)
{
	sig_ecdsa(r, items, count);
	for (unsigned i = 0; i < count; i++) {
		bool good = lib_good(keys[i], items[i].rs, items[i].hash);

		t->good += items[i].verdict == SIG_GOOD;
		t->refused += items[i].verdict == SIG_REFUSED;
		t->open += items[i].verdict == SIG_OPEN;
		if (items[i].verdict != SIG_OPEN)
			assert_int_equal(items[i].verdict == SIG_GOOD, good);
	}
}

static u64 signatures_wanted(void)
{
	const char *text = getenv("VEDETTE_SIGNATURES");
	u64 wanted = 40000;

	must(text == NULL || num_u64(text, 1, UINT64_MAX, &wanted) == 0);
	return wanted;
}

static void agreement(void **state)
{
	enum { KEYS = 5 };
	u64 d = 13;
	struct sig_room *r = sig_room_make();
	struct signer s[KEYS];
	struct key k[KEYS];
	struct tally t = { 0 };
	u64 wanted = signatures_wanted(), done = 0, whole = 0;
	u8 hash[KEYS][32], rs[KEYS][64], all[SIG_BATCH][64];
	struct sig_item items[SIG_BATCH];
	const struct key *of[SIG_BATCH];

	(void)state;
	for (unsigned i = 0; i < KEYS; i++) {
		signer_make(&s[i], SIG_ECDSA_P256, 0);
		key_open(&k[i], s[i].rdata + 4, SIG_WIDTH_MIN + i);
	}
	while (done < wanted) {
		unsigned count = 1 + (unsigned)draw_below(&d, SIG_BATCH);

		for (unsigned i = 0; i < KEYS; i++) {
			draw_bytes(&d, hash[i], 32);
			sign_hash(&s[i], hash[i], rs[i]);
		}
		for (unsigned i = 0; i < count; i++) {
			unsigned who = (unsigned)draw_below(&d, KEYS);
			unsigned way = (unsigned)draw_below(&d, draw(&d) % 2 ? 2 : WAYS);
			unsigned key = draw(&d) % 32 ? who : (unsigned)draw_below(&d, KEYS);

			memcpy(all[i], rs[who], 64);
			items[i] = (struct sig_item){ k[key].table, all[i], { 0 }, 77 };
			memcpy(items[i].hash, hash[who], 32);
			spoil(&d, way, all[i], items[i].hash);
			of[i] = &k[key];
			whole += way < 2 && key == who;
		}
		compare(r, items, of, count, &t);
		done += count;
	}
	assert_true(t.good >= whole);
	assert_int_equal(t.open, 0);	/* one in 2^240 by chance */
	print_message("%llu signatures: %llu good, %llu refused\n", (unsigned long long)done,
		      (unsigned long long)t.good, (unsigned long long)t.refused);
	for (unsigned i = 0; i < KEYS; i++) {
		key_close(&k[i]);
		signer_end(&s[i]);
	}
	sig_room_free(r);
}

/* ---- corners ---- */

/* factor * G, or factor * G + other, as x | y; false: infinity. */
static bool multiple(const BIGNUM *factor, u8 *xy)
{
	EC_POINT *at = EC_POINT_new(lib.group);
	u8 form[65];
	bool finite;

	must(EC_POINT_mul(lib.group, at, factor, NULL, NULL, lib.ctx) == 1);
	finite = EC_POINT_point2oct(lib.group, at, POINT_CONVERSION_UNCOMPRESSED, form, 65,
				    lib.ctx) == 65;
	memcpy(xy, form + 1, 64);
	EC_POINT_free(at);
	return finite;
}

static BIGNUM *bn(const u8 *octets) { return BN_bin2bn(octets, 32, NULL); }

/* The signature with nonce k over hash e by the key d, worked out by hand: s = (e + rd)/k.
 * When `e` is NULL the hash is chosen so that u1*G == sign * u2*Q, that is e = sign*r*d. */
static void by_hand(const BIGNUM *d, const BIGNUM *k, const BIGNUM *e, int sign, u8 *rs,
		    u8 *hash)
{
	u8 xy[64];
	BIGNUM *r, *s = BN_new(), *h = e ? BN_dup(e) : BN_new();

	must(multiple(k, xy));
	r = bn(xy);
	BN_nnmod(r, r, lib.n, lib.ctx);
	BN_mod_mul(s, r, d, lib.n, lib.ctx);
	if (e == NULL) {
		BN_copy(h, s);
		if (sign < 0)
			BN_sub(h, lib.n, h);
	}
	BN_bn2binpad(h, hash, 32);
	BN_mod_add(s, s, h, lib.n, lib.ctx);
	if (sign > 0) {
		BN_mod_inverse(h, k, lib.n, lib.ctx);
		BN_mod_mul(s, s, h, lib.n, lib.ctx);
	} else {
		BN_copy(s, k);	/* any: the sum is infinity whatever it is */
	}
	BN_bn2binpad(r, rs, 32);
	BN_bn2binpad(s, rs + 32, 32);
	BN_free(r);
	BN_free(s);
	BN_free(h);
}

static enum sig_verdict verdict(struct sig_room *r, const struct key *k, const u8 *rs,
				const u8 *hash, bool *good)
{
	struct sig_item item = { .table = k->table, .rs = rs };

	memcpy(item.hash, hash, 32);
	sig_ecdsa(r, &item, 1);
	*good = lib_good(k, rs, hash);
	return item.verdict;
}

/* Keys d*G for small d and for n - d, where table points of G and Q are the same points or
 * each other's negatives, so that sums meet. */
static void small_keys(void **state)
{
	u64 rnd = 7;
	struct sig_room *r = sig_room_make();
	u64 open = 0, good_ones = 0;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		BIGNUM *d = BN_new(), *k = BN_new(), *e = BN_new();
		struct key key;
		u8 xy[64], rs[64], hash[32], octets[32];
		bool good;

		BN_set_word(d, i < 30 ? i / 2 + 1 : 0);
		if (i >= 30)
			BN_set_bit(d, (int)(i - 30) * 8);
		if (i % 2)
			BN_sub(d, lib.n, d);
		must(multiple(d, xy));
		key_open(&key, xy, SIG_WIDTH_MIN + i % 5);
		for (unsigned j = 0; j < 30; j++) {
			enum sig_verdict v;

			draw_bytes(&rnd, octets, 32);
			BN_bin2bn(octets, 32, k);
			BN_nnmod(k, k, lib.n, lib.ctx);
			if (j % 6 == 5)
				BN_set_word(k, j + 1);
			BN_set_word(e, j / 3);
			by_hand(d, k, j % 3 == 2 ? e : NULL, j % 3 ? 1 : -1, rs, hash);
			v = verdict(r, &key, rs, hash, &good);
			assert_int_equal(good, j % 3 != 0);
			assert_true(v == SIG_OPEN || (v == SIG_GOOD) == good);
			open += v == SIG_OPEN;
			good_ones += v == SIG_GOOD;
		}
		key_close(&key);
		BN_free(d);
		BN_free(k);
		BN_free(e);
	}
	assert_true(open > 30);		/* the corner was met, */
	assert_true(good_ones > 500);	/* and it is one */
	sig_room_free(r);
}

/* A key for which (r, s) over `hash` gives the point with this x: Q = (s*R - e*G) / r. */
static bool key_for(const BIGNUM *x, const u8 *rs, const u8 *hash, u8 *xy)
{
	EC_POINT *at = EC_POINT_new(lib.group), *g = EC_POINT_new(lib.group);
	BIGNUM *r = bn(rs), *s = bn(rs + 32), *e = bn(hash);
	u8 form[65];
	bool is = EC_POINT_set_compressed_coordinates(lib.group, at, x, 0, lib.ctx) == 1;

	if (is) {
		BN_mod_inverse(r, r, lib.n, lib.ctx);
		BN_mod_mul(s, s, r, lib.n, lib.ctx);
		BN_mod_mul(e, e, r, lib.n, lib.ctx);
		BN_sub(e, lib.n, e);
		must(EC_POINT_mul(lib.group, g, e, at, s, lib.ctx) == 1);
		must(EC_POINT_point2oct(lib.group, g, POINT_CONVERSION_UNCOMPRESSED, form, 65,
					lib.ctx) == 65);
		memcpy(xy, form + 1, 64);
	}
	BN_free(r);
	BN_free(s);
	BN_free(e);
	EC_POINT_free(at);
	EC_POINT_free(g);
	return is;
}

/* x of the sum between n and p: r = x - n is right, and so is no other r. */
static void x_past_the_order(void **state)
{
	u64 rnd = 9;
	struct sig_room *r = sig_room_make();
	unsigned met = 0;

	(void)state;
	for (unsigned i = 1; met < 20; i++) {
		BIGNUM *x = BN_dup(lib.n), *less = BN_new();
		struct key key;
		u8 rs[64] = { 0 }, hash[32], xy[64];
		bool good;

		/* half of them just above n, half just below p */
		if (i % 2)
			BN_add_word(x, i);
		else
			must(BN_copy(x, lib.p) && BN_sub_word(x, i));
		BN_sub(less, x, lib.n);
		BN_bn2binpad(less, rs, 32);
		draw_bytes(&rnd, rs + 33, 31);
		draw_bytes(&rnd, hash + 1, 31);
		hash[0] = 0;
		if (key_for(x, rs, hash, xy)) {
			met++;
			key_open(&key, xy, SIG_WIDTH_MIN + met % 5);
			assert_int_equal(verdict(r, &key, rs, hash, &good), SIG_GOOD);
			assert_true(good);
			BN_bn2binpad(x, rs, 32);	/* x itself is out of range */
			assert_int_equal(verdict(r, &key, rs, hash, &good), SIG_REFUSED);
			assert_false(good);
			key_close(&key);
		}
		BN_free(x);
		BN_free(less);
	}
	sig_room_free(r);
}

/* r + n is p or more: it must not be taken modulo p. x = r + n - p is what a careless
 * comparison would take r for. */
static void x_past_the_prime(void **state)
{
	u64 rnd = 11;
	struct sig_room *r = sig_room_make();
	BIGNUM *gap = BN_new();
	unsigned met = 0;

	(void)state;
	BN_sub(gap, lib.p, lib.n);
	for (unsigned i = 0; met < 20; i++) {
		BIGNUM *x = BN_new(), *more = BN_new();
		struct key key;
		u8 rs[64] = { 0 }, hash[32] = { 1 }, xy[64];
		bool good;

		BN_set_word(x, i);
		BN_add(more, x, gap);	/* r = x + p - n */
		BN_bn2binpad(more, rs, 32);
		draw_bytes(&rnd, rs + 33, 31);
		if (key_for(x, rs, hash, xy)) {
			met++;
			key_open(&key, xy, SIG_WIDTH_MIN);
			assert_int_equal(verdict(r, &key, rs, hash, &good), SIG_REFUSED);
			assert_false(good);
			key_close(&key);
		}
		BN_free(x);
		BN_free(more);
	}
	BN_free(gap);
	sig_room_free(r);
}

/* A bad signature in the batch does not touch its neighbours. */
static void neighbours(void **state)
{
	u64 rnd = 5;
	struct sig_room *r = sig_room_make();
	struct signer s;
	struct key mine, g;
	struct sig_item items[SIG_BATCH];
	u8 rs[SIG_BATCH][64], xy[64];
	BIGNUM *one = BN_new(), *k = BN_new();

	(void)state;
	BN_one(one);
	must(multiple(one, xy));
	signer_make(&s, SIG_ECDSA_P256, 0);
	key_open(&mine, s.rdata + 4, SIG_WIDTH_MAX);
	key_open(&g, xy, SIG_WIDTH_MIN);
	for (unsigned i = 0; i < SIG_BATCH; i++) {
		items[i] = (struct sig_item){ i % 3 ? mine.table : g.table, rs[i], { 0 }, 77 };
		draw_bytes(&rnd, items[i].hash, 32);
		BN_set_word(k, i + 2);
		if (i % 3 == 0)	/* meets its own points, or its negatives */
			by_hand(one, k, NULL, i % 2 ? 1 : -1, rs[i], items[i].hash);
		else
			sign_hash(&s, items[i].hash, rs[i]);
		if (i % 9 == 1)
			memset(rs[i], 0, 64);
	}
	sig_ecdsa(r, items, SIG_BATCH);
	for (unsigned i = 0; i < SIG_BATCH; i++)
		assert_int_equal(items[i].verdict, i % 3 == 0 ? SIG_OPEN :
				 i % 9 == 1 ? SIG_REFUSED : SIG_GOOD);
	key_close(&mine);
	key_close(&g);
	signer_end(&s);
	BN_free(one);
	BN_free(k);
	sig_room_free(r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(agreement),
		cmocka_unit_test(small_keys),
		cmocka_unit_test(x_past_the_order),
		cmocka_unit_test(x_past_the_prime),
		cmocka_unit_test(neighbours),
	};

	return cmocka_run_group_tests(tests, open_lib, close_lib);
}
