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
	if (i->state == INCIDENT_FALSE_ALARM || i->state == INCIDENT_MERGED)
		return 0;
	return store_each(desk_store(d), &q, earlier, &i->due);
}

static const struct deadline *among(const struct case_rows *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(((const struct deadline *)r->at[i])->name, name) == 0)
			return r->at[i];
	return NULL;
}

/* The body's deadlines; what was met under the same name stays met. */
int fold_deadlines(struct desk *d, const struct desk_event *e, u64 incident, bool anew)
{
	json_t *list = json_object_get(e->body, "deadlines"), *one;
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = incident };
	const struct store_query q = { .table = DESK_deadline, .conds = &own, .count = 1 };
	struct case_rows old = { .table = DESK_deadline };
	size_t at;
	int rc;

	if (list == NULL)
		return 0;
	rc = store_each(desk_store(d), &q, case_keep, &old);
	for (size_t i = 0; anew && i < old.count && rc == 0; i++)
		rc = store_drop(desk_store(d), DESK_deadline, old.at[i]);
	json_array_foreach(list, at, one) {
		struct deadline t = { .name = "", .set = "" };
		const struct deadline *was;

		if (rc || (rc = desk_record_of(d, e, one, DESK_deadline, &t)))
			break;
		t.incident = incident;
		if ((was = among(&old, t.name))) {
			t.met = was->met;
			t.by = was->by;
		}
		rc = store_put(desk_store(d), DESK_deadline, &t);
	}
	case_forget(&old);
	return rc;
}

int fold_clock(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = desk_record(d, e, DESK_incident, i);
	if (rc == 0)
		rc = fold_deadlines(d, e, i->number, true);
	if (rc == 0)
		rc = fold_due(d, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

static int set_met(struct desk *d, const struct desk_event *e, u64 incident)
{
	const struct deadline key = { .incident = incident, .name = desk_text(e, "name") };
	void *found = NULL;
	int rc = desk_find(d, DESK_deadline, &key, &found);

	if (rc == 0)
		return desk_damaged(d, e, "name");
	if (rc == 1) {
		rc = desk_record(d, e, DESK_deadline, found);
		if (rc == 0)
			rc = store_put(desk_store(d), DESK_deadline, found);
	}
	free(found);
	return rc;
}

int fold_met(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = set_met(d, e, i->number);
	if (rc == 0)
		rc = fold_deadlines(d, e, i->number, false);
	if (rc == 0)
		rc = fold_due(d, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

/* ---- operations ---- */

int case_clock(struct desk *d, struct case_ref r, const struct case_clock *c)
{
	struct incident *i = NULL;
	char about[CASE_ABOUT], aware[STAMP_TEXT_MAX];
	int rc = case_line(d, N_("the name of a set of clocks"), c->set, false);

	if (rc == 0)
		rc = case_seen(d, r, &i);
	if (rc == 0 && c->aware > desk_now(d))
		rc = desk_fault(d, OOPS_RANGE, "nobody knows of an incident before it is known: "
				"the time lies in the future");
	free(i);
	return rc ? rc : desk_say(d, "incident.clock", case_about(r.number, about),
		json_pack("{s:s, s:s, s:o}", "clocks", c->set, "aware",
			  stamp_text(c->aware, c->aware % STAMP_NS ? 9 : 0, aware),
			  "deadlines", case_deadlines(c->deadlines, c->count)), NULL);
}

int case_met(struct desk *d, struct case_ref r, const struct case_met *m)
{
	const struct deadline key = { .incident = r.number, .name = m->name };
	struct incident *i = NULL;
	void *found = NULL;
	char about[CASE_ABOUT], met[STAMP_TEXT_MAX];
	int rc = case_seen(d, r, &i);

	free(i);
	if (rc == 0 && (rc = desk_find(d, DESK_deadline, &key, &found)) == 0)
		rc = desk_fault(d, OOPS_UNKNOWN, "incident %llu has no deadline '%.100s'",
				(unsigned long long)r.number, m->name);
	else if (rc == 1)
		rc = desk_say(d, "incident.met", case_about(r.number, about),
			json_pack("{s:s, s:s, s:s, s:o}", "name", m->name, "met",
			stamp_text(m->met, m->met % STAMP_NS ? 9 : 0, met), "by",
			m->met ? m->by : "", "deadlines",
			case_deadlines(m->follow, m->count)), NULL);
	free(found);
	return rc;
}
