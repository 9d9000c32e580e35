/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_own.h - what the files of the sieve share and nobody else sees. */
#pragma once
#include "respond/gate_own.h"
#include "respond/sieve.h"
#include <pthread.h>

/* Texts in lower case, each once: word n is at + offsets[n]. */
struct sieve_words {
	char *at;
	u32 *offsets, *table;	/* table: number + 1, open addressing */
	u32 count, offset_room, mask;
	size_t len, room;
	u64 key;
};

struct sieve_entry {
	u64 from, until, id;
	u32 number, subject, zone;	/* words */
	u32 incident, revision;
	u16 rule;
	u8 kind, severity, confidence;
	u8 label;		/* its own */
	struct marking marking;	/* joined with what people raised it to */
};

struct sieve_held {
	struct sieve_case is;
	struct marking marking;
	bool there;
};

struct sieve {
	pthread_rwlock_t lock;
	u64 revision, event, age, left_out;
	bool has_desk;
	struct sieve_words words;
	struct sieve_entry *at;
	u32 count, room;
	u32 *place;		/* by the finding's number: place + 1 */
	u64 place_room;
	struct sieve_held *cases;	/* by the incident's number */
	u64 case_room;
	char *rules[SIEVE_RULES], *kinds[SIEVE_KINDS];	/* as they are written */
	u32 rule_count, kind_count;
};

static inline const char *sieve_word(const struct sieve *v, u32 n)
{
	return v->words.at + v->words.offsets[n];
}

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
	bool rule[SIEVE_RULES], kind[SIEVE_KINDS];
	u8 words;		/* all bits that are wanted */
	u32 zone;		/* word of the zone; UINT32_MAX = any */
};
/* Decides on texts, rules, runs and parties: 0 or negative. The read lock is held. */
int sieve_prepare(struct sieve_asked *a, struct store *s);
