/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.c - see place.h.
 *
 * While a zone is sealed several threads order records, some of one block. What changes places
 * is done by one thread at a time (seal.c); the others may read meanwhile: a block becomes wild
 * when all its entries are there, and what its records had stays as it was. */
#include "zone/place.h"

static struct zone_block *block_at(const struct zone *z, u32 i)
{
	return (struct zone_block *)z->blocks.at + i / PLACE_BLOCK;
}

/* The entry of a record in a wild block. */
static struct zone_place *wild_at(const struct zone *z, u32 wild, u32 i)
{
	return (struct zone_place *)z->wild.at + (wild - 1ull) * PLACE_BLOCK + i % PLACE_BLOCK;
}

static u32 is_wild(const struct zone_block *b)
{
	return __atomic_load_n(&b->wild, __ATOMIC_ACQUIRE);
}

static unsigned kind_in(const struct zone_record *r)
{
	return __atomic_load_n(&r->mark, __ATOMIC_RELAXED) & (ZONE_REPEAT - 1);
}

void place_get(const struct zone *z, u32 i, struct zone_place *ret)
{
	const struct zone_block *b = block_at(z, i);
	const struct zone_record *r = &z->records[i];
	u32 wild = is_wild(b);

	if (wild) {
		*ret = *wild_at(z, wild, i);
		return;
	}
	*ret = z->kinds[kind_in(r)];
	ret->line = b->line + r->line;
}

int place_order(const struct zone *z, u32 i, u32 j)
{
	struct zone_place a, b;

	place_get(z, i, &a);
	place_get(z, j, &b);
	if (a.file != b.file)
		return a.file < b.file ? -1 : 1;
	return a.line < b.line ? -1 : a.line > b.line;
}

/* The number of a kind, which may be new; ZONE_KINDS when there are too many. */
static unsigned kind_of(struct zone *z, u32 ttl, u16 file)
{
	const struct zone_place *k = &z->kinds[z->kind_last];

	if (likely(z->kind_count && k->ttl == ttl && k->file == file))
		return z->kind_last;
	for (unsigned i = 0; i < z->kind_count; i++)
		if (z->kinds[i].ttl == ttl && z->kinds[i].file == file)
			return z->kind_last = i;
	if (z->kind_count == ZONE_KINDS)
		return ZONE_KINDS;
	z->kinds[z->kind_count] = (struct zone_place){ .ttl = ttl, .file = file };
	return z->kind_last = z->kind_count++;
}

static int make_wild(struct zone *z, u32 i)
{
	struct zone_block *b = block_at(z, i);
	u32 wild = (u32)(z->wild.len / (PLACE_BLOCK * sizeof(struct zone_place))) + 1;
	int rc = zone_room(z, &z->wild, PLACE_BLOCK * sizeof(struct zone_place));

	if (rc < 0)
		return rc;
	z->wild.len += PLACE_BLOCK * sizeof(struct zone_place);
	i -= i % PLACE_BLOCK;
	for (u32 k = i; k < i + PLACE_BLOCK && k < z->record_count; k++)
		place_get(z, k, wild_at(z, wild, k));
	__atomic_store_n(&b->wild, wild, __ATOMIC_RELEASE);
	return 0;
}

int place_add(struct zone *z, const struct zone_row *row, struct zone_record *to)
{
	u32 i = z->record_count;
	struct zone_block *b;
	unsigned kind;
	int rc;

	if (i % PLACE_BLOCK == 0) {
		if ((rc = zone_room(z, &z->blocks, sizeof *b)) < 0)
			return rc;
		*block_at(z, i) = (struct zone_block){ .line = row->line - PLACE_BEFORE };
	}
	b = block_at(z, i);
	kind = kind_of(z, row->ttl, row->file);
	if (!b->wild && (kind == ZONE_KINDS || row->line - b->line > UINT8_MAX) &&
	    (rc = make_wild(z, i)) < 0)
		return rc;
	to->line = (u8)(row->line - b->line);
	to->mark = (u8)kind;
	if (b->wild)
		*wild_at(z, b->wild, i) = (struct zone_place){ row->line, row->ttl, row->file };
	if (i % PLACE_BLOCK == 0)
		z->blocks.len += sizeof *b;
	return 0;
}

int place_room(struct zone *z, u32 first, const struct zone_placed *all, u32 n)
{
	for (u32 k = 0; k < n; k++) {
		const struct zone_block *b = block_at(z, first + k);
		const struct zone_place *p = &all[k].place;
		int rc;

		if (!b->wild && (p->line - b->line > UINT8_MAX ||
				 kind_of(z, p->ttl, p->file) == ZONE_KINDS) &&
		    (rc = make_wild(z, first + k)) < 0)
			return rc;
	}
	return 0;
}

void place_put(struct zone *z, u32 i, const struct zone_placed *p)
{
	const struct zone_block *b = block_at(z, i);
	struct zone_record *r = &z->records[i];

	*r = p->record;
	r->mark = 0;
	if (b->wild) {
		*wild_at(z, b->wild, i) = p->place;
		return;
	}
	r->line = (u8)(p->place.line - b->line);
	r->mark = (u8)kind_of(z, p->place.ttl, p->place.file);
}

int place_all_wild(struct zone *z)
{
	int rc;

	for (u32 i = 0; i < z->record_count; i += PLACE_BLOCK)
		if (!block_at(z, i)->wild && (rc = make_wild(z, i)) < 0)
			return rc;
	return 0;
}

/* ---- looking ---- */

static struct zone_place place_of(const struct zone *z, const struct zone_record *r)
{
	struct zone_place p;

	must(r >= z->records && r < z->records + z->record_count);
	place_get(z, (u32)(r - z->records), &p);
	return p;
}

u32 zone_line(const struct zone *z, const struct zone_record *r)
{
	return place_of(z, r).line;
}

unsigned zone_file(const struct zone *z, const struct zone_record *r)
{
	return place_of(z, r).file;
}

u32 zone_ttl(const struct zone *z, const struct zone_record *r)
{
	return place_of(z, r).ttl;
}
