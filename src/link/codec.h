/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codec.h - frames between processes: what travels on every medium.
 *
 *   magic 2 "Vd" | kind 2 | length 4 | body
 *
 * Big-endian. A body is at most CODEC_BODY_MAX octets. What a body holds is said
 * by its kind; the codec only cuts the stream into frames. The reader trusts
 * nothing: a wrong magic, an unknown kind or a too large length ends the stream
 * with an error, because the writer may be a process that hostile bytes have
 * taken over. */
#pragma once
#include "base/base.h"

#define CODEC_HEAD 8
#define CODEC_BODY_MAX (4u << 20)

#define CODEC_KINDS(F)                                                         \
	F(FINDING, "one finding as JSON")                                      \
	F(EVIDENCE, "one packed evidence item")                                \
	F(STATS, "traffic statistics as JSON")                                 \
	F(TROUBLE, "why the job cannot go on: one sentence")                   \
	F(PROGRESS, "how far it is: done, all, frames, found (4 x u64)")    \
	F(DONE, "the end, with all counters as JSON")                          \
	F(WANT, "the name of a file; the answer is a descriptor (link/pass.h)") \
	F(SNAPSHOT, "octets of a zone's snapshot, in order") \
	F(CERTIFICATE, "octets of an audit's certificates, in order") \
	F(ITEM, "one item as JSON") \
	F(REMARK, "a part that could not be read: where, NUL, why") \
	F(READ, "the end of one file: its format, NUL, what was wrong or nothing")         \
	F(ASK, "what the web process asks the writer, as JSON")                \
	F(ANSWER, "what the writer answers, as JSON") \
	F(KNOWN, "the format of a file, before its items")                     \
	F(PICTURE, "what a zone's delegations rest on, as JSON")
enum codec_kind {
	CODEC_NONE,
#define F(name, text) CODEC_##name,
	CODEC_KINDS(F)
#undef F
	CODEC_KIND_COUNT
};

/* Writes one whole frame to a blocking descriptor (a socket without SIGPIPE, a
 * pipe, a file): 0, -EPIPE when nobody reads any more, another -errno, OOPS_LIMIT
 * for a body that is too long or OOPS_UNKNOWN for a kind that does not exist. */
int codec_write(int fd, enum codec_kind kind, const void *body, size_t n);

/* A reader cuts frames out of octets as they come. Zero it first. */
struct codec {
	u8 *at;			/* owned; at most two frames of the largest size */
	size_t done, len, cap;	/* handed out, held, allocated */
	int error;		/* what ended the stream; stays */
};
void codec_free(struct codec *c);
/* Takes in what one read(2) gives: octets, 0 at the end, -errno (-EINTR too). */
int codec_fill(struct codec *c, int fd);
/* The next whole frame: 1 with *kind, *body, *n (view until the next fill), 0 when
 * more octets are needed, OOPS_FORMAT or OOPS_LIMIT for ever after. */
int codec_next(struct codec *c, enum codec_kind *kind, const u8 **body, size_t *n);
/* Hands each frame that comes to take() until the writer closes: 0; or what take() gave back
 * that was negative, what is wrong with the stream, -errno, or -ETIME when nothing came for
 * silence_ms (-1: wait for ever). */
typedef int codec_take_fn(void *to, enum codec_kind kind, const u8 *body, size_t n);
int codec_each(int fd, int silence_ms, codec_take_fn *take, void *to);
/* Octets of a frame that has begun and is not whole: at the end of the stream
 * more than 0 means that the writer died in the middle of it. */
static inline size_t codec_held(const struct codec *c) { return c->len - c->done; }
