/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_own.h - what the files of operations share and nobody else sees. What a caller may not
 * see they cannot change: it is taken through their gate first. */
#pragma once
#include "respond/case.h"
#include "respond/gate.h"
#include "respond/house.h"
#include "respond/op.h"

/* 0 when the caller may see the record with that key; else OOPS_UNKNOWN ("there is no
 * incident 12"), -EPERM and the sentence. */
int op_may_see_one(struct desk *d, const struct caller *who, enum desk_table t,
		   const void *key);
int op_may_see(struct desk *d, const struct caller *who, u64 incident);
/* 0 when the caller may see what contacts and mutes are marked. */
int op_may_know(struct desk *d, const struct caller *who);
/* An incident that is being changed, and how it was marked; of a new one only `ref.number`. */
struct op_case {
	struct case_ref ref;
	struct marking was;
	bool is_old;
	bool may_know;	/* the caller may see contacts */
};
/* Begins a change of the incident `number` that the caller may see. */
int op_begin(struct desk *d, const struct caller *who, json_t *args, struct op_case *r);
/* Another incident that the change is about: how it is now. Inside the change. */
int op_also(struct desk *d, const struct caller *who, u64 number, struct op_case *r);
/* Ends it; what came of it for the caller: the incident's number and new version and, when it
 * is marked stricter now, `raised`: from which label to which, and who is left out by that. */
int op_end(struct desk *d, const struct op_case *r, int rc, json_t *reply);
/* The same of a rehearsal: what would come of it; nothing is kept. */
int op_rehearsed(struct desk *d, const struct op_case *r, int rc, json_t *reply);
/* Appends to a list what it means that an incident which was marked `was` is marked `is`, with
 * its number, for a caller who may see it; for another one nothing. 0 or negative. */
int op_tell_stricter(struct desk *d, const struct caller *who, u64 number,
		     const struct marking change[2], json_t *list);
/* The arguments tlp and pap; what was not given is as in `none`. */
struct marking op_marking(json_t *args, struct marking none);
/* How what a caller brings in is marked: as they say, or else as the house marks what comes in
 * (but no stricter than they see). 0, or -EPERM when they could not see it. */
int op_marking_in(struct desk *d, const struct caller *who, json_t *args, struct marking *ret);
/* After a change: 0, or the refusal when the caller could not see any more what is marked so
 * (case_raise.h), unless they say `hide_from_me`. */
int op_sees(struct desk *d, const struct caller *who, json_t *args, struct marking was,
	    struct marking would);
/* Adds to a reply: 0 or -ENOMEM. */
int op_tell_count(json_t *reply, const char *name, u64 n);
int op_tell_text(json_t *reply, const char *name, const char *text);

/* ---- rows of arguments ---- */
#define OP_INCIDENT { "number", "the incident", OP_COUNT, true, 0, NULL },         \
	{ "version", "what was last seen of it", OP_COUNT, false, 0, NULL }
/* Of a change that takes the place of what is there: without it, it might be what somebody
 * else has just said. */
#define OP_INCIDENT_SEEN { "number", "the incident", OP_COUNT, true, 0, NULL },    \
	{ "version", "what was last seen of it; it is refused (409) when somebody changed it " \
	  "since", OP_COUNT, true, 0, NULL }
#define OP_LINE CASE_LINE_MAX
#define OP_MARKING { "tlp", "TLP 2.0 label", OP_CHOICE, false, 0, label_names },   \
	{ "pap", "what may be done with it", OP_CHOICE, false, 0, pap_names }
#define OP_HIDE { "hide_from_me", "do it though the caller may not see it under that label " \
	"afterwards", OP_FLAG, false, 0, NULL }
#define OP_END { .name = NULL }
