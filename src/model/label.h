/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label.h - who may know (TLP 2.0, FIRST 2022) and what may be done with it (PAP).
 *
 *   TLP  CLEAR < GREEN < AMBER < AMBER+STRICT < RED
 *   PAP  CLEAR < GREEN < AMBER < RED
 *
 * Two chains, and a marking is a pair of them: a lattice. What is derived from several
 * things takes the strictest of each (the join). An audience may have what is marked no
 * stricter than it is trusted with, in both. The Permissible Actions Protocol: RED - look
 * at it on your own systems, do nothing that can be noticed; AMBER - ask third parties who
 * tell nobody; GREEN - act on it: block, write to the operator; CLEAR - anything.
 *
 * What refuses is model/release.h; this file only compares. */
#pragma once
#include "base/base.h"

#define LABELS(F)                                                              \
	F(CLEAR, "TLP:CLEAR") F(GREEN, "TLP:GREEN") F(AMBER, "TLP:AMBER")      \
	F(AMBER_STRICT, "TLP:AMBER+STRICT") F(RED, "TLP:RED")
#define PAPS(F)                                                                \
	F(CLEAR, "PAP:CLEAR") F(GREEN, "PAP:GREEN") F(AMBER, "PAP:AMBER")      \
	F(RED, "PAP:RED")

#define F(name, text) LABEL_##name,
enum label { LABELS(F) LABEL_COUNT };
#undef F
#define F(name, text) PAP_##name,
enum pap { PAPS(F) PAP_COUNT };
#undef F

/* The texts, NULL-terminated, as choices of a record (model/field.h). */
extern const char *const label_names[], *const pap_names[];

/* The strictest of two. */
enum label label_join(enum label a, enum label b);
/* True when a thing with this label may be given to an audience of that one. */
bool label_allows(enum label thing, enum label audience);
/* "TLP:AMBER"; never NULL. */
const char *label_text(enum label l);
/* A label from its text in any case, with or without "TLP:"; "WHITE" of TLP 1.0
 * is CLEAR. OOPS_UNKNOWN otherwise. */
int label_parse(const char *text);
/* The same for PAP. */
const char *pap_text(enum pap p);
int pap_parse(const char *text);

struct marking { u8 tlp, pap; };	/* enum label, enum pap */
#define MARKING_STRICTEST ((struct marking){ LABEL_RED, PAP_RED })

/* The strictest of both, in each part. */
struct marking marking_join(struct marking a, struct marking b);
/* True when both parts of the thing's marking are within the audience's. */
bool marking_allows(struct marking thing, struct marking audience);
/* "TLP:AMBER PAP:GREEN" into `to`, which is returned. */
#define MARKING_TEXT_MAX 32
char *marking_text(struct marking m, char to[MARKING_TEXT_MAX]);
/* One or two labels with a blank or comma between ("amber", "TLP:GREEN PAP:AMBER"), each once;
 * what is not said stays as it is in *ret. 0, or OOPS_UNKNOWN and *ret is untouched. */
int marking_parse(const char *text, struct marking *ret);

/* ---- the `label` of a finding and of a run ---- */

/* What is found may be acted on (PAP:GREEN) where nothing else is said: then the label is the
 * TLP alone, "TLP:AMBER"; else it is both, "TLP:RED PAP:RED". */
#define MARKING_FOUND ((struct marking){ LABEL_AMBER, PAP_GREEN })
#define MARKING_FOUND_TEXT "TLP:AMBER PAP:GREEN"	/* the same, as options say it */
/* The marking that a label says; MARKING_STRICTEST for "" and for what is none. */
struct marking marking_read(const char *label);
/* The label of a marking into `to`, which is returned. */
char *marking_label(struct marking m, char to[MARKING_TEXT_MAX]);
