/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roll_csv.c - contacts as a table, with columns by their names; see roll.h.
 *
 * A column is known by its own name, by that of the option of `vedette contacts add`, and by
 * what other programs call it. Those that are not known are named in the counts: half a table
 * that is read in silence is worse than none. Commas, semicolons or tabs part the cells:
 * whichever the first line has most of. */
#include "respond/roll_own.h"
#include <strings.h>

#define COLUMNS_MAX 40u

static const char *const known[] = { "id", "name", "kind", "roles", "covers", "organisation",
	"languages", "hours", "prefers", "place", "note", "tlp", "pap", "mail", "phone", "web",
	"webhook", "post", "key", NULL };

/* "tlp" takes both labels. */
static const struct { const char *name, *is; } also[] = {
	{ "role", "roles" }, { "cover", "covers" }, { "cleared", "tlp" },
	{ "clearance", "tlp" }, { "public-key", "key" }, { "public_key", "key" },
	{ "e-mail", "mail" }, { "email", "mail" }, { "email address", "mail" },
	{ "tel", "phone" }, { "telephone", "phone" }, { "url", "web" }, { "website", "web" },
	{ "organization", "organisation" }, { "org", "organisation" },
	{ "language", "languages" }, { "lang", "languages" }, { "prefer", "prefers" },
	{ "notes", "note" }, { "comment", "note" }, { "type", "kind" },
};

struct table {
	struct rolling *r;
	const char *at, *end;
	const char *column[COLUMNS_MAX];	/* NULL: one that we do not know */
	unsigned columns, line;
	char separator;
	char cell[ROLL_TEXT_MAX + 1];
	size_t len;
	bool too_long;
};

static void put(struct table *t, char c)
{
	if (t->len < ROLL_TEXT_MAX && c)
		t->cell[t->len++] = c;
	else
		t->too_long = true;
}

/* One cell into t->cell: the separator when another follows in its row, '\n' at the row's end. */
static char cell(struct table *t)
{
	bool quoted = t->at < t->end && *t->at == '"';

	t->len = 0;
	t->too_long = false;
	t->at += quoted;
	while (t->at < t->end) {
		char c = *t->at++;

		if (quoted && c == '"' && t->at < t->end && *t->at == '"')
			put(t, *t->at++);
		else if (quoted && c == '"')
			quoted = false;
		else if (!quoted && (c == t->separator || c == '\n')) {
			t->cell[t->len] = 0;
			t->line += c == '\n';
			return c;
		} else if (quoted || c != '\r')
			put(t, c);
	}
	t->cell[t->len] = 0;
	return '\n';
}

static const char *column_named(const char *name)
{
	for (unsigned i = 0; known[i]; i++)
		if (strcasecmp(known[i], name) == 0)
			return known[i];
	for (size_t i = 0; i < COUNT(also); i++)
		if (strcasecmp(also[i].name, name) == 0)
			return column_named(also[i].is);
	return NULL;
}

/* Blanks around the name of a column, and some octets of a mark before it, are none of it. */
static const char *trimmed(char *name)
{
	size_t n = strlen(name);

	while (n && (name[n - 1] == ' ' || name[n - 1] == '\t'))
		name[--n] = 0;
	return name + strspn(name, " \t#");
}

static void note_unread(struct roll_counts *c, const char *name)
{
	size_t n = strlen(c->unread);

	if (name[0] && n + 60 < sizeof c->unread)
		snprintf(c->unread + n, sizeof c->unread - n, "%s%.50s", n ? ", " : "", name);
}

static char separator_of(const char *p, const char *end)
{
	static const char marks[] = ",;\t";
	size_t count[sizeof marks] = { 0 }, best = 0;

	for (; p < end && *p != '\n'; p++)
		for (size_t i = 0; marks[i]; i++)
			count[i] += *p == marks[i];
	for (size_t i = 0; marks[i]; i++)
		best = count[i] > count[best] ? i : best;
	return marks[best];
}

static int head(struct table *t)
{
	bool id = false;
	char ended;

	do {
		ended = cell(t);
		if (t->columns == COLUMNS_MAX) {
			snprintf(t->r->why, ROLL_WHY, N_("more than %u columns"),
				COLUMNS_MAX);
			return OOPS_FORMAT;
		}
		t->column[t->columns] = column_named(trimmed(t->cell));
		if (t->column[t->columns] == NULL)
			note_unread(t->r->counts, trimmed(t->cell));
		id = id || t->column[t->columns] == known[0];
		t->columns++;
	} while (ended == t->separator);
	if (id)
		return 0;
	snprintf(t->r->why, ROLL_WHY, N_("neither RDAP nor a table whose first line "
		 "names the columns, 'id' among them"));
	return OOPS_FORMAT;
}

static int row(struct table *t)
{
	json_t *entry = json_object();
	unsigned i = 0;
	char ended;
	int rc = entry ? 0 : -ENOMEM;

	do {
		ended = cell(t);
		if (i < t->columns && t->column[i] && !t->too_long && rc == 0)
			roll_add(entry, t->column[i], t->cell);
		i++;
	} while (ended == t->separator);
	if (rc == 0 && json_object_get(entry, "id")) {
		roll_add(entry, "source", "csv");
		rc = roll_say(t->r, entry);
	} else if (json_object_size(entry)) {
		t->r->counts->left++;
	}
	json_decref(entry);
	return rc;
}

int roll_csv(struct rolling *r, const char *text, size_t n)
{
	struct table t = { .r = r, .at = text, .end = text + n, .line = 1,
		.separator = separator_of(text, text + n) };
	int rc = head(&t);

	while (rc == 0 && t.at < t.end)
		rc = row(&t);
	return rc;
}
