/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.c - what each person last saw, of an incident and of all; see desk.h. Beside the log:
 * it is not folded, nobody's word depends on it, and losing it costs a warning. */
#include "store/own.h"
#include "store/desk.h"

static const char shape[] =
	"CREATE TABLE IF NOT EXISTS seen(author TEXT NOT NULL, incident INTEGER NOT NULL, "
	"version INTEGER NOT NULL, PRIMARY KEY(author, incident)) STRICT, WITHOUT ROWID";

int store_saw(struct store *s, const char *author, u64 incident, u64 version)
{
	sqlite3_stmt *st = NULL;
	int rc = store_ready(s);

	if (rc == 0)
		rc = store_exec(s, shape);
	if (rc == 0 && sqlite3_prepare_v2(s->db, "INSERT OR REPLACE INTO seen VALUES(?, ?, ?)",
					  -1, &st, NULL))
		rc = store_failed(s);
	if (rc == 0) {
		sqlite3_bind_text(st, 1, author, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, (i64)incident);
		sqlite3_bind_int64(st, 3, (i64)version);
		rc = store_done(s, st);
	}
	sqlite3_finalize(st);
	return rc;
}

int store_seen(struct store *s, const char *author, u64 incident, u64 *version)
{
	sqlite3_stmt *st = NULL;
	int rc;

	*version = 0;
	if (sqlite3_prepare_v2(s->db, "SELECT version FROM seen WHERE author=? AND incident=?",
			       -1, &st, NULL))
		return 0;	/* nobody has seen anything yet */
	sqlite3_bind_text(st, 1, author, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, (i64)incident);
	if ((rc = store_step(s, st)) == 1) {
		*version = (u64)sqlite3_column_int64(st, 0);
		rc = 0;
	}
	sqlite3_finalize(st);
	return rc;
}

static const char looked_shape[] =
	"CREATE TABLE IF NOT EXISTS looked(author TEXT PRIMARY KEY, at INTEGER NOT NULL, "
	"revision INTEGER NOT NULL, event INTEGER NOT NULL) STRICT, WITHOUT ROWID";

int store_look(struct store *s, const char *author, const struct store_looked *now)
{
	sqlite3_stmt *st = NULL;
	int rc = store_ready(s);

	if (rc == 0)
		rc = store_exec(s, looked_shape);
	if (rc == 0 && sqlite3_prepare_v2(s->db, "INSERT OR REPLACE INTO looked "
					  "VALUES(?, ?, ?, ?)", -1, &st, NULL))
		rc = store_failed(s);
	if (rc == 0) {
		sqlite3_bind_text(st, 1, author, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, (i64)now->at);
		sqlite3_bind_int64(st, 3, (i64)now->revision);
		sqlite3_bind_int64(st, 4, (i64)now->event);
		rc = store_done(s, st);
	}
	sqlite3_finalize(st);
	return rc;
}

int store_looked(struct store *s, const char *author, struct store_looked *ret)
{
	sqlite3_stmt *st = NULL;
	int rc;

	*ret = (struct store_looked){ 0 };
	if (sqlite3_prepare_v2(s->db, "SELECT at, revision, event FROM looked WHERE author=?",
			       -1, &st, NULL))
		return 0;	/* nobody has looked yet */
	sqlite3_bind_text(st, 1, author, -1, SQLITE_STATIC);
	if ((rc = store_step(s, st)) == 1) {
		ret->at = (u64)sqlite3_column_int64(st, 0);
		ret->revision = (u64)sqlite3_column_int64(st, 1);
		ret->event = (u64)sqlite3_column_int64(st, 2);
		rc = 0;
	}
	sqlite3_finalize(st);
	return rc;
}
