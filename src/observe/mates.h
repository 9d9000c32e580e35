/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mates.h - a query and its response in one batch are found together.
 *
 * In nine of ten look-ups at a resolver the response comes within the same hundred messages.
 * Then most of what is done for the two is the same, and is done once: who they are, what
 * they ask about, which entries of the tables are theirs (struct turn, window/summary.h).
 *
 *   query    -> place (from client, port, id) = its number in the batch
 *   response -> place -> ends, id and question equal? -> o->query
 *
 * This is work spared and nothing else: a pair gives the same summaries as its two
 * messages. What took part in which pair is in no summary, and does not depend on join.
 *
 * Cost: some 20 instructions a message. Two queries that meet in one place: the later one
 * has it. A response takes its query out, so a second one finds none. */
#pragma once
#include "model/observation.h"

#define MATES_PLACES 512u
#define MATES_BATCH 255u	/* observations in a batch, at most */

struct mates {
	struct observation *batch;
	u8 at[MATES_PLACES];	/* number in the batch + 1; 0 = none */
};

/* A new batch begins at `batch`. */
void mates_begin(struct mates *m, struct observation *batch);
/* Notes a query of the batch, or gives a response its query (o->query). Reads the ends, the
 * way and the message. */
void mates_look(struct mates *m, struct observation *o);
