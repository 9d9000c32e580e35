/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packet.c - the reader of frames: its fast road, its counters, its views.
 *
 * Nine frames of ten in a DNS capture are Ethernet (perhaps one VLAN tag), IPv4
 * without options or IPv6 without extension headers, not fragmented, UDP, and to
 * or from the DNS port. fast() looks for exactly these and reads a handful of
 * fields at fixed places; whatever it does not like takes the long road through
 * link.c, ip.c, ..., which comes to the same result for them (a test says so).
 *
 * Cost: see bench/; nothing is allocated or copied on the fast road. */
#include "packet/walk.h"

#define ETHER 14
#define TAGGED 18
#define LINK_ETHERNET 1

static void ports_set(struct packets *p, const struct packets_conf *conf)
{
	static const u16 usual[] = { 53 };
	const u16 *ports = conf->ports ? conf->ports : usual;
	unsigned count = conf->ports ? conf->port_count : COUNT(usual);

	p->port = count ? ports[0] : 0;
	for (unsigned i = 0; i < count; i++)
		p->ports[ports[i] >> 6] |= 1ull << (ports[i] & 63);
	if (conf->mdns)
		p->ports[PORT_MDNS >> 6] |= 1ull << (PORT_MDNS & 63);
}

int packets_open(struct packets **ret, const struct packets_conf *conf)
{
	struct packets *p;

	if (conf->shares && conf->share >= conf->shares)
		return OOPS_RANGE;
	p = calloc(1, sizeof *p);
	if (p == NULL)
		return -ENOMEM;
	p->key = conf->key;
	p->share = conf->share;
	p->shares = conf->shares ? conf->shares : 1;
	ports_set(p, conf);
	*ret = p;
	return 0;
}

static void kept_free(struct packets *p)
{
	while (p->kept) {
		struct kept *k = p->kept;

		p->kept = k->next;
		free(k);
	}
}

struct packets *packets_free(struct packets *p)
{
	if (p == NULL)
		return NULL;
	fragments_free(p);
	streams_free(p);
	kept_free(p);
	free(p->more.at);
	free(p->late.at);
	free(p);
	return NULL;
}

void packets_keep(struct packets *p, struct kept *memory)
{
	memory->next = p->kept;
	p->kept = memory;
}

/* A place at the end of the list, or NULL past `max` or without memory. */
static struct payload *waiting_add(struct waiting *w, u32 max)
{
	if (w->count == w->cap) {
		u32 cap = w->cap ? w->cap * 2 : 64;
		struct payload *at;

		if (w->cap >= max)
			return NULL;
		at = realloc(w->at, cap * sizeof *at);
		if (at == NULL)
			return NULL;
		w->at = at;
		w->cap = cap;
	}
	return &w->at[w->count++];
}

static unsigned waiting_take(struct waiting *w, struct payload *out, unsigned max)
{
	unsigned n = (unsigned)min_u64(max, w->count - w->taken);

	if (n)
		memcpy(out, w->at + w->taken, n * sizeof *out);
	w->taken += n;
	return n;
}

void walk_payload(struct walk *w, const u8 *data, u32 have, u32 full, int transport)
{
	struct payload *to;

	if (w->out == NULL)
		to = waiting_add(&w->p->late, LATE_MAX);
	else if (w->n < PAYLOADS_A_FRAME_MAX)
		to = &w->out[w->n];
	else
		to = waiting_add(&w->p->more, MORE_MAX);
	w->n++;
	if (to == NULL) {
		w->p->counts.limits_reached++;
		return;
	}
	*to = (struct payload){
		.data = data, .len = have, .full_len = full,
		.time_ns = w->f->time_ns, .number = w->f->number, .file = w->f->file,
		.sport = w->sport, .dport = w->dport, .transport = (u8)transport,
		.flags = w->flags | (have < full ? PAYLOAD_PARTIAL : 0),
		.ttl = w->ttl, .src = w->src, .dst = w->dst,
	};
}

unsigned packets_more(struct packets *p, struct payload *out, unsigned max)
{
	return waiting_take(&p->more, out, max);
}

unsigned packets_partial(struct packets *p, struct payload *out, unsigned max)
{
	return waiting_take(&p->late, out, max);
}

void packets_settle(struct packets *p, int fate)
{
	count_move(p, FRAME_MESSAGE, fate, 1);
}

void packets_recycle(struct packets *p)
{
	if (unlikely(p->kept))
		kept_free(p);
	p->late.count = p->late.taken = 0;
	if (p->fragments)
		fragments_expire(p);
	if (p->streams)
		streams_expire(p);
}

void packets_finish(struct packets *p)
{
	if (p->fragments)
		fragments_finish(p);
	if (p->streams)
		streams_finish(p);
	must(p->counts.fate[FRAME_HELD] == 0);
}

const struct packets_counts *packets_counts(const struct packets *p)
{
	return &p->counts;
}

/* The transport header of a whole UDP datagram of `n` octets on a DNS port, after
 * an IP header that was good: fills *out, or false for the long road. */
static inline bool fast_udp(struct packets *p, const struct frame *f, const u8 *udp, u32 n,
			    struct payload *out)
{
	u16 sport = be16(udp), dport = be16(udp + 2);

	if (be16(udp + 4) != n || !one_is_dns(p, dport, sport))
		return false;
	out->data = udp + 8;
	out->len = out->full_len = n - 8;
	out->time_ns = f->time_ns;
	out->number = f->number;
	out->file = f->file;
	out->sport = sport;
	out->dport = dport;
	out->transport = TRANSPORT_UDP;
	out->flags = 0;
	return true;
}

static inline int fast4(struct packets *p, const struct frame *f, u32 at, struct payload *out)
{
	const u8 *ip = f->data + at;
	u32 total;

	if (f->cap < at + 28 || ip[0] != 0x45 || ip[9] != 17)
		return -1;
	total = be16(ip + 2);
	if (total < 28 || total > f->cap - at || (be16(ip + 6) & 0x3fff))
		return -1;
	if (p->shares > 1 && share_of4(p, ip + 12, ip + 16) != p->share)
		return FRAME_OTHER_SHARE;
	if (!fast_udp(p, f, ip + 20, total - 20, out))
		return -1;
	out->ttl = ip[8];
	out->src = addr_of4(ip + 12);
	out->dst = addr_of4(ip + 16);
	return FRAME_MESSAGE;
}

static inline int fast6(struct packets *p, const struct frame *f, u32 at, struct payload *out)
{
	const u8 *ip = f->data + at;
	u32 n;

	if (f->cap < at + 48 || ip[0] >> 4 != 6 || ip[6] != 17)
		return -1;
	n = be16(ip + 4);
	if (n < 8 || n > f->cap - at - 40)
		return -1;
	if (p->shares > 1 && share_of6(p, ip + 8, ip + 24) != p->share)
		return FRAME_OTHER_SHARE;
	if (!fast_udp(p, f, ip + 40, n, out))
		return -1;
	out->ttl = ip[7];
	out->src = addr_of6(ip + 8);
	out->dst = addr_of6(ip + 24);
	return FRAME_MESSAGE;
}

/* Ethernet with one tag at most: the type, and where its packet begins; 0 for the rest. */
static inline u16 fast_link(const struct frame *f, u32 *at)
{
	u16 type;

	if (unlikely(f->link != LINK_ETHERNET || f->cap < TAGGED))
		return 0;
	*at = ETHER;
	type = be16(f->data + 12);
	if (type != 0x8100)
		return type;
	*at = TAGGED;
	return be16(f->data + 16);
}

unsigned packet_share(const struct packets *p, const struct frame *f)
{
	u32 at = 0;
	u16 type = fast_link(f, &at);
	const u8 *ip = f->data + at;

	if (type == 0x0800 && f->cap >= at + 20 && ip[0] >> 4 == 4)
		return share_of4(p, ip + 12, ip + 16);
	if (type == 0x86dd && f->cap >= at + 40 && ip[0] >> 4 == 6)
		return share_of6(p, ip + 8, ip + 24);
	return SHARE_OPEN;
}

/* FRAME_MESSAGE with out[0], FRAME_OTHER_SHARE, or -1: take the long road. */
static inline int fast(struct packets *p, const struct frame *f, struct payload *out)
{
	u32 at = 0;
	u16 type = fast_link(f, &at);

	if (likely(type == 0x0800))
		return fast4(p, f, at, out);
	return type == 0x86dd ? fast6(p, f, at, out) : -1;
}

static __attribute__((noinline)) int slow(struct packets *p, const struct frame *f,
					  struct payload *out, unsigned *n)
{
	struct walk w = {
		.p = p, .f = f, .at = f->data, .have = f->cap, .wire = f->len, .out = out,
	};
	int fate;

	if (w.wire < w.have)
		w.wire = w.have;
	p->more.count = p->more.taken = 0;
	fate = link_read(&w);
	if (!w.shared && p->share != 0)
		return FRAME_OTHER_SHARE;
	if (fate == FRAME_OTHER_SHARE)
		return fate;
	if (w.others && fate != FRAME_HELD)
		count_move(p, FRAME_HELD, fate == FRAME_MESSAGE ? FRAME_PART : fate, w.others);
	*n = (unsigned)min_u64(w.n, PAYLOADS_A_FRAME_MAX);
	if (w.flags & PAYLOAD_TUNNELLED)
		p->counts.tunnelled++;
	return fate;
}

int packet_read(struct packets *p, const struct frame *f, struct payload *out, unsigned *n)
{
	int fate = fast(p, f, out);

	*n = 1;
	if (unlikely(fate != FRAME_MESSAGE)) {
		*n = 0;
		if (fate < 0)
			fate = slow(p, f, out, n);
		if (fate == FRAME_OTHER_SHARE)
			return fate;
	}
	p->now_ns = f->time_ns;
	p->counts.fate[fate]++;
	p->counts.frames++;
	p->counts.octets += f->len;
	return fate;
}
