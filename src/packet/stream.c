/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.c - see stream.h. */
#include "packet/stream.h"

#define HEADER 12
#define PREFIXED (2 + HEADER)	/* octets that plausible() looks at */

/* The name of a question as far as it is here: labels, no pointer (RFC 1035, 4.1.2). */
static bool plausible_name(const u8 *b, u32 n)
{
	u32 at = PREFIXED;

	while (at < n && b[at]) {
		if (b[at] > 63 || at - PREFIXED > 254)
			return false;
		at += 1u + b[at];
	}
	if (at + 5 > n)
		return true;
	return be16(b + at + 3) == 1 || be16(b + at + 3) == 3 || be16(b + at + 3) == 4 ||
	       be16(b + at + 3) >= 254;
}

/* Queries go to a DNS port, responses come from one; a query has one question and
 * hardly any records. Not asked of a segment that is exactly one message by its
 * length: that says more. */
static bool plausible_direction(const struct walk *w, const u8 *b, u32 n)
{
	bool query = !(b[4] & 0x80);

	if (!port_is_dns(w->p, query ? w->dport : w->sport))
		return false;
	if (!query || n < PREFIXED)
		return true;
	if (be16(b + 6) != 1 || (b[5] & 15))
		return false;
	return (b[4] >> 3 & 15) != 0 ||
	       (be16(b + 8) == 0 && be16(b + 10) <= 1 && be16(b + 12) <= 4);
}

/* Could a message begin here? `b`: length, then the message; n octets of both.
 * Opcode, the zero bit, counts that fit into the length, the name, the direction. */
static bool plausible(const struct walk *w, const u8 *b, u32 n)
{
	u32 length, records;
	unsigned opcode;

	if (n < 2)
		return true;
	length = be16(b);
	if (length < HEADER + 5)
		return false;
	if (n < 6)
		return true;
	opcode = b[4] >> 3 & 15;
	if (opcode == 3 || opcode > 6 || (b[5] & 0x40))
		return false;
	if (n != 2 + length && !plausible_direction(w, b, n))
		return false;
	if (n < PREFIXED)
		return true;
	records = (u32)be16(b + 8) + be16(b + 10) + be16(b + 12);
	if (be16(b + 6) > 1 || HEADER + be16(b + 6) * 5u + records * 11 > length)
		return false;
	return be16(b + 6) == 0 ? records > 0 : plausible_name(b, n);
}

void half_begin(struct packets *p, struct half *h, u32 seq, bool syn)
{
	h->next = h->first = seq;
	h->syn = h->began = syn;
	h->step = syn ? STEP_IN : STEP_FINDING;
	p->counts.streams++;
}

static u8 *message(const struct half *h)
{
	return (u8 *)(h->message + 1);
}

/* Octets that the message in progress has in all, as far as is known. */
static u32 needed(const struct half *h)
{
	return h->got < 2 ? 2 : 2u + be16(message(h));
}

/* Ends the message in progress: its frames get `fate`. */
static void message_end(struct packets *p, struct half *h, int fate, bool given_out)
{
	if (h->message) {
		streams_give(p, h->room);
		if (given_out)
			packets_keep(p, h->message);
		else
			free(h->message);
	}
	count_move(p, FRAME_HELD, fate, h->frames);
	h->message = NULL;
	h->got = h->room = h->frames = 0;
}

static void message_drop(struct packets *p, struct half *h)
{
	message_end(p, h, half_lost(h), false);
}

static bool message_grow(struct packets *p, struct half *h, u32 n)
{
	u32 room = h->room ? h->room : 256;
	struct kept *m;

	if (h->got + n <= h->room)
		return true;
	while (room < h->got + n)
		room *= 2;
	streams_take(p, room - h->room);
	m = realloc(h->message, sizeof *m + room);
	if (m == NULL) {
		streams_give(p, room - h->room);
		return false;
	}
	h->message = m;
	h->room = room;
	return true;
}

static void run_skip(struct run *r, u32 n)	/* n <= wire */
{
	u32 have = n < r->have ? n : r->have;

	r->at += have;
	r->have -= have;
	r->wire -= n;
}

/* n octets will never come. `cut`: the snap length took them, so that what is here
 * of the message is worth a PARTIAL payload. */
static void lose(struct walk *w, struct half *h, u32 n, bool cut)
{
	u32 rest;

	if (n <= h->skip) {
		h->skip -= n;
		return;
	}
	rest = h->got >= 2 ? needed(h) - h->got : 0;
	if (h->got >= PREFIXED && cut && h->step == STEP_IN) {
		walk_payload(w, message(h) + 2, h->got - 2, be16(message(h)), TRANSPORT_TCP);
		message_end(w->p, h, FRAME_PART, true);
	} else {
		message_drop(w->p, h);
	}
	if (h->step == STEP_IN && n <= rest) {
		h->skip = rest - n;
		return;
	}
	h->skip = 0;
	h->step = STEP_FINDING;
}

/* After a message too short to be one nothing that follows can be trusted. */
static void after_message(struct half *h, u32 length)
{
	if (length < HEADER)
		h->step = STEP_FINDING;
}

/* A whole message at the boundary, as a view: false when it is not whole. */
static bool take_whole(struct walk *w, struct half *h, struct run *r)
{
	u32 length;

	if (r->have < 2)
		return false;
	length = be16(r->at);
	if (r->have < 2 + length)
		return false;
	walk_payload(w, r->at + 2, length, length, TRANSPORT_TCP);
	run_skip(r, 2 + length);
	after_message(h, length);
	return true;
}

/* Octets for the message in progress, which may end with them. */
static void take_part(struct walk *w, struct half *h, struct run *r)
{
	u32 n = (u32)min_u64(r->have, needed(h) - h->got), length;

	if (!message_grow(w->p, h, n)) {
		w->p->counts.limits_reached++;
		lose(w, h, r->wire, false);
		r->have = 0;
		r->wire = 0;
		return;
	}
	memcpy(message(h) + h->got, r->at, n);
	h->got += n;
	run_skip(r, n);
	if (h->got < needed(h))
		return;
	length = h->got - 2;
	walk_payload(w, message(h) + 2, length, length, TRANSPORT_TCP);
	message_end(w->p, h, FRAME_PART, true);
	after_message(h, length);
}

/* A tentative beginning is tried again when there is enough of it: false when it
 * was none. */
static bool tentative_holds(struct walk *w, struct half *h, const struct run *r)
{
	u8 first[PREFIXED];
	u32 got = h->got < PREFIXED ? h->got : PREFIXED;
	u32 n = got + (u32)min_u64(r->have, PREFIXED - got);

	memcpy(first, message(h), got);
	memcpy(first + got, r->at, n - got);
	if (!plausible(w, first, n)) {
		message_drop(w->p, h);
		h->step = STEP_FINDING;
		return false;
	}
	if (n == PREFIXED) {
		h->step = STEP_IN;
		h->began = true;
	}
	return true;
}

static bool find(struct walk *w, struct half *h, const struct run *r)
{
	if (r->have == 0 || !plausible(w, r->at, r->have))
		return false;
	if (r->have < PREFIXED && r->have < r->wire)
		return false;
	h->step = r->have >= PREFIXED ? STEP_IN : STEP_TENTATIVE;
	h->began |= h->step == STEP_IN;
	return true;
}

/* The octets at h->next, which a segment begins with. */
static enum took take(struct walk *w, struct half *h, struct run r)
{
	unsigned before = w->n;

	h->next += r.wire;
	if (h->step == STEP_TENTATIVE)
		tentative_holds(w, h, &r);
	if (h->step == STEP_FINDING && !find(w, h, &r))
		return TOOK_DROPPED;
	while (r.have && h->step != STEP_FINDING) {
		if (h->skip) {
			u32 n = (u32)min_u64(h->skip, r.have);

			h->skip -= n;
			run_skip(&r, n);
		} else if (h->got || !take_whole(w, h, &r)) {
			take_part(w, h, &r);
		}
	}
	if (r.wire && h->step != STEP_FINDING)
		lose(w, h, r.wire, true);
	if (w->n > before)
		return TOOK_BROUGHT;
	return h->got ? TOOK_WAITS : TOOK_DROPPED;
}

static void settle(struct walk *w, struct half *h, struct chunk *c, struct segment *s,
		   enum took took)
{
	struct packets *p = w->p;

	if (s && s->stored == c) {
		s->stored = NULL;
		s->took = took;
		return;
	}
	switch (took) {
	case TOOK_REPEAT: count_move(p, FRAME_HELD, FRAME_TCP_REPEAT, c->frames); break;
	case TOOK_DROPPED: count_move(p, FRAME_HELD, half_lost(h), c->frames); break;
	case TOOK_WAITS: h->frames += c->frames; break;
	case TOOK_BROUGHT: count_move(p, FRAME_HELD, FRAME_PART, c->frames); break;
	}
}

/* The first chunk, of which some may have been seen. */
static void take_chunk(struct walk *w, struct half *h, struct segment *s)
{
	struct chunk *c = h->chunks;
	struct run r = { .at = c->data, .have = c->have, .wire = c->wire };
	struct frame f = { .time_ns = c->time_ns, .number = c->number, .file = c->file };
	const struct frame *saved = w->f;
	u32 seen = h->next - c->seq;
	enum took took = TOOK_REPEAT;

	h->chunks = c->next;
	h->chunk_count--;
	h->chunk_octets -= (u32)sizeof *c + c->have;
	streams_give(w->p, sizeof *c + c->have);
	if (w->out == NULL)
		w->f = &f;
	if (seen < c->wire) {
		run_skip(&r, seen);
		took = take(w, h, r);
	}
	w->f = saved;
	settle(w, h, c, s, took);
	if (took == TOOK_BROUGHT)
		packets_keep(w->p, &c->kept);
	else
		free(c);
}

static void drain(struct walk *w, struct half *h, struct segment *s)
{
	while (h->chunks && (i32)(h->chunks->seq - h->next) <= 0)
		take_chunk(w, h, s);
}

/* The hole before the first chunk stays one. */
static void skip_hole(struct walk *w, struct half *h, struct segment *s)
{
	u32 n = h->chunks->seq - h->next;

	w->p->counts.stream_gaps++;
	h->next += n;
	lose(w, h, n, false);
	drain(w, h, s);
}

static void store(struct walk *w, struct half *h, struct segment *s)
{
	struct chunk **at = &h->chunks, *c;
	u32 octets = (u32)sizeof *c + s->run.have;

	for (; *at && (i32)((*at)->seq - s->seq) <= 0; at = &(*at)->next)
		if ((*at)->wire >= s->run.wire &&
		    s->seq - (*at)->seq <= (*at)->wire - s->run.wire) {
			s->took = TOOK_REPEAT;
			return;
		}
	streams_take(w->p, octets);
	c = malloc(octets);
	if (c == NULL) {
		streams_give(w->p, octets);
		w->p->counts.limits_reached++;
		s->took = TOOK_DROPPED;
		return;
	}
	*c = (struct chunk){
		.next = *at, .seq = s->seq, .have = s->run.have, .wire = s->run.wire,
		.time_ns = w->f->time_ns, .number = w->f->number, .file = w->f->file,
	};
	memcpy(c->data, s->run.at, s->run.have);
	*at = c;
	h->chunk_count++;
	h->chunk_octets += octets;
	s->stored = c;
	while (h->chunk_octets > STREAM_OCTETS_MAX || h->chunk_count > STREAM_CHUNKS_MAX) {
		w->p->counts.limits_reached++;
		skip_hole(w, h, s);
	}
}

/* Holes that will not be filled: the other side has acknowledged them, so it is the
 * capture that lost them; or nobody repeated them for long. */
static void skip_lost(struct walk *w, struct half *h, struct segment *s)
{
	while (h->chunks) {
		u64 since = h->chunks->time_ns, now = w->f->time_ns;
		bool old = now > since && now - since > STREAM_HOLE_NS;

		if (!old && !(h->has_acked && (i32)(h->acked - h->chunks->seq) >= 0))
			return;
		skip_hole(w, h, s);
	}
}

void half_data(struct walk *w, struct half *h, struct segment *s)
{
	i32 ahead = (i32)(s->seq - h->next);

	if (ahead > 0) {
		store(w, h, s);
		skip_lost(w, h, s);
		return;
	}
	if ((u32)-ahead >= s->run.wire) {
		s->took = TOOK_REPEAT;
		return;
	}
	run_skip(&s->run, (u32)-ahead);
	s->took = take(w, h, s->run);
	drain(w, h, s);
	skip_lost(w, h, s);
}

void half_acked(struct walk *w, struct half *h, u32 ack, struct segment *s)
{
	i32 ahead = (i32)(ack - h->next);

	if (ahead > (i32)STREAM_WINDOW_MAX || ahead < -(i32)STREAM_WINDOW_MAX)
		return;
	if (!h->has_acked || (i32)(ack - h->acked) > 0)
		h->acked = ack;
	h->has_acked = true;
	skip_lost(w, h, s);
}

void half_flush(struct walk *w, struct half *h)
{
	struct walk late = *w;

	late.out = NULL;
	late.ttl = h->ttl;
	while (h->chunks)
		skip_hole(&late, h, NULL);
	message_drop(w->p, h);
}
