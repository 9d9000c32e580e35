/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_own.h - what the files about incidents share and nobody else sees. */
#pragma once
#include "respond/case.h"

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

/* True when merging changes the clocks of `into`. */
bool case_clocks_change(const struct incident *from, const struct incident *into);
/* Sets an incident's clocks: those of a set that is not known are as `like` has them. */
struct case_clocks { u64 number, like, aware; const char *set; };
int case_clocks_set(struct desk *d, const struct case_clocks *want);

/* ---- bodies ---- */

/* Arrays of records without what the event says anyway; NULL without memory. */
json_t *case_members(const struct member *m, size_t n);
json_t *case_tasks(const struct task *t, size_t n);
json_t *case_deadlines(const struct deadline *t, size_t n);

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
/* Tasks of a body's array, deadlines of another. */
int fold_tasks(struct desk *d, const struct desk_event *e, u64 incident);
int fold_deadlines(struct desk *d, const struct desk_event *e, u64 incident, bool anew);
/* The kinds of the other files. */
int fold_merge(struct desk *d, const struct desk_event *e);
int fold_unmerge(struct desk *d, const struct desk_event *e);
int fold_split(struct desk *d, const struct desk_event *e);
int fold_clock(struct desk *d, const struct desk_event *e);
int fold_met(struct desk *d, const struct desk_event *e);
