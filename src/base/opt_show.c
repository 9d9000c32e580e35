/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_show.c - all options as the YAML file that would set them.
 *
 *   # memory for the tables of open windows
 *   # 16M to 64G; default 512M
 *   memory: 256M  # from vedette.yaml, line 3
 *
 * A key that several groups have is shown once; groups of one name are shown
 * together, because a file may hold a key only once. */
#include "base/opt_own.h"
#include "base/buf.h"
#include "base/plain.h"
#include "base/prose.h"

#define SHOW_WIDTH 78

static void source(const struct opts *o, struct opt_ref at, struct buf *out)
{
	const struct opt_slot *slot = opt_slot(o, at);
	const char *file = opt_own(o)->file;

	if (slot->source == OPT_DEFAULT)
		return;
	buf_text(out, "  # from ");
	if (slot->source == OPT_COMMAND)
		buf_text(out, N_("the command line"));
	else if (file == NULL || slot->line == 0)
		buf_text(out, "a file");
	else {
		plain_text(out, file, strlen(file));
		buf_fmt(out, ", line %u", slot->line);
	}
}

static void comment(const char *text, int indent, struct buf *out)
{
	buf_fill(out, ' ', (size_t)indent);
	buf_text(out, "# ");
	prose_wrap(out, text, (struct prose){ indent + 2, indent, SHOW_WIDTH, "# " });
	buf_byte(out, '\n');
}

static void show_row(const struct opts *o, struct opt_ref at, struct buf *out)
{
	const struct opt_group *g = &o->groups[at.group];
	const struct opt *row = opt_row(o, at);
	int indent = g->name[0] ? 2 : 0;
	struct buf allowed = { 0 };

	opt_allowed(row, &allowed);
	buf_fmt(&allowed, "; default %s", row->def ? row->def :
		row->type == OPT_FLAG ? "false" :
		row->type == OPT_CHOICE && row->choices[0][0] ? row->choices[0] : N_("not set"));
	comment(row->help, indent, out);
	comment(buf_str(&allowed), indent, out);
	buf_free(&allowed);
	buf_fill(out, ' ', (size_t)indent);
	buf_fmt(out, "%s: ", row->name);
	opt_value(g, row, out);
	source(o, at, out);
	buf_byte(out, '\n');
}

/* True when this row is the one that stands for its key. */
static bool first_of_key(const struct opts *o, struct opt_ref at)
{
	struct opt_ref first = { 0 };

	return opt_find(o, o->groups[at.group].name, opt_row(o, at)->name, OPT_FILE, &first) &&
	       first.group == at.group && first.row == at.row;
}

static bool first_of_name(const struct opts *o, unsigned group)
{
	for (unsigned i = 0; i < group; i++)
		if (strcmp(o->groups[i].name, o->groups[group].name) == 0)
			return false;
	return true;
}

/* All keys of the groups with this name; nothing when there are none. */
static void show_name(const struct opts *o, const char *name, struct buf *out)
{
	unsigned last = o->count;

	for (struct opt_ref at = { 0 }; opt_each(o, &at); at.row++) {
		const struct opt_group *g = &o->groups[at.group];

		if (strcmp(g->name, name) != 0 || !first_of_key(o, at))
			continue;
		if (last == o->count && *name) {
			buf_byte(out, '\n');
			comment(g->title, 0, out);
			buf_fmt(out, "%s:\n", name);
		} else if (last != at.group && *name == 0) {
			if (last != o->count)
				buf_byte(out, '\n');
			buf_fmt(out, "# -- %s --\n", g->title);
		}
		last = at.group;
		show_row(o, at, out);
	}
}

void opts_show(const struct opts *o, struct buf *out)
{
	show_name(o, "", out);
	for (unsigned i = 0; i < o->count; i++)
		if (o->groups[i].name[0] && first_of_name(o, i))
			show_name(o, o->groups[i].name, out);
}
