/* SPDX-License-Identifier: GPL-3.0-or-later */
/* knot_diff.h - do msg_read() and libknot say the same of a payload?
 *
 * libknot's knot_pkt_parse() is the reference. The verdicts have to agree, and of a
 * good message the question, every record's owner, type, class, TTL, RDLENGTH and
 * decompressed RDATA, and the EDNS fields. The differences that src/dns/msg.md
 * allows are recognised by looking at the octets, where we are the stricter with
 * libknot's own functions. Used by a unit test and a fuzz target. */
#pragma once
#include "base/base.h"

enum knot_rule {	/* the list of src/dns/msg.md */
	KNOT_SAME,
	KNOT_RULE_LEFT_OVER,	/* we refuse octets after the last field of RDATA */
	KNOT_RULE_POINTERS,	/* we refuse names with more than 127 pointers */
	KNOT_RULE_ROOT_POINTER,	/* we take RDATA with a pointer to the root's octet */
	KNOT_RULE_SMALL_OPT,	/* we take an OPT with payload size 1, no options */
	KNOT_RULE_LONG_RDATA,	/* we take RDATA that unpacks past 65,535 octets */
	KNOT_RULES
};

#define KNOT_WHY 200
/* KNOT_SAME, a rule that explains the difference, or -1 and `why` says what
 * differs. `wire` is not changed. */
int knot_diff(const u8 *wire, size_t len, char why[KNOT_WHY]);
