/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.h - the insides of a zone, for those who build one: zone.c, seal.c, add.c.
 *
 * Names are found by an open-addressed table: an octet of the hash for each slot, a handle
 * beside it. A look-up that finds nothing reads one cache line of those octets and touches
 * no name; ahead of many look-ups zone_ahead() fetches the lines.
 *
 *   tags   | - | 7f | - | e2 | 11 | ...    0: free
 *   slots  |   | h  |   | h  | h  | ...    handles */
#pragma once
#include "zone/zone.h"

/* An array in an address range of its own, which becomes memory as it grows: it is never
 * moved and never copied, and what is not used is not there. */
struct zone_run {
	u8 *at, *base;		/* base: of the range, some octets before */
	u64 len, cap, most;	/* octets: used, memory, reserved */
};

/* A record as it is added. */
struct zone_row {
	u32 owner, line, ttl, value;
	u16 type, file;
};

/* Where records stand; place.h. */
#define ZONE_KINDS 127u
struct zone_place { u32 line, ttl; u16 file; };
struct zone_block { u32 line, wild; };	/* wild: its number + 1 among those; 0: it is not */
struct zone_placed {
	struct zone_record record;
	struct zone_place place;
};

struct zone {
	u64 memory, key;
	struct zone_run names, data, recs, blocks, wild;
	struct zone_run owners;		/* until it is sealed: handles, in the order of coming */
	struct zone_place kinds[ZONE_KINDS + 1];	/* without lines; one more, never set */
	unsigned kind_count, kind_last;
	struct zone_record *records;	/* of recs */
	u32 record_count;
	u8 *tags;
	u32 *slots;
	u32 slot_count, name_count;
	u32 expect;		/* names that are likely in the end; 0: not known */
	u32 origin;		/* 0 while it is not known */
	u32 last_owner;		/* of the record added last */
	unsigned threads;	/* that zone_seal() may use */
	bool sorted;		/* so far every owner came in canonical order, in one piece */
	bool sealed;
	struct rank heads, cuts;	/* records that begin an owner, a delegation */
	struct zone_host *hosts;
	u32 owner_count, host_count;
	u32 *both;		/* hash table: hosts that are owners, too */
	u32 both_mask, both_count;
};

#define ZONE_NAME_UNIT 2u
static inline struct zone_name *zone_name_at(const struct zone *z, u32 handle)
{
	return (struct zone_name *)(z->names.at + (u64)handle * ZONE_NAME_UNIT);
}
static inline u32 *zone_owner_list(const struct zone *z)
{
	return (u32 *)z->owners.at;
}
/* The slot where the search for a hash begins. */
static inline u32 zone_slot(const struct zone *z, u64 hash)
{
	return (u32)((hash & UINT32_MAX) * z->slot_count >> 32);
}
static inline u8 zone_tag(u64 hash)
{
	u8 tag = (u8)(hash >> 56);

	return tag ? tag : 1;
}
/* Fetches what a look-up of this hash will read first. */
inline_always void zone_ahead(const struct zone *z, u64 hash)
{
	u32 slot = zone_slot(z, hash);

	__builtin_prefetch(&z->tags[slot]);
	__builtin_prefetch(&z->slots[slot]);
}
/* Later: fetches the name that is likely to be found. */
inline_always void zone_nearer(const struct zone *z, u64 hash)
{
	u32 slot = zone_slot(z, hash);
	u8 tag = zone_tag(hash);

	for (; z->tags[slot]; slot = slot + 1 < z->slot_count ? slot + 1 : 0)
		if (z->tags[slot] == tag) {
			__builtin_prefetch(zone_name_at(z, z->slots[slot]));
			return;
		}
}
/* Finds or makes the name: its handle, or 0 when memory is short (*rc says how). */
u32 zone_intern(struct zone *z, const u8 *wire, unsigned len, u64 hash, int *rc);
/* Puts RDATA into data: its place, or 0 (*rc says how). */
u32 zone_put(struct zone *z, const u8 *rdata, u32 len, int *rc);
/* An owner's name holds its first record, a host's its place in hosts[]; what is both is looked
 * up. Notes a host that is an owner: 0 or -ENOMEM. */
int zone_both_add(struct zone *z, u32 host);
/* sort.c: owners in canonical order; records to their owners. 0 or -ENOMEM. */
int sort_owners(struct zone *z);
int sort_records(struct zone *z);
/* Adds a record whose owner and value are in place. `after`: the owner is known to stand
 * behind the last one in canonical order. 0, -ENOMEM or OOPS_LIMIT. */
int zone_append(struct zone *z, const struct zone_row *r, bool after);
/* Room for n octets at the end of a run: 0, -ENOMEM or OOPS_LIMIT. */
int zone_room(struct zone *z, struct zone_run *r, u64 n);
void zone_run_close(struct zone_run *r);	/* takes zeroed ones */

struct zone_read_conf;
struct zone_read_result;
/* zone_read() with another size of blocks, for tests. */
int zone_read_blocks(struct zone **ret, int fd, const struct zone_read_conf *conf,
		     struct zone_read_result *result, u32 block);
