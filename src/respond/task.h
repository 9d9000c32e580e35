/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task.h - what is to be done about an incident, and who can do it.
 *
 * Tasks come from the playbook of the incident's family (playbook.h) or are added by hand.
 * Operations as in case.h: inside an open change; errors with a sentence. */
#pragma once
#include "respond/case.h"

/* Adds tasks behind those that are there; their places are given here. */
int task_add(struct desk *d, u64 number, const struct task *tasks, size_t n);
/* Done, dropped (needs a reason) or open again. */
int task_set(struct desk *d, u64 number, u64 place, enum task_state s, const char *reason);
/* How many tasks an incident has, in all. */
int task_count(struct desk *d, u64 number, u64 *ret);
