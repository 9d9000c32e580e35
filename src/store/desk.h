/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.h - the log of the desk and the tables that follow from it, in the store's file.
 *
 *   event    append-only; what was said and done, chained by hashes (model/desk.h)
 *   octets   content-addressed: reports as they came, letters as they went
 *   incident, member, note, ... one table a noun of model/desk.h
 *
 * The nouns' tables can be made again from the log, so they have no versions: a file
 * whose tables have another shape gets new ones and its log is folded again
 * (respond/desk.h). An event is never changed or taken away by any function here.
 *
 * Who may read through this header is told in tools/layers: the desk itself. What is for
 * people and formats comes through respond/gate.h. Errors as in store.h. */
#pragma once
#include "model/desk.h"
#include "store/store.h"

/* A transaction for writing: other writers wait for it. Nothing when one is open. It ends
 * with store_commit() or store_undo(). */
int store_begin(struct store *s);
int store_undo(struct store *s);
/* This change will be a big one: up to 384 MiB of pages may stay in memory from now on. */
int store_roomy(struct store *s);
/* Behind walls, where no file can be made: what is sorted stays in memory. */
int store_no_files(struct store *s);

/* True when the nouns' tables are there and have the shape of this program. */
int store_desk_good(struct store *s, bool *ret);
/* Takes the nouns' tables away and makes empty ones, in the open transaction. */
int store_desk_fresh(struct store *s);
/* Lets a reader of a store that never had a desk see an empty one: tables in memory, of this
 * connection alone. Nothing is written to the file. */
int store_desk_none(struct store *s);

/* Empty tables beside the file's for this connection, which hide them: a fold goes there and
 * nothing of it into the file. In a transaction of its own that sees the store as of now; it
 * must end with store_desk_away(), which takes them away again. 0 or negative. */
int store_desk_again(struct store *s);
int store_desk_away(struct store *s);
enum store_how { STORE_CHANGED, STORE_ADDED, STORE_MISSING };	/* the file's, of ours */
struct store_differs {
	const char *table, *field;	/* field: the first that differs, of STORE_CHANGED */
	enum store_how how;
	char key[240];		/* of the row, blanks between its fields */
};
/* Between the two: is the file's table what was put beside it? 1 and the first row (by its
 * key) that is not, 0, or negative. One walk over both. */
int store_desk_differs(struct store *s, enum desk_table t, struct store_differs *ret);

/* Appends an event as it is; its number must be one more than the last: OOPS_CHANGED when
 * another writer was faster. */
int store_append_event(struct store *s, const struct event *e);
/* Called with views; a value other than 0 stops. It may use the store, but not change
 * what is being read. */
typedef int store_event_fn(void *to, const struct event *e);
/* Events first..last (0: to the end), in order; about NULL: of everything. 0, what the
 * callback stopped with, or negative. */
int store_each_event(struct store *s, u64 first, u64 last, const char *about,
		     store_event_fn *each, void *to);
/* The same for events below number `before` (0: all), the latest first. */
int store_each_event_back(struct store *s, u64 before, const char *about, store_event_fn *each,
			  void *to);
/* Number and hash of the last event; 0 and "" of an empty log. */
int store_last_event(struct store *s, u64 *number, char hash[65]);

/* Writes a record of a noun: a new one, or over the one with the same key. */
int store_put(struct store *s, enum desk_table t, const void *record);
/* Takes the record with that key away. */
int store_drop(struct store *s, enum desk_table t, const void *key);
typedef int store_record_fn(void *to, const void *record);
/* The record with the key of `key`: 1 and each() was called, 0 when there is none. */
int store_take(struct store *s, enum desk_table t, const void *key,
	       store_record_fn *each, void *to);

enum store_op { STORE_IS, STORE_NOT, STORE_LEAST, STORE_MOST, STORE_HOLDS, STORE_BEGINS,
	STORE_AMONG, STORE_LINE };
struct store_cond {	/* `field` of the noun against text (words) or a number */
	const char *field;
	enum store_op op;
	const char *text;	/* HOLDS, BEGINS: ASCII case folded; LINE: one of its lines */
	u64 number;		/* AMONG: a bit for each number */
};
struct store_query {
	enum desk_table table;
	const struct store_cond *conds;
	unsigned count;
	const char *any;	/* also: one of the fields `any` ("title subject")... */
	const char *text;	/* ...holds this text... */
	const char *heads;	/* ...or the first of them begins with one of these and ": ": a
				 * JSON array of texts. NULL = none; only with `text` */
	const char *order;	/* "-changed number": fields, "-" = the largest first */
	const void *after;	/* a record of the noun whose fields of `order` are set: only
				 * what comes behind it in that order; NULL = from the start */
	u64 limit, skip;	/* limit 0 = all */
	const char *only;	/* the fields that are read ("number due tlp pap"): a walk over
				 * many costs half; the others are 0. NULL = all */
};
/* Every record that fulfils all conditions: 0, what the callback stopped with, or
 * negative. A condition on a field that is none is a broken program. */
int store_each(struct store *s, const struct store_query *q, store_record_fn *each,
	       void *to);
int store_total(struct store *s, const struct store_query *q, u64 *ret);

/* Keeps octets under their SHA-256, which is written to hash: 0 or negative. */
int store_keep(struct store *s, const void *octets, size_t n, char hash[65]);
/* The octets of that hash to a buffer: 0, OOPS_UNKNOWN, OOPS_CHANGED. */
struct buf;
int store_kept(struct store *s, const char *hash, struct buf *out);

/* What somebody last saw of an incident (its version); 0 = nothing yet. Beside the log, not
 * part of what it says. */
int store_saw(struct store *s, const char *author, u64 incident, u64 version);
int store_seen(struct store *s, const char *author, u64 incident, u64 *version);

/* How far the store was when somebody looked at the whole of it; beside the log as well. */
int store_look(struct store *s, const char *author, const struct store_looked *now);
int store_looked(struct store *s, const char *author, struct store_looked *ret);

/* What grouping needs of a finding, without the rest of it. */
struct store_gist {
	u64 number;
	u64 incident;	/* that it is in; 0 = none */
	const char *id, *rule, *subject_kind, *subject, *zone, *label;
	u64 from, until, confidence;
	enum severity severity;
	struct { const char *role, *name; } related[FINDING_RELATED_MAX];
	u32 related_count;
};
typedef int store_gist_fn(void *to, const struct store_gist *g);
enum store_gists {
	STORE_LOOSE,	/* in no incident yet */
	STORE_PLACED,	/* in one, and the window ends at `since` or later */
	STORE_AUDITED,	/* in one, and of an audit of a zone, whenever that was */
};
/* Those findings, in the order they were stored. */
int store_each_gist(struct store *s, enum store_gists which, u64 since, store_gist_fn *each,
		    void *to);
