/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_place.c - see store_place.h. */
#include "store/read.h"
#include "store_place.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <unistd.h>

int place_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	snprintf(p->folder, sizeof p->folder, "/tmp/vedette-store-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	snprintf(p->path, sizeof p->path, "%s/a?b#c%%.db", p->folder);
	*state = p;
	return 0;
}

int place_down(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
	struct place *p = *state;
	char name[128];

	for (size_t i = 0; i < COUNT(suffixes); i++) {
		snprintf(name, sizeof name, "%s%s", p->path, suffixes[i]);
		unlink(name);
	}
	rmdir(p->folder);
	free(p);
	return 0;
}

struct store *place_open(struct place *p, enum store_mode mode)
{
	struct store *s = NULL;

	if (store_open(&s, p->path, mode, p->why))
		fail_msg("%s", p->why);
	return s;
}

void place_make(struct finding *f, unsigned n)
{
	*f = (struct finding){ .rule_version = 1, .confidence = 50, .frames = 100,
			       .severity = (enum severity)(n % SEVERITY_COUNT) };
	snprintf(f->rule, sizeof f->rule, n % 2 ? "tunnel.data" : "dga.client");
	snprintf(f->subject_kind, sizeof f->subject_kind, "domain");
	snprintf(f->subject, sizeof f->subject, "d%u.Example", n);
	snprintf(f->sentence, sizeof f->sentence, "the %uth; \"quoted\" 'text'", n);
	snprintf(f->label, sizeof f->label, "TLP:GREEN");
	f->from = 1769853600000000000 + n * 60000000000ull;
	f->until = f->from + 60000000000;
	for (unsigned i = 0; i < n % 5; i++) {
		finding_feature(f, &(struct feature){ .name = "x", .value = i / 3.0,
			.threshold = 2, .rule = FEATURE_AT_LEAST, .unit = "names" });
		finding_related(f, &(struct related){ .role = "client", .amount = i });
	}
	f->summary.len = n % 300;
	memset(f->summary.bytes, (int)n, f->summary.len);
	finding_identify(f);
}

void place_begin(struct store *s)
{
	const struct store_run run = { .started = 5, .version = "1", .arguments = "a b" };

	assert_int_equal(store_begin_run(s, &run), 0);
}

void place_fill(struct store *s, unsigned first, unsigned count)
{
	struct finding *f = malloc(sizeof *f);

	for (unsigned i = first; i < first + count; i++) {
		place_make(f, i);
		assert_int_equal(store_add_finding(s, f), 1);
	}
	assert_int_equal(store_commit(s), 0);
	free(f);
}

int place_see(void *to, const struct finding *f)
{
	struct seen *seen = to;

	if (seen->count++ && finding_compare(seen->last, f) >= 0)
		seen->ordered = false;
	*seen->last = *f;
	return seen->count == seen->stop_at ? 42 : 0;
}

unsigned place_count(struct store *s, const struct store_filter *filter)
{
	struct seen seen = { .last = calloc(1, sizeof *seen.last), .ordered = true };
	u64 n = 0;

	assert_int_equal(store_each_finding(s, filter, place_see, &seen), 0);
	if (filter->order == STORE_BY_SEVERITY)
		assert_true(seen.ordered);
	if (filter->limit == 0) {
		assert_int_equal(store_count(s, filter, &n), 0);
		assert_int_equal(n, seen.count);
	}
	free(seen.last);
	return seen.count;
}

void place_raw(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
