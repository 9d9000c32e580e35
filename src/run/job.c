/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.c - starts locked-up processes and hears how they end.
 *
 *   parent                              child
 *   socketpair, notes, pipe
 *   fork ------------------------------> death signal, plain signals, no
 *   wait for the pipe                    environment, only kept descriptors
 *        <---- pipe: rc and walls ------ sandbox_enter()
 *   return                               run()
 *
 * The pipe makes job_start() honest: it says 0 only when the walls stand. Nobody
 * writes into it after that.
 *
 * A build with AddressSanitizer keeps descriptor 2 for its reports and has no
 * bound on memory, because a sanitizer's shadow would count as well.
 *
 * Cost: one fork and about two milliseconds.
 * Not here: what is allowed inside (sandbox.c), what is said (link/codec.c). */
#include "run/job.h"
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MMAP_FROM (1 << 20)	/* octets: larger blocks are mapped, and given back */
#define HEAPS 8

/* What the child says before it runs. */
struct ready {
	int rc;
	struct sandbox_report walls;
};

/* Both ends of what joins the two processes, until each keeps its own. */
struct joint {
	int socket[2], ready[2];
	struct job_note *note;
	unsigned notes;
};

static void close_one(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* Takes half-made joints. */
static void joint_close(struct joint *j)
{
	for (int i = 0; i < 2; i++) {
		close_one(&j->socket[i]);
		close_one(&j->ready[i]);
	}
	if (j->note)
		munmap(j->note, j->notes * sizeof *j->note);
	j->note = NULL;
}

static int joint_open(struct joint *j, unsigned threads)
{
	void *at;

	*j = (struct joint){ .socket = { -1, -1 }, .ready = { -1, -1 } };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, j->socket) == -1)
		return -errno;
	if (pipe2(j->ready, O_CLOEXEC) == -1)
		return -errno;
	at = mmap(NULL, (threads + 1) * sizeof *j->note, PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return -errno;
	j->note = at;
	j->notes = threads + 1;
	return 0;
}

/* --- in the child ------------------------------------------------------- */

/* A file that cannot grow ends a job behind walls; to one that is trusted write() says so, as
 * of a full disk. */
static void plain_signals(bool trusted)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t none;

	for (int i = 1; i <= SIGRTMAX; i++)
		sigaction(i, &plain, NULL);	/* some cannot be set: they are plain */
	sigaction(SIGPIPE, &ignore, NULL);
	if (trusted)
		sigaction(SIGXFSZ, &ignore, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The lowest descriptor from `from` on that stays open, or -1. */
static int next_kept(const struct job_setup *s, const int own[2], int from)
{
	int best = -1;

	for (unsigned i = 0; i < s->keep_count + 2; i++) {
		int fd = i < 2 ? own[i] : s->keep[i - 2];

		if (fd >= from && (best == -1 || fd < best))
			best = fd;
	}
	return best;
}

/* Closes first..last. Kernels before 5.9 and old container filters do not know
 * close_range(); there it takes a call a descriptor. */
static void close_run(unsigned first, unsigned last)
{
	struct rlimit files;

	if (first > last || close_range(first, last, 0) == 0)
		return;
	if (getrlimit(RLIMIT_NOFILE, &files) == -1)
		return;
	for (u64 fd = first; fd <= last && fd < files.rlim_max; fd++)
		close((int)fd);
}

static void only_kept(const struct job_setup *s, const int own[2])
{
	unsigned from = 3;
	int fd, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (fd = 0; fd < 3; fd++) {
		if (next_kept(s, own, fd) == fd || (SANDBOX_SANITIZED && fd == 2))
			continue;
		if (null == -1 || dup2(null, fd) == -1)
			close(fd);
	}
	while ((fd = next_kept(s, own, (int)from)) != -1) {
		close_run(from, (unsigned)fd - 1);
		from = (unsigned)fd + 1;
	}
	close_run(from, ~0u);
}

/* Is the number in use while the job runs? The pipe own[1] is closed before. */
static bool in_use(const struct job_setup *s, const int own[2], int fd)
{
	for (unsigned i = 0; i < s->keep_count; i++)
		if (s->keep[i] == fd)
			return true;
	return fd < 3 || fd == own[0];
}

/* Below what number a descriptor that is sent gets its own, so that `receives` of them find
 * one. Those that are kept may have higher ones. */
static unsigned descriptors(const struct job_setup *s, const int own[2])
{
	unsigned left = s->receives, fd = 0;

	for (; left; fd++)
		left -= !in_use(s, own, (int)fd);
	return fd;
}

static int bound_memory(u64 octets)
{
	struct rlimit most = { .rlim_cur = octets, .rlim_max = octets };

	if (octets == 0 || SANDBOX_SANITIZED)
		return 0;
	return setrlimit(RLIMIT_DATA, &most) == -1 ? -errno : 0;
}

/* The variables often hold secrets; clearenv() only forgets where they are. */
static bool empty_environment(void)
{
	for (char **one = environ; one && *one; one++)
		explicit_bzero(*one, strlen(*one));
	return clearenv() == 0;
}

/* When a thread frees the top of its heap, the C library opens a file in /proc to learn how
 * to give the pages back; before a ninth thread gets a heap of its own, it opens another to
 * count the processors. Behind the walls that is the end. So nothing is given back, and
 * threads share HEAPS. */
static void keep_heaps(void)
{
	mallopt(M_ARENA_MAX, HEAPS);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_MMAP_THRESHOLD, MMAP_FROM);	/* or it would stay at 128 KiB */
}

/* Cuts every tie to the world but the kept descriptors: 0 or -errno. */
static int cut_ties(const struct job_setup *s, const int own[2])
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		return -errno;
	if (s->name)
		prctl(PR_SET_NAME, s->name, 0, 0, 0);
	plain_signals(s->trusted);
	setsid();	/* no controlling terminal; fails only where there is none */
	umask(077);
	if ((!s->trusted && !empty_environment()) || chdir("/") == -1)
		return -ENOMEM;
	tzset();	/* the C library reads its file now and not behind the walls */
	json_object_seed(0);	/* the same of jansson and its random octets */
	keep_heaps();
	only_kept(s, own);
	return bound_memory(s->memory_max);
}

static _Noreturn void be_child(const struct job_setup *s, struct joint *j)
{
	const int own[2] = { j->socket[1], j->ready[1] };
	struct ready r = { .rc = cut_ties(s, own) };
	int status;

	if (r.rc == 0 && s->prepare)
		r.rc = s->prepare(s->arg);
	if (r.rc == 0 && !s->trusted)
		r.rc = s->serves ? sandbox_enter_server(s->serves, &r.walls)
		     : sandbox_enter(s->threads, descriptors(s, own), &r.walls);
	/* A parent that is gone does not read: then there is nothing to do. */
	if (write(own[1], &r, sizeof r) != sizeof r || r.rc)
		_exit(1);
	close(own[1]);
	status = s->run(own[0], j->note, s->arg);
	_exit(status & 0xff);
}

/* --- in the parent ------------------------------------------------------ */

static int reap(pid_t pid, int *status)
{
	pid_t got;

	do
		got = waitpid(pid, status, 0);
	while (got == -1 && errno == EINTR);
	return got == pid ? 0 : OOPS_UNKNOWN;
}

/* The child's word; a child that died without one did so by a fault of its own. */
static int hear_ready(int fd, struct ready *r)
{
	ssize_t n;

	do
		n = read(fd, r, sizeof *r);
	while (n == -1 && errno == EINTR);
	return n == sizeof *r ? r->rc : -ECHILD;
}

/* Signals wait while there are two of us with one set of handlers. */
static pid_t fork_quietly(const struct job_setup *s, struct joint *j)
{
	sigset_t all, before;
	pid_t pid;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		be_child(s, j);
	error = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

int job_start(struct job *ret, const struct job_setup *setup)
{
	struct joint j;
	struct ready r;
	int status, rc = joint_open(&j, setup->threads);
	pid_t pid;

	if (rc)
		goto out;
	pid = fork_quietly(setup, &j);
	rc = pid == -1 ? -errno : 0;
	if (rc)
		goto out;
	close_one(&j.socket[1]);
	close_one(&j.ready[1]);
	rc = hear_ready(j.ready[0], &r);
	if (rc) {
		reap(pid, &status);
		goto out;
	}
	*ret = (struct job){ .pid = pid, .socket = j.socket[0], .note = j.note,
			     .notes = j.notes, .walls = r.walls };
	j.socket[0] = -1;
	j.note = NULL;
out:
	joint_close(&j);
	return rc;
}

int job_end(struct job *j)
{
	int status, rc;

	close_one(&j->socket);
	rc = reap(j->pid, &status);
	j->pid = 0;
	if (rc)
		return rc;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void job_free(struct job *j)
{
	if (j->note)
		munmap(j->note, j->notes * sizeof *j->note);
	*j = (struct job){ .socket = -1 };
}
