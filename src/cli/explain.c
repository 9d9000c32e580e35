/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.c - `vedette explain`: the catalogue of what can be found. */
#include "base/near.h"
#include "base/prose.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include "respond/catalogue.h"
#include "share/share.h"

#define INDENT 2

struct conf { bool schema; };
static struct conf conf;
static const struct opt options[] = {
	{ .name = "json-schema", .type = OPT_FLAG, .at = offsetof(struct conf, schema),
	  .cli_only = true,
	  .help = N_("print the JSON Schema of what --json of the other commands "
	  	"prints") },
	{ .name = NULL }
};

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 1);
	out[0] = (struct opt_group){ "", N_("Output"), options, &conf };
	return 1;
}

static void paragraph(struct buf *out, const char *title, const char *text)
{
	const struct prose p = { .at = INDENT, .indent = INDENT, .width = term_width() };

	if (text == NULL || text[0] == 0)
		return;
	buf_fmt(out, "\n%s\n", _(title));
	buf_fill(out, ' ', INDENT);
	prose_wrap(out, _(text), p);
	buf_byte(out, '\n');
}

static void references(struct buf *out, const char *const *list)
{
	if (list == NULL || *list == NULL)
		return;
	buf_fmt(out, "\n%s\n", _("References"));
	for (; *list; list++)
		buf_fmt(out, "  %s\n", *list);
}

/* What it is in the words of others: one line of facts each. */
static void places(struct buf *out, const struct catalogue_row *r)
{
	buf_fmt(out, "\n%s\n", _("Kind"));
	buf_fmt(out, _("  severity as a rule: %s\n"),
		C_("severity", severity_name(r->severity)));
	buf_fmt(out, _("  area: %s\n"), C_("area", area_name(r->area)));
	buf_fmt(out, _("  remit: %s\n"), C_("remit", remit_name(r->remit)));
	if (r->abuse != ABUSE_NONE)
		buf_fmt(out, _("  abuse: %s\n"), C_("abuse", abuse_name(r->abuse)));
	if (r->first)
		buf_fmt(out, _("  FIRST technique %u: %s\n"), r->first,
			_(first_technique(r->first)));
	if (r->zonemaster)
		buf_fmt(out, "  Zonemaster: %s\n", r->zonemaster);
	if (r->dnsviz)
		buf_fmt(out, "  DNSViz: %s\n", r->dnsviz);
}

static void explain(struct buf *out, const struct catalogue_row *r)
{
	buf_fmt(out, "%s: %s\n", r->id, _(r->title));
	paragraph(out, N_("What it means"), r->meaning);
	paragraph(out, N_("What to do"), r->remedy);
	paragraph(out, N_("Who can detect it"), r->detect);
	paragraph(out, N_("Who can mitigate it"), r->mitigate);
	paragraph(out, N_("Who can prevent it"), r->prevent);
	places(out, r);
	references(out, r->references);
}

static bool begins(const char *id, const char *with)
{
	size_t n = strlen(with);

	return strncmp(id, with, n) == 0 && (id[n] == 0 || id[n] == '.');
}

/* One line a row whose id begins so (NULL = all); how many. */
static unsigned list(struct buf *out, const char *with)
{
	const struct catalogue_row *const *rows = catalogue_all(NULL);
	unsigned said = 0;
	int widest = 0;

	for (unsigned i = 0; rows[i]; i++)
		if ((int)strlen(rows[i]->id) > widest)
			widest = (int)strlen(rows[i]->id);
	for (unsigned i = 0; rows[i]; i++) {
		if (with && !begins(rows[i]->id, with))
			continue;
		buf_fmt(out, "%-*s  ", widest, rows[i]->id);
		prose_cell(out, C_("severity", severity_name(rows[i]->severity)), 10);
		buf_fmt(out, "%s\n", _(rows[i]->title));
		said++;
	}
	return said;
}

static int unknown(const char *id)
{
	const struct catalogue_row *const *rows = catalogue_all(NULL);
	struct near near = near_to(id);

	for (unsigned i = 0; rows[i]; i++)
		near_try(&near, rows[i]->id);
	if (near_best(&near))
		say_error("nothing is called '%s'; did you mean '%s'?", id,
			  near_best(&near));
	else
		say_error("nothing is called '%s'; 'vedette explain' lists all",
			  id);
	return STATUS_USAGE;
}

static int run(int argc, char **argv, struct opts *o)
{
	const struct catalogue_row *r = argc ? catalogue_find(argv[0]) : NULL;
	struct buf out = { 0 };
	int status;

	(void)o;
	if (conf.schema)
		share_schema(&out);
	else if (r)
		explain(&out, r);
	else if (list(&out, argc ? argv[0] : NULL) == 0 && argc)
		return unknown(argv[0]);
	if (conf.schema)
		buf_byte(&out, '\n');
	status = say_print(&out);
	buf_free(&out);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.args = "[ID]",
	.most = 1,
	.summary = N_("say what can be found, what it means and what to do"),
	.story =
		N_("Without a word: the catalogue, one line for each thing that Vedette "
		"can find. With the id of one: what it means, what to do, who can "
		"detect, mitigate and prevent it, and where to read more. With the name "
		"of a detector: its ids.\n\n"
		"With --json-schema: what each line of JSON Lines looks like.\n\n"
		"  vedette explain tunnel.data"),
	.start = "vedette explain",
	.groups = groups,
	.run = run,
};
