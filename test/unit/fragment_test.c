/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fragment_test.c - any way of cutting a datagram and any order of the pieces gives
 * the datagram; overlaps, contradictions, repeats, time and room; and what is lost
 * is told. */
#include "wire.h"

#define MESSAGE 3000
#define MORE 0x2000

static u8 message[MESSAGE];

struct bits {			/* a datagram to be sent in pieces */
	struct wire datagram;	/* UDP header and payload */
	u32 id;
	bool six;
	u8 last;		/* of the source address */
	u16 sport, dport;
};

static struct bits bits_of(bool six, u32 id, u32 n)
{
	struct bits b = { .six = six, .id = id, .last = 5, .sport = 53, .dport = 4000 };

	for (u32 i = 0; i < MESSAGE; i++)
		message[i] = (u8)(i * 7 + i / 256);
	udp_head(&b.datagram, b.sport, b.dport, n);
	put(&b.datagram, message, n);
	return b;
}

/* Sends the octets [from, to) of b, the last piece when it says so. */
static int send_as(struct reader *r, const struct bits *b, u32 from, u32 to, bool more)
{
	static struct wire w;
	u32 n = to - from;

	w.len = 0;
	if (b->six) {
		ip6_head(&w, b->last, 9, 44, 8 + n);
		put16(&w, 17 << 8);
		put16(&w, from | more);
		put32(&w, b->id);
	} else {
		ip4_head(&w, &(struct ip4){ 0x0a000000u | b->last, SERVER, (u16)b->id,
			 (u16)(from / 8 | (more ? MORE : 0)), 17 }, n);
	}
	put(&w, b->datagram.at + from, n);
	return read_wire(r, 101, &w);
}

static int send(struct reader *r, const struct bits *b, u32 from, u32 to)
{
	return send_as(r, b, from, to, to < b->datagram.len);
}

static void is_whole(const struct reader *r, u32 n)
{
	assert_int_equal(r->n, 1);
	assert_int_equal(r->out[0].len, n);
	assert_int_equal(r->out[0].full_len, n);
	assert_int_equal(r->out[0].flags, PAYLOAD_FRAGMENTED);
	assert_memory_equal(r->out[0].data, message, n);
}

struct cut { u32 from, to; };

static u32 cut_up(struct cut *cuts, u32 n, u64 *seed)
{
	u32 count = 0;

	for (u32 from = 0; from < n; count++) {
		u32 to = from + 8 * (1 + upto(seed, 60));

		cuts[count] = (struct cut){ from, to < n ? to : n };
		from = to;
	}
	for (u32 i = count; i > 1; i--) {
		u32 k = upto(seed, i);
		struct cut c = cuts[i - 1];

		cuts[i - 1] = cuts[k];
		cuts[k] = c;
	}
	return count;
}

static void any_order(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;
	u64 seed = 5;

	for (unsigned i = 0; i < 4000; i++) {
		static struct cut cuts[512];
		u32 n = 500 + upto(&seed, MESSAGE - 500), count;
		unsigned whole = 0;

		b = bits_of(i & 1, i, n);
		count = cut_up(cuts, b.datagram.len, &seed);
		for (u32 k = 0; k < count; k++) {
			int got;

			if (k && upto(&seed, 4) == 0) {	/* an exact repeat */
				const struct cut *c = &cuts[upto(&seed, k)];

				got = send(&r, &b, c->from, c->to);
				assert_int_equal(got, FRAME_HELD);
			}
			got = send(&r, &b, cuts[k].from, cuts[k].to);
			assert_int_equal(got, k + 1 < count ? FRAME_HELD : FRAME_MESSAGE);
			whole += got == FRAME_MESSAGE;
		}
		assert_int_equal(whole, 1);
		is_whole(&r, n);
		packets_recycle(r.p);
	}
	assert_true(packets_counts(r.p)->datagrams == 4000);
	assert_true(fate(&r, FRAME_HELD) == 0 && fate(&r, FRAME_LOST_FRAGMENT) == 0);
	assert_true(packets_counts(r.p)->fragments_overlapping == 0);
	reader_end(&r);
	(void)state;
}

/* IPv4: the octets that arrive first win. */
static void overlap4(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b, other;
	u8 want[1000];

	b = other = bits_of(false, 1, 1000);
	memset(other.datagram.at + 8, 'x', 1000);
	assert_int_equal(send(&r, &b, 0, 400), FRAME_HELD);
	assert_int_equal(send(&r, &other, 200, 600), FRAME_HELD);
	assert_int_equal(send(&r, &b, 504, 800), FRAME_HELD);
	assert_int_equal(send(&r, &other, 0, 400), FRAME_HELD);
	assert_int_equal(send(&r, &b, 800, 1008), FRAME_MESSAGE);
	memcpy(want, message, 1000);
	memset(want + 392, 'x', 200);	/* 400 to 600, less the UDP header */
	assert_memory_equal(r.out[0].data, want, 1000);
	assert_true(packets_counts(r.p)->fragments_overlapping == 3);
	assert_true(fate(&r, FRAME_PART) == 4);
	reader_end(&r);
	(void)state;
}

/* IPv6: the whole datagram is discarded, what comes later as well (RFC 5722). */
static void overlap6(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;
	struct payload late;
	struct fragment_loss loss;

	b = bits_of(true, 1, 1000);
	assert_int_equal(send(&r, &b, 0, 400), FRAME_HELD);
	assert_int_equal(send(&r, &b, 0, 400), FRAME_HELD);	/* a repeat is no overlap */
	assert_int_equal(send(&r, &b, 392, 800), FRAME_LOST_FRAGMENT);
	assert_int_equal(send(&r, &b, 400, 800), FRAME_LOST_FRAGMENT);
	assert_int_equal(send(&r, &b, 800, 1008), FRAME_LOST_FRAGMENT);
	assert_true(fate(&r, FRAME_LOST_FRAGMENT) == 5 && fate(&r, FRAME_HELD) == 0);
	assert_true(packets_counts(r.p)->fragments_overlapping == 1);
	assert_int_equal(packets_partial(r.p, &late, 1), 0);
	assert_int_equal(packets_fragments(r.p, &loss, 1), 1);
	assert_true(loss.fragments == 3 && !loss.first);
	reader_end(&r);
	(void)state;
}

static void atomic6(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;

	b = bits_of(true, 7, 100);
	assert_int_equal(send(&r, &b, 0, 48), FRAME_HELD);
	assert_int_equal(send_as(&r, &b, 0, 108, false), FRAME_MESSAGE);	/* by itself */
	assert_true(r.out[0].len == 100 && r.out[0].flags == 0);
	assert_int_equal(send(&r, &b, 48, 108), FRAME_MESSAGE);
	is_whole(&r, 100);
	assert_true(packets_counts(r.p)->fragments == 2);
	reader_end(&r);
	(void)state;
}

static void that_cannot_be(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;

	for (int six = 0; six < 2; six++) {
		b = bits_of(six, 1, 1000);
		b.datagram.len = 1024;
		assert_int_equal(send_as(&r, &b, 0, 401, true), FRAME_BAD_FRAGMENT);
		assert_int_equal(send_as(&r, &b, 400, 400, true), FRAME_BAD_FRAGMENT);
		assert_int_equal(send_as(&r, &b, 400, 400, false), FRAME_BAD_FRAGMENT);
		assert_int_equal(send_as(&r, &b, 400, 800, false), FRAME_HELD);	/* the end */
		assert_int_equal(send_as(&r, &b, 800, 808, true), FRAME_BAD_FRAGMENT);
		assert_int_equal(send_as(&r, &b, 304, 400, false), FRAME_BAD_FRAGMENT);
		assert_int_equal(send_as(&r, &b, 400, 808, false), FRAME_BAD_FRAGMENT);
	}
	assert_true(fate(&r, FRAME_BAD_FRAGMENT) == 12 && fate(&r, FRAME_HELD) == 2);
	reader_end(&r);
	assert_true(r.p == NULL);
	(void)state;
}

static void past_the_end(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w;

	ip4_head(&w, &(struct ip4){ 1, 2, 3, 0x1fff, 17 }, 16);	/* 65528 + 16 */
	put_fill(&w, 0, 16);
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_FRAGMENT);
	w.at[9] = 1;		/* ICMP: of no interest in pieces either */
	w.at[6] = 0x20;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_NOT_TRANSPORT);
	reader_end(&r);
	(void)state;
}

/* The first fragment says that it is not DNS: nothing is held, and all its
 * fragments say so, those before it too. */
static void other_ports(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;

	for (u32 i = 0; i < 2; i++) {
		b = bits_of(false, i, 1000);
		b.datagram.at[1] = 99;
		b.datagram.at[2] = i ? 0x14 : 0;	/* 5353 */
		b.datagram.at[3] = i ? 0xe9 : 7;
		assert_int_equal(send(&r, &b, 400, 800), FRAME_HELD);
		assert_int_equal(send(&r, &b, 0, 400), i ? FRAME_MDNS : FRAME_NOT_DNS);
		assert_true(fate(&r, FRAME_HELD) == 0);
		assert_int_equal(send(&r, &b, 800, 1008), i ? FRAME_MDNS : FRAME_NOT_DNS);
	}
	assert_true(fate(&r, FRAME_NOT_DNS) == 3 && fate(&r, FRAME_MDNS) == 3);
	b = bits_of(false, 0, 1000);		/* the same identification again */
	assert_int_equal(send(&r, &b, 0, 400), FRAME_HELD);
	assert_int_equal(send(&r, &b, 400, 1008), FRAME_MESSAGE);
	reader_end(&r);
	(void)state;
}

/* A capture that sees every frame twice. */
static void copies(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;

	b = bits_of(false, 1, 1000);
	assert_int_equal(send(&r, &b, 0, 400), FRAME_HELD);
	assert_int_equal(send(&r, &b, 0, 400), FRAME_HELD);
	assert_int_equal(send(&r, &b, 400, 1008), FRAME_MESSAGE);
	assert_int_equal(send(&r, &b, 400, 1008), FRAME_PART);
	assert_int_equal(send(&r, &b, 0, 400), FRAME_PART);
	r.time_ns += FRAGMENT_REPEAT_NS + 1;		/* now it is a new one */
	assert_int_equal(send(&r, &b, 0, 400), FRAME_HELD);
	assert_int_equal(send(&r, &b, 400, 1008), FRAME_MESSAGE);
	assert_true(fate(&r, FRAME_PART) == 5 && fate(&r, FRAME_MESSAGE) == 2);
	reader_end(&r);
	(void)state;
}

static void first_only(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;
	struct payload late[4];
	struct fragment_loss loss[4];

	b = bits_of(false, 1, 2000);
	assert_int_equal(send(&r, &b, 0, 808), FRAME_HELD);
	b.last = 6;
	assert_int_equal(send(&r, &b, 808, 1600), FRAME_HELD);
	r.time_ns += FRAGMENT_TIMEOUT_NS + 1;
	b.last = 7;
	assert_int_equal(send(&r, &b, 0, 808), FRAME_HELD);	/* the clock goes on */
	packets_recycle(r.p);
	law(r.p);
	assert_true(fate(&r, FRAME_LOST_FRAGMENT) == 2 && fate(&r, FRAME_HELD) == 1);
	assert_int_equal(packets_partial(r.p, late, 4), 1);
	assert_int_equal(packets_partial(r.p, late + 1, 3), 0);
	assert_true(late[0].len == 800 && late[0].full_len == 2000 && late[0].sport == 53);
	assert_int_equal(late[0].flags, PAYLOAD_PARTIAL | PAYLOAD_FRAGMENTED);
	assert_true(late[0].time_ns == T0 && late[0].number == 1);
	assert_int_equal(late[0].src.at[15], 5);
	assert_memory_equal(late[0].data, message, 800);
	assert_int_equal(packets_fragments(r.p, loss, 4), 2);
	assert_true(loss[0].first && loss[0].octets == 808 && loss[0].fragments == 1);
	assert_true(!loss[1].first && loss[1].octets == 792 && loss[1].src.at[15] == 6);
	packets_finish(r.p);
	assert_int_equal(packets_partial(r.p, late, 4), 1);
	assert_int_equal(packets_fragments(r.p, loss, 4), 1);
	reader_end(&r);
	(void)state;
}

static void cut_by_snap(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;
	static struct wire w;

	b = bits_of(false, 1, 1000);
	ip4_head(&w, &(struct ip4){ 1, 2, 1, MORE, 17 }, 400);
	put(&w, b.datagram.at, 400);
	assert_int_equal(read_cut(&r, 101, w.at, 128, w.len), FRAME_HELD);
	w.len = 0;
	ip4_head(&w, &(struct ip4){ 1, 2, 1, 400 / 8, 17 }, 608);
	put(&w, b.datagram.at + 400, 608);
	assert_int_equal(read_cut(&r, 101, w.at, 128, w.len), FRAME_MESSAGE);
	assert_true(r.out[0].len == 100 && r.out[0].full_len == 1000);
	assert_int_equal(r.out[0].flags, PAYLOAD_PARTIAL | PAYLOAD_FRAGMENTED);
	assert_memory_equal(r.out[0].data, message, 100);
	reader_end(&r);
	(void)state;
}

/* Fragments of a tunnel, and fragments in a tunnel. */
static void tunnels(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w, gre;

	put32(&gre, 0x00000800);
	query4(&gre, message, 600);
	for (u32 from = 0; from < gre.len; from += 320) {
		u32 n = gre.len - from < 320 ? gre.len - from : 320;
		bool more = from + n < gre.len;

		w.len = 0;
		ip4_head(&w, &(struct ip4){ 1, 2, 9, (u16)(from / 8 | (more ? MORE : 0)), 47 },
			 n);
		put(&w, gre.at + from, n);
		assert_int_equal(read_wire(&r, 101, &w), more ? FRAME_HELD : FRAME_MESSAGE);
	}
	assert_int_equal(r.out[0].flags, PAYLOAD_FRAGMENTED | PAYLOAD_TUNNELLED);
	assert_int_equal(r.out[0].len, 600);
	reader_end(&r);
	(void)state;
}

/* An outer datagram in pieces holds a piece of an inner one: the outer frames wait
 * for the inner datagram, and go where it goes. */
static void pieces_of_pieces(void **state)
{
	for (int finished = 0; finished < 2; finished++) {
		struct reader r = reader_of(NULL);
		static struct bits b;
		static struct wire inner, w;

		b = bits_of(false, 1, 1000);
		inner.len = 0;
		ip4_head(&inner, &(struct ip4){ 0x0a000005, SERVER, 1, MORE, 17 }, 400);
		put(&inner, b.datagram.at, 400);
		for (u32 from = 0; from < inner.len; from += 200) {
			u32 n = inner.len - from < 200 ? inner.len - from : 200;

			w.len = 0;
			ip4_head(&w, &(struct ip4){ 1, 2, 9, (u16)(from / 8 |
				 (from + n < inner.len ? MORE : 0)), 4 }, n);
			put(&w, inner.at + from, n);
			assert_int_equal(read_wire(&r, 101, &w), FRAME_HELD);
		}
		assert_true(fate(&r, FRAME_HELD) == 3);
		if (finished)
			assert_int_equal(send(&r, &b, 400, 1008), FRAME_MESSAGE);
		else
			packets_finish(r.p);
		assert_true(fate(&r, FRAME_HELD) == 0);
		assert_true(fate(&r, FRAME_PART) == (finished ? 3 : 0));
		assert_true(fate(&r, FRAME_LOST_FRAGMENT) == (finished ? 0 : 3));
		reader_end(&r);
	}
	(void)state;
}

static void the_limits(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;
	struct fragment_loss loss[64];
	u32 lost = 0, n;

	b = bits_of(false, 0, 2000);
	for (u32 i = 0; i < FRAGMENTED_MAX + 100; i++) {
		b.id = i;
		b.last = (u8)(i >> 16);
		assert_int_equal(send(&r, &b, 8, 1600), FRAME_HELD);
	}
	assert_true(fate(&r, FRAME_HELD) == FRAGMENTED_MAX);
	assert_true(fate(&r, FRAME_LOST_FRAGMENT) == 100);
	assert_true(packets_counts(r.p)->limits_reached == 100);
	b.id = 100;				/* the oldest that is left */
	assert_int_equal(send(&r, &b, 0, 8), FRAME_HELD);
	assert_int_equal(send(&r, &b, 1600, 2008), FRAME_MESSAGE);
	packets_finish(r.p);
	while ((n = packets_fragments(r.p, loss, 64)) != 0)
		lost += n;
	assert_true(lost == FRAGMENTED_MAX);	/* as many as the list holds */
	reader_end(&r);
	(void)state;
}

static void octets_and_pieces(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b;
	static struct wire w;
	u32 sent = 0;

	for (u32 i = 0; fate(&r, FRAME_LOST_FRAGMENT) == 0; i++, sent++) {
		w.len = 0;
		ip4_head(&w, &(struct ip4){ 1, 2, (u16)i, 1 | MORE, 17 }, 64000);
		put_fill(&w, 1, 64000);
		assert_int_equal(read_wire(&r, 101, &w), FRAME_HELD);
	}
	assert_true(sent > 250 && sent <= FRAGMENT_OCTETS_MAX / 64000 + 1);
	b = bits_of(false, 70000, MESSAGE);
	b.last = 77;
	for (u32 i = 1; i <= FRAGMENTS_A_DATAGRAM_MAX + 2; i++)
		assert_int_equal(send(&r, &b, 16 * i, 16 * i + 8),
				 i <= FRAGMENTS_A_DATAGRAM_MAX ? FRAME_HELD : FRAME_LOST_FRAGMENT);
	reader_end(&r);
	(void)state;
}

/* Whatever comes in whatever order: the law holds, and nothing waits at the end. */
static void any_fragments(void **state)
{
	struct reader r = reader_of(NULL);
	static struct bits b[2];
	u64 seed = 21;

	b[0] = bits_of(false, 0, MESSAGE);
	b[1] = bits_of(true, 0, MESSAGE);
	for (unsigned i = 0; i < 300000; i++) {
		struct bits *one = &b[upto(&seed, 2)];
		u32 from = 8 * upto(&seed, 10), n = upto(&seed, 3) ? 8 * upto(&seed, 20)
								    : upto(&seed, 160);

		one->id = upto(&seed, 20);
		one->datagram.at[1] = upto(&seed, 5) ? 53 : 54;
		r.time_ns += chance(&seed) % (upto(&seed, 5000) ? 50000000 : 40 * SECOND);
		send_as(&r, one, from, from + n, upto(&seed, 3));
		if (i % 64 == 0)
			packets_recycle(r.p);
	}
	assert_true(packets_counts(r.p)->datagrams > 500);
	reader_end(&r);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order), cmocka_unit_test(overlap4),
		cmocka_unit_test(overlap6), cmocka_unit_test(atomic6),
		cmocka_unit_test(that_cannot_be), cmocka_unit_test(past_the_end),
		cmocka_unit_test(other_ports), cmocka_unit_test(copies),
		cmocka_unit_test(first_only), cmocka_unit_test(cut_by_snap),
		cmocka_unit_test(tunnels), cmocka_unit_test(pieces_of_pieces),
		cmocka_unit_test(the_limits), cmocka_unit_test(octets_and_pieces),
		cmocka_unit_test(any_fragments),
	};

	return cmocka_run_group_tests_name("fragment", tests, NULL, NULL);
}
