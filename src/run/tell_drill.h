/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell_drill.h - a reachability drill (respond/drill.h): its letter, and the note that somebody
 * was asked; for the command line and the API. */
#pragma once
#include "respond/drill.h"
#include "respond/notice.h"
#include "run/tell.h"

struct tell_drill {
	struct compose_ask ask;		/* for compose(); refers to what is below */
	char key[65], token[DRILL_TOKEN_MAX], signature[129];
};
/* The letter to a contact, with a token that is signed when the desk has a key. */
void tell_drill_letter(struct tell_drill *ret, struct desk *d, const struct tell_conf *conf,
		       const char *contact, const char *language);
/* Drafts it, gives the word when `approve` says so, and notes whom it asks: one change, so there
 * is no drill without its letter and no letter without its drill. 0, or negative and
 * desk_error(). */
int tell_drill_keep(struct desk *d, const struct composed *c, const struct tell_drill *t,
		    bool approve, u64 *number);
/* The house's hook: drafts it and notes it as one change, or shows it. */
int tell_drill_write(const struct house *h, struct desk *d, json_t *args, json_t *reply);
