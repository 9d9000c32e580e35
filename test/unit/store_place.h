/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_place.h - a store in a temporary folder of its own, for one test. */
#pragma once
#include "store/store.h"

struct place { char folder[64], path[96], why[STORE_WHY]; };

/* For cmocka: makes the folder, removes the files that a store leaves. The path
 * holds characters that mean something in URIs. */
int place_up(void **state);
int place_down(void **state);

/* Opens the store or fails the test. */
struct store *place_open(struct place *p, enum store_mode mode);
/* The n-th finding: rules, severities, lists and windows differ. */
void place_make(struct finding *f, unsigned n);
/* Begins a run; adds new findings first..first+count-1 and commits. */
void place_begin(struct store *s);
void place_fill(struct store *s, unsigned first, unsigned count);

struct seen { unsigned count, stop_at; struct finding *last; bool ordered; };
store_finding_fn place_see;	/* `to` is a struct seen; stops with 42 */
/* Lists: how many; checks the order and store_count(). */
unsigned place_count(struct store *s, const struct store_filter *filter);
/* Runs SQL on the file, past the store. */
void place_raw(const char *path, const char *sql);
