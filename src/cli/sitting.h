/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sitting.h - somebody at the desk: who acts, with which key, what they may see; and verbs,
 * the first word behind a command: `vedette contacts show ID`. */
#pragma once
#include "cli/look.h"

struct sitting_conf { const char *author, *key; };
extern const struct opt sitting_rows[];	/* --author, --key */

struct sitting {
	struct desk *desk;
	struct gate *gate;
};
/* What it wants of the store: to look, to change what is in it, or to begin with nothing too. Only
 * what makes a store needs none to be there: a mistyped path would get an empty one. */
enum sitting_way { READS, CHANGES, MAKES };

/* Opens the desk of --db and a gate of --clearance on it: STATUS_FINE, or a status and it was
 * said why. The author is --author, else the name of the user who runs the program.
 * sitting_close() it in any case; zero it first. */
struct sitting_setup {
	const struct stored_conf *stored;
	const struct look_conf *as;
	const struct sitting_conf *by;
	const char *command;	/* for sentences */
	enum sitting_way way;
};
int sitting_open(struct sitting *ret, const struct sitting_setup *setup);
void sitting_close(struct sitting *s);
/* Says desk_error(), and by desk_code() which option gets over it: the status that fits the
 * error. */
int sitting_fault(const struct sitting *s, int rc);
/* The clock, ns. */
u64 sitting_now(void *world);

struct verb {
	const char *name, *args;	/* "show", "ID" */
	unsigned least, most;		/* words behind it */
	enum sitting_way way;
	int (*run)(struct sitting *s, int argc, char **argv);
};
/* Finds the verb, counts the words, opens the desk, runs it, closes the desk: a status. */
int verb_run(const struct verb *verbs, int argc, char **argv,
	     const struct sitting_setup *setup);
