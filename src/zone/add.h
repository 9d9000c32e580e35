/* SPDX-License-Identifier: GPL-3.0-or-later */
/* add.h - scanned blocks, in order, become a zone.
 *
 * What only the order of the text can say is settled here: line numbers, owners and TTLs
 * that are taken over from an earlier block, and whether the text is a zone at all.
 *
 * A TTL that is left out is $TTL's; without one, that of the last record that says one
 * (RFC 1035, 5.1); else the SOA's minimum; else 3600. */
#pragma once
#include "zone/block.h"
#include <pthread.h>

#define ADD_BAD_FIRST 100u	/* bad lines before the first record: it is no zone */

struct adder;

/* `size`: octets of the whole input, 0 when not known. 0 or -ENOMEM. */
int adder_make(struct adder **ret, const struct zone_read_conf *conf,
	       struct zone_read_result *result, pthread_mutex_t *talk, u64 size);
struct adder *adder_free(struct adder *a);	/* takes NULL, gives NULL */
/* 0; 1: a limit was reached, the rest is left out; OOPS_UNKNOWN: no origin; -ENOMEM. */
int adder_block(struct adder *a, const struct block *b);
/* After the last block: hands the zone over. 0. */
int adder_end(struct adder *a, struct zone **ret, unsigned threads);
