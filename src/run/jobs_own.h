/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jobs_own.h - what jobs.c and jobs_hands.c share and nobody else sees. */
#pragma once
#include "link/parcel.h"
#include "run/foreman_own.h"
#include "run/jobs.h"

enum coming_state { COMING, THERE, BROKEN };
struct coming {			/* an upload that is no job yet */
	char token[TOKEN_TEXT];	/* "" = nobody is here */
	char owner[USER_LOGIN_MAX], name[UPLOAD_NAME_MAX + 1], origin[256], sha256[65];
	u8 kind, tlp, pap;
	enum coming_state state;
	int error;		/* of a broken one */
	u64 most, octets, since;	/* since: ns, of the state */
};

struct jobs {
	struct jobs_setup setup;
	struct upload_hands hands;
	char *folder;
	struct board *board;		/* to write, for the foreman */
	const struct board *shown;	/* the same to read, for the web process */
	struct job foreman;		/* pid 0: there is none */
	int socket;			/* parcels from and to it; or -1 */
	bool fresh;			/* it knows of nothing yet */
	int pass;
	u64 running[BOARD_SLOTS];	/* numbers; 0 = free */
	struct coming coming[FOREMAN_UPLOADS];
	u64 looked;			/* for what is old, when */
	json_t *unsaid;			/* ends that the log could not take yet */
};

/* Tells the foreman (what is stolen): 0, or negative: it is gone or stuck. */
int jobs_say(struct jobs *j, json_t *what, const int *fds, unsigned count);
/* Starts what waits, as far as there is room. */
void jobs_queue(struct jobs *j, struct desk *d);
void jobs_drop(struct jobs *j, const char *token);
struct coming *jobs_coming(struct jobs *j, const char *token);

/* ---- jobs_hands.c: upload_hand_fn each; own is a struct jobs ---- */
upload_hand_fn jobs_begin, jobs_add, jobs_replay;
