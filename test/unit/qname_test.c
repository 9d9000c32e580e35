/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qname_test.c - names prepared for tables: lower case, hashes, domain; and the attack
 * that keyed hashes are there for. */
#include "base/hash.h"
#include "dns/name.h"
#include "dns/qname.h"
#include "draw.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define KEY 99

static struct suffixes *list(u64 key)
{
	static const char rules[] = "com\nco.uk\ngithub.io\n*.ck\n!www.ck\n";
	struct suffixes *s;

	assert_int_equal(suffixes_parse(&s, rules, sizeof rules - 1, key), 0);
	return s;
}

struct named { struct qname q; u8 lower[QNAME_LOWER]; };

/* Reads a copy of exact size into memory of exact size, for the sanitizer. */
static struct named *read_exact(const struct suffixes *s, const u8 *wire, unsigned len)
{
	u8 *copy = malloc(len);
	struct named *q = malloc(sizeof *q);

	assert_true(copy != NULL && q != NULL);
	memcpy(copy, wire, len);
	memset(q, 0xa5, sizeof *q);
	qname_read(&q->q, s, copy, len);
	qname_lower(&q->q, q->lower);
	free(copy);
	return q;
}

static unsigned random_name(u8 *wire, u64 *seed)
{
	unsigned most = 1 + (unsigned)draw_below(seed, 255), len = 0;

	for (;;) {
		unsigned label = 1 + (unsigned)draw_below(seed,
							  draw_below(seed, 8) ? 12 : 63);

		if (len + 1 + label + 1 > most)
			break;
		wire[len] = (u8)label;
		for (unsigned i = 1; i <= label; i++)
			wire[len + i] = (u8)(draw_below(seed, 3)
						     ? 'A' + draw_below(seed, 58)
						     : draw(seed));
		len += 1 + label;
	}
	wire[len] = 0;
	return len + 1;
}

static void test_random(void **state)
{
	struct suffixes *s = list(KEY);
	u64 seed = 3;

	(void)state;
	for (unsigned i = 0; i < 30000; i++) {
		u8 wire[NAME_WIRE_MAX], lower[NAME_WIRE_MAX], at[NAME_LABELS_MAX];
		unsigned len = random_name(wire, &seed), upper = 0;
		struct named *q = read_exact(s, wire, len), *again;
		int labels = name_labels(wire, len, at);

		name_lower(lower, wire, len);
		for (unsigned j = 0; j < len; j++)
			upper += lower[j] != wire[j];
		assert_int_equal(q->q.len, len);
		assert_int_equal(q->q.labels, labels);
		assert_memory_equal(q->lower, lower, len);
		assert_int_equal(q->q.upper, upper);
		assert_true(q->q.domain_at < len);
		assert_true(q->q.sub_labels <= labels);
		assert_int_equal(q->q.domain_at,
				 q->q.sub_labels < labels ? at[q->q.sub_labels] : len - 1);
		again = read_exact(s, lower, len);
		assert_true(again->q.hash == q->q.hash && again->q.domain == q->q.domain);
		assert_true(again->q.suffix == q->q.suffix && again->q.upper == 0);
		free(again);
		/* the domain's hash is that of the domain asked by itself */
		again = read_exact(s, q->lower + q->q.domain_at, len - q->q.domain_at);
		assert_true(again->q.hash == q->q.domain);
		free(again);
		free(q);
	}
	suffixes_free(s);
}

static void test_edges(void **state)
{
	struct suffixes *s = list(KEY);
	u8 wire[NAME_WIRE_MAX];
	struct named *q;

	(void)state;
	q = read_exact(s, (const u8 *)"", 1);
	assert_true(q->q.labels == 0 && q->q.domain_at == 0 && q->q.sub_labels == 0 &&
		    !q->q.listed);
	assert_true(q->q.hash == q->q.domain && q->q.domain == suffixes_root(s));
	free(q);
	for (unsigned i = 0; i < 254; i += 2)
		memcpy(wire + i, "\1a", 2);
	wire[254] = 0;
	q = read_exact(s, wire, 255);
	assert_true(q->q.labels == 127 && q->q.sub_labels == 125 && q->q.domain_at == 250);
	free(q);
	for (unsigned i = 0; i < 192; i += 64) {
		wire[i] = 63;
		memset(wire + i + 1, 'Z', 63);
	}
	wire[192] = 61;
	memset(wire + 193, 'Z', 61);
	wire[254] = 0;
	q = read_exact(s, wire, 255);
	assert_true(q->q.labels == 4 && q->q.upper == 250 && q->lower[1] == 'z');
	free(q);
	q = read_exact(s, (const u8 *)"\3LAN", 5);
	assert_true(q->q.domain == suffixes_root(s) && q->q.sub_labels == 1 &&
		    q->q.domain_at == 4);
	free(q);
	suffixes_free(s);
}

static int by_value(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

#define NAMES 200000u

/* Names that differ a little have different hashes, and the hashes are spread evenly. */
static void test_distinct(void **state)
{
	struct suffixes *s = list(KEY);
	u64 *hash = malloc(NAMES * sizeof *hash);
	unsigned bin[256] = { 0 };

	(void)state;
	assert_non_null(hash);
	for (u32 i = 0; i < NAMES; i++) {
		u8 wire[NAME_WIRE_MAX];
		char text[64];
		struct qname q;
		int n;

		snprintf(text, sizeof text, "%u.%s%u.com", i / 1000, i % 2 ? "a" : "a.a",
			 i % 1000);
		n = name_parse(text, wire);
		qname_read(&q, s, wire, (unsigned)n);
		hash[i] = q.hash;
		bin[q.hash >> 56]++;
	}
	qsort(hash, NAMES, sizeof *hash, by_value);
	for (u32 i = 1; i < NAMES; i++)
		assert_true(hash[i] != hash[i - 1]);
	for (unsigned i = 0; i < COUNT(bin); i++)	/* 781 each, 28 the deviation */
		assert_in_range(bin[i], 781 - 6 * 28, 781 + 6 * 28);
	free(hash);
	suffixes_free(s);
}

/* --- an attack ----------------------------------------------------------- */

/* A label of 16 octets: 8 of data, and 8 by which the hash, for who knows the root's,
 * comes out as `target`. False when an octet would be folded to lower case. */
static bool collide(u8 wire[NAME_WIRE_MAX], unsigned *len, u64 right, u64 target,
		    u64 data)
{
	u64 state = hash_mix((right ^ 16ull << 56) ^ data ^ HASH_A, HASH_B),
	    last = state ^ target;

	wire[0] = 16;
	memcpy(wire + 1, &data, 8);
	memcpy(wire + 9, &last, 8);
	for (unsigned i = 1; i <= 16; i++)
		if (wire[i] >= 'A' && wire[i] <= 'Z')
			return false;
	memcpy(wire + 17, "\7example\3com", 13);
	*len = 17 + 13;
	return true;
}

static u64 hash_of(const struct suffixes *s, const char *text)
{
	u8 wire[NAME_WIRE_MAX];
	struct qname q;
	int n = name_parse(text, wire);

	qname_read(&q, s, wire, (unsigned)n);
	return q.hash;
}

/* Who knows the key makes names that carry data and hash alike: a sample would hold
 * one of them. Who does not know it makes nothing of the kind. */
static void test_attack(void **state)
{
	struct suffixes *known = list(KEY), *secret = list(KEY + 1);
	u64 right = hash_of(known, "example.com"), target = 0x5555, seed = 8, last = 0;
	unsigned made = 0, alike = 0, alike_secret = 0, len = 0;
	struct qname q;

	(void)state;
	while (made < 1000) {
		u8 wire[NAME_WIRE_MAX];

		if (!collide(wire, &len, right, target, draw(&seed)))
			continue;
		qname_read(&q, known, wire, len);
		alike += made && q.hash == hash_mix(target ^ HASH_A, HASH_B);
		qname_read(&q, secret, wire, len);
		alike_secret += q.hash == last;
		last = q.hash;
		made++;
	}
	assert_int_equal(alike, 999);
	assert_int_equal(alike_secret, 0);
	suffixes_free(known);
	suffixes_free(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_distinct),
		cmocka_unit_test(test_attack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
