/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate.h - what directive.c asks of generate.c. */
#pragma once
#include "zone/directive.h"

/* Reads what follows "$GENERATE " in flat text, putting NULs between its parts: NULL, or
 * what is wrong. Offsets are from `flat`. */
const char *generate_read(char *flat, char *p, struct generate *ret);
