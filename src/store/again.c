/* SPDX-License-Identifier: GPL-3.0-or-later */
/* again.c - the desk's tables made a second time beside those of the file, and both compared;
 * see desk.h.
 *
 *   main.incident ...   what the file says      }  a walk in the order of the keys, side by
 *   temp.incident ...   what the log says       }  side: the first row that differs
 *
 * A temporary table hides the file's of the same name from this connection, so the fold
 * writes there without knowing it, also when the file may only be read. Everything is in one
 * transaction that is undone: what others write meanwhile is not seen, they do not wait, and
 * nothing stays. The second tables lie in a file of SQLite's own that nobody else can open
 * and that goes with the connection; no more than the cache of it is in memory.
 *
 * Not here: which events make the tables (respond/fold.c). */
#include "store/own.h"
#include "store/desk.h"
#include "base/buf.h"

static void forget_statements(struct store *s)
{
	for (unsigned t = 0; t < DESK_TABLES; t++) {
		sqlite3_finalize(s->put[t]);
		sqlite3_finalize(s->take[t]);
		s->put[t] = s->take[t] = NULL;
	}
}

int store_desk_again(struct store *s)
{
	struct buf text = { 0 };
	int rc;

	must(sqlite3_get_autocommit(s->db));
	forget_statements(s);
	buf_text(&text, "PRAGMA temp_store=FILE;\nPRAGMA temp.cache_size=-65536;\n"
		"PRAGMA query_only=OFF;\nBEGIN;\n");
	store_desk_temp(&text);
	rc = buf_error(&text) ? store_say(s, -ENOMEM, "needs more memory than there is")
	   : store_exec(s, buf_str(&text));
	buf_free(&text);
	return rc;
}

int store_desk_away(struct store *s)
{
	int rc;

	forget_statements(s);
	rc = store_undo(s);
	return s->mode == STORE_READ && rc == 0 ? store_exec(s, "PRAGMA query_only=ON") : rc;
}

/* ---- comparing ---- */

static sqlite3_stmt *walk(struct store *s, const struct desk_noun *n, const char *schema)
{
	struct buf sql = { 0 }, keys = { 0 };
	sqlite3_stmt *st = NULL;

	store_template(&sql, "SELECT @", n->fields);
	for (unsigned i = 0; i < n->keys; i++)
		buf_fmt(&keys, "%s\"%s\"", i ? ", " : "", n->fields[i].name);
	buf_fmt(&sql, " FROM %s.%s ORDER BY %s", schema, n->name, buf_str(&keys));
	if (buf_error(&sql) || buf_error(&keys))
		store_say(s, -ENOMEM, "needs more memory than there is");
	else
		st = store_prepared(s, buf_str(&sql));
	buf_free(&sql);
	buf_free(&keys);
	return st;
}

/* One column of both rows, as SQLite sorts: below 0, 0, above 0. */
static int compare(sqlite3_stmt *a, sqlite3_stmt *b, int at)
{
	size_t n, m;
	int d;

	if (sqlite3_column_type(a, at) == SQLITE_INTEGER &&
	    sqlite3_column_type(b, at) == SQLITE_INTEGER) {
		sqlite3_int64 x = sqlite3_column_int64(a, at), y = sqlite3_column_int64(b, at);

		return (x > y) - (x < y);
	}
	n = (size_t)sqlite3_column_bytes(a, at);
	m = (size_t)sqlite3_column_bytes(b, at);
	d = memcmp(store_words(a, at), store_words(b, at), min_u64(n, m));
	return d ? d : (n > m) - (n < m);
}

/* "incident 7", "member 7 finding 3f..": the key as it stands in the row. */
static void put_key(struct store_differs *d, const struct desk_noun *n, sqlite3_stmt *row)
{
	size_t at = 0;

	for (unsigned i = 0; i < n->keys && at + 1 < sizeof d->key; i++)
		at += (size_t)snprintf(d->key + at, sizeof d->key - at, "%s%.100s", i ? " " : "",
				       store_words(row, (int)i));
}

/* Two rows, or one of them: true when they differ, with what does. */
static bool differs(const struct desk_noun *n, sqlite3_stmt *is, sqlite3_stmt *said,
		    struct store_differs *d)
{
	int by_key = is == NULL ? 1 : said == NULL ? -1 : 0;

	for (unsigned i = 0; by_key == 0 && n->fields[i].name; i++) {
		int by = compare(is, said, (int)i);

		if (by && i < n->keys)
			by_key = by;
		else if (by)
			d->field = n->fields[i].name;
		if (by)
			break;
	}
	if (by_key == 0 && d->field == NULL)
		return false;
	d->how = by_key == 0 ? STORE_CHANGED : by_key < 0 ? STORE_ADDED : STORE_MISSING;
	put_key(d, n, d->how == STORE_MISSING ? said : is);
	return true;
}

static int walk_both(struct store *s, const struct desk_noun *n, sqlite3_stmt *st[2],
		     struct store_differs *d)
{
	int a, b;

	do {
		if ((a = store_step(s, st[0])) < 0 || (b = store_step(s, st[1])) < 0)
			return s->error;
		if ((a || b) && differs(n, a ? st[0] : NULL, b ? st[1] : NULL, d))
			return 1;
	} while (a || b);
	return 0;
}

int store_desk_differs(struct store *s, enum desk_table t, struct store_differs *ret)
{
	const struct desk_noun *n = &desk_nouns[t];
	sqlite3_stmt *st[2] = { walk(s, n, "main"), NULL };
	int rc;

	*ret = (struct store_differs){ .table = n->name };
	st[1] = st[0] ? walk(s, n, "temp") : NULL;
	rc = st[1] ? walk_both(s, n, st, ret) : s->error;
	sqlite3_finalize(st[0]);
	sqlite3_finalize(st[1]);
	return rc;
}
