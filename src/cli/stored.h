/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored.h - the option --db. */
#pragma once
#include "base/opt.h"
#include "store/store.h"

struct stored_conf { const char *db; };
extern const struct opt stored_rows[];
/* Says that no store was named, and where there is one. */
void say_no_store(void);
/* Is nothing at the path? */
bool stored_missing(const char *path);
/* Says that a store was made where nothing was, which a mistyped path would do. */
void say_new_store(const char *path);
