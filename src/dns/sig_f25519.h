/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_f25519.h - arithmetic modulo q = 2^255 - 19 and modulo the order of Ed25519's base point.
 *
 * Modulo q a number is any 256 bits that are congruent to it: 2^256 is 38, so what runs over
 * comes back times 38, and only f_whole() makes a number the one below q. Modulo the order L
 * numbers are Montgomery's (sig_num.h).
 *
 *   a * b = t, eight words;   t[0..3] + 38 * t[4..7] is below 39 * 2^256;
 *   its fifth word (at most 38) comes back times 38 (at most 1,444); if that runs over once
 *   more, what is left is small and 38 is added to it without a further carry
 *
 * Time depends on the numbers: for what is public only. For sig_ed25519.c alone. */
#pragma once
#include "dns/sig_num.h"

static const struct num q = { { 0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff,
				0x7fffffffffffffff } };

/* t + 38 * more, which is below 2^256 + 2^12 or so, as 256 bits. */
static inline struct num f_folded(struct num t, u64 more)
{
	u8 carry = 0;

	t.w[0] = add_carry(t.w[0], 38 * more, &carry);
#pragma GCC unroll 3
	for (int i = 1; i < 4; i++)
		t.w[i] = add_carry(t.w[i], 0, &carry);
	t.w[0] += 38 * (u64)carry;	/* after a carry w[0] is below 38 * more */
	return t;
}

static inline struct num f_times(const struct num *a, const struct num *b)
{
	struct num r;
	u64 t[8], carry = 0;

	product(t, a, b);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		u128 x = (u128)t[i + 4] * 38 + t[i] + carry;

		r.w[i] = (u64)x;
		carry = (u64)(x >> 64);
	}
	return f_folded(r, carry);
}

static inline struct num f_add(const struct num *a, const struct num *b)
{
	struct num r;
	u8 carry = 0;

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		r.w[i] = add_carry(a->w[i], b->w[i], &carry);
	return f_folded(r, carry);
}

static inline struct num f_subtract(const struct num *a, const struct num *b)
{
	struct num r;
	u8 borrow = 0, again = 0;

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		r.w[i] = take_borrow(a->w[i], b->w[i], &borrow);
	/* -2^256 is -38; should that borrow too, w[0] is near 2^64 and 38 fit once more */
	r.w[0] = take_borrow(r.w[0], 38 * (u64)borrow, &again);
#pragma GCC unroll 3
	for (int i = 1; i < 4; i++)
		r.w[i] = take_borrow(r.w[i], 0, &again);
	r.w[0] -= 38 * (u64)again;
	return r;
}

/* The one below q. */
static inline struct num f_whole(const struct num *a)
{
	struct num r = *a;

	for (int i = 0; i < 2; i++) {	/* 2^256 - 1 is 2q + 37 */
		u8 borrow = 0;
		struct num less;

		for (int j = 0; j < 4; j++)
			less.w[j] = take_borrow(r.w[j], q.w[j], &borrow);
		if (!borrow)
			r = less;
	}
	return r;
}

static inline struct num f_inverse(const struct num *a) { return inverse(a, &q, f_times); }

/* ---- modulo L = 2^252 + 27742317777372353535851937790883648493 ---- */

static const struct num order_l = { { 0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0,
				      0x1000000000000000 } };
#define L_INVERSE 0xd2b51da312547e1bull	/* -1/L mod 2^64 */
/* 2^256 and 2^512 modulo L */
static const struct num one_l = { { 0xd6ec31748d98951d, 0xc6ef5bf4737dcf70, 0xfffffffffffffffe,
				    0x0fffffffffffffff } };
static const struct num square_l = { { 0xa40611e3449c0f01, 0xd00e1ba768859347,
				       0xceec73d217f5be65, 0x0399411b7c309a3d } };

static inline struct num le_read(const u8 *from)
{
	struct num r;

	for (int i = 0; i < 4; i++)
		r.w[i] = (u64)le32(from + 8 * i + 4) << 32 | le32(from + 8 * i);
	return r;
}

/* 64 octets, the least first, modulo L. */
static inline struct num l_wide(const u8 *from)
{
	struct num low = le_read(from), high = le_read(from + 32);
	u8 carry = 0;

	low = montgomery(&low, &one_l, &order_l, L_INVERSE);	/* low */
	high = montgomery(&high, &square_l, &order_l, L_INVERSE);	/* high * 2^256 */
	for (int i = 0; i < 4; i++)
		low.w[i] = add_carry(low.w[i], high.w[i], &carry);
	return reduced(low.w, carry, &order_l);
}
