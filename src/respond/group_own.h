/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_own.h - what group.c, group_read.c, group_cause.c and group_say.c share and nobody
 * else sees. */
#pragma once
#include "dns/suffix.h"
#include "respond/fault.h"
#include "respond/group.h"
#include "respond/texts.h"
#include "store/desk.h"

struct tied {	/* one finding */
	char id[65];
	u8 subject_kind, severity, confidence, tlp, pap, parties;
	bool ended, rests, slight;	/* rests: on servers that are not its own */
	u32 rule, subject, key;	/* words; key: what it is about in the end */
	u32 fault, own;		/* of audits: fault's number + 1; what `slight` ones are about */
	u32 party_at;		/* in parties[] */
	u32 parent;		/* union-find */
	u32 why;		/* word of the party that tied it; 0 = its subject */
	u64 from, until, incident;
};
struct party { u32 name, item; };	/* name: word "role name" */

struct group {
	struct desk *desk;
	const struct group_conf *conf;
	struct group_report *report;
	struct texts words, own;
	struct faults faults;
	struct tied *items;
	size_t count, room;
	struct party *parties;
	size_t party_count, party_room;
	u64 earliest;	/* of the findings of traffic that are new */
	bool traffic, audits;	/* there are new ones */
	bool sliced;	/* many changes; else inside an open one */
	bool disturbed;	/* others wrote since it was read */
	u64 event;	/* the last one that it knows of */
};

/* Reads the findings and those of incidents that they may be tied to. */
int group_read(struct group *g);
/* Opens and fills incidents from what is tied. order[]: items, those of one component side by
 * side, new findings and members alike. */
int group_say(struct group *g, const u32 *order);
/* The item that stands for the component. */
u32 group_find(struct group *g, u32 item);

#define GROUP_NAME_MAX 1100
/* The registered domain of a name into `to`; what is no name stays as it is. */
const char *group_registered(const struct suffixes *s, const char *text,
			     char to[GROUP_NAME_MAX]);

/* ---- group_cause.c: findings of audits ---- */

/* Sets key, rests and slight of a finding of an audit: 0 or negative. */
int group_cause(struct group *g, const struct suffixes *suffixes, const struct store_gist *s,
		struct tied *i);
/* When all were read: what is slight goes with those that rest on the same name. */
void group_settle(struct group *g);
/* What a key is about, without its kind. */
const char *group_about(const struct group *g, u32 key);
/* Why a finding of an audit is a member; octets, as snprintf() counts them. */
size_t group_cause_why(const struct group *g, const struct tied *i, char *to, size_t room);
/* Of a component of audits: why it is one, what it is about, and what it is called after: of
 * `names` one that is named, else `about`. */
struct group_words {
	const struct tied *top;
	char *reason;
	size_t room;
	const char *about, *called;
	u64 names;
};
void group_cause_reason(const struct group *g, const u32 *order, size_t n,
			struct group_words *w);
