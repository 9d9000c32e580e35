/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate_own.h - what gate.c and gate_release.c share and nobody else sees. */
#pragma once
#include "respond/gate.h"

struct gate {
	struct desk *desk;	/* NULL: the store alone */
	struct store *store;
	struct audience who;
	char *name;		/* what who.name points to */
	bool has_desk;		/* the nouns' tables are there */
	bool discreet;		/* gate_discreet() */
	u64 withheld;
	char why[DESK_WHY];
};

/* True when the audience may have a thing of that marking; else it is counted. */
bool gate_lets(struct gate *g, struct marking m);
/* -EPERM and the sentence. */
int gate_refuse(struct gate *g, const char *what, struct marking m);
