/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain.c - see plain.h. */
#include "base/plain.h"
#include "base/buf.h"

/* Octets that a lead byte promises; 0 for what cannot lead. */
static size_t promised(u8 lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t plain_utf8(const char *p, size_t n, u32 *ret)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = promised((u8)*p);
	u32 c;

	if (len == 0 || len > n)
		return 0;
	c = len == 1 ? (u8)*p : (u8)*p & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if (((u8)p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((u8)p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return len;
}

bool plain_is_utf8(const char *text, size_t n)
{
	u32 c;

	for (size_t len; n > 0; text += len, n -= len)
		if ((len = plain_utf8(text, n, &c)) == 0)
			return false;
	return true;
}

bool plain_shows(u32 c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return false;
	if ((c & 0xfffe) == 0xfffe)	/* no character, in any plane */
		return false;
	if (c == 0x61c || c == 0xfeff || (c >= 0x200b && c <= 0x200f))
		return false;
	return !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2060 && c <= 0x206f);
}

static void hidden(struct buf *out, const char *p, size_t len, u32 c)
{
	if (len == 0)
		buf_fmt(out, "\\x%02X", (u8)*p);
	else if (c == '\n' || c == '\t' || c == '\r')
		buf_text(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
	else if (c < 0x80)
		buf_fmt(out, "\\x%02X", (unsigned)c);
	else
		buf_fmt(out, "\\u{%04X}", (unsigned)c);
}

void plain_text(struct buf *out, const char *text, size_t n)
{
	for (size_t at = 0, len; at < n; at += len ? len : 1) {
		u32 c = 0;

		len = plain_utf8(text + at, n - at, &c);
		if (c == '\\')
			buf_text(out, "\\\\");
		else if (len && plain_shows(c))
			buf_add(out, text + at, len);
		else
			hidden(out, text + at, len, c);
	}
}
