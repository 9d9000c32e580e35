/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.h - what desk.c, fold.c and log.c share and nobody else sees. */
#pragma once
#include "respond/desk.h"

struct house;
struct desk {
	struct store *store;
	char author[DESK_AUTHOR_MAX];
	u64 (*now)(void *world);
	void *world;
	const char *playbooks;
	u64 time;		/* of the open change; 0 = none is open */
	bool reads, borrows, is_signing;	/* borrows: the store is another one's */
	u8 secret[64];		/* Ed25519, as libsodium has it */
	char signer[65];
	char why[DESK_WHY];
	enum desk_code code;	/* of why */
	const struct house *house;	/* NULL: the plain one; house.h */
};

/* Folds one event into the tables: from its text, or from the body that the text was just made
 * of, which says the same (a test holds them against each other). */
int fold(struct desk *d, const struct event *e);
int fold_said(struct desk *d, const struct event *e, json_t *body);
/* Reads the key file into the desk: 0 or negative and the sentence. */
int log_key_read(struct desk *d, const char *path);
/* Signs the hash, hex in and out. */
void log_sign(const struct desk *d, const char hash[65], char signature[129]);
