/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation.h - what the files of the delegation family share.
 *
 *   hosts   each name that NS records point at gets a kind, once      delegation_host.c
 *   cuts    each delegation gets marks from its records and its hosts  delegation_cut.c
 *   graph   which delegations can be found at all; cycles              delegation_graph.c
 *   told    findings by delegation, by host, by owner                  delegation_tell.c,
 *                                     delegation_group.c, delegation_glue.c,
 *                                     delegation_alike.c
 *
 * Cost: 5 octets a host, one a delegation; more only for what is at fault.
 * Each pass is linear in the zone; hosts and cuts are passed by several threads, each with
 * a stretch of its own, and findings are said afterwards in order. */
#pragma once
#include "base/rank.h"
#include "verify/verify.h"

enum delegation_row {
	ROW_NO_GLUE, ROW_UNRESOLVABLE, ROW_DEPENDS, ROW_CYCLE, ROW_CLAIMABLE, ROW_NO_HOST,
	ROW_SPECIAL, ROW_IMPOSSIBLE, ROW_NULL, ROW_UNKNOWN_TLD, ROW_LOOKALIKE,
	ROW_UNROUTABLE, ROW_ONE_ADDRESS, ROW_ONE_PREFIX, ROW_SAME_ADDRESS, ROW_FEW, ROW_MANY,
	ROW_DS_UNSUPPORTED, ROW_DS_SHA1, ROW_DS_ALGORITHM, ROW_DS_LENGTH, ROW_DS_ALONE,
	ROW_DS_APEX, ROW_ORPHAN, ROW_STRAY, ROW_UNNEEDED, ROW_SIBLING, ROW_TTL, ROW_TTL_ALL,
	ROW_WILDCARD, ROW_SELF, ROW_LIMIT, ROW_COUNT
};

struct delegation_conf {
	u64 servers_least, servers_most, ttl, weight, alike_big, alike_length;
	double alike_share;
};

/* What a host is. The first five can give an address, as far as this zone knows. */
enum host_kind {
	HOST_OUTSIDE,	/* not of this zone: nothing is known here */
	HOST_UNKNOWN_TLD,	/* the same, below a TLD that no list has */
	HOST_ALIAS,	/* CNAME, DNAME or a wildcard answers here */
	HOST_ADDRESS,	/* has addresses here; ref: the first of its address records */
	HOST_UNDER,	/* no address here; ref: the delegation (by number) that it lies in */
	HOST_MISSING,	/* this zone itself says that there is no address */
	HOST_CLAIMABLE,	/* the same, and its registered domain is not delegated */
	HOST_SPECIAL, HOST_IMPOSSIBLE, HOST_NULL,
	HOST_KIND = 15,	/* mask */
	HOST_APEX = 16,		/* the apex names it too */
	HOST_ORPHAN = 32,	/* address, and nothing above it is delegated */
	HOST_QUICK = 64,	/* an address of low TTL */
	HOST_ODD = 128,		/* an address that is not globally reachable */
};

/* Marks of a delegation. An octet of them is kept for each; what few have is found again when
 * it is told: delegation_marks(). */
enum cut_mark {
	CUT_ALIVE = 1,		/* a server of it may be found */
	CUT_EDGE = 2,		/* a server of it lies in another delegation, without glue */
	CUT_TARGET = 4,		/* another delegation leans on it */
	CUT_SUSPECT = 8,	/* names a host that is told by itself */
	CUT_ADDRESS = 16,	/* address records at its own name */
	CUT_CYCLE = 32,
	CUT_TTL = 64,
	CUT_MORE = 128,		/* some of those that follow */
	CUT_KEPT = 255,
	CUT_NO_GLUE = 1 << 8, CUT_SIBLING = 1 << 9, CUT_FEW = 1 << 10, CUT_MANY = 1 << 11,
	CUT_ONE_ADDRESS = 1 << 12, CUT_ONE_PREFIX = 1 << 13, CUT_SAME_ADDRESS = 1 << 14,
	CUT_DS_UNSUPPORTED = 1 << 15, CUT_DS_SHA1 = 1 << 16, CUT_DS_ALGORITHM = 1 << 17,
	CUT_DS_LENGTH = 1 << 18, CUT_WILDCARD = 1 << 19, CUT_SELF = 1 << 20, CUT_LIMIT = 1 << 21
};

struct delegation {
	struct audit *a;
	const struct zone *z;
	const struct delegation_conf *c;
	const struct audit_input *in;
	const struct zone_name *origin;
	const struct zone_record *records;
	const struct zone_host *hosts;
	u32 record_count, host_count, cut_count, apex_servers;
	bool units;	/* names right below the origin are given out to others */
	bool claims;	/* ... to anybody who asks */
	bool listed;	/* ... as the public suffix list says, or below the root */
	u8 *host;	/* of each host: kind and flags */
	u32 *ref;	/* of each host: see enum host_kind */
	u8 *mark;	/* of each cut: CUT_KEPT of enum cut_mark */
	u32 *answer;	/* sorted names: DNAME owners, and wildcards that give addresses */
	u32 answer_count;
	u64 quick;	/* delegations with a low TTL */
};

/* The NS records of a cut: the first one's number, how many (with repeats). */
static inline u32 delegation_servers(const struct delegation *d, u32 name, u32 *count)
{
	struct zone_rrset s = { 0 };

	zone_rrset(d->z, name, TYPE_NS, &s);
	*count = s.count;
	return s.first;
}
static inline u32 delegation_host_of(const struct delegation *d, const struct zone_record *ns)
{
	return zone_host(d->z, ns->value);
}

/* Calls work(to, first, end) for stretches of 0 .. n on the threads of the run, returns when
 * all are done. The first error, or 0. */
typedef int delegation_work(void *to, u32 first, u32 end);
int delegation_split(unsigned threads, u32 n, delegation_work *work, void *to);

/* The block of an address (4 or 16 octets) in the special-purpose registries that is not
 * globally reachable, "private use (RFC 1918)", or NULL. */
const char *address_block(const u8 *address, unsigned len);

/* Where the name's suffix begins that no public name server can be under: its text, its
 * place in the wire name at *at; NULL when there is none. `origin`: a zone below such a
 * suffix may use it. */
const char *delegation_special(const struct zone_name *n, const struct zone_name *origin,
			       unsigned *at);
/* Why no host can have this name, or NULL. */
const char *delegation_impossible(const struct zone_name *n);
/* Is the last label a top-level domain of the public suffix list? Not for the root. */
bool delegation_tld_listed(const struct delegation *d, const struct zone_name *n);
/* Offset of the last n labels of a name. */
unsigned delegation_tail(const struct zone_name *n, unsigned labels);
/* Is the name at or below the other? */
bool delegation_under(const struct zone_name *n, const struct zone_name *top);
/* Labels of the public suffix of a name, which kind, and labels of it all. */
unsigned delegation_suffix(const struct delegation *d, const struct zone_name *n, int *kind,
			   unsigned *labels);
/* An address record as text. */
#define ADDRESS_TEXT 46
char *delegation_address(const struct delegation *d, const struct zone_record *r,
			 char to[ADDRESS_TEXT]);


/* The passes. Each: 0 or negative. */
int delegation_hosts(struct delegation *d);
int delegation_cuts(struct delegation *d);
/* All marks of a delegation, by its number and name. */
u32 delegation_marks(const struct delegation *d, u32 cut, u32 name);
int delegation_graph(struct delegation *d);	/* tells cycles and what hangs on them */
void delegation_tell(struct delegation *d);	/* delegation by delegation */
int delegation_groups(struct delegation *d);	/* hosts that cannot be, and who uses them */
int delegation_glue(struct delegation *d);	/* owner by owner: addresses and DS */
int delegation_alike(struct delegation *d);	/* look-alike operators */

extern const struct catalogue_row delegation_rows[];
extern const struct opt delegation_opts[];
