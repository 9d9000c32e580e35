/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_audit_test.c - findings of audits become incidents by cause, a lasting fault is the
 * same fault however often it is found, and the order in which they came changes nothing. */
#include "desk_place.h"
#include "draw.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "dns/name.h"
#include "model/digest.h"
#include "model/evidence.h"
#include "model/finding.h"
#include "respond/group.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

#define DAY (86400 * STAMP_NS)
#define START (1780000000 * STAMP_NS)
#define PREFIX "delegation.one-prefix"

/* servers: of the NS set that the finding shows, blanks between; NULL = none. */
struct given {
	const char *rule, *kind, *subject, *servers;
	enum severity severity;
	unsigned day;
};

static void put_name(struct buf *out, const char *text)
{
	u8 wire[NAME_WIRE_MAX];
	int n = name_parse(text, wire);

	assert_true(n > 0);
	buf_add(out, wire, (size_t)n);
}

/* The NS set as an audit shows it: a response. */
static void put_message(struct buf *out, const struct given *g)
{
	char list[400], *at = list, *server;
	u16 count = 0;

	snprintf(list, sizeof list, "%s", g->servers);
	for (const char *p = list; p; p = strchr(p + 1, ' '))
		count++;
	buf_u16(out, 0);
	buf_u16(out, 0x8400);
	buf_u16(out, 1);
	buf_u16(out, count);
	buf_u32(out, 0);
	put_name(out, g->subject);
	buf_u16(out, 2);
	buf_u16(out, 1);
	while ((server = strtok_r(at, " ", &at))) {
		struct buf rdata = { 0 };

		put_name(&rdata, server);
		put_name(out, g->subject);
		buf_u16(out, 2);
		buf_u16(out, 1);
		buf_u32(out, 3600);
		buf_u16(out, (u16)rdata.len);
		buf_add(out, rdata.at, rdata.len);
		buf_free(&rdata);
	}
}

static void make(struct finding *f, const struct given *g)
{
	*f = (struct finding){ .rule_version = 1, .severity = g->severity, .confidence = 100,
		.from = START + g->day * DAY, .until = START + g->day * DAY + STAMP_NS };
	snprintf(f->rule, sizeof f->rule, "%s", g->rule);
	snprintf(f->subject_kind, sizeof f->subject_kind, "%s", g->kind);
	snprintf(f->subject, sizeof f->subject, "%s", g->subject);
	snprintf(f->zone, sizeof f->zone, "gal");
	snprintf(f->label, sizeof f->label, "TLP:AMBER");
	finding_identify(f);
}

static void show(struct store *s, struct finding *f, const struct given *g)
{
	struct buf message = { 0 }, item = { 0 };
	struct evidence e = { .time_ns = f->from, .transport = 1 };

	put_message(&message, g);
	e.octets = (const u8 *)buf_str(&message);
	e.len = e.full_len = (u32)message.len;
	evidence_pack(&item, &e);
	evidence_identify(&e);
	assert_int_equal(store_add_evidence(s, (const u8 *)item.at, item.len), 0);
	memcpy(f->evidence[f->evidence_count++], e.id, 32);
	buf_free(&message);
	buf_free(&item);
}

static void put(struct desk_place *p, const struct given *g, size_t n)
{
	struct store *s = place_open(p->place, STORE_WRITE);
	struct finding *f = malloc(sizeof *f);

	place_begin(s);
	for (size_t i = 0; i < n; i++) {
		make(f, &g[i]);
		if (g[i].servers)
			show(s, f, &g[i]);
		assert_true(store_add_finding(s, f) >= 0);
	}
	assert_int_equal(store_commit(s), 0);
	store_close(s);
	free(f);
}

static struct group_report group(struct desk_place *p)
{
	const struct group_conf conf = { .gap = 7 * DAY, .hub = 4,
		.severity = GROUP_SEVERITY_DEFAULT };
	struct group_report r;

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

/* 0-6 rest on one operator, more than `hub`; 7 is that operator's own server; 8 rests on its
 * own; 9 the same, but nobody can find it; 10, 11 on two operators; 12 slight and its own. */
#define TWO "ns1.cheap.gal ns2.cheap.gal"
static const struct given all[] = {
	{ PREFIX, "delegation", "c1.gal", TWO, SEVERITY_LOW, 1 },
	{ PREFIX, "delegation", "c2.gal", TWO, SEVERITY_LOW, 1 },
	{ PREFIX, "delegation", "c3.gal", TWO, SEVERITY_LOW, 1 },
	{ PREFIX, "delegation", "c4.gal", TWO, SEVERITY_LOW, 1 },
	{ PREFIX, "delegation", "c5.gal", TWO, SEVERITY_LOW, 1 },
	{ PREFIX, "delegation", "c6.gal", "ns3.CHEAP.gal", SEVERITY_LOW, 1 },
	{ "delegation.few-servers", "delegation", "c1.gal", "ns1.cheap.gal", SEVERITY_LOW, 1 },
	{ "delegation.unroutable-address", "server", "ns1.cheap.gal", NULL, SEVERITY_MEDIUM, 1 },
	{ "delegation.few-servers", "delegation", "own.gal", "ns.own.gal", SEVERITY_LOW, 1 },
	{ "delegation.no-glue", "delegation", "lost.gal", "ns.lost.gal", SEVERITY_HIGH, 1 },
	{ PREFIX, "delegation", "x.gal", "ns.b.example ns.a.example", SEVERITY_LOW, 1 },
	{ PREFIX, "delegation", "y.gal", "ns2.a.example ns2.b.example", SEVERITY_LOW, 1 },
	{ "delegation.few-servers", "delegation", "own2.gal", "ns.own2.gal", SEVERITY_LOW, 1 },
	{ "sharing.heavy", "operator", "cheap.gal", NULL, SEVERITY_MEDIUM, 1 },
	{ "sharing.spread", "level", "host", NULL, SEVERITY_INFO, 1 },
	{ "dnssec.signature-expired", "name", "c1.gal", NULL, SEVERITY_HIGH, 1 },
	{ "dnssec.signature-expired", "rrset", "gal SOA", NULL, SEVERITY_HIGH, 1 },
};
#define GROUPED (COUNT(all) - 1)	/* but for the info */

static void is_called(struct desk_place *p, const struct given *g, const char *title,
		      const char *reason)
{
	struct incident *i = desk_now_is(p, home(p, g));

	assert_string_equal(i->title, title);
	assert_string_equal(i->reason, reason);
	free(i);
}

static void causes(void **state)
{
	struct desk_place *p = *state;
	struct group_report r;

	put(p, all, COUNT(all));
	r = group(p);
	assert_int_equal(r.findings, COUNT(all));
	assert_int_equal(r.slight, 1);
	assert_int_equal(r.opened, 6);
	assert_int_equal(r.hubs, 0);
	for (size_t i = 1; i < 8; i++)
		assert_int_equal(home(p, &all[i]), home(p, &all[0]));
	assert_int_equal(home(p, &all[12]), home(p, &all[8]));
	assert_int_equal(home(p, &all[11]), home(p, &all[10]));
	assert_int_equal(home(p, &all[16]), home(p, &all[15]));
	is_called(p, &all[0], "Server address that cannot be reached: cheap.gal",
		  "6 names that rest on the servers of cheap.gal");
	is_called(p, &all[8], "Too few servers: 2 names of gal",
		  "the same fault of 2 names in gal, each of its own making");
	is_called(p, &all[9], "Glue missing: lost.gal", "all about one subject");
	is_called(p, &all[10], "All servers are in one network: 2 names of a.example, b.example",
		  "2 names that rest on the servers of a.example, b.example");
	is_called(p, &all[13], "One failure takes down much of the zone: gal",
		  "measures of the whole zone gal");
	is_called(p, &all[15], "Expired signature: gal", "faults of the zone gal itself");
}

static void why(void **state)
{
	struct desk_place *p = *state;
	struct member *m = NULL;

	put(p, all, COUNT(all));
	group(p);
	assert_int_equal(case_member(p->desk, home(p, &all[1]), id_of(&all[1]), &m), 0);
	assert_string_equal(m->reason, "rests on the servers of cheap.gal");
	free(m);
	assert_int_equal(case_member(p->desk, home(p, &all[7]), id_of(&all[7]), &m), 0);
	assert_string_equal(m->reason, "a fault of cheap.gal itself");
	free(m);
}

/* Half a year later the same is found: nothing is opened, and all goes where it was. */
static void seen_again(void **state)
{
	struct desk_place *p = *state;
	struct given later[COUNT(all)];
	struct group_report r;
	struct member *m = NULL;

	memcpy(later, all, sizeof all);
	put(p, all, COUNT(all));
	group(p);
	for (size_t i = 0; i < COUNT(all); i++)
		later[i].day = 180;
	put(p, later, COUNT(all));
	r = group(p);
	assert_int_equal(r.opened, 0);
	assert_int_equal(r.joined, GROUPED);
	assert_int_equal(r.again, GROUPED);
	for (size_t i = 0; i < COUNT(all); i++)
		assert_int_equal(home(p, &later[i]), home(p, &all[i]));
	assert_int_equal(case_member(p->desk, home(p, &later[1]), id_of(&later[1]), &m), 0);
	assert_string_equal(m->reason, "the same fault, seen again; rests on the servers of "
			    "cheap.gal");
	free(m);
}

/* What people moved stays where they moved it, at the next audit as well; what comes back
 * after its incident ended goes on with that, and what is new at the cause joins. */
static void as_people_left_it(void **state)
{
	struct desk_place *p = *state;
	const struct given next[] = {
		{ PREFIX, "delegation", "c1.gal", TWO, SEVERITY_LOW, 30 },
		{ PREFIX, "delegation", "c2.gal", TWO, SEVERITY_LOW, 30 },
		{ PREFIX, "delegation", "c7.gal", TWO, SEVERITY_LOW, 30 },
		{ "delegation.no-glue", "delegation", "lost.gal", "ns.lost.gal",
		  SEVERITY_HIGH, 30 } };
	char id[FINDING_ID_MAX];
	const char *ids = id;
	struct group_report r;
	struct incident *i;
	u64 first, other = 0, lost;

	put(p, all, COUNT(all));
	group(p);
	first = home(p, &all[0]);
	lost = home(p, &all[9]);
	snprintf(id, sizeof id, "%s", id_of(&all[1]));
	WELL(p, case_split(p->desk, (struct case_ref){ first, 0 }, &(struct case_part){ &ids, 1,
			   NULL, "they were told" }, &other));
	WELL(p, case_state(p->desk, (struct case_ref){ lost, 0 }, INCIDENT_CLOSED, "mended"));
	put(p, next, COUNT(next));
	r = group(p);
	assert_int_equal(r.again, 2);
	assert_int_equal(r.came_back, 1);
	assert_int_equal(home(p, &next[0]), first);
	assert_int_equal(home(p, &next[1]), other);
	assert_int_equal(home(p, &next[2]), first);
	i = desk_now_is(p, home(p, &next[3]));
	assert_int_equal(i->before, lost);
	free(i);
}

/* Whoever takes a fault out need not do it again after the next audit. */
static void taken_out(void **state)
{
	struct desk_place *p = *state;
	struct given later = all[9];
	struct group_report r;

	put(p, all, COUNT(all));
	group(p);
	WELL(p, case_remove(p->desk, (struct case_ref){ home(p, &all[9]), 0 }, MEMBER_FINDING,
			    id_of(&all[9]), "known"));
	later.day = 2;
	put(p, &later, 1);
	r = group(p);
	assert_int_equal(r.taken_out, 2);
	assert_int_equal(r.opened, 0);
	assert_int_equal(home(p, &later), 0);
}

/* ---- in any order ---- */

#define DRAWN 120u

/* Zones as chance has them: few operators, few names, several faults of one name. */
static void draw_some(u64 *dice, struct given *g, char (*texts)[2][80])
{
	static const char *const rules[] = { PREFIX, "delegation.few-servers",
		"delegation.unresolvable", "delegation.unroutable-address", "dnssec.nsec-chain" };

	for (unsigned i = 0; i < DRAWN; i++) {
		unsigned rule = i % COUNT(rules), name = i / COUNT(rules);
		unsigned by = (unsigned)draw_below(dice, 9);

		snprintf(texts[i][0], sizeof texts[i][0], "n%u.gal", name);
		snprintf(texts[i][1], sizeof texts[i][1], by < 6 ? "ns1.o%u.gal ns2.o%u.gal"
			 : by < 8 ? "ns1.o%u.gal ns.p%u.example" : "ns.n%u.gal",
			 by < 8 ? by : name, by);
		g[i] = (struct given){ rules[rule], rule == 3 ? "server" : "delegation",
			texts[i][0], rule == 3 ? NULL : texts[i][1],
			(enum severity)(SEVERITY_LOW + draw_below(dice, 3)), 1 };
	}
}

/* No finding is left, no two of them are tied by a third: what is in one incident has the
 * same reason. (The reason names the cause.) */
static void has_one_cause(struct desk_place *p, const struct given *g)
{
	for (unsigned i = 0; i < DRAWN; i++) {
		u64 number = home(p, &g[i]);
		char id[FINDING_ID_MAX];
		struct member *a = NULL, *b = NULL;

		assert_int_not_equal(number, 0);
		snprintf(id, sizeof id, "%s", id_of(&g[i]));
		assert_int_equal(case_member(p->desk, number, id, &a), 0);
		for (unsigned j = 0; j < i; j++) {
			if (home(p, &g[j]) != number || strstr(a->reason, " itself"))
				continue;
			assert_int_equal(case_member(p->desk, number, id_of(&g[j]), &b), 0);
			if (strstr(b->reason, " itself") == NULL)
				assert_string_equal(a->reason, b->reason);
			free(b);
		}
		free(a);
	}
}

static void again_from_nothing(struct desk_place *p, u64 start)
{
	p->desk = desk_close(p->desk);
	unlink(p->place->path);
	desk_place_as(p, "ana");
	p->now = start;
}

static void any_order(void **state)
{
	struct desk_place *p = *state;
	struct given *g = calloc(DRAWN, sizeof *g);
	char (*texts)[2][80] = calloc(DRAWN, sizeof *texts);
	u64 start = p->now;

	for (u64 seed = 1; seed < 6; seed++) {
		u64 dice = seed, opened[2];
		char *first = NULL, *now;

		draw_some(&dice, g, texts);
		for (int round = 0; round < 2; round++) {
			again_from_nothing(p, start);
			put(p, g, DRAWN);
			p->now = start;
			opened[round] = group(p).opened;
			now = desk_dump(p);
			if (first)
				assert_string_equal(first, now);
			free(first);
			first = now;
			draw_order(&dice, g, DRAWN, sizeof *g);
		}
		has_one_cause(p, g);
		assert_in_range(opened[0], 2, 40);
		for (unsigned i = 0; i < DRAWN; i++)
			g[i].day = 40;
		put(p, g, DRAWN);
		assert_int_equal(group(p).opened, 0);
		free(first);
	}
	free(texts);
	free(g);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
	const struct CMUnitTest tests[] = { T(causes), T(why), T(seen_again),
		T(as_people_left_it), T(taken_out), T(any_order) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
