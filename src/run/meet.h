/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meet.h - where workers wait for each other, and see whether they came to the same place.
 *
 * Workers that read a file each for himself see the same frames, unless somebody changes the
 * file meanwhile. Then one may close a minute where another closes the next one or is at its
 * end, and a plain barrier would mix them up or wait for ever. So each says where it is; when
 * two are not at the same place nobody waits any more.
 *
 * Cost: a lock and a wake-up, some 20 us; a few of them a minute of traffic. */
#pragma once
#include "base/base.h"

struct meet;

int meet_open(struct meet **ret, unsigned workers);	/* 0 or -ENOMEM */
struct meet *meet_close(struct meet *m);	/* takes NULL (always together), gives NULL */
/* Waits until all workers are here. False, now and from now on: not all of them said the same
 * `place`. */
bool meet_wait(struct meet *m, u64 place);
