/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_denial.h - NSEC, NSEC3, type bitmaps and chains.
 *
 * Part of dnssec.h, not included by itself. */
#pragma once
#include "zone/zone.h"

struct dnssec;

/* ---- denial of existence ---- */

/* The whole of NSEC and of NSEC3: 0 or -ENOMEM. */
int dnssec_nsec(struct dnssec *d);
int dnssec_nsec3(struct dnssec *d);
/* Notes the TTL of an NSEC or NSEC3 record (RFC 9077); says what was noted. */
void dnssec_denial_ttl(struct dnssec *d, u32 record);
void dnssec_denial_ttl_say(struct dnssec *d);
/* Has the owner something that needs a proof, beside RRSIG, NSEC and NSEC3? */
bool dnssec_has_data(const struct dnssec *d, u32 owner);

/* A set of types. */
struct dnssec_bits {
	u8 map[256][32];
	unsigned top;		/* windows 0..top are written */
};
#define DNSSEC_BITMAP_MAX (256u * 34u)
void dnssec_bits_clear(struct dnssec_bits *b);
static inline void dnssec_bits_add(struct dnssec_bits *b, u16 type)
{
	if (type >> 8 > (int)b->top) {
		memset(b->map[b->top + 1], 0, ((type >> 8) - b->top) * 32u);
		b->top = type >> 8;
	}
	b->map[type >> 8][(type & 255) >> 3] |= (u8)(0x80 >> (type & 7));
}
/* The types that NSEC or NSEC3 of an authoritative owner must name (RFC 4035, 2.3;
 * RFC 5155, 7.1). */
void dnssec_bits_of(struct dnssec_bits *b, const struct dnssec *d, u32 owner, bool nsec3);
/* The encoded bitmap (RFC 4034, 4.1.2) into `to`: its length. */
u32 dnssec_bits_encode(const struct dnssec_bits *b, u8 to[DNSSEC_BITMAP_MAX]);
/* Reads one: false when it is not as RFC 4034, 4.1.2 has it. */
bool dnssec_bits_decode(struct dnssec_bits *b, const u8 *at, u32 len);
/* "it lacks MX and says TXT": how `is` differs from `should`; into `to`, returned. */
#define DNSSEC_BITS_TEXT 200
char *dnssec_bits_diff(const struct dnssec_bits *is, const struct dnssec_bits *should,
		       char to[DNSSEC_BITS_TEXT]);

/* ---- NSEC3 chains ---- */

#define NSEC3_HASH 20u		/* octets of SHA-1, the one hash there is (RFC 5155,
	11) */
#define NSEC3_LABEL 32u		/* the same in base32hex */
#define NSEC3_OPTOUT 1u		/* RFC 5155, 3.1.2.1 */

struct dnssec_nsec3 {		/* RDATA (RFC 5155, 3.2), views */
	u8 hash, flags, salt_len, next_len;
	u16 iterations;
	const u8 *salt, *next, *bitmap;
	u32 bitmap_len;
};
/* False when it is no NSEC3. */
bool dnssec_nsec3_read(struct dnssec_nsec3 *ret, const u8 *rdata, u32 len);

/* All NSEC3 records with one hash, iterations and salt, in the order of their hashes. */
struct dnssec_chain {
	u8 salt_len, hash;
	u16 iterations;
	u8 salt[255];
	bool announced;		/* by an NSEC3PARAM record */
	u32 count;
	u32 *records;		/* places in zone_records() */
	u64 *prefix;		/* the first octets of each hash */
	u64 records_room, prefix_room;
};
#define DNSSEC_CHAINS_MAX 8u
struct dnssec_chains {
	struct dnssec_chain at[DNSSEC_CHAINS_MAX];
	u32 count;
	u64 ignored;		/* records of further chains */
};
/* Sorts the NSEC3 records of the zone into chains; says which are malformed. 0 or
 * -ENOMEM. */
int dnssec_chains_read(struct dnssec *d, struct dnssec_chains *c);
void dnssec_chains_free(struct dnssec_chains *c);
/* Does every record point at the next one? */
void dnssec_chain_links(struct dnssec *d, const struct dnssec_chain *c);
/* The record of a hash: its place in the chain and *exact, or else the place before,
 * whose span holds the hash. The chain is not empty. */
u32 dnssec_chain_find(const struct dnssec *d, const struct dnssec_chain *c,
		      const u8 hash[NSEC3_HASH], bool *exact);
/* The hash that an owner's first label stands for: false when it is none. */
bool dnssec_hash_of_label(const u8 *wire, u8 to[NSEC3_HASH]);
/* RFC 5155, 5: SHA-1 of a lower-case wire name. */
void dnssec_hash(const struct dnssec_chain *c, const u8 *wire, unsigned len,
	u8 to[NSEC3_HASH]);
