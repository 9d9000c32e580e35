/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distinct.c - see distinct.h.
 *
 * Packed form, big-endian:
 *
 *   p 1 | DENSE  1 | 2^p registers
 *   p 1 | SPARSE 1 | count 2 | count times: index 2, rank 1; indexes rise
 *
 * Sparse as long as it is shorter, so that equal registers give equal octets. */
#include "sketch/distinct.h"
#include "base/buf.h"
#include "base/rd.h"

enum form { DENSE, SPARSE };

void distinct_reg_merge(u8 *into, const u8 *from, unsigned p)
{
	for (size_t i = 0; i < (size_t)1 << p; i++)
		into[i] = into[i] > from[i] ? into[i] : from[i];
}

/* Ertl's sigma: x + the sum of 2^(k-1) x^(2^k), for the share x < 1 of registers that
 * are still 0. Ends when a term no longer counts. */
static double sigma(double x)
{
	double y = 1, sum = x, before;

	do {
		x *= x;
		before = sum;
		sum += x * y;
		y += y;
	} while (sum != before);
	return sum;
}

/* Ertl's tau, the twin of sigma for registers that are full, is left out: the first
 * of them is filled by the order of 2^64 things. */
u64 distinct_reg_count(const u8 *at, unsigned p)
{
	const double alpha = 0.72134752044448170368;	/* 1 / (2 ln 2) */
	double m = (double)(1u << p), sum = 0, count;
	u32 with[66] = { 0 };

	for (size_t i = 0; i < (size_t)1 << p; i++)
		with[at[i]]++;
	if (with[0] == 1u << p)
		return 0;
	for (unsigned rank = 65 - p; rank > 0; rank--)
		sum = (sum + with[rank]) / 2;
	sum += m * sigma(with[0] / m);
	count = alpha * m * m / sum + 0.5;
	return count < 0x1p64 ? (u64)count : UINT64_MAX;
}

double distinct_reg_error(unsigned p)
{
	double error = 1.04 / (double)(1u << p / 2);

	return p % 2 ? error * 0.70710678118654752440 : error;
}

static void reg_pack(const u8 *at, unsigned p, struct buf *out)
{
	size_t n = (size_t)1 << p, set = 0;

	for (size_t i = 0; i < n; i++)
		set += at[i] != 0;
	buf_byte(out, (u8)p);
	buf_byte(out, set * 3 + 2 < n ? SPARSE : DENSE);
	if (set * 3 + 2 >= n) {
		buf_add(out, at, n);
		return;
	}
	buf_u16(out, (u16)set);
	for (size_t i = 0; i < n; i++)
		if (at[i]) {
			buf_u16(out, (u16)i);
			buf_byte(out, at[i]);
		}
}

bool distinct_reg_good(const u8 *at, unsigned p)
{
	for (size_t i = 0; i < (size_t)1 << p; i++)
		if (at[i] > 65 - p)
			return false;
	return true;
}

static bool dense_unpack(u8 *at, unsigned p, struct rd *in)
{
	size_t n = (size_t)1 << p;
	const u8 *from = rd_take(in, n);

	if (from == NULL)
		return false;
	memcpy(at, from, n);
	return distinct_reg_good(at, p);
}

static bool sparse_unpack(u8 *at, unsigned p, struct rd *in)
{
	unsigned left = rd_u16(in), least = 0;

	for (; left && !in->bad; left--) {
		unsigned i = rd_u16(in), rank = rd_u8(in);

		if (i < least || i >= 1u << p || rank == 0 || rank > 65 - p)
			return false;
		at[i] = (u8)rank;
		least = i + 1;
	}
	return !in->bad;
}

static int reg_unpack(u8 *at, unsigned p, struct rd *in)
{
	bool same = rd_u8(in) == p, good = false;
	u8 form = rd_u8(in);

	memset(at, 0, (size_t)1 << p);
	if (same && form == DENSE)
		good = dense_unpack(at, p, in);
	if (same && form == SPARSE)
		good = sparse_unpack(at, p, in);
	if (good)
		return 0;
	memset(at, 0, (size_t)1 << p);
	return OOPS_FORMAT;
}

void distinct_pack(const struct distinct *d, struct buf *out)
{
	reg_pack(d->at, 14, out);
}

int distinct_unpack(struct distinct *d, struct rd *in)
{
	return reg_unpack(d->at, 14, in);
}

void distinct12_pack(const struct distinct12 *d, struct buf *out)
{
	reg_pack(d->at, 12, out);
}

int distinct12_unpack(struct distinct12 *d, struct rd *in)
{
	return reg_unpack(d->at, 12, in);
}

/* --- as parts ----------------------------------------------------------- */

static void init(void *part) { memset(part, 0, sizeof(struct distinct)); }
static void init12(void *part) { memset(part, 0, sizeof(struct distinct12)); }

static void add(void *part, u64 hash, u64 weight)
{
	(void)weight;
	distinct_add(part, hash);
}

static void add12(void *part, u64 hash, u64 weight)
{
	(void)weight;
	distinct12_add(part, hash);
}

static void merge(void *into, const void *from) { distinct_merge(into, from); }
static void merge12(void *into, const void *from) { distinct12_merge(into, from); }
static void pack(const void *part, struct buf *out) { distinct_pack(part, out); }
static void pack12(const void *part, struct buf *out) { distinct12_pack(part, out); }
static int unpack(void *part, struct rd *in) { return distinct_unpack(part, in); }
static int unpack12(void *part, struct rd *in) { return distinct12_unpack(part, in); }

const struct part part_distinct = {
	.id = "distinct", .size = sizeof(struct distinct), .init = init, .add = add,
	.merge = merge, .pack = pack, .unpack = unpack, .idempotent = true, .exact = true,
};
const struct part part_distinct12 = {
	.id = "distinct12", .size = sizeof(struct distinct12), .init = init12,
	.add = add12, .merge = merge12, .pack = pack12, .unpack = unpack12,
	.idempotent = true, .exact = true,
};
