/* SPDX-License-Identifier: GPL-3.0-or-later */
/* title.h - what an incident is called as long as nobody gives it a name of its own: what was
 * found, then about whom. One rule for those that are opened by hand, by grouping, by a split,
 * and out of reports.
 *
 *   Data channel through DNS: shop.example
 *   Data channel through DNS: shop.example and 3 more
 *   Too few servers: 12 names of gal
 *   Reported phishing: shop.example                        */
#pragma once
#include "base/tongue.h"
#include "model/desk.h"

#define TITLE_MAX 400u

/* The title, in English as all that is kept: by a rule of the catalogue, or an abuse category
 * (or "") of reports; the subject; and how many other subjects there are. Gives `to`. */
char *title_of(const char *rule, const char *subject, u64 others, char to[TITLE_MAX]);
/* The same of so many names that have one cause or one zone. */
char *title_of_names(const char *rule, const char *of, u64 names, char to[TITLE_MAX]);
/* "Data channel through DNS" of "tunnel.data", "Reported phishing" of "phishing"; a rule that
 * nobody knows any more is its own name. */
const char *title_of_rule(const char *rule);

/* What titles that the reader sees with that text in them begin with in English: a JSON array
 * for struct store_query's `heads`, to free(); NULL where the reader's language is English, none
 * holds it, or without memory. Cost: a look-up for each row of the catalogue. */
char *title_heads(const struct tongue *t, const char *text);

/* What nobody said of an incident that is opened of members - subject and its kind, family,
 * title -, from the first of them; texts are views of it, of the members or of `room`. What is
 * there (not NULL, not "") stays. Without members it needs title and subject. */
struct title_room { char title[TITLE_MAX], family[48]; };
void title_fill(struct incident *i, const struct member *members, size_t n,
		struct title_room *room);
