/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample.c - see sample.h. */
#include "sketch/sample.h"
#include "base/buf.h"
#include "base/rd.h"
#include <math.h>

static const struct { u8 room; u16 octets, items; } sizes[] = {
	{ 3, 64, 16 }, { 15, 256, 16 }, { 60, 1024, 64 },
};

static unsigned k_of(const struct sample *s)
{
	return s->k ? s->k : SAMPLE_K_MAX;
}

static unsigned size_of(unsigned room)
{
	return room <= 3 ? 0 : room <= 15 ? 1 : 2;
}

static u8 *prints(const struct sample *s, const struct pool *p)
{
	return pool_at(p, s->block);
}

static struct item *items_of(const struct sample *s, const struct pool *p)
{
	return (struct item *)(prints(s, p) + sizes[size_of(s->room)].items);
}

static bool grow(struct sample *s, struct pool *p)
{
	unsigned next = s->room ? size_of(s->room) + 1 : 0;
	struct sample bigger = *s;

	if (next >= COUNT(sizes) || s->starved & STARVED_SMALL)
		return false;
	bigger.block = pool_get(p, sizes[next].octets);
	if (bigger.block == 0) {
		s->starved |= s->room ? STARVED_SMALL : STARVED_BLIND;
		return false;
	}
	bigger.room = sizes[next].room;
	if (s->block) {
		memcpy(prints(&bigger, p), prints(s, p), s->count);
		memcpy(items_of(&bigger, p), items_of(s, p), s->count * sizeof(struct item));
		pool_put(p, s->block, sizes[size_of(s->room)].octets);
	}
	*s = bigger;
	return true;
}

/* Prints are compared sixteen at a time; the bits of those that are equal. */
typedef u8 prints16 __attribute__((vector_size(16)));

static u64 equal16(const u8 *print, u8 sought)
{
	prints16 all, one = sought - (prints16){ 0 };
	u64 half[2];

	memcpy(&all, print, sizeof all);
	all = (prints16)(all == one) & 1;
	memcpy(half, &all, sizeof half);
	/* eight octets of 0 or 1 become eight bits */
	half[0] = half[0] * 0x0102040810204080ull >> 56;
	half[1] = half[1] * 0x0102040810204080ull >> 56;
	return half[0] | half[1] << 8;
}

/* The place of a rank, or count. */
static unsigned place_of(const struct sample *s, const struct pool *p, u64 rank)
{
	const u8 *print = prints(s, p);
	const struct item *it = items_of(s, p);

	for (unsigned from = 0; from < s->count; from += 16)
		for (u64 hits = equal16(print + from, (u8)rank); hits; hits &= hits - 1) {
			unsigned at = from + (unsigned)__builtin_ctzll(hits);

			if (at < s->count && it[at].rank == rank)
				return at;
		}
	return s->count;
}

static unsigned last_of(const struct sample *s, const struct pool *p)
{
	const struct item *it = items_of(s, p);
	unsigned last = 0;

	for (unsigned i = 1; i < s->count; i++)
		if (it[i].rank > it[last].rank)
			last = i;
	return last;
}

/* The item of this rank, found or placed; NULL when the sample does not want it. */
static struct item *place(struct sample *s, struct pool *p, u64 rank, bool *fresh)
{
	unsigned at;

	*fresh = false;
	if (s->bar && (rank > s->bar || s->room == 0))
		return NULL;
	if (s->block && (at = place_of(s, p, rank)) < s->count)
		return items_of(s, p) + at;
	if (s->bar == 0 && s->count == s->room && !grow(s, p)) {
		if (s->room == 0)
			return NULL;	/* blind; the next thing may find room */
		s->bar = items_of(s, p)[last_of(s, p)].rank;
		return place(s, p, rank, fresh);
	}
	*fresh = true;
	at = s->bar ? last_of(s, p) : s->count++;
	items_of(s, p)[at] = (struct item){ .rank = rank, .least = 0xffffff };
	prints(s, p)[at] = (u8)rank;
	if (s->bar || s->count == k_of(s))
		s->bar = items_of(s, p)[last_of(s, p)].rank;
	return items_of(s, p) + at;
}

struct item *sample_item(struct sample *s, struct pool *p, u64 hash, u32 weight, bool *fresh)
{
	struct item *it = place(s, p, hash / weight, fresh);

	if (it)
		it->weight = (u16)weight;
	return it;
}

void sample_reach(const struct sample *s, const struct pool *p, u64 hash, u32 weight)
{
	u64 hits = 0, rank = hash / weight;
	unsigned from = 0;

	if (s->block == 0)
		return;
	for (; from < s->count; from += 16)
		if ((hits = equal16(prints(s, p) + from, (u8)rank)))
			break;
	from += hits ? (unsigned)__builtin_ctzll(hits) : 0;
	__builtin_prefetch(items_of(s, p) + (from < s->count ? from : s->count), 1);
}

/* One item of another sample. False when there is no room that there should be. */
static bool take(struct sample *s, struct pool *p, const struct item *from)
{
	bool fresh;
	struct item *it = place(s, p, from->rank, &fresh);

	if (it == NULL)
		return s->bar != 0;
	it->weight = from->weight;
	it->value = from->value;
	it->mark |= from->mark;
	it->least = it->least < from->least ? it->least : from->least;
	return true;
}

/* Forgets what lies above a bar that another, starved sample had. */
static void lower_bar(struct sample *s, struct pool *p, u64 bar)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < s->count; i++)
		if (items_of(s, p)[i].rank <= bar) {
			items_of(s, p)[kept] = items_of(s, p)[i];
			prints(s, p)[kept++] = prints(s, p)[i];
		}
	s->count = (u8)kept;
	s->bar = bar;
	s->starved |= STARVED_SMALL;
}

void sample_merge(struct sample *s, struct pool *p, const struct sample *from,
		  const struct pool *fp)
{
	for (unsigned i = 0; i < from->count; i++) {
		struct item copy = items_of(from, fp)[i];

		take(s, p, &copy);
	}
	if (from->starved & STARVED_SMALL && from->bar && (s->bar == 0 || s->bar > from->bar))
		lower_bar(s, p, from->bar);
	s->starved |= from->starved;
}

void sample_free(struct sample *s, struct pool *p)
{
	if (s->block)
		pool_put(p, s->block, sizes[size_of(s->room)].octets);
	*s = (struct sample){ .k = s->k };
}

static int by_rank(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

unsigned sample_items(const struct sample *s, const struct pool *p, struct item *out)
{
	if (s->count == 0)
		return 0;
	memcpy(out, items_of(s, p), s->count * sizeof *out);
	qsort(out, s->count, sizeof *out, by_rank);
	return s->count;
}

const struct item *sample_view(const struct sample *s, const struct pool *p)
{
	return s->count ? items_of(s, p) : NULL;
}

u64 sample_scale(const struct sample *s, const struct item *it)
{
	unsigned __int128 chance;

	if (s->bar == 0)
		return SAMPLE_ONE;
	if (it->rank == s->bar)
		return 0;
	chance = (unsigned __int128)it->weight * s->bar;	/* of 2^64 */
	if (chance >> 64)
		return SAMPLE_ONE;
	return (u64)(((unsigned __int128)SAMPLE_ONE << 64) / (chance ? chance : 1));
}

static double sum(const struct sample *s, const struct pool *p, bool weigh)
{
	const struct item *it = sample_view(s, p);
	unsigned __int128 all = 0;

	for (unsigned i = 0; i < s->count; i++)
		all += (unsigned __int128)sample_scale(s, &it[i]) * (weigh ? it[i].weight : 1);
	return (double)all / SAMPLE_ONE;
}

double sample_weight(const struct sample *s, const struct pool *p)
{
	return sum(s, p, true);
}

double sample_distinct(const struct sample *s, const struct pool *p)
{
	return sum(s, p, false);
}

/* The true sum is above f times the estimate only if fewer than k of the ranks
 * fall below T where kf are expected: a Poisson tail, with a normal bound of 4.76
 * standard deviations and a correction for its skew (held by test/unit/sample_test.c). */
double sample_widen(const struct sample *s)
{
	double k = (double)s->count - 1;

	if (s->bar == 0)
		return 1;
	return k < 2 ? 1e3 : 1 + 4.76 / sqrt(k) + 10.5 / k;
}

/*   k 1 | count 1 | starved 1 | bar 8 | count x (rank 8, weight 2, value 2, mark 1, least 3) */
void sample_pack(const struct sample *s, const struct pool *p, struct buf *out)
{
	struct item items[SAMPLE_K_MAX];
	unsigned n = sample_items(s, p, items);

	buf_byte(out, s->k);
	buf_byte(out, (u8)n);
	buf_byte(out, s->starved);
	buf_u64(out, s->bar);
	for (unsigned i = 0; i < n; i++) {
		buf_u64(out, items[i].rank);
		buf_u16(out, items[i].weight);
		buf_u16(out, items[i].value);
		buf_u32(out, (u32)items[i].mark << 24 | items[i].least);
	}
}

int sample_unpack(struct sample *s, struct pool *p, struct rd *in)
{
	u8 k = rd_u8(in), n = rd_u8(in), starved = rd_u8(in);
	u64 bar = rd_u64(in), last = 0;

	if (in->bad || k > SAMPLE_K_MAX || n > (k ? k : SAMPLE_K_MAX) ||
	    starved > (STARVED_SMALL | STARVED_BLIND))
		return OOPS_FORMAT;
	*s = (struct sample){ .k = k };
	for (unsigned i = 0; i < n; i++) {
		struct item it = { .rank = rd_u64(in), .weight = rd_u16(in), .value = rd_u16(in) };
		u32 tail = rd_u32(in);

		it.mark = tail >> 24 & 0xff;
		it.least = tail & 0xffffff;
		if (in->bad || it.weight == 0 || (i && it.rank <= last))
			return OOPS_FORMAT;
		last = it.rank;
		if (!take(s, p, &it))
			return OOPS_LIMIT;
	}
	if (bar ? bar < last || (n < k_of(s) && !(starved & STARVED_SMALL)) : n == k_of(s))
		return OOPS_FORMAT;
	s->starved |= starved;
	s->bar = bar;
	return 0;
}
