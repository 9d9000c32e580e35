/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_form.c - `vedette inbox form`: a report field by field, for telephone calls and
 * walk-ins.
 *
 *   form          asks for each field on a terminal; elsewhere takes the options
 *   form print    prints the empty form, one "field: " a line
 *   form FILE|-   reads a filled one
 *
 * What is typed here comes from the person at the desk, so it is read here and not in the
 * sandbox; its values are taken as texts and nothing else. */
#include "cli/inbox.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "model/utf8.h"
#include <unistd.h>

#define LINE_MAX_OCTETS 8192

static const struct { const char *name, *help; } fields[] = {
	{ "sender", N_("who reports: name or address") },
	{ "subject", N_("what is reported: a URL, a domain name, an address") },
	{ "abuse", N_("phishing, malware, botnet, pharming, spam or nothing") },
	{ "seen", N_("when it was seen: 2026-01-31T10:00:00Z, or nothing") },
	{ "url", N_("where more is said") },
	{ "title", N_("one line") },
	{ "text", N_("what they say") },
};
struct filled { char *value[COUNT(fields)]; };

static void release(struct filled *f)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		free(f->value[i]);
}

static const char *value(const struct filled *f, const char *name)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (strcmp(fields[i].name, name) == 0)
			return f->value[i] ? f->value[i] : "";
	return "";
}

static int keep(struct filled *f, size_t i, const char *text, size_t n)
{
	while (n && strchr(" \t\r\n", text[n - 1]))
		n--;
	free(f->value[i]);
	if ((f->value[i] = strndup(text, n)) == NULL)
		return -ENOMEM;
	utf8_mend(f->value[i]);
	return 0;
}

/* "field: value"; other lines go on with the text. */
static int take_line(struct filled *f, const char *line)
{
	size_t last = COUNT(fields) - 1, n = strlen(line);
	struct buf more = { 0 };
	int rc;

	for (size_t i = 0; i < COUNT(fields); i++) {
		size_t len = strlen(fields[i].name);

		if (strncmp(line, fields[i].name, len) == 0 && line[len] == ':') {
			line += len + 1;
			line += strspn(line, " \t");
			return keep(f, i, line, strlen(line));
		}
	}
	if (n == 0 || line[0] == '#')
		return 0;
	buf_fmt(&more, "%s%s%s", f->value[last] ? f->value[last] : "",
		f->value[last] && f->value[last][0] ? "\n" : "", line);
	rc = buf_error(&more) ? -ENOMEM : keep(f, last, buf_str(&more), more.len);
	buf_free(&more);
	return rc;
}

static int read_lines(struct filled *f, FILE *from)
{
	char line[LINE_MAX_OCTETS];
	int rc = 0;

	for (u64 lines = 0; rc == 0 && lines < 10000 && fgets(line, sizeof line, from); lines++) {
		line[strcspn(line, "\r\n")] = 0;
		rc = take_line(f, line);
	}
	return ferror(from) ? -EIO : rc;
}

static int ask(struct filled *f)
{
	char line[LINE_MAX_OCTETS];
	int rc = 0;

	for (size_t i = 0; i < COUNT(fields) && rc == 0; i++) {
		fprintf(stderr, "%s (%s): ", fields[i].name, _(fields[i].help));
		if (fgets(line, sizeof line, stdin) == NULL)
			return OOPS_SHORT;
		rc = keep(f, i, line, strlen(line));
	}
	return rc;
}

static int from_options(struct filled *f)
{
	const char *const given[] = { inbox_conf.sender, inbox_conf.subject, inbox_conf.abuse,
		inbox_conf.seen, inbox_conf.url, inbox_conf.title, inbox_conf.words };
	int rc = 0;

	for (size_t i = 0; i < COUNT(given) && rc == 0; i++)
		if (given[i])
			rc = keep(f, i, given[i], strlen(given[i]));
	return rc;
}

static int fill(struct filled *f, const char *path)
{
	FILE *from;
	int rc;

	if (path == NULL && (inbox_conf.subject || !isatty(STDIN_FILENO)))
		return from_options(f);
	if (path == NULL)
		return ask(f);
	if (strcmp(path, "-") == 0)
		return read_lines(f, stdin);
	if ((from = fopen(path, "r")) == NULL)
		return -errno;
	rc = read_lines(f, from);
	fclose(from);
	return rc;
}

/* The filled form as an item: false and it was said what is wrong. */
static bool item_of(const struct filled *f, struct item *ret)
{
	const char *seen = value(f, "seen");
	int abuse = choice_parse(abuse_names, value(f, "abuse"));
	u64 at = 0;

	if (value(f, "subject")[0] == 0 && value(f, "text")[0] == 0) {
		say_error("neither a subject nor a text: there is nothing to report; write "
			  "--subject or --text, or fill what 'vedette inbox form print' prints");
		return false;
	}
	if (abuse < 0) {
		say_error("abuse: '%s' is none; write phishing, malware, botnet, "
			  "pharming, spam or nothing", value(f, "abuse"));
		return false;
	}
	if (seen[0] && stamp_parse(seen, &at)) {
		say_error("seen: '%s' is not a time; write 2026-01-31T10:00:00Z",
			  seen);
		return false;
	}
	*ret = (struct item){ .kind = ITEM_REPORT, .subject = value(f, "subject"),
		.abuse = (u8)abuse, .first_seen = at, .title = value(f, "title"),
		.text = value(f, "text"), .source = value(f, "sender"),
		.references = value(f, "url") };
	return true;
}

static int take(struct sitting *s, const struct item *i)
{
	const struct inbox_letter l = { .item = i, .format = "form", .original = "" };
	struct inbox *in = NULL;
	struct inbox_told told = { 0 };
	int status = inbox_ready(s, &in), rc;

	if (status)
		return status;
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = inbox_take(in, &l, &told);
	rc = desk_end(s->desk, rc);
	inbox_close(in);
	if (rc)
		return sitting_fault(s, rc);
	if (inbox_conf.json)
		printf("{\"number\":%llu,\"state\":\"%s\",\"same\":%llu,\"weight\":%u}\n",
		       (unsigned long long)told.number, report_states[told.state],
		       (unsigned long long)told.same, told.weight);
	else if (told.same)
		printf(_("Report %llu says the same as report %llu.\n"),
		       (unsigned long long)told.number, (unsigned long long)told.same);
	else
		say_line(_("Report %llu, weight %u: 'vedette inbox show %llu' says why.\n"),
		       (unsigned long long)told.number, told.weight,
		       (unsigned long long)told.number);
	return STATUS_FINE;
}

static int print_form(void)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		printf("# %s\n%s: \n", _(fields[i].help), fields[i].name);
	return STATUS_FINE;
}

int inbox_form(struct sitting *s, int argc, char **argv)
{
	struct filled f = { { NULL } };
	struct item i;
	int rc, status;

	if (argc && strcmp(argv[0], "print") == 0)
		return print_form();
	rc = fill(&f, argc ? argv[0] : NULL);
	if (rc) {
		say_error("%s: %s", argc ? argv[0] : "input", oops_text(rc));
		status = STATUS_INPUT;
	} else {
		status = item_of(&f, &i) ? take(s, &i) : STATUS_USAGE;
	}
	release(&f);
	return status;
}
