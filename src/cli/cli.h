/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.h - the frame that all commands stand in.
 *
 * A command is one file and one row of commands[] (commands.c). It says its name,
 * its words, its story and its options; help, the manual page, shell completion
 * and `config show` are made from that. main.c finds the command, reads the file
 * and the command line, checks the number of words and calls run().
 *
 *   vedette observe --memory 256M a.pcap b.pcap
 *           name    options       words
 *
 * To add a command: write one file, add one row. */
#pragma once
#include "base/opt.h"

/* What the exit status says: name, number, meaning. The only list. */
#define STATUSES(F)                                                            \
	F(FINE, 0, N_("nothing found at or above the severity asked for; or done")) \
	F(FOUND, 1, N_("found something at or above the severity of --fail-on")) \
	F(USAGE, 2, N_("the command line or the configuration is wrong"))      \
	F(INPUT, 3, N_("an input could not be read, or not all of it"))        \
	F(TROUBLE, 4, N_("internal trouble, or the store or the output failed"))

enum status {
#define F(name, number, meaning) STATUS_##name = number,
	STATUSES(F)
#undef F
};

struct cli_status {
	int number;
	const char *meaning;
};
extern const struct cli_status cli_statuses[];	/* ends with meaning NULL */

#define CLI_ANY 1000000u	/* as `most`: as many words as you like */

struct command {
	const char *name;	/* "observe" */
	/* The words after the options, for people: "FILE...", "show | check FILE";
	 * NULL = none. Completion reads it as well: words in lower case stand for
	 * themselves, FILE for files, COMMAND for the names of commands. */
	const char *args;
	unsigned least, most;	/* how many words */
	const char *summary;	/* one line without a full stop, at most 58 columns */
	/* Some paragraphs (base/prose.h) for help and the manual: what it does, what
	 * its exit status means here, examples. */
	const char *story;
	const char *start;	/* an example for beginners, shown first; or NULL */
	/* Fills in groups of options, at most max; their number. Same rows, same
	 * group: commands may share one. NULL = none. */
	unsigned (*groups)(struct opt_group *out, unsigned max);
	/* Takes the options of all commands (config show). */
	bool takes_all;
	/* The words and all options; an enum status. */
	int (*run)(int argc, char **argv, struct opts *o);
};
extern const struct command *const commands[];	/* NULL-terminated; commands.c */

/* The command of that name, or NULL. */
const struct command *cli_find(const char *name);
/* Says that there is no such command, and which was meant: STATUS_USAGE. */
int cli_unknown(const char *name);

/* The general options, which every command takes. */
struct cli_general {
	const char *config;
	const char *lang;	/* NULL: as the environment wishes */
	bool help;
};
extern const struct opt cli_general_rows[];

/* The options of one command as a set: its own groups, the general one and, as
 * keys of the file only, those of all other commands. */
#define CLI_GROUPS_MAX 96
struct cli_set {
	struct opts opts;
	struct opt_group groups[CLI_GROUPS_MAX];
	unsigned own;	/* so many of them are on the command line and in help */
};
/* 0 or -ENOMEM. The set must not be moved. */
int cli_open(struct cli_set *set, const struct command *c);
void cli_close(struct cli_set *set);

/* The first page, and the page of one command, to standard output: a status. */
int help_front(void);
int help_command(const struct command *c);
