/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case.c - operations on incidents: what must hold, and the event that says it; see case.h.
 * What the events do to the rows is case_fold.c's; merging is case_merge.c, what is found
 * of incidents and members case_find.c. */
#include "respond/case_own.h"
#include "base/stamp.h"
#include "respond/playbook.h"
#include "respond/title.h"

/* ---- states ---- */

#define BIT(state) (1u << INCIDENT_##state)
#define ENDS (BIT(CLOSED) | BIT(FALSE_ALARM))

/* What may follow; merged is left by a split only. */
static const unsigned follows[INCIDENT_STATE_COUNT] = {
	[INCIDENT_NEW] = BIT(TRIAGED) | BIT(CONFIRMED) | ENDS,
	[INCIDENT_TRIAGED] = BIT(NEW) | BIT(CONFIRMED) | BIT(NOTIFIED) | ENDS,
	[INCIDENT_CONFIRMED] = BIT(TRIAGED) | BIT(NOTIFIED) | BIT(MITIGATING) |
		BIT(MITIGATED) | ENDS,
	[INCIDENT_NOTIFIED] = BIT(CONFIRMED) | BIT(MITIGATING) | BIT(MITIGATED) | ENDS,
	[INCIDENT_MITIGATING] = BIT(NOTIFIED) | BIT(MITIGATED) | ENDS,
	[INCIDENT_MITIGATED] = BIT(MITIGATING) | ENDS,
	[INCIDENT_CLOSED] = BIT(TRIAGED),
	[INCIDENT_FALSE_ALARM] = BIT(TRIAGED),
};

bool case_may(enum incident_state from, enum incident_state to)
{
	return follows[from] >> to & 1;
}

bool case_ended(enum incident_state s)
{
	return s >= INCIDENT_CLOSED;
}

static int may_not(struct desk *d, const struct incident *i, enum incident_state to)
{
	char list[200] = "";
	size_t n = 0;

	if (i->state == to)
		return desk_fault(d, OOPS_RANGE, "incident %llu is %s already",
				  (unsigned long long)i->number, incident_states[to]);
	for (unsigned s = 0; s < INCIDENT_STATE_COUNT; s++)
		if (case_may((enum incident_state)i->state, (enum incident_state)s))
			n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", n ? ", " : "",
					      incident_states[s]);
	return desk_fault(d, OOPS_RANGE, "incident %llu is %s and cannot become %s; what may "
			  "follow: %s", (unsigned long long)i->number,
			  incident_states[i->state], incident_states[to], list);
}

static int verdict_check(struct desk *d, const struct incident *i, enum incident_state s,
			 const char *verdict)
{
	bool needed = s == INCIDENT_FALSE_ALARM ||
		(s == INCIDENT_CLOSED && i->state != INCIDENT_MITIGATED);

	if (needed && (verdict == NULL || verdict[0] == 0))
		return desk_fault(d, -EINVAL, "incident %llu becomes %s only with a reason%s",
			(unsigned long long)i->number, incident_states[s],
			s == INCIDENT_CLOSED ? ", because it was not mitigated" : "");
	return case_line(d, "a reason", verdict, false);
}

/* The deadlines that a state meets. */
struct meeting { struct desk *d; struct case_ref r; const char *what; };

/* "ana, with the state closed": as it is stored, for say_stored(). */
static void what_met(char *to, size_t size, const struct meeting *m)
{
	const char *colon = strchr(m->what, ':');

	snprintf(to, size, strncmp(m->what, "state:", 6) == 0
		 ? N_("%.100s, with the state %.80s") : N_("%.100s, with the letter %.80s"),
		 desk_author(m->d), colon ? colon + 1 : m->what);
}

static int meet_one(void *to, const void *record)
{
	struct meeting *m = to;
	const struct deadline *t = record;
	struct case_following follow;
	char by[300];
	int rc;

	if (t->met || !clocks_has(t->meets, m->what))
		return 0;
	what_met(by, sizeof by, m);
	rc = case_follow(m->d, t, desk_now(m->d), &follow);
	if (rc == 0)
		rc = case_met(m->d, m->r, &(struct case_met){ .is = t, .by = by,
			.met = desk_now(m->d), .follow = follow.list, .count = follow.count });
	clocks_free(follow.own);
	return rc;
}

int case_meet(struct desk *d, u64 number, const char *what)
{
	struct case_rows rows;
	struct meeting m = { d, { number, 0 }, what };
	int rc = case_deadlines_of(d, number, &rows);

	for (size_t i = 0; i < rows.count && rc == 0; i++)
		rc = meet_one(&m, rows.at[i]);
	case_forget(&rows);
	return rc;
}

int case_state(struct desk *d, struct case_ref r, enum incident_state s, const char *verdict)
{
	struct incident *i = NULL;
	char about[CASE_ABOUT], met[40];
	int rc = case_seen(d, r, &i);

	if (rc == 0 && !case_may((enum incident_state)i->state, s))
		rc = may_not(d, i, s);
	if (rc == 0)
		rc = verdict_check(d, i, s, verdict);
	if (rc == 0)
		rc = desk_say(d, "incident.state", case_about(r.number, about),
			      json_pack("{s:s, s:s, s:s}", "state", incident_states[s], "was",
			      incident_states[i->state], "verdict",
			      verdict ? verdict : ""), NULL);
	free(i);
	snprintf(met, sizeof met, "state:%s", incident_states[s]);
	if (rc == 0)
		rc = case_meet(d, r.number, met);
	return rc || case_ended(s) ? rc : playbook_apply(d, r.number, desk_playbooks(d));
}

/* ---- opening ---- */

static int next_number(void *to, const void *record)
{
	*(u64 *)to = ((const struct incident *)record)->number + 1;
	return 0;
}

static int fresh_number(struct desk *d, u64 *ret)
{
	const struct store_query q = { .table = DESK_incident, .order = "-number", .limit = 1 };

	*ret = 1;
	return store_each(desk_store(d), &q, next_number, ret);
}

/* No member may be in an incident. */
static int all_free(struct desk *d, const struct member *m, size_t n)
{
	u64 other = 0;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		if ((rc = case_of(d, (enum member_kind)m[i].kind, m[i].id, &other)) == 0 &&
		    other)
			rc = desk_fault(d, OOPS_CHANGED, "%s %.16s is in incident %llu already: "
				"merge the two, or take it out there first",
				member_kinds[m[i].kind], m[i].id, (unsigned long long)other);
	return rc;
}

/* The fields of an incident that opening it says. */
static json_t *opening(const struct incident *i, u64 number, u64 now)
{
	struct incident is = *i;
	json_t *body;

	is.number = number;
	if (is.aware == 0)
		is.aware = now;
	body = desk_body(DESK_incident, &is);
	for (const char *const *p = (const char *const []){ "version", "state", "opened",
	     "changed", "closed", "first_seen", "last_seen", "findings", "reports", "exposed",
	     "due", "verdict", "tlp", "pap", NULL }; *p; p++)
		json_object_del(body, *p);
	return body;
}

static int say_open(struct desk *d, const struct case_new *c, u64 number)
{
	json_t *body = opening(c->incident, number, desk_now(d));
	size_t n = min_u64(c->member_count, CASE_MEMBERS_MAX);
	char about[CASE_ABOUT];

	if (n)
		json_object_set_new(body, "members", case_members(c->members, n));
	if (c->task_count)
		json_object_set_new(body, "tasks", case_tasks(c->tasks, c->task_count));
	if (c->deadline_count)
		json_object_set_new(body, "deadlines",
				    case_deadlines(c->deadlines, c->deadline_count, false));
	return desk_say(d, "incident.open", case_about(number, about), body, NULL);
}

static int say_members(struct desk *d, u64 number, const struct member *m, size_t n)
{
	char about[CASE_ABOUT];
	int rc = 0;

	case_about(number, about);
	for (size_t at = 0; at < n && rc == 0; at += CASE_MEMBERS_MAX)
		rc = desk_say(d, "incident.add", about, json_pack("{s:o}", "members",
			case_members(m + at, min_u64(n - at, CASE_MEMBERS_MAX))), NULL);
	return rc;
}

int case_open(struct desk *d, const struct case_new *c, u64 *number)
{
	const struct incident *i = c->incident;
	int rc = case_line(d, "a title", i->title, true);

	if (rc == 0)
		rc = case_line(d, "a reason", i->reason, false);
	if (rc == 0)
		rc = case_line(d, "a subject", i->subject, false);
	if (rc == 0)
		rc = case_owner(d, i->owner);
	if (rc == 0 && !c->fresh)
		rc = all_free(d, c->members, c->member_count);
	if (rc == 0)
		rc = fresh_number(d, number);
	if (rc == 0)
		rc = say_open(d, c, *number);
	if (rc == 0 && c->member_count > CASE_MEMBERS_MAX)
		rc = say_members(d, *number, c->members + CASE_MEMBERS_MAX,
				 c->member_count - CASE_MEMBERS_MAX);
	if (rc || c->bulk || c->task_count)
		return rc;
	return playbook_apply(d, *number, desk_playbooks(d));
}

int case_add(struct desk *d, struct case_ref r, const struct member *members, size_t n,
	     bool fresh)
{
	struct incident *i = NULL;
	int rc = case_seen(d, r, &i);

	free(i);
	if (rc == 0 && !fresh)
		rc = all_free(d, members, n);
	return rc ? rc : say_members(d, r.number, members, n);
}

/* For changes that need a reason: there is one, and nobody changed the incident meanwhile. */
static int seen_with_reason(struct desk *d, struct case_ref r, const char *reason)
{
	struct incident *i = NULL;
	int rc = case_line(d, "a reason", reason, true);

	if (rc == 0)
		rc = case_seen(d, r, &i);
	free(i);
	return rc;
}

int case_remove(struct desk *d, struct case_ref r, enum member_kind kind, const char *id,
		const char *reason)
{
	u64 where = 0;
	char about[CASE_ABOUT];
	int rc = seen_with_reason(d, r, reason);

	if (rc == 0)
		rc = case_of(d, kind, id, &where);
	if (rc == 0 && where != r.number)
		rc = desk_fault(d, OOPS_UNKNOWN, "%s %.16s is not in incident %llu",
				member_kinds[kind], id, (unsigned long long)r.number);
	return rc ? rc : desk_say(d, "incident.remove", case_about(r.number, about),
		json_pack("{s:s, s:s, s:s}", "kind", member_kinds[kind], "id", id, "why",
			  reason), NULL);
}

/* ---- small changes ---- */

/* One text field of the incident. */
static int set(struct desk *d, struct case_ref r, const char *field, const char *value)
{
	struct incident *i = NULL;
	char kind[40], about[CASE_ABOUT];
	bool is_title = strcmp(field, "title") == 0;
	int rc = case_seen(d, r, &i);

	snprintf(kind, sizeof kind, "incident.%s", is_title ? "title" : "assign");
	if (rc == 0)
		rc = desk_say(d, kind, case_about(r.number, about),
			      json_pack("{s:s, s:s}", field, value, "was",
			      is_title ? i->title : i->owner), NULL);
	free(i);
	return rc;
}

int case_assign(struct desk *d, struct case_ref r, const char *owner)
{
	int rc = case_owner(d, owner);

	return rc ? rc : set(d, r, "owner", owner ? owner : "");
}

int case_title(struct desk *d, struct case_ref r, const char *title)
{
	int rc = case_line(d, "a title", title, true);

	return rc ? rc : set(d, r, "title", title);
}

static int note(struct desk *d, struct case_ref r, const char *text, const struct note *is)
{
	char about[CASE_ABOUT];

	if (text == NULL || text[0] == 0 || strlen(text) > CASE_TEXT_MAX)
		return desk_fault(d, -EINVAL, "a note of 1 to %u octets is wanted",
				  CASE_TEXT_MAX);
	return desk_say(d, "incident.note", case_about(r.number, about),
			json_pack("{s:s, s:s, s:s, s:s}", "text", text, "place",
			note_places[is->place], "tlp", label_text(is->tlp), "pap",
			pap_text(is->pap)), NULL);
}

int case_note(struct desk *d, struct case_ref r, const char *text, const struct marking *m)
{
	struct incident *i = NULL;
	struct marking is;
	int rc = case_seen(d, r, &i);

	if (rc)
		return rc;
	is = m ? *m : (struct marking){ i->tlp, i->pap };
	free(i);
	return note(d, r, text, &(struct note){ .tlp = is.tlp, .pap = is.pap });
}

int case_note_apart(struct desk *d, struct case_ref r, const char *text, struct marking m)
{
	struct incident *i = NULL;
	int rc = case_seen(d, r, &i);

	free(i);
	return rc ? rc : note(d, r, text, &(struct note){ .tlp = m.tlp, .pap = m.pap,
		.place = NOTE_APART });
}

int case_apart(struct desk *d, struct case_ref r, u64 number, const char *reason)
{
	struct note *n = NULL;
	void *found = NULL;
	char about[CASE_ABOUT];
	int rc = seen_with_reason(d, r, reason);

	if (rc == 0)
		rc = desk_find(d, DESK_note, &(struct note){ .event = number }, &found);
	n = found;
	if (rc >= 0 && (n == NULL || n->incident != r.number))
		rc = desk_fault(d, OOPS_UNKNOWN, "incident %llu has no note %llu",
				(unsigned long long)r.number, (unsigned long long)number);
	else if (rc == 1 && n->place == NOTE_APART)
		rc = desk_fault(d, OOPS_CHANGED, "note %llu is kept apart already",
				(unsigned long long)number);
	else if (rc == 1)
		rc = desk_say(d, "incident.apart", case_about(r.number, about),
			json_pack("{s:I, s:s, s:s, s:s}", "note", (json_int_t)number, "why",
				  reason, "tlp", label_text(n->tlp), "pap",
				  pap_text(n->pap)), NULL);
	free(found);
	return rc;
}

/* ---- markings ---- */

/* What demands more than `want`, in words. */
struct demand { struct marking want; char what[160]; };

static void demands(struct demand *d, struct marking is, const char *what, const char *id)
{
	char text[MARKING_TEXT_MAX];

	if (d->what[0] == 0 && !marking_allows(is, d->want))
		snprintf(d->what, sizeof d->what, N_("%s %.16s in it is %s"), what, id,
			 marking_text(is, text));
}

static int member_demands(void *to, const void *record)
{
	const struct member *m = record;

	demands(to, (struct marking){ m->tlp, m->pap }, member_kinds[m->kind], m->id);
	return 0;
}

static int note_demands(void *to, const void *record)
{
	const struct note *n = record;
	char number[24];

	if (n->place == NOTE_APART)
		return 0;
	snprintf(number, sizeof number, "%llu", (unsigned long long)n->event);
	demands(to, (struct marking){ n->tlp, n->pap }, "note", number);
	return 0;
}

static int may_lower(struct desk *d, const struct incident *i, struct marking m,
		     const char *reason)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = i->number };
	struct store_query q = { .table = DESK_member, .conds = &own, .count = 1 };
	struct demand demand = { .want = m };
	char text[MARKING_TEXT_MAX];
	int rc = store_each(desk_store(d), &q, member_demands, &demand);

	q.table = DESK_note;
	if (rc == 0)
		rc = store_each(desk_store(d), &q, note_demands, &demand);
	if (rc)
		return rc;
	if (demand.what[0])
		return desk_fault(d, -EPERM, "incident %llu cannot be %s: %s",
				  (unsigned long long)i->number, marking_text(m, text),
				  demand.what);
	if (reason == NULL || reason[0] == 0)
		return desk_fault(d, -EINVAL, "the marking of incident %llu is lowered only "
				  "with a reason", (unsigned long long)i->number);
	return 0;
}

int case_label(struct desk *d, struct case_ref r, struct marking m, const char *reason)
{
	struct incident *i = NULL;
	char about[CASE_ABOUT];
	int rc = case_line(d, "a reason", reason, false);

	if (rc == 0)
		rc = case_seen(d, r, &i);
	if (rc == 0 && !marking_allows((struct marking){ i->tlp, i->pap }, m))
		rc = may_lower(d, i, m, reason);
	free(i);
	return rc ? rc : desk_say(d, "incident.label", case_about(r.number, about),
		json_pack("{s:s, s:s, s:s}", "own_tlp", label_text(m.tlp), "own_pap",
			  pap_text(m.pap), "why", reason ? reason : ""), NULL);
}

int case_mark(struct desk *d, struct case_ref r, enum member_kind kind, const char *id,
	      struct marking m)
{
	struct incident *i = NULL;
	struct member *is = NULL;
	char about[CASE_ABOUT], text[MARKING_TEXT_MAX];
	int rc = case_seen(d, r, &i);

	free(i);
	if (rc == 0)
		rc = case_member(d, r.number, id, &is);
	if (rc == 0 && (is->kind != kind ||
			!marking_allows((struct marking){ is->tlp, is->pap }, m)))
		rc = desk_fault(d, -EPERM, "%s %.16s is %s and is only raised here",
				member_kinds[is->kind], is->id,
				marking_text((struct marking){ is->tlp, is->pap }, text));
	if (rc == 0)
		rc = desk_say(d, "incident.mark", case_about(r.number, about),
			      json_pack("{s:s, s:s, s:s, s:s}", "kind", member_kinds[kind],
			      "id", is->id, "tlp", label_text(m.tlp), "pap",
			      pap_text(m.pap)), NULL);
	free(is);
	return rc;
}

/* ---- splitting ---- */

/* The named members as {kind, id}; the first of them in *first. */
static int pick(struct desk *d, u64 number, const struct case_part *part, json_t *list,
		struct member **first)
{
	for (size_t i = 0; i < part->count; i++) {
		struct member *m = NULL;
		int rc = case_member(d, number, part->ids[i], &m);

		if (rc)
			return rc;
		json_array_append_new(list, json_pack("{s:s, s:s}", "kind",
			member_kinds[m->kind], "id", m->id));
		if (i == 0)
			*first = m;
		else
			free(m);
	}
	return 0;
}

static int say_split(struct desk *d, const struct incident *old, const struct member *first,
		     const struct case_part *part, json_t *list, u64 *number)
{
	char title[TITLE_MAX], about[CASE_ABOUT];
	struct incident is = { .title = part->title && part->title[0] ? part->title
			: title_of(first->rule, first->subject, 0, title),
		.severity = first->severity, .confidence = first->confidence,
		.family = old->family, .subject_kind = first->subject_kind,
		.subject = first->subject, .reason = part->reason, .owner = old->owner,
		.clocks = "", .aware = old->aware, .own_tlp = old->own_tlp,
		.own_pap = old->own_pap };
	json_t *body;
	int rc = fresh_number(d, number);

	if (rc)
		return rc;
	body = opening(&is, *number, desk_now(d));
	json_object_set(body, "members", list);
	return desk_say(d, "incident.split", case_about(old->number, about), body, NULL);
}

int case_split(struct desk *d, struct case_ref r, const struct case_part *part, u64 *number)
{
	struct incident *i = NULL;
	struct member *first = NULL;
	json_t *list = json_array();
	int rc = case_line(d, "a reason", part->reason, true);

	if (rc == 0)
		rc = case_line(d, "a title", part->title, false);
	if (rc == 0)
		rc = case_seen(d, r, &i);
	if (rc == 0 && (part->count == 0 || part->count >= i->findings + i->reports))
		rc = desk_fault(d, -EINVAL, "some of the members of incident %llu must leave "
				"it, and some stay", (unsigned long long)r.number);
	if (rc == 0)
		rc = pick(d, r.number, part, list, &first);
	if (rc == 0)
		rc = say_split(d, i, first, part, list, number);
	json_decref(list);
	free(first);
	free(i);
	return rc;
}
