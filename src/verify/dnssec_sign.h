/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_sign.h - canonical form, and the signatures of a zone in rounds.
 *
 *   owners --plan--> round: sets, tasks --check, in parallel--> --verdict--> findings
 *
 * Part of dnssec.h, not included by itself. */
#pragma once
#include "zone/zone.h"

struct dnssec;

/* ---- canonical form ---- */

struct dnssec_ref { const u8 *at; u32 len, ttl; };
/* Scratch of one thread; zeroed at first. */
struct dnssec_canon {
	struct dnssec_ref *refs;
	u8 *copy;
	u64 ref_room, copy_room;
};
void dnssec_canon_free(struct dnssec_canon *c);
/* Copies RDATA in canonical form (RFC 4034, 6.2; RFC 6840, 5.1): the same length. */
void dnssec_canon_rdata(u16 type, const u8 *rdata, u32 len, u8 *to);
/* The records of a set in canonical form and order without repeats (RFC 4034, 6.3), in
 * c->refs: how many, or -ENOMEM. */
int dnssec_canon_set(struct dnssec_canon *c, const struct zone *z,
	const struct zone_rrset *set);
/* What an RRSIG with this RDATA signs (RFC 4034, 3.1.8.1), into `to`, which has room for
 * dnssec_signed_size(): its length or -ENOMEM. The RDATA is well-formed. */
i64 dnssec_signed(struct dnssec_canon *c, const struct zone *z,
	const struct zone_rrset *set,
		  const u8 *rrsig, u8 *to);
/* Octets of it at most. Counting stops above `most`. */
u64 dnssec_signed_size(const struct zone *z, const struct zone_rrset *set, u64 most);

/* ---- signatures ---- */

/* RRSIG RDATA (RFC 4034, 3.1). */
struct dnssec_rrsig {
	u16 covered, tag;
	u8 algorithm, labels;
	u32 ttl, expiration, inception;
	const u8 *signer, *sig;
	u32 signer_len, sig_len;
};
/* False when it is no RRSIG. */
bool dnssec_rrsig_read(struct dnssec_rrsig *ret, const u8 *rdata, u32 len);

/* Labels of an owner as RRSIG counts them: without the root and a "*" (RFC 4034, 3.1.3).
 * */
unsigned dnssec_labels(const struct zone_name *n);

enum dnssec_fault {	/* why a signature is not even tried */
	FAULT_NONE, FAULT_MALFORMED, FAULT_SIGNER, FAULT_LABELS, FAULT_DATES,
		FAULT_NO_KEY,
	FAULT_REVOKED, FAULT_UNCHECKED, FAULT_TOO_LARGE,
};
/* A signature that could hold for a set, and what came of it. */
struct dnssec_task {
	u32 set;	/* place in the round's sets */
	u32 sig;	/* the RRSIG: place in zone_records() */
	u16 key;	/* place in d->keys */
	u8 fault;	/* enum dnssec_fault */
	bool good;	/* written by the check */
};
struct dnssec_set {
	struct zone_rrset set;
	u32 task, tasks;	/* first of its tasks, how many */
};
/* Some tens of thousands of sets that are worked on together. */
struct dnssec_round {
	struct dnssec_task *tasks;
	struct dnssec_set *sets;
	u32 task_count, set_count;
	u64 task_room, set_room;
	u32 *order;		/* tasks by key */
	u64 order_room;
	u64 *index;		/* of one owner: type covered, RRSIG record; sorted */
	u64 index_room;
	struct dnssec_worker *workers;	/* one a thread; dnssec_check.c */
};
/* Room for `need` things of `unit` octets, by half more: 0 or -ENOMEM. */
int dnssec_room(void *at, u64 *have, u64 need, size_t unit);
/* All signatures of the zone: planned, checked and judged, round by round. 0 or -ENOMEM.
 * */
int dnssec_signatures(struct dnssec *d);
/* Adds all sets of an owner to a round, and says what is known without arithmetic. */
int dnssec_plan(struct dnssec *d, struct dnssec_round *r, u32 owner);
/* Makes the workers; verifies the tasks of a round; lets the workers go. 0 or -ENOMEM. */
int dnssec_check_open(const struct dnssec *d, struct dnssec_round *r);
int dnssec_check(struct dnssec *d, struct dnssec_round *r);
void dnssec_check_close(const struct dnssec *d, struct dnssec_round *r);
/* Says what came of them, in canonical order. */
void dnssec_verdict(struct dnssec *d, const struct dnssec_round *r);
/* Counts a set that has no signature, or none that holds: its first record. */
void dnssec_refused(struct dnssec *d, bool missing, u32 record);
#define REFUSED_LEAST 20u	/* fewer are told one by one, and that says all */
/* Are so many refused by now that what is wrong is not in single names? Then the next ones are
 * only counted: dnssec.zone-refused says it, with examples. */
bool dnssec_folds(const struct dnssec *d);
/* After the last round: what is said once for the zone. */
void dnssec_verdict_zone(struct dnssec *d);
