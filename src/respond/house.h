/* SPDX-License-Identifier: GPL-3.0-or-later */
/* house.h - how this house works: what operations need beside the desk itself.
 *
 *   options of `serve` --> house --> desk_settle(d, &house) --> operations: desk_house(d)
 *
 * Settings are those of the command line; NULL stands for what comes with the program.
 * Letters are written by a folder above this one (run/compose.h), so those are hooks here.
 * Whoever settles a desk keeps the house as long as the desk. */
#pragma once
#include "respond/inbox.h"
#include "respond/user.h"

struct clocks;
struct upload_hands;
struct house {
	const struct clocks *clocks;	/* NULL: none but `none` */
	struct inbox_setup inbox;	/* zeroed: no files, what comes in is not raised */
	/* Writes a letter about an incident and drafts, or only shows it. The arguments were
	 * checked (op_notice.c); 0, or negative with desk_fault(). NULL: nobody writes. */
	int (*write)(const struct house *h, struct desk *d, json_t *args, json_t *reply);
	/* The same of a drill: contact `id`, `approve`, `dry_run`. */
	int (*drill)(const struct house *h, struct desk *d, json_t *args, json_t *reply);
	const void *own;		/* the hooks' */
	bool sends;	/* a sender runs beside: it applies rules and sends what was approved */
	const struct upload_hands *hands;	/* of a server (upload.h); NULL: there is none */
};
/* The house of a desk: never NULL. */
const struct house *desk_house(const struct desk *d);
/* NULL: the plain one again. */
void desk_settle(struct desk *d, const struct house *h);
