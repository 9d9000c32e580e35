/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_own.h - what taxii_index.c and taxii_page.c share and nobody else sees. */
#pragma once
#include "web/taxii_index.h"

#define INDEXES 6u

struct index {
	struct marking clearance;
	struct taxii_entry *entries;	/* what there is, by time */
	size_t count, room;
	struct taxii_entry *raw;	/* what each item has, by id: with repetitions */
	size_t raw_count, raw_room;
	struct taxii_item *items;
	size_t item_count, item_room;
	unsigned follows;	/* since it was made */
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
/* The order of pages, as qsort() asks. */
int taxii_by_time(const void *a, const void *b);
bool taxii_same(const struct taxii_entry *a, const struct taxii_entry *b);
