/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk_kill_test.c - what the desk acknowledged is there: after kill -9, on a full disk; and
 * a store that only may be read says so.
 *
 * A child opens incidents, notes, changes states and labels, adds tasks for ever,
 * each in a change of its own, and tells through a pipe which number the log had reached
 * after each. It is killed at a random moment. Then the log must be whole, reach at least
 * as far as was told, and the tables must be what it says. */
#include "desk_place.h"
#include "draw.h"
#include "respond/task.h"
#include "base/stamp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS 60

/* One change of some kind: 0 or the desk's error. */
static int change(struct desk *d, u64 i)
{
	const struct incident is = { .title = "t", .family = "tunnel", .subject = "s.example" };
	const struct member m = desk_member((unsigned)i);
	const struct case_new c = { .incident = &is, .members = &m, .member_count = 1,
		.bulk = true };	/* one event each */
	const struct task task = { .title = "t", .actor = "a", .ask = "", .needs = "" };
	const struct case_ref r = { 1 + i / 5 * 7 % (i / 5 + 1), 0 };
	u64 number;
	int rc = desk_begin(d);

	if (rc)
		return rc;
	switch (i % 5) {
	case 0: return desk_end(d, case_open(d, &c, &number));
	case 1: return desk_end(d, case_note(d, r, "some words", NULL));
	case 2: return desk_end(d, task_add(d, r.number, &task, 1));
	case 3: return desk_end(d, case_assign(d, r, "ana"));
	default: return desk_end(d, case_label(d, r, MARKING_STRICTEST, NULL));
	}
}

static u64 clock_of(void *world)
{
	return *(u64 *)world += STAMP_NS;
}

static u64 reached(struct desk *d)
{
	char hash[65];
	u64 last = 0;

	return store_last_event(desk_store(d), &last, hash) ? 0 : last;
}

/* The child: changes for ever, and tells. */
static void change_on(const char *path, int tell)
{
	u64 now = 1790000000 * STAMP_NS, at;
	const struct desk_setup setup = { .path = path, .author = "child", .now = clock_of,
		.world = &now };
	struct desk *d = NULL;
	char why[DESK_WHY];

	if (desk_open(&d, &setup, why))
		_exit(2);
	for (u64 i = reached(d);; i++) {
		if (change(d, i))
			_exit(3);
		at = reached(d);
		if (write(tell, &at, sizeof at) != sizeof at)
			_exit(4);
	}
}

static u64 run_and_kill(const char *path, u64 after_us)
{
	const struct timespec t = { .tv_nsec = (long)after_us * 1000 };
	int ends[2], status;
	u64 told = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		change_on(path, ends[1]);
	close(ends[1]);
	if (read(ends[0], &told, sizeof told) != sizeof told)
		fail_msg("the child ended by itself");
	nanosleep(&t, NULL);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	for (u64 at; read(ends[0], &at, sizeof at) == sizeof at;)
		told = at;
	close(ends[0]);
	return told;
}

static void killed(void **state)
{
	struct desk_place *p = *state;
	struct log_report r;
	u64 dice = 20260722, told = 0;

	p->desk = desk_close(p->desk);
	for (unsigned i = 0; i < KILLS; i++) {
		told = run_and_kill(p->place->path, draw_below(&dice, 20000));
		desk_place_as(p, "ana");
		if (log_verify(desk_store(p->desk), NULL, NULL, &r))
			fail_msg("%s", r.what);
		assert_true(r.events == told || r.events == told + 1);
		desk_same_when_rebuilt(p);
		p->desk = desk_close(p->desk);
	}
	print_message("%d kills, %llu events\n", KILLS, (unsigned long long)told);
	desk_place_as(p, "ana");
}

/* Changes until the disk is full: how many events there are then. */
static u64 fill(struct desk *d)
{
	int rc = 0;

	for (u64 i = 0; rc == 0 && i < 100000; i++)
		rc = change(d, i);
	print_message("after %llu events: %s\n", (unsigned long long)reached(d), desk_error(d));
	assert_int_equal(rc, -ENOSPC);
	assert_non_null(strstr(desk_error(d), "the disk is full"));
	return reached(d);
}

static void full_disk(void **state)
{
	struct desk_place *p = *state;
	struct log_report r;
	u64 events;

	p->desk = desk_close(p->desk);
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", p->place->folder, "tmpfs", 0, "size=1500k")) {
		desk_place_as(p, "ana");
		print_message("mounting is not allowed here\n");
		skip();
	}
	desk_place_as(p, "ana");
	events = fill(p->desk);
	assert_true(events > 10);
	if (log_verify(desk_store(p->desk), NULL, NULL, &r))
		fail_msg("%s", r.what);
	assert_int_equal(r.events, events);
	assert_int_equal(mount("none", p->place->folder, "tmpfs", MS_REMOUNT, "size=8m"), 0);
	assert_int_equal(change(p->desk, 3), 0);
	desk_same_when_rebuilt(p);
	p->desk = desk_close(p->desk);
	assert_int_equal(umount(p->place->folder), 0);
	desk_place_as(p, "ana");
}

static void read_only(void **state)
{
	struct desk_place *p = *state;
	const struct desk_setup setup = { .path = p->place->path, .author = "ana",
		.now = clock_of, .world = &p->now, .reads = true };
	char why[DESK_WHY];

	desk_incident(p, 0, 1);
	desk_close(p->desk);
	assert_int_equal(desk_open(&p->desk, &setup, why), 0);
	assert_int_equal(desk_begin(p->desk), -EACCES);
	assert_non_null(strstr(desk_error(p->desk), "to look only"));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
	const struct CMUnitTest tests[] = { T(killed), T(full_disk), T(read_only) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
