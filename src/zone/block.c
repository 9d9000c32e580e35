/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.c - see block.h. */
#include "zone/block.h"

u8 *block_room(struct block *b, u64 n)
{
	u64 cap = max_u64(b->pack_cap + b->pack_cap / 2, b->pack_len + n + 4096);
	u8 *at;

	if (likely(b->pack_cap - b->pack_len >= n))
		return b->pack + b->pack_len;
	if ((at = realloc(b->pack, cap)) == NULL) {
		b->error = -ENOMEM;
		return NULL;
	}
	b->pack = at;
	b->pack_cap = cap;
	return at + b->pack_len;
}

void block_trouble(struct block *b, enum zone_trouble_kind kind, u32 line, const char *text)
{
	u16 len = (u16)min_u64(strlen(text), sizeof((struct zone_trouble){ 0 }).text - 1);
	u16 size = (u16)((sizeof(struct packed) + len + 7) / 8);
	struct packed *it = (struct packed *)block_room(b, size * 8u);

	if (it == NULL)
		return;
	*it = (struct packed){ .line = line, .type = (u16)kind, .rdlen = len, .size = size,
		.flags = ITEM_TROUBLE };
	memcpy(it->rest, text, len);
	b->pack_len += size * 8u;
}

int block_text(struct block *b, u32 cap)
{
	char *at;

	if (b->cap >= cap)
		return 0;
	if ((at = realloc(b->text, cap)) == NULL)
		return -ENOMEM;
	b->text = at;
	b->cap = cap;
	return 0;
}

void block_free(struct block *b)
{
	free(b->text);
	free(b->pack);
}
