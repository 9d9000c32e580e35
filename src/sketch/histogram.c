/* SPDX-License-Identifier: GPL-3.0-or-later */
/* histogram.c - see histogram.h.
 *
 * Packed form, big-endian: used 2 | used times: label 2, count 8; labels rise and
 * no count is 0, so that equal counters give equal octets. */
#include "sketch/histogram.h"
#include "base/buf.h"
#include "base/rd.h"
#include "sketch/plus.h"

void tally_add(u64 *at, unsigned n, u64 label, u64 times)
{
	u64 *one = &at[min_u64(label, n - 1)];

	*one = plus(*one, times);
}

void tally_merge(u64 *into, const u64 *from, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		into[i] = plus(into[i], from[i]);
}

u64 tally_sum(const u64 *at, unsigned n)
{
	u64 sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum = plus(sum, at[i]);
	return sum;
}

void tally_pack(const u64 *at, unsigned n, struct buf *out)
{
	u16 used = 0;

	for (unsigned i = 0; i < n; i++)
		used += at[i] != 0;
	buf_u16(out, used);
	for (unsigned i = 0; i < n; i++)
		if (at[i]) {
			buf_u16(out, (u16)i);
			buf_u64(out, at[i]);
		}
}

static bool counters_read(u64 *at, unsigned n, struct rd *in)
{
	unsigned left = rd_u16(in), least = 0;

	for (; left && !in->bad; left--) {
		unsigned i = rd_u16(in);
		u64 count = rd_u64(in);

		if (i < least || i >= n || count == 0)
			return false;
		at[i] = count;
		least = i + 1;
	}
	return !in->bad;
}

int tally_unpack(u64 *at, unsigned n, struct rd *in)
{
	memset(at, 0, n * sizeof *at);
	if (counters_read(at, n, in))
		return 0;
	memset(at, 0, n * sizeof *at);
	return OOPS_FORMAT;
}

void sizes_add(struct sizes *s, u64 octets)
{
	tally_add(s->at, SIZES_BINS, octets / SIZES_BIN, 1);
}

void sizes_merge(struct sizes *into, const struct sizes *from)
{
	tally_merge(into->at, from->at, SIZES_BINS);
}

char *sizes_text(unsigned bin, char to[SIZES_TEXT_MAX])
{
	unsigned first = bin % SIZES_BINS * SIZES_BIN;

	snprintf(to, SIZES_TEXT_MAX, "%u-%u", first, first + SIZES_BIN - 1);
	return to;
}

void sizes_pack(const struct sizes *s, struct buf *out)
{
	tally_pack(s->at, SIZES_BINS, out);
}

int sizes_unpack(struct sizes *s, struct rd *in)
{
	return tally_unpack(s->at, SIZES_BINS, in);
}

/* --- as parts: the weight is the label or the size ---------------------- */

static void tally_part_init(void *part) { memset(part, 0, sizeof(struct tally)); }
static void sizes_part_init(void *part) { memset(part, 0, sizeof(struct sizes)); }

static void tally_part_add(void *part, u64 hash, u64 weight)
{
	(void)hash;
	tally_add(((struct tally *)part)->at, TALLY_LABELS, weight, 1);
}

static void sizes_part_add(void *part, u64 hash, u64 weight)
{
	(void)hash;
	sizes_add(part, weight);
}

static void tally_part_merge(void *into, const void *from)
{
	tally_merge(((struct tally *)into)->at, ((const struct tally *)from)->at,
		    TALLY_LABELS);
}

static void sizes_part_merge(void *into, const void *from) { sizes_merge(into, from); }

static void tally_part_pack(const void *part, struct buf *out)
{
	tally_pack(((const struct tally *)part)->at, TALLY_LABELS, out);
}

static void sizes_part_pack(const void *part, struct buf *out) { sizes_pack(part, out); }

static int tally_part_unpack(void *part, struct rd *in)
{
	return tally_unpack(((struct tally *)part)->at, TALLY_LABELS, in);
}

static int sizes_part_unpack(void *part, struct rd *in) { return sizes_unpack(part, in); }

const struct part part_tally = {
	.id = "tally", .size = sizeof(struct tally), .init = tally_part_init,
	.add = tally_part_add, .merge = tally_part_merge, .pack = tally_part_pack,
	.unpack = tally_part_unpack, .idempotent = false, .exact = true,
};
const struct part part_sizes = {
	.id = "sizes", .size = sizeof(struct sizes), .init = sizes_part_init,
	.add = sizes_part_add, .merge = sizes_part_merge, .pack = sizes_part_pack,
	.unpack = sizes_part_unpack, .idempotent = false, .exact = true,
};
