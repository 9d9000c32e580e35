/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_address.c - addresses that no name server of the Internet can have.
 *
 * IANA's special-purpose address registries (RFC 6890, kept since by RFC 8190) as far as they
 * say "not globally reachable", with multicast, and IPv6 outside of 2000::/3, from which
 * alone global unicast addresses are given (RFC 4291, 2.4). The longest prefix counts; a
 * row with what = NULL is a reachable part of a block that is not. */
#include "verify/delegation.h"
#include <arpa/inet.h>

struct block {
	u8 at[16];
	u8 bits;
	const char *what;
};

/* Longer prefixes before the shorter ones that hold them. */
static const struct block blocks4[] = {
	{ { 192, 0, 0, 9 }, 32, NULL }, { { 192, 0, 0, 10 }, 32, NULL },
	{ { 0 }, 8, N_("\"this network\" (RFC 791)") },
	{ { 10 }, 8, N_("private use (RFC 1918)") },
	{ { 100, 64 }, 10, N_("carrier-grade NAT (RFC 6598)") },
	{ { 127 }, 8, "loopback (RFC 1122)" },
	{ { 169, 254 }, 16, "link-local (RFC 3927)" },
	{ { 172, 16 }, 12, N_("private use (RFC 1918)") },
	{ { 192, 0, 0 }, 24, N_("protocol assignments (RFC 6890)") },
	{ { 192, 0, 2 }, 24, N_("documentation (RFC 5737)") },
	{ { 192, 88, 99 }, 24, N_("6to4 relays, deprecated (RFC 7526)") },
	{ { 192, 168 }, 16, N_("private use (RFC 1918)") },
	{ { 198, 18 }, 15, N_("benchmarking (RFC 2544)") },
	{ { 198, 51, 100 }, 24, N_("documentation (RFC 5737)") },
	{ { 203, 0, 113 }, 24, N_("documentation (RFC 5737)") },
	{ { 224 }, 4, "multicast (RFC 5771)" },
	{ { 255, 255, 255, 255 }, 32, N_("limited broadcast (RFC 919)") },
	{ { 240 }, 4, N_("reserved (RFC 1112)") },
};

static const struct block blocks6[] = {
	{ { 0 }, 128, N_("unspecified (RFC 4291)") },
	{ { [15] = 1 }, 128, "loopback (RFC 4291)" },
	{ { [10] = 0xff, 0xff }, 96, "IPv4-mapped (RFC 4291)" },
	{ { 0, 0x64, 0xff, 0x9b, 0, 1 }, 48, N_("IPv4/IPv6 translation, local (RFC 8215)") },
	{ { 0, 0x64, 0xff, 0x9b }, 96, N_("IPv4/IPv6 translation (RFC 6052)") },
	{ { 1 }, 64, N_("discard only (RFC 6666)") },
	{ { 0x20, 1, 0, 1, [15] = 1 }, 128, NULL },	/* PCP anycast */
	{ { 0x20, 1, 0, 1, [15] = 2 }, 128, NULL },	/* TURN anycast */
	{ { 0x20, 1, 0, 1, [15] = 3 }, 128, NULL },	/* DNS-SD anycast */
	{ { 0x20, 1, 0, 3 }, 32, NULL },		/* AMT */
	{ { 0x20, 1, 0, 4, 1, 0x12 }, 48, NULL },	/* AS112 */
	{ { 0x20, 1 }, 32, "Teredo (RFC 4380)" },
	{ { 0x20, 1, 0, 2 }, 48, N_("benchmarking (RFC 5180)") },
	{ { 0x20, 1, 0, 0x10 }, 28, N_("ORCHID, deprecated (RFC 4843)") },
	{ { 0x20, 1, 0, 0x20 }, 28, N_("ORCHIDv2, no locators (RFC 7343)") },
	{ { 0x20, 1, 0, 0x30 }, 28, N_("drone identifiers (RFC 9374)") },
	{ { 0x20, 1 }, 23, N_("protocol assignments (RFC 2928)") },
	{ { 0x20, 1, 0x0d, 0xb8 }, 32, N_("documentation (RFC 3849)") },
	{ { 0x20, 2 }, 16, "6to4 (RFC 3056)" },
	{ { 0x3f, 0xff }, 20, N_("documentation (RFC 9637)") },
	{ { 0x20 }, 3, NULL },				/* global unicast */
	{ { 0x5f }, 16, N_("segment routing (RFC 9602)") },
	{ { 0xfc }, 7, N_("unique local (RFC 4193)") },
	{ { 0xfe, 0x80 }, 10, "link-local (RFC 4291)" },
	{ { 0xfe, 0xc0 }, 10, "site-local, deprecated (RFC 3879)" },
	{ { 0xff }, 8, "multicast (RFC 4291)" },
	{ { 0 }, 0, N_("not given out as global unicast (RFC 4291)") },
};

static bool inside(const u8 *address, const struct block *b)
{
	unsigned whole = b->bits / 8, rest = b->bits % 8;

	return memcmp(address, b->at, whole) == 0 &&
	       (rest == 0 || (address[whole] ^ b->at[whole]) >> (8 - rest) == 0);
}

const char *address_block(const u8 *address, unsigned len)
{
	const struct block *b = len == 4 ? blocks4 : blocks6;
	size_t count = len == 4 ? COUNT(blocks4) : COUNT(blocks6);

	for (size_t i = 0; i < count; i++)
		if (inside(address, &b[i]))
			return b[i].what;
	return NULL;
}

char *delegation_address(const struct delegation *d, const struct zone_record *r,
			 char to[ADDRESS_TEXT])
{
	u32 len;
	const u8 *rdata = zone_rdata(d->z, r, &len);

	if (inet_ntop(len == 4 ? AF_INET : AF_INET6, rdata, to, ADDRESS_TEXT) == NULL)
		memcpy(to, "?", 2);
	return to;
}
