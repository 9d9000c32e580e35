/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame.h - what a source hands over, and what comes out of it.
 *
 * A frame is one captured packet with its link-layer header. A payload is one
 * DNS message on its way from one address to another: a whole UDP datagram, or
 * one length-prefixed message of a TCP stream. Both are views: the bytes belong
 * to the source or to the packet reader and live as long as the batch. */
#pragma once
#include "base/base.h"

struct frame {
	u64 time_ns;	/* since 1970-01-01 UTC */
	const u8 *data;
	u32 cap;	/* octets captured, at `data` */
	u32 len;	/* octets on the wire; cap < len when the snap length cut it */
	u16 link;	/* LINKTYPE_ value of the tcpdump registry */
	u16 file;	/* which input, from 0 in the order given */
	u64 number;	/* in its file, from 1, as other tools count */
	u64 offset;	/* of the frame's record in its (decompressed) file */
};

/* One address form for both families: IPv4 is mapped into ::ffff:0:0/96
 * (RFC 4291, 2.5.5.2), so that tables and comparisons know one kind. */
struct addr {
	u8 at[16];
};

static inline bool addr_is4(const struct addr *a)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	u64 x, y;
	u32 z, w;

	memcpy(&x, a->at, 8);
	memcpy(&y, mapped, 8);
	memcpy(&z, a->at + 8, 4);
	memcpy(&w, mapped + 8, 4);
	return ((x ^ y) | (z ^ w)) == 0;
}
static inline struct addr addr_of4(const u8 *four)
{
	struct addr a = { .at = { [10] = 0xff, [11] = 0xff } };

	memcpy(a.at + 12, four, 4);
	return a;
}
static inline struct addr addr_of6(const u8 *sixteen)
{
	struct addr a;

	memcpy(a.at, sixteen, 16);
	return a;
}

enum transport { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_COUNT };

enum payload_flag {
	PAYLOAD_FRAGMENTED = 1,	/* put together from IP fragments */
	PAYLOAD_PARTIAL = 2,	/* only the beginning is here: see full_len */
	PAYLOAD_TUNNELLED = 4,	/* came out of GRE, VXLAN, ... */
};

struct payload {
	const u8 *data;
	u32 len;	/* octets at `data` */
	u32 full_len;	/* octets the message had on the wire; > len if PARTIAL */
	u64 time_ns;	/* of the frame that completed it */
	u64 number;	/* that frame's number and file */
	u16 file;
	u16 sport, dport;
	u8 transport;	/* enum transport */
	u8 flags;	/* PAYLOAD_ bits */
	u8 ttl;		/* IPv4 TTL or IPv6 hop limit as captured */
	struct addr src, dst;
};
