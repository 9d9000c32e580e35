/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - what the summary kinds share among themselves. */
#pragma once
#include "window/window.h"

/* [first, last] comes to hold `at`; zero = not set. */
static inline void stamp_join(u64 *first, u64 *last, u64 at)
{
	if (at && (*first == 0 || at < *first))
		*first = at;
	if (at > *last)
		*last = at;
}
