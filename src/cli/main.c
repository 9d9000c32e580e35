/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - from argv to one command and its exit status. */
#include "cli/cli.h"
#include "cli/hint.h"
#include "cli/say.h"
#include "cli/version.h"
#include <signal.h>

static bool is_one_of(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* The language of --lang, wherever it stands, so that what is wrong with the command line
 * is said in it too; else that of the environment. */
static void listen(int argc, char **argv)
{
	const struct tongue *t = tongue_environment();

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			t = tongue_find(argv[i] + 7, NULL);
		else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			t = tongue_find(argv[i + 1], NULL);
	}
	tongue_home(t);
}

/* The language that the file or the command line names: STATUS_USAGE when there is none. */
static int speak(const struct cli_general *general)
{
	const struct tongue *t;
	bool known;

	if (general->lang == NULL)
		return STATUS_FINE;
	t = tongue_find(general->lang, &known);
	if (!known) {
		say_error("--lang: '%s' is not a language that Vedette speaks; write en, es "
			  "or fr", general->lang);
		return STATUS_USAGE;
	}
	tongue_home(t);
	return STATUS_FINE;
}

static int words_check(const struct command *c, unsigned words)
{
	if (words >= c->least && words <= c->most)
		return STATUS_FINE;
	if (words < c->least)
		say_error("something is missing; write 'vedette %s %s'", c->name, c->args);
	else
		say_error("too many words; write 'vedette %s%s%s'", c->name,
			  c->args ? " " : "", c->args ? c->args : "");
	return STATUS_USAGE;
}

static int run(const struct command *c, int argc, char **argv)
{
	struct cli_set set;
	const struct cli_general *general;
	char why[OPT_WHY];
	int words = 0, status;

	if (cli_open(&set, c) < 0) {
		say_error("%s", oops_text(-ENOMEM));
		return STATUS_TROUBLE;
	}
	general = opts_conf(&set.opts, cli_general_rows);
	if (opts_command(&set.opts, argc, argv, &words, why) < 0) {
		say_error("%s", why);
		status = STATUS_USAGE;
	} else if ((status = speak(general)) != STATUS_FINE) {
		;	/* it was said why */
	} else if (hint_given(&set.opts), general->help) {
		status = help_command(c);
	} else {
		status = words_check(c, (unsigned)words);
		if (status == STATUS_FINE)
			status = c->run(words, argv, &set.opts);
	}
	hint_given(NULL);
	cli_close(&set);
	return status;
}

static int version(void)
{
	printf("vedette %s\n%s\n", VEDETTE_VERSION,
	       _("Licence GPL-3.0-or-later: free software, no warranty."));
	return STATUS_FINE;
}

/* A full disk or a closed pipe must not look like success. */
static int finish(int status)
{
	errno = 0;
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status == STATUS_TROUBLE)
		return status;
	say_error("standard output: %s", oops_text(errno ? -errno : -EIO));
	return STATUS_TROUBLE;
}

/* `vedette --lang es show` is `vedette show --lang es`. */
static void command_first(int argc, char **argv)
{
	int n = strcmp(argv[1], "--lang") == 0 ? 2 : strncmp(argv[1], "--lang=", 7) == 0 ? 1 : 0;
	char *command;

	if (n == 0 || argc < n + 2)
		return;
	command = argv[n + 1];
	memmove(argv + 2, argv + 1, (size_t)n * sizeof *argv);
	argv[1] = command;
}

int main(int argc, char **argv)
{
	const struct command *c;

	signal(SIGXFSZ, SIG_IGN);	/* a limit on files is a full disk: write() says so */
	listen(argc, argv);
	hint_called(argv[0] ? argv[0] : "vedette");
	if (argc > 1)
		command_first(argc, argv);
	if (argc < 2 || is_one_of(argv[1], "--help", "-h"))
		return finish(help_front());
	if (is_one_of(argv[1], "--version", "-V") || strcmp(argv[1], "version") == 0)
		return finish(version());
	c = cli_find(argv[1]);
	return finish(c ? run(c, argc - 2, argv + 2) : cli_unknown(argv[1]));
}
