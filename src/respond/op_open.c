/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_open.c - operations that make incidents and say what belongs to them: opening, members,
 * clocks. What people do with them afterwards is op_case.c, grouping op_group.c.
 *
 * Findings are taken through the caller's gate, so nobody makes an incident of what they may
 * not see. Deadlines come from the house's sets of clocks. */
#include "base/octets.h"
#include "respond/case_own.h"
#include "respond/clock.h"
#include "respond/op_own.h"
#include "respond/title.h"

/* ---- members out of findings ---- */

struct gathered {
	struct case_rows rows;	/* copies of members */
	struct member *at;	/* views of them */
};

static void forget(struct gathered *g)
{
	case_forget(&g->rows);
	free(g->at);
}

/* One in an incident that the caller may not see: which one is not said (case.c would). */
static int look_home(struct desk *d, struct gate *g, const char *id)
{
	struct incident key = { .number = 0 };
	void *found = NULL;
	int rc = case_of(d, MEMBER_FINDING, id, &key.number);

	if (rc || key.number == 0)
		return rc;
	rc = gate_take(g, DESK_incident, &key, &found);
	free(found);
	if (rc < 0)
		return desk_fault(d, rc, "%s", gate_error(g));
	return rc == 1 ? 0 : desk_fault(d, OOPS_CHANGED, "finding %.16s is in another incident "
					"already", id);
}

static int gather_one(struct desk *d, struct gate *g, const char *id, const char *reason,
		      struct gathered *all)
{
	struct finding *f = malloc(sizeof *f);
	int rc = f ? gate_finding(g, id, f) : -ENOMEM;

	if (rc)
		desk_fault(d, rc, "%s", gate_error(g));
	else
		rc = look_home(d, g, f->id);

	if (rc == 0) {
		struct member m;

		member_of_finding(&m, f);
		m.reason = reason;
		rc = case_keep(&all->rows, &m);
	}
	free(f);
	return rc;
}

/* The findings of those ids, or beginnings of ids, as members. forget() them in any case. */
static int gather(struct desk *d, const struct caller *who, json_t *args,
		  struct gathered *ret)
{
	const char *reason = op_given(args, "reason") ? op_text(args, "reason") : N_("by "
		"hand");
	json_t *ids = json_object_get(args, "findings"), *one;
	struct gate *g = NULL;
	size_t i;
	int rc = op_gate(d, who, &g);

	*ret = (struct gathered){ .rows = { .table = DESK_member } };
	json_array_foreach(ids, i, one)
		if (rc == 0)
			rc = gather_one(d, g, json_string_value(one), reason, ret);
	if (rc == 0 && (ret->at = calloc(ret->rows.count + 1, sizeof *ret->at)) == NULL)
		rc = -ENOMEM;
	for (size_t n = 0; rc == 0 && n < ret->rows.count; n++)
		ret->at[n] = *(const struct member *)ret->rows.at[n];
	gate_close(g);
	return rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc;
}

/* ---- clocks ---- */

/* The deadlines of sets, one a line. How many, or negative. */
static int deadlines(struct desk *d, const char *sets, u64 aware,
		     struct deadline list[CLOCK_ROWS_MAX])
{
	const struct clocks *c = desk_house(d)->clocks;
	int n = sets[0] == 0 ? 0 : c ? clocks_all(c, sets, aware, list) : OOPS_UNKNOWN;
	char names[400] = "";
	size_t at = 0;

	if (n != OOPS_UNKNOWN)
		return n;
	for (unsigned i = 0; c && clocks_name(c, i) && at < sizeof names; i++)
		at += (size_t)snprintf(names + at, sizeof names - at, "%s%s", i ? ", " : "",
				       clocks_name(c, i));
	return desk_fault(d, OOPS_RANGE, "there is no set of clocks '%.60s'; there are: %s", sets,
			  names);
}

/* What is to be stopped, then what is to be started: a change of its own each. */
static int set_clocks(struct desk *d, struct case_ref r, json_t *args)
{
	const struct case_start c = { op_given(args, "set") ? op_text(args, "set") : NULL,
		op_given(args, "aware") ? op_time(args, "aware") : 0 };
	const bool stops = op_given(args, "stop"), starts = c.sets || c.aware;
	int rc = 0;

	if (!stops && !starts)
		return desk_fault(d, OOPS_FORMAT, "set, stop or aware is wanted");
	if (stops) {
		rc = case_stop(d, r, op_text(args, "stop"), op_text(args, "reason"));
		r.expected = 0;	/* it was looked at just now */
	}
	return rc == 0 && starts ? case_start(d, r, &c) : rc;
}

static int clock(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	return rc ? rc : op_end(d, &r, set_clocks(d, r.ref, args), reply);
}

static int met(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct op_case r;
	int rc = op_begin(d, who, args, &r);

	return rc ? rc : op_end(d, &r, case_met_by_hand(d, r.ref, &(struct case_by_hand){
		op_text(args, "name"), op_flag(args, "met"), op_flag(args, "again"),
		op_given(args, "at") ? op_time(args, "at") : 0 }), reply);
}

/* ---- opening ---- */

static int open_now(struct desk *d, json_t *args, const struct gathered *g, u64 *number)
{
	const struct marking own = op_marking(args, g->rows.count
		? (struct marking){ LABEL_CLEAR, PAP_CLEAR }
		: (struct marking){ LABEL_AMBER, PAP_AMBER });
	const int severity = op_given(args, "severity")
			   ? severity_parse(op_text(args, "severity")) : 0;
	struct deadline list[CLOCK_ROWS_MAX];
	struct title_room room;
	char sets[CLOCK_NAMES_MAX];
	struct incident is = { .owner = op_text(args, "owner"),
		.clocks = sets, .subject = op_text(args, "subject"),
		.title = op_text(args, "title"), .family = op_text(args, "family"),
		.reason = op_given(args, "reason") ? op_text(args, "reason")
			: N_("opened by hand"),
		.severity = (enum severity)severity, .own_tlp = own.tlp, .own_pap = own.pap };
	int n = clocks_typed(sets, op_text(args, "clocks"));

	if (n)
		return desk_fault(d, n, "at most %u sets of clocks run at one incident",
				  CLOCK_RUNNING_MAX);
	n = deadlines(d, sets, desk_now(d), list);
	title_fill(&is, g->at, g->rows.count, &room);
	return n < 0 ? n : case_open(d, &(struct case_new){ .incident = &is, .members = g->at,
		.member_count = g->rows.count, .deadlines = list, .deadline_count = (size_t)n },
		number);
}

static int open_it(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct op_case made = { .ref.number = 0 };
	struct gathered g;
	int rc = gather(d, who, args, &g);

	if (rc == 0 && g.rows.count == 0 &&
	    (!op_given(args, "title") || !op_given(args, "subject")))
		rc = desk_fault(d, OOPS_FORMAT, "findings are wanted, or title and subject");
	if (rc == 0 && (rc = desk_begin(d)) == 0)
		rc = op_end(d, &made, open_now(d, args, &g, &made.ref.number), reply);
	forget(&g);
	return rc;
}

static int add(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct gathered g;
	struct op_case r;
	int rc = gather(d, who, args, &g);

	if (rc == 0 && (rc = op_begin(d, who, args, &r)) == 0)
		rc = op_end(d, &r, case_add(d, r.ref, g.at, g.rows.count, false), reply);
	forget(&g);
	return rc;
}

/* What is done with the one member that is named. */
struct with { struct desk *d; const struct caller *who; struct op_case r; json_t *args; };
typedef int member_fn(const struct with *w, const struct member *m);

static int with_member(struct desk *d, const struct caller *who, json_t *args, json_t *reply,
		       member_fn *work)
{
	struct with w = { .d = d, .who = who, .args = args };
	struct member *m = NULL;
	int rc = op_begin(d, who, args, &w.r);

	if (rc)
		return rc;
	rc = case_member(d, w.r.ref.number, op_text(args, "member"), &m);
	if (rc == 0)
		rc = work(&w, m);
	free(m);
	return op_end(d, &w.r, rc, reply);
}

static int remove_one(const struct with *w, const struct member *m)
{
	return case_remove(w->d, w->r.ref, (enum member_kind)m->kind, m->id,
			   op_text(w->args, "reason"));
}

static int mark_one(const struct with *w, const struct member *m)
{
	const struct marking is = op_marking(w->args, (struct marking){ m->tlp, m->pap });
	int rc = case_mark(w->d, w->r.ref, (enum member_kind)m->kind, m->id, is);

	return rc ? rc : op_sees(w->d, w->who, w->args, w->r.was, marking_join(w->r.was, is));
}

static int take_out(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	return with_member(d, who, args, reply, remove_one);
}

static int mark(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	return with_member(d, who, args, reply, mark_one);
}

static const char *const severities[] = { "info", "low", "medium", "high", "critical", NULL };

static const struct op_arg open_args[] = {
	{ "findings", N_("ids of findings, or their beginnings"),
		OP_TEXTS, false, 64, NULL },
	{ "title", N_("one line; else the subject"), OP_TEXT, false, OP_LINE, NULL },
	{ "subject", N_("who or what it is about; else the first finding's"),
		OP_TEXT, false, 1011,
	  NULL },
	{ "family", N_("names the playbook: tunnel, phishing; else the first finding's"),
		OP_TEXT,
	  false, 47, NULL },
	{ "severity", N_("of one without findings"), OP_CHOICE, false, 0, severities },
	{ "owner", N_("who works on it"), OP_TEXT, false, 127, NULL },
	{ "reason", N_("why the findings belong together"),
		OP_TEXT, false, OP_LINE, NULL },
	{ "clocks", N_("the sets of deadlines that run from now on: nis2, registrar-ack"),
		OP_TEXT, false, CLOCK_NAMES_MAX, NULL },
	OP_MARKING, OP_END };
static const struct op_arg add_args[] = { OP_INCIDENT,
	{ "findings", N_("ids of findings, or their beginnings"),
		OP_TEXTS, true, 64, NULL },
	{ "reason", N_("why they belong to it"),
		OP_TEXT, false, OP_LINE, NULL }, OP_END };
static const struct op_arg remove_args[] = { OP_INCIDENT,
	{ "member", N_("id of the finding, or number of the report"),
		OP_TEXT, true, 64, NULL },
	{ "reason", N_("why it does not belong to it"),
		OP_TEXT, true, OP_LINE, NULL }, OP_END };
static const struct op_arg mark_args[] = { OP_INCIDENT,
	{ "member", N_("id of the finding, or number of the report"),
		OP_TEXT, true, 64, NULL },
	OP_MARKING, OP_HIDE, OP_END };
static const struct op_arg clock_args[] = { OP_INCIDENT_SEEN,
	{ "set", N_("a set of deadlines that runs beside the others from now on; several with "
	  "commas between"), OP_TEXT, false, CLOCK_NAMES_MAX, NULL },
	{ "stop", N_("a set that shall run no more; with a reason"),
		OP_TEXT, false, CLOCK_NAME_MAX, NULL },
	{ "reason", N_("why it runs no more"), OP_TEXT, false, OP_LINE, NULL },
	{ "aware", N_("when we knew: from then on all of them count"),
		OP_TIME, false, 0, NULL }, OP_END };
static const struct op_arg met_args[] = { OP_INCIDENT_SEEN,
	{ "name", N_("the deadline; SET/NAME where several sets have it"),
		OP_TEXT, true, 0, NULL },
	{ "met", N_("it is met; false: it was not, after all"), OP_FLAG, true, 0, NULL },
	{ "again", N_("now, though it was met before"), OP_FLAG, false, 0, NULL },
	{ "at", N_("when it was met, if not now: not to come, and not before `aware`"),
		OP_TIME, false, 0, NULL }, OP_END };

const struct op open_ops[] = {
	{ "incident.open", N_("Opens an incident, of findings or by hand; its playbook's "
	  "tasks are with it."), ROLE_ANALYST, open_args, open_it },
	{ "incident.add", N_("Adds findings to an incident."),
		ROLE_ANALYST, add_args, add },
	{ "incident.remove", N_("Takes a member out of an incident."),
		ROLE_ANALYST, remove_args,
	  take_out },
	{ "incident.mark", N_("Raises the labels of one member."),
		ROLE_ANALYST, mark_args, mark },
	{ "incident.clock", N_("Starts a set of clocks, stops one, or says since when they count."),
		ROLE_ANALYST, clock_args,
	  clock },
	{ "incident.met", N_("Says that a deadline is met, or that it was not."),
		ROLE_ANALYST,
	  met_args, met },
	{ .name = NULL }
};
