/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decoded.h - one message of evidence as JSON: where and when it was seen, its octets, and
 * each field with its place among them (dns/msg_parts.h).
 *
 *   {"hash":"..","time":"..","from":"192.0.2.1","to":"..","from_port":53,"to_port":4711,
 *    "transport":"udp","full":512,"octets":"hex","error":null|"..","left_out":0,
 *    "parts":[{"name":"header","text":"query QUERY NOERROR","at":0,"length":12,"depth":0}]}
 *
 * What is in it comes from strangers: every text is printable ASCII. Bounded by
 * MSG_PARTS_MAX parts and the message's own 64 KiB; about a megabyte at the very most. */
#pragma once
#include "base/buf.h"

/* Appends the object for a packed item (model/evidence.h): 0 or OOPS_FORMAT and nothing. */
int decoded_json(struct buf *out, const u8 *packed, size_t n);
