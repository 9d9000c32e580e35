/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.h - blocks of a few sizes out of one budget, freed and used again.
 *
 * Window tables hold small things that grow (samples, names). They live in a
 * pool: one stretch of address space reserved once, touched only as far as it
 * is used, cut into blocks of 1, 2, 4, ... 128 units of 32 octets. A block is
 * named by a 32-bit handle (0 = none), so that entries stay small and tables
 * can be moved. Freed blocks wait in a list of their size; when nothing else is
 * left a larger one is halved. Halves are not joined again before pool_clear().
 *
 *   reserve | - | block | block | ... | <- top            limit |
 *             ^ unit 0 is never given out: handle 0 means none
 *
 * Cost: O(1). No lock: a pool belongs to one worker or one window. Past the
 * limit pool_get() gives 0 and the caller counts it. */
#pragma once
#include "base/base.h"

#define POOL_UNIT 32
#define POOL_CLASSES 8	/* 32 octets to 4 KiB */
#define POOL_BLOCK_MAX ((size_t)POOL_UNIT << (POOL_CLASSES - 1))
#define POOL_LIMIT_MAX ((u64)POOL_UNIT << 32)	/* 128 GiB: what handles can name */
#define POOL_KEEP ((u64)16 << 20)	/* octets that pool_clear() leaves in memory */

struct pool {
	u8 *at;			/* the reserve; owned */
	u64 top, limit;		/* octets used, octets allowed */
	u64 ready;		/* pages_reach() */
	u32 free[POOL_CLASSES];	/* first free block of each size */
};

/* Reserves address space for `limit` octets (cut to POOL_LIMIT_MAX): 0 or
 * -ENOMEM, and then *p is zeroed. A limit below two units holds nothing. */
int pool_open(struct pool *p, u64 limit);
void pool_close(struct pool *p);	/* takes zeroed ones */
/* Forgets all blocks; memory beyond POOL_KEEP goes back to the system. */
void pool_clear(struct pool *p);

/* The block of a handle that is not 0; aligned to 32 octets. */
static inline void *pool_at(const struct pool *p, u32 handle)
{
	return p->at + (u64)handle * POOL_UNIT;
}
/* A block of at least n octets (n <= POOL_BLOCK_MAX), not zeroed; its handle, or
 * 0 when the limit is reached or n is too large. */
u32 pool_get(struct pool *p, size_t n);
/* Gives back a block that was got with the same n. Takes 0. */
void pool_put(struct pool *p, u32 handle, size_t n);
