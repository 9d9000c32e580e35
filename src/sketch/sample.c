/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample.c - see sample.h. */
#include "sketch/sample.h"
#include "base/buf.h"
#include "base/rd.h"
#include <math.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

static struct sampled *items_of(const struct sample *s, const struct pool *p)
{
	return (struct sampled *)(prints(s, p) + sizes[size_of(s->room)].items);
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
		memcpy(items_of(&bigger, p), items_of(s, p), s->count * sizeof(struct sampled));
		pool_put(p, s->block, sizes[size_of(s->room)].octets);
	}
	*s = bigger;
	return true;
}

/* Sixteen prints are compared at once: the bits of those that are equal. */
#ifdef __SSE2__
static inline u64 equal16(const u8 *print, u8 sought)
{
	__m128i all = _mm_loadu_si128((const __m128i *)(const void *)print);

	return (u32)_mm_movemask_epi8(_mm_cmpeq_epi8(all, _mm_set1_epi8((char)sought)));
}
#else
typedef u8 prints16 __attribute__((vector_size(16)));

static inline u64 equal16(const u8 *print, u8 sought)
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
#endif

/* A bit for each item whose print is that of the rank. */
static inline u64 alike(const struct sample *s, const struct pool *p, u64 rank)
{
	const u8 *print = prints(s, p);
	u64 hits = equal16(print, (u8)rank);

	if (s->room > 15)
		hits |= equal16(print + 16, (u8)rank) << 16 |
			equal16(print + 32, (u8)rank) << 32 |
			equal16(print + 48, (u8)rank) << 48;
	return hits & ((1ull << s->count) - 1);
}

/* The place of a rank, or count. */
static inline unsigned place_of(const struct sample *s, const struct pool *p, u64 rank)
{
	const struct sampled *it = items_of(s, p);

	for (u64 hits = alike(s, p, rank); hits; hits &= hits - 1)
		if (it[__builtin_ctzll(hits)].rank == rank)
			return (unsigned)__builtin_ctzll(hits);
	return s->count;
}

/* --- with a bar: a heap, the greatest rank on top ------------------------- */

/* Puts an item where it belongs at or below place i, which is free: the place. */
static unsigned sink(const struct sample *s, const struct pool *p, unsigned i, struct sampled new)
{
	struct sampled *it = items_of(s, p);
	u8 *print = prints(s, p);

	for (unsigned child; (child = 2 * i + 1) < s->count; i = child) {
		child += child + 1 < s->count && it[child + 1].rank > it[child].rank;
		if (it[child].rank <= new.rank)
			break;
		it[i] = it[child];
		print[i] = print[child];
	}
	it[i] = new;
	print[i] = (u8)new.rank;
	return i;
}

static void heap_make(const struct sample *s, const struct pool *p)
{
	for (unsigned i = s->count / 2; i-- > 0;)
		sink(s, p, i, items_of(s, p)[i]);
}

/* The sample is full: from now on it has a bar. */
static void close_sample(struct sample *s, const struct pool *p)
{
	heap_make(s, p);
	s->bar = items_of(s, p)->rank;
}

/* The item of this rank, found or placed; NULL when the sample does not want it. */
static struct sampled *place(struct sample *s, struct pool *p, u64 rank, bool *fresh)
{
	struct sampled new = { .rank = rank, .least = 0xffffff };
	unsigned at;

	*fresh = false;
	if (s->bar && (rank > s->bar || s->room == 0))
		return NULL;
	if (s->block && (at = place_of(s, p, rank)) < s->count)
		return items_of(s, p) + at;
	if (s->bar == 0 && s->count == s->room && !grow(s, p)) {
		if (s->room == 0)
			return NULL;	/* blind; the next thing may find room */
		close_sample(s, p);
		return place(s, p, rank, fresh);
	}
	*fresh = true;
	if (s->bar) {
		at = sink(s, p, 0, new);
		s->bar = items_of(s, p)->rank;
		return items_of(s, p) + at;
	}
	at = s->count++;
	items_of(s, p)[at] = new;
	prints(s, p)[at] = (u8)rank;
	if (s->count == k_of(s)) {
		close_sample(s, p);
		at = place_of(s, p, rank);
	}
	return items_of(s, p) + at;
}

struct sampled *sample_place(struct sample *s, struct pool *p, u64 rank, u32 weight, bool *fresh)
{
	struct sampled *it = place(s, p, rank, fresh);

	if (it)
		it->weight = (u16)weight;
	return it;
}

void sample_reach(const struct sample *s, const struct pool *p, u64 rank)
{
	u64 hits;

	if (s->block == 0)
		return;
	hits = alike(s, p, rank);
	__builtin_prefetch(items_of(s, p) + (hits ? (unsigned)__builtin_ctzll(hits) :
					     s->bar ? 0 : s->count), 1);
}

/* One item of another sample. False when there is no room that there should be. */
static bool take(struct sample *s, struct pool *p, const struct sampled *from)
{
	bool fresh;
	struct sampled *it = place(s, p, from->rank, &fresh);

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
	heap_make(s, p);
	s->starved |= STARVED_SMALL;
}

void sample_merge(struct sample *s, struct pool *p, const struct sample *from,
		  const struct pool *fp)
{
	for (unsigned i = 0; i < from->count; i++) {
		struct sampled copy = items_of(from, fp)[i];

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
	const struct sampled *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

unsigned sample_items(const struct sample *s, const struct pool *p, struct sampled *out)
{
	if (s->count == 0)
		return 0;
	memcpy(out, items_of(s, p), s->count * sizeof *out);
	qsort(out, s->count, sizeof *out, by_rank);
	return s->count;
}

const struct sampled *sample_view(const struct sample *s, const struct pool *p)
{
	return s->count ? items_of(s, p) : NULL;
}

u64 sample_scale(const struct sample *s, const struct sampled *it)
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
	const struct sampled *it = sample_view(s, p);
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
	struct sampled items[SAMPLE_K_MAX];
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
		struct sampled it = { .rank = rd_u64(in), .weight = rd_u16(in),
				      .value = rd_u16(in) };
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
	if (bar)
		heap_make(s, p);
	return 0;
}
