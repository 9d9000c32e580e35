/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_p256.h - arithmetic modulo the prime p and the order n of the curve P-256.
 *
 * Numbers of 256 bits, least word first, always below their modulus. Products are
 * Montgomery's: times(a, b) is a * b / 2^256, so factors are kept as a * 2^256 ("in
 * Montgomery form"), and a product with a plain number is plain.
 *
 * A product is worked out whole (eight words), then made divisible by 2^64 four times by
 * adding a multiple of the modulus, which leaves (a*b + q*m) / 2^256 < (m^2 + 2^256*m) /
 * 2^256 < 2m: one subtraction at most. No word is ever assumed to be small; carries are
 * counted where they arise. sig_ecdsa_test.c holds each function against libcrypto's on
 * numbers of zeros, ones and everything near a modulus, where carries go wrong.
 *
 * Time depends on the numbers: for what is public only. Cost: 13 ns a product here, 5 us
 * an inversion. Inline, so that the compiler sees the moduli. For sig_ecdsa.c alone. */
#pragma once
#include "base/rd.h"
#ifdef __x86_64__
#include <x86intrin.h>
#endif

typedef unsigned __int128 u128;

struct num {
	u64 w[4];
};

/* p = 2^256 - 2^224 + 2^192 + 2^96 - 1, n = the order of G (FIPS 186-4, D.1.2.3) */
static const struct num prime = { { 0xffffffffffffffff, 0xffffffff, 0, 0xffffffff00000001 } };
static const struct num order = { { 0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff,
				0xffffffff00000000 } };
#define N_INVERSE 0xccd1c8aaee00bc4full	/* -1/n mod 2^64 */

/* 2^256 and 2^512, modulo p and n */
static const struct num one_p = { { 1, 0xffffffff00000000, 0xffffffffffffffff, 0xfffffffe } };
static const struct num square_p = { { 3, 0xfffffffbffffffff, 0xfffffffffffffffe,
				       0x4fffffffd } };
static const struct num square_n = { { 0x83244c95be79eea2, 0x4699799c49bd6fa6,
				       0x2845b2392b6bec59, 0x66e12d94f3d95620 } };
static const struct num generator[2] = {
	{ { 0xf4a13945d898c296, 0x77037d812deb33a0, 0xf8bce6e563a440f2, 0x6b17d1f2e12c4247 } },
	{ { 0xcbb6406837bf51f5, 0x2bce33576b315ece, 0x8ee7eb4a7c0f9e16, 0x4fe342e2fe1a7f9b } },
};

/* a + b + *carry, a - b - *carry; the carry is 0 or 1. Compilers do not all see through
 * the plain form; with theirs it takes a third less time. */
#ifdef __x86_64__
static inline u64 add_carry(u64 a, u64 b, u8 *carry)
{
	unsigned long long sum;

	*carry = _addcarry_u64(*carry, a, b, &sum);
	return sum;
}

static inline u64 take_borrow(u64 a, u64 b, u8 *borrow)
{
	unsigned long long rest;

	*borrow = _subborrow_u64(*borrow, a, b, &rest);
	return rest;
}
#else
static inline u64 add_carry(u64 a, u64 b, u8 *carry)
{
	u128 sum = (u128)a + b + *carry;

	*carry = (u8)(sum >> 64);
	return (u64)sum;
}

static inline u64 take_borrow(u64 a, u64 b, u8 *borrow)
{
	u128 rest = (u128)a - b - *borrow;

	*borrow = rest >> 64 != 0;
	return (u64)rest;
}
#endif

/* The number `high` * 2^256 + t, which is below 2m, modulo m. */
static inline struct num reduced(const u64 t[4], u8 high, const struct num *m)
{
	struct num r;
	u8 borrow = 0;
	u64 keep;

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		r.w[i] = take_borrow(t[i], m->w[i], &borrow);
	keep = -(u64)(high < borrow);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		r.w[i] = (t[i] & keep) | (r.w[i] & ~keep);
	return r;
}

static inline struct num subtract(const struct num *a, const struct num *b)
{
	struct num r;
	u8 borrow = 0, carry = 0;
	u64 mask;

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		r.w[i] = take_borrow(a->w[i], b->w[i], &borrow);
	mask = -(u64)borrow;
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		r.w[i] = add_carry(r.w[i], prime.w[i] & mask, &carry);
	return r;
}

static inline struct num add(const struct num *a, const struct num *b)
{
	u64 t[4];
	u8 carry = 0;

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		t[i] = add_carry(a->w[i], b->w[i], &carry);
	return reduced(t, carry, &prime);
}

/* a * b, eight words. */
static inline void product(u64 t[8], const struct num *a, const struct num *b)
{
	u128 x;

	t[0] = t[1] = t[2] = t[3] = 0;
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		u64 carry = 0;

#pragma GCC unroll 4
		for (int j = 0; j < 4; j++) {
			x = (u128)a->w[j] * b->w[i] + t[i + j] + carry;
			t[i + j] = (u64)x;
			carry = (u64)(x >> 64);
		}
		t[i + 4] = carry;
	}
}

/* a * b / 2^256 modulo p. As -1/p mod 2^64 is 1, a word of t times p is what is added to
 * make it zero; p's words make that two shifts and one multiplication. */
static inline struct num times(const struct num *a, const struct num *b)
{
	u64 t[8];
	u8 high = 0;

	product(t, a, b);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		u128 x = (u128)t[i] * prime.w[3];
		u8 carry = 0;
		u64 top;

		t[i + 1] = add_carry(t[i + 1], t[i] << 32, &carry);
		t[i + 2] = add_carry(t[i + 2], t[i] >> 32, &carry);
		t[i + 3] = add_carry(t[i + 3], (u64)x, &carry);
		top = (u64)(x >> 64) + carry;	/* at most 2^64 - 2^32 + 1 */
		t[i + 4] = add_carry(t[i + 4], top, &high);
	}
	return reduced(t + 4, high, &prime);
}

/* The same modulo n. */
static inline struct num times_n(const struct num *a, const struct num *b)
{
	u64 t[8];
	u8 high = 0;

	product(t, a, b);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		u64 m = t[i] * N_INVERSE, carry = 0;

#pragma GCC unroll 4
		for (int j = 0; j < 4; j++) {
			u128 x = (u128)m * order.w[j] + t[i + j] + carry;

			t[i + j] = (u64)x;
			carry = (u64)(x >> 64);
		}
		t[i + 4] = add_carry(t[i + 4], carry, &high);
	}
	return reduced(t + 4, high, &order);
}

static inline bool is_zero(const struct num *a)
{
	return (a->w[0] | a->w[1] | a->w[2] | a->w[3]) == 0;
}

static inline bool equal(const struct num *a, const struct num *b)
{
	return ((a->w[0] ^ b->w[0]) | (a->w[1] ^ b->w[1]) | (a->w[2] ^ b->w[2]) |
		(a->w[3] ^ b->w[3])) == 0;
}

static inline bool below(const struct num *a, const struct num *b)
{
	u8 borrow = 0;

	for (int i = 0; i < 4; i++)
		take_borrow(a->w[i], b->w[i], &borrow);
	return borrow;
}

static inline struct num num_read(const u8 *from)
{
	return (struct num){ { be64(from + 24), be64(from + 16), be64(from + 8), be64(from) } };
}

typedef struct num times_fn(const struct num *a, const struct num *b);

/* 1/a = a^(m-2) (Fermat), four bits a step. a is not 0. */
static inline struct num inverse(const struct num *a, const struct num *m, times_fn *mul)
{
	struct num power[16], r;

	power[1] = *a;
	for (int i = 2; i < 16; i++)
		power[i] = mul(&power[i - 1], a);
	r = power[15];	/* both moduli begin with four ones */
	for (int i = 62; i >= 0; i--) {
		u64 word = m->w[i / 16] - (i < 16 ? 2 : 0);
		unsigned digit = word >> i % 16 * 4 & 15;

		for (int j = 0; j < 4; j++)
			r = mul(&r, &r);
		if (digit)
			r = mul(&r, &power[digit]);
	}
	return r;
}
