/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_ed25519_test.c - our own Ed25519 against libcrypto's: the same verdict on everything.
 *
 *   numbers     each function of sig_f25519.h on words of zeros, ones and single bits, and on
 *               what lies near the modulus
 *   agreement   good signatures and ways to spoil one; VEDETTE_SIGNATURES says how many
 *               (20,000 when it is not set)
 *   torsion     keys and signatures with a part of small order, where ways to verify
 *               differ (RFC 8032, 5.1.7, with and without the cofactor)
 *
 * A key with a table and one without are asked for each signature. What ours finds good is so
 * by libcrypto, and count.odd tells what ours refused and libcrypto did not. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/base.h"
#include "base/num.h"
#include "dns/sig_f25519.h"
#include "dns/sig_own.h"
#include "draw.h"
#include "sig_make.h"
#include <cmocka.h>
#include <openssl/bn.h>

/* ---- numbers ---- */

struct lib {
	BN_CTX *ctx;
	BIGNUM *q, *order, *d;
} lib;

static BIGNUM *bn_of(const struct num *a)
{
	u8 octets[32];

	for (int i = 0; i < 32; i++)
		octets[i] = (u8)(a->w[i / 8] >> i % 8 * 8);
	return BN_lebin2bn(octets, 32, NULL);
}

static int open_lib(void **state)
{
	(void)state;
	lib.ctx = BN_CTX_new();
	lib.q = bn_of(&q);
	lib.order = bn_of(&order_l);
	lib.d = BN_new();
	BN_set_word(lib.d, 121666);
	BN_mod_inverse(lib.d, lib.d, lib.q, lib.ctx);
	BN_mul_word(lib.d, 121665);
	BN_sub(lib.d, lib.q, lib.d);
	BN_nnmod(lib.d, lib.d, lib.q, lib.ctx);
	return 0;
}

static int close_lib(void **state)
{
	(void)state;
	BN_free(lib.q);
	BN_free(lib.order);
	BN_free(lib.d);
	BN_CTX_free(lib.ctx);
	return 0;
}

/* Any 256 bits: of words where carries are born, or within a few of 0, q, 2q, 2^256. */
static struct num odd_number(u64 *d)
{
	static const u64 words[] = {
		0, 1, 2, 18, 19, 20, 37, 38, 39, 0x7fffffffffffffff, 0x8000000000000000,
		0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffffffffffed,
		0xffffffffffffffda, 0xffffffffffffffd9,
	};
	static const struct num near[] = {
		{ { 0 } },
		{ { 0xffffffffffffffed, ~0ull, ~0ull, 0x7fffffffffffffff } },
		{ { 0xffffffffffffffda, ~0ull, ~0ull, ~0ull } },
	};
	struct num a;

	if (draw_below(d, 6) == 0) {
		a = near[draw_below(d, COUNT(near))];
		a.w[0] += draw_below(d, 16) - (a.w[1] ? 4 : 0);
		return a;
	}
	for (int i = 0; i < 4; i++)
		a.w[i] = draw_below(d, 5) ? words[draw_below(d, COUNT(words))] : draw(d);
	return a;
}

/* What ours is, modulo q, is what libcrypto worked out; frees `want`. */
static void is_number(BIGNUM *want, const struct num *ours, const char *what)
{
	struct num whole = f_whole(ours);
	BIGNUM *got = bn_of(&whole);

	BN_nnmod(want, want, lib.q, lib.ctx);
	if (BN_cmp(want, got))
		fail_msg("%s: %s, not %s", what, BN_bn2hex(got), BN_bn2hex(want));
	BN_free(want);
	BN_free(got);
}

static void functions_agree(u64 *d)
{
	struct num a = odd_number(d), b = odd_number(d), r;
	BIGNUM *x = bn_of(&a), *y = bn_of(&b), *want = BN_new();

	r = f_times(&a, &b);
	BN_mul(want, x, y, lib.ctx);
	is_number(want, &r, "product");
	r = f_add(&a, &b);
	want = BN_new();
	BN_add(want, x, y);
	is_number(want, &r, "sum");
	r = f_subtract(&a, &b);
	want = BN_new();
	BN_sub(want, x, y);
	is_number(want, &r, "difference");
	is_number(BN_dup(x), &a, "whole");
	BN_free(x);
	BN_free(y);
}

static void wide_agrees(u64 *d)
{
	struct num low = odd_number(d), high = odd_number(d), got;
	u8 octets[64];
	BIGNUM *x, *y;

	for (int i = 0; i < 32; i++) {
		octets[i] = (u8)(low.w[i / 8] >> i % 8 * 8);
		octets[i + 32] = (u8)(high.w[i / 8] >> i % 8 * 8);
	}
	got = l_wide(octets);
	x = BN_lebin2bn(octets, 64, NULL);
	y = bn_of(&got);
	BN_nnmod(x, x, lib.order, lib.ctx);
	assert_int_equal(BN_cmp(x, y), 0);
	BN_free(x);
	BN_free(y);
}

static void numbers(void **state)
{
	static const struct num one = { { 1 } };
	u64 d = 25519;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		functions_agree(&d);
		wide_agrees(&d);
	}
	for (int i = 0; i < 2000; i++) {
		struct num a = odd_number(&d), r = f_inverse(&a), whole = f_whole(&a);

		r = f_times(&r, &a);
		r = f_whole(&r);
		assert_true(is_zero(&whole) ? is_zero(&r) : equal(&r, &one));
	}
}

/* ---- signatures ---- */

struct both {
	struct sig_worker *w;
	struct sig_key *plain, *table;
};

/* libcrypto's word and ours; they are the same. */
static bool verdict(const struct both *b, const u8 *data, u32 len, const u8 *sig)
{
	struct sig_check c[2] = {
		{ b->table, data, len, sig, 64, 77 }, { b->plain, data, len, sig, 64, 77 },
	};

	sig_check(b->w, c, 2);
	assert_int_equal(c[0].good, c[1].good);
	assert_int_equal(sig_worker_count(b->w)->odd, 0);
	return c[0].good == 1;
}

static void add_order(u8 *s, unsigned times)
{
	for (; times; times--) {
		struct num a = le_read(s);
		u8 carry = 0;

		for (int i = 0; i < 4; i++)
			a.w[i] = add_carry(a.w[i], order_l.w[i], &carry);
		for (int i = 0; i < 32; i++)
			s[i] = (u8)(a.w[i / 8] >> i % 8 * 8);
	}
}

enum { WAYS = 14 };

/* Way 0 leaves it good. */
static void spoil(u64 *d, unsigned way, u8 *sig, u8 *data)
{
	u8 *half = sig + (draw(d) & 32);

	switch (way) {
	case 0: break;
	case 1: add_order(sig + 32, 1 + (unsigned)draw_below(d, 15)); break;
	case 2: sig[draw_below(d, 64)] ^= (u8)(1u << draw_below(d, 8)); break;
	case 3: data[draw_below(d, 8)] ^= (u8)(1u << draw_below(d, 8)); break;
	case 4: memset(half, 0, 32); break;
	case 5: memset(sig, 0, 64); break;
	case 6: memset(half, 0xff, 32); break;
	case 7: sig[31] ^= 0x80; break;		/* the other x */
	case 8: sig[63] |= 0xe0; break;
	case 9: memset(sig + 32, 0, 32); add_order(sig + 32, 1); break;
	case 10: memcpy(sig, sig + 32, 32); break;
	case 11: memset(sig, 0xff, 31); sig[31] = 0x7f; sig[0] = 0xee; break;	/* y = 1 + q */
	case 12: memset(sig, 0, 32); sig[0] = 1; break;		/* the neutral point */
	case 13:
		for (unsigned i = 0; i < 64; i++)
			sig[i] = (u8)draw(d);
		break;
	}
}

static void agreement(void **state)
{
	const char *text = getenv("VEDETTE_SIGNATURES");
	u64 d = 15, wanted = 20000, good = 0, whole = 0;
	struct both b;
	struct signer s;

	(void)state;
	must(text == NULL || num_u64(text, 1, UINT64_MAX, &wanted) == 0);
	must(sig_worker_make(&b.w) == 0);
	signer_make(&s, SIG_ED25519, 0);
	must(sig_key_open(&b.plain, s.rdata, s.rdlen, 1) == 0);
	must(sig_key_open(&b.table, s.rdata, s.rdlen, 1000) == 0);
	for (u64 i = 0; i < wanted; i++) {
		u8 data[8], sig[512];
		unsigned way = draw(&d) % 2 ? 0 : (unsigned)draw_below(&d, WAYS);
		bool is;

		for (unsigned j = 0; j < 8; j++)
			data[j] = (u8)draw(&d);
		must(signer_sign(&s, data, 8, sig) == 64);
		spoil(&d, way, sig, data);
		is = verdict(&b, data, 8, sig);
		assert_int_equal(is, way == 0);
		good += is;
		whole += way == 0;
	}
	assert_int_equal(sig_worker_count(b.w)->fast, whole);
	print_message("%llu signatures: %llu good\n", (unsigned long long)wanted,
		      (unsigned long long)good);
	sig_key_free(b.plain);
	sig_key_free(b.table);
	sig_worker_free(b.w);
	signer_end(&s);
}

/* ---- points, worked out by libcrypto's numbers ---- */

struct at { BIGNUM *x, *y; };

static struct at at_new(void) { return (struct at){ BN_new(), BN_new() }; }

static void at_free(struct at *a)
{
	BN_free(a->x);
	BN_free(a->y);
}

/* *to = a + b, affine (RFC 8032, 5.1.4). */
static void at_add(struct at *to, const struct at *a, const struct at *b)
{
	BIGNUM *xy = BN_new(), *yx = BN_new(), *yy = BN_new(), *xx = BN_new(), *t = BN_new();

	BN_mod_mul(xy, a->x, b->y, lib.q, lib.ctx);
	BN_mod_mul(yx, a->y, b->x, lib.q, lib.ctx);
	BN_mod_mul(yy, a->y, b->y, lib.q, lib.ctx);
	BN_mod_mul(xx, a->x, b->x, lib.q, lib.ctx);
	BN_mod_mul(t, xy, yx, lib.q, lib.ctx);
	BN_mod_mul(t, t, lib.d, lib.q, lib.ctx);
	BN_mod_add(xy, xy, yx, lib.q, lib.ctx);
	BN_mod_add(yy, yy, xx, lib.q, lib.ctx);
	BN_copy(yx, t);
	BN_add_word(yx, 1);
	BN_mod_inverse(yx, yx, lib.q, lib.ctx);
	BN_mod_mul(to->x, xy, yx, lib.q, lib.ctx);
	BN_sub(t, BN_value_one(), t);
	BN_mod_inverse(t, t, lib.q, lib.ctx);
	BN_mod_mul(to->y, yy, t, lib.q, lib.ctx);
	BN_free(xy);
	BN_free(yx);
	BN_free(yy);
	BN_free(xx);
	BN_free(t);
}

static void at_times(struct at *to, const BIGNUM *k, const struct at *p)
{
	BN_zero(to->x);
	BN_one(to->y);
	for (int i = BN_num_bits(k) - 1; i >= 0; i--) {
		at_add(to, to, to);
		if (BN_is_bit_set(k, i))
			at_add(to, to, p);
	}
}

static void at_pack(const struct at *p, u8 to[32])
{
	BN_bn2lebinpad(p->y, to, 32);
	to[31] |= (u8)(BN_is_odd(p->x) << 7);
}

static struct at at_read(const char *x, const char *y)
{
	struct at p = { NULL, NULL };

	BN_hex2bn(&p.x, x);
	BN_hex2bn(&p.y, y);
	return p;
}

static BIGNUM *hash_number(const u8 *sig, const u8 *key, const u8 *data, u32 len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	u8 hash[64];
	BIGNUM *h;

	must(EVP_DigestInit_ex(ctx, EVP_sha512(), NULL) == 1);
	EVP_DigestUpdate(ctx, sig, 32);
	EVP_DigestUpdate(ctx, key, 32);
	EVP_DigestUpdate(ctx, data, len);
	EVP_DigestFinal_ex(ctx, hash, NULL);
	EVP_MD_CTX_free(ctx);
	h = BN_lebin2bn(hash, 64, NULL);
	BN_nnmod(h, h, lib.order, lib.ctx);
	return h;
}

/* B, and a point of order 8. */
#define BASE "216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A", \
	"6666666666666666666666666666666666666666666666666666666666666658"
#define EIGHT "1FD5B9A006394A28E933993238DE4ABB5C193C7013E5E238DEA14646C545D14A", \
	"7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7"

/* The key A = a*B + T, for T of the eight points of small order, and signatures whose R has
 * such a part of its own. They are good when both parts cancel: by chance, one in eight. */
static void torsion(void **state)
{
	struct at base = at_read(BASE), eight = at_read(EIGHT), t = at_new(), p = at_new();
	BIGNUM *a = BN_new(), *k = BN_new(), *s = BN_new(), *h;
	unsigned good = 0, checks = 0;
	u64 d = 8;

	(void)state;
	for (unsigned part = 0; part < 16; part++) {
		u8 rdata[36] = { 1, 0, 3, SIG_ED25519 };
		struct both b;

		BN_set_word(k, part % 8);
		at_times(&t, k, &eight);
		BN_set_word(a, part < 8 ? draw(&d) : 0);	/* from 8 on: T alone */
		at_times(&p, a, &base);
		at_add(&p, &p, &t);
		at_pack(&p, rdata + 4);
		must(sig_worker_make(&b.w) == 0);
		must(sig_key_open(&b.plain, rdata, 36, 1) == 0);
		must(sig_key_open(&b.table, rdata, 36, 1000) == 0);
		/* x = 0 is written in two ways */
		assert_int_equal(b.table->ed_table == NULL, part == 8 || part == 12);
		for (unsigned i = 0; i < 64; i++, checks++) {
			u8 sig[64], data = (u8)i;

			BN_set_word(k, i % 8);
			at_times(&t, k, &eight);
			BN_set_word(s, draw(&d));
			at_times(&p, s, &base);
			at_add(&p, &p, &t);
			at_pack(&p, sig);
			h = hash_number(sig, rdata + 4, &data, 1);
			BN_mod_mul(h, h, a, lib.order, lib.ctx);
			BN_mod_add(s, s, h, lib.order, lib.ctx);
			BN_bn2lebinpad(s, sig + 32, 32);
			good += verdict(&b, &data, 1, sig);
			BN_free(h);
		}
		sig_key_free(b.plain);
		sig_key_free(b.table);
		sig_worker_free(b.w);
	}
	assert_in_range(good, checks / 16, checks / 4);
	at_free(&base);
	at_free(&eight);
	at_free(&t);
	at_free(&p);
	BN_free(a);
	BN_free(k);
	BN_free(s);
}

/* Keys that are no points, or are written in another way than RFC 8032 would: whatever
 * libcrypto says of them, ours says the same. */
static void strange_keys(void **state)
{
	u8 rdata[36] = { 1, 0, 3, SIG_ED25519 }, sig[64] = { 1 };
	unsigned tables = 0;

	(void)state;
	for (unsigned i = 0; i < 400; i++) {
		struct both b;

		memset(rdata + 4, i % 2 ? 0xff : 0, 32);
		rdata[4] = (u8)(i / 4);
		if (i % 4 >= 2)
			rdata[35] ^= 0x80;
		must(sig_worker_make(&b.w) == 0);
		must(sig_key_open(&b.plain, rdata, 36, 1) == 0);
		must(sig_key_open(&b.table, rdata, 36, 1000) == 0);
		tables += b.table->ed_table != NULL;
		memcpy(sig, rdata + 4, i % 3 ? 32 : 0);
		verdict(&b, rdata, 1, sig);
		sig_key_free(b.plain);
		sig_key_free(b.table);
		sig_worker_free(b.w);
	}
	assert_in_range(tables, 100, 300);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(agreement),
		cmocka_unit_test(torsion),
		cmocka_unit_test(strange_keys),
	};

	return cmocka_run_group_tests(tests, open_lib, close_lib);
}
