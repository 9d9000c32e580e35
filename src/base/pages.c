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

void pages_put(void *at, u64 octets)
{
	if (at)
		munmap(at, octets);
}

void pages_clear(void *at, u64 octets)
{
	madvise(at, octets, MADV_DONTNEED);
}
