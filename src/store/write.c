/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.c - runs, evidence and findings into the store; see store.h.
 *
 * The first thing added after a commit opens a transaction for writing (BEGIN
 * IMMEDIATE), so that waiting for another writer happens there and nowhere else. */
#include "store/own.h"
#include "model/digest.h"
#include "base/buf.h"

int store_ready(struct store *s)
{
	return sqlite3_get_autocommit(s->db) ? store_exec(s, "BEGIN IMMEDIATE") : 0;
}

int store_done(struct store *s, sqlite3_stmt *st)
{
	int rc = store_step(s, st);

	sqlite3_reset(st);
	return rc;
}

static i64 whole(u64 v)
{
	return (i64)min_u64(v, INT64_MAX);
}

static void bind_text(sqlite3_stmt *st, int at, const char *text)
{
	sqlite3_bind_text(st, at, text ? text : "", -1, SQLITE_STATIC);
}

int store_begin_run(struct store *s, const struct store_run *run)
{
	char usual[MARKING_TEXT_MAX];
	sqlite3_stmt *st;
	int rc = store_commit(s);

	if (rc || (rc = store_ready(s)))
		return rc;
	if ((st = store_statement(s, STORE_RUN_ADD)) == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, whole(run->started));
	bind_text(st, 2, run->version);
	bind_text(st, 3, run->arguments);
	bind_text(st, 4, run->label && run->label[0] ? run->label
			 : marking_label(MARKING_FOUND, usual));
	if ((rc = store_done(s, st)))
		return rc;
	s->run = (u64)sqlite3_last_insert_rowid(s->db);
	return store_commit(s);
}

u64 store_run_number(const struct store *s)
{
	return s->run;
}

int store_end_run(struct store *s, u64 ended, const struct run_report *report)
{
	struct buf json = { 0 };
	sqlite3_stmt *st;
	int rc = store_ready(s);

	if (rc)
		return rc;
	report_json(&json, report);
	if (buf_error(&json) || json.len > REPORT_JSON_MAX)
		rc = store_say(s, OOPS_LIMIT, "takes no report of a run that is so long");
	else if ((st = store_statement(s, STORE_RUN_END)) == NULL)
		rc = s->error;
	if (rc == 0) {
		sqlite3_bind_int64(st, 1, whole(ended));
		bind_text(st, 2, buf_str(&json));
		sqlite3_bind_int64(st, 3, whole(s->run));
		rc = store_done(s, st);
	}
	buf_free(&json);
	s->run = 0;
	return rc ? rc : store_commit(s);
}

int store_add_evidence(struct store *s, const u8 *packed, size_t n)
{
	sqlite3_stmt *st;
	struct digest d;
	u8 hash[DIGEST_OCTETS];
	int rc;

	if (n > STORE_PACKED_MAX)
		return store_say(s, OOPS_LIMIT, "takes no evidence of %zu octets", n);
	if ((rc = store_ready(s)))
		return rc;
	if ((st = store_statement(s, STORE_EVIDENCE_ADD)) == NULL)
		return s->error;
	digest_init(&d);
	digest_add(&d, packed, n);
	digest_end(&d, hash);
	sqlite3_bind_blob(st, 1, hash, sizeof hash, SQLITE_STATIC);
	sqlite3_bind_blob(st, 2, packed, (int)n, SQLITE_STATIC);
	if ((rc = store_done(s, st)) == 0)
		s->pending++;
	return rc;
}

void store_bind(sqlite3_stmt *st, int at, const struct field *f, const void *of)
{
	const void *value = (const char *)of + f->at;

	switch (f->kind) {
	case FIELD_text:
		bind_text(st, at, value);
		break;
	case FIELD_words:
		bind_text(st, at, *(const char *const *)value);
		break;
	case FIELD_count:
		sqlite3_bind_int64(st, at, whole(*(const u64 *)value));
		break;
	case FIELD_stamp:	/* from 2262 on they are negative, and read so */
		sqlite3_bind_int64(st, at, (i64)*(const u64 *)value);
		break;
	case FIELD_severity:
		sqlite3_bind_int(st, at, (int)*(const enum severity *)value);
		break;
	case FIELD_real:
		sqlite3_bind_double(st, at, *(const double *)value);
		break;
	case FIELD_rule:
	case FIELD_choice:
		sqlite3_bind_int(st, at, *(const u8 *)value);
		break;
	}
}

int store_bind_fields(sqlite3_stmt *st, const struct field *fields, const void *of)
{
	int at = 1;

	for (const struct field *f = fields; f->name; f++)
		store_bind(st, at++, f, of);
	return at;
}

struct known { i64 number; u64 frames; struct marking marking; };

/* What is known under the id: 1 and *ret, 0 or negative. */
static int known(struct store *s, const struct finding *f, struct known *ret)
{
	sqlite3_stmt *st = store_statement(s, STORE_FINDING_KNOWN);
	int rc;

	if (st == NULL)
		return s->error;
	bind_text(st, 1, f->id);
	rc = store_step(s, st);
	if (rc == 1) {
		ret->number = sqlite3_column_int64(st, 0);
		ret->frames = (u64)sqlite3_column_int64(st, 1);
		ret->marking = marking_read(store_words(st, 2));
	}
	sqlite3_reset(st);
	return rc;
}

/* What comes from several runs has the strictest of their labels: of the one that was known
 * and of f. `written`: the row has that of f by now. */
static int join_label(struct store *s, const struct known *k, const struct finding *f,
		      bool written)
{
	const struct marking m = marking_read(f->label), all = marking_join(k->marking, m);
	const struct marking now = written ? m : k->marking;
	char text[MARKING_TEXT_MAX];
	sqlite3_stmt *st;

	if (all.tlp == now.tlp && all.pap == now.pap)
		return 0;
	if ((st = store_statement(s, STORE_FINDING_MARK)) == NULL)
		return s->error;
	bind_text(st, 1, marking_label(all, text));
	sqlite3_bind_int64(st, 2, k->number);
	return store_done(s, st);
}

static int put_row(struct store *s, const struct finding *f, i64 *number)
{
	sqlite3_stmt *st = store_statement(s, STORE_FINDING_ADD);
	int at, rc;

	if (st == NULL)
		return s->error;
	at = store_bind_fields(st, finding_fields, f);
	sqlite3_bind_blob(st, at, f->summary.bytes, (int)f->summary.len, SQLITE_STATIC);
	rc = store_step(s, st);
	if (rc == 1) {
		*number = sqlite3_column_int64(st, 0);
		rc = store_step(s, st);
	}
	sqlite3_reset(st);
	return rc;
}

/* A list inside a finding: one row an item, `size` octets apart. */
struct list {
	enum statement drop, add;
	const struct field *fields;
	const void *items;
	size_t size;
	u32 count;
};

static int drop(struct store *s, enum statement which, i64 number)
{
	sqlite3_stmt *st = store_statement(s, which);

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, number);
	return store_done(s, st);
}

static int put_list(struct store *s, const struct list *l, i64 number)
{
	int rc = drop(s, l->drop, number);

	for (u32 i = 0; i < l->count && rc == 0; i++) {
		sqlite3_stmt *st = store_statement(s, l->add);
		int at;

		if (st == NULL)
			return s->error;
		at = store_bind_fields(st, l->fields, (const char *)l->items + i * l->size);
		sqlite3_bind_int64(st, at, number);
		sqlite3_bind_int64(st, at + 1, i);
		rc = store_done(s, st);
	}
	return rc;
}

static int put_refers(struct store *s, const struct finding *f, i64 number)
{
	int rc = drop(s, STORE_REFER_DROP, number);

	for (u32 i = 0; i < f->evidence_count && rc == 0; i++) {
		sqlite3_stmt *st = store_statement(s, STORE_REFER_ADD);

		if (st == NULL)
			return s->error;
		sqlite3_bind_int64(st, 1, number);
		sqlite3_bind_int64(st, 2, i);
		sqlite3_bind_blob(st, 3, f->evidence[i], DIGEST_OCTETS, SQLITE_STATIC);
		rc = store_done(s, st);
	}
	return rc;
}

static int put(struct store *s, const struct finding *f, i64 *number)
{
	const struct list lists[] = {
		{ STORE_FEATURE_DROP, STORE_FEATURE_ADD, feature_fields, f->features,
		  sizeof f->features[0], f->feature_count },
		{ STORE_RELATED_DROP, STORE_RELATED_ADD, related_fields, f->related,
		  sizeof f->related[0], f->related_count },
	};
	int rc = put_row(s, f, number);

	for (size_t i = 0; i < COUNT(lists) && rc == 0; i++)
		rc = put_list(s, &lists[i], *number);
	return rc ? rc : put_refers(s, f, *number);
}

static int link_run(struct store *s, i64 number)
{
	sqlite3_stmt *st = store_statement(s, STORE_RUN_LINK);

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, whole(s->run));
	sqlite3_bind_int64(st, 2, number);
	return store_done(s, st);
}

int store_add_finding(struct store *s, const struct finding *f)
{
	struct known k = { 0 };
	bool better;
	int rc, was;

	if (s->run == 0)
		return store_say(s, -EINVAL, "takes findings of a run only");
	if ((rc = store_ready(s)))
		return rc;
	was = known(s, f, &k);
	if (was < 0)
		return was;
	better = was == 0 || whole(f->frames) >= whole(k.frames);
	if (better)
		rc = put(s, f, &k.number);
	if (rc == 0 && was)
		rc = join_label(s, &k, f, better);
	if (rc == 0)
		rc = link_run(s, k.number);
	if (rc)
		return rc;
	s->pending++;
	return was ? 0 : 1;
}

int store_add_part(struct store *s, const char *name, const char *text)
{
	sqlite3_stmt *st;
	int rc;

	if (s->run == 0 || strlen(text) > STORE_PART_MAX)
		return store_say(s, s->run ? OOPS_LIMIT : -EINVAL, "takes no such document");
	if ((rc = store_ready(s)))
		return rc;
	if ((st = store_statement(s, STORE_PART_ADD)) == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, whole(s->run));
	bind_text(st, 2, name);
	bind_text(st, 3, text);
	return store_done(s, st);
}
