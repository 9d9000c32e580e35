/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sandbox_test.c - what a process that was taken over may try, and what it gets.
 *
 * Each row of attempts[] runs in a job of its own, behind all walls. It ends by
 * SIGSYS or gets the errno of the row; success is an escape. A row marked `plain`
 * is run without walls too and must work there, so that a row that fails for a
 * reason of its own is noticed. Then the walls one by one. */
#include "run/job.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLED (-SIGSYS)
#define ESCAPED 0
/* A sanitizer's report may try to open files: there it is an error. */
#define OPENING (SANDBOX_SANITIZED ? EPERM : KILLED)

/* Filled before the fork; the child has no other way to know. */
static struct before {
	pid_t pid;
	int file;	/* a kept, readable file in memory */
	void *page;	/* a page of plain memory */
} before;

static const char passwd[] = "/etc/passwd";

#define TRY(name, expression)                                                  \
	static long try_##name(void) { return (long)(expression); }

TRY(open, syscall(SYS_open, passwd, O_RDONLY))
TRY(openat, syscall(SYS_openat, AT_FDCWD, passwd, O_RDONLY))
TRY(openat_dir, syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY))
TRY(open_path, syscall(SYS_openat, AT_FDCWD, "/", O_PATH))
TRY(open_tmp, syscall(SYS_openat, AT_FDCWD, "/tmp", O_TMPFILE | O_RDWR, 0600))
TRY(creat, syscall(SYS_creat, "/tmp/vedette-escape", 0600))
TRY(fopen, fopen(passwd, "r") ? 0 : -1)
TRY(mkdir, mkdir("/tmp/vedette-escape.d", 0700))
TRY(unlink, unlink("/tmp/vedette-nothing"))
TRY(symlink, symlink(passwd, "/tmp/vedette-escape.l"))
TRY(rename, rename("/tmp/vedette-nothing", "/tmp/vedette-nothing2"))
TRY(truncate, truncate("/tmp/vedette-nothing", 0))
TRY(chmod, chmod("/tmp/vedette-nothing", 0777))
TRY(mknod, mknod("/tmp/vedette-escape.p", S_IFIFO | 0600, 0))
TRY(chdir, chdir("/tmp"))
TRY(chroot, chroot("/"))
TRY(getcwd, syscall(SYS_getcwd, before.page, 4096))
TRY(readlink, readlink("/proc/self/exe", before.page, 100))
TRY(access, access(passwd, R_OK))
TRY(mount, syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL))
TRY(inotify, syscall(SYS_inotify_init1, 0))
TRY(ftruncate, ftruncate(before.file, 1))
TRY(fchmod, fchmod(before.file, 0777))

TRY(socket4, socket(AF_INET, SOCK_STREAM, 0))
TRY(socket_unix, socket(AF_UNIX, SOCK_DGRAM, 0))
TRY(socket_raw, socket(AF_PACKET, SOCK_RAW, 0))
TRY(socketpair, socketpair(AF_UNIX, SOCK_STREAM, 0, before.page))
TRY(bind, bind(0, (struct sockaddr *)&(struct sockaddr_in){ .sin_family = AF_INET },
	       sizeof(struct sockaddr_in)))
TRY(listen, listen(0, 1))
TRY(accept, accept(0, NULL, NULL))
TRY(setsockopt, setsockopt(0, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)))

TRY(execve, execve("/bin/true", (char *[]){ "true", NULL }, NULL))
TRY(execveat, syscall(SYS_execveat, before.file, "", NULL, NULL, AT_EMPTY_PATH))
TRY(memfd, syscall(SYS_memfd_create, "x", 0))
TRY(fork, syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0))
TRY(clone3, syscall(SYS_clone3, NULL, 0))
TRY(clone_user, syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0))
TRY(clone_parent, syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0))
TRY(unshare, unshare(CLONE_NEWUSER))
TRY(ptrace_me, ptrace(PTRACE_TRACEME, 0, NULL, NULL))
TRY(ptrace_parent, ptrace(PTRACE_ATTACH, before.pid, NULL, NULL))
TRY(vm_read, syscall(SYS_process_vm_readv, before.pid, NULL, 0L, NULL, 0L, 0L))
TRY(vm_write, syscall(SYS_process_vm_writev, before.pid, NULL, 0L, NULL, 0L, 0L))
TRY(kill_parent, kill(before.pid, 0))
TRY(tgkill_parent, syscall(SYS_tgkill, before.pid, before.pid, 0))
TRY(tkill_parent, syscall(SYS_tkill, before.pid, 0))
TRY(queue_parent, syscall(SYS_rt_sigqueueinfo, before.pid, 0, NULL))
TRY(pidfd, syscall(SYS_pidfd_open, before.pid, 0))
TRY(getppid, syscall(SYS_getppid) == before.pid ? 0 : -1)
TRY(nice_parent, setpriority(PRIO_PROCESS, (id_t)before.pid, 19))
TRY(setsid, setsid())
TRY(setuid, setuid(0))
TRY(capset, syscall(SYS_capset, NULL, NULL))

TRY(mmap_exec, mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0) == MAP_FAILED ? -1 : 0)
TRY(map_file_exec, mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, before.file,
			0) == MAP_FAILED ? -1 : 0)
TRY(mprotect_exec, mprotect(before.page, 4096, PROT_READ | PROT_EXEC))
TRY(mprotect_all, mprotect(before.page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC))
TRY(pkey_exec, syscall(SYS_pkey_mprotect, before.page, 4096L,
			 PROT_READ | PROT_EXEC, -1))
TRY(personality, syscall(SYS_personality, 0x0400000L))	/* READ_IMPLIES_EXEC */
TRY(shmget, syscall(SYS_shmget, 0, 4096L, 01600))

TRY(tiocsti, ioctl(0, TIOCSTI, "x"))
TRY(fionread, ioctl(before.file, FIONREAD, before.page))
TRY(dup, dup(before.file))
TRY(dup2, dup2(before.file, 900))
TRY(dupfd, fcntl(before.file, F_DUPFD, 900))
TRY(setfl, fcntl(before.file, F_SETFL, O_NONBLOCK))
TRY(setown, fcntl(before.file, F_SETOWN, before.pid))
TRY(pipe, pipe2(before.page, 0))
TRY(eventfd, syscall(SYS_eventfd2, 0, 0))
TRY(epoll, syscall(SYS_epoll_create1, 0))
TRY(splice, syscall(SYS_splice, before.file, NULL, 1, NULL, 1, 0))
TRY(sendfile, syscall(SYS_sendfile, 1, before.file, NULL, 1))
TRY(io_uring, syscall(SYS_io_uring_setup, 1, NULL))
TRY(bpf, syscall(SYS_bpf, 0, NULL, 0))
TRY(perf, syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0))
TRY(userfaultfd, syscall(SYS_userfaultfd, 0))
TRY(keyctl, syscall(SYS_keyctl, 0, 0, 0, 0, 0))
TRY(module, syscall(SYS_init_module, NULL, 0, ""))
TRY(seccomp, syscall(SYS_seccomp, 1, 0, NULL))
TRY(dumpable, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
TRY(no_death, prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0))
TRY(limit, setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }))
TRY(limit_parent, prlimit(before.pid, RLIMIT_CORE, &(struct rlimit){ 0, 0 }, NULL))
TRY(stat, stat(passwd, before.page))
TRY(statx, syscall(SYS_statx, AT_FDCWD, passwd, 0, STATX_ALL, before.page))

static long try_openat2(void)
{
	struct open_how how = { .flags = O_RDONLY };

	return syscall(SYS_openat2, AT_FDCWD, passwd, &how, sizeof how);
}

static long try_proc_fd(void)
{
	char path[40];

	snprintf(path, sizeof path, "/proc/self/fd/%d", before.file);
	return syscall(SYS_openat, AT_FDCWD, path, O_RDWR);
}

static long try_connect(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/run/nothing" };

	return connect(0, (struct sockaddr *)&to, sizeof to);
}

static void *do_nothing(void *arg)
{
	return arg;
}

static long try_thread(void)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, do_nothing, NULL);
	return errno ? -1 : pthread_join(t, NULL);
}

#ifdef __x86_64__
/* The 32-bit door of a 64-bit machine: call 39 is mkdir there, getpid here. */
static long try_int80(void)
{
	long rc;

	__asm__ volatile("int $0x80" : "=a"(rc) : "a"(20) : "memory");
	return rc;
}
TRY(x32, syscall(0x40000000 | SYS_getpid))
#endif

struct attempt {
	const char *name;
	long (*try)(void);
	int want;	/* KILLED or the errno that the try gets */
	bool plain;	/* works without walls, for root at least */
};
#define ROW(name, want, plain) { #name, try_##name, want, plain }

static const struct attempt attempts[] = {
	ROW(open, OPENING, true), ROW(openat, OPENING, true),
	ROW(openat_dir, OPENING, true), ROW(open_path, OPENING, true),
	ROW(open_tmp, OPENING, false), ROW(proc_fd, OPENING, true),
	ROW(fopen, OPENING, true), ROW(openat2, KILLED, true),
	ROW(creat, KILLED, false), ROW(mkdir, EPERM, false),
	ROW(unlink, EPERM, false), ROW(symlink, EPERM, false),
	ROW(rename, EPERM, false), ROW(truncate, EPERM, false),
	ROW(chmod, EPERM, false), ROW(mknod, EPERM, false),
	ROW(chdir, EPERM, true), ROW(chroot, EPERM, false),
	ROW(getcwd, EPERM, true), ROW(readlink, EPERM, true),
	ROW(access, EPERM, true), ROW(mount, EPERM, false),
	ROW(inotify, EPERM, true), ROW(ftruncate, EPERM, true),
	ROW(fchmod, EPERM, true), ROW(stat, EPERM, true), ROW(statx, EPERM, true),

	ROW(socket4, KILLED, true), ROW(socket_unix, KILLED, true),
	ROW(socket_raw, KILLED, false), ROW(socketpair, EPERM, true),
	ROW(connect, KILLED, false), ROW(bind, KILLED, false),
	ROW(listen, EPERM, false), ROW(accept, EPERM, false),
	ROW(setsockopt, EPERM, false),

	ROW(execve, KILLED, false), ROW(execveat, KILLED, false),
	ROW(memfd, EPERM, true), ROW(fork, EPERM, false),
	ROW(clone3, ENOSYS, false), ROW(clone_user, EPERM, false),
	ROW(clone_parent, EPERM, false), ROW(unshare, EPERM, false),
	ROW(ptrace_me, KILLED, true), ROW(ptrace_parent, KILLED, false),
	ROW(vm_read, KILLED, true), ROW(vm_write, KILLED, true),
	ROW(kill_parent, EPERM, true), ROW(tgkill_parent, EPERM, true),
	ROW(tkill_parent, EPERM, true), ROW(queue_parent, EPERM, false),
	ROW(pidfd, EPERM, true), ROW(getppid, EPERM, true),
	ROW(nice_parent, EPERM, false), ROW(setsid, EPERM, true),
	ROW(setuid, EPERM, false), ROW(capset, EPERM, false),

	ROW(mmap_exec, EPERM, true), ROW(map_file_exec, EPERM, true),
	ROW(mprotect_exec, EPERM, true), ROW(mprotect_all, EPERM, true),
	ROW(pkey_exec, EPERM, true), ROW(personality, EPERM, true),
	ROW(shmget, EPERM, true),

	ROW(tiocsti, EPERM, false), ROW(fionread, EPERM, true),
	ROW(dup, EPERM, true), ROW(dup2, EPERM, true), ROW(dupfd, EPERM, true),
	ROW(setfl, EPERM, true), ROW(setown, EPERM, false), ROW(pipe, EPERM, true),
	ROW(eventfd, EPERM, true), ROW(epoll, EPERM, true), ROW(splice, EPERM, false),
	ROW(sendfile, EPERM, true), ROW(io_uring, KILLED, false), ROW(bpf, KILLED, false),
	ROW(perf, EPERM, false), ROW(userfaultfd, EPERM, false),
	ROW(keyctl, EPERM, false), ROW(module, EPERM, false),
	ROW(seccomp, EPERM, false), ROW(dumpable, EPERM, true),
	ROW(no_death, EPERM, true), ROW(limit, EPERM, true),
	ROW(limit_parent, EPERM, false), ROW(thread, EPERM, true),
#ifdef __x86_64__
	ROW(int80, KILLED, false), ROW(x32, KILLED, false),
#endif
};

/* The errno of a try, or ESCAPED. */
static int outcome(const struct attempt *a)
{
	return a->try() == -1 ? errno : ESCAPED;
}

static int run_attempt(int socket, struct job_note *note, void *arg)
{
	(void)socket;
	(void)note;
	return outcome(arg);
}

static void prepare(void)
{
	before.pid = getpid();
	before.file = memfd_create("kept", MFD_CLOEXEC);
	before.page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(before.file >= 0 && before.page != MAP_FAILED);
	assert_int_equal(write(before.file, "kept", 4), 4);
}

/* All attempts, each in a job; how many did not end as they should. */
static unsigned attempts_failed(unsigned threads)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < COUNT(attempts); i++) {
		const struct attempt *a = &attempts[i];
		struct job_setup s = { .name = "attempt", .keep = &before.file,
				       .keep_count = 1, .threads = threads,
				       .run = run_attempt, .arg = (void *)(uintptr_t)a };
		struct job j;
		int got = job_start(&j, &s);

		if (got == 0) {
			got = job_end(&j);
			job_free(&j);
		}
		if (got == a->want || (threads && a->try == try_thread && got == 0))
			continue;
		fprintf(stderr, "%s: %d instead of %d (threads %u, user %d)\n", a->name,
			got, a->want, threads, (int)getuid());
		bad++;
	}
	return bad;
}

static void nothing_escapes(void **state)
{
	(void)state;
	assert_int_equal(attempts_failed(0), 0);
}

static void nothing_escapes_with_threads(void **state)
{
	(void)state;
	assert_int_equal(attempts_failed(4), 0);
}

/* Runs `what` in a child process without any wall: its exit status or -signal. */
static int in_child(int (*what)(const void *), const void *arg)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(what(arg) & 0xff);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int plainly(const void *arg)
{
	return outcome(arg);
}

static void attempts_work_outside(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(attempts); i++)
		if (attempts[i].plain && in_child(plainly, &attempts[i]) != ESCAPED)
			fail_msg("%s does not work even without walls", attempts[i].name);
}

static int as_nobody(const void *arg)
{
	(void)arg;
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 200;
	before.pid = getpid();
	return (int)attempts_failed(0);
}

static void ordinary_user(void **state)
{
	(void)state;
	if (getuid() != 0)
		skip();		/* then all the other tests were it */
	assert_int_equal(in_child(as_nobody, NULL), 0);
}

/* --- wall by wall ------------------------------------------------------- */

static int only_seccomp(const void *arg)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || sandbox_seccomp(0, false))
		return 200;
	return outcome(arg);
}

/* What a kernel without Landlock leaves: the limits matter for no attempt. */
static void seccomp_suffices(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(attempts); i++) {
		int got = in_child(only_seccomp, &attempts[i]);

		if (got != attempts[i].want)
			fail_msg("%s: %d", attempts[i].name, got);
	}
}

/* A kernel that knows no Landlock, as a filter plays it. */
static int without_landlock(const void *arg)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	struct job_setup s = { .run = run_attempt, .arg = (void *)(uintptr_t)arg };
	struct job j;
	int rc;

	if (f == NULL || seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS),
					  SCMP_SYS(landlock_create_ruleset), 0) ||
	    seccomp_load(f))
		return 200;
	seccomp_release(f);
	rc = job_start(&j, &s);
	if (rc || j.walls.landlock || j.walls.landlock_abi || !j.walls.seccomp)
		return 201;
	rc = job_end(&j);
	job_free(&j);
	return rc == ((const struct attempt *)arg)->want ? 0 : 202;
}

static void kernel_without_landlock(void **state)
{
	static const struct attempt rows[] = {
		ROW(openat, OPENING, true), ROW(execve, KILLED, false),
		ROW(mkdir, EPERM, false), ROW(kill_parent, EPERM, true),
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(rows); i++)
		assert_int_equal(in_child(without_landlock, &rows[i]), 0);
}

static int only_landlock(const void *arg)
{
	struct sandbox_report r = { 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || sandbox_landlock(&r) || !r.landlock)
		return 200;
	return outcome(arg);
}

static long try_tcp(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(1),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to,
		       sizeof to);
}

static void landlock_alone(void **state)
{
	static const struct { struct attempt a; int abi; } rows[] = {
		{ ROW(openat, EACCES, true), 1 }, { ROW(openat_dir, EACCES, true), 1 },
		{ ROW(creat, EACCES, false), 1 }, { ROW(mkdir, EACCES, false), 1 },
		{ ROW(symlink, EACCES, false), 1 }, { ROW(mknod, EACCES, false), 1 },
		{ ROW(execve, EACCES, false), 1 }, { ROW(tcp, EACCES, false), 4 },
		{ ROW(kill_parent, EPERM, true), 6 },
	};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);

	(void)state;
	if (abi < 1)
		skip();
	for (unsigned i = 0; i < COUNT(rows); i++) {
		int got;

		if (abi < rows[i].abi)
			continue;
		got = in_child(only_landlock, &rows[i].a);
		if (got != rows[i].a.want)
			fail_msg("%s: %d", rows[i].a.name, got);
	}
}

static int only_limits(const void *arg)
{
	return sandbox_limits(0) ? 200 : outcome(arg);
}

static void limits_alone(void **state)
{
	static const struct attempt rows[] = {
		ROW(openat, EMFILE, true), ROW(socket4, EMFILE, true),
		ROW(dup, EMFILE, true), ROW(memfd, EMFILE, true), ROW(pipe, EMFILE, true),
		ROW(chroot, EPERM, true), ROW(mount, EPERM, true),
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(rows); i++)
		assert_int_equal(in_child(only_limits, &rows[i]), rows[i].want);
}

static int run_sleep(int socket, struct job_note *note, void *arg)
{
	char c;

	(void)note;
	(void)arg;
	return (int)read(socket, &c, 1);
}

/* The report agrees with the kernel, and /proc says that the filter is there. */
static void report_is_true(void **state)
{
	struct job_setup s = { .name = "sleeper", .run = run_sleep };
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
	char path[64], text[4096] = "";
	struct job j;
	FILE *f;

	(void)state;
	assert_int_equal(job_start(&j, &s), 0);
	assert_true(j.walls.seccomp);
	assert_int_equal(j.walls.landlock, abi > 0);
	assert_int_equal(j.walls.landlock_abi, abi > 0 ? abi : 0);
	snprintf(path, sizeof path, "/proc/%d/status", (int)j.pid);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof text - 1, f) > 0);
	fclose(f);
	assert_non_null(strstr(text, "Name:\tsleeper\n"));
	assert_non_null(strstr(text, "Seccomp:\t2\n"));
	assert_non_null(strstr(text, "NoNewPrivs:\t1\n"));
	assert_non_null(strstr(text, "CapEff:\t0000000000000000\n"));
	assert_non_null(strstr(text, "CapPrm:\t0000000000000000\n"));
	assert_int_equal(job_end(&j), 0);
	job_free(&j);
}

/* fstat() of a path that is given anyway sees an empty root directory. */
static int run_stat(int socket, struct job_note *note, void *arg)
{
	(void)socket;
	(void)note;
	(void)arg;
	if (syscall(SYS_newfstatat, AT_FDCWD, passwd, before.page, AT_EMPTY_PATH) == -1)
		return errno;
	return ESCAPED;
}

static void root_is_empty(void **state)
{
	struct job_setup s = { .name = "stat", .run = run_stat };
	struct job j;
	bool empty;

	(void)state;
	assert_int_equal(job_start(&j, &s), 0);
	empty = j.walls.empty_root;
	assert_int_equal(job_end(&j), empty ? ENOENT : ESCAPED);
	job_free(&j);
	if (!empty)
		skip();		/* the system does not let us, and the report says so */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_escapes),
		cmocka_unit_test(nothing_escapes_with_threads),
		cmocka_unit_test(attempts_work_outside),
		cmocka_unit_test(ordinary_user),
		cmocka_unit_test(seccomp_suffices),
		cmocka_unit_test(kernel_without_landlock),
		cmocka_unit_test(landlock_alone),
		cmocka_unit_test(limits_alone),
		cmocka_unit_test(report_is_true),
		cmocka_unit_test(root_is_empty),
	};

	prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
