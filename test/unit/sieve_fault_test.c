/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_fault_test.c - what several audits of a zone find is one fault in lists and counts:
 * the newest that the audience may see and that the question's time lets through; in whatever
 * order the audits were stored. */
#include "desk_place.h"
#include "base/stamp.h"
#include "model/finding.h"
#include "respond/sieve.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define DAY (86400 * STAMP_NS)
#define START (1780000000 * STAMP_NS)

struct given { const char *rule, *subject, *zone, *label; unsigned day; };

static void put(struct desk_place *p, const struct given *g, size_t n)
{
	struct store *s = place_open(p->place, STORE_WRITE);
	struct finding *f = malloc(sizeof *f);

	place_begin(s);
	for (size_t i = 0; i < n; i++) {
		*f = (struct finding){ .rule_version = 1, .severity = SEVERITY_LOW,
			.confidence = 100, .from = START + g[i].day * DAY };
		f->until = f->from + STAMP_NS;
		snprintf(f->rule, sizeof f->rule, "%s", g[i].rule);
		snprintf(f->subject_kind, sizeof f->subject_kind, "name");
		snprintf(f->subject, sizeof f->subject, "%s", g[i].subject);
		snprintf(f->zone, sizeof f->zone, "%s", g[i].zone);
		snprintf(f->label, sizeof f->label, "%s", g[i].label);
		finding_identify(f);
		assert_true(store_add_finding(s, f) >= 0);
	}
	assert_int_equal(store_commit(s), 0);
	store_close(s);
	free(f);
}

struct asking { struct sieve *sieve; struct store *store; struct gate *gate; };

static void begin(struct asking *a, struct desk_place *p, struct marking clearance)
{
	const struct audience who = { "us", clearance };

	a->store = place_open(p->place, STORE_READ);
	assert_int_equal(sieve_open(&a->sieve, 7), 0);
	assert_int_equal(gate_open(&a->gate, NULL, a->store, &who), 0);
}

static void end(struct asking *a)
{
	gate_close(a->gate);
	sieve_close(a->sieve);
	store_close(a->store);
}

static struct sieve_found *ask(struct asking *a, struct sieve_ask what)
{
	static struct sieve_found found;

	what.once = true;
	what.facets = true;
	what.limit = 50;
	assert_int_equal(sieve_ask(a->sieve, a->gate, &what, &found), 0);
	return &found;
}

/* 0-2 one fault, in three audits; 3 another name, 4 another rule, 5 another zone; 6, 7 of
 * traffic. The second audit was stored last, and is for few. */
static const struct given all[] = {
	{ "delegation.few-servers", "a.gal", "gal", "TLP:GREEN", 1 },
	{ "delegation.few-servers", "A.gal", "gal", "TLP:GREEN", 9 },
	{ "delegation.few-servers", "a.gal", "gal", "TLP:RED", 5 },
	{ "delegation.few-servers", "b.gal", "gal", "TLP:GREEN", 1 },
	{ "delegation.one-prefix", "a.gal", "gal", "TLP:GREEN", 1 },
	{ "delegation.few-servers", "a.gal", "lag", "TLP:GREEN", 1 },
	{ "tunnel.data", "a.gal", "", "TLP:GREEN", 1 },
	{ "tunnel.data", "a.gal", "", "TLP:GREEN", 9 },
};

static void once(void **state)
{
	struct desk_place *p = *state;
	struct sieve_found *f;
	struct asking a;

	put(p, all, COUNT(all));
	begin(&a, p, MARKING_STRICTEST);
	f = ask(&a, (struct sieve_ask){ .order = SIEVE_BY_TIME });
	assert_int_equal(f->total, 6);
	assert_int_equal(f->count, 6);
	assert_int_equal(f->severities[SEVERITY_LOW], 6);
	f = ask(&a, (struct sieve_ask){ .zone = "gal", .order = SIEVE_BY_TIME });
	assert_int_equal(f->total, 3);
	assert_int_equal(f->items[0].times, 3);
	assert_int_equal(f->items[0].first, START + DAY);
	assert_int_equal(f->items[1].times, 1);
	f = ask(&a, (struct sieve_ask){ .zone = "gal", .until = START + 6 * DAY,
		.order = SIEVE_BY_TIME });
	assert_int_equal(f->total, 3);
	assert_int_equal(f->items[0].times, 2);
	f = ask(&a, (struct sieve_ask){ .zone = "gal", .since = START + 4 * DAY,
		.until = START + 6 * DAY });
	assert_int_equal(f->total, 1);
	assert_int_equal(f->items[0].first, START + 5 * DAY);
	end(&a);
}

/* Who may not see one of them learns nothing of it. */
static void for_whom(void **state)
{
	struct desk_place *p = *state;
	struct sieve_found *f;
	struct asking a;

	put(p, all, COUNT(all));
	begin(&a, p, (struct marking){ LABEL_GREEN, PAP_RED });
	f = ask(&a, (struct sieve_ask){ .zone = "gal", .order = SIEVE_BY_TIME });
	assert_int_equal(f->total, 3);
	assert_int_equal(f->items[0].times, 2);
	f = ask(&a, (struct sieve_ask){ .zone = "gal", .until = START + 6 * DAY });
	assert_int_equal(f->total, 3);
	assert_int_equal(f->items[0].times, 1);
	end(&a);
}

struct counted { u64 rows, newest, known, faults; u64 revision; };

static void count(void *to, const struct sieve_row *r)
{
	struct counted *c = to;

	c->rows++;
	c->newest += sieve_row_newer(r) == 0;
	c->known += sieve_row_known(r, c->revision);
	c->faults += sieve_row_fault(r) != 0;
}

/* What comes while it is asked: the fault goes on, and only what is new is new. */
static void goes_on(void **state)
{
	const struct sieve_ask everything = { 0 };
	struct given next[] = { all[0], all[3], { "delegation.few-servers", "new.gal", "gal",
		"TLP:GREEN", 12 } };
	struct desk_place *p = *state;
	struct counted c = { 0 };
	struct asking a;

	put(p, all, COUNT(all));
	begin(&a, p, MARKING_STRICTEST);
	assert_int_equal(sieve_walk(a.sieve, a.gate, &everything, count, &c), 0);
	assert_int_equal(c.rows, 8);
	assert_int_equal(c.newest, 6);
	assert_int_equal(c.faults, 6);
	next[0].day = next[1].day = 12;
	c = (struct counted){ .revision = sieve_revision(a.sieve) };
	put(p, next, COUNT(next));
	assert_int_equal(sieve_walk(a.sieve, a.gate, &(struct sieve_ask){ .since = START +
			 10 * DAY }, count, &c), 0);
	assert_int_equal(c.rows, 3);
	assert_int_equal(c.newest, 3);
	assert_int_equal(c.known, 0);	/* of that time alone nothing is */
	c = (struct counted){ .revision = c.revision };
	assert_int_equal(sieve_walk(a.sieve, a.gate, &everything, count, &c), 0);
	assert_int_equal(c.rows, 11);
	assert_int_equal(c.newest, 7);
	assert_int_equal(ask(&a, (struct sieve_ask){ .zone = "gal", .order = SIEVE_BY_SUBJECT })
			 ->items[0].times, 4);
	end(&a);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
	const struct CMUnitTest tests[] = { T(once), T(for_whom), T(goes_on) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
