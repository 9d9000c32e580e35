/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_fold.c - from what was said about incidents to their rows; see case.h.
 *
 * Severity, confidence, times and marking of an incident are joins over its members (and
 * notes), so adding is one step; only when a member leaves are they made anew from those
 * that stay. Merges are in case_merge.c, deadlines in case_clock.c. */
#include "respond/case_own.h"

int fold_find(struct desk *d, const struct desk_event *e, u64 number, struct incident **ret)
{
	const struct incident key = { .number = number };
	void *found = NULL;
	int rc = desk_find(d, DESK_incident, &key, &found);

	*ret = found;
	if (rc == 0)
		return desk_damaged(d, e, N_("it is about an incident that was never "
			"opened"));
	return rc < 0 ? rc : 0;
}

int fold_load(struct desk *d, const struct desk_event *e, struct incident **ret)
{
	const char *about = e->event->about;

	if (strncmp(about, "incident:", 9))
		return desk_damaged(d, e, N_("it is not about an incident"));
	return fold_find(d, e, strtoull(about + 9, NULL, 10), ret);
}

int fold_save(struct desk *d, const struct desk_event *e, struct incident *i)
{
	i->version = e->event->number;
	i->changed = e->event->at;
	return store_put(desk_store(d), DESK_incident, i);
}

/* ---- what follows from members and notes ---- */

static void join(struct incident *i, struct marking m)
{
	const struct marking all = marking_join((struct marking){ i->tlp, i->pap }, m);

	i->tlp = all.tlp;
	i->pap = all.pap;
}

static void join_member(struct incident *i, const struct member *m)
{
	bool first = i->findings + i->reports == 0;

	if (first || m->severity > i->severity)
		i->severity = m->severity;
	if (first || m->confidence > i->confidence)
		i->confidence = m->confidence;
	if (m->from && (i->first_seen == 0 || m->from < i->first_seen))
		i->first_seen = m->from;
	i->last_seen = max_u64(i->last_seen, m->until);
	i->exposed = max_u64(i->exposed, m->exposed);
	if (m->kind == MEMBER_FINDING)
		i->findings++;
	else
		i->reports++;
	join(i, (struct marking){ m->tlp, m->pap });
}

static int each_member(void *to, const void *record)
{
	join_member(to, record);
	return 0;
}

static int each_note(void *to, const void *record)
{
	const struct note *n = record;

	if (n->place == NOTE_WITHIN)
		join(to, (struct marking){ n->tlp, n->pap });
	return 0;
}

static int each_merged(void *to, const void *record)
{
	const struct incident *i = record;

	join(to, (struct marking){ i->tlp, i->pap });
	return 0;
}

/* What was merged into it: its notes and its own marking count here, too. */
static int merged(struct desk *d, struct incident *i)
{
	const struct store_cond conds[] = {
		{ .field = "into", .op = STORE_IS, .number = i->number },
		{ .field = "state", .op = STORE_IS, .number = INCIDENT_MERGED },
	};
	const struct store_query q = { .table = DESK_incident, .conds = conds, .count = 2 };

	return store_each(desk_store(d), &q, each_merged, i);
}

int fold_members(struct desk *d, struct incident *i)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = i->number };
	struct store_query q = { .table = DESK_member, .conds = &own, .count = 1 };
	int rc;

	i->first_seen = i->last_seen = i->findings = i->reports = i->exposed = 0;
	rc = store_each(desk_store(d), &q, each_member, i);
	q.table = DESK_note;
	if (rc == 0)
		rc = store_each(desk_store(d), &q, each_note, i);
	return rc ? rc : merged(d, i);
}

static int nothing(void *to, const void *record)
{
	(void)to, (void)record;
	return 0;
}

/* Is it there already? */
static int is_there(struct desk *d, const struct member *m)
{
	return store_take(desk_store(d), DESK_member, m, nothing, NULL);
}

/* Does the list name it before that place? Of a new incident nothing else can be there. */
static bool came(json_t *list, size_t place, const struct member *m)
{
	for (size_t i = 0; i < place; i++) {
		json_t *one = json_array_get(list, i);
		const char *id = json_string_value(json_object_get(one, "id"));
		const char *kind = json_string_value(json_object_get(one, "kind"));

		if (id && strcmp(id, m->id) == 0 &&
		    (kind ? choice_parse(member_kinds, kind) : 0) == (int)m->kind)
			return true;
	}
	return false;
}

/* fresh: the incident is new; so its members need not be looked for. */
static int add_members(struct desk *d, const struct desk_event *e, struct incident *i,
		       bool fresh)
{
	json_t *list = json_object_get(e->body, "members"), *one;
	size_t at;
	int rc = 0;

	json_array_foreach(list, at, one) {
		struct member m = { .id = "", .reason = "", .rule = "", .subject = "" };

		if ((rc = desk_record_of(d, e, one, DESK_member, &m)))
			break;
		m.changed = e->event->at;
		m.incident = i->number;
		rc = fresh && at < CASE_MEMBERS_MAX ? came(list, at, &m) : is_there(d, &m);
		if (rc == 0) {
			join_member(i, &m);
			rc = store_put(desk_store(d), DESK_member, &m);
		}
		if (rc < 0)
			break;
	}
	return rc < 0 ? rc : 0;
}

int fold_tasks(struct desk *d, const struct desk_event *e, u64 incident)
{
	json_t *list = json_object_get(e->body, "tasks"), *one;
	size_t at;
	int rc = 0;

	json_array_foreach(list, at, one) {
		struct task t = { .by = "" };

		rc = desk_record_of(d, e, one, DESK_task, &t);
		t.incident = incident;
		if (rc || (rc = store_put(desk_store(d), DESK_task, &t)))
			break;
	}
	return rc;
}

/* ---- the kinds ---- */

static int opened(struct desk *d, const struct desk_event *e)
{
	struct incident i = { .aware = e->event->at };
	int rc = desk_record(d, e, DESK_incident, &i);

	if (rc)
		return rc;
	i.opened = e->event->at;
	i.tlp = i.own_tlp;
	i.pap = i.own_pap;
	if ((rc = add_members(d, e, &i, true)) || (rc = fold_tasks(d, e, i.number)) ||
	    (rc = fold_deadlines(d, e, i.number)))
		return rc;
	if (json_object_get(e->body, "deadlines") && (rc = fold_due(d, &i)))
		return rc;
	return fold_save(d, e, &i);
}

static int added(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = add_members(d, e, i, false);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

/* The member that the body names. */
static void named(const struct desk_event *e, u64 incident, struct member *key)
{
	*key = (struct member){ .incident = incident, .id = desk_text(e, "id"),
		.kind = desk_choice(e, "kind", member_kinds) };
}

static int removed(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	struct member key;
	int rc = fold_load(d, e, &i);

	if (rc == 0) {
		named(e, i->number, &key);
		rc = store_drop(desk_store(d), DESK_member, &key);
	}
	if (rc == 0)
		rc = fold_members(d, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

static int marked(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	struct member key, *m = NULL;
	void *found = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0) {
		named(e, i->number, &key);
		rc = desk_find(d, DESK_member, &key, &found);
		rc = rc == 0 ? desk_damaged(d, e, "id") : rc < 0 ? rc : 0;
	}
	if (rc == 0) {
		m = found;
		m->tlp = desk_choice(e, "tlp", label_names);
		m->pap = desk_choice(e, "pap", pap_names);
		m->changed = e->event->at;
		rc = store_put(desk_store(d), DESK_member, m);
	}
	if (rc == 0)
		rc = fold_members(d, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(found);
	free(i);
	return rc;
}

/* Sets the fields of the incident that the body has. */
static int fields(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = desk_record(d, e, DESK_incident, i);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

static int state(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = desk_record(d, e, DESK_incident, i);
	if (rc == 0) {
		i->closed = case_ended((enum incident_state)i->state) ? e->event->at : 0;
		rc = fold_due(d, i);
	}
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

static int label(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0 && (rc = desk_record(d, e, DESK_incident, i)) == 0) {
		i->tlp = i->own_tlp;
		i->pap = i->own_pap;
		rc = fold_members(d, i);
	}
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

static int noted(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	struct note n = { .event = e->event->number, .at = e->event->at,
		.author = e->event->author, .text = "" };
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = desk_record(d, e, DESK_note, &n);
	if (rc == 0) {
		n.incident = i->number;
		each_note(i, &n);
		rc = store_put(desk_store(d), DESK_note, &n);
	}
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

/* The incident's label stays: title and state may tell of the note by now. */
static int set_apart(struct desk *d, const struct desk_event *e)
{
	const struct note key = { .event = desk_number(e, "note") };
	struct incident *i = NULL;
	struct note *n = NULL;
	void *found = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0 && (rc = desk_find(d, DESK_note, &key, &found)) == 0)
		rc = desk_damaged(d, e, N_("there is no such note"));
	n = found;
	if (rc == 1) {
		n->place = NOTE_APART;
		rc = store_put(desk_store(d), DESK_note, n);
	}
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(found);
	free(i);
	return rc;
}

const struct desk_kind case_kinds[] = {
	{ "incident.open", "number, title, family, subject_kind, subject, reason, owner, aware, "
	  "clocks, before, into, own_tlp, own_pap, members, tasks, deadlines", opened },
	{ "incident.add", "members", added },
	{ "incident.remove", "kind, id, why", removed },
	{ "incident.merge", "into, was, closed, before, why, differs, had_clocks, had_aware, "
	  "tlp, pap",
	  fold_merge },
	{ "incident.unmerge", "from, state, closed, into, why", fold_unmerge },
	{ "incident.split", "as incident.open; members: kind, id", fold_split },
	{ "incident.assign", "owner, was", fields },
	{ "incident.title", "title, was", fields },
	{ "incident.note", "text, place, tlp, pap", noted },
	{ "incident.apart", "note, why, tlp, pap", set_apart },
	{ "incident.state", "state, was, verdict", state },
	{ "incident.label", "own_tlp, own_pap, why", label },
	{ "incident.mark", "kind, id, tlp, pap", marked },
	{ "incident.clock", "clocks, aware, deadlines; of the time when one set ran", fold_clock },
	{ "incident.clocks", "clocks, aware, deadlines with what was met; started, stopped, why",
	  fold_clocks },
	{ "incident.met", "set, name, met, by, deadlines", fold_met },
	{ .name = NULL }
};
