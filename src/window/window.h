/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.h - one window of event time: the tables of every summary kind.
 *
 * fold, merge and close are all that happens to a window; detectors read it. Two
 * windows over the same span merge into what one would have been: threads, minutes
 * into days, sites. The law is exact while no table is full and no sample starved;
 * then the bounds are widened (entry.lost, sample.starved) and counted (crowded).
 *
 * Memory: window_open() divides its budget among the tables (share of each row) and
 * the pool; nothing is touched before it is used. */
#pragma once
#include "base/pool.h"
#include "packet/packet.h"
#include "window/keytab.h"
#include "window/summary.h"

#define MINUTE_NS (60ull * 1000000000ull)
#define DAY_NS (1440 * MINUTE_NS)

enum summary_id { SUMMARY_DOMAIN, SUMMARY_CLIENT, SUMMARY_SERVER, SUMMARY_PAIR, SUMMARY_KINDS };
extern const struct summary_kind *const summary_kinds[SUMMARY_KINDS + 1];

struct whole;

struct window {
	u64 from_ns, until_ns;	/* [from, until) */
	u64 key;		/* hash key of the run */
	u64 frames, lost, late;	/* of the capture, while the window was open */
	u64 queries, responses;	/* folded into domains */
	struct pool pool[SUMMARY_KINDS];	/* one a table: kinds merge side by side */
	struct pool rare;	/* a block for each client's struct client_rare: never short */
	struct keytab table[SUMMARY_KINDS];
	struct whole *whole;
	u32 turn;	/* another one after each window_clear(): notes of before do not count */
	u64 *seen;		/* what was folded lately; see window_seen() */
};

/* Samples do not change when the same thing is folded again, and many things come again soon
 * (an answer, a zone's SOA record): a small cache of hashes of what was folded into this
 * window spares the search in the sample. True: it was folded, all 64 bits equal. */
#define SEEN_LOG 14
static inline void window_seen_hint(const struct window *w, u64 hash)
{
	__builtin_prefetch(&w->seen[hash >> (64 - SEEN_LOG)], 1);
}
static inline bool window_seen(struct window *w, u64 hash)
{
	u64 *slot = &w->seen[hash >> (64 - SEEN_LOG)];

	if (*slot == hash)
		return true;
	*slot = hash;
	return false;
}

int window_open(struct window **ret, u64 memory, u64 key);	/* 0 or -ENOMEM */
struct window *window_free(struct window *w);
void window_clear(struct window *w);
bool window_empty(const struct window *w);

/* Folds observations of this window. n <= WINDOW_BATCH. */
#define WINDOW_BATCH 128	/* as many as struct mates can number */
void window_fold(struct window *w, const struct observation *o, unsigned n);
/* A datagram that was given up with its fragments. */
void window_fold_fragments(struct window *w, const struct fragment_loss *loss);
/* The minute is complete: sets peaks. */
void window_close(struct window *w);
/* Takes in all of `from`; the span becomes the union. The parts of it may go to
 * different threads: one kind each, and the rest (whole, span, counts). */
void window_merge(struct window *into, const struct window *from);
void window_merge_kind(struct window *into, const struct window *from, unsigned kind);
void window_merge_rest(struct window *into, const struct window *from);
void window_close_kind(struct window *w, unsigned kind);
u64 window_crowded(const struct window *w);

/* What an entry may have lost by crowding: in the window's tables, and before it was packed. */
/* How many clients asked under a domain, about. */
u64 domain_clients(const struct domain_sum *d);
u64 domain_lost(const struct window *w, const struct domain_sum *d);
u64 pair_lost(const struct window *w, const struct pair_sum *p);
/* Octets that the client can have moved out and in, at most, by what was picked. */
u64 pair_out(const struct pair_sum *p);
u64 pair_in(const struct pair_sum *p);
/* The key of a client and a domain together. */
u64 pair_key(u64 client, u64 domain);
/* The rare part of a client, for reading: all zero where there is none. */
const struct client_rare *client_rare(const struct window *w, const struct client_sum *c);
/* The same to be written: made where there is none. */
struct client_rare *client_rare_make(struct window *w, struct client_sum *c);
static inline const struct domain_sum *window_domain(const struct window *w, u64 key)
{
	return keytab_find(&w->table[SUMMARY_DOMAIN], key);
}
static inline const struct client_sum *window_client(const struct window *w, u64 key)
{
	return keytab_find(&w->table[SUMMARY_CLIENT], key);
}
