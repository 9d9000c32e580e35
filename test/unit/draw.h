/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw.h - lots for tests: SplitMix64, the same for ever from the same seed. */
#pragma once
#include "base/base.h"

static inline u64 draw(u64 *seed)
{
	u64 z = *seed += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* 0 to n - 1. */
static inline u64 draw_below(u64 *seed, u64 n)
{
	return (u64)((unsigned __int128)draw(seed) * n >> 64);
}

/* Puts n things of `size` octets (at most 64) into another order. */
static inline void draw_order(u64 *seed, void *things, size_t n, size_t size)
{
	u8 *at = things, hold[64];

	must(size <= sizeof hold);
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)draw_below(seed, i);

		memcpy(hold, at + j * size, size);
		memmove(at + j * size, at + (i - 1) * size, size);
		memcpy(at + (i - 1) * size, hold, size);
	}
}
