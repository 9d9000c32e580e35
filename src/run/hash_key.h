/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash_key.h - the key that one analysis hashes with, out of the secret that a house has.
 *
 *   secret (--hash-key) + what is analysed --SHA-256--> key of this analysis --> samples, packs
 *
 * A pack must hold the key of its analysis, or nobody could check the names in its samples
 * (judged.h). So that key says nothing of the secret, nor of the key of any other analysis: who
 * gets a pack knows how samples of that capture were drawn, which is over, and no more.
 *
 * What is analysed is known by the first octets of each file, so the same input has the same
 * key and gives the same findings; of a pipe nothing can be read before, so the day stands for
 * it. Without a secret of one's own the key is the same for everybody, so that results can be
 * compared. */
#pragma once
#include "base/base.h"

#define HASH_KEY_PUBLIC "vedette"	/* the secret that is none */

/* The key for `count` inputs in fds (below 0: not open), on a day since 1970. Files stay at
 * their position. */
u64 hash_key_of(const char *secret, const int *fds, unsigned count, u64 day);
