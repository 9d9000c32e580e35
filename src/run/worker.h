/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker.h - inside the analyser: threads that read, and what they share.
 *
 *   inputs -> worker 0   frames -> payloads -> observations -> own minute windows
 *          -> worker 1   frames -> ...                       -> own minute windows
 *                                      | a minute is over (all see it at the same frame)
 *                                      v
 *               minutes merged -> detectors -> merged into the day -> detectors
 *
 * Every worker sees every frame of every input and works on its share of the address pairs, so
 * all of them see the same event time and close the same minutes without talking. Plain files
 * are read by each of them for itself: copying them once more out of the page cache costs much
 * less than octets that were last written by another processor. Pipes and compressed inputs are
 * read once for all (run/feed.h). Between closings workers share nothing else. At a closing
 * they meet (run/meet.h), merge side by side (one kind of summary each, no lock), and worker 0
 * lets the detectors look.
 *
 * Everything here runs in the sandbox (run/job.h). */
#pragma once
#include "detect/detect.h"
#include "observe/match.h"
#include "observe/mates.h"
#include "observe/observe.h"
#include "packet/packet.h"
#include "run/conf.h"
#include "run/feed.h"
#include "run/inputs.h"
#include "run/job.h"
#include "run/meet.h"
#include "run/tops.h"
#include "run/verdicts.h"
#include "source/source.h"
#include <pthread.h>

/* A frame that made an analyser crash before, and is not read again. */
struct poison { u64 file, frame; };
#define POISONS_MAX 8

/* What the parent hands to the analyser (by fork). */
struct analysis_setup {
	const struct run_conf *conf;
	const struct suffixes *suffixes;
	const void *detector_conf[16];	/* by the order of detectors[]; NULL = not wanted */
	const char *const *names;	/* of the inputs */
	const int *fds;			/* [set * inputs + input] (run/inputs.h); below 0: -errno */
	const u64 *sizes;		/* of each input, once and for all; 0 = not a file */
	const bool *piped;	/* of each input: the second look has its spool, or -ESPIPE */
	unsigned inputs, workers;
	u64 hash_key;
	struct poison poison[POISONS_MAX];
	unsigned poisons;
	bool careful;		/* note every frame while folding, to find a culprit */
	bool progress;
};

struct input_state {
	u64 frames, octets;
	char trouble[400];
	int code;
};

struct analyser;

#define WORKER_ALIGN 128

/* Whole cache lines, and the neighbours that processors fetch with them: what one worker
 * writes for each message must not lie beside what another one reads. */
struct worker {
	_Alignas(WORKER_ALIGN) struct analyser *a;
	unsigned index;
	pthread_t thread;
	struct job_note *note;
	struct merge *merge;
	unsigned *file_of, sources;	/* place in the merge -> input; places */
	struct packets *packets;
	struct match *match;
	struct observe_setup observe;
	struct mates mates;
	struct window *open[2];		/* minute `minute` and the next */
	struct window *stray;		/* came late, for the day only */
	u64 minute, watermark;
	u64 due;			/* up to here time only moves on: nothing closes */
	u64 frames_before, lost_before;	/* counters when the minute began */
	u64 late, lost, skipped;	/* messages late; of another day; frames left out */
	u64 read;			/* frames read for itself, of all shares */
	struct observation *batch;
	u64 *match_keys;
	unsigned count;
	bool apart;			/* the workers saw different frames: ANALYSER_APART */
};

struct analyser {
	const struct analysis_setup *setup;
	int socket;
	struct worker *workers;
	struct input_state *inputs;
	struct feed *feed;		/* NULL: each worker reads for itself */
	u64 batches;			/* read so far */
	struct meet *meet;		/* NULL for one worker */
	struct window *day;
	struct whole *total;
	struct verdicts verdicts;
	struct tops tops;
	bool taken;			/* the day took the minute's window over */
	u64 day_number, crowded;
	u64 once_only, cut_short;	/* inputs of which the second look had nothing; a part */
};

/* reader.c: the loop of one worker, from the first frame to the last. */
void reader_run(struct worker *w);
/* The next frames of the worker's own input, at most FRAMES_A_BATCH (a feed_fn); 0 at the end.
 * Counts them, tells troubles and progress. */
int reader_frames(void *worker, struct frame *frames);
/* Opens a set of descriptors as the worker's one input. 0 or negative; troubles of the first
 * set are noted. */
int reader_open(struct worker *w, unsigned set);
/* Opens the inputs of worker 0 for another one as well. 0 or negative: they have to be fed. */
int reader_open_again(struct worker *w);
/* Reads a payload as a DNS message: its fate (FRAME_MESSAGE when it is one). */
int reader_message(struct msg *m, const struct payload *p);

/* closing.c: event time moved on to `time_ns`; closes what is over. `next_ns` is the stamp of
 * the frame behind (the same, where it is not known). */
void closing_move(struct worker *w, u64 time_ns, u64 next_ns);
static inline void closing_advance(struct worker *w, u64 time_ns, u64 next_ns)
{
	if (likely(time_ns < w->due))
		w->watermark = max_u64(w->watermark, time_ns);
	else
		closing_move(w, time_ns, next_ns);
}
void closing_flush(struct worker *w);		/* folds the batch */
void closing_finish(struct worker *w);		/* the end of input */

/* collect.c: a second look at the inputs for the messages behind each verdict. */
void collect_evidence(struct analyser *a);

/* analyser.c: the job (run/job.h); arg is a struct analysis_setup. Its exit status is 0, 1 (no
 * memory), or ANALYSER_APART: a file was changed while several workers read it. */
#define ANALYSER_APART 2
int analyser_run(int socket, struct job_note *note, void *arg);
void analyser_trouble(struct analyser *a, unsigned file, const struct source_error *e);
