/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directive.c - see directive.h: $ORIGIN, $TTL and $INCLUDE. */
#include "zone/directive.h"
#include "zone/generate.h"

struct word {
	char *at, *end;
};

/* The next token; empty at the end of the line. */
static struct word next_word(struct word w)
{
	char *at = *w.end == ' ' ? w.end + 1 : w.end;

	return (struct word){ at, at + (text_token(at) - at) };
}

static bool is_empty(struct word w)
{
	return w.at == w.end;
}

static const char *read_name(struct word w, const struct text_state *st,
			     struct text_state *to, bool *no_origin)
{
	u8 wire[NAME_WIRE_MAX];
	int len = text_name(w.at, w.end, st, wire);

	*no_origin = len == OOPS_UNKNOWN;
	if (len < 0)
		return N_("a name that is none");
	*to = *st;
	memcpy(to->origin, wire, (size_t)len);
	to->origin_len = (u8)len;
	return NULL;
}

static const char *read_origin(struct word w, struct text_state *st, struct directive *d)
{
	const char *why;

	w = next_word(w);
	if (!is_empty(next_word(w)))
		return N_("more behind $ORIGIN than a name");
	if ((why = read_name(w, st, &d->state, &d->no_origin)) == NULL)
		*st = d->state;
	return why;
}

static const char *read_ttl(struct word w, struct text_state *st)
{
	w = next_word(w);
	if (!is_empty(next_word(w)))
		return N_("more behind $TTL than a time");
	if (text_ttl(w.at, w.end, &st->ttl) < 0)
		return N_("a TTL that is none");
	st->has_ttl = true;
	return NULL;
}

/* A token without its quotes and backslashes, as a C string in its place; NULL for an odd
 * quotation. */
static const char *unquote(struct word w)
{
	char *to = w.at;
	bool quoted = *w.at == '"';

	for (const char *p = w.at + quoted; p < w.end; p++) {
		if (*p == '"') {
			if (!quoted || p + 1 != w.end)
				return NULL;
			break;
		}
		p += *p == '\\';
		*to++ = *p;
	}
	*to = '\0';
	return w.at;
}

static const char *read_include(struct word w, struct text_state *st, struct directive *d)
{
	struct word file = next_word(w), origin = next_word(file);

	if (is_empty(file))
		return N_("$INCLUDE without a file");
	if (!is_empty(next_word(origin)))
		return N_("more behind $INCLUDE than a file and an origin");
	d->state = *st;
	if (!is_empty(origin)) {
		const char *why = read_name(origin, st, &d->state, &d->no_origin);

		if (why)
			return why;
	}
	d->name = unquote(file);
	return d->name && d->name[0] ? NULL : N_("a file name that is none");
}

void directive_read(char *flat, struct text_state *st, struct directive *ret)
{
	struct word w = { flat, flat + (text_token(flat) - flat) };

	*ret = (struct directive){ .kind = DIRECTIVE_STATE };
	if (text_is(w.at, w.end, "$ORIGIN")) {
		ret->why = read_origin(w, st, ret);
	} else if (text_is(w.at, w.end, "$TTL")) {
		ret->why = read_ttl(w, st);
	} else if (text_is(w.at, w.end, "$INCLUDE")) {
		ret->kind = DIRECTIVE_INCLUDE;
		ret->why = read_include(w, st, ret);
	} else if (text_is(w.at, w.end, "$GENERATE")) {
		ret->kind = DIRECTIVE_GENERATE;
		ret->why = generate_read(flat, next_word(w).at, &ret->generate);
	} else {
		ret->why = N_("a directive that is not known");
	}
	if (ret->why)
		ret->kind = DIRECTIVE_NONE;
}
