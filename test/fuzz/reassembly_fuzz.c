/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reassembly_fuzz.c - fragments and segments that belong together, in any order.
 *
 * Each eight octets of the input make one frame: a fragment of one of a few
 * datagrams, or a segment of one of a few connections, with octets out of one long
 * stream of DNS messages, of which some are spoilt.
 *
 *   | what 1 | which 1 | from 2 | octets 2 | flags 1 | time, cut 1 |
 */
#include "base/rd.h"
#include "packets_law.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define STREAM 8192
static const u8 query[] = "\0\x1d\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1";

struct made { u8 at[STREAM + 128]; u32 len; };

static void put(struct made *m, const void *octets, u32 n)
{
	memcpy(m->at + m->len, octets, n);
	m->len += n;
}

static void put16(struct made *m, unsigned v)
{
	put(m, (u8[2]){ (u8)(v >> 8), (u8)v }, 2);
}

static void ip4(struct made *m, u8 host, u8 protocol, unsigned id, unsigned fragment, u32 n)
{
	put16(m, 0x4500);
	put16(m, 20 + n);
	put16(m, id);
	put16(m, fragment);
	put(m, (u8[12]){ 60, protocol, 0, 0, 10, 0, 0, host, 10, 0, 0, 9 }, 12);
}

static void ip6(struct made *m, u8 host, u8 next, u32 n)
{
	put(m, (u8[4]){ 0x60 }, 4);
	put16(m, n);
	put(m, (u8[34]){ next, 60, 0xfd, [17] = host, 0xfd, [33] = 9 }, 34);
}

static void segment(struct made *m, const u8 *op, const u8 *octets, u32 n, u32 from)
{
	u8 side = op[1] & 1, port = op[1] >> 1 & 3;

	if (op[1] & 0x80)
		ip6(m, 1, 6, 20 + n);
	else
		ip4(m, 1, 6, 0, 0, 20 + n);
	put16(m, side ? 53 : 2000 + port);
	put16(m, side ? 2000 + port : 53);
	put16(m, op[1] & 0x40 ? 0xffff : 1);	/* sequence numbers that wrap, or not */
	put16(m, 0xf000 + from);
	put16(m, op[1] & 0x40 ? 0 : 1);
	put16(m, be16(op + 4) * 2u);
	put(m, (u8[8]){ 0x50, op[6] & 0x17 }, 8);
	put(m, octets, n);
}

static void fragment(struct made *m, const u8 *op, const u8 *octets, u32 n, u32 from)
{
	bool more = op[6] & 1;

	if (op[6] & 2) {
		ip6(m, op[1] & 3, 44, 8 + n);
		put(m, (u8[2]){ op[6] & 4 ? 6 : 17, 0 }, 2);
		put16(m, (from & 0xfff8) | more);
		put16(m, 0);
		put16(m, op[1] >> 2 & 7);
	} else {
		ip4(m, op[1] & 3, op[6] & 4 ? 4 : 17, op[1] >> 2 & 7,
		    from / 8 | (more ? 0x2000 : 0), n);
	}
	put(m, octets, n);
}

/* The stream: DNS messages; behind them what looks like UDP and IP headers. */
static void stream_make(u8 *s)
{
	u32 at = 0;

	while (at + sizeof query <= STREAM) {
		memcpy(s + at, query, sizeof query - 1);
		at += sizeof query - 1;
	}
	memset(s + at, 0, STREAM - at);
	memcpy(s + 4096, (u8[8]){ 0, 53, 9, 9, 4, 0, 0, 0 }, 8);
	memcpy(s + 6144, (u8[20]){ 0x45, 0, 2, 0, 0, 1, 0x20, 0, 9, 17, 0, 0, 1, 1, 1, 1, 2, 2, 2,
				   2 }, 20);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static u8 stream[STREAM];
	static struct made m;
	struct packets *p = reader(0, 1);
	struct frame f = { .time_ns = 1700000000000000000ull, .link = 101, .data = m.at };

	stream_make(stream);
	for (const u8 *op = data; op + 8 <= data + size; op += 8) {
		u32 from = be16(op + 2) % STREAM, n = be16(op + 4) % 1600;
		u32 at = op[0] & 8 ? from : (from + op[0] * 128u) % STREAM;

		n = (u32)min_u64(n, STREAM - at);
		if (op[0] & 4)
			n &= ~7u;
		if (op[0] & 2)
			stream[at] ^= op[7];
		m.len = 0;
		if (op[0] & 1)
			segment(&m, op, stream + at, n, from);
		else
			fragment(&m, op, stream + at, n, from);
		f.len = f.cap = m.len;
		if ((op[7] & 0xc0) == 0xc0)
			f.cap -= op[7] % f.cap;
		f.time_ns += (op[7] & 0x3f) == 0x3f ? 31000000000ull : 1000000;
		f.number++;
		read_frame(p, &f);
		if (f.number % 16 == 0)
			batch_end(p);
	}
	reader_end(p);
	return 0;
}
