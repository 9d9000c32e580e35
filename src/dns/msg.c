/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg.c - one walk over a hostile message.
 *
 * Everything is an offset into the message, and every offset is compared with the
 * end before an octet is read there. `msg.end` moves behind each record that was
 * found good; the iterator trusts what lies before it and nothing else, so it may
 * skip names without looking twice.
 *
 * A compression pointer has to go back from where it stands (RFC 1035, 4.1.4), the
 * name may not grow past 255 octets, and jumps are counted: so no name takes more
 * than 254 steps. The most common owner by far is a pointer to the question's
 * name, which was walked already: offset 12 is not walked again.
 *
 * Not here: what RDATA means (msg_text.c for people, each detector for itself). */
#include "dns/msg.h"
#include "base/rd.h"
#include "dns/rdata.h"
#include "dns/rrtype.h"

#define RR_FIXED 10	/* type, class, TTL and RDLENGTH */
#define POINTER 0xc0
#define TSIG_FIXED 16	/* TSIG (RFC 8945, 4.2): all but names and counted parts */

/* Walks the name at `at`, which may read up to `end`: the offset after its own
 * octets, or 0 when it is no good name. No label may reach past `room`, where the
 * name has its 255 octets, nor past the last octet: `stop` is the nearer one. */
static u32 name_end(const struct msg *m, u32 at, u32 end)
{
	const u8 *w = m->wire;
	u32 room = at + NAME_WIRE_MAX - 1, stop = room < end ? room : end - 1;
	u32 after = 0, jumps = 0, to;
	u8 n;

	if (unlikely(at >= end))
		return 0;
	while ((n = w[at])) {
		if (likely(n <= NAME_LABEL_MAX)) {
			at += n + 1u;
			if (unlikely(at > stop))
				return 0;
			continue;
		}
		if (unlikely(n < POINTER || at + 2 > end))
			return 0;
		to = be16(w + at) & 0x3fff;
		after = after ? after : at + 2;
		if (unlikely(to >= at || ++jumps > NAME_POINTERS_MAX))
			return 0;
		room = to + (room - at);
		if (to == DNS_HEADER && m->qname_len)	/* walked before */
			return to + m->qname_len - 1 <= room ? after : 0;
		stop = room < end ? room : end - 1;
		at = to;
	}
	return after ? after : at + 1;
}

/* The same for the owner at `at`, where at least RR_FIXED + 1 octets are. */
static inline u32 owner_end(const struct msg *m, u32 at)
{
	if (likely(m->qname_len) && be16(m->wire + at) == (POINTER << 8 | DNS_HEADER))
		return at + 2;
	if (m->wire[at] == 0)	/* the root: OPT */
		return at + 1;
	return name_end(m, at, m->len);
}

/* Algorithm name, times, MAC, ids and other data fill the RDATA (RFC 8945, 4.2). */
static bool tsig_is_good(const struct msg *m, const struct rr *r)
{
	u32 end = r->rdata + r->rdlen, at, mac;

	if (r->rdlen == 0)
		return false;
	at = name_end(m, r->rdata, end);
	if (at == 0 || end - at < TSIG_FIXED)
		return false;
	mac = be16(m->wire + at + 8);
	if (end - at - TSIG_FIXED < mac)
		return false;
	return end - at - TSIG_FIXED - mac == be16(m->wire + at + 14 + mac);
}

/* RDATA with names: MSG_OK, or what is wrong. */
static inline enum msg_error names_check(const struct msg *m, const struct rr *r,
					 const struct rdata_layout *l)
{
	u32 end = r->rdata + r->rdlen, at = r->rdata + l->pre;

	if (unlikely(l->kind == RDATA_NAPTR))
		at = rdata_names_at(m, r);
	if (at > end)
		return MSG_BAD_RECORD;
	for (unsigned i = 0; i < l->names; i++)
		if ((at = name_end(m, at, end)) == 0)
			return MSG_BAD_NAME;
	if (l->post != RDATA_REST && end - at != l->post)
		return MSG_BAD_RECORD;
	return MSG_OK;
}

static inline enum msg_error rdata_check(const struct msg *m, const struct rr *r)
{
	const struct rdata_layout *l = rdata_layout(r->type);

	if (l->kind == RDATA_ANY)
		return MSG_OK;
	if (unlikely(r->rdlen == 0))
		return r->class == CLASS_IN ? MSG_BAD_RECORD : MSG_OK;
	if (l->kind == RDATA_SOME)
		return MSG_OK;
	if (l->kind == RDATA_FIXED)
		return r->rdlen == l->pre ? MSG_OK : MSG_BAD_RECORD;
	return names_check(m, r, l);
}

/* The OPT record (RFC 6891, 6.1.1): one, in the additional section, its options
 * filling the RDATA. */
static enum msg_error edns_read(struct msg *m, const struct rr *r)
{
	u32 at = r->rdata, end = at + r->rdlen;

	if (r->section != SECTION_ADDITIONAL || m->has_edns)
		return MSG_BAD_RECORD;
	while (end - at >= 4 && end - at - 4 >= be16(m->wire + at + 2))
		at += 4u + be16(m->wire + at + 2);
	if (at != end)
		return MSG_BAD_RECORD;
	m->has_edns = true;
	m->edns = (struct edns){
		.udp_size = r->class, .ext_rcode = (u8)(r->ttl >> 24),
		.version = (u8)(r->ttl >> 16), .flags = (u16)r->ttl,
		.rdlen = r->rdlen, .rdata = r->rdata,
	};
	return MSG_OK;
}

/* Type, class, TTL and RDLENGTH at `at`; the caller saw that they are there. */
static inline void fixed_read(const struct msg *m, u32 at, struct rr *r)
{
	const u8 *f = m->wire + at;

	r->type = be16(f);
	r->class = be16(f + 2);
	r->ttl = be32(f + 4);
	r->rdlen = be16(f + 8);
	r->rdata = at + RR_FIXED;
}

/* Too few octets for a record: is at least its owner a name? */
static enum msg_error record_short(const struct msg *m, u32 at)
{
	return at < m->len && name_end(m, at, m->len) == 0 ? MSG_BAD_NAME : MSG_BAD_RECORD;
}

/* The record at *end, which moves behind it; `last`: the counts say that none follows. */
static inline enum msg_error record_read(struct msg *m, u32 *end, u8 section, bool last)
{
	struct rr r = { .section = section };
	enum msg_error e;
	u32 at;

	if (unlikely(m->len - *end < RR_FIXED + 1))
		return record_short(m, *end);
	at = owner_end(m, *end);
	if (unlikely(at == 0))
		return MSG_BAD_NAME;
	if (unlikely(m->len - at < RR_FIXED))
		return MSG_BAD_RECORD;
	fixed_read(m, at, &r);
	if (unlikely(m->len - r.rdata < r.rdlen))
		return MSG_BAD_RECORD;
	if (r.type == TYPE_OPT) {
		if ((e = edns_read(m, &r)))
			return e;
	} else if ((e = rdata_check(m, &r))) {
		return e;
	}
	if (unlikely(r.type == TYPE_TSIG) && (!last || !tsig_is_good(m, &r)))
		return MSG_BAD_RECORD;
	*end = r.rdata + r.rdlen;
	return MSG_OK;
}

static enum msg_error question_read(struct msg *m)
{
	const u8 *w = m->wire;
	u32 at = DNS_HEADER;

	if (m->count[0] == 0)
		return MSG_OK;
	while (at < m->len && w[at] && w[at] <= NAME_LABEL_MAX)
		at += 1u + w[at];
	if (at >= m->len || w[at] || at - DNS_HEADER >= NAME_WIRE_MAX ||
	    m->len - at - 1 < 4)
		return MSG_BAD_QUESTION;
	m->qname_len = (u16)(at + 1 - DNS_HEADER);
	m->qtype = be16(w + at + 1);
	m->qclass = be16(w + at + 3);
	m->body = at + 5;
	return m->count[0] == 1 ? MSG_OK : MSG_BAD_QUESTION;
}

enum msg_error msg_read_start(struct msg *ret, const u8 *wire, size_t len)
{
	enum msg_error e;

	*ret = (struct msg){ .wire = wire };
	if (len < DNS_HEADER || len > DNS_MESSAGE_MAX)
		return MSG_BAD_HEADER;
	ret->len = (u32)len;
	ret->id = be16(wire);
	ret->flags = be16(wire + 2);
	for (int i = 0; i < 4; i++)
		ret->count[i] = be16(wire + 4 + 2 * i);
	ret->body = DNS_HEADER;
	e = question_read(ret);
	ret->end = ret->body;
	for (int i = 0; i < SECTION_COUNT; i++)
		ret->section[i] = ret->body;
	return e;
}

enum msg_error msg_read(struct msg *ret, const u8 *wire, size_t len)
{
	enum msg_error e = msg_read_start(ret, wire, len);
	u32 end = ret->end;

	for (u8 s = 0; s < SECTION_COUNT; s++) {
		ret->section[s] = end;
		for (unsigned n = ret->count[s + 1]; n && !e; n--)
			e = record_read(ret, &end, s, s == SECTION_ADDITIONAL && n == 1);
	}
	ret->end = end;
	if (!e && end != ret->len)
		e = MSG_BAD_TRAILING;
	return e;
}

struct rr_iter rr_first(const struct msg *m)
{
	return (struct rr_iter){
		.m = m, .at = m->body,
		.left = { m->count[1], m->count[2], m->count[3] },
	};
}

bool rr_next(struct rr_iter *it, struct rr *ret)
{
	u32 at = it->at;

	if (at >= it->m->end)
		return false;
	while (it->left[it->section] == 0)	/* end says that one is left */
		it->section++;
	it->left[it->section]--;
	ret->section = it->section;
	ret->owner = at;
	fixed_read(it->m, msg_name_end(it->m, at), ret);
	it->at = ret->rdata + ret->rdlen;
	return true;
}

struct option_iter option_first(const struct msg *m)
{
	const u8 *p;

	if (!m->has_edns)
		return (struct option_iter){ .p = NULL };
	p = m->wire + m->edns.rdata;
	return (struct option_iter){ .p = p, .end = p + m->edns.rdlen };
}

bool option_next(struct option_iter *it, struct edns_option *ret)
{
	if (it->end - it->p < 4 || it->end - it->p - 4 < be16(it->p + 2))
		return false;
	*ret = (struct edns_option){
		.code = be16(it->p), .len = be16(it->p + 2), .data = it->p + 4,
	};
	it->p = ret->data + ret->len;
	return true;
}

int msg_name(const struct msg *m, u32 offset, u8 *to)
{
	const u8 *w = m->wire;
	u32 at = offset, size = 0;

	if (name_end(m, at, m->len) == 0)
		return -1;
	for (;;) {
		if (w[at] >= POINTER) {
			at = be16(w + at) & 0x3fffu;
			continue;
		}
		memcpy(to + size, w + at, w[at] + 1u);
		size += w[at] + 1u;
		if (w[at] == 0)
			return (int)size;
		at += w[at] + 1u;
	}
}
