/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.h - from a payload whose message is read (o->msg) to an observation.
 *
 * `key` is the hash key of the run. Nothing is copied but the lower-cased name;
 * the observation is good as long as the payload is. */
#pragma once
#include "model/observation.h"

/* Fills all of *o but msg, from the payload and o->msg. */
void observe(struct observation *o, const struct payload *p, const struct suffixes *s, u64 key);
