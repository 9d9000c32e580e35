/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell_rules.h - writes and approves what the desk's rules say (respond/notice_rule.h).
 *
 * What a rule could not write (nobody covers the subject, a label forbids it) is tried again
 * when the incident has changed, and not before: each try may be a line of the log. That is
 * remembered here, for TELL_TRIED_MAX tries; the oldest are forgotten. */
#pragma once
#include "run/tell.h"

#define TELL_TRIED_MAX 10000u

struct tell_tried {
	u64 at[TELL_TRIED_MAX];	/* hashes of rule, incident, its version */
	u32 count, next;
};
/* Told of what a rule could not write. */
typedef void tell_trouble_fn(void *to, const char *rule, u64 incident, const char *why);
struct tell_rules {
	const struct tell_conf *conf;
	struct tell_tried *tried;
	tell_trouble_fn *trouble;
	void *to;
	u64 written;	/* by this call */
};
/* Goes through all rules that hold. 0, or negative with desk_error(). Not inside a change. */
int tell_rules(struct desk *d, struct tell_rules *r);
