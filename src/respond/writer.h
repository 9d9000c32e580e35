/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writer.h - the desk's one writer for a server: it answers questions of the web process.
 *
 *   {"op":"incident.state","session":"..","from":"192.0.2.1","args":{..}}
 *      -> {"error":0,"reply":{..}} or {"error":-1,"why":"one sentence"}
 *
 * It trusts the asker with nothing: who acts is found from the session or token itself. Two
 * operations are its own: "sign-in" (nobody is signed in yet) and "sign-out". Who may try a
 * password is decided before it is hashed, so that hashing cannot hold up the desk
 * (throttle.h). */
#pragma once
#include "respond/op.h"

struct writer {
	struct desk *desk;
	struct throttle *throttle;	/* whoever made it closes it; outlives the desk */
	char op[40];		/* of the last question */
};
/* The answer to a question (n octets of JSON); a new reference, NULL without memory. */
json_t *writer_answer(struct writer *w, const char *question, size_t n);
