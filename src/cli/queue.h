/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue.h - sending what waits in the queue of notices, as the options of mail and webhooks
 * say: `vedette notices send`, and the sender of `vedette serve`. */
#pragma once
#include "cli/notify.h"

struct queue {
	struct post_setup setup;
	struct desk *desk;
	struct buf auth, secret;	/* of the files that the options name */
};
/* Reads the secrets; the desk must outlive it. A status. queue_free() in any case. */
int queue_open(struct queue *ret, struct desk *d);
void queue_free(struct queue *q);
/* Tries what is approved and due (only: that one, 0: all) and says what came of it: a
 * status. */
int queue_send(struct sitting *s, u64 only);
