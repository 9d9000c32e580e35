/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve.h - all findings as columns in memory: filters, counts and order in one walk.
 *
 *   store --brief index--> columns (72 octets a finding) + words (each text once)
 *   question + audience --one walk--> how many, how many by facet, one page of numbers
 *
 * What an audience may not have is left out before anything is counted, by the rule of the
 * gate: a finding's own label joined with what people raised it to as a member of incidents.
 * So counts, facets, pages and cursors are of what may be seen and tell nothing of the rest:
 * ties are broken by the findings' ids (hashes), never by their numbers in the file. The page
 * is numbers only; who wants the findings takes each through the gate again.
 *
 * An incident's number and state are shown with a finding when the incident itself may be
 * seen. The sieve follows the store: sieve_refresh() takes in what was written since (by
 * revision of findings and by number of events) and costs two look-ups when nothing was.
 *
 * Sentences are searched, too: what they say without their values stands once for all findings
 * that say the same, in every language, and each value once (sieve_said.c).
 *
 * What one audit of a zone after the other finds is one fault (fault.h): with `once` it is
 * shown and counted by the newest finding that may be seen and fits the question's time, run
 * and incident; the page says since when and how often it was found (sieve_fault.c).
 *
 * Cost: 2 us a finding to read it in; 1 to 10 ns a finding and question; 72 octets a finding,
 * 4 for each value of its sentence, and each text once.
 * Past SIEVE_MOST findings the earliest in the file are left out and sieve_left_out() says so.
 * For several threads: questions run side by side, a refresh alone. */
#pragma once
#include "respond/gate.h"

#define SIEVE_MOST 8000000u
#define SIEVE_RULES 4096u
#define SIEVE_KINDS 64u
#define SIEVE_PAGE_MAX 500u
#define SIEVE_WORDS 8u		/* words of a text that is searched for */
#define SIEVE_RELATED 5000u	/* findings taken in by a related party's name */

struct sieve;
/* An empty one; `key` (of hashes) is not to be guessed by outsiders. 0 or -ENOMEM. */
int sieve_open(struct sieve **ret, u64 key);
struct sieve *sieve_close(struct sieve *v);	/* takes NULL, gives NULL */
/* Takes in what the store has and the sieve has not: 0 or negative, store_error(). */
int sieve_refresh(struct sieve *v, struct store *s);
/* From now on somebody calls sieve_refresh() often. Questions then wait for what was done at
 * the desk only; findings of the last moment come a moment later. (Each refresh keeps all
 * questions waiting, and a run may write fifty times a second.) */
void sieve_watch(struct sieve *v);
/* How many of a hundred findings are there already, while they are read the first time. */
unsigned sieve_read(struct sieve *v);
/* Findings that found no room. */
u64 sieve_left_out(struct sieve *v);
/* The revision of the finding that was written last (store/read.h). */
u64 sieve_revision(struct sieve *v);

/* One finding, as the walk sees it; what is rarely wanted is asked for. */
struct sieve_asked;
struct sieve_row {
	const struct sieve_asked *of;
	u32 at;
	u64 from, until;
	u32 rule_at;		/* a number of the rule, below SIEVE_RULES */
	u8 severity, confidence;
	struct marking marking;
};
u64 sieve_row_number(const struct sieve_row *r);
u64 sieve_row_revision(const struct sieve_row *r);
const char *sieve_row_rule(const struct sieve_row *r);
/* Numbers of subject and zone among the texts; a text of such a number, in lower case. */
u32 sieve_row_subject(const struct sieve_row *r);
u32 sieve_row_zone(const struct sieve_row *r);
const char *sieve_row_text(const struct sieve_row *r, u32 text);
/* The incident, if it may be seen; 0 = none. */
u64 sieve_row_incident(const struct sieve_row *r);
/* A number of its fault; 0 = it is of traffic. */
u32 sieve_row_fault(const struct sieve_row *r);
/* When the window of the next finding of its fault ends; 0 = there is none. */
u64 sieve_row_newer(const struct sieve_row *r);
/* Was its fault found before, and written at that revision or earlier? */
bool sieve_row_known(const struct sieve_row *r, u64 revision);

/* What comes first, then the latest, then by id. */
#define SIEVE_ORDERS(F)                                                        \
	F(SEVERITY, "severity") F(TIME, "time") F(OLDEST, "oldest")            \
	F(SUBJECT, "subject") F(RULE, "rule") F(CONFIDENCE, "confidence")
#define F(name, text) SIEVE_BY_##name,
enum sieve_order { SIEVE_ORDERS(F) SIEVE_ORDER_COUNT };
#undef F
extern const char *const sieve_orders[];

/* The place of a finding in an order. */
struct sieve_rank {
	u8 severity, confidence;
	u64 until, id;		/* the id's first 8 octets */
};
struct sieve_key {
	struct sieve_rank rank;
	char text[FINDING_SUBJECT_MAX];	/* of SIEVE_BY_SUBJECT, SIEVE_BY_RULE; else "" */
};

/* Conditions; zeroed: everything. Texts are compared with ASCII case folded. */
struct sieve_ask {
	/* Asked once for each rule there is; NULL: every rule. */
	bool (*takes_rule)(void *to, const char *rule);
	/* Asked once for each rule and word of `text`: does what is said of the rule, beside its
	 * id, hold the word? NULL: nothing is. */
	bool (*rule_says)(void *to, const char *rule, const char *word);
	void *to;
	enum severity severity;	/* at least */
	u64 since, until;	/* the window overlaps [since, until); 0 = open */
	unsigned labels;	/* bits of enum label; 0 = all */
	unsigned states;	/* bits of enum incident_state, SIEVE_NO_INCIDENT; 0 = all */
	const char *kinds;	/* subject kinds, commas between; NULL = all */
	u64 incident, run;
	u64 revision;		/* only what was written after it (store/read.h) */
	const char *subject, *begins, *holds;	/* the subject is, begins with, holds */
	const char *under;	/* it is this domain or a name below it */
	const char *zone;	/* of this zone's audits */
	const char *related;	/* names this party */
	const char *text;	/* words that all stand in subject, zone, rule, its title or the
				 * sentence, in whatever language that is shown; a single word
				 * also begins a related party's name */
	enum sieve_order order;
	const struct sieve_key *after;	/* only what comes behind it; NULL = from the start */
	u32 limit;		/* of the page; up to SIEVE_PAGE_MAX */
	bool facets;
	bool once;		/* each fault by its newest finding only */
};
#define SIEVE_NO_INCIDENT (1u << INCIDENT_STATE_COUNT)

struct sieve_item {
	u64 number, incident;
	u8 state;
	struct marking marking;
	u64 first;		/* begin of the first window in which its fault was found */
	u32 times;		/* that it was found; of traffic 1 */
};
/* Each facet counts what all conditions but its own let through. */
struct sieve_found {
	u64 total;
	u32 count;
	struct sieve_item items[SIEVE_PAGE_MAX];
	bool more;		/* there are some behind the page */
	struct sieve_key last;	/* of the page */
	u64 severities[SEVERITY_COUNT], labels[LABEL_COUNT], states[INCIDENT_STATE_COUNT + 1];
	u64 rules[SIEVE_RULES], kinds[SIEVE_KINDS];
};
/* Refreshes from the gate's store, then answers for the gate's audience. *ret is large:
 * allocate it. 0, -ENOMEM, or negative with store_error(). */
int sieve_ask(struct sieve *v, struct gate *g, const struct sieve_ask *ask,
	      struct sieve_found *ret);
/* Calls each() for everything that the conditions let through, in no order. It must be quick
 * and may not ask the sieve. 0 or negative. */
typedef void sieve_fn(void *to, const struct sieve_row *r);
int sieve_walk(struct sieve *v, struct gate *g, const struct sieve_ask *ask, sieve_fn *each,
	       void *to);

/* What is known here of an incident: what an overview counts. */
struct sieve_case {
	u64 number, version, opened, due;	/* due 0 = none */
	u8 state, severity;
};
typedef void sieve_case_fn(void *to, const struct sieve_case *c);
/* Every incident that the gate's audience may see. Refreshes first. */
int sieve_cases(struct sieve *v, struct gate *g, sieve_case_fn *each, void *to);
/* Names of the facets' numbers; NULL past the last. Good as long as the sieve. */
const char *sieve_rule(struct sieve *v, u32 at);
const char *sieve_kind(struct sieve *v, u32 at);
