/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_test.c - the store: what goes in comes out; files that are not ours, not
 * whole or of another version; several processes. Every test has its own file in
 * a temporary folder. Killing and full disks: store_kill_test.c. */
#include "store/store.h"
#include "store/schema.h"
#include "model/evidence.h"
#include "base/buf.h"
#include "store_schema.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place { char folder[64], path[96], why[STORE_WHY]; };

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	snprintf(p->folder, sizeof p->folder, "/tmp/vedette-store-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	snprintf(p->path, sizeof p->path, "%s/a?b#c%%.db", p->folder);
	*state = p;
	return 0;
}

static int tear_down(void **state)
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

static struct store *opened(struct place *p, enum store_mode mode)
{
	struct store *s = NULL;

	if (store_open(&s, p->path, mode, p->why))
		fail_msg("%s", p->why);
	return s;
}

static void make(struct finding *f, unsigned n)
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

static void begin(struct store *s)
{
	const struct store_run run = { .started = 5, .version = "1", .arguments = "a b" };

	assert_int_equal(store_begin_run(s, &run), 0);
}

static void add(struct store *s, unsigned first, unsigned count)
{
	struct finding *f = malloc(sizeof *f);

	for (unsigned i = first; i < first + count; i++) {
		make(f, i);
		assert_int_equal(store_add_finding(s, f), 1);
	}
	assert_int_equal(store_commit(s), 0);
	free(f);
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

struct seen { unsigned count, stop_at; struct finding *last; bool ordered; };

static int see(void *to, const struct finding *f)
{
	struct seen *seen = to;

	if (seen->count++ && finding_compare(seen->last, f) >= 0)
		seen->ordered = false;
	*seen->last = *f;
	return seen->count == seen->stop_at ? 42 : 0;
}

static unsigned count(struct store *s, const struct store_filter *filter)
{
	struct seen seen = { .last = calloc(1, sizeof *seen.last), .ordered = true };
	u64 n = 0;

	assert_int_equal(store_each_finding(s, filter, see, &seen), 0);
	if (filter->order == STORE_BY_SEVERITY)
		assert_true(seen.ordered);
	if (filter->limit == 0) {
		assert_int_equal(store_count(s, filter, &n), 0);
		assert_int_equal(n, seen.count);
	}
	free(seen.last);
	return seen.count;
}

static void there_and_back(void **state)
{
	struct place *p = *state;
	struct store *s = opened(p, STORE_WRITE);
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);

	begin(s);
	add(s, 0, 40);
	s = store_close(s);
	s = opened(p, STORE_READ);
	for (unsigned i = 0; i < 40; i++) {
		make(f, i);
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
	struct store *s = opened(p, STORE_WRITE);
	const u64 start = 1769853600000000000, minute = 60000000000;
	struct seen seen = { .stop_at = 3, .last = calloc(1, sizeof *seen.last) };

	begin(s);
	add(s, 0, 50);
#define N(...) count(s, &(struct store_filter){ __VA_ARGS__ })
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
	assert_int_equal(store_each_finding(s, &(struct store_filter){ 0 }, see, &seen),
			 42);
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

/* The same finding of two runs: one row, two links; more frames win, in either
 * order; of equals the later. */
static void two_runs(void **state)
{
	static const struct report_counter counter = { "a", "b", COUNTER_PART, 1 };
	const struct run_report report = { .counters = &counter, .counter_count = 1 };
	struct place *p = *state;
	struct store *s = opened(p, STORE_WRITE);
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);
	u64 sum = 0;

	make(f, 4);
	begin(s);
	assert_int_equal(store_add_finding(s, f), 1);
	assert_int_equal(store_add_finding(s, f), 0);
	assert_int_equal(store_end_run(s, 3, &report), 0);
	begin(s);
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
	assert_int_equal(store_each_run(s, &(struct store_filter){ .id = f->id },
					count_run, &sum), 0);
	assert_int_equal(sum, 100 + 10 + 3 + 200);
	sum = 0;
	assert_int_equal(store_each_run(s, &(struct store_filter){ .rule = "none" },
					count_run, &sum), 0);
	assert_int_equal(sum, 0);
	assert_int_equal(store_each_run(s, NULL, count_run, &sum), 0);
	assert_int_equal(sum, 100 + 10 + 3 + 200);
	assert_int_equal(count(s, &(struct store_filter){ .run = 2 }), 1);
	assert_int_equal(count(s, &(struct store_filter){ 0 }), 1);
	store_close(s);
	free(f);
	free(g);
}

static void prefixes(void **state)
{
	struct place *p = *state;
	struct store *s = opened(p, STORE_WRITE);
	struct finding *f = calloc(2, sizeof *f);
	static char heads[65536];
	char id[FINDING_ID_MAX];

	begin(s);
	for (unsigned i = 1; i < 60000; i++) {	/* two that begin with the same digits */
		unsigned head;

		make(&f[0], i);
		memcpy(id, f[0].id, 4);
		id[4] = 0;
		head = (unsigned)strtoul(id, NULL, 16);
		if (heads[head]++ == 0)
			continue;
		assert_int_equal(store_add_finding(s, &f[0]), 1);
		for (unsigned k = 1; k < i; k++) {
			make(&f[1], k);
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
	assert_int_equal(store_finding(s, "abc", &f[1]), OOPS_FORMAT);
	assert_int_equal(store_finding(s, "xyzt", &f[1]), OOPS_FORMAT);
	assert_int_equal(store_finding(s, "", &f[1]), OOPS_FORMAT);
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

static void raw(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void evidence(void **state)
{
	struct place *p = *state;
	struct store *s = opened(p, STORE_WRITE);
	struct finding *f = calloc(1, sizeof *f);
	struct buf one = { 0 };
	struct heard heard = { 0 };

	make(f, 1);
	f->evidence_count = FINDING_EVIDENCE_MAX;
	begin(s);
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
	raw(p->path, "UPDATE evidence SET packed = zeroblob(61) WHERE number = 3");
	s = opened(p, STORE_READ);
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
		{ "UPDATE finding SET summary = zeroblob(5000)", OOPS_FORMAT },
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

	make(f, 4);
	for (size_t i = 0; i < COUNT(acts); i++) {
		struct store *s = opened(p, STORE_WRITE);
		u64 n = 0;
		int rc;

		begin(s);
		assert_int_equal(store_add_finding(s, f), 1);
		assert_int_equal(store_commit(s), 0);
		store_close(s);
		raw(p->path, acts[i].sql);
		s = opened(p, STORE_READ);
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
	struct store *s = opened(p, STORE_WRITE);

	store_close(s);
	raw(p->path, "CREATE TRIGGER t AFTER INSERT ON finding BEGIN "
		     "DELETE FROM finding; END");
	s = opened(p, STORE_WRITE);
	begin(s);
	add(s, 0, 3);
	assert_int_equal(count(s, &(struct store_filter){ 0 }), 3);
	store_close(s);
	raw(p->path, "ALTER TABLE finding RENAME TO old; "
		     "CREATE VIEW finding AS SELECT * FROM old");
	s = opened(p, STORE_READ);
	assert_true(store_each_finding(s, &(struct store_filter){ 0 }, see,
				       &(struct seen){ 0 }) < 0);
	store_close(s);
}

static void refuses(struct place *p, enum store_mode mode, int error, const char *word)
{
	struct store *s = NULL;

	assert_int_equal(store_open(&s, p->path, mode, p->why), error);
	assert_null(s);
	if (strstr(p->why, word) == NULL)
		fail_msg("'%s' is not in: %s", word, p->why);
	assert_null(strchr(p->why, '\n'));
}

static void write_file(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	close(fd);
}

static void not_a_store(void **state)
{
	struct place *p = *state;
	char text[5000];

	refuses(p, STORE_READ, -ENOENT, "No such file");
	assert_int_equal(access(p->path, F_OK), -1);
	memset(text, 'x', sizeof text);
	write_file(p->path, text, sizeof text);
	refuses(p, STORE_READ, OOPS_FORMAT, "is no SQLite database");
	refuses(p, STORE_WRITE, OOPS_FORMAT, "is no SQLite database");
	write_file(p->path, "", 0);
	refuses(p, STORE_READ, OOPS_FORMAT, "is empty");
	unlink(p->path);
	raw(p->path, "CREATE TABLE bookmarks(url)");
	refuses(p, STORE_READ, OOPS_FORMAT, "another program");
	refuses(p, STORE_WRITE, OOPS_FORMAT, "another program");
	unlink(p->path);
	mkdir(p->path, 0700);
	refuses(p, STORE_WRITE, -EISDIR, "cannot be opened");
	rmdir(p->path);
	snprintf(p->path, sizeof p->path, "%s/no/such.db", p->folder);
	refuses(p, STORE_WRITE, -ENOENT, "No such file");
}

static void newer(void **state)
{
	struct place *p = *state;
	char sql[80];

	store_close(opened(p, STORE_WRITE));
	snprintf(sql, sizeof sql, "PRAGMA user_version=%d", SCHEMA_VERSION + 1);
	raw(p->path, sql);
	refuses(p, STORE_READ, OOPS_VERSION, "newer Vedette");
	refuses(p, STORE_WRITE, OOPS_VERSION, "newer Vedette");
}

/* One line a column: table, name, type, not null, default, primary key. */
static void layout(sqlite3 *db, struct buf *out)
{
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(db,
		"SELECT m.name, c.name, c.type, c.\"notnull\", c.pk "
		"FROM sqlite_schema m, pragma_table_info(m.name) c "
		"WHERE m.type = 'table' ORDER BY m.name, c.name", -1, &st, NULL), 0);
	while (sqlite3_step(st) == SQLITE_ROW) {
		for (int i = 0; i < 5; i++)
			buf_fmt(out, "%s ", (const char *)sqlite3_column_text(st, i));
		buf_byte(out, '\n');
	}
	sqlite3_finalize(st);
}

static sqlite3 *old_file(const char *path, int version)
{
	char sql[100];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, store_schemas[version], NULL, NULL, NULL), 0);
	snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d",
		 SCHEMA_APPLICATION, version);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

/* A file of every version there was becomes what a new file is. */
static void versions(void **state)
{
	struct place *p = *state;
	struct buf fresh = { 0 }, now = { 0 };
	sqlite3 *db;

	assert_int_equal(COUNT(store_schemas), SCHEMA_VERSION + 1);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(schema_create(db), SQLITE_OK);
	layout(db, &fresh);
	sqlite3_close(db);
	for (int v = 1; v <= SCHEMA_VERSION; v++) {
		sqlite3_close(old_file(p->path, v));
		store_close(opened(p, STORE_READ));	/* brings it up */
		assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
		buf_clear(&now);
		layout(db, &now);
		sqlite3_close(db);
		assert_string_equal(buf_str(&now), buf_str(&fresh));
		unlink(p->path);
	}
	buf_free(&fresh);
	buf_free(&now);
}

static int asked(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	int n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* The mechanism, with steps of the future: rows stay, a broken step changes
 * nothing, a step is not done twice. */
static void steps(void **state)
{
	static const struct schema_step good[] = {
		{ 2, "ALTER TABLE finding ADD COLUMN asn INTEGER NOT NULL DEFAULT 7;"
		     "CREATE TABLE incident(number INTEGER PRIMARY KEY)" },
		{ 3, "INSERT INTO incident VALUES(42)" },
		{ 0, NULL },
	};
	static const struct schema_step bad[] = {
		{ 4, "INSERT INTO incident VALUES(43); SELECT no_such_function()" },
		{ 0, NULL },
	};
	struct place *p = *state;
	struct store *s = opened(p, STORE_WRITE);
	sqlite3 *db;

	begin(s);
	add(s, 0, 10);
	store_close(s);
	raw(p->path, "PRAGMA user_version=1");
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(schema_bring(db, good, 2), SQLITE_OK);
	assert_int_equal(asked(db, "PRAGMA user_version"), 2);
	assert_int_equal(asked(db, "SELECT sum(asn) FROM finding"), 70);
	assert_int_equal(schema_bring(db, good, 3), SQLITE_OK);
	assert_int_equal(schema_bring(db, good, 3), SQLITE_OK);
	assert_int_equal(asked(db, "SELECT sum(number) FROM incident"), 42);
	assert_int_not_equal(schema_bring(db, bad, 4), SQLITE_OK);
	assert_int_equal(sqlite3_get_autocommit(db), 1);
	assert_int_equal(asked(db, "PRAGMA user_version"), 3);
	assert_int_equal(asked(db, "SELECT sum(number) FROM incident"), 42);
	assert_int_equal(asked(db, "SELECT count(*) FROM finding"), 10);
	sqlite3_close(db);
	refuses(p, STORE_WRITE, OOPS_VERSION, "newer Vedette");
}

/* Ends the child: 0 when all went well. */
static void ended(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* A child's work: findings first..first+49, one transaction each. */
static int write_fifty(const char *path, unsigned first)
{
	const struct store_run run = { .version = "", .arguments = "" };
	struct finding *f = malloc(sizeof *f);
	char why[STORE_WHY];
	struct store *s;
	int bad = f == NULL || store_open(&s, path, STORE_WRITE, why);

	if (bad == 0)
		bad = store_begin_run(s, &run);
	for (unsigned i = first; i < first + 50 && !bad; i++) {
		make(f, i);
		bad = store_add_finding(s, f) < 0 || store_commit(s);
	}
	if (bad == 0)
		store_close(s);
	free(f);
	return bad;
}

/* Four processes make and fill one file at once, while this one reads. */
static void processes(void **state)
{
	struct place *p = *state;
	pid_t pids[4];
	struct store *s;

	for (unsigned i = 0; i < 4; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(write_fifty(p->path, i * 50) ? 1 : 0);
	}
	for (unsigned i = 0; i < 4; i++)
		ended(pids[i]);
	s = opened(p, STORE_READ);
	assert_int_equal(count(s, &(struct store_filter){ 0 }), 200);
	store_close(s);
}

/* What is not committed is seen by nobody else, and a reader's view stays. */
static void isolation(void **state)
{
	struct place *p = *state;
	struct store *w = opened(p, STORE_WRITE), *r = opened(p, STORE_READ);
	struct finding *f = malloc(sizeof *f);

	begin(w);
	make(f, 1);
	assert_int_equal(store_add_finding(w, f), 1);
	assert_int_equal(count(r, &(struct store_filter){ 0 }), 0);
	assert_int_equal(store_commit(w), 0);
	assert_int_equal(count(r, &(struct store_filter){ 0 }), 1);
	make(f, 2);
	assert_int_equal(store_add_finding(w, f), 1);
	store_close(w);		/* without a commit */
	assert_int_equal(count(r, &(struct store_filter){ 0 }), 1);
	make(f, 3);
	assert_int_equal(store_begin_run(r, &(struct store_run){ 0 }), -EACCES);
	assert_non_null(strstr(store_error(r), "may not be written"));
	assert_int_equal(store_add_finding(r, f), -EINVAL);
	store_close(r);
	free(f);
}

static void private_file(void **state)
{
	struct place *p = *state;
	struct stat st;

	umask(0);
	store_close(opened(p, STORE_WRITE));
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	umask(022);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(there_and_back), T(filters), T(two_runs), T(prefixes), T(evidence),
		T(tampered), T(nothing_is_run), T(not_a_store), T(newer), T(versions),
		T(steps), T(processes), T(isolation), T(private_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
