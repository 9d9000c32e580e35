/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notice_rule.h - letters that a rule gives the word for, as `vedette notices rules` reads
 * them from a file, but kept at the desk:
 *
 *   name, who is told, which letter; of incidents in a state, so severe, of a family
 *
 * A rule tells one letter about one incident once, whoever told it before; the log names the
 * rule as who gave the word, and who made the rule. A state there must be, so that nothing is
 * told too early. Operations as in case.h. */
#pragma once
#include "respond/gate.h"

#define NOTICE_RULES_MAX 200u	/* that hold at a time */

/* *number is the rule's; number, owner, made are set here. OOPS_CHANGED when one of that name
 * holds. */
int notice_rule_add(struct desk *d, const struct notice_rule *r, u64 *number);
int notice_rule_lift(struct desk *d, u64 number, const char *reason);

/* The incidents that the rule is about and that nobody was told of with its letter yet, each
 * by its number, until each() gives another value than 0. Through the gate, so an incident
 * that its audience may not see is told by no rule. */
typedef int notice_rule_fn(void *to, u64 incident);
int notice_rule_each(struct gate *g, const struct notice_rule *r, notice_rule_fn *each,
		     void *to);
