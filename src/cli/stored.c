/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored.c - see stored.h. */
#include "cli/stored.h"
#include "cli/cli.h"
#include "cli/say.h"

const struct opt stored_rows[] = {
	{ .name = "db", .type = OPT_TEXT, .at = offsetof(struct stored_conf, db),
	  .arg = "FILE", .help = "the store of findings, evidence and runs: an SQLite file" },
	{ .name = NULL }
};

int stored_open(struct store **ret, const struct stored_conf *c, const char *command)
{
	char why[STORE_WHY];

	if (c->db == NULL) {
		say_error("%s: which store? Write --db FILE", command);
		return STATUS_USAGE;
	}
	if (store_open(ret, c->db, STORE_READ, why) == 0)
		return STATUS_FINE;
	say_error("%s", why);
	return STATUS_INPUT;
}
