/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_law.h - what must hold for every document of a stranger, in any format.
 *
 * Laws: each item that is read is one that the parent takes (written as JSON and parsed
 * strictly); reading twice is the same; who stops or refuses says why; what was read,
 * written in the same format and read again, is the same in all that the format carries. A
 * format that carries whole items moreover knows its own documents, reads them without a
 * trouble, and gives back every item. */
#pragma once
#include "share/exchange.h"

#define LAW_ITEMS 300u	/* of a document that is written again */

struct law {
	struct release *release;
	const struct exchange *e;
	u64 items, hash, back_items;
	bool back;		/* the second reading, of what we wrote */
	bool troubled;
};

/* All fields of an item. */
static bool law_whole(const struct exchange *e)
{
	u64 carries = exchange_carries(e);

	for (const struct field *f = item_fields; f->name; f++)
		if (!(carries >> (f - item_fields) & 1))
			return false;
	return e->knows != NULL;
}

static void law_same(const struct exchange *e, const struct item *a, const struct item *b)
{
	u64 carries = exchange_carries(e);

	for (const struct field *f = item_fields; f->name; f++) {
		struct buf x = { 0 }, y = { 0 };

		if (!(carries >> (f - item_fields) & 1))
			continue;
		item_text(&x, a, f);
		item_text(&y, b, f);
		must(strcmp(buf_str(&x), buf_str(&y)) == 0);
		buf_free(&x);
		buf_free(&y);
	}
}

/* Ids may be there twice; then the first with the same id and subject is meant. */
static const struct item *law_find(const struct release *r, const struct item *i)
{
	for (size_t k = 0; k < release_count(r); k++) {
		const struct item *it = release_item(r, k);

		if (strcmp(it->id, i->id) == 0)
			return it;
	}
	return NULL;
}

static int law_take(void *to, const struct item *i)
{
	struct law *l = to;
	struct item_box box = { 0 };
	struct buf json = { 0 };
	const struct item *was;
	char why[FIELD_WHY] = "";

	item_json(&json, i);
	must(buf_error(&json) == 0);
	must(item_parse(&box, buf_str(&json), json.len, why) == 0);
	for (size_t k = 0; k < json.len; k++)
		l->hash = l->hash * 31 + (u8)json.at[k];
	l->items++;
	l->back_items += l->back;
	if (l->release && !l->back && l->items <= LAW_ITEMS &&
	    law_find(l->release, &box.item) == NULL)
		must(release_add(l->release, &box.item) == 1);
	if (l->back && exchange_carries(l->e) & 1) {
		must((was = law_find(l->release, &box.item)));
		law_same(l->e, was, &box.item);
	}
	item_free(&box);
	buf_free(&json);
	return 0;
}

static void law_tell(void *to, const char *where, const char *why)
{
	must(where[0] && why[0]);
	((struct law *)to)->troubled = true;
}

static void law_read(struct law *l, const u8 *data, size_t n)
{
	const struct exchange_read r = { .octets = data, .n = n, .name = "x",
		.item = law_take, .trouble = law_tell, .to = l };
	char why[EXCHANGE_WHY];		/* exchange_read() makes it a text */
	int rc = exchange_read(l->e, &r, why);

	must(rc <= 0 && (rc == 0 || rc == -ENOMEM || why[0]));
	must(!l->back || rc == 0);
}

/* What was written, read again. */
static void law_back(struct law *l, const struct buf *out)
{
	bool whole = law_whole(l->e);

	must(!whole || l->e->knows((const u8 *)buf_str(out), out->len));
	l->back = true;
	l->troubled = false;
	law_read(l, (const u8 *)buf_str(out), out->len);
	must(!whole || (!l->troubled && l->back_items == release_count(l->release)));
}

static void exchange_law(const char *format, const u8 *data, size_t n)
{
	const struct audience all = { "all", MARKING_STRICTEST };
	struct law one = { .e = exchange_find(format) }, two = { .e = one.e };
	struct exchange_write w = { .at = 1720000000000000000u, .producer = "desk.example",
		.version = "0" };
	struct buf out = { 0 };
	char why[EXCHANGE_WHY];

	must(one.e);
	for (const struct exchange *const *e = exchanges; *e; e++)
		if ((*e)->knows)
			(*e)->knows(data, n);
	must(release_new(&one.release, &all, MARKING_STRICTEST, RELEASE_WHOLE) == 0);
	law_read(&one, data, n);
	law_read(&two, data, n);
	must(one.hash == two.hash && one.items == two.items);
	w.release = one.release;
	if (one.e->write && release_count(one.release)) {
		must(exchange_write(one.e, &out, &w, why) == 0);
		law_back(&one, &out);
	}
	buf_free(&out);
	release_free(one.release);
}
