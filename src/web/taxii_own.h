/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_own.h - what taxii_index.c and taxii_page.c share and nobody else sees. */
#pragma once
#include "web/taxii_index.h"

#define INDEXES 6u

struct taxii_list { struct taxii_entry *at; size_t count, room; };

struct index {
	struct marking clearance;
	struct taxii_list entries;	/* what there is, by time */
	struct taxii_list raw;		/* what each item has, by id: with repetitions */
	struct taxii_item *items;	/* zeroed: read again since, under another number */
	size_t item_count, item_room, gone;
	u64 event;		/* the last that it knows of; 0 = not made */
	u64 used, made;		/* by the clock of struct taxii */
};
/* An incident with thousands of members is on many pages: its bundle stays for the next one,
 * as long as the index is the same and no run adds findings, which no event tells of. */
#define KEPT_LEAST 200u		/* objects in it */
#define KEPT_MOST 20000u
struct kept { u64 made, incident, run; json_t *bundle; };

struct taxii {
	pthread_mutex_t lock;
	struct index all[INDEXES];
	u64 clock;
	struct kept kept;
};

/* The index of a clearance as the log says it now; with the lock. 0 or negative. */
int taxii_take(struct request *q, struct marking clearance, struct index **ret);
/* "type--uuid"; false when it is none. */
bool taxii_id_parse(const char *id, size_t n, struct taxii_entry *ret);
int taxii_nibble(char c);

/* A list with room for one more, or NULL and the old one is as it was. */
void *taxii_roomy(void *list, size_t count, size_t *room, size_t size);

/* ---- taxii_order.c ---- */

/* The order of pages, as qsort() asks. */
int taxii_by_time(const void *a, const void *b);
bool taxii_same(const struct taxii_entry *a, const struct taxii_entry *b);
int taxii_list_add(struct taxii_list *l, const struct taxii_entry *e);	/* 0 or -ENOMEM */
/* The raw entries from `from` on go to their places among those before, which are in order. */
int taxii_raw_order(struct index *x, size_t from);
/* Makes the entries follow the raw ones. `changed` has the ids of which a raw entry came or
 * went, and is put in order; NULL: all. `frame`, by id, is what every document has. 0 or
 * -ENOMEM. */
int taxii_order(struct index *x, struct taxii_list *changed, struct taxii_list *frame);

/* ---- taxii_news.c ---- */

struct taxii_numbers { u64 *at; size_t count, room; };
/* What has to be read again: incidents and indicators, each once and in order. */
struct taxii_news {
	struct taxii_numbers incidents;
	char **indicators;
	size_t indicator_count, indicator_room;
	u64 last;		/* the event up to which that is all */
	bool all;		/* it cannot be said: make the index anew */
};
/* What the log says since the index was made. 0 or negative with q->why; taxii_news_free() any
 * time. */
int taxii_news(struct request *q, const struct index *x, struct taxii_news *ret);
void taxii_news_free(struct taxii_news *n);
/* Is it read again? */
bool taxii_is_news(const struct taxii_item *i, const struct taxii_news *n);
