/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk_test.c - the log under everything: what was changed, dropped, moved or cut off is
 * found; signatures; two writers; readers; tables of another shape; events that this program
 * does not know. That the state is what the log says every test of an operation checks with
 * desk_same_when_rebuilt(). */
#include "desk_place.h"
#include "base/stamp.h"
#include "base/buf.h"
#include "store/desk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

static u64 second(void *world)
{
	u64 *now = world;

	return *now += 1000000000;
}

/* Ten events or some more. */
static void fill(struct desk_place *p)
{
	u64 a = desk_incident(p, 0, 2);

	for (unsigned i = 0; i < 9; i++)
		WELL(p, case_note(p->desk, (struct case_ref){ a, 0 }, i % 2 ? "one" : "two",
				  NULL));
}

static int verify(struct desk_place *p, const char *head, const char *signer,
		  struct log_report *r)
{
	return log_verify(desk_store(p->desk), head, signer, r);
}

static void good(void **state)
{
	struct desk_place *p = *state;
	struct log_report r;
	char head[65];

	fill(p);
	assert_int_equal(verify(p, NULL, NULL, &r), 0);
	assert_int_equal(r.events, 10);
	assert_int_equal(r.is_signed, 0);
	memcpy(head, r.head, sizeof head);
	WELL(p, case_note(p->desk, (struct case_ref){ 1, 0 }, "later", NULL));
	assert_int_equal(verify(p, head, NULL, &r), 0);	/* what was noted is still there */
	desk_same_when_rebuilt(p);
}

/* Each way to lie in the tables, which the log does not tell of. */
static void tampered_tables(void **state)
{
	static const struct { const char *sql, *says; } lies[] = {
		{ "UPDATE incident SET title='harmless'", "incident 1: 'title' is not" },
		{ "UPDATE incident SET severity=0", "incident 1: 'severity' is not" },
		{ "DELETE FROM note WHERE event=3", "note 3 is in the log and not in the tables" },
		{ "UPDATE note SET event=99 WHERE event=10",
		  "note 10 is in the log and not in the tables" },
		{ "UPDATE note SET event=0 WHERE event=2",
		  "note 0 is in the tables and not in the log" },
	};
	struct desk_place *p = *state;
	struct tables_report r;

	fill(p);
	assert_int_equal(log_tables(desk_store(p->desk), &r), 0);
	for (size_t i = 0; i < COUNT(lies); i++) {
		place_raw(p->place->path, lies[i].sql);
		assert_int_equal(log_tables(desk_store(p->desk), &r), OOPS_CHANGED);
		assert_int_equal(r.count, 1);
		if (!strstr(r.what, lies[i].says))
			fail_msg("%s: %s", lies[i].sql, r.what);
		WELL(p, desk_rebuild(p->desk));
		assert_int_equal(log_tables(desk_store(p->desk), &r), 0);
	}
	WELL(p, case_note(p->desk, (struct case_ref){ 1, 0 }, "the desk goes on", NULL));
	desk_same_when_rebuilt(p);
}

/* Each way to lie, and what is said of it. */
static void tampered(void **state)
{
	static const struct { const char *sql, *says; u64 bad; } lies[] = {
		{ "UPDATE event SET body=replace(body, 'one', 'own') WHERE number=3",
		  "it was changed", 3 },
		{ "UPDATE event SET author='eve' WHERE number=5", "it was changed", 5 },
		{ "UPDATE event SET at=at+1 WHERE number=5", "it was changed", 5 },
		{ "UPDATE event SET kind='incident.state' WHERE number=5", "it was changed", 5 },
		{ "UPDATE event SET about='incident:2' WHERE number=5", "it was changed", 5 },
		{ "DELETE FROM event WHERE number=4", "are missing", 5 },
		{ "DELETE FROM event WHERE number=1", "are missing", 2 },
		{ "UPDATE event SET number=-number WHERE number IN (4, 5);"
		  "UPDATE event SET number=9+number WHERE number<0", "does not follow", 4 },
		{ "DELETE FROM event WHERE number>6", "was cut off", 7 },
		{ "DELETE FROM event", "was cut off", 1 },
	};
	struct desk_place *p = *state;
	struct log_report r;
	char head[65];

	fill(p);
	assert_int_equal(verify(p, NULL, NULL, &r), 0);
	memcpy(head, r.head, sizeof head);
	place_raw(p->place->path, "CREATE TABLE was AS SELECT * FROM event");
	for (size_t i = 0; i < COUNT(lies); i++) {
		place_raw(p->place->path, lies[i].sql);
		assert_int_equal(verify(p, head, NULL, &r), OOPS_CHANGED);
		if (strstr(r.what, lies[i].says) == NULL)
			fail_msg("%s: %s", lies[i].sql, r.what);
		assert_int_equal(r.bad, lies[i].bad);
		place_raw(p->place->path, "DELETE FROM event; INSERT INTO event SELECT * FROM was");
		assert_int_equal(verify(p, head, NULL, &r), 0);
	}
}

/* A whole chain written anew is good in itself: a head noted before, or a key, tells. */
static void written_anew(void **state)
{
	struct desk_place *p = *state;
	struct log_report r;
	char head[65];

	fill(p);
	assert_int_equal(verify(p, NULL, NULL, &r), 0);
	memcpy(head, r.head, sizeof head);
	place_raw(p->place->path, "DELETE FROM event");
	if (desk_rebuild(p->desk))
		fail_msg("%s", desk_error(p->desk));
	fill(p);
	assert_int_equal(verify(p, NULL, NULL, &r), 0);
	assert_int_equal(verify(p, head, NULL, &r), OOPS_CHANGED);
	assert_non_null(strstr(r.what, "cut off or replaced"));
}

static struct desk *open_with(struct desk_place *p, const char *key, u64 *clock, bool reads)
{
	const struct desk_setup setup = { .path = p->place->path, .author = "ben",
		.now = second, .world = clock, .key = key, .reads = reads };
	struct desk *d = NULL;
	char why[DESK_WHY];

	if (desk_open(&d, &setup, why))
		fail_msg("%s", why);
	return d;
}

static void is_signed(void **state)
{
	struct desk_place *p = *state;
	char key[128], public[65], other[65];
	struct log_report r;
	struct desk *d;
	u64 clock = p->now;

	fill(p);
	snprintf(key, sizeof key, "%s/key", p->place->folder);
	assert_int_equal(log_key(key, public), 0);
	assert_int_equal(log_key(key, other), OOPS_CHANGED);	/* never over an old one */
	d = open_with(p, key, &clock, false);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, case_note(d, (struct case_ref){ 1, 0 }, "signed", NULL)), 0);
	desk_close(d);
	assert_int_equal(verify(p, NULL, public, &r), 0);
	assert_int_equal(r.is_signed, 1);
	assert_string_equal(r.signers, public);
	memset(other, 'a', 64);
	other[64] = 0;
	assert_int_equal(verify(p, NULL, other, &r), OOPS_CHANGED);
	place_raw(p->place->path, "UPDATE event SET signature='', signer='' WHERE number=11");
	assert_int_equal(verify(p, NULL, NULL, &r), 0);	/* one must know that it was signed */
	place_raw(p->place->path, "UPDATE event SET signature='', signer=''");
	assert_int_equal(verify(p, NULL, NULL, &r), 0);
	assert_int_equal(verify(p, NULL, public, &r), OOPS_CHANGED);
	assert_non_null(strstr(r.what, "is signed"));
	place_raw(p->place->path, "UPDATE event SET signer=hash, signature=hash||hash "
		  "WHERE number=11");
	assert_int_equal(verify(p, NULL, NULL, &r), OOPS_CHANGED);
	assert_non_null(strstr(r.what, "signature"));
	unlink(key);
}

/* An unsigned event behind a signed one is not right where the key is asked for. */
static void unsigned_after(void **state)
{
	struct desk_place *p = *state;
	char key[128], public[65];
	struct log_report r;
	struct desk *d;
	u64 clock = p->now;

	snprintf(key, sizeof key, "%s/key", p->place->folder);
	assert_int_equal(log_key(key, public), 0);
	d = open_with(p, key, &clock, false);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, desk_say(d, "gate.refused", "", json_object(), NULL)), 0);
	desk_close(d);
	assert_int_equal(verify(p, NULL, public, &r), 0);
	fill(p);
	assert_int_equal(verify(p, NULL, public, &r), OOPS_CHANGED);
	assert_int_equal(r.bad, 2);
	assert_non_null(strstr(r.what, "not signed"));
	unlink(key);
}

/* The slower of two writers is told; nothing of his is half there. */
static void two_writers(void **state)
{
	struct desk_place *p = *state;
	struct event e = { .number = 3, .at = 1, .author = "eve", .kind = "gate.refused",
		.about = "", .body = "{}", .signature = "", .signer = "" };
	char hash[65], zero[65];
	u64 clock = p->now, a = desk_incident(p, 0, 1), version;
	struct desk *d = open_with(p, NULL, &clock, false);
	struct incident *i = desk_now_is(p, a);

	version = i->version;
	free(i);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, case_title(d, (struct case_ref){ a, version }, "by ben")), 0);
	DENIED(p, case_title(p->desk, (struct case_ref){ a, version }, "by ana"), OOPS_CHANGED,
	       "ben");
	i = desk_now_is(p, a);
	assert_string_equal(i->title, "by ben");
	free(i);
	memset(zero, '0', 64);	/* an event that does not come next */
	zero[64] = 0;
	e.prev = zero;
	e.number = 2;
	event_hash(&e, hash);
	e.hash = hash;
	assert_int_equal(store_append_event(desk_store(d), &e), OOPS_CHANGED);
	store_undo(desk_store(d));
	desk_close(d);
	desk_same_when_rebuilt(p);
}

static void readers(void **state)
{
	struct desk_place *p = *state;
	struct desk_setup setup = { .path = p->place->path, .author = "cy", .now = second,
		.reads = true };
	u64 clock = p->now;
	struct desk *d;
	char why[DESK_WHY];

	setup.world = &clock;
	fill(p);
	d = open_with(p, NULL, &clock, true);
	assert_int_equal(desk_begin(d), -EACCES);
	desk_close(d);
	place_raw(p->place->path, "UPDATE desk SET shape='another'");
	assert_int_equal(desk_open(&d, &setup, why), OOPS_VERSION);
	assert_non_null(strstr(why, "vedette log rebuild"));
	place_raw(p->place->path, "DELETE FROM event");
	assert_int_equal(desk_open(&d, &setup, why), 0);
	assert_int_equal(store_total(desk_store(d), &(struct store_query){
		.table = DESK_incident }, &clock), 0);
	assert_int_equal(clock, 0);	/* an empty one, and the file is as it was */
	assert_int_equal(desk_begin(d), -EACCES);
	desk_close(d);
	setup.author = "";
	assert_int_equal(desk_open(&d, &setup, why), -EINVAL);
}

/* A writer makes tables of another shape anew from the log. */
static void another_shape(void **state)
{
	struct desk_place *p = *state;
	char *before, *after;

	fill(p);
	before = desk_dump(p);
	place_raw(p->place->path, "ALTER TABLE note DROP COLUMN text; DROP TABLE task; "
		  "UPDATE desk SET shape='another'");
	desk_place_as(p, "ben");
	after = desk_dump(p);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void append_raw(struct desk_place *p, const char *kind, const char *body)
{
	struct store *s = desk_store(p->desk);
	struct event e = { .at = 1, .author = "eve", .kind = kind, .about = "", .body = body,
		.signature = "", .signer = "" };
	char prev[65], hash[65];

	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_last_event(s, &e.number, prev), 0);
	if (prev[0] == 0)
		memset(prev, '0', 64);
	prev[64] = 0;
	e.number++;
	e.prev = prev;
	event_hash(&e, hash);
	e.hash = hash;
	assert_int_equal(store_append_event(s, &e), 0);
	assert_int_equal(store_commit(s), 0);
}

/* A state that leaves an event out would be a wrong one: the fold stops, and the tables stay
 * as they were. */
static void not_understood(void **state)
{
	static const struct { const char *kind, *body, *says; int error; } events[] = {
		{ "future.thing", "{}", "of a kind that this version does not know",
		  OOPS_VERSION },
		{ "incident.note", "[1]", "no JSON object", OOPS_FORMAT },
		{ "incident.note", "{\"a\":1,\"a\":2}", "no JSON object", OOPS_FORMAT },
		{ "incident.note", "", "no JSON object", OOPS_FORMAT },
		{ "incident.open", "{\"number\":\"x\"}", "cannot be understood", OOPS_FORMAT },
		{ "report.received", "{\"number\":0}", "cannot be understood", OOPS_FORMAT },
		{ "report.decided", "{\"numbers\":\"9-1\",\"state\":\"noise\"}",
		  "cannot be understood", OOPS_FORMAT },
	};
	struct desk_place *p = *state;
	char *before, *after, sql[80];

	fill(p);
	before = desk_dump(p);
	for (size_t i = 0; i < COUNT(events); i++) {
		append_raw(p, events[i].kind, events[i].body);
		assert_int_equal(desk_rebuild(p->desk), events[i].error);
		if (strstr(desk_error(p->desk), events[i].says) == NULL)
			fail_msg("%s: %s", events[i].kind, desk_error(p->desk));
		after = desk_dump(p);
		assert_string_equal(before, after);
		free(after);
		snprintf(sql, sizeof sql, "DELETE FROM event WHERE number=11");
		place_raw(p->place->path, sql);
	}
	free(before);
	desk_same_when_rebuilt(p);
}

/* What was kept is what its hash says, or it is told. */
static void octets(void **state)
{
	struct desk_place *p = *state;
	struct store *s = desk_store(p->desk);
	struct buf out = { 0 };
	char hash[65], none[65];

	assert_int_equal(store_keep(s, "a\0b", 3, hash), 0);
	assert_int_equal(store_keep(s, "a\0b", 3, none), 0);
	assert_string_equal(hash, none);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_kept(s, hash, &out), 0);
	assert_int_equal(out.len, 3);
	buf_free(&out);
	memset(none, '1', 64);
	assert_int_equal(store_kept(s, none, &out), OOPS_UNKNOWN);
	place_raw(p->place->path, "UPDATE octets SET octets=x'00'");
	assert_int_equal(store_kept(s, hash, &out), OOPS_CHANGED);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

/* A clock that goes back a little: times follow the order of the log all the same, so that who
 * asks for what came after a time misses nothing. One that goes back far is followed. */
static void clock_goes_back(void **state)
{
	struct desk_place *p = *state;
	u64 one = desk_incident(p, 0, 1), was;
	struct incident *i = desk_now_is(p, one);
	const struct case_ref r = { one, 0 };

	was = i->changed;
	free(i);
	p->now -= 60 * STAMP_NS;
	WELL(p, case_assign(p->desk, r, "eva"));
	i = desk_now_is(p, one);
	assert_int_equal(i->changed, was + 1000);
	was = i->changed;
	free(i);
	p->now -= 86400 * STAMP_NS;
	WELL(p, case_assign(p->desk, r, "ana"));
	i = desk_now_is(p, one);
	assert_true(i->changed < was && i->changed == p->now);
	free(i);
	desk_same_when_rebuilt(p);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(clock_goes_back),
		ROW(good), ROW(tampered), ROW(tampered_tables),
		ROW(written_anew), ROW(is_signed), ROW(unsigned_after),
		ROW(two_writers), ROW(readers), ROW(another_shape), ROW(not_understood),
		ROW(octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
