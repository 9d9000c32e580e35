/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_find.c - finding incidents and members, and telling who was faster; see case.h. */
#include "respond/case_own.h"
#include "base/buf.h"
#include "base/near.h"
#include "base/num.h"
#include "base/stamp.h"
#include "model/finding.h"

char *case_about(u64 number, char to[CASE_ABOUT])
{
	snprintf(to, CASE_ABOUT, "incident:%llu", (unsigned long long)number);
	return to;
}

int case_keep(void *to, const void *record)
{
	struct case_rows *r = to;

	if (r->count == r->room) {
		size_t room = r->room ? r->room * 2 : 16;
		void **at = realloc(r->at, room * sizeof *at);

		if (at == NULL)
			return -ENOMEM;
		r->at = at;
		r->room = room;
	}
	r->at[r->count] = desk_copy(r->table, record);
	return r->at[r->count++] ? 0 : -ENOMEM;
}

void case_forget(struct case_rows *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->at[i]);
	free(r->at);
	*r = (struct case_rows){ 0 };
}

int case_line(struct desk *d, const char *what, const char *text, bool needed)
{
	if (text == NULL || text[0] == 0)
		return !needed ? 0 : strcmp(what, "a reason") == 0
		       ? desk_refuse(d, CODE_NO_REASON, -EINVAL, "a reason is missing")
		       : desk_fault(d, -EINVAL, "%s is missing", what);
	if (strlen(text) > CASE_LINE_MAX)
		return desk_fault(d, OOPS_LIMIT, "%s may have at most %u octets", what,
				  CASE_LINE_MAX);
	if (strpbrk(text, "\n\r"))
		return desk_fault(d, -EINVAL, "%s is one line", what);
	return 0;
}

/* ---- who may own one ---- */

#define NAMED_MAX 8u	/* users that a refusal names */

struct owners {
	const char *wanted;
	struct near near;
	char names[NAMED_MAX * 68];
	size_t n;
	u32 named;
	bool any, found;
};

static int try_owner(void *to, const void *record)
{
	const struct user *u = record;
	struct owners *o = to;

	o->any = true;
	if (u->standing == STANDING_LOCKED)
		return 0;
	o->found = o->found || strcmp(u->login, o->wanted) == 0;
	near_try(&o->near, u->login);
	if (o->named++ < NAMED_MAX)
		o->n += (size_t)snprintf(o->names + o->n, sizeof o->names - o->n, "%s%.64s",
					 o->n ? ", " : "", u->login);
	return 0;
}

int case_owner(struct desk *d, const char *owner)
{
	const struct store_query q = { .table = DESK_user, .order = "login" };
	struct owners o = { .wanted = owner };
	int rc = case_line(d, N_("an owner"), owner, false);

	if (rc || owner == NULL || owner[0] == 0 || strcmp(owner, desk_author(d)) == 0)
		return rc;
	o.near = near_to(owner);
	rc = store_each(desk_store(d), &q, try_owner, &o);
	if (rc || !o.any || o.found)
		return rc;
	if (near_best(&o.near))
		return desk_refuse(d, CODE_NO_OWNER, OOPS_RANGE, "there is no user '%.64s' who "
				   "could work on it; did you mean '%s'?", owner,
				   near_best(&o.near));
	return desk_refuse(d, CODE_NO_OWNER, OOPS_RANGE, "there is no user '%.64s' who could work "
			   "on it; users are: %s%s", owner, o.names,
			   o.named > NAMED_MAX ? ", ..." : "");
}

/* ---- who was faster ---- */

struct change { u64 now; const char *asker; char text[300]; };

static int tell_change(void *to, const struct event *e)
{
	struct change *c = to;
	struct desk_event is = { e, json_loads(e->body, 0, NULL) };
	const char *was = desk_text(&is, "was"), *state = desk_text(&is, "state");
	char ago[NUM_TEXT_MAX];

	num_rough_text(c->now > e->at ? c->now - e->at : 0, ago);
	if (strcmp(e->author, c->asker) == 0)
		snprintf(c->text, sizeof c->text, N_("by you, in another window or command, %s "
			"ago (%.40s)"), ago, e->kind);
	else if (strcmp(e->kind, "incident.state") == 0)
		snprintf(c->text, sizeof c->text, N_("by %.60s %s ago (state %s -> %s)"),
			 e->author, ago, was, state);
	else
		snprintf(c->text, sizeof c->text, N_("by %.60s %s ago (%.40s)"), e->author, ago,
			 e->kind);
	json_decref(is.body);
	return 0;
}

static int changed(struct desk *d, const struct incident *i)
{
	struct change c = { desk_now(d), desk_author(d), "" };
	int rc = store_each_event(desk_store(d), i->version, i->version, NULL, tell_change, &c);

	return rc ? rc : desk_fault(d, OOPS_CHANGED, "incident %llu was changed %s: look again",
				    (unsigned long long)i->number, c.text);
}

int case_find(struct desk *d, u64 number, struct incident **ret)
{
	const struct incident key = { .number = number };
	void *found = NULL;
	int rc = desk_find(d, DESK_incident, &key, &found);

	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no incident %llu",
				  (unsigned long long)number);
	*ret = found;
	return rc < 0 ? rc : 0;
}

int case_seen(struct desk *d, struct case_ref r, struct incident **ret)
{
	struct incident *i = NULL;
	int rc = case_find(d, r.number, &i);

	if (rc == 0 && r.expected && i->version != r.expected)
		rc = changed(d, i);
	if (rc == 0 && i->state == INCIDENT_MERGED)
		rc = desk_fault(d, OOPS_RANGE, "incident %llu was merged: it goes on in %llu",
				(unsigned long long)r.number, (unsigned long long)i->into);
	if (rc)
		free(i);
	else
		*ret = i;
	return rc;
}

int case_last_seen(struct desk *d, u64 number, u64 *version)
{
	return store_seen(desk_store(d), desk_author(d), number, version);
}

int case_saw(struct desk *d, u64 number, u64 version)
{
	return store_saw(desk_store(d), desk_author(d), number, version);
}

/* ---- members ---- */

static int take_incident(void *to, const void *record)
{
	*(u64 *)to = ((const struct member *)record)->incident;
	return 0;
}

int case_of(struct desk *d, enum member_kind kind, const char *id, u64 *number)
{
	const struct store_cond conds[] = {
		{ .field = "kind", .op = STORE_IS, .number = kind },
		{ .field = "id", .op = STORE_IS, .text = id },
	};
	const struct store_query q = { .table = DESK_member, .conds = conds, .count = 2,
		.limit = 1 };

	*number = 0;
	return store_each(desk_store(d), &q, take_incident, number);
}

/* The one that is meant: the whole id, or the only one that begins so. */
static int meant(struct desk *d, u64 number, const char *id, struct case_rows *rows,
		 struct member **ret)
{
	size_t at = 0;

	while (at < rows->count && strcmp(((struct member *)rows->at[at])->id, id))
		at++;
	if (at == rows->count && rows->count > 1)
		return desk_fault(d, OOPS_LIMIT, "more than one member of incident %llu begins "
				  "with %.64s", (unsigned long long)number, id);
	at = at == rows->count ? 0 : at;
	if (rows->count == 0 || id[0] == 0)
		return desk_fault(d, OOPS_UNKNOWN, "incident %llu has no member %.64s",
				  (unsigned long long)number, id);
	*ret = rows->at[at];
	rows->at[at] = NULL;
	return 0;
}

int case_member(struct desk *d, u64 number, const char *id, struct member **ret)
{
	const struct store_cond conds[] = {
		{ .field = "incident", .op = STORE_IS, .number = number },
		{ .field = "id", .op = STORE_BEGINS, .text = id },
	};
	const struct store_query q = { .table = DESK_member, .conds = conds, .count = 2,
		.order = "kind id", .limit = 50 };
	struct case_rows rows = { .table = DESK_member };
	int rc = store_each(desk_store(d), &q, case_keep, &rows);

	if (rc == 0)
		rc = meant(d, number, id, &rows, ret);
	case_forget(&rows);
	return rc;
}

void member_of_finding(struct member *ret, const struct finding *f)
{
	const struct marking m = marking_read(f->label);
	int kind = choice_parse(subject_kinds, f->subject_kind);

	*ret = (struct member){ .kind = MEMBER_FINDING, .id = f->id, .reason = "",
		.rule = f->rule, .subject_kind = (u8)(kind < 0 ? SUBJECT_OTHER : kind),
		.subject = f->subject, .severity = f->severity, .confidence = f->confidence,
		.from = f->from, .until = f->until, .exposed = f->related_count,
		.tlp = m.tlp, .pap = m.pap };
}

void member_of_report(struct member *ret, const struct report *r, char id[24])
{
	snprintf(id, 24, "%llu", (unsigned long long)r->number);
	*ret = (struct member){ .kind = MEMBER_REPORT, .id = id, .reason = "",
		.rule = abuse_names[r->abuse], .subject_kind = r->subject_kind,
		.subject = r->subject, .severity = SEVERITY_MEDIUM, .confidence = r->weight,
		.from = r->seen, .until = r->seen, .tlp = r->tlp, .pap = r->pap };
}

/* ---- arrays in bodies ---- */

static json_t *array_of(enum desk_table t, const void *records, size_t n,
			const char *const *without)
{
	json_t *list = json_array();
	const char *at = records;

	for (size_t i = 0; i < n; i++, at += desk_nouns[t].size)
		json_array_append_new(list, desk_brief(t, at, without));
	return list;
}

json_t *case_members(const struct member *m, size_t n)
{
	return array_of(DESK_member, m, n, (const char *const []){ "incident", "origin", NULL });
}

json_t *case_tasks(const struct task *t, size_t n)
{
	return array_of(DESK_task, t, n,
			(const char *const []){ "incident", "by", "at", "state", NULL });
}

json_t *case_deadlines(const struct deadline *t, size_t n, bool with_met)
{
	return array_of(DESK_deadline, t, n, with_met ? (const char *const []){ "incident", NULL }
			: (const char *const []){ "incident", "met", "by", NULL });
}

/* ---- was it confirmed? ---- */

static int one_state(void *to, const struct event *e)
{
	json_t *body = strcmp(e->kind, "incident.state") ? NULL : json_loads(e->body, 0, NULL);
	const char *word = json_string_value(json_object_get(body, "state"));
	const int state = word ? choice_parse(incident_states, word) : -1;

	if (state == INCIDENT_CONFIRMED)
		*(bool *)to = true;
	else if (state == INCIDENT_NEW || state == INCIDENT_TRIAGED)
		*(bool *)to = false;
	json_decref(body);
	return 0;
}

int case_confirmed(struct desk *d, u64 number, bool *ret)
{
	char about[CASE_ABOUT];

	*ret = false;
	return store_each_event(desk_store(d), 0, 0, case_about(number, about), one_state, ret);
}
