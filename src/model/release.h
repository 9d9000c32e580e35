/* SPDX-License-Identifier: GPL-3.0-or-later */
/* release.h - what may leave the house, and for whom: the only thing that formats take.
 *
 *   stored things --> the gate (respond/gate.h) --> release --> a format --> outside
 *                         |  refuses by marking
 *                         +--> refusals, told and logged
 *
 * A release is made for one audience. release_add() looks at the item's marking and takes
 * it or refuses it; there is no other way in, the struct is not visible to formats, and
 * formats get items out of a release only. So an export that a label forbids cannot be
 * written down.
 *
 *   WHOLE     one refused item refuses the release: it has no items, only refusals
 *   REDACTED  refused items are left out; the release says how many, and nothing of them
 *
 * In a redacted release an incident that is itself too strict becomes a bare frame: its
 * id and nothing that was said in it, so that what hangs on it still has a parent.
 *
 * Limit: RELEASE_ITEMS_MAX. Cost: a copy of each item. */
#pragma once
#include "model/item.h"

#define RELEASE_ITEMS_MAX 2000000u

struct audience {
	const char *name;	/* "cert.example", "public", the login at the desk */
	struct marking clearance;
};
enum release_mode { RELEASE_WHOLE, RELEASE_REDACTED };

struct refusal {	/* says which item, and nothing of what is in it */
	const char *id;
	enum item_kind kind;
	struct marking marking;
};

struct release;
/* For this audience (copied): 0 or -ENOMEM. `cap` is the strictest marking that the way out
 * can honour (a block list is acted on in public, so not PAP:AMBER): the clearance is the
 * lesser of both in each part. */
int release_new(struct release **ret, const struct audience *to, struct marking cap,
		enum release_mode mode);
struct release *release_free(struct release *r);	/* takes NULL, gives NULL */
/* Offers an item (copied when taken): 1 taken, 0 refused, or -ENOMEM, OOPS_LIMIT. */
int release_add(struct release *r, const struct item *i);
/* False when something was refused that the mode does not leave out: then there are no
 * items and nothing may be written. */
bool release_good(const struct release *r);
const struct audience *release_audience(const struct release *r);
/* Items in the order they were offered; 0 of them when the release is not good. */
size_t release_count(const struct release *r);
const struct item *release_item(const struct release *r, size_t at);
/* What was refused, in order. */
size_t release_refused(const struct release *r);
const struct refusal *release_refusal(const struct release *r, size_t at);
/* The strictest marking among the items that are in it; CLEAR when empty. */
struct marking release_marking(const struct release *r);
