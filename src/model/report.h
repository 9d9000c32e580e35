/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - what an analysis did: its inputs, its counters, what it lost.
 *
 * The honest half of every result. The run fills it once at the end; the store
 * keeps it with the run, every output format prints it beside the findings, and
 * the last line of JSON Lines is it:
 *
 *   {"from":STAMP|null,"until":STAMP|null,"unit":"frames|records|mixed",
 *    "inputs":[{"name":..,"octets":n,"frames":n,"sha256":hex|null,"trouble":..}],
 *    "counters":[{"name":..,"class":"part|loss|limit|note","value":n,"text":..}],
 *    "stats":{..}|null}
 *
 * The frame fates - classes `part` and `loss` - together are all frames read. An audit of a
 * zone counts records instead of frames, and its from and until are the audit's instant. */
#pragma once
#include "base/base.h"

#define REPORT_INPUTS_MAX 65536u
#define REPORT_COUNTERS_MAX 1024u
#define REPORT_JSON_MAX (64u << 20)

#define COUNTER_CLASSES(F)                                                     \
	F(PART, "part")		/* frames that ended as they should */         \
	F(LOSS, "loss")		/* frames lost, cut, malformed or too late */  \
	F(LIMIT, "limit")	/* how often a named limit was reached */      \
	F(NOTE, "note")		/* any other number worth showing */
#define F(name, text) COUNTER_##name,
enum counter_class { COUNTER_CLASSES(F) COUNTER_CLASS_COUNT };
#undef F

/* What was read and counted: frames of traffic, records of zones, or both (several runs). */
#define REPORT_UNITS(F) F(FRAMES, "frames") F(RECORDS, "records") F(MIXED, "mixed")
#define F(name, text) REPORT_##name,
enum report_unit { REPORT_UNITS(F) REPORT_UNIT_COUNT };
#undef F

struct report_counter {
	const char *name;	/* "frames.dns": stable, for programs */
	const char *text;	/* "DNS messages": for people */
	enum counter_class class;
	u64 value;
};

struct report_input {
	const char *name;	/* as given: a path, "-" */
	u64 octets, frames;	/* frames: records, in an audit */
	const char *sha256;	/* hex, or NULL when it was not computed */
	const char *trouble;	/* one sentence with the offset; "" when none */
};

struct run_report {
	u64 from, until;	/* first and last instant of the data; both 0 = none */
	enum report_unit unit;
	const struct report_input *inputs;
	const struct report_counter *counters;
	u32 input_count, counter_count;
	const char *stats;	/* a JSON object as text, or NULL */
};

struct buf;
/* Appends the report as one JSON object without a line end. */
void report_json(struct buf *out, const struct run_report *r);

/* Its JSON Schema, as finding_schema(). */
void report_schema(struct buf *out);

/* A report read back. Zero it first; report_free() takes zeroed ones. */
struct report_box {
	struct run_report report;	/* views into what the box owns */
	void *own;
};
/* Strict as finding_parse(): 0, OOPS_FORMAT, OOPS_TYPE, OOPS_RANGE, -ENOMEM. */
int report_parse(struct report_box *ret, const char *json, size_t n);
void report_free(struct report_box *box);
/* Many reports as one: counters of a name are summed, inputs follow each other,
 * the span covers all; `stats` are kept only when there is one report. Zero *ret
 * first. 0, -ENOMEM, or OOPS_LIMIT past REPORT_INPUTS_MAX or _COUNTERS_MAX. */
int report_merge(struct report_box *ret, const struct run_report *const *all, size_t n);

/* Sum of the counters of a class. */
u64 report_sum(const struct run_report *r, enum counter_class class);
const char *counter_class_name(enum counter_class c);
const char *report_unit_name(enum report_unit u);
