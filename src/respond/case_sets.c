/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_sets.c - the sets of clocks of an incident: one started beside those that run, one
 * stopped, all from another time, those of two incidents that become one; and deadlines that
 * somebody says are met. See case.h.
 *
 * Each change is one event that says all clocks as they are then (case_clock.c), so the fold
 * works nothing out. A set that is only there already stays as it is to the second; what is
 * worked out anew keeps what was met, and what counts from a deadline that was met counts from
 * then. Who merges 13 into 12 knew of both, so 12 has been known since the earlier of both
 * times. Sets that this house does not know any more keep the deadlines that they have. */
#include "respond/case_own.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include "respond/clock.h"
#include "respond/house.h"

struct sets {	/* the clocks that an incident shall have */
	struct desk *d;
	const struct clocks *clocks;
	struct clocks *own;	/* the program's, where the house has none */
	struct case_rows was, other;	/* as they are; those of one that is merged into it */
	u64 aware;
	char names[CLOCK_NAMES_MAX];	/* one a line */
	struct deadline list[CLOCK_ROWS_MAX];
	size_t count, running;
};

static int sets_open(struct sets *s, struct desk *d, u64 number, u64 aware)
{
	char why[CLOCK_WHY];
	int rc;

	*s = (struct sets){ .d = d, .clocks = desk_house(d)->clocks, .aware = aware };
	if (s->clocks == NULL) {
		if ((rc = clocks_open(&s->own, NULL, why)))
			return desk_fault(d, rc, "%s", why);
		s->clocks = s->own;
	}
	return case_deadlines_of(d, number, &s->was);
}

static void sets_close(struct sets *s)
{
	case_forget(&s->was);
	case_forget(&s->other);
	clocks_free(s->own);
}

static int add_name(struct sets *s, const char *set)
{
	const size_t n = strlen(s->names);

	if (s->running++ == CLOCK_RUNNING_MAX || strlen(set) >= CLOCK_NAME_MAX)
		return desk_fault(s->d, OOPS_LIMIT, "at most %u sets of clocks run at one "
				  "incident", CLOCK_RUNNING_MAX);
	snprintf(s->names + n, sizeof s->names - n, "%s%s", n ? "\n" : "", set);
	return 0;
}

/* The deadlines that the set has, as they are: how many. */
static size_t copy_rows(struct sets *s, const struct case_rows *from, const char *set)
{
	const size_t before = s->count;

	for (size_t i = 0; i < from->count && s->count < CLOCK_ROWS_MAX; i++)
		if (strcmp(((const struct deadline *)from->at[i])->set, set) == 0)
			s->list[s->count++] = *(const struct deadline *)from->at[i];
	return s->count - before;
}

static int keep_set(struct sets *s, const char *set)
{
	copy_rows(s, &s->was, set);
	return add_name(s, set);
}

/* What counts from a deadline of list[from..] that was met counts from then. */
static int follow_met(struct sets *s, size_t from)
{
	for (size_t i = from; i < s->count; i++) {
		struct deadline follow[CLOCK_DEADLINES_MAX];
		const struct deadline *t = &s->list[i];
		int n = t->met ? clocks_follow(s->clocks, t->set, t->name, t->met, follow) : 0;

		for (int k = 0; k < n; k++)
			for (size_t at = from; at < s->count; at++)
				if (strcmp(s->list[at].name, follow[k].name) == 0) {
					s->list[at].started = follow[k].started;
					s->list[at].due = follow[k].due;
				}
		if (n < 0)
			return n;
	}
	return 0;
}

static const struct deadline *met_in(const struct case_rows *rows, const struct deadline *t)
{
	const struct deadline *was = case_among(rows, t->set, t->name);

	return was && was->met ? was : NULL;
}

/* The set worked out from s->aware on; one that is not known: as it is, or OOPS_UNKNOWN. */
static int add_set(struct sets *s, const char *set)
{
	const size_t from = s->count;
	int n = s->running < CLOCK_RUNNING_MAX
	      ? clocks_deadlines(s->clocks, set, s->aware, s->list + from) : 0;

	if (n == OOPS_UNKNOWN)
		return copy_rows(s, &s->was, set) || copy_rows(s, &s->other, set)
		       ? add_name(s, set) : n;
	if (n < 0)
		return n;
	s->count += (size_t)n;
	for (size_t i = from; i < s->count; i++) {
		const struct deadline *was = met_in(&s->was, &s->list[i]);

		if (was == NULL)
			was = met_in(&s->other, &s->list[i]);
		if (was) {
			s->list[i].met = was->met;
			s->list[i].by = was->by;
		}
	}
	n = follow_met(s, from);
	return n ? n : add_name(s, set);
}

static int no_set(struct sets *s, const char *set)
{
	char names[400] = "";
	size_t n = 0;

	for (unsigned i = 0; clocks_name(s->clocks, i) && n < sizeof names; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
				      clocks_name(s->clocks, i));
	return desk_fault(s->d, OOPS_RANGE, "there is no set of clocks '%.60s'; there are: %s",
			  set, names);
}

/* All the sets of the lines anew. */
static int add_all(struct sets *s, const char *lines)
{
	char set[CLOCK_NAME_MAX];
	int rc = 0;

	while (rc == 0 && (lines = clocks_next(lines, set)))
		if ((rc = add_set(s, set)) == OOPS_UNKNOWN)
			rc = no_set(s, set);
	return rc;
}

static int keep_all(struct sets *s, const char *lines, const char *but)
{
	char set[CLOCK_NAME_MAX];
	int rc = 0;

	while (rc == 0 && (lines = clocks_next(lines, set)))
		if (but == NULL || strcmp(set, but))
			rc = keep_set(s, set);
	return rc;
}

/* `what` (may be NULL) is "started" or "stopped", and which. */
static int say(struct sets *s, u64 number, const char *what, const char *which, const char *why)
{
	char about[CASE_ABOUT], aware[STAMP_TEXT_MAX];
	json_t *body = json_pack("{s:s, s:s, s:o}", "clocks", s->names, "aware",
		stamp_text(s->aware, s->aware % STAMP_NS ? 9 : 0, aware), "deadlines",
		case_deadlines(s->list, s->count, true));

	if (body && what && json_object_set_new(body, what, json_string(which))) {
		json_decref(body);
		body = NULL;
	}
	if (body && why && json_object_set_new(body, "why", json_string(why))) {
		json_decref(body);
		body = NULL;
	}
	return desk_say(s->d, "incident.clocks", case_about(number, about), body, NULL);
}

/* "nis2, registrar-ack" */
static char *in_a_row(const char *lines, char to[2 * CLOCK_NAMES_MAX])
{
	size_t n = 0;

	for (; *lines; lines++)
		if (*lines == '\n') {
			to[n++] = ',';
			to[n++] = ' ';
		} else if (n < 2 * CLOCK_NAMES_MAX - 3) {
			to[n++] = *lines;
		}
	to[n] = 0;
	return to;
}

/* ---- by hand ---- */

/* Those of the lines that do not run yet. Without another time something must be new. */
static int start_new(struct sets *s, const struct incident *i, const char *lines, bool anew,
		     char started[CLOCK_NAMES_MAX])
{
	char set[CLOCK_NAME_MAX];
	size_t n = 0;
	int rc = 0;

	started[0] = 0;
	while (rc == 0 && (lines = clocks_next(lines, set))) {
		if (clocks_has(i->clocks, set)) {
			if (!anew)
				return desk_fault(s->d, OOPS_RANGE, "the clocks %.60s run already "
					"for incident %llu", set, (unsigned long long)i->number);
			continue;
		}
		n += (size_t)snprintf(started + n, CLOCK_NAMES_MAX - n, "%s%s", n ? "\n" : "",
				      set);
		if ((rc = add_set(s, set)) == OOPS_UNKNOWN)
			rc = no_set(s, set);
	}
	return rc;
}

/* What is not known here cannot be counted from another time. */
static int all_known(struct sets *s, const char *lines)
{
	struct clock_words words;
	char set[CLOCK_NAME_MAX];

	while ((lines = clocks_next(lines, set)))
		if (!clocks_words(s->clocks, set, 0, &words))
			return desk_fault(s->d, OOPS_RANGE, "the clocks '%.60s' run, and are not "
				"known here, so that they cannot be counted from another time: "
				"name the file that has them, or stop them first", set);
	return 0;
}

static int start(struct sets *s, const struct incident *i, const struct case_start *c)
{
	char started[CLOCK_NAMES_MAX], lines[CLOCK_NAMES_MAX], row[2 * CLOCK_NAMES_MAX];
	int rc = clocks_typed(lines, c->sets ? c->sets : "");

	if (rc)
		return desk_fault(s->d, rc, "at most %u sets of clocks, with names of at most %u "
				  "octets", CLOCK_RUNNING_MAX, CLOCK_NAME_MAX - 1);
	if (c->sets && lines[0] == 0)
		return desk_fault(s->d, OOPS_RANGE, "the name of a set of clocks is missing: one "
				  "that runs is stopped by its name, with a reason");
	if (c->aware > desk_now(s->d))
		return desk_fault(s->d, OOPS_RANGE, "nobody knows of an incident before it is "
				  "known: the time lies in the future");
	rc = c->aware ? all_known(s, i->clocks) : keep_all(s, i->clocks, NULL);
	if (rc == 0 && c->aware)
		rc = add_all(s, i->clocks);
	if (rc == 0)
		rc = start_new(s, i, lines, c->aware != 0, started);
	return rc ? rc : say(s, i->number, started[0] ? "started" : NULL, in_a_row(started, row),
			     NULL);
}

int case_start(struct desk *d, struct case_ref r, const struct case_start *c)
{
	struct sets *s = malloc(sizeof *s);
	struct incident *i = NULL;
	int rc = s ? case_seen(d, r, &i) : -ENOMEM;

	if (rc == 0 && (rc = sets_open(s, d, r.number, c->aware ? c->aware : i->aware)) == 0)
		rc = start(s, i, c);
	if (i)
		sets_close(s);
	free(i);
	free(s);
	return rc;
}

static int stop(struct sets *s, const struct incident *i, const char *set, const char *reason)
{
	char row[2 * CLOCK_NAMES_MAX];
	int rc = 0;

	if (i->clocks[0] == 0)
		rc = desk_fault(s->d, OOPS_RANGE, "no clock runs for incident %llu",
				(unsigned long long)i->number);
	else if (strchr(set, '\n') || set[0] == 0 || !clocks_has(i->clocks, set))
		rc = desk_fault(s->d, OOPS_RANGE, "the clocks '%.60s' do not run for incident "
				"%llu; those that do: %s", set, (unsigned long long)i->number,
				in_a_row(i->clocks, row));
	if (rc == 0)
		rc = keep_all(s, i->clocks, set);
	return rc ? rc : say(s, i->number, "stopped", set, reason);
}

int case_stop(struct desk *d, struct case_ref r, const char *set, const char *reason)
{
	struct sets *s = malloc(sizeof *s);
	struct incident *i = NULL;
	int rc = s ? case_line(d, "a reason", reason, true) : -ENOMEM;

	if (rc == 0)
		rc = case_seen(d, r, &i);
	if (rc == 0 && (rc = sets_open(s, d, r.number, i->aware)) == 0)
		rc = stop(s, i, set, reason);
	if (i)
		sets_close(s);
	free(i);
	free(s);
	return rc;
}

int case_follow(struct desk *d, const struct deadline *t, u64 met, struct case_following *ret)
{
	const struct clocks *clocks = desk_house(d)->clocks;
	char why[CLOCK_WHY];
	int n = 0;

	*ret = (struct case_following){ .count = 0 };
	if (clocks == NULL && (n = clocks_open(&ret->own, NULL, why)))
		return desk_fault(d, n, "%s", why);
	n = clocks_follow(clocks ? clocks : ret->own, t->set, t->name, met, ret->list);
	ret->count = n > 0 ? (size_t)n : 0;
	return n == OOPS_UNKNOWN || n > 0 ? 0 : n;
}

static int may_be_met(struct desk *d, u64 number, const struct deadline *t,
		      const struct case_by_hand *c)
{
	char at[STAMP_TEXT_MAX];

	if (c->met && t->met && !c->again)
		return desk_refuse(d, CODE_MET, OOPS_CHANGED, "the deadline '%.80s' of incident "
			"%llu was met at %s by %.200s", t->name, (unsigned long long)number,
			stamp_text(t->met, 0, at), t->by);
	if (!c->met && t->met == 0)
		return desk_fault(d, OOPS_CHANGED, "the deadline '%.80s' of incident %llu is not "
				  "met", t->name, (unsigned long long)number);
	return 0;
}

/* Is a time such that something was met then? */
static int may_be_then(struct desk *d, const struct incident *i, const struct case_by_hand *c)
{
	char aware[STAMP_TEXT_MAX];

	if (c->at && !c->met)
		return desk_fault(d, OOPS_RANGE, "what was not met has no time: leave it out");
	if (c->at > desk_now(d))
		return desk_fault(d, OOPS_RANGE, "nothing is met before it happens: the time lies "
				  "in the future");
	if (c->at && c->at < i->aware)
		return desk_fault(d, OOPS_RANGE, "incident %llu is known since %s: nothing of it "
			"was met before", (unsigned long long)i->number,
			stamp_text(i->aware, 0, aware));
	return 0;
}

int case_met_by_hand(struct desk *d, struct case_ref r, const struct case_by_hand *c)
{
	struct case_following follow = { .count = 0 };
	struct deadline *t = NULL;
	struct case_met m = { .met = !c->met ? 0 : c->at ? c->at : desk_now(d),
		.follow = follow.list };
	struct incident *i = NULL;
	char who[101], by[300];
	int rc = case_seen(d, r, &i);

	if (rc == 0)
		rc = may_be_then(d, i, c);
	free(i);
	snprintf(who, utf8_cut(desk_author(d), 100) + 1, "%s", desk_author(d));
	snprintf(by, sizeof by, N_("%.100s, by hand"), who);
	m.by = by;
	if (rc == 0)
		rc = case_deadline(d, r.number, c->name, &t);
	if (rc == 0)
		rc = may_be_met(d, r.number, t, c);
	if (rc == 0)	/* what is not met any more counts from when it is due, as before */
		rc = case_follow(d, t, c->met ? m.met : t->due, &follow);
	m.is = t;
	m.count = follow.count;
	if (rc == 0)
		rc = case_met(d, (struct case_ref){ r.number, 0 }, &m);
	clocks_free(follow.own);
	free(t);
	return rc;
}

/* ---- two that become one ---- */

bool case_clocks_change(const struct incident *from, const struct incident *into)
{
	return (from->aware && from->aware < into->aware) || from->clocks[0];
}

static u64 earlier(const struct incident *from, u64 aware)
{
	return from->aware && from->aware < aware ? from->aware : aware;
}

/* The sets of `had`, then those of `from` that are not among them. */
static void both(const char *had, const struct incident *from, char to[CLOCK_NAMES_MAX])
{
	const char *lines = from->clocks;
	char set[CLOCK_NAME_MAX];
	size_t n = (size_t)snprintf(to, CLOCK_NAMES_MAX, "%s", had);

	while ((lines = clocks_next(lines, set)))
		if (!clocks_has(had, set) && n + strlen(set) + 1 < CLOCK_NAMES_MAX)
			n += (size_t)snprintf(to + n, CLOCK_NAMES_MAX - n, "%s%s", n ? "\n" : "",
					      set);
}

static bool same_rows(const struct sets *s)
{
	bool same = s->count == s->was.count;

	for (size_t i = 0; i < s->count && same; i++) {
		const struct deadline *t = &s->list[i],
			*was = case_among(&s->was, t->set, t->name);

		same = was && was->due == t->due && was->met == t->met;
	}
	return same;
}

int case_clocks_join(struct desk *d, const struct incident *from, const struct incident *into)
{
	struct sets *s = case_clocks_change(from, into) ? malloc(sizeof *s) : NULL;
	char sets[CLOCK_NAMES_MAX];
	int rc;

	if (s == NULL)
		return case_clocks_change(from, into) ? -ENOMEM : 0;
	both(into->clocks, from, sets);
	rc = sets_open(s, d, into->number, earlier(from, into->aware));
	if (rc == 0)
		rc = case_deadlines_of(d, from->number, &s->other);
	if (rc == 0)
		rc = add_all(s, sets);
	if (rc == 0 && (s->aware != into->aware || strcmp(sets, into->clocks) || !same_rows(s)))
		rc = say(s, into->number, NULL, NULL, NULL);
	sets_close(s);
	free(s);
	return rc;
}

/* What was met in `from`, at that very time, is not met in what it is parted from. */
static void give_back(struct sets *s)
{
	for (size_t i = 0; i < s->was.count; i++) {
		struct deadline *t = s->was.at[i];
		const struct deadline *theirs = met_in(&s->other, t);

		if (theirs && theirs->met == t->met && strcmp(theirs->by, t->by) == 0)
			t->met = 0;
	}
	case_forget(&s->other);
}

int case_clocks_part(struct desk *d, const struct incident *from, const struct incident *into,
		     const struct case_clocks *had)
{
	struct sets *s;
	char sets[CLOCK_NAMES_MAX];
	int rc;

	both(had->sets, from, sets);
	if (into->aware != earlier(from, had->aware) || strcmp(into->clocks, sets))
		return 0;
	if ((s = malloc(sizeof *s)) == NULL)
		return -ENOMEM;
	rc = sets_open(s, d, into->number, had->aware);
	if (rc == 0)
		rc = case_deadlines_of(d, from->number, &s->other);
	if (rc == 0) {
		give_back(s);
		rc = add_all(s, had->sets);
	}
	if (rc == 0)
		rc = say(s, into->number, NULL, NULL, NULL);
	sets_close(s);
	free(s);
	return rc;
}
