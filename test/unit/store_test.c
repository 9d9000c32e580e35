/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_test.c - the store: what goes in comes out, by every question that can be
 * asked; what somebody changed is noticed. Files: store_file_test.c; killing and
 * full disks: store_kill_test.c. */
#include "store/read.h"
#include "store_place.h"
#include "model/evidence.h"
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

static size_t packed(struct buf *out, unsigned n, u8 id[32])
{
	struct evidence e = { .time_ns = n, .len = 4, .full_len = 4,
			      .octets = (const u8 *)"abcd" };

	buf_clear(out);
	evidence_pack(out, &e);
	evidence_identify(&e);
	memcpy(id, e.id, 32);
	return out->len;
}

static bool same(const struct finding *a, const struct finding *b)
{
	struct buf one = { 0 }, two = { 0 };
	bool is;

	finding_json(&one, a);
	finding_json(&two, b);
	is = strcmp(buf_str(&one), buf_str(&two)) == 0;
	buf_free(&one);
	buf_free(&two);
	return is;
}

static void there_and_back(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);

	place_begin(s);
	place_fill(s, 0, 40);
	s = store_close(s);
	s = place_open(p, STORE_READ);
	for (unsigned i = 0; i < 40; i++) {
		place_make(f, i);
		assert_int_equal(store_finding(s, f->id, g), 0);
		assert_true(same(f, g));
	}
	assert_int_equal(store_commit(s), 0);
	store_close(s);
	free(f);
	free(g);
}

static void filters(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);
	const u64 start = 1769853600000000000, minute = 60000000000;
	struct seen seen = { .stop_at = 3, .last = calloc(1, sizeof *seen.last) };

	place_begin(s);
	place_fill(s, 0, 50);
#define N(...) place_count(s, &(struct store_filter){ __VA_ARGS__ })
	assert_int_equal(N(.limit = 0), 50);
	assert_int_equal(N(.limit = 7), 7);
	assert_int_equal(N(.order = STORE_BY_TIME), 50);
	assert_int_equal(N(.severity = SEVERITY_HIGH), 20);
	assert_int_equal(N(.rule = "tunnel"), 25);
	assert_int_equal(N(.rule = "tunnel.data"), 25);
	assert_int_equal(N(.rule = "tunnel.data.x"), 0);
	assert_int_equal(N(.rule = "t%"), 0);
	assert_int_equal(N(.subject = "D7.example"), 1);
	assert_int_equal(N(.subject = "d7"), 0);
	assert_int_equal(N(.since = start + 10 * minute), 40);
	assert_int_equal(N(.until = start + 10 * minute), 10);
	assert_int_equal(N(.since = start + 9 * minute, .until = start + 10 * minute), 1);
	assert_int_equal(N(.run = 1), 50);
	assert_int_equal(N(.run = 2), 0);
	assert_int_equal(N(.rule = "tunnel", .severity = SEVERITY_LOW, .run = 1), 20);
#undef N
	assert_int_equal(store_each_finding(s, &(struct store_filter){ 0 }, place_see,
					    &seen), 42);
	assert_int_equal(seen.count, 3);
	free(seen.last);
	store_close(s);
}

static int count_run(void *to, const struct store_run *run)
{
	u64 *sum = to;

	assert_string_equal(run->arguments, "a b");
	*sum += run->number * 100 + run->report.counter_count * 10 + run->ended;
	return 0;
}

static int runs_of(struct store *s, const struct store_filter *made, u64 *sum)
{
	const struct store_runs which = { .made = made, .clearance = MARKING_STRICTEST };

	return store_each_run(s, &which, count_run, sum);
}

/* The same finding of two runs: one row, two links; more frames win, in either
 * order; of equals the later. */
static void two_runs(void **state)
{
	static const struct report_counter counter = { "a", "b", COUNTER_PART, 1 };
	const struct run_report report = { .counters = &counter, .counter_count = 1 };
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);
	u64 sum = 0;

	place_make(f, 4);
	place_begin(s);
	assert_int_equal(store_add_finding(s, f), 1);
	assert_int_equal(store_add_finding(s, f), 0);
	assert_int_equal(store_end_run(s, 3, &report), 0);
	place_begin(s);
	f->frames = 99;
	f->feature_count = 1;
	assert_int_equal(store_add_finding(s, f), 0);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_finding(s, f->id, g), 0);
	assert_int_equal(g->frames, 100);
	assert_int_equal(g->feature_count, 4);
	f->frames = 100;
	assert_int_equal(store_add_finding(s, f), 0);
	assert_int_equal(store_finding(s, f->id, g), 0);
	assert_true(same(f, g));
	assert_int_equal(runs_of(s, &(struct store_filter){ .id = f->id }, &sum), 0);
	assert_int_equal(sum, 100 + 10 + 3 + 200);
	sum = 0;
	assert_int_equal(runs_of(s, &(struct store_filter){ .rule = "none" }, &sum), 0);
	assert_int_equal(sum, 0);
	assert_int_equal(runs_of(s, NULL, &sum), 0);
	assert_int_equal(sum, 100 + 10 + 3 + 200);
	assert_int_equal(place_count(s, &(struct store_filter){ .run = 2 }), 1);
	assert_int_equal(place_count(s, &(struct store_filter){ 0 }), 1);
	store_close(s);
	free(f);
	free(g);
}

static void found_under(struct store *s, struct finding *f, const char *label, u64 frames)
{
	const struct run_report report = { 0 };
	const struct store_run run = { .started = 1, .version = "v", .arguments = "a b",
		.label = label };

	f->frames = frames;
	snprintf(f->label, sizeof f->label, "%s", label);
	assert_int_equal(store_begin_run(s, &run), 0);
	assert_true(store_add_finding(s, f) >= 0);
	assert_int_equal(store_end_run(s, 3, &report), 0);
}

static int take_labels(void *to, const struct store_run *run)
{
	buf_fmt(to, "%s.", run->label);
	return 0;
}

/* A finding of several runs has the strictest of their labels, whichever measured more or came
 * last, and who follows the store by revisions hears of it. A run has its own. */
static void strictest(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);
	struct store_runs which = { .clearance = { LABEL_AMBER, PAP_GREEN } };
	struct buf said = { 0 };
	u64 before, after;

	place_make(f, 4);
	found_under(s, f, "TLP:GREEN", 10);
	found_under(s, f, "TLP:AMBER PAP:CLEAR", 20);
	assert_int_equal(store_finding(s, f->id, g), 0);
	assert_string_equal(g->label, "TLP:AMBER");
	assert_int_equal(store_revision(s, &before), 0);
	found_under(s, f, "TLP:RED PAP:RED", 1);	/* measured less */
	assert_int_equal(store_revision(s, &after), 0);
	assert_true(after > before);
	found_under(s, f, "TLP:CLEAR", 30);
	assert_int_equal(store_finding(s, f->id, g), 0);
	assert_string_equal(g->label, "TLP:RED PAP:RED");
	assert_int_equal(g->frames, 30);
	assert_int_equal(store_each_run(s, &which, take_labels, &said), 0);
	assert_string_equal(buf_str(&said), "TLP:GREEN.TLP:AMBER PAP:CLEAR.TLP:CLEAR.");
	buf_clear(&said);
	which.limit = 1;
	assert_int_equal(store_latest_runs(s, &which, take_labels, &said), 0);
	assert_string_equal(buf_str(&said), "TLP:CLEAR.");
	buf_free(&said);
	store_close(s);
	free(f);
	free(g);
}

static void prefixes(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);
	struct finding *f = calloc(2, sizeof *f);
	static char heads[65536];
	char id[FINDING_ID_MAX];

	place_begin(s);
	for (unsigned i = 1; i < 60000; i++) {	/* two that begin with the same digits */
		unsigned head;

		place_make(&f[0], i);
		memcpy(id, f[0].id, 4);
		id[4] = 0;
		head = (unsigned)strtoul(id, NULL, 16);
		if (heads[head]++ == 0)
			continue;
		assert_int_equal(store_add_finding(s, &f[0]), 1);
		for (unsigned k = 1; k < i; k++) {
			place_make(&f[1], k);
			if (memcmp(f[0].id, f[1].id, 4) == 0)
				break;
		}
		assert_int_equal(store_add_finding(s, &f[1]), 1);
		break;
	}
	assert_int_equal(store_finding(s, id, &f[1]), OOPS_LIMIT);
	assert_non_null(strstr(store_error(s), "several findings"));
	assert_non_null(strstr(store_error(s), id));
	snprintf(id, sizeof id, "%.40s", f[0].id);
	for (char *c = id; *c; c++)
		if (*c >= 'a')
			*c = (char)(*c - 'a' + 'A');
	assert_int_equal(store_finding(s, id, &f[1]), 0);
	assert_string_equal(f[0].id, f[1].id);
	assert_int_equal(store_finding(s, "abc", &f[1]), OOPS_UNKNOWN);
	assert_int_equal(store_finding(s, "xyzt", &f[1]), OOPS_UNKNOWN);
	assert_int_equal(store_finding(s, "", &f[1]), OOPS_UNKNOWN);
	f[0].id[63] = f[0].id[63] == '0' ? '1' : '0';
	assert_int_equal(store_finding(s, f[0].id, &f[1]), OOPS_UNKNOWN);
	store_close(s);
	free(f);
}

struct heard { unsigned there, missing; };

static int hear(void *to, const u8 hash[32], const u8 *at, size_t n)
{
	struct heard *h = to;
	struct evidence e;

	if (at == NULL) {
		h->missing++;
		return 0;
	}
	assert_int_equal(evidence_unpack(&e, at, n), 0);
	assert_memory_equal(e.id, hash, 32);
	h->there++;
	return 0;
}

static void evidence(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);
	struct finding *f = calloc(1, sizeof *f);
	struct buf one = { 0 };
	struct heard heard = { 0 };

	place_make(f, 1);
	f->evidence_count = FINDING_EVIDENCE_MAX;
	place_begin(s);
	for (unsigned i = 0; i < FINDING_EVIDENCE_MAX; i++) {
		size_t n = packed(&one, i, f->evidence[i]);

		if (i == 0)
			continue;	/* referred to, not kept */
		assert_int_equal(store_add_evidence(s, (u8 *)one.at, n), 0);
		assert_int_equal(store_add_evidence(s, (u8 *)one.at, n), 0);
	}
	assert_int_equal(store_add_finding(s, f), 1);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_finding(s, f->id, f), 0);
	assert_int_equal(store_evidence(s, f, hear, &heard), 0);
	assert_int_equal(heard.there, FINDING_EVIDENCE_MAX - 1);
	assert_int_equal(heard.missing, 1);
	buf_fill(&one, 0, STORE_PACKED_MAX);
	assert_int_equal(store_add_evidence(s, (u8 *)one.at, one.len), OOPS_LIMIT);
	store_close(s);
	place_raw(p->path, "UPDATE evidence SET packed = zeroblob(61) WHERE number = 3");
	s = place_open(p, STORE_READ);
	assert_int_equal(store_evidence(s, f, hear, &heard), OOPS_CHANGED);
	assert_non_null(strstr(store_error(s), "was changed since it was stored"));
	store_close(s);
	buf_free(&one);
	free(f);
}

/* What somebody wrote into the file is noticed, by sentence, not by crash. */
static void tampered(void **state)
{
	static const struct { const char *sql; int error; } acts[] = {
		{ "UPDATE finding SET subject = 'other.example'", OOPS_CHANGED },
		{ "UPDATE finding SET \"from\" = \"from\" + 1", OOPS_CHANGED },
		{ "UPDATE finding SET severity = 9", OOPS_FORMAT },
		{ "UPDATE finding SET severity = -1, confidence = 0", OOPS_UNKNOWN },
		{ "UPDATE finding SET lost = -1", OOPS_FORMAT },
		{ "UPDATE finding SET confidence = 101", OOPS_FORMAT },
		{ "UPDATE finding SET label = 'TLP:PINK'", OOPS_FORMAT },
		{ "UPDATE finding SET sentence = printf('%.2000c', 'x')", OOPS_FORMAT },
		{ "UPDATE finding SET sentence = 'a' || char(0) || 'b'", OOPS_FORMAT },
		{ "UPDATE finding SET summary = zeroblob(20000)", OOPS_FORMAT },
		{ "UPDATE feature SET rule = 3", OOPS_FORMAT },
		{ "UPDATE feature SET value = 9e999", OOPS_FORMAT },
		{ "INSERT INTO finding_evidence SELECT number, 0, x'00' FROM finding",
		  OOPS_FORMAT },
		{ "WITH RECURSIVE n(i) AS (SELECT 9 UNION ALL SELECT i+1 FROM n "
		  "LIMIT 99) INSERT INTO related SELECT 1, i, '', '', '', 0 FROM n",
		  OOPS_FORMAT },
		{ "DROP TABLE feature", -EINVAL },
	};
	struct place *p = *state;
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);

	place_make(f, 4);
	for (size_t i = 0; i < COUNT(acts); i++) {
		struct store *s = place_open(p, STORE_WRITE);
		u64 n = 0;
		int rc;

		place_begin(s);
		assert_int_equal(store_add_finding(s, f), 1);
		assert_int_equal(store_commit(s), 0);
		store_close(s);
		place_raw(p->path, acts[i].sql);
		s = place_open(p, STORE_READ);
		rc = store_finding(s, f->id, g);
		if (acts[i].error == OOPS_UNKNOWN) {
			assert_int_equal(store_count(s, &(struct store_filter){ 0 }, &n),
					 0);
			assert_int_equal(n, 0);
		} else {
			assert_int_equal(rc, acts[i].error);
			assert_true(strlen(store_error(s)) > 20);
		}
		store_close(s);
		unlink(p->path);
	}
	free(f);
	free(g);
}

/* Triggers and views of a stranger's file do nothing. */
static void nothing_is_run(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);

	store_close(s);
	place_raw(p->path, "CREATE TRIGGER t AFTER INSERT ON finding BEGIN "
		     "DELETE FROM finding; END");
	s = place_open(p, STORE_WRITE);
	place_begin(s);
	place_fill(s, 0, 3);
	assert_int_equal(place_count(s, &(struct store_filter){ 0 }), 3);
	store_close(s);
	place_raw(p->path, "ALTER TABLE finding RENAME TO old; "
		     "CREATE VIEW finding AS SELECT * FROM old");
	s = place_open(p, STORE_READ);
	assert_true(store_each_finding(s, &(struct store_filter){ 0 }, place_see,
				       &(struct seen){ 0 }) < 0);
	store_close(s);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, place_up, place_down)
	const struct CMUnitTest tests[] = {
		T(there_and_back), T(filters), T(two_runs), T(strictest), T(prefixes),
		T(evidence),
		T(tampered), T(nothing_is_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
