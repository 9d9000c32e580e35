/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errand.h - the work on one upload, in a process of its own: what `vedette observe`, `verify`
 * or `inbox add` do, for a file in a folder of its own.
 *
 *   foreman --job_start()--> errand --job_start()--> analyser, auditor, reader: locked up
 *      <-- PROGRESS, DONE --   |
 *                              +--> the store: a run, or reports through a desk
 *
 * An errand trusts its inputs as little as those commands do, reads no octet of the file
 * itself, and dies with the foreman. It holds no secret while a locked-up process is forked:
 * reports are taken in by this program executed anew, which reads the log's key itself. */
#pragma once
#include "base/opt.h"
#include "model/desk_state.h"
#include "model/label.h"
#include "run/job.h"

struct errand {
	u64 number;		/* of the upload */
	enum upload_kind kind;
	const char *folder;	/* where the file is, from the root */
	const char *name;	/* the file's name there, as upload_name() makes it */
	const char *origin;	/* of a zone; "" = in the file */
	const char *owner;	/* who acts */
	struct marking marking;	/* of the upload, and so of all that is made from it */
	const char *db;		/* from the root */
	const char *config, *key;	/* --config, --key from the root; NULL = none */
	const char *version;
	const struct opts *opts;	/* with the groups of analysis and audit */
	u64 memory;		/* --memory of the work; 0 = as the options say */
};

/* What an errand says at its end (CODEC_DONE), as JSON: {"state":"done","run":n,"found":n,
 * "why":".."}. It is a struct job_setup's run; arg is a struct errand. */
int errand_run(int socket, struct job_note *note, void *arg);
