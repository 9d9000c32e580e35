/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.h - what the files of `vedette share` share. */
#pragma once
#include "cli/sitting.h"
#include "run/popular.h"

struct share_conf {
	const char *format, *incident, *finding, *rule, *subject, *since, *to, *output,
		*producer, *contact, *as, *secret, *authorities;
	u64 pages, samples;
	bool findings, reports, indicators, redact, name_reporters, json, table;
};
extern struct share_conf share_conf;
extern struct popular_conf share_block;
extern const struct opts *share_opts;	/* of the command at hand */
extern const char *share_clearance;	/* as --clearance was given; NULL when it was not */

/* What the options wish, cleared for the audience that they name. Zero it first;
 * share_forget() it in any case. */
struct share_cleared { struct gate *gate; struct release *release; };
/* A status; what is refused was said and is in the log. */
int share_clear(struct sitting *s, const struct exchange *e, struct share_cleared *ret);
void share_forget(struct share_cleared *c);
/* How it is to be written in a format; what is left out is said and counted. */
struct exchange_write share_how(const struct share_cleared *c, const struct exchange *e,
				u64 *left_out);
/* Writes it: a status. */
int share_write(const struct share_cleared *c, const struct exchange *e, struct buf *out,
		u64 *left_out);
/* Says in the log that these octets leave: a status. Only then may they. */
int share_told(const struct share_cleared *c, const char *format, const struct buf *out);
/* "two.json: 2 items, TLP:AMBER PAP:GREEN, for far.example" */
void share_say_gone(const struct share_cleared *c, const char *to, u64 left_out);

/* The first messages behind a finding, as a capture; `gate` is that of the audience. */
int share_sample(void *gate, const struct item *i, struct exchange_sample *ret);

/* Verbs. */
int share_feed(struct sitting *s, int argc, char **argv);
int share_export(struct sitting *s, int argc, char **argv);
int share_who(struct sitting *s, int argc, char **argv);
int share_taxii(struct sitting *s, int argc, char **argv);
/* Documents into the inbox or as indicators, as --as says: a status. */
int share_take(struct sitting *s, const char *const *paths, unsigned count);
