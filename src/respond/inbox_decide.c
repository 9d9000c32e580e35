/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_decide.c - what becomes of reports: one event for one or for thousands.
 *
 *   report.decided { "numbers": "1-9,12", "state": "noise", "reason": "...", ... }
 *
 *   new -> noise, duplicate, accepted         noise, duplicate, accepted -> answered
 *   noise, duplicate, accepted -> new         (reopened: what the decision did is undone)
 *
 * What was a duplicate was not weighed: it is when it is new again, in the same change, so that
 * nobody takes it for noise. What becomes one by hand adds what it knows to the first.
 *
 * A set that holds one report which may not go that way is refused whole, and the sentence
 * names it: a bulk operation does what its preview said or nothing. */
#include "respond/inbox_own.h"
#include "base/num.h"
#include "respond/house.h"

#define SET_MAX 10000000u	/* reports of one event */

/* ---- sets ---- */

int inbox_set_add(struct inbox_set *s, u64 number)
{
	if ((s->count & (s->count - 1)) == 0) {
		u64 *more = reallocarray(s->at, s->count ? 2 * s->count : 1, sizeof *more);

		if (more == NULL)
			return -ENOMEM;
		s->at = more;
	}
	s->at[s->count++] = number;
	return 0;
}

static int take_number(void *to, const void *record)
{
	return inbox_set_add(to, ((const struct report *)record)->number);
}

int inbox_find(struct gate *g, const struct store_query *q, struct inbox_set *ret)
{
	struct store_query by_number = *q;
	struct inbox_set s = { 0 };
	int rc;

	by_number.order = "number";
	rc = gate_each(g, &by_number, take_number, &s);
	if (rc) {
		free(s.at);
		return rc;
	}
	*ret = s;
	return 0;
}

void inbox_set_text(struct buf *out, const struct inbox_set *s)
{
	for (size_t i = 0, to; i < s->count; i = to + 1) {
		for (to = i; to + 1 < s->count && s->at[to + 1] == s->at[to] + 1;)
			to++;
		buf_fmt(out, "%s%llu", i ? "," : "", (unsigned long long)s->at[i]);
		if (to > i)
			buf_fmt(out, "-%llu", (unsigned long long)s->at[to]);
	}
}

/* Digits at *p, which moves on. */
static int number_at(const char **p, u64 *ret)
{
	char text[24];
	size_t n = strspn(*p, "0123456789");

	if (n == 0 || n >= sizeof text)
		return OOPS_FORMAT;
	memcpy(text, *p, n);
	text[n] = 0;
	*p += n;
	return num_u64(text, 1, INT64_MAX, ret) ? OOPS_FORMAT : 0;
}

static int range_at(const char **p, struct inbox_set *s)
{
	u64 from, to, last = s->count ? s->at[s->count - 1] : 0;
	int rc = number_at(p, &from);

	to = from;
	if (rc == 0 && **p == '-') {
		++*p;
		rc = number_at(p, &to);
	}
	if (rc || from <= last || to < from || to - from >= SET_MAX - s->count)
		return OOPS_FORMAT;
	for (u64 n = from; n <= to && rc == 0; n++)
		rc = inbox_set_add(s, n);
	return rc;
}

int inbox_set_parse(const char *text, struct inbox_set *ret)
{
	struct inbox_set s = { 0 };
	int rc = range_at(&text, &s);

	while (rc == 0 && *text == ',') {
		text++;
		rc = range_at(&text, &s);
	}
	if (rc == 0 && *text)
		rc = OOPS_FORMAT;
	if (rc) {
		free(s.at);
		return rc;
	}
	*ret = s;
	return 0;
}

/* ---- saying ---- */

static bool may(enum report_state from, enum report_state to)
{
	switch (to) {
	case REPORT_NOISE:
	case REPORT_DUPLICATE:
	case REPORT_ACCEPTED:
		return from == REPORT_NEW;
	case REPORT_ANSWERED:
	case REPORT_NEW:
		return from == REPORT_NOISE || from == REPORT_DUPLICATE ||
		       from == REPORT_ACCEPTED;
	default:
		return false;
	}
}

int inbox_report(struct desk *d, u64 number, struct report **ret)
{
	const struct report key = { .number = number };
	void *copy = NULL;
	int rc = desk_find(d, DESK_report, &key, &copy);

	*ret = copy;
	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no report %llu",
				  (unsigned long long)number);
	return rc < 0 ? rc : 0;
}

static int refuse(struct desk *d, const struct report *r, enum report_state to)
{
	const unsigned long long number = r->number;
	const char *is = report_states[r->state];

	if (r->state == to)
		return desk_fault(d, OOPS_RANGE, "report %llu is %s already", number, is);
	if (r->state == REPORT_NEW)
		return desk_fault(d, OOPS_RANGE, "report %llu is %s and cannot become %s; decide "
				  "on it first", number, is, report_states[to]);
	if (may(r->state, REPORT_NEW))
		return desk_fault(d, OOPS_RANGE, "report %llu is %s and cannot become %s; reopen "
				  "it first", number, is, report_states[to]);
	return desk_fault(d, OOPS_RANGE, "report %llu was answered, which is its end", number);
}

/* Everything of the set may go there. */
static int check(struct desk *d, const struct inbox_set *s, const struct inbox_decision *is)
{
	int rc = s->count ? 0 : desk_fault(d, OOPS_RANGE, "no report is meant");

	for (size_t i = 0; i < s->count && rc == 0; i++) {
		struct report *r;

		if ((rc = inbox_report(d, s->at[i], &r)))
			return rc;
		if (!may(r->state, is->state))
			rc = refuse(d, r, is->state);
		else if (is->same && is->same >= r->number)
			rc = desk_fault(d, OOPS_RANGE, "report %llu came before report %llu, so it "
				"is no duplicate of it", (unsigned long long)r->number,
				(unsigned long long)is->same);
		free(r);
	}
	return rc;
}

static int check_same(struct desk *d, const struct inbox_decision *is)
{
	struct report *first;
	int rc;

	if (is->state != REPORT_DUPLICATE)
		return 0;
	if ((rc = inbox_report(d, is->same, &first)))
		return rc;
	if (first->same)
		rc = desk_fault(d, OOPS_RANGE, "report %llu is itself a duplicate, of %llu",
				(unsigned long long)is->same, (unsigned long long)first->same);
	free(first);
	return rc;
}

struct saying {
	const struct inbox_set *set;
	const struct inbox_decision *is;
	u64 incident, undoes;
};

/* The reports that lose a copy when these are new again: the state will not say it any more, and
 * who follows the log has to know. */
static json_t *freed(struct desk *d, const struct saying *s)
{
	json_t *list = json_array();

	for (size_t i = 0; s->is->state == REPORT_NEW && i < s->set->count; i++) {
		struct report *r = NULL;

		if (inbox_report(d, s->set->at[i], &r) == 0 && r->same)
			json_array_append_new(list, json_integer((json_int_t)r->same));
		free(r);
	}
	return list;
}

static int say(struct desk *d, const struct saying *s, u64 *event)
{
	struct buf numbers = { 0 };
	char about[40] = "";
	json_t *body;
	int rc;

	inbox_set_text(&numbers, s->set);
	if (s->set->count == 1)
		snprintf(about, sizeof about, "report:%llu", (unsigned long long)s->set->at[0]);
	body = buf_error(&numbers) ? NULL : json_pack("{s:s, s:s, s:s, s:I, s:o, s:I, s:I}",
		"numbers", buf_str(&numbers), "state", report_states[s->is->state],
		"reason", s->is->reason ? s->is->reason : "", "same", (json_int_t)s->is->same,
		"freed", freed(d, s), "incident", (json_int_t)s->incident, "undoes",
		(json_int_t)s->undoes);
	buf_free(&numbers);
	rc = desk_say(d, "report.decided", about, body, event);
	return rc;
}

static int reason_good(struct desk *d, const char *reason)
{
	size_t n = reason ? strlen(reason) : 0;

	if (n == 0 || n > 1000)
		return desk_fault(d, OOPS_RANGE, "a reason of 1 to 1000 octets is wanted");
	return 0;
}

/* Those of the set that are duplicates so far. */
static int duplicates(struct desk *d, const struct inbox_set *s, struct inbox_set *ret)
{
	int rc = 0;

	for (size_t i = 0; i < s->count && rc == 0; i++) {
		struct report *r;

		if ((rc = inbox_report(d, s->at[i], &r)))
			return rc;
		if (r->same)
			rc = inbox_set_add(ret, r->number);
		free(r);
	}
	return rc;
}

static int absorb_each(struct inbox *in, const struct inbox_set *s)
{
	int rc = 0;

	for (size_t i = 0; i < s->count && rc == 0; i++) {
		struct report *r;

		if ((rc = inbox_report(in->desk, s->at[i], &r)))
			return rc;
		rc = inbox_absorb(in, r, inbox_has_fact(r->reasons, FACT_HEADERS));
		free(r);
	}
	return rc;
}

/* After the event: looks up what the decision lets be known, as the house does. */
static int look(struct desk *d, enum report_state state, const struct inbox_set *s)
{
	struct inbox *in = NULL;
	char why[DESK_WHY];
	int rc = s->count ? inbox_open(&in, d, &desk_house(d)->inbox, why) : 0;

	if (rc)
		desk_fault(d, rc, "%s", why);
	else if (s->count)
		rc = state == REPORT_NEW ? inbox_anew(in, s) : absorb_each(in, s);
	inbox_close(in);
	return rc;
}

static int say_and_look(struct desk *d, const struct saying *s, u64 *event)
{
	struct inbox_set were = { 0 };
	int rc = s->is->state == REPORT_NEW ? duplicates(d, s->set, &were) : 0;

	if (rc == 0)
		rc = say(d, s, event);
	if (rc == 0)
		rc = look(d, s->is->state, s->is->state == REPORT_DUPLICATE ? s->set : &were);
	free(were.at);
	return rc;
}

/* Reports that leave an incident leave its members, too: that is the incident's event. */
static int decide(struct desk *d, const struct saying *s, u64 *event)
{
	int rc = reason_good(d, s->is->reason);

	if (rc == 0)
		rc = check_same(d, s->is);
	if (rc == 0)
		rc = check(d, s->set, s->is);
	if (rc == 0 && s->is->state == REPORT_NEW)
		rc = inbox_leave(d, s->set, s->is->reason);
	return rc ? rc : say_and_look(d, s, event);
}

int inbox_may(struct desk *d, const struct inbox_set *s, enum report_state state)
{
	const struct inbox_decision is = { .state = state };

	return check(d, s, &is);
}

int inbox_say_accepted(struct desk *d, const struct inbox_set *s, u64 incident, u64 *event)
{
	const struct inbox_decision is = { .state = REPORT_ACCEPTED,
		.reason = N_("accepted") };
	const struct saying saying = { s, &is, incident, 0 };

	return say(d, &saying, event);
}

int inbox_decide(struct desk *d, const struct inbox_set *s, const struct inbox_decision *is,
		 u64 *event)
{
	const struct saying saying = { s, is, 0, 0 };
	int rc = desk_begin(d);

	if (rc == 0)
		rc = decide(d, &saying, event);
	return desk_end(d, rc);
}

/* ---- taking back ---- */

struct undoing {
	struct desk *desk;
	struct inbox_set was, now;	/* what it decided; of that, what still stands so */
	char state[24];
	u64 at;
	bool found;
};

static int take_event(void *to, const struct event *e)
{
	struct undoing *u = to;
	json_t *body = json_loads(e->body, JSON_REJECT_DUPLICATES, NULL);
	struct desk_event is = { e, body };
	int rc = 0;

	if ((strcmp(e->kind, "report.decided") == 0 || strcmp(e->kind, "report.bulk") == 0) &&
	    strcmp(desk_text(&is, "state"), "new") != 0) {
		rc = inbox_set_parse(desk_text(&is, "numbers"), &u->was);
		u->found = rc == 0;
		u->at = e->at;
		snprintf(u->state, sizeof u->state, "%s", desk_text(&is, "state"));
	}
	json_decref(body);
	return rc;
}

static int still_so(struct undoing *u)
{
	int rc = 0;

	for (size_t i = 0; i < u->was.count && rc == 0; i++) {
		struct report *r;

		if ((rc = inbox_report(u->desk, u->was.at[i], &r)))
			return rc;
		if (strcmp(report_states[r->state], u->state) == 0 && r->changed == u->at)
			rc = inbox_set_add(&u->now, r->number);
		free(r);
	}
	return rc;
}

static int undo(struct undoing *u, u64 event, const char *reason)
{
	const struct inbox_decision is = { .state = REPORT_NEW, .reason = reason };
	const struct saying s = { &u->now, &is, 0, event };
	int rc = store_each_event(desk_store(u->desk), event, event, NULL, take_event, u);

	if (rc == 0 && !u->found)
		return desk_fault(u->desk, OOPS_UNKNOWN, "event %llu decided nothing about "
				  "reports", (unsigned long long)event);
	if (rc == 0)
		rc = still_so(u);
	if (rc == 0 && u->now.count == 0)
		return desk_fault(u->desk, OOPS_CHANGED, "nothing of what event %llu decided "
				  "stands any more", (unsigned long long)event);
	return rc ? rc : decide(u->desk, &s, NULL);
}

int inbox_undo(struct desk *d, u64 event, const char *reason, u64 *count)
{
	struct undoing u = { .desk = d };
	int rc = desk_begin(d);

	if (rc == 0)
		rc = undo(&u, event, reason);
	rc = desk_end(d, rc);
	if (rc == 0)
		*count = u.now.count;
	free(u.was.at);
	free(u.now.at);
	return rc;
}

/* ---- folding ---- */

static int count_copies(struct desk *d, const struct desk_event *e, u64 number, int step)
{
	struct report *first;
	int rc = inbox_fold_find(d, e, number, &first);

	if (rc == 0 && (step > 0 || first->copies)) {
		first->copies += (u64)(i64)step;
		rc = store_put(desk_store(d), DESK_report, first);
	}
	free(first);
	return rc;
}

static int fold_one(struct desk *d, const struct desk_event *e, u64 number)
{
	enum report_state state = desk_choice(e, "state", report_states);
	u64 same = desk_number(e, "same");
	struct report *r;
	int rc = inbox_fold_find(d, e, number, &r);

	if (rc)
		return rc;
	if (same == number)
		rc = desk_damaged(d, e, N_("a report is no duplicate of itself"));
	if (rc == 0 && state == REPORT_DUPLICATE)
		rc = count_copies(d, e, same, 1);
	if (rc == 0 && state == REPORT_NEW && r->same)
		rc = count_copies(d, e, r->same, -1);
	if (state == REPORT_DUPLICATE || state == REPORT_NEW)
		r->same = same;
	if (state == REPORT_ACCEPTED || state == REPORT_NEW)
		r->incident = desk_number(e, "incident");
	r->state = (u8)state;
	r->verdict = desk_text(e, "reason");
	r->by = e->event->author;
	r->changed = e->event->at;
	if (rc == 0)
		rc = store_put(desk_store(d), DESK_report, r);
	free(r);
	return rc;
}

int inbox_fold_decided(struct desk *d, const struct desk_event *e)
{
	struct inbox_set s = { 0 };
	int rc = inbox_set_parse(desk_text(e, "numbers"), &s);

	if (rc == 0 && choice_parse(report_states, desk_text(e, "state")) < 0)
		rc = desk_damaged(d, e, "state");
	else if (rc == OOPS_FORMAT)
		rc = desk_damaged(d, e, "numbers");
	for (size_t i = 0; i < s.count && rc == 0; i++)
		rc = fold_one(d, e, s.at[i]);
	free(s.at);
	return rc;
}
