/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.h - what the files of store/ share and nobody else sees. */
#pragma once
#include "model/desk.h"
#include "store/store.h"
#include "store/schema.h"
#include <sqlite3.h>

/* Statements that are kept prepared, and their text: '@' stands for the columns
 * of the fields, '#' for as many parameters, '&' for "column = excluded.column". */
#define STATEMENTS(F)                                                          \
	F(EVIDENCE_ADD, NULL, "INSERT INTO evidence(hash, packed) VALUES(?, ?) " \
			      "ON CONFLICT(hash) DO NOTHING")                  \
	F(EVIDENCE_GET, NULL, "SELECT packed FROM evidence WHERE hash=?")      \
	F(FINDING_KNOWN, NULL, "SELECT number, frames, label FROM " \
	  "finding WHERE id=?") \
	F(FINDING_ADD, finding_fields, "INSERT INTO finding(@, summary, "      \
	  "revision) VALUES(#, ?, (SELECT coalesce(max(revision), 0)+1 FROM "  \
	  "finding)) ON CONFLICT(id) DO UPDATE SET &, "                        \
	  "summary=excluded.summary, revision=excluded.revision "              \
	  "RETURNING number")                         \
	F(FINDING_MARK, NULL, "UPDATE finding SET label=?, revision=(SELECT "   \
	  "coalesce(max(revision), 0)+1 FROM finding) WHERE number=?")          \
	F(REVISION, NULL, "SELECT max(revision) FROM finding")                 \
	F(MEMBER_MARKING, NULL, "SELECT tlp, pap FROM member WHERE kind=? AND id=?") \
	F(RUN_ENDED, NULL, "SELECT ended FROM run WHERE number=?")             \
	F(FINDING_MOST, NULL, "SELECT max(number) FROM finding")               \
	F(PLACES, NULL, "SELECT f.number, m.incident, m.tlp, m.pap FROM member AS m " \
	  "CROSS JOIN finding AS f ON f.id=m.id WHERE m.kind=0 ORDER BY m.id")   \
	F(PLACES_OF_CASE, NULL, "SELECT f.number, m.incident, m.tlp, m.pap FROM member " \
	  "AS m CROSS JOIN finding AS f ON f.id=m.id WHERE m.incident=? AND m.kind=0") \
	F(PLACES_OF_FINDING, NULL, "SELECT f.number, m.incident, m.tlp, m.pap FROM " \
	  "finding AS f CROSS JOIN member AS m ON m.kind=0 AND m.id=f.id " \
	  "WHERE f.number=?")                                                  \
	F(FINDING_SCALARS, finding_fields,                                     \
	  "SELECT number, @ FROM finding WHERE number=?")                      \
	F(FINDING_WHOLE, finding_fields,                                       \
	  "SELECT number, @, summary FROM finding WHERE number=?")             \
	F(FEATURE_DROP, NULL, "DELETE FROM feature WHERE finding=?")           \
	F(FEATURE_ADD, feature_fields,                                         \
	  "INSERT INTO feature(@, finding, place) VALUES(#, ?, ?)")            \
	F(FEATURE_GET, feature_fields,                                         \
	  "SELECT @ FROM feature WHERE finding=? ORDER BY place")              \
	F(RELATED_DROP, NULL, "DELETE FROM related WHERE finding=?")           \
	F(RELATED_ADD, related_fields,                                         \
	  "INSERT INTO related(@, finding, place) VALUES(#, ?, ?)")            \
	F(RELATED_GET, related_fields,                                         \
	  "SELECT @ FROM related WHERE finding=? ORDER BY place")              \
	F(REFER_DROP, NULL, "DELETE FROM finding_evidence WHERE finding=?")    \
	F(REFER_ADD, NULL,                                                     \
	  "INSERT INTO finding_evidence(finding, place, hash) VALUES(?, ?, ?)") \
	F(REFER_GET, NULL,                                                     \
	  "SELECT hash FROM finding_evidence WHERE finding=? ORDER BY place")  \
	F(RUN_ADD, NULL, "INSERT INTO run(started, ended, version, arguments, report, " \
			 "label) VALUES(?, 0, ?, ?, '', ?)")                   \
	F(RUN_END, NULL, "UPDATE run SET ended=?, report=? WHERE number=?")    \
	F(EVENT_ADD, event_fields, "INSERT INTO event(@) VALUES(#)")           \
	F(EVENT_LAST, NULL,                                                    \
	  "SELECT number, hash FROM event ORDER BY number DESC LIMIT 1")       \
	F(OCTETS_ADD, NULL, "INSERT INTO octets(hash, octets) VALUES(?, ?) "   \
			    "ON CONFLICT(hash) DO NOTHING")                    \
	F(OCTETS_GET, NULL, "SELECT octets FROM octets WHERE hash=?")          \
	F(SECRET_PUT, NULL, "INSERT OR REPLACE INTO secret(kind, id, value, expires) " \
			    "VALUES(?, ?, ?, ?)")                              \
	F(SECRET_GET, NULL, "SELECT value, expires FROM secret WHERE kind=? AND id=?") \
	F(SECRET_DROP, NULL, "DELETE FROM secret WHERE kind=? AND id=?")       \
	F(SECRET_SWEEP, NULL, "DELETE FROM secret WHERE expires<>0 AND expires<?") \
	F(PART_ADD, NULL, "INSERT OR REPLACE INTO run_part(run, name, body) "  \
			  "VALUES(?, ?, ?)")                                   \
	F(RUN_LINK, NULL, "INSERT INTO run_finding(run, finding) VALUES(?, ?) " \
			  "ON CONFLICT DO NOTHING")

enum statement {
#define F(name, fields, sql) STORE_##name,
	STATEMENTS(F)
#undef F
	STORE_STATEMENTS
};

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	int version;		/* of the file's schema */
	u64 run;		/* number of the run that adds; 0 = none */
	u64 pending;		/* findings and messages since the last commit */
	int error;		/* the last one, with its sentence */
	char why[STORE_WHY];
	char shape[65];		/* hash of the desk's tables' text; "" = not made yet */
	sqlite3_stmt *kept[STORE_STATEMENTS];
	sqlite3_stmt *put[DESK_TABLES], *take[DESK_TABLES];	/* of desk.c */
};

/* Keeps a sentence about this file and gives back `error`. */
int store_say(struct store *s, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same without the store's path: an answer about what is in it, which goes to people who
 * need not know where it lies. */
int store_reply(struct store *s, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same from what SQLite said last; an open transaction is undone. */
int store_failed(struct store *s);
/* A kept statement, reset, or NULL and s->error says why. */
sqlite3_stmt *store_statement(struct store *s, enum statement which);
/* A statement for once, which the caller finalizes, or NULL and s->error says why. */
sqlite3_stmt *store_prepared(struct store *s, const char *sql);
/* Where a query finds the label of a run: files of before schema 6 say none. */
const char *store_run_label(const struct store *s);
/* A text of a row, "" for none: a view until the next step. */
const char *store_words(sqlite3_stmt *st, int at);
/* The text that makes the desk's tables as temporary ones, with their indexes. */
struct buf;
void store_desk_temp(struct buf *out);
/* The text of a template for the fields. */
struct buf;
void store_template(struct buf *out, const char *sql, const struct field *f);
/* 1 = a row, 0 = done, negative = failed. */
int store_step(struct store *s, sqlite3_stmt *st);
/* Opens the transaction that what follows is added in, if none is open. */
int store_ready(struct store *s);
/* Runs a statement that gives no rows, and resets it. */
int store_done(struct store *s, sqlite3_stmt *st);
/* Binds one field of a record as parameter `at`; all of them from 1 on, which gives the
 * next parameter. */
void store_bind(sqlite3_stmt *st, int at, const struct field *f, const void *of);
int store_bind_fields(sqlite3_stmt *st, const struct field *fields, const void *of);
/* All fields of a record from column `at` on; words are views until the next step. */
int store_take_fields(struct store *s, sqlite3_stmt *st, int at,
		      const struct field *fields, void *to);
/* Runs a text without result: 0 or negative. */
int store_exec(struct store *s, const char *sql);
/* OOPS_FORMAT and "is damaged: WHAT is not what it can be". */
int store_damaged(struct store *s, const char *what);
/* The finding of a row "number, all fields, summary": 0 or negative. */
int store_row(struct store *s, sqlite3_stmt *st, struct finding *ret);
/* The same of a row "number, all fields": without lists and summary. */
int store_row_scalars(struct store *s, sqlite3_stmt *st, struct finding *ret);
/* Makes the functions known that the desk's conditions use. */
int store_functions(struct store *s);
