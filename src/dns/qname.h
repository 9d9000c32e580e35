/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qname.h - a question's name prepared for tables: hashes and the registered domain.
 *
 *   wire   3 w W w 7 e x a m p l e 3 c o m 0
 *          ^       ^ domain_at = octets of the sub-domain
 *
 * The registered domain is the public suffix and one label more (suffix.h). A
 * name that is itself a public suffix stands for itself; a single label that no
 * rule lists (junk at a root server) and the root belong to the root, ".".
 * Hashes are of the name in lower case and fold label by label from the right, so the
 * domain's hash falls out on the way to the whole name's.
 *
 * Cost: one pass over the octets; no allocation. The name itself stays where it is: who
 * needs it in lower case asks for a copy. question.h keeps what was found out lately. */
#pragma once
#include "dns/suffix.h"

#define QNAME_LOWER 272	/* 255 octets, and room to load 8 at a time past them */

struct qname {
	u64 hash;	/* of the whole name, lower case */
	u64 domain;	/* of the registered domain */
	u64 suffix;	/* of the public suffix */
	const u8 *wire;	/* view of the name as it came */
	const u8 *lower;	/* the same in lower case, once qname_lower() was asked */
	u8 len;		/* octets with the root's */
	u8 labels;	/* without the root's */
	u8 domain_at;	/* offset of the domain in the name */
	u8 sub_labels;	/* labels left of the domain */
	u8 upper;	/* letters that were upper case on the wire */
	u8 listed;	/* enum suffix_kind of the public suffix */
};

/* Fills *ret from a well-formed uncompressed wire name of len octets (as
 * msg_read() found it). */
void qname_read(struct qname *ret, const struct suffixes *s, const u8 *wire, unsigned len);

/* Puts the name in lower case (len octets and zeros) into `to`, where q->lower then points. */
void qname_lower(struct qname *q, u8 to[QNAME_LOWER]);
