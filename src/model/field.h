/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field.h - a record said once: its struct, its JSON, its SQL columns.
 *
 * A noun's header lists its members in an X-macro; the macro makes the struct and a
 * table of struct field, and everything that walks a record walks that table:
 *
 *   #define TASK_FIELDS(F, C) F(count, number, "from 1") C(u8, state, states, "...")
 *
 * Kinds: text = char array; words = const char * (a view; NULL reads as ""), count = u64
 * below 2^63, stamp = u64 ns printed as RFC 3339, later = a stamp that may not be yet (0,
 * printed as null), severity = enum severity and rule = enum feature_rule printed as their
 * names, real = double, choice = u8 printed as the name in `choices`. said = words that may
 * be a sentence of ours: stored in English, said in the reader's language where people read
 * it (say_stored()), never in JSON for machines.
 *
 * Written JSON has the keys in the order of the table and the same octets in every
 * locale. Reading is strict: every key once, no other, each in the form that is written;
 * nothing is repaired. Cost: one pass over the record. */
#pragma once
#include "base/base.h"

enum field_kind {
	FIELD_text, FIELD_words, FIELD_count, FIELD_stamp, FIELD_severity, FIELD_real,
	FIELD_rule, FIELD_choice
};

struct field {
	const char *name, *help;
	enum field_kind kind;
	size_t at, size;
	const char *const *choices;	/* of a choice; NULL-terminated */
	bool said;			/* words that may be a sentence of ours */
	bool later;			/* a stamp that may not be yet */
};

/* A noun whose texts are views: struct NAME { LIST(FIELD_MEMBER, FIELD_MEMBER_C) }; and
 * const struct field NAME_fields[] = { LIST(F, C) FIELD_END } with FIELD_ROW(NAME, ...).
 * F(kind, member, help), C(member, choices, help). */
#define FIELD_TYPE_words const char *
#define FIELD_TYPE_said const char *
#define FIELD_TYPE_count u64
#define FIELD_TYPE_stamp u64
#define FIELD_TYPE_later u64
#define FIELD_TYPE_severity enum severity
#define FIELD_TYPE_real double
#define FIELD_MEMBER(kind, member, help) FIELD_TYPE_##kind member;
#define FIELD_MEMBER_C(member, choices, help) u8 member;
#define FIELD_ROW(noun, kind, member, help)                                     \
	{ #member, help, FIELD_##kind, offsetof(struct noun, member),           \
	  sizeof(((struct noun *)0)->member), NULL, FIELD_SAID_##kind,             \
	  FIELD_LATER_##kind },
#define FIELD_ROW_C(noun, member, choices, help)                                \
	{ #member, help, FIELD_choice, offsetof(struct noun, member), 1, choices, false,    \
	  false },
#define FIELD_END { NULL, NULL, FIELD_text, 0, 0, NULL, false, false }
#define FIELD_said FIELD_words	/* as they are kept */
#define FIELD_later FIELD_stamp
#define FIELD_SAID_words false
#define FIELD_SAID_said true
#define FIELD_SAID_count false
#define FIELD_SAID_stamp false
#define FIELD_SAID_later false
#define FIELD_SAID_severity false
#define FIELD_SAID_real false
#define FIELD_LATER_words false
#define FIELD_LATER_said false
#define FIELD_LATER_count false
#define FIELD_LATER_stamp false
#define FIELD_LATER_later true
#define FIELD_LATER_severity false
#define FIELD_LATER_real false

#define FIELD_WORDS_MAX (64u << 10)	/* octets of one text that is a view */
#define FIELD_WHY 80

struct buf;
struct json_t;
/* Appends "name":value for each field, with commas between and no braces. */
void fields_json(struct buf *out, const struct field *fields, const void *of);
/* Appends the value of one. */
void field_json(struct buf *out, const struct field *f, const void *of);
/* Reads all fields of a JSON object, which has no keys but they and those of `more`
 * (NULL: none). Views of words are good as long as the object. 0, or OOPS_FORMAT (a key
 * is missing, or a form), OOPS_TYPE, OOPS_UNKNOWN (a key or a word), OOPS_RANGE, with the
 * key at fault in why[] (may be NULL). */
int fields_parse(struct json_t *from, const struct field *fields,
		 const struct field *more, void *to, char why[FIELD_WHY]);
/* Appends the JSON Schema of such an object up to its last property: "type", "required"
 * (with `more`, text such as ",\"items\""), "properties":{...; two braces stay open less
 * one: the caller adds properties and closes both. */
void fields_schema(struct buf *out, const struct field *fields, const char *more);
/* Makes the texts (not the words) of a record UTF-8: bad octets become '?'. */
void fields_mend(const struct field *fields, void *of);
/* The field of that name, or NULL. */
const struct field *field_find(const struct field *fields, const char *name);
/* A choice from its name: its number, or OOPS_UNKNOWN. */
int choice_parse(const char *const *choices, const char *text);

/* A number as JSON is written: the shortest text that reads back as the same double;
 * whole ones below 1e15 without an exponent. */
#define REAL_TEXT_MAX 32
char *real_text(double v, char to[REAL_TEXT_MAX]);
