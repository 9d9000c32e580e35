/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.h - frames made in memory for the tests of packet/ and source/.
 *
 * A wire is a run of octets that grows. The *_head() functions append a header for
 * a payload of n octets that the caller appends after it. */
#pragma once
#include "packet/packet.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define WIRE_MAX 70000
#define T0 1700000000000000000ull	/* when the tests begin */
#define SECOND 1000000000ull

struct wire {
	u32 len;
	u8 at[WIRE_MAX];
};

/* xorshift64: the tests are the same every time. */
static inline u64 chance(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	return *state ^= *state << 17;
}
static inline u32 upto(u64 *state, u32 n)	/* 0..n-1 */
{
	return (u32)(chance(state) >> 33) % n;
}

static inline void put(struct wire *w, const void *bytes, u32 n)
{
	must(w->len + n <= WIRE_MAX);
	if (n)
		memcpy(w->at + w->len, bytes, n);
	w->len += n;
}
static inline void put8(struct wire *w, unsigned v)
{
	put(w, &(u8){ (u8)v }, 1);
}
static inline void put16(struct wire *w, unsigned v)
{
	put8(w, v >> 8);
	put8(w, v & 255);
}
static inline void put32(struct wire *w, u32 v)
{
	put16(w, v >> 16);
	put16(w, v & 0xffff);
}
static inline void put_fill(struct wire *w, u8 c, u32 n)
{
	while (n--)
		put8(w, c);
}

static inline void ether_head(struct wire *w, unsigned type)
{
	put(w, "\x02\0\0\0\0\1\x02\0\0\0\0\2", 12);
	put16(w, type);
}

struct ip4 { u32 src, dst; u16 id, fragment; u8 protocol; };

static inline void ip4_head(struct wire *w, const struct ip4 *h, u32 n)
{
	put16(w, 0x4500);
	put16(w, 20 + n);
	put16(w, h->id);
	put16(w, h->fragment);
	put8(w, 64);
	put8(w, h->protocol);
	put16(w, 0);
	put32(w, h->src);
	put32(w, h->dst);
}

/* fd00::a to fd00::b */
static inline void ip6_head(struct wire *w, u8 a, u8 b, u8 next, u32 n)
{
	put32(w, 0x60000000);
	put16(w, n);
	put8(w, next);
	put8(w, 61);
	put8(w, 0xfd);
	put_fill(w, 0, 14);
	put8(w, a);
	put8(w, 0xfd);
	put_fill(w, 0, 14);
	put8(w, b);
}

static inline void udp_head(struct wire *w, u16 sport, u16 dport, u32 n)
{
	put16(w, sport);
	put16(w, dport);
	put16(w, 8 + n);
	put16(w, 0);
}

struct tcp { u16 sport, dport; u32 seq, ack; u8 flags; };
enum { T_FIN = 1, T_SYN = 2, T_RST = 4, T_ACK = 16 };

static inline void tcp_head(struct wire *w, const struct tcp *h)
{
	put16(w, h->sport);
	put16(w, h->dport);
	put32(w, h->seq);
	put32(w, h->ack);
	put8(w, 0x50);
	put8(w, h->flags);
	put16(w, 1024);
	put32(w, 0);
}

#define CLIENT 0xc0000205u	/* 192.0.2.5 */
#define SERVER 0xc6336435u	/* 198.51.100.53 */

/* An IPv4 packet with a query of n octets from CLIENT to SERVER, port 53. */
static inline void query4(struct wire *w, const void *message, u32 n)
{
	ip4_head(w, &(struct ip4){ CLIENT, SERVER, 1, 0, 17 }, 8 + n);
	udp_head(w, 4242, 53, n);
	put(w, message, n);
}
static inline void query6(struct wire *w, const void *message, u32 n)
{
	ip6_head(w, 5, 53, 17, 8 + n);
	udp_head(w, 4242, 53, n);
	put(w, message, n);
}

/* A message of n octets (n >= 19) that looks like one: a question for a long name,
 * and more octets after it where the name would be too long. */
static inline void message_make(u8 *to, u32 n, u16 id, bool response)
{
	u32 at = 12, end = n - 5 < 250 ? n - 5 : 250;	/* of the name's root */

	must(n >= 19);
	memset(to, 'a', n);
	memcpy(to, (u8[12]){ (u8)(id >> 8), (u8)id, response ? 0x81 : 1,
			     response ? 0x80 : 0, 0, 1 }, 12);
	while (at < end) {	/* never leaves one octet over */
		u32 label = end - at - 1 < 63 ? end - at - 1 : end - at == 65 ? 62 : 63;

		to[at] = (u8)label;
		at += 1 + label;
	}
	memcpy(to + end, "\0\0\1\0\1", 5);
}

struct reader {		/* a packets with the law checked at each step */
	struct packets *p;
	struct payload out[PAYLOADS_A_FRAME_MAX];
	unsigned n;
	u64 time_ns, number;
};

static inline void law(const struct packets *p)
{
	const struct packets_counts *c = packets_counts(p);
	u64 sum = 0;

	for (int i = 0; i < FRAME_FATE_COUNT; i++)
		sum += c->fate[i];
	assert_true(sum == c->frames);
}
static inline struct reader reader_of(const struct packets_conf *conf)
{
	struct reader r = { .time_ns = T0 };

	assert_int_equal(packets_open(&r.p, conf ? conf : &(struct packets_conf){ .share = 0 }),
			 0);
	return r;
}
static inline int read_cut(struct reader *r, u16 link, const u8 *data, u32 cap, u32 len)
{
	struct frame f = { .time_ns = r->time_ns, .data = data, .cap = cap, .len = len,
			   .link = link, .number = ++r->number };
	int fate = packet_read(r->p, &f, r->out, &r->n);

	law(r->p);
	return fate;
}
static inline int read_wire(struct reader *r, u16 link, const struct wire *w)
{
	return read_cut(r, link, w->at, w->len, w->len);
}
static inline u64 fate(const struct reader *r, int which)
{
	return packets_counts(r->p)->fate[which];
}
static inline void reader_end(struct reader *r)
{
	packets_finish(r->p);
	law(r->p);
	assert_true(fate(r, FRAME_HELD) == 0);
	r->p = packets_free(r->p);
}
