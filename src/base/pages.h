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
 * hardly at all: large pages begin behind the first PAGES_LARGE octets. */
void *pages_get(u64 octets);
void *pages_reserve(u64 octets);
void pages_put(void *at, u64 octets);	/* takes NULL */
void pages_clear(void *at, u64 octets);	/* zero again; the memory goes back */
