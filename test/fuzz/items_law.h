/* SPDX-License-Identifier: GPL-3.0-or-later */
/* items_law.h - the law of formats that carry whole items: what is read of a stranger's
 * document is an item as strict as any, and written and read again it is the same. */
#pragma once
#include "share/exchange.h"

#define ITEMS_MOST 200u

struct items { struct item *at[ITEMS_MOST]; u32 count; bool troubled; };

static int items_keep(void *to, const struct item *i)
{
	struct items *s = to;

	must(i->kind < ITEM_KIND_COUNT && i->subject_kind < SUBJECT_KIND_COUNT);
	must(i->tlp < LABEL_COUNT && i->pap < PAP_COUNT && i->confidence <= 100);
	for (u32 k = 0; k < s->count; k++)
		if (strcmp(s->at[k]->id, i->id) == 0)
			return 0;	/* written once, too */
	if (s->count < ITEMS_MOST)
		must(s->at[s->count++] = item_copy(i));
	return 0;
}

static void items_trouble(void *to, const char *where, const char *why)
{
	must(where[0] && why[0]);
	((struct items *)to)->troubled = true;
}

static void items_free(struct items *s)
{
	for (u32 i = 0; i < s->count; i++)
		free(s->at[i]);
	s->count = 0;
	s->troubled = false;
}

/* What exchange_read() says of n octets. */
static int items_read(struct items *s, const struct exchange *e, const void *octets, size_t n)
{
	const struct exchange_read r = { .octets = octets, .n = n, .name = "input",
		.item = items_keep, .trouble = items_trouble, .to = s };
	char why[EXCHANGE_WHY];
	int rc = exchange_read(e, &r, why);

	must(rc <= 0 && (rc == 0 || rc == -ENOMEM || why[0]));
	return rc;
}

static void items_same(const struct items *a, const struct items *b)
{
	struct buf one = { 0 }, two = { 0 };

	must(a->count == b->count);
	for (u32 i = 0; i < a->count; i++) {
		u32 k = 0;

		while (k < b->count && strcmp(a->at[i]->id, b->at[k]->id))
			k++;
		must(k < b->count);
		buf_clear(&one);
		buf_clear(&two);
		item_json(&one, a->at[i]);
		item_json(&two, b->at[k]);
		must(strcmp(buf_str(&one), buf_str(&two)) == 0);
	}
	buf_free(&one);
	buf_free(&two);
}

/* Reads an input, and what is written of it again. */
static void items_law(const struct exchange *e, const void *octets, size_t n)
{
	const struct audience all = { "all", MARKING_STRICTEST };
	struct items was = { .count = 0 }, is = { .count = 0 };
	struct exchange_write w = { .at = 1720000000000000000u, .producer = "desk.example",
		.version = "0" };
	struct buf out = { 0 };
	struct release *r;
	char why[EXCHANGE_WHY];

	(void)items_read(&was, e, octets, n);
	must(release_new(&r, &all, MARKING_STRICTEST, RELEASE_WHOLE) == 0);
	for (u32 i = 0; i < was.count; i++)
		must(release_add(r, was.at[i]) == 1);
	w.release = r;
	must(exchange_write(e, &out, &w, why) == 0);
	must(e->knows((const u8 *)out.at, out.len));
	must(items_read(&is, e, out.at, out.len) == 0);
	must(!is.troubled);
	items_same(&was, &is);
	items_free(&was);
	items_free(&is);
	release_free(r);
	buf_free(&out);
}
