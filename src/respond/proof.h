/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proof.h - what was seen, decided and told in one incident, for a regulator, that can be
 * checked without Vedette and without the rest of the log.
 *
 *   {"proof":"VP1", incident, audience, head, ...}       one JSON object a line
 *   {"event":{number, at, author, kind, about, body, prev, hash, signature, signer}}
 *   {"between":["hash", ...], "from":N}                   hashes of events about other things
 *   {"withheld":[N, ...], "marking":"..."}               events about it that are hashes only
 *   {"message":"SHA-256", "octets":"base64"}              what was sent, as it was sent
 *   {"seal":"SHA-256 of all octets before", "signature", "signer"}
 *
 * Each event holds the hash of the one before it, which is there either whole or as its hash
 * alone: so none that is shown can be changed, moved or left out unseen, and nothing is told
 * of others' business. What joins two hashes without their events is the log's owner's word:
 * the seal. tools/check-proof looks at all of it offline.
 *
 * The label applies: the gate's audience must be cleared for the incident, else -EPERM, or,
 * redacted, they get what is marked no stricter than they may have: what was told to them
 * and to others like them (a notice has a marking of its own), the rest as hashes that join
 * it. An event that tells of something stricter (a member that has left) is its hash alone,
 * too. How many events are withheld, which, and under which marking at most, is said; messages
 * stand under their own markings, and those that are too strict are their hash
 * alone (which is in the events). The record is marked with the strictest of the incident and
 * all that stands in it. Cost: one pass over the log from the incident's first event
 * on; 67 octets for each event of others. */
#pragma once
#include "respond/gate.h"

/* Appends the record and a page for people. 0, -EPERM (also when redacted nothing is left),
 * OOPS_UNKNOWN (no such incident), or another error; gate_error() or desk_error() has the
 * sentence. Not inside a change. */
struct proof_wish { u64 incident; bool redacted; };
int proof_write(struct desk *d, struct gate *g, struct proof_wish wish, struct buf *record,
		struct buf *page);
/* Says in the log that a proof was made, for whom, with which seal. In a change. */
int proof_note(struct desk *d, u64 incident, const char *audience, const char *seal);
/* The seal of a record that proof_write() made: 64 hex digits; or "". */
const char *proof_seal(const struct buf *record, char to[65]);
