/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_world.h - a desk at which lots decide what happens to findings, for sieve_plain_test.c. */
#pragma once
#include "desk_place.h"
#include "draw.h"
#include "respond/sieve.h"

#define WORLD_MOST 400u		/* findings */
#define WORLD_RUNS 6u

struct plain {	/* a finding, as the tables say it */
	char id[FINDING_ID_MAX], rule[48], kind[16], subject[80], zone[40], said[3][400],
		party[3][40];
	u64 from, until, incident, number, revision;
	unsigned parties, runs;	/* runs: bits */
	u8 severity, confidence, state;
	struct marking marking, home;	/* home: of the incident */
};
struct world {
	struct desk_place *place;
	struct store *store;
	struct sieve *sieve;
	u64 seed, incidents, findings, runs;
	struct plain at[WORLD_MOST];
	u32 count;
	struct sieve_key after;	/* of some answer before */
	struct finding *room;
	char ids[WORLD_MOST][FINDING_ID_MAX];
};


static inline u64 world_lot(struct world *w, u64 n)
{
	return draw_below(&w->seed, n);
}

/* One thing more: a finding comes or is measured anew, becomes a member, leaves, is raised; an
 * incident is opened, merged, labelled, goes on; a run ends. May be refused by the desk. */
void world_go_on(struct world *w);
