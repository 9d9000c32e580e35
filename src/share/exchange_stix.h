/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix.h - what the files of STIX 2.1 share.
 *
 *   item --exchange_stix_write.c--> objects --exchange_stix_read.c--> items
 *                 |  what becomes what: exchange_stix_object.c          |
 *                 +--- patterns: exchange_stix_pattern.c ---------------+
 *                 +--- ids: exchange_stix_id.c
 *
 * Section numbers are those of STIX 2.1, OASIS Standard of 10 June 2021. */
#pragma once
#include "share/rest.h"

/* ---- patterns (section 9) ---- */

#define STIX_PATTERN_NODES 4096u	/* tests and operators in one pattern */
#define STIX_PATTERN_DEPTH 32u		/* parentheses in it */
#define STIX_WHY 200

typedef void stix_subject_fn(void *to, enum subject_kind kind, const char *text);
/* Calls back for each subject that matches the pattern all by itself: "A or B" has two, "A
 * and B" none, but for tests of one file, of which a hash says enough. Texts are views for the
 * call. How many there were, with why[] when something was left out; OOPS_FORMAT (why[]
 * says where) when it is no pattern, OOPS_LIMIT, -ENOMEM. */
int stix_pattern_read(const char *text, stix_subject_fn *fn, void *to, char why[STIX_WHY]);

/* ---- observables (section 6) ---- */

/* A subject as STIX says it: "domain-name", "value", "example.com". */
struct stix_value {
	const char *type;	/* NULL: STIX has no observable for it */
	const char *key;	/* "value", "number" or the name of a hash */
	struct buf text;	/* as an observable has it; a URL is a URI there */
};
/* 0 or -ENOMEM; buf_free(&ret->text) in any case. */
int stix_value(struct stix_value *ret, enum subject_kind kind, const char *subject);
/* Appends the pattern "[domain-name:value = 'example.com']" of a value whose subject is this. */
void stix_pattern(struct buf *out, const struct stix_value *v, const char *subject);
/* Appends the id of an observable, made as section 2.9 says. */
void stix_value_id(struct buf *out, const struct stix_value *v);
/* What an observable is about; false when no item can be about it. A view in `of` or `room`. */
bool stix_subject(json_t *of, enum subject_kind *kind, const char **text, struct buf *room);

/* ---- markings (section 7.2) ---- */

/* Id of the marking definition of a label, of TLP 2.0 and of PAP. */
const char *stix_tlp_id(enum label l);
const char *stix_pap_id(enum pap p);
/* A new marking definition. */
json_t *stix_tlp(enum label l);
json_t *stix_pap(enum pap p);
/* What a marking definition of any kind (TLP 1.0, TLP 2.0, PAP) says; `definition` may be NULL
 * when the document has none of that id. Each part is -1 when it says nothing about it;
 * false when it is none that is known. */
bool stix_marking(const char *id, json_t *definition, int *tlp, int *pap);

/* ---- ids: exchange_stix_id.c ---- */

#define STIX_ID_MAX 64
#define STIX_PROJECT "Vedette"
/* Identities and the extension are the same objects for ever. */
#define STIX_FOR_EVER "2026-01-01T00:00:00.000Z"

/* A text, "" for NULL. */
const char *stix_said(const char *text);
/* Each writes an id into `to` and gives it back: of an object after a name; of who makes
 * things; of an observable (2.9); of the object that an item becomes. */
char *stix_object_id(const char *type, const char *name, char to[STIX_ID_MAX]);
char *stix_identity_id(const char *name, char to[STIX_ID_MAX]);
char *stix_observable_id(const struct stix_value *v, char to[STIX_ID_MAX]);
char *stix_item_id(const struct item *i, char to[STIX_ID_MAX]);

/* The objects that an item alone brings into a document: who made it when that is not
 * `producer`, its observable, itself, its sighting; with the version of each (ns), 0 of what
 * has none. 0, what fn stopped with, or -ENOMEM. */
typedef int stix_part_fn(void *to, const char *id, u64 version);
int stix_parts(const struct item *i, const char *producer, stix_part_fn *fn, void *to);
/* The same of what every document has: the program, its extension, who writes. */
int stix_frame(const char *producer, stix_part_fn *fn, void *to);

/* ---- objects ---- */

#define STIX_EXTENSION "extension-definition--aff4a89a-df7c-4cd4-8a0b-5eaedf8fa2db"

/* Type of the object that an item becomes. */
const char *stix_type(const struct item *i, const struct stix_value *v);

/* What stands around an object in its document. */
struct stix_near {
	const char *source;		/* name of who made it, "" = not said */
	const char *parent;		/* item id of what lists it, "" = nothing */
	const char *tags;		/* names of what it indicates, a line each */
	json_t *const *observables;	/* those that it refers to */
	size_t observable_count;
	u64 sightings, first_seen, last_seen;	/* of its sightings; 0 = none */
	struct marking marking;
};
/* Room that is used again from object to object. Zero it first. */
struct stix_room { struct buf id, tags, references, text, title, subject; };
void stix_room_free(struct stix_room *room);

typedef int stix_item_fn(void *to, const struct item *i);
/* The items that an object is, without looking at our extension: 0 with `*count`, what fn
 * stopped with, or negative; why[] says why there are none or fewer. Of an object that is
 * never an item the count is 0 and why[] is empty. `flawed` subjects, which are none by
 * their form, are passed on when `lax`. */
struct stix_take {
	json_t *object;
	const struct stix_near *near;
	struct stix_room *room;
	bool lax;
	stix_item_fn *fn;
	void *to;
	u32 count;
	char why[STIX_WHY];
};
int stix_items(struct stix_take *t);
/* True for types that may be items. */
bool stix_is_item(const char *type);

/* ---- documents: exchange_stix_write.c, exchange_stix_read.c ---- */

/* As struct exchange says of write and read. */
int stix_write(struct buf *out, const struct exchange_write *how, char why[EXCHANGE_WHY]);
int stix_read(const struct exchange_read *r, char why[EXCHANGE_WHY]);
