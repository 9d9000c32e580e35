/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreman_own.h - what the files of the foreman share and nobody else sees. */
#pragma once
#include "link/codec.h"
#include "link/parcel.h"
#include "model/digest.h"
#include "run/foreman.h"
#include <jansson.h>

#define TOKEN_TEXT 33		/* 32 hex digits */

struct receiving {		/* an upload under way */
	int socket, file;	/* socket -1: nobody is here */
	char token[TOKEN_TEXT], name[128];
	u64 most, octets, flushed;
	struct digest digest;
};
struct running {		/* an errand or a replay */
	struct job job;		/* pid 0: nobody is here */
	u64 number;		/* of the upload; 0 = a replay */
	int answer;		/* of a replay: where its words go; or -1 */
	u64 until;		/* monotonic ns; then it has taken too long */
	bool late;
	struct codec codec;
	json_t *end;		/* what it said at its end */
};
#define RUNNING (BOARD_SLOTS + FOREMAN_REPLAYS)

struct foreman {
	const struct foreman_setup *s;
	int folder;
	struct receiving in[FOREMAN_UPLOADS];
	struct running out[RUNNING];	/* the first BOARD_SLOTS are errands, as on the board */
	json_t *kept;		/* tokens that stay at the next sweep */
	bool gone;		/* the parent is */
};

/* ---- foreman_upload.c ---- */
/* Begins; the socket becomes the foreman's. */
void receive_begin(struct foreman *f, json_t *what, int socket);
/* Octets are there, or the end. */
void receive_more(struct foreman *f, struct receiving *r);
/* Takes away what nobody has use of: one, or all but the kept. */
void receive_drop(struct foreman *f, const char *token);
void receive_sweep(struct foreman *f);

/* ---- foreman.c ---- */
/* Tells the parent; what is stolen. */
void foreman_say(struct foreman *f, json_t *what);
