/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone.h - a whole zone in memory, sorted, small and read-only.
 *
 * A registry's zone has ten million delegations, so a record is 12 octets and a name is
 * stored once. Readers (zone/read.h) add records in any order; zone_seal() sorts; after
 * that nothing changes and any number of threads may look.
 *
 *   names     | head | wire ... | head | wire ... |     u32 handle = offset / 2; 0 = none
 *   records   | owner value type line mark | ... |  sorted by owner (canonical order, RFC
 *                                                   4034, 6.1), type, place in the file
 *   places    the line, TTL and file of each record: place.h
 *   data      | length | rdata ... | ...                RDATA that does not fit in `value`
 *   owners    where in the records each begins: a bit a record (numbered.c)
 *   cuts      the same of those that are delegations
 *   hosts     names that NS records point at, each with how many delegations it serves
 *
 * Owner names and NS targets are kept in lower case; names inside other RDATA as they were
 * written. All records of the file are kept, also those that should not be there (out of
 * the zone, below a cut, said twice): judging them is verify/'s work.
 *
 * Cost: 13 octets a record, 12 more where places are irregular; some 13 and the name's
 * own a name, 4 more a name until it is sealed; bench/ has the figures.
 * Limits: `memory` of zone_make(); past it zone_add() says OOPS_LIMIT. Classes: one.
 * Not here: text (read.h), judgement (verify/), other zones (snapshot.h). */
#pragma once
#include "base/rank.h"
#include "dns/name.h"
#include "dns/rrtype.h"

enum zone_name_flag {
	ZONE_OWNER = 1,		/* has records */
	ZONE_INSIDE = 2,	/* an owner at or below the origin */
	ZONE_APEX = 4,
	ZONE_CUT = 8,		/* a delegation: NS records, and not the apex */
	ZONE_BELOW = 16,	/* an owner below a cut: glue, or hidden by it */
	ZONE_MASKED = 32,	/* an owner below a DNAME */
	ZONE_TARGET = 64,	/* an NS record of a cut or the apex points here */
};

struct zone_name {
	u32 first;	/* owners: the first of its records */
	u8 flags;	/* enum zone_name_flag */
	u8 len;		/* of wire, with the root's octet */
	u8 wire[];
} __attribute__((packed, aligned(2)));	/* they lie close */

/* In `mark` of a record: it equals another one of its RRset (RFC 2181, 5). */
#define ZONE_REPEAT 0x80u

struct zone_record {
	u32 owner;	/* a name */
	u32 value;	/* NS: a name. A: the address's octets as they lie. Others: data */
	u16 type;
	u8 line, mark;	/* where it stands: for zone_line() and the like, and ZONE_REPEAT */
};

struct zone_host {
	u32 name;
	u32 delegations;	/* cuts that name it; the apex is not counted */
};

struct zone;

/* ---- building ---- */

/* An empty zone of class IN. `origin` is a wire name of any case, or NULL: then the owner of
 * the first SOA record is it. `memory`: octets that names, records and data may take together.
 * `key` of the hash. 0 or -ENOMEM. */
int zone_make(struct zone **ret, const u8 *origin, u64 memory, u64 key);
struct zone *zone_free(struct zone *z);	/* takes NULL, gives NULL */

/* Hash of a lower-case wire name, for zone_input.hash: readers may run beside the adding. */
u64 zone_hash(u64 key, const u8 *wire, unsigned len);

struct zone_input {
	const u8 *owner;	/* lower case, well-formed */
	unsigned owner_len;
	u64 hash;		/* zone_hash() of owner */
	u16 type, file;
	u32 ttl, line;
	const u8 *rdata;	/* uncompressed, good for its type (NS: a name; A: 4 octets) */
	u32 rdlen;		/* at most 65535 */
};
/* Adds a record: 0, -ENOMEM, OOPS_LIMIT (memory), or OOPS_FORMAT for RDATA of NS or A that
 * is none; then the zone is as it was. */
int zone_add(struct zone *z, const struct zone_input *in);
/* Sorts and marks; no zone_add() after it. 0, -ENOMEM, or OOPS_UNKNOWN when there is
 * neither an origin nor a SOA record to take it from. */
int zone_seal(struct zone *z);

/* ---- looking (after zone_seal) ---- */

/* A name by its handle, which is not 0. */
const struct zone_name *zone_name(const struct zone *z, u32 name);
/* The handle of a lower-case wire name that occurs as owner or NS target, or 0. */
u32 zone_find(const struct zone *z, const u8 *wire, unsigned len);
/* The nearest name at or above `wire` that is an owner with one of `flags`, or 0.
 * Cost: a look-up a label. */
u32 zone_above(const struct zone *z, const u8 *wire, unsigned len, unsigned flags);
u32 zone_origin(const struct zone *z);
/* Text of a name into `to` (NAME_TEXT_MAX), returned. */
char *zone_text(const struct zone *z, u32 name, char *to);
/* The same for a sentence: a long name without its middle. */
#define ZONE_BRIEF 72
char *zone_brief(const struct zone *z, u32 name, char to[ZONE_BRIEF]);

/* Arrays with their lengths; views. */
const struct zone_host *zone_hosts(const struct zone *z, u32 *n);
/* Place in hosts[] of a name with ZONE_TARGET; of others 0. */
u32 zone_host(const struct zone *z, u32 name);
/* Owners have numbers from 0 in canonical order, and so have delegations. The name of a number
 * takes some looks; a walk from one on (not behind the last) is cheap. */
u32 zone_owner_count(const struct zone *z);
u32 zone_owner(const struct zone *z, u32 number);
struct rank_walk zone_owners_from(const struct zone *z, u32 number);
u32 zone_owners_next(const struct zone *z, struct rank_walk *w);
/* The number of the first owner at or behind a lower-case wire name; of none: the count. */
u32 zone_owner_at(const struct zone *z, const u8 *wire);
u32 zone_cut_count(const struct zone *z);
u32 zone_cut(const struct zone *z, u32 number);
struct rank_walk zone_cuts_from(const struct zone *z, u32 number);
u32 zone_cuts_next(const struct zone *z, struct rank_walk *w);
u32 zone_cut_number(const struct zone *z, u32 name);	/* of a name with ZONE_CUT */
/* All records; one more with owner 0 stands behind the last. */
const struct zone_record *zone_records(const struct zone *z, u32 *n);

/* One RRset: records [first, first + count) of zone_records(), in the order of the file,
 * repeats too. RRSIG records are one set whatever they cover. */
struct zone_rrset {
	u32 owner, first, count;
	u16 type;
};
/* The set of a type at an owner; false when there is none. */
bool zone_rrset(const struct zone *z, u32 owner, u16 type, struct zone_rrset *ret);
/* The set that begins at record `first`. for (i = name->first; records[i].owner == owner;
 * i += set.count) walks an owner's sets in the order of their types. */
struct zone_rrset zone_rrset_at(const struct zone *z, u32 first);
/* Where a record of zone_records() (not a copy) stands: the line from 1 in text, or the
 * record's number in a transfer; the number of the file, 0 = the first. And its TTL. */
u32 zone_line(const struct zone *z, const struct zone_record *r);
unsigned zone_file(const struct zone *z, const struct zone_record *r);
u32 zone_ttl(const struct zone *z, const struct zone_record *r);
/* RDATA of a record: a view, and its length. */
const u8 *zone_rdata(const struct zone *z, const struct zone_record *r, u32 *len);

/* Octets held. */
u64 zone_memory(const struct zone *z);
