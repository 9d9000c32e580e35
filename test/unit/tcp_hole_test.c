/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcp_hole_test.c - octets that never come, and how much is kept while they may. */
#include "tcp_make.h"

/* The other side has acknowledged what the capture never saw. */
static void acknowledged_hole(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side q, a;
	u32 got = 2;

	q = side_of(false, 5);
	a = side_of(true, 9000);
	for (unsigned i = 0; i < 4; i++)
		say(&a, 400);
	hello(&r, &q);
	hello(&r, &a);
	assert_int_equal(send(&r, &a, a.offset[2], a.offset[3]), FRAME_HELD);
	assert_int_equal(send_as(&r, &q, 0, 0, T_ACK, a.start + a.offset[3]), FRAME_MESSAGE);
	are_next(&r, &a, &got);
	assert_int_equal(r.out[0].sport, 53);
	assert_true(packets_counts(r.p)->stream_gaps == 1 && fate(&r, FRAME_PART) == 1);
	assert_int_equal(send(&r, &a, a.offset[3], a.len), FRAME_MESSAGE);
	are_next(&r, &a, &got);
	reader_end(&r);
	(void)state;
}

/* A hole that ends inside a message whose length is known does not lose the step,
 * however the next segment begins; a longer one does. */
static void hole_in_a_message(void **state)
{
	for (u32 hole = 100; hole <= 500; hole += 400) {
		struct reader r = reader_of(NULL);
		static struct side q, a;
		u32 got = 1, at = 202 + hole;

		q = side_of(false, 5);
		a = side_of(true, 9000);
		for (unsigned i = 0; i < 3; i++)
			say(&a, 400);
		hello(&r, &a);
		assert_int_equal(send(&r, &a, 0, 202), FRAME_HELD);
		assert_int_equal(send(&r, &a, at, a.len), FRAME_HELD);
		send_as(&r, &q, 0, 0, T_ACK, a.start + a.len);
		if (hole == 100) {
			are_next(&r, &a, &got);
			assert_int_equal(got, 3);
		}
		assert_int_equal(r.n, hole == 100 ? 2 : 0);
		assert_true(fate(&r, FRAME_HELD) == 0);
		assert_true(fate(&r, FRAME_LOST_SEGMENT) == (hole == 100 ? 1 : 2));
		reader_end(&r);
	}
	(void)state;
}

/* Without the other side's word the hole is given up when too much waits. */
static void hole_one_way(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got = 1;

	s = side_of(true, 0xfffff000u);
	for (unsigned i = 0; i < 50; i++)
		say(&s, 1190);
	hello(&r, &s);
	for (unsigned i = 1; i < 49; i++)
		assert_int_equal(send(&r, &s, s.offset[i], s.offset[i + 1]), FRAME_HELD);
	assert_true(fate(&r, FRAME_HELD) == 48);
	for (u32 n = 1; r.n == 0; n++)		/* parts of the last, until it is too much */
		send(&r, &s, s.offset[49], s.offset[49] + n);
	assert_true(packets_counts(r.p)->limits_reached == 1);
	are_next(&r, &s, &got);
	send(&r, &s, s.offset[49], s.len);
	are_next(&r, &s, &got);
	assert_int_equal(got, 50);
	reader_end(&r);
	(void)state;
}

/* ... or when it has lasted long and data go on. */
static void hole_that_lasts(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got = 1;

	s = side_of(true, 1);
	for (unsigned i = 0; i < 4; i++)
		say(&s, 100);
	hello(&r, &s);
	assert_int_equal(send(&r, &s, s.offset[1], s.offset[2]), FRAME_HELD);
	r.time_ns += STREAM_HOLE_NS;
	assert_int_equal(send(&r, &s, s.offset[2], s.offset[3]), FRAME_HELD);
	r.time_ns++;
	assert_int_equal(send(&r, &s, s.offset[3], s.len), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	assert_int_equal(got, 4);
	assert_true(fate(&r, FRAME_PART) == 2);
	reader_end(&r);
	(void)state;
}

static void end_behind_a_hole(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	struct payload late[8];

	s = side_of(true, 1);
	for (unsigned i = 0; i < 5; i++)
		say(&s, 100);
	hello(&r, &s);
	send(&r, &s, s.offset[1], s.offset[3]);
	send(&r, &s, s.offset[3], s.offset[3] + 50);
	packets_finish(r.p);
	assert_int_equal(packets_partial(r.p, late, 8), 2);
	assert_true(late[0].len == 100 && late[1].len == 100 && late[0].sport == 53);
	assert_memory_equal(late[1].data, s.at + s.offset[2] + 2, 100);
	assert_true(late[0].number == 2 && late[0].time_ns == T0);
	assert_true(fate(&r, FRAME_PART) == 1 && fate(&r, FRAME_LOST_SEGMENT) == 1);
	packets_recycle(r.p);
	reader_end(&r);
	(void)state;
}

/* A flood of SYNs drives out its own, not the streams that carry data. */
static void syn_flood(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side good, bad;
	static struct wire w;
	u32 got = 0;

	good = side_of(false, 100);
	say(&good, 200);
	hello(&r, &good);
	assert_int_equal(send(&r, &good, 0, 100), FRAME_HELD);
	bad = side_of(false, 1);
	for (u32 i = 0; i < STREAMS_MAX; i++) {
		segment_make(&w, &bad, 0, 0, T_SYN, 0);
		w.at[12] = 100;
		w.at[14] = (u8)(i >> 8);
		w.at[15] = (u8)i;
		w.at[20] = (u8)(i >> 16);
		assert_int_equal(read_wire(&r, 101, &w), FRAME_TCP_CONTROL);
	}
	assert_true(packets_counts(r.p)->limits_reached == STREAMS_MAX / 2 + 1);
	assert_int_equal(send(&r, &good, 100, 202), FRAME_MESSAGE);
	are_next(&r, &good, &got);
	reader_end(&r);
	(void)state;
}

/* Many streams hold a lot: the oldest are given up, the total stays in bounds. */
static void too_much_held(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 streams = STREAMS_OCTETS_MAX / 50000 + 200, got = 0;

	s = side_of(true, 1);
	say(&s, 50000);
	for (u32 i = 0; i < streams; i++) {
		s.port = (u16)(2000 + i);
		hello(&r, &s);
		for (u32 at = 0; at < 49000; at += 7000)
			assert_int_equal(send(&r, &s, at, at + 7000), FRAME_HELD);
	}
	assert_true(packets_counts(r.p)->limits_reached > 200);
	assert_true(fate(&r, FRAME_LOST_SEGMENT) == 7 * packets_counts(r.p)->limits_reached);
	assert_int_equal(send(&r, &s, 49000, s.len), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	r.time_ns += STREAM_TIMEOUT_NS + 1;
	s.port++;
	hello(&r, &s);
	packets_recycle(r.p);
	assert_true(fate(&r, FRAME_HELD) == 0);
	reader_end(&r);
	(void)state;
}

/* The same with segments behind a hole, from which a message begins when the stream
 * is given up. */
static void too_much_behind_holes(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 streams = STREAMS_OCTETS_MAX / 40000 + 200;

	s = side_of(true, 1);
	say(&s, 100);
	say(&s, 50000);
	for (u32 i = 0; i < streams; i++) {
		s.port = (u16)(2000 + i);
		hello(&r, &s);
		for (u32 at = s.offset[1]; at < 40000; at += 1400)
			assert_int_equal(send(&r, &s, at, at + 1400), FRAME_HELD);
	}
	assert_true(packets_counts(r.p)->limits_reached > 100);
	reader_end(&r);
	(void)state;
}

/* Segments of any kind in any order: the law holds and nothing is left over. */
static void any_segments(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s[2];
	static struct wire w;
	struct payload late[64];
	u64 seed = 31;

	for (int i = 0; i < 2; i++) {
		s[i] = side_of(i, 0xffffff00u);
		while (s[i].len < 5000)
			say(&s[i], 19 + upto(&seed, 400));
	}
	for (unsigned i = 0; i < 300000; i++) {
		const struct side *one = &s[upto(&seed, 2)];
		u32 from = upto(&seed, one->len), n = upto(&seed, 400);
		static const u8 flags[] = { 0, 0, 0, T_ACK, T_ACK, T_SYN, T_FIN, T_RST,
					    T_SYN | T_ACK };

		n = from + n > one->len ? one->len - from : n;
		segment_make(&w, one, from, from + n, flags[upto(&seed, COUNT(flags))],
			     one->start + upto(&seed, 6000));
		w.at[one->server ? 23 : 21] = (u8)upto(&seed, 40);	/* the client's port */
		if (upto(&seed, 2000) == 0)
			w.at[24 + upto(&seed, 4)] ^= (u8)chance(&seed);
		r.time_ns += chance(&seed) % (upto(&seed, 3000) ? 10000000 : 200 * SECOND);
		read_cut(&r, 101, w.at, upto(&seed, 20) ? w.len : 40 + upto(&seed, w.len - 39),
			 w.len);
		if (i % 128 == 0) {
			while (packets_partial(r.p, late, 64))
				;
			packets_recycle(r.p);
		}
	}
	assert_true(fate(&r, FRAME_MESSAGE) > 2000 && fate(&r, FRAME_PART) > 100);
	reader_end(&r);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acknowledged_hole), cmocka_unit_test(hole_in_a_message),
		cmocka_unit_test(hole_one_way), cmocka_unit_test(hole_that_lasts),
		cmocka_unit_test(end_behind_a_hole), cmocka_unit_test(syn_flood),
		cmocka_unit_test(too_much_held), cmocka_unit_test(too_much_behind_holes),
		cmocka_unit_test(any_segments),
	};

	return cmocka_run_group_tests_name("tcp hole", tests, NULL, NULL);
}
