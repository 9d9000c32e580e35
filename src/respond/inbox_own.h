/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_own.h - what the files of the inbox share and nobody else sees. */
#pragma once
#include "respond/inbox.h"
#include "base/buf.h"
#include "dns/name.h"
#include "dns/suffix.h"
#include "zone/snapshot.h"

#define INBOX_KEY 0x76656465747465ull	/* of tables that hold only files of our own */

/* The files that the house holds about names. */
struct known {
	struct suffixes *suffixes;
	bool has_list;		/* the suffixes are a list, not none */
	struct snapshot *zones[INBOX_ZONES_MAX];
	unsigned zone_count;
	u64 *popular;		/* open table of hashes; 0 = free */
	u32 *rank;
	u64 slots;		/* a power of two; 0 = no list */
	u64 popular_at;		/* ns: the list's file was written */
};
int known_open(struct known *k, const struct inbox_setup *setup, char why[DESK_WHY]);
void known_free(struct known *k);
/* Place in the list of popular names, from 1; 0 = not in it. Lower case. */
u32 known_rank(const struct known *k, const char *name);

struct known_name {	/* a host name in the light of those files */
	char domain[NAME_TEXT_MAX];	/* registered domain, lower case; "" = none */
	bool is_suffix;		/* it is a public suffix itself */
	bool no_suffix;		/* no rule has its suffix: it cannot exist, or has one label */
	bool in_zone;		/* a zone of ours should hold its domain ... */
	bool exists;		/* ... and does */
	char zone[NAME_TEXT_MAX];
	u64 zone_at;		/* ns: when the zone was so */
};
void known_name(const struct known *k, const char *host, struct known_name *ret);

struct sender { u64 hash, right, wrong; bool is_contact; };
#define SENDERS_KEPT 4096u	/* looked up once while an inbox is open */

struct inbox {
	struct desk *desk;
	struct inbox_setup setup;
	struct known known;
	struct sender *senders;
	u64 next;		/* number of the next report; 0 = not asked yet */
	struct buf subject, text, references;	/* of the report at hand */
	u64 kept[INBOX_FILE_COUNT];	/* facts that outlived a new look so far */
	struct finding *finding;
};

/* ---- inbox_subject.c ---- */

/* Appends the subject as we compare it: cleaned, a URL without what means nothing. */
void inbox_subject(struct buf *to, const char *text, enum subject_kind *kind);

/* ---- inbox_facts.c ---- */

/* What speaks for and against a report: its reasons (in the buffer), its weight, and its
 * marking, joined with that of what they tell. Of the reasons that it has so far those stay
 * whose source is not looked at (inbox_kept.c). */
int inbox_weigh(struct inbox *in, struct report *r, bool headers, struct buf *reasons);
/* The fact that weighs most in a report's reasons with that sign; -1 for none. */
int inbox_main_fact(const char *reasons, int sign);

/* ---- inbox_kept.c ---- */

/* A line of a report's reasons: "+30 finding: ...". */
struct inbox_reason {
	const char *line;
	size_t n;
	int weight, fact;	/* fact: -1 = none of ours */
};
/* The line at *p, which moves on; false at the end. */
bool inbox_reason(const char **p, struct inbox_reason *ret);
bool inbox_has_fact(const char *reasons, enum inbox_fact f);
/* Is more known of that zone, from a later snapshot than this one? */
bool inbox_knows_later(const char *reasons, const struct known_name *n);
/* Appends what is known and is not looked at this time: the sum of what it weighs. */
int inbox_kept(struct inbox *in, const struct known_name *n, const char *known,
	       struct buf *reasons);

/* ---- inbox_copy.c ---- */

/* A report that says the same as an earlier one, told in the open change: what it knows more is
 * added to that one, which is weighed again: event report.weighed. */
int inbox_absorb(struct inbox *in, const struct report *copy, bool headers);

/* ---- inbox_triage.c ---- */

/* inbox_again() in the open change: all of it is done, or nothing. */
int inbox_anew(struct inbox *in, const struct inbox_set *s);

/* ---- inbox_sender.c ---- */

/* What is known of a sender. */
int inbox_sender(struct inbox *in, const char *sender, struct sender *ret);
/* May a fact about `first` rest on that other report? Not on one that is marked stricter. */
bool inbox_may_say(const struct report *first, const struct report *other);
/* Those who said the same later: a duplicate by a contact, and one by the sender of them all who
 * was right most surely; 0 = none. At most INBOX_COPIES_ASKED are asked about. */
#define INBOX_COPIES_ASKED 100u
struct copy_senders { u64 contact, right; struct sender best; };
int inbox_copy_senders(struct inbox *in, const struct report *first, struct copy_senders *ret);
/* The lower end of Wilson's interval (95 %) of `right` among `all`. */
double inbox_least(u64 right, u64 all);

/* ---- deciding ---- */

/* Adds a number behind the last: 0 or -ENOMEM. */
int inbox_set_add(struct inbox_set *s, u64 number);
/* The report as a copy: 0 or OOPS_UNKNOWN with a sentence. */
int inbox_report(struct desk *d, u64 number, struct report **ret);
/* Every one of the set may become that; else OOPS_RANGE and the sentence. */
int inbox_may(struct desk *d, const struct inbox_set *s, enum report_state state);
/* The event alone, in the open change. */
int inbox_say_accepted(struct desk *d, const struct inbox_set *s, u64 incident, u64 *event);
/* Takes those of the set that were accepted out of their incidents, in the open change. */
int inbox_leave(struct desk *d, const struct inbox_set *s, const char *reason);

/* ---- folding ---- */
int inbox_fold_received(struct desk *d, const struct desk_event *e);
int inbox_fold_decided(struct desk *d, const struct desk_event *e);
int inbox_fold_weighed(struct desk *d, const struct desk_event *e);
int inbox_fold_indicators(struct desk *d, const struct desk_event *e);
/* A report as a copy; damaged when it is not there. */
int inbox_fold_find(struct desk *d, const struct desk_event *e, u64 number,
		    struct report **ret);
