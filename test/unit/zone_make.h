/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_make.h - zones out of text in a test, and what a family of checks says about them.
 *
 *	struct zone *z = zone_of("example.", "@ SOA ns1 mail 1 2 3 4 5\n@ NS ns1\n");
 *	struct said said = { 0 };
 *
 *	zone_look(&said, &family_structure, z, &(struct zone_look){ .at = 1700000000 });
 *	assert_int_equal(said_count(&said, NULL), 0);
 *	assert_non_null(said_find(&said, "structure.no-soa", "example"));
 *	said_free(&said);
 *	zone_free(z);
 *
 * Text is a master file; the origin and a default TTL of 3600 are set. Subjects are names
 * as name_text() writes them: no dot at the end, "." for the root. Findings went through JSON and
 * back, so they are what another process would get. A broken text ends the test. */
#pragma once
#include "verify/audit.h"
#include "zone/zone.h"

/* A sealed zone: zone_free(). */
struct zone *zone_of(const char *origin, const char *text);
/* The same, not sealed yet. */
struct zone *zone_open_of(const char *origin, const char *text);

struct zone_look {	/* zeroed: all defaults */
	u64 at;			/* seconds; 0 = 1700000000 (2023-11-14 22:13:20) */
	u64 most;		/* 0 = 1000 */
	const char *options;	/* YAML: "structure:\n  ttl-max: 2\n"; NULL = defaults */
	unsigned threads;	/* 0 = 1 */
	bool again;		/* findings carry what lets others judge them again */
	/* The other members of audit_input, or NULL; at and threads are taken from above. */
	const struct audit_input *input;
};

struct said {
	struct finding *at;	/* in the order in which they were said */
	u32 count;
	u64 cases[128];		/* of each row of the family, told or not */
	u8 (*evidence)[32];	/* ids of the items that came */
	u32 evidence_count;
};

/* Lets a family look: its findings into *ret (zeroed, or from an earlier look). Every finding
 * must have a row of the family, a subject, a sentence with a full stop, texts that every
 * language has (english_left.h), and only evidence that came. */
void zone_look(struct said *ret, const struct check_family *family, const struct zone *z,
	       const struct zone_look *how);
void said_free(struct said *s);
/* How many findings a row (NULL = any) has. */
u32 said_count(const struct said *s, const char *row);
/* The first finding of a row about a subject (NULL = any), or NULL. */
const struct finding *said_find(const struct said *s, const char *row, const char *subject);
/* The value of a feature, or -1; "line" is the finding's line. */
double said_value(const struct finding *f, const char *feature);
/* Prints all: "row subject line sentence". */
void said_print(const struct said *s);
