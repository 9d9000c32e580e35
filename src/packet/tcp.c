/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcp.c - TCP connections on DNS ports (RFC 9293), both directions of each.
 *
 * Only what a reader of both sides' octets needs: where a direction begins (SYN),
 * what comes next (stream.c), what the other side has acknowledged, and when a
 * connection begins anew on the same ports (a SYN with another number). The end
 * (FIN, RST) changes nothing but who is given up first, since octets may still be
 * repeated or come late.
 *
 * Connections stand in three lists, given up in this order when there is no room:
 *   WAITING  a SYN without data (so a flood of SYNs only drives out its own), ended
 *   IDLE     in step, holds nothing
 *   HOLDING  a message or segments wait for more
 * When too many octets are held, the oldest of HOLDING is given up. */
#include "packet/stream.h"
#include "packet/table.h"

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define ACK 0x10

enum list { LIST_WAITING, LIST_IDLE, LIST_HOLDING };

struct conn {
	struct node node;	/* time: of the last segment */
	struct addr addr[2];	/* the lower first */
	u16 port[2];
	u8 flags;		/* PAYLOAD_ bits */
	u8 ended;		/* bit a side: FIN; both: RST */
	bool data;		/* some was seen */
	struct half half[2];	/* [i]: what addr[i] sends */
};

struct streams {
	struct table table;
	u64 octets;
	const struct conn *reading;	/* not to be given up just now */
	bool flushing;		/* one is being given up: no other is */
};

static int streams_open(struct packets *p)
{
	if (p->streams)
		return 0;
	p->streams = calloc(1, sizeof *p->streams);
	if (p->streams == NULL)
		return -ENOMEM;
	if (table_open(&p->streams->table, STREAMS_MAX / 2, sizeof(struct conn)) == 0)
		return 0;
	free(p->streams);
	p->streams = NULL;
	return -ENOMEM;
}

/* A walk in the direction that `side` sends in. */
static struct walk towards(struct packets *p, const struct conn *c, unsigned side)
{
	return (struct walk){
		.p = p, .flags = c->flags, .src = c->addr[side], .dst = c->addr[!side],
		.sport = c->port[side], .dport = c->port[!side], .ttl = c->half[side].ttl,
	};
}

static void flush(struct packets *p, struct conn *c, unsigned side)
{
	struct walk w = towards(p, c, side);

	p->streams->flushing = true;
	half_flush(&w, &c->half[side]);
	p->streams->flushing = false;
	c->half[side] = (struct half){ .step = STEP_NEW };
}

static void drop(struct packets *p, struct conn *c)
{
	flush(p, c, 0);
	flush(p, c, 1);
	table_remove(&p->streams->table, &c->node);
}

/* The oldest of the lists from `list` on, but for the one that is being read. */
static struct conn *oldest(const struct streams *s, unsigned list)
{
	for (; list <= LIST_HOLDING; list++) {
		struct conn *c = table_oldest(&s->table, list);

		if (c && c == s->reading)
			c = (struct conn *)c->node.newer;
		if (c)
			return c;
	}
	return NULL;
}

void streams_take(struct packets *p, u64 n)
{
	struct streams *s = p->streams;
	struct conn *c;

	s->octets += n;
	if (s->flushing)	/* what it holds only changes its place */
		return;
	while (s->octets > STREAMS_OCTETS_MAX && (c = oldest(s, LIST_HOLDING)) != NULL) {
		p->counts.limits_reached++;
		drop(p, c);
	}
}

void streams_give(struct packets *p, u64 n)
{
	p->streams->octets -= n;
}

static bool timed_out(const struct packets *p, const struct conn *c)
{
	return p->now_ns > c->node.time_ns &&
	       p->now_ns - c->node.time_ns > STREAM_TIMEOUT_NS;
}

void streams_expire(struct packets *p)
{
	for (unsigned list = LIST_WAITING; list <= LIST_HOLDING; list++) {
		struct conn *c;

		while ((c = table_oldest(&p->streams->table, list)) && timed_out(p, c))
			drop(p, c);
	}
}

void streams_finish(struct packets *p)
{
	struct conn *c;

	while ((c = oldest(p->streams, LIST_WAITING)) != NULL)
		drop(p, c);
}

void streams_free(struct packets *p)
{
	if (p->streams == NULL)
		return;
	streams_finish(p);
	table_close(&p->streams->table);
	free(p->streams);
	p->streams = NULL;
}

/* Which side of its connection sends: 0 when it has the lower address and port. */
static unsigned side_of(const struct walk *w)
{
	int order = memcmp(&w->src, &w->dst, sizeof w->src);

	return order ? order > 0 : w->sport > w->dport;
}

static struct conn *find(const struct walk *w, unsigned side, u64 *hash)
{
	const struct addr *ends[2] = { &w->src, &w->dst };
	u16 ports[2] = { w->sport, w->dport };
	const struct addr *a = ends[side], *b = ends[!side];
	u64 h = hash_bytes(w->p->key ^ ((u64)ports[side] << 16 | ports[!side]), a, sizeof *a);

	h = *hash = hash_bytes(h, b, sizeof *b);
	for (struct node *n = table_first(&w->p->streams->table, h); n; n = n->chain) {
		struct conn *c = (struct conn *)n;

		if (n->hash == h && c->port[0] == ports[side] && c->port[1] == ports[!side] &&
		    memcmp(&c->addr[0], a, sizeof *a) == 0 &&
		    memcmp(&c->addr[1], b, sizeof *b) == 0)
			return c;
	}
	return NULL;
}

static struct conn *add(struct walk *w, unsigned side, u64 hash)
{
	struct packets *p = w->p;
	struct table *t = &p->streams->table;
	struct conn *c;

	if (table_is_full(t)) {
		p->counts.limits_reached++;
		drop(p, oldest(p->streams, LIST_WAITING));
	}
	c = table_add(t, hash, w->f->time_ns, LIST_WAITING);
	if (c == NULL)
		return NULL;
	c->addr[side] = w->src;
	c->addr[!side] = w->dst;
	c->port[side] = w->sport;
	c->port[!side] = w->dport;
	c->flags = w->flags;
	return c;
}

/* RFC 9293, 3.10.7: a SYN begins a stream; another one, a stream anew. */
static void syn_read(struct packets *p, struct conn *c, unsigned side, u32 start, bool ack)
{
	struct half *h = &c->half[side];

	if (h->step != STEP_NEW) {
		if (h->syn && h->first == start)
			return;		/* repeated */
		if (!h->syn && h->first - start <= STREAM_OCTETS_MAX)
			return;		/* late: data of its stream came first */
		flush(p, c, side);
		if (!ack)
			flush(p, c, !side);
		c->ended = 0;
	}
	half_begin(p, h, start, true);
}

static void data_read(struct walk *w, struct conn *c, unsigned side, struct segment *s)
{
	struct half *h = &c->half[side];
	i32 ahead = (i32)(s->seq - h->next);

	if (h->step != STEP_NEW && (ahead > (i32)STREAM_WINDOW_MAX ||
				    ahead < -(i32)STREAM_WINDOW_MAX))
		flush(w->p, c, side);
	if (h->step == STEP_NEW)
		half_begin(w->p, h, s->seq, false);
	h->ttl = w->ttl;
	half_data(w, h, s);
}

/* What `side` has sent is acknowledged. With a SYN this is where it begins. */
static void ack_read(struct walk *w, struct conn *c, unsigned side, const u8 *tcp,
		     struct segment *s)
{
	struct half *h = &c->half[side];
	u32 ack = be32(tcp + 8);
	struct walk other;

	if (h->step == STEP_NEW) {
		if (tcp[13] & SYN)
			half_begin(w->p, h, ack, true);
		return;
	}
	other = towards(w->p, c, side);
	other.f = w->f;
	other.out = w->out;
	other.n = w->n;
	half_acked(&other, h, ack, s);
	w->n = other.n;
}

static void place(struct packets *p, struct conn *c, const struct walk *w)
{
	unsigned list = LIST_IDLE;

	if (half_holds(&c->half[0]) || half_holds(&c->half[1]))
		list = LIST_HOLDING;
	else if (c->ended == 3 || !c->data)
		list = LIST_WAITING;
	c->node.time_ns = w->f->time_ns;
	table_move(&p->streams->table, &c->node, list);
}

/* The frame's fate, once all that it set free was given out. */
static int fate_of(struct walk *w, struct half *h, struct segment *s, u32 wire)
{
	if (w->n)
		return FRAME_MESSAGE;
	if (wire == 0)
		return FRAME_TCP_CONTROL;
	if (s->stored) {
		s->stored->frames = 1 + w->others;
		return FRAME_HELD;
	}
	if (s->took == TOOK_WAITS && h->got) {
		h->frames += 1 + w->others;
		return FRAME_HELD;
	}
	if (s->took == TOOK_REPEAT)
		return !h->syn && (i32)(s->seq - h->first) < 0 ? FRAME_LOST_START
							       : FRAME_TCP_REPEAT;
	return w->have < w->wire ? FRAME_SNAPPED : half_lost(h);
}

static int conn_read(struct walk *w, const u8 *tcp)
{
	struct segment s = { .seq = be32(tcp + 4), .run = { w->at, w->have, w->wire } };
	struct packets *p = w->p;
	unsigned side = side_of(w);
	u8 flags = tcp[13];
	struct conn *c;
	u64 hash;
	int fate;

	p->now_ns = w->f->time_ns;
	c = find(w, side, &hash);
	if (c && timed_out(p, c)) {
		drop(p, c);
		c = NULL;
	}
	if (c == NULL && w->wire == 0 && !(flags & SYN))
		return FRAME_TCP_CONTROL;
	if (c == NULL)
		c = add(w, side, hash);
	if (c == NULL)
		return w->wire ? FRAME_LOST_SEGMENT : FRAME_TCP_CONTROL;
	p->streams->reading = c;
	if (flags & SYN)
		syn_read(p, c, side, ++s.seq, flags & ACK);
	c->data |= w->wire > 0;
	if (w->wire)
		data_read(w, c, side, &s);
	if (flags & ACK)
		ack_read(w, c, !side, tcp, &s);
	c->ended |= flags & RST ? 3 : flags & FIN ? 1u << side : 0;
	fate = fate_of(w, &c->half[side], &s, w->wire);
	place(p, c, w);
	p->streams->reading = NULL;
	return fate;
}

int tcp_read(struct walk *w)
{
	const u8 *tcp = w->at;
	u32 n;

	if (w->have < 20)
		return walk_short(w, 20, FRAME_BAD_TCP);
	n = (tcp[12] >> 4) * 4u;
	if (n < 20 || n > w->wire)
		return FRAME_BAD_TCP;
	w->sport = be16(tcp);
	w->dport = be16(tcp + 2);
	if (!port_is_dns(w->p, w->sport) && !port_is_dns(w->p, w->dport))
		return FRAME_NOT_DNS;
	if (w->have < n)
		return FRAME_SNAPPED;
	walk_skip(w, n);
	if (streams_open(w->p) < 0)
		return FRAME_LOST_SEGMENT;
	return conn_read(w, tcp);
}
