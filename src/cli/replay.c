/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.c - `vedette replay`: is the verdict of an evidence pack reached again? */
#include "run/replay.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "model/utf8.h"
#include <fcntl.h>
#include <unistd.h>

/* The words that lines of run/replay.c begin with; other lines begin with a kind of subject. */
static const char *const heads[] __attribute__((unused)) = {
	NC_("replay", "finding"), NC_("replay", "rule"), NC_("replay", "zone"),
	NC_("replay", "verdict"), NC_("replay", "replay"), NC_("replay", "messages"),
	NC_("replay", "note"), NC_("replay", "pack"),
};
#define HEAD_WIDTH 12u

/* One line, "verdict  what was said", in the reader's language. */
static void say_head(struct buf *to, const char *line)
{
	size_t n = strcspn(line, " "), text = n + strspn(line + n, " ");
	const char *said;
	char head[40];

	snprintf(head, sizeof head, "%.*s", (int)n, line);
	said = C_("replay", head);
	if (said == head)
		said = C_("role", head);
	if (said == head)
		said = C_("subject kind", head);
	buf_text(to, said);
	buf_fill(to, ' ', utf8_width(said) < HEAD_WIDTH ? HEAD_WIDTH - utf8_width(said) : 1);
	say_anew(to, tongue_now(), line + text);
	buf_byte(to, '\n');
}

static void say_lines(struct buf *to, const char *lines)
{
	while (*lines) {
		size_t n = strcspn(lines, "\n");
		char *line = strndup(lines, n);

		if (line)
			say_head(to, line);
		free(line);
		lines += n + (lines[n] != 0);
	}
}

static int replay_one(const char *name, bool many)
{
	struct buf out = { 0 }, said = { 0 };
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;

	if (fd < 0) {
		say_error("%s: %s", name, oops_text(-errno));
		return STATUS_INPUT;
	}
	rc = replay_run(fd, &out);
	close(fd);
	if (rc < 0) {
		say_error("%s: the sandbox cannot be set up (%s)", name, oops_text(rc));
		buf_free(&out);
		return STATUS_TROUBLE;
	}
	if (many)
		buf_fmt(&said, "%s\n", name);
	if (tongue_now())
		say_lines(&said, buf_str(&out));
	else
		buf_add(&said, out.at, out.len);
	if (say_print(&said) != STATUS_FINE)
		rc = -1;
	buf_free(&out);
	buf_free(&said);
	if (rc == REPLAY_UNREADABLE)
		say_error("%s: this cannot be replayed", name);
	else if (rc == REPLAY_DIFFERS)
		say_error("%s: the verdict is NOT reached again", name);
	return rc < 0 ? STATUS_TROUBLE : rc == REPLAY_SAME ? STATUS_FINE :
		rc == REPLAY_DIFFERS ? STATUS_FOUND : STATUS_INPUT;
}

static int run(int argc, char **argv, struct opts *o)
{
	int worst = STATUS_FINE;

	(void)o;
	for (int i = 0; i < argc; i++) {
		int status = replay_one(argv[i], argc > 1);

		worst = status > worst ? status : worst;
	}
	return worst;
}

const struct command command_replay = {
	.name = "replay", .args = "FILE...", .least = 1, .most = CLI_ANY,
	.summary = N_("judge an evidence pack again, offline"),
	.story =
	N_("Reads evidence packs (see `vedette pack`), checks every octet of them, lets "
	"the same version of the rule look at the packed summary, and holds the messages "
	"against it. No network and no store is needed. The pack is read in a sandbox: "
	"it may come from a stranger.\n\n"
	"The exit status is 0 when every verdict was reached again, 1 when one was not "
	"(the line says what differs), 3 when a file is no pack, was changed, or was "
	"made by another version of the rule."),
	.run = run,
};
