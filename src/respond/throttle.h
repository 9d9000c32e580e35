/* SPDX-License-Identifier: GPL-3.0-or-later */
/* throttle.h - who may try a password now, so that nobody can guess for long, and nobody can
 * keep the others out by trying.
 *
 *   a try --> known device? --yes--> its own row of wrong ones; what its login may do
 *               |                    --> time for known devices
 *               no --> this login from this address; this address; this login by strangers
 *                                    --> time for strangers
 *
 * A device is known by the cookie that it got when it signed in as that login (user_device()).
 * What a stranger does costs strangers only: somebody who tries one login all day, or has a
 * thousand addresses, locks no known device out; somebody who shares an address (a proxy, a
 * network behind one) neither. Of IPv6 64 bits are an address (RFC 4291, section 2.5.4).
 *
 * Hashes cost the writer's processor time; strangers get a quarter of a processor at most,
 * known devices another quarter. What is refused is never hashed. Nothing here knows whether
 * there is such a login: a wrong name and a wrong password are treated alike, so waiting tells
 * nobody who is there.
 *
 * THROTTLE_ROWS rows under a keyed hash, in memory: a restart forgets. When rows are wanted,
 * the one with the least wrong is given up. Times in ns, of a clock that only goes forward. */
#pragma once
#include "base/base.h"

#define THROTTLE_ROWS 32768u		/* 24 octets each */
#define THROTTLE_TRIES 5u		/* wrong ones of a pair, or a device, before waiting */
#define THROTTLE_WAIT_NS (60ull * 1000000000)	/* doubles with each further one */
#define THROTTLE_WAIT_MOST_NS (3600ull * 1000000000)
#define THROTTLE_ADDRESS 20u		/* of an address, whatever the login; then: */
#define THROTTLE_ADDRESS_NS (6ull * 1000000000)		/* one more each */
#define THROTTLE_LOGIN 100u		/* of a login, from wherever strangers try; then: */
#define THROTTLE_LOGIN_NS (900ull * 1000000000)
#define THROTTLE_OWN 30u		/* of a login by its known devices, right ones too; then: */
#define THROTTLE_OWN_NS (4ull * 1000000000)
#define THROTTLE_SHARE 4u		/* a quarter of the time, for each of the two */
#define THROTTLE_AHEAD_NS 3000000000ull	/* hashing that may be done at once */
#define THROTTLE_TOLD 20u		/* refusals in the log; then: */
#define THROTTLE_TOLD_NS (60ull * 1000000000)

struct throttle;
struct trying {
	const char *login, *from;	/* from: an address as text, "" when it is not known */
	const char *device;		/* what proves a known device; "" = a stranger */
};
enum throttle_way { THROTTLE_GO, THROTTLE_WAIT, THROTTLE_BUSY };
enum throttle_came { THROTTLE_GOOD, THROTTLE_HALF, THROTTLE_WRONG };

/* 0 or -ENOMEM. */
int throttle_open(struct throttle **ret);
struct throttle *throttle_close(struct throttle *t);
/* May it be tried? GO; WAIT (after *wait ns) or BUSY (others are tried just now): not. */
enum throttle_way throttle_ask(struct throttle *t, const struct trying *who, u64 now,
			       u64 *wait);
/* What came of it: right; half right (a code is wanted, the login is locked); wrong. `took`:
 * ns of processor time. */
void throttle_note(struct throttle *t, const struct trying *who, enum throttle_came came,
		   u64 took, u64 now);
/* Shall the log have it when what is tried now is wrong? Of a row the first and each tenth, of all
 * no more than THROTTLE_TOLD, then one each THROTTLE_TOLD_NS: a stranger must not fill the
 * disk. *untold: how many were left out since the last one that was told. */
bool throttle_tells(struct throttle *t, const struct trying *who, u64 now, u64 *untold);
