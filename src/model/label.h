/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label.h - the Traffic Light Protocol 2.0 (FIRST, 2022) as an ordered lattice.
 *
 *   CLEAR < GREEN < AMBER < AMBER+STRICT < RED
 *
 * What is derived from several things takes the strictest of their labels; an
 * audience may see what is labelled no stricter than the audience is trusted. */
#pragma once
#include "base/base.h"

#define LABELS(F)                                                              \
	F(CLEAR, "TLP:CLEAR") F(GREEN, "TLP:GREEN") F(AMBER, "TLP:AMBER")      \
	F(AMBER_STRICT, "TLP:AMBER+STRICT") F(RED, "TLP:RED")

#define F(name, text) LABEL_##name,
enum label { LABELS(F) LABEL_COUNT };
#undef F

/* The strictest of two. */
enum label label_join(enum label a, enum label b);
/* True when a thing with this label may be given to an audience of that one. */
bool label_allows(enum label thing, enum label audience);
/* "TLP:AMBER"; never NULL. */
const char *label_text(enum label l);
/* A label from its text in any case, with or without "TLP:"; "WHITE" of TLP 1.0
 * is CLEAR. OOPS_UNKNOWN otherwise. */
int label_parse(const char *text);
