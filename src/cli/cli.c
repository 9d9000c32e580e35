/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.c - finding commands and gathering their options. See cli.h. */
#include "cli/cli.h"
#include "base/near.h"
#include "cli/say.h"

#define AT(f) offsetof(struct cli_general, f)
const struct opt cli_general_rows[] = {
	{ .name = "config", .letter = 'c', .type = OPT_TEXT, .at = AT(config), .arg = "FILE",
	  .cli_only = true,
	  .help = N_("read options from this YAML file; without it no file is read") },
	{ .name = "lang", .type = OPT_TEXT, .at = AT(lang), .arg = "LANG",
	  .help = N_("speak this language: en, es or fr; without it the one that LANGUAGE, "
	  	"LC_ALL, LC_MESSAGES or LANG wish") },
	{ .name = "help", .letter = 'h', .type = OPT_FLAG, .at = AT(help), .cli_only = true,
	  .help = N_("show this help and do nothing else") },
	{ .name = NULL }
};
#undef AT

const struct cli_status cli_statuses[] = {
#define F(name, number, meaning) { number, meaning },
	STATUSES(F)
#undef F
	{ 0, NULL }
};

const struct command *cli_find(const char *name)
{
	for (unsigned i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

int cli_unknown(const char *name)
{
	struct near near = near_to(name);

	for (unsigned i = 0; commands[i]; i++)
		near_try(&near, commands[i]->name);
	if (name[0] == '-')
		say_error("unknown option '%s'; options stand behind a command: "
			  "write 'vedette COMMAND %s'", name, name);
	else if (near_best(&near))
		say_error("unknown command '%s'; did you mean '%s'?", name, near_best(&near));
	else
		say_error("unknown command '%s'; 'vedette help' lists them", name);
	return STATUS_USAGE;
}

static bool has_rows(const struct cli_set *set, unsigned count, const struct opt *rows)
{
	for (unsigned i = 0; i < count; i++)
		if (set->groups[i].rows == rows)
			return true;
	return false;
}

/* Adds the groups of c behind `count` others, each once; the new count. */
static unsigned gather(struct cli_set *set, unsigned count, const struct command *c)
{
	unsigned n, keep = count;

	if (c->groups == NULL)
		return count;
	n = c->groups(set->groups + count, CLI_GROUPS_MAX - count);
	must(n <= CLI_GROUPS_MAX - count);
	for (unsigned i = count; i < count + n; i++)
		if (!has_rows(set, keep, set->groups[i].rows)) {
			set->groups[keep] = set->groups[i];
			set->groups[keep++].of = c->name;
		}
	memset(set->groups + keep, 0, (count + n - keep) * sizeof set->groups[0]);
	return keep;
}

int cli_open(struct cli_set *set, const struct command *c)
{
	unsigned count;

	memset(set, 0, sizeof *set);
	count = gather(set, 0, c);
	must(count < CLI_GROUPS_MAX);
	set->groups[count++] = (struct opt_group){
		.name = "",
		.title = N_("General"),
		.rows = cli_general_rows,
		.size = sizeof(struct cli_general),
	};
	set->own = count;
	for (unsigned i = 0; commands[i]; i++)
		if (commands[i] != c)
			count = gather(set, count, commands[i]);
	for (unsigned i = set->own; i < count; i++) {
		set->groups[i].file_only = !c->takes_all;
		set->groups[i].unlisted = c->takes_all;
	}
	return opts_init(&set->opts, set->groups, count);
}

void cli_close(struct cli_set *set)
{
	opts_free(&set->opts);
}
