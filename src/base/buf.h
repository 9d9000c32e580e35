/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf.h - a growing run of bytes that remembers its error.
 *
 * Writers write straight on and ask once, at the end, whether it went well:
 * after a failed growth or past `limit` every further call does nothing and
 * buf_error() says why. The bytes are always followed by a NUL that is not
 * counted, so `b->at` is a C string as well.
 *
 * Lifetime: the caller's; buf_free() takes half-made and zeroed buffers. */
#pragma once
#include "base/base.h"
#include <stdarg.h>

struct buf {
	char *at;	/* owned; NULL while empty */
	size_t len, cap;
	size_t limit;	/* most bytes it may hold; 0 = 1 GiB */
	int error;	/* 0, -ENOMEM or OOPS_LIMIT; stays */
};

/* Gives the bytes back; the buffer is empty and good for use again. */
void buf_free(struct buf *b);
void buf_clear(struct buf *b);	/* keeps the memory, forgets bytes and error */
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_byte(struct buf *b, u8 c);
void buf_text(struct buf *b, const char *text);	/* without its NUL */
void buf_fmt(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_fill(struct buf *b, u8 c, size_t times);
/* Big-endian, 2, 4 and 8 octets. */
void buf_u16(struct buf *b, u16 v);
void buf_u32(struct buf *b, u32 v);
void buf_u64(struct buf *b, u64 v);
/* A C string for what was written: "" while empty, never NULL. */
const char *buf_str(const struct buf *b);
static inline int buf_error(const struct buf *b) { return b->error; }
