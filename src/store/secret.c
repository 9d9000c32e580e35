/* SPDX-License-Identifier: GPL-3.0-or-later */
/* secret.c - see secret.h. */
#include "store/own.h"
#include "store/secret.h"

static sqlite3_stmt *named(struct store *s, enum statement which, const char *kind,
			   const char *id)
{
	sqlite3_stmt *st = store_statement(s, which);

	if (st) {
		sqlite3_bind_text(st, 1, kind, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 2, id, -1, SQLITE_STATIC);
	}
	return st;
}

int store_secret_put(struct store *s, const char *kind, const char *id, const void *value,
		     size_t n, u64 expires)
{
	sqlite3_stmt *st;
	int rc = store_ready(s);

	must(n <= SECRET_MAX);
	if (rc)
		return rc;
	if ((st = named(s, STORE_SECRET_PUT, kind, id)) == NULL)
		return s->error;
	sqlite3_bind_blob(st, 3, n ? value : "", (int)n, SQLITE_STATIC);
	sqlite3_bind_int64(st, 4, (i64)min_u64(expires, INT64_MAX));
	rc = store_done(s, st);
	sqlite3_clear_bindings(st);
	return rc;
}

int store_secret_get(struct store *s, const char *kind, const char *id, u64 now,
		     struct secret *ret)
{
	sqlite3_stmt *st = named(s, STORE_SECRET_GET, kind, id);
	int rc;

	if (st == NULL)
		return s->error;
	rc = store_step(s, st);
	if (rc == 1) {
		size_t n = (size_t)sqlite3_column_bytes(st, 0);
		const void *value = sqlite3_column_blob(st, 0);

		ret->expires = (u64)sqlite3_column_int64(st, 1);
		ret->n = n;
		if (n > SECRET_MAX)
			rc = store_damaged(s, "a secret");
		else if (n)
			memcpy(ret->value, value, n);
		if (rc == 1 && ret->expires && ret->expires < now)
			rc = 0;
	}
	sqlite3_reset(st);
	return rc;
}

int store_secret_drop(struct store *s, const char *kind, const char *id)
{
	sqlite3_stmt *st;
	int rc = store_ready(s);

	if (rc)
		return rc;
	if ((st = named(s, STORE_SECRET_DROP, kind, id)) == NULL)
		return s->error;
	return store_done(s, st);
}

int store_secret_sweep(struct store *s, u64 now)
{
	sqlite3_stmt *st;
	int rc = store_ready(s);

	if (rc)
		return rc;
	if ((st = store_statement(s, STORE_SECRET_SWEEP)) == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, (i64)min_u64(now, INT64_MAX));
	return store_done(s, st);
}

/* Those whose id is greater than `after` (65 octets), which is then the last one looked at,
 * until each() gives something else than 0. */
static int look(struct store *s, const char *kind, store_secret_fn *each, void *to,
		char after[65])
{
	static const char sql[] = "SELECT id, value, expires FROM secret WHERE kind=? AND id>? "
				  "ORDER BY id";
	struct secret found;
	sqlite3_stmt *st = NULL;
	int rc = 0, said = 0;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL))
		return store_failed(s);
	sqlite3_bind_text(st, 1, kind, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, after, -1, SQLITE_TRANSIENT);
	while (said == 0 && (rc = store_step(s, st)) == 1) {
		const void *value = sqlite3_column_blob(st, 1);

		found.n = min_u64((u64)sqlite3_column_bytes(st, 1), SECRET_MAX);
		memcpy(found.value, found.n ? value : "", found.n);
		found.expires = (u64)sqlite3_column_int64(st, 2);
		snprintf(after, 65, "%s", (const char *)sqlite3_column_text(st, 0));
		said = each(to, after, &found);
	}
	sqlite3_finalize(st);
	return said ? said : rc;
}

int store_secret_each(struct store *s, const char *kind, store_secret_fn *each, void *to)
{
	char after[65] = "";

	return look(s, kind, each, to, after);
}

int store_secret_drop_each(struct store *s, const char *kind, store_secret_fn *which,
			   void *to)
{
	char after[65] = "";
	int rc = store_ready(s);

	while (rc == 0 && (rc = look(s, kind, which, to, after)) == 1)
		rc = store_secret_drop(s, kind, after);
	return rc;
}
