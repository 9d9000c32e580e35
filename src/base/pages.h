/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pages.h - large memory straight from the system: zeroed, and touched only where it is
 * used.
 *
 * From PAGES_LARGE on large pages are asked for: a table of megabytes that is reached at
 * random costs 512 times fewer page faults and fewer misses of the address cache. The
 * kernel may refuse; then it is as with any memory. */
#pragma once
#include "base/base.h"

#define PAGES_LARGE ((u64)2 << 20)

/* NULL without memory. The second one is for what is used from its beginning on, perhaps
 * hardly at all: large pages begin behind the first PAGES_LARGE octets. The third one is for
 * what is soon used all over: it is there at once, instead of by two page faults for each page
 * that is read before it is written (and the second of them makes the other processors drop
 * what they know of it). */
void *pages_get(u64 octets);
void *pages_reserve(u64 octets);
void *pages_full(u64 octets);
/* Of what pages_reserve() gave `used` octets are about to be used, and *ready were there: has
 * some more than that put there in one go, as long as pages are small. */
void pages_more(u8 *at, u64 *ready, u64 used);
static inline void pages_reach(u8 *at, u64 *ready, u64 used)
{
	if (unlikely(used > *ready))
		pages_more(at, ready, used);
}
void pages_put(void *at, u64 octets);	/* takes NULL */
void pages_clear(void *at, u64 octets);	/* zero again; the memory goes back */
