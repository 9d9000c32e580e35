/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.h - what outsiders report: received, compared, weighed, decided.
 *
 *   document --> intake (locked up) --> items --> inbox_take()
 *                                                  |  the same as an open one? -> duplicate
 *                                                  |  else: facts -> reasons -> weight
 *                                                  v
 *             new --> noise | accepted (in an incident) | duplicate --> answered
 *              ^--------------- reopened -----------------'
 *
 * One registrar got 98,212 reports of phishing in 2025 and fewer than 10,000 were genuine:
 * so noise is closed in bulk, by one event with its reason, which can be taken back as one;
 * and what stands out says why.
 *
 * Facts are what this house holds itself: its zones' snapshots, its findings, indicators it
 * took, its incidents, its contacts, what became of this reporter's reports, a list of
 * popular names, the public suffix list, and what the report brings. Each that holds is a
 * reason with a weight (INBOX_FACTS); the weight of a report is INBOX_START and their sum,
 * within 0 and 100, and never shown without them. Nobody's reports become noise by their
 * sender alone: that weighs at most INBOX_SENDER_MOST, since a sender is what a stranger
 * says. Facts are looked up when a report comes (and by inbox_again()) and are part of the
 * event: the fold looks at nothing else. A duplicate adds what it knows more to the report
 * that it is one of (inbox_copy.c).
 *
 * Cost: some look-ups by index a report; doc/inbox.md has the figure.
 * Limits: INBOX_TEXT_MAX octets of what they say are kept beside the original document.
 * Not here: reading formats (share/), incidents (case.h), letters (notice). */
#pragma once
#include "respond/gate.h"

#define INBOX_START 40		/* of 100, before any fact */
#define INBOX_NOISE 20		/* at most so much looks like noise */
#define INBOX_GENUINE 65	/* at least so much looks genuine: evidence and a fact of ours */
#define INBOX_SENDER_MOST 20
#define INBOX_TEXT_MAX 8000u
#define INBOX_ZONES_MAX 64u
#define INBOX_POPULAR_MAX (8u << 20)	/* names of a list */

/* F(name, word, the most it weighs, what it means) */
#define INBOX_FACTS(F)                                                         \
	F(FINDING, finding, 30, N_("a finding of ours is about it"))           \
	F(PARTY, party, 10,                                                    \
	  N_("it takes part in a finding of ours about something else"))       \
	F(LISTED, listed, 25, N_("an indicator that we took is about it"))     \
	F(INCIDENT, incident, 20, N_("an incident that is open is about it"))  \
	F(OTHERS, others, 10, N_("somebody else reported it, too"))            \
	F(CONTACT, contact, 15, N_("the sender's address is that of a contact of ours")) \
	F(RECORD_GOOD, right, 20, N_("what this sender reported was mostly right")) \
	F(RECORD_BAD, wrong, -20, N_("what this sender reported was mostly noise")) \
	F(EXISTS, exists, 5, N_("the name is delegated in a zone of ours"))    \
	F(ABSENT, absent, -45, N_("the name is not delegated in a zone of ours")) \
	F(NO_SUFFIX, suffix, -45, N_("names under that suffix cannot exist in the DNS")) \
	F(SUFFIX, public, -35,                                                 \
	  N_("it is a public suffix: whole registries, not a site"))           \
	F(LOCAL, local, -45, N_("an address that is not routed in the Internet")) \
	F(VICTIM, victim, -10,                                                 \
	  N_("a finding says that it is a target: its address may be forged")) \
	F(POPULAR, popular, -20, N_("it is among the popular names"))          \
	F(SERVER, server, 0, N_("where it was seen to be served from"))        \
	F(URL, url, 10, N_("a URL is given"))                                  \
	F(TIME, time, 5, N_("it is said when it was seen"))                    \
	F(HEADERS, headers, 10, N_("the message or its headers are with it"))  \
	F(KIND, kind, 5, N_("it is said what kind of abuse it is"))            \
	F(NO_EVIDENCE, bare, -25,                                              \
	  N_("no URL, no time, no headers: nothing to act on (RAA 3.18.2)"))   \
	F(NO_SUBJECT, nothing, -25, N_("it does not say what it is about"))    \
	F(OLD, old, -15, N_("what was seen is old"))                           \
	F(FUTURE, future, -10, N_("it was seen in the future"))                \
	F(COPY, copy, 0, N_("what a duplicate of it added"))

enum inbox_fact {
#define F(name, word, most, help) FACT_##name,
	INBOX_FACTS(F)
#undef F
	INBOX_FACT_COUNT
};
struct inbox_fact_row { const char *word; int most; const char *help; };
extern const struct inbox_fact_row inbox_facts[INBOX_FACT_COUNT];

struct inbox_setup {
	const char *popular;	/* file: "rank,name" or a name a line; NULL = none */
	const char *suffixes;	/* public suffix list; NULL = SUFFIX_FILE */
	const char *zones;	/* snapshot files of zones (zone/snapshot.h), commas between */
	u64 window_ns;		/* the same subject and abuse within it is a duplicate */
	u64 old_ns;		/* what was seen longer ago is old */
	struct marking floor;	/* what comes in is marked no less */
};

struct inbox;
/* On a desk, which must outlive it. Reads the files of the setup. 0, or negative and why[]. */
int inbox_open(struct inbox **ret, struct desk *d, const struct inbox_setup *setup,
	       char why[DESK_WHY]);
struct inbox *inbox_close(struct inbox *in);	/* takes NULL, gives NULL */

/* ---- receiving ---- */

struct inbox_letter {
	const struct item *item;	/* a report (or an indicator: then a report of it) */
	const char *format;		/* "xarf" */
	const char *original;		/* SHA-256 of the document (store_keep), hex */
	bool headers;			/* the document is a message with its headers */
	bool is_marked;			/* the format says a marking (else the floor alone) */
};
/* Is it what a zone check of somebody else's found, or an incident of such, and no abuse? Who
 * runs the zone wants that, by letter; in an inbox of abuse it is noise. */
bool inbox_is_fault(const struct item *i);
struct inbox_told {
	u64 number, same;
	enum report_state state;
	unsigned weight;
	bool again;	/* the same came out of the same document: nothing was taken */
};
/* Takes a report, in the open change: event report.received. 0 and *ret, or negative. */
int inbox_take(struct inbox *in, const struct inbox_letter *l, struct inbox_told *ret);
/* Keeps a document: its hash. In the open change. */
int inbox_keep(struct inbox *in, const void *octets, size_t n, char hash[65]);

/* Takes items as indicators of others, one event for all of them (at most
 * INBOX_BATCH): known ids are renewed. In the open change. */
#define INBOX_BATCH 200u
struct inbox_batch {
	const struct item *const *items;
	size_t count;
	const char *format, *document;
	bool is_marked;
};
/* Adds to *fresh (may be NULL) how many of their ids were not known. */
int inbox_indicators(struct inbox *in, const struct inbox_batch *b, size_t *fresh);

/* ---- deciding; each begins and ends a change of its own ---- */

struct inbox_set { u64 *at; size_t count; };	/* numbers of reports, ascending */
/* All that fulfil the query (of DESK_report) and may be seen. free(ret->at). */
int inbox_find(struct gate *g, const struct store_query *q, struct inbox_set *ret);
/* Numbers as text, "1-9,12", and back: 0, OOPS_FORMAT. free(ret->at). */
struct buf;
void inbox_set_text(struct buf *out, const struct inbox_set *s);
int inbox_set_parse(const char *text, struct inbox_set *ret);

/* Every one of the set to NOISE or DUPLICATE (of `same`), to ANSWERED (what was decided: the
 * reporters have their answer), or back to NEW, for one reason: one event. Those that are not
 * in a state from which that goes are a refusal of the whole (OOPS_RANGE and the sentence).
 * What was a duplicate is weighed when it is NEW, by the files of the desk's house (house.h),
 * and a new duplicate adds what it knows to the first: report.weighed, in the same change.
 * *event: what inbox_undo() takes it back by. */
struct inbox_decision {
	enum report_state state;
	const char *reason;
	u64 same;
};
int inbox_decide(struct desk *d, const struct inbox_set *s, const struct inbox_decision *is,
		 u64 *event);
/* Into the incident, as its members. In the open change of the caller. */
int inbox_accept(struct desk *d, const struct inbox_set *s, u64 incident, u64 *event);
/* Into a new one, of that title or (NULL) one that follows from the first report. */
int inbox_accept_new(struct desk *d, const struct inbox_set *s, const char *title,
		     u64 *incident, u64 *event);
/* The open incident about the host that all of them are about; 0 when there is none, or they
 * are about several. */
int inbox_open_about(struct desk *d, const struct inbox_set *s, u64 *ret);
/* Those about one host into the open incident about it, or a new one; a change of its own. */
#define INBOX_STRICTER_MAX 100u
struct inbox_accepted {
	u64 opened, joined, event;
	u64 incident;	/* the only one, or 0 */
	/* Incidents that are marked stricter now than they were (case_raise.h): the first. */
	struct { u64 number; struct marking was, is; } stricter[INBOX_STRICTER_MAX];
	u64 stricter_count;	/* all */
};
int inbox_accept_all(struct desk *d, const struct inbox_set *s, struct inbox_accepted *ret);
/* Makes all new again that a decision (its event's number) closed or accepted, if nobody has
 * decided otherwise since: those that were accepted leave their incidents, and one that was
 * opened of nothing else and that nobody has taken on is closed. *count = how many. */
int inbox_undo(struct desk *d, u64 event, const char *reason, u64 *count);

/* ---- triage ---- */

/* Files that facts come out of, beside the store. */
enum inbox_file { INBOX_ZONES, INBOX_POPULAR, INBOX_SUFFIXES, INBOX_FILE_COUNT };
extern const char *const inbox_files[];	/* "zones", ...: for people; ends with NULL */
/* Has this inbox such a file? */
bool inbox_looks(const struct inbox *in, enum inbox_file s);

/* Looks all facts of the set up again: events report.weighed. A fact goes only by a new look at
 * the same source: what is not looked at, or in an older snapshot, stays as it was. */
struct inbox_looked {
	u64 changed;			/* reports */
	u64 kept[INBOX_FILE_COUNT];	/* facts that were not looked at */
};
int inbox_again(struct inbox *in, const struct inbox_set *s, struct inbox_looked *ret);

enum inbox_pile { PILE_NOISE, PILE_DOUBTFUL, PILE_GENUINE, PILE_COUNT };
extern const char *const inbox_piles[];	/* "noise", "doubtful", "genuine" */
struct inbox_heap {	/* new reports that weigh alike for the same main reason */
	enum inbox_pile pile;
	enum inbox_fact fact;	/* what weighs most in the pile's direction */
	bool is_plain;		/* no fact weighs that way */
	struct inbox_set set;
};
#define INBOX_HEAPS_MAX (PILE_COUNT * (INBOX_FACT_COUNT + 1))
struct inbox_triage {
	struct inbox_heap heaps[INBOX_HEAPS_MAX];
	size_t count;
	u64 all;			/* reports that are new */
	u64 per[PILE_COUNT];
};
/* Sorts all new reports of the query that the audience may see into heaps, the largest
 * first in each pile. */
int inbox_sort(struct gate *g, const struct store_query *q, unsigned noise, unsigned genuine,
	       struct inbox_triage *ret);
void inbox_triage_free(struct inbox_triage *t);	/* takes zeroed ones */
/* "the name is not delegated in a zone of ours": the heap's reason in words. */
const char *inbox_heap_text(const struct inbox_heap *h);
