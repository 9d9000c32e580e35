/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.h - what the files of `vedette inbox` share. */
#pragma once
#include "base/buf.h"
#include "cli/sitting.h"
#include "respond/inbox.h"

struct inbox_conf {
	/* which reports */
	const char *state, *subject, *sender, *text, *fact, *since;
	u64 least, most, limit;
	/* what to do */
	const char *reason, *title, *format, *marking, *url, *seen, *abuse, *mail, *words;
	u64 incident, noise, genuine;
	bool apply, again, json, all, faults;
	/* what is known */
	const char *popular, *suffixes, *zones, *output;
	u64 keep;
	u64 window_ns, old_ns;
};
extern struct inbox_conf inbox_conf;

/* The query that the options say. The conditions live in *room. False: it was said why. */
#define INBOX_CONDS 8
struct inbox_query { struct store_cond conds[INBOX_CONDS]; struct store_query q; };
bool inbox_query(struct inbox_query *room, const char *command);
/* The facts' files and limits of the options as a setup: a status. */
int inbox_setup(struct inbox_setup *ret);
/* The groups of those options: their number. */
unsigned inbox_house_groups(struct opt_group *out, unsigned max);
/* The facts' files and limits of the options: 0, or a status and it was said why. */
int inbox_ready(struct sitting *s, struct inbox **ret);
/* Reports of words like 3 9-12 or of the options: a status. free(ret->at). */
int inbox_chosen(struct sitting *s, int argc, char **argv, struct inbox_set *ret);
/* Looks at up to ten of the set, as a table. */
int inbox_examples(struct sitting *s, const struct inbox_set *set, struct buf *out);

/* Documents that wait to be kept with the reports that came out of them. */
#define INBOX_ORIGINALS 500u
#define INBOX_ORIGINALS_SIZE ((u64)32 << 20)	/* octets of them, but for a single one */
struct inbox_waiting {
	struct buf at[INBOX_ORIGINALS];
	size_t count;
	u64 size, large;	/* large: were not kept */
	char last[65];		/* the last that was looked at */
};
struct intake_file;
/* The document of an item, while its callback runs: once each. 0 or negative. */
int inbox_original_wait(struct inbox_waiting *w, const struct intake_file *from);
/* True when those that wait must be kept before that one. */
bool inbox_original_full(const struct inbox_waiting *w, const struct intake_file *next);
/* Keeps them, in the open change; and forgets them. */
int inbox_originals_keep(struct inbox_waiting *w, struct inbox *in);
void inbox_originals_drop(struct inbox_waiting *w);

/* Verbs. */
int inbox_list(struct sitting *s, int argc, char **argv);
int inbox_show(struct sitting *s, int argc, char **argv);
int inbox_sift(struct sitting *s, int argc, char **argv);
int inbox_original(struct sitting *s, int argc, char **argv);
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
