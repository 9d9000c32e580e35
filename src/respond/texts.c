/* SPDX-License-Identifier: GPL-3.0-or-later */
/* texts.c - see texts.h. */
#include "respond/texts.h"
#include "base/hash.h"

static int grow(struct texts *w, size_t n)
{
	if (w->len + n + 1 > UINT32_MAX || w->count == UINT32_MAX - 1)
		return OOPS_LIMIT;
	if (w->len + n + 1 > w->room) {
		size_t room = (w->room ? w->room * 2 : 1 << 16) + n;
		char *at = realloc(w->at, room);

		if (at == NULL)
			return -ENOMEM;
		w->at = at;
		w->room = room;
	}
	if (w->count == w->offset_room) {
		u32 room = w->offset_room ? w->offset_room * 2 : 1024;
		u32 *offsets = reallocarray(w->offsets, room, sizeof *offsets);

		if (offsets == NULL)
			return -ENOMEM;
		w->offsets = offsets;
		w->offset_room = room;
	}
	return 0;
}

/* The upper half of the hash stands beside the number: texts that differ are rarely read. */
static u64 *slot_of(const struct texts *w, const char *text, size_t n)
{
	u64 hash = hash_bytes(w->key, text, n), tag = hash >> 32 << 32, at = hash & w->mask;

	for (; w->table[at]; at = (at + 1) & w->mask)
		if ((w->table[at] ^ tag) >> 32 == 0 &&
		    strcmp(word(w, (u32)w->table[at] - 1), text) == 0)
			break;
	return &w->table[at];
}

static void put(struct texts *w, u64 *slot, const char *text, size_t n, u32 number)
{
	*slot = hash_bytes(w->key, text, n) >> 32 << 32 | (number + 1);
}

static int rehash(struct texts *w)
{
	u32 mask = w->table ? w->mask * 2 + 1 : 1023;
	u64 *table = calloc((size_t)mask + 1, sizeof *table);

	if (table == NULL)
		return -ENOMEM;
	free(w->table);
	w->table = table;
	w->mask = mask;
	for (u32 i = 0; i < w->count; i++) {
		size_t n = (i + 1 < w->count ? w->offsets[i + 1] : w->len) - w->offsets[i] - 1;
		u64 hash = hash_bytes(w->key, word(w, i), n), at = hash & mask;

		while (table[at])	/* they all differ */
			at = (at + 1) & mask;
		table[at] = hash >> 32 << 32 | (i + 1);
	}
	return 0;
}

int texts_add(struct texts *w, const char *text, u32 *ret)
{
	size_t n = strlen(text);
	u64 *slot;
	int rc;

	if ((w->table == NULL || w->count > w->mask / 3 * 2) && (rc = rehash(w)))
		return rc;
	slot = slot_of(w, text, n);
	if (*slot == 0) {
		if ((rc = grow(w, n)))
			return rc;
		memcpy(w->at + w->len, text, n + 1);
		w->offsets[w->count] = (u32)w->len;
		w->len += n + 1;
		put(w, slot, text, n, w->count++);
	}
	*ret = (u32)*slot - 1;
	return 0;
}

bool texts_find(const struct texts *w, const char *text, u32 *ret)
{
	u32 is = w->table ? (u32)*slot_of(w, text, strlen(text)) : 0;

	if (is)
		*ret = is - 1;
	return is != 0;
}

bool texts_have(const struct texts *w, const char *text)
{
	u32 unused;

	return texts_find(w, text, &unused);
}

void texts_free(struct texts *w)
{
	free(w->at);
	free(w->table);
	free(w->offsets);
}
