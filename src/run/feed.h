/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed.h - frames for several workers, read once.
 *
 * Each worker sees every load of frames, in the same order, and works on its share. Whoever
 * wants a load that is not there yet reads it, for all; who finds few ready reads one ahead.
 * So reading (and decompressing) is done once, by whoever has time, and the workers run side
 * by side.
 *
 *   merge -> | load 7 | load 8 | load 9 |  free  |  free  |
 *               ^ worker 1        ^ worker 0  ^ the next to be read, by one at a time
 *
 * A load is a few batches as one worker alone would read them, so that all that happens once
 * a batch happens at the same frames. It holds copies of the octets, because views die when
 * the source is read on, and says of each frame whose share it is: the others only look at
 * its stamp.
 *
 * Cost: one copy of each octet, of which most are then taken from another processor's cache; a
 * lock, perhaps a wake-up, a load. Memory: FEED_LOADS loads of some 230 KiB, more where frames
 * are large (what a source has in hand, at most 4 MiB each, for each batch). Who can read for
 * himself needs no feed: one worker, and several whose inputs are plain files. */
#pragma once
#include "packet/packet.h"
#include "source/source.h"

#define FRAMES_A_BATCH 256
#define FEED_LOADS 8u
#define FEED_AHEAD 2u		/* loads that a worker wants to find ready */
#define FEED_PARTS 4u		/* batches in a load */

struct load {
	struct frame frame[FEED_PARTS * FRAMES_A_BATCH];
	u8 share[FEED_PARTS * FRAMES_A_BATCH];	/* whose it is; SHARE_OPEN: each looks himself */
	int part[FEED_PARTS];	/* frames of each batch; the end is where none are left */
	u8 *octets;		/* owned */
	size_t used, room;
	bool last;		/* nothing comes after it */
};

/* Reads the next batch for all, into frame[0..FRAMES_A_BATCH-1]; views may die at the next
 * call. Called by one worker at a time; troubles are its own to tell. 0 at the end. */
typedef int feed_fn(void *from, struct frame *frame);

struct feed;

/* For `workers` workers that share frames as `packets` says: 0 or -ENOMEM. */
int feed_open(struct feed **ret, unsigned workers, feed_fn *read, void *from);
struct feed *feed_close(struct feed *f);	/* takes NULL, gives NULL */

/* The next load for a worker, which has done with the one before. After the last one it must
 * not ask again. `p` is the worker's, for the sharing. */
const struct load *feed_next(struct feed *f, unsigned worker, const struct packets *p);
