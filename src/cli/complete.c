/* SPDX-License-Identifier: GPL-3.0-or-later */
/* complete.c - `vedette complete bash`: completion from the tables.
 *
 * The script knows, without calling Vedette again: the commands; the options of
 * each; the words of choices; which values and words are files. Only the numbers and
 * ids of incidents, reports, notices and contacts it asks for, in the store that --db or
 * --config on the line names. */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/version.h"

static bool on_line(const struct opt_group *g, const struct opt *row)
{
	return !g->file_only && !(g->unlisted && row->cli_only);
}

static bool is_files(const char *arg)
{
	return strstr(arg, "FILE") || strstr(arg, "DIR");
}

static void command_names(struct buf *out)
{
	for (unsigned i = 0; commands[i]; i++)
		buf_fmt(out, "%s%s", i ? " " : "", commands[i]->name);
}

/* The words of args that stand for themselves: "show | check FILE". */
static void literal_words(struct buf *out, const char *args)
{
	while (*args) {
		size_t n = strspn(args, "abcdefghijklmnopqrstuvwxyz0123456789-");
		size_t skip = strcspn(args + n, " |[]");

		if (n && skip == 0)
			buf_fmt(out, "%.*s ", (int)n, args);
		args += n + skip;
		args += strspn(args, " |[]");
	}
}

static void option_words(struct buf *out, const struct cli_set *set)
{
	for (unsigned i = 0; i < set->opts.count; i++) {
		const struct opt_group *g = &set->groups[i];

		for (const struct opt *row = g->rows; row->name; row++) {
			bool no = row->type == OPT_FLAG && row->def &&
				  strcmp(row->def, "true") == 0;

			if (!on_line(g, row))
				continue;
			buf_text(out, no ? " --no-" : " --");
			opt_spelling(g, row, out);
		}
	}
}

/* Values that the shell knows nothing about: no proposals, all in one case. */
static bool is_free(const struct opt *row)
{
	return row->type != OPT_CHOICE && !(row->arg && is_files(row->arg));
}

/* "observe --color"|"observe -c" */
static void value_pattern(struct buf *out, const struct command *c,
			  const struct opt_group *g, const struct opt *row)
{
	buf_fmt(out, "\"%s --", c->name);
	opt_spelling(g, row, out);
	buf_byte(out, '"');
	if (row->letter && !g->unlisted)
		buf_fmt(out, "|\"%s -%c\"", c->name, row->letter);
}

/* "observe --color"|"observe -c") words="auto never always" ;; */
static void value_case(struct buf *out, const struct command *c,
		       const struct opt_group *g, const struct opt *row)
{
	buf_byte(out, '\t');
	value_pattern(out, c, g, row);
	if (row->type == OPT_CHOICE) {
		buf_text(out, ") words=\"");
		for (int i = 0; row->choices[i]; i++)
			buf_fmt(out, "%s%s", i ? " " : "", row->choices[i]);
		buf_text(out, "\" ;;\n");
	} else {
		buf_text(out, ") files=1 ;;\n");
	}
}

/* Two commands may have options of one name: has an earlier group this one? */
static bool came(const struct cli_set *set, unsigned group, const char *name)
{
	for (unsigned i = 0; i < group; i++) {
		if (strcmp(set->groups[i].name, set->groups[group].name))
			continue;
		for (const struct opt *row = set->groups[i].rows; row->name; row++)
			if (on_line(&set->groups[i], row) && strcmp(row->name, name) == 0)
				return true;
	}
	return false;
}

static void value_cases(struct buf *out, const struct command *c,
			const struct cli_set *set)
{
	struct buf none = { 0 };

	for (unsigned i = 0; i < set->opts.count; i++) {
		const struct opt_group *g = &set->groups[i];

		for (const struct opt *row = g->rows; row->name; row++) {
			if (row->type == OPT_FLAG || !on_line(g, row) ||
			    came(set, i, row->name))
				continue;
			if (!is_free(row)) {
				value_case(out, c, g, row);
				continue;
			}
			buf_text(&none, none.len ? "|\\\n\t" : "\t");
			value_pattern(&none, c, g, row);
		}
	}
	if (none.len)
		buf_fmt(out, "%s) : ;;\n", buf_str(&none));
	buf_free(&none);
}

static void word_case(struct buf *out, const struct command *c, const struct cli_set *set)
{
	const char *args = c->args ? c->args : "";

	buf_fmt(out, "\t%s)\n\t\toptions=\"", c->name);
	option_words(out, set);
	buf_text(out, "\"\n\t\twords=\"");
	literal_words(out, args);
	if (strstr(args, "COMMAND"))
		command_names(out);
	buf_fmt(out, "\"\n\t\tfiles=%d ;;\n", is_files(args));
}

/* values: what follows an option; else: what else a command takes. */
static int cases(struct buf *out, bool values)
{
	for (unsigned i = 0; commands[i]; i++) {
		struct cli_set set;
		int rc = cli_open(&set, commands[i]);

		if (rc < 0)
			return rc;
		if (values)
			value_cases(out, commands[i], &set);
		else
			word_case(out, commands[i], &set);
		cli_close(&set);
	}
	return 0;
}

static const char script_head[] =
	"# _vedette_ids COMMAND: the numbers or ids that its list has\n"
	"_vedette_ids()\n"
	"{\n"
	"\tlocal i pass=()\n\n"
	"\tcase $1 in incident|inbox) pass=(--limit 500) ;; esac\n"
	"\tfor ((i = 2; i + 1 < ${#COMP_WORDS[@]}; i++)); do\n"
	"\t\t[[ ${COMP_WORDS[i]} == --db || ${COMP_WORDS[i]} == --config ]] || continue\n"
	"\t\tpass+=(\"${COMP_WORDS[i]}\")\n"
	"\t\t[[ ${COMP_WORDS[i+1]} != = ]] || ((i++))\n"
	"\t\tpass+=(\"${COMP_WORDS[i+1]}\")\n"
	"\tdone\n"
	"\t\"${COMP_WORDS[0]}\" \"$1\" list --json \"${pass[@]}\" 2>/dev/null |\n"
	"\t\tsed -nE 's/^\\{\"(number|id)\":\"?([a-z0-9.-]*)\"?,.*/\\2/p'\n"
	"}\n"
	"_vedette()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tlocal cmd=${COMP_WORDS[1]} words='' options='' files=0\n\n"
	"\tCOMPREPLY=()\n"
	"\t# bash makes three words of --name=value\n"
	"\tif [[ $cur == = ]]; then\n"
	"\t\tcur=\n"
	"\telif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then\n"
	"\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tfi\n"
	"\tif [[ $COMP_CWORD -eq 1 ]]; then\n"
	"\t\twords=\"--help --version ";

static const char script_tail[] =
	"\tesac ;;\n"
	"\tesac\n"
	"\tfi\n"
	"\tcase $prev in\n"
	"\t--to) words=$(_vedette_ids contacts) ;;\n"
	"\t--incident) words=$(_vedette_ids incident) ;;\n"
	"\t-*) ;;\n"
	"\t*) if [[ $COMP_CWORD -ge 3 && $cur != -* ]]; then case \"$cmd ${COMP_WORDS[2]}\" in\n"
	"\t\t'inbox add'|'inbox form'|'notices returned'|'notices rules'|'contacts import'|\\\n"
	"\t\t*' list') : ;;\n"
	"\t\tincident\\ *|inbox\\ *|notices\\ *|contacts\\ *)\n"
	"\t\t\twords=$(_vedette_ids \"$cmd\") files=0 ;;\n"
	"\t\tesac; fi ;;\n"
	"\tesac\n"
	"\t[[ $cur == -* ]] && words=\"$words $options\" files=0\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"\tif [[ $files -eq 1 ]]; then\n"
	"\t\tcompopt -o filenames 2>/dev/null\n"
	"\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"\tfi\n"
	"}\n"
	"complete -F _vedette vedette\n";

static int bash(struct buf *out)
{
	int rc;

	buf_fmt(out, "# bash completion for vedette %s, made by 'vedette complete bash'\n",
		VEDETTE_VERSION);
	buf_text(out, script_head);
	command_names(out);
	buf_text(out, "\"\n\telse case \"$cmd $prev\" in\n");
	if ((rc = cases(out, true)) < 0)
		return rc;
	buf_text(out, "\t*) case $cmd in\n");
	if ((rc = cases(out, false)) < 0)
		return rc;
	buf_text(out, script_tail);
	return 0;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct buf out = { 0 };
	int status = STATUS_TROUBLE;

	(void)argc, (void)o;
	if (strcmp(argv[0], "bash") != 0) {
		say_error("no completion for '%s'; write bash", argv[0]);
		return STATUS_USAGE;
	}
	if (bash(&out) < 0)
		say_error("%s", oops_text(-ENOMEM));
	else
		status = say_print(&out);
	buf_free(&out);
	return status;
}

const struct command command_complete = {
	.name = "complete",
	.args = "bash",
	.least = 1,
	.most = 1,
	.summary = N_("print a completion script for the shell"),
	.story =
		N_("Prints a script that lets the shell complete commands, options, the "
		"words of choices and file names.\n\n"
		"  source <(vedette complete bash)\n"
		"  vedette complete bash > /etc/bash_completion.d/vedette"),
	.run = run,
};
