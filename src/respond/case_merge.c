/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_merge.c - merging two incidents, splitting them again, splitting one; see case.h.
 *
 *   merge 13 -> 12   members of 13 go to 12, each with origin 13; 13 is `merged` into 12
 *   unmerge 13       members of 12 whose origin leads to 13 go back
 *
 * An origin leads on: when 7 had been merged into 13 before, its members have the origin 7,
 * and 7's `into` is 13. So merges may be nested and are undone in any order. What an
 * incident was merged from marks it: notes and labels there count here, too. */
#include "respond/case_own.h"
#include "base/buf.h"
#include "base/stamp.h"

#define DEPTH_MAX 64u	/* merges one above the other */

/* ---- members on the move ---- */

static int members_of(struct desk *d, u64 incident, struct case_rows *ret)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = incident };
	const struct store_query q = { .table = DESK_member, .conds = &own, .count = 1 };

	return store_each(desk_store(d), &q, case_keep, ret);
}

static int move(struct desk *d, struct member *m, u64 to, u64 origin)
{
	int rc = store_drop(desk_store(d), DESK_member, m);

	m->incident = to;
	m->origin = origin;
	return rc ? rc : store_put(desk_store(d), DESK_member, m);
}

static int move_on(struct desk *d, struct member *m, u64 to, u64 from)
{
	return move(d, m, to, m->origin ? m->origin : from);
}

/* ---- folding ---- */

int fold_merge(struct desk *d, const struct desk_event *e)
{
	struct incident *from = NULL, *into = NULL;
	struct case_rows all = { .table = DESK_member };
	int rc = fold_load(d, e, &from);

	if (rc == 0)
		rc = fold_find(d, e, desk_number(e, "into"), &into);
	if (rc == 0)
		rc = members_of(d, from->number, &all);
	for (size_t i = 0; i < all.count && rc == 0; i++)
		rc = move_on(d, all.at[i], into->number, from->number);
	if (rc == 0) {
		from->state = INCIDENT_MERGED;
		from->into = into->number;
		from->closed = e->event->at;
		from->due = 0;
		rc = fold_members(d, from);
	}
	if (rc == 0)
		rc = fold_save(d, e, from);
	if (rc == 0)
		rc = fold_members(d, into);	/* after: it sees what was merged into it */
	if (rc == 0)
		rc = fold_save(d, e, into);
	case_forget(&all);
	free(from);
	free(into);
	return rc;
}

static int take_into(void *to, const void *record)
{
	const struct incident *i = record;

	*(u64 *)to = i->state == INCIDENT_MERGED ? i->into : 0;
	return 0;
}

/* Where an incident was merged into; 0 = it was not. */
static int parent(struct desk *d, u64 number, u64 *ret)
{
	const struct incident key = { .number = number };
	int rc;

	*ret = 0;
	rc = store_take(desk_store(d), DESK_incident, &key, take_into, ret);
	return rc < 0 ? rc : 0;
}

/* Does an origin lead to `to`? */
static int leads(struct desk *d, u64 origin, u64 to, bool *ret)
{
	int rc = 0;

	for (unsigned i = 0; i < DEPTH_MAX && origin && origin != to && rc == 0; i++)
		rc = parent(d, origin, &origin);
	*ret = origin == to;
	return rc;
}

static int move_back(struct desk *d, u64 holder, u64 to)
{
	struct case_rows all = { .table = DESK_member };
	int rc = members_of(d, holder, &all);
	u64 last = 0;
	bool does = false;

	for (size_t i = 0; i < all.count && rc == 0; i++) {
		u64 origin = ((struct member *)all.at[i])->origin;

		if (origin == 0)
			continue;
		if (origin != last && (rc = leads(d, origin, to, &does)))
			break;
		last = origin;
		if (does)
			rc = move(d, all.at[i], to, origin == to ? 0 : origin);
	}
	case_forget(&all);
	return rc;
}

/* From `number` up to where everything went: each made anew. */
static int renew(struct desk *d, const struct desk_event *e, u64 number)
{
	int rc = 0;

	for (unsigned i = 0; i < DEPTH_MAX && number && rc == 0; i++) {
		struct incident *one = NULL;

		if ((rc = fold_find(d, e, number, &one)) == 0 &&
		    (rc = fold_members(d, one)) == 0)
			rc = fold_save(d, e, one);
		number = one && one->state == INCIDENT_MERGED ? one->into : 0;
		free(one);
	}
	return rc;
}

int fold_unmerge(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	u64 into;
	int rc = fold_load(d, e, &i);

	if (rc)
		return rc;
	into = i->into;
	rc = move_back(d, desk_number(e, "from"), i->number);
	if (rc == 0)
		rc = desk_record(d, e, DESK_incident, i);
	if (rc == 0)
		rc = fold_members(d, i);
	if (rc == 0)
		rc = fold_due(d, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc ? rc : renew(d, e, into);
}

/* The members that a split's body names, from `from` to `to`. */
static int move_named(struct desk *d, const struct desk_event *e, u64 from, u64 to)
{
	json_t *list = json_object_get(e->body, "members"), *one;
	size_t at;
	int rc = 0;

	json_array_foreach(list, at, one) {
		struct member key = { .id = "" };
		void *found = NULL;

		if ((rc = desk_record_of(d, e, one, DESK_member, &key)))
			break;
		key.incident = from;
		if ((rc = desk_find(d, DESK_member, &key, &found)) == 1)
			rc = move(d, found, to, ((struct member *)found)->origin);
		else if (rc == 0)
			rc = desk_damaged(d, e, "members");
		free(found);
		if (rc)
			break;
	}
	return rc;
}

int fold_split(struct desk *d, const struct desk_event *e)
{
	struct incident fresh = { 0 }, *old = NULL;
	int rc = fold_load(d, e, &old);

	if (rc == 0)
		rc = desk_record(d, e, DESK_incident, &fresh);
	if (rc == 0) {
		fresh.opened = e->event->at;
		fresh.into = old->number;
		fresh.tlp = old->tlp;	/* its subject and family are the old one's */
		fresh.pap = old->pap;
		rc = move_named(d, e, old->number, fresh.number);
	}
	if (rc == 0)
		rc = fold_members(d, &fresh);
	if (rc == 0)
		rc = fold_save(d, e, &fresh);
	if (rc == 0)
		rc = fold_members(d, old);
	if (rc == 0)
		rc = fold_save(d, e, old);
	free(old);
	return rc;
}

/* ---- operations ---- */

static int may_merge(struct desk *d, const struct incident *from, const struct incident *into)
{
	if (from->number == into->number)
		return desk_fault(d, -EINVAL, "incident %llu cannot be merged into itself",
				  (unsigned long long)from->number);
	if (case_ended((enum incident_state)into->state))
		return desk_fault(d, OOPS_RANGE, "incident %llu is %s: nothing is merged into "
				  "it; reopen it first ('incident state %llu triaged')",
				  (unsigned long long)into->number,
				  incident_states[into->state],
				  (unsigned long long)into->number);
	return 0;
}

/* What the merge says, marked as both together are, since it names what is in both. `into` is
 * as it was: an unmerge needs what it changed. */
static json_t *merging(const struct incident *from, const struct incident *into,
		       const char *reason)
{
	char closed[STAMP_TEXT_MAX], aware[STAMP_TEXT_MAX];
	const struct marking m = marking_join((struct marking){ from->tlp, from->pap },
					      (struct marking){ into->tlp, into->pap });
	struct buf differs = { 0 };
	json_t *body;

	case_differs(&differs, from, into);
	body = json_pack("{s:I, s:s, s:I, s:s, s:s, s:s, s:s, s:s}", "into",
		(json_int_t)into->number, "was", incident_states[from->state], "before",
		(json_int_t)from->into, "closed", stamp_text(from->closed, 9, closed), "why",
		reason, "differs", buf_str(&differs), "tlp", label_text(m.tlp), "pap",
		pap_text(m.pap));
	if (body && case_clocks_change(from, into) &&
	    (json_object_set_new(body, "had_clocks", json_string(into->clocks)) ||
	     json_object_set_new(body, "had_aware",
				 json_string(stamp_text(into->aware, 9, aware))))) {
		json_decref(body);
		body = NULL;
	}
	buf_free(&differs);
	return body;
}

int case_merge(struct desk *d, struct case_ref r, u64 number, const char *reason)
{
	struct incident *from = NULL, *into = NULL;
	char about[CASE_ABOUT];
	int rc = case_line(d, "a reason", reason, true);

	if (rc == 0)
		rc = case_seen(d, r, &from);
	if (rc == 0)
		rc = case_seen(d, (struct case_ref){ number, 0 }, &into);
	if (rc == 0)
		rc = may_merge(d, from, into);
	if (rc == 0)
		rc = desk_say(d, "incident.merge", case_about(from->number, about),
			      merging(from, into, reason), NULL);
	if (rc == 0)
		rc = case_clocks_join(d, from, into);
	free(from);
	free(into);
	return rc;
}

/* What the merge said about the incident as it had been. */
struct merged {
	u8 state;
	u64 into, target;	/* before; by this merge */
	char closed[STAMP_TEXT_MAX], had_clocks[CASE_LINE_MAX + 1];
	u64 had_aware;
	bool found, had;
};

static int take_merge(void *to, const struct event *e)
{
	struct merged *m = to;
	struct desk_event is = { e, NULL };

	if (strcmp(e->kind, "incident.merge"))
		return 0;
	if ((is.body = json_loads(e->body, 0, NULL)) == NULL)
		return OOPS_FORMAT;
	m->state = desk_choice(&is, "was", incident_states);
	m->into = desk_number(&is, "before");
	snprintf(m->closed, sizeof m->closed, "%s", desk_text(&is, "closed"));
	m->target = desk_number(&is, "into");
	snprintf(m->had_clocks, sizeof m->had_clocks, "%s", desk_text(&is, "had_clocks"));
	m->had = stamp_parse(desk_text(&is, "had_aware"), &m->had_aware) == 0;
	m->found = true;
	json_decref(is.body);
	return 0;
}

static int holder_of(struct desk *d, u64 number, u64 *ret)
{
	u64 up = number;
	int rc = 0;

	for (unsigned i = 0; i < DEPTH_MAX && up && rc == 0; i++) {
		*ret = up;
		rc = parent(d, up, &up);
	}
	return rc;
}

/* The clocks that the merge changed, unless somebody has set others since. */
static int clocks_back(struct desk *d, const struct incident *from, const struct merged *was)
{
	struct incident *into = NULL;
	int rc = was->had ? case_find(d, was->target, &into) : 0;

	if (rc == 0 && into)
		rc = case_clocks_part(d, from, into, &(struct case_clocks){ was->had_clocks,
				      was->had_aware });
	free(into);
	return rc;
}

int case_unmerge(struct desk *d, struct case_ref r, const char *reason)
{
	struct incident *i = NULL;
	struct merged was = { 0 };
	char about[CASE_ABOUT];
	u64 holder = 0;
	int rc = case_line(d, "a reason", reason, true);

	if (rc || (rc = case_find(d, r.number, &i)))
		return rc;
	if (i->state != INCIDENT_MERGED)
		rc = desk_fault(d, OOPS_RANGE, "incident %llu was not merged into another: name "
				"the members that shall leave it", (unsigned long long)r.number);
	else if ((rc = store_each_event(desk_store(d), 1, 0, case_about(r.number, about),
					take_merge, &was)) == 0 && !was.found)
		rc = desk_fault(d, OOPS_FORMAT, "the log does not say how incident %llu was "
				"merged", (unsigned long long)r.number);
	if (rc == 0)
		rc = holder_of(d, r.number, &holder);
	if (rc == 0)
		rc = desk_say(d, "incident.unmerge", about,
			      json_pack("{s:I, s:s, s:s, s:I, s:s}", "from",
			      (json_int_t)holder, "state", incident_states[was.state],
			      "closed", was.closed, "into", (json_int_t)was.into,
			      "why", reason), NULL);
	if (rc == 0)
		rc = clocks_back(d, i, &was);
	free(i);
	return rc;
}
