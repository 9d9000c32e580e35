/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taken.h - what a reader of a format took out of a document, for its tests: copies of the
 * items, how many troubles there were and what the last one said. */
#pragma once
#include "share/exchange.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

struct back { struct item *items[5000]; u32 count, troubles; char why[EXCHANGE_WHY]; };

static inline int back_take(void *to, const struct item *i)
{
	struct back *b = to;

	assert_true(b->count < COUNT(b->items));
	assert_non_null(b->items[b->count++] = item_copy(i));
	return 0;
}

static inline void back_trouble(void *to, const char *where, const char *why)
{
	struct back *b = to;

	b->troubles++;
	snprintf(b->why, sizeof b->why, "%s: %s", where, why);
}

/* What the format's reader returns; why[] is its word for the whole document. */
static inline int back_read(struct back *b, const char *format, const void *octets, size_t n,
			    char why[EXCHANGE_WHY])
{
	struct exchange_read r = { .octets = octets, .n = n, .name = "test", .item = back_take,
		.trouble = back_trouble, .to = b };

	why[0] = 0;
	return exchange_find(format)->read(&r, why);
}

/* Of a document that must be read. */
static inline struct back back_of(const char *format, const void *octets, size_t n)
{
	struct back b = { .count = 0 };
	char why[EXCHANGE_WHY];

	if (back_read(&b, format, octets, n, why))
		fail_msg("%s", why);
	return b;
}

static inline void back_free(struct back *b)
{
	for (u32 i = 0; i < b->count; i++)
		free(b->items[i]);
}
