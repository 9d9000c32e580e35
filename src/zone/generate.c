/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate.c - $GENERATE, as BIND reads it; directive.h has the language. */
#include "zone/generate.h"

#define NUMBER_MAX INT32_MAX

/* A decimal number up to NUMBER_MAX; what follows it, or NULL. */
static const char *number(const char *p, u32 *ret)
{
	u64 n = 0;
	const char *from = p;

	for (; *p >= '0' && *p <= '9' && n <= NUMBER_MAX; p++)
		n = n * 10 + (u64)(*p - '0');
	*ret = (u32)n;
	return p == from || n > NUMBER_MAX ? NULL : p;
}

static const char *read_range(const char *p, const char *end, struct generate *g)
{
	g->step = 1;
	if ((p = number(p, &g->first)) == NULL || *p++ != '-' ||
	    (p = number(p, &g->last)) == NULL)
		return N_("a range that is none");
	if (p < end && *p == '/' && (p = number(p + 1, &g->step)) == NULL)
		return N_("a step that is none");
	if (p != end || g->step == 0 || g->first > g->last)
		return N_("a range that is none");
	if (generate_count(g) > ZONE_GENERATE_MAX)
		return N_("a $GENERATE of more than 65536 records");
	return NULL;
}

/* The data between quotes, without them. In its place. */
static const char *unquote(char *p, const char *end)
{
	char *to = p;

	if (*p != '"')
		return NULL;
	for (p++; *p != '"'; *to++ = *p++)
		if (*p == '\\')
			*to++ = *p++;
	*to = '\0';
	return p + 1 == end ? NULL : N_("more behind $GENERATE's data");
}

const char *generate_read(char *flat, char *p, struct generate *ret)
{
	char *owner, *rest, *type_end, *end = p + strlen(p) - 1;
	struct text_header head;
	const char *why, *range_end = text_token(p);

	if (end - flat >= (ptrdiff_t)GENERATE_TEXT_MAX)
		return N_("a $GENERATE of more than 4096 octets");
	if ((why = read_range(p, range_end, ret)))
		return why;
	owner = p + (range_end - p) + (*range_end == ' ');
	rest = owner + (text_token(owner) - owner);
	if (rest == owner || *rest == '\n')
		return N_("a $GENERATE without owner, type and data");
	*rest++ = '\0';
	if ((why = text_header(rest, &head)))
		return why;
	type_end = rest + (text_token(head.type) - rest);
	if (*type_end == '\n')
		return N_("a $GENERATE without data");
	*type_end = *end = '\0';
	ret->lhs = (u32)(owner - flat);
	ret->rest = (u32)(rest - flat);
	ret->rhs = (u32)(type_end + 1 - flat);
	return unquote(type_end + 1, end);
}

/* ---- making ---- */

struct maker {
	char *to, *end;
	const char *why;
};

static void put(struct maker *m, const char *text, size_t n)
{
	if ((size_t)(m->end - m->to) < n) {
		m->why = N_("$GENERATE makes a line of more than 4096 octets");
		return;
	}
	memcpy(m->to, text, n);
	m->to += n;
}

/* Hexadecimal digits from the lowest on, dots between, at least `width` characters. */
static void put_nibbles(struct maker *m, u32 value, u32 width, char base)
{
	const char *digits = base == 'n' ? "0123456789abcdef" : "0123456789ABCDEF";

	do {
		put(m, &digits[value & 15], 1);
		value >>= 4;
		width -= width > 0;
		if (width > 0 || value) {
			put(m, ".", 1);
			width -= width > 0;
		}
	} while ((width > 0 || value) && m->why == NULL);
}

static void put_number(struct maker *m, i64 value, u32 width, char base)
{
	char text[320];
	int n;

	if (value < INT32_MIN || value > INT32_MAX || width > 255) {
		m->why = N_("$GENERATE makes a number out of range");
		return;
	}
	if (base == 'n' || base == 'N') {
		put_nibbles(m, (u32)value, width, base);
		return;
	}
	if (base == 'd')
		n = snprintf(text, sizeof text, "%0*d", (int)width, (int)value);
	else
		n = snprintf(text, sizeof text,
			     base == 'o' ? "%0*o" : base == 'x' ? "%0*x" : "%0*X", (int)width,
			     (unsigned)value);
	put(m, text, (size_t)n);
}

/* "{offset[,width[,base]]}": what follows it, or NULL. */
static const char *modifier(const char *p, i64 *offset, u32 *width, char *base)
{
	bool minus = *++p == '-';
	u32 n;

	p += *p == '-' || *p == '+';
	if ((p = number(p, &n)) == NULL)
		return NULL;
	*offset = minus ? -(i64)n : (i64)n;
	if (*p == ',' && (p = number(p + 1, width)) == NULL)
		return NULL;
	if (*p == ',') {
		*base = *++p;
		if (*p == '\0' || strchr("doxXnN", *p++) == NULL)
			return NULL;
	}
	return *p == '}' ? p + 1 : NULL;
}

static void put_template(struct maker *m, const char *p, u32 value)
{
	while (*p && m->why == NULL) {
		i64 offset = 0;
		u32 width = 0;
		char base = 'd';

		if (*p == '\\' && p[1]) {
			put(m, p, 2);
			p += 2;
		} else if (*p != '$') {
			put(m, p++, 1);
		} else if (*++p == '$') {
			put(m, p++, 1);
		} else {
			if (*p == '{' && (p = modifier(p, &offset, &width, &base)) == NULL) {
				m->why = N_("a ${...} that is none");
				return;
			}
			put_number(m, value + offset, width, base);
		}
	}
}

const char *generate_line(const struct generate *g, const char *text, u32 value, char *to)
{
	struct maker m = { .to = to, .end = to + GENERATE_TEXT_MAX - 2 };

	put_template(&m, text + g->lhs, value);
	put(&m, " ", 1);
	put(&m, text + g->rest, strlen(text + g->rest));
	put(&m, " ", 1);
	put_template(&m, text + g->rhs, value);
	memcpy(m.to, "\n", 2);
	return m.why;
}
