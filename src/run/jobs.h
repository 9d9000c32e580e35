/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jobs.h - uploads and the work on them, the parent's half: what the desk says of each, which
 * is next, and the foreman (foreman.h) that does it.
 *
 *   op job.begin --> room? --> socket pair: one end to the foreman, one to the web process
 *   op job.add   --> the foreman has it on the disk? --> upload.add in the log --> queue
 *   queue        --> so many at a time --> foreman --> ended --> upload.state in the log
 *
 * What was acknowledged is on the disk and in the log before. Octets that no upload of the desk
 * names are swept away when a foreman begins. An upload that ran when its foreman, or the
 * server, ended is interrupted, and can be started again.
 *
 * The order of a server: jobs_start() while no secret is in memory, jobs_desk() with the open
 * desk, jobs_hear() whenever jobs_socket() can be read, jobs_tick() now and then. */
#pragma once
#include "link/board.h"
#include "respond/house.h"
#include "respond/upload.h"
#include "run/foreman.h"

struct jobs;
struct jobs_setup {
	const char *db;		/* from the root; uploads lie in DB.uploads beside it */
	const char *config, *key, *version;
	const struct opts *opts;
	struct upload_limits limits;
	unsigned at_once;	/* pieces of work; at most BOARD_SLOTS */
	u64 memory, time_ns;	/* of one */
};
#define JOBS_WHY 300
/* 0, or negative and why[]. */
int jobs_open(struct jobs **ret, const struct jobs_setup *setup, char why[JOBS_WHY]);
struct jobs *jobs_close(struct jobs *j);	/* ends the foreman; takes NULL */
/* Starts the foreman when there is none: 0 or -errno. */
int jobs_start(struct jobs *j);
/* The desk was opened: what ran without a foreman is interrupted, the queue moves on. */
int jobs_desk(struct jobs *j, struct desk *d);
/* What the desk needs of a server. */
const struct upload_hands *jobs_hands(struct jobs *j);
int jobs_socket(const struct jobs *j);
/* Takes in what the foreman says: 0, or -EPIPE when it is gone: close the desk, start it. */
int jobs_hear(struct jobs *j, struct desk *d);
/* Once a second or so: what is old is given up. `web_gone`: who was sending is gone. */
void jobs_tick(struct jobs *j, struct desk *d, bool web_gone);
/* The descriptor that goes beside the reply just made, once (the caller's); or -1. */
int jobs_pass(struct jobs *j);
/* The board to read; it cannot be written through this. */
const struct board *jobs_board(const struct jobs *j);
/* In the web process: takes the board that can be written away. */
void jobs_forget(struct jobs *j);
