/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored.c - see stored.h. */
#include "cli/stored.h"

const struct opt stored_rows[] = {
	{ .name = "db", .type = OPT_TEXT, .some = true, .at = offsetof(struct stored_conf, db),
	  .arg = "FILE",
	  .help = N_("the store of findings, evidence and runs: an SQLite file") },
	{ .name = NULL }
};
