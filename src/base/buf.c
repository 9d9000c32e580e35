/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf.c - see buf.h. Growth doubles, so n bytes cost O(n) in all. */
#include "base/buf.h"

#define BUF_LIMIT ((size_t)1 << 30)

void buf_free(struct buf *b)
{
	free(b->at);
	*b = (struct buf){ .limit = b->limit };
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->error = 0;
	if (b->at)
		b->at[0] = 0;
}

/* Room for n more bytes and the NUL, or NULL and the error is kept. */
static char *room(struct buf *b, size_t n)
{
	size_t limit = b->limit ? b->limit : BUF_LIMIT, cap = b->cap ? b->cap : 64;
	char *at;

	if (b->error)
		return NULL;
	if (n > limit || b->len > limit - n) {
		b->error = OOPS_LIMIT;
		return NULL;
	}
	if (b->cap - b->len > n)
		return b->at + b->len;
	while (cap - b->len <= n)
		cap *= 2;
	at = realloc(b->at, cap);
	if (at == NULL) {
		b->error = -ENOMEM;
		return NULL;
	}
	b->at = at;
	b->cap = cap;
	at[b->len] = 0;
	return at + b->len;
}

static void take(struct buf *b, size_t n)
{
	b->len += n;
	b->at[b->len] = 0;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	char *to = room(b, n);

	if (to == NULL || n == 0)
		return;
	memcpy(to, bytes, n);
	take(b, n);
}

void buf_byte(struct buf *b, u8 c)
{
	buf_add(b, &c, 1);
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_fill(struct buf *b, u8 c, size_t times)
{
	char *to = room(b, times);

	if (to == NULL || times == 0)
		return;
	memset(to, c, times);
	take(b, times);
}

void buf_fmt(struct buf *b, const char *format, ...)
{
	va_list args, again;
	char *to;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	to = n < 0 ? NULL : room(b, (size_t)n);
	if (to && n > 0) {
		vsnprintf(to, (size_t)n + 1, format, again);
		take(b, (size_t)n);
	}
	va_end(again);
	va_end(args);
}

void buf_u16(struct buf *b, u16 v)
{
	buf_add(b, (u8[]){ (u8)(v >> 8), (u8)v }, 2);
}

void buf_u32(struct buf *b, u32 v)
{
	buf_u16(b, (u16)(v >> 16));
	buf_u16(b, (u16)v);
}

void buf_u64(struct buf *b, u64 v)
{
	buf_u32(b, (u32)(v >> 32));
	buf_u32(b, (u32)v);
}

const char *buf_str(const struct buf *b)
{
	return b->at ? b->at : "";
}
