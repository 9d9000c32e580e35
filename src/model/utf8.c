/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8.c - see utf8.h. The tables are ranges of Unicode 15: Cc, Cf and the line
 * and paragraph separators; blocks of combining marks; wide East Asian blocks
 * and pictures. Cost: a search through some ten ranges a code point, none for
 * ASCII. */
#include "model/utf8.h"
#include "base/buf.h"
#include "base/plain.h"

struct range { u32 first, last; };

static const struct range hidden[] = {
	{ 0, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f },
	{ 0x600, 0x605 }, { 0x61c, 0x61c }, { 0x6dd, 0x6dd }, { 0x70f, 0x70f },
	{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0x3164, 0x3164 }, { 0xd800, 0xdfff }, { 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	{ 0x110000, UTF8_BAD },
};
static const struct range marks[] = {
	{ 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd }, { 0x610, 0x61a },
	{ 0x64b, 0x65f }, { 0x93a, 0x93c }, { 0x941, 0x948 }, { 0xe31, 0xe31 },
	{ 0xe34, 0xe3a }, { 0xe47, 0xe4e }, { 0x1ab0, 0x1aff },
	{ 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0xfe20, 0xfe2f },
};
static const struct range wide[] = {
	{ 0x1100, 0x115e }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf },
	{ 0xa960, 0xa97f }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
	{ 0xfe30, 0xfe6f }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
	{ 0x20000, 0x3fffd },
};

static bool among(const struct range *r, size_t count, u32 c)
{
	for (size_t i = 0; i < count && r[i].first <= c; i++)
		if (c <= r[i].last)
			return true;
	return false;
}

bool utf8_hidden(u32 c)
{
	if (c >= 0x20 && c < 0x7f)
		return false;
	return among(hidden, COUNT(hidden), c);
}

unsigned utf8_columns(u32 c)
{
	if (c < 0x300)
		return 1;
	if (among(marks, COUNT(marks), c))
		return 0;
	return among(wide, COUNT(wide), c) ? 2 : 1;
}

unsigned utf8_next(const char *at, size_t n, u32 *ret)
{
	size_t len = plain_utf8(at, n, ret);

	if (len)
		return (unsigned)len;
	*ret = UTF8_BAD;
	return 1;
}

size_t utf8_cut(const char *text, size_t most)
{
	size_t n = strnlen(text, most + 1), word;

	if (n <= most)
		return n;
	for (n = most; n && ((u8)text[n] & 0xc0) == 0x80;)
		n--;
	for (word = n; word > n / 2 && text[word] != ' ' && text[word] != '\n';)
		word--;
	return word > n / 2 ? word : n;
}

void utf8_mend(char *text)
{
	size_t n = strlen(text);
	u32 c;

	for (size_t i = 0; i < n;) {
		unsigned len = utf8_next(text + i, n - i, &c);

		if (c == UTF8_BAD)
			text[i] = '?';
		i += len;
	}
}

/* One shown unit of the text at `at`: its form in to[], its columns. */
static unsigned unit(const char *at, size_t n, char to[16], unsigned *columns)
{
	u32 c;
	unsigned len = utf8_next(at, n, &c);

	if (c == UTF8_BAD) {
		*columns = (unsigned)snprintf(to, 16, "\\x%02x", (u8)at[0]);
	} else if (utf8_hidden(c)) {
		*columns = (unsigned)snprintf(to, 16, "\\u%04x", c);
	} else {
		memcpy(to, at, len);
		to[len] = 0;
		*columns = utf8_columns(c);
	}
	return len;
}

unsigned utf8_width(const char *text)
{
	size_t n = strlen(text);
	unsigned all = 0, columns;
	char to[16];

	for (size_t i = 0; i < n; all += columns)
		i += unit(text + i, n - i, to, &columns);
	return all;
}

unsigned utf8_show(struct buf *out, const char *text, unsigned columns)
{
	size_t n = strlen(text);
	unsigned used = 0, wide_by;
	bool cut = columns && utf8_width(text) > columns;
	unsigned room = cut ? columns - (columns < 3 ? columns : 3) : ~0u;
	char to[16];

	for (size_t i = 0; i < n; used += wide_by) {
		i += unit(text + i, n - i, to, &wide_by);
		if (used + wide_by > room)
			break;
		buf_text(out, to);
	}
	if (cut) {
		unsigned dots = columns < 3 ? columns : 3;

		buf_fill(out, '.', dots);
		used += dots;
	}
	return used;
}

static void json_unit(struct buf *out, u32 c)
{
	if (c == '\n')
		buf_text(out, "\\n");
	else if (c == '\t')
		buf_text(out, "\\t");
	else if (c == '\r')
		buf_text(out, "\\r");
	else if (c < 0x10000)
		buf_fmt(out, "\\u%04x", c);
	else
		buf_fmt(out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
			0xdc00 + ((c - 0x10000) & 0x3ff));
}

/* Octets at `at` that stand for themselves in JSON: the usual case, taken whole. */
static size_t plain_run(const char *at)
{
	size_t n = 0;

	while (at[n] >= 0x20 && at[n] < 0x7f && at[n] != '"' && at[n] != '\\')
		n++;
	return n;
}

void utf8_json(struct buf *out, const char *text)
{
	size_t n = strlen(text), run;
	unsigned len;
	u32 c;

	buf_byte(out, '"');
	for (size_t i = 0; i < n; i += len) {
		run = plain_run(text + i);
		buf_add(out, text + i, run);
		i += run;
		if (i == n)
			break;
		len = utf8_next(text + i, n - i, &c);
		if (c == UTF8_BAD)
			buf_byte(out, '?');
		else if (c == '"' || c == '\\')
			buf_fmt(out, "\\%c", (int)c);
		else if (utf8_hidden(c))
			json_unit(out, c);
		else
			buf_add(out, text + i, len);
	}
	buf_byte(out, '"');
}
