/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_p256_test.c - our 256-bit arithmetic against libcrypto's.
 *
 * Signatures taken by chance would hardly ever meet a carry that goes wrong: the chance is
 * one in 2^32 and less. So the numbers here are made of words of zeros, ones and single bits,
 * of the moduli's own words, and of what lies within a few of a modulus. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/base.h"
#include "draw.h"
#include "sig_bn.h"
#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

/* Below m, of words where carries are born, or within a few of m. */
static struct num odd_number(u64 *d, const struct num *m)
{
	static const u64 words[] = {
		0, 1, 2, 3, 0xffffffff, 0x100000000, 0x8000000000000000,
		0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffff00000000,
		0xffffffff00000001, 0xffffffff00000002, 0xfffffffeffffffff,
		0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xbce6faada7179e83,
	};
	struct num a, few = { { draw_below(d, 5) + 1 } };

	if (draw_below(d, 16) == 0) {
		u8 borrow = 0;

		for (int i = 0; i < 4; i++)
			a.w[i] = take_borrow(m->w[i], few.w[i], &borrow);
		return a;
	}
	do
		for (int i = 0; i < 4; i++)
			a.w[i] = draw_below(d, 4) ? words[draw_below(d, COUNT(words))]
						  : draw(d);
	while (!below(&a, m));
	return a;
}

static void is_number(const BIGNUM *want, const struct num *got, const char *what,
		      const struct num *a, const struct num *b)
{
	struct num w = num_of(want);

	if (equal(&w, got))
		return;
	for (int i = 3; i >= 0; i--)
		print_error("%016llx * %016llx\n", (unsigned long long)a->w[i],
			    (unsigned long long)b->w[i]);
	fail_msg("%s", what);
}

static void products_agree(u64 *d, const struct num *m, const BIGNUM *bm,
			   times_fn *mul, BN_CTX *ctx)
{
	struct num a = odd_number(d, m), b = odd_number(d, m), got = mul(&a, &b);
	BIGNUM *x = bn_of(&a), *y = bn_of(&b), *back = bn_of(&got);

	must(below(&got, m));
	/* got * 2^256 = a * b */
	BN_mod_mul(x, x, y, bm, ctx);
	BN_lshift(back, back, 256);
	BN_nnmod(back, back, bm, ctx);
	got = num_of(back);
	is_number(x, &got, "product", &a, &b);
	BN_free(x);
	BN_free(y);
	BN_free(back);
}

static void sums_agree(u64 *d, const BIGNUM *bp, BN_CTX *ctx)
{
	struct num a = odd_number(d, &prime), b = odd_number(d, &prime), got = add(&a, &b);
	BIGNUM *x = bn_of(&a), *y = bn_of(&b), *want = BN_new();

	BN_mod_add(want, x, y, bp, ctx);
	is_number(want, &got, "sum", &a, &b);
	BN_mod_sub(want, x, y, bp, ctx);
	got = subtract(&a, &b);
	is_number(want, &got, "difference", &a, &b);
	must(is_zero(&got) == equal(&a, &b));
	must(below(&a, &b) == (BN_cmp(x, y) < 0));
	BN_free(x);
	BN_free(y);
	BN_free(want);
}

static void inverse_holds(u64 *d, const struct num *m, const struct num *one,
			  times_fn *mul)
{
	struct num a = odd_number(d, m), i, back;

	if (is_zero(&a))
		return;
	i = inverse(&a, m, mul);
	back = mul(&i, &a);
	must(equal(&back, one));
}

static void products_and_sums(void **state)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p = bn_of(&prime), *n = bn_of(&order);
	u64 d = 256;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		products_agree(&d, &prime, p, times, ctx);
		products_agree(&d, &order, n, times_n, ctx);
		sums_agree(&d, p, ctx);
	}
	BN_free(p);
	BN_free(n);
	BN_CTX_free(ctx);
}

static void inverses(void **state)
{
	struct num one = { { 1 } }, one_n = times_n(&one, &square_n);
	u64 d = 257;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		inverse_holds(&d, &prime, &one_p, times);
		inverse_holds(&d, &order, &one_n, times_n);
	}
}

/* A hash is any 256 bits, which are below 2n. */
static void hashes(void **state)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *n = bn_of(&order);
	u64 d = 258;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct num a = { { draw(&d), draw(&d), ~0ull, i % 2 ? ~0ull : order.w[3] } };
		struct num got;
		BIGNUM *x;

		if (i % 3 == 0)
			a = (struct num){ { order.w[0] + (u64)(i % 7) - 3, order.w[1], ~0ull,
					    order.w[3] } };
		got = reduced(a.w, 0, &order);
		x = bn_of(&a);
		BN_nnmod(x, x, n, ctx);
		is_number(x, &got, "reduced", &a, &a);
		BN_free(x);
	}
	BN_free(n);
	BN_CTX_free(ctx);
}

/* The constants, which are written down. */
static void constants(void **state)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p = BN_new(), *x = BN_new(), *y = BN_new();
	struct num got;

	(void)state;
	EC_GROUP_get_curve(group, p, NULL, NULL, ctx);
	is_number(p, &prime, "p", &prime, &prime);
	is_number(EC_GROUP_get0_order(group), &order, "n", &order, &order);
	EC_POINT_get_affine_coordinates(group, EC_GROUP_get0_generator(group), x, y, ctx);
	is_number(x, &generator[0], "G", &prime, &prime);
	is_number(y, &generator[1], "G", &prime, &prime);
	got = times(&(struct num){ { 1 } }, &square_p);
	must(equal(&got, &one_p));
	assert_true(order.w[0] * N_INVERSE == ~0ull);
	BN_free(p);
	BN_free(x);
	BN_free(y);
	BN_CTX_free(ctx);
	EC_GROUP_free(group);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(constants),
		cmocka_unit_test(products_and_sums),
		cmocka_unit_test(inverses),
		cmocka_unit_test(hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
