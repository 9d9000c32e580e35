/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.h - what the files of the change family share; the story is in change.c. */
#pragma once
#include "verify/verify.h"
#include "zone/snapshot.h"

enum change_row {
	CHANGE_SUMMARY, CHANGE_NEW, CHANGE_GONE, CHANGE_MOVED, CHANGE_MASS,
	CHANGE_DS_ADDED, CHANGE_DS_CHANGED, CHANGE_DS_REMOVED, CHANGE_UNSIGNED_AND_MOVED,
	CHANGE_GATHERING, CHANGE_MIGRATION, CHANGE_RETURNED, CHANGE_CHURN,
	CHANGE_HOST_MOVED, CHANGE_HOSTS_GATHERING, CHANGE_FLUX,
	CHANGE_SERIAL_BACK, CHANGE_SERIAL_SAME,
	CHANGE_KEYS, CHANGE_KEY_EARLY, CHANGE_KEY_GONE,
};
extern const struct catalogue_row change_rows[];

struct change_conf {
	u64 gather, operators, churn, low_ttl, mass_least;
	double mass;
};
extern const struct opt change_opts[];

struct change {
	struct audit *a;
	const struct zone *z;		/* NULL: only snapshots are known */
	const struct change_conf *conf;
	const struct snapshot *old, *now;
	struct snapshot_map map;
	u64 *old_operator, *now_operator;	/* hash of each host's registered domain */
	u32 fresh, gone, moved, ds;	/* delegations */
};

/* A finding about a delegation that is in the zone (with its line), or was (place in old). */
struct finding *change_begin(struct change *c, unsigned row, const struct snap_cut *now);
struct finding *change_begin_gone(struct change *c, unsigned row, u32 name);
/* About the zone, and its name into `to`, which is returned. */
struct finding *change_begin_zone(struct change *c, unsigned row);
char *change_zone(const struct change *c, char to[NAME_TEXT_MAX]);
/* Servers of a set as text: "ns1.example, ns2.example and 3 more". */
#define CHANGE_SET_TEXT 300
char *change_set(const struct snapshot *s, u32 set, char to[CHANGE_SET_TEXT]);
/* Has the set a host of this operator? */
bool change_has(const struct snapshot *s, const u64 *operator, u32 set, u64 one);

int change_gathering(struct change *c);	/* change_gather.c */
int change_history(struct change *c);	/* change_history.c */
void change_keys(struct change *c);	/* change_keys.c */
