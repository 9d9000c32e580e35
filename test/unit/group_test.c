/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_test.c - which findings become one incident, whatever the order they came in; and
 * what people did to incidents stays done. */
#include "desk_place.h"
#include "draw.h"
#include "model/finding.h"
#include "respond/group.h"
#include "respond/mute.h"
#include "base/stamp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

#define DAY (86400 * STAMP_NS)
#define START (1780000000 * STAMP_NS)

struct given { const char *subject, *role, *name; unsigned day; };

static void make(struct finding *f, const struct given *g)
{
	*f = (struct finding){ .rule_version = 1, .severity = SEVERITY_HIGH, .confidence = 80,
			       .from = START + g->day * DAY, .until = START + g->day * DAY +
			       60 * STAMP_NS };
	snprintf(f->rule, sizeof f->rule, "tunnel.data");
	snprintf(f->subject_kind, sizeof f->subject_kind,
		 subject_kind_of(g->subject) == SUBJECT_ADDRESS ? "client" : "domain");
	snprintf(f->subject, sizeof f->subject, "%s", g->subject);
	snprintf(f->label, sizeof f->label, "TLP:GREEN");
	if (g->role) {
		struct related r = { .amount = 1 };

		snprintf(r.role, sizeof r.role, "%s", g->role);
		snprintf(r.name, sizeof r.name, "%s", g->name);
		finding_related(f, &r);
	}
	finding_identify(f);
}

static void put(struct desk_place *p, const struct given *g, size_t n)
{
	struct store *s = place_open(p->place, STORE_WRITE);
	struct finding *f = malloc(sizeof *f);

	place_begin(s);
	for (size_t i = 0; i < n; i++) {
		make(f, &g[i]);
		assert_true(store_add_finding(s, f) >= 0);
	}
	assert_int_equal(store_commit(s), 0);
	store_close(s);
	free(f);
}

static void hub(void *to, const struct group_hub *h)
{
	assert_string_equal(h->role, "client");
	snprintf(to, 64, "%s", h->name);
}

static struct group_report group(struct desk_place *p, char not_used[64])
{
	const struct group_conf conf = { .gap = 7 * DAY, .hub = 4, .tell = hub,
		.to = not_used };
	struct group_report r;

	not_used[0] = 0;
	WELL(p, group_findings(p->desk, &conf, &r));
	desk_same_when_rebuilt(p);
	return r;
}

static const char *id_of(const struct given *g)
{
	static char id[FINDING_ID_MAX];
	struct finding *f = malloc(sizeof *f);

	make(f, g);
	memcpy(id, f->id, sizeof id);
	free(f);
	return id;
}

static u64 home(struct desk_place *p, const struct given *g)
{
	u64 number;

	assert_int_equal(case_of(p->desk, MEMBER_FINDING, id_of(g), &number), 0);
	return number;
}

/* 0-2 one domain; 3 the same, much later; 4 and 5 share a client with 6, which is that
 * client; 7 alone; 8-12 share a resolver, which ties too many. */
static const struct given all[] = {
	{ "a.one.example", NULL, NULL, 1 }, { "one.example", NULL, NULL, 7 },
	{ "b.c.One.example", NULL, NULL, 13 }, { "one.example", NULL, NULL, 40 },
	{ "two.example", "client", "192.0.2.9", 3 }, { "three.example", "client", "192.0.2.9", 5 },
	{ "192.0.2.9", NULL, NULL, 6 }, { "alone.example", "domain", "one.example", 2 },
	{ "r1.example", "client", "192.0.2.53", 2 }, { "r2.example", "client", "192.0.2.53", 2 },
	{ "r3.example", "client", "192.0.2.53", 2 }, { "r4.example", "client", "192.0.2.53", 2 },
	{ "r5.example", "client", "192.0.2.53", 2 },
};

static void ties(void **state)
{
	struct desk_place *p = *state;
	char not_used[64];
	struct group_report r;
	struct incident *i;
	struct member *m = NULL;

	put(p, all, COUNT(all));
	r = group(p, not_used);
	assert_int_equal(r.findings, 13);
	assert_int_equal(r.opened, 9);
	assert_int_equal(r.hubs, 1);
	assert_string_equal(not_used, "192.0.2.53");
	assert_int_equal(home(p, &all[0]), 1);
	assert_int_equal(home(p, &all[1]), 1);
	assert_int_equal(home(p, &all[2]), 1);
	assert_int_not_equal(home(p, &all[3]), 1);
	assert_int_equal(home(p, &all[4]), home(p, &all[5]));
	assert_int_equal(home(p, &all[4]), home(p, &all[6]));
	assert_int_not_equal(home(p, &all[7]), 1);
	assert_int_not_equal(home(p, &all[8]), home(p, &all[9]));
	i = desk_now_is(p, home(p, &all[4]));
	assert_string_equal(i->reason, "3 subjects that share 192.0.2.9");
	assert_string_equal(i->family, "tunnel");
	assert_string_equal(i->title, "Data channel through DNS: three.example and 2 more");
	free(i);
	assert_int_equal(case_member(p->desk, 1, id_of(&all[1]), &m), 0);
	assert_string_equal(m->reason, "about one.example, no more than 7 d apart");
	free(m);
	r = group(p, not_used);
	assert_int_equal(r.findings, 0);
}

/* What is about one subject shares nothing with others, whatever party is in all of it. */
static void one_subject(void **state)
{
	static const struct given two[] = { { "solo.example", "client", "192.0.2.77", 3 },
		{ "solo.example", "client", "192.0.2.77", 4 } };
	struct desk_place *p = *state;
	struct incident *i;
	char not_used[64];

	put(p, two, COUNT(two));
	group(p, not_used);
	i = desk_now_is(p, home(p, &two[0]));
	assert_int_equal(i->findings, 2);
	assert_string_equal(i->reason, "all about one subject");
	free(i);
}

/* The same findings in any order of arrival: the same rows. */
static void any_order(void **state)
{
	struct desk_place *p = *state;
	struct given mixed[COUNT(all)];
	char not_used[64], *first = NULL, *now;
	u64 dice = 7, start = p->now;

	memcpy(mixed, all, sizeof all);
	for (int round = 0; round < 4; round++) {
		put(p, mixed, COUNT(mixed));
		p->now = start;
		group(p, not_used);
		now = desk_dump(p);
		if (first)
			assert_string_equal(first, now);
		else
			first = strdup(now);
		free(now);
		draw_order(&dice, mixed, COUNT(mixed), sizeof mixed[0]);
		p->desk = desk_close(p->desk);
		unlink(p->place->path);
		desk_place_as(p, "ana");
	}
	free(first);
}

/* An incident is called after what is told of most, then by the name: not after what came first. */
static void same_title(void **state)
{
	struct desk_place *p = *state;
	struct given mixed[] = { { "late.example", "client", "192.0.2.9", 1 },
		{ "often.example", "client", "192.0.2.9", 1 },
		{ "early.example", "client", "192.0.2.9", 1 },
		{ "often.example", "client", "192.0.2.9", 1 } };
	char not_used[64];
	u64 dice = 7;

	for (int round = 0; round < 8; round++) {
		const bool even = round % 2;	/* then all are told of as often */
		struct incident *i;

		for (unsigned at = 0; at < COUNT(mixed); at++)
			mixed[at].day = at;
		put(p, mixed, COUNT(mixed));
		if (even)
			for (unsigned at = 0; at < COUNT(mixed); at++) {
				struct given more = mixed[at];

				more.day = 4 + at;
				if (strcmp(more.subject, "often.example"))
					put(p, &more, 1);
			}
		group(p, not_used);
		i = desk_now_is(p, 1);
		assert_string_equal(i->title, even
			? "Data channel through DNS: early.example and 2 more"
			: "Data channel through DNS: often.example and 2 more");
		free(i);
		draw_order(&dice, mixed, COUNT(mixed), sizeof mixed[0]);
		p->desk = desk_close(p->desk);
		unlink(p->place->path);
		desk_place_as(p, "ana");
	}
}

static void again(void **state)
{
	struct desk_place *p = *state;
	const struct given more[] = { { "one.example", NULL, NULL, 15 },
		{ "one.example", NULL, NULL, 18 }, { "two.example", NULL, NULL, 8 },
		{ "muted.example", NULL, NULL, 8 } };
	const struct mute m = { .rule = "tunnel", .subject = "muted.example", .reason = "ours",
		.expires = p->now + 10 * DAY };
	struct group_report r;
	struct incident *i;
	char not_used[64];
	u64 two, number;

	put(p, all, 5);		/* 1: one.example; 2: two.example; 3: one.example later */
	group(p, not_used);
	two = home(p, &all[4]);
	WELL(p, mute_add(p->desk, &m, &number));
	put(p, more, 1);
	r = group(p, not_used);
	assert_int_equal(r.joined, 1);
	assert_int_equal(home(p, &more[0]), 1);
	WELL(p, case_remove(p->desk, (struct case_ref){ 1, 0 }, MEMBER_FINDING,
			    id_of(&more[0]), "another thing"));
	WELL(p, case_state(p->desk, (struct case_ref){ 1, 0 }, INCIDENT_CLOSED, "gone"));
	put(p, more + 1, 3);
	r = group(p, not_used);
	assert_int_equal(r.taken_out, 1);
	assert_int_equal(r.muted, 1);
	assert_int_equal(r.joined, 1);
	assert_int_equal(r.opened, 1);
	assert_int_equal(r.came_back, 1);
	assert_int_equal(home(p, &more[2]), two);
	i = desk_now_is(p, home(p, &more[1]));
	assert_int_equal(i->before, 1);
	free(i);
	p->now += 11 * DAY;	/* the mute has ended */
	r = group(p, not_used);
	assert_int_equal(r.muted, 0);
	assert_int_equal(r.opened, 1);
	assert_int_not_equal(home(p, &more[3]), 0);
}

/* What people split stays split, and what fits both says so. */
static void kept_apart(void **state)
{
	struct desk_place *p = *state;
	const struct given three[] = { { "x.example", NULL, NULL, 1 },
		{ "x.example", NULL, NULL, 2 }, { "x.example", NULL, NULL, 3 } };
	struct group_report r;
	struct member *m = NULL;
	char not_used[64], id[FINDING_ID_MAX];
	const char *ids = id;
	u64 other = 0;

	put(p, three, 2);
	group(p, not_used);
	snprintf(id, sizeof id, "%s", id_of(&three[1]));
	WELL(p, case_split(p->desk, (struct case_ref){ 1, 0 }, &(struct case_part){ &ids, 1,
			   NULL, "two people" }, &other));
	group(p, not_used);
	assert_int_equal(home(p, &three[0]), 1);
	assert_int_equal(home(p, &three[1]), other);
	put(p, three + 2, 1);
	r = group(p, not_used);
	assert_int_equal(r.bridged, 1);
	assert_int_equal(home(p, &three[2]), 1);
	assert_int_equal(case_member(p->desk, 1, id_of(&three[2]), &m), 0);
	assert_non_null(strstr(m->reason, "incident 2 would fit as well"));
	free(m);
}

/* ---- in slices ---- */

struct others {
	struct desk_place *p;
	unsigned rests, at;	/* at: the rest in which they do something */
	void (*act)(struct desk_place *p);
};

static bool always(void *to)
{
	(void)to;
	return true;
}

static void rest(void *to)
{
	struct others *o = to;

	if (++o->rests == o->at)
		o->act(o->p);
}

static struct group_report group_while(struct desk_place *p, struct others *o)
{
	const struct group_conf conf = { .gap = 7 * DAY, .hub = 4, .due = always, .rest = rest,
		.to = o };
	struct group_report r;

	o->p = p;
	if (group_slices(p->desk, &conf, &r))
		fail_msg("%s", desk_error(p->desk));
	desk_same_when_rebuilt(p);
	return r;
}

/* The same incidents as in one change. */
static void in_slices(void **state)
{
	struct desk_place *p = *state;
	struct others nobody = { 0 };
	struct group_report r;
	char not_used[64];

	put(p, all, COUNT(all));
	r = group_while(p, &nobody);
	assert_int_equal(r.opened, 9);
	assert_int_equal(r.left, 0);
	assert_int_equal(nobody.rests, 9);
	assert_int_equal(home(p, &all[0]), 1);
	assert_int_equal(home(p, &all[2]), 1);
	assert_int_equal(home(p, &all[4]), home(p, &all[6]));
	r = group(p, not_used);
	assert_int_equal(r.findings, 0);
}

/* A few at a time, until none is left: the same again. */
static void a_few_at_a_time(void **state)
{
	const struct group_conf conf = { .gap = 7 * DAY, .hub = 4, .most = 4 };
	struct desk_place *p = *state;
	u64 opened = 0, times = 0, left = 13;
	struct group_report r;

	put(p, all, COUNT(all));
	while (left) {
		WELL(p, group_findings(p->desk, &conf, &r));
		assert_true(r.opened > 0 && r.left < left);
		opened += r.opened;
		left = r.left;
		times++;
	}
	assert_int_equal(opened, 9);
	assert_in_range(times, 2, 4);
	assert_int_equal(home(p, &all[0]), 1);
	assert_int_equal(home(p, &all[4]), home(p, &all[6]));
	desk_same_when_rebuilt(p);
}

/* Somebody takes the last but one into an incident of their own. */
static void take_one(struct desk_place *p)
{
	const struct incident is = { .title = "mine", .owner = "eva" };
	struct finding *f = malloc(sizeof *f);
	struct member m;
	const struct case_new c = { .incident = &is, .members = &m, .member_count = 1 };
	u64 number;

	make(f, &all[11]);
	member_of_finding(&m, f);
	WELL(p, case_open(p->desk, &c, &number));
	free(f);
}

static void others_take_one(void **state)
{
	struct desk_place *p = *state;
	struct others o = { .at = 3, .act = take_one };
	struct group_report r;
	struct incident *i;

	put(p, all, COUNT(all));
	r = group_while(p, &o);
	assert_int_equal(r.opened, 8);
	assert_int_equal(r.left, 0);
	i = desk_now_is(p, home(p, &all[11]));
	assert_string_equal(i->title, "mine");
	assert_int_equal(i->findings, 1);
	free(i);
	for (size_t k = 0; k < COUNT(all); k++)
		assert_int_not_equal(home(p, &all[k]), 0);
}

static void end_first(struct desk_place *p)
{
	const struct case_ref one = { 1, 0 };

	WELL(p, case_state(p->desk, one, INCIDENT_FALSE_ALARM, "a test"));
}

/* An incident ends while findings are to join it: they become one that goes on with it. */
static void others_end_one(void **state)
{
	struct desk_place *p = *state;
	const struct given more[] = { { "zero.example", NULL, NULL, 1 },
		{ "one.example", NULL, NULL, 12 } };
	struct others o = { .at = 1, .act = end_first };
	char not_used[64];
	struct incident *i;
	struct group_report r;

	put(p, all, 2);
	group(p, not_used);
	put(p, more, 2);
	r = group_while(p, &o);
	assert_int_equal(r.joined, 0);
	assert_int_equal(r.opened, 2);
	assert_int_equal(r.left, 0);
	i = desk_now_is(p, home(p, &more[1]));
	assert_int_equal(i->before, 1);
	free(i);
}

/* More findings about one thing than one change holds. */
static void large(void **state)
{
	enum { MANY = 4500 };
	struct given *g = calloc(MANY, sizeof *g);
	struct desk_place *p = *state;
	struct others nobody = { 0 };
	char (*names)[40] = calloc(MANY, sizeof *names);
	struct incident *i;

	for (unsigned n = 0; n < MANY; n++) {
		snprintf(names[n], sizeof names[n], "h%u.large.example", n);
		g[n] = (struct given){ names[n], NULL, NULL, 1 };
	}
	put(p, g, MANY);
	group_while(p, &nobody);
	i = desk_now_is(p, 1);
	assert_int_equal(i->findings, MANY);
	assert_int_equal(nobody.rests, 1 + 2);
	free(i);
	free(names);
	free(g);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
	const struct CMUnitTest tests[] = { T(ties), T(one_subject),
		T(any_order), T(same_title), T(again), T(kept_apart),
		T(in_slices), T(a_few_at_a_time), T(others_take_one), T(others_end_one), T(large) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
