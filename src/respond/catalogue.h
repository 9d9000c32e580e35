/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogue.h - the one list of everything that Vedette can find: the rows of all
 * plug-ins, joined. */
#pragma once
#include "model/catalogue.h"

/* All rows in the order of their plug-ins, NULL-terminated; *n (may be NULL) counts them. */
const struct catalogue_row *const *catalogue_all(unsigned *n);
/* Is it an id of the zone checks, or a family of theirs ("delegation")? */
bool catalogue_of_zone(const char *id);
/* The row of an id, or NULL. */
const struct catalogue_row *catalogue_find(const char *id);
