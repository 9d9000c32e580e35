/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spool_test.c - what a pipe brings is passed on and kept: whole, up to the limit, with a
 * full file, without a reader, and when it is stopped. */
#include "run/spool.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define OCTETS 3000000u	/* more than the pipes hold */

static u8 octet(u64 at) { return (u8)(at * 2654435761u >> 13); }

/* A child that writes `n` octets into a pipe; `more`: it waits then until it is killed. */
static int feed(u64 n, bool more, pid_t *pid)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*pid = fork();
	if (*pid == 0) {
		FILE *out = fdopen(ends[1], "w");

		close(ends[0]);
		for (u64 i = 0; i < n; i++)
			putc(octet(i), out);
		fflush(out);
		while (more)
			pause();
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

/* How many octets come, in the right order; closes. */
static u64 drain(int fd)
{
	u8 some[5000];
	u64 n = 0;
	ssize_t got;

	assert_true(fd >= 0);
	while ((got = read(fd, some, sizeof some)) > 0)
		for (ssize_t i = 0; i < got; i++)
			if (some[i] != octet(n++))
				fail_msg("octet %llu", (unsigned long long)n - 1);
	assert_int_equal(got, 0);
	close(fd);
	return n;
}

static struct spool *opened(int from, u64 limit)
{
	struct spool *s = NULL;

	assert_int_equal(spool_open(&s, &from, limit), 0);
	assert_int_equal(from, -1);
	spool_begin(s);
	return s;
}

static void kept(struct spool *s, u64 n)
{
	int fd = spool_file(s);

	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(drain(fd), n);
}

/* Everything comes at once, and again, as often as one likes. */
static void whole(void **state)
{
	pid_t pid;
	struct spool *s = opened(feed(OCTETS, false, &pid), OCTETS);
	struct spool_end end;

	(void)state;
	assert_int_equal(drain(spool_pipe(s)), OCTETS);
	kept(s, OCTETS);	/* no wait: all is there when the reader sees the end */
	kept(s, OCTETS);
	end = spool_wait(s);
	assert_true(end.whole && end.octets == OCTETS && !end.full && !end.broken);
	assert_null(spool_free(s));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* One octet too many: the reader has it, the file does not. */
static void limited(void **state)
{
	pid_t pid;
	struct spool *s = opened(feed(OCTETS, false, &pid), OCTETS - 1);
	struct spool_end end;

	(void)state;
	assert_int_equal(drain(spool_pipe(s)), OCTETS);
	kept(s, OCTETS - 1);
	end = spool_stop(s);
	assert_true(!end.whole && end.octets == OCTETS - 1 && !end.full);
	spool_free(s);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* The file cannot grow: it is emptied, the reader does not notice. */
static void full(void **state)
{
	struct rlimit before, small = { 0 };
	struct spool_end end;
	struct spool *s;
	pid_t pid;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ 1 << 20, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	s = opened(feed(OCTETS, false, &pid), OCTETS);
	assert_int_equal(drain(spool_pipe(s)), OCTETS);
	end = spool_wait(s);
	assert_true(!end.whole && end.octets == 0);
	assert_int_equal(end.full, EFBIG);
	kept(s, 0);
	spool_free(s);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* The reader goes in the middle (a crash): the rest is kept; with a file that is not whole
 * nobody waits for the rest. */
static void no_reader(void **state)
{
	u8 some[3000];
	int fd;
	pid_t pid;
	struct spool *s = opened(feed(OCTETS, false, &pid), OCTETS);

	(void)state;
	close(spool_pipe(s));
	assert_int_equal(spool_wait(s).octets, OCTETS);
	kept(s, OCTETS);
	spool_free(s);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	s = opened(feed(OCTETS, true, &pid), 1000);
	close(spool_pipe(s));
	assert_int_equal(spool_wait(s).octets, 1000);
	spool_free(s);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	s = opened(feed(2000, true, &pid), 1000);	/* it waits when the reader goes */
	fd = spool_pipe(s);
	assert_int_equal(read(fd, some, sizeof some), 2000);
	close(fd);
	assert_int_equal(spool_wait(s).octets, 1000);
	spool_free(s);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* A pipe that does not end: the reader has what came, and it can be stopped. */
static void stopped(void **state)
{
	u8 some[100];
	pid_t pid;
	struct spool *s = opened(feed(sizeof some, true, &pid), OCTETS);
	int fd = spool_pipe(s);
	size_t n = 0;

	(void)state;
	while (n < sizeof some) {
		ssize_t got = read(fd, some + n, sizeof some - n);

		assert_true(got > 0);
		n += (size_t)got;
	}
	kept(s, sizeof some);
	close(fd);
	assert_true(spool_stop(s).whole);
	spool_free(s);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void no_folder(void **state)
{
	struct spool *s = NULL;
	int from = 0;

	(void)state;
	setenv("TMPDIR", "/nowhere", 1);
	assert_int_equal(spool_open(&s, &from, OCTETS), -ENOENT);
	assert_int_equal(from, 0);
	assert_null(s);
	unsetenv("TMPDIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole), cmocka_unit_test(limited), cmocka_unit_test(full),
		cmocka_unit_test(no_reader), cmocka_unit_test(stopped),
		cmocka_unit_test(no_folder),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
