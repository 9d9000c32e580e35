/* SPDX-License-Identifier: GPL-3.0-or-later */
/* playbook.h - what to do about a family of findings: who can act, what to ask them for,
 * what evidence they need. One text file a family, playbook/FAMILY.txt, in the program and
 * in a folder of your own (--playbooks), which goes first:
 *
 *   title: Data leaves through DNS names
 *
 *   task: Find what runs on the clients
 *     who: network operator
 *     ask: Which programs ask for this domain?
 *     needs: The clients and the minutes of the finding
 *
 * A line that begins with # is a remark. Incidents that are opened by hand have their tasks
 * at once; those that were opened in bulk get them when somebody takes them on. case.h's
 * operations see to it. */
#pragma once
#include "respond/task.h"

#define PLAYBOOK_TASKS_MAX 40u
#define PLAYBOOK_OCTETS_MAX 65536u
#define PLAYBOOK_WHY 300

struct playbook {
	const char *title;
	struct task tasks[PLAYBOOK_TASKS_MAX];
	unsigned count;
	char *own;	/* what the texts are views of */
};
/* The playbook of a family ("tunnel", "phishing"); folder NULL: the program's only. 0,
 * OOPS_UNKNOWN when there is none, or negative and a sentence. playbook_free() it. */
int playbook_read(struct playbook *ret, const char *folder, const char *family,
		  char why[PLAYBOOK_WHY]);
/* The family of the n-th playbook of the program; false behind the last. */
bool playbook_name(unsigned n, char to[64]);
void playbook_free(struct playbook *p);	/* takes zeroed ones */
/* Gives the incident its tasks, if it has none and its family has a playbook. Inside an
 * open change: 0 or negative. */
int playbook_apply(struct desk *d, u64 number, const char *folder);
