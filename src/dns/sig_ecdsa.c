/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_ecdsa.c - P-256 signatures of few keys, many at a time, with arithmetic of our own.
 *
 * A zone has a handful of keys and up to millions of signatures. So the multiples of a
 * key's point Q can be kept ready as those of the generator G always are, and what is dear
 * in elliptic curves, dividing, can be shared by many signatures.
 *
 *   table    window j of `width` bits: d * 2^(j*width) * P for d = 1 .. 2^(width-1), for
 *            P = G and P = Q; points are affine, coordinates in Montgomery form
 *   scalars  s1 .. sn -> 1/s1 .. 1/sn by one inversion (Montgomery's trick)
 *            u1 = hash/s, u2 = r/s, both written with digits -2^(width-1) .. 2^(width-1)
 *   points   u1*G + u2*Q = the sum of one table point a digit, no doubling at all:
 *
 *            sig 0   p p p p p p p p      every round adds the points of all signatures
 *            sig 1   p p p p p p p p      in pairs, and all additions of a round share
 *            ...     \_/ \_/ \_/ \_/      one inversion: 5 multiplications and a squaring
 *            round    +   +   +   +       each, where Jacobian coordinates take 11
 *
 *   verdict  the sum's x is r, or r + n where that is below p (SEC 1, 4.1.4)
 *
 * What is found good here is good. What is refused (r or s out of range, another x) or left
 * open (a sum that meets a point twice or meets its negative, where the formula does not
 * hold) is decided by libcrypto (sig.c), so a fault here cannot make a good signature bad.
 * That it cannot make a bad one good rests on the arithmetic (sig_p256.h), which
 * sig_ecdsa_test.c holds against libcrypto's.
 *
 * Nothing is secret here: time depends on the numbers.
 *
 * Limits: SIG_BATCH signatures at a time; a table is at most 5.8 MB.
 * Cost and what libcrypto takes for the same: bench/README.md.
 * Not here: hashing, malformed lengths, other curves (sig.c). */
#include "dns/sig_own.h"
#include "dns/sig_p256.h"

/* ---- many additions of points at a time ---- */

struct point {
	struct num x, y;	/* affine, modulo p */
};

/* *to = *a + *b; a == b (the same pointer) doubles. */
struct sum {
	const struct point *a, *b;
	struct point *to;
	u32 who;	/* whose sum: a place in failed[] */
};

#define POINTS_MAX (2 * 256 / SIG_WIDTH_MIN)	/* digits of two scalars */
#define SUMS_MAX (SIG_BATCH * POINTS_MAX / 2)
_Static_assert(SUMS_MAX >= 1u << (SIG_WIDTH_MAX - 2), "a round of a table's making");

struct sig_room {
	struct sum sums[SUMS_MAX];
	struct num below[SUMS_MAX];	/* what the slope is divided by */
	struct num before[SUMS_MAX];	/* product of those before */
	struct point points[SIG_BATCH][POINTS_MAX];
	unsigned count[SIG_BATCH];	/* of points */
	bool failed[SIG_BATCH];
};

/* What the slope of the line through both points is divided by. When the points are equal
 * or opposite it is 0, and there is no slope. */
static struct num divisor(struct sig_room *r, const struct sum *s)
{
	struct num d;

	if (s->a == s->b)
		return add(&s->a->y, &s->a->y);	/* never 0: the order is odd */
	d = subtract(&s->b->x, &s->a->x);
	if (unlikely(is_zero(&d))) {
		r->failed[s->who] = true;
		return one_p;
	}
	return d;
}

/* 3x^2 + a = 3(x - 1)(x + 1), as a = -3; or the difference of the y. */
static struct num dividend(const struct sum *s)
{
	struct num less, more, t;

	if (s->a != s->b)
		return subtract(&s->b->y, &s->a->y);
	less = subtract(&s->a->x, &one_p);
	more = add(&s->a->x, &one_p);
	t = times(&less, &more);
	more = add(&t, &t);
	return add(&more, &t);
}

static void add_one(const struct sum *s, const struct num *inverse_of_divisor)
{
	struct num top = dividend(s), slope = times(&top, inverse_of_divisor), x, y;

	x = times(&slope, &slope);
	x = subtract(&x, &s->a->x);
	x = subtract(&x, &s->b->x);
	y = subtract(&s->a->x, &x);
	y = times(&y, &slope);
	s->to->y = subtract(&y, &s->a->y);
	s->to->x = x;
}

/* All sums, with one inversion. No sum reads what another one writes. */
static void add_all(struct sig_room *r, unsigned sums)
{
	struct num product_of = one_p, left, mine;

	for (unsigned i = 0; i < sums; i++) {
		r->below[i] = divisor(r, &r->sums[i]);
		r->before[i] = product_of;
		product_of = times(&product_of, &r->below[i]);
	}
	left = inverse(&product_of, &prime, times);
	for (unsigned i = sums; i-- > 0;) {
		mine = times(&left, &r->before[i]);
		left = times(&left, &r->below[i]);
		add_one(&r->sums[i], &mine);
	}
}

/* ---- tables ---- */

struct sig_table {
	unsigned width;		/* bits a digit */
	unsigned windows;
	u32 each;		/* points for one of G and Q */
	struct point *points;	/* G's, then Q's */
};

/* Bits of the last window, whose digits are not negative. */
static unsigned top_bits(const struct sig_table *t)
{
	return 256 - (t->windows - 1) * t->width;
}

static u32 window_points(const struct sig_table *t, unsigned window)
{
	return window + 1 < t->windows ? 1u << (t->width - 1) : 1u << top_bits(t);
}

/* row[i] = (i + 1) * row[0], for i below `count`, a power of two. */
static void fill_window(struct sig_room *r, struct point *row, u32 count)
{
	for (u32 have = 1; have < count; have *= 2) {
		for (u32 i = 0; i < have; i++)
			r->sums[i] = (struct sum){ &row[have - 1], &row[i], &row[have + i], 0 };
		add_all(r, have);	/* the last one doubles */
	}
}

static void fill(struct sig_room *r, const struct sig_table *t, struct point *row,
		 const struct point *base)
{
	*row = *base;
	for (unsigned w = 0; w < t->windows; w++) {
		u32 count = window_points(t, w);

		fill_window(r, row, count);
		if (w + 1 == t->windows)
			break;
		/* 2^(width-1) times the base stands last; its double is the next base */
		r->sums[0] = (struct sum){ &row[count - 1], &row[count - 1], &row[count], 0 };
		add_all(r, 1);
		row += count;
	}
}

static struct num to_montgomery(const struct num *a) { return times(a, &square_p); }

static void fill_both(struct sig_room *r, const struct sig_table *t, const u8 *xy)
{
	struct num x = num_read(xy), y = num_read(xy + 32);
	struct point g = { to_montgomery(&generator[0]), to_montgomery(&generator[1]) };
	struct point q = { to_montgomery(&x), to_montgomery(&y) };

	fill(r, t, t->points, &g);
	fill(r, t, t->points + t->each, &q);
}

int sig_table_make(struct sig_table **ret, const u8 *xy, unsigned width)
{
	struct sig_table *t = calloc(1, sizeof *t);
	struct sig_room *r = sig_room_make();
	int rc = -ENOMEM;

	if (t == NULL || r == NULL)
		goto out;
	t->width = width;
	t->windows = (255 + width) / width;
	t->each = (t->windows - 1) << (width - 1);
	t->each += 1u << top_bits(t);
	t->points = aligned_alloc(64, 2 * t->each * sizeof *t->points);
	if (t->points == NULL)
		goto out;
	fill_both(r, t, xy);
	rc = OOPS_RANGE;
	if (odd(r->failed[0]))	/* multiples below the order are never equal or opposite */
		goto out;
	*ret = t;
	t = NULL;
	rc = 0;
out:
	sig_room_free(r);
	sig_table_free(t);
	return rc;
}

struct sig_table *sig_table_free(struct sig_table *t)
{
	if (t)
		free(t->points);
	free(t);
	return NULL;
}

struct sig_room *sig_room_make(void)
{
	return calloc(1, sizeof(struct sig_room));
}

struct sig_room *sig_room_free(struct sig_room *r)
{
	free(r);
	return NULL;
}

/* ---- signatures ---- */

/* A digit. */
struct pick {
	const struct point *point;	/* of a table */
	bool minus;
};

struct scalars {
	struct num r, s, e;	/* e: the hash; then s becomes 1/s */
};

/* Reads and checks the ranges (SEC 1, 4.1.4, 1): false is refused. */
static bool scalars_read(struct scalars *c, const struct sig_item *i)
{
	c->r = num_read(i->rs);
	c->s = num_read(i->rs + 32);
	c->e = num_read(i->hash);
	c->e = reduced(c->e.w, 0, &order);
	return !is_zero(&c->r) && !is_zero(&c->s) && below(&c->r, &order) && below(&c->s, &order);
}

/* s -> 1/s for all, in Montgomery form. None is 0. */
static void invert_all(struct scalars *c, unsigned count)
{
	struct num before[SIG_BATCH], product_of, left;

	for (unsigned i = 0; i < count; i++) {
		c[i].s = times_n(&c[i].s, &square_n);
		before[i] = product_of;
		product_of = i ? times_n(&product_of, &c[i].s) : c[i].s;
	}
	left = inverse(&product_of, &order, times_n);
	for (unsigned i = count; i-- > 1;) {
		struct num mine = times_n(&left, &before[i]);

		left = times_n(&left, &c[i].s);
		c[i].s = mine;
	}
	c[0].s = left;
}

/* -y when `minus`, without a branch that nobody could foretell. y is not 0. */
static inline void negate_if(struct num *y, bool minus)
{
	struct num other = subtract(&(struct num){ { 0 } }, y);
	u64 mask = -(u64)minus;

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		y->w[i] = (y->w[i] & ~mask) | (other.w[i] & mask);
}

/* Appends the points whose sum is u times the base of `row`: how many there are now. They
 * are only asked for: the tables do not fit the nearest caches. */
static unsigned pick(struct pick *to, unsigned count, const struct sig_table *t,
		     const struct point *row, const struct num *u)
{
	i16 digits[POINTS_MAX / 2];

	digits_of(digits, u, t->windows, t->width);
	for (unsigned w = 0; w < t->windows; w++, row += 1u << (t->width - 1)) {
		if (digits[w] == 0)
			continue;
		to[count] = (struct pick){ &row[abs(digits[w]) - 1], digits[w] < 0 };
		__builtin_prefetch(to[count++].point);
	}
	return count;
}

/* The points of u1 = e/s and u2 = r/s. */
static unsigned pick_both(struct pick *to, const struct sig_table *t, const struct scalars *c)
{
	struct num u1 = times_n(&c->e, &c->s), u2 = times_n(&c->r, &c->s);
	unsigned count = pick(to, 0, t, t->points, &u1);

	return pick(to, count, t, t->points + t->each, &u2);
}

static void gather(struct point *to, const struct pick *from, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		to[i] = *from[i].point;
		negate_if(&to[i].y, from[i].minus);
	}
}

/* Each signature's points are gathered while those of the next one are on their way. */
static void gather_all(struct sig_room *r, const struct sig_item *items,
		       const struct scalars *c, unsigned count)
{
	struct pick picks[2][POINTS_MAX];

	for (unsigned i = 0; i < count; i++) {
		r->count[i] = pick_both(picks[i % 2], items[i].table, &c[i]);
		if (i)
			gather(r->points[i - 1], picks[(i - 1) % 2], r->count[i - 1]);
	}
	gather(r->points[count - 1], picks[(count - 1) % 2], r->count[count - 1]);
}

/* One point a signature is left. */
static void add_up(struct sig_room *r, unsigned count)
{
	unsigned sums;

	do {
		sums = 0;
		for (unsigned i = 0; i < count; i++) {
			unsigned pairs = r->count[i] / 2, kept = r->count[i] - pairs;
			struct point *pt = r->points[i];

			for (unsigned j = 0; j < pairs; j++, pt++)
				r->sums[sums++] = (struct sum){ pt, pt + kept, pt, i };
			r->count[i] = kept;
		}
		if (sums)
			add_all(r, sums);
	} while (sums);
}

/* x modulo n is r: x is r, or r + n when that is below p. */
static bool x_is(const struct num *x, const struct num *r)
{
	struct num want = to_montgomery(r), more;
	u8 carry = 0;

	if (equal(x, &want))
		return true;
	for (int i = 0; i < 4; i++)
		more.w[i] = add_carry(r->w[i], order.w[i], &carry);
	if (carry || !below(&more, &prime))
		return false;
	want = to_montgomery(&more);
	return equal(x, &want);
}

void sig_ecdsa(struct sig_room *r, struct sig_item *items, unsigned count)
{
	struct scalars c[SIG_BATCH];
	bool ranges[SIG_BATCH];

	for (unsigned i = 0; i < count; i++) {
		r->failed[i] = false;
		ranges[i] = scalars_read(&c[i], &items[i]);
		if (!ranges[i])
			c[i].s = (struct num){ { 1 } };	/* its result is not looked at */
	}
	invert_all(c, count);
	gather_all(r, items, c, count);
	add_up(r, count);
	for (unsigned i = 0; i < count; i++) {
		bool same = r->count[i] && x_is(&r->points[i][0].x, &c[i].r);

		items[i].verdict = !ranges[i] ? SIG_REFUSED : r->failed[i] ? SIG_OPEN :
				   same ? SIG_GOOD : SIG_REFUSED;
	}
}
