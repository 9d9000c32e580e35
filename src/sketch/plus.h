/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plus.h - counters that stop at the top.
 *
 * Adding that stops is still commutative and associative (the result is the least
 * of the true sum and the top), so what merges by it merges exactly; adding that
 * wraps would too, but lie. Only counts that come from outside get there. */
#pragma once
#include "base/base.h"

static inline u64 plus(u64 a, u64 b)
{
	u64 sum = a + b;

	return sum < a ? UINT64_MAX : sum;
}
