/* SPDX-License-Identifier: GPL-3.0-or-later */
/* brief.c - what an index in memory keeps of findings, and what it asks for later; see
 * read.h. Each question is answered by an index of the file. */
#include "store/own.h"
#include "store/read.h"
#include "base/buf.h"

static int take(struct store *s, sqlite3_stmt *st, struct store_brief *b)
{
	*b = (struct store_brief){
		.number = (u64)sqlite3_column_int64(st, 0),
		.revision = (u64)sqlite3_column_int64(st, 1),
		.id = store_words(st, 2), .rule = store_words(st, 3),
		.subject_kind = store_words(st, 4), .subject = store_words(st, 5),
		.zone = store_words(st, 6), .label = store_words(st, 7),
		.from = (u64)sqlite3_column_int64(st, 8),
		.until = (u64)sqlite3_column_int64(st, 9),
		.confidence = (u64)sqlite3_column_int64(st, 10),
		.severity = (enum severity)sqlite3_column_int64(st, 11),
		.sentence = store_words(st, 12),
	};
	if ((unsigned)b->severity >= SEVERITY_COUNT || b->confidence > 100)
		return store_damaged(s, "severity or confidence");
	return 0;
}

int store_each_brief(struct store *s, u64 since, store_brief_fn *each, void *to)
{
	sqlite3_stmt *st = store_prepared(s, "SELECT number, revision, id, rule, "
		"subject_kind, subject, zone, label, \"from\", \"until\", confidence, "
		"severity, sentence FROM finding WHERE revision>?1 ORDER BY revision");
	struct store_brief b;
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, (i64)min_u64(since, INT64_MAX));
	while ((rc = store_step(s, st)) == 1)
		if ((rc = take(s, st, &b)) || (rc = each(to, &b)))
			break;
	sqlite3_finalize(st);
	return rc;
}

/* The one number that a kept statement gives; 0 when it gives none. */
static int number_of(struct store *s, enum statement which, u64 of, u64 *ret)
{
	sqlite3_stmt *st = store_statement(s, which);
	int rc;

	*ret = 0;
	if (st == NULL)
		return s->error;
	if (sqlite3_bind_parameter_count(st))
		sqlite3_bind_int64(st, 1, (i64)min_u64(of, INT64_MAX));
	if ((rc = store_step(s, st)) == 1) {
		*ret = (u64)sqlite3_column_int64(st, 0);
		rc = 0;
	}
	sqlite3_reset(st);
	return rc;
}

int store_revision(struct store *s, u64 *ret)
{
	return number_of(s, STORE_REVISION, 0, ret);
}

int store_most(struct store *s, u64 *ret)
{
	return number_of(s, STORE_FINDING_MOST, 0, ret);
}

/* The members of an incident, of a finding, or all. */
static int each_place(struct store *s, sqlite3_stmt *st, store_place_fn *each, void *to)
{
	int rc;

	while ((rc = store_step(s, st)) == 1) {
		const struct store_place p = {
			.finding = (u64)sqlite3_column_int64(st, 0),
			.incident = (u64)sqlite3_column_int64(st, 1),
			.marking = { (u8)sqlite3_column_int(st, 2),
				     (u8)sqlite3_column_int(st, 3) },
		};

		if (p.marking.tlp >= LABEL_COUNT || p.marking.pap >= PAP_COUNT)
			rc = store_damaged(s, "the marking of a member");
		else
			rc = each(to, &p);
		if (rc)
			break;
	}
	return rc;
}

int store_each_place(struct store *s, const struct store_places *of, store_place_fn *each,
		     void *to)
{
	sqlite3_stmt *st = store_statement(s, of->finding ? STORE_PLACES_OF_FINDING
		: of->incident ? STORE_PLACES_OF_CASE : STORE_PLACES);
	int rc;

	if (st == NULL)
		return s->error;
	if (of->finding || of->incident)
		sqlite3_bind_int64(st, 1, (i64)(of->finding ? of->finding : of->incident));
	rc = each_place(s, st, each, to);
	sqlite3_reset(st);
	return rc;
}

int store_join_member(struct store *s, unsigned kind, const char *id, struct marking *all)
{
	sqlite3_stmt *st = store_statement(s, STORE_MEMBER_MARKING);
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int(st, 1, (int)kind);
	sqlite3_bind_text(st, 2, id, -1, SQLITE_STATIC);
	while ((rc = store_step(s, st)) == 1) {
		const struct marking m = { (u8)sqlite3_column_int(st, 0),
					   (u8)sqlite3_column_int(st, 1) };

		if (m.tlp >= LABEL_COUNT || m.pap >= PAP_COUNT) {
			rc = store_damaged(s, "the marking of a member");
			break;
		}
		*all = marking_join(*all, m);
	}
	sqlite3_reset(st);
	return rc;
}

int store_numbered(struct store *s, u64 number, bool whole, struct finding *ret)
{
	sqlite3_stmt *st = store_statement(s, whole ? STORE_FINDING_WHOLE
						    : STORE_FINDING_SCALARS);
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, (i64)min_u64(number, INT64_MAX));
	rc = store_step(s, st);
	if (rc == 1)
		rc = whole ? store_row(s, st, ret) : store_row_scalars(s, st, ret);
	else if (rc == 0)
		rc = store_say(s, OOPS_UNKNOWN, "has no finding of that number");
	sqlite3_reset(st);
	return rc;
}

int store_run_ended(struct store *s, u64 run, bool *ret)
{
	u64 at;
	int rc = number_of(s, STORE_RUN_ENDED, run, &at);

	*ret = at != 0;
	return rc;
}

static int each_number(struct store *s, sqlite3_stmt *st, store_number_fn *each, void *to)
{
	int rc;

	while ((rc = store_step(s, st)) == 1)
		if ((rc = each(to, (u64)sqlite3_column_int64(st, 0))))
			break;
	return rc;
}

int store_each_related(struct store *s, const char *name, bool begins, u64 limit,
		       store_number_fn *each, void *to)
{
	sqlite3_stmt *st = store_prepared(s, begins
		? "SELECT finding FROM related WHERE name>=?1 COLLATE NOCASE AND name<?2 COLLATE "
		  "NOCASE LIMIT ?3"
		: "SELECT finding FROM related WHERE name=?1 COLLATE NOCASE AND ?2 IS NOT NULL "
		  "ORDER BY finding DESC LIMIT ?3");
	struct buf past = { 0 };
	int rc;

	if (st == NULL)
		return s->error;
	buf_fmt(&past, "%s\xf4\x8f\xbf\xbf", name);
	if (buf_error(&past))
		rc = store_say(s, -ENOMEM, "needs more memory than there is");
	else {
		sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 2, buf_str(&past), -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 3, (i64)min_u64(limit, INT64_MAX));
		rc = each_number(s, st, each, to);
	}
	sqlite3_finalize(st);
	buf_free(&past);
	return rc;
}

int store_each_of_run(struct store *s, u64 run, store_number_fn *each, void *to)
{
	sqlite3_stmt *st = store_prepared(s, "SELECT finding FROM run_finding WHERE run=?1");
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, (i64)min_u64(run, INT64_MAX));
	rc = each_number(s, st, each, to);
	sqlite3_finalize(st);
	return rc;
}

int store_each_part(struct store *s, const char *name, u64 run, store_part_fn *each, void *to)
{
	sqlite3_stmt *st;
	char sql[300];
	int rc;

	snprintf(sql, sizeof sql, "SELECT p.run, run.started, p.body, %s FROM run_part AS p "
		 "JOIN run ON run.number=p.run WHERE p.name=?1 AND (?2=0 OR p.run=?2) "
		 "ORDER BY p.run DESC", store_run_label(s));
	st = store_prepared(s, sql);

	if (st == NULL)
		return s->error;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, (i64)min_u64(run, INT64_MAX));
	while ((rc = store_step(s, st)) == 1) {
		const struct store_part p = { (u64)sqlite3_column_int64(st, 0),
			(u64)sqlite3_column_int64(st, 1), store_words(st, 2),
			store_words(st, 3) };

		if ((rc = each(to, &p)))
			break;
	}
	sqlite3_finalize(st);
	return rc;
}

int store_snapshot(struct store *s, bool *ours)
{
	*ours = sqlite3_get_autocommit(s->db);
	return *ours ? store_exec(s, "BEGIN") : 0;
}

void store_snapshot_end(struct store *s, bool ours)
{
	if (ours && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}
