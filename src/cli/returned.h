/* SPDX-License-Identifier: GPL-3.0-or-later */
/* returned.h - what came back to our letters, for `vedette inbox add` and `vedette notices
 * returned`: taken, and told in a line each. */
#pragma once
#include "cli/sitting.h"
#include "respond/returned.h"

struct returned_counts { u64 per[RETURNED_KIND_COUNT]; };
/* Takes an item of the mail reader (returned_is()), as a change of its own: 0 or negative.
 * *ours: it was ours, and the rest of its message is no report. */
int returned_one(struct sitting *s, const struct item *i, bool json,
		 struct returned_counts *counts, bool *ours);
/* The sum, in words; nothing when nothing came back. */
void returned_sum(const struct returned_counts *counts);
/* `vedette notices returned`. */
int notices_returned(struct sitting *s, int argc, char **argv);
