/* SPDX-License-Identifier: GPL-3.0-or-later */
/* find.h - a request's filters as a question to the sieve, and cursors.
 *
 *   ?area=availability&rule=tunnel.&severity=high&text=bank&order=time&cursor=...
 *     -> struct sieve_ask, for lists, counts and timelines alike
 *
 * A cursor is the place of the last finding that was shown (its rank and text) with a hash of
 * all filters and the order: with others it is refused. It holds nothing that the caller has
 * not seen, so it needs no secret; one that is made up shows what a list from there shows. */
#pragma once
#include "web/own.h"

struct find {
	struct sieve_ask ask;	/* its texts are views of the request */
	struct sieve_key after;
	struct web *web;
	const char *rules;	/* beginnings of rules, commas between; NULL = all */
	unsigned areas;		/* bits of enum area; 0 = all */
	u64 hash;		/* of filters and order */
};

/* Reads every parameter of FIND_PARAMS: 0, or a fault. f must stay where it is. */
int find_of(struct request *q, struct find *f);
/* Does the rule fit ?rule=, ?area=? */
bool find_rule(const struct find *f, const char *rule);
bool find_area(const struct find *f, const char *rule);
/* The area of a rule; AREA_COUNT when the catalogue does not know it. */
enum area find_area_of(const struct web *w, const char *rule);
/* Appends the cursor behind `last`, as a JSON string. */
void find_cursor(struct buf *out, const struct find *f, const struct sieve_key *last);

/* Appends the page's findings as rows, with commas between, each through the caller's gate;
 * what was raised since the sieve counted is passed over. 0 or negative. */
int find_put_rows(struct request *q, const struct sieve_found *found);

/* A time of the query string: 0 when it is not there; OOPS_TYPE and a fault. */
int find_stamp(struct request *q, const char *name, u64 *ret);
/* Appends counts by severity as a list, info first. */
void find_put_severities(struct buf *out, const u64 n[SEVERITY_COUNT]);
/* Appends how many findings a rule has, with its title and area. */
void find_put_rule(struct request *q, const char *rule, u64 count);

extern const char *const find_areas[], *const find_severities[];

/* Parameters of lists of findings, without limit and cursor. */
#define FIND_FILTERS                                                           \
	{ "rule", "rules that begin so; commas between several", OP_TEXT, NULL }, \
	{ "area", "of these areas of DNS security; commas between", OP_TEXT, NULL }, \
	{ "severity", "at least so severe", OP_CHOICE, find_severities },      \
	{ "label", "with these TLP labels; commas between", OP_TEXT, NULL },   \
	{ "kind", "about subjects of these kinds; commas between", OP_TEXT, NULL }, \
	{ "state", "in incidents of these states, or 'none' for in no incident; commas " \
	  "between", OP_TEXT, NULL },                                          \
	{ "subject", "about this subject", OP_TEXT, NULL },                    \
	{ "begins", "about subjects that begin so", OP_TEXT, NULL },           \
	{ "holds", "about subjects that hold this text", OP_TEXT, NULL },      \
	{ "under", "about this domain and the names below it", OP_TEXT, NULL }, \
	{ "zone", "of audits of this zone", OP_TEXT, NULL },                   \
	{ "related", "in which this party takes part", OP_TEXT, NULL },        \
	{ "text", "words that all stand in subject, zone, rule, the rule's title or the " \
	  "sentence, in any language; one word also begins a party's name", OP_TEXT, NULL }, \
	{ "since", "windows that end after it", OP_TIME, NULL },               \
	{ "until", "windows that begin before it", OP_TIME, NULL },            \
	{ "run", "of this run", OP_COUNT, NULL },                              \
	{ "incident", "in this incident", OP_COUNT, NULL },                    \
	{ "every", "a fault that several audits found as often as they did, not once", OP_FLAG, \
	  NULL }
