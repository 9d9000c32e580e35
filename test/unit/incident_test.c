/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_test.c - operations on incidents: which state may follow which, who was faster,
 * what a merge and a split leave as it was, which marking holds; and the law of the desk:
 * after any sequence of operations the tables are what the log says. */
#include "desk_place.h"
#include "draw.h"
#include "base/buf.h"
#include "respond/clock.h"
#include "respond/mute.h"
#include "respond/case_raise.h"
#include "respond/contact.h"
#include "respond/gate.h"
#include "respond/user.h"
#include "respond/task.h"
#include "base/stamp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ANY(n) ((struct case_ref){ n, 0 })

static u8 state_of(struct desk_place *p, u64 number)
{
	struct incident *i = desk_now_is(p, number);
	u8 s = i->state;

	free(i);
	return s;
}

static struct marking marking_of(struct desk_place *p, u64 number)
{
	struct incident *i = desk_now_is(p, number);
	struct marking m = { i->tlp, i->pap };

	free(i);
	return m;
}

static void states(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 0, 3);

	assert_int_equal(n, 1);
	assert_int_equal(state_of(p, n), INCIDENT_NEW);
	DENIED(p, case_state(p->desk, ANY(n), INCIDENT_MITIGATED, NULL), OOPS_RANGE,
		"what may follow: triaged, confirmed, closed, false-alarm");
	DENIED(p, case_state(p->desk, ANY(n), INCIDENT_FALSE_ALARM, ""), -EINVAL,
		"only with a reason");
	DENIED(p, case_state(p->desk, ANY(n), INCIDENT_CLOSED, NULL), -EINVAL,
		"not mitigated");
	DENIED(p, case_state(p->desk, ANY(n), INCIDENT_MERGED, "x"), OOPS_RANGE, "merged");
	DENIED(p, case_state(p->desk, ANY(7), INCIDENT_TRIAGED, NULL), OOPS_UNKNOWN,
		"there is no incident 7");
	for (unsigned s = INCIDENT_TRIAGED; s <= INCIDENT_CLOSED; s++)
		WELL(p, case_state(p->desk, ANY(n), (enum incident_state)s, NULL));
	assert_int_equal(state_of(p, n), INCIDENT_CLOSED);
	DENIED(p, case_state(p->desk, ANY(n), INCIDENT_NEW, NULL), OOPS_RANGE, "triaged");
	WELL(p, case_state(p->desk, ANY(n), INCIDENT_TRIAGED, NULL));
	for (unsigned from = 0; from < INCIDENT_STATE_COUNT; from++) {
		assert_false(case_may((enum incident_state)from, (enum incident_state)from));
		assert_false(case_may((enum incident_state)from, INCIDENT_MERGED));
		assert_false(case_may(INCIDENT_MERGED, (enum incident_state)from));
	}
	desk_same_when_rebuilt(p);
}

static void conflict(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 0, 1), seen;
	struct incident *i = desk_now_is(p, n);

	seen = i->version;
	free(i);
	WELL(p, case_state(p->desk, ANY(n), INCIDENT_TRIAGED, NULL));
	WELL(p, case_state(p->desk, ANY(n), INCIDENT_CONFIRMED, NULL));
	p->now += 39 * STAMP_NS;
	desk_place_as(p, "ben");
	DENIED(p, case_assign(p->desk, (struct case_ref){ n, seen }, "ben"), OOPS_CHANGED,
		"incident 1 was changed by ana 40 s ago (state triaged -> confirmed): "
		"look again");
	i = desk_now_is(p, n);
	WELL(p, case_assign(p->desk, (struct case_ref){ n, i->version }, "ben"));
	free(i);
	i = desk_now_is(p, n);
	assert_string_equal(i->owner, "ben");
	free(i);
}

static void add_user(struct desk *d, const char *login, u8 standing)
{
	const struct user u = { .login = login, .name = login, .role = ROLE_ANALYST,
		.email = "", .language = "en", .timezone = "", .standing = standing };
	char made[USER_SECRET_TEXT];

	assert_int_equal(user_add(d, &u, NULL, made), 0);
	if (standing != STANDING_ACTIVE)
		assert_int_equal(user_change(d, &u), 0);
}

/* Where nobody is a user of the desk anybody may own an incident; else one of them, or who
 * gives it to themselves. */
static void owners(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 0, 1);
	const struct incident bad = { .title = "t", .subject = "x.example", .owner = "zoe" };
	u64 number;

	WELL(p, case_assign(p->desk, ANY(n), "anybody"));
	add_user(p->desk, "maria", STANDING_ACTIVE);
	add_user(p->desk, "gone", STANDING_LOCKED);
	DENIED(p, case_assign(p->desk, ANY(n), "marai"), OOPS_RANGE, "did you mean 'maria'?");
	assert_int_equal(desk_code(p->desk), CODE_NO_OWNER);
	DENIED(p, case_assign(p->desk, ANY(n), "nobodyknown"), OOPS_RANGE, "users are: maria");
	DENIED(p, case_assign(p->desk, ANY(n), "gone"), OOPS_RANGE, "there is no user 'gone'");
	DENIED(p, case_open(p->desk, &(struct case_new){ .incident = &bad }, &number),
		OOPS_RANGE, "there is no user 'zoe'");
	WELL(p, case_assign(p->desk, ANY(n), "maria"));
	assert_int_equal(desk_code(p->desk), CODE_NONE);
	WELL(p, case_assign(p->desk, ANY(n), "ana"));
	WELL(p, case_assign(p->desk, ANY(n), ""));
	desk_same_when_rebuilt(p);
}

static void members(void **state)
{
	struct desk_place *p = *state;
	u64 a = desk_incident(p, 0, 5), b = desk_incident(p, 10, 2);
	struct member m = desk_member(3), fresh = desk_member(20);
	struct incident *i = desk_now_is(p, a);
	u64 where = 0;

	assert_int_equal(i->findings, 5);
	assert_int_equal(i->severity, SEVERITY_CRITICAL);
	assert_int_equal(i->confidence, 28);
	assert_int_equal(i->exposed, 4);
	assert_int_equal(i->first_seen, 1780000000 * STAMP_NS);
	assert_int_equal(i->last_seen, 1780000300 * STAMP_NS);
	assert_int_equal(i->tlp, LABEL_RED);
	free(i);
	DENIED(p, case_add(p->desk, ANY(b), &m, 1, false), OOPS_CHANGED,
		"is in incident 1 already");
	WELL(p, case_add(p->desk, ANY(b), &fresh, 1, false));
	WELL(p, case_remove(p->desk, ANY(a), MEMBER_FINDING, desk_member(4).id, "not it"));
	assert_int_equal(case_of(p->desk, MEMBER_FINDING, desk_member(4).id, &where), 0);
	assert_int_equal(where, 0);
	i = desk_now_is(p, a);
	assert_int_equal(i->findings, 4);
	assert_int_equal(i->severity, SEVERITY_HIGH);
	assert_int_equal(i->tlp, LABEL_RED);	/* its title may tell of what left */
	free(i);
	WELL(p, case_label(p->desk, ANY(a), (struct marking){ LABEL_AMBER_STRICT, PAP_GREEN },
			   "it does not"));
	i = desk_now_is(p, a);
	assert_int_equal(i->tlp, LABEL_AMBER_STRICT);
	free(i);
	DENIED(p, case_remove(p->desk, ANY(a), MEMBER_FINDING, desk_member(4).id, "x"),
		OOPS_UNKNOWN, "is not in incident 1");
	desk_same_when_rebuilt(p);
}

/* What is in the tables but for versions, times of change and markings: an incident stays
 * as strict as it became. */
static char *essence(struct desk_place *p)
{
	char *text = desk_dump(p), *end;

	for (char *at = text; *at; at++) {
		if (strncmp(at, " version=", 9) && strncmp(at, " changed=", 9) &&
		    strncmp(at, " tlp=", 5) && strncmp(at, " pap=", 5))
			continue;
		end = at + 1 + strcspn(at + 1, " ");
		memmove(at, end, strlen(end) + 1);
		at--;	/* what follows may be another */
	}
	return text;
}

/* 3 into 2, 2 into 1, and all of it back, in either order. */
static void merges(void **state)
{
	struct desk_place *p = *state;
	u64 a = desk_incident(p, 0, 3), b = desk_incident(p, 10, 2), c = desk_incident(p, 20, 1);
	char *before, *after;
	struct incident *i;

	WELL(p, case_state(p->desk, ANY(b), INCIDENT_TRIAGED, NULL));
	WELL(p, case_label(p->desk, ANY(b), (struct marking){ LABEL_RED, PAP_RED }, NULL));
	for (int order = 0; order < 2; order++) {
		before = essence(p);
		DENIED(p, case_merge(p->desk, ANY(a), a, "x"), -EINVAL, "into itself");
		DENIED(p, case_merge(p->desk, ANY(a), b, ""), -EINVAL, "a reason is missing");
		WELL(p, case_merge(p->desk, ANY(c), b, "the same server"));
		WELL(p, case_merge(p->desk, ANY(b), a, "the same client"));
		i = desk_now_is(p, a);
		assert_int_equal(i->findings, 6);
		assert_int_equal(i->pap, PAP_RED);	/* what 2 was raised to holds here */
		free(i);
		assert_int_equal(state_of(p, b), INCIDENT_MERGED);
		DENIED(p, case_assign(p->desk, ANY(b), "x"), OOPS_RANGE, "goes on in 1");
		DENIED(p, case_merge(p->desk, ANY(a), c, "x"), OOPS_RANGE, "goes on in 2");
		desk_same_when_rebuilt(p);
		WELL(p, case_unmerge(p->desk, ANY(order ? c : b), "they were not"));
		desk_same_when_rebuilt(p);
		WELL(p, case_unmerge(p->desk, ANY(order ? b : c), "they were not"));
		after = essence(p);
		assert_string_equal(before, after);
		free(before);
		free(after);
	}
	DENIED(p, case_unmerge(p->desk, ANY(a), "x"), OOPS_RANGE, "was not merged");
	desk_same_when_rebuilt(p);
}

static void splits(void **state)
{
	struct desk_place *p = *state;
	u64 a = desk_incident(p, 0, 4), b = 0;
	const char *ids[4] = { desk_member(1).id, desk_member(2).id, desk_member(3).id,
		desk_member(0).id };
	struct case_part part = { .ids = ids, .count = 4, .reason = "another campaign" };
	struct incident *i;

	DENIED(p, case_split(p->desk, ANY(a), &part, &b), -EINVAL, "and some stay");
	part.count = 2;
	ids[0] = "zz";
	DENIED(p, case_split(p->desk, ANY(a), &part, &b), OOPS_UNKNOWN, "has no member zz");
	ids[0] = desk_member(1).id;
	WELL(p, case_split(p->desk, ANY(a), &part, &b));
	i = desk_now_is(p, b);
	assert_int_equal(i->number, 2);
	assert_int_equal(i->into, 1);
	assert_int_equal(i->findings, 2);
	assert_string_equal(i->title, "Data channel through DNS: d1.example");
	free(i);
	i = desk_now_is(p, a);
	assert_int_equal(i->findings, 2);
	free(i);
	desk_same_when_rebuilt(p);
	WELL(p, case_merge(p->desk, ANY(b), a, "it was the same after all"));
	i = desk_now_is(p, a);
	assert_int_equal(i->findings, 4);
	free(i);
	desk_same_when_rebuilt(p);
}

static void labels(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 1, 1);	/* TLP:GREEN */
	const struct marking green = { LABEL_GREEN, PAP_GREEN }, red = MARKING_STRICTEST,
		clear = { LABEL_CLEAR, PAP_CLEAR }, amber = { LABEL_AMBER, PAP_GREEN };
	struct marking m = marking_of(p, n);

	assert_memory_equal(&m, &green, sizeof m);
	WELL(p, case_note(p->desk, ANY(n), "no label said", NULL));
	m = marking_of(p, n);
	assert_memory_equal(&m, &green, sizeof m);	/* a note alone raises nothing */
	WELL(p, case_label(p->desk, ANY(n), red, NULL));
	DENIED(p, case_label(p->desk, ANY(n), green, ""), -EINVAL, "only with a reason");
	DENIED(p, case_label(p->desk, ANY(n), clear, "x"), -EPERM, "finding ");
	WELL(p, case_label(p->desk, ANY(n), green, "the source agreed"));
	WELL(p, case_note(p->desk, ANY(n), "what the victim told", &amber));
	m = marking_of(p, n);
	assert_memory_equal(&m, &amber, sizeof m);
	DENIED(p, case_label(p->desk, ANY(n), green, "x"), -EPERM, "note ");
	WELL(p, case_mark(p->desk, ANY(n), MEMBER_FINDING, desk_member(1).id, red));
	m = marking_of(p, n);
	assert_memory_equal(&m, &red, sizeof m);
	DENIED(p, case_mark(p->desk, ANY(n), MEMBER_FINDING, desk_member(1).id, green),
		-EPERM, "only raised");
	WELL(p, case_note(p->desk, ANY(n), "no label said", NULL));
	m = marking_of(p, n);
	assert_memory_equal(&m, &red, sizeof m);
	desk_same_when_rebuilt(p);
}

/* A RED note raises the incident, or is kept apart: then who may not have it sees the incident
 * without it, and nothing of it leaves. */
static void apart(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 1, 1), red_note;	/* TLP:GREEN */
	const struct marking green = { LABEL_GREEN, PAP_GREEN }, red = MARKING_STRICTEST;
	const struct audience who = { "eva", { LABEL_AMBER, PAP_AMBER } };
	const struct store_query notes = { .table = DESK_note };
	const struct gate_wish wish = { .incidents = &n, .incident_count = 1,
		.parts = GATE_ALL };
	struct release *r = NULL;
	struct gate *g = NULL;
	struct marking m;
	u64 seen = 0;

	WELL(p, case_note_apart(p->desk, ANY(n), "the source is Q", red));
	m = marking_of(p, n);
	assert_memory_equal(&m, &green, sizeof m);
	assert_int_equal(gate_open(&g, p->desk, NULL, &who), 0);
	assert_int_equal(gate_total(g, &notes, &seen), 0);
	assert_int_equal(seen, 0);
	assert_int_equal(gate_release(g, &wish, MARKING_STRICTEST, RELEASE_WHOLE, &r), 0);
	assert_true(release_good(r));
	for (size_t i = 0; i < release_count(r); i++)
		assert_int_not_equal(release_item(r, i)->kind, ITEM_NOTE);
	release_free(r);
	gate_close(g);

	WELL(p, case_note(p->desk, ANY(n), "meant for few", &red));
	assert_int_equal(store_last_event(desk_store(p->desk), &red_note, (char[65]){ 0 }), 0);
	m = marking_of(p, n);
	assert_memory_equal(&m, &red, sizeof m);
	DENIED(p, case_label(p->desk, ANY(n), green, "x"), -EPERM, "note ");
	DENIED(p, case_apart(p->desk, ANY(n), red_note, ""), -EINVAL, "a reason");
	DENIED(p, case_apart(p->desk, ANY(n), red_note - 1, "x"), OOPS_CHANGED, "already");
	DENIED(p, case_apart(p->desk, ANY(n), 1, "x"), OOPS_UNKNOWN, "has no note 1");
	WELL(p, case_apart(p->desk, ANY(n), red_note, "only the note is RED"));
	m = marking_of(p, n);
	assert_memory_equal(&m, &red, sizeof m);	/* until somebody lowers it */
	WELL(p, case_label(p->desk, ANY(n), green, "only the note is RED"));
	desk_same_when_rebuilt(p);
	m = marking_of(p, n);
	assert_memory_equal(&m, &green, sizeof m);
}

/* Who is left out when a label rises. */
static void raises(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 1, 1);
	const struct marking green = { LABEL_GREEN, PAP_GREEN }, red = MARKING_STRICTEST;
	const struct contact cert = { .id = "cert", .name = "C", .roles = "cert", .covers = ".",
		.tlp = LABEL_AMBER, .pap = PAP_AMBER };
	const struct contact police = { .id = "police", .name = "P", .roles = "police",
		.covers = ".", .tlp = LABEL_RED, .pap = PAP_RED };
	const struct contact press = { .id = "press", .name = "N", .roles = "host", .covers = "." };
	struct case_raised r;

	WELL(p, contact_set(p->desk, &cert));
	WELL(p, contact_set(p->desk, &police));
	WELL(p, contact_set(p->desk, &press));
	add_user(p->desk, "maria", STANDING_ACTIVE);	/* TLP:CLEAR: never could */
	assert_int_equal(case_raised(p->desk, n, green, red, &r), 0);
	assert_true(r.rose && r.no_mail);
	assert_string_equal(r.contacts, "cert");
	assert_int_equal(r.people_count, 0);
	assert_int_equal(case_raised(p->desk, n, (struct marking){ 0 }, green, &r), 0);
	assert_string_equal(r.contacts, "press");
	assert_string_equal(r.people, "maria");
	assert_false(r.no_mail);
	assert_int_equal(case_raised(p->desk, n, red, green, &r), 0);
	assert_false(r.rose || r.no_mail || r.contact_count || r.people_count);
}

#define HOUR (3600 * STAMP_NS)

/* An incident that has been known since then, with clocks. */
static u64 known(struct desk_place *p, const char *subject, u64 aware, const char *clocks)
{
	const struct incident is = { .title = subject, .family = "tunnel", .aware = aware,
		.subject_kind = SUBJECT_DOMAIN, .subject = subject, .reason = "by hand",
		.clocks = clocks };
	struct deadline list[CLOCK_DEADLINES_MAX];
	struct clocks *c = NULL;
	char why[CLOCK_WHY];
	int n = 0;
	u64 number;

	assert_int_equal(clocks_open(&c, NULL, why), 0);
	if (clocks[0])
		n = clocks_deadlines(c, clocks, aware, list);
	if (n == OOPS_UNKNOWN) {	/* of another house: an hour, once */
		list[0] = (struct deadline){ .name = "theirs", .set = clocks, .by = "",
			.meets = "", .after = "", .started = aware, .due = aware + HOUR };
		n = 1;
	}
	assert_true(n >= 0);
	WELL(p, case_open(p->desk, &(struct case_new){ .incident = &is, .bulk = true,
		.deadlines = list, .deadline_count = (size_t)n }, &number));
	clocks_free(c);
	return number;
}

/* Since when it is known, and when it is due next. */
static void clock_is(struct desk_place *p, u64 number, u64 aware, u64 due)
{
	struct incident *i = desk_now_is(p, number);

	assert_int_equal(i->aware, aware);
	assert_int_equal(i->due, due);
	free(i);
}

/* Who met a deadline, and how, is said in words: "state:mitigated" is for programs. */
static void met_in_words(void **state)
{
	struct desk_place *p = *state;
	const u64 n = known(p, "a.example", p->now, "registrar-ack");
	const struct deadline key = { .incident = n, .name = "mitigation",
		.set = "registrar-ack" };
	void *found = NULL;

	WELL(p, case_state(p->desk, ANY(n), INCIDENT_CONFIRMED, ""));
	WELL(p, case_state(p->desk, ANY(n), INCIDENT_MITIGATED, ""));
	assert_int_equal(desk_find(p->desk, DESK_deadline, &key, &found), 1);
	assert_string_equal(((struct deadline *)found)->by, "ana, with the state mitigated");
	free(found);
}

#define NIS2_FIRST (24 * HOUR)

/* What was known earlier counts, and a split gives it back. */
static void merged_clocks(void **state)
{
	struct desk_place *p = *state;
	const u64 late = p->now - HOUR, early = late - 48 * HOUR;
	u64 a = known(p, "a.example", late, "nis2"), b = known(p, "b.example", early, ""),
	    c = known(p, "c.example", late, ""), d = known(p, "d.example", early, "nis2"),
	    e = known(p, "e.example", late, "a-set-of-others");
	struct buf differs = { 0 };
	struct incident *from = desk_now_is(p, b), *into = desk_now_is(p, a);

	case_differs(&differs, from, into);
	assert_non_null(strstr(buf_str(&differs), "subjects: b.example and a.example"));
	assert_non_null(strstr(buf_str(&differs), "\nknown: "));
	assert_null(strstr(buf_str(&differs), "families"));
	buf_clear(&differs);
	case_differs(&differs, into, into);
	assert_int_equal(differs.len, 0);
	buf_free(&differs);
	free(from);
	free(into);
	WELL(p, case_met_by_hand(p->desk, ANY(a), &(struct case_by_hand){ .name = "early warning",
		.met = true }));
	clock_is(p, a, late, late + 3 * NIS2_FIRST);
	WELL(p, case_merge(p->desk, ANY(b), a, "the same"));
	clock_is(p, a, early, early + 3 * NIS2_FIRST);	/* what was met stays met */
	WELL(p, case_unmerge(p->desk, ANY(b), "it was not"));
	clock_is(p, a, late, late + 3 * NIS2_FIRST);
	/* Where no clock runs, that of the other goes on. */
	WELL(p, case_merge(p->desk, ANY(d), c, "the same"));
	clock_is(p, c, early, early + NIS2_FIRST);
	WELL(p, case_unmerge(p->desk, ANY(d), "it was not"));
	clock_is(p, c, late, 0);
	clock_is(p, d, early, early + NIS2_FIRST);
	/* What somebody has set since is left alone. */
	WELL(p, case_merge(p->desk, ANY(b), a, "the same"));
	WELL(p, case_start(p->desk, ANY(a), &(struct case_start){ NULL, early + HOUR }));
	WELL(p, case_unmerge(p->desk, ANY(b), "it was not"));
	clock_is(p, a, early + HOUR, early + HOUR + 3 * NIS2_FIRST);
	/* A set that this house does not know keeps its deadlines. */
	WELL(p, case_merge(p->desk, ANY(b), e, "the same"));
	clock_is(p, e, early, late + HOUR);
	desk_same_when_rebuilt(p);
}

static void runs(struct desk_place *p, u64 number, const char *sets, u64 deadlines)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS, .number = number };
	const struct store_query q = { .table = DESK_deadline, .conds = &own, .count = 1 };
	struct incident *i = desk_now_is(p, number);
	u64 n = 0;

	assert_string_equal(i->clocks, sets);
	assert_int_equal(store_total(desk_store(p->desk), &q, &n), 0);
	assert_int_equal(n, deadlines);
	free(i);
}

static bool is_met(struct desk_place *p, u64 number, const char *name)
{
	struct deadline *t = NULL;
	bool met;

	assert_int_equal(case_deadline(p->desk, number, name, &t), 0);
	met = t->met != 0;
	free(t);
	return met;
}

#define START(sets) &(struct case_start){ sets, 0 }
#define MEET(name) &(struct case_by_hand){ name, true, false, 0 }

#define UNMEET(name, at) &(struct case_by_hand){ name, false, false, at }

/* A second set runs beside the first; what was met stays so until its set is stopped. */
static void several_sets(void **state)
{
	struct desk_place *p = *state;
	const u64 n = known(p, "a.example", p->now - HOUR, "nis2");

	WELL(p, case_met_by_hand(p->desk, ANY(n), MEET("early warning")));
	WELL(p, case_start(p->desk, ANY(n), START("registrar-ack")));
	runs(p, n, "nis2\nregistrar-ack", 5);
	assert_true(is_met(p, n, "nis2/early warning"));
	DENIED(p, case_start(p->desk, ANY(n), START("nis2")), OOPS_RANGE, "nis2 run already");
	DENIED(p, case_start(p->desk, ANY(n), START("x")), OOPS_RANGE, "there are: nis2, reg");
	DENIED(p, case_start(p->desk, ANY(n), START("none")), OOPS_RANGE, "is stopped by");
	WELL(p, case_start(p->desk, ANY(n), &(struct case_start){ NULL, p->now - 2 * HOUR }));
	runs(p, n, "nis2\nregistrar-ack", 5);
	assert_true(is_met(p, n, "early warning"));
	DENIED(p, case_stop(p->desk, ANY(n), "nis2", ""), -EINVAL, "a reason");
	DENIED(p, case_stop(p->desk, ANY(n), "other", "x"), OOPS_RANGE, "nis2, registrar-ack");
	WELL(p, case_stop(p->desk, ANY(n), "nis2", "not a significant incident"));
	runs(p, n, "registrar-ack", 2);
	WELL(p, case_stop(p->desk, ANY(n), "registrar-ack", "our own name"));
	runs(p, n, "", 0);
	DENIED(p, case_stop(p->desk, ANY(n), "nis2", "x"), OOPS_RANGE, "no clock runs");
	WELL(p, case_start(p->desk, ANY(n), START("nis2, registrar-ack")));
	runs(p, n, "nis2\nregistrar-ack", 5);
	desk_same_when_rebuilt(p);
}

/* Who says that a deadline is met is told when it was met already, and by whom. */
static void met_once(void **state)
{
	struct desk_place *p = *state;
	const u64 n = known(p, "a.example", p->now - HOUR, "nis2");
	struct deadline *t = NULL;
	u64 due, planned;

	assert_int_equal(case_deadline(p->desk, n, "final report", &t), 0);
	planned = t->due;
	free(t);
	WELL(p, case_met_by_hand(p->desk, ANY(n), MEET("notification")));
	WELL(p, case_met_by_hand(p->desk, ANY(n), UNMEET("notification", 0)));
	assert_int_equal(case_deadline(p->desk, n, "final report", &t), 0);
	assert_int_equal(t->due, planned);
	free(t);
	WELL(p, case_met_by_hand(p->desk, ANY(n), MEET("notification")));
	assert_int_equal(case_deadline(p->desk, n, "final report", &t), 0);
	due = t->due;	/* a month from when it was told, and not from when that was due */
	assert_true(t->started <= p->now);
	free(t);
	WELL(p, case_start(p->desk, ANY(n), &(struct case_start){ NULL, p->now - 2 * HOUR }));
	assert_int_equal(case_deadline(p->desk, n, "final report", &t), 0);
	assert_int_equal(t->due, due);
	free(t);
	DENIED(p, case_met_by_hand(p->desk, ANY(n), MEET("notification")), OOPS_CHANGED,
	       "by ana, by hand");
	assert_int_equal(desk_code(p->desk), CODE_MET);
	WELL(p, case_met_by_hand(p->desk, ANY(n), &(struct case_by_hand){ "notification", true,
	     true, 0 }));
	WELL(p, case_met_by_hand(p->desk, ANY(n), UNMEET("notification", 0)));
	DENIED(p, case_met_by_hand(p->desk, ANY(n), UNMEET("notification", 0)), OOPS_CHANGED,
	       "is not met");
	DENIED(p, case_met_by_hand(p->desk, ANY(n), MEET("x")), OOPS_UNKNOWN,
	       "there are: nis2/early warning, nis2/notification, nis2/final report");
	desk_same_when_rebuilt(p);
}

/* Somebody was told by telephone, and writes it down afterwards. */
static void met_then(void **state)
{
	struct desk_place *p = *state;
	const u64 n = known(p, "a.example", p->now - 3 * HOUR, "nis2"), then = p->now - HOUR;
	struct case_by_hand told = { "notification", true, false, p->now + HOUR };
	struct deadline *t = NULL;

	DENIED(p, case_met_by_hand(p->desk, ANY(n), &told), OOPS_RANGE, "in the future");
	told.at = p->now - 4 * HOUR;
	DENIED(p, case_met_by_hand(p->desk, ANY(n), &told), OOPS_RANGE, "is known since");
	DENIED(p, case_met_by_hand(p->desk, ANY(n), UNMEET("notification", then)), OOPS_RANGE,
	       "has no time");
	told.at = then;
	WELL(p, case_met_by_hand(p->desk, ANY(n), &told));
	assert_int_equal(case_deadline(p->desk, n, "notification", &t), 0);
	assert_int_equal(t->met, then);
	assert_string_equal(t->by, "ana, by hand");
	free(t);
	assert_int_equal(case_deadline(p->desk, n, "final report", &t), 0);
	assert_int_equal(t->started, then);	/* what counts from it counts from then */
	free(t);
	desk_same_when_rebuilt(p);
}

/* An event of the time when one set ran takes the place of all clocks. */
static void old_clock(struct desk_place *p, u64 number, const char *set, const char *name)
{
	char about[40];

	snprintf(about, sizeof about, "incident:%llu", (unsigned long long)number);
	WELL(p, desk_say(p->desk, "incident.clock", about, json_pack("{s:s, s:s, s:[{s:s, s:s, "
		"s:s, s:s}]}", "clocks", set, "aware", "2026-01-01T00:00:00Z", "deadlines", "name",
		name, "set", set, "started", "2026-01-01T00:00:00Z", "due",
		"2026-01-02T00:00:00Z"), NULL));
}

static void old_clocks(void **state)
{
	struct desk_place *p = *state;
	const u64 n = known(p, "a.example", p->now - HOUR, "nis2");
	char about[40];

	snprintf(about, sizeof about, "incident:%llu", (unsigned long long)n);
	WELL(p, desk_say(p->desk, "incident.met", about, json_pack("{s:s, s:s, s:s}", "name",
		"early warning", "met", "2026-01-01T05:00:00Z", "by", "ana"), NULL));
	old_clock(p, n, "ours", "early warning");
	runs(p, n, "ours", 1);
	assert_true(is_met(p, n, "early warning"));
	old_clock(p, n, "ours", "another");
	runs(p, n, "ours", 1);
	assert_false(is_met(p, n, "another"));
	desk_same_when_rebuilt(p);
}

/* Both sets run on in one, with what was met in either; a split gives each its own back. */
static void merged_sets(void **state)
{
	struct desk_place *p = *state;
	const u64 a = known(p, "a.example", p->now - HOUR, "nis2"),
		b = known(p, "b.example", p->now - HOUR / 2, "registrar-ack"),
		c = known(p, "c.example", p->now - HOUR, "nis2");

	WELL(p, case_met_by_hand(p->desk, ANY(b), MEET("acknowledgement")));
	WELL(p, case_met_by_hand(p->desk, ANY(c), MEET("early warning")));
	WELL(p, case_merge(p->desk, ANY(b), a, "the same"));
	runs(p, a, "nis2\nregistrar-ack", 5);
	assert_true(is_met(p, a, "acknowledgement"));
	WELL(p, case_merge(p->desk, ANY(c), a, "the same"));
	assert_true(is_met(p, a, "early warning"));
	WELL(p, case_met_by_hand(p->desk, ANY(a), MEET("notification")));
	WELL(p, case_unmerge(p->desk, ANY(c), "it was not"));
	assert_false(is_met(p, a, "early warning"));
	assert_true(is_met(p, a, "notification"));
	WELL(p, case_unmerge(p->desk, ANY(b), "it was not"));
	runs(p, a, "nis2", 3);
	runs(p, b, "registrar-ack", 2);
	desk_same_when_rebuilt(p);
}

static void tasks(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 1, 1), count = 0;
	const struct task two[] = {
		{ .title = "ask", .actor = "registrar", .ask = "suspend", .needs = "a capture" },
		{ .title = "look", .actor = "us", .ask = "", .needs = "" },
	};

	WELL(p, task_add(p->desk, n, two, 2));
	WELL(p, task_add(p->desk, n, two, 1));
	assert_int_equal(task_count(p->desk, n, &count), 0);
	assert_int_equal(count, 3);
	WELL(p, task_set(p->desk, n, 3, TASK_DONE, NULL));
	DENIED(p, task_set(p->desk, n, 2, TASK_DROPPED, NULL), -EINVAL, "a reason");
	WELL(p, task_set(p->desk, n, 2, TASK_DROPPED, "nobody asked"));
	WELL(p, task_set(p->desk, n, 3, TASK_OPEN, NULL));
	DENIED(p, task_set(p->desk, n, 4, TASK_DONE, NULL), OOPS_UNKNOWN, "no task 4");
	desk_same_when_rebuilt(p);
}

static void mutes(void **state)
{
	struct desk_place *p = *state;
	struct mute m = { .rule = "tunnel", .subject = "CDN.example", .reason = "our own",
		.expires = p->now + 3600 * STAMP_NS };
	struct mutes *all = NULL;
	u64 number = 0;

	WELL(p, mute_add(p->desk, &m, &number));
	assert_int_equal(mutes_open(p->desk, p->now, &all), 0);
	assert_non_null(mutes_find(all, "tunnel.data", "a.b.cdn.example"));
	assert_non_null(mutes_find(all, "tunnel", "cdn.example"));
	assert_string_equal(mutes_find(all, "tunnel.data", "cdn.example")->owner, "ana");
	assert_null(mutes_find(all, "tunnels", "cdn.example"));
	assert_null(mutes_find(all, "dga.client", "cdn.example"));
	assert_null(mutes_find(all, "tunnel.data", "xcdn.example"));
	assert_null(mutes_find(all, "tunnel.data", "example"));
	mutes_free(all);
	assert_int_equal(mutes_open(p->desk, m.expires, &all), 0);
	assert_null(mutes_find(all, "tunnel.data", "cdn.example"));
	mutes_free(all);
	m.expires = p->now + 400 * 86400 * STAMP_NS;
	DENIED(p, mute_add(p->desk, &m, &number), OOPS_RANGE, "within a year");
	m.expires = p->now;
	DENIED(p, mute_add(p->desk, &m, &number), OOPS_RANGE, "a mute ends");
	m = (struct mute){ .reason = "x", .expires = p->now + 3600 * STAMP_NS };
	DENIED(p, mute_add(p->desk, &m, &number), -EINVAL, "nobody turns everything off");
	WELL(p, mute_lift(p->desk, number, "over"));
	DENIED(p, mute_lift(p->desk, number, "over"), OOPS_RANGE, "lifted already");
	assert_int_equal(mutes_open(p->desk, p->now, &all), 0);
	assert_null(mutes_find(all, "tunnel.data", "cdn.example"));
	mutes_free(all);
	desk_same_when_rebuilt(p);
}

/* One operation of a random kind at random incidents; whether it is refused does not
 * matter, only that a refused one leaves nothing. */
static int anything(struct desk_place *p, u64 *dice, u64 all)
{
	const struct case_ref r = ANY(1 + draw_below(dice, all));
	const struct marking m = { (u8)draw_below(dice, LABEL_COUNT),
		(u8)draw_below(dice, PAP_COUNT) };
	struct member one = desk_member((unsigned)draw_below(dice, 60));
	const char *id = one.id;
	const struct task task = { .title = "t", .actor = "a", .ask = "", .needs = "" };
	const struct case_part part = { .ids = &id, .count = 1, .reason = "r" };
	u64 other = 1 + draw_below(dice, all), number;

	switch (draw_below(dice, 12)) {
	case 0: return case_add(p->desk, r, &one, 1, false);
	case 1: return case_remove(p->desk, r, MEMBER_FINDING, id, "r");
	case 2: return case_merge(p->desk, r, other, "r");
	case 3: return case_unmerge(p->desk, r, "r");
	case 4: return case_split(p->desk, r, &part, &number);
	case 5: return case_assign(p->desk, r, "somebody");
	case 6: return draw_below(dice, 2) ? case_note(p->desk, r, "text", &m)
		: case_note_apart(p->desk, r, "text", m);
	case 7: return case_label(p->desk, r, m, "r");
	case 8: return case_mark(p->desk, r, MEMBER_FINDING, id, m);
	case 9: return task_add(p->desk, r.number, &task, 1);
	case 10: return task_set(p->desk, r.number, 1, TASK_DONE, NULL);
	default: return case_state(p->desk, r, (enum incident_state)draw_below(dice,
			INCIDENT_STATE_COUNT), "r");
	}
}

static void random_operations(void **state)
{
	struct desk_place *p = *state;
	u64 dice = 20260701, done = 0;

	for (unsigned i = 0; i < 5; i++)
		desk_incident(p, i * 10, 5);
	for (unsigned i = 0; i < 600; i++) {
		u64 all = 0;
		const struct store_query q = { .table = DESK_incident };

		assert_int_equal(store_total(desk_store(p->desk), &q, &all), 0);
		assert_int_equal(desk_begin(p->desk), 0);
		if (desk_end(p->desk, anything(p, &dice, all)) == 0)
			done++;
		if (i % 50 == 49)
			desk_same_when_rebuilt(p);
	}
	assert_true(done > 150);
	print_message("%llu of 600 operations were allowed\n", (unsigned long long)done);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
	const struct CMUnitTest tests[] = {
		T(states), T(conflict), T(owners),
		T(members), T(apart), T(raises), T(merges), T(splits), T(labels), T(tasks),
		T(met_in_words), T(merged_clocks), T(several_sets), T(met_once), T(met_then),
		T(old_clocks), T(merged_sets),
		T(mutes), T(random_operations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
