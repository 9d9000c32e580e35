/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_own.h - what the files about incidents share and nobody else sees. */
#pragma once
#include "respond/case.h"
#include "respond/clock.h"

#define CASE_ABOUT 32
/* "incident:12" */
char *case_about(u64 number, char to[CASE_ABOUT]);
/* The incident, when its version is the expected one: a copy; OOPS_UNKNOWN, OOPS_CHANGED. */
int case_seen(struct desk *d, struct case_ref r, struct incident **ret);
/* A text of one line that may be kept: 0, or OOPS_LIMIT, -EINVAL and the sentence. */
int case_line(struct desk *d, const char *what, const char *text, bool needed);

/* Somebody who can own an incident: who acts just now; where the desk has users, one of them
 * who is not locked; else anybody. "" is nobody. 0, or OOPS_RANGE (CODE_NO_OWNER) and the
 * sentence names who comes near. */
int case_owner(struct desk *d, const char *owner);

/* Copies of the records of a query: store_each(..., case_keep, &rows), for what is changed
 * while it is gone through. */
struct case_rows { enum desk_table table; void **at; size_t count, room; };
int case_keep(void *to, const void *record);
void case_forget(struct case_rows *r);	/* takes zeroed ones */

/* The deadlines of an incident as copies, the next first: case_forget() them in any case. */
int case_deadlines_of(struct desk *d, u64 incident, struct case_rows *ret);
/* The one of that set (NULL: of any) and name, or NULL. */
const struct deadline *case_among(const struct case_rows *r, const char *set, const char *name);

/* A deadline is met (met 0: it was not, after all), by somebody or something; those that count
 * from it, worked out anew. */
struct case_met {
	const struct deadline *is;
	const char *by;
	u64 met;
	const struct deadline *follow;
	size_t count;
};
int case_met(struct desk *d, struct case_ref r, const struct case_met *m);
/* The deadlines that count from one that was met then; clocks_free(ret->own) afterwards. */
struct case_following {
	struct deadline list[CLOCK_DEADLINES_MAX];
	size_t count;
	struct clocks *own;
};
int case_follow(struct desk *d, const struct deadline *t, u64 met, struct case_following *ret);

/* True when merging may change the clocks of `into`. */
bool case_clocks_change(const struct incident *from, const struct incident *into);
/* The clocks of both run on in `into`, known since the earlier of both times. */
int case_clocks_join(struct desk *d, const struct incident *from, const struct incident *into);
/* Takes that back: `into` has these sets and that time again, and what was met in `from` alone
 * is not met. Nothing when somebody has set other clocks since. */
struct case_clocks { const char *sets; u64 aware; };
int case_clocks_part(struct desk *d, const struct incident *from, const struct incident *into,
		     const struct case_clocks *had);

/* ---- bodies ---- */

/* Arrays of records without what the event says anyway; NULL without memory. */
json_t *case_members(const struct member *m, size_t n);
json_t *case_tasks(const struct task *t, size_t n);
json_t *case_deadlines(const struct deadline *t, size_t n, bool with_met);

/* ---- folding ---- */

/* Of an event about an incident: its copy, to be changed and saved; free() it. */
int fold_load(struct desk *d, const struct desk_event *e, struct incident **ret);
int fold_find(struct desk *d, const struct desk_event *e, u64 number, struct incident **ret);
/* Sets version and changed, and writes it. */
int fold_save(struct desk *d, const struct desk_event *e, struct incident *i);
/* What follows from the members and notes, all made anew; but the marking is joined to what
 * it was: title and subject may tell of a member that has left. Only a word of somebody
 * (case_label) lowers it. */
int fold_members(struct desk *d, struct incident *i);
/* The next deadline that is not met. */
int fold_due(struct desk *d, struct incident *i);
/* Tasks of a body's array; deadlines of another: what was met stays met. */
int fold_tasks(struct desk *d, const struct desk_event *e, u64 incident);
int fold_deadlines(struct desk *d, const struct desk_event *e, u64 incident);
/* The kinds of the other files. */
int fold_merge(struct desk *d, const struct desk_event *e);
int fold_unmerge(struct desk *d, const struct desk_event *e);
int fold_split(struct desk *d, const struct desk_event *e);
int fold_clock(struct desk *d, const struct desk_event *e);
int fold_clocks(struct desk *d, const struct desk_event *e);
int fold_met(struct desk *d, const struct desk_event *e);
