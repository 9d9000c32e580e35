/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain.c - the lines that TLD zones are made of, without a state machine for all others.
 *
 *   [owner] [ttl] [IN] NS|A|AAAA|DS data
 *
 * in one line with nothing unusual in it: no escape, quote, parenthesis, comment or @, type
 * and class by their names, times in seconds, a digest in one piece. Anything else gives
 * NULL and goes the long way; it is never wrong to give NULL. What is taken means what
 * libzscanner would make of it; a property test (zone_split_test) and a fuzz target hold it
 * to that.
 *
 * Every loop ends at the newline, which is nothing's good octet. */
#include "zone/scan.h"
#include <arpa/inet.h>
#include <strings.h>

#define DIGEST_MAX 64

/* Octets of names that need no thought, in lower case; 0: all others. */
static const u8 fold[256] = {
	['-'] = '-', ['_'] = '_', ['*'] = '*', ['/'] = '/',
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
	['7'] = '7', ['8'] = '8', ['9'] = '9',
#define LETTER(upper, lower) [upper] = lower, [lower] = lower
	LETTER('A', 'a'), LETTER('B', 'b'), LETTER('C', 'c'), LETTER('D', 'd'), LETTER('E', 'e'),
	LETTER('F', 'f'), LETTER('G', 'g'), LETTER('H', 'h'), LETTER('I', 'i'), LETTER('J', 'j'),
	LETTER('K', 'k'), LETTER('L', 'l'), LETTER('M', 'm'), LETTER('N', 'n'), LETTER('O', 'o'),
	LETTER('P', 'p'), LETTER('Q', 'q'), LETTER('R', 'r'), LETTER('S', 's'), LETTER('T', 't'),
	LETTER('U', 'u'), LETTER('V', 'v'), LETTER('W', 'w'), LETTER('X', 'x'), LETTER('Y', 'y'),
	LETTER('Z', 'z'),
#undef LETTER
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind the blanks at p, of which there must be one. */
static const char *blanks(const char *p)
{
	if (unlikely(!is_blank(*p)))
		return NULL;
	while (is_blank(*++p))
		;
	return p;
}

/* Behind the end of the line. */
static const char *line_end(const char *p)
{
	while (is_blank(*p))
		p++;
	p += *p == '\r';
	return *p == '\n' ? p + 1 : NULL;
}

static const char *name_end(const struct scanner *s, const char *p, u8 *to, u8 *at,
			    unsigned *len)
{
	unsigned origin = s->state.origin_len;

	if (origin == 0 || (unsigned)(at - to) + origin > NAME_WIRE_MAX)
		return NULL;
	memcpy(at, s->origin, origin);
	*len = (unsigned)(at - to) + origin;
	return p;
}

/* A name in lower case into `to` (NAME_WIRE_MAX + 1); behind it, or NULL. */
static const char *plain_name(const struct scanner *s, const char *p, u8 *to, unsigned *len)
{
	u8 *at = to, *label, *const full = to + NAME_WIRE_MAX;

	for (;;) {
		u8 c;

		label = at++;
		while ((c = fold[(u8)*p]) && at < full) {
			*at++ = c;
			p++;
		}
		*label = (u8)(at - label - 1);
		if (at >= full || at - label - 1 > NAME_LABEL_MAX)
			return NULL;
		if (*p != '.')
			break;
		if (at == label + 1)	/* "..", "." */
			return NULL;
		p++;
	}
	if (at > label + 1)
		return name_end(s, p, to, at, len);
	*len = (unsigned)(at - to);	/* the root's label is the empty one that was begun */
	return at > to + 1 ? p : NULL;
}

static const char *plain_number(const char *p, u32 most, u32 *ret)
{
	u64 n = 0;
	const char *from = p;

	for (; is_digit(*p) && n <= most; p++)
		n = n * 10 + (u64)(*p - '0');
	*ret = (u32)n;
	return p > from && n <= most ? p : NULL;
}

/* TTL and class in either order; at the type, or NULL. */
static const char *plain_header(const char *p, struct scanned *r)
{
	bool class = false;

	for (;;) {
		if (is_digit(*p) && !r->has_ttl) {
			p = plain_number(p, UINT32_MAX, &r->ttl);
			r->has_ttl = true;
		} else if ((*p | 0x20) == 'i' && (p[1] | 0x20) == 'n' && !class) {
			p += 2;
			class = true;
		} else {
			return p;
		}
		if (p == NULL || (p = blanks(p)) == NULL)
			return NULL;
	}
}

static const char *plain_a(const char *p, u8 *to)
{
	for (int i = 0; i < 4; i++) {
		const char *from = p;
		u32 n;

		if (i > 0 && *p++ != '.')
			return NULL;
		from += i > 0;
		if ((p = plain_number(p, 255, &n)) == NULL || p - from > 3 ||
		    (*from == '0' && p - from > 1))
			return NULL;
		to[i] = (u8)n;
	}
	return p;
}

static const char *plain_aaaa(const char *p, u8 *to)
{
	char text[INET6_ADDRSTRLEN];
	unsigned n = 0;

	for (; n < sizeof text - 1 && (*p == ':' || *p == '.' || fold[(u8)*p]); p++)
		text[n++] = *p;
	text[n] = '\0';
	return inet_pton(AF_INET6, text, to) == 1 ? p : NULL;
}

/* Digits of hexadecimal, plus one; 0: all others. */
static const u8 hex[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8,
	['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15,
	['f'] = 16, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static const char *plain_ds(const char *p, u8 *to, u32 *rdlen)
{
	u32 tag, algorithm, digest, n = 0, high, low;

	if ((p = plain_number(p, UINT16_MAX, &tag)) == NULL || (p = blanks(p)) == NULL ||
	    (p = plain_number(p, UINT8_MAX, &algorithm)) == NULL || (p = blanks(p)) == NULL ||
	    (p = plain_number(p, UINT8_MAX, &digest)) == NULL || (p = blanks(p)) == NULL)
		return NULL;
	to[0] = (u8)(tag >> 8);
	to[1] = (u8)tag;
	to[2] = (u8)algorithm;
	to[3] = (u8)digest;
	for (; n < DIGEST_MAX && (high = hex[(u8)*p]); p += 2, n++) {
		if ((low = hex[(u8)p[1]]) == 0)
			return NULL;
		to[4 + n] = (u8)((high - 1) << 4 | (low - 1));
	}
	*rdlen = 4 + n;
	return n ? p : NULL;
}

/* Type and data; behind the data, or NULL. */
static const char *plain_data(struct scanner *s, const char *p, struct scanned *r, u8 *to)
{
	char a = *p | 0x20, b = p[1] | 0x20;

	r->rdata = to;
	if (a == 'n' && b == 's') {
		r->type = TYPE_NS;
		if ((p = blanks(p + 2)) == NULL)
			return NULL;
		return plain_name(s, p, to, &r->rdlen);
	}
	if (a == 'd' && b == 's') {
		r->type = TYPE_DS;
		return (p = blanks(p + 2)) ? plain_ds(p, to, &r->rdlen) : NULL;
	}
	if (a != 'a')
		return NULL;
	if (is_blank(p[1])) {
		r->type = TYPE_A;
		r->rdlen = 4;
		return plain_a(blanks(p + 1), to);
	}
	if (strncasecmp(p, "aaaa", 4) != 0 || (p = blanks(p + 4)) == NULL)
		return NULL;
	r->type = TYPE_AAAA;
	r->rdlen = 16;
	return plain_aaaa(p, to);
}

/* memcmp() costs more than the few octets of an owner. */
static bool same_octets(const char *a, const char *b, u32 n)
{
	u64 x, y;

	for (; n >= 8; n -= 8, a += 8, b += 8) {
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		if (x != y)
			return false;
	}
	while (n && *a == *b) {
		a++;
		b++;
		n--;
	}
	return n == 0;
}

const char *plain_line(struct scanner *s, const char *p, const char *end)
{
	const char *from = p;
	u8 owner[NAME_WIRE_MAX + 1], data[NAME_WIRE_MAX + 1];
	unsigned owner_len = 0;
	u32 token = s->token_len;
	struct scanned r = { 0 };

	if (is_blank(*p)) {
		token = 0;
		if (s->b->owner_is == CARRY_BAD)
			return NULL;
	} else if (s->token && (u64)(end - p) > token && is_blank(p[token]) &&
		   same_octets(p, s->token, token)) {
		p += token;
	} else {
		if ((p = plain_name(s, p, owner, &owner_len)) == NULL)
			return NULL;
		token = (u32)(p - from);
	}
	if ((p = blanks(p)) == NULL || (p = plain_header(p, &r)) == NULL ||
	    (p = plain_data(s, p, &r, data)) == NULL || (p = line_end(p)) == NULL)
		return NULL;
	if (owner_len)
		scan_owner(s, owner, owner_len);
	if (token) {
		s->token = from;
		s->token_len = token;
	}
	scan_pack(s, &r);
	return p;
}
