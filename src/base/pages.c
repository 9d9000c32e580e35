/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pages.c - see pages.h. Address space is not counted as memory before it is touched. */
#include "base/pages.h"
#include <sys/mman.h>

static u8 *map(u64 octets)
{
	void *at = mmap(NULL, octets, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

void *pages_get(u64 octets)
{
	u8 *at = map(octets);

	if (at && octets >= PAGES_LARGE)
		madvise(at, octets, MADV_HUGEPAGE);
	return at;
}

void *pages_reserve(u64 octets)
{
	u8 *at = map(octets);

	if (at && octets >= 2 * PAGES_LARGE)
		madvise(at + PAGES_LARGE, octets - PAGES_LARGE, MADV_HUGEPAGE);
	return at;
}

void *pages_full(u64 octets)
{
	void *at = pages_get(octets);

	if (at)
		madvise(at, octets, MADV_POPULATE_WRITE);	/* it may not: no harm */
	return at;
}

#define STEP_LEAST ((u64)16 << 10)
#define STEP_MOST ((u64)256 << 10)

void pages_more(u8 *at, u64 *ready, u64 used)
{
	u64 step = min_u64(max_u64(used / 2, STEP_LEAST), STEP_MOST);
	u64 from = *ready & ~(STEP_LEAST - 1), to = (used + step) & ~(STEP_LEAST - 1);

	*ready = to;
	if (to > PAGES_LARGE) {
		to = PAGES_LARGE;
		*ready = UINT64_MAX;
	}
	if (to > from)
		madvise(at + from, to - from, MADV_POPULATE_WRITE);
}

void pages_put(void *at, u64 octets)
{
	if (at)
		munmap(at, octets);
}

void pages_clear(void *at, u64 octets)
{
	madvise(at, octets, MADV_DONTNEED);
}
