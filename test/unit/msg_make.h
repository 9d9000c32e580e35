/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_make.h - builds DNS messages for tests, good and bad, and hands them over in
 * exact-size heap copies, so that a sanitizer sees every octet read too far. */
#pragma once
#include "base/buf.h"
#include "dns/msg.h"
#include "dns/name.h"
#include "dns/rrtype.h"

#define QNAME_POINTER 0xc00c

static inline void make_header(struct buf *b, u16 flags, const u16 count[4])
{
	buf_clear(b);
	buf_u16(b, 0x1234);
	buf_u16(b, flags);
	for (int i = 0; i < 4; i++)
		buf_u16(b, count[i]);
}
#define MAKE_HEADER(b, flags, ...) make_header(b, flags, (const u16[4]){ __VA_ARGS__ })

static inline void make_name(struct buf *b, const char *text)
{
	u8 wire[NAME_WIRE_MAX];
	int n = name_parse(text, wire);

	must(n > 0);
	buf_add(b, wire, (size_t)n);
}

static inline void make_question(struct buf *b, const char *name, u16 type)
{
	make_name(b, name);
	buf_u16(b, type);
	buf_u16(b, CLASS_IN);
}

/* Type, class, TTL, RDLENGTH and RDATA: what follows an owner. */
static inline void make_rest(struct buf *b, u16 type, u16 class,
			     const void *rdata, size_t n)
{
	buf_u16(b, type);
	buf_u16(b, class);
	buf_u32(b, 300);
	buf_u16(b, (u16)n);
	buf_add(b, rdata, n);
}

/* A record of the question's name. */
static inline void make_rr(struct buf *b, u16 type, u16 class,
			   const void *rdata, size_t n)
{
	buf_u16(b, QNAME_POINTER);
	make_rest(b, type, class, rdata, n);
}

static inline void make_opt(struct buf *b, u16 size, const void *options, size_t n)
{
	buf_byte(b, 0);
	make_rest(b, TYPE_OPT, size, options, n);
	/* version 0, no flags */
	if (!b->error)
		memset(b->at + b->len - n - 6, 0, 4);
}

static inline u8 *make_copy(const void *bytes, size_t n)
{
	u8 *copy = calloc(1, n ? n : 1);

	must(copy != NULL);
	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

/* What msg_read() says of the message; the view is of a copy that is gone. */
static inline enum msg_error make_verdict(const struct buf *b, struct msg *m)
{
	u8 *copy = make_copy(b->at, b->len);
	enum msg_error e = msg_read(m, copy, b->len);

	free(copy);
	return e;
}
