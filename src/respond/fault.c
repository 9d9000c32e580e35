/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fault.c - see fault.h. */
#include "respond/fault.h"
#include "base/hash.h"

static bool is_same(const struct fault *a, const struct fault *b)
{
	return a->rule == b->rule && a->subject == b->subject && a->zone == b->zone;
}

static u32 *slot_of(const struct faults *f, const struct fault *is)
{
	u32 at = (u32)hash_bytes(f->key, is, sizeof *is) & f->mask;

	while (f->table[at] && !is_same(&f->at[f->table[at] - 1], is))
		at = (at + 1) & f->mask;
	return &f->table[at];
}

static int rehash(struct faults *f)
{
	u32 mask = f->table ? f->mask * 2 + 1 : 255;
	u32 *table = calloc((size_t)mask + 1, sizeof *table);

	if (table == NULL)
		return -ENOMEM;
	free(f->table);
	f->table = table;
	f->mask = mask;
	for (u32 i = 0; i < f->count; i++)
		*slot_of(f, &f->at[i]) = i + 1;
	return 0;
}

static int grow(struct faults *f)
{
	u32 room = f->room ? f->room * 2 : 256;
	struct fault *at;

	if (f->count < f->room)
		return 0;
	if (f->count >= UINT32_MAX / 4)
		return OOPS_LIMIT;
	if ((at = reallocarray(f->at, room, sizeof *at)) == NULL)
		return -ENOMEM;
	f->at = at;
	f->room = room;
	return 0;
}

int faults_add(struct faults *f, const struct fault *is, u32 *ret)
{
	u32 *slot;
	int rc = 0;

	if (f->table == NULL || f->count > f->mask / 3 * 2)
		rc = rehash(f);
	if (rc)
		return rc;
	slot = slot_of(f, is);
	if (*slot == 0) {
		if ((rc = grow(f)))
			return rc;
		f->at[f->count] = *is;
		*slot = ++f->count;
	}
	*ret = *slot - 1;
	return 0;
}

void faults_clear(struct faults *f)
{
	f->count = 0;
	if (f->table)
		memset(f->table, 0, ((size_t)f->mask + 1) * sizeof *f->table);
}

void faults_free(struct faults *f)
{
	free(f->at);
	free(f->table);
}
