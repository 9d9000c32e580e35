/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.c - `vedette config`: all options as YAML, and files checked. */
#include "base/buf.h"
#include "base/near.h"
#include "cli/cli.h"
#include "cli/say.h"

static int show(const struct opts *o)
{
	struct buf out = { 0 };
	int status;

	buf_text(&out, _("# All options of Vedette; give the file with --config.\n\n"));
	opts_show(o, &out);
	status = say_print(&out);
	buf_free(&out);
	return status;
}

static int check(struct opts *o, const char *path)
{
	char why[OPT_WHY];

	if (opts_read(o, path, why) == 0)
		return STATUS_FINE;
	say_error("%s", why);
	return STATUS_USAGE;
}

static int unknown(const char *word)
{
	struct near near = near_to(word);

	near_try(&near, "show");
	near_try(&near, "check");
	if (near_best(&near))
		say_error("unknown word '%s'; did you mean '%s'?", word,
			  near_best(&near));
	else
		say_error("unknown word '%s'; write show or check FILE", word);
	return STATUS_USAGE;
}

static int run(int argc, char **argv, struct opts *o)
{
	if (strcmp(argv[0], "show") == 0 && argc == 1)
		return show(o);
	if (strcmp(argv[0], "check") == 0 && argc == 2)
		return check(o, argv[1]);
	if (strcmp(argv[0], "show") != 0 && strcmp(argv[0], "check") != 0)
		return unknown(argv[0]);
	say_error("write 'vedette config show' or 'vedette config check FILE'");
	return STATUS_USAGE;
}

const struct command command_config = {
	.name = "config",
	.args = "show | check FILE",
	.least = 1,
	.most = 2,
	.summary = N_("show all options as YAML, or check such a file"),
	.story =
		N_("show prints every option that a file may hold, with its value, what "
		"it allows and where the value came from. The output is a file that "
		"--config takes. The options of all commands may be given, so that a "
		"command line can be turned into a file:\n\n"
		"  vedette config show --config old.yaml > new.yaml\n\n"
		"check reads a file and says nothing when it is right. A mistake is told "
		"with file, line and what would be allowed, and the exit status is 2.\n\n"
		"No file is read unless --config names it, not even ./vedette.yaml: what "
		"a command does must not depend on the folder it is called in."),
	.start = "vedette config show > vedette.yaml",
	.takes_all = true,
	.run = run,
};
