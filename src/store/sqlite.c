/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sqlite.c - opening a store, its errors, its kept statements; see store.h.
 *
 * WAL, so that readers never wait for the writer nor it for them; synchronous is
 * FULL: with NORMAL a commit could be lost in a power failure (not by kill -9),
 * and what is stored here is evidence. It costs one fsync a commit, and a run
 * commits once a window, not once a finding.
 *
 * A store is one thread's at a time (so is its sentence of the last error): SQLite need not
 * lock each value that is read.
 *
 * Whoever reads such a file needs the files -wal and -shm beside it, and SQLite lets
 * only a connection that may write take them away at its end, under a lock on the
 * file. So a reader opens for writing, too, and then may not (query_only). What it
 * may not write itself (somebody else's store, a read-only medium) it reads as
 * immutable, if no -wal stands beside it: it makes no files that its owner could not
 * open. */
#include "store/own.h"
#include "base/buf.h"
#include <fcntl.h>
#include <unistd.h>

/* Evidence is found by its hash, so its index is written all over: with SQLite's
 * own 2 MB, filling a store of 240 MB took a fifth more of CPU. */
#define CACHE_KIB "-65536"
#define WAIT_MS 10

static const struct { const char *sql; const struct field *fields; } texts[] = {
#define F(name, fields, sql) { sql, fields },
	STATEMENTS(F)
#undef F
};

int store_say(struct store *s, int error, const char *format, ...)
{
	va_list args;
	int n = snprintf(s->why, sizeof s->why, "'%.300s' ", s->path);

	va_start(args, format);
	vsnprintf(s->why + n, sizeof s->why - (size_t)n, format, args);
	va_end(args);
	return s->error = error;
}

int store_reply(struct store *s, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->why, sizeof s->why, format, args);
	va_end(args);
	return s->error = error;
}

static bool disk_full(int code, int system)
{
	return (code & 0xff) == SQLITE_FULL ||
	       ((code & 0xff) == SQLITE_IOERR &&
		(system == ENOSPC || system == EDQUOT || system == EFBIG));
}

static int say_code(struct store *s, int code, int system, const char *text)
{
	if (disk_full(code, system))
		return store_say(s, -ENOSPC, "could not grow: the disk is full");
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return store_say(s, -EBUSY, "has been kept busy by another program "
				 "for more than %d seconds", STORE_BUSY_MS / 1000);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return store_say(s, -EACCES, "may not be written");
	case SQLITE_NOTADB:
		return store_say(s, OOPS_FORMAT, "is no SQLite database");
	case SQLITE_CORRUPT:
		return store_say(s, OOPS_FORMAT, "is damaged (%s)", text);
	case SQLITE_NOMEM:
		return store_say(s, -ENOMEM, "needs more memory than there is");
	case SQLITE_CANTOPEN:
		return store_say(s, system ? -system : -EIO, "cannot be opened: %s",
				 system ? strerror(system) : text);
	case SQLITE_IOERR:
		return store_say(s, -EIO, "cannot be read or written: %s",
				 system ? strerror(system) : text);
	default:
		return store_say(s, -EINVAL, "cannot be used: %s", text);
	}
}

int store_failed(struct store *s)
{
	int last = errno;	/* SQLite forgets it when a COMMIT fails */
	int code = sqlite3_extended_errcode(s->db), system = sqlite3_system_errno(s->db);
	int rc = say_code(s, code, system ? system : last, sqlite3_errmsg(s->db));
	size_t n = strlen(s->why);

	for (int i = 0; i < STORE_STATEMENTS; i++)
		sqlite3_reset(s->kept[i]);
	for (int i = 0; i < DESK_TABLES; i++) {
		sqlite3_reset(s->put[i]);
		sqlite3_reset(s->take[i]);
	}
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	if (s->pending)
		snprintf(s->why + n, sizeof s->why - n, N_("; %llu findings and messages "
			 "since the last commit are not stored, all before are safe"),
			 (unsigned long long)s->pending);
	s->pending = 0;
	return rc;
}

int store_exec(struct store *s, const char *sql)
{
	errno = 0;
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) ? store_failed(s) : 0;
}

int store_step(struct store *s, sqlite3_stmt *st)
{
	int rc;

	errno = 0;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : store_failed(s);
}

static void each_column(struct buf *out, const struct field *fields, char as)
{
	for (const struct field *f = fields; f->name; f++) {
		if (f != fields)
			buf_text(out, ", ");
		if (as == '#')
			buf_byte(out, '?');
		else if (as == '@')
			buf_fmt(out, "\"%s\"", f->name);
		else
			buf_fmt(out, "\"%s\"=excluded.\"%s\"", f->name, f->name);
	}
}

void store_template(struct buf *out, const char *sql, const struct field *f)
{
	for (; *sql; sql++) {
		if (f && strchr("@#&", *sql))
			each_column(out, f, *sql);
		else
			buf_byte(out, (u8)*sql);
	}
}

sqlite3_stmt *store_statement(struct store *s, enum statement which)
{
	struct buf sql = { 0 };
	sqlite3_stmt **st = &s->kept[which];

	if (*st) {
		sqlite3_reset(*st);
		return *st;
	}
	store_template(&sql, texts[which].sql, texts[which].fields);
	if (buf_error(&sql))
		store_say(s, -ENOMEM, "needs more memory than there is");
	else if (sqlite3_prepare_v3(s->db, buf_str(&sql), -1, SQLITE_PREPARE_PERSISTENT,
				    st, NULL))
		store_failed(s);
	buf_free(&sql);
	return *st;
}

sqlite3_stmt *store_prepared(struct store *s, const char *sql)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL))
		store_failed(s);
	return st;
}

const char *store_run_label(const struct store *s)
{
	return s->version >= 6 ? "run.label" : "'TLP:AMBER'";
}

const char *store_words(sqlite3_stmt *st, int at)
{
	const char *text = (const char *)sqlite3_column_text(st, at);

	return text ? text : "";
}

/* A stranger's file is data: nothing in it is run, nothing of it is trusted. */
static void harden(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *)NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, REPORT_JSON_MAX);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

/* Who waits for another writer looks every WAIT_MS: SQLite's own would look ten times a second
 * only, and so miss one who makes room for a moment (respond/group.h). */
static int wait_turn(void *unused, int times)
{
	(void)unused;
	if (times >= STORE_BUSY_MS / WAIT_MS)
		return 0;
	sqlite3_sleep(WAIT_MS);
	return 1;
}

static int connect_file(struct store *s, const char *name, int flags)
{
	int rc = sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_PRIVATECACHE |
				 SQLITE_OPEN_NOMUTEX, NULL);

	if (rc)
		return s->db ? store_failed(s)
			     : store_say(s, -ENOMEM, "needs more memory than there is");
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_handler(s->db, wait_turn, NULL);
	harden(s->db);
	return store_exec(s, "PRAGMA cell_size_check=ON");
}

/* "file:/a%3fb?immutable=1": the path with all but plain characters escaped. */
static int connect_immutable(struct store *s)
{
	struct buf uri = { 0 };
	int rc;

	buf_text(&uri, *s->path == '/' ? "file://" : "file:");
	for (const char *p = s->path; *p; p++) {
		if (strchr("%?#", *p))
			buf_fmt(&uri, "%%%02x", (u8)*p);
		else
			buf_byte(&uri, (u8)*p);
	}
	buf_text(&uri, "?immutable=1");
	sqlite3_close(s->db);
	s->db = NULL;
	rc = buf_error(&uri) ? store_say(s, -ENOMEM, "needs more memory than there is")
			     : connect_file(s, uri.at, SQLITE_OPEN_READONLY |
						       SQLITE_OPEN_URI);
	buf_free(&uri);
	return rc;
}

static bool beside(const struct store *s, const char *suffix)
{
	struct buf name = { 0 };
	char *real = realpath(s->path, NULL);	/* where SQLite has them, too */
	bool there;

	buf_fmt(&name, "%s%s", real ? real : s->path, suffix);
	there = buf_error(&name) || access(name.at, F_OK) == 0;
	buf_free(&name);
	free(real);
	return there;
}

static int connect_reader(struct store *s)
{
	int rc;

	if (access(s->path, W_OK))
		return beside(s, "-wal")
		       ? connect_file(s, s->path, SQLITE_OPEN_READONLY)
		       : connect_immutable(s);
	rc = connect_file(s, s->path, SQLITE_OPEN_READWRITE);
	return rc ? rc : store_exec(s, "PRAGMA query_only=ON");
}

/* The first real read: what kind of file is it? All as of one moment: another
 * process may be making the file. */
static int numbers(struct store *s, int *application, int *version, int *tables)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_exec(s->db, "BEGIN", NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = schema_pragma(s->db, "application_id", application);
	if (rc == SQLITE_OK)
		rc = schema_pragma(s->db, "user_version", version);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(s->db, "SELECT count(*) FROM sqlite_schema", -1,
					&st, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		*tables = sqlite3_column_int(st, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(st);
	return rc ? rc : sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
}

static int refuse(struct store *s, int application, int version)
{
	if (application != SCHEMA_APPLICATION)
		return store_say(s, OOPS_FORMAT, "is an SQLite database of another "
				 "program, not a store of Vedette");
	if (version < 1)
		return store_say(s, OOPS_FORMAT, "is damaged: there is no schema %d", version);
	return store_say(s, OOPS_VERSION, "was written by a newer Vedette (schema %d, "
			 "this one knows %d); use that one or a newer one", version,
			 SCHEMA_VERSION);
}

/* Waits a little, as often as *left says: for SQLite, and for set_wal(). */
static int patience(void *left, int times)
{
	int *n = left;

	(void)times;
	if (*n == 0)
		return 0;
	--*n;
	sqlite3_sleep(WAIT_MS);
	return 1;
}

/* SQLite reads the file first and then wants to write it, and does not wait for
 * who is ahead between the two: that could be for ever, as both may be reading.
 * It gives up what it has read and says SQLITE_BUSY; so we try again. */
static int set_wal(struct store *s)
{
	int left = STORE_BUSY_MS / WAIT_MS, rc;

	sqlite3_busy_handler(s->db, patience, &left);
	do {
		errno = 0;
		rc = sqlite3_exec(s->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
	} while ((rc & 0xff) == SQLITE_BUSY && patience(&left, 0));
	sqlite3_busy_handler(s->db, wait_turn, NULL);
	return rc ? store_failed(s) : 0;
}

/* A step did not work and was undone, after which SQLite tells of it only by its code. */
static int step_failed(struct store *s, int code)
{
	const int last = errno, system = sqlite3_system_errno(s->db);

	if ((code & 0xff) == SQLITE_ERROR)
		return store_say(s, OOPS_FORMAT, "is damaged: it says schema %d, but has other "
				 "tables", s->version);
	return say_code(s, code, system ? system : last, sqlite3_errstr(code));
}

/* Makes the tables, or brings them up, if no other process was faster. */
static int prepare(struct store *s, bool fresh)
{
	int rc = set_wal(s), code = 0;

	if (rc == 0 && fresh)
		code = schema_create(s->db);
	if (rc == 0 && code == 0)
		code = schema_bring(s->db, schema_steps, SCHEMA_VERSION);
	return code ? step_failed(s, code) : rc;
}

enum state { READY, OLDER, EMPTY };

/* The file could be written, but nothing be made in its folder. */
static bool no_folder(int code)
{
	return (code & 0xff) == SQLITE_CANTOPEN || code == SQLITE_READONLY_DIRECTORY;
}

/* What the file is (enum state), or negative. */
static int look(struct store *s)
{
	int application = 0, version = 0, tables = 0, rc;

	errno = 0;
	rc = numbers(s, &application, &version, &tables);
	if (s->mode == STORE_READ && no_folder(rc) && !beside(s, "-wal") &&
	    (rc = connect_immutable(s)) == 0)
		rc = numbers(s, &application, &version, &tables);
	if (rc)
		return rc < 0 ? rc : store_failed(s);
	s->version = version;
	if (tables == 0 && application == 0 && version == 0)
		return EMPTY;
	if (application != SCHEMA_APPLICATION || version < 1 || version > SCHEMA_VERSION)
		return refuse(s, application, version);
	if (s->mode == STORE_READ && version >= SCHEMA_READABLE)
		return READY;
	return version == SCHEMA_VERSION ? READY : OLDER;
}

/* 0; 1 when a writer has to bring it up first; negative. What was made or
 * brought up is looked at again: a newer Vedette may have been faster. */
static int examine(struct store *s)
{
	int rc = look(s);

	if (s->mode == STORE_WRITE && rc > READY) {
		rc = prepare(s, rc == EMPTY);
		if (rc == 0 && (rc = look(s)) > READY)
			rc = store_say(s, -EBUSY, "was changed by another program while "
				       "it was opened");
	}
	if (rc == EMPTY)
		rc = store_say(s, OOPS_FORMAT, "is empty: nothing was stored");
	return rc;
}

/* SQLite would make the file readable by everybody. */
static int make_file(struct store *s)
{
	int fd = open(s->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd >= 0)
		return close(fd) ? -errno : 0;
	if (errno == EEXIST)
		return 0;
	return store_say(s, -errno, "cannot be made: %s", strerror(errno));
}

static int open_file(struct store *s)
{
	int rc;

	if (s->mode == STORE_WRITE && (rc = make_file(s)))
		return rc;
	if (access(s->path, s->mode == STORE_WRITE ? R_OK | W_OK : R_OK))
		return store_say(s, -errno, "cannot be opened: %s", strerror(errno));
	rc = s->mode == STORE_WRITE ? connect_file(s, s->path, SQLITE_OPEN_READWRITE)
				    : connect_reader(s);
	if (rc == 0)
		rc = examine(s);
	if (rc == 0)
		rc = store_exec(s, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
				"PRAGMA cache_size=" CACHE_KIB);
	if (rc == 0 && s->mode == STORE_READ)	/* who sorts behind walls can make no file */
		rc = store_exec(s, "PRAGMA temp_store=MEMORY");
	return rc ? rc : store_functions(s);
}

int store_version(struct store *s, u64 *ret)
{
	int version = 0;

	errno = 0;
	if (schema_pragma(s->db, "data_version", &version))
		return store_failed(s);
	*ret = (u64)(unsigned)version;
	return 0;
}

struct store *store_close(struct store *s)
{
	if (s == NULL)
		return NULL;
	for (int i = 0; i < STORE_STATEMENTS; i++)
		sqlite3_finalize(s->kept[i]);
	for (int i = 0; i < DESK_TABLES; i++) {
		sqlite3_finalize(s->put[i]);
		sqlite3_finalize(s->take[i]);
	}
	sqlite3_close(s->db);
	free(s->path);
	free(s);
	return NULL;
}

/* What only a writer may do, on behalf of a reader: see examine(). */
static int mend(const char *path, char why[STORE_WHY])
{
	struct store *s;
	int rc = store_open(&s, path, STORE_WRITE, why);

	if (rc == 0)
		store_close(s);
	return rc;
}

int store_open(struct store **ret, const char *path, enum store_mode mode,
	       char why[STORE_WHY])
{
	struct store *s = calloc(1, sizeof *s);
	int rc;

	if (s == NULL || (s->path = strdup(path)) == NULL) {
		snprintf(why, STORE_WHY, N_("there is no memory left"));
		store_close(s);
		return -ENOMEM;
	}
	s->mode = mode;
	rc = open_file(s);
	if (rc == 0) {
		*ret = s;
		return 0;
	}
	snprintf(why, STORE_WHY, "%s", s->why);
	store_close(s);
	if (rc < 0)
		return rc;
	rc = mend(path, why);
	return rc ? rc : store_open(ret, path, mode, why);
}

const char *store_error(const struct store *s)
{
	return s->why;
}

int store_commit(struct store *s)
{
	int rc = sqlite3_get_autocommit(s->db) ? 0 : store_exec(s, "COMMIT");

	if (rc == 0)
		s->pending = 0;
	return rc;
}
