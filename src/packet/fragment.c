/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fragment.c - datagrams put together from IP fragments (RFC 791, 3.2; RFC 8200,
 * 4.5), bounded in number, octets and event time.
 *
 * Pieces (pieces.h) keep their octets until 0..end is covered; then they are copied
 * into one buffer and the walk goes on in it. What overlaps:
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
#include "packet/pieces.h"
#include "packet/table.h"
#include "packet/walk.h"

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define DATAGRAM_MAX 65535u

enum state { OPEN, OTHER, DONE, DEAD };
enum list { LIST_OPEN, LIST_CLOSED };

struct datagram {
	struct node node;	/* time: of the first to arrive, or when DONE */
	struct addr src, dst;
	u32 id;
	u8 protocol, version, state, ttl, flags;
	u8 fate;		/* OTHER, DONE: of frames that come now */
	u16 file;		/* frame that brought offset 0 */
	u64 number, time_ns;
	struct pieces pieces;
	u32 end;		/* 0 = not known */
	u32 frames;		/* in FRAME_HELD */
	u32 seen;		/* OTHER: octets so far */
	u32 fragments;
	u64 octets;
};

struct fragments {
	struct table table;
	u64 octets;		/* in pieces */
	struct fragment_loss *loss;	/* owned */
	u32 loss_room, losses, losses_taken;
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

static void forget(struct fragments *fs, struct datagram *d)
{
	fs->octets -= pieces_free(&d->pieces);
}

void fragments_free(struct packets *p)
{
	struct fragments *fs = p->fragments;
	struct datagram *d;

	if (fs == NULL)
		return;
	while ((d = table_oldest(&fs->table, LIST_OPEN)) != NULL) {
		forget(fs, d);
		table_remove(&fs->table, &d->node);
	}
	table_close(&fs->table);
	free(fs->loss);
	free(fs);
	p->fragments = NULL;
}

static void close_as(struct fragments *fs, struct datagram *d, enum state state)
{
	forget(fs, d);
	d->state = (u8)state;
	table_move(&fs->table, &d->node, LIST_CLOSED);
}

/* The octets from 0 on without a hole, up to `most`, in memory that lives until
 * packets_recycle(): their number, or 0 without memory. */
static u32 assemble(struct packets *p, const struct datagram *d, u32 most, const u8 **ret)
{
	u32 n = (u32)min_u64(pieces_reach(&d->pieces, true), most);
	struct kept *kept = malloc(sizeof *kept + n);

	if (kept == NULL)
		return 0;
	packets_keep(p, kept);
	pieces_copy(&d->pieces, (u8 *)(kept + 1), n);
	*ret = (u8 *)(kept + 1);
	return n;
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

static bool loss_room(struct fragments *fs)
{
	u32 room = fs->loss_room ? fs->loss_room * 2 : 64;
	struct fragment_loss *loss;

	if (fs->losses_taken == fs->losses)
		fs->losses = fs->losses_taken = 0;
	if (fs->losses < fs->loss_room)
		return true;
	if (fs->losses == FRAGMENTED_MAX)
		return false;
	loss = realloc(fs->loss, room * sizeof *loss);
	if (loss == NULL)
		return false;
	fs->loss = loss;
	fs->loss_room = room;
	return true;
}

static void say_loss(struct packets *p, const struct datagram *d)
{
	struct fragments *fs = p->fragments;

	if (!loss_room(fs)) {
		p->counts.limits_reached++;
		return;
	}
	fs->loss[fs->losses++] = (struct fragment_loss){
		.src = d->src, .dst = d->dst, .time_ns = d->node.time_ns,
		.octets = d->octets, .fragments = d->fragments,
		.first = pieces_begin(&d->pieces),
	};
}

unsigned packets_fragments(struct packets *p, struct fragment_loss *out, unsigned max)
{
	struct fragments *fs = p->fragments;
	unsigned n;

	if (fs == NULL)
		return 0;
	n = (unsigned)min_u64(max, fs->losses - fs->losses_taken);
	if (n)
		memcpy(out, fs->loss + fs->losses_taken, n * sizeof *out);
	fs->losses_taken += n;
	return n;
}

/* An OPEN datagram will not be completed. */
static void give_up(struct packets *p, struct datagram *d)
{
	say_loss(p, d);
	if (pieces_begin(&d->pieces))
		say_partial(p, d);
	count_move(p, FRAME_HELD, FRAME_LOST_FRAGMENT, d->frames);
	forget(p->fragments, d);
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
	if (d == NULL)
		return NULL;
	d->src = w->src;
	d->dst = w->dst;
	d->id = i->id;
	d->protocol = i->protocol;
	d->version = w->version;
	return d;
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
	return !more && pieces_top(&d->pieces) > to;
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

	for (const struct piece *e = d->pieces.lowest; e; e = e->after)
		d->seen += e->wire;
	d->seen += w->wire;
	d->fate = (u8)fate;
	count_move(p, FRAME_HELD, fate, d->frames);
	d->frames = 0;
	close_as(p->fragments, d, OTHER);
	return fate;
}

/* Gives up the oldest until a piece of w fits: false when that is d itself. */
static bool piece_room(struct walk *w, struct datagram *d)
{
	struct fragments *fs = w->p->fragments;

	for (;;) {
		bool many = d->pieces.count == FRAGMENTS_A_DATAGRAM_MAX;
		struct datagram *oldest = d;

		if (!many && fs->octets + sizeof(struct piece) + w->have <= FRAGMENT_OCTETS_MAX)
			return true;
		if (!many)
			oldest = table_oldest(&fs->table, LIST_OPEN);
		w->p->counts.limits_reached++;
		give_up(w->p, oldest);
		close_as(fs, oldest, DEAD);
		if (oldest == d)
			return false;
	}
}

/* Keeps the piece: 0, or a fate that settles the frame. */
static int keep(struct walk *w, struct datagram *d, u32 from)
{
	struct fragments *fs = w->p->fragments;
	enum overlap found = pieces_overlap(&d->pieces, w->at, from, w->have, w->wire);
	u64 octets;

	if (found == OVERLAP_SAME)
		return 0;
	w->p->counts.fragments_overlapping += found == OVERLAP_SOME;
	if (found == OVERLAP_SOME && w->version == 6) {
		forget(fs, d);		/* not even its beginning can be told */
		give_up(w->p, d);
		close_as(fs, d, DEAD);
		return FRAME_LOST_FRAGMENT;
	}
	if (!piece_room(w, d))
		return FRAME_LOST_FRAGMENT;
	octets = pieces_add(&d->pieces, w->at, from, w->have, w->wire);
	fs->octets += octets;
	return octets ? 0 : FRAME_LOST_FRAGMENT;
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
	if (d->end && pieces_reach(&d->pieces, false) >= d->end)
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
	if (d == NULL)
		return FRAME_LOST_FRAGMENT;
	return d->state == OPEN ? open_read(w, d, i) : closed_read(w, d, i);
}
