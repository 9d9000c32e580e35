/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fault.h - a lasting fault: what one audit of a zone after the other finds, once.
 *
 *   finding   its id is of one instant: the next audit gives another one
 *   fault     rule, subject and zone: the same until it is mended
 *
 * Whoever counts faults, lists them or makes incidents of them goes by this and not by ids:
 * the sieve (lists, the overview, what is new and gone in a zone) and grouping. What traffic
 * showed on two days was there twice, so findings without a zone are no faults. Rule, subject
 * and zone are numbers of texts that the owner keeps.
 *
 * Cost: 16 to 24 octets a fault, a hash and a comparison a look-up. */
#pragma once
#include "base/base.h"

struct fault { u32 rule, subject, zone; };
struct faults {		/* zeroed = empty; `key` may be set before the first one */
	struct fault *at;
	u32 *table;	/* open addressing: number + 1 */
	u32 count, room, mask;
	u64 key;
};

/* The number of a fault, which is new when it was not there: 0, -ENOMEM or OOPS_LIMIT. */
int faults_add(struct faults *f, const struct fault *is, u32 *ret);
/* Forgets all of them, keeps the room. */
void faults_clear(struct faults *f);
void faults_free(struct faults *f);
