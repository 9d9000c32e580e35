/* SPDX-License-Identifier: GPL-3.0-or-later */
/* priority.h - which incident first, and why, in words and never as a bare number.
 *
 *   severity     the usual level: critical urgent, high high, medium normal, else low
 *   confidence   below PRIORITY_DOUBT takes one level away
 *   exposure     PRIORITY_MANY parties or more add one
 *   clock        due within a day: high at least; overdue: urgent
 *
 * A pure function of the incident and the time. What has ended is low. */
#pragma once
#include "model/desk.h"

#define PRIORITY_DOUBT 50u
#define PRIORITY_MANY 10u

#define PRIORITIES(F)                                                          \
	F(LOW, NC_("priority", "low")) F(NORMAL, NC_("priority", "normal"))    \
	F(HIGH, NC_("priority", "high")) F(URGENT, NC_("priority", "urgent"))
#define F(name, text) PRIORITY_##name,
enum priority { PRIORITIES(F) PRIORITY_COUNT };
#undef F
extern const char *const priorities[];

/* The level; the reasons to why[], parted by "; ". */
#define PRIORITY_WHY 300
enum priority priority_of(const struct incident *i, u64 now, char why[PRIORITY_WHY]);
/* Which comes first, as qsort() asks: the more urgent, then what is due earlier, then what is
 * severer and surer, then the older one. */
struct prioritised { struct incident *is; enum priority priority; };
int priority_order(const struct prioritised *x, const struct prioritised *y);
