/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turn.c - see turn.h. */
#include "cli/turn.h"
#include "base/stamp.h"
#include <time.h>

static u64 monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * STAMP_NS + (u64)t.tv_nsec;
}

void turn_begin(struct turn *t)
{
	t->began = monotonic();
}

bool turn_over(struct turn *t)
{
	if (t->began == 0)
		turn_begin(t);
	return monotonic() - t->began > TURN_NS;
}

void turn_rest(struct turn *t)
{
	const struct timespec rest = { 0, TURN_REST_NS };

	nanosleep(&rest, NULL);
	turn_begin(t);
}
