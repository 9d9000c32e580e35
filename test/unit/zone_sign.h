/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_sign.h - signed zones made in a test, record by record, so that each fault can be
 * made.
 *
 *	struct made m;
 *
 *	made_open(&m, "example.", text);
 *	made_keys(&m, 257, &ksk, 256, &zsk);
 *	made_nsec(&m);
 *	made_sign(&m, &ksk, MADE_KEYS);
 *	made_sign(&m, &zsk, MADE_OTHERS);
 *	made_find(&m, "www.example.", TYPE_RRSIG, TYPE_A)->rdata[30] ^= 1;
 *	z = made_zone(&m);
 *
 * Signed octets, hashes and bitmaps are made by the code of src/verify itself: that it
 * has them right is what real zones show (dnssec_data_test.c). */
#pragma once
#include "sig_make.h"
#include "verify/dnssec.h"

struct made_rr {
	u8 owner[NAME_WIRE_MAX];	/* lower case */
	u16 type, len;
	u32 ttl;
	u8 rdata[1400];
	bool gone;
};

struct made {
	char origin[64];
	struct made_rr *rr;
	u32 count, room;
	u32 inception, expiration;	/* of the signatures that are made next */
};

#define MADE_AT 1700000000u	/* as zone_look() has it */
enum made_sets { MADE_KEYS = 1, MADE_OTHERS = 2, MADE_ALL = 3 };

/* Records out of a master file. Signatures are good from a day before MADE_AT to 29
 * after. */
void made_open(struct made *m, const char *origin, const char *text);
void made_free(struct made *m);
/* Adds one record line of a master file; its record. */
struct made_rr *made_add(struct made *m, const char *line);
/* Adds a record out of octets. */
struct made_rr *made_raw(struct made *m, const char *owner, u16 type, u32 ttl,
	const void *rdata,
			 u32 len);
/* The DNSKEY of a key with these flags at the apex; the signer's own RDATA gets them too.
 * */
struct made_rr *made_key(struct made *m, struct signer *s, u16 flags);
/* NSEC records at all names that need one, TTL 300. */
void made_nsec(struct made *m);
/* NSEC3 records and their NSEC3PARAM, TTL 300; salt in octets. With opt-out, delegations
 * without DS get none. */
void made_nsec3(struct made *m, u16 iterations, const char *salt, bool optout);
/* Signatures of a key over the sets that need one. */
void made_sign(struct made *m, const struct signer *s, enum made_sets which);
/* The first record of a type (of RRSIG: over `covered`) that is there; it must be. */
struct made_rr *made_find(struct made *m, const char *owner, u16 type, u16 covered);
/* The record of an NSEC3 owner for a name of the zone, by the first NSEC3PARAM. */
struct made_rr *made_hashed(struct made *m, const char *name);
/* Takes all records of a type away (of RRSIG: over `covered`, 0 = all); owner NULL:
 * anywhere. */
void made_drop(struct made *m, const char *owner, u16 type, u16 covered);
/* The sealed zone. */
struct zone *made_zone(const struct made *m);
