/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer.h - a zone by transfer (AXFR, RFC 5936) instead of by file.
 *
 *   query [TSIG] -->
 *                <-- SOA, records ...      one message after the other, each with a length
 *                <-- ... records, SOA      before it; the first and the last one signed,
 *                                          99 unsigned ones between at most (RFC 8945, 5.3.1)
 *
 * The caller connects; here nothing is opened. Messages are libknot's to read, and so are
 * signatures. Every message is checked: id, flags, question, that the first record is the
 * zone's SOA record and the last one is the same. A zone whose signature is wrong, or that is
 * not signed though a key was given, is thrown away: it may be anybody's.
 * Limits: `memory` of the conf; time is the socket's and late()'s. */
#pragma once
#include "zone/read.h"

#define TRANSFER_KEYS_MAX (64u << 10)	/* octets of a file of keys */

struct transfer_key;

/* The key of that name ("" = the only one) out of text in the form that BIND and Knot DNS use:
 * key "name" { algorithm hmac-sha256; secret "base64"; };
 * 0, OOPS_FORMAT, OOPS_UNKNOWN (no such key, or several and no name), -ENOMEM. */
int transfer_key_read(struct transfer_key **ret, const char *text, size_t n, const char *name);
/* Takes NULL, gives NULL; the secret is wiped. */
struct transfer_key *transfer_key_free(struct transfer_key *k);

struct transfer {
	const struct transfer_key *key;	/* NULL: not signed */
	u16 id;				/* of the query: drawn by the caller */
	bool (*late)(void *to);		/* true ends the transfer; may be NULL */
};
/* Asks for the zone conf->origin and reads it into a new zone that is not sealed. Troubles
 * (ZONE_BROKEN: refused, wrong, not signed as it should be; ZONE_CUT_SHORT; ZONE_FULL) are told
 * to conf->trouble; the line is the record's number. 0 and *ret (NULL when nothing of it may be
 * used), or -ENOMEM. */
int zone_transfer(struct zone **ret, int fd, const struct zone_read_conf *conf,
		  const struct transfer *t, struct zone_read_result *result);
