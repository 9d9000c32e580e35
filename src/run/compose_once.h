/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose_once.h - a fault of a zone that audits found again and again is told once, and so is
 * what somebody reported twice in the same words. */
#pragma once
#include "model/release.h"

struct once {
	bool joined;	/* another item tells the same, and later */
	u64 first;	/* ns: when it was found first */
};
/* One for each item of the release (NULL: none), the caller's to free: 0 or -ENOMEM. */
int compose_once(const struct release *r, struct once **ret);
