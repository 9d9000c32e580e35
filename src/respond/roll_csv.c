/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roll_csv.c - contacts as a table, with columns by their names; see roll.h. */
#include "respond/roll_own.h"
#include <strings.h>

#define COLUMNS_MAX 40u

static const char *const known[] = { "id", "name", "kind", "roles", "covers", "organisation",
	"languages", "hours", "prefers", "place", "note", "tlp", "pap", "mail", "phone", "web",
	"webhook", "post", "key", NULL };

struct table {
	struct rolling *r;
	const char *at, *end;
	const char *column[COLUMNS_MAX];	/* NULL: one that we do not know */
	unsigned columns, line;
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

/* One cell into t->cell: ',' when another follows in its row, '\n' at the row's end. */
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
		else if (!quoted && (c == ',' || c == '\n')) {
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
	return NULL;
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
		t->column[t->columns] = column_named(t->cell);
		id = id || t->column[t->columns] == known[0];
		t->columns++;
	} while (ended == ',');
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
	} while (ended == ',');
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
	struct table t = { .r = r, .at = text, .end = text + n, .line = 1 };
	int rc = head(&t);

	while (rc == 0 && t.at < t.end)
		rc = row(&t);
	return rc;
}
