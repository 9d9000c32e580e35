/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_clock.c - the deadlines of an incident as events and rows; see case.h. What they
 * are and when they end is worked out in clock.c: a row holds instants only, so the fold
 * needs no calendar. */
#include "respond/case_own.h"
#include "base/stamp.h"

/* ---- folding ---- */

static int earlier(void *to, const void *record)
{
	const struct deadline *t = record;
	u64 *due = to;

	if (t->met == 0 && t->due && (*due == 0 || t->due < *due))
		*due = t->due;
	return 0;
}

int fold_due(struct desk *d, struct incident *i)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = i->number };
	const struct store_query q = { .table = DESK_deadline, .conds = &own, .count = 1 };

	i->due = 0;
	if (case_ended((enum incident_state)i->state))
		return 0;
	return store_each(desk_store(d), &q, earlier, &i->due);
}

int case_deadlines_of(struct desk *d, u64 incident, struct case_rows *ret)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = incident };
	const struct store_query q = { .table = DESK_deadline, .conds = &own, .count = 1,
		.order = "due set name" };

	*ret = (struct case_rows){ .table = DESK_deadline };
	return store_each(desk_store(d), &q, case_keep, ret);
}

const struct deadline *case_among(const struct case_rows *r, const char *set, const char *name)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct deadline *t = r->at[i];

		if (strcmp(t->name, name) == 0 && (set == NULL || strcmp(t->set, set) == 0))
			return t;
	}
	return NULL;
}

/* The body's deadlines; what was met before under that name (and set, unless `any` set will
 * do) stays met. */
static int put_rows(struct desk *d, const struct desk_event *e, u64 incident,
		    const struct case_rows *old, bool any)
{
	json_t *list = json_object_get(e->body, "deadlines"), *one;
	size_t at;
	int rc = 0;

	json_array_foreach(list, at, one) {
		struct deadline t = { .name = "", .set = "" };
		const struct deadline *was;

		if (rc || (rc = desk_record_of(d, e, one, DESK_deadline, &t)))
			break;
		t.incident = incident;
		if ((was = case_among(old, any ? NULL : t.set, t.name)) && t.met == 0) {
			t.met = was->met;
			t.by = was->by;
		}
		rc = store_put(desk_store(d), DESK_deadline, &t);
	}
	return rc;
}

static int drop_rows(struct desk *d, const struct case_rows *old)
{
	int rc = 0;

	for (size_t i = 0; i < old->count && rc == 0; i++)
		rc = store_drop(desk_store(d), DESK_deadline, old->at[i]);
	return rc;
}

int fold_deadlines(struct desk *d, const struct desk_event *e, u64 incident)
{
	struct case_rows old;
	int rc;

	if (json_object_get(e->body, "deadlines") == NULL)
		return 0;
	rc = case_deadlines_of(d, incident, &old);
	if (rc == 0)
		rc = put_rows(d, e, incident, &old, false);
	case_forget(&old);
	return rc;
}

/* All clocks anew, as the body has them: of an event of the old form (`old_form`), which knew
 * one set only, what was met under the same name stays met. */
static int all_anew(struct desk *d, const struct desk_event *e, bool old_form)
{
	const struct case_rows none = { .table = DESK_deadline };
	struct incident *i = NULL;
	struct case_rows old = none;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = desk_record(d, e, DESK_incident, i);
	if (rc == 0)
		rc = case_deadlines_of(d, i->number, &old);
	if (rc == 0)
		rc = drop_rows(d, &old);
	if (rc == 0)
		rc = put_rows(d, e, i->number, old_form ? &old : &none, true);
	if (rc == 0)
		rc = fold_due(d, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	case_forget(&old);
	free(i);
	return rc;
}

int fold_clock(struct desk *d, const struct desk_event *e)
{
	return all_anew(d, e, true);
}

int fold_clocks(struct desk *d, const struct desk_event *e)
{
	return all_anew(d, e, false);
}

/* Events of the time when an incident had one set do not name it. */
static int set_met(struct desk *d, const struct desk_event *e, u64 incident)
{
	const char *set = desk_text(e, "set");
	struct case_rows rows;
	const struct deadline *was;
	int rc = case_deadlines_of(d, incident, &rows);

	if (rc == 0 && (was = case_among(&rows, set[0] ? set : NULL, desk_text(e, "name"))) == NULL)
		rc = desk_damaged(d, e, "name");
	if (rc == 0) {
		struct deadline t = *was;

		rc = desk_record(d, e, DESK_deadline, &t);
		t.set = was->set;
		if (rc == 0)
			rc = store_put(desk_store(d), DESK_deadline, &t);
	}
	case_forget(&rows);
	return rc;
}

int fold_met(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = set_met(d, e, i->number);
	if (rc == 0)
		rc = fold_deadlines(d, e, i->number);
	if (rc == 0)
		rc = fold_due(d, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

/* ---- operations ---- */

/* "nis2/early warning, nis2/notification": what there is, for a refusal. */
static void name_all(const struct case_rows *rows, const char *only, char *to, size_t size)
{
	size_t n = 0;

	to[0] = 0;
	for (size_t i = 0; i < rows->count && n < size; i++) {
		const struct deadline *t = rows->at[i];

		if (only == NULL || strcmp(t->name, only) == 0)
			n += (size_t)snprintf(to + n, size - n, "%s%s/%s", n ? ", " : "", t->set,
					      t->name);
	}
}

static bool is_called(const struct deadline *t, const char *name)
{
	const size_t n = strlen(t->set);

	return strcmp(t->name, name) == 0 ||
	       (strncmp(name, t->set, n) == 0 && name[n] == '/' &&
		strcmp(name + n + 1, t->name) == 0);
}

static int meant(struct desk *d, u64 number, const char *name, const struct case_rows *rows,
		 const struct deadline **ret)
{
	char names[600];

	*ret = NULL;
	for (size_t i = 0; i < rows->count; i++) {
		if (!is_called(rows->at[i], name))
			continue;
		if (*ret) {
			name_all(rows, name, names, sizeof names);
			return desk_fault(d, OOPS_RANGE, "incident %llu has more than one "
					  "deadline '%.80s': %s", (unsigned long long)number,
					  name, names);
		}
		*ret = rows->at[i];
	}
	if (*ret)
		return 0;
	name_all(rows, NULL, names, sizeof names);
	return rows->count == 0
	     ? desk_fault(d, OOPS_UNKNOWN, "incident %llu has no deadline '%.100s': no clock runs",
			  (unsigned long long)number, name)
	     : desk_fault(d, OOPS_UNKNOWN, "incident %llu has no deadline '%.100s'; there are: %s",
			  (unsigned long long)number, name, names);
}

int case_deadline(struct desk *d, u64 number, const char *name, struct deadline **ret)
{
	const struct deadline *found = NULL;
	struct case_rows rows;
	int rc = case_deadlines_of(d, number, &rows);

	if (rc == 0)
		rc = meant(d, number, name, &rows, &found);
	if (rc == 0 && (*ret = desk_copy(DESK_deadline, found)) == NULL)
		rc = -ENOMEM;
	case_forget(&rows);
	return rc;
}

int case_met(struct desk *d, struct case_ref r, const struct case_met *m)
{
	struct incident *i = NULL;
	char about[CASE_ABOUT], met[STAMP_TEXT_MAX];
	int rc = case_seen(d, r, &i);

	free(i);
	return rc ? rc : desk_say(d, "incident.met", case_about(r.number, about),
		json_pack("{s:s, s:s, s:s, s:s, s:o}", "set", m->is->set, "name", m->is->name,
			  "met", stamp_text(m->met, m->met % STAMP_NS ? 9 : 0, met), "by",
			  m->met ? m->by : "", "deadlines",
			  case_deadlines(m->follow, m->count, false)), NULL);
}
