/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.h - what the files of `vedette inbox` share. */
#pragma once
#include "cli/sitting.h"
#include "respond/inbox.h"

struct inbox_conf {
	/* which reports */
	const char *state, *subject, *sender, *text, *fact, *since;
	u64 least, most, limit;
	/* what to do */
	const char *reason, *title, *format, *marking, *url, *seen, *abuse, *mail, *words;
	u64 incident, noise, genuine;
	bool apply, again, json, all;
	/* what is known */
	const char *popular, *suffixes, *zones;
	u64 window_ns, old_ns;
};
extern struct inbox_conf inbox_conf;

/* The query that the options say. The conditions live in *room. False: it was said why. */
#define INBOX_CONDS 8
struct inbox_query { struct store_cond conds[INBOX_CONDS]; struct store_query q; };
bool inbox_query(struct inbox_query *room, const char *command);
/* The facts' files and limits of the options as a setup: a status. */
int inbox_setup(struct inbox_setup *ret);
/* The group of those options. */
void inbox_facts_group(struct opt_group *out);
/* The facts' files and limits of the options: 0, or a status and it was said why. */
int inbox_ready(struct sitting *s, struct inbox **ret);
/* Reports of words like 3 9-12 or of the options: a status. free(ret->at). */
int inbox_chosen(struct sitting *s, int argc, char **argv, struct inbox_set *ret);
/* Looks at up to ten of the set, as a table. */
int inbox_examples(struct sitting *s, const struct inbox_set *set, struct buf *out);

/* Verbs. */
int inbox_list(struct sitting *s, int argc, char **argv);
int inbox_show(struct sitting *s, int argc, char **argv);
int inbox_sift(struct sitting *s, int argc, char **argv);
int inbox_form(struct sitting *s, int argc, char **argv);

/* Documents of others into the inbox, or as indicators: what was taken is told. A status. */
struct inbox_source {
	const char *const *paths;
	unsigned count;
	const struct opts *opts;	/* of the formats */
	bool as_indicators;
};
int inbox_take_in(struct sitting *s, const struct inbox_source *from);
/* The groups of options that a command needs for it: the facts, then the formats. */
unsigned inbox_groups(struct opt_group *out, unsigned max);
