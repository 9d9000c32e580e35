/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_inbox.c - operations on reports from outside (inbox.h): deciding on one or thousands,
 * taking that back, and a report that somebody tells by telephone.
 *
 *   reports: [3, 4, 9]     or     set: "3-4,9"     (what triage and /reports/set hand out)
 *
 * A decision is about the reports that were shown, by their numbers, never about whatever a
 * filter finds by then. Each of them is taken through the caller's gate first. */
#include "base/buf.h"
#include "base/octets.h"
#include "respond/op_own.h"

#define SET_OCTETS 400000u	/* of a set's text; a body has 1 MiB */

static int by_number(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The list as a set: in order, each once. */
static int set_of_list(json_t *list, struct inbox_set *ret)
{
	struct inbox_set s = { calloc(json_array_size(list) + 1, sizeof *s.at), 0 };
	size_t i, n = 0;
	json_t *one;

	if (s.at == NULL)
		return -ENOMEM;
	json_array_foreach(list, i, one)
		s.at[s.count++] = (u64)json_integer_value(one);
	qsort(s.at, s.count, sizeof *s.at, by_number);
	for (i = 0; i < s.count; i++)
		if (i == 0 || s.at[i] != s.at[i - 1])
			s.at[n++] = s.at[i];
	s.count = n;
	*ret = s;
	return 0;
}

/* Every one of the set may be seen. */
static int see_all(struct desk *d, const struct caller *who, const struct inbox_set *s)
{
	struct gate *g = NULL;
	int rc = op_gate(d, who, &g);

	for (size_t i = 0; i < s->count && rc == 0; i++) {
		void *found = NULL;

		rc = gate_take(g, DESK_report, &(struct report){ .number = s->at[i] }, &found);
		free(found);
		if (rc == -EPERM)
			desk_fault(d, rc, "report %llu: %s", (unsigned long long)s->at[i],
				   gate_error(g));
		else if (rc == 0)
			rc = desk_fault(d, OOPS_UNKNOWN, "there is no report %llu",
					(unsigned long long)s->at[i]);
		rc = rc == 1 ? 0 : rc;
	}
	gate_close(g);
	return rc;
}

/* The reports that are meant; free(ret->at) when it is 0. */
static int meant(struct desk *d, const struct caller *who, json_t *args,
		 struct inbox_set *ret)
{
	json_t *list = json_object_get(args, "reports");
	int rc;

	*ret = (struct inbox_set){ 0 };
	if ((list != NULL) == op_given(args, "set"))
		return desk_fault(d, OOPS_FORMAT, "either reports or set is wanted");
	rc = list ? set_of_list(list, ret) : inbox_set_parse(op_text(args, "set"), ret);
	if (rc == OOPS_FORMAT)
		desk_fault(d, rc, "set: write 12 or 3-9,12, in order");
	if (rc == 0 && (rc = see_all(d, who, ret))) {
		free(ret->at);
		ret->at = NULL;
	}
	return rc;
}

/* ---- deciding ---- */

static int decided(int rc, u64 event, size_t count, json_t *reply)
{
	if (rc == 0)
		rc = op_tell_count(reply, "event", event);
	return rc ? rc : op_tell_count(reply, "count", count);
}

static int decide(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct inbox_decision is = { .reason = op_text(args, "reason"),
		.state = op_choice(args, "state", report_states, REPORT_NEW),
		.same = op_count(args, "same") };
	struct inbox_set s;
	u64 event = 0;
	int rc;

	if (is.state == REPORT_ACCEPTED)
		return desk_fault(d, OOPS_RANGE, "state: reports are accepted into an incident, "
				  "which is an operation of its own");
	if ((rc = meant(d, who, args, &s)))
		return rc;
	if (is.same)
		rc = op_may_see_one(d, who, DESK_report,
				    &(struct report){ .number = is.same });
	if (rc == 0)
		rc = inbox_decide(d, &s, &is, &event);
	rc = decided(rc, event, s.count, reply);
	free(s.at);
	return rc;
}

static int tell_stricter(struct desk *d, const struct caller *who,
			 const struct inbox_accepted *made, json_t *reply)
{
	json_t *list = json_array();
	int rc = list ? 0 : -ENOMEM;

	for (size_t i = 0; i < min_u64(made->stricter_count, INBOX_STRICTER_MAX) && rc == 0; i++) {
		const struct marking change[2] = { made->stricter[i].was, made->stricter[i].is };

		rc = op_tell_stricter(d, who, made->stricter[i].number, change, list);
	}
	if (rc == 0 && json_object_set(reply, "stricter", list))
		rc = -ENOMEM;
	json_decref(list);
	return rc;
}

/* May they know of the incident? */
static bool tells_one(struct desk *d, const struct caller *who, u64 number)
{
	return op_may_see(d, who, number) == 0;
}

static int accept_each(struct desk *d, const struct caller *who, const struct inbox_set *s,
		       json_t *reply)
{
	struct inbox_accepted made = { 0 };
	int rc = inbox_accept_all(d, s, &made);

	if (rc == 0)
		rc = tell_stricter(d, who, &made, reply);
	if (rc == 0)
		rc = op_tell_count(reply, "opened", made.opened);
	if (rc == 0)
		rc = op_tell_count(reply, "joined", made.joined);
	if (rc == 0 && made.incident && tells_one(d, who, made.incident))
		rc = op_tell_count(reply, "number", made.incident);
	return rc ? rc : op_tell_count(reply, "event", made.event);
}

static int accept_one(struct desk *d, const struct caller *who, const struct inbox_set *s,
		      json_t *args, json_t *reply)
{
	const bool is_new = op_flag(args, "new") || op_given(args, "title");
	u64 number = op_count(args, "incident"), event = 0;
	struct op_case r = { 0 };
	int rc = desk_begin(d);

	if (rc)
		return rc;
	if (number == 0 && !is_new && inbox_open_about(d, s, &number) == 0 && number &&
	    op_may_see(d, who, number))
		number = 0;	/* it is not there for them */
	r.ref.number = number;
	if (number && (rc = op_also(d, who, number, &r)) == 0)
		rc = inbox_accept(d, s, number, &event);
	else if (number == 0)
		rc = inbox_accept_new(d, s, op_given(args, "title") ? op_text(args, "title")
				      : NULL, &r.ref.number, &event);
	rc = op_end(d, &r, rc, reply);
	if (rc == 0)
		rc = op_tell_count(reply, "opened", number == 0);
	if (rc == 0)
		rc = op_tell_count(reply, "joined", number != 0);
	return rc ? rc : op_tell_count(reply, "event", event);
}

static int accept_them(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const bool each = op_flag(args, "each");
	struct inbox_set s;
	int rc = 0;

	if (each && (op_given(args, "incident") || op_given(args, "title")))
		return desk_fault(d, OOPS_FORMAT, "each makes its incidents itself: without "
				  "incident and title");
	if (op_flag(args, "new") && (each || op_count(args, "incident")))
		return desk_fault(d, OOPS_FORMAT, "new: without incident and each");
	if (op_count(args, "incident"))
		rc = op_may_see(d, who, op_count(args, "incident"));
	if (rc || (rc = meant(d, who, args, &s)))
		return rc;
	rc = each ? accept_each(d, who, &s, reply) : accept_one(d, who, &s, args, reply);
	if (rc == 0)
		rc = op_tell_count(reply, "count", s.count);
	free(s.at);
	return rc;
}

static int undo(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	u64 count = 0;
	int rc = op_may_know(d, who);

	if (rc == 0)
		rc = inbox_undo(d, op_count(args, "event"), op_text(args, "reason"), &count);
	return rc ? rc : op_tell_count(reply, "count", count);
}

/* ---- receiving ---- */

static int take(struct desk *d, const struct item *i, struct marking m, json_t *reply)
{
	const struct inbox_letter l = { .item = i, .format = "form", .original = "" };
	struct inbox_told told = { 0 };
	struct inbox *in = NULL;
	struct inbox_setup setup = desk_house(d)->inbox;
	char why[DESK_WHY];
	int rc;

	setup.floor = m;
	if ((rc = inbox_open(&in, d, &setup, why)))
		return desk_fault(d, rc, "%s", why);
	rc = desk_begin(d);
	if (rc == 0)
		rc = inbox_take(in, &l, &told);
	rc = desk_end(d, rc);
	inbox_close(in);
	if (rc == 0)
		rc = op_tell_count(reply, "number", told.number);
	if (rc == 0)
		rc = op_tell_count(reply, "same", told.same);
	if (rc == 0)
		rc = op_tell_count(reply, "weight", told.weight);
	return rc ? rc : op_tell_text(reply, "state", report_states[told.state]);
}

static int form(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct item i = { .kind = ITEM_REPORT, .subject = op_text(args, "subject"),
		.abuse = op_choice(args, "abuse", abuse_names, 0),
		.first_seen = op_time(args, "seen"), .title = op_text(args, "title"),
		.text = op_text(args, "text"), .source = op_text(args, "sender"),
		.references = op_text(args, "url") };

	struct marking m;
	int rc;

	if (i.subject[0] == 0 && i.text[0] == 0)
		return desk_fault(d, OOPS_FORMAT, "a subject or a text is wanted: else there is "
				  "nothing to report");
	rc = op_marking_in(d, who, args, &m);
	return rc ? rc : take(d, &i, m, reply);
}

static int weigh(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct inbox *in = NULL;
	struct inbox_set s;
	char why[DESK_WHY];
	struct inbox_looked looked = { 0 };
	u64 kept = 0;
	int rc = meant(d, who, args, &s);

	if (rc)
		return rc;
	if ((rc = inbox_open(&in, d, &desk_house(d)->inbox, why)))
		desk_fault(d, rc, "%s", why);
	else
		rc = inbox_again(in, &s, &looked);
	inbox_close(in);
	free(s.at);
	for (size_t i = 0; i < INBOX_FILE_COUNT; i++)
		kept += looked.kept[i];
	if (rc == 0)
		rc = op_tell_count(reply, "kept", kept);
	return rc ? rc : op_tell_count(reply, "count", looked.changed);
}

#define WHICH { "reports", "their numbers", OP_COUNTS, false, 0, NULL },           \
	{ "set", "or their numbers as a text: 3-9,12", OP_TEXT, false, SET_OCTETS, NULL }

static const struct op_arg decide_args[] = { WHICH,
	{ "state", N_("noise, duplicate, answered, or new again"), OP_CHOICE, true, 0,
	  report_states },
	{ "reason", "why", OP_TEXT, true, OP_LINE, NULL },
	{ "same", N_("of duplicates: the report that came first"),
		OP_COUNT, false, 0, NULL },
	OP_END };
static const struct op_arg accept_args[] = { WHICH,
	{ "incident", N_("into this incident; else into the one that is open about the same "
		"host, or a new one"), OP_COUNT, false, 0, NULL },
	{ "new", N_("into a new one, also when one about the same host is open"), OP_FLAG, false,
		0, NULL },
	{ "title", N_("of the new incident"), OP_TEXT, false, OP_LINE, NULL },
	{ "each", N_("an incident for each host, or the open one about it"),
		OP_FLAG, false, 0,
	  NULL }, OP_END };
static const struct op_arg undo_args[] = {
	{ "event", N_("what the decision said"), OP_COUNT, true, 0, NULL },
	{ "reason", "why", OP_TEXT, true, OP_LINE, NULL }, OP_END };
static const struct op_arg form_args[] = {
	{ "sender", N_("who reports: name or address"), OP_TEXT, false, 400, NULL },
	{ "subject", N_("what is reported: a URL, a domain name, an address"),
		OP_TEXT, false, 2000,
	  NULL },
	{ "abuse", N_("what kind of abuse it is"), OP_CHOICE, false, 0, abuse_names },
	{ "seen", N_("when it was seen"), OP_TIME, false, 0, NULL },
	{ "url", N_("where more is said"), OP_TEXT, false, 2000, NULL },
	{ "title", N_("one line"), OP_TEXT, false, OP_LINE, NULL },
	{ "text", N_("what they say"), OP_TEXT, false, INBOX_TEXT_MAX, NULL },
	OP_MARKING, OP_END };
static const struct op_arg weigh_args[] = { WHICH, OP_END };

const struct op inbox_ops[] = {
	{ "report.decide", N_("Says that reports are noise, duplicates or answered, or "
		"new again."),
	  ROLE_ANALYST, decide_args, decide },
	{ "report.accept", N_("Makes reports members of an incident."),
		ROLE_ANALYST, accept_args,
	  accept_them },
	{ "report.undo", N_("Takes a decision back: what still stands so is new again."),
	  ROLE_ANALYST, undo_args, undo },
	{ "report.add", N_("Takes a report that somebody tells."),
		ROLE_ANALYST, form_args, form },
	{ "report.weigh", N_("Looks up again what is known of reports."),
		ROLE_ANALYST, weigh_args,
	  weigh },
	{ .name = NULL }
};
