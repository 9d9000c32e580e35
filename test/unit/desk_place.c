/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk_place.c - see desk_place.h. */
#include "desk_place.h"
#include "base/buf.h"
#include "base/stamp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sqlite3.h>

static u64 tick(void *world)
{
	struct desk_place *p = world;

	return p->now += STAMP_NS;
}

static void open_as(struct desk_place *p, const char *author)
{
	const struct desk_setup setup = { .path = p->place->path, .author = author,
		.now = tick, .world = p };
	char why[DESK_WHY];

	if (desk_open(&p->desk, &setup, why))
		fail_msg("%s", why);
}

int desk_up(void **state)
{
	struct desk_place *p = calloc(1, sizeof *p);

	if (place_up((void **)&p->place))
		return -1;
	p->now = 1790000000 * STAMP_NS;
	open_as(p, "ana");
	*state = p;
	return 0;
}

int desk_down(void **state)
{
	struct desk_place *p = *state;

	desk_close(p->desk);
	place_down((void **)&p->place);
	free(p);
	return 0;
}

void desk_place_as(struct desk_place *p, const char *author)
{
	p->desk = desk_close(p->desk);
	open_as(p, author);
}

char *desk_dump(struct desk_place *p)
{
	struct buf out = { 0 };
	sqlite3 *db;
	char *text;

	assert_int_equal(sqlite3_open(p->place->path, &db), SQLITE_OK);
	for (unsigned t = 0; t < DESK_TABLES; t++) {
		sqlite3_stmt *st;
		char sql[80];

		snprintf(sql, sizeof sql, "SELECT * FROM %s", desk_nouns[t].name);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW) {
			buf_fmt(&out, "%s:", desk_nouns[t].name);
			for (int i = 0; i < sqlite3_column_count(st); i++)
				buf_fmt(&out, " %s=%s", sqlite3_column_name(st, i),
					(const char *)sqlite3_column_text(st, i));
			buf_byte(&out, '\n');
		}
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
	assert_int_equal(buf_error(&out), 0);
	text = strdup(buf_str(&out));
	buf_free(&out);
	return text;
}

void desk_same_when_rebuilt(struct desk_place *p)
{
	char *before = desk_dump(p), *after;

	if (desk_rebuild(p->desk))
		fail_msg("%s", desk_error(p->desk));
	after = desk_dump(p);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

struct member desk_member(unsigned n)
{
	static struct { char id[65], subject[32]; } texts[64];
	char *id = texts[n % 64].id, *subject = texts[n % 64].subject;

	snprintf(id, 65, "%064x", n * 2654435761u);
	snprintf(subject, 32, "d%u.example", n);
	return (struct member){ .kind = MEMBER_FINDING, .id = id, .reason = "by hand",
		.rule = "tunnel.data", .subject_kind = SUBJECT_DOMAIN, .subject = subject,
		.severity = (enum severity)(n % SEVERITY_COUNT), .confidence = n * 7 % 101,
		.from = (1780000000ull + n * 60) * STAMP_NS,
		.until = (1780000060ull + n * 60) * STAMP_NS, .exposed = n % 9,
		.tlp = (u8)(n % LABEL_COUNT), .pap = PAP_GREEN };
}

u64 desk_incident(struct desk_place *p, unsigned first, unsigned count)
{
	const struct incident is = { .title = "one", .family = "tunnel",
		.subject_kind = SUBJECT_DOMAIN, .subject = "d.example", .reason = "by hand" };
	struct member m[64];
	const struct case_new c = { .incident = &is, .members = m, .member_count = count,
		.bulk = true };
	u64 number = 0;

	must(count <= COUNT(m));
	for (unsigned i = 0; i < count; i++)
		m[i] = desk_member(first + i);
	WELL(p, case_open(p->desk, &c, &number));
	return number;
}

struct incident *desk_now_is(struct desk_place *p, u64 number)
{
	struct incident *i = NULL;

	if (case_find(p->desk, number, &i))
		fail_msg("%s", desk_error(p->desk));
	return i;
}
