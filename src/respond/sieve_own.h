/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_own.h - what the files of the sieve share and nobody else sees. */
#pragma once
#include "respond/gate_own.h"
#include "respond/sieve.h"
#include "respond/texts.h"
#include <pthread.h>

/* What nearly every question looks at. */
struct sieve_hot {
	u16 rule;
	u8 kind, severity, confidence;
	u8 label;		/* its own */
	struct marking marking;	/* joined with what people raised it to */
};
_Static_assert(sizeof(struct sieve_hot) == 8, "a walk reads all of them");

/* Columns, in the order in which the findings came in. */
#define SIEVE_COLUMNS(F)                                                       \
	F(struct sieve_hot, hot) F(u64, until) F(u64, from) F(u64, id)         \
	F(u32, number) F(u32, subject) F(u32, zone) F(u32, incident) F(u32, written)

struct sieve_held {
	struct sieve_case is;
	struct marking marking;
	bool there;
};

struct sieve {
	pthread_rwlock_t lock;
	u64 revision, event, left_out;
	bool has_desk;
	struct texts words;	/* in lower case */
#define F(type, name) type *name;
	SIEVE_COLUMNS(F)
#undef F
	u32 count, room;
	u32 *sorted, *rank;	/* words in order; of each word its place there */
	u32 ranked;		/* words that have a rank: the first so many */
	u32 *place;		/* by the finding's number: place + 1 */
	u64 place_room;
	struct sieve_held *cases;	/* by the incident's number */
	u64 case_room;
	char *rules[SIEVE_RULES], *kinds[SIEVE_KINDS];	/* as they are written */
	u32 rule_count, kind_count;
};

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
	u8 *subject;		/* of each text: it may be the subject; NULL = all may */
	u8 *number;		/* of each entry: it is among the numbers wanted; NULL = all */
	u8 *party;		/* of each entry: a related party's name begins with the text */
	u8 rule_word[SIEVE_RULES];
	u32 rule_rank[SIEVE_RULES];
	/* Bits of the conditions that each value fails. */
	u8 rule[SIEVE_RULES], kind[SIEVE_KINDS], severity[SEVERITY_COUNT], label[LABEL_COUNT];
	bool lets[LABEL_COUNT][PAP_COUNT];	/* markings that the audience may have */
	bool more;		/* conditions without facets are asked for */
	u8 words;		/* all bits that are wanted */
	u32 zone;		/* word of the zone; UINT32_MAX = any */
};
/* The ranks of all words are there: the write lock is held. 0 or -ENOMEM. */
int sieve_rank_words(struct sieve *v);
/* Twice the place of a text among n words in order and one more; when it is not there, the
 * even number between its neighbours. */
u64 sieve_rank_of(const struct sieve *v, const char *text);
/* Decides on texts, rules, runs and parties: 0 or negative. The read lock is held. */
int sieve_prepare(struct sieve_asked *a, struct store *s);
