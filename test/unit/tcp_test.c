/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcp_test.c - any segmentation, order and repetition of a stream gives the same
 * messages; beginnings that were not seen, ends, new connections on the same ports.
 * Holes and limits: tcp_hole_test.c. */
#include "tcp_make.h"

struct cut { u32 from, to; };

/* The stream in segments; some overlap, come twice or out of order. */
static u32 cut_up(struct cut *cuts, const struct side *s, u64 *seed, u32 longest)
{
	u32 count = 0, before;

	for (u32 from = 0; from < s->len; count++) {
		u32 n = 1 + upto(seed, longest), back = upto(seed, 4) ? 0 : upto(seed, 50);

		cuts[count].from = from > back ? from - back : 0;
		from = from + n < s->len ? from + n : s->len;
		cuts[count].to = from;
	}
	before = count;
	for (u32 i = 0; i < before; i++)
		if (upto(seed, 8) == 0)
			cuts[count++] = cuts[upto(seed, before)];
	for (u32 i = 0; i < count; i++) {
		u32 k = i + upto(seed, upto(seed, 3) ? 2 : 12);
		struct cut c = cuts[i];

		if (k < count) {
			cuts[i] = cuts[k];
			cuts[k] = c;
		}
	}
	return count;
}

/* The other side acknowledges what has come so far, as a receiver does. */
static void acknowledge(struct reader *r, const struct side *s, bool *come, const struct cut *c)
{
	struct side other = side_of(!s->server, 1);
	u32 edge = 0;

	memset(come + c->from, true, c->to - c->from);
	while (edge < s->len && come[edge])
		edge++;
	other.port = s->port;
	assert_int_equal(send_as(r, &other, 0, 0, T_ACK, s->start + edge), FRAME_TCP_CONTROL);
}

static void any_way(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	static struct cut cuts[60000];
	static bool come[STREAM_MAX];
	u64 seed = 17;

	for (unsigned i = 0; i < 1500; i++) {
		u32 got = 0, count, longest = upto(&seed, 2) ? 1400 : 1 + upto(&seed, 60);

		s = side_of(i & 1, (u32)chance(&seed));
		if (i % 5 == 0)
			s.start = 0u - upto(&seed, 2000);	/* the numbers wrap */
		s.port = (u16)(1024 + i);
		do
			say(&s, 19 + upto(&seed, upto(&seed, 3) ? 300 : 3000));
		while (s.len < 8000 && upto(&seed, 12));
		hello(&r, &s);
		count = cut_up(cuts, &s, &seed, longest);
		memset(come, false, sizeof come);
		for (u32 k = 0; k < count; k++) {
			send(&r, &s, cuts[k].from, cuts[k].to);
			are_next(&r, &s, &got);
			if (i & 2)
				acknowledge(&r, &s, come, &cuts[k]);
			if (upto(&seed, 16) == 0)
				packets_recycle(r.p);
		}
		assert_int_equal(got, s.messages);
	}
	assert_true(fate(&r, FRAME_HELD) == 0 && fate(&r, FRAME_LOST_SEGMENT) == 0);
	assert_true(fate(&r, FRAME_LOST_START) == 0);
	assert_true(packets_counts(r.p)->stream_gaps == 0);
	assert_true(packets_counts(r.p)->limits_reached == 0);
	reader_end(&r);
	(void)state;
}

static void many_in_one(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got = 0;

	s = side_of(false, 1000);
	for (unsigned i = 0; i < 1000; i++)
		say(&s, 19 + i % 20);
	hello(&r, &s);
	assert_int_equal(send(&r, &s, 1, s.len), FRAME_HELD);
	assert_int_equal(send(&r, &s, 0, 1), FRAME_MESSAGE);
	assert_int_equal(r.n, PAYLOADS_A_FRAME_MAX);
	are_next(&r, &s, &got);
	assert_int_equal(got, 1000);
	assert_true(fate(&r, FRAME_PART) == 1);
	reader_end(&r);
	(void)state;
}

static void the_fates(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side q, a;
	u32 got = 0;

	q = side_of(false, 5);
	a = side_of(true, 9000);
	say(&q, 40);
	say(&a, 900);
	assert_int_equal(hello(&r, &q), FRAME_TCP_CONTROL);
	assert_int_equal(hello(&r, &a), FRAME_TCP_CONTROL);
	assert_int_equal(send(&r, &q, 0, 2), FRAME_HELD);	/* the length alone */
	assert_int_equal(send(&r, &q, 2, 42), FRAME_MESSAGE);
	are_next(&r, &q, &got);
	assert_int_equal(r.out[0].dport, 53);
	assert_int_equal(send(&r, &q, 2, 42), FRAME_TCP_REPEAT);
	assert_int_equal(send(&r, &q, 41, 42), FRAME_TCP_REPEAT);	/* keep-alive */
	assert_int_equal(send(&r, &a, 0, 500), FRAME_HELD);
	assert_int_equal(send(&r, &a, 500, 902), FRAME_MESSAGE);
	got = 0;
	are_next(&r, &a, &got);
	assert_int_equal(send_as(&r, &q, 42, 42, T_FIN | T_ACK, 9902), FRAME_TCP_CONTROL);
	assert_int_equal(send_as(&r, &a, 902, 902, T_RST, 0), FRAME_TCP_CONTROL);
	assert_int_equal(send(&r, &a, 500, 902), FRAME_TCP_REPEAT);	/* after the end */
	assert_true(fate(&r, FRAME_PART) == 2 && fate(&r, FRAME_MESSAGE) == 2);
	assert_true(packets_counts(r.p)->streams == 2);
	q.port = 4001;
	assert_int_equal(send_as(&r, &q, 42, 42, T_ACK, 0), FRAME_TCP_CONTROL);
	assert_true(packets_counts(r.p)->streams == 2);
	reader_end(&r);
	(void)state;
}

static void fast_open(void **state)	/* RFC 7413 */
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got = 0;

	s = side_of(false, 77);
	say(&s, 50);
	say(&s, 60);
	s.start--;		/* the SYN has a number; its data come after it */
	assert_int_equal(send_as(&r, &s, 0, 52, T_SYN, 0), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	s.start++;
	assert_int_equal(send(&r, &s, 0, 52), FRAME_TCP_REPEAT);
	assert_int_equal(send(&r, &s, 52, 114), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	reader_end(&r);
	(void)state;
}

static void began_before(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got;

	s = side_of(true, 4000000000u);
	for (unsigned i = 0; i < 6; i++)
		say(&s, 300 + i);
	got = 2;		/* the end of the second is the first to be seen */
	assert_int_equal(send(&r, &s, s.offset[1] + 100, s.offset[2]), FRAME_LOST_START);
	assert_int_equal(send(&r, &s, s.offset[2], s.offset[3]), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	assert_int_equal(send(&r, &s, s.offset[1], s.offset[1] + 50), FRAME_LOST_START);
	assert_int_equal(send(&r, &s, s.offset[3], s.offset[3] + 100), FRAME_HELD);
	assert_int_equal(send(&r, &s, s.offset[3] + 100, s.len), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	assert_int_equal(got, 6);
	reader_end(&r);
	(void)state;
}

/* A beginning of less than 14 octets is believed when what follows bears it out. */
static void tentative(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got = 1;

	s = side_of(false, 10);
	say(&s, 100);
	say(&s, 100);
	assert_int_equal(send(&r, &s, 102, 104), FRAME_HELD);
	assert_int_equal(send(&r, &s, 104, 204), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	s.port++;		/* two octets that could be a length, and are not */
	assert_int_equal(send(&r, &s, 90, 92), FRAME_HELD);
	assert_int_equal(send(&r, &s, 92, 102), FRAME_LOST_START);
	assert_true(fate(&r, FRAME_LOST_START) == 2);
	assert_int_equal(send(&r, &s, 102, 204), FRAME_MESSAGE);
	got = 1;
	are_next(&r, &s, &got);
	reader_end(&r);
	(void)state;
}

static void text_is_no_message(void **state)
{
	static const char *const texts[] = {
		"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", "SSH-2.0-OpenSSH_9.2p1 Debian",
		"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", "EHLO mail.example.net and more",
	};
	struct reader r = reader_of(NULL);
	static struct side s;

	for (u16 i = 0; i < COUNT(texts); i++) {
		s = side_of(false, 10);
		s.port = (u16)(4000 + i);
		s.len = (u32)strlen(texts[i]);
		memcpy(s.at, texts[i], s.len);
		assert_int_not_equal(send(&r, &s, 0, s.len), FRAME_MESSAGE);
	}
	packets_finish(r.p);
	assert_true(fate(&r, FRAME_LOST_START) == COUNT(texts));
	reader_end(&r);
	(void)state;
}

static void ports_again(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got = 0;

	s = side_of(false, 1000);
	say(&s, 100);
	hello(&r, &s);
	assert_int_equal(send(&r, &s, 0, 50), FRAME_HELD);
	s.start = 5000;			/* near enough to look like the same stream */
	assert_int_equal(hello(&r, &s), FRAME_TCP_CONTROL);
	assert_true(fate(&r, FRAME_LOST_SEGMENT) == 1);
	assert_int_equal(send(&r, &s, 0, 102), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	assert_int_equal(hello(&r, &s), FRAME_TCP_CONTROL);	/* a repeated SYN */
	assert_int_equal(send(&r, &s, 0, 102), FRAME_TCP_REPEAT);
	s.start = 0x80000000u;		/* far off, without a SYN */
	got = 0;
	assert_int_equal(send(&r, &s, 0, 102), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	assert_true(packets_counts(r.p)->streams == 3);
	r.time_ns += STREAM_TIMEOUT_NS + 1;	/* forgotten */
	assert_int_equal(send(&r, &s, 0, 102), FRAME_MESSAGE);
	reader_end(&r);
	(void)state;
}

static void syn_comes_late(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	u32 got = 0;

	s = side_of(false, 1000);
	say(&s, 100);
	say(&s, 100);
	assert_int_equal(send(&r, &s, 0, 102), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	assert_int_equal(hello(&r, &s), FRAME_TCP_CONTROL);
	assert_int_equal(send(&r, &s, 102, 204), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	reader_end(&r);
	(void)state;
}

static void short_message(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;

	s = side_of(false, 1);
	memset(s.at, 0, 5000);		/* 2,500 messages of no octets? */
	s.len = 5000;
	hello(&r, &s);
	assert_int_equal(send(&r, &s, 0, 5000), FRAME_MESSAGE);
	assert_true(r.n == 1 && r.out[0].len == 0);
	s.len = 5000;
	say(&s, 64);
	assert_int_equal(send(&r, &s, 5000, s.len), FRAME_MESSAGE);	/* in step again */
	assert_true(r.n == 1 && r.out[0].len == 64);
	reader_end(&r);
	(void)state;
}

static void cut_by_snap(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	static struct wire w;
	u32 got = 1;

	s = side_of(true, 1);
	for (unsigned i = 0; i < 3; i++)
		say(&s, 500);
	hello(&r, &s);
	segment_make(&w, &s, 0, s.offset[1], 0, 0);
	assert_int_equal(read_cut(&r, 101, w.at, 96, w.len), FRAME_MESSAGE);
	assert_true(r.n == 1 && r.out[0].len == 96 - 42 && r.out[0].full_len == 500);
	assert_int_equal(r.out[0].flags, PAYLOAD_PARTIAL);
	assert_memory_equal(r.out[0].data, s.at + 2, 54);
	assert_int_equal(send(&r, &s, s.offset[1], s.offset[2]), FRAME_MESSAGE);
	are_next(&r, &s, &got);
	segment_make(&w, &s, s.offset[2], s.offset[2] + 250, 0, 0);
	assert_int_equal(read_cut(&r, 101, w.at, 42, w.len), FRAME_SNAPPED);
	assert_int_equal(send(&r, &s, s.offset[2] + 250, s.len), FRAME_LOST_SEGMENT);
	reader_end(&r);
	(void)state;
}

static void broken_headers(void **state)
{
	struct reader r = reader_of(NULL);
	static struct side s;
	static struct wire w;

	s = side_of(false, 1);
	say(&s, 60);
	segment_make(&w, &s, 0, s.len, 0, 0);
	w.at[32] = 0x40;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_TCP);
	w.at[32] = 0xf0;		/* options: they take the whole message */
	assert_int_not_equal(read_wire(&r, 101, &w), FRAME_BAD_TCP);
	w.at[22] = 0;
	w.at[23] = 54;			/* another port */
	assert_int_equal(read_wire(&r, 101, &w), FRAME_NOT_DNS);
	w.at[2] = 0;
	w.at[3] = 39;
	w.len = 39;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_TCP);
	reader_end(&r);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_way), cmocka_unit_test(many_in_one),
		cmocka_unit_test(the_fates), cmocka_unit_test(fast_open),
		cmocka_unit_test(began_before), cmocka_unit_test(tentative),
		cmocka_unit_test(text_is_no_message), cmocka_unit_test(ports_again),
		cmocka_unit_test(syn_comes_late), cmocka_unit_test(short_message),
		cmocka_unit_test(cut_by_snap), cmocka_unit_test(broken_headers),
	};

	return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
