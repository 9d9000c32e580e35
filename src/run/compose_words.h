/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose_words.h - what a letter can name; compose.c and compose_words.c share it. */
#pragma once
#include "respond/letter.h"
#include "run/compose.h"

/* All that the words are made from. */
struct words_from {
	struct gate *gate;		/* of the recipient */
	const struct release *release;	/* may be NULL */
	const struct once *once;	/* for each item of it */
	const struct incident *incident;	/* NULL: none, or it may not be seen */
	const struct contact *to;
	const struct compose_ask *ask;
	const struct compose_us *us;
	const struct composed *composed;	/* attachments, how much is withheld */
	const char *language;
	bool confirmed;		/* the incident was: somebody here looked into it */
};
struct words;
/* 0, -ENOMEM or the store's error. The words refer to what they were made from. */
int words_make(struct words **ret, const struct words_from *from);
struct words *words_free(struct words *w);
const struct letter_data *words_data(const struct words *w);
/* The first item that names a subject, or NULL. */
const struct item *words_subject(const struct release *r);
