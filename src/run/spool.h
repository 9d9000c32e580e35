/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spool.h - keeps what a pipe brings, so that it can be read again: by the second look,
 * which finds the messages behind the findings, and after a crash.
 *
 *   pipe --> spool (a thread of the parent) --> another pipe --> analyser, at once
 *                       |
 *                       +--> a file without a name --> analyser, later, read-only
 *
 * The file is in TMPDIR (/var/tmp where that is not set), for its owner only, and gone with
 * the process. Past the limit its beginning stays and nothing is added; when the disk is
 * full, it is emptied, so that others find room. Either way the analyser gets everything
 * once. What is in the octets is looked at by nobody here. */
#pragma once
#include "base/base.h"

struct spool;

/* Takes the descriptor over: 0 and -1 in *from, or -errno (no file can be made) and *from is
 * the caller's as before. */
int spool_open(struct spool **ret, int *from, u64 limit);
/* Begins. From here to the end of spool_wait() or spool_stop() there is a thread, and the
 * process must not fork: the child could meet a lock that the thread held. */
void spool_begin(struct spool *s);
/* A descriptor of the caller's, or -errno: the pipe for the first reader (once), the file for
 * a later one. */
int spool_pipe(struct spool *s);
int spool_file(const struct spool *s);

struct spool_end {
	u64 octets;		/* in the file */
	bool whole;		/* they are all there were */
	int full, broken;	/* errno of the file; of the pipe; or 0 */
};
/* Waits for the end of the pipe, but not once the first reader is gone and the file not
 * whole. */
struct spool_end spool_wait(struct spool *s);
/* What is known so far; stops. The first reader must be gone, and the caller's spool_pipe()
 * closed. */
struct spool_end spool_stop(struct spool *s);
/* Takes NULL, gives NULL; stops before. */
struct spool *spool_free(struct spool *s);
