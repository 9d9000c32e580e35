/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreman.h - the process beside a server that takes uploads in and runs the work on them.
 *
 *   web process --octets (one socket an upload)--> foreman --> FOLDER/TOKEN/NAME
 *   parent --what to do (parcels of JSON)-------->    |------> errands (errand.h), replays
 *          <--what became of it------------------     +------> board (how far they are)
 *
 * It is forked before the parent reads any secret, writes files and starts processes, so that
 * the desk's one writer never waits for a disk or a worker. It looks into no octet.
 *
 * What it is told, each a JSON object:
 *   {"do":"upload","token","name","most"} + socket   octets come in parcels: "D" and octets,
 *                                         "E" at the end; it answers there "0" when all
 *                                         is on the disk, else an error as a number
 *   {"do":"start","number","kind","token","name","origin","owner","tlp","pap"}
 *   {"do":"stop","number"}  {"do":"drop","token"}
 *   {"do":"keep","token"} ... {"do":"sweep"}         takes all other files away
 *   {"do":"replay"} + pack's file, socket            answers there: a digit (enum
 *                                         replay_status) and lines
 * What it says:
 *   {"said":"there","token","octets","sha256"}       before it answers there
 *   {"said":"broken","token","error"}
 *   {"said":"ended","number","state","run","found","why"}
 *
 * It ends when the parent does, and everything that it started ends with it. */
#pragma once
#include "base/opt.h"
#include "link/board.h"
#include "run/job.h"

#define FOREMAN_UPLOADS 32u	/* at a time */
#define FOREMAN_REPLAYS 4u
#define FOREMAN_REPLAY_S 60u
#define FOREMAN_ANSWER (64u << 10)	/* octets of a replay's answer */
#define FOREMAN_DATA (32u << 10)	/* octets in one parcel of an upload */

struct foreman_setup {
	int socket;		/* its end of a parcel_pair() */
	const char *folder;	/* of uploads, from the root */
	const char *db;		/* the store, from the root */
	const char *config, *key;
	const char *version;
	const struct opts *opts;
	struct board *board;
	u64 memory;		/* of one piece of work; 0 = as the options say */
	u64 time_ns;		/* that it may take */
};

/* A struct job_setup's run (trusted); arg is a struct foreman_setup. */
int foreman_run(int socket, struct job_note *note, void *arg);
