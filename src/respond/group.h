/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group.h - findings that are in no incident become incidents, each with its reason.
 *
 * Of traffic:
 *   subject    the same registered domain or address, with no gap in time longer than `gap`
 *              between one window and the next
 *   campaign   the same client, server, victim or address takes part, in the same sense of
 *              time; a party that ties more than `hub` subjects says nothing (a resolver
 *              that asks for everything) and is told instead of used
 *
 * Of audits of zones, where forty delegations suffer from what one operator did: by cause, one
 * for each finding, and never two tied by a third (group_cause.c). Who runs a registry wants
 * to write one letter to one operator, not forty:
 *   operator   delegations that rest on servers of the same operator, and what is wrong with
 *              that operator's own names
 *   name       a high or critical fault of one name's own making: its registered domain
 *   fault      slighter ones of their own making: one incident a rule and zone
 *   zone       faults of the zone itself, one incident a family, which has the playbook
 *   measures   the zone as a whole: how much rests on what, and all that is told as info
 * By GROUP_SEVERITY_DEFAULT measures that are no warning become no incident. A fault that the
 * next audit finds again is the same fault (fault.h): it goes to where it is, however long
 * ago that was, and what `gap` says is of traffic only. So an audit that finds what the last
 * one found opens nothing. An audit and traffic are never tied: they are different matters.
 *
 * Ties are joined (union-find), so it does not matter in which order findings came: the
 * same findings and incidents give the same grouping, numbers included. What is tied to an
 * open incident joins it, the oldest when there are several, and then that is told; of an
 * incident that has ended, a new one is opened that names it. Muted findings are left out
 * and counted, and so are those that somebody took out of an incident by hand.
 *
 * group_findings() is one change of the desk. group_slices() is many, between which others may
 * write: reading and tying hold up nobody, and what is written in one change is as much as
 * `due` lets. A kill leaves whole incidents, and the rest for the next time. What others did
 * meanwhile counts: a component with a finding that is in an incident now, or with an
 * incident that has ended now, is passed over and looked at anew at the end.
 * Cost: some 200 octets of memory a finding; bench/desk measures the time. */
#pragma once
#include "respond/case.h"

#define GROUP_GAP_DEFAULT (7ull * 86400 * 1000000000)
#define GROUP_HUB_DEFAULT 100u
#define GROUP_SEVERITY_DEFAULT SEVERITY_LOW	/* info is what was measured, not a fault */

struct group_hub { const char *role, *name; u64 subjects; };
struct group_conf {
	u64 gap;		/* ns */
	u64 hub;		/* subjects that one party may tie */
	enum severity severity;	/* findings of less are left alone */
	const char *suffixes;	/* list of public suffixes; NULL = the system's, if there */
	/* Told of each party that was not used; may be NULL. */
	void (*tell)(void *to, const struct group_hub *hub);
	void *to;
	/* Deadlines of a new incident, from the time that it is opened; may be NULL. */
	const char *clocks;
	int (*deadlines)(void *to, u64 aware, const struct deadline **ret, size_t *count);
	u64 most;		/* findings that find an incident (and those with them); 0 = all */
	/* Of group_slices(): is it time to let others write? Nothing is open: let them. */
	bool (*due)(void *to);
	void (*rest)(void *to);
};
struct group_report {
	u64 findings;	/* looked at */
	u64 muted, taken_out, slight;	/* left out, and why */
	u64 opened, came_back;	/* incidents; of them those that had ended before */
	u64 joined;	/* findings that went into open incidents */
	u64 bridged;	/* of them those that are tied to several */
	u64 again;	/* of them those whose fault was there already */
	u64 hubs;	/* parties that were not used */
	u64 left;	/* findings for the next time: past `most`, or others were at them */
};
/* Inside an open change. 0 or negative. */
int group_findings(struct desk *d, const struct group_conf *conf, struct group_report *ret);
/* Outside of one. What was done before it failed stays. */
int group_slices(struct desk *d, const struct group_conf *conf, struct group_report *ret);
