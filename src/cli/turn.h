/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turn.h - a long change of the store in turns, so that others can change it in between.
 *
 *   turn_begin -> [work ... turn_over? -> commit -> turn_rest -> begin anew] ...
 *
 * One who waits for the store looks every few milliseconds (store/sqlite.c), so a rest of
 * TURN_REST_NS is seen, and nobody waits much longer than one turn. */
#pragma once
#include "base/base.h"

#define TURN_NS 100000000ull
#define TURN_REST_NS 20000000l

struct turn { u64 began; };	/* monotonic ns; 0: not yet */

/* From now on. */
void turn_begin(struct turn *t);

/* Has it taken TURN_NS? One that was not begun begins now. */
bool turn_over(struct turn *t);

/* Sleeps for TURN_REST_NS, then begins the next one. Nothing may be open meanwhile. */
void turn_rest(struct turn *t);
