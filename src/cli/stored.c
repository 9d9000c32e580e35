/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored.c - see stored.h. */
#include "cli/stored.h"
#include "cli/say.h"
#include <errno.h>
#include <unistd.h>

const struct opt stored_rows[] = {
	{ .name = "db", .type = OPT_TEXT, .some = true, .at = offsetof(struct stored_conf, db),
	  .arg = "FILE",
	  .help = N_("the store of findings, evidence and runs: an SQLite file") },
	{ .name = NULL }
};

/* The one that "./run serve" makes in the user's own folder, when it is there. */
static bool own_store(char to[OPT_TEXT_MAX])
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	int n;

	if (data && *data)
		n = snprintf(to, OPT_TEXT_MAX, "%s/vedette/vedette.db", data);
	else if (home && *home)
		n = snprintf(to, OPT_TEXT_MAX, "%s/.local/share/vedette/vedette.db", home);
	else
		return false;
	return n < (int)OPT_TEXT_MAX && access(to, R_OK) == 0;
}

void say_no_store(void)
{
	char own[OPT_TEXT_MAX];

	if (own_store(own))
		say_error("which store? Write --db FILE; the one of './run serve' is %s", own);
	else
		say_error("which store? Write --db FILE");
}

bool stored_missing(const char *path)
{
	return access(path, F_OK) && errno == ENOENT;
}

void say_new_store(const char *path)
{
	say_error("%s was not there: a new store was made", path);
}
