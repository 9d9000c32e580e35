/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job_test.c - how jobs begin and end. What they must not do is in sandbox_test.c,
 * what they can do in job_work_test.c. */
#include "link/codec.h"
#include "run/job.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "job_end.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef int job_run(int socket, struct job_note *note, void *arg);

static int run_one(job_run *run, void *arg)
{
	return run_to_end(&(struct job_setup){ .name = "job", .run = run, .arg = arg },
			  NULL, 0);
}

/* --- ends --------------------------------------------------------------- */

static int end_with(int socket, struct job_note *note, void *arg)
{
	(void)socket;
	(void)note;
	return *(int *)arg;
}

static void exit_status(void **state)
{
	(void)state;
	assert_int_equal(run_one(end_with, &(int){ 0 }), 0);
	assert_int_equal(run_one(end_with, &(int){ 7 }), 7);
	assert_int_equal(run_one(end_with, &(int){ 255 }), 255);
	assert_int_equal(run_one(end_with, &(int){ -1 }), 255);
}

static int crash_at_frame(int socket, struct job_note *note, void *arg)
{
	volatile u8 *gone = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
				 -1, 0);

	(void)socket;
	(void)arg;
	*note = (struct job_note){ .file = 2, .frame = 4711, .offset = 99, .phase = 1 };
	munmap((void *)(uintptr_t)gone, 4096);
	return gone[0];
}

static void crash_leaves_the_frame(void **state)
{
	struct job_setup s = { .name = "crash", .run = crash_at_frame };
	struct job_note n;

	(void)state;
	assert_int_equal(run_to_end(&s, &n, 1), -SIGSEGV);
	assert_int_equal(n.file, 2);
	assert_int_equal(n.frame, 4711);
	assert_int_equal(n.offset, 99);
	assert_int_equal(n.phase, 1);
}

static int do_abort(int socket, struct job_note *note, void *arg)
{
	(void)socket;
	(void)note;
	(void)arg;
	abort();
}

static void broken_promise(void **state)
{
	(void)state;
	assert_int_equal(run_one(do_abort, NULL), -SIGABRT);
}

static int write_for_ever(int socket, struct job_note *note, void *arg)
{
	static const u8 body[1000];
	int rc;

	(void)note;
	(void)arg;
	do
		rc = codec_write(socket, CODEC_STATS, body, sizeof body);
	while (rc == 0);
	return rc == -EPIPE ? 3 : 4;
}

/* job_end() of a job that nobody listens to does not hang. */
static void end_unblocks_the_writer(void **state)
{
	(void)state;
	assert_int_equal(run_one(write_for_ever, NULL), 3);
}

static int grow_file(int socket, struct job_note *note, void *arg)
{
	(void)socket;
	(void)note;
	return write(*(int *)arg, "x", 1) == -1;
}

static void kept_file_cannot_grow(void **state)
{
	int fd = memfd_create("kept", MFD_CLOEXEC);
	struct job_setup s = { .run = grow_file, .keep = &fd, .keep_count = 1,
			       .arg = &fd };

	(void)state;
	assert_int_equal(run_to_end(&s, NULL, 0), -SIGXFSZ);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

static int take_descriptor(int socket, struct job_note *note, void *arg)
{
	char octet, control[CMSG_SPACE(sizeof(int))];
	struct iovec part = { &octet, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
			    .msg_controllen = sizeof control };

	(void)note;
	(void)arg;
	if (recvmsg(socket, &m, 0) != 1)
		return 2;
	return m.msg_controllen != 0 && CMSG_FIRSTHDR(&m)->cmsg_type == SCM_RIGHTS;
}

/* Even a parent that gives more descriptors away cannot get them in. */
static void no_descriptor_comes_in(void **state)
{
	struct job_setup s = { .run = take_descriptor };
	char octet = 0, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { &octet, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
			    .msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int give = STDERR_FILENO;
	struct job j;

	(void)state;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof give);
	memcpy(CMSG_DATA(c), &give, sizeof give);
	assert_int_equal(job_start(&j, &s), 0);
	assert_int_equal(sendmsg(j.socket, &m, MSG_NOSIGNAL), 1);
	assert_int_equal(job_end(&j), 0);
	job_free(&j);
}

static void reaped_by_another(void **state)
{
	struct job_setup s = { .run = end_with, .arg = &(int){ 0 } };
	struct job j;

	(void)state;
	assert_int_equal(job_start(&j, &s), 0);
	assert_int_equal(waitpid(j.pid, NULL, 0), j.pid);
	assert_int_equal(job_end(&j), OOPS_UNKNOWN);
	job_free(&j);
}

static int sleep_long(int socket, struct job_note *note, void *arg)
{
	(void)socket;
	(void)note;
	(void)arg;
	for (int i = 0; i < 200; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	return 5;
}

static void dies_with_the_parent(void **state)
{
	struct job_setup s = { .run = sleep_long };
	pid_t middle, job = 0;
	int p[2], status;

	(void)state;
	assert_int_equal(pipe(p), 0);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	middle = fork();
	if (middle == 0) {
		struct job j;
		int rc = job_start(&j, &s);

		_exit(rc || write(p[1], &j.pid, sizeof j.pid) != sizeof j.pid);
	}
	assert_int_equal(waitpid(middle, &status, 0), middle);
	assert_int_equal(status, 0);
	assert_int_equal(read(p[0], &job, sizeof job), sizeof job);
	assert_int_equal(waitpid(job, &status, 0), job);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	close(p[0]);
	close(p[1]);
}

/* --- what the child begins with ----------------------------------------- */

extern char **environ;
static void on_signal(int n) { (void)n; }

static int action_of(int n, void (*want)(int))
{
	struct sigaction now;

	return sigaction(n, NULL, &now) == 0 && now.sa_handler == want;
}

static int begins_plain(int socket, struct job_note *note, void *arg)
{
	sigset_t mask;

	(void)socket;
	(void)note;
	(void)arg;
	if (environ && environ[0])
		return 1;
	if (!action_of(SIGUSR1, SIG_DFL) || !action_of(SIGINT, SIG_DFL))
		return 2;
	if (!action_of(SIGPIPE, SIG_IGN) || !action_of(SIGSEGV, SIG_DFL))
		return 3;
	if (sigprocmask(SIG_SETMASK, NULL, &mask) || sigismember(&mask, SIGUSR2))
		return 4;
	return getrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }) ? 5 : 0;
}

static void plain_beginning(void **state)
{
	struct sigaction ours = { .sa_handler = on_signal }, before;
	sigset_t block, mask;

	(void)state;
	setenv("VEDETTE_TEST", "secret", 1);
	sigaction(SIGUSR1, &ours, &before);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR2);
	sigprocmask(SIG_BLOCK, &block, &mask);
	assert_int_equal(run_one(begins_plain, NULL), 0);
	assert_true(action_of(SIGUSR1, on_signal));
	sigprocmask(SIG_SETMASK, &mask, &block);
	assert_true(sigismember(&block, SIGUSR2));
	sigaction(SIGUSR1, &before, NULL);
	assert_string_equal(getenv("VEDETTE_TEST"), "secret");
	unsetenv("VEDETTE_TEST");
}

static bool is_null_device(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* Exactly 0, 1, 2 (nowhere), the socket and the three of `arg` are open. */
static int only_kept_open(int socket, struct job_note *note, void *arg)
{
	const int *keep = arg;

	(void)note;
	for (int fd = 0; fd < 2 + !SANDBOX_SANITIZED; fd++)
		if (!is_null_device(fd))
			return 1;
	for (int fd = 3; fd < 2000; fd++) {
		bool open = fcntl(fd, F_GETFD) != -1;

		if (open != (fd == socket || fd == keep[0] || fd == keep[1] ||
			     fd == keep[2]))
			return 2;
	}
	return 0;
}

static void descriptors(void **state)
{
	int keep[3], other[5];
	struct job_setup s = { .run = only_kept_open, .keep = keep, .keep_count = 3,
			       .arg = keep };

	(void)state;
	for (int i = 0; i < 5; i++)
		other[i] = open("/dev/null", O_RDONLY);
	keep[1] = fcntl(other[0], F_DUPFD, 40);
	keep[0] = fcntl(other[0], F_DUPFD, 900);
	keep[2] = fcntl(other[0], F_DUPFD, 41);
	assert_int_equal(run_to_end(&s, NULL, 0), 0);
	for (int i = 0; i < 5; i++)
		close(other[i]);
	for (int i = 0; i < 3; i++)
		assert_int_equal(close(keep[i]), 0);	/* the parent's are still open */
}

static int read_zero(int socket, struct job_note *note, void *arg)
{
	char c;

	(void)socket;
	(void)note;
	(void)arg;
	return read(0, &c, 1) == 1 && c == '!' ? 0 : 1;
}

/* Standard input can be the capture. */
static void standard_input_can_be_kept(void **state)
{
	int p[2], zero = 0, before = dup(0);
	struct job_setup s = { .run = read_zero, .keep = &zero, .keep_count = 1 };

	(void)state;
	assert_int_equal(pipe(p), 0);
	assert_int_equal(write(p[1], "!", 1), 1);
	assert_int_equal(dup2(p[0], 0), 0);
	assert_int_equal(run_to_end(&s, NULL, 0), 0);
	if (before == -1)
		close(0);
	else
		assert_int_equal(dup2(before, 0), 0);
	close(before);
	close(p[0]);
	close(p[1]);
}

static void many_jobs_leak_nothing(void **state)
{
	int first = dup(0), last;

	(void)state;
	for (int i = 0; i < 50; i++)
		assert_int_equal(run_one(end_with, &(int){ 0 }), 0);
	last = dup(0);
	assert_int_equal(last, first + 1);
	close(first);
	close(last);
	job_free(&(struct job){ 0 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_status),
		cmocka_unit_test(crash_leaves_the_frame),
		cmocka_unit_test(broken_promise),
		cmocka_unit_test(end_unblocks_the_writer),
		cmocka_unit_test(kept_file_cannot_grow),
		cmocka_unit_test(no_descriptor_comes_in),
		cmocka_unit_test(reaped_by_another),
		cmocka_unit_test(dies_with_the_parent),
		cmocka_unit_test(plain_beginning),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(standard_input_can_be_kept),
		cmocka_unit_test(many_jobs_leak_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
