/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.h - the walk through one frame; what the files of packet/ share.
 *
 *   frame: | link | IP | GRE | IP | UDP | DNS ........ | padding |
 *                        at ->|<------ have ------>|
 *                             |<------ wire -----------... octets there were
 *
 * Every *_read() takes the walk at the beginning of its header and returns the
 * fate of the frame (enum frame_fate, or FRAME_OTHER_SHARE). Lengths in headers
 * only ever make `wire` smaller, so padding drops off by itself. `have` is less
 * than `wire` where the snap length cut.
 *
 * Not for other folders. */
#pragma once
#include "base/hash.h"
#include "base/rd.h"
#include "packet/packet.h"

#define VLANS_MAX 8		/* tags, labels and PPPoE headers in one link header */
#define MORE_MAX 16384u		/* payloads of one frame beyond `out` */
#define LATE_MAX 65536u		/* payloads without a frame that wait */

#define PORT_MDNS 5353

struct walk {
	struct packets *p;
	const struct frame *f;
	const u8 *at;
	u32 have, wire;		/* have <= wire */
	struct payload *out;	/* NULL: payloads go to the late list */
	unsigned n;		/* payloads so far, those beyond `out` too */
	u32 others;		/* frames in FRAME_HELD whose octets are in this packet:
				 * whoever holds it holds them, else they go with it */
	unsigned depth;		/* tunnel headers unwrapped */
	unsigned tags;		/* VLAN tags, labels in this link header */
	bool shared;		/* the outermost address pair was looked at */
	bool open_ended;	/* IP did not say its length (segmentation offload) */
	u8 extensions;		/* IPv6 extension headers of this packet so far */
	u8 version, ttl;	/* of the innermost IP header */
	u8 flags;		/* PAYLOAD_ bits */
	u16 sport, dport;
	struct addr src, dst;
};

/* Memory that was given out in views: freed by packets_recycle(). */
struct kept { struct kept *next; };

/* A list of payloads that grows up to a limit. */
struct waiting {
	struct payload *at;
	u32 count, cap, taken;
};

struct fragments;	/* fragment.c */
struct streams;		/* tcp.c */

struct packets {
	struct packets_counts counts;
	u64 now_ns;		/* time of the last frame */
	u64 key;
	u32 share, shares;
	u16 port;		/* the first DNS port: asked for before the bitmap */
	bool mdns;
	u64 ports[1024];	/* a bit a port */
	struct kept *kept;
	struct waiting more, late;
	struct fragments *fragments;
	struct streams *streams;
};

/* One of the two ports; which one is what no branch can guess. */
static inline bool one_is_dns(const struct packets *p, u16 a, u16 b)
{
	if (likely((a == p->port) | (b == p->port)))
		return true;
	return (p->ports[a >> 6] >> (a & 63) & 1) | (p->ports[b >> 6] >> (b & 63) & 1);
}

static inline bool port_is_dns(const struct packets *p, u16 port)
{
	return port == p->port || (p->ports[port >> 6] >> (port & 63) & 1);
}

/* A number below `shares` from the unordered pair of addresses. */
static inline u32 share_of4(const struct packets *p, const u8 *src, const u8 *dst)
{
	u64 h = hash_u64(p->key, (u64)be32(src) + be32(dst));

	return (u32)((h >> 32) * p->shares >> 32);
}
static inline u32 share_of6(const struct packets *p, const u8 *src, const u8 *dst)
{
	u64 h = hash_mix(p->key ^ (be64(src) + be64(dst)),
			 (be64(src + 8) + be64(dst + 8)) ^ HASH_A);

	return (u32)((hash_mix(h ^ HASH_B, HASH_A) >> 32) * p->shares >> 32);
}

/* Why `n` octets are not there: the snap length cut, or the header is broken. */
static inline int walk_short(const struct walk *w, u32 n, int broken)
{
	return n <= w->wire ? FRAME_SNAPPED : broken;
}
static inline void walk_skip(struct walk *w, u32 n)	/* n <= have */
{
	w->at += n;
	w->have -= n;
	w->wire -= n;
}
static inline void walk_cut(struct walk *w, u32 wire)	/* wire <= w->wire */
{
	w->wire = wire;
	w->have = w->have < wire ? w->have : wire;
}
static inline void count_move(struct packets *p, int from, int to, u64 n)
{
	must(p->counts.fate[from] >= n);
	p->counts.fate[from] -= n;
	p->counts.fate[to] += n;
}

/* packet.c: one more payload of this walk. `data` has `have` octets of `full`. */
void walk_payload(struct walk *w, const u8 *data, u32 have, u32 full, int transport);
/* Keeps memory that was got with malloc() until packets_recycle(). */
void packets_keep(struct packets *p, struct kept *memory);

int link_read(struct walk *w);			/* link.c: by w->f->link */
int ether_read(struct walk *w);			/* an Ethernet frame */
int ethertype_read(struct walk *w, u16 type);	/* what follows a type field */
int ppp_read(struct walk *w);			/* [ff 03] protocol, packet */

int ip_read(struct walk *w);			/* ip.c: by the version nibble */
int ip4_read(struct walk *w);
int ip6_read(struct walk *w);
/* IPv6 extension headers up to one that is none (or a fragment header): *next is
 * its number. 0, or the fate of a frame in which they are broken. */
int ip6_extensions(struct walk *w, u8 *next);
int transport_read(struct walk *w, u8 protocol);
/* Whether transport_read() makes anything of it. */
bool protocol_is_read(const struct walk *w, u8 protocol);
int udp_read(struct walk *w);

/* tunnel.c: headers that hold a packet of their own. */
int tunnel_enter(struct walk *w);		/* 0 or FRAME_TOO_DEEP */
int gre_read(struct walk *w);
int etherip_read(struct walk *w);
/* UDP to a tunnel's port: a fate, or FRAME_NOT_DNS when it is no tunnel. */
bool port_is_tunnel(u16 port);
int tunnel_udp_read(struct walk *w);

/* fragment.c */
struct fragment_info {
	u32 id;
	u16 from;		/* offset in octets */
	bool more;
	u8 protocol;		/* of what is put together */
};
int fragment_read(struct walk *w, const struct fragment_info *i);
void fragments_expire(struct packets *p);
void fragments_finish(struct packets *p);
void fragments_free(struct packets *p);

/* tcp.c */
int tcp_read(struct walk *w);
void streams_expire(struct packets *p);
void streams_finish(struct packets *p);
void streams_free(struct packets *p);
