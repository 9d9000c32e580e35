/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose_pack.h - evidence packs (share/pack.h) of the findings in a release: attached as
 * long as there is room, else named with their hashes, so that the recipient can ask for
 * them and check what comes.
 *
 *   findings of the release, the worst first --gate--> pack --fits?--> attached
 *                                                        |--else----> named
 *                                                        `--not looked at: counted
 *
 * Only findings that are in the release: what may not leave has no pack. The same store gives
 * the same octets, so `vedette pack ID` makes the one that a letter names. */
#pragma once
#include "base/buf.h"
#include "respond/gate.h"
#include "run/compose_once.h"

#define COMPOSE_PACKS 8u	/* attached, at most */
#define COMPOSE_PACKS_LOOKED 24u	/* packed and hashed; of more there are only numbers */
#define COMPOSE_PACK_NAME 24u

struct compose_pack {
	char name[COMPOSE_PACK_NAME], sha256[65];
	size_t octets;
	struct buf attached;	/* empty: it is named only */
};
struct compose_packs {
	struct compose_pack at[COMPOSE_PACKS_LOOKED];
	size_t count;
	u64 more;	/* findings with evidence that were not packed */
};
/* Fills *ret (zeroed before); `once` is of the release (compose_once()); attached packs have
 * `most` octets together at most. 0 or negative; compose_packs_free() in any case. Evidence that
 * the store has lost is left out. */
int compose_packs(struct compose_packs *ret, struct gate *g, const struct release *r,
		  const struct once *once, size_t most);
void compose_packs_free(struct compose_packs *p);
