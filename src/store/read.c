/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c - findings, evidence and runs out of the store; see store.h. Rows become
 * findings in row.c; here are the questions. */
#include "store/own.h"
#include "store/read.h"
#include "model/digest.h"
#include "base/buf.h"
#include <ctype.h>

/* The conditions that a filter has; :names are bound by bind_filter(). */
static void where(struct buf *sql, const struct store_filter *f)
{
	buf_text(sql, " FROM finding WHERE severity >= :severity");
	if (f->rule)
		buf_text(sql, " AND substr(rule, 1, length(:rule)) = :rule");
	if (f->subject)
		buf_text(sql, " AND subject = :subject COLLATE NOCASE");
	if (f->since)
		buf_text(sql, " AND \"until\" > :since");
	if (f->until)
		buf_text(sql, " AND \"from\" < :until");
	if (f->id)
		buf_text(sql, " AND id = :id");
	if (f->run)
		buf_text(sql, " AND EXISTS (SELECT 1 FROM run_finding "
			      "WHERE run = :run AND finding = finding.number)");
}

static void bind_number(sqlite3_stmt *st, const char *name, u64 v)
{
	int at = sqlite3_bind_parameter_index(st, name);

	if (at)
		sqlite3_bind_int64(st, at, (i64)min_u64(v, INT64_MAX));
}

static void bind_word(sqlite3_stmt *st, const char *name, const char *text)
{
	int at = sqlite3_bind_parameter_index(st, name);

	if (at)
		sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
}

static void bind_filter(sqlite3_stmt *st, const struct store_filter *f)
{
	bind_number(st, ":severity", f->severity);
	bind_word(st, ":rule", f->rule);
	bind_word(st, ":subject", f->subject);
	bind_word(st, ":id", f->id);
	bind_number(st, ":since", f->since);
	bind_number(st, ":until", f->until);
	bind_number(st, ":run", f->run);
	bind_number(st, ":limit", f->limit);
}

/* Prepares `sql` (which it frees) for the filter: the statement or NULL. */
static sqlite3_stmt *filtered(struct store *s, struct buf *sql,
			      const struct store_filter *f)
{
	sqlite3_stmt *st = NULL;

	if (buf_error(sql))
		store_say(s, -ENOMEM, "needs more memory than there is");
	else if (sqlite3_prepare_v2(s->db, buf_str(sql), -1, &st, NULL))
		store_failed(s);
	else
		bind_filter(st, f);
	buf_free(sql);
	return st;
}

static sqlite3_stmt *query(struct store *s, const struct store_filter *f)
{
	struct buf sql = { 0 };

	store_template(&sql, "SELECT number, @, summary", finding_fields);
	where(&sql, f);
	buf_text(&sql, f->order == STORE_BY_TIME
		 ? " ORDER BY \"until\" DESC, severity DESC, rule, subject, id"
		 : " ORDER BY severity DESC, \"until\", rule, subject, id");
	if (f->limit)
		buf_text(&sql, " LIMIT :limit");
	return filtered(s, &sql, f);
}

int store_count(struct store *s, const struct store_filter *filter, u64 *ret)
{
	struct buf sql = { 0 };
	sqlite3_stmt *st;
	int rc;

	buf_text(&sql, "SELECT count(*)");
	where(&sql, filter);
	if ((st = filtered(s, &sql, filter)) == NULL)
		return s->error;
	if ((rc = store_step(s, st)) == 1) {
		*ret = (u64)sqlite3_column_int64(st, 0);
		rc = 0;
	}
	sqlite3_finalize(st);
	return rc;
}

static int say_all(struct store *s, sqlite3_stmt *st, store_finding_fn *each, void *to)
{
	struct finding *f = malloc(sizeof *f);
	int rc;

	if (f == NULL)
		return store_say(s, -ENOMEM, "needs more memory than there is");
	while ((rc = store_step(s, st)) == 1) {
		if ((rc = store_row(s, st, f)) == 0)
			rc = each(to, f);
		if (rc)
			break;
	}
	free(f);
	return rc;
}

int store_each_finding(struct store *s, const struct store_filter *filter,
		       store_finding_fn *each, void *to)
{
	sqlite3_stmt *st;
	bool ours;
	int rc = store_snapshot(s, &ours);

	if (rc)
		return rc;
	st = query(s, filter);
	rc = st ? say_all(s, st, each, to) : s->error;
	sqlite3_finalize(st);
	store_snapshot_end(s, ours);
	return rc;
}

/* Lower-case digits of an id's beginning: how many, or OOPS_FORMAT. */
static int digits(const char *id, char to[FINDING_ID_MAX])
{
	size_t n = strlen(id);

	if (n < STORE_PREFIX_MIN || n >= FINDING_ID_MAX)
		return OOPS_FORMAT;
	for (size_t i = 0; i <= n; i++) {
		to[i] = (char)tolower((u8)id[i]);
		if (i < n && !isxdigit((u8)id[i]))
			return OOPS_FORMAT;
	}
	return (int)n;
}

/* Those that begin so, and are such as are wanted. */
struct few { struct buf list; u64 first; unsigned count; };

#define FEW 5u	/* named in a sentence */

static int take_few(struct store *s, sqlite3_stmt *st, struct few *f, store_is_fn *are, void *to)
{
	struct finding *room = are ? malloc(sizeof *room) : NULL;
	int rc = are && room == NULL ? -ENOMEM : 0;

	while (rc == 0 && f->count <= FEW && (rc = store_step(s, st)) == 1) {
		int is = are ? store_row(s, st, room) : 1;

		if (are && is >= 0)
			is = are(to, room);
		rc = is < 0 ? is : 0;
		if (is <= 0)
			continue;
		if (f->count++ == 0)
			f->first = (u64)sqlite3_column_int64(st, 0);
		if (f->count <= FEW)
			buf_fmt(&f->list, "%s%.16s", f->count > 1 ? ", " : "",
				(const char *)sqlite3_column_text(st, 1));
	}
	free(room);
	return rc < 0 ? rc : buf_error(&f->list);
}

static int the_one(struct store *s, sqlite3_stmt *st, const char *id, struct few *f,
		   struct finding *ret)
{
	sqlite3_reset(st);
	if (f->count == 0)
		return store_reply(s, OOPS_UNKNOWN, "there is no finding whose id begins with "
				   "%s", id);
	if (f->count > 1)
		return store_reply(s, OOPS_LIMIT, "there are several findings whose id begins "
				   "with %s: %s%s", id, buf_str(&f->list),
				   f->count > FEW ? ", ..." : "");
	return store_numbered(s, f->first, true, ret);
}

int store_finding_among(struct store *s, const char *id, store_is_fn *are, void *to,
			struct finding *ret)
{
	char from[FINDING_ID_MAX], past[FINDING_ID_MAX + 1];
	struct buf sql = { 0 };
	struct few few = { .count = 0 };
	sqlite3_stmt *st;
	bool ours;
	int rc;

	if (digits(id, from) < 0)
		return store_reply(s, OOPS_UNKNOWN, "ids of findings have 64 hexadecimal digits; "
				   "give at least the first %d of one, not '%.80s'",
				   STORE_PREFIX_MIN, id);
	snprintf(past, sizeof past, "%sg", from);	/* what follows 'f' */
	if ((rc = store_snapshot(s, &ours)))
		return rc;
	store_template(&sql, "SELECT number, @, summary FROM finding "
		       "WHERE id >= :from AND id < :past ORDER BY id", finding_fields);
	st = filtered(s, &sql, &(struct store_filter){ 0 });
	if (st) {
		bind_word(st, ":from", from);
		bind_word(st, ":past", past);
	}
	rc = st ? take_few(s, st, &few, are, to) : s->error;
	if (rc == 0)
		rc = the_one(s, st, from, &few, ret);
	sqlite3_finalize(st);
	buf_free(&few.list);
	store_snapshot_end(s, ours);
	return rc;
}

int store_finding(struct store *s, const char *id, struct finding *ret)
{
	return store_finding_among(s, id, NULL, NULL, ret);
}

/* The kept item of a row, if it is what the hash says. */
static int check_hash(struct store *s, sqlite3_stmt *st, const u8 *hash)
{
	u8 is[DIGEST_OCTETS];
	char hex[DIGEST_TEXT];
	struct digest d;

	digest_init(&d);
	digest_add(&d, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
	digest_end(&d, is);
	if (memcmp(is, hash, sizeof is) == 0)
		return 0;
	return store_say(s, OOPS_CHANGED, "holds a message that was changed since it was "
			 "stored: %s", hex_text(hash, sizeof is, hex));
}

static int say_evidence(struct store *s, const u8 *hash, store_evidence_fn *each,
			void *to)
{
	sqlite3_stmt *st = store_statement(s, STORE_EVIDENCE_GET);
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_blob(st, 1, hash, DIGEST_OCTETS, SQLITE_STATIC);
	rc = store_step(s, st);
	if (rc == 0)
		return each(to, hash, NULL, 0);
	if (rc < 0)
		return rc;
	rc = check_hash(s, st, hash);
	if (rc == 0)
		rc = each(to, hash, sqlite3_column_blob(st, 0),
			  (size_t)sqlite3_column_bytes(st, 0));
	sqlite3_reset(st);
	return rc;
}

int store_first_evidence(struct store *s, u64 number, store_evidence_fn *each, void *to)
{
	sqlite3_stmt *st = store_statement(s, STORE_REFER_GET);
	u8 hash[DIGEST_OCTETS] = { 0 };
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, (i64)number);
	rc = store_step(s, st);
	if (rc == 1 && sqlite3_column_bytes(st, 0) == DIGEST_OCTETS)
		memcpy(hash, sqlite3_column_blob(st, 0), sizeof hash);
	else if (rc == 1)
		rc = store_damaged(s, "evidence");
	sqlite3_reset(st);
	return rc == 1 ? say_evidence(s, hash, each, to) : rc;
}

int store_evidence(struct store *s, const struct finding *f,
		   store_evidence_fn *each, void *to)
{
	bool ours;
	int rc = store_snapshot(s, &ours);

	if (rc)
		return rc;
	for (u32 i = 0; i < f->evidence_count && rc == 0; i++)
		rc = say_evidence(s, f->evidence[i], each, to);
	store_snapshot_end(s, ours);
	return rc;
}

static int say_run(struct store *s, sqlite3_stmt *st, store_run_fn *each, void *to)
{
	struct report_box box = { 0 };
	struct store_run run = {
		.number = (u64)sqlite3_column_int64(st, 0),
		.started = (u64)sqlite3_column_int64(st, 1),
		.ended = (u64)sqlite3_column_int64(st, 2),
		.version = (const char *)sqlite3_column_text(st, 3),
		.arguments = (const char *)sqlite3_column_text(st, 4),
		.label = store_words(st, 6),
	};
	const char *json = (const char *)sqlite3_column_text(st, 5);
	size_t n = (size_t)sqlite3_column_bytes(st, 5);
	int rc;

	if (run.version == NULL || run.arguments == NULL || json == NULL ||
	    (n && report_parse(&box, json, n)))
		return store_damaged(s, "a run");
	run.report = box.report;
	rc = each(to, &run);
	report_free(&box);
	return rc;
}

static void runs(const struct store *s, struct buf *sql)
{
	buf_fmt(sql, "SELECT number, started, ended, version, arguments, report, %s FROM run",
		store_run_label(s));
}

/* Those that the clearance allows, at most `limit`; the reports of others are not even read. */
static int say_runs(struct store *s, sqlite3_stmt *st, const struct store_runs *which,
		    store_run_fn *each, void *to)
{
	u64 left = which->limit ? which->limit : UINT64_MAX;
	int rc;

	while ((rc = left ? store_step(s, st) : 0) == 1) {
		if (!marking_allows(marking_read(store_words(st, 6)), which->clearance))
			continue;
		left--;
		if ((rc = say_run(s, st, each, to)))
			break;
	}
	sqlite3_finalize(st);
	return rc;
}

int store_each_run(struct store *s, const struct store_runs *which, store_run_fn *each, void *to)
{
	const struct store_filter none = { 0 }, *made = which->made;
	struct buf sql = { 0 };
	sqlite3_stmt *st;

	runs(s, &sql);
	if (made) {
		buf_text(&sql, " WHERE number IN (SELECT run FROM run_finding "
			 "WHERE finding IN (SELECT number");
		where(&sql, made);
		buf_text(&sql, "))");
	}
	buf_text(&sql, " ORDER BY number");
	st = filtered(s, &sql, made ? made : &none);
	return st ? say_runs(s, st, which, each, to) : s->error;
}

int store_latest_runs(struct store *s, const struct store_runs *which, store_run_fn *each,
		      void *to)
{
	struct buf sql = { 0 };
	sqlite3_stmt *st;

	runs(s, &sql);
	buf_text(&sql, " WHERE number<?1 ORDER BY number DESC");
	st = filtered(s, &sql, &(struct store_filter){ 0 });
	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, (i64)min_u64(which->before ? which->before : INT64_MAX,
					       INT64_MAX));
	return say_runs(s, st, which, each, to);
}
