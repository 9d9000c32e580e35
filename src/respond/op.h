/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op.h - what can be done at the desk, as a table: one row an operation.
 *
 *   web or script: name + arguments (JSON) + who asks
 *      -> role enough? arguments right? -> run -> events in the log -> reply (JSON)
 *
 * The table is what the API's changing routes, their description (OpenAPI) and their tests
 * are made from. Arguments are strict: every one that is required, no other, of its kind,
 * in its range. An operation runs as its caller: the caller's login is the author in the
 * log, and what it shows is what the caller's clearance lets through.
 *
 * To add an operation: a row in the list of its file; op.c lists the files. */
#pragma once
#include "respond/user.h"

enum op_kind { OP_TEXT, OP_COUNT, OP_FLAG, OP_CHOICE, OP_TIME, OP_TEXTS, OP_COUNTS, OP_OBJECT };
struct op_arg {
	const char *name, *help;
	enum op_kind kind;
	bool needed;
	u64 most;		/* OP_TEXT(S): octets, 0 = 200; OP_COUNT(S): value, 0 = any */
	const char *const *choices;	/* OP_CHOICE; NULL-terminated */
};

struct op {
	const char *name;	/* "incident.state" */
	const char *help;	/* one sentence */
	enum role role;		/* the least that may do it */
	const struct op_arg *args;	/* ends with name NULL; NULL = none */
	/* args were checked; adds to reply what the caller gets back. 0 or negative with
	 * desk_fault(). */
	int (*run)(struct desk *d, const struct caller *who, json_t *args, json_t *reply);
};
extern const struct op *const op_lists[];	/* each ends with name NULL; NULL-terminated */

/* The operation of that name, or NULL. */
const struct op *op_find(const char *name);
struct gate;
/* A gate as the caller may see the store, a discreet one: 0 or negative. gate_close() it. */
int op_gate(struct desk *d, const struct caller *who, struct gate **ret);
/* Checks and runs. 0, or negative and the sentence in desk_error(): -EPERM (role, label),
 * OOPS_UNKNOWN, OOPS_CHANGED (somebody was faster), OOPS_TYPE, OOPS_RANGE, OOPS_FORMAT
 * (arguments), others. */
int op_run(struct desk *d, const struct caller *who, const char *name, json_t *args,
	   json_t *reply);

/* For operations: an argument, "" or 0 when it was not given. */
const char *op_text(json_t *args, const char *name);
u64 op_count(json_t *args, const char *name);
bool op_flag(json_t *args, const char *name);
/* A time as stamp_text() writes it; 0 when it was not given. */
u64 op_time(json_t *args, const char *name);
/* A choice; `none` when it was not given. */
u8 op_choice(json_t *args, const char *name, const char *const *choices, u8 none);
/* True when it was given. */
bool op_given(json_t *args, const char *name);
