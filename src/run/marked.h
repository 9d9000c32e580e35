/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marked.h - the option --marking of all commands that take something in: `observe`, `verify`,
 * `inbox`, `share import`, `serve`. What is read is marked so, and with it all that is made
 * from it: findings and their evidence, runs, pictures of zones, reports. The locked-up
 * processes know nothing of labels; who keeps what they found puts them on. */
#pragma once
#include "base/opt.h"
#include "model/label.h"

/* Its row, in a group without a name, for a const char * at that place. */
#define MARKED_ROW(place) { .name = "marking", .was = "inbox-marking", .type = OPT_TEXT,       \
	.at = place, .some = true, .def = MARKING_FOUND_TEXT, .arg = "LABELS",                 \
	.help = N_("label of what comes in, and so of all that is made from it: who may know " \
		   "of it (TLP) and what may be done with it (PAP); reports that say a "        \
		   "stricter one keep that") }
/* The marking that the option says, NULL: MARKING_FOUND. 0, or OOPS_RANGE and why[]. */
int marked_read(const char *text, struct marking *ret, char why[OPT_WHY]);
