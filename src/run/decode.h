/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode.h - kept messages as text for people, decoded behind the walls.
 *
 * Evidence is hostile octets still, also years later out of the store: the parent
 * puts the packed items into a file in memory, and a job (job.h) that holds only
 * this file and a socket reads them and writes text. What comes back is not
 * trusted either: all but printable ASCII, tab and newline becomes '?', and past
 * DECODE_TEXT_MAX octets the job is ended.
 *
 * A message that makes the decoder crash costs itself: a line in its place says
 * so, and a new job goes on with the next. */
#pragma once
#include "base/base.h"

#define DECODE_TEXT_MAX (256u << 20)
#define DECODE_CRASHES_MAX 16	/* then the rest is not tried */

struct decode {
	int fd;			/* memfd: frames of link/codec.h */
	u32 count;
};

/* 0 or -errno; decode_close() takes what it made. */
int decode_open(struct decode *d);
void decode_close(struct decode *d);
/* Adds a packed item (model/evidence.h): 0 or -errno. */
int decode_add(struct decode *d, const u8 *packed, size_t n);

/* Called with text as it comes; a negative value stops. */
typedef int decode_fn(void *to, const char *text, size_t n);
/* All items in their order, each with a heading; with `hex`, its octets as well.
 * 0, what the callback stopped with, -errno (the sandbox cannot be set up),
 * OOPS_LIMIT. */
int decode_text(struct decode *d, bool hex, decode_fn *say, void *to);
