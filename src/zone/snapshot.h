/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snapshot.h - what of a zone its next audit has to know: delegations, sorted, in one file.
 *
 * Two days of a registry's zone differ in a thousandth of it. A snapshot holds every
 * delegation with its set of servers, their addresses and its DS records, so that two of them
 * are compared in one walk; what millions of delegations share (a hoster's set of servers)
 * is stored once. It carries its own history: what moved lately, from where, so that a move
 * that comes back is seen although only yesterday's file is at hand.
 *
 *   head       magic "VdZone\r\n", version, serial, instant, origin, TTLs, place and length of
 *              each part, SHA-256 of all that follows and of the head before it
 *   names      | length | wire name without the origin | 0 | ...        referred to by offset
 *   cuts       { name, set, ds, ttl } in canonical order (RFC 4034, 6.1)
 *   sets       { first, count } into members: ascending numbers of hosts
 *   hosts      { name, first, count, ttl, outside }, addresses { family, 16 octets }
 *   blobs      | length | octets | padding to 4                         DS sets, DNSKEY RDATA
 *   keys       { blob, what it signs }                                 the apex's DNSKEY records
 *   moves      { name, set, since }: delegations that left a set, and when; latest first
 *   seen       signatures that were good (dns/sig_seen.h), so that tomorrow checks only new ones
 *
 * Integers are little-endian and aligned: the file is used as it lies, by mmap(). A machine of
 * the other order refuses it. snapshot_open() trusts nothing: after it every offset and every
 * order has been checked, and readers need no checks of their own.
 *
 * Cost: about 30 octets a delegation; bench/README.md. Limits: 4 GiB a part.
 * Not here: what a difference means (verify/change.c). */
#pragma once
#include "zone/zone.h"

#define SNAPSHOT_VERSION 1u
#define SNAPSHOT_MOVES_MAX (1u << 22)	/* of a snapshot; the oldest are forgotten */

enum snapshot_part {
	SNAPSHOT_NAMES, SNAPSHOT_CUTS, SNAPSHOT_SETS, SNAPSHOT_MEMBERS, SNAPSHOT_HOSTS,
	SNAPSHOT_ADDRESSES, SNAPSHOT_BLOBS, SNAPSHOT_KEYS, SNAPSHOT_MOVES, SNAPSHOT_SEEN,
	SNAPSHOT_PARTS
};

struct snap_cut { u32 name, set, ds, ttl; };	/* ds: a blob, 0 = none */
struct snap_set { u32 first, count; };
struct snap_host { u32 name, first, count, ttl, outside; };	/* ttl: lowest of its addresses */
struct snap_address { u8 family, zero[3], at[16]; };	/* family 4 or 6 */
enum { SNAP_SIGNS_KEYS = 1, SNAP_SIGNS_ZONE = 2 };	/* the DNSKEY set; the SOA record */
struct snap_key { u32 blob, signs; };
struct snap_move { u32 name, set; u64 since; };	/* it had `set` until it moved at `since` */

struct snapshot_head {
	u8 magic[8];
	u32 version, serial;
	u64 at;			/* seconds of Unix time */
	u32 soa_ttl, key_ttl, most_ttl, origin_len;	/* most_ttl: of signed data */
	u8 origin[256];
	struct { u64 at, len; } part[SNAPSHOT_PARTS];
	u8 hash[32];
};

struct snapshot {	/* views into what `own` holds */
	struct snapshot_head head;
	const u8 *names, *blobs, *seen;
	const struct snap_cut *cuts;
	const struct snap_set *sets;
	const u32 *members;
	const struct snap_host *hosts;
	const struct snap_address *addresses;
	const struct snap_key *keys;
	const struct snap_move *moves;
	u32 cut_count, set_count, member_count, host_count, address_count, key_count, move_count;
	void *own;
};

struct snapshot *snapshot_free(struct snapshot *s);	/* takes NULL, gives NULL */

struct snapshot_about {
	u64 at;				/* when the zone was so, seconds */
	u64 key;			/* hash key of the run */
	const struct snapshot *old;	/* the one before; may be NULL */
	u64 memory;			/* seconds for which moves are remembered */
};
/* Makes one of a sealed zone. What moved since `old` is added to its moves that are young
 * enough. 0, -ENOMEM, or OOPS_LIMIT (a part of 4 GiB). */
int snapshot_make(struct snapshot **ret, const struct zone *z,
		  const struct snapshot_about *about);
/* The same out of a snapshot: its delegations, with the history that `about` gives. */
int snapshot_renew(struct snapshot **ret, const struct snapshot *s,
		   const struct snapshot_about *about);
/* The instant that a serial of the usual form says (YYYYMMDDnn, RFC 1912, 2.2): seconds, nn as
 * minutes; 0 when it is none. */
u64 snapshot_serial_instant(u32 serial);
/* The set of signatures that goes with it: octets, which stay the caller's. */
void snapshot_attach_seen(struct snapshot *s, const void *octets, size_t n);
/* Writes it through `put` (0 or negative, which ends it). */
int snapshot_write(const struct snapshot *s, int (*put)(void *to, const void *octets, size_t n),
		   void *to);
/* Maps a snapshot file. `fd` may be closed after it. 0; OOPS_FORMAT: no snapshot; OOPS_VERSION;
 * OOPS_SHORT: cut off; OOPS_CHANGED: octets are not what their hash says, or contradict each other;
 * -errno, -ENOMEM. The file must not be cut while it is used. */
int snapshot_open(struct snapshot **ret, int fd);
/* The same for octets in memory (aligned to 8), which stay the caller's. */
int snapshot_view(struct snapshot **ret, const u8 *octets, size_t n);
/* Do these first octets (8 or more) begin a snapshot? */
bool snapshot_is(const u8 *octets, size_t n);

/* A whole wire name into `to` (NAME_WIRE_MAX): its length. `outside`: not below the origin. */
unsigned snapshot_name(const struct snapshot *s, u32 name, bool outside, u8 *to);
/* Text of a delegation's or host's name into `to` (NAME_TEXT_MAX), returned. */
char *snapshot_text(const struct snapshot *s, u32 name, bool outside, char *to);
/* A blob and its length. Not for 0. */
const u8 *snapshot_blob(const struct snapshot *s, u32 blob, u32 *len);
bool snapshot_same_blob(const struct snapshot *a, u32 one, const struct snapshot *b, u32 other);

/* Canonical order of two names that are not outside. */
int snapshot_order(const struct snapshot *a, u32 one, const struct snapshot *b, u32 other);

/* Which host and set of the new snapshot is which of the old: places, or SNAPSHOT_NONE. Names
 * and members are compared octet by octet; hashes only find. */
#define SNAPSHOT_NONE UINT32_MAX
struct snapshot_map {
	u32 *host, *set;	/* by the old one's numbers */
};
int snapshot_match(struct snapshot_map *ret, const struct snapshot *old,
		   const struct snapshot *now, u64 key);
void snapshot_map_free(struct snapshot_map *m);	/* takes zeroed ones */

/* A walk over both, in canonical order: 1 with a delegation of the old one, of the new one,
 * or both (the other is NULL), 0 at the end. Zero it first. */
struct snapshot_walk { u32 old_at, now_at; };
bool snapshot_next(struct snapshot_walk *w, const struct snapshot *old,
		   const struct snapshot *now, const struct snap_cut **a,
		   const struct snap_cut **b);
