/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row.c - a finding from its rows, with nothing taken on trust; see own.h.
 *
 * The file may come from a stranger: a value that the record cannot hold, a list
 * too long, an id that is not the content's give OOPS_FORMAT or OOPS_CHANGED and
 * a sentence, never a wrong finding. */
#include "store/own.h"
#include "model/digest.h"
#include "model/label.h"
#include <math.h>

int store_damaged(struct store *s, const char *what)
{
	return store_say(s, OOPS_FORMAT, "is damaged: %s is not what it can be", what);
}

static int take_text(sqlite3_stmt *st, int at, const struct field *f, char *to)
{
	const unsigned char *text = sqlite3_column_text(st, at);
	size_t n = (size_t)sqlite3_column_bytes(st, at);

	if (text == NULL || n >= f->size || strlen((const char *)text) != n)
		return OOPS_FORMAT;
	memcpy(to, text, n + 1);
	return 0;
}

/* A view, good until the statement's next step. */
static int take_words(sqlite3_stmt *st, int at, const char **to)
{
	const char *text = (const char *)sqlite3_column_text(st, at);

	if (text == NULL || strlen(text) != (size_t)sqlite3_column_bytes(st, at))
		return OOPS_FORMAT;
	*to = text;
	return 0;
}

static bool is_choice(const char *const *choices, i64 n)
{
	for (i64 i = 0; choices[i]; i++)
		if (i == n)
			return true;
	return false;
}

static int take_value(sqlite3_stmt *st, int at, const struct field *f, void *to)
{
	i64 n = sqlite3_column_int64(st, at);
	double real;

	switch (f->kind) {
	case FIELD_text:
		return take_text(st, at, f, to);
	case FIELD_words:
		return take_words(st, at, to);
	case FIELD_count:
		*(u64 *)to = (u64)n;
		return n < 0 ? OOPS_FORMAT : 0;
	case FIELD_stamp:
		*(u64 *)to = (u64)n;
		return 0;
	case FIELD_severity:
		*(enum severity *)to = (enum severity)n;
		return n < 0 || n >= SEVERITY_COUNT ? OOPS_FORMAT : 0;
	case FIELD_real:
		*(double *)to = real = sqlite3_column_double(st, at);
		return fabs(real) <= FINDING_VALUE_MAX ? 0 : OOPS_FORMAT;
	case FIELD_rule:
		*(u8 *)to = (u8)n;
		return n < 0 || n >= FEATURE_RULE_COUNT ? OOPS_FORMAT : 0;
	case FIELD_choice:
		*(u8 *)to = (u8)n;
		return is_choice(f->choices, n) ? 0 : OOPS_FORMAT;
	}
	return OOPS_FORMAT;
}

int store_take_fields(struct store *s, sqlite3_stmt *st, int at,
		      const struct field *fields, void *to)
{
	for (const struct field *f = fields; f->name; f++, at++)
		if (take_value(st, at, f, (char *)to + f->at))
			return store_damaged(s, f->name);
	return 0;
}

struct list {
	enum statement get;
	const struct field *fields;
	void *items;
	size_t size;
	u32 max, *count;
};

static int take_list(struct store *s, const struct list *l, i64 number)
{
	sqlite3_stmt *st = store_statement(s, l->get);
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, number);
	while ((rc = store_step(s, st)) == 1) {
		if (*l->count == l->max) {
			rc = store_damaged(s, N_("a list that is too long"));
			break;
		}
		rc = store_take_fields(s, st, 0, l->fields,
				 (char *)l->items + *l->count * l->size);
		if (rc)
			break;
		++*l->count;
	}
	sqlite3_reset(st);
	return rc;
}

static int take_refers(struct store *s, struct finding *f, i64 number)
{
	sqlite3_stmt *st = store_statement(s, STORE_REFER_GET);
	int rc;

	if (st == NULL)
		return s->error;
	sqlite3_bind_int64(st, 1, number);
	while ((rc = store_step(s, st)) == 1) {
		if (f->evidence_count == FINDING_EVIDENCE_MAX ||
		    sqlite3_column_bytes(st, 0) != DIGEST_OCTETS) {
			rc = store_damaged(s, N_("a list of evidence"));
			break;
		}
		memcpy(f->evidence[f->evidence_count++], sqlite3_column_blob(st, 0),
		       DIGEST_OCTETS);
	}
	sqlite3_reset(st);
	return rc;
}

static int check(struct store *s, const struct finding *f)
{
	char id[FINDING_ID_MAX];

	if (f->confidence > 100 || f->until < f->from)
		return store_damaged(s, N_("confidence or window"));
	if (f->label[0] && marking_parse(f->label, &(struct marking){ 0 }))
		return store_damaged(s, "label");
	finding_id(f, id);
	if (strcmp(id, f->id))
		return store_say(s, OOPS_CHANGED, "holds a finding that was changed "
				 "since it was made: %s", f->id);
	return 0;
}

static int take_summary(struct store *s, sqlite3_stmt *st, struct finding *f)
{
	int at = sqlite3_column_count(st) - 1, n = sqlite3_column_bytes(st, at);

	if (n > FINDING_SUMMARY_MAX)
		return store_damaged(s, "summary");
	if (n)
		memcpy(f->summary.bytes, sqlite3_column_blob(st, at), (size_t)n);
	f->summary.len = (u32)n;
	return 0;
}

int store_row_scalars(struct store *s, sqlite3_stmt *st, struct finding *f)
{
	int rc;

	memset(f, 0, offsetof(struct finding, features));
	f->summary.len = 0;
	rc = store_take_fields(s, st, 1, finding_fields, f);
	return rc ? rc : check(s, f);
}

int store_row(struct store *s, sqlite3_stmt *st, struct finding *f)
{
	i64 number = sqlite3_column_int64(st, 0);
	const struct list lists[] = {
		{ STORE_FEATURE_GET, feature_fields, f->features, sizeof f->features[0],
		  FINDING_FEATURES_MAX, &f->feature_count },
		{ STORE_RELATED_GET, related_fields, f->related, sizeof f->related[0],
		  FINDING_RELATED_MAX, &f->related_count },
	};
	int rc;

	memset(f, 0, sizeof *f);
	rc = take_summary(s, st, f);
	if (rc == 0)
		rc = store_take_fields(s, st, 1, finding_fields, f);
	for (size_t i = 0; i < COUNT(lists) && rc == 0; i++)
		rc = take_list(s, &lists[i], number);
	if (rc == 0)
		rc = take_refers(s, f, number);
	return rc ? rc : check(s, f);
}
