/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_index.h - which objects a TAXII collection has, in which order.
 *
 *   incidents, members, notes, indicators that a clearance lets through (gate.h)
 *     -> the STIX objects that each becomes (stix_parts), with the time of the event that
 *        last changed it -> sorted by that time
 *
 * A collection is what the desk holds, seen with one clearance. What changes moves to the end,
 * since its time is that of its last event; so who reads page after page and then asks for
 * what was added after the last of them loses nothing, whatever happens meanwhile. Each
 * object stands there once: what several items share (an observable, an identity) stands
 * with the first of them. Findings are in it as members of incidents; what nobody opened an
 * incident for does not leave this way.
 *
 * An index holds ids and times, nothing of the content: each page is written anew from a
 * release. It follows the log: what changed is read again (taxii_index.c).
 * Cost: twice 48 octets an object; doc/sharing-formats.md has the time. */
#pragma once
#include "share/exchange_stix.h"
#include "web/own.h"

struct taxii_entry {
	u64 added;		/* ns */
	u64 version;		/* ns; 0: it has none, so that `added` counts */
	u8 uuid[16];
	u8 type;		/* taxii_type() */
	u32 item;		/* what it is written from */
};
/* What an object is written from: an incident with all that hangs on it, or an indicator. */
struct taxii_item { u64 incident; char indicator[200]; };

/* "indicator"; NULL for a number that is none. */
const char *taxii_type(unsigned type);
/* The id of an object as text. */
char *taxii_id(const struct taxii_entry *e, char to[STIX_ID_MAX]);

/* What is asked of a collection: zeroed = everything. Lists have commas between, as they come
 * in a query. */
struct taxii_wish {
	struct marking clearance;
	u64 after;		/* ns: added later; compared by the microsecond */
	const char *next;	/* what a page ended with, or NULL */
	const char *ids, *types, *versions, *specs;	/* match[...], or NULL */
	u64 limit;
};
/* A page of entries with a copy of their items, which are the caller's. */
struct taxii_page {
	struct taxii_entry *entries;
	struct taxii_item *items;	/* one for each entry, in the same places */
	size_t count;
	bool more;
	u64 made;			/* of which index: for taxii_bundle() */
};
/* Makes or takes the index, for the caller's gate. 0; OOPS_FORMAT: `next` or a version is none
 * that was given here; or negative. taxii_page_free() any time. */
int taxii_look(struct request *q, const struct taxii_wish *wish, struct taxii_page *ret);
void taxii_page_free(struct taxii_page *p);
/* Where the page after this one begins. */
#define TAXII_NEXT_MAX 52
char *taxii_next(const struct taxii_page *p, char to[TAXII_NEXT_MAX]);
/* The bundle of an item as that gate lets it through, as JSON, a new reference; NULL when there
 * is nothing of it any more. 0 or negative and q->why. */
int taxii_bundle(struct request *q, struct gate *g, u64 made, const struct taxii_item *item,
		 json_t **ret);
