/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_own.h - what sieve.c and sieve_ask.c share and nobody else sees. */
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
