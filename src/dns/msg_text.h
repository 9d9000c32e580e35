/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_text.h - a message as text for people, in the form kdig prints.
 *
 *   ;; ->>HEADER<<- opcode: QUERY; status: NXDOMAIN; id: 4660
 *   ;; Flags: qr rd ra; QUERY: 1; ANSWER: 0; AUTHORITY: 1; ADDITIONAL: 1
 *
 *   ;; EDNS PSEUDOSECTION:
 *   ;; Version: 0; flags: do; UDP size: 1232 B; ext-rcode: NOERROR
 *
 *   ;; QUESTION SECTION:
 *   ;; nowhere.example.	IN	A
 *   ...
 *
 * Record data is written by libknot; what it cannot write gets the generic form
 * (RFC 3597, 5). The text holds nothing but printable ASCII, tabs and newlines,
 * whatever the message holds. No record begins after MSG_TEXT_MAX octets; a line at
 * the end then says how many were left out. A broken message is written as far as
 * it is good.
 *
 * Cost: for one message at a time; about 140 KiB of stack. */
#pragma once
#include "base/buf.h"
#include "dns/msg.h"

#define MSG_TEXT_MAX (1u << 20)

/* Appends the text of a payload to `out`. */
void msg_text(const u8 *wire, size_t len, struct buf *out);

/* Appends one good record as a line without its end: owner, TTL, class, type and
 * data, between tabs. */
void rr_text(const struct msg *m, const struct rr *r, struct buf *out);

/* "a name is broken": a marked phrase for each enum msg_error. Never NULL. */
const char *msg_error_text(enum msg_error error);
