/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hint.c - see hint.h. A command line in a text is found by what stands around it:
 *
 *   'vedette log key'   `vedette show`   «vedette show»   ": vedette show" to the end of
 *   the line, and lines of examples, which begin with two blanks */
#include "cli/hint.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/stored.h"
#include "model/utf8.h"

static const char ours[] = "vedette ";
static struct {
	char called[200];	/* "" = vedette */
	const struct opts *given;
} hint;

void hint_called(const char *name)
{
	const char *last = strrchr(name, '/');
	struct buf safe = { 0 };

	if (strcmp(last ? last + 1 : name, "vedette") == 0)
		return;
	utf8_show(&safe, name, 0);
	if (safe.len < sizeof hint.called)
		snprintf(hint.called, sizeof hint.called, "%s", buf_str(&safe));
	buf_free(&safe);
}

void hint_given(const struct opts *o)
{
	hint.given = o;
}

/* ---- what is added ---- */

static void put_word(struct buf *out, const char *word)
{
	if (word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		       "./_-+,=@%:~")] == 0 && word[0] && word[0] != '~') {
		buf_text(out, word);
		return;
	}
	buf_byte(out, '\'');
	for (; *word; word++)
		buf_text(out, *word == '\'' ? "'\\''" : (char[]){ *word, 0 });
	buf_byte(out, '\'');
}

static bool takes_db(const struct command *c)
{
	struct opt_group groups[CLI_GROUPS_MAX];
	unsigned n = c->groups ? c->groups(groups, CLI_GROUPS_MAX) : 0;

	for (unsigned i = 0; i < n; i++)
		if (groups[i].rows == stored_rows)
			return true;
	return false;
}

/* These work without a store. */
static bool needs_none(const char *line, size_t n)
{
	static const char *const lines[] = { "log key", "share formats", "inbox form print" };

	for (size_t i = 0; i < COUNT(lines); i++)
		if (n >= strlen(lines[i]) && strncmp(line, lines[i], strlen(lines[i])) == 0)
			return true;
	return false;
}

/* The options that were given, for a command line that has them not. */
static void put_given(struct buf *out, const struct command *c, const char *line, size_t n)
{
	const struct opts *o = hint.given;
	const struct stored_conf *s = o ? opts_conf(o, stored_rows) : NULL;
	const struct cli_general *g = o ? opts_conf(o, cli_general_rows) : NULL;

	if (c == NULL || !takes_db(c) || needs_none(line, n) || memmem(line, n, "--db", 4))
		return;
	if (s && s->db && opts_source(o, "", "db") == OPT_COMMAND) {
		buf_text(out, " --db ");
		put_word(out, s->db);
	}
	if (g && g->config && g->config[0]) {
		buf_text(out, " --config ");
		put_word(out, g->config);
	}
}

/* ---- finding them ---- */

static bool ends_with(const char *text, size_t at, const char *what)
{
	size_t n = strlen(what);

	return at >= n && memcmp(text + at - n, what, n) == 0;
}

/* What ends the command line that begins at `at`, or NULL when none does. */
static const char *ender(const char *text, size_t at)
{
	if (ends_with(text, at, "'"))
		return "'";
	if (ends_with(text, at, "`"))
		return "`";
	if (ends_with(text, at, "\u00ab"))
		return "\u00bb";
	if (ends_with(text, at, "\u00ab\u00a0"))
		return "\u00a0\u00bb";
	if (ends_with(text, at, "\n  ") || (at == 2 && ends_with(text, at, "  ")))
		return "\n";
	return ends_with(text, at, ": ") || ends_with(text, at, ":\u00a0") ? "\n" : NULL;
}

static const struct command *command_of(const char *word, size_t n)
{
	char name[24];

	snprintf(name, sizeof name, "%.*s", n < sizeof name ? (int)n : 0, word);
	return cli_find(name);
}

/* The command line at `line`, which `end` ends: its octets; 0 when it is none of ours. */
static size_t put_line(struct buf *out, const char *line, const char *end)
{
	const char *words = line + strlen(ours), *stop = strstr(words, end);
	size_t n = stop ? (size_t)(stop - words) : strlen(words);
	size_t first = strspn(words, "abcdefghijklmnopqrstuvwxyzCOMAND");
	const struct command *c = command_of(words, first);

	if ((stop == NULL && end[0] != '\n') || first > n ||
	    (c == NULL && strncmp(words, "COMMAND", 7)))
		return 0;
	buf_text(out, hint.called[0] ? hint.called : "vedette");
	buf_byte(out, ' ');
	buf_add(out, words, n);
	put_given(out, c, words, n);
	return strlen(ours) + n;
}

void hint_put(struct buf *out, const char *text)
{
	for (size_t i = 0; text[i];) {
		const char *end = strncmp(text + i, ours, strlen(ours)) == 0
				  ? ender(text, i) : NULL;
		size_t n = end ? put_line(out, text + i, end) : 0;

		if (n == 0)
			buf_byte(out, (u8)text[i++]);
		i += n;
	}
}
