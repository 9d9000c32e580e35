/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match.c - see match.h. A slot's time is in units of two nanoseconds; its low bit
 * tells that the query was answered. A slot with time 0 is free. */
#include "observe/match.h"
#include "base/hash.h"
#include "base/pages.h"

#define WAYS 4

struct slot { u64 key, time; };
struct bucket { _Alignas(64) struct slot slot[WAYS]; };

struct match {
	struct bucket *buckets;
	u64 mask, timeout;
	struct match_counts counts;
};

int match_open(struct match **ret, u32 transactions, u64 timeout_ns)
{
	struct match *m = calloc(1, sizeof *m);
	u64 n = 16;

	if (m == NULL)
		return -ENOMEM;
	while (n * WAYS < transactions)
		n *= 2;
	m->buckets = pages_get(n * sizeof *m->buckets);
	if (m->buckets == NULL) {
		free(m);
		return -ENOMEM;
	}
	m->mask = n - 1;
	m->timeout = timeout_ns | 1;
	*ret = m;
	return 0;
}

struct match *match_free(struct match *m)
{
	if (m)
		pages_put(m->buckets, (m->mask + 1) * sizeof *m->buckets);
	free(m);
	return NULL;
}

u64 match_key(const struct observation *o)
{
	u64 ends = (u64)o->client_port << 48 | (u64)o->server_port << 32 |
		   (u64)o->msg.id << 16 | o->msg.qtype;
	u64 h = hash_mix(o->client_key ^ ends, o->server_key ^ HASH_B);

	return hash_mix(h ^ o->qname.hash, HASH_A ^ o->transport ^ (u64)o->msg.qclass << 8);
}

void match_hint(const struct match *m, u64 key)
{
	__builtin_prefetch(&m->buckets[key & m->mask], 1);
}

static bool answered(const struct slot *s) { return s->time & 1; }
static u64 time_of(const struct slot *s) { return s->time & ~1ull; }

static void free_slot(struct match *m, struct slot *s)
{
	m->counts.unanswered += (s->time != 0) & !answered(s);
	s->time = 0;
}

/* Waits too long for `now`; or is from a time that comes only after it, because the input went
 * back: it would stay for ever. */
static bool timed_out(const struct match *m, const struct slot *s, u64 now)
{
	int late = time_of(s) + m->timeout < now, early = time_of(s) > now + m->timeout;

	return late | early;
}

/* The slot of a key that has not timed out, or NULL. All four are compared, so that only one
 * branch has to be guessed. */
static struct slot *find(struct match *m, u64 key, u64 now)
{
	struct bucket *b = &m->buckets[key & m->mask];
	unsigned same = 0;

	for (unsigned i = 0; i < WAYS; i++)
		same |= (unsigned)((b->slot[i].key == key) & (b->slot[i].time != 0)) << i;
	for (; same; same &= same - 1) {
		struct slot *s = &b->slot[__builtin_ctz(same)];

		if (likely(!timed_out(m, s, now)))
			return s;
		free_slot(m, s);
	}
	return NULL;
}

/* A free slot, one whose query has timed out, or the one that waits longest. */
static struct slot *place(struct match *m, u64 key, u64 now)
{
	struct bucket *b = &m->buckets[key & m->mask];
	struct slot *oldest = &b->slot[0];
	unsigned free = 0;

	for (unsigned i = 0; i < WAYS; i++)
		free |= (unsigned)((b->slot[i].time == 0) | timed_out(m, &b->slot[i], now)) << i;
	if (likely(free)) {
		struct slot *s = &b->slot[__builtin_ctz(free)];

		free_slot(m, s);
		return s;
	}
	for (unsigned i = 1; i < WAYS; i++)
		if (b->slot[i].time < oldest->time)
			oldest = &b->slot[i];
	m->counts.pushed += !answered(oldest);
	free_slot(m, oldest);
	return oldest;
}

static void look_query(struct match *m, struct observation *o, u64 key)
{
	struct slot *s = find(m, key, o->time_ns);

	if (s && !answered(s)) {
		o->join = JOIN_DUPLICATE;
		m->counts.duplicate_queries++;
		return;
	}
	if (s == NULL)
		s = place(m, key, o->time_ns);
	s->key = key;
	s->time = o->time_ns & ~1ull ? o->time_ns & ~1ull : 2;
}

static void look_response(struct match *m, struct observation *o, u64 key)
{
	struct slot *s = find(m, key, o->time_ns);

	if (s == NULL) {
		o->join = JOIN_UNSOLICITED;
		m->counts.unsolicited++;
	} else if (answered(s)) {
		o->join = JOIN_DUPLICATE;
		m->counts.duplicate_responses++;
	} else {
		o->join = JOIN_ANSWERED;
		o->latency_ns = o->time_ns > time_of(s) ? o->time_ns - time_of(s) : 0;
		m->counts.answered++;
		s->time |= 1;
	}
}

void match_look(struct match *m, struct observation *o, u64 key)
{
	if (o->response)
		look_response(m, o, key);
	else
		look_query(m, o, key);
}

void match_finish(struct match *m)
{
	for (u64 i = 0; i <= m->mask; i++)
		for (unsigned j = 0; j < WAYS; j++)
			free_slot(m, &m->buckets[i].slot[j]);
}

const struct match_counts *match_counts(const struct match *m)
{
	return &m->counts;
}
