/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_help.c - the options for people: --help and the manual page.
 *
 *   Tunnels:
 *     -m, --tunnel-min-bytes SIZE
 *                             least octets that a client moved (1k to 64G;
 *                             default 4k)
 */
#include "base/opt_own.h"
#include "base/buf.h"
#include "base/prose.h"

#define HELP_COLUMN 26	/* where the explanations begin */
#define HELP_WIDTH_MIN 40

/* Flags that are on by default are turned off: that spelling is shown. */
static bool shown_negated(const struct opt *row)
{
	return row->type == OPT_FLAG && row->def && strcmp(row->def, "true") == 0;
}

static const char *arg_of(const struct opt *row)
{
	return row->arg ? row->arg : opt_kinds[row->type].plain;
}

/* What stands behind the help: "(16M to 64G; default 512M)". */
static void facts(const struct opt *row, struct buf *out)
{
	bool text = row->type == OPT_TEXT;

	if (row->type == OPT_FLAG) {
		if (shown_negated(row))
			buf_text(out, _(" (default on)"));
		return;
	}
	if (text && row->def == NULL)
		return;
	buf_text(out, " (");
	if (!text)
		opt_allowed(row, out);
	if (row->def)
		buf_fmt(out, text ? C_("help", "default %s") : C_("help", "; default %s"),
			row->def);
	else if (row->type == OPT_CHOICE && row->choices[0][0])
		buf_fmt(out, C_("help", "; default %s"), row->choices[0]);
	buf_byte(out, ')');
}

static void help_row(const struct opt_group *g, const struct opt *row, int width,
		     struct buf *out)
{
	struct buf text = { 0 };
	size_t from = out->len;
	int at;

	if (row->letter)
		buf_fmt(out, "  -%c, --", row->letter);
	else
		buf_text(out, "      --");
	buf_text(out, shown_negated(row) ? "[no-]" : "");
	opt_spelling(g, row, out);
	if (row->type != OPT_FLAG)
		buf_fmt(out, " %s", arg_of(row));
	at = (int)(out->len - from);
	if (at + 2 > HELP_COLUMN) {
		buf_byte(out, '\n');
		at = 0;
	}
	buf_fill(out, ' ', (size_t)(HELP_COLUMN - at));
	buf_text(&text, _(row->help));
	facts(row, &text);
	prose_wrap(out, buf_str(&text),
		   (struct prose){ HELP_COLUMN, HELP_COLUMN, width, NULL });
	buf_byte(out, '\n');
	buf_free(&text);
}

void opts_help(const struct opts *o, struct buf *out, int width)
{
	bool first = true;

	if (width < HELP_WIDTH_MIN)
		width = HELP_WIDTH_MIN;
	for (unsigned i = 0; i < o->count; i++) {
		const struct opt_group *g = &o->groups[i];

		if (g->file_only || g->unlisted || g->rows[0].name == NULL)
			continue;
		buf_fmt(out, "%s%s:\n", first ? "" : "\n", _(g->title));
		for (const struct opt *row = g->rows; row->name; row++)
			help_row(g, row, width, out);
		first = false;
	}
}

static void manual_row(const struct opt_group *g, const struct opt *row, struct buf *out)
{
	struct buf text = { 0 };

	buf_text(out, ".It ");
	if (row->letter)
		buf_fmt(out, "Fl %c , ", row->letter);
	buf_fmt(out, "Fl \\-%s", shown_negated(row) ? "no\\-" : "");
	opt_spelling(g, row, out);
	if (row->type != OPT_FLAG) {
		buf_text(out, " Ar ");
		prose_mdoc_word(out, arg_of(row));
	}
	buf_byte(out, '\n');
	buf_text(&text, row->help);
	if (shown_negated(row))
		buf_text(&text, _(" (on by default; this turns it off)"));
	else
		facts(row, &text);
	prose_mdoc_sentence(out, buf_str(&text));
	if (row->cli_only)
		buf_text(out, N_("Not in the file.\n"));
	buf_free(&text);
}

void opts_manual(const struct opts *o, struct buf *out)
{
	for (unsigned i = 0; i < o->count; i++) {
		const struct opt_group *g = &o->groups[i];

		if (g->file_only || g->unlisted || g->rows[0].name == NULL)
			continue;
		buf_fmt(out, N_(".Pp\n%s:\n.Bl -tag -width Ds\n"), g->title);
		for (const struct opt *row = g->rows; row->name; row++)
			manual_row(g, row, out);
		buf_text(out, ".El\n");
	}
}
