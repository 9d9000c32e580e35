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

static u32 *slot_of(const struct texts *w, const char *text, size_t n)
{
	u32 at = (u32)hash_bytes(w->key, text, n) & w->mask;

	while (w->table[at] && strcmp(word(w, w->table[at] - 1), text))
		at = (at + 1) & w->mask;
	return &w->table[at];
}

static int rehash(struct texts *w)
{
	u32 mask = w->table ? w->mask * 2 + 1 : 4095;
	u32 *table = calloc((size_t)mask + 1, sizeof *table);

	if (table == NULL)
		return -ENOMEM;
	free(w->table);
	w->table = table;
	w->mask = mask;
	for (u32 i = 0; i < w->count; i++)
		*slot_of(w, word(w, i), strlen(word(w, i))) = i + 1;
	return 0;
}

int texts_add(struct texts *w, const char *text, u32 *ret)
{
	size_t n = strlen(text);
	u32 *slot;
	int rc;

	if ((w->table == NULL || w->count > w->mask / 4 * 3) && (rc = rehash(w)))
		return rc;
	slot = slot_of(w, text, n);
	if (*slot == 0) {
		if ((rc = grow(w, n)))
			return rc;
		memcpy(w->at + w->len, text, n + 1);
		w->offsets[w->count] = (u32)w->len;
		w->len += n + 1;
		*slot = ++w->count;
	}
	*ret = *slot - 1;
	return 0;
}

bool texts_have(const struct texts *w, const char *text)
{
	return w->table && *slot_of(w, text, strlen(text)) != 0;
}

void texts_free(struct texts *w)
{
	free(w->at);
	free(w->table);
	free(w->offsets);
}
