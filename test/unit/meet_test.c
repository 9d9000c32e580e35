/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meet_test.c - workers that come to the same places go on together; when one comes to another
 * place, or goes on where the others end, all are told and nobody waits. */
#include "run/meet.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <cmocka.h>

#define WORKERS 4u
#define PLACES 500u
#define END 1000u

struct walker {
	struct meet *meet;
	atomic_uint *here;	/* [PLACES] how many have come to it */
	pthread_t thread;
	unsigned stray;		/* from this place on it says another one; 0 = never */
	unsigned places, early;	/* passed together; passed before all had come */
	bool at_end;
};

static void *walk(void *arg)
{
	struct walker *w = arg;

	for (unsigned i = 1; i < PLACES; i++) {
		atomic_fetch_add(&w->here[i], 1);
		if (!meet_wait(w->meet, w->stray && i >= w->stray ? i + 1 : i))
			return NULL;
		w->early += atomic_load(&w->here[i]) != WORKERS;
		w->places++;
	}
	w->at_end = meet_wait(w->meet, END);
	return NULL;
}

/* One of them strays at `stray` (0: none does). */
static void run(struct walker *w, unsigned stray)
{
	static atomic_uint here[PLACES];
	struct meet *m;

	for (unsigned i = 0; i < PLACES; i++)
		atomic_store(&here[i], 0);
	assert_int_equal(meet_open(&m, WORKERS), 0);
	for (unsigned i = 0; i < WORKERS; i++) {
		w[i] = (struct walker){ .meet = m, .here = here, .stray = i == 2 ? stray : 0 };
		assert_int_equal(pthread_create(&w[i].thread, NULL, walk, &w[i]), 0);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		pthread_join(w[i].thread, NULL);
	assert_null(meet_close(m));
}

static void test_together(void **state)
{
	struct walker w[WORKERS];

	(void)state;
	run(w, 0);
	for (unsigned i = 0; i < WORKERS; i++) {
		assert_true(w[i].at_end);
		assert_int_equal(w[i].places, PLACES - 1);
		assert_int_equal(w[i].early, 0);
	}
}

static void test_apart(void **state)
{
	struct walker w[WORKERS];

	(void)state;
	for (unsigned stray = 1; stray < PLACES; stray += 83) {
		run(w, stray);
		for (unsigned i = 0; i < WORKERS; i++) {
			assert_false(w[i].at_end);
			assert_int_equal(w[i].places, stray - 1);
			assert_int_equal(w[i].early, 0);
		}
	}
}

/* A worker alone needs no meeting. */
static void test_alone(void **state)
{
	(void)state;
	assert_true(meet_wait(NULL, 7));
	assert_null(meet_close(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_alone),
	};

	return cmocka_run_group_tests_name("meet", tests, NULL, NULL);
}
