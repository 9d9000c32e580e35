/* SPDX-License-Identifier: GPL-3.0-or-later */
/* put.h - parts of replies that several routes share. */
#pragma once
#include "web/own.h"
#include "model/catalogue.h"

/* Appends a catalogue row as an object, or null. */
void put_catalogue(struct buf *out, const struct catalogue_row *r);
/* An English sentence of ours in the language of this thread, as a JSON string. */
void put_said(struct buf *out, const char *sentence);
/* The same of what may be ours or a person's (NULL is ""). */
void put_stored(struct buf *out, const char *sentences);
/* A record as members without braces: as fields_json(), with what may be a sentence of ours
 * (field.said) in the language of this thread, and behind them what its words of ours are
 * called: `title` of members and deadlines, `words` of notices. */
void put_noun(struct buf *out, enum desk_table t, const void *record);

/* Appends runs with commas between: a store_run_fn. What was read, and with which arguments,
 * is for those who are cleared for the desk (DESK_MARKING); the top lists of a run are never
 * shown here. */
struct putting_runs { struct request *q; u64 most, count, last; };
int put_run(void *to, const struct store_run *run);
