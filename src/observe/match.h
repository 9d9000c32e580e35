/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match.h - queries find their responses, in a table of fixed size.
 *
 *   bucket | key time | key time | key time | key time |     one cache line
 *
 * The key of a transaction is a hash over both addresses and ports, transport, id,
 * question name (case folded), type and class (RFC 5452, 9.1). A query waits until its
 * response comes or MATCH_TIMEOUT has passed in event time; an answered one stays so
 * that a second response is known as a duplicate. A full bucket gives up its oldest:
 * `pushed` counts those.
 *
 * Event time may go back a little (several sources, several CPUs): a response that
 * seems earlier than its query has latency 0.
 *
 * Cost: one cache line, fetched ahead by match_hint(). Memory: 64 octets a bucket. */
#pragma once
#include "model/observation.h"

struct match_counts {
	u64 answered, unanswered, unsolicited, duplicate_queries, duplicate_responses, pushed;
};

struct match;
/* Room for about `transactions` waiting at a time (rounded up to a power of two). */
int match_open(struct match **ret, u32 transactions, u64 timeout_ns);
struct match *match_free(struct match *m);

/* The key of a message's transaction: equal for a query and its response. */
u64 match_key(const struct observation *o);
/* Fetches the bucket of a key ahead. */
void match_hint(const struct match *m, u64 key);
/* Sets o->join and o->latency_ns. Messages without a question have no partner. */
void match_look(struct match *m, struct observation *o, u64 key);
/* The end of input: what still waits is unanswered. */
void match_finish(struct match *m);
const struct match_counts *match_counts(const struct match *m);
