/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.h - from a payload whose message is read (o->msg) to an observation.
 *
 * The set-up holds the hash key of the run and (or NULL) what was asked lately, and the
 * queries of the batch. Nothing is copied; the observation is good as long as the payload is. */
#pragma once
#include "model/observation.h"

struct questions;
struct mates;

struct observe_setup {
	const struct suffixes *suffixes;
	struct questions *asked;
	struct mates *mates;	/* of the batch that the observations lie in; NULL = none */
	u64 key;
};

/* Fills all of *o but msg, from the payload and o->msg. */
void observe(struct observation *o, const struct payload *p, const struct observe_setup *s);

/* The same in two steps, for batches: between them what the second one needs is on its
 * way into the cache. */
void observe_ends(struct observation *o, const struct payload *p, const struct observe_setup *s);
void observe_name(struct observation *o, const struct observe_setup *s);
