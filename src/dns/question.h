/* SPDX-License-Identifier: GPL-3.0-or-later */
/* question.h - questions seen lately, and what was found out about them.
 *
 * A response repeats the question of its query, and popular questions come again and
 * again: in a resolver's traffic seven messages of ten ask what is still known here. A
 * table of 4096 places, two cache lines each; the place comes from the octets on the wire
 * (case, type and class included), a newcomer takes it over.
 *
 *   octets -> place | qname | note | len | octets |
 *
 * The note is the user's: what he did with the question already, so that he need not do
 * it again. It begins empty with each new question. Who chooses questions that meet in
 * one place makes them cost what they would cost without the table, no more.
 *
 * Memory: 512 KiB a worker. Not here: longer questions, one or two in a hundred. */
#pragma once
#include "dns/qname.h"

#define QUESTION_OCTETS 48	/* name, type and class */

/* What a window (window/window.h) noted: in `where`, in its `turn`. */
struct question_note {
	const void *where;
	u32 turn;
	u32 entry;
	u8 marks, item;
};

struct question {
	_Alignas(64) struct qname name;	/* its view is not to be used */
	u16 octets;			/* 0 = free */
	u8 at[QUESTION_OCTETS];
	struct question_note note;
};

struct questions;

int questions_open(struct questions **ret);			/* 0 or -ENOMEM */
struct questions *questions_free(struct questions *q);	/* takes NULL, gives NULL */

/* The place of the question at `wire`, whose name has len octets (type and class follow it,
 * a header of 12 octets stands before it), or NULL: there is no table (q is NULL), or the
 * question is too long. The place is on its way into the cache. */
struct question *questions_place(struct questions *q, const u8 *wire, unsigned len);
/* Fills *ret as qname_read() would, from the place (may be NULL) when the question is still
 * there; else it goes there. It stays until another question takes the place: compare the
 * names' hashes. */
void question_read(struct question *place, struct qname *ret, const struct suffixes *s,
		   const u8 *wire, unsigned len);
