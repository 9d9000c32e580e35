/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_case.c - operations on incidents, tasks, mutes (case.h, task.h, mute.h) for callers of
 * the API. What a caller may not see they cannot change: the incident is taken through their
 * gate first. `version` is what they last saw of it: whoever says another state, owner, title
 * or label must say it, so that nobody takes back unseen what another one has just said. What
 * only adds (notes, tasks, members) may leave it out. */
#include "respond/mute.h"
#include "respond/op_own.h"
#include "respond/task.h"

/* A false alarm becomes a mute of its subject and family for a time. */
static int mute_it(struct desk *d, u64 number, const struct caller *who, json_t *args)
{
	struct incident *i = NULL;
	struct mute m = { .reason = op_text(args, "verdict"), .incident = number,
		.owner = who->login, .expires = op_time(args, "mute_until") };
	int rc = 0;

	if (op_choice(args, "state", incident_states, 0) != INCIDENT_FALSE_ALARM)
		return desk_fault(d, OOPS_RANGE, "mute_until: only a false alarm is muted");
	if (who->role < ROLE_LEAD)
		return desk_fault(d, -EPERM, "mutes are set by a lead");
	rc = case_find(d, number, &i);
	if (rc == 0) {
		m.rule = i->family;
		m.subject = i->subject;
		m.subject_kind = i->subject_kind;
		rc = mute_add(d, &m, &number);
	}
	free(i);
	return rc;
}

static int state(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const enum incident_state to = op_choice(args, "state", incident_states, 0);
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	if (rc)
		return rc;
	rc = case_state(d, r.ref, to, op_text(args, "verdict"));
	if (rc == 0 && op_given(args, "mute_until"))
		rc = mute_it(d, r.ref.number, who, args);
	return op_end(d, &r, rc, reply);
}

static int assign(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	return rc ? rc : op_end(d, &r, case_assign(d, r.ref, op_text(args, "owner")), reply);
}

static int title(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	return rc ? rc : op_end(d, &r, case_title(d, r.ref, op_text(args, "title")), reply);
}

/* In the incident, whose label rises with it, or apart; or only what would come of it. */
static int note(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct marking amber = { LABEL_AMBER, PAP_AMBER };
	const char *text = op_text(args, "text");
	struct marking m;
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	if (rc)
		return rc;
	m = op_marking(args, op_flag(args, "apart") ? marking_join(amber, r.was) : r.was);
	rc = op_flag(args, "apart") ? case_note_apart(d, r.ref, text, m)
	   : case_note(d, r.ref, text, &m);
	if (rc == 0 && !op_flag(args, "dry_run"))
		rc = op_sees(d, who, args, r.was, op_flag(args, "apart") ? m
			     : marking_join(r.was, m));
	return op_flag(args, "dry_run") ? op_rehearsed(d, &r, rc, reply)
					: op_end(d, &r, rc, reply);
}

static int apart(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const u64 number = op_count(args, "note");
	struct op_case r;
	int rc = op_may_see_one(d, who, DESK_note, &(struct note){ .event = number });

	if (rc == 0)
		rc = op_begin(d, who, args, &r);
	return rc ? rc : op_end(d, &r, case_apart(d, r.ref, number, op_text(args, "reason")),
				reply);
}

static int label(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct incident *i = NULL;
	struct op_case r;
	struct marking m;
	int rc = op_begin(d, who, args, &r);

	if (rc)
		return rc;
	rc = case_find(d, r.ref.number, &i);
	if (rc == 0) {
		m = op_marking(args, (struct marking){ i->tlp, i->pap });
		if (who->role < ROLE_LEAD && (m.tlp < i->tlp || m.pap < i->pap))
			rc = desk_fault(d, -EPERM, "labels are lowered by a lead");
		else
			rc = case_label(d, r.ref, m, op_text(args, "reason"));
		if (rc == 0)
			rc = op_sees(d, who, args, r.was, m);
	}
	free(i);
	return op_end(d, &r, rc, reply);
}

static int merge(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const u64 into = op_count(args, "into");
	struct op_case r, other;
	int rc = op_may_see(d, who, into);

	if (rc == 0)
		rc = op_begin(d, who, args, &r);
	if (rc)
		return rc;
	if ((rc = op_also(d, who, into, &other)) == 0)
		rc = case_merge(d, r.ref, into, op_text(args, "reason"));
	return op_end(d, &other, rc, reply);
}

static int unmerge(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	return rc ? rc : op_end(d, &r, case_unmerge(d, r.ref, op_text(args, "reason")), reply);
}

static int split(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const char *ids[CASE_MEMBERS_MAX];
	struct case_part part = { ids, 0, op_text(args, "title"), op_text(args, "reason") };
	json_t *one;
	size_t i;
	struct op_case r, made = { .ref.number = 0 };
	int rc = op_begin(d, who, args, &r);

	if (rc)
		return rc;
	json_array_foreach(json_object_get(args, "members"), i, one)
		if (part.count < COUNT(ids))
			ids[part.count++] = json_string_value(one);
	rc = case_split(d, r.ref, &part, &made.ref.number);
	return op_end(d, &made, rc, reply);
}

static int task(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	if (rc)
		return rc;
	rc = task_set(d, r.ref.number, op_count(args, "place"),
		      op_choice(args, "state", task_states, 0), op_text(args, "reason"));
	return op_end(d, &r, rc, reply);
}

static int add_task(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct task t = { .title = op_text(args, "title"),
		.actor = op_text(args, "actor"), .ask = op_text(args, "ask"), .needs = "",
		.by = "" };
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	return rc ? rc : op_end(d, &r, task_add(d, r.ref.number, &t, 1), reply);
}

static int mute(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const char *subject = op_text(args, "subject");
	const struct mute m = { .rule = op_text(args, "rule"), .subject = subject,
		.subject_kind = (u8)subject_kind_of(subject), .reason = op_text(args, "reason"),
		.owner = who->login, .expires = op_time(args, "expires"),
		.incident = op_count(args, "incident") };
	u64 number = 0;
	int rc = desk_begin(d);

	if (rc)
		return rc;
	rc = mute_add(d, &m, &number);
	if (rc == 0 && json_object_set_new(reply, "number", json_integer((json_int_t)number)))
		rc = -ENOMEM;
	return desk_end(d, rc);
}

static int lift(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	int rc = desk_begin(d);

	(void)who;
	(void)reply;
	if (rc)
		return rc;
	return desk_end(d, mute_lift(d, op_count(args, "number"), op_text(args, "reason")));
}

static const struct op_arg state_args[] = { OP_INCIDENT_SEEN,
	{ "state", "the new state", OP_CHOICE, true, 0, incident_states },
	{ "verdict", "why it ends so", OP_TEXT, false, OP_LINE, NULL },
	{ "mute_until", "of a false alarm: its subject and family are muted until then", OP_TIME,
	  false, 0, NULL }, OP_END };
static const struct op_arg assign_args[] = { OP_INCIDENT_SEEN,
	{ "owner", "who works on it; empty: nobody", OP_TEXT, false, 127, NULL }, OP_END };
static const struct op_arg title_args[] = { OP_INCIDENT_SEEN,
	{ "title", "one line", OP_TEXT, true, OP_LINE, NULL }, OP_END };
static const struct op_arg note_args[] = { OP_INCIDENT,
	{ "text", "what", OP_TEXT, true, CASE_TEXT_MAX, NULL }, OP_MARKING,
	{ "apart", "only for who may have it: the incident's label stays", OP_FLAG, false, 0,
	  NULL },
	{ "dry_run", "only say what it would do to the incident's label", OP_FLAG, false, 0, NULL },
	OP_HIDE,
	OP_END };
static const struct op_arg apart_args[] = { OP_INCIDENT,
	{ "note", "its number: of the event that wrote it", OP_COUNT, true, 0, NULL },
	{ "reason", "why", OP_TEXT, true, OP_LINE, NULL }, OP_END };
static const struct op_arg label_args[] = { OP_INCIDENT_SEEN, OP_MARKING,
	{ "reason", "why it is lowered", OP_TEXT, false, OP_LINE, NULL }, OP_HIDE, OP_END };
static const struct op_arg merge_args[] = { OP_INCIDENT,
	{ "into", "the incident that goes on", OP_COUNT, true, 0, NULL },
	{ "reason", "why they are one", OP_TEXT, true, OP_LINE, NULL }, OP_END };
static const struct op_arg unmerge_args[] = { OP_INCIDENT,
	{ "reason", "why they are not one", OP_TEXT, true, OP_LINE, NULL }, OP_END };
static const struct op_arg split_args[] = { OP_INCIDENT,
	{ "members", "ids of the members that go", OP_TEXTS, true, 64, NULL },
	{ "title", "of the new incident", OP_TEXT, true, OP_LINE, NULL },
	{ "reason", "why they are apart", OP_TEXT, true, OP_LINE, NULL }, OP_END };
static const struct op_arg task_args[] = { OP_INCIDENT,
	{ "place", "the task", OP_COUNT, true, 0, NULL },
	{ "state", "open, done or dropped", OP_CHOICE, true, 0, task_states },
	{ "reason", "why it is dropped", OP_TEXT, false, OP_LINE, NULL }, OP_END };
static const struct op_arg add_task_args[] = { OP_INCIDENT,
	{ "title", "what is to be done", OP_TEXT, true, OP_LINE, NULL },
	{ "actor", "who can do it", OP_TEXT, false, 127, NULL },
	{ "ask", "what to ask for", OP_TEXT, false, OP_LINE, NULL }, OP_END };
static const struct op_arg mute_args[] = {
	{ "rule", "rules that begin so", OP_TEXT, false, 63, NULL },
	{ "subject", "the subject, and names below it", OP_TEXT, false, 1011, NULL },
	{ "reason", "why these are no threats", OP_TEXT, true, OP_LINE, NULL },
	{ "expires", "at most a year from now", OP_TIME, true, 0, NULL },
	{ "incident", "the false alarm that it comes from", OP_COUNT, false, 0, NULL }, OP_END };
static const struct op_arg lift_args[] = {
	{ "number", "the mute", OP_COUNT, true, 0, NULL },
	{ "reason", "why", OP_TEXT, true, OP_LINE, NULL }, OP_END };

const struct op case_ops[] = {
	{ "incident.state", "Moves an incident to another state.", ROLE_ANALYST, state_args,
	  state },
	{ "incident.assign", "Says who works on it.", ROLE_ANALYST, assign_args, assign },
	{ "incident.title", "Gives it another title.", ROLE_ANALYST, title_args, title },
	{ "incident.note", "Writes a note; its label counts for the incident unless it is kept "
	  "apart.", ROLE_ANALYST, note_args, note },
	{ "incident.apart", "Keeps a note apart that counted for the incident's label, so that a "
	  "lead can lower that.", ROLE_LEAD, apart_args, apart },
	{ "incident.label", "Sets its labels; a lead may lower them.", ROLE_ANALYST, label_args,
	  label },
	{ "incident.merge", "Goes on in another incident.", ROLE_ANALYST, merge_args, merge },
	{ "incident.unmerge", "Undoes a merge.", ROLE_ANALYST, unmerge_args, unmerge },
	{ "incident.split", "Takes members out into a new incident.", ROLE_ANALYST, split_args,
	  split },
	{ "task.add", "Adds a task.", ROLE_ANALYST, add_task_args, add_task },
	{ "task.set", "Says that a task is done, dropped or open.", ROLE_ANALYST, task_args,
	  task },
	{ "mute.add", "Mutes findings of a rule or subject for a time.", ROLE_LEAD, mute_args,
	  mute },
	{ "mute.lift", "Takes a mute back.", ROLE_LEAD, lift_args, lift },
	{ .name = NULL }
};
