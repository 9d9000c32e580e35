/* SPDX-License-Identifier: GPL-3.0-or-later */
/* post.h - takes what waits in the queue of notices and hands it over.
 *
 *   due? --> notice.sending, committed --> SMTP or webhook --> outcome, committed
 *
 * Several programs may do so at once: each notice is begun by one. A crash between the two
 * commits leaves it "may have been sent" (respond/notice.h). */
#pragma once
#include "net/hook.h"
#include "net/smtp.h"
#include "respond/gate.h"

struct post_setup {
	struct smtp_setup smtp;	/* url NULL: mail waits */
	struct hook_setup hook;	/* sign NULL: webhooks wait */
	const char *from;	/* of the envelope */
	u64 only;		/* one notice; 0 = all that are due */
	u64 most;		/* tries in this run */
};
struct post_report { u64 sent, later, failed, unsure, waiting; };
/* After each try. */
typedef void post_tell_fn(void *to, const struct notice *n, const struct sent_report *r);
/* Goes through the queue once. 0, or negative with desk_error() (nothing is lost then). */
int post_run(struct desk *d, const struct post_setup *setup, post_tell_fn *tell, void *to,
	     struct post_report *ret);
