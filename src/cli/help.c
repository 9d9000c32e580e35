/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.c - the first page and the page of each command, from the tables. */
#include "base/buf.h"
#include "base/prose.h"
#include "cli/cli.h"
#include "cli/hint.h"
#include "cli/say.h"
#include "cli/term.h"

#define HELP_WIDTH_MAX 100	/* longer lines are hard to read */
#define HELP_WIDTH_MIN 40

static int width(void)
{
	int w = term_width();

	return w < HELP_WIDTH_MIN ? HELP_WIDTH_MIN : w > HELP_WIDTH_MAX ? HELP_WIDTH_MAX : w;
}

/* "  name      explanation", wrapped behind the name. */
static void entry(struct buf *out, const char *name, const char *text, int column)
{
	size_t from = out->len;

	buf_fmt(out, "  %s", name);
	buf_fill(out, ' ', from + (size_t)column > out->len ?
		 from + (size_t)column - out->len : 1);
	prose_wrap(out, _(text), (struct prose){ column, column, width(), NULL });
	buf_byte(out, '\n');
}

static void list_commands(struct buf *out)
{
	buf_text(out, _("\nCommands:\n"));
	for (unsigned i = 0; commands[i]; i++)
		entry(out, commands[i]->name, commands[i]->summary, 12);
}

static void list_starts(struct buf *out)
{
	buf_text(out, _("\nWhere to start:\n"));
	for (unsigned i = 0; commands[i]; i++)
		if (commands[i]->start)
			say_hint(out, "  %s\n", commands[i]->start);
}

static void list_statuses(struct buf *out)
{
	char number[8];

	buf_text(out, _("\nExit status:\n"));
	for (unsigned i = 0; cli_statuses[i].meaning; i++) {
		snprintf(number, sizeof number, "%d", cli_statuses[i].number);
		entry(out, number, cli_statuses[i].meaning, 5);
	}
}

static const char front[] = N_(
	"Vedette is a DNS security observatory: it reads DNS traffic, says who attacks the "
	"DNS or attacks through it, and keeps the evidence.\n\n"
	"  vedette COMMAND [OPTIONS] [WORDS]");

/* A story with its examples as one would write them here. */
static void story(struct buf *out, const char *text, struct prose p)
{
	struct buf full = { 0 };

	hint_put(&full, _(text));
	prose_story(out, buf_str(&full), p);
	buf_free(&full);
}

int help_front(void)
{
	struct buf out = { 0 };
	int status;

	story(&out, front, (struct prose){ 0, 0, width(), NULL });
	list_commands(&out);
	list_starts(&out);
	list_statuses(&out);
	status = say_print(&out);
	buf_free(&out);
	return status;
}

/* "vedette incident [OPTIONS] list | show ...", wrapped. */
static void usage(struct buf *out, const struct command *c, int columns)
{
	struct buf line = { 0 };

	say_hint(&line, "  vedette %s [%s]%s%s", c->name, C_("argument", "OPTIONS"),
		 c->args ? " " : "", c->args ? c->args : "");
	buf_text(out, "  ");
	prose_wrap(out, buf_str(&line) + 2, (struct prose){ 2, 6, columns, NULL });
	buf_free(&line);
}

int help_command(const struct command *c)
{
	struct prose p = { 0, 0, width(), NULL };
	struct buf out = { 0 };
	struct cli_set set;
	int status;

	if (cli_open(&set, c) < 0) {
		say_error("%s", oops_text(-ENOMEM));
		return STATUS_TROUBLE;
	}
	buf_fmt(&out, "vedette %s - ", c->name);
	p.at = (int)out.len;
	prose_wrap(&out, _(c->summary), p);
	buf_text(&out, "\n\n");
	usage(&out, c, p.width);
	buf_text(&out, "\n\n");
	story(&out, c->story, p);
	buf_byte(&out, '\n');
	opts_help(&set.opts, &out, p.width);
	status = say_print(&out);
	buf_free(&out);
	cli_close(&set);
	return status;
}

static int run(int argc, char **argv, struct opts *o)
{
	const struct command *c;

	(void)o;
	if (argc == 0)
		return help_front();
	c = cli_find(argv[0]);
	return c ? help_command(c) : cli_unknown(argv[0]);
}

const struct command command_help = {
	.name = "help",
	.args = "[COMMAND]",
	.most = 1,
	.summary = N_("explain a command and its options"),
	.story =
		N_("Shows what a command does, its options with what they allow, and "
		"examples. Without a command it shows the list of commands.\n\n"
		"  vedette help config"),
	.start = "vedette help COMMAND",
	.run = run,
};
