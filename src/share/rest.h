/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rest.h - what of an item a foreign format has no room for, and JSON of strangers.
 *
 *   item --write--> foreign object --read as a stranger would--> item'
 *   rest = the fields in which item' is not item; goes along where the format allows it
 *
 * So nothing is said twice: what the format holds is read from there, also when somebody
 * changed it on the way, and only what was lost comes from the rest. A rest never holds a
 * marking: labels are the format's own, and a rest could only loosen them.
 *
 * For formats that are JSON: reading with a bound on nesting, members by type, texts cut
 * to what an item may hold. */
#pragma once
#include "share/exchange.h"
#include <jansson.h>

/* Options of formats whose documents may come without labels. */
struct rest_conf { int unmarked, unmarked_pap; };
extern const struct opt rest_rows[];
/* The marking of what has none; conf may be NULL for the defaults. */
struct marking rest_unmarked(const struct rest_conf *conf);

/* The rest as a JSON object, NULL when it is empty or without memory (*rc says). */
json_t *rest_make(const struct item *want, const struct item *got, int *rc);
/* Sets the fields that `from` holds; its keys in `but` (NULL-terminated) are passed over.
 * Views last as long as `from`. 0, or as fields_parse() with *to untouched. */
int rest_take(struct item *to, json_t *from, const char *const *but, char why[FIELD_WHY]);

/* A document of strangers: NULL with why[] when it is no JSON, has a key twice, or is nested
 * deeper than EXCHANGE_DEPTH_MAX. json_decref() it. */
json_t *rest_load(const u8 *octets, size_t n, char why[EXCHANGE_WHY]);
/* A member that is a string, else "". Never NULL; takes what is no object. */
const char *rest_text(json_t *of, const char *key);
/* A member that is an instant as strangers write it (stamp_foreign()), text or seconds of
 * Unix as a number; else 0. */
u64 rest_stamp(json_t *of, const char *key);
/* A new JSON string, '?' for what is no UTF-8; NULL reads as "". */
json_t *rest_string(const char *text);
/* Sets a member to such a string. */
void rest_put(json_t *of, const char *key, const char *text);
/* Appends a line, with '\n' before it unless it is the first, when it fits in a text of
 * an item and is not empty; its line ends become blanks. */
void rest_line(struct buf *to, const char *text);
/* Appends lines that came with something around it, when all of them fit; NULL = none. */
void rest_more(struct buf *to, const char *lines);
/* Calls back for each line of a text that is not empty. */
void rest_lines(const char *text, void (*line)(void *to, const char *at, size_t n), void *to);
/* Appends a URL as a URI: what a URI cannot hold becomes %XX. False when it is none even so. */
bool rest_uri(struct buf *to, const char *url);
/* A text cut to what an item may hold, in `room` when it must be cut. */
const char *rest_cut(struct buf *room, const char *text);
