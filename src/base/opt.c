/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt.c - the set of options: defaults, look-up, one value from text.
 *
 * Values live in the conf structs of the groups; beside them the set keeps one
 * slot a row (where the value came from, the text it owns):
 *
 *   groups[0].rows   a b c        groups[1].rows   d e
 *   slots            a b c d e    first[] = { 0, 3 }
 */
#include "base/opt_own.h"
#include "base/buf.h"
#include "base/near.h"
#include "base/plain.h"
#include <stdarg.h>

int opt_why(char why[OPT_WHY], int code, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(why, OPT_WHY, format, args);
	va_end(args);
	if (n >= OPT_WHY)
		memcpy(why + OPT_WHY - 4, "...", 4);
	return code;
}

char *opt_quote(const char *text, char to[OPT_QUOTE])
{
	size_t n = strlen(text), room = OPT_QUOTE - sizeof "'...'";
	bool cut = n > room;

	if (cut)
		for (n = room; n && ((u8)text[n] & 0xc0) == 0x80;)
			n--;	/* not in the middle of a character */
	snprintf(to, OPT_QUOTE, "'%.*s%s'", (int)n, text, cut ? "..." : "");
	return to;
}

bool opt_name_good(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && name[0] != '-' && name[n - 1] != '-' && !strstr(name, "--") &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

void opt_spelling(const struct opt_group *g, const struct opt *row, struct buf *out)
{
	buf_fmt(out, "%s%s%s", g->name, g->name[0] ? "-" : "", row->name);
}

bool opt_each(const struct opts *o, struct opt_ref *at)
{
	for (; at->group < o->count; at->group++, at->row = 0)
		if (o->groups[at->group].rows[at->row].name)
			return true;
	return false;
}

bool opt_on_line(const struct opts *o, struct opt_ref at)
{
	const struct opt_group *g = &o->groups[at.group];

	return !g->file_only && !(g->unlisted && opt_row(o, at)->cli_only);
}

static bool may_set(const struct opts *o, struct opt_ref at, enum opt_source source)
{
	if (source == OPT_COMMAND)
		return opt_on_line(o, at);
	return source != OPT_FILE || !opt_row(o, at)->cli_only;
}

bool opt_find(const struct opts *o, const char *group, const char *name,
	      enum opt_source source, struct opt_ref *at)
{
	for (; opt_each(o, at); at->row++)
		if (strcmp(o->groups[at->group].name, group) == 0 &&
		    strcmp(opt_row(o, *at)->name, name) == 0 && may_set(o, *at, source))
			return true;
	return false;
}

/* ---- making and unmaking ---- */

static unsigned rows_of(const struct opt_group *g)
{
	unsigned n = 0;

	while (g->rows[n].name)
		n++;
	return n;
}

static int own_make(struct opts *o)
{
	struct opt_own *own = calloc(1, sizeof *own);
	unsigned rows = 0;

	if ((o->own = own) == NULL)
		return -ENOMEM;
	own->first = calloc(o->count + 1, sizeof *own->first);
	own->confs = calloc(o->count + 1, sizeof *own->confs);
	if (own->first == NULL || own->confs == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < o->count; i++) {
		own->first[i] = rows;
		rows += rows_of(&o->groups[i]);
	}
	own->slots = calloc(rows + 1, sizeof *own->slots);
	return own->slots ? 0 : -ENOMEM;
}

static int confs_make(struct opts *o)
{
	for (unsigned i = 0; i < o->count; i++) {
		struct opt_group *g = &o->groups[i];

		if (g->conf)
			continue;
		if ((g->conf = calloc(1, g->size ? g->size : 1)) == NULL)
			return -ENOMEM;
		opt_own(o)->confs[i] = g->conf;
	}
	return 0;
}

void opts_free(struct opts *o)
{
	struct opt_own *own = opt_own(o);
	struct opt_ref at = { 0 };

	if (own == NULL)
		return;
	for (; own->slots && opt_each(o, &at); at.row++)
		free(opt_slot(o, at)->text);
	for (unsigned i = 0; own->confs && i < o->count; i++)
		if (own->confs[i]) {
			free(own->confs[i]);
			o->groups[i].conf = NULL;
		}
	free(own->first);
	free(own->slots);
	free(own->confs);
	free(own->file);
	free(own);
	*o = (struct opts){ 0 };
}

/* ---- one value ---- */

static bool takes_null(const struct opt *row)
{
	return row->type == OPT_TEXT || (row->def == NULL && row->type != OPT_FLAG &&
					 row->type != OPT_CHOICE);
}

static int refused(const struct opt *row, const char *text, int code, char why[OPT_WHY])
{
	struct buf allowed = { 0 };
	struct near near = near_to(text ? text : "");
	char quote[OPT_QUOTE];
	const char *best;

	opt_allowed(row, &allowed);
	for (int i = 0; row->type == OPT_CHOICE && row->choices[i]; i++)
		near_try(&near, row->choices[i]);
	best = near_best(&near);
	if (text == NULL)
		opt_why(why, code, "no value given; write %s", buf_str(&allowed));
	else if (text[0] == 0 && row->some)
		opt_why(why, code, "an empty value; write %s, or leave the option out",
			row->arg ? row->arg : opt_kinds[row->type].plain);
	else if (best)
		opt_why(why, code, "%s is not %s; did you mean '%s'? Write %s",
			opt_quote(text, quote), opt_kinds[row->type].noun, best,
			buf_str(&allowed));
	else
		opt_why(why, code, "%s is %s%s; write %s", opt_quote(text, quote),
			code == OOPS_RANGE ? "out of range" : "not ",
			code == OOPS_RANGE ? "" : opt_kinds[row->type].noun,
			buf_str(&allowed));
	buf_free(&allowed);
	return code;
}

/* Puts a value that was read into the conf struct; text is copied first. */
static int store(struct opts *o, struct opt_ref at, void *value, enum opt_source source)
{
	const struct opt *row = opt_row(o, at);
	struct opt_slot *slot = opt_slot(o, at);

	if (source < slot->source)
		return 0;
	if (row->type == OPT_TEXT) {
		char *copy, *text;

		memcpy(&text, value, sizeof text);
		copy = text ? strdup(text) : NULL;
		if (text && copy == NULL)
			return -ENOMEM;
		free(slot->text);
		slot->text = copy;
		memcpy(value, &copy, sizeof copy);
	}
	memcpy((char *)o->groups[at.group].conf + row->at, value, opt_kinds[row->type].size);
	slot->source = (u8)source;
	return 0;
}

static int set_row(struct opts *o, struct opt_ref at, const char *text,
		   enum opt_source source, char why[OPT_WHY])
{
	const struct opt *row = opt_row(o, at);
	union {
		u64 align;
		char room[OPT_VALUE_MAX];
	} value = { .room = { 0 } };
	int rc = 0;

	if (text)
		rc = opt_kinds[row->type].read(row, text, &value);
	else if (!takes_null(row))
		rc = OOPS_TYPE;
	if (rc < 0)
		return refused(row, text, rc, why);
	rc = store(o, at, &value, source);
	return rc < 0 ? opt_why(why, rc, "%s", oops_text(rc)) : 0;
}

static int unknown(const struct opts *o, const char *group, const char *name,
		   enum opt_source source, char why[OPT_WHY])
{
	struct near near = near_to(name);
	struct opt_ref at = { 0 };
	char quote[OPT_QUOTE];

	opt_quote(name, quote);
	if (opt_find(o, group, name, OPT_DEFAULT, &at))
		return opt_why(why, OOPS_UNKNOWN, opt_row(o, at)->cli_only ?
			       N_("%s is for the command line only") :
			       N_("%s is an option of another command"), quote);
	for (at = (struct opt_ref){ 0 }; opt_each(o, &at); at.row++)
		if (strcmp(o->groups[at.group].name, group) == 0 && may_set(o, at, source))
			near_try(&near, opt_row(o, at)->name);
	if (near_best(&near))
		return opt_why(why, OOPS_UNKNOWN, "unknown option %s; did you mean '%s'?",
			       quote, near_best(&near));
	return opt_why(why, OOPS_UNKNOWN, "unknown option %s", quote);
}

int opts_set(struct opts *o, const char *group, const char *name, const char *text,
	     enum opt_source source, char why[OPT_WHY])
{
	struct opt_ref at = { 0 };
	bool found = false;

	for (; opt_find(o, group, name, source, &at); at.row++, found = true) {
		int rc = set_row(o, at, text, source, why);

		if (rc < 0)
			return rc;
	}
	return found ? 0 : unknown(o, group, name, source, why);
}

/* ---- promises about the rows ---- */

static void row_must(const struct opt *row)
{
	must(opt_name_good(row->name));
	must(row->type != OPT_CHOICE || (row->choices && row->choices[0]));
	must(row->max == 0 || row->min <= row->max);
	must(row->help && row->help[0]);
}

/* "a-b" with "c" and "a" with "b-c" are spelled alike. */
static bool spelled_alike(const struct opt_group *g, const struct opt *x,
			  const struct opt_group *h, const struct opt *y)
{
	struct buf a = { 0 }, b = { 0 };
	bool alike;

	if (strlen(g->name) + strlen(x->name) + (g->name[0] != 0) !=
	    strlen(h->name) + strlen(y->name) + (h->name[0] != 0))
		return false;
	opt_spelling(g, x, &a);
	opt_spelling(h, y, &b);
	alike = strcmp(buf_str(&a), buf_str(&b)) == 0;
	buf_free(&a);
	buf_free(&b);
	return alike;
}

/* Two rows of one key in the file, or of one spelling on the command line. */
static void pair_must(const struct opts *o, struct opt_ref a, struct opt_ref b)
{
	const struct opt *x = opt_row(o, a), *y = opt_row(o, b);
	const struct opt_group *g = &o->groups[a.group], *h = &o->groups[b.group];
	bool shown = !g->file_only && !g->unlisted && !h->file_only && !h->unlisted;

	must(!(shown && x->letter && x->letter == y->letter));
	must(!(shown && spelled_alike(g, x, h, y)));
	/* a key at the top of the file and a group there */
	must(x->cli_only || g->name[0] || strcmp(x->name, h->name) != 0);
	must(y->cli_only || h->name[0] || strcmp(y->name, g->name) != 0);
	if (strcmp(g->name, h->name) == 0 && strcmp(x->name, y->name) == 0)
		must(x->cli_only || y->cli_only || x->type == y->type);
}

static void rows_must(const struct opts *o)
{
	for (struct opt_ref a = { 0 }; opt_each(o, &a); a.row++) {
		struct opt_ref b = { a.group, a.row + 1 };

		must(a.group < o->count && (o->groups[a.group].name[0] == 0 ||
					    opt_name_good(o->groups[a.group].name)));
		row_must(opt_row(o, a));
		for (; opt_each(o, &b); b.row++)
			pair_must(o, a, b);
	}
}

int opts_init(struct opts *o, struct opt_group *groups, unsigned count)
{
	static const struct opt none = { .name = NULL };
	char why[OPT_WHY];
	int rc;

	*o = (struct opts){ .groups = groups, .count = count };
	for (unsigned i = 0; i < count; i++)
		if (groups[i].rows == NULL)
			groups[i].rows = &none;
	rows_must(o);
	if ((rc = own_make(o)) < 0 || (rc = confs_make(o)) < 0)
		goto out;
	for (struct opt_ref at = { 0 }; opt_each(o, &at); at.row++) {
		const struct opt *row = opt_row(o, at);
		void *field = (char *)groups[at.group].conf + row->at;

		memset(field, 0, opt_kinds[row->type].size);
		if (row->def == NULL)
			continue;
		rc = set_row(o, at, row->def, OPT_DEFAULT, why);
		must(rc == 0 || rc == -ENOMEM);
		if (rc < 0)
			goto out;
	}
out:
	if (rc < 0)
		opts_free(o);
	return rc;
}

void *opts_conf(const struct opts *o, const struct opt *rows)
{
	for (unsigned i = 0; i < o->count; i++)
		if (o->groups[i].rows == rows)
			return o->groups[i].conf;
	return NULL;
}

enum opt_source opts_source(const struct opts *o, const char *group, const char *name)
{
	struct opt_ref at = { 0 };

	must(opt_find(o, group, name, OPT_DEFAULT, &at));
	return opt_slot(o, at)->source;
}
