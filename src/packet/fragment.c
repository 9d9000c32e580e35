/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fragment.c - datagrams put together from IP fragments (RFC 791, 3.2; RFC 8200,
 * 4.5), bounded in number, octets and event time.
 *
 *   offset    0        1480      2960     4000 = end, known from the last
 *             | piece  |  piece  |  ....  |
 *
 * Pieces keep their octets until 0..end is covered; then they are copied into one
 * buffer and the walk goes on in it. What overlaps:
 *   IPv4   the octets that arrived first win; counted
 *   IPv6   the whole datagram is discarded, also what comes later (RFC 5722)
 * An exact repeat of a piece is neither. A fragment that contradicts what is known
 * of the end is BAD_FRAGMENT by itself.
 *
 * States of a datagram:
 *   OPEN    waits; gives its frames back as LOST_FRAGMENT when it is given up
 *   OTHER   its first fragment shows that it is not DNS: nothing is kept
 *   DONE    put together; takes repeats for FRAGMENT_REPEAT_NS
 *   DEAD    discarded; takes what comes later as LOST_FRAGMENT
 *
 * Pieces cut by the snap length are taken too: the datagram then ends, as a
 * PARTIAL one, at the first octet that is missing. */
#include "packet/walk.h"
#include "packet/table.h"

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define DATAGRAM_MAX 65535u

enum state { OPEN, OTHER, DONE, DEAD };
enum list { LIST_OPEN, LIST_CLOSED };

struct piece {
	struct piece *before;	/* the one that arrived before it */
	struct piece *after;	/* the one with the next higher offset */
	u32 from, have, wire;
	u8 data[];
};

struct datagram {
	struct node node;	/* time: of the first to arrive, or when DONE */
	struct addr src, dst;
	u32 id;
	u8 protocol, version, state, ttl, flags;
	u8 fate;		/* OTHER, DONE: of frames that come now */
	u16 file;		/* frame that brought offset 0 */
	u64 number, time_ns;
	struct piece *newest, *lowest;
	u32 pieces, end;	/* end: 0 = not known */
	u32 frames;		/* in FRAME_HELD */
	u32 seen;		/* OTHER: octets so far */
	u32 fragments;
	u64 octets;
};

struct fragments {
	struct table table;
	u64 octets;		/* in pieces */
	u32 losses, losses_taken;
	struct fragment_loss loss[FRAGMENTED_MAX];
};

static int fragments_open(struct packets *p)
{
	if (p->fragments)
		return 0;
	p->fragments = calloc(1, sizeof *p->fragments);
	if (p->fragments == NULL)
		return -ENOMEM;
	if (table_open(&p->fragments->table, FRAGMENTED_MAX, sizeof(struct datagram)) == 0)
		return 0;
	free(p->fragments);
	p->fragments = NULL;
	return -ENOMEM;
}

static void pieces_free(struct fragments *fs, struct datagram *d)
{
	while (d->newest) {
		struct piece *e = d->newest;

		d->newest = e->before;
		fs->octets -= sizeof *e + e->have;
		free(e);
	}
	d->lowest = NULL;
	d->pieces = 0;
}

void fragments_free(struct packets *p)
{
	struct fragments *fs = p->fragments;
	struct datagram *d;

	if (fs == NULL)
		return;
	while ((d = table_oldest(&fs->table, LIST_OPEN)) != NULL) {
		pieces_free(fs, d);
		table_remove(&fs->table, &d->node);
	}
	table_close(&fs->table);
	free(fs);
	p->fragments = NULL;
}

static void close_as(struct fragments *fs, struct datagram *d, enum state state)
{
	pieces_free(fs, d);
	d->state = (u8)state;
	table_move(&fs->table, &d->node, LIST_CLOSED);
}

/* The octets from 0 on without a hole, up to `most`, in memory that lives until
 * packets_recycle(): their number, or 0 without memory. */
static u32 assemble(struct packets *p, const struct datagram *d, u32 most, const u8 **ret)
{
	struct kept *kept;
	u32 good = 0;
	u8 *to;

	for (const struct piece *e = d->lowest; e && e->from <= good; e = e->after)
		good = good > e->from + e->have ? good : e->from + e->have;
	good = good < most ? good : most;
	kept = malloc(sizeof *kept + good);
	if (kept == NULL)
		return 0;
	packets_keep(p, kept);
	to = (u8 *)(kept + 1);
	for (const struct piece *e = d->newest; e; e = e->before)	/* first wins */
		if (e->from < good)
			memcpy(to + e->from, e->data, min_u64(e->have, good - e->from));
	*ret = to;
	return good;
}

/* The beginning of a datagram on a DNS port becomes a payload without a frame. */
static void say_partial(struct packets *p, const struct datagram *d)
{
	struct frame f = { .time_ns = d->time_ns, .number = d->number, .file = d->file };
	struct walk w = {
		.p = p, .f = &f, .src = d->src, .dst = d->dst, .ttl = d->ttl,
		.version = d->version, .flags = d->flags | PAYLOAD_FRAGMENTED,
	};
	u8 protocol = d->protocol;
	u32 length;

	w.wire = w.have = assemble(p, d, DATAGRAM_MAX, &w.at);
	if (w.have == 0 || ip6_extensions(&w, &protocol) || protocol != PROTOCOL_UDP ||
	    w.have < 8 + 12)
		return;
	w.sport = be16(w.at);
	w.dport = be16(w.at + 2);
	length = be16(w.at + 4);
	if (length < 8 + 12 || (!port_is_dns(p, w.sport) && !port_is_dns(p, w.dport)))
		return;
	walk_skip(&w, 8);
	walk_payload(&w, w.at, (u32)min_u64(w.have, length - 8), length - 8, TRANSPORT_UDP);
}

static void say_loss(struct packets *p, const struct datagram *d)
{
	struct fragments *fs = p->fragments;

	if (fs->losses_taken == fs->losses)
		fs->losses = fs->losses_taken = 0;
	if (fs->losses == FRAGMENTED_MAX) {
		p->counts.limits_reached++;
		return;
	}
	fs->loss[fs->losses++] = (struct fragment_loss){
		.src = d->src, .dst = d->dst, .time_ns = d->node.time_ns,
		.octets = d->octets, .fragments = d->fragments,
		.first = d->lowest && d->lowest->from == 0,
	};
}

unsigned packets_fragments(struct packets *p, struct fragment_loss *out, unsigned max)
{
	struct fragments *fs = p->fragments;
	unsigned n;

	if (fs == NULL)
		return 0;
	n = (unsigned)min_u64(max, fs->losses - fs->losses_taken);
	memcpy(out, fs->loss + fs->losses_taken, n * sizeof *out);
	fs->losses_taken += n;
	return n;
}

/* An OPEN datagram will not be completed. */
static void give_up(struct packets *p, struct datagram *d)
{
	say_loss(p, d);
	if (d->lowest && d->lowest->from == 0)
		say_partial(p, d);
	count_move(p, FRAME_HELD, FRAME_LOST_FRAGMENT, d->frames);
	pieces_free(p->fragments, d);
	d->frames = 0;
}

static void drop(struct packets *p, struct datagram *d)
{
	if (d->state == OPEN)
		give_up(p, d);
	table_remove(&p->fragments->table, &d->node);
}

static bool timed_out(const struct packets *p, const struct datagram *d)
{
	u64 limit = d->state == DONE ? FRAGMENT_REPEAT_NS : FRAGMENT_TIMEOUT_NS;

	return p->now_ns > d->node.time_ns && p->now_ns - d->node.time_ns > limit;
}

void fragments_expire(struct packets *p)
{
	for (unsigned list = LIST_OPEN; list <= LIST_CLOSED; list++) {
		struct datagram *d;

		while ((d = table_oldest(&p->fragments->table, list)) && timed_out(p, d))
			drop(p, d);
	}
}

void fragments_finish(struct packets *p)
{
	for (unsigned list = LIST_OPEN; list <= LIST_CLOSED; list++) {
		struct datagram *d;

		while ((d = table_oldest(&p->fragments->table, list)) != NULL)
			drop(p, d);
	}
}

/* RFC 791: source, destination, protocol, identification; RFC 8200: without the
 * protocol, which only the first fragment says for certain. */
static struct datagram *find(struct packets *p, const struct walk *w,
			     const struct fragment_info *i, u64 *hash)
{
	u8 protocol = w->version == 4 ? i->protocol : 0;
	u64 h = hash_bytes(p->key ^ i->id, &w->src, sizeof w->src);
	struct node *n;

	h = *hash = hash_bytes(h ^ protocol, &w->dst, sizeof w->dst);
	for (n = table_first(&p->fragments->table, h); n; n = n->chain) {
		struct datagram *d = (struct datagram *)n;

		if (n->hash == h && d->id == i->id && d->version == w->version &&
		    (w->version == 6 || d->protocol == i->protocol) &&
		    memcmp(&d->src, &w->src, sizeof d->src) == 0 &&
		    memcmp(&d->dst, &w->dst, sizeof d->dst) == 0)
			return d;
	}
	return NULL;
}

static void make_room(struct packets *p)
{
	struct table *t = &p->fragments->table;
	struct datagram *d = table_oldest(t, LIST_CLOSED);

	if (d == NULL) {
		d = table_oldest(t, LIST_OPEN);
		p->counts.limits_reached++;
	}
	drop(p, d);
}

static struct datagram *find_or_add(struct packets *p, const struct walk *w,
				    const struct fragment_info *i)
{
	struct table *t = &p->fragments->table;
	u64 hash;
	struct datagram *d = find(p, w, i, &hash);

	if (d && !timed_out(p, d))
		return d;
	if (d)
		drop(p, d);
	if (table_is_full(t))
		make_room(p);
	d = table_add(t, hash, w->f->time_ns, LIST_OPEN);
	d->src = w->src;
	d->dst = w->dst;
	d->id = i->id;
	d->protocol = i->protocol;
	d->version = w->version;
	return d;
}

/* Looks at what the piece would overlap: 0 nothing, 1 the same piece again, 2 some. */
static int overlap(const struct datagram *d, const struct walk *w, u32 from)
{
	int found = 0;

	for (const struct piece *e = d->lowest; e; e = e->after) {
		if (e->from >= from + w->wire || from >= e->from + e->wire)
			continue;
		if (e->from == from && e->wire == w->wire && e->have == w->have &&
		    memcmp(e->data, w->at, w->have) == 0)
			return 1;
		found = 2;
	}
	return found;
}

static bool piece_add(struct packets *p, struct datagram *d, const struct walk *w, u32 from)
{
	struct piece *e = malloc(sizeof *e + w->have), **at = &d->lowest;

	if (e == NULL)
		return false;
	e->from = from;
	e->have = w->have;
	e->wire = w->wire;
	memcpy(e->data, w->at, w->have);
	while (*at && (*at)->from <= from)
		at = &(*at)->after;
	e->after = *at;
	*at = e;
	e->before = d->newest;
	d->newest = e;
	d->pieces++;
	p->fragments->octets += sizeof *e + e->have;
	return true;
}

static bool is_complete(const struct datagram *d)
{
	u32 reach = 0;

	for (const struct piece *e = d->lowest; e && e->from <= reach; e = e->after)
		reach = reach > e->from + e->wire ? reach : e->from + e->wire;
	return d->end && reach >= d->end;
}

/* What the octets at offset 0 say of a datagram: FRAME_HELD when it may be DNS. */
static int fate_of_first(const struct packets *p, const struct walk *w, u8 protocol)
{
	u16 sport, dport;

	if ((protocol != PROTOCOL_UDP && protocol != PROTOCOL_TCP) || w->have < 4)
		return FRAME_HELD;
	sport = be16(w->at);
	dport = be16(w->at + 2);
	if (port_is_dns(p, sport) || port_is_dns(p, dport))
		return FRAME_HELD;
	if (protocol == PROTOCOL_TCP)
		return FRAME_NOT_DNS;
	if (sport == PORT_MDNS || dport == PORT_MDNS)
		return FRAME_MDNS;
	return port_is_tunnel(sport) || port_is_tunnel(dport) ? FRAME_HELD : FRAME_NOT_DNS;
}

/* Contradictions with what is known of the end. */
static bool contradicts(const struct datagram *d, u32 to, bool more)
{
	if (d->end && (to > d->end || (!more && to != d->end)))
		return true;
	for (const struct piece *e = d->lowest; e && !more; e = e->after)
		if (e->from + e->wire > to)
			return true;
	return false;
}

/* The walk goes on in what was put together. It may meet fragments again and so
 * make the table give this datagram's place away: looked at before it is touched. */
static int complete(struct walk *w, struct datagram *d)
{
	struct packets *p = w->p;
	struct datagram was;
	int fate = FRAME_SNAPPED;

	w->wire = d->end;
	w->have = assemble(p, d, d->end, &w->at);
	w->flags |= PAYLOAD_FRAGMENTED;
	w->others += d->frames;
	d->frames = 0;
	d->node.time_ns = w->f->time_ns;
	d->fate = FRAME_PART;
	close_as(p->fragments, d, DONE);
	p->counts.datagrams++;
	was = *d;
	if (w->have)
		fate = transport_read(w, was.protocol);
	if (d->state == DONE && d->node.hash == was.node.hash && d->id == was.id &&
	    fate != FRAME_MESSAGE && fate != FRAME_HELD)
		d->fate = (u8)fate;
	return fate;
}

/* A closed datagram keeps nothing; its fragments need no other look. */
static int closed_read(struct walk *w, struct datagram *d, const struct fragment_info *i)
{
	if (d->state == DONE)
		return d->fate;
	if (d->state == DEAD)
		return FRAME_LOST_FRAGMENT;
	d->seen += w->wire;
	if (!i->more)
		d->end = i->from + w->wire;
	if (d->end && d->seen >= d->end) {
		int fate = d->fate;

		drop(w->p, d);
		return fate;
	}
	return d->fate;
}

static int becomes_other(struct walk *w, struct datagram *d, int fate)
{
	struct packets *p = w->p;

	for (const struct piece *e = d->lowest; e; e = e->after)
		d->seen += e->wire;
	d->seen += w->wire;
	d->fate = (u8)fate;
	count_move(p, FRAME_HELD, fate, d->frames);
	d->frames = 0;
	close_as(p->fragments, d, OTHER);
	return fate;
}

/* Keeps the piece: 0, or a fate that settles the frame. */
static int keep(struct walk *w, struct datagram *d, u32 from)
{
	struct packets *p = w->p;
	struct fragments *fs = p->fragments;
	int found = overlap(d, w, from);

	if (found == 1)
		return 0;
	p->counts.fragments_overlapping += found == 2;
	if (found == 2 && w->version == 6) {
		pieces_free(fs, d);	/* not even its beginning can be told */
		give_up(p, d);
		close_as(fs, d, DEAD);
		return FRAME_LOST_FRAGMENT;
	}
	while (fs->octets + sizeof(struct piece) + w->have > FRAGMENT_OCTETS_MAX ||
	       d->pieces == FRAGMENTS_A_DATAGRAM_MAX) {
		struct datagram *oldest = d->pieces == FRAGMENTS_A_DATAGRAM_MAX ? d :
			table_oldest(&fs->table, LIST_OPEN);

		p->counts.limits_reached++;
		give_up(p, oldest);
		close_as(fs, oldest, DEAD);
		if (oldest == d)
			return FRAME_LOST_FRAGMENT;
	}
	return piece_add(p, d, w, from) ? 0 : FRAME_LOST_FRAGMENT;
}

static int open_read(struct walk *w, struct datagram *d, const struct fragment_info *i)
{
	u32 to = i->from + w->wire;
	int fate;

	if (contradicts(d, to, i->more))
		return FRAME_BAD_FRAGMENT;
	if (!i->more)
		d->end = to;
	d->fragments++;
	d->octets += w->wire;
	if (i->from == 0) {
		fate = fate_of_first(w->p, w, i->protocol);
		if (fate != FRAME_HELD)
			return becomes_other(w, d, fate);
		d->protocol = i->protocol;
		d->ttl = w->ttl;
		d->flags = w->flags;
		d->file = w->f->file;
		d->number = w->f->number;
		d->time_ns = w->f->time_ns;
	}
	fate = keep(w, d, i->from);
	if (fate)
		return fate;
	if (is_complete(d))
		return complete(w, d);
	d->frames += 1 + w->others;
	return FRAME_HELD;
}

int fragment_read(struct walk *w, const struct fragment_info *i)
{
	struct packets *p = w->p;
	struct datagram *d;

	p->counts.fragments++;
	if (w->wire == 0 || (i->more && w->wire % 8) || i->from + w->wire > DATAGRAM_MAX)
		return FRAME_BAD_FRAGMENT;
	if (!protocol_is_read(w, i->protocol))
		return FRAME_NOT_TRANSPORT;
	if (fragments_open(p) < 0)
		return FRAME_LOST_FRAGMENT;
	p->now_ns = w->f->time_ns;
	w->open_ended = false;
	d = find_or_add(p, w, i);
	return d->state == OPEN ? open_read(w, d, i) : closed_read(w, d, i);
}
