/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_num.h - numbers of 256 bits, and what every curve needs of them.
 *
 * Least word first. Montgomery's product of a and b is a * b / 2^256 modulo m, so factors are
 * kept as a * 2^256 ("in Montgomery form"), and a product with a plain number is plain. It is
 * worked out whole (eight words), then made divisible by 2^64 four times by adding a
 * multiple of the modulus, which leaves (a*b + k*m) / 2^256 < 2m when one factor is below m and
 * the other below 2^256: one subtraction at most.
 *
 * No word is ever assumed to be small; carries are counted where they arise. The tests hold
 * each function against libcrypto's on numbers of zeros, ones and everything near a
 * modulus, where carries go wrong.
 *
 * Time depends on the numbers: for what is public only. Inline, so that the compiler sees the
 * moduli. For sig_p256.h and sig_f25519.h. */
#pragma once
#include "base/rd.h"
#ifdef __x86_64__
#include <x86intrin.h>
#endif

typedef unsigned __int128 u128;

struct num {
	u64 w[4];
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

/* a * b / 2^256 modulo m, with -1/m mod 2^64. */
static inline struct num montgomery(const struct num *a, const struct num *b,
				    const struct num *m, u64 inverse_of_m)
{
	u64 t[8];
	u8 high = 0;

	product(t, a, b);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		u64 times_m = t[i] * inverse_of_m, carry = 0;

#pragma GCC unroll 4
		for (int j = 0; j < 4; j++) {
			u128 x = (u128)times_m * m->w[j] + t[i + j] + carry;

			t[i + j] = (u64)x;
			carry = (u64)(x >> 64);
		}
		t[i + 4] = add_carry(t[i + 4], carry, &high);
	}
	return reduced(t + 4, high, m);
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

/* a^e, four bits a step. e is not 0. */
static inline struct num raised(const struct num *a, const struct num *e, times_fn *mul)
{
	struct num power[16], r = *a;
	bool begun = false;

	power[1] = *a;
	for (int i = 2; i < 16; i++)
		power[i] = mul(&power[i - 1], a);
	for (int i = 63; i >= 0; i--) {
		unsigned digit = e->w[i / 16] >> i % 16 * 4 & 15;

		for (int j = 0; begun && j < 4; j++)
			r = mul(&r, &r);
		if (digit)
			r = begun ? mul(&r, &power[digit]) : power[digit];
		begun |= digit != 0;
	}
	return r;
}

/* 1/a = a^(m-2) (Fermat) modulo a prime above 2^64. a is not 0. */
static inline struct num inverse(const struct num *a, const struct num *m, times_fn *mul)
{
	struct num e = *m;

	e.w[0] -= 2;	/* odd, and not 1 */
	return raised(a, &e, mul);
}

/* `width` bits of u from bit `at` on. */
static inline u64 bits_at(const struct num *u, unsigned at, unsigned width)
{
	u64 v = u->w[at / 64] >> at % 64;

	if (at % 64 + width > 64 && at < 192)
		v |= u->w[at / 64 + 1] << (64 - at % 64);
	return v & ((1ull << width) - 1);
}

/* u = sum of to[i] * 2^(i * width): digits of -2^(width-1) + 1 .. 2^(width-1), but the last
 * one, which takes what is left of `bits`, carry and all: 0 .. 2^(that many). */
static inline void digits_of(i16 *to, const struct num *u, unsigned windows, unsigned width)
{
	i32 half = 1 << (width - 1), carry = 0;

	for (unsigned w = 0; w < windows; w++) {
		i32 digit = (i32)bits_at(u, w * width, width) + carry;

		carry = w + 1 < windows && digit > half;
		to[w] = (i16)(digit - (carry ? 2 * half : 0));
	}
}
