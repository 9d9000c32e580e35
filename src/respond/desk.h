/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.h - the response desk: everything is an event, and the state is what the events say.
 *
 *   operation (case.h, contact.h, ...)
 *      desk_begin -> look at the state -> desk_say(kind, about, body) ... -> desk_commit
 *                                             |
 *                        log  <- append ------+------ fold -> tables of model/desk.h
 *
 * desk_say() writes the event and folds it at once, in the same transaction: what is
 * acknowledged is in the log, and state and log never differ. fold reads the event and the
 * tables and nothing else - no clock, no file, no findings - so desk_rebuild() can throw
 * the tables away and make them again, octet for octet.
 *
 * The event kinds are rows that each file of this folder brings; fold.c lists the files.
 * To add a kind: write its row beside the operation that says it.
 *
 *   const struct desk_kind case_kinds[] = {
 *           { "incident.state", "number, state, verdict", apply_state }, { .name = NULL } };
 *
 * One writer at a time (BEGIN IMMEDIATE); others wait. Clock and author are arguments of
 * the desk. Errors are negative ints with one clear sentence in desk_error().
 *
 * Reading for people goes through gate.h; operations here may look at all. */
#pragma once
#include "store/desk.h"
#include <jansson.h>

#define DESK_WHY 600
#define DESK_AUTHOR_MAX 128

struct desk;
struct desk_setup {
	const char *path;	/* of the store; made when it does not exist */
	const char *author;	/* who acts; not empty */
	u64 (*now)(void *world);	/* ns */
	void *world;
	const char *key;	/* file with the signing key; NULL = unsigned */
	bool reads;		/* look only: nothing can be said */
};
/* 0, or negative and why[]. Tables of another shape are made anew from the log (a reader
 * cannot: OOPS_VERSION and a sentence that says what to do). */
int desk_open(struct desk **ret, const struct desk_setup *setup, char why[DESK_WHY]);
/* A desk to look with, on a store that somebody else opened and closes: 0, OOPS_UNKNOWN when
 * it has no desk of this shape, or another error. */
int desk_look(struct desk **ret, struct store *s, u64 (*now)(void *world), void *world);
struct desk *desk_close(struct desk *d);	/* undoes what is not committed */
const char *desk_error(const struct desk *d);
struct store *desk_store(const struct desk *d);
const char *desk_author(const struct desk *d);
/* From now on another one acts (the desk of a server has many authors): 0 or -EINVAL. */
int desk_as(struct desk *d, const char *author);
/* The time of the transaction that is open, else now: the same for all its events. */
u64 desk_now(const struct desk *d);
/* The folder of the team's own playbooks, which must outlive its use; NULL (as it begins): the
 * program's alone. Operations that open incidents and change states take tasks from them. */
void desk_use_playbooks(struct desk *d, const char *folder);
const char *desk_playbooks(const struct desk *d);
/* True when it was opened to look only. */
bool desk_reads(const struct desk *d);

/* Begins a change; -EACCES when the desk only reads. */
int desk_begin(struct desk *d);
int desk_commit(struct desk *d);
/* Ends it either way: rc 0 commits, another undoes and is given back. */
int desk_end(struct desk *d, int rc);
/* Appends an event and folds it. body is stolen (also on failure); NULL is a failure of
 * memory. 0 or negative: then the caller ends the change with desk_end(). *number may be
 * NULL. */
int desk_say(struct desk *d, const char *kind, const char *about, json_t *body, u64 *number);
/* Keeps a sentence and gives back error. */
int desk_fault(struct desk *d, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Of what events are about ("contact:cert.example"), which was changed last at `at`: is that what
 * the caller saw? 0 (also when `seen` is 0: they do not say), or OOPS_CHANGED and the sentence
 * says by whom it was changed. */
int desk_still(struct desk *d, const char *about, u64 at, u64 seen);
/* Refusals that are got over by saying something else. Their sentences name no option of a
 * command and no field of the API: whoever shows one adds, by the code, what can be done in
 * its own words (sitting_fault() of the command line, `code` of a problem in the API). */
#define DESK_CODES(F)                                                          \
	F(NONE, "")	/* nothing of these */                                 \
	F(NO_SENDER, "no-sender")	/* nobody is set whom letters come from */ \
	F(STRICTER, "stricter")	/* labels forbid some of it: the rest can be had */ \
	F(TOLD, "told-already")	/* it can be told once more */                 \
	F(NO_OWNER, "no-such-owner")	/* no user of that login */           \
	F(NO_KEY, "no-key")	/* it is signed, and there is no key to sign with */ \
	F(NO_REASON, "no-reason")	/* it is done only with a reason */    \
	F(MET, "met-already")	/* the deadline was met: it can be said again */ \
	F(HIDES, "hides-it")	/* who says it could not see it afterwards */
#define F(name, text) CODE_##name,
enum desk_code { DESK_CODES(F) CODE_COUNT };
#undef F
extern const char *const desk_codes[];	/* their texts; ends with NULL */
/* As desk_fault(), with its code; any later fault takes the code away. */
int desk_refuse(struct desk *d, enum desk_code code, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
enum desk_code desk_code(const struct desk *d);

/* Signs n octets with the key that signs the log: the signature in hex, or OOPS_UNKNOWN when
 * the desk was opened without one. desk_signer() is the public key in hex, or "". */
int desk_sign(const struct desk *d, const void *octets, size_t n, char signature[129]);
const char *desk_signer(const struct desk *d);

/* ---- for kinds of events ---- */

struct desk_event {	/* what an apply function gets */
	const struct event *event;
	json_t *body;
};
struct desk_kind {
	const char *name;	/* "incident.open" */
	const char *help;	/* what the body holds */
	/* Folds it: 0 or negative. NULL: it changes no table. */
	int (*apply)(struct desk *d, const struct desk_event *e);
};

/* The n-th of all kinds, in no order that matters; NULL behind the last. */
const struct desk_kind *desk_kind_at(size_t n);

/* Members of a body; what is missing or of another type gives "" and 0. */
const char *desk_text(const struct desk_event *e, const char *key);
u64 desk_number(const struct desk_event *e, const char *key);
/* A choice by its name; 0 when it is none. */
u8 desk_choice(const struct desk_event *e, const char *key, const char *const *choices);
/* A record from the body: every field of the noun that the body has; the others stay. */
int desk_record(struct desk *d, const struct desk_event *e, enum desk_table t, void *record);
/* The same from an object inside the body. */
int desk_record_of(struct desk *d, const struct desk_event *e, json_t *from,
		   enum desk_table t, void *record);
/* The whole record as a body. NULL without memory. */
json_t *desk_body(enum desk_table t, const void *record);
/* OOPS_FORMAT and the sentence that the log holds an event that cannot be folded. */
int desk_damaged(struct desk *d, const struct desk_event *e, const char *what);

/* Only what is not empty, zero or the first choice (a record in the fold begins so), and
 * without the fields of these names (NULL-terminated). */
json_t *desk_brief(enum desk_table t, const void *record, const char *const *without);

/* A record with its texts, that stays: free() it. NULL without memory. */
void *desk_copy(enum desk_table t, const void *record);
/* The record with that key as such a copy in *ret: 1, 0 when there is none, negative. */
int desk_find(struct desk *d, enum desk_table t, const void *key, void **ret);

/* ---- the log ---- */

/* Throws the tables away and folds the whole log again. 0 or negative. */
int desk_rebuild(struct desk *d);
/* The fold alone, over tables that are empty, in the open change. */
int desk_fold_all(struct desk *d);

struct log_report {
	u64 events, is_signed;		/* looked at; of them with a good signature */
	u64 bad;			/* first event that is not right; 0 = none */
	char what[DESK_WHY];		/* what is wrong with it, one sentence */
	char head[65];			/* hash of the last event */
	/* Those that are not signed though one before them is: how many, from where to where. */
	u64 bare, bare_first, bare_last;
	char signers[512];		/* public keys that signed, blanks between */
};
/* Looks at every event: its number, its hash, the chain, its signature. With `head` (a
 * hash noted earlier, for instance in a proof) also that this event is still there: so a
 * truncated log is found. With `signer` every event from the first signed one on must be
 * signed by that public key (hex). 0 when all is right, OOPS_CHANGED and the report says
 * what is not, or another error. */
int log_verify(struct store *s, const char *head, const char *signer,
	       struct log_report *ret);
/* The same of events from elsewhere (an export): each() calls take(to, event) in order. */
typedef int log_each_fn(void *from, store_event_fn *take, void *to);
struct log_wanted { const char *head, *signer; };	/* as above; NULL = any */
int log_verify_from(log_each_fn *each, void *from, const struct log_wanted *wanted,
		    struct log_report *ret);
struct tables_report {
	u64 count;		/* tables that are not what the log says */
	char what[DESK_WHY];	/* the first thing that differs, or why the log cannot be folded */
};
/* Folds the log into tables beside those of the store and compares. 0 when they are the same,
 * OOPS_CHANGED and the report says what is not, OOPS_UNKNOWN when the store's tables are not
 * of this program's shape (or there are none), or another error. No change may be open. The
 * time of desk_rebuild(); writes nothing, makes nobody wait. */
int log_tables(struct store *s, struct tables_report *ret);
/* Makes a key pair: the secret to a new file that only its owner may read, the public one
 * to public_hex. 0 or -errno, OOPS_CHANGED when the file exists. */
int log_key(const char *path, char public_hex[65]);
