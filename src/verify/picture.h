/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.h - what the delegations of a zone rest on, small enough to be kept and asked.
 *
 *   {"zone":"example.","delegations":N,"critical":n,"different":n,
 *    "sets":[[delegations,critical,[host,..]],..],     the heaviest sets of servers first
 *    "hosts":[["ns1.example.net",operator,[address,..]],..],
 *    "addresses":[["192.0.2.1",prefix,as or -1],..],
 *    "operators":[..],"prefixes":[..],"ases":[..]}
 *
 * Made by the sharing family of an audit (sharing_picture.c), kept beside the run, and read
 * here to answer "what falls without these?" by the rules of sharing_what_if.c: a server falls
 * when it is named, its operator is, or all its addresses are (one at least); a delegation
 * when all its servers do. Delegations whose set of servers is not in the picture are counted
 * as unknown: what falls is at least `fall` and at most `fall + unknown`.
 *
 * The text may come from a stranger's file: every number is checked. */
#pragma once
#include "base/base.h"

#define PICTURE_SETS 4096u
#define PICTURE_HOSTS 8192u
#define PICTURE_OCTETS (3u << 20)	/* of the text; one that is larger is not made */

#define PICTURE_KINDS(F)                                                       \
	F(OPERATOR, "operator") F(HOST, "host") F(ADDRESS, "address")          \
	F(PREFIX, "prefix") F(AS, "as")
#define F(name, text) PICTURE_##name,
enum picture_kind { PICTURE_KINDS(F) PICTURE_KIND_COUNT };
#undef F
extern const char *const picture_kinds[];

struct picture_set { u32 weight, critical, first, count; u8 state; };	/* enum picture_state */
enum picture_state { PICTURE_STANDS, PICTURE_WEAK, PICTURE_DOWN };
struct picture_element {
	const char *name;
	u32 up;			/* of a host: its operator; of an address: its prefix */
	u32 as;			/* of an address; UINT32_MAX = not known */
	u32 first, count;	/* of a host: its addresses */
	u64 uses, alone, critical;	/* delegations that have it; that fall with it alone; of
				 * these, critical ones */
	bool lost;		/* it is, or falls */
};
struct picture {
	const char *zone;
	u64 delegations, critical, different;
	struct picture_set *sets;
	u32 set_count;
	struct picture_element *at[PICTURE_KIND_COUNT];
	u32 count[PICTURE_KIND_COUNT];
	u32 *hosts, *addresses;	/* of the sets, of the hosts */
	u64 known;		/* delegations of the sets here */
	u64 fall, weak, fall_critical, weak_critical;	/* of the last question */
	void *own;
};

/* Reads it: 0, OOPS_FORMAT or -ENOMEM. *ret is good for picture_free() in any case. */
int picture_read(struct picture *ret, const char *text, size_t n);
void picture_free(struct picture *p);
/* Loses what the question names ("operator:example.net,host:ns1.example.org"); what has no
 * such element here is written to unused[] with commas between. 0, or OOPS_FORMAT for a part
 * without a known kind. An empty question loses nothing. */
#define PICTURE_UNUSED 300
int picture_ask(struct picture *p, const char *question, char unused[PICTURE_UNUSED]);
