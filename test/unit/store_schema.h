/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_schema.h - the schemas that stores were made with, by version. Text of the
 * past: it is never changed, only added to (see store/schema.h). */
#pragma once

static const char *const store_schemas[] = {
	[1] =
	"CREATE TABLE finding(number INTEGER PRIMARY KEY, \"id\" TEXT "
	"NOT NULL UNIQUE, \"rule\" TEXT NOT NULL, \"rule_version\" INTEGER "
	"NOT NULL, \"subject_kind\" TEXT NOT NULL, \"subject\" TEXT NOT "
	"NULL, \"from\" INTEGER NOT NULL, \"until\" INTEGER NOT NULL, "
	"\"severity\" INTEGER NOT NULL, \"confidence\" INTEGER NOT NULL, "
	"\"sentence\" TEXT NOT NULL, \"frames\" INTEGER NOT NULL, \"lost\" "
	"INTEGER NOT NULL, \"crowded\" INTEGER NOT NULL, \"late\" INTEGER "
	"NOT NULL, \"label\" TEXT NOT NULL, \"evidence_all\" INTEGER NOT "
	"NULL, \"evidence_kept\" INTEGER NOT NULL, summary BLOB NOT NULL) "
	"STRICT;\n"
	"CREATE INDEX finding_until ON finding(until);\n"
	"CREATE INDEX finding_subject ON finding(subject COLLATE NOCASE);\n"
	"CREATE TABLE feature(finding INTEGER NOT NULL REFERENCES finding(number), "
	"place INTEGER NOT NULL, \"name\" TEXT NOT NULL, \"unit\" TEXT "
	"NOT NULL, \"help\" TEXT NOT NULL, \"value\" REAL NOT NULL, \"threshold\" "
	"REAL NOT NULL, \"rule\" INTEGER NOT NULL, PRIMARY KEY(finding, "
	"place)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE related(finding INTEGER NOT NULL REFERENCES finding(number), "
	"place INTEGER NOT NULL, \"role\" TEXT NOT NULL, \"name\" TEXT "
	"NOT NULL, \"note\" TEXT NOT NULL, \"amount\" INTEGER NOT NULL, "
	"PRIMARY KEY(finding, place)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE finding_evidence(finding INTEGER NOT NULL REFERENCES "
	"finding(number), place INTEGER NOT NULL, hash BLOB NOT NULL, "
	"PRIMARY KEY(finding, place)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE evidence(number INTEGER PRIMARY KEY, hash BLOB NOT "
	"NULL UNIQUE, packed BLOB NOT NULL) STRICT;\n"
	"CREATE TABLE run(number INTEGER PRIMARY KEY, started INTEGER "
	"NOT NULL, ended INTEGER NOT NULL, version TEXT NOT NULL, arguments "
	"TEXT NOT NULL, report TEXT NOT NULL) STRICT;\n"
	"CREATE TABLE run_finding(run INTEGER NOT NULL REFERENCES run(number), "
	"finding INTEGER NOT NULL REFERENCES finding(number), PRIMARY "
	"KEY(run, finding)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX run_finding_finding ON run_finding(finding);\n"
	,
};
