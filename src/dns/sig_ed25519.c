/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_ed25519.c - Ed25519 signatures of few keys, many at a time, with arithmetic of our own.
 *
 * The idea of sig_ecdsa.c on the curve -x^2 + y^2 = 1 + d x^2 y^2, where it is simpler: one
 * formula adds any two points, equal, opposite or the neutral one (a = -1 is a square modulo q,
 * d is not), so nothing is left open.
 *
 *   table    window j of 8 bits: i * 2^(8j) * P for P = B and P = -A, i = 1 .. 128, kept as
 *            y + x, y - x, 2dxy; 0.8 MB
 *   sum      s*B + h*(-A): one addition a digit, 7 multiplications, in extended coordinates
 *            (Hisil, Wong, Carter, Dawson 2008, 3.1); no doubling
 *   verdict  the sum, packed, is R octet by octet (RFC 8032, 5.1.7, without the cofactor,
 *            as libcrypto has it); all sums of a batch share one inversion
 *
 * h is SHA-512 of R | A | the signed octets, modulo L; the caller hashes. What is found good
 * here is good; what is refused is decided by libcrypto (sig.c). sig_ed25519_test.c holds it
 * against libcrypto's.
 *
 * Nothing is secret here: time depends on the numbers.
 * Limits: SIG_BATCH signatures at a time.
 * Not here: hashing, lengths (sig.c). */
#include "dns/sig_own.h"
#include "dns/sig_f25519.h"

#define SCALAR_BITS 253u	/* of what is below L */
#define WIDTH 8u	/* bits a digit; 9 to 12 were no faster here, and tables are larger */
#define WINDOWS ((SCALAR_BITS + WIDTH - 1) / WIDTH)
#define ROW (1u << (WIDTH - 1))	/* entries of a window */
#define LAST_ROW (1u << (SCALAR_BITS - (WINDOWS - 1) * WIDTH))
#define ENTRIES ((WINDOWS - 1) * ROW + LAST_ROW)
_Static_assert(LAST_ROW <= ROW, "making[] holds a row");

static const struct num zero = { { 0 } }, one = { { 1 } };
static const struct num d = { { 0x75eb4dca135978a3, 0x00700a4d4141d8ab, 0x8cc740797779e898,
				0x52036cee2b6ffe73 } };
static const struct num d2 = { { 0xebd69b9426b2f159, 0x00e0149a8283b156, 0x198e80f2eef3d130,
				 0x2406d9dc56dffce7 } };
/* A square root of -1, and (q + 3) / 8. */
static const struct num root = { { 0xc4ee1b274a0ea0b0, 0x2f431806ad2fe478, 0x2b4d00993dfbd7a7,
				   0x2b8324804fc1df0b } };
static const struct num eighth = { { 0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffffffffffff,
				     0x0fffffffffffffff } };
static const struct num base_y = { { 0x6666666666666658, 0x6666666666666666,
				     0x6666666666666666, 0x6666666666666666 } };

/* ---- points ---- */

struct extended {
	struct num x, y, z, t;	/* x/z, y/z; t = xy/z */
};
struct entry {
	struct num more, less, t;	/* y + x, y - x, 2dxy */
};

static const struct extended neutral = { { { 0 } }, { { 1 } }, { { 1 } }, { { 0 } } };

static void add_entry(struct extended *p, const struct entry *e, bool minus)
{
	struct num a, b, c, f, g, h, other = f_subtract(&zero, &e->t);

	a = f_subtract(&p->y, &p->x);
	a = f_times(&a, minus ? &e->more : &e->less);
	b = f_add(&p->y, &p->x);
	b = f_times(&b, minus ? &e->less : &e->more);
	c = f_times(&p->t, minus ? &other : &e->t);
	f = f_add(&p->z, &p->z);
	g = f_add(&f, &c);
	f = f_subtract(&f, &c);
	h = f_add(&b, &a);
	b = f_subtract(&b, &a);
	p->x = f_times(&b, &f);
	p->y = f_times(&g, &h);
	p->t = f_times(&b, &h);
	p->z = f_times(&f, &g);
}

static struct entry entry_of(const struct num *x, const struct num *y)
{
	struct num xy = f_times(x, y);

	return (struct entry){ f_add(y, x), f_subtract(y, x), f_times(&xy, &d2) };
}

/* z -> 1/z for all. No z is 0: no sum on this curve is at infinity. */
static void invert_z(struct extended *p, struct num *before, u32 count)
{
	struct num product_of = one, left;

	for (u32 i = 0; i < count; i++) {
		before[i] = product_of;
		product_of = f_times(&product_of, &p[i].z);
	}
	left = f_inverse(&product_of);
	for (u32 i = count; i-- > 0;) {
		struct num mine = f_times(&left, &before[i]);

		left = f_times(&left, &p[i].z);
		p[i].z = mine;
	}
}

/* ---- tables ---- */

struct sig_ed_table {
	struct entry base[ENTRIES], key[ENTRIES];	/* of B, of -A */
};

struct making {
	struct extended row[ROW];
	struct num before[ROW];
};

/* row[i] = (i + 1) * base; gives twice the last one as the next base. */
static struct entry fill_row(struct making *m, struct entry *row, u32 count, struct entry base)
{
	struct extended sum = neutral;
	struct num x, y;

	for (u32 i = 0; i < count; i++) {
		add_entry(&sum, &base, false);
		m->row[i] = sum;
	}
	invert_z(m->row, m->before, count);
	for (u32 i = 0; i < count; i++) {
		x = f_times(&m->row[i].x, &m->row[i].z);
		y = f_times(&m->row[i].y, &m->row[i].z);
		row[i] = entry_of(&x, &y);
	}
	add_entry(&sum, &row[count - 1], false);
	invert_z(&sum, m->before, 1);
	x = f_times(&sum.x, &sum.z);
	y = f_times(&sum.y, &sum.z);
	return entry_of(&x, &y);
}

static void fill(struct making *m, struct entry *to, struct entry base)
{
	for (unsigned w = 0; w + 1 < WINDOWS; w++, to += ROW)
		base = fill_row(m, to, ROW, base);
	fill_row(m, to, LAST_ROW, base);
}

static bool same(const struct num *a, const struct num *b)
{
	struct num x = f_whole(a), y = f_whole(b);

	return equal(&x, &y);
}

/* x of a point by its y and the lowest bit of x (RFC 8032, 5.1.3); false: there is none, or
 * it is one that is written in two ways, which is not for us. */
static bool find_x(struct num *x, const struct num *y, bool odd_x)
{
	struct num yy = f_times(y, y), above, under, square, back;

	if (!below(y, &q))
		return false;
	above = f_subtract(&yy, &one);
	under = f_times(&d, &yy);
	under = f_add(&under, &one);	/* never 0: -1/d is no square */
	under = f_inverse(&under);
	square = f_times(&above, &under);
	*x = raised(&square, &eighth, f_times);
	back = f_times(x, x);
	if (!same(&back, &square)) {
		*x = f_times(x, &root);
		back = f_times(x, x);
	}
	*x = f_whole(x);
	if (!same(&back, &square) || is_zero(x))
		return false;
	if ((x->w[0] & 1) != odd_x)
		*x = f_subtract(&q, x);
	return true;
}

static int fill_both(struct sig_ed_table *t, const u8 *key)
{
	struct making *m = malloc(sizeof *m);
	struct num y = le_read(key), x, base_x;
	bool odd_x = y.w[3] >> 63;
	int rc = m ? OOPS_FORMAT : -ENOMEM;

	y.w[3] &= ~(1ull << 63);
	if (m && find_x(&x, &y, odd_x) && find_x(&base_x, &base_y, false)) {
		x = f_subtract(&zero, &x);
		fill(m, t->base, entry_of(&base_x, &base_y));
		fill(m, t->key, entry_of(&x, &y));
		rc = 0;
	}
	free(m);
	return rc;
}

int sig_ed_table_make(struct sig_ed_table **ret, const u8 *key)
{
	struct sig_ed_table *t = malloc(sizeof *t);
	int rc = t ? fill_both(t, key) : -ENOMEM;

	if (rc)
		free(t);
	else
		*ret = t;
	return rc;
}

struct sig_ed_table *sig_ed_table_free(struct sig_ed_table *t)
{
	free(t);
	return NULL;
}

/* ---- signatures ---- */

struct choice {
	const struct entry *entry;
	bool minus;
};

/* The entries whose sum is u times the base of `row`, appended: how many there are now. They
 * are only asked for: the tables do not fit the nearest caches. */
static unsigned choose(struct choice *to, unsigned count, const struct entry *row,
		       const struct num *u)
{
	i16 digits[WINDOWS];

	digits_of(digits, u, WINDOWS, WIDTH);
	for (unsigned w = 0; w < WINDOWS; w++, row += ROW) {
		if (digits[w] == 0)
			continue;
		to[count] = (struct choice){ &row[abs(digits[w]) - 1], digits[w] < 0 };
		__builtin_prefetch(&to[count].entry->more);
		__builtin_prefetch(&to[count].entry->t);
		count++;
	}
	return count;
}

static unsigned choose_both(struct choice *to, const struct sig_item *item,
			    const struct num *s)
{
	const struct sig_ed_table *t = item->table;
	struct num h = l_wide(item->hash);
	unsigned count = choose(to, 0, t->base, s);

	return choose(to, count, t->key, &h);
}

/* One signature's entries are added while those of the next one are on their way. */
static void add_up(struct extended *sums, const struct sig_item *items, const struct num *s,
		   unsigned count)
{
	struct choice choices[2][2 * WINDOWS];
	unsigned n[2];

	n[0] = choose_both(choices[0], &items[0], &s[0]);
	for (unsigned i = 0; i < count; i++) {
		if (i + 1 < count)
			n[(i + 1) % 2] = choose_both(choices[(i + 1) % 2], &items[i + 1],
						     &s[i + 1]);
		sums[i] = neutral;
		for (unsigned j = 0; j < n[i % 2]; j++)
			add_entry(&sums[i], choices[i % 2][j].entry, choices[i % 2][j].minus);
	}
}

/* Is the point, packed (RFC 8032, 5.1.2), these octets? z is inverted. */
static bool packs_to(const struct extended *p, const u8 *octets)
{
	struct num x = f_times(&p->x, &p->z), y = f_times(&p->y, &p->z), want;

	x = f_whole(&x);
	y = f_whole(&y);
	y.w[3] |= x.w[0] << 63;
	want = le_read(octets);
	return equal(&y, &want);
}

void sig_ed25519(struct sig_item *items, unsigned count)
{
	struct extended sums[SIG_BATCH];
	struct num s[SIG_BATCH] = { 0 }, before[SIG_BATCH];
	bool ranges[SIG_BATCH];

	for (unsigned i = 0; i < count; i++) {
		s[i] = le_read(items[i].rs + 32);
		ranges[i] = below(&s[i], &order_l);	/* RFC 8032, 5.1.7, 1 */
		if (!ranges[i])
			s[i] = zero;
	}
	add_up(sums, items, s, count);
	invert_z(sums, before, count);
	for (unsigned i = 0; i < count; i++)
		items[i].verdict = ranges[i] && packs_to(&sums[i], items[i].rs) ? SIG_GOOD
										: SIG_REFUSED;
}
