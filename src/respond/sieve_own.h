/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_own.h - what the files of the sieve share and nobody else sees. */
#pragma once
#include "respond/fault.h"
#include "respond/gate_own.h"
#include "respond/sieve.h"
#include "respond/texts.h"
#include <pthread.h>
#include <stdatomic.h>

/* What nearly every question looks at. */
struct sieve_hot {
	u16 rule;
	u8 kind, severity, confidence;
	u8 own;			/* its own marking: the TLP, and the PAP in the upper half */
	struct marking marking;	/* joined with what people raised it to */
};
_Static_assert(sizeof(struct sieve_hot) == 8, "a walk reads all of them");

/* Columns, in the order in which the findings came in. */
#define SIEVE_COLUMNS(F)                                                       \
	F(struct sieve_hot, hot) F(u64, until) F(u64, from) F(u64, id)         \
	F(u32, number) F(u32, subject) F(u32, zone) F(u32, incident) F(u32, written) \
	F(u32, plain) F(u32, values) F(u32, fault) F(u32, older) F(u32, newer)

struct sieve_held {
	struct sieve_case is;
	struct marking marking;
	bool there;
};

/* ---- sieve_said.c: sentences, taken apart ---- */

#define SAID_PLAINS 4096u
#define SAID_TONGUES 8u		/* languages at most */
#define SAID_NONE UINT32_MAX	/* a sentence without values */

struct said {		/* zeroed = empty; the texts' `key` may be set before the first one */
	struct texts plain;	/* in English, without values */
	struct texts shown;	/* the same, and so in the other languages */
	u32 shown_of[SAID_PLAINS];
	struct texts values;
	u32 *list;	/* numbers of values, those of one sentence side by side */
	size_t count, room, dead;
};
struct sentence { const char *text, *subject, *zone; };	/* the latter two in lower case */

/* Numbers of the plain sentence (among `shown`) and of its first value in the list: 0 or
 * negative. */
int said_add(struct said *s, const struct sentence *of, u32 *plain, u32 *values);
/* Those of `wanted` bits that no value of the sentence is marked with; marks[]: of each. */
u8 said_missing(const struct said *s, u32 values, const u8 *marks, u8 wanted);
/* Nobody has those values any more. When much is of no use, the list is made anew; values[]
 * of all who have some are changed. */
void said_drop(struct said *s, u32 values);
bool said_is_wasteful(const struct said *s);
int said_tidy(struct said *s, u32 *values, u32 count);
void said_free(struct said *s);
/* A word without the quotes and stops around it: its length, and where it begins. */
size_t said_core(const char *word, size_t n, size_t *from);

/* ---- sieve_run.c: findings of runs ---- */
struct sieve_runs;
int sieve_runs_open(struct sieve_runs **ret);	/* 0 or -ENOMEM */
struct sieve_runs *sieve_runs_close(struct sieve_runs *r);	/* takes NULL, gives NULL */
/* The findings have other places now: the write lock is held. */
void sieve_runs_forget(struct sieve_runs *r);

struct sieve {
	pthread_rwlock_t lock;
	struct sieve_runs *runs;
	u64 revision, event, left_out;
	bool has_desk;
	atomic_bool watched;	/* somebody else takes in what is written */
	_Atomic u64 read, to_read;	/* the first time */
	struct texts words;	/* subjects and zones, in lower case */
	struct said said;
#define F(type, name) type *name;
	SIEVE_COLUMNS(F)
#undef F
	u32 count, room;
	struct faults faults;
	u32 *last, last_room;	/* by fault: its newest finding, place + 1 */
	bool seen_again;	/* a fault has two */
	u32 *sorted, *rank;	/* words in order; of each word its place there */
	u32 ranked;		/* words that have a rank: the first so many */
	u32 *place;		/* by the finding's number: place + 1 */
	u64 place_room;
	struct sieve_held *cases;	/* by the incident's number */
	u64 case_room;
	struct texts rule_texts, kind_texts;	/* in the order of the names */
	char *rules[SIEVE_RULES], *kinds[SIEVE_KINDS];	/* as they are written */
	u32 rule_count, kind_count;
};

/* Before a question: takes in what must be; the rest, when nobody watches (sieve_watch()). */
int sieve_keep_up(struct sieve *v, struct store *s);

static inline const char *sieve_word(const struct sieve *v, u32 n)
{
	return word(&v->words, n);
}

/* Conditions that have a facet. */
enum { BY_SEVERITY = 1, BY_RULE = 2, BY_LABEL = 4, BY_KIND = 8, BY_STATE = 16 };

/* A question that is being answered. */
struct sieve_asked {
	const struct sieve *v;
	const struct sieve_ask *ask;
	struct marking clearance;
	u8 *word;		/* of each text: bits of the words it holds; NULL = no text */
	u8 *plain, *value;	/* the same of plain sentences and their values */
	u8 valued;		/* bits that a value has */
	u8 *subject;		/* of each text: it may be the subject; NULL = all may */
	u8 *number;		/* of each entry: it is among the numbers wanted; NULL = all */
	u8 *party;		/* of each entry: a related party's name begins with the text */
	u8 rule_word[SIEVE_RULES];
	u32 rule_rank[SIEVE_RULES];
	/* Bits of the conditions that each value fails. */
	u8 rule[SIEVE_RULES], kind[SIEVE_KINDS], severity[SEVERITY_COUNT], label[LABEL_COUNT];
	bool lets[LABEL_COUNT][PAP_COUNT];	/* markings that the audience may have */
	bool down;		/* from the findings written last to the first */
	u8 words;		/* all bits that are wanted */
	u32 zone;		/* word of the zone; UINT32_MAX = any */
};
/* The ranks of all words are there: the write lock is held. 0 or -ENOMEM. */
int sieve_rank_words(struct sieve *v);
/* Twice the place of a text among n words in order and one more; when it is not there, the
 * even number between its neighbours. */
u64 sieve_rank_of(const struct sieve *v, const char *text);
/* Sets marks[] of the run's findings to 1: 0 or negative. The read lock is held. */
int sieve_mark_run(const struct sieve *v, struct store *s, u64 run, u8 *marks);
/* Decides on texts, rules, runs and parties: 0 or negative. The read lock is held. */
int sieve_prepare(struct sieve_asked *a, struct store *s);

/* ---- sieve_pick.c: which ---- */

#define SIEVE_BLOCK 1024u
struct sieve_block {
	u32 at[SIEVE_BLOCK], count;
	u8 failed[SIEVE_BLOCK];	/* with facets: bits of the conditions that each fails */
};
u32 sieve_blocks(const struct sieve_asked *a);
/* The findings of block n (in the direction of the walk) that fulfil all conditions; with
 * facets those, too, that fail conditions which have one. */
void sieve_pick(const struct sieve_asked *a, u32 n, struct sieve_block *b);
/* Of those that were picked with facets: those that fail none. */
void sieve_pick_whole(struct sieve_block *b);
/* The state of the finding's incident; INCIDENT_STATE_COUNT: none that may be seen. */
u8 sieve_state(const struct sieve_asked *a, u32 i);

/* ---- sieve_fault.c: findings of one fault ---- */

/* Puts a finding that is new among those of its fault: 0 or negative. */
int sieve_fault_add(struct sieve *v, u32 i);
/* Does a newer one stand for its fault? */
bool sieve_has_newer(const struct sieve_asked *a, u32 i);
/* Sets since when and how often it was found. */
void sieve_fault_seen(const struct sieve_asked *a, u32 i, struct sieve_item *to);

/* ---- sieve_page.c: in what order ---- */

/* What comes first has the smallest; equal ones stand in the order of their ids. */
struct sieve_place { u64 first, second, id; };
struct sieve_entry { struct sieve_place rank; u32 at; };
struct sieve_page {	/* the first `most` findings so far, the last of them on top: a heap */
	struct sieve_entry *at;
	u32 count, most;
	bool is_after;
	struct sieve_place after;
};
/* 0 or -ENOMEM; free(p->at) in any case. */
int sieve_page_begin(const struct sieve_asked *a, struct sieve_page *p);
void sieve_page_add(const struct sieve_asked *a, struct sieve_page *p,
		    const struct sieve_block *b);
/* The page in order, and whether more is behind it. */
void sieve_page_end(const struct sieve_asked *a, struct sieve_page *p, struct sieve_found *f);
