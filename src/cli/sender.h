/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sender.h - the process of `vedette serve` that sends what was approved.
 *
 *   writer (serve.c) --notice.approved--> store <--looks, SENDER_LOOK_MS-- sender --> mail, hooks
 *
 * It opens the desk as another writer does and goes through the queue as `vedette notices
 * send`: `sending` is on the disk before the first octet leaves, so a kill between loses
 * nothing and what may have been sent is told as that (respond/notice.h). It is a process of
 * its own because a mail server may be slow; it is started first, ends with its parent, and
 * is started again when it dies. Without a mail server and without webhooks there is none. */
#pragma once
#include "cli/house.h"
#include <sys/types.h>

struct sender {
	const char *db, *key;	/* the store; the key that signs the log, or NULL */
	const struct house_open *house;
	pid_t pid;		/* 0: there is none */
	unsigned starts;
};
/* Starts it when there is a way out: a status and it was said why. */
int sender_start(struct sender *s);
/* Is it there still? Starts it again; after SENDER_STARTS it stays away and that is said. */
void sender_look(struct sender *s);
/* Lets it finish the try that it is at (SENDER_END_S at most), and waits for it. */
void sender_end(struct sender *s);
