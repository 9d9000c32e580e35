/* SPDX-License-Identifier: GPL-3.0-or-later */
/* look.h - a store to look at, as somebody of a clearance. */
#pragma once
#include "cli/stored.h"
#include "respond/gate.h"

/* --clearance: what is shown is marked no stricter. */
struct look_conf { const char *clearance; };
extern const struct opt look_rows[];

struct look {
	struct store *store;
	struct gate *gate;
};
/* Opens the store for reading, behind a gate of the clearance: STATUS_FINE, or
 * STATUS_USAGE (no --db, no such label) or STATUS_INPUT and it was said why.
 * look_close() it in any case; zero it first. */
int look_open(struct look *ret, const struct stored_conf *c, const struct look_conf *as);
/* Says how much was withheld for its marking, if any was. */
void look_close(struct look *s);
