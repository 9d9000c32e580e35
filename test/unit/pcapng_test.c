/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcapng_test.c - sections, interfaces, units of time and all kinds of packet blocks;
 * broken blocks are told and passed over; any damage to any file ends well. */
#include "file_make.h"

/* Blocks of a pcapng file. */
static void block(struct wire *w, bool big, u32 type, const struct wire *body)
{
	u32 pad = (4 - body->len % 4) % 4, total = 12 + body->len + pad;

	in32(w, big, type);
	in32(w, big, total);
	put(w, body->at, body->len);
	put_fill(w, 0, pad);
	in32(w, big, total);
}

static void section(struct wire *w, bool big)
{
	static struct wire b;

	b.len = 0;
	in32(&b, big, 0x1a2b3c4d);
	in16(&b, big, 1);
	in16(&b, big, 0);
	put_fill(&b, 0xff, 8);
	block(w, big, 0x0a0d0d0a, &b);
}

/* resolution 0: no option; offset in seconds. */
static void interface(struct wire *w, bool big, u16 link, u8 resolution, u32 offset)
{
	static struct wire b;

	b.len = 0;
	in16(&b, big, link);
	in16(&b, big, 0);
	in32(&b, big, 40);
	in16(&b, big, 2);		/* a name, to be passed over */
	in16(&b, big, 5);
	put(&b, "eth0!\0\0\0", 8);
	if (resolution) {
		in16(&b, big, 9);
		in16(&b, big, 1);
		put(&b, &resolution, 1);
		put_fill(&b, 0, 3);
	}
	if (offset) {
		in16(&b, big, 14);
		in16(&b, big, 8);
		in32(&b, big, big ? 0 : offset);
		in32(&b, big, big ? offset : 0);
	}
	in32(&b, big, 0);
	block(w, big, 1, &b);
}

static void packet(struct wire *w, bool big, u32 which, u64 units, u32 n)
{
	static struct wire b;

	b.len = 0;
	in32(&b, big, which);
	in32(&b, big, (u32)(units >> 32));
	in32(&b, big, (u32)units);
	in32(&b, big, n);
	in32(&b, big, n + 1);
	put_fill(&b, (u8)n, n);
	block(w, big, 6, &b);
}

static void pcapng_whole(void **state)
{
	static struct wire w, b;
	struct frame f[16];
	struct source *s;
	static const struct { u16 link; u64 ns; u32 cap, len; } want[] = {
		{ 1, 1500000000123456000, 3, 4 }, { 113, 1500000000123456789, 4, 5 },
		{ 101, 1500000000500000000, 5, 6 }, { 1, 7000000000, 6, 7 },
		{ 113, 1600000001000000000, 7, 8 }, { 1, 1600000001000000000, 9, 9 },
		{ 1, 1600000001000000000, 40, 60 }, { 1, 1500000002000000000, 11, 12 },
	};

	section(&w, false);
	interface(&w, false, 1, 0, 0);			/* microseconds */
	interface(&w, false, 113, 9, 0);
	interface(&w, false, 101, 0x80 | 20, 0);	/* 2^-20 s */
	interface(&w, false, 1, 0x80, 0);		/* seconds */
	packet(&w, false, 0, 1500000000123456, 3);
	packet(&w, false, 1, 1500000000123456789, 4);
	packet(&w, false, 2, (1500000000ull << 20) | 1 << 19, 5);
	packet(&w, false, 3, 7, 6);
	section(&w, true);
	interface(&w, true, 1, 6, 0);
	interface(&w, true, 113, 3, 1600000000);	/* milliseconds after that */
	packet(&w, true, 1, 1000, 7);
	put_fill(&b, 1, 40);				/* a kind that nobody knows */
	block(&w, true, 0x0bad, &b);
	b.len = 0;
	put32(&b, 9);
	put_fill(&b, 9, 9);
	block(&w, true, 3, &b);				/* simple */
	b.len = 0;
	put32(&b, 60);
	put_fill(&b, 9, 60);
	block(&w, true, 3, &b);				/* simple, cut at 40 */
	b.len = 0;
	put32(&b, 0x00000005);				/* interface 0, 5 dropped */
	put32(&b, (u32)(1500000002000000 >> 32));
	put32(&b, (u32)1500000002000000);
	put32(&b, 11);
	put32(&b, 12);
	put_fill(&b, 11, 11);
	block(&w, true, 2, &b);				/* obsolete */
	s = opened(file_of(&w));
	assert_string_equal(source_kind_of(s)->id, "pcapng");
	assert_int_equal(source_read(s, f, 16), COUNT(want));
	for (u32 i = 0; i < COUNT(want); i++) {
		assert_int_equal(f[i].link, want[i].link);
		assert_true(f[i].time_ns == want[i].ns);
		assert_int_equal(f[i].cap, want[i].cap);
		assert_int_equal(f[i].len, want[i].len);
		assert_int_equal(f[i].number, i + 1);
		assert_int_equal(f[i].data[0], i == 6 ? 9 : want[i].cap);
	}
	assert_int_equal(source_read(s, f, 16), 0);
	source_close(s);
	(void)state;
}

/* A broken block is told, and the next one is read. */
static void pcapng_broken(void **state)
{
	static struct wire w, b;
	struct frame f[16];
	struct source *s;

	section(&w, false);
	interface(&w, false, 1, 0, 0);
	packet(&w, false, 0, 1, 3);
	packet(&w, false, 4, 2, 3);			/* no interface 4 */
	packet(&w, false, 0, 3, 3);
	w.at[w.len - 1] = 9;				/* two lengths */
	packet(&w, false, 0, 4, 3);
	in32(&b, false, 0);
	put_fill(&b, 0, 8);
	in32(&b, false, 5000);				/* longer than its block */
	put_fill(&b, 0, 8);
	block(&w, false, 6, &b);
	packet(&w, false, 0, 5, 3);
	s = opened(file_of(&w));
	assert_int_equal(source_read(s, f, 16), 1);
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_true(source_trouble(s)->goes_on && source_trouble(s)->frame == 2);
	assert_string_equal(source_trouble(s)->text, "frame 2: the block at offset 100 is "
			    "broken (no such interface) and was passed over");
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_int_equal(source_read(s, f, 16), 1);
	assert_int_equal(f[0].number, 4);
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_int_equal(source_read(s, f, 16), 1);
	assert_int_equal(f[0].number, 6);
	assert_int_equal(source_read(s, f, 16), 0);
	source_close(s);
	put(&w, "\6\0\0\0\7\0\0\0....", 12);		/* a length that cannot be */
	s = opened(file_of(&w));
	for (int i = 0; i < 6; i++)
		source_read(s, f, 16);
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_false(source_trouble(s)->goes_on);
	assert_int_equal(source_read(s, f, 16), 0);
	source_close(s);
	(void)state;
}

static void pcapng_many_broken(void **state)
{
	static struct wire w;
	struct frame f[16];
	struct source *s;
	unsigned told = 0;
	int n;

	section(&w, false);
	for (unsigned i = 0; i < 100; i++)
		packet(&w, false, 0, i, 3);		/* no interface at all */
	s = opened(file_of(&w));
	while ((n = source_read(s, f, 16)) != 0) {
		assert_true(n < 0);
		told++;
	}
	assert_int_equal(told, 17);
	assert_string_equal(source_trouble(s)->text, "84 more broken places were passed over");
	source_close(s);
	(void)state;
}

/* Any change of an octet, any end: no crash, and it ends. */
static void any_damage(void **state)
{
	static struct wire good, w;
	struct frame f[16];
	u64 seed = 13;

	for (unsigned i = 0; i < 6000; i++) {
		struct source_error e;
		struct source *s;
		u64 octets = 0;

		good.len = 0;
		if (i & 1) {
			pcap_head(&good, &kinds[i % COUNT(kinds)], 1);
			for (u32 r = 0; r < 9; r++)
				record(&good, &kinds[i % COUNT(kinds)], r, 30);
		} else {
			section(&good, i & 2);
			interface(&good, i & 2, 1, 6, 0);
			for (u32 r = 0; r < 9; r++)
				packet(&good, i & 2, 0, r, 30);
		}
		w = good;
		for (u32 k = 1 + upto(&seed, 3); k; k--)
			w.at[upto(&seed, w.len)] = (u8)chance(&seed);
		w.len = upto(&seed, 4) ? w.len : upto(&seed, w.len);
		if (source_open(&s, file_of(&w), 0, &e) < 0)
			continue;
		for (int n = 1, rounds = 0; n; rounds++) {
			n = source_read(s, f, 16);
			assert_true(rounds < 200);
			for (int k = 0; k < n; k++)
				for (u32 o = 0; o < f[k].cap; o++)
					octets += f[k].data[o];
		}
		assert_true(octets < 1u << 24);
		source_close(s);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcapng_whole), cmocka_unit_test(pcapng_broken),
		cmocka_unit_test(pcapng_many_broken), cmocka_unit_test(any_damage),
	};

	return cmocka_run_group_tests_name("pcapng", tests, NULL, NULL);
}
