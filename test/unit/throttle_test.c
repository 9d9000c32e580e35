/* SPDX-License-Identifier: GPL-3.0-or-later */
/* throttle_test.c - who may try a password: nobody guesses for long, nobody keeps the others
 * out. The clock is the test's. */
#include "respond/throttle.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SECOND 1000000000ull
#define MINUTE (60 * SECOND)
#define HASH (50 * SECOND / 1000)

struct world { struct throttle *t; u64 now; };

static int up(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	w->now = 7 * SECOND;	/* a machine that was started just now */
	*state = w;
	return throttle_open(&w->t);
}

static int down(void **state)
{
	struct world *w = *state;

	throttle_close(w->t);
	free(w);
	return 0;
}

/* One try: was it let through? */
static bool tries(struct world *w, const struct trying *who, enum throttle_came came)
{
	u64 wait;

	if (throttle_ask(w->t, who, w->now, &wait) != THROTTLE_GO)
		return false;
	throttle_note(w->t, who, came, HASH, w->now);
	return true;
}

static const struct trying vic = { "vic", "192.0.2.1", "" };
static const struct trying vic_known = { "vic", "192.0.2.1", "device" };

/* Wrong ones of one login from one address wait, and longer; others do not. */
static void one_guesses(void **state)
{
	struct world *w = *state;
	const struct trying bad = { "vic", "198.51.100.7", "" };
	u64 wait;

	for (unsigned i = 0; i < THROTTLE_TRIES; i++)
		assert_true(tries(w, &bad, THROTTLE_WRONG));
	assert_int_equal(throttle_ask(w->t, &bad, w->now, &wait), THROTTLE_WAIT);
	assert_int_equal(wait, THROTTLE_WAIT_NS);
	assert_true(tries(w, &vic, THROTTLE_GOOD));
	assert_true(tries(w, &vic_known, THROTTLE_GOOD));
	w->now += THROTTLE_WAIT_NS;
	assert_true(tries(w, &bad, THROTTLE_WRONG));
	assert_int_equal(throttle_ask(w->t, &bad, w->now, &wait), THROTTLE_WAIT);
	assert_int_equal(wait, 2 * THROTTLE_WAIT_NS);
	/* the owner's right one forgives the owner's own, not the stranger's */
	assert_true(tries(w, &vic, THROTTLE_GOOD));
	assert_false(tries(w, &bad, THROTTLE_GOOD));
	w->now += 25 * 60 * MINUTE;	/* a day later */
	for (unsigned i = 0; i < THROTTLE_TRIES; i++)
		assert_true(tries(w, &bad, THROTTLE_WRONG));
	assert_false(tries(w, &bad, THROTTLE_GOOD));
}

/* One address that tries and tries, whatever the login: of a day's tries few get through, and
 * who comes from elsewhere is let through each time. */
static void one_address_floods(void **state)
{
	struct world *w = *state;
	char login[30];
	const struct trying bad = { login, "198.51.100.7", "" };
	unsigned through = 0, mine = 0;

	for (unsigned i = 0; i < 60 * 100; i++, w->now += SECOND / 100) {
		snprintf(login, sizeof login, "name%u", i);
		through += tries(w, &bad, THROTTLE_WRONG);
		if (i % 50 == 0)
			mine += tries(w, &vic, THROTTLE_GOOD);
	}
	assert_int_equal(mine, 120);
	assert_in_range(through, 20, 31);	/* 20, and one more each 6 s */
}

/* Of IPv6 a whole network of 64 bits is one address; IPv4 is the same however it is written. */
static void networks(void **state)
{
	struct world *w = *state;
	char from[64];
	const struct trying bad = { "vic", from, "" };
	const struct trying mapped = { "ana", "::ffff:198.51.100.9", "" };
	const struct trying plain = { "ana", "198.51.100.9", "" };
	const struct trying next = { "vic", "2001:db8:0:2::1", "" };
	unsigned through = 0;

	for (unsigned i = 1; i <= 20; i++) {
		snprintf(from, sizeof from, "2001:db8:0:1::%x", i);
		through += tries(w, &bad, THROTTLE_WRONG);
	}
	assert_int_equal(through, THROTTLE_TRIES);
	assert_true(tries(w, &next, THROTTLE_WRONG));
	for (unsigned i = 0; i < THROTTLE_TRIES; i++)
		assert_true(tries(w, i % 2 ? &mapped : &plain, THROTTLE_WRONG));
	assert_false(tries(w, &mapped, THROTTLE_GOOD));
	assert_false(tries(w, &plain, THROTTLE_GOOD));
}

/* A thousand addresses try one login: strangers wait for it, its own device does not. */
static void many_guess_one_login(void **state)
{
	struct world *w = *state;
	char from[40];
	const struct trying bad = { "vic", from, "" }, ana = { "ana", "192.0.2.9", "" };
	unsigned through = 0, mine = 0, others = 0;

	for (unsigned i = 0; i < 24 * 60; i++, w->now += MINUTE) {
		snprintf(from, sizeof from, "10.%u.%u.1", i % 1000 / 250, i % 250);
		through += tries(w, &bad, THROTTLE_WRONG);
		mine += tries(w, &vic_known, THROTTLE_GOOD);
		others += tries(w, &ana, THROTTLE_GOOD);
	}
	assert_in_range(through, 150, 100 + 96);	/* of 1,440 */
	assert_int_equal(mine, 24 * 60);
	assert_int_equal(others, 24 * 60);
	snprintf(from, sizeof from, "10.99.0.1");
	tries(w, &bad, THROTTLE_WRONG);
	assert_false(tries(w, &vic, THROTTLE_GOOD));	/* their first time on this device */
}

/* One address can never spend what all strangers have for a login. */
static void one_locks_nobody(void **state)
{
	struct world *w = *state;
	const struct trying bad[2] = { { "vic", "198.51.100.7", "" },
				       { "vic", "2001:db8::7", "" } };
	unsigned mine = 0;

	for (unsigned i = 0; i < 3 * 24 * 60; i++, w->now += MINUTE) {
		tries(w, &bad[0], THROTTLE_WRONG);
		tries(w, &bad[1], THROTTLE_WRONG);
		mine += tries(w, &vic, THROTTLE_GOOD);
	}
	assert_int_equal(mine, 3 * 24 * 60);
}

/* A botnet with a new name and a new address each time: strangers get a quarter of the time,
 * and known devices their own. */
static void a_botnet(void **state)
{
	struct world *w = *state;
	char from[40], login[30];
	const struct trying bad = { login, from, "" };
	unsigned through = 0, mine = 0;

	for (unsigned i = 0; i < 60 * 200; i++, w->now += SECOND / 200) {
		snprintf(from, sizeof from, "10.%u.%u.%u", i / 65536, i / 256 % 256, i % 256);
		snprintf(login, sizeof login, "name%u", i);
		through += tries(w, &bad, THROTTLE_WRONG);
		if (i % 1000 == 0)
			mine += tries(w, &vic_known, THROTTLE_GOOD);
	}
	assert_in_range(through, 350, 60 * 5 + 61);	/* of 12,000 */
	assert_int_equal(mine, 12);
}

/* Somebody behind the same proxy spends what the address has; the device goes on. */
static void same_address(void **state)
{
	struct world *w = *state;
	char login[30];
	const struct trying bad = { login, "192.0.2.1", "" };

	for (unsigned i = 0; i < 100; i++) {
		snprintf(login, sizeof login, "name%u", i);
		tries(w, &bad, THROTTLE_WRONG);
	}
	assert_false(tries(w, &vic, THROTTLE_GOOD));
	w->now += SECOND;
	assert_true(tries(w, &vic_known, THROTTLE_GOOD));
	w->now += 5 * SECOND;	/* and one more of that address each 6 s */
	assert_true(tries(w, &vic, THROTTLE_GOOD));
}

/* A device that was stolen guesses no better, and what it does is nobody else's harm. */
static void a_device_guesses(void **state)
{
	struct world *w = *state;
	const struct trying other = { "vic", "192.0.2.1", "another device" };
	const struct trying ana = { "ana", "192.0.2.1", "hers" };
	unsigned through = 0;

	for (unsigned i = 0; i < THROTTLE_TRIES; i++)
		assert_true(tries(w, &vic_known, THROTTLE_WRONG));
	assert_false(tries(w, &vic_known, THROTTLE_GOOD));
	assert_true(tries(w, &other, THROTTLE_GOOD));
	assert_true(tries(w, &vic, THROTTLE_GOOD));
	/* right ones as fast as can be: hashes of one login are bounded, too */
	w->now += 10 * MINUTE;
	for (unsigned i = 0; i < 600; i++, w->now += SECOND / 10) {
		through += tries(w, &other, THROTTLE_GOOD);
		if (i % 100 == 0)
			assert_true(tries(w, &ana, THROTTLE_GOOD));
	}
	assert_in_range(through, 30, 46);
}

/* Names that were never there push out none that are guessed at. */
static void rows_are_few(void **state)
{
	struct world *w = *state;
	char login[30], from[40];
	const struct trying bad = { login, from, "" };
	unsigned through = 0;

	for (unsigned i = 0; i < 300; i++) {
		snprintf(from, sizeof from, "172.16.%u.1", i);
		w->now += SECOND / 4;
		through += tries(w, &(struct trying){ "vic", from, "" }, THROTTLE_WRONG);
	}
	assert_in_range(through, 100, 101);
	for (unsigned i = 0; i < 4 * THROTTLE_ROWS; i++) {
		snprintf(login, sizeof login, "name%u", i);
		snprintf(from, sizeof from, "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		throttle_note(w->t, &bad, THROTTLE_WRONG, 0, w->now);
	}
	w->now += MINUTE;
	assert_false(tries(w, &vic, THROTTLE_GOOD));
}

/* The log holds some of them, and how many it does not hold. */
static void the_log(void **state)
{
	struct world *w = *state;
	char login[30];
	const struct trying bad = { login, "198.51.100.7", "" };
	u64 untold, told = 0, counted = 0;

	for (unsigned i = 0; i < 3600; i++, w->now += SECOND) {
		snprintf(login, sizeof login, "name%u", i);
		if (throttle_tells(w->t, &bad, w->now, &untold)) {
			told++;
			counted += untold;
		}
		throttle_note(w->t, &bad, THROTTLE_WRONG, 0, w->now);
	}
	assert_in_range(told, 60, 81);
	assert_in_range(told + counted, 3500, 3600);
	w->now += 100 * MINUTE;
	for (unsigned i = 0; i < 30; i++) {	/* of a row the 1st, 10th, 20th, 30th */
		assert_int_equal(throttle_tells(w->t, &vic, w->now, &untold),
				 i == 0 || (i + 1) % 10 == 0);
		throttle_note(w->t, &vic, THROTTLE_WRONG, 0, w->now);
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, up, down)
	const struct CMUnitTest tests[] = {
		T(one_guesses), T(one_address_floods), T(networks), T(many_guess_one_login),
		T(one_locks_nobody), T(a_botnet), T(same_address), T(a_device_guesses),
		T(rows_are_few), T(the_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
