/* SPDX-License-Identifier: GPL-3.0-or-later */
/* name.c - text and wire form of domain names.
 *
 * Cost: one pass over the octets each. Lower case is eight octets a step: a name
 * is folded once for every message that is counted. */
#include "dns/name.h"

static bool is_special(u8 c)
{
	return c == '.' || c == '\\' || c == '"' || c == '(' || c == ')' ||
	       c == ';' || c == '@' || c == '$';
}

static char *octet_text(u8 c, char *to)
{
	if (c <= ' ' || c >= 0x7f) {
		*to++ = '\\';
		*to++ = (char)('0' + c / 100);
		*to++ = (char)('0' + c / 10 % 10);
		*to++ = (char)('0' + c % 10);
		return to;
	}
	if (is_special(c))
		*to++ = '\\';
	*to++ = (char)c;
	return to;
}

char *name_text(const u8 *wire, size_t n, char *to)
{
	char *out = to;
	size_t at = 0;

	n = n < NAME_WIRE_MAX ? n : NAME_WIRE_MAX;
	while (at < n && wire[at] && wire[at] <= NAME_LABEL_MAX) {
		size_t end = at + 1 + wire[at];

		if (at)
			*out++ = '.';
		for (at++; at < end && at < n; at++)
			out = octet_text(wire[at], out);
	}
	if (out == to && n && wire[0] == 0)
		*out++ = '.';
	*out = '\0';
	return to;
}

/* One octet of text, escaped or not: characters taken, 0 for a bad escape. */
static size_t octet_parse(const char *text, u8 *ret)
{
	unsigned v = 0;

	if (text[0] != '\\') {
		*ret = (u8)text[0];
		return 1;
	}
	if (text[1] < '0' || text[1] > '9') {
		*ret = (u8)text[1];
		return text[1] ? 2 : 0;
	}
	for (int i = 1; i <= 3; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		v = v * 10 + (unsigned)(text[i] - '0');
	}
	*ret = (u8)v;
	return v < 256 ? 4 : 0;
}

/* One label of text, up to its dot or the end, as wire octets into `to`, of which
 * `room` may be used: characters taken, or 0 when it is none. */
static size_t label_parse(const char *text, u8 *to, size_t room)
{
	size_t at = 0, n = 0, step;

	while (text[at] && text[at] != '.') {
		u8 c;

		step = octet_parse(text + at, &c);
		if (step == 0 || n == NAME_LABEL_MAX || n + 1 >= room)
			return 0;
		to[++n] = c;
		at += step;
	}
	to[0] = (u8)n;
	return n ? at : 0;
}

int name_parse(const char *text, u8 *to)
{
	size_t n = 0, step;

	if (text[0] == '.' && text[1] == '\0')
		text++;
	else if (text[0] == '\0')
		return OOPS_FORMAT;
	while (*text) {
		/* one octet is kept for the root */
		step = label_parse(text, to + n, NAME_WIRE_MAX - 1 - n);
		if (step == 0)
			return OOPS_FORMAT;
		n += 1u + to[n];
		text += step;
		text += *text == '.';
	}
	to[n++] = 0;
	return (int)n;
}

static u8 lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* Adds 0x20 to every octet of v that is an upper-case letter, eight at once: with
 * the top bits cut off, no addition carries into the next octet. */
static u64 lower8(u64 v)
{
	const u64 ones = 0x0101010101010101ull;
	u64 seven = v & ones * 0x7f;
	u64 from_a = seven + ones * (0x80 - 'A');
	u64 past_z = seven + ones * (0x80 - 'Z' - 1);
	u64 upper = from_a & ~past_z & ~v & ones * 0x80;

	return v | upper >> 2;
}

void name_lower(u8 *dst, const u8 *src, size_t n)
{
	u64 v;

	for (; n >= 8; n -= 8, src += 8, dst += 8) {
		memcpy(&v, src, 8);
		v = lower8(v);
		memcpy(dst, &v, 8);
	}
	for (; n; n--)
		*dst++ = lower(*src++);
}

int name_labels(const u8 *wire, size_t n, u8 *at)
{
	size_t pos = 0;
	int count = 0;

	n = n < NAME_WIRE_MAX ? n : NAME_WIRE_MAX;
	while (pos < n && wire[pos]) {
		if (wire[pos] > NAME_LABEL_MAX)
			return -1;
		if (at && count < NAME_LABELS_MAX)
			at[count] = (u8)pos;
		count++;
		pos += 1u + wire[pos];
	}
	return pos < n ? count : -1;
}

bool name_equal(const u8 *a, size_t an, const u8 *b, size_t bn)
{
	if (an != bn)
		return false;
	for (size_t i = 0; i < an; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

static int label_order(const u8 *a, const u8 *b)
{
	unsigned an = *a++, bn = *b++, n = an < bn ? an : bn;

	for (unsigned i = 0; i < n; i++) {
		int diff = lower(a[i]) - lower(b[i]);

		if (diff)
			return diff;
	}
	return (int)an - (int)bn;
}

int name_order(const u8 *a, const u8 *b)
{
	u8 at_a[NAME_LABELS_MAX], at_b[NAME_LABELS_MAX];
	int i = name_labels(a, NAME_WIRE_MAX, at_a), j = name_labels(b, NAME_WIRE_MAX, at_b);

	while (i > 0 && j > 0) {
		int diff = label_order(a + at_a[--i], b + at_b[--j]);

		if (diff)
			return diff;
	}
	return i - j;
}
