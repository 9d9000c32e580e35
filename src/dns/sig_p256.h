/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_p256.h - arithmetic modulo the prime p and the order n of the curve P-256.
 *
 * Numbers are always below their modulus, and in Montgomery form (sig_num.h) where they are
 * multiplied. Cost: 13 ns a product here, 5 us an inversion. For sig_ecdsa.c alone. */
#pragma once
#include "dns/sig_num.h"

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
	return montgomery(a, b, &order, N_INVERSE);
}
