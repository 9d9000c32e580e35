/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.h - raw material of a finding: one DNS message as it was seen.
 *
 * An item is content-addressed: its id is the SHA-256 of its packed form, which
 * holds when, from where to where, how, and the message's own octets.
 *
 *   packed: "VE1" | time_ns 8 | src 16 | dst 16 | sport 2 | dport 2 |
 *           transport 1 | flags 1 | full_len 4 | len 4 | octets
 * (integers big-endian; addresses as in packet/frame.h) */
#pragma once
#include "base/base.h"

#define EVIDENCE_OCTETS_MAX 65535u
#define EVIDENCE_HEAD 57

struct evidence {
	u8 id[32];
	u64 time_ns;
	u8 src[16], dst[16];
	u16 sport, dport;
	u8 transport, flags;	/* as in struct payload */
	u32 full_len, len;
	const u8 *octets;	/* view */
};

struct buf;
/* Appends the packed form; len is at most EVIDENCE_OCTETS_MAX. */
void evidence_pack(struct buf *out, const struct evidence *e);
/* Reads a packed item (view into it) and computes its id: 0 or OOPS_FORMAT. */
int evidence_unpack(struct evidence *ret, const u8 *packed, size_t n);
/* Computes e->id. */
void evidence_identify(struct evidence *e);
