/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored.h - the option --db, and opening what it names. */
#pragma once
#include "base/opt.h"
#include "store/store.h"

struct stored_conf { const char *db; };
extern const struct opt stored_rows[];

/* Opens the store for reading: STATUS_FINE, or STATUS_USAGE (no --db) or
 * STATUS_INPUT and it was said why. store_close() it. */
int stored_open(struct store **ret, const struct stored_conf *c, const char *command);
