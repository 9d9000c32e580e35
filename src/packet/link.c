/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link.c - link-layer headers, up to the IP packet in them.
 *
 * One row a link type (numbers of the tcpdump registry, LINKTYPE_) in rows[];
 * what a type field may be followed by is in ethertype_read(), which tunnels use
 * as well. Frames that carry something else than IP are NOT_IP, not errors.
 *
 * 802.11: data frames that are not encrypted, with an LLC/SNAP header; an A-MSDU
 * (several frames in one) is NOT_IP. */
#include "packet/walk.h"

/* IEEE 802 numbers */
#define TYPE_IP4 0x0800
#define TYPE_IP6 0x86dd
#define TYPE_VLAN 0x8100
#define TYPE_QINQ 0x88a8
#define TYPE_QINQ_OLD 0x9100
#define TYPE_QINQ_OLDER 0x9200
#define TYPE_PPPOE 0x8864
#define TYPE_MPLS 0x8847
#define TYPE_MPLS_MULTI 0x8848
#define TYPE_PPP 0x880b
#define TYPE_BRIDGED 0x6558
#define TYPES_FROM 0x0600	/* below: a length (IEEE 802.3, 3.2.6) */

/* PPP protocol numbers */
#define PPP_IP4 0x0021
#define PPP_IP6 0x0057
#define PPP_MPLS 0x0281

/* LLC: a SNAP header with a type field (RFC 1042), or IP by its own SAP. */
static int llc_read(struct walk *w)
{
	const u8 *at = w->at;

	if (w->have < 3)
		return walk_short(w, 3, FRAME_NOT_IP);
	if (at[0] == 0x06 && at[1] == 0x06 && at[2] == 0x03) {
		walk_skip(w, 3);
		return ip4_read(w);
	}
	if (at[0] != 0xaa || at[1] != 0xaa || at[2] != 0x03)
		return FRAME_NOT_IP;
	if (w->have < 8)
		return walk_short(w, 8, FRAME_BAD_LINK);
	walk_skip(w, 8);
	return ethertype_read(w, be16(at + 6));
}

static int vlan_read(struct walk *w)
{
	u16 type;

	if (w->have < 4)
		return walk_short(w, 4, FRAME_BAD_LINK);
	type = be16(w->at + 2);
	walk_skip(w, 4);
	if (type >= TYPES_FROM)
		return ethertype_read(w, type);
	return llc_read(w);
}

/* Labels until the one that says it is the last (RFC 3032, 2.1); the packet below
 * is known by its version only. */
static int mpls_read(struct walk *w)
{
	for (;;) {
		bool last;

		if (w->have < 4)
			return walk_short(w, 4, FRAME_BAD_LINK);
		if (w->tags++ >= VLANS_MAX)
			return FRAME_TOO_DEEP;
		last = w->at[2] & 1;
		walk_skip(w, 4);
		if (last)
			break;
	}
	if (w->have && w->at[0] >> 4 != 4 && w->at[0] >> 4 != 6)
		return FRAME_NOT_IP;
	return ip_read(w);
}

static int pppoe_read(struct walk *w)	/* RFC 2516, 4 */
{
	u16 length;

	if (w->have < 6)
		return walk_short(w, 6, FRAME_BAD_LINK);
	length = be16(w->at + 4);
	if (w->at[0] != 0x11 || length > w->wire - 6)
		return FRAME_BAD_LINK;
	walk_skip(w, 6);
	walk_cut(w, length);
	return ppp_read(w);
}

int ppp_read(struct walk *w)
{
	const u8 *at = w->at;
	u32 n;
	u16 protocol;

	if (w->have < 2)
		return walk_short(w, 2, FRAME_BAD_LINK);
	if (at[0] == 0xff && at[1] == 0x03) {	/* RFC 1662, 3.1 */
		walk_skip(w, 2);
		at = w->at;
	}
	if (w->have < 1)
		return walk_short(w, 1, FRAME_BAD_LINK);
	n = at[0] & 1 ? 1 : 2;		/* compressed (RFC 1661, 6.5) */
	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	protocol = n == 1 ? at[0] : be16(at);
	walk_skip(w, n);
	switch (protocol) {
	case PPP_IP4: return ip4_read(w);
	case PPP_IP6: return ip6_read(w);
	case PPP_MPLS: return mpls_read(w);
	}
	return FRAME_NOT_IP;
}

int ethertype_read(struct walk *w, u16 type)
{
	switch (type) {
	case TYPE_IP4:
		return ip4_read(w);
	case TYPE_IP6:
		return ip6_read(w);
	case TYPE_VLAN:
	case TYPE_QINQ:
	case TYPE_QINQ_OLD:
	case TYPE_QINQ_OLDER:
		return w->tags++ < VLANS_MAX ? vlan_read(w) : FRAME_TOO_DEEP;
	case TYPE_PPPOE:
		return w->tags++ < VLANS_MAX ? pppoe_read(w) : FRAME_TOO_DEEP;
	case TYPE_MPLS:
	case TYPE_MPLS_MULTI:
		return mpls_read(w);
	case TYPE_PPP:
		return ppp_read(w);
	case TYPE_BRIDGED:
		return w->tags++ < VLANS_MAX ? ether_read(w) : FRAME_TOO_DEEP;
	}
	return FRAME_NOT_IP;
}

int ether_read(struct walk *w)
{
	u16 type;

	if (w->have < 14)
		return walk_short(w, 14, FRAME_BAD_LINK);
	type = be16(w->at + 12);
	walk_skip(w, 14);
	if (type >= TYPES_FROM)
		return ethertype_read(w, type);
	if (type < w->wire)
		walk_cut(w, type);
	return llc_read(w);
}

/* The address family of the capturing host, in its byte order (NULL) or in
 * network order (LOOP). IPv6 has a different number on every BSD. */
static int null_read(struct walk *w)
{
	u32 family;

	if (w->have < 4)
		return walk_short(w, 4, FRAME_BAD_LINK);
	family = be32(w->at);
	if (family > 0xffff)
		family = le32(w->at);
	walk_skip(w, 4);
	switch (family) {
	case 2: return ip4_read(w);
	case 10: case 24: case 28: case 30: return ip6_read(w);
	}
	return FRAME_NOT_IP;
}

static int cooked_read(struct walk *w)	/* Linux "any", version 1 */
{
	u16 type;

	if (w->have < 16)
		return walk_short(w, 16, FRAME_BAD_LINK);
	type = be16(w->at + 14);
	walk_skip(w, 16);
	return type == 4 ? llc_read(w) : ethertype_read(w, type);
}

static int cooked2_read(struct walk *w)
{
	u16 type;

	if (w->have < 20)
		return walk_short(w, 20, FRAME_BAD_LINK);
	type = be16(w->at);
	walk_skip(w, 20);
	return type == 4 ? llc_read(w) : ethertype_read(w, type);
}

/* Cisco HDLC has a type field where PPP's framing has a protocol number: 0f 00
 * or 8f 00 begin the one, ff 03 the other (RFC 1547, 4.3.1). */
static int hdlc_read(struct walk *w)
{
	u16 type;

	if (w->have < 4)
		return walk_short(w, 4, FRAME_BAD_LINK);
	if (w->at[0] != 0x0f && w->at[0] != 0x8f)
		return ppp_read(w);
	type = be16(w->at + 2);
	walk_skip(w, 4);
	return ethertype_read(w, type);
}

static int ppp_ether_read(struct walk *w)	/* PPPoE without Ethernet */
{
	return pppoe_read(w);
}

static int ppp_direction_read(struct walk *w)	/* one octet: in or out */
{
	if (w->have < 1)
		return walk_short(w, 1, FRAME_BAD_LINK);
	walk_skip(w, 1);
	return ppp_read(w);
}

/* IEEE 802.11-2020, 9.2: data frames. `pad`: the header is filled up to 4 octets. */
static int wlan_data_read(struct walk *w, bool pad)
{
	u32 n = 24;
	u8 type, flags;

	if (w->have < 2)
		return walk_short(w, 2, FRAME_BAD_LINK);
	type = w->at[0];
	flags = w->at[1];
	if ((type & 0x0f) != 0x08 || (type & 0x40))	/* not data, or no data in it */
		return FRAME_NOT_IP;
	if (flags & 0x40)				/* encrypted */
		return FRAME_NOT_IP;
	if ((flags & 3) == 3)
		n += 6;
	if (type & 0x80) {
		if (w->have > n && (w->at[n] & 0x80))	/* A-MSDU */
			return FRAME_NOT_IP;
		n += flags & 0x80 ? 6 : 2;
	}
	if (pad)
		n = (n + 3) & ~3u;
	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	walk_skip(w, n);
	return llc_read(w);
}

static int wlan_read(struct walk *w)
{
	return wlan_data_read(w, false);
}

/* radiotap.org: version, pad, length, words of "present" bits (bit 31: one more),
 * fields in the order of the bits: TSFT (8 octets) before flags. */
static int radiotap_read(struct walk *w)
{
	u32 length, fields = 4, present;
	bool pad = false;

	if (w->have < 8)
		return walk_short(w, 8, FRAME_BAD_LINK);
	length = le16(w->at + 2);
	present = le32(w->at + 4);
	if (w->at[0] != 0 || length < 8)
		return FRAME_BAD_LINK;
	if (w->have < length)
		return walk_short(w, length, FRAME_BAD_LINK);
	do
		fields += 4;
	while (fields + 4 <= length && (le32(w->at + fields - 4) & 0x80000000u));
	if (present & 1)
		fields = ((fields + 7) & ~7u) + 8;
	if ((present & 2) && fields < length)
		pad = w->at[fields] & 0x20;
	walk_skip(w, length);
	return wlan_data_read(w, pad);
}

static int prism_read(struct walk *w)
{
	u32 length;

	if (w->have < 8)
		return walk_short(w, 8, FRAME_BAD_LINK);
	length = le32(w->at + 4);
	if (be32(w->at) >> 12 == 0x80211)	/* AVS header: big-endian */
		length = be32(w->at + 4);
	if (length < 8)
		return FRAME_BAD_LINK;
	if (w->have < length)
		return walk_short(w, length, FRAME_BAD_LINK);
	walk_skip(w, length);
	return wlan_data_read(w, false);
}

struct row { u16 link; int (*read)(struct walk *); };

static const struct row rows[] = {
	{ 1, ether_read },
	{ 113, cooked_read }, { 276, cooked2_read },
	{ 101, ip_read }, { 12, ip_read }, { 14, ip_read },	/* raw IP */
	{ 228, ip_read }, { 229, ip_read },	/* of one version, it is said */
	{ 0, null_read }, { 108, null_read },
	{ 9, ppp_read }, { 50, hdlc_read }, { 104, hdlc_read },
	{ 51, ppp_ether_read }, { 166, ppp_direction_read }, { 204, ppp_direction_read },
	{ 105, wlan_read }, { 127, radiotap_read },
	{ 119, prism_read }, { 163, prism_read },
};

int link_read(struct walk *w)
{
	for (unsigned i = 0; i < COUNT(rows); i++)
		if (rows[i].link == w->f->link)
			return rows[i].read(w);
	return FRAME_LINK_UNKNOWN;
}
