/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notice_rule_test.c - rules that are kept at the desk: which can be made and lifted, and which
 * incidents each is about. */
#include "desk_place.h"
#include "respond/notice_rule.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct notice_rule rule(const char *name)
{
	return (struct notice_rule){ .name = name, .role = "registrar", .letter = "reminder",
		.family = "", .owner = "", .state = INCIDENT_NEW };
}

static void made(void **state)
{
	static const char *const bad[] = { "", "Upper", "two words", "a/b",
		"0123456789012345678901234567890123456789" };
	struct desk_place *p = *state;
	struct notice_rule r = rule("one");
	void *found = NULL;
	u64 number;

	for (size_t i = 0; i < COUNT(bad); i++) {
		r.name = bad[i];
		DENIED(p, notice_rule_add(p->desk, &r, &number), OOPS_RANGE, "a name of up to");
	}
	r = rule("one");
	r.role = "king";
	DENIED(p, notice_rule_add(p->desk, &r, &number), OOPS_RANGE, "'king' is no role");
	r = rule("one");
	r.letter = "../secret";
	DENIED(p, notice_rule_add(p->desk, &r, &number), OOPS_RANGE, "no name of a letter");
	r = rule("one");
	r.family = "two\nlines";
	DENIED(p, notice_rule_add(p->desk, &r, &number), -EINVAL, "a family");
	for (u8 s = INCIDENT_CLOSED; s < INCIDENT_STATE_COUNT; s++) {
		r = rule("one");
		r.state = s;
		DENIED(p, notice_rule_add(p->desk, &r, &number), OOPS_RANGE, "has ended");
	}
	r = rule("one");
	r.owner = "mallory";	/* it is who acts */
	WELL(p, notice_rule_add(p->desk, &r, &number));
	DENIED(p, notice_rule_add(p->desk, &r, &number), OOPS_CHANGED, "already");
	assert_int_equal(desk_find(p->desk, DESK_notice_rule, &(struct notice_rule){
		.number = number }, &found), 1);
	assert_string_equal(((struct notice_rule *)found)->owner, "ana");
	assert_true(((struct notice_rule *)found)->made > 0);
	free(found);
	desk_same_when_rebuilt(p);
}

static void lifted(void **state)
{
	struct desk_place *p = *state;
	const struct notice_rule r = rule("one");
	u64 first, second;

	WELL(p, notice_rule_add(p->desk, &r, &first));
	DENIED(p, notice_rule_lift(p->desk, first, ""), -EINVAL, "a reason");
	DENIED(p, notice_rule_lift(p->desk, first + 7, "x"), OOPS_UNKNOWN, "there is no rule");
	WELL(p, notice_rule_lift(p->desk, first, "no longer"));
	DENIED(p, notice_rule_lift(p->desk, first, "x"), OOPS_CHANGED, "lifted already");
	WELL(p, notice_rule_add(p->desk, &r, &second));	/* the name is free again */
	assert_true(second > first);
	desk_same_when_rebuilt(p);
}

static void so_many(void **state)
{
	struct desk_place *p = *state;
	char name[16];
	struct notice_rule r = rule(name);
	u64 number = 0;

	assert_int_equal(desk_begin(p->desk), 0);
	for (unsigned i = 0; i < NOTICE_RULES_MAX; i++) {
		snprintf(name, sizeof name, "r%u", i);
		assert_int_equal(notice_rule_add(p->desk, &r, &number), 0);
	}
	assert_int_equal(desk_commit(p->desk), 0);
	snprintf(name, sizeof name, "more");
	DENIED(p, notice_rule_add(p->desk, &r, &number), OOPS_LIMIT, "at most 200 rules");
	WELL(p, notice_rule_lift(p->desk, number, "room"));
	WELL(p, notice_rule_add(p->desk, &r, &number));
}

/* ---- which incidents ---- */

struct chosen { u64 at[20], count, stop; };

static int choose(void *to, u64 incident)
{
	struct chosen *s = to;

	s->at[s->count++] = incident;
	return s->stop && s->count == s->stop ? 77 : 0;
}

static struct chosen those(struct desk_place *p, const struct notice_rule *r, struct marking m)
{
	const struct audience who = { "sender", m };
	struct chosen s = { .count = 0 };
	struct gate *g = NULL;

	assert_int_equal(gate_open(&g, p->desk, NULL, &who), 0);
	assert_int_equal(notice_rule_each(g, r, choose, &s), 0);
	gate_close(g);
	return s;
}

static void incident(struct desk_place *p, const char *family, struct marking m)
{
	const struct incident is = { .title = "x", .family = family, .own_tlp = m.tlp,
		.own_pap = m.pap };
	const struct case_new c = { .incident = &is };
	u64 number;

	WELL(p, case_open(p->desk, &c, &number));
}

static void note(struct desk_place *p, u64 number, u64 about, const char *letter, u8 state)
{
	const struct notice n = { .number = number, .incident = about, .letter = letter,
		.state = state };

	assert_int_equal(store_put(desk_store(p->desk), DESK_notice, &n), 0);
}

static void about(void **state)
{
	const struct marking green = { LABEL_GREEN, PAP_GREEN };
	struct desk_place *p = *state;
	struct notice_rule r = rule("one");
	struct chosen s;

	incident(p, "phishing", green);
	incident(p, "phishing.kit", green);
	incident(p, "tunnel", green);
	incident(p, "phishing", MARKING_STRICTEST);
	WELL(p, case_state(p->desk, (struct case_ref){ 3, 0 }, INCIDENT_TRIAGED, ""));
	s = those(p, &r, MARKING_STRICTEST);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.at[0] + 10 * s.at[1] + 100 * s.at[2], 421);
	s = those(p, &r, green);	/* what its audience may not see no rule tells */
	assert_int_equal(s.count, 2);
	r.state = INCIDENT_TRIAGED;
	s = those(p, &r, green);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.at[0], 3);
	r.family = "phish";
	assert_int_equal(those(p, &r, green).count, 0);
	r.state = INCIDENT_NEW;
	assert_int_equal(those(p, &r, green).count, 2);
	r.severity = SEVERITY_HIGH;	/* they have no members */
	assert_int_equal(those(p, &r, green).count, 0);
}

/* One letter about one incident, whoever told it before. */
static void told_once(void **state)
{
	const struct marking green = { LABEL_GREEN, PAP_GREEN };
	const struct audience who = { "sender", MARKING_STRICTEST };
	struct desk_place *p = *state;
	const struct notice_rule r = rule("one");
	struct chosen s = { .stop = 1 };
	struct gate *g = NULL;

	for (int i = 0; i < 3; i++)
		incident(p, "phishing", green);
	assert_int_equal(store_begin(desk_store(p->desk)), 0);
	note(p, 1, 1, "reminder", NOTICE_DRAFT);
	note(p, 2, 2, "reminder", NOTICE_CANCELLED);
	note(p, 3, 3, "abuse-report", NOTICE_SENT);
	assert_int_equal(gate_open(&g, p->desk, NULL, &who), 0);
	assert_int_equal(notice_rule_each(g, &r, choose, &s), 77);
	assert_int_equal(s.at[0], 2);
	s = (struct chosen){ .count = 0 };
	assert_int_equal(notice_rule_each(g, &r, choose, &s), 0);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.at[1], 3);
	gate_close(g);
	store_undo(desk_store(p->desk));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
	const struct CMUnitTest tests[] = { T(made), T(lifted), T(so_many), T(about),
		T(told_once) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
