/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_case.c - operations on incidents, tasks, mutes (case.h, task.h, mute.h) for callers of
 * the API. What a caller may not see they cannot change: the incident is taken through their
 * gate first. `version` is what they last saw of it; without it the newest counts. */
#include "respond/gate.h"
#include "respond/mute.h"
#include "respond/op.h"
#include "respond/task.h"

/* 0 when the caller may see the incident. */
static int may_see(struct desk *d, const struct caller *who, u64 number)
{
	const struct audience audience = { who->login, who->clearance };
	const struct incident key = { .number = number };
	struct gate *g = NULL;
	void *found = NULL;
	int rc = gate_open(&g, d, NULL, &audience);

	if (rc == 0)
		rc = gate_take(g, DESK_incident, &key, &found);
	if (rc == 0)
		rc = desk_fault(d, OOPS_UNKNOWN, "there is no incident %llu",
				(unsigned long long)number);
	else if (rc == -EPERM)
		desk_fault(d, rc, "%s", gate_error(g));
	free(found);
	gate_close(g);
	return rc == 1 ? 0 : rc;
}

/* Begins a change of an incident that the caller may see. */
static int begin(struct desk *d, const struct caller *who, json_t *args, struct case_ref *r)
{
	int rc;

	*r = (struct case_ref){ op_count(args, "number"), op_count(args, "version") };
	rc = may_see(d, who, r->number);
	return rc ? rc : desk_begin(d);
}

/* What came of it, for the caller: the incident's new version. */
static int end(struct desk *d, u64 number, int rc, json_t *reply)
{
	struct incident *i = NULL;

	if (rc == 0 && (rc = case_find(d, number, &i)) == 0)
		rc = json_object_set_new(reply, "number", json_integer((json_int_t)number)) ||
		     json_object_set_new(reply, "version", json_integer((json_int_t)i->version))
		     ? -ENOMEM : 0;
	free(i);
	return desk_end(d, rc);
}

static struct marking marking_of(json_t *args, struct marking none)
{
	return (struct marking){ op_choice(args, "tlp", label_names, none.tlp),
				 op_choice(args, "pap", pap_names, none.pap) };
}

static int state(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct case_ref r;
	int rc = begin(d, who, args, &r);

	if (rc)
		return rc;
	rc = case_state(d, r, op_choice(args, "state", incident_states, 0),
			op_text(args, "verdict"));
	return end(d, r.number, rc, reply);
}

static int assign(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct case_ref r;
	int rc = begin(d, who, args, &r);

	return rc ? rc : end(d, r.number, case_assign(d, r, op_text(args, "owner")), reply);
}

static int title(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct case_ref r;
	int rc = begin(d, who, args, &r);

	return rc ? rc : end(d, r.number, case_title(d, r, op_text(args, "title")), reply);
}

static int note(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct marking amber = { LABEL_AMBER, PAP_AMBER };
	const struct marking m = marking_of(args, amber);
	struct case_ref r;
	int rc = begin(d, who, args, &r);

	if (rc)
		return rc;
	rc = case_note(d, r, op_text(args, "text"),
		       op_given(args, "tlp") || op_given(args, "pap") ? &m : NULL);
	return end(d, r.number, rc, reply);
}

static int label(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct incident *i = NULL;
	struct case_ref r;
	struct marking m;
	int rc = begin(d, who, args, &r);

	if (rc)
		return rc;
	rc = case_find(d, r.number, &i);
	if (rc == 0) {
		m = marking_of(args, (struct marking){ i->tlp, i->pap });
		if (who->role < ROLE_LEAD && (m.tlp < i->tlp || m.pap < i->pap))
			rc = desk_fault(d, -EPERM, "labels are lowered by a lead");
		else
			rc = case_label(d, r, m, op_text(args, "reason"));
	}
	free(i);
	return end(d, r.number, rc, reply);
}

static int merge(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	u64 into = op_count(args, "into");
	struct case_ref r;
	int rc = may_see(d, who, into);

	if (rc == 0)
		rc = begin(d, who, args, &r);
	return rc ? rc : end(d, into, case_merge(d, r, into, op_text(args, "reason")), reply);
}

static int unmerge(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct case_ref r;
	int rc = begin(d, who, args, &r);

	return rc ? rc : end(d, r.number, case_unmerge(d, r, op_text(args, "reason")), reply);
}

static int split(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const char *ids[CASE_MEMBERS_MAX];
	struct case_part part = { ids, 0, op_text(args, "title"), op_text(args, "reason") };
	json_t *one;
	size_t i;
	struct case_ref r;
	u64 number = 0;
	int rc = begin(d, who, args, &r);

	if (rc)
		return rc;
	json_array_foreach(json_object_get(args, "members"), i, one)
		if (part.count < COUNT(ids))
			ids[part.count++] = json_string_value(one);
	rc = case_split(d, r, &part, &number);
	return end(d, number, rc, reply);
}

static int task(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct case_ref r;
	int rc = begin(d, who, args, &r);

	if (rc)
		return rc;
	rc = task_set(d, r.number, op_count(args, "place"),
		      op_choice(args, "state", task_states, 0), op_text(args, "reason"));
	return end(d, r.number, rc, reply);
}

static int add_task(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct task t = { .title = op_text(args, "title"),
		.actor = op_text(args, "actor"), .ask = op_text(args, "ask"), .needs = "",
		.by = "" };
	struct case_ref r;
	int rc = begin(d, who, args, &r);

	return rc ? rc : end(d, r.number, task_add(d, r.number, &t, 1), reply);
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

#define INCIDENT { "number", "the incident", OP_COUNT, true, 0, NULL },            \
	{ "version", "what was last seen of it", OP_COUNT, false, 0, NULL }
#define LINE CASE_LINE_MAX
#define MARKING { "tlp", "TLP 2.0 label", OP_CHOICE, false, 0, label_names },      \
	{ "pap", "what may be done with it", OP_CHOICE, false, 0, pap_names }
#define END { .name = NULL }

static const struct op_arg state_args[] = { INCIDENT,
	{ "state", "the new state", OP_CHOICE, true, 0, incident_states },
	{ "verdict", "why it ends so", OP_TEXT, false, LINE, NULL }, END };
static const struct op_arg assign_args[] = { INCIDENT,
	{ "owner", "who works on it; empty: nobody", OP_TEXT, false, 127, NULL }, END };
static const struct op_arg title_args[] = { INCIDENT,
	{ "title", "one line", OP_TEXT, true, LINE, NULL }, END };
static const struct op_arg note_args[] = { INCIDENT,
	{ "text", "what", OP_TEXT, true, CASE_TEXT_MAX, NULL }, MARKING, END };
static const struct op_arg label_args[] = { INCIDENT, MARKING,
	{ "reason", "why it is lowered", OP_TEXT, false, LINE, NULL }, END };
static const struct op_arg merge_args[] = { INCIDENT,
	{ "into", "the incident that goes on", OP_COUNT, true, 0, NULL },
	{ "reason", "why they are one", OP_TEXT, true, LINE, NULL }, END };
static const struct op_arg unmerge_args[] = { INCIDENT,
	{ "reason", "why they are not one", OP_TEXT, true, LINE, NULL }, END };
static const struct op_arg split_args[] = { INCIDENT,
	{ "members", "ids of the members that go", OP_TEXTS, true, 64, NULL },
	{ "title", "of the new incident", OP_TEXT, true, LINE, NULL },
	{ "reason", "why they are apart", OP_TEXT, true, LINE, NULL }, END };
static const struct op_arg task_args[] = { INCIDENT,
	{ "place", "the task", OP_COUNT, true, 0, NULL },
	{ "state", "open, done or dropped", OP_CHOICE, true, 0, task_states },
	{ "reason", "why it is dropped", OP_TEXT, false, LINE, NULL }, END };
static const struct op_arg add_task_args[] = { INCIDENT,
	{ "title", "what is to be done", OP_TEXT, true, LINE, NULL },
	{ "actor", "who can do it", OP_TEXT, false, 127, NULL },
	{ "ask", "what to ask for", OP_TEXT, false, LINE, NULL }, END };
static const struct op_arg mute_args[] = {
	{ "rule", "rules that begin so", OP_TEXT, false, 63, NULL },
	{ "subject", "the subject, and names below it", OP_TEXT, false, 1011, NULL },
	{ "reason", "why these are no threats", OP_TEXT, true, LINE, NULL },
	{ "expires", "at most a year from now", OP_TIME, true, 0, NULL },
	{ "incident", "the false alarm that it comes from", OP_COUNT, false, 0, NULL }, END };
static const struct op_arg lift_args[] = {
	{ "number", "the mute", OP_COUNT, true, 0, NULL },
	{ "reason", "why", OP_TEXT, true, LINE, NULL }, END };

const struct op case_ops[] = {
	{ "incident.state", "Moves an incident to another state.", ROLE_ANALYST, state_args,
	  state },
	{ "incident.assign", "Says who works on it.", ROLE_ANALYST, assign_args, assign },
	{ "incident.title", "Gives it another title.", ROLE_ANALYST, title_args, title },
	{ "incident.note", "Writes a note.", ROLE_ANALYST, note_args, note },
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
