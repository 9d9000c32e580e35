/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantile.c - see quantile.h.
 *
 * Packed form, big-endian: total 8 | least 8 | most 8 | buckets 2 | buckets times:
 * bucket 2, count 8; buckets rise and their counts add up to the total. */
#include "sketch/quantile.h"
#include "base/buf.h"
#include "base/rd.h"
#include "sketch/plus.h"

#define STEP_BITS 5
_Static_assert(QUANTILE_STEPS == 1 << STEP_BITS, "one step is one value of five bits");

/* Below 64 the bucket is the value; then 32 buckets for each further power. */
static unsigned bucket_of(u64 value)
{
	unsigned power;

	if (value < QUANTILE_STEPS)
		return (unsigned)value;
	power = 63 - (unsigned)__builtin_clzll(value) - STEP_BITS;
	return power * QUANTILE_STEPS + (unsigned)(value >> power);
}

static struct quantile_range range_of(unsigned bucket)
{
	unsigned power;
	u64 step;

	if (bucket < 2 * QUANTILE_STEPS)
		return (struct quantile_range){ bucket, bucket };
	power = bucket / QUANTILE_STEPS - 1;
	step = bucket % QUANTILE_STEPS + QUANTILE_STEPS;
	return (struct quantile_range){ .low = step << power,
					.high = (step << power) + (1ull << power) - 1 };
}

void quantile_init(struct quantile *q)
{
	memset(q, 0, sizeof *q);
	q->least = UINT64_MAX;
}

void quantile_add(struct quantile *q, u64 value)
{
	u64 *at = &q->at[bucket_of(value)];

	*at = plus(*at, 1);
	q->total = plus(q->total, 1);
	q->least = min_u64(q->least, value);
	q->most = max_u64(q->most, value);
}

void quantile_merge(struct quantile *into, const struct quantile *from)
{
	for (unsigned i = 0; i < QUANTILE_BUCKETS; i++)
		into->at[i] = plus(into->at[i], from->at[i]);
	into->total = plus(into->total, from->total);
	into->least = min_u64(into->least, from->least);
	into->most = max_u64(into->most, from->most);
}

/* ceil(share / 10,000 * total), from 1 to total. */
static u64 rank_of(const struct quantile *q, unsigned share)
{
	unsigned __int128 n = (unsigned __int128)q->total * min_u64(share, 10000);
	u64 rank = (u64)((n + 9999) / 10000);

	return rank ? rank : 1;
}

struct quantile_range quantile_at(const struct quantile *q, unsigned share)
{
	u64 rank = rank_of(q, share), seen = 0;
	struct quantile_range r = { 0, 0 };
	unsigned i = 0;

	if (q->total == 0)
		return r;
	for (; i < QUANTILE_BUCKETS - 1; i++) {
		seen = plus(seen, q->at[i]);
		if (seen >= rank)
			break;
	}
	r = range_of(i);
	r.low = max_u64(r.low, q->least);
	r.high = min_u64(r.high, q->most);
	if (rank == 1)
		r.high = r.low = q->least;
	else if (rank == q->total)
		r.low = r.high = q->most;
	return r;
}

u64 quantile_mid(const struct quantile *q, unsigned share)
{
	struct quantile_range r = quantile_at(q, share);

	return r.low + (r.high - r.low) / 2;
}

void quantile_pack(const struct quantile *q, struct buf *out)
{
	u16 used = 0;

	for (unsigned i = 0; i < QUANTILE_BUCKETS; i++)
		used += q->at[i] != 0;
	buf_u64(out, q->total);
	buf_u64(out, q->least);
	buf_u64(out, q->most);
	buf_u16(out, used);
	for (unsigned i = 0; i < QUANTILE_BUCKETS; i++)
		if (q->at[i]) {
			buf_u16(out, (u16)i);
			buf_u64(out, q->at[i]);
		}
}

/* The buckets, and their first and last, from the wire. */
static bool buckets_read(struct quantile *q, struct rd *in, unsigned *first,
			 unsigned *last)
{
	unsigned left = rd_u16(in), least = 0;
	u64 sum = 0;

	for (*first = QUANTILE_BUCKETS; left && !in->bad; left--) {
		unsigned i = rd_u16(in);
		u64 n = rd_u64(in);

		if (i < least || i >= QUANTILE_BUCKETS || n == 0)
			return false;
		q->at[i] = n;
		sum = plus(sum, n);
		*first = (unsigned)min_u64(*first, i);
		*last = i;
		least = i + 1;
	}
	return !in->bad && sum == q->total;
}

int quantile_unpack(struct quantile *q, struct rd *in)
{
	unsigned first, last = 0;
	bool good;

	quantile_init(q);
	q->total = rd_u64(in);
	q->least = rd_u64(in);
	q->most = rd_u64(in);
	good = buckets_read(q, in, &first, &last);
	if (good && q->total)
		good = bucket_of(q->least) == first && bucket_of(q->most) == last &&
		       q->least <= q->most;
	else if (good)
		good = q->least == UINT64_MAX && q->most == 0;
	if (good)
		return 0;
	quantile_init(q);
	return OOPS_FORMAT;
}

/* --- as a part ---------------------------------------------------------- */

static void init(void *part) { quantile_init(part); }
static void merge(void *into, const void *from) { quantile_merge(into, from); }
static void pack(const void *part, struct buf *out) { quantile_pack(part, out); }
static int unpack(void *part, struct rd *in) { return quantile_unpack(part, in); }

static void add(void *part, u64 hash, u64 weight)
{
	(void)hash;
	quantile_add(part, weight);
}

const struct part part_quantile = {
	.id = "quantile", .size = sizeof(struct quantile), .init = init, .add = add,
	.merge = merge, .pack = pack, .unpack = unpack, .idempotent = false,
	.exact = true,
};
