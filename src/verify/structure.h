/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure.h - what the files of the structure family share.
 *
 *   owners --check_owner, side by side--> a bit for each that has a fault
 *                                           | again, in order, one thread
 *                                           v
 *   apex, hosts ----------------------> findings
 *
 *   structure.c         the walk                structure_name.c    labels and host names
 *   structure_apex.c    SOA, NS at the apex     structure_target.c  where NS, MX, SRV point
 *   structure_set.c     CNAME, DNAME, TTLs,     structure_host.c    what NS records point at
 *                       what is hidden          structure_rdata.c   SVCB, CAA, SPF, types
 *   structure_rows.c    the catalogue
 *
 * The same code scans and tells: structure_fault() gives NULL and sets a mark while it scans.
 * Cost: some 100 ns an owner and two bits; every check looks at one owner's records and at the
 * names that they point at. Chains of aliases are walked on an array. */
#pragma once
#include "dns/name.h"
#include "verify/verify.h"

enum structure_row {
	ROW_NO_SOA, ROW_MANY_SOA, ROW_SOA_ELSEWHERE, ROW_NO_NS, ROW_FEW_NS, ROW_NO_IPV4,
	ROW_MNAME, ROW_RNAME, ROW_REFRESH, ROW_RETRY, ROW_EXPIRE, ROW_MINIMUM,
	ROW_CNAME_OTHER, ROW_CNAME_MANY, ROW_CNAME_LOOP, ROW_CNAME_CHAIN, ROW_CNAME_NOWHERE,
	ROW_DNAME_MANY, ROW_DNAME_CUT, ROW_DNAME_LOOP, ROW_OCCLUDED, ROW_OUTSIDE, ROW_REPEATED,
	ROW_TTL_MIXED, ROW_TTL_ZERO, ROW_TTL_LONG, ROW_WILDCARD,
	ROW_HOST_NAME, ROW_HYPHENS, ROW_A_LABEL, ROW_ORIGIN_TWICE,
	ROW_NS_ALIAS, ROW_NS_NO_ADDRESS, ROW_MX_ALIAS, ROW_MX_NO_ADDRESS, ROW_MX_NULL,
	ROW_SRV_ALIAS, ROW_SRV_NO_ADDRESS, ROW_TARGET_NAME,
	ROW_SPF_MANY, ROW_DMARC_MANY, ROW_OBSOLETE, ROW_META, ROW_RESERVED, ROW_CAA,
	ROW_SVCB_ALIAS, ROW_SVCB_PARAMS, ROW_SVCB_MIXED, ROW_SVCB_DNS, ROW_FINGERPRINT,
	ROW_COUNT
};
extern const struct catalogue_row structure_rows[];

struct structure_conf {
	u64 refresh, retry, expire, minimum, ttl, chain;
};

struct structure {
	struct audit *a;
	const struct zone *z;
	const struct structure_conf *conf;
	const struct zone_name *origin;
	const struct zone_record *records;
	bool scan;	/* only look whether there is a fault */
	bool hit;	/* there is one */
	bool alias;	/* while scanning: an alias of an alias */
	u32 *next;	/* by the place of a CNAME record: that of the one it leads to, plus one; 0
			 * when it leads to none. Written by the scan; pages without any are none */
};

/* A finding of a row about a name, or NULL: while scanning, or when the row is full. */
struct finding *structure_fault(struct structure *c, enum structure_row row, u32 name,
				const struct zone_record *r);
/* The same about the set of a record, of which a name may have several (audit_begin_set()). */
struct finding *structure_fault_set(struct structure *c, enum structure_row row,
				    const struct zone_record *r);

/* ---- the parts ---- */

/* The zone as a whole: its apex, and then what NS records point at: 0 or -ENOMEM. */
void structure_apex(struct structure *c);
int structure_hosts(struct structure *c);
/* One owner: its sets together, its labels. */
void structure_sets(struct structure *c, u32 owner);
void structure_labels(struct structure *c, u32 owner);
/* An alias of an alias, once all are known. */
void structure_chain(struct structure *c, u32 owner);
/* One set of it, by type. */
void structure_targets(struct structure *c, const struct zone_rrset *s);
void structure_rdata(struct structure *c, const struct zone_rrset *s);

/* ---- helpers ---- */

/* What this zone says about a name. */
enum structure_found {
	FOUND_OUTSIDE,		/* nothing: out of the zone, delegated, or below a DNAME */
	FOUND_ALIAS,		/* a CNAME */
	FOUND_ADDRESS,
	FOUND_OTHER,		/* the name exists, without an address */
	FOUND_NOWHERE,		/* there is no such name */
};
/* `wire` in lower case. *name: where it was found (a wildcard, perhaps), or 0. */
enum structure_found structure_find(const struct structure *c, const u8 *wire, unsigned len,
				    u32 *name);
/* A name out of RDATA in lower case into `to`; its length, 0 when it is none. */
unsigned structure_name(const u8 *at, u32 len, u8 to[NAME_WIRE_MAX]);
/* Why a name cannot be a host's (RFC 952, RFC 1123, 2.1), as a clause, or NULL. `wild`: it may
 * begin with an asterisk. */
const char *structure_bad_host(const u8 *wire, unsigned len, bool wild);
/* The same of labels that end before the root, but for the number at the end. */
const char *structure_bad_labels(const u8 *wire, unsigned len);
bool structure_ends_numeric(const u8 *wire, unsigned len);	/* its last label is a number */
/* The set of a type at a name, if there is one, is evidence. */
void structure_show(struct structure *c, struct finding *f, u32 name, u16 type);
static inline bool structure_has(const struct structure *c, u32 owner, u16 type)
{
	struct zone_rrset s;

	return zone_rrset(c->z, owner, type, &s);
}
