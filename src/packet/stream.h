/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.h - one direction of a TCP connection: octets in order, then messages.
 *
 *              next                      chunks: came early
 *               v
 *   ... seen ...|   hole   | 1st chunk |  hole  | 2nd chunk |
 *
 *   message in progress:  | length 2 | octets so far ...      |
 *
 * A message that lies whole in one segment is a view of it; one that is spread
 * over segments is put together in a buffer. (RFC 1035, 4.2.2; RFC 7766, 8.)
 *
 * Where does a message begin? In step: known, since the SYN or since it was found.
 * After a hole that will not be filled it is still known when the hole ends inside
 * a message whose length was seen: the rest of that message is passed over.
 * Otherwise, and in a stream whose SYN was not seen, it is looked for at the
 * beginning of segments only, and found where a length and a DNS header stand that
 * are plausible (stream.c: plausible()); segments until then are lost. A segment
 * of less than 14 octets may begin a message tentatively: its fate waits for the
 * octets that follow.
 *
 * Octets that overlap: those of the segment that begins first win, of two that
 * begin at the same place the first to arrive; what was in order stays.
 *
 * Not for other folders. */
#pragma once
#include "packet/walk.h"

struct chunk {
	struct kept kept;	/* first: the chunk is given to packets_keep() */
	struct chunk *next;
	u32 seq, have, wire;
	u32 frames;		/* in FRAME_HELD */
	u64 time_ns, number;
	u16 file;
	u8 data[];
};

enum step { STEP_NEW, STEP_FINDING, STEP_TENTATIVE, STEP_IN };

struct half {
	u32 next;		/* sequence number that comes next */
	u32 first;		/* of the first octet followed */
	u32 acked;		/* the other side has everything before it */
	u8 step;		/* enum step */
	u8 ttl;
	bool has_acked, syn;	/* syn: `first` is known from the SYN */
	bool began;		/* a message boundary was known at some time */
	u32 skip;		/* octets of a lost message still to come */
	struct chunk *chunks;	/* by seq */
	u32 chunk_octets, chunk_count;
	struct kept *message;	/* the one in progress, behind this head; owned */
	u32 got, room;		/* octets of it, with the length */
	u32 frames;		/* in FRAME_HELD for it */
};

struct run {
	const u8 *at;
	u32 have, wire;		/* have < wire: the snap length cut */
};

/* What became of the octets of one segment. */
enum took { TOOK_REPEAT, TOOK_DROPPED, TOOK_WAITS, TOOK_BROUGHT };

/* The segment that is being read, for the frame's fate. */
struct segment {
	u32 seq;
	struct run run;
	enum took took;
	struct chunk *stored;	/* its chunk, while that waits */
};

/* Fixes where the stream begins. */
void half_begin(struct packets *p, struct half *h, u32 seq, bool syn);
/* Octets at s->seq: takes or keeps them, sets s->took or s->stored. `w` has the
 * direction and gets the payloads. */
void half_data(struct walk *w, struct half *h, struct segment *s);
/* The other side has everything before `ack`: holes before it are the capture's. */
void half_acked(struct walk *w, struct half *h, u32 ack, struct segment *s);
/* Gives up everything; messages behind holes go to the late list. `w` has the
 * direction; its frame and out are not used. */
void half_flush(struct walk *w, struct half *h);
static inline bool half_holds(const struct half *h)
{
	return h->chunks || h->message || h->frames;
}
static inline int half_lost(const struct half *h)
{
	return h->began ? FRAME_LOST_SEGMENT : FRAME_LOST_START;
}

/* tcp.c: accounts for n octets more, giving up the oldest streams that hold some
 * but for the one being read. */
void streams_take(struct packets *p, u64 n);
void streams_give(struct packets *p, u64 n);
