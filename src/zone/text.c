/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - see text.h. */
#include "zone/text.h"
#include <strings.h>

/* Octets at which the lexer has to look. */
static const bool special[256] = {
	['\n'] = true, [';'] = true, ['"'] = true, ['\\'] = true, ['('] = true, [')'] = true,
};

/* Behind the quotation that begins at p, or at the newline that ends it. */
static const char *quotation_end(const char *p, const char *end, bool deep, u32 *lines)
{
	for (; p < end; p++) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\' && p + 1 < end && p[1] != '\n')
			p++;
		else if (*p == '\n' && !deep)
			return p;
		else
			*lines += *p == '\n';
	}
	return end;
}

const char *text_end(const char *p, const char *end, u32 *lines)
{
	unsigned depth = 0;

	*lines = 0;
	while (p < end) {
		char c = *p++;

		if (likely(!special[(u8)c]))
			continue;
		if (c == '(') {
			depth++;
		} else if (c == ')') {
			depth -= depth > 0;
		} else if (c == ';') {
			if ((p = memchr(p, '\n', (size_t)(end - p))) == NULL)
				return NULL;
		} else if (c == '"') {
			p = quotation_end(p, end, depth > 0, lines);
		} else if (c == '\\') {
			p += p < end && *p != '\n';
		} else {
			++*lines;
			if (depth == 0)
				return p;
		}
	}
	return NULL;
}

/* ---- flat text ---- */

struct flat {
	char *to;
	const char *p, *end, *why;
	const char *blank;	/* behind the last blank that stands for space */
	unsigned depth;
	bool done;
};

static void add_blank(struct flat *f)
{
	if (f->blank == f->to)
		return;
	*f->to++ = ' ';
	f->blank = f->to;
}

static bool line_ends(const char *p, const char *end)
{
	return p == end || *p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n');
}

static void add_escape(struct flat *f)
{
	if (line_ends(f->p, f->end)) {
		f->why = N_("a backslash ends the line");
		return;
	}
	*f->to++ = '\\';
	*f->to++ = *f->p++;
}

static void add_quotation(struct flat *f)
{
	*f->to++ = '"';
	while (f->why == NULL) {
		char c;

		if (f->p == f->end || (*f->p == '\n' && f->depth == 0)) {
			f->why = N_("a quotation mark that is not closed");
			return;
		}
		c = *f->p++;
		if (c == '\\') {
			add_escape(f);
		} else if (c == '\n') {
			memcpy(f->to, "\\010", 4);
			f->to += 4;
		} else {
			*f->to++ = c;
			if (c == '"')
				return;
		}
	}
}

static void add_special(struct flat *f, char c)
{
	switch (c) {
	case '"':
		add_quotation(f);
		return;
	case '\\':
		add_escape(f);
		return;
	case '(':
		f->depth++;
		break;
	case ')':
		if (f->depth-- == 0)
			f->why = N_("a closing parenthesis without an opening one");
		break;
	case ';':
		f->p = memchr(f->p, '\n', (size_t)(f->end - f->p));
		if (f->p == NULL)
			f->p = f->end;
		return;
	default:
		f->done = f->depth == 0;
	}
	add_blank(f);
}

const char *text_flatten(char *to, const char *p, const char *end)
{
	struct flat f = { .to = to, .p = p, .end = end };

	while (f.p < end && !f.done && f.why == NULL) {
		char c = *f.p++;

		if (c == ' ' || c == '\t' || (c == '\r' && f.p < end && *f.p == '\n'))
			add_blank(&f);
		else if (c == '\0')
			f.why = N_("an octet of value 0");
		else if (special[(u8)c])
			add_special(&f, c);
		else
			*f.to++ = c;
	}
	if (f.blank == f.to)
		f.to--;
	memcpy(f.to, "\n", 2);
	return f.why;
}

/* ---- tokens ---- */

const char *text_token(const char *p)
{
	bool quoted = false;

	for (; *p != '\n' && (quoted || *p != ' '); p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			quoted = !quoted;
	}
	return p;
}

bool text_is(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) == n && strncasecmp(p, word, n) == 0;
}

/* One octet of a name, escaped or not: characters taken, 0 for a bad escape. */
static unsigned name_octet(const char *p, const char *end, u8 *ret)
{
	unsigned v = 0;

	*ret = (u8)*p;
	if (*p != '\\')
		return 1;
	if (end - p < 2)
		return 0;
	*ret = (u8)p[1];
	if (p[1] < '0' || p[1] > '9')
		return 2;
	for (int i = 1; i <= 3; i++) {
		if (p + i >= end || p[i] < '0' || p[i] > '9')
			return 0;
		v = v * 10 + (unsigned)(p[i] - '0');
	}
	*ret = (u8)v;
	return v < 256 ? 4 : 0;
}

static int name_relative(const struct text_state *st, u8 *to, unsigned len)
{
	if (st->origin_len == 0)
		return OOPS_UNKNOWN;
	if (len + st->origin_len > NAME_WIRE_MAX)
		return OOPS_FORMAT;
	memcpy(to + len, st->origin, st->origin_len);
	return (int)(len + st->origin_len);
}

int text_name(const char *p, const char *end, const struct text_state *st, u8 *to)
{
	unsigned len = 0;

	if (end - p == 1 && *p == '@')
		return name_relative(st, to, 0);
	if (end - p == 1 && *p == '.') {
		to[0] = 0;
		return 1;
	}
	while (p < end) {
		unsigned label = len++, step;

		for (; p < end && *p != '.'; p += step) {
			if (*p == '"' || len - label > NAME_LABEL_MAX || len >= NAME_WIRE_MAX - 1 ||
			    (step = name_octet(p, end, &to[len++])) == 0)
				return OOPS_FORMAT;
		}
		if ((to[label] = (u8)(len - label - 1)) == 0)
			return OOPS_FORMAT;
		if (p == end)
			return name_relative(st, to, len);
		p++;
	}
	if (len == 0)
		return OOPS_FORMAT;
	to[len++] = 0;
	return (int)len;
}

static u32 unit_of(char c)
{
	switch (c | 0x20) {
	case 's': return 1;
	case 'm': return 60;
	case 'h': return 3600;
	case 'd': return 86400;
	case 'w': return 604800;
	default: return 0;
	}
}

int text_ttl(const char *p, const char *end, u32 *ret)
{
	u64 sum = 0;
	bool units = false;

	if (p == end)
		return OOPS_FORMAT;
	while (p < end) {
		const char *from = p;
		u64 n = 0;

		for (; p < end && *p >= '0' && *p <= '9' && n <= UINT32_MAX; p++)
			n = n * 10 + (u64)(*p - '0');
		if (n > UINT32_MAX)
			return OOPS_RANGE;
		if (p == from || (p == end ? units : unit_of(*p) == 0))
			return OOPS_FORMAT;
		units = true;
		sum += p < end ? n * unit_of(*p++) : n;
	}
	if (sum > UINT32_MAX)
		return OOPS_RANGE;
	*ret = (u32)sum;
	return 0;
}

int text_class(const char *p, const char *end)
{
	static const struct { const char *word; int number; } words[] = {
		{ "IN", CLASS_IN }, { "CH", CLASS_CH }, { "CHAOS", CLASS_CH }, { "HS", 4 },
		{ "CS", 2 },
	};
	int n = 0;

	for (unsigned i = 0; i < COUNT(words); i++)
		if (text_is(p, end, words[i].word))
			return words[i].number;
	if (end - p < 6 || end - p > 10 || !text_is(p, p + 5, "CLASS"))
		return -1;
	for (p += 5; p < end; p++) {
		if (*p < '0' || *p > '9')
			return -1;
		n = n * 10 + (*p - '0');
	}
	return n <= UINT16_MAX ? n : -1;
}

const char *text_header(const char *p, struct text_header *ret)
{
	bool has_class = false;

	*ret = (struct text_header){ .class = CLASS_IN };
	for (;;) {
		const char *end = text_token(p);
		int class;

		if (p == end)
			return N_("the line ends before the type");
		if (*p >= '0' && *p <= '9' && !ret->has_ttl) {
			if (text_ttl(p, end, &ret->ttl) < 0)
				return N_("a TTL that is none");
			ret->has_ttl = true;
		} else if (!has_class && (class = text_class(p, end)) >= 0) {
			ret->class = class;
			has_class = true;
		} else {
			break;
		}
		p = *end == ' ' ? end + 1 : end;
	}
	ret->type = p;
	return text_class(p, text_token(p)) >= 0 ? N_("a class said twice") : NULL;
}
