/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.h - what is kept of the traffic: one kind a file, one row in window.c.
 *
 *   domain   what a registered domain's names and answers could carry, who asked
 *   client   what an address asked, got, and was sent without asking
 *   server   what an address answered, and how much bigger than asked
 *   pair     octets between one client and one domain (heavy ones)
 *   whole    the traffic itself: statistics, no key
 *
 * A summary is a fold of observations whose every field merges: counts add, stamps
 * take the least and the greatest, samples join, peaks take the greatest. The lists
 * below are the records: struct, merge and packed form are loops over them. Peaks
 * are set when a minute closes (window_close), after the workers' minutes were
 * merged: a greatest of sums does not merge below that.
 *
 * An entry of a keyed kind is fixed in size; what grows lives in the window's pool. */
#pragma once
#include "model/observation.h"
#include "sketch/sample.h"

/* Bits of an item's mark in the name sample. */
enum name_mark {
	NAME_ASKED = 1, NAME_ANSWERED = 2, NAME_EMPTY = 4, NAME_NX = 8, NAME_FAILED = 16,
	NAME_NUMERIC = 32,	/* reversed address or plain numbers */
	NAME_CARRIED = 64,	/* asked for a type that carries data or names (clients only) */
	NAME_NESTED = 128,	/* a name that ends like a domain, below another */
};

/* Beside the type class in the value of an item of the answer sample. */
#define ANSWER_CLASS 0xff
#define ANSWER_PUBLISHED 0x100	/* a key, policy or token in published form (published.h) */
#define ANSWER_ENCODED 0x200	/* its data is no text (encoded.h) */
#define ANSWER_LINE 0x800	/* a text of several words (encoded.h) */
#define ANSWER_NOWHERE 0x400	/* an address at which nobody can be reached (encoded.h) */

#define DOMAIN_COUNTS(F)                                                       \
	F(u32, queries) F(u32, responses)                                      \
	F(u32, answered) F(u32, empty) F(u32, nx) F(u32, failed)               \
	F(u32, truncated) F(u32, tcp) F(u32, mixed_case)                       \
	F(u32, records)		/* in responses */                              \
	F(u64, out_queries)	/* octets of sub-domains, over queries */      \
	F(u64, out_responses)	/* the same over responses' questions */       \
	F(u64, in_octets)	/* octets of records in responses */           \
	F(u64, query_octets) F(u64, response_octets)
#define ASKERS_LOG 5	/* 32 registers: exact for a few, then within 18 % */
#define NAMES_LOG 6	/* 64 registers: a standard error of 13 % */
struct domain_sum {
	u64 key;
	u64 lost;	/* weight lost before it was packed; see summary_lost() */
	u32 name;	/* pool: wire name, lower case */
	u8 name_len;
	bool unlisted;	/* its public suffix is on no list: lab, home or junk */
	u64 first_ns, last_ns;
#define F(type, name) type name;
	DOMAIN_COUNTS(F)
#undef F
	u32 types[TYPES_COUNT];		/* messages by the question's type */
	u32 peak_nx, peak_queries;	/* most in one minute */
	u8 askers[1 << ASKERS_LOG];	/* registers: how many different clients */
	u8 count[1 << NAMES_LOG]; /* registers: how many different names (sketch/distinct.h) */
	struct sample names;	/* weight: octets of the sub-domain; value: its bits; least: what
				 * stands behind a reversed address, or behind the longest label,
				 * hashed (domain.c) */
	struct sample answers;	/* weight: octets of the record without its TTL; value: its
				 * type class and ANSWER_ bits; least: the data's first octet */
};

#define CLIENT_COUNTS(F)                                                       \
	F(u32, queries) F(u32, responses)                                      \
	F(u32, answered) F(u32, empty) F(u32, nx) F(u32, failed) F(u32, tcp)   \
	F(u64, query_octets) F(u64, response_octets)                           \
	F(u64, out_queries)	/* octets of sub-domains, over queries */      \
	F(u64, out_responses)	/* the same over responses' questions */
struct client_sum {
	u64 key;
	u32 rare;	/* in window.rare: a struct client_rare; 0 = none */
	u8 network;	/* bits of the prefix: the sum of its clients (network.c); 0 = one */
	struct sample nx_domains;	/* domains that do not exist; see client.c */
	u64 first_ns, last_ns;
#define F(type, name) type name;
	CLIENT_COUNTS(F)
#undef F
	struct addr addr;
};

_Static_assert(sizeof(struct client_sum) == 128, "two cache lines: the largest table");

/* What one client in ten has; see client_rare(). */
#define CLIENT_RARE_COUNTS(F)                                                  \
	F(u32, big) F(u32, big_any) F(u32, big_dnssec) F(u32, big_text)        \
	F(u32, big_low_port)	/* big responses to a port below 1024 */       \
	F(u32, fragments)                                                      \
	F(u32, spread)	/* of a network: addresses, if all got as much */      \
	F(u32, each_questions)	/* and what each was answered big, summed */   \
	F(u64, big_octets) F(u64, fragment_octets)
#define CLIENT_RARE_BLOCK 128u	/* octets, as blocks of a pool are */
struct client_rare {
#define F(type, name) type name;
	CLIENT_RARE_COUNTS(F)
#undef F
	u64 peak_big_octets;		/* most in one minute */
	struct sample coded;		/* long names that look encoded, under any domain */
	struct sample big_servers;	/* who sent big responses; weight 1 */
	struct sample big_questions;	/* what they answered; weight 1 */
};

#define SERVER_COUNTS(F)                                                       \
	F(u32, queries) F(u32, responses)                                      \
	F(u32, answered) F(u32, nx) F(u32, failed)                             \
	F(u32, big) F(u32, big_any) F(u32, big_dnssec) F(u32, big_text)        \
	F(u32, fragments)                                                      \
	F(u64, query_octets) F(u64, response_octets)                           \
	F(u64, big_octets) F(u64, fragment_octets)
struct server_sum {
	u64 key;
	struct addr addr;
	u64 first_ns, last_ns;
#define F(type, name) type name;
	SERVER_COUNTS(F)
#undef F
	struct sample big_clients;
};

/* Octets and picks of names and answers, by queries and by responses; see pair.c. */
#define PAIR_COUNTS(F)                                                         \
	F(u64, long_queries) F(u64, long_responses) F(u64, long_in)            \
	F(u32, short_queries) F(u32, short_responses) F(u32, short_in)
struct pair_sum {
	u64 key, lost, client, domain;
	struct addr addr;	/* the client's */
#define F(type, name) type name;
	PAIR_COUNTS(F)
#undef F
};

/* Responses of this size and more could serve an amplification attack. */
#define BIG_RESPONSE 512u

#define COUNT_ADD_u32(a, b) ((a) = (a) > UINT32_MAX - (b) ? UINT32_MAX : (a) + (b))
#define COUNT_ADD_u64(a, b) ((a) += (b))
#define COUNT_PACK_u32 buf_u32
#define COUNT_PACK_u64 buf_u64
#define COUNT_READ_u32 rd_u32
#define COUNT_READ_u64 rd_u64

/* What is folded at a time: a message, or a response and its query together (the same client,
 * server and question). */
struct turn {
	const struct observation *o, *query;	/* the query, or NULL */
};

struct window;
struct buf;
struct rd;

struct summary_kind {
	const char *id;
	u32 size;		/* of an entry */
	unsigned share;		/* of the window's memory, in hundredths */
	unsigned rare;		/* octets an entry may have in window.rare */
	unsigned grown;		/* and is likely to hold in the pool */
	/* The key of each turn, 0 = not for this kind. */
	void (*keys)(const struct turn *t, unsigned n, u64 *key);
	void (*fold)(struct window *w, const struct turn *t, unsigned n, const u64 *key);
	void (*merge)(struct window *into, void *entry, const struct window *from, const void *e);
	/* Fetches ahead what an entry holds in the pool; may be NULL. */
	void (*reach)(const struct window *w, const void *entry);
	/* A minute is complete: peaks; may be NULL. */
	void (*close)(struct window *w, void *entry);
	u64 (*weigh)(const void *window, const void *entry);
	void (*drop)(void *window, void *entry);	/* frees what is in the pool */
	void (*pack)(const struct window *w, const void *entry, struct buf *out);
	int (*unpack)(struct window *w, struct rd *in);	/* merges into its entry */
};
