/* SPDX-License-Identifier: GPL-3.0-or-later */
/* texts.h - texts, each kept once and known by its number.
 *
 *   at       "invented.net" NUL "192.0.2.1" NUL ...     in the order they came
 *   offsets  of word n in it
 *   table    open addressing: half a hash, number + 1
 *
 * For walks over very many findings, which compare numbers instead of texts. Words are never
 * taken out. Cost: a hash and a comparison a word; memory: the octets and some 20 more. */
#pragma once
#include "base/base.h"

struct texts {		/* zeroed = empty; `key` may be set before the first word */
	char *at;
	u32 *offsets;
	u64 *table;
	u32 count, offset_room, mask;
	size_t len, room;
	u64 key;	/* of the hashes: secret where strangers choose the words */
};

/* The number of a text, which is copied when it is new: 0, -ENOMEM or OOPS_LIMIT. */
int texts_add(struct texts *w, const char *text, u32 *ret);
/* The number of a text that is there. */
bool texts_find(const struct texts *w, const char *text, u32 *ret);
bool texts_have(const struct texts *w, const char *text);
void texts_free(struct texts *w);
static inline const char *word(const struct texts *w, u32 n)
{
	return w->at + w->offsets[n];
}
