/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sender.h - the process of `vedette serve` that sends what was approved.
 *
 *   writer (serve.c) --notice.approved--> store <--looks, SENDER_LOOK_MS-- sender --> mail, hooks
 *
 * It opens the desk as another writer does and goes through the queue as `vedette notices
 * send`: `sending` is on the disk before the first octet leaves, so a kill between loses
 * nothing and what may have been sent is told as that (respond/notice.h). It is a process of
 * its own because a mail server may be slow. A keeper starts it, and again when it dies: a
 * process that has no store open, since SQLite's connections do not outlive a fork. Both end
 * with the server. Without a mail server and without webhooks there is none. */
#pragma once
#include "cli/house.h"
#include <sys/types.h>

struct sender {
	const char *db, *key;	/* the store; the key that signs the log, or NULL */
	const struct house_open *house;
	pid_t pid;		/* the keeper; 0: there is none */
};
/* Starts it when there is a way out, while no store is open: a status and it was said why. */
int sender_start(struct sender *s);
/* Lets it finish the try that it is at, and waits for it; SENDER_END_S at most. */
void sender_end(struct sender *s);
