/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_test.c - the sieve while a store grows: several threads ask, each over a connection of
 * its own, while another writes findings and opens incidents. No answer is half a change: what
 * was seen stays, facets add up, pages follow their order. What it says of markings and
 * filters is held against the gate in gate_test.c. */
#include "desk_place.h"
#include "respond/sieve.h"
#include <pthread.h>
#include <stdatomic.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define BATCHES 40u
#define BATCH 25u
#define ASKERS 2u

struct asker {
	pthread_t thread;
	struct sieve *sieve;
	struct store *store;
	atomic_bool *stop;
	u64 asked, last;
	const char *wrong;
};

static void add_up(struct asker *a, const struct sieve_found *f)
{
	u64 severities = 0, rules = 0, states = 0;

	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		severities += f->severities[i];
	for (unsigned i = 0; i < SIEVE_RULES; i++)
		rules += f->rules[i];
	for (unsigned i = 0; i <= INCIDENT_STATE_COUNT; i++)
		states += f->states[i];
	if (severities != f->total || rules != f->total || states != f->total)
		a->wrong = "facets do not add up";
	if (f->total < a->last || f->total % BATCH)
		a->wrong = "half a change was seen";
	if (f->count != min_u64(f->total, 20))
		a->wrong = "the page is not full";
	a->last = f->total;
}

/* Subjects of a page, each through the gate. */
static void in_order(struct asker *a, struct gate *g, const struct sieve_found *f,
		     struct finding *is)
{
	char before[FINDING_SUBJECT_MAX] = "";

	for (u32 i = 0; i < f->count; i++) {
		if (gate_numbered(g, f->items[i].number, false, is)) {
			a->wrong = "a finding of the page is not there";
			return;
		}
		if (strcasecmp(before, is->subject) > 0)
			a->wrong = "subjects are not in order";
		snprintf(before, sizeof before, "%s", is->subject);
	}
}

static void *ask_on(void *arg)
{
	const struct audience all = { "us", MARKING_STRICTEST };
	struct sieve_found *found = malloc(sizeof *found);
	struct finding *f = malloc(sizeof *f);
	struct asker *a = arg;
	struct gate *g = NULL;

	if (!found || !f || gate_open(&g, NULL, a->store, &all))
		a->wrong = "no memory";
	while (a->wrong == NULL && (!atomic_load(a->stop) || a->asked == 0)) {
		const struct sieve_ask ask = { .limit = 20, .facets = true,
			.order = a->asked % 2 ? SIEVE_BY_SUBJECT : SIEVE_BY_SEVERITY };

		if (sieve_ask(a->sieve, g, &ask, found))
			a->wrong = "an error";
		else
			add_up(a, found);
		if (ask.order == SIEVE_BY_SUBJECT)
			in_order(a, g, found, f);
		a->asked++;
	}
	gate_close(g);
	free(f);
	free(found);
	return NULL;
}

static void write_on(struct desk_place *p)
{
	for (unsigned i = 0; i < BATCHES; i++) {
		place_fill(desk_store(p->desk), i * BATCH, BATCH);
		if (i % 4 == 3)
			desk_incident(p, i * BATCH, 3);
	}
}

static void side_by_side(void **state)
{
	struct desk_place *p = *state;
	struct asker askers[ASKERS] = { 0 };
	atomic_bool stop = false;
	struct sieve *v = NULL;

	assert_int_equal(sieve_open(&v, 7), 0);
	place_begin(desk_store(p->desk));
	for (unsigned i = 0; i < ASKERS; i++) {
		askers[i] = (struct asker){ .sieve = v, .stop = &stop,
			.store = place_open(p->place, STORE_READ) };
		assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_on, &askers[i]), 0);
	}
	write_on(p);
	atomic_store(&stop, true);
	for (unsigned i = 0; i < ASKERS; i++) {
		pthread_join(askers[i].thread, NULL);
		if (askers[i].wrong)
			fail_msg("%s after %llu questions", askers[i].wrong,
				 (unsigned long long)askers[i].asked);
		assert_int_equal(sieve_refresh(v, askers[i].store), 0);
		store_close(askers[i].store);
	}
	assert_int_equal(sieve_revision(v), BATCHES * BATCH);
	sieve_close(v);
}

/* A finding that is measured anew keeps its place and gets its new values. */
static void measured_anew(void **state)
{
	const struct audience all = { "us", MARKING_STRICTEST };
	const struct sieve_ask ask = { .limit = 5, .severity = SEVERITY_CRITICAL };
	struct sieve_found *found = calloc(1, sizeof *found);
	struct finding *f = calloc(1, sizeof *f);
	struct desk_place *p = *state;
	struct sieve *v = NULL;
	struct gate *g = NULL;

	assert_int_equal(sieve_open(&v, 7), 0);
	assert_int_equal(gate_open(&g, p->desk, NULL, &all), 0);
	place_begin(desk_store(p->desk));
	place_make(f, 3);
	for (unsigned i = 0; i < 3; i++) {
		f->severity = i == 1 ? SEVERITY_CRITICAL : SEVERITY_LOW;
		f->frames++;
		assert_true(store_add_finding(desk_store(p->desk), f) >= 0);
		assert_int_equal(store_commit(desk_store(p->desk)), 0);
		assert_int_equal(sieve_ask(v, g, &ask, found), 0);
		assert_int_equal(found->total, i == 1);
	}
	assert_int_equal(sieve_revision(v), 3);
	gate_close(g);
	sieve_close(v);
	free(f);
	free(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(side_by_side, desk_up, desk_down),
		cmocka_unit_test_setup_teardown(measured_anew, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
