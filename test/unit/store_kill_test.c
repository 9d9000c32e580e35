/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_kill_test.c - what was committed is there: after kill -9, after a full disk.
 *
 * A child writes transactions of FIVE findings, each with its evidence, and tells
 * through a pipe how many findings are committed. It is killed (SIGKILL) at a
 * random moment: while it makes the file, in a transaction, between two (every
 * other child only after its first commit, so that a slow machine tests as much).
 * Then the file must open, be whole (integrity_check), hold every finding that was
 * told of with its features and its evidence, and no half of a transaction.
 *
 * A disk becomes full twice: a file size limit (RLIMIT_FSIZE), and a small tmpfs in
 * a mount namespace of the test's own; the second is skipped where mounting is not
 * allowed. 300 kills take some ten seconds. The seed is fixed; the moments are not,
 * as they hang on the machine. */
#include "store/store.h"
#include "store/read.h"
#include "model/evidence.h"
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS 300
#define FIVE 5u

static void make(struct finding *f, u64 n)
{
	struct evidence e = { .time_ns = n, .len = 8, .full_len = 8,
			      .octets = (const u8 *)&n };

	*f = (struct finding){ .rule = "kill.test", .rule_version = 1, .frames = n,
			       .subject_kind = "domain", .from = n, .until = n + 1,
			       .label = "TLP:CLEAR", .summary.len = 700 };
	snprintf(f->subject, sizeof f->subject, "d%llu.example", (unsigned long long)n);
	for (int i = 0; i < 6; i++)
		finding_feature(f, &(struct feature){ .name = "x", .value = (double)n });
	evidence_identify(&e);
	memcpy(f->evidence[0], e.id, 32);
	f->evidence_count = 1;
	finding_identify(f);
}

static int add_evidence(struct store *s, u64 n)
{
	struct evidence e = { .time_ns = n, .len = 8, .full_len = 8,
			      .octets = (const u8 *)&n };
	struct buf packed = { 0 };
	int rc;

	evidence_pack(&packed, &e);
	rc = store_add_evidence(s, (const u8 *)packed.at, packed.len);
	buf_free(&packed);
	return rc;
}

/* One transaction; 0, or the store's error. */
static int add_five(struct store *s, struct finding *f, u64 n)
{
	int rc = 0;

	for (u64 i = n; i < n + FIVE && rc >= 0; i++) {
		make(f, i);
		rc = add_evidence(s, i);
		if (rc == 0)
			rc = store_add_finding(s, f);
	}
	return rc < 0 ? rc : store_commit(s);
}

/* The child: writes from `n` on for ever, and tells. */
static void write_on(const char *path, u64 n, int tell)
{
	const struct store_run run = { .started = n, .version = "", .arguments = "" };
	struct finding *f = malloc(sizeof *f);
	struct store *s;
	char why[STORE_WHY];

	if (f == NULL || store_open(&s, path, STORE_WRITE, why) ||
	    store_begin_run(s, &run))
		_exit(2);
	for (;;) {
		if (add_five(s, f, n))
			_exit(3);
		n += FIVE;
		if (n % 50 == 0 && store_end_run(s, 1, &(struct run_report){ 0 }))
			_exit(4);
		if (n % 50 == 0 && store_begin_run(s, &run))
			_exit(5);
		if (write(tell, &n, sizeof n) != sizeof n)
			_exit(6);
	}
}

static u64 roll(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static void sleep_us(u64 us)
{
	const struct timespec t = { .tv_sec = 0, .tv_nsec = (long)us * 1000 };

	nanosleep(&t, NULL);
}

/* Lets a child write from `n` on and kills it some time after its start, or after
 * its first commit: how many findings it told of. */
static u64 write_and_kill(const char *path, u64 n, bool committed, u64 after_us)
{
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		write_on(path, n, ends[1]);
	close(ends[1]);
	if (committed && read(ends[0], &n, sizeof n) != sizeof n)
		fail_msg("the child ended by itself");
	sleep_us(after_us);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	for (u64 told; read(ends[0], &told, sizeof told) == sizeof told;)
		n = told;
	close(ends[0]);
	return n;
}

static void whole(const char *path)
{
	static const char ask[] =
		"SELECT * FROM pragma_integrity_check UNION ALL "
		"SELECT \"table\" FROM pragma_foreign_key_check";
	sqlite3 *db;
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, ask, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(st, 0), "ok");
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static int is_there(void *to, const u8 hash[32], const u8 *packed, size_t n)
{
	(void)hash;
	*(unsigned *)to += packed && n == EVIDENCE_HEAD + 8;
	return 0;
}

/* All of first..told-1 are there and whole; how many are there in all. */
static u64 check(const char *path, u64 first, u64 told)
{
	struct finding *want = malloc(sizeof *want), *got = malloc(sizeof *got);
	struct store *s = NULL;
	char why[STORE_WHY];
	u64 count = 0;

	if (store_open(&s, path, STORE_READ, why))
		fail_msg("%s", why);
	for (u64 n = first; n < told; n++) {
		unsigned items = 0;

		make(want, n);
		if (store_finding(s, want->id, got))
			fail_msg("%llu: %s", (unsigned long long)n, store_error(s));
		assert_memory_equal(want, got, sizeof *want);
		assert_int_equal(store_evidence(s, got, is_there, &items), 0);
		assert_int_equal(items, 1);
	}
	assert_int_equal(store_count(s, &(struct store_filter){ 0 }, &count), 0);
	store_close(s);
	free(want);
	free(got);
	return count;
}

static void forget(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char name[200];

	for (size_t i = 0; i < COUNT(suffixes); i++) {
		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

/* A file that the child had no time to make: absent, or empty and no store yet. */
static bool unmade(const char *path)
{
	struct store *s = NULL;
	char why[STORE_WHY];
	int rc = store_open(&s, path, STORE_READ, why);

	store_close(s);
	return rc == -ENOENT || (rc == OOPS_FORMAT && strstr(why, "is empty"));
}

static void killed(void **state)
{
	char folder[] = "/tmp/vedette-kill-XXXXXX", path[64];
	u64 dice = 20260131, n = 0, told, all = 0;
	unsigned unmade_count = 0;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/kill.db", folder);
	for (int i = 0; i < KILLS; i++) {
		if (i % 6 == 0) {	/* a new file: the making of it is killed too */
			forget(path);
			n = 0;
		}
		told = write_and_kill(path, n, i % 2, roll(&dice) % 8000);
		if (told == 0 && unmade(path)) {
			unmade_count++;
			continue;
		}
		all += told - n;
		n = check(path, n, told);
		whole(path);
		assert_true(n == told || n == told + FIVE);
	}
	print_message("%d kills, %llu findings told of, %u before the file was made\n",
		      KILLS, (unsigned long long)all, unmade_count);
	assert_true(all > 100);
	forget(path);
	rmdir(folder);
}

/* Fills until the store says that the disk is full: how many are committed, or 0
 * when it says anything else. */
static u64 fill(struct store *s)
{
	struct finding *f = malloc(sizeof *f);
	int rc = store_begin_run(s, &(struct store_run){ .version = "" });
	u64 n = 0;

	for (; rc == 0 && n < 100000; n += rc ? 0 : FIVE)
		rc = add_five(s, f, n);
	free(f);
	print_message("after %llu findings: %s\n", (unsigned long long)n, store_error(s));
	if (rc != -ENOSPC || strstr(store_error(s), "the disk is full") == NULL)
		return 0;
	return n;
}

static void child_fills(const char *path, int tell)
{
	const struct rlimit limit = { 400000, 400000 };
	char why[STORE_WHY];
	struct store *s;
	u64 n;

	signal(SIGXFSZ, SIG_IGN);
	if (store_open(&s, path, STORE_WRITE, why) || setrlimit(RLIMIT_FSIZE, &limit))
		_exit(2);
	n = fill(s);
	if (write(tell, &n, sizeof n) != sizeof n)
		_exit(3);
	store_close(s);
	_exit(0);
}

static void size_limit(void **state)
{
	char folder[] = "/tmp/vedette-full-XXXXXX", path[64];
	int ends[2], status;
	u64 told = 0;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/full.db", folder);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		child_fills(path, ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
	close(ends[0]);
	close(ends[1]);
	assert_true(told >= FIVE);
	assert_int_equal(check(path, 0, told), told);
	whole(path);
	forget(path);
	rmdir(folder);
}

static bool small_disk(const char *folder)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", folder, "tmpfs", 0, "size=1500k") == 0;
}

/* A full disk, room again, and the folder read-only at the end. */
static void full_disk(void **state)
{
	char folder[] = "/tmp/vedette-disk-XXXXXX", path[64], why[STORE_WHY];
	struct finding *f = malloc(sizeof *f);
	struct store *s = NULL;
	u64 n;

	(void)state;
	assert_non_null(mkdtemp(folder));
	if (!small_disk(folder)) {
		rmdir(folder);
		free(f);
		print_message("mounting is not allowed here\n");
		skip();
	}
	snprintf(path, sizeof path, "%s/full.db", folder);
	assert_int_equal(store_open(&s, path, STORE_WRITE, why), 0);
	n = fill(s);
	assert_true(n >= FIVE);
	assert_int_equal(check(path, 0, n), n);
	assert_int_equal(mount("none", folder, "tmpfs", MS_REMOUNT, "size=8m"), 0);
	assert_int_equal(store_begin_run(s, &(struct store_run){ .version = "" }), 0);
	assert_int_equal(add_five(s, f, n), 0);
	store_close(s);
	whole(path);
	assert_int_equal(mount("none", folder, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
	assert_int_equal(check(path, 0, n + FIVE), n + FIVE);
	assert_int_equal(store_open(&s, path, STORE_WRITE, why), -EROFS);
	assert_non_null(strstr(why, "Read-only file system"));
	assert_int_equal(umount(folder), 0);
	rmdir(folder);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed), cmocka_unit_test(size_limit),
		cmocka_unit_test(full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
