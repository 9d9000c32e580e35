/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg.h - a DNS message as a view of its octets: nothing is copied.
 *
 *   wire  | header 12 | question | answer | authority | additional |
 *                     12         body                              end
 *
 * msg_read() walks the whole message once: header, question, every record's
 * owner, type, class, TTL and RDLENGTH (RFC 1035, 4.1), the names and fixed parts
 * of its RDATA (dns/rdata.h), and finds the OPT record (RFC 6891). Records are
 * then read again by an iterator where somebody wants them. Names are followed
 * through compression pointers that only go back (RFC 1035, 4.1.4), up to 255
 * octets.
 *
 * Strictness is libknot's (knot_pkt_parse) save where msg.md says otherwise;
 * a differential test and a fuzz target hold the two against each other.
 * Cost: one pass; no allocation; about 15 ns a query, 25 ns a response with a few
 * records, 12 ns a record beyond. A name takes at most 127 labels and 127 jumps, so
 * the worst message of 64 KiB, all chains of pointers, takes some 25 ms. */
#pragma once
#include "dns/name.h"

#define DNS_HEADER 12
#define DNS_MESSAGE_MAX 65535
#define NAME_POINTERS_MAX 127	/* jumps in one name; each goes back */

enum msg_flag {	/* in msg.flags as on the wire */
	MSG_QR = 0x8000, MSG_AA = 0x0400, MSG_TC = 0x0200, MSG_RD = 0x0100,
	MSG_RA = 0x0080, MSG_Z = 0x0040, MSG_AD = 0x0020, MSG_CD = 0x0010,
};

enum msg_error {	/* why a payload is no message; 0 is well-formed */
	MSG_OK = 0,
	MSG_BAD_HEADER,		/* fewer than 12 octets, or more than 65,535 */
	MSG_BAD_QUESTION,	/* QDCOUNT above 1, QNAME broken or with a pointer */
	MSG_BAD_RECORD,		/* cut short, RDATA that its type forbids, OPT or
				 * TSIG twice or in the wrong place */
	MSG_BAD_NAME,		/* an owner or a name in RDATA */
	MSG_BAD_TRAILING,	/* all well, but octets follow the last record */
};

enum section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL, SECTION_COUNT };

struct edns {
	u16 udp_size;
	u8 ext_rcode, version;
	u16 flags;		/* 0x8000 = DO */
	u16 rdlen;
	u32 rdata;		/* offset of the options in the message */
};

struct msg {
	const u8 *wire;
	u32 len;
	u16 id, flags;
	u16 count[4];		/* QDCOUNT, ANCOUNT, NSCOUNT, ARCOUNT */
	u16 qtype, qclass;	/* of the first question; 0 without one */
	u16 qname_len;		/* octets on the wire of the first question's name,
				 * with the root's; 0 without a question. It is at
				 * wire + 12 and holds no pointer. */
	u32 body;		/* offset after the question section */
	u32 section[SECTION_COUNT];	/* offset of each section's first record */
	u32 end;		/* offset after the last good record */
	bool has_edns;
	struct edns edns;
};

static inline unsigned msg_opcode(const struct msg *m) { return m->flags >> 11 & 15; }
static inline bool msg_is_response(const struct msg *m) { return m->flags & MSG_QR; }
/* With the upper bits from EDNS (RFC 6891, 6.1.3). */
static inline unsigned msg_rcode(const struct msg *m)
{
	return (m->flags & 15u) | (m->has_edns ? (unsigned)m->edns.ext_rcode << 4 : 0);
}

/* Reads a whole message. MSG_OK or why not; *ret is filled as far as it went
 * (header, the question if it is good, and the good records before the first bad
 * one, which the iterator gives), so that a broken message can still be described.
 * `wire` has to outlive *ret; it may be NULL when len is 0. */
enum msg_error msg_read(struct msg *ret, const u8 *wire, size_t len);

/* Reads header and first question only: for messages of which only the beginning
 * was captured. The view then holds no records, whatever the counts say. */
enum msg_error msg_read_start(struct msg *ret, const u8 *wire, size_t len);

struct rr {
	u32 owner;	/* offset of the owner name in the message */
	u32 rdata;	/* offset of the RDATA */
	u16 type, class, rdlen;
	u32 ttl;	/* as on the wire; with the top bit set it means 0
			 * (RFC 2181, 8) */
	u8 section;	/* enum section */
};

struct rr_iter {
	const struct msg *m;
	u32 at;
	u32 left[SECTION_COUNT];
	u8 section;
};

/* Over the records that msg_read() found good, in order, OPT included. */
struct rr_iter rr_first(const struct msg *m);
bool rr_next(struct rr_iter *it, struct rr *ret);

struct edns_option { u16 code, len; const u8 *data; };
struct option_iter { const u8 *p, *end; };
/* Over the options of the OPT record; none without one. */
struct option_iter option_first(const struct msg *m);
bool option_next(struct option_iter *it, struct edns_option *ret);

/* The name at `offset`, decompressed, as wire octets into `to` (255 of them).
 * Its length with the root's octet, or -1 when it is no good name; any offset may
 * be asked for. */
int msg_name(const struct msg *m, u32 offset, u8 *to);

/* The offset after the name at `at`, in a record that msg_read() found good. */
static inline u32 msg_name_end(const struct msg *m, u32 at)
{
	while (m->wire[at] && m->wire[at] <= NAME_LABEL_MAX)
		at += 1u + m->wire[at];
	return at + (m->wire[at] ? 2 : 1);
}
