/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcap.h - evidence as a capture file, for tools that read nothing else.
 *
 * Classic pcap with nanoseconds, link type raw IP. Headers are made up around each message:
 * TTL 64, no options, TCP as one segment with the length before the message. */
#pragma once
#include "base/buf.h"
#include "model/evidence.h"

/* The file's header. */
void pcap_begin(struct buf *out);
/* A message too long for one packet is left out: false. */
bool pcap_add(struct buf *out, const struct evidence *e);
