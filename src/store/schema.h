/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema.h - the tables of the store, their version, and how versions follow.
 *
 * The desk's nouns (model/desk.h) are not here: they follow from the log (desk.h).
 * A new file gets the schema of today, made from the field lists. A file of an
 * older version gets the steps between, one transaction each.
 *
 * To change the schema (a row more in FINDING_FIELDS is a change):
 *   1. raise SCHEMA_VERSION,
 *   2. add a row to schema_steps[] that brings a file of the version before there,
 *   3. keep the text of the version before in test/unit/store_schema.h.
 * A test makes a file of every kept version, brings it up and compares every
 * column with a new file's, so that none of the three can be forgotten. */
#pragma once
#include "base/base.h"

#define SCHEMA_VERSION 6
#define SCHEMA_READABLE 3	/* files of this version are read as they are */
#define SCHEMA_APPLICATION 0x56656474	/* "Vedt" */

struct sqlite3;
struct buf;
struct field;

struct schema_step {
	int to;			/* the version that it brings a file to */
	const char *sql;
};
extern const struct schema_step schema_steps[];	/* ends with to 0 */

/* Appends "name" TYPE NOT NULL, for each field of a record. */
void schema_columns(struct buf *out, const struct field *fields);
/* Appends the statements that make an empty file a store of today. */
void schema_text(struct buf *out);
/* Makes the tables in an empty file; when another process was faster, nothing.
 * 0, or SQLite's code. */
int schema_create(struct sqlite3 *db);
/* Brings a file from its version to `target` by the steps: 0, or SQLite's code
 * and the file stays at the last version that it reached. */
int schema_bring(struct sqlite3 *db, const struct schema_step *steps, int target);
/* An integer pragma: "user_version", "application_id". 0, or SQLite's code. */
int schema_pragma(struct sqlite3 *db, const char *name, int *ret);
