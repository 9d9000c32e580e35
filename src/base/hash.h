/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.h - one keyed 64-bit hash for tables, samples and shares of work.
 *
 * hash_mix() is a folded 64x64 multiplication; hash_bytes() feeds sixteen octets
 * a step through it (eight at the end), in little-endian order on every machine, so that equal
 * input gives equal summaries everywhere. It is fast and well mixed, not a
 * cryptographic hash: content ids use SHA-256. `key` keeps an outsider who
 * does not know it from choosing names that collide or that hide from a
 * sample (THREATS.md).
 *
 * Cost: about 5 cycles for sixteen octets. */
#pragma once
#include "base/base.h"

#define HASH_A 0x9e3779b97f4a7c15ull
#define HASH_B 0xe7037ed1a0b428dbull

static inline u64 hash_mix(u64 a, u64 b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (u64)m ^ (u64)(m >> 64);
}

static inline u64 hash_load(const u8 *p, size_t n)
{
	u64 v = 0;

	memcpy(&v, p, n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/* The same for 1 to 7 octets, without a call: two loads that overlap. */
static inline u64 hash_load_few(const u8 *p, size_t n)
{
	if (n >= 4)
		return hash_load(p, 4) | hash_load(p + n - 4, 4) << 8 * (n - 4);
	return p[0] | (u64)p[n / 2] << 8 * (n / 2) | (u64)p[n - 1] << 8 * (n - 1);
}

static inline u64 hash_bytes(u64 key, const void *bytes, size_t n)
{
	const u8 *p = bytes;
	u64 h = key ^ HASH_A ^ n;

	for (; n >= 16; n -= 16, p += 16)
		h = hash_mix(h ^ hash_load(p, 8), HASH_B ^ hash_load(p + 8, 8));
	if (n >= 8) {
		h = hash_mix(h ^ hash_load(p, 8), HASH_B);
		p += 8;
		n -= 8;
	}
	if (n)
		h = hash_mix(h ^ hash_load_few(p, n), HASH_B);
	return hash_mix(h ^ HASH_B, HASH_A);
}

static inline u64 hash_u64(u64 key, u64 v)
{
	return hash_mix(hash_mix(v ^ key ^ HASH_A, HASH_B) ^ HASH_B, HASH_A);
}
