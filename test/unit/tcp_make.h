/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcp_make.h - what one side of a connection sends, in segments, for the TCP tests. */
#pragma once
#include "base/rd.h"
#include "wire.h"

#define STREAM_MAX 60000

struct side {			/* what one side sends */
	u8 at[STREAM_MAX];
	u32 len;
	u32 start;		/* sequence number of at[0] */
	bool server;
	u8 host;
	u16 port;		/* of the client */
	u32 messages;
	u32 offset[2000];	/* of each message's length field */
};

static inline struct side side_of(bool server, u32 start)
{
	return (struct side){ .start = start, .server = server, .host = 5, .port = 4000 };
}

static inline void say(struct side *s, u32 n)	/* a message of n octets more */
{
	must(s->len + 2 + n <= STREAM_MAX && s->messages < COUNT(s->offset));
	s->offset[s->messages] = s->len;
	s->at[s->len] = (u8)(n >> 8);
	s->at[s->len + 1] = (u8)n;
	message_make(s->at + s->len + 2, n, (u16)s->messages++, s->server);
	s->len += 2 + n;
}

/* A segment with the octets [from, to); `ack` of what the other side sent. */
static inline void segment_make(struct wire *w, const struct side *s, u32 from, u32 to,
				u8 flags, u32 ack)
{
	u32 client = 0x0a000000u | s->host;

	w->len = 0;
	ip4_head(w, &(struct ip4){ s->server ? SERVER : client, s->server ? client : SERVER, 0,
				   0, 6 }, 20 + to - from);
	tcp_head(w, &(struct tcp){ s->server ? 53 : s->port, s->server ? s->port : 53,
				   s->start + from, ack, flags });
	put(w, s->at + from, to - from);
}

static inline int send_as(struct reader *r, const struct side *s, u32 from, u32 to,
			  u8 flags, u32 ack)
{
	static struct wire w;

	segment_make(&w, s, from, to, flags, ack);
	return read_wire(r, 101, &w);
}

static inline int send(struct reader *r, const struct side *s, u32 from, u32 to)
{
	return send_as(r, s, from, to, 0, 0);
}

static inline int hello(struct reader *r, const struct side *s)
{
	struct side before = *s;

	before.start--;
	return send_as(r, &before, 0, 0, T_SYN, 0);
}

/* The next messages of s, from *got on, are what the reader has given. */
static inline void are_next(struct reader *r, const struct side *s, u32 *got)
{
	struct payload more[PAYLOADS_A_FRAME_MAX], *p = r->out;
	unsigned n = r->n;

	while (n) {
		for (unsigned i = 0; i < n; i++, ++*got) {
			const u8 *want = s->at + s->offset[*got];

			assert_true(*got < s->messages);
			assert_int_equal(p[i].len, be16(want));
			assert_int_equal(p[i].full_len, be16(want));
			assert_memory_equal(p[i].data, want + 2, p[i].len);
			assert_int_equal(p[i].transport, TRANSPORT_TCP);
			assert_int_equal(p[i].sport, s->server ? 53 : s->port);
			assert_true(p[i].number == r->number && p[i].time_ns == r->time_ns);
		}
		n = packets_more(r->p, more, COUNT(more));
		p = more;
	}
}
