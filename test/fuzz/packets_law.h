/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packets_law.h - what the fuzz targets of packet/ and source/ hold the reader of
 * frames to: every frame in exactly one counter, all octets of all views readable. */
#pragma once
#include "packet/packet.h"

static inline void law(const struct packets *p)
{
	const struct packets_counts *c = packets_counts(p);
	u64 sum = 0;

	for (int i = 0; i < FRAME_FATE_COUNT; i++)
		sum += c->fate[i];
	must(sum == c->frames);
}

static inline void touch(const struct payload *p, unsigned n)
{
	u8 sum = 0;

	for (unsigned i = 0; i < n; i++) {
		must(p[i].len <= p[i].full_len);
		must(!(p[i].flags & PAYLOAD_PARTIAL) == (p[i].len == p[i].full_len));
		for (u32 k = 0; k < p[i].len; k++)
			sum ^= p[i].data[k];
	}
	__asm__ volatile("" : : "r"(sum));
}

/* Reads a frame and all that comes of it; returns its fate. */
static inline int read_frame(struct packets *p, const struct frame *f)
{
	struct payload out[PAYLOADS_A_FRAME_MAX];
	unsigned n;
	int fate = packet_read(p, f, out, &n);

	must(fate >= 0 && fate <= FRAME_OTHER_SHARE && n <= PAYLOADS_A_FRAME_MAX);
	must((fate == FRAME_MESSAGE) == (n > 0));
	law(p);
	while (n) {
		touch(out, n);
		n = packets_more(p, out, PAYLOADS_A_FRAME_MAX);
	}
	return fate;
}

static inline void batch_end(struct packets *p)
{
	struct payload out[16];
	struct fragment_loss loss[16];
	unsigned n;

	while ((n = packets_partial(p, out, 16)) != 0)
		touch(out, n);
	while (packets_fragments(p, loss, 16))
		;
	packets_recycle(p);
	law(p);
}

static inline struct packets *reader(unsigned share, unsigned shares)
{
	struct packets *p = NULL;

	must(packets_open(&p, &(struct packets_conf){ .share = share, .shares = shares }) == 0);
	return p;
}

static inline void reader_end(struct packets *p)
{
	packets_finish(p);
	batch_end(p);
	must(packets_counts(p)->fate[FRAME_HELD] == 0);
	packets_free(p);
}
