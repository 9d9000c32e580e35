/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.c - see pool.h.
 *
 * A free block holds the handle of the next one in its first four octets; the
 * list costs no memory of its own, and the block that was freed last, still in
 * the cache, is given out first. */
#include "base/pool.h"
#include "base/pages.h"

int pool_open(struct pool *p, u64 limit)
{
	void *at;

	*p = (struct pool){ 0 };
	limit = min_u64(limit, POOL_LIMIT_MAX);
	at = pages_reserve(max_u64(limit, POOL_UNIT));
	if (at == NULL)
		return -ENOMEM;
	*p = (struct pool){ .at = at, .top = POOL_UNIT, .limit = limit };
	return 0;
}

void pool_close(struct pool *p)
{
	pages_put(p->at, max_u64(p->limit, POOL_UNIT));
	*p = (struct pool){ 0 };
}

void pool_clear(struct pool *p)
{
	if (p->top > POOL_KEEP)
		pages_clear(p->at + POOL_KEEP, p->top - POOL_KEEP);
	p->top = POOL_UNIT;
	memset(p->free, 0, sizeof p->free);
}

/* The smallest class that holds n octets; POOL_CLASSES when none does. */
static unsigned class_of(size_t n)
{
	size_t units = (n + POOL_UNIT - 1) / POOL_UNIT;

	if (n > POOL_BLOCK_MAX)
		return POOL_CLASSES;
	return units <= 1 ? 0 : 64u - (unsigned)__builtin_clzll(units - 1);
}

static u32 list_take(struct pool *p, unsigned class)
{
	u32 handle = p->free[class];

	if (handle)
		memcpy(&p->free[class], pool_at(p, handle), sizeof handle);
	return handle;
}

static void list_add(struct pool *p, unsigned class, u32 handle)
{
	memcpy(pool_at(p, handle), &p->free[class], sizeof handle);
	p->free[class] = handle;
}

/* The limit is reached: halves a larger free block until it fits. */
static u32 split(struct pool *p, unsigned class)
{
	unsigned from = class + 1;
	u32 handle = 0;

	while (from < POOL_CLASSES && (handle = list_take(p, from)) == 0)
		from++;
	while (handle && from-- > class)
		list_add(p, from, handle + (1u << from));
	return handle;
}

u32 pool_get(struct pool *p, size_t n)
{
	unsigned class = class_of(n);
	u64 size = (u64)POOL_UNIT << class;
	u32 handle;

	if (class == POOL_CLASSES)
		return 0;
	if ((handle = list_take(p, class)))
		return handle;
	if (unlikely(p->limit < p->top || p->limit - p->top < size))
		return split(p, class);
	handle = (u32)(p->top / POOL_UNIT);
	p->top += size;
	pages_reach(p->at, &p->ready, p->top);
	return handle;
}

void pool_put(struct pool *p, u32 handle, size_t n)
{
	if (handle)
		list_add(p, class_of(n), handle);
}
