/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case.h - what people do with incidents: open, gather, merge, split, judge, close.
 *
 *   new -> triaged -> confirmed -> notified -> mitigating -> mitigated -> closed
 *     \________\__________\___________\____________\-> false alarm
 *
 * Each operation is part of an open change (desk_begin .. desk_end) and says one event or
 * some, which the fold makes rows of at once. So several can be one whole: a false alarm
 * and its mute, twenty closed in bulk. 0, or negative with desk_error()'s sentence; then
 * the change must be undone (desk_end gives the error back).
 *
 * Two people at one incident: every operation takes what the caller last saw (`expected`,
 * the incident's version); when somebody was there in between it is OOPS_CHANGED, and the
 * sentence says who, when and what. Notes and new tasks lose nothing and need no version.
 *
 * Whoever opens one, or takes one on by a state that is no end, has its family's tasks with it
 * (playbook.h), by the command line and by the web alike.
 *
 * A finding or report is a member of one incident at most. A merge moves the members and
 * remembers where they came from, so that the split puts each back.
 *
 * The marking of an incident is the join of its own (what people raised it to) and of its
 * members' and notes', of all that it ever had: what left may stand in its title still. The
 * fold keeps it so; only case_label() lowers it. A note that is kept apart is not joined: it
 * has its own label, above the incident's perhaps, and who is not cleared for it sees the
 * incident without it. */
#pragma once
#include "respond/desk.h"

#define CASE_MEMBERS_MAX 200u	/* of one event; more are several events */
#define CASE_TEXT_MAX 16384u	/* octets of a note; titles and reasons: a line of 1000 */
#define CASE_LINE_MAX 1000u

struct case_ref {
	u64 number;
	u64 expected;	/* version that was seen; 0 = whatever it is now */
};

/* What is wanted of a new incident: number, version, times and counts are made by the
 * operation. Tasks and deadlines may be NULL. */
struct case_new {
	const struct incident *incident;	/* title, family, subject, reason, owner, ... */
	const struct member *members;
	size_t member_count;
	const struct task *tasks;
	size_t task_count;
	const struct deadline *deadlines;
	size_t deadline_count;
	bool fresh;	/* the caller knows that no member is in an incident yet */
	bool bulk;	/* one of many: its playbook's tasks come when somebody takes it on */
};
/* *number is the new incident's. OOPS_CHANGED when a member is in another one. */
int case_open(struct desk *d, const struct case_new *c, u64 *number);
/* Adds members, all in no incident so far (unless `fresh` says that this is known). */
int case_add(struct desk *d, struct case_ref r, const struct member *members, size_t n,
	     bool fresh);
int case_remove(struct desk *d, struct case_ref r, enum member_kind kind, const char *id,
		const char *reason);

/* What of two incidents differs, one sentence a line: times, subjects, families, owners,
 * clocks, markings. Appends nothing when all agrees. The merge says it in the log. */
struct buf;
void case_differs(struct buf *out, const struct incident *from, const struct incident *into);
/* `from` goes on in `into`: its members move, its state is merged. What was known earlier
 * counts for the clocks of `into`; where none runs there, those of `from` go on. */
int case_merge(struct desk *d, struct case_ref from, u64 into, const char *reason);
/* Undoes that: the members that came with `merged` (and with what had been merged into it)
 * go back, and it has the state that it had; clocks that the merge changed, and nobody since,
 * are as they were. */
int case_unmerge(struct desk *d, struct case_ref merged, const char *reason);
/* Some members go to a new incident, whose `into` names the old one. ids: of findings (or
 * their beginnings, as far as only one member begins so) or numbers of reports. */
struct case_part { const char *const *ids; size_t count; const char *title, *reason; };
int case_split(struct desk *d, struct case_ref r, const struct case_part *part, u64 *number);

/* Who works on it (empty: nobody; where the desk has users, one of them or who acts: else
 * OOPS_RANGE, CODE_NO_OWNER); its title, one line. */
int case_assign(struct desk *d, struct case_ref r, const char *owner);
int case_title(struct desk *d, struct case_ref r, const char *title);
/* `m` NULL: the incident's marking, so that a note that says nothing of labels raises nothing. */
int case_note(struct desk *d, struct case_ref r, const char *text, const struct marking *m);
/* A note whose label is its own: it is shown only to who may have it, raises nothing, and is in
 * no release. */
int case_note_apart(struct desk *d, struct case_ref r, const char *text, struct marking m);
/* Sets the note with that number (of its event) apart, after all. The incident's label stays
 * as it is until case_label() lowers it, which this note then does not forbid. */
int case_apart(struct desk *d, struct case_ref r, u64 note, const char *reason);
/* OOPS_RANGE and the states that may follow when this one may not. False alarm, and closed
 * before it was mitigated, need a verdict. Deadlines that the state meets are met. */
int case_state(struct desk *d, struct case_ref r, enum incident_state s, const char *verdict);
/* True when that state may follow. */
bool case_may(enum incident_state from, enum incident_state to);
/* True for closed, false alarm and merged. */
bool case_ended(enum incident_state s);
/* The states that are not ended, as bits (for STORE_AMONG). */
#define CASE_OPEN_STATES ((u64)((1u << INCIDENT_CLOSED) - 1))

/* Sets the marking. Higher is free; lower needs a reason, and not below what a member or
 * note demands: -EPERM, and the sentence names it. */
int case_label(struct desk *d, struct case_ref r, struct marking m, const char *reason);
/* Raises one member's marking. */
int case_mark(struct desk *d, struct case_ref r, enum member_kind kind, const char *id,
	      struct marking m);

/* Starts sets of the house's clocks (those of the program where it has none) beside those that
 * run; with another time all of them count from then, and what was met stays met. OOPS_RANGE
 * when there is no such set, or it runs already and no time is given. */
struct case_start {
	const char *sets;	/* names with commas between; NULL = only another time */
	u64 aware;		/* ns; 0 = as it is */
};
int case_start(struct desk *d, struct case_ref r, const struct case_start *c);
/* Stops one that runs: its deadlines are no more; the log tells what was met, and why. */
int case_stop(struct desk *d, struct case_ref r, const char *set, const char *reason);

/* The deadline that is meant by its name, or by SET/NAME where several sets have it: a copy in
 * *ret. OOPS_UNKNOWN, OOPS_RANGE and the sentence names those that there are. */
int case_deadline(struct desk *d, u64 number, const char *name, struct deadline **ret);
/* Somebody says that it is met, now or at a time that was (by telephone), or that it was not,
 * after all. What counts from it counts from then. OOPS_CHANGED (CODE_MET) and by whom it was met
 * when, unless they say it again; OOPS_RANGE: `at` is to come, or before anybody knew. */
struct case_by_hand { const char *name; bool met, again; u64 at; /* 0 = now */ };
int case_met_by_hand(struct desk *d, struct case_ref r, const struct case_by_hand *c);
/* Something happened that may meet deadlines: "state:mitigated", "notice:early-warning".
 * Those of the incident that name it, of whichever set, are met now, and what counts from them
 * counts from now. */
int case_meet(struct desk *d, u64 number, const char *what);

/* A member out of a finding (no texts of its own: views), or out of a report; incident and
 * reason are the caller's. id[] holds the number of the report. */
struct finding;
void member_of_finding(struct member *ret, const struct finding *f);
void member_of_report(struct member *ret, const struct report *r, char id[24]);
/* The member with that id, its beginning or its number: as a copy in *ret; OOPS_UNKNOWN. */
int case_member(struct desk *d, u64 number, const char *id, struct member **ret);
/* The incident as a copy: 0 or OOPS_UNKNOWN ("there is no incident 12"). */
int case_find(struct desk *d, u64 number, struct incident **ret);
/* Was it confirmed, and not put back to new or triaged since? As the log has it, for later
 * states do not tell. 0 or negative. */
int case_confirmed(struct desk *d, u64 number, bool *ret);
/* Where a member is: its incident, or 0. */
int case_of(struct desk *d, enum member_kind kind, const char *id, u64 *number);
/* The version of the incident that the desk's author last saw; 0 = none. It is kept beside
 * the log (not folded), so that a change by hand is held against it without being asked. */
int case_last_seen(struct desk *d, u64 number, u64 *version);
/* They saw this one; inside an open change. */
int case_saw(struct desk *d, u64 number, u64 version);
