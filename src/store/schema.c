/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema.c - see schema.h. Tables are STRICT: a value of another type than the
 * column's is refused by SQLite itself. Times are integers, nanoseconds since
 * 1970; severities are 0 (info) to 4 (critical); rules of features are 0 (shown),
 * 1 (at least) and 2 (at most). */
#include "store/schema.h"
#include "model/finding.h"
#include "base/buf.h"
#include <sqlite3.h>

static const char log_tables[] =
	"CREATE TABLE event(\"number\" INTEGER PRIMARY KEY, \"at\" INTEGER NOT NULL, "
	"\"author\" TEXT NOT NULL, \"kind\" TEXT NOT NULL, \"about\" TEXT NOT NULL, "
	"\"body\" TEXT NOT NULL, \"prev\" TEXT NOT NULL, \"hash\" TEXT NOT NULL, "
	"\"signature\" TEXT NOT NULL, \"signer\" TEXT NOT NULL) STRICT;\n"
	"CREATE INDEX event_about ON event(about) WHERE about<>'';\n"
	"CREATE TABLE octets(number INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, "
	"octets BLOB NOT NULL) STRICT;\n"
	"CREATE TABLE secret(kind TEXT NOT NULL, id TEXT NOT NULL, value BLOB NOT NULL, "
	"expires INTEGER NOT NULL, PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;\n";

/* Who takes part, and documents that a run leaves beside its findings: a zone's graph. */
#define READING_TABLES                                                          \
	"CREATE INDEX related_name ON related(name COLLATE NOCASE);\n"          \
	"CREATE TABLE run_part(run INTEGER NOT NULL REFERENCES run(number), "   \
	"name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(run, name)) STRICT;\n"

/* In the order in which they were written (a finding may be measured anew), all of a finding
 * that lists, filters and searches need: some 350 octets beside a row of 2,500, which holds
 * its summary. Whoever holds all findings in memory (respond/sieve.h) reads this and not the
 * rows; a new finding is added at its end. */
#define BRIEF_INDEX                                                             \
	"CREATE INDEX finding_brief ON finding(revision, rule, subject_kind, "  \
	"subject, zone, label, \"from\", \"until\", confidence, severity, id, "  \
	"sentence);\n"

/* A step may hold several statements. */
const struct schema_step schema_steps[] = {
	{ 2, "ALTER TABLE finding ADD COLUMN \"zone\" TEXT NOT NULL DEFAULT '';"
	     "ALTER TABLE finding ADD COLUMN \"file\" TEXT NOT NULL DEFAULT '';"
	     "ALTER TABLE finding ADD COLUMN \"line\" INTEGER NOT NULL DEFAULT 0" },
	{ 3, log_tables },
	{ 4, "ALTER TABLE finding ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;"
	     "UPDATE finding SET revision=number;"
	     "CREATE INDEX finding_revision ON finding(revision);" READING_TABLES },
	{ 5, "DROP INDEX finding_revision;" BRIEF_INDEX },
	{ 6, "ALTER TABLE run ADD COLUMN label TEXT NOT NULL DEFAULT 'TLP:AMBER'" },
	{ 0, NULL }
};

void schema_columns(struct buf *out, const struct field *fields)
{
	static const char *const types[] = {
		[FIELD_text] = "TEXT", [FIELD_count] = "INTEGER",
		[FIELD_stamp] = "INTEGER", [FIELD_severity] = "INTEGER",
		[FIELD_real] = "REAL", [FIELD_rule] = "INTEGER",
		[FIELD_words] = "TEXT", [FIELD_choice] = "INTEGER",
	};

	for (const struct field *f = fields; f->name; f++)
		buf_fmt(out, "\"%s\" %s NOT NULL%s, ", f->name, types[f->kind],
			fields == finding_fields && f == fields ? " UNIQUE" : "");
}

/* A list inside a finding: its rows are kept in order by `place`. */
static void list(struct buf *out, const char *name, const struct field *fields)
{
	buf_fmt(out, "CREATE TABLE %s("
		     "finding INTEGER NOT NULL REFERENCES finding(number), "
		     "place INTEGER NOT NULL, ", name);
	schema_columns(out, fields);
	buf_text(out, "PRIMARY KEY(finding, place)) STRICT, WITHOUT ROWID;\n");
}

static const char others[] =
	"CREATE TABLE finding_evidence("
	"finding INTEGER NOT NULL REFERENCES finding(number), place INTEGER NOT NULL, "
	"hash BLOB NOT NULL, PRIMARY KEY(finding, place)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE evidence(number INTEGER PRIMARY KEY, "
	"hash BLOB NOT NULL UNIQUE, packed BLOB NOT NULL) STRICT;\n"
	"CREATE TABLE run(number INTEGER PRIMARY KEY, started INTEGER NOT NULL, "
	"ended INTEGER NOT NULL, version TEXT NOT NULL, arguments TEXT NOT NULL, "
	"report TEXT NOT NULL, label TEXT NOT NULL DEFAULT 'TLP:AMBER') STRICT;\n"
	"CREATE TABLE run_finding(run INTEGER NOT NULL REFERENCES run(number), "
	"finding INTEGER NOT NULL REFERENCES finding(number), "
	"PRIMARY KEY(run, finding)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX run_finding_finding ON run_finding(finding);\n";

void schema_text(struct buf *out)
{
	buf_text(out, "CREATE TABLE finding(number INTEGER PRIMARY KEY, ");
	schema_columns(out, finding_fields);
	buf_text(out, "summary BLOB NOT NULL, revision INTEGER NOT NULL DEFAULT 0) STRICT;\n"
		      "CREATE INDEX finding_until ON finding(until);\n"
		      "CREATE INDEX finding_subject "
		      "ON finding(subject COLLATE NOCASE);\n");
	list(out, "feature", feature_fields);
	list(out, "related", related_fields);
	buf_text(out, others);
	buf_text(out, log_tables);
	buf_text(out, BRIEF_INDEX READING_TABLES);
}

int schema_pragma(struct sqlite3 *db, const char *name, int *ret)
{
	sqlite3_stmt *st = NULL;
	char sql[64];
	int rc;

	snprintf(sql, sizeof sql, "PRAGMA %s", name);
	rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		*ret = sqlite3_column_int(st, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(st);
	return rc;
}

/* Runs `sql` and moves the file from version `from` to `to`, whole or not at all;
 * nothing when the version is no longer `from`. */
static int step(struct sqlite3 *db, const char *sql, int from, int to)
{
	char version[80];
	int now = 0, rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (rc)
		return rc;
	rc = schema_pragma(db, "user_version", &now);
	if (rc == SQLITE_OK && now == from) {
		snprintf(version, sizeof version,
			 "PRAGMA application_id=%d; PRAGMA user_version=%d",
			 SCHEMA_APPLICATION, to);
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			rc = sqlite3_exec(db, version, NULL, NULL, NULL);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int schema_create(struct sqlite3 *db)
{
	struct buf sql = { 0 };
	int rc;

	schema_text(&sql);
	rc = buf_error(&sql) ? SQLITE_NOMEM : step(db, buf_str(&sql), 0, SCHEMA_VERSION);
	buf_free(&sql);
	return rc;
}

int schema_bring(struct sqlite3 *db, const struct schema_step *steps, int target)
{
	int now = 0, rc = schema_pragma(db, "user_version", &now);

	for (; rc == SQLITE_OK && steps->to; steps++) {
		if (steps->to <= now || steps->to > target)
			continue;
		rc = step(db, steps->sql, now, steps->to);
		now = steps->to;
	}
	return rc;
}
