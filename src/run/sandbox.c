/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sandbox.c - three walls around a process that reads hostile octets.
 *
 *   limits    no_new_privs, no capabilities, not dumpable, no new descriptors
 *             (RLIMIT_NOFILE 0), files cannot grow, no core, an empty root
 *             directory where that can be had
 *   Landlock  every file system right handled, none granted; TCP, abstract
 *             UNIX sockets and signals to outside too, as the kernel knows them
 *   seccomp   the table below and nothing else
 *
 * Order matters: Landlock needs a descriptor, seccomp forbids the rest, so it is
 * root directory, Landlock, limits, seccomp.
 *
 * The seccomp table. Calls are allowed plainly, or only with one argument of a
 * certain kind: memory is never made executable, clone() makes threads only,
 * signals go to this process only. clone3() hides its flags behind a pointer
 * that no filter can follow; it gives ENOSYS, and the C library falls back to
 * clone(), whose flags can be looked at. newfstatat() is how the C library does
 * fstat(); with AT_EMPTY_PATH a path may still be given, and the empty root is
 * what makes that worthless. Where that root cannot be had, a taken-over process
 * can learn sizes and times of files by name, not what is in them.
 *
 * A build with AddressSanitizer differs in three things, so that a report can be
 * printed: open() and openat() fail with EPERM instead of killing (the report
 * looks for symbols), and the process stays dumpable and keeps its root
 * directory. Nothing is allowed in it that a normal build refuses.
 *
 * Cost: about a millisecond once; some 20 ns a system call afterwards.
 * Not here: which descriptors are open, environment, signals (job.c). */
#include "run/sandbox.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- limits ------------------------------------------------------------- */

static int drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capset, &head, none) == -1 ? -errno : 0;
}

int sandbox_limits(unsigned descriptors)
{
	static const int zero[] = { RLIMIT_CORE, RLIMIT_FSIZE };
	static const struct rlimit nothing = { 0, 0 };
	const struct rlimit files = { descriptors, descriptors };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -errno;
	if (!SANDBOX_SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return -errno;
	for (unsigned i = 0; i < COUNT(zero); i++)
		if (setrlimit((__rlimit_resource_t)zero[i], &nothing) == -1)
			return -errno;
	if (setrlimit(RLIMIT_NOFILE, &files) == -1)
		return -errno;
	return drop_capabilities();
}

/* A directory that holds nothing but numbers of our own descriptors becomes the
 * root. That takes a capability, which an ordinary user has in a user namespace
 * of its own, where the system allows them. New credentials make the kernel
 * forget the parent-death signal, so it is set again. */
static bool empty_root(void)
{
	int death = 0;
	bool done;

	if (SANDBOX_SANITIZED || prctl(PR_GET_PDEATHSIG, &death, 0, 0, 0) == -1)
		return false;
	done = chroot("/proc/self/fdinfo") == 0;
	if (!done && unshare(CLONE_NEWUSER) == 0)
		done = chroot("/proc/self/fdinfo") == 0;
	if (prctl(PR_SET_PDEATHSIG, death, 0, 0, 0) == -1)
		return false;
	return chdir("/") == 0 && done;
}

/* --- Landlock ----------------------------------------------------------- */

/* The kernel's struct landlock_ruleset_attr as of version 6 of the interface,
 * whose fields may be absent in the header that this is built with. */
struct ruleset {
	u64 files, net, scoped;
};
#define LANDLOCK_ABI_KNOWN 6
#define LANDLOCK_NET_ALL 0x3	/* bind and connect of TCP, since 4 */
#define LANDLOCK_SCOPED_ALL 0x3	/* abstract UNIX sockets and signals, since 6 */

/* Every right to files that a version knows: 13, then refer, truncate, ioctl. */
static struct ruleset ruleset_of(int abi)
{
	static const u8 rights[] = { 0, 13, 14, 15, 15, 16, 16 };
	int known = abi < LANDLOCK_ABI_KNOWN ? abi : LANDLOCK_ABI_KNOWN;

	return (struct ruleset){
		.files = (1ull << rights[known]) - 1,
		.net = known >= 4 ? LANDLOCK_NET_ALL : 0,
		.scoped = known >= 6 ? LANDLOCK_SCOPED_ALL : 0,
	};
}

int sandbox_landlock(struct sandbox_report *ret)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset all;
	int fd, rc = 0;

	if (abi < 1)
		return 0;	/* ENOSYS, EOPNOTSUPP, or an outer filter's EPERM */
	all = ruleset_of((int)abi);
	fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (fd == -1)
		return -errno;
	if (syscall(SYS_landlock_restrict_self, fd, 0) == -1)
		rc = -errno;
	close(fd);
	if (rc)
		return rc;
	ret->landlock = true;
	ret->landlock_abi = (int)abi;
	return 0;
}

/* --- seccomp ------------------------------------------------------------ */

#define CALL(name) SCMP_SYS(name)

static const int allowed[] = {
	/* the descriptors that were kept */
	CALL(read), CALL(readv), CALL(pread64), CALL(preadv), CALL(lseek),
	CALL(write), CALL(writev), CALL(sendmsg), CALL(sendto), CALL(recvmsg),
	CALL(recvfrom), CALL(close), CALL(fstat), CALL(fadvise64), CALL(readahead),
	/* memory; mmap and mprotect are below */
	CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise), CALL(sysinfo),
	/* threads; clone is below */
	CALL(futex), CALL(set_robust_list), CALL(rseq), CALL(sched_yield),
	CALL(sched_getaffinity), CALL(getpid), CALL(gettid), CALL(exit),
	CALL(exit_group),
	/* signals of its own */
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn),
	CALL(sigaltstack), CALL(restart_syscall),
	/* time, chance and use so far */
	CALL(clock_gettime), CALL(clock_getres), CALL(gettimeofday), CALL(time),
	CALL(nanosleep), CALL(clock_nanosleep), CALL(getrandom), CALL(getrusage),
};

/* What a server does beside that; its fcntl() locks are below. */
static const int serving[] = {
	CALL(accept), CALL(accept4), CALL(epoll_create1), CALL(epoll_ctl),
	CALL(epoll_wait), CALL(epoll_pwait), CALL(poll), CALL(ppoll), CALL(eventfd2),
	CALL(setsockopt), CALL(getsockopt), CALL(getsockname), CALL(getpeername),
	CALL(shutdown), CALL(sendfile), CALL(pipe2), CALL(sendmmsg),
};

/* No reader of open descriptors does these, not even by accident. */
static const int deadly[] = {
	CALL(execve), CALL(execveat), CALL(socket), CALL(connect), CALL(bind),
	CALL(ptrace), CALL(process_vm_readv), CALL(process_vm_writev), CALL(bpf),
	CALL(io_uring_setup), CALL(openat2), CALL(creat), CALL(open_by_handle_at),
};

static const int opening[] = { CALL(open), CALL(openat) };

/* What pthread_create() asks for and nothing else; musl adds CLONE_DETACHED,
 * which has no meaning any more. */
#define CLONE_FOR_THREAD                                                       \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND |   \
	 CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

/* A call and what one of its arguments, looked at through a mask, must be. */
struct narrow {
	int call;
	unsigned arg;
	u64 mask, value;
};

static int allow_narrow(scmp_filter_ctx f, const struct narrow *n)
{
	return seccomp_rule_add(f, SCMP_ACT_ALLOW, n->call, 1,
				SCMP_CMP64(n->arg, SCMP_CMP_MASKED_EQ, n->mask,
					   n->value));
}

static int lock_rules(scmp_filter_ctx f)
{
	const struct narrow rules[] = {
		{ CALL(fcntl), 1, UINT32_MAX, F_SETLK },
		{ CALL(fcntl), 1, UINT32_MAX, F_GETLK },
		{ CALL(fcntl), 1, UINT32_MAX, F_SETFL },
		{ CALL(fcntl), 1, UINT32_MAX, F_SETFD },
	};
	int rc = 0;

	for (unsigned i = 0; i < COUNT(rules) && rc == 0; i++)
		rc = allow_narrow(f, &rules[i]);
	return rc;
}

static int narrow_rules(scmp_filter_ctx f, unsigned threads)
{
	const struct narrow rules[] = {
		{ CALL(mmap), 2, PROT_EXEC, 0 },
		{ CALL(mprotect), 2, PROT_EXEC, 0 },
		{ CALL(newfstatat), 3, UINT32_MAX, AT_EMPTY_PATH },
		{ CALL(fcntl), 1, UINT32_MAX, F_GETFL },
		{ CALL(fcntl), 1, UINT32_MAX, F_GETFD },
		{ CALL(prlimit64), 2, UINT64_MAX, 0 },	/* asks, never sets */
		{ CALL(tgkill), 0, UINT32_MAX, (u64)getpid() },
		{ CALL(clone), 0, ~(u64)CLONE_DETACHED, CLONE_FOR_THREAD },
	};
	unsigned n = COUNT(rules) - (threads == 0);
	int rc = 0;

	for (unsigned i = 0; i < n && rc == 0; i++)
		rc = allow_narrow(f, &rules[i]);
	return rc;
}

/* Calls that the machine does not have (open on arm64) are left out by libseccomp:
 * it knows them by negative numbers of its own. */
static int plain_rules(scmp_filter_ctx f, u32 action, const int *calls, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = seccomp_rule_add(f, action, calls[i], 0);
	return rc;
}

static int fill_filter(scmp_filter_ctx f, unsigned threads, bool serves)
{
	const u32 kill = SCMP_ACT_KILL_PROCESS;
	int rc = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, kill);

	if (rc == 0)
		rc = plain_rules(f, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
	if (rc == 0 && serves)
		rc = plain_rules(f, SCMP_ACT_ALLOW, serving, COUNT(serving));
	if (rc == 0 && serves)
		rc = lock_rules(f);
	if (rc == 0)
		rc = plain_rules(f, kill, deadly, COUNT(deadly));
	if (rc == 0 && !SANDBOX_SANITIZED)	/* else they fail like the rest */
		rc = plain_rules(f, kill, opening, COUNT(opening));
	if (rc == 0)
		rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0);
	if (rc == 0)
		rc = narrow_rules(f, threads);
	return rc;
}

int sandbox_seccomp(unsigned threads, bool serves)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (f == NULL)
		return -ENOMEM;
	rc = fill_filter(f, threads, serves);
	if (rc == 0)
		rc = seccomp_load(f);
	seccomp_release(f);
	return rc;
}

static int enter(unsigned threads, unsigned descriptors, bool serves,
		 struct sandbox_report *ret)
{
	struct sandbox_report r = { 0 };
	int rc;

	r.empty_root = empty_root();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -errno;
	rc = sandbox_landlock(&r);
	if (rc == 0)
		rc = sandbox_limits(descriptors);
	if (rc == 0)
		rc = sandbox_seccomp(threads, serves);
	if (rc)
		return rc;
	r.seccomp = true;
	*ret = r;
	return 0;
}

int sandbox_enter(unsigned threads, unsigned descriptors, struct sandbox_report *ret)
{
	return enter(threads, descriptors, false, ret);
}

int sandbox_enter_server(unsigned descriptors, struct sandbox_report *ret)
{
	return enter(1, descriptors, true, ret);
}
