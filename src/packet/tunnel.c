/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tunnel.c - packets in packets: GRE and what it carries, and tunnels over UDP.
 *
 *   GRE (RFC 2784, 2890, 2637)  IP, Ethernet, PPP, MPLS, ERSPAN I, II, III
 *   EtherIP (RFC 3378)          Ethernet
 *   VXLAN, Geneve               Ethernet (Geneve: any type)      UDP 4789 8472 6081
 *   GTP-U                       IP                               UDP 2152
 *   Teredo (RFC 4380)           IPv6                             UDP 3544
 *
 * IP in IP needs no code of its own: ip.c. A UDP port alone proves nothing, so
 * over UDP the header must be sane and hold an IP packet that is sane; else the
 * datagram is what it would be without this file: not DNS. At most TUNNELS_MAX
 * headers are unwrapped in one frame. */
#include "packet/walk.h"

#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING 0x4000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_ACK 0x0080		/* version 1: PPTP */
#define GRE_VERSION 0x0007

#define TYPE_ERSPAN 0x88be
#define TYPE_ERSPAN3 0x22eb

#define PORT_VXLAN 4789
#define PORT_VXLAN_LINUX 8472
#define PORT_GENEVE 6081
#define PORT_GTP 2152
#define PORT_TEREDO 3544

int tunnel_enter(struct walk *w)
{
	if (w->depth == TUNNELS_MAX)
		return FRAME_TOO_DEEP;
	w->depth++;
	w->tags = 0;
	w->flags |= PAYLOAD_TUNNELLED;
	return 0;
}

/* Type I has no header of its own and no GRE sequence number; type II has both
 * (draft-foschiano-erspan, 4). */
static int erspan_read(struct walk *w, bool header)
{
	u32 n = header ? 8 : 0;

	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	walk_skip(w, n);
	return ether_read(w);
}

static int erspan3_read(struct walk *w)
{
	u32 n = 12;
	unsigned kind;

	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	kind = w->at[10] >> 3 & 31;	/* P FT(5) ...: 0 = Ethernet, 2 = IP */
	if (w->at[11] & 1)		/* O: a sub-header follows */
		n += 8;
	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	walk_skip(w, n);
	return kind == 2 ? ip_read(w) : ether_read(w);
}

int gre_read(struct walk *w)
{
	u16 flags, type;
	u32 n = 4;

	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	flags = be16(w->at);
	type = be16(w->at + 2);
	if ((flags & GRE_ROUTING) || (flags & GRE_VERSION) > 1)
		return FRAME_NOT_TRANSPORT;
	n += flags & GRE_CHECKSUM ? 4 : 0;
	n += flags & GRE_KEY ? 4 : 0;
	n += flags & GRE_SEQUENCE ? 4 : 0;
	if (flags & GRE_VERSION)
		n += flags & GRE_ACK ? 4 : 0;
	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	walk_skip(w, n);
	if (w->wire == 0)	/* PPTP acknowledgement, keep-alive */
		return FRAME_NOT_TRANSPORT;
	switch (type) {
	case TYPE_ERSPAN: return erspan_read(w, flags & GRE_SEQUENCE);
	case TYPE_ERSPAN3: return erspan3_read(w);
	}
	return ethertype_read(w, type);
}

int etherip_read(struct walk *w)
{
	if (w->have < 2)
		return walk_short(w, 2, FRAME_BAD_LINK);
	if (w->at[0] >> 4 != 3)
		return FRAME_BAD_LINK;
	walk_skip(w, 2);
	return ether_read(w);
}

static int vxlan_read(struct walk *w)	/* RFC 7348, 5 */
{
	if (w->have < 8)
		return walk_short(w, 8, FRAME_BAD_LINK);
	if (!(w->at[0] & 0x08))
		return FRAME_BAD_LINK;
	walk_skip(w, 8);
	return ether_read(w);
}

static int geneve_read(struct walk *w)	/* RFC 8926, 3.4 */
{
	u16 type;
	u32 n;

	if (w->have < 8)
		return walk_short(w, 8, FRAME_BAD_LINK);
	if (w->at[0] >> 6 != 0)
		return FRAME_BAD_LINK;
	n = 8 + (w->at[0] & 63) * 4u;
	type = be16(w->at + 2);
	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	walk_skip(w, n);
	return ethertype_read(w, type);
}

/* 3GPP TS 29.281, 5.1 and 5.2: version 1, G-PDU; extension headers are a chain of
 * length (units of 4 octets), content, number of the next (0 = none). */
static int gtp_read(struct walk *w)
{
	u32 n = 8;
	u8 flags, next;

	if (w->have < n || (w->at[0] & 0xf8) != 0x30 || w->at[1] != 0xff)
		return FRAME_BAD_LINK;
	flags = w->at[0];
	if (be16(w->at + 2) > w->wire - n)
		return FRAME_BAD_LINK;
	walk_cut(w, n + be16(w->at + 2));
	if (flags & 7) {
		n += 4;
		next = w->have >= n && (flags & 4) ? w->at[n - 1] : 0;
		for (unsigned i = 0; next; i++) {
			if (i == EXTENSIONS_MAX || w->have <= n || w->at[n] == 0)
				return FRAME_BAD_LINK;
			n += w->at[n] * 4u;
			next = w->have >= n ? w->at[n - 1] : 0;
		}
	}
	if (w->have < n)
		return walk_short(w, n, FRAME_BAD_LINK);
	walk_skip(w, n);
	return ip_read(w);
}

/* RFC 4380, 5.1.1: an authentication and an origin indication may come first. */
static int teredo_read(struct walk *w)
{
	if (w->have >= 4 && be16(w->at) == 1) {
		u32 n = 4u + w->at[2] + w->at[3] + 9;

		if (w->have < n)
			return FRAME_BAD_LINK;
		walk_skip(w, n);
	}
	if (w->have >= 8 && be16(w->at) == 0)
		walk_skip(w, 8);
	return ip6_read(w);
}

struct row { u16 port; int (*read)(struct walk *); };

static const struct row rows[] = {
	{ PORT_VXLAN, vxlan_read }, { PORT_VXLAN_LINUX, vxlan_read },
	{ PORT_GENEVE, geneve_read }, { PORT_GTP, gtp_read }, { PORT_TEREDO, teredo_read },
};

static const struct row *row_of(u16 port)
{
	for (unsigned i = 0; i < COUNT(rows); i++)
		if (rows[i].port == port)
			return &rows[i];
	return NULL;
}

bool port_is_tunnel(u16 port)
{
	return row_of(port) != NULL;
}

/* What is inside cannot be told from an accident of the port. */
static bool no_tunnel(int fate)
{
	return fate == FRAME_BAD_LINK || fate == FRAME_BAD_IP ||
	       fate == FRAME_BAD_IP_LENGTH || fate == FRAME_NOT_IP;
}

int tunnel_udp_read(struct walk *w)
{
	const struct row *row = row_of(w->dport);
	u8 flags = w->flags;
	int rc;

	if (row == NULL)
		row = row_of(w->sport);
	rc = tunnel_enter(w);
	if (rc)
		return rc;
	rc = row->read(w);
	if (!no_tunnel(rc))
		return rc;
	w->flags = flags;
	return FRAME_NOT_DNS;
}
