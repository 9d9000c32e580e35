/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_misp.h - what the files of MISP's core format share.
 *
 *   incident                        Event; items without one stand in an event of their own
 *   indicator, observation, report  Attribute
 *   note                            EventReport
 *   what none of them has room for  Object "vedette-item" in the event
 *
 * The format is that of draft-dulaunoy-misp-core-format; a feed is a folder of events with
 * manifest.json and hashes.csv. */
#pragma once
#include "share/rest.h"

/* How MISP says a subject. The views last as long as the subject. */
struct misp_value { const char *type, *category, *value; };
struct misp_value misp_value(enum subject_kind kind, const char *subject);

#define MISP_REST "vedette-item"	/* name of our objects */
#define MISP_REST_TEMPLATE "daa455c4-420e-4aed-b3c1-ea36625f3005"
#define MISP_CONTAINER "vedette:event=\"items-without-an-incident\""	/* tag */

/* ---- labels ---- */

/* What the tags of something say of who may know: -1 where nothing is said. `odd` is the first
 * tag that looks like a label and is none; the strictest is meant then. */
struct misp_label { int tlp, pap; const char *odd; };
struct misp_label misp_label(json_t *tags);

/* ---- objects as a stranger reads them ---- */

/* What stands around an attribute or report: of its event and object. */
struct misp_near {
	const char *source, *parent;	/* "" = none */
	const char *tags;		/* a line each */
	const char *comment;		/* of the object that it is in */
	const char *references;		/* of an event: its links, a line each */
	enum severity severity;
	struct marking marking;
};
struct misp_room { struct buf id, tags, title, text, subject; };
void misp_room_free(struct misp_room *room);

typedef int misp_item_fn(void *to, const struct item *i);
struct misp_take {
	json_t *of;			/* the event, attribute or report */
	const struct misp_near *near;
	struct misp_room *room;
	bool lax;			/* any type and form: ours, and the rest says more */
	misp_item_fn *fn;
	void *to;
	u32 count;
	const char *why;		/* not NULL: why there are none or fewer */
};
/* Each: 0, what fn stopped with, or negative. A type that is no item gives none and no
 * why. */
int misp_event(struct misp_take *t);
int misp_attribute(struct misp_take *t);
int misp_report(struct misp_take *t);
/* Appends the tags of something that are not labels or abuse, a line each. */
void misp_tags(struct buf *to, json_t *tags);
/* Appends an event's links, a line each. */
void misp_links(struct buf *to, json_t *event);
/* The attribute that holds what is said about an event, or NULL. */
json_t *misp_comment(json_t *event);
/* How well a type names a file: 0 = it is no hash. */
unsigned misp_hash_rank(const char *type);

/* ---- documents ---- */

/* As struct exchange says of write and read. */
int misp_write(struct buf *out, const struct exchange_write *how, char why[EXCHANGE_WHY]);
int misp_read(const struct exchange_read *r, char why[EXCHANGE_WHY]);

/* Each event as JSON {"Event": ...}, which is the caller's to look at; a value other than 0
 * stops. 0, that value, or negative. */
typedef int misp_event_fn(void *to, json_t *event);
int misp_events(const struct exchange_write *how, misp_event_fn *fn, void *to);
