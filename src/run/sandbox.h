/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sandbox.h - locks a process up: no files, no sockets, no programs.
 *
 * Three walls, each enough by itself for most of it: no_new_privs, no
 * capabilities and resource limits (no new descriptors, no growing file, no core);
 * Landlock with no rule at all (no file system access, where the kernel has it);
 * seccomp with a list of system calls that a reader of open descriptors needs -
 * everything else fails with EPERM (so that a stray call is an error, not a
 * mystery), and execve, socket, connect, open, openat, ptrace kill the process.
 * Landlock may be missing and the report says so; without seccomp nothing goes
 * on: the caller is told and must stop.
 *
 * What a locked-up program must not do, because the C library opens files for it:
 * first uses of getaddrinfo, iconv, locales, time zones and dlopen (so also
 * pthread_exit and pthread_cancel; returning from the thread is fine), and
 * sysconf(_SC_NPROCESSORS_*). Do such things before. poll() is refused. */
#pragma once
#include "base/base.h"

/* Built with AddressSanitizer or ThreadSanitizer? Such a process must be able to print its report;
 * the differences are listed in sandbox.c and job.c. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED true
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED false
#endif

struct sandbox_report {
	bool seccomp, landlock;
	bool empty_root;	/* the root directory is empty as well */
	int landlock_abi;	/* 0 = the kernel has no Landlock */
};

/* 0, or -errno when the walls cannot be put up (nothing hostile may be read then:
 * some may stand, so the process is of no more use). Call it in the only thread.
 * `threads`: more than 0 lets threads be started; the kernel cannot count them,
 * what bounds their number is memory. `descriptors`: numbers below it may be given to
 * descriptors that the parent sends (SCM_RIGHTS); 0: none can come in. */
int sandbox_enter(unsigned threads, unsigned descriptors, struct sandbox_report *ret);

/* The same for a process that serves connections of an open listening socket and reads an
 * open database: it may also accept, wait for many descriptors and lock parts of files; it
 * still opens no file and makes no connection. `descriptors`: so many at most. */
int sandbox_enter_server(unsigned descriptors, struct sandbox_report *ret);

/* Each wall by itself, for tests and for sandbox_enter(). 0 or -errno.
 * Needs no_new_privs, which sandbox_limits() sets. */
int sandbox_limits(unsigned descriptors);
int sandbox_landlock(struct sandbox_report *ret);	/* 0 also where it is missing */
int sandbox_seccomp(unsigned threads, bool serves);
