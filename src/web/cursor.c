/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cursor.c - cursors of the desk's lists: the place of the last record that was shown.
 *
 *   order "-changed number" --> version 1 | hash of path and filters 8 | changed 8 | number 8
 *     in base64url; words stand there with their NUL
 *
 * A page begins behind a place, not behind a count, so what comes in or goes meanwhile shifts
 * nothing: whoever reads to the end has each record that was there all the time once. A cursor
 * holds nothing that its caller was not shown, so it needs no secret; one that is made up shows
 * what the list shows from there. With other filters or another order it is refused. */
#include "web/own.h"
#include "base/hash.h"
#include "base/rd.h"
#include <sodium.h>

#define VERSION 2u	/* those of findings are 1 */
#define HEAD 9u
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define TEXT_MAX sodium_base64_ENCODED_LEN(CURSOR_OCTETS, VARIANT)

/* Of all that makes the list another one. */
static u64 hash_of(const struct request *q, const struct store_query *query)
{
	const char *path = q->route->path, *order = query->order;
	u64 hash = hash_bytes(VERSION, path, strlen(path));

	hash = hash_bytes(hash, order, strlen(order));
	for (unsigned i = 0; i < API_VALUES; i++)
		hash = hash_bytes(hash, q->values.at[i], strlen(q->values.at[i]));
	for (const struct api_param *p = q->route->params; p && p->name; p++) {
		const char *text = request_param(q, p->name);

		if (text && strcmp(p->name, "limit") && strcmp(p->name, "cursor")) {
			hash = hash_bytes(hash, p->name, strlen(p->name));
			hash = hash_bytes(hash, text, strlen(text));
		}
	}
	return hash;
}

static const struct field *next_field(const struct store_query *query, const char **order)
{
	const char *p = *order + strspn(*order, " -");
	const size_t n = strcspn(p, " ");
	char name[32];

	*order = p + n;
	snprintf(name, sizeof name, "%.*s", (int)n, p);
	return n ? field_find(desk_nouns[query->table].fields, name) : NULL;
}

/* ---- writing ---- */

static void put_value(struct buf *to, const struct field *f, const void *of)
{
	const void *at = (const char *)of + f->at;
	const char *text;

	switch (f->kind) {
	case FIELD_words:
		text = *(const char *const *)at;
		buf_add(to, text, strlen(text) + 1);
		break;
	case FIELD_severity:
		buf_u64(to, *(const enum severity *)at);
		break;
	case FIELD_choice:
		buf_u64(to, *(const u8 *)at);
		break;
	default:
		buf_u64(to, *(const u64 *)at);
	}
}

void cursor_put(struct request *q, struct buf *out, const struct store_query *query,
	       const void *record)
{
	struct buf octets = { .limit = CURSOR_OCTETS };
	const char *order = query->order;
	const struct field *f;
	char text[TEXT_MAX];

	buf_byte(&octets, VERSION);
	buf_u64(&octets, hash_of(q, query));
	while ((f = next_field(query, &order)))
		put_value(&octets, f, record);
	if (buf_error(&octets))
		out->error = buf_error(&octets);
	else
		buf_fmt(out, "\"%s\"", sodium_bin2base64(text, sizeof text,
			(const u8 *)octets.at, octets.len, VARIANT));
	buf_free(&octets);
}

/* ---- reading ---- */

static const char *take_text(struct rd *r)
{
	const u8 *nul = memchr(r->p, 0, rd_left(r));
	const char *text = (const char *)r->p;

	if (nul == NULL) {
		r->bad = true;
		return "";
	}
	r->p = nul + 1;
	return text;
}

static void take_value(struct rd *r, const struct field *f, void *to)
{
	void *at = (char *)to + f->at;

	switch (f->kind) {
	case FIELD_words:
		*(const char **)at = take_text(r);
		break;
	case FIELD_severity:
		*(enum severity *)at = (enum severity)(rd_u64(r) % SEVERITY_COUNT);
		break;
	case FIELD_choice:
		*(u8 *)at = (u8)rd_u64(r);
		break;
	default:
		*(u64 *)at = rd_u64(r);
	}
}

int cursor_take(struct request *q, struct store_query *query, struct cursor *room)
{
	const char *text = request_param(q, "cursor"), *order = query->order;
	struct rd r;
	const struct field *f;
	size_t n;

	if (text == NULL || *text == 0)
		return 0;
	if (sodium_base642bin((u8 *)room->texts, sizeof room->texts, text, strlen(text), NULL, &n,
			      NULL, VARIANT) || n < HEAD || room->texts[0] != VERSION)
		return request_fault(q, OOPS_FORMAT, "cursor: this is not what `next` was");
	r = rd_of(room->texts, n);
	rd_u8(&r);
	if (rd_u64(&r) != hash_of(q, query))
		return request_fault(q, OOPS_FORMAT, "cursor: it is of a list with other filters "
				     "or another order");
	memset(room->record, 0, sizeof room->record);
	while ((f = next_field(query, &order)))
		take_value(&r, f, room->record);
	if (r.bad || rd_left(&r))
		return request_fault(q, OOPS_FORMAT, "cursor: this is not what `next` was");
	query->after = room->record;
	return 0;
}
