/* SPDX-License-Identifier: GPL-3.0-or-later */
/* upload.h - files that people send to a server, and how far the work on each is.
 *
 *   begin -> octets -> add: queued -> running -> done
 *                         ^             |-> failed, interrupted --again--> queued
 *                         +-------------+-> cancelled
 *
 * The desk keeps what is known of each, as events; octets and processes are a server's, and
 * reached through hands that it gives the desk (house.h). A desk without hands refuses. What
 * has ended well, or was cancelled, has no octets any more; what failed or was interrupted
 * keeps them for UPLOAD_KEPT_NS, so that it can be started again.
 *
 * Times in ns. Functions that change begin and end the change themselves. */
#pragma once
#include "respond/op.h"

#define UPLOAD_NAME_MAX 100u
#define UPLOAD_KEPT_NS (7ull * 86400 * 1000000000)

struct upload_limits {
	u64 octets;		/* of one file */
	u64 quota;		/* of all that are kept, together */
	unsigned each;		/* files of one person that have not ended */
};

/* What a server does. All: 0, or negative with desk_fault(). */
typedef int upload_hand_fn(void *own, struct desk *d, const struct caller *who, json_t *args,
			   json_t *reply);
struct upload_hands {
	upload_hand_fn *begin;	/* room for one; the descriptor goes beside the reply */
	upload_hand_fn *add;	/* all octets are on the disk: it is a job */
	upload_hand_fn *replay;	/* of a finding; a descriptor for the answer, as above */
	void (*drop)(void *own, const char *folder);	/* its octets are of no more use */
	void (*stop)(void *own, u64 number);		/* its worker ends, if there is one */
	void *own;
};

/* The name as a file may have it that we make: its last part; letters, digits, dots, hyphens,
 * underscores and whole characters of UTF-8; neither empty nor beginning with - or a dot. */
char *upload_name(const char *name, char to[UPLOAD_NAME_MAX + 1]);

/* Is there room for one more of `octets` (0: not known) for that person, who is sending `more`
 * others at the moment, of `under_way` octets with everybody's? 0; OOPS_LIMIT (too large),
 * -EDQUOT (too many of theirs, or all together) and the sentence. */
struct upload_wish { const char *owner; u64 octets, under_way; unsigned more; };
int upload_room(struct desk *d, const struct upload_limits *l, const struct upload_wish *w);
/* A file that is there: kind, name, origin, owner, octets, sha256, folder, marking of u. */
int upload_add(struct desk *d, const struct upload *u, u64 *number);
/* Its state is now that of u (number, state, run, found, why); `kept`: so are its octets. */
int upload_set(struct desk *d, const struct upload *u, bool kept);
/* The one of that number as a copy: 0, or OOPS_UNKNOWN and the sentence. free() it. */
int upload_find(struct desk *d, u64 number, struct upload **ret);
/* The one that has waited longest: 1, 0 when none waits, or negative. free() it. */
int upload_next(struct desk *d, struct upload **ret);
typedef int upload_fn(void *to, const struct upload *u);
/* Each that has octets. */
int upload_each(struct desk *d, upload_fn *each, void *to);
/* Names of operations whose reply has a descriptor beside it. */
bool upload_passes(const char *op);
