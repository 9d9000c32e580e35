/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crew.h - numbered pieces of work, done by several threads, all done on return.
 *
 * Pieces are taken in order, each by the thread that is free first; the caller is one of the
 * threads. A thread that cannot be had is not missed. With one thread none is made. */
#pragma once
#include "base/base.h"

#define CREW_MAX 64u	/* threads */

/* Does piece `piece`: 0 or negative. */
typedef int crew_work(void *to, u32 piece);
/* All pieces 0 .. n - 1, unless one fails: then no new one is begun. 0, or the error of the
 * lowest piece that failed. */
int crew_run(unsigned threads, u32 n, crew_work *work, void *to);
