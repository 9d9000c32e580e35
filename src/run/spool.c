/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spool.c - see spool.h. Octets go into the file first and then to the reader: when the reader
 * sees the end, all of it can be read again.
 *
 * Cost: two copies of what comes, by a thread beside the analyser; READ_OCTETS of memory and
 * the pipe's. A reader that is slower than the pipe slows the pipe down, as without a spool. */
#include "run/spool.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#define READ_OCTETS (128u << 10)
#define PIPE_OCTETS (1 << 20)	/* of the pipe to the reader, where the system allows it */

struct spool {
	int from, file, again;	/* the pipe; the file, to write and to read */
	int pipe[2], stop[2];
	pthread_t thread;
	bool joined, reader;	/* the reader is there */
	u64 limit;
	struct spool_end end;
	u8 block[READ_OCTETS];
};

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Writes all of it: 0 or errno. `at` < 0: to a pipe. */
static int write_all(int fd, const u8 *octets, size_t n, off_t at)
{
	while (n) {
		ssize_t done = at < 0 ? write(fd, octets, n) : pwrite(fd, octets, n, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno;
		octets += done;
		n -= (size_t)done;
		at += at < 0 ? 0 : done;
	}
	return 0;
}

static void keep(struct spool *s, size_t n)
{
	struct spool_end *e = &s->end;
	size_t fits = min_u64(n, s->limit - e->octets);

	if (!e->whole)
		return;
	e->whole = fits == n;
	e->full = write_all(s->file, s->block, fits, (off_t)e->octets);
	e->octets += fits;
	if (e->full) {
		e->whole = false;
		e->octets = 0;
		while (ftruncate(s->file, 0) == -1 && errno == EINTR)
			;
	}
}

/* Waits until something can be read: false when it is to stop, and when the reader is gone
 * and the file not whole. */
static bool wait_more(struct spool *s)
{
	struct pollfd on[] = {
		{ .fd = s->from, .events = POLLIN },
		{ .fd = s->stop[0], .events = POLLIN },
		{ .fd = s->reader ? s->pipe[1] : -1 },	/* an error: the reader is gone */
	};

	do {
		while (poll(on, COUNT(on), -1) < 0)
			;	/* a signal: they are blocked, so hardly */
		if (on[2].revents) {
			s->reader = false;
			on[2].fd = -1;
		}
		if (on[1].revents || (!s->reader && !s->end.whole))
			return false;
	} while (on[0].revents == 0);
	return true;
}

/* Octets of the next block; 0 at the end, and when it is to stop. */
static size_t next(struct spool *s)
{
	while (wait_more(s)) {
		ssize_t n = read(s->from, s->block, sizeof s->block);

		if (n >= 0)
			return (size_t)n;
		if (errno != EINTR && errno != EAGAIN) {
			s->end.broken = errno;
			return 0;
		}
	}
	return 0;
}

static void *copy(void *arg)
{
	struct spool *s = arg;
	size_t n;

	while ((n = next(s)) > 0) {
		keep(s, n);
		if (s->reader && write_all(s->pipe[1], s->block, n, -1) != 0)
			s->reader = false;
	}
	close_one(&s->pipe[1]);
	return NULL;
}

/* A file that has no name any more: 0 or -errno. */
static int make_file(struct spool *s)
{
	const char *folder = getenv("TMPDIR");
	char name[4096];
	int rc = 0;

	if (folder == NULL || *folder == 0)
		folder = "/var/tmp";
	if ((size_t)snprintf(name, sizeof name, "%s/vedette-XXXXXX", folder) >= sizeof name)
		return -ENAMETOOLONG;
	s->file = mkostemp(name, O_CLOEXEC);
	if (s->file < 0)
		return -errno;
	s->again = open(name, O_RDONLY | O_CLOEXEC);
	if (s->again < 0)
		rc = -errno;
	unlink(name);
	return rc;
}

/* Signals are the main thread's; SIGPIPE and SIGXFSZ become errors of write(). */
void spool_begin(struct spool *s)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	s->end.broken = pthread_create(&s->thread, NULL, copy, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	s->joined = s->end.broken != 0;
	if (s->joined)
		close_one(&s->pipe[1]);
}

int spool_open(struct spool **ret, int *from, u64 limit)
{
	struct spool *s = calloc(1, sizeof *s);
	int rc;

	if (s == NULL)
		return -ENOMEM;
	s->from = s->file = s->again = -1;
	s->pipe[0] = s->pipe[1] = s->stop[0] = s->stop[1] = -1;
	s->joined = s->reader = true;
	s->limit = limit;
	s->end.whole = true;
	rc = make_file(s);
	if (rc == 0 && (pipe2(s->pipe, O_CLOEXEC) == -1 || pipe2(s->stop, O_CLOEXEC) == -1))
		rc = -errno;
	if (rc == 0) {
		fcntl(s->pipe[1], F_SETPIPE_SZ, PIPE_OCTETS);
		s->from = *from;
		*from = -1;
		*ret = s;
		return 0;
	}
	spool_free(s);
	return rc;
}

int spool_pipe(struct spool *s)
{
	int fd = s->pipe[0];

	s->pipe[0] = -1;
	return fd;
}

int spool_file(const struct spool *s)
{
	int fd = fcntl(s->again, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

struct spool_end spool_wait(struct spool *s)
{
	if (!s->joined)
		pthread_join(s->thread, NULL);
	s->joined = true;
	return s->end;
}

struct spool_end spool_stop(struct spool *s)
{
	close_one(&s->stop[1]);	/* which the thread sees as a hang-up */
	return spool_wait(s);
}

struct spool *spool_free(struct spool *s)
{
	if (s == NULL)
		return NULL;
	close_one(&s->pipe[0]);
	spool_stop(s);
	close_one(&s->pipe[1]);
	close_one(&s->stop[0]);
	close_one(&s->from);
	close_one(&s->file);
	close_one(&s->again);
	free(s);
	return NULL;
}
