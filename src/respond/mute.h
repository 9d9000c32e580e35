/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mute.h - findings that are known to be harmless: left out of grouping, for a while.
 *
 *   mute  rule begins with "tunnel"   subject is, or lies below, "cdn.example"
 *         reason, owner, expiry: never for ever (MUTE_MAX_NS at most)
 *
 * A mute hides nothing: findings stay in the store and are counted when they are left
 * out. Who asks for one answers for it; when it ends that is told, and what it held back
 * is grouped again. Operations as in case.h. */
#pragma once
#include "respond/case.h"

#define MUTE_MAX_NS (366ull * 86400 * 1000000000)

/* *number is the mute's. A rule or a subject there must be, a reason, an owner (NULL: the
 * author) and an expiry after now; from is set here. */
int mute_add(struct desk *d, const struct mute *m, u64 *number);
/* Takes it back before its time. */
int mute_lift(struct desk *d, u64 number, const char *reason);

/* ---- asking ---- */

struct mutes;
/* All mutes that hold at that time; mutes_free() them. 0 or negative. */
int mutes_open(struct desk *d, u64 now, struct mutes **ret);
struct mutes *mutes_free(struct mutes *m);	/* takes NULL, gives NULL */
/* The mute that holds back such a finding, or NULL. rule NULL: no rule to look at. */
const struct mute *mutes_find(const struct mutes *m, const char *rule, const char *subject);
/* True when the mute's scope holds the rule and the subject, whatever the time. */
bool mute_covers(const struct mute *m, const char *rule, const char *subject);
