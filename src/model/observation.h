/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observation.h - one DNS message, seen, decoded and put in relation.
 *
 * The unit that windows fold is the message, not the joined transaction: a
 * capture may hold one direction only, and a fold over messages gives the same
 * summary however the messages were dealt out to workers and sites. What the join
 * with the other half adds (latency, duplicate, unsolicited) stands in `join` and
 * `latency_ns`; only the statistics of the whole read it. (`query` only spares work:
 * observe/mates.h.)
 *
 * All pointers are views into the batch. Client is who asked, whichever way this
 * message went. */
#pragma once
#include "dns/msg.h"
#include "dns/qname.h"
#include "packet/frame.h"

enum join {
	JOIN_NONE,		/* a query; its response is not here yet */
	JOIN_ANSWERED,		/* a response that belongs to a query seen */
	JOIN_DUPLICATE,		/* a query or response seen before */
	JOIN_UNSOLICITED,	/* a response without a query */
	JOIN_COUNT
};

/* Record types in classes that matter to the rules: bins of small histograms. */
#define TYPE_CLASSES(F)                                                                        \
	F(OTHER, "all others")                                                                 \
	F(ADDRESS, "A, AAAA") F(PTR, "PTR") F(SERVICE, "SRV, SVCB, HTTPS, NAPTR")              \
	F(TEXT, "TXT, SPF") F(NAME, "CNAME, MX, NS, SOA, DNAME and the like")                  \
	F(DNSSEC, "DNSKEY, RRSIG, DS, NSEC, NSEC3") F(ANY, "ANY")                              \
	F(RAW, "NULL, keys, fingerprints, private and unassigned types")
enum type_class {
#define F(name, text) TYPES_##name,
	TYPE_CLASSES(F)
#undef F
	TYPES_COUNT
};
enum type_class type_class(u16 rrtype);
const char *type_class_name(enum type_class c);	/* "text", "address", ... */

struct question;

struct observation {
	u64 time_ns;
	u64 number;		/* frame and file it came with */
	u64 client_key, server_key;	/* hashes of the addresses */
	u64 latency_ns;		/* of a response: since its query; 0 = not known */
	struct addr client, server;
	u32 octets;		/* of the message on the wire */
	u16 client_port, server_port;
	u16 file;
	u8 transport;		/* enum transport */
	u8 payload_flags;	/* PAYLOAD_ bits */
	u8 join;		/* enum join */
	u8 type_class;
	u8 rcode;		/* 255 for 255 and above */
	u8 ttl;
	bool response, v6;
	bool named;		/* it has a question: qname is filled */
	struct msg msg;
	struct qname qname;
	struct question *question;	/* for notes; NULL = no place for any */
	const struct observation *query; /* of a response: its query in the same batch, or NULL */
};

/* The table key of an address under the run's hash key; never 0. */
u64 address_key(const struct addr *a, u64 key);
