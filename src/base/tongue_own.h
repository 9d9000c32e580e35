/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tongue_own.h - what the files tongue*.c share and nobody else includes.
 *
 *   tongue.c         which language, and looking messages up
 *   tongue_plural.c  which form a number takes
 *   tongue_again.c   sentences that were filled in already */
#pragma once
#include "base/tongue.h"

/* One message of a catalogue: the English and the translation; forms of a plural follow
 * each other, each ended by NUL. */
struct tongue_message {
	const char *id, *text;
	size_t text_len;
};

/* How many there are. */
u32 tongue_count(const struct tongue *t);
/* Message i in the order of strcmp() of the English. */
struct tongue_message tongue_message(const struct tongue *t, u32 i);
/* False where it is not there. */
bool tongue_look(const struct tongue *t, const char *id, struct tongue_message *ret);
/* The form for n by the expression of "Plural-Forms: nplurals=2; plural=(n != 1);": 0 where
 * it is not written well. */
unsigned tongue_form(const char *plural_forms, u64 n);
