/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.h - judging an evidence pack again, offline, behind the walls.
 *
 * A pack comes from a stranger: it is read, decoded and judged in a job that holds nothing but
 * its descriptor and a socket. What is checked, in this order:
 *
 *   octets     manifest, hashes, ids; nothing in the file but what belongs there
 *   verdict    the same version of the rule looks at the packed summary: same finding?
 *   messages   each belongs to the subject and lies in the window; when all of them were
 *              kept, they alone must lead to the same verdict; else each must be in the
 *              summary's samples or rank behind them
 *
 * The answer is a list of lines and a status. */
#pragma once
#include "base/buf.h"

enum replay_status {
	REPLAY_SAME,		/* the verdict was reached again */
	REPLAY_DIFFERS,		/* something differs; the lines say what */
	REPLAY_UNREADABLE,	/* no pack, changed, another version */
};

/* Replays the pack in the open file. Lines for people (foreign text made safe) go to `out`.
 * A status, or negative (-errno) when the sandbox cannot be set up. */
int replay_run(int fd, struct buf *out);

/* The same inside the caller's process, from memory: for the job, tests and fuzzing. */
enum replay_status replay_judge(const u8 *pack, size_t n, struct buf *out);
