/* SPDX-License-Identifier: GPL-3.0-or-later */
/* connect.h - where a server is, and a TCP connection to it.
 *
 *   "axfr:example.org@ns1.example.net:5353#transfer-key"
 *         name        host            port key
 *
 * IPv6 addresses stand in brackets, or alone where no port follows. Only edges call this: it
 * asks the system's resolver and opens a socket. */
#pragma once
#include "base/base.h"

#define NET_HOST_MAX 256
#define NET_NAME_MAX 1024

struct net_peer {
	char name[NET_NAME_MAX];	/* of the zone, as written */
	char host[NET_HOST_MAX], port[6];	/* "53" when none is given */
	char key[NET_HOST_MAX];		/* "" = none */
};
/* Reads "NAME@SERVER[:PORT][#KEY]": 0 or OOPS_FORMAT. */
int net_peer_read(struct net_peer *ret, const char *text);
/* A connected TCP socket (the caller's), which gives up a read or write after `idle` seconds;
 * connecting itself takes 10 s an address at most. -errno, or OOPS_UNKNOWN: there is no such
 * host; `why` (200 octets) says more. */
int net_connect(const struct net_peer *p, unsigned idle, char why[200]);
