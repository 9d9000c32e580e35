/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rd.h - a reader that remembers it failed.
 *
 * Callers read straight and ask once: after the first read past the end `bad`
 * is set, and every further read gives zero or NULL. Integers are big-endian
 * (network order); the le versions are for file formats. */
#pragma once
#include "base/base.h"

struct rd {
	const u8 *p, *end;
	bool bad;
};

static inline struct rd rd_of(const void *bytes, size_t n)
{
	const u8 *p = bytes ? bytes : (const u8 *)"";	/* NULL has no end */

	return (struct rd){ .p = p, .end = p + n };
}
static inline size_t rd_left(const struct rd *r)
{
	return r->bad ? 0 : (size_t)(r->end - r->p);
}
static inline const u8 *rd_take(struct rd *r, size_t n)
{
	const u8 *at = r->p;

	if (unlikely(r->bad || (size_t)(r->end - r->p) < n)) {
		r->bad = true;
		return NULL;
	}
	r->p += n;
	return at;
}
static inline u16 be16(const u8 *b) { return (u16)(b[0] << 8 | b[1]); }
static inline u32 be32(const u8 *b)
{
	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}
static inline u64 be64(const u8 *b) { return (u64)be32(b) << 32 | be32(b + 4); }
static inline u16 le16(const u8 *b) { return (u16)(b[1] << 8 | b[0]); }
static inline u32 le32(const u8 *b)
{
	return (u32)b[3] << 24 | (u32)b[2] << 16 | (u32)b[1] << 8 | b[0];
}
static inline u8 rd_u8(struct rd *r)
{
	const u8 *b = rd_take(r, 1);

	return b ? b[0] : 0;
}
static inline u16 rd_u16(struct rd *r)
{
	const u8 *b = rd_take(r, 2);

	return b ? be16(b) : 0;
}
static inline u32 rd_u32(struct rd *r)
{
	const u8 *b = rd_take(r, 4);

	return b ? be32(b) : 0;
}
static inline u64 rd_u64(struct rd *r)
{
	const u8 *b = rd_take(r, 8);

	return b ? be64(b) : 0;
}
