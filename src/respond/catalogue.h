/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogue.h - the one list of everything that Vedette can find: the rows of all
 * plug-ins, joined. */
#pragma once
#include "model/catalogue.h"

/* All rows in the order of their plug-ins, NULL-terminated; *n (may be NULL) counts them. */
const struct catalogue_row *const *catalogue_all(unsigned *n);
/* Is it an id of the zone checks, or a family of theirs ("delegation")? */
bool catalogue_of_zone(const char *id);
/* What the subject of a finding is in it, as letters say it: the id of a row, or a family whose
 * rows all say the same; else the abused one, which is also all that reports are about. */
enum stance { STANCE_ABUSED, STANCE_VICTIM, STANCE_FAULTY };
enum stance catalogue_stance(const char *id);
/* The row of an id, or NULL. */
const struct catalogue_row *catalogue_find(const char *id);
