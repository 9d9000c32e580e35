/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window.c - see window.h. The registry of keyed summary kinds is the list below. */
#include "window/window.h"
#include "base/hash.h"
#include "base/pages.h"
#include "window/network.h"
#include "window/whole.h"
#include <stdatomic.h>

extern const struct summary_kind summary_domain, summary_client, summary_server, summary_pair;

const struct summary_kind *const summary_kinds[SUMMARY_KINDS + 1] = {
	[SUMMARY_DOMAIN] = &summary_domain,
	[SUMMARY_CLIENT] = &summary_client,
	[SUMMARY_SERVER] = &summary_server,
	[SUMMARY_PAIR] = &summary_pair,
};

/* A key costs its entry, two index slots (four for a moment while the index grows)
 * and what it is likely to hold in the pool. Its rare part counts half, though one in ten has
 * it: were it all of them, the table would take a quarter more than its share. */
#define INDEX_A_KEY 32u
#define KEYS_MIN 64u

/* No two windows of a process, at any time, have one turn: a note may outlive the window that
 * made it, and the next one may lie at the same address. */
static u32 next_turn(void)
{
	static atomic_uint turns;

	return atomic_fetch_add(&turns, 1) + 1;
}

static int open_table(struct window *w, unsigned kind, u64 memory)
{
	const struct summary_kind *k = summary_kinds[kind];
	u64 keys = memory / 100 * k->share / (k->size + k->rare / 2 + k->grown + INDEX_A_KEY);

	keys = max_u64(KEYS_MIN, min_u64(keys, 1u << 30));
	if (keytab_open(&w->table[kind], k->size, (u32)keys) < 0)
		return -ENOMEM;
	w->table[kind].weigh = k->weigh;
	w->table[kind].drop = k->drop;
	w->table[kind].owner = w;
	if (k->rare && pool_open(&w->rare, keys * k->rare + POOL_UNIT) < 0)
		return -ENOMEM;
	return pool_open(&w->pool[kind], max_u64(4096, keys * k->grown));
}

int window_open(struct window **ret, u64 memory, u64 key)
{
	struct window *w = calloc(1, sizeof *w);

	if (w == NULL)
		return -ENOMEM;
	w->key = key;
	w->turn = next_turn();
	w->whole = whole_make();
	w->seen = pages_full(sizeof *w->seen << SEEN_LOG);
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		if (w->whole == NULL || w->seen == NULL || open_table(w, k, memory) < 0) {
			window_free(w);
			return -ENOMEM;
		}
	*ret = w;
	return 0;
}

struct window *window_free(struct window *w)
{
	if (w == NULL)
		return NULL;
	for (unsigned i = 0; i < SUMMARY_KINDS; i++) {
		keytab_close(&w->table[i]);
		pool_close(&w->pool[i]);
	}
	pool_close(&w->rare);
	whole_free(w->whole);
	pages_put(w->seen, sizeof *w->seen << SEEN_LOG);
	free(w);
	return NULL;
}

void window_clear(struct window *w)
{
	for (unsigned i = 0; i < SUMMARY_KINDS; i++) {
		keytab_clear(&w->table[i]);
		pool_clear(&w->pool[i]);
	}
	pool_clear(&w->rare);
	whole_clear(w->whole);
	memset(w->seen, 0, sizeof *w->seen << SEEN_LOG);
	w->from_ns = w->until_ns = w->frames = w->lost = w->late = 0;
	w->queries = w->responses = 0;
	w->turn = next_turn();
}

bool window_empty(const struct window *w)
{
	return w->table[SUMMARY_CLIENT].count == 0 && w->frames == 0;
}

#define SMALL_TABLE (128u << 10)	/* octets that stay in the cache by themselves */

static bool large(const struct window *w, unsigned kind)
{
	const struct keytab *t = &w->table[kind];

	return (u64)t->count * t->size > SMALL_TABLE;
}

/* Fetches ahead in two steps, so that the misses of a batch overlap: slots of the index,
 * entries. What these hold in the pool is each kind's own to fetch. */
static void fetch_ahead(const struct window *w, unsigned n, u64 key[SUMMARY_KINDS][WINDOW_BATCH])
{
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		for (unsigned i = 0; large(w, k) && i < n; i++)
			if (key[k][i])
				keytab_hint(&w->table[k], key[k][i]);
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		for (unsigned i = 0; large(w, k) && i < n; i++)
			if (key[k][i])
				keytab_reach(&w->table[k], key[k][i]);
}

/* A response joins its query, in the query's place, if that is among these observations. */
static unsigned make_turns(const struct observation *o, unsigned n, struct turn *turn)
{
	u8 at[WINDOW_BATCH];
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct observation *query = o[i].query;

		if (query >= o && query < o + i) {
			turn[at[query - o]] = (struct turn){ &o[i], query };
			continue;
		}
		at[i] = (u8)count;
		turn[count++] = (struct turn){ &o[i], NULL };
	}
	return count;
}

void window_fold(struct window *w, const struct observation *o, unsigned n)
{
	u64 key[SUMMARY_KINDS][WINDOW_BATCH];
	struct turn turn[WINDOW_BATCH];
	unsigned turns;

	must(n <= WINDOW_BATCH);
	turns = make_turns(o, n, turn);
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		summary_kinds[k]->keys(turn, turns, key[k]);
	fetch_ahead(w, turns, key);
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		summary_kinds[k]->fold(w, turn, turns, key[k]);
	whole_fold(w->whole, turn, turns);
}

void window_fold_fragments(struct window *w, const struct fragment_loss *loss)
{
	bool fresh;
	struct client_sum *c = keytab_get(&w->table[SUMMARY_CLIENT],
					  address_key(&loss->dst, w->key), &fresh);
	struct client_rare *r = client_rare_make(w, c);
	struct server_sum *s;

	if (fresh)
		c->addr = loss->dst;
	r->fragments += loss->fragments;
	r->fragment_octets += loss->octets;
	s = keytab_get(&w->table[SUMMARY_SERVER], address_key(&loss->src, w->key), &fresh);
	if (fresh) {
		s->addr = loss->src;
		s->big_clients.k = 15;
	}
	s->fragments += loss->fragments;
	s->fragment_octets += loss->octets;
}

void window_close_kind(struct window *w, unsigned kind)
{
	if (summary_kinds[kind]->close)
		for (u32 i = 0; i < w->table[kind].count; i++)
			summary_kinds[kind]->close(w, keytab_at(&w->table[kind], i));
	if (kind == SUMMARY_CLIENT)
		networks_close(w);
}

void window_close(struct window *w)
{
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		window_close_kind(w, k);
}

#define MERGE_BATCH 16u

/* Some entries, in steps: their slots, entries and what these hold come from memory while the
 * others are at it. */
static void merge_some(struct window *into, const struct window *from, unsigned kind, u32 at,
		       u32 n)
{
	const struct summary_kind *k = summary_kinds[kind];
	const struct keytab *ft = &from->table[kind];
	struct keytab *it = &into->table[kind];
	void *entry[MERGE_BATCH];
	bool fresh;

	for (u32 i = 0; i < n; i++)
		keytab_hint(it, *(const u64 *)keytab_at(ft, at + i));
	for (u32 i = 0; i < n; i++)
		keytab_reach(it, *(const u64 *)keytab_at(ft, at + i));
	for (u32 i = 0; i < n; i++) {
		entry[i] = keytab_get(it, *(const u64 *)keytab_at(ft, at + i), &fresh);
		if (k->reach) {
			k->reach(into, entry[i]);
			k->reach(from, keytab_at(ft, at + i));
		}
	}
	for (u32 i = 0; i < n; i++)
		k->merge(into, entry[i], from, keytab_at(ft, at + i));
}

/* In a table that is about to be full entries give way to each other: one at a time then. */
void window_merge_kind(struct window *into, const struct window *from, unsigned kind)
{
	const struct keytab *ft = &from->table[kind];
	struct keytab *it = &into->table[kind];

	for (u32 i = 0, n; i < ft->count; i += n) {
		n = it->count + MERGE_BATCH <= it->cap ? MERGE_BATCH : 1;
		n = (u32)min_u64(n, ft->count - i);
		merge_some(into, from, kind, i, n);
	}
	keytab_merge_lost(it, ft);
}

void window_merge_rest(struct window *into, const struct window *from)
{
	whole_merge(into->whole, from->whole);
	if (from->until_ns && !window_empty(from)) {
		into->from_ns = into->until_ns ? min_u64(into->from_ns, from->from_ns)
					       : from->from_ns;
		into->until_ns = max_u64(into->until_ns, from->until_ns);
	}
	into->frames += from->frames;
	into->lost += from->lost;
	into->late += from->late;
	into->queries += from->queries;
	into->responses += from->responses;
}

void window_merge(struct window *into, const struct window *from)
{
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		window_merge_kind(into, from, k);
	window_merge_rest(into, from);
}

u64 window_crowded(const struct window *w)
{
	u64 crowded = 0;

	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		crowded += w->table[k].crowded;
	return crowded;
}
