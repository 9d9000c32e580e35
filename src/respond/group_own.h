/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_own.h - what group.c, group_read.c and group_say.c share and nobody else sees. */
#pragma once
#include "respond/group.h"
#include "respond/texts.h"

struct tied {	/* one finding */
	char id[65];
	u8 subject_kind, severity, confidence, tlp, parties, ended;
	u32 rule, subject, key;	/* words; key: what it is about in the end */
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
	struct texts words;
	struct tied *items;
	size_t count, room;
	struct party *parties;
	size_t party_count, party_room;
	u64 earliest;	/* of the findings that are new */
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
