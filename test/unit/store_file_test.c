/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_file_test.c - the store's file: what is not ours, not whole or of another
 * version; several processes at once. */
#include "store_place.h"
#include "store/schema.h"
#include "base/buf.h"
#include "store_schema.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
	place_raw(p->path, "CREATE TABLE bookmarks(url)");
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

	store_close(place_open(p, STORE_WRITE));
	snprintf(sql, sizeof sql, "PRAGMA user_version=%d", SCHEMA_VERSION + 1);
	place_raw(p->path, sql);
	refuses(p, STORE_READ, OOPS_VERSION, "newer Vedette");
	refuses(p, STORE_WRITE, OOPS_VERSION, "newer Vedette");
}

static void lying(void **state)
{
	static const int there_is_none[] = { 0, -3 };
	struct place *p = *state;
	char sql[80];

	store_close(place_open(p, STORE_WRITE));
	for (size_t i = 0; i < COUNT(there_is_none); i++) {
		snprintf(sql, sizeof sql, "PRAGMA user_version=%d", there_is_none[i]);
		place_raw(p->path, sql);
		refuses(p, STORE_READ, OOPS_FORMAT, "is damaged: there is no schema");
		refuses(p, STORE_WRITE, OOPS_FORMAT, "is damaged: there is no schema");
	}
	place_raw(p->path, "PRAGMA user_version=1");	/* with the tables of today */
	refuses(p, STORE_WRITE, OOPS_FORMAT, "is damaged: it says schema 1, but has other tables");
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
		store_close(place_open(p, STORE_READ));	/* brings it up, if it must */
		store_close(place_open(p, STORE_WRITE));
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
		{ SCHEMA_VERSION + 1,
		  "ALTER TABLE finding ADD COLUMN asn INTEGER NOT NULL DEFAULT 7;"
		  "CREATE TABLE future(number INTEGER PRIMARY KEY)" },
		{ SCHEMA_VERSION + 2, "INSERT INTO future VALUES(42)" },
		{ 0, NULL },
	};
	static const struct schema_step bad[] = {
		{ SCHEMA_VERSION + 3, "INSERT INTO future VALUES(43); SELECT no_such_function()" },
		{ 0, NULL },
	};
	struct place *p = *state;
	struct store *s = place_open(p, STORE_WRITE);
	sqlite3 *db;

	place_begin(s);
	place_fill(s, 0, 10);
	store_close(s);
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(schema_bring(db, good, SCHEMA_VERSION + 1), SQLITE_OK);
	assert_int_equal(asked(db, "PRAGMA user_version"), SCHEMA_VERSION + 1);
	assert_int_equal(asked(db, "SELECT sum(asn) FROM finding"), 70);
	assert_int_equal(schema_bring(db, good, SCHEMA_VERSION + 2), SQLITE_OK);
	assert_int_equal(schema_bring(db, good, SCHEMA_VERSION + 2), SQLITE_OK);
	assert_int_equal(asked(db, "SELECT sum(number) FROM future"), 42);
	assert_int_not_equal(schema_bring(db, bad, SCHEMA_VERSION + 3), SQLITE_OK);
	assert_int_equal(sqlite3_get_autocommit(db), 1);
	assert_int_equal(asked(db, "PRAGMA user_version"), SCHEMA_VERSION + 2);
	assert_int_equal(asked(db, "SELECT sum(number) FROM future"), 42);
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
		place_make(f, i);
		bad = store_add_finding(s, f) < 0 || store_commit(s);
	}
	if (bad == 0)
		store_close(s);
	free(f);
	return bad;
}

/* Starts `count` children that do `work` on the path at the same moment, and waits
 * for them. The pipe lets all of them go at once when it is closed. */
static void at_once(unsigned count, int (*work)(const char *path, unsigned i),
		    const char *path)
{
	pid_t pids[8];
	int gate[2];
	char go;

	assert_true(count <= COUNT(pids));
	assert_int_equal(pipe(gate), 0);
	for (unsigned i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		close(gate[1]);
		_exit(read(gate[0], &go, 1) != 0 || work(path, i));
	}
	close(gate[0]);
	close(gate[1]);
	for (unsigned i = 0; i < count; i++)
		ended(pids[i]);
}

static int open_and_begin(const char *path, unsigned i)
{
	const struct store_run run = { .number = i, .version = "", .arguments = "" };
	char why[STORE_WHY];
	struct store *s;

	if (store_open(&s, path, STORE_WRITE, why)) {
		print_error("%s\n", why);
		return 1;
	}
	if (store_begin_run(s, &run)) {
		print_error("%s\n", store_error(s));
		return 1;
	}
	store_close(s);
	return 0;
}

/* Several processes at once open a store that does not exist yet: each waits for
 * who makes it, none takes a half-made one for another program's. */
static void first_open(void **state)
{
	struct place *p = *state;
	sqlite3 *db;

	for (unsigned round = 0; round < 100; round++) {
		at_once(4, open_and_begin, p->path);
		assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
		assert_int_equal(asked(db, "SELECT count(*) FROM run"), 4);
		sqlite3_close(db);
		unlink(p->path);
	}
}

static int bring(const char *path, unsigned i)
{
	static const struct schema_step future[] = {
		{ SCHEMA_VERSION + 1,
		  "ALTER TABLE finding ADD COLUMN asn INTEGER NOT NULL DEFAULT 7;"
		  "CREATE TABLE future(number INTEGER PRIMARY KEY)" },
		{ SCHEMA_VERSION + 2, "INSERT INTO future VALUES(42)" },
		{ 0, NULL },
	};
	sqlite3 *db;
	int bad;

	(void)i;
	if (sqlite3_open(path, &db))
		return 1;
	sqlite3_busy_timeout(db, STORE_BUSY_MS);
	bad = schema_bring(db, future, SCHEMA_VERSION + 2) != SQLITE_OK ||
	      asked(db, "SELECT sum(number) FROM future") != 42;
	sqlite3_close(db);
	return bad;
}

/* Several processes at once bring up a store of an older version: each step is done
 * once. */
static void first_bring(void **state)
{
	struct place *p = *state;

	for (unsigned round = 0; round < 30; round++) {
		store_close(place_open(p, STORE_WRITE));
			at_once(4, bring, p->path);
		refuses(p, STORE_WRITE, OOPS_VERSION, "newer Vedette");
		unlink(p->path);
	}
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
	s = place_open(p, STORE_READ);
	assert_int_equal(place_count(s, &(struct store_filter){ 0 }), 200);
	store_close(s);
}

/* What is not committed is seen by nobody else, and a reader's view stays. */
static void isolation(void **state)
{
	struct place *p = *state;
	struct store *w = place_open(p, STORE_WRITE), *r = place_open(p, STORE_READ);
	struct finding *f = malloc(sizeof *f);

	place_begin(w);
	place_make(f, 1);
	assert_int_equal(store_add_finding(w, f), 1);
	assert_int_equal(place_count(r, &(struct store_filter){ 0 }), 0);
	assert_int_equal(store_commit(w), 0);
	assert_int_equal(place_count(r, &(struct store_filter){ 0 }), 1);
	place_make(f, 2);
	assert_int_equal(store_add_finding(w, f), 1);
	store_close(w);		/* without a commit */
	assert_int_equal(place_count(r, &(struct store_filter){ 0 }), 1);
	place_make(f, 3);
	assert_int_equal(store_begin_run(r, &(struct store_run){ 0 }), -EACCES);
	assert_non_null(strstr(store_error(r), "may not be written"));
	assert_int_equal(store_add_finding(r, f), -EINVAL);
	store_close(r);
	free(f);
}

/* Nothing but the store is in its folder. */
static bool alone(const struct place *p)
{
	DIR *folder = opendir(p->folder);
	unsigned n = 0;

	assert_non_null(folder);
	for (struct dirent *e; (e = readdir(folder));)
		n += e->d_name[0] != '.';
	closedir(folder);
	return n == 1;
}

static void reads(struct place *p, unsigned count)
{
	struct store *s = place_open(p, STORE_READ);

	assert_int_equal(place_count(s, &(struct store_filter){ 0 }), count);
	store_close(s);
}

/* Commits ten findings, and ends without closing the store. */
static int write_and_die(const char *path, unsigned first)
{
	const struct store_run run = { .version = "", .arguments = "" };
	char why[STORE_WHY];
	struct store *s;

	if (store_open(&s, path, STORE_WRITE, why) || store_begin_run(s, &run))
		return 1;
	place_fill(s, first + 100, 10);
	return 0;
}

/* A reader leaves no file that was not there, changes nothing, and takes nothing away
 * from a writer. */
static void readers_leave_nothing(void **state)
{
	struct place *p = *state;
	struct stat before, after;
	struct store *w, *r;

	w = place_open(p, STORE_WRITE);
	place_begin(w);
	place_fill(w, 0, 10);
	store_close(w);
	assert_true(alone(p));
	assert_int_equal(stat(p->path, &before), 0);
	reads(p, 10);
	assert_true(alone(p));
	assert_int_equal(stat(p->path, &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof after.st_mtim);

	at_once(1, write_and_die, p->path);
	assert_false(alone(p));
	reads(p, 20);
	assert_true(alone(p));
	reads(p, 20);

	w = place_open(p, STORE_WRITE);
	place_begin(w);
	place_fill(w, 10, 10);
	reads(p, 30);
	place_fill(w, 20, 10);
	r = place_open(p, STORE_READ);
	store_close(w);
	assert_int_equal(place_count(r, &(struct store_filter){ 0 }), 40);
	store_close(r);
	assert_true(alone(p));
}

static int read_as_nobody(const char *path, unsigned count)
{
	struct store *s = NULL;
	char why[STORE_WHY];

	if (setgid(65534) || setuid(65534))
		return 1;
	if (store_open(&s, path, STORE_READ, why)) {
		print_error("%s\n", why);
		return 1;
	}
	if (place_count(s, &(struct store_filter){ 0 }) != count)
		return 1;
	store_close(s);
	return 0;
}

static int read_none(const char *path, unsigned i) { return read_as_nobody(path, i); }
static int read_ten(const char *path, unsigned i) { return read_as_nobody(path, i + 10); }
static int read_20(const char *path, unsigned i) { return read_as_nobody(path, i + 20); }

/* Who may not write the store, but its folder, makes no file there that its owner could
 * not open; while a writer has it open it is read with the writer's files. Who may write
 * the store, but not its folder, can read it, too. */
static void readers_of_others(void **state)
{
	struct place *p = *state;
	struct store *w;

	if (geteuid() != 0)
		skip();
	w = place_open(p, STORE_WRITE);
	assert_int_equal(chmod(p->folder, 0777), 0);
	assert_int_equal(chmod(p->path, 0644), 0);
	store_close(w);
	at_once(1, read_none, p->path);
	assert_true(alone(p));
	w = place_open(p, STORE_WRITE);
	place_begin(w);
	place_fill(w, 0, 10);
	at_once(1, read_ten, p->path);
	place_fill(w, 10, 10);
	store_close(w);
	assert_true(alone(p));
	assert_int_equal(chmod(p->folder, 0555), 0);	/* now the other way round */
	assert_int_equal(chmod(p->path, 0666), 0);
	at_once(1, read_20, p->path);
	assert_true(alone(p));
}

static void private_file(void **state)
{
	struct place *p = *state;
	struct stat st;

	umask(0);
	store_close(place_open(p, STORE_WRITE));
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	umask(022);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, place_up, place_down)
	const struct CMUnitTest tests[] = {
		T(not_a_store), T(newer), T(lying), T(versions), T(steps), T(first_open),
		T(first_bring), T(processes),
		T(isolation), T(readers_leave_nothing), T(readers_of_others),
		T(private_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
