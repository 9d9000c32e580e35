/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs.h - the parent's half of reading: descriptors for the analyser, and spools.
 *
 *   first set    a descriptor of each input to read
 *   second set   one more for the second look: they share no position
 *
 * Of what cannot be opened again (a pipe) the second look is in a spool. */
#pragma once
#include "base/base.h"

struct spool;

enum { SET_FIRST, SET_SECOND, SETS };

struct inputs {
	const char *const *names;
	unsigned count;
	int *fds;		/* [set * count + input]; below 0: -errno */
	u64 *sizes;		/* of each input, once and for all; 0 = not a file */
	bool *piped;		/* came from a pipe: its second set is its spool */
	struct spool **spools;	/* of those; NULL = none */
	char trouble[600];	/* one sentence about a pipe or its spool; "" = none */
	bool handed_over;	/* the spools are at work */
	bool unread;		/* a pipe could not be read to its end */
};

/* Opens them ("-" = standard input); `spool` octets are kept of each pipe. 0, -EMFILE or
 * -ENOMEM; what cannot be opened is in fds[]. *in is always good for inputs_close(). */
int inputs_open(struct inputs *in, const char *const *names, unsigned count,
		u64 spool);
/* The analyser runs: the spools begin, what only it may hold is closed here. The process must
 * not fork until inputs_again() said NULL, or inputs_close(). */
void inputs_handed_over(struct inputs *in);
/* The analyser is gone: can all be read from the start once more? Waits for the pipes' ends,
 * and makes fds[] and sizes[] ready for it. NULL, or why not, for people. */
const char *inputs_again(struct inputs *in);
/* The analyser is gone for good. Fills `trouble` and `unread`. */
void inputs_close(struct inputs *in);
