/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk_place.h - a desk in a temporary folder with a clock of its own, for one test. */
#pragma once
#include "store_place.h"
#include "respond/case.h"

struct desk_place {
	struct place *place;	/* of store_place.h */
	struct desk *desk;
	u64 now;		/* the clock: goes on a second with each look */
};

/* For cmocka. The desk is ana's. */
int desk_up(void **state);
int desk_down(void **state);
/* Closes it and opens it again as somebody else. */
void desk_place_as(struct desk_place *p, const char *author);
/* The nouns' tables as text, one line a row, in order: free() it. */
char *desk_dump(struct desk_place *p);
/* Throws the tables away, folds the log, and compares. */
void desk_same_when_rebuilt(struct desk_place *p);
/* Ends the open change and expects that it went well. */
#define WELL(p, operation)                                                      \
	do {                                                                    \
		assert_int_equal(desk_begin((p)->desk), 0);                     \
		if (desk_end((p)->desk, (operation)))                           \
			fail_msg("%s", desk_error((p)->desk));                  \
	} while (0)
/* The same, but refused with that error and a sentence that holds the words. */
#define DENIED(p, operation, error, words)                                     \
	do {                                                                    \
		assert_int_equal(desk_begin((p)->desk), 0);                     \
		assert_int_equal(desk_end((p)->desk, (operation)), error);      \
		if (strstr(desk_error((p)->desk), words) == NULL)               \
			fail_msg("'%s' is not in: %s", words,                   \
				 desk_error((p)->desk));                        \
	} while (0)

/* A member: finding `n`, of a severity and a label that follow from n. The texts are
 * static and good until 64 more are made. */
struct member desk_member(unsigned n);
/* Opens an incident with findings first..first+count-1: its number. */
u64 desk_incident(struct desk_place *p, unsigned first, unsigned count);
/* The incident as it is: free() it. */
struct incident *desk_now_is(struct desk_place *p, u64 number);
