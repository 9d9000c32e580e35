/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcap.c - see pcap.h. */
#include "share/pcap.h"
#include "packet/frame.h"

#define LINKTYPE_RAW 101
#define PACKET_MAX 65535u

void pcap_begin(struct buf *out)
{
	buf_u32(out, 0xa1b23c4d);	/* nanoseconds, big-endian */
	buf_u16(out, 2);
	buf_u16(out, 4);
	buf_u32(out, 0);
	buf_u32(out, 0);
	buf_u32(out, 262144);
	buf_u32(out, LINKTYPE_RAW);
}

static u32 sum16(u32 sum, const u8 *at, size_t n)
{
	for (; n > 1; n -= 2, at += 2)
		sum += (u32)(at[0] << 8 | at[1]);
	return n ? sum + (u32)(at[0] << 8) : sum;
}

static u16 folded(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

static void add_ip4(struct buf *out, const struct evidence *e, u32 payload, u8 protocol)
{
	size_t at = out->len;
	u16 check;

	buf_u16(out, 0x4500);
	buf_u16(out, (u16)(20 + payload));
	buf_u32(out, 0);
	buf_u16(out, (u16)(64 << 8 | protocol));
	buf_u16(out, 0);
	buf_add(out, e->src + 12, 4);
	buf_add(out, e->dst + 12, 4);
	if (buf_error(out))
		return;
	check = folded(sum16(0, (u8 *)out->at + at, 20));
	out->at[at + 10] = (char)(check >> 8);
	out->at[at + 11] = (char)check;
}

static void add_ip6(struct buf *out, const struct evidence *e, u32 payload, u8 protocol)
{
	buf_u32(out, 0x60000000);
	buf_u16(out, (u16)payload);
	buf_u16(out, (u16)(protocol << 8 | 64));
	buf_add(out, e->src, 16);
	buf_add(out, e->dst, 16);
}

static bool is4(const struct evidence *e)
{
	struct addr src, dst;

	memcpy(src.at, e->src, 16);
	memcpy(dst.at, e->dst, 16);
	return addr_is4(&src) && addr_is4(&dst);
}

/* Over the pseudo-header (RFC 768; RFC 8200, 8.1) and the transport octets so far. */
static void set_check(struct buf *out, const struct evidence *e, size_t at, u8 protocol,
		      size_t place)
{
	size_t skip = is4(e) ? 12 : 0;
	u32 sum = (u32)(out->len - at) + protocol;
	u16 check;

	if (buf_error(out))
		return;
	sum = sum16(sum16(sum, e->src + skip, 16 - skip), e->dst + skip, 16 - skip);
	check = folded(sum16(sum, (u8 *)out->at + at, out->len - at));
	if (check == 0 && protocol == 17)
		check = 0xffff;
	out->at[at + place] = (char)(check >> 8);
	out->at[at + place + 1] = (char)check;
}

static void add_udp(struct buf *out, const struct evidence *e)
{
	size_t at = out->len;

	buf_u16(out, e->sport);
	buf_u16(out, e->dport);
	buf_u16(out, (u16)(8 + e->full_len));
	buf_u16(out, 0);
	buf_add(out, e->octets, e->len);
	if (e->len == e->full_len)
		set_check(out, e, at, 17, 6);
}

static void add_tcp(struct buf *out, const struct evidence *e)
{
	size_t at = out->len;

	buf_u16(out, e->sport);
	buf_u16(out, e->dport);
	buf_u32(out, 1);
	buf_u32(out, 1);
	buf_u16(out, 0x5018);	/* no options; PSH, ACK */
	buf_u16(out, 65535);
	buf_u32(out, 0);
	buf_u16(out, (u16)e->full_len);
	buf_add(out, e->octets, e->len);
	if (e->len == e->full_len)
		set_check(out, e, at, 6, 16);
}

bool pcap_add(struct buf *out, const struct evidence *e)
{
	bool tcp = e->transport == TRANSPORT_TCP, v4 = is4(e);
	u32 head = tcp ? 22 : 8, full = e->full_len > e->len ? e->full_len : e->len;
	struct evidence whole = *e;

	head += v4 ? 20 : 40;
	if (full + head > PACKET_MAX)
		return false;
	whole.full_len = full;
	buf_u32(out, (u32)(e->time_ns / 1000000000));
	buf_u32(out, (u32)(e->time_ns % 1000000000));
	buf_u32(out, e->len + head);
	buf_u32(out, full + head);
	if (v4)
		add_ip4(out, e, full + head - 20, tcp ? 6 : 17);
	else
		add_ip6(out, e, full + head - 40, tcp ? 6 : 17);
	if (tcp)
		add_tcp(out, &whole);
	else
		add_udp(out, &whole);
	return true;
}
