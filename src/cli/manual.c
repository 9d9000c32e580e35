/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manual.c - `vedette manual`: the manual page, mdoc(7), from the tables.
 *
 * Hand-written is only what no table knows: the description and how values are
 * written. A group of options that several commands share is printed at the
 * first and named at the others. */
#include "base/buf.h"
#include "base/prose.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/version.h"

static const char description[] =
	"Vedette is a DNS security observatory. It reads DNS traffic, says who attacks the "
	"DNS or attacks through it, and keeps the evidence so that a stranger can judge it "
	"again.\n\n"
	"Options may stand anywhere behind the command. A value follows its option as the "
	"next word or behind an equals sign; a value that begins with two hyphens needs the "
	"equals sign. Of an option given twice the last counts; the values of lists are "
	"put together, and what a configuration file cannot hold is refused with two "
	"values. A flag is turned off by its "
	"name with no- before it. Two hyphens alone end the options.";

static const char configuration[] =
	"Options can be kept in a YAML file. It is read only when --config names it; a file "
	"vedette.yaml in the current folder is not read by itself. The command line goes "
	"before the file, the file before the defaults. One file serves all commands.\n\n"
	"The options of a part of Vedette stand below its name; on the command line the "
	"name comes before the option, so that --tunnel-min-bytes 4k would be:\n\n"
	"  tunnel:\n"
	"    min-bytes: 4k\n\n"
	"The file may hold nothing else: no key twice, no aliases, anchors or tags, at most "
	"one mebibyte.\n\n"
	"Sizes are octets, or a number and one of k, M, G, T and P (powers of 1024), as in "
	"256M or 1.5G. Time spans are seconds, or a number and one of ns, us, ms, s, m, h, "
	"d and w. Ratios are written 0.25 or 25%. Flags are true or false. Lists of ports "
	"are written 53,5353 and in the file as [53, 5353] too. An empty text means that "
	"the option is not set.";

static const struct {
	const char *name, *text;
} variables[] = {
	{ "NO_COLOR", "When set and not empty, nothing is coloured." },
	{ "TERM", "When it is dumb, or not set, there are no colours and no progress line." },
};

/* "show | check FILE" as ".Cm show | Cm check Ar FILE", "[FILE]" as an option. */
static void words(struct buf *out, const char *args)
{
	bool first = true;

	for (size_t n; *args; args += n + strspn(args + n, " "), first = false) {
		bool option = *args == '[', literal;

		n = strcspn(args, " ");
		literal = args[option] >= 'a' && args[option] <= 'z';
		buf_text(out, first ? "." : " ");
		if (*args == '|')
			buf_byte(out, '|');
		else
			buf_fmt(out, "%s%s %.*s%s", option ? "Oo " : "",
				literal ? "Cm" : "Ar", (int)n - 2 * option, args + option,
				option ? " Oc" : "");
	}
	buf_byte(out, '\n');
}

static void synopsis(struct buf *out, const struct command *c)
{
	buf_fmt(out, ".Nm vedette\n.Cm %s\n.Op Ar options\n", c->name);
	if (c->args)
		words(out, c->args);
}

static void head(struct buf *out)
{
	buf_fmt(out, ".Dd %s\n.Dt VEDETTE 1\n.Os Vedette %s\n.Sh NAME\n.Nm vedette\n"
		     ".Nd DNS security observatory\n.Sh SYNOPSIS\n",
		VEDETTE_DATE, VEDETTE_VERSION);
	for (unsigned i = 0; commands[i]; i++)
		synopsis(out, commands[i]);
	buf_text(out, ".Nm vedette\n.Fl \\-version\n.Sh DESCRIPTION\n");
	prose_mdoc_story(out, description);
}

/* Groups that were printed with an earlier command are named, not printed. */
static void options(struct buf *out, struct cli_set *set, const struct opt **seen)
{
	struct buf named = { 0 };

	for (unsigned i = 0; i < set->own; i++) {
		struct opt_group *g = &set->groups[i];
		unsigned j = 0;

		while (seen[j] && seen[j] != g->rows)
			j++;
		g->unlisted = seen[j] != NULL;
		if (g->unlisted && g->rows != cli_general_rows)
			buf_fmt(&named, "%s%s", named.len ? "; " : "", g->title);
		seen[j] = g->rows;
	}
	opts_manual(&set->opts, out);
	if (named.len) {
		buf_text(out, ".Pp\nTakes these options as well, explained above:\n");
		prose_mdoc_sentence(out, buf_str(&named));
	}
	buf_free(&named);
}

static int one_command(struct buf *out, const struct command *c, const struct opt **seen)
{
	struct cli_set set;
	int rc = cli_open(&set, c);

	if (rc < 0)
		return rc;
	buf_fmt(out, ".Ss vedette %s\n", c->name);
	prose_mdoc_sentence(out, c->summary);
	buf_text(out, ".Pp\n");
	prose_mdoc_story(out, c->story);
	options(out, &set, seen);
	cli_close(&set);
	return 0;
}

static int all_commands(struct buf *out)
{
	const struct opt *seen[CLI_GROUPS_MAX + 1] = { cli_general_rows };
	struct cli_set set;
	int rc = cli_open(&set, &(struct command){ .name = "" });

	if (rc < 0)
		return rc;
	buf_text(out, ".Ss Options of all commands\nEach command takes these.\n");
	opts_manual(&set.opts, out);
	cli_close(&set);
	for (unsigned i = 0; commands[i] && rc == 0; i++)
		rc = one_command(out, commands[i], seen);
	return rc;
}

static void tail(struct buf *out)
{
	buf_text(out, ".Sh CONFIGURATION\n");
	prose_mdoc_story(out, configuration);
	buf_text(out, ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < COUNT(variables); i++)
		buf_fmt(out, ".It Ev %s\n%s\n", variables[i].name, variables[i].text);
	buf_text(out, ".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds\n");
	for (unsigned i = 0; cli_statuses[i].meaning; i++) {
		buf_fmt(out, ".It %d\n", cli_statuses[i].number);
		prose_mdoc_sentence(out, cli_statuses[i].meaning);
	}
	buf_text(out, ".El\n.Sh EXAMPLES\n.Bd -literal\n");
	for (unsigned i = 0; commands[i]; i++)
		if (commands[i]->start)
			buf_fmt(out, "%s\n", commands[i]->start);
	buf_text(out, ".Ed\n");
}

static int run(int argc, char **argv, struct opts *o)
{
	struct buf out = { 0 };
	int status = STATUS_TROUBLE;

	(void)argc, (void)argv, (void)o;
	tongue_speak(NULL);	/* the page is in English, as its story is */
	head(&out);
	buf_text(&out, ".Sh COMMANDS\n");
	if (all_commands(&out) < 0) {
		say_error("%s", oops_text(-ENOMEM));
	} else {
		tail(&out);
		status = say_print(&out);
	}
	buf_free(&out);
	return status;
}

const struct command command_manual = {
	.name = "manual",
	.summary = N_("print the manual page"),
	.story =
		N_("Prints the manual page of this very program in mdoc(7), made from "
		"the same tables that read the command line.\n\n"
		"  vedette manual | man -l -\n"
		"  vedette manual > /usr/local/share/man/man1/vedette.1"),
	.start = "vedette manual | man -l -",
	.run = run,
};
