/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ip.c - IPv4, IPv6 and its extension headers, and the UDP datagram in them.
 *
 * Lengths: the IP header's length must fit into the frame; octets behind it are
 * padding (Ethernet fills frames up to 60 octets). Length 0 is what a capture
 * shows of a packet that the network card was still to cut (segmentation
 * offload) and of a jumbogram: then the frame's length holds. Checksums are not
 * looked at: offload leaves them unset in what a host captures of itself.
 *
 * Shares: the first IP header of a frame says whose frame it is, as soon as its
 * addresses can be read, whatever is wrong with the rest. */
#include "packet/walk.h"

#define IP4_HEADER 20
#define IP6_HEADER 40

#define PROTOCOL_HOP 0
#define PROTOCOL_IP4 4
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PROTOCOL_IP6 41
#define PROTOCOL_ROUTING 43
#define PROTOCOL_FRAGMENT 44
#define PROTOCOL_GRE 47
#define PROTOCOL_AH 51
#define PROTOCOL_OPTIONS 60
#define PROTOCOL_ETHERIP 97
#define PROTOCOL_MOBILITY 135
#define PROTOCOL_MPLS 137
#define PROTOCOL_HIP 139
#define PROTOCOL_SHIM6 140

static bool other_share(struct walk *w, u32 share)
{
	bool first = !w->shared;

	w->shared = true;
	return first && share != w->p->share;
}

/* The packet has `length` octets: false when the frame has fewer. A frame out of a
 * tunnel may have been cut by the switch that mirrors: that is as if the snap length
 * had done it. */
static bool cut_to(struct walk *w, u32 length)
{
	if (length > w->wire && w->depth == 0)
		return false;
	w->wire = length;
	w->have = w->have < length ? w->have : length;
	return true;
}

static int ip4_packet(struct walk *w, const u8 *ip, u32 header)
{
	struct fragment_info info = { .id = be16(ip + 4), .protocol = ip[9] };
	u16 fragment = be16(ip + 6);

	w->src = addr_of4(ip + 12);
	w->dst = addr_of4(ip + 16);
	w->ttl = ip[8];
	w->version = 4;
	w->extensions = 0;
	walk_skip(w, header);
	if ((fragment & 0x3fff) == 0)
		return transport_read(w, ip[9]);
	info.from = (u16)((fragment & 0x1fff) << 3);
	info.more = fragment & 0x2000;
	return fragment_read(w, &info);
}

int ip4_read(struct walk *w)
{
	const u8 *ip = w->at;
	u32 header, total;

	if (w->have < IP4_HEADER)
		return walk_short(w, IP4_HEADER, FRAME_BAD_IP);
	if (ip[0] >> 4 != 4)
		return FRAME_BAD_IP;
	if (other_share(w, share_of4(w->p, ip + 12, ip + 16)))
		return FRAME_OTHER_SHARE;
	header = (ip[0] & 15) * 4u;
	total = be16(ip + 2);
	if (header < IP4_HEADER)
		return FRAME_BAD_IP;
	w->open_ended = total == 0;
	if (total == 0)
		total = w->wire;
	if (total < header || !cut_to(w, total))
		return FRAME_BAD_IP_LENGTH;
	if (w->have < header)
		return FRAME_SNAPPED;
	return ip4_packet(w, ip, header);
}

/* The header at w->at begins with the next header's number and its own length in
 * units of 8 octets less one (RFC 8200, 4), or of 4 less two (AH, RFC 4302, 2.2). */
static u32 extension_length(const u8 *at, u8 kind)
{
	return kind == PROTOCOL_AH ? (at[1] + 2u) * 4 : (at[1] + 1u) * 8;
}

/* IPv4 knows of these only the authentication header. */
static bool is_extension(const struct walk *w, u8 kind)
{
	if (w->version == 4)
		return kind == PROTOCOL_AH;
	switch (kind) {
	case PROTOCOL_HOP: case PROTOCOL_ROUTING: case PROTOCOL_OPTIONS:
	case PROTOCOL_AH: case PROTOCOL_MOBILITY: case PROTOCOL_HIP:
	case PROTOCOL_SHIM6:
		return true;
	}
	return false;
}

int ip6_extensions(struct walk *w, u8 *next)
{
	while (is_extension(w, *next)) {
		u32 n;

		if (w->extensions++ == EXTENSIONS_MAX)
			return FRAME_BAD_EXTENSION;
		if (w->have < 8)
			return walk_short(w, 8, FRAME_BAD_EXTENSION);
		n = extension_length(w->at, *next);
		if (w->have < n)
			return walk_short(w, n, FRAME_BAD_EXTENSION);
		*next = w->at[0];
		walk_skip(w, n);
	}
	return 0;
}

static int fragment_header_read(struct walk *w)	/* RFC 8200, 4.5 */
{
	struct fragment_info info;
	u16 field;

	if (w->have < 8)
		return walk_short(w, 8, FRAME_BAD_EXTENSION);
	if (w->extensions++ == EXTENSIONS_MAX)
		return FRAME_BAD_EXTENSION;
	field = be16(w->at + 2);
	info = (struct fragment_info){
		.id = be32(w->at + 4), .from = field & 0xfff8, .more = field & 1,
		.protocol = w->at[0],
	};
	walk_skip(w, 8);
	if (info.from == 0 && !info.more)	/* atomic: RFC 6946 */
		return transport_read(w, info.protocol);
	return fragment_read(w, &info);
}

int ip6_read(struct walk *w)
{
	const u8 *ip = w->at;
	u32 length;

	if (w->have < IP6_HEADER)
		return walk_short(w, IP6_HEADER, FRAME_BAD_IP);
	if (ip[0] >> 4 != 6)
		return FRAME_BAD_IP;
	if (other_share(w, share_of6(w->p, ip + 8, ip + 24)))
		return FRAME_OTHER_SHARE;
	length = be16(ip + 4);
	w->src = addr_of6(ip + 8);
	w->dst = addr_of6(ip + 24);
	w->ttl = ip[7];
	w->version = 6;
	w->extensions = 0;
	walk_skip(w, IP6_HEADER);
	w->open_ended = length == 0;
	if (length == 0)
		length = w->wire;
	if (!cut_to(w, length))
		return FRAME_BAD_IP_LENGTH;
	return transport_read(w, ip[6]);
}

int ip_read(struct walk *w)
{
	if (w->have < 1)
		return walk_short(w, 1, FRAME_BAD_IP);
	switch (w->at[0] >> 4) {
	case 4: return ip4_read(w);
	case 6: return ip6_read(w);
	}
	return FRAME_BAD_IP;
}

static int udp_message(struct walk *w)
{
	if (w->have < w->wire && w->have < 12)	/* not even its header */
		return FRAME_SNAPPED;
	walk_payload(w, w->at, w->have, w->wire, TRANSPORT_UDP);
	return FRAME_MESSAGE;
}

int udp_read(struct walk *w)
{
	u32 length;

	if (w->have < 8)
		return walk_short(w, 8, FRAME_BAD_UDP);
	w->sport = be16(w->at);
	w->dport = be16(w->at + 2);
	length = be16(w->at + 4);
	if (length == 0 && w->open_ended)
		length = w->wire;
	if (length < 8 || length > w->wire)
		return FRAME_BAD_UDP;
	walk_cut(w, length);
	walk_skip(w, 8);
	if (one_is_dns(w->p, w->dport, w->sport))
		return udp_message(w);
	if (w->dport == PORT_MDNS || w->sport == PORT_MDNS)
		return FRAME_MDNS;
	if (port_is_tunnel(w->dport) || port_is_tunnel(w->sport))
		return tunnel_udp_read(w);
	return FRAME_NOT_DNS;
}

static int inner_read(struct walk *w, int (*read)(struct walk *))
{
	int rc = tunnel_enter(w);

	return rc ? rc : read(w);
}

static int mpls_inner_read(struct walk *w)
{
	return ethertype_read(w, 0x8847);
}

bool protocol_is_read(const struct walk *w, u8 protocol)
{
	switch (protocol) {
	case PROTOCOL_UDP: case PROTOCOL_TCP: case PROTOCOL_IP4: case PROTOCOL_IP6:
	case PROTOCOL_GRE: case PROTOCOL_ETHERIP: case PROTOCOL_MPLS:
		return true;
	case PROTOCOL_FRAGMENT:
		return w->version == 6;
	}
	return is_extension(w, protocol);
}

int transport_read(struct walk *w, u8 protocol)
{
	int rc = ip6_extensions(w, &protocol);

	if (rc)
		return rc;
	switch (protocol) {
	case PROTOCOL_UDP: return udp_read(w);
	case PROTOCOL_TCP: return tcp_read(w);
	case PROTOCOL_FRAGMENT:
		return w->version == 6 ? fragment_header_read(w) : FRAME_NOT_TRANSPORT;
	case PROTOCOL_IP4: return inner_read(w, ip4_read);
	case PROTOCOL_IP6: return inner_read(w, ip6_read);
	case PROTOCOL_GRE: return inner_read(w, gre_read);
	case PROTOCOL_ETHERIP: return inner_read(w, etherip_read);
	case PROTOCOL_MPLS: return inner_read(w, mpls_inner_read);
	}
	return FRAME_NOT_TRANSPORT;
}
