/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trust.h - who vouches for whom, signed, and the path of trust to a stranger.
 *
 *   our key --vouches--> cert.example (key K1) --vouches--> stranger (key K2)
 *
 * A vouch is a text that can be passed on, signed (Ed25519) with the key of who says it:
 *
 *   VEDETTE-VOUCH-1
 *   says: vouch                       or: revoke
 *   by: cert.example
 *   whom: stranger
 *   key: 64 hex digits                the key that `whom` signs with
 *   at: 2026-01-31T10:00:00Z
 *   until: 2027-01-31T10:00:00Z
 *
 * A step of a path holds when it is signed by the key that the step before named (the first:
 * ours), is not past, not revoked and not older than what the same said later. What a contact's
 * entry says of its key counts for nothing here: only signatures do. Paths are the shortest,
 * at most TRUST_STEPS_MAX steps. Cost: one check of a signature for each vouch looked at. */
#pragma once
#include "base/buf.h"
#include "respond/desk.h"

#define TRUST_STEPS_MAX 6u
#define TRUST_VOUCHES_MAX 100000u
#define TRUST_SELF "self"	/* how our own vouches name us when no contact has our key */

struct trust_claim {
	bool revokes;
	const char *by, *whom, *key;
	u64 at, until;		/* ns; whole seconds */
};
/* Appends the text that is signed. */
void trust_text(struct buf *out, const struct trust_claim *c);
/* How others may know us: the id of the contact that has the desk's key on record, as a copy
 * in *ret, else TRUST_SELF. 0 or negative. */
int trust_self(struct desk *d, char **ret);
/* Signs a vouch (or revocation) with the desk's key and says it. `passed_on`, when it is not
 * NULL, gets what can be passed on: the text, then lines "signer: " and "signature: ". In a
 * change. OOPS_RANGE (CODE_NO_KEY) without a key. */
int trust_say(struct desk *d, const struct trust_claim *c, struct buf *passed_on);
/* Takes what others passed on: OOPS_FORMAT, OOPS_CHANGED (not signed by that key, or older
 * than what is known). In a change. */
int trust_take(struct desk *d, const char *passed_on);

struct trust_path {
	struct vouch *step[TRUST_STEPS_MAX];	/* copies, ours first */
	u32 count;
	u64 looked_at, bad;	/* vouches; of them with a wrong signature or past */
};
/* The shortest path from the public key `root` (hex) to a contact's id, of `most` steps at
 * most: 0, OOPS_UNKNOWN (there is none), or an error. Free it in any case. */
int trust_path(struct trust_path *ret, struct desk *d, const char *root, const char *whom,
	       u32 most);
void trust_path_free(struct trust_path *p);
