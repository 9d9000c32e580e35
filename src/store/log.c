/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.c - events and octets of the desk; see desk.h. Nothing here updates or deletes. */
#include "store/own.h"
#include "store/desk.h"
#include "base/buf.h"
#include "model/digest.h"

int store_begin(struct store *s)
{
	return store_ready(s);
}

int store_undo(struct store *s)
{
	s->pending = 0;
	return sqlite3_get_autocommit(s->db) ? 0 : store_exec(s, "ROLLBACK");
}

static void take_hash(sqlite3_stmt *st, int at, char hash[65])
{
	const char *text = (const char *)sqlite3_column_text(st, at);

	snprintf(hash, 65, "%s", text ? text : "");
}

int store_last_event(struct store *s, u64 *number, char hash[65])
{
	sqlite3_stmt *st = store_statement(s, STORE_EVENT_LAST);
	int rc;

	if (st == NULL)
		return s->error;
	*number = 0;
	hash[0] = 0;
	rc = store_step(s, st);
	if (rc == 1) {
		*number = (u64)sqlite3_column_int64(st, 0);
		take_hash(st, 1, hash);
		rc = 0;
	}
	sqlite3_reset(st);
	return rc;
}

int store_append_event(struct store *s, const struct event *e)
{
	sqlite3_stmt *st;
	char hash[65];
	u64 last;
	int rc = store_ready(s);

	if (rc || (rc = store_last_event(s, &last, hash)))
		return rc;
	if (e->number != last + 1)
		return store_say(s, OOPS_CHANGED, "was changed by somebody else meanwhile");
	if ((st = store_statement(s, STORE_EVENT_ADD)) == NULL)
		return s->error;
	store_bind_fields(st, event_fields, e);
	rc = store_done(s, st);
	return rc;
}

struct span { u64 first, last; const char *about; bool back; };

static int each_of(struct store *s, const struct span *of, store_event_fn *each, void *to)
{
	struct buf sql = { 0 };
	sqlite3_stmt *st = NULL;
	int rc;

	store_template(&sql, "SELECT @ FROM event WHERE number BETWEEN ?1 AND ?2", event_fields);
	if (of->about)
		buf_text(&sql, " AND about=?3 AND about<>''");	/* so the index is used */
	buf_text(&sql, of->back ? " ORDER BY number DESC" : " ORDER BY number");
	rc = buf_error(&sql) ? store_say(s, -ENOMEM, "needs more memory than there is")
	   : sqlite3_prepare_v2(s->db, buf_str(&sql), -1, &st, NULL) ? store_failed(s) : 0;
	buf_free(&sql);
	if (rc)
		return rc;
	sqlite3_bind_int64(st, 1, (i64)min_u64(of->first, INT64_MAX));
	sqlite3_bind_int64(st, 2, of->last ? (i64)min_u64(of->last, INT64_MAX) : INT64_MAX);
	if (of->about)
		sqlite3_bind_text(st, 3, of->about, -1, SQLITE_STATIC);
	while ((rc = store_step(s, st)) == 1) {
		struct event e;

		if ((rc = store_take_fields(s, st, 0, event_fields, &e)) ||
		    (rc = each(to, &e)))
			break;
	}
	sqlite3_finalize(st);
	return rc;
}

int store_each_event(struct store *s, u64 first, u64 last, const char *about,
		     store_event_fn *each, void *to)
{
	return each_of(s, &(struct span){ first, last, about, false }, each, to);
}

int store_each_event_back(struct store *s, u64 before, const char *about, store_event_fn *each,
			  void *to)
{
	if (before == 1)
		return 0;
	return each_of(s, &(struct span){ 0, before ? before - 1 : 0, about, true }, each, to);
}

int store_keep(struct store *s, const void *octets, size_t n, char hash[65])
{
	sqlite3_stmt *st;
	struct digest d;
	u8 raw[DIGEST_OCTETS];
	int rc = store_ready(s);

	if (n > INT32_MAX / 2)
		return store_say(s, OOPS_LIMIT, "takes no document of %zu octets", n);
	digest_init(&d);
	digest_add(&d, octets, n);
	digest_end(&d, raw);
	hex_text(raw, sizeof raw, hash);
	if (rc)
		return rc;
	if ((st = store_statement(s, STORE_OCTETS_ADD)) == NULL)
		return s->error;
	sqlite3_bind_text(st, 1, hash, -1, SQLITE_STATIC);
	sqlite3_bind_blob(st, 2, n ? octets : "", (int)n, SQLITE_STATIC);
	rc = store_done(s, st);
	return rc;
}

int store_kept(struct store *s, const char *hash, struct buf *out)
{
	sqlite3_stmt *st = store_statement(s, STORE_OCTETS_GET);
	struct digest d;
	u8 raw[DIGEST_OCTETS];
	char is[65];
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_text(st, 1, hash, -1, SQLITE_STATIC);
	rc = store_step(s, st);
	if (rc == 0)
		rc = store_say(s, OOPS_UNKNOWN, "has no document %.64s", hash);
	if (rc == 1) {
		const void *octets = sqlite3_column_blob(st, 0);
		size_t n = (size_t)sqlite3_column_bytes(st, 0);

		digest_init(&d);
		digest_add(&d, n ? octets : "", n);
		digest_end(&d, raw);
		rc = strcmp(hex_text(raw, sizeof raw, is), hash)
		   ? store_say(s, OOPS_CHANGED, "holds a document that was changed since it "
			       "was stored: %.64s", hash) : 0;
		if (rc == 0)
			buf_add(out, octets, n);
	}
	sqlite3_reset(st);
	return rc ? rc : buf_error(out);
}
