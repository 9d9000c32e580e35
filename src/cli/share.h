/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.h - what the files of `vedette share` share. */
#pragma once
#include "cli/sitting.h"
#include "run/popular.h"

struct share_conf {
	const char *format, *incident, *finding, *rule, *subject, *since, *to, *output,
		*producer, *contact, *as, *secret, *authorities;
	u64 pages;
	bool findings, reports, indicators, redact, json;
};
extern struct share_conf share_conf;
extern struct popular_conf share_block;
extern const struct opts *share_opts;	/* of the command at hand */
extern const char *share_clearance;	/* as --clearance was given; NULL when it was not */

/* Verbs. */
int share_export(struct sitting *s, int argc, char **argv);
int share_who(struct sitting *s, int argc, char **argv);
int share_taxii(struct sitting *s, int argc, char **argv);
/* Documents into the inbox or as indicators, as --as says: a status. */
int share_take(struct sitting *s, const char *const *paths, unsigned count);
