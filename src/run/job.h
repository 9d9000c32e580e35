/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.h - a process that does one thing and can do nothing else.
 *
 * job_start() forks a child that keeps exactly the descriptors it was given,
 * enters the sandbox (sandbox.h) and only then runs; the first hostile byte is
 * read after that. job_start() returns when the walls stand or not at all.
 * The parent holds the other end of a socket pair and a shared
 * page in which the child notes how far it is, so that a crash can be reported
 * with its frame. The child dies with the thread that started it.
 *
 *   parent: store, files, terminal        child: input fds, socket, shared note
 *           |<--------- frames (link/codec.h) ---------|
 */
#pragma once
#include "run/sandbox.h"
#include <sys/types.h>

/* Written by the child before it touches a frame, read by the parent after a crash
 * (as a hint: the child can have been taken over). One cache line each, so that
 * threads do not fight for it. */
struct job_note {
	_Alignas(64) u64 file;
	u64 frame, offset;
	u64 phase;	/* the job's own */
};

struct job_setup {
	const char *name;	/* for messages, and the process's in ps: "analyser" */
	const int *keep;	/* descriptors the child keeps, beside the socket */
	unsigned keep_count;
	u64 memory_max;		/* octets of writable memory (RLIMIT_DATA: heap, private
				 * mappings, also reserved ones, thread stacks; not
				 * mapped input); 0 = none */
	unsigned threads;	/* threads it may start after locking up */
	unsigned receives;	/* descriptors that it may hold at a time beside those kept:
				 * the parent sends them over the socket (link/pass.h) */
	/* Before the walls, when it is not NULL: opens what the job needs and nothing else
	 * (no hostile octet yet). 0, or -errno and there is no job. */
	int (*prepare)(void *arg);
	bool trusted;		/* no walls: it reads nothing hostile itself, and starts jobs */
	unsigned serves;	/* more than 0: it is a server with so many descriptors */
	int (*run)(int socket, struct job_note *note, void *arg);	/* exit status */
	void *arg;
};

struct job {
	pid_t pid;
	int socket;		/* frames come here; end of file when the child ends */
	struct job_note *note;	/* shared; 0 is the main thread, 1.. the others */
	unsigned notes;		/* threads + 1 */
	struct sandbox_report walls;
};

/* 0 or -errno; *ret is written on success only. The parent's own copies of the
 * kept descriptors stay open. The child has 0, 1 and 2 on /dev/null unless they
 * are kept, an empty environment, and every signal at its default but SIGPIPE,
 * which is ignored. Call it before any secret is in memory: the child is a fork. */
int job_start(struct job *ret, const struct job_setup *setup);
/* Closes the socket (so that a child that still writes gets EPIPE) and waits for
 * the end: exit status 0..255, -signal when a signal ended it (-SIGSYS: it tried
 * a refused call), or OOPS_UNKNOWN when the child was reaped by someone else.
 * The notes stay readable until job_free(). */
int job_end(struct job *j);
/* Gives back the notes. Takes zeroed jobs; the job must have ended. */
void job_free(struct job *j);
