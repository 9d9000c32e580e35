/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board.h - how far running jobs are: a page of memory that the process which runs them writes
 * and the web process reads. Numbers for people: nothing is decided by them. What is torn in
 * the middle of a change is whole again at the next look. */
#pragma once
#include "base/base.h"
#include <stdatomic.h>

#define BOARD_SLOTS 8u
#define BOARD_PHASE 48u

struct board_slot {
	_Atomic u64 number;		/* of the upload; 0 = nobody is here */
	_Atomic u64 done, all;		/* octets; all 0 = not known */
	_Atomic u64 frames, found;	/* frames or records read; findings so far */
	_Atomic u64 changes;		/* goes up with each change */
	_Atomic u8 tlp, pap;
	char phase[BOARD_PHASE];	/* "reading", for people; "" */
};
struct board { struct board_slot at[BOARD_SLOTS]; };
