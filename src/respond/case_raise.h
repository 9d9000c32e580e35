/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_raise.h - an incident's label became stricter: who is left out by that.
 *
 *   note RED, report RED, finding raised --> incident AMBER -> RED
 *      --> letters about the whole of it cannot go by mail any more
 *      --> contacts and users that were cleared for it, and are no more
 *
 * A label that rises is an effect that few foresee who write one line of a note: so whoever
 * does it is told, before (a rehearsal) or after. */
#pragma once
#include "respond/case.h"

#define RAISED_NAMED 12u	/* contacts, and users, that are told by name; all are counted */

struct case_raised {
	struct marking from, to;
	bool rose;		/* else nothing below is set */
	bool no_mail;		/* it could go by mail (NOTICE_CAP), and cannot any more */
	char contacts[RAISED_NAMED * 104], people[RAISED_NAMED * 68];	/* ids, logins: "a, b" */
	u64 contact_count, people_count;
};
/* What it means that incident `number`, which was marked `from`, is now (or would be) marked
 * `to`. Contacts: those that cover its subject or were told of it. 0 or negative. */
int case_raised(struct desk *d, u64 number, struct marking from, struct marking to,
		struct case_raised *ret);

/* Would who acts, with that clearance, not see afterwards what they see now? Their user's
 * clearance counts as well, where the desk has one of their name. 0, or OOPS_RANGE (CODE_HIDES),
 * unless `hide`: they want just that. */
struct case_sight { struct marking was, would, clearance; bool hide; };
int case_sight(struct desk *d, const struct case_sight *s);
