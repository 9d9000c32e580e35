/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_parts.c - see msg_parts.h. */
#include "dns/msg_parts.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "dns/msg_text.h"
#include "dns/rrtype.h"
#include <arpa/inet.h>

struct telling {
	struct msg m;
	msg_part_fn *each;
	void *to;
	u32 told, most, left_out;
	struct buf text;
};

/* The fields of a type's data, in order, "kind name" with commas between:
 *   n name  1 2 4 number  6 48 bits  t type  T time  a IPv4  A IPv6  s string
 *   S strings to the end  x octets behind a length octet  B bitmap of types to the end
 *   d text to the end  h octets to the end */
static const struct { u16 type; const char *fields; } layouts[] = {
	{ 1, "a address" }, { 28, "A address" },
	{ 2, "n name server" }, { 5, "n canonical name" }, { 12, "n name" }, { 39, "n target" },
	{ 6, "n primary,n mailbox,4 serial,4 refresh,4 retry,4 expire,4 minimum" },
	{ 15, "2 preference,n exchange" },
	{ 16, "S text" }, { 99, "S text" }, { 13, "s cpu,s os" },
	{ 17, "n mailbox,n text" }, { 18, "2 subtype,n host" },
	{ 33, "2 priority,2 weight,2 port,n target" },
	{ 35, "2 order,2 preference,s flags,s service,s regexp,n replacement" },
	{ 43, "2 key tag,1 algorithm,1 digest type,h digest" },
	{ 59, "2 key tag,1 algorithm,1 digest type,h digest" },
	{ 44, "1 algorithm,1 type,h fingerprint" },
	{ 46, "t type covered,1 algorithm,1 labels,4 original ttl,T expiration,T inception,"
	      "2 key tag,n signer,h signature" },
	{ 47, "n next,B types" },
	{ 48, "2 flags,1 protocol,1 algorithm,h key" },
	{ 60, "2 flags,1 protocol,1 algorithm,h key" },
	{ 50, "1 hash algorithm,1 flags,2 iterations,x salt,x next hash,B types" },
	{ 51, "1 hash algorithm,1 flags,2 iterations,x salt" },
	{ 52, "1 usage,1 selector,1 matching,h data" },
	{ 62, "4 serial,2 flags,B types" },
	{ 63, "4 serial,1 scheme,1 hash algorithm,h digest" },
	{ 64, "2 priority,n target,h parameters" }, { 65, "2 priority,n target,h parameters" },
	{ 250, "n algorithm,6 time signed,2 fudge,h mac and more" },
	{ 256, "2 priority,2 weight,d target" },
	{ 257, "1 flags,s tag,d value" },
};

static void tell(struct telling *t, unsigned depth, const char *name, u32 at, u32 len)
{
	struct msg_part p = { .name = name, .at = at, .len = len, .depth = depth };

	if (t->told == t->most) {
		t->left_out++;
		return;
	}
	if (t->text.len > MSG_PART_TEXT) {
		t->text.len = MSG_PART_TEXT - 3;
		buf_text(&t->text, "...");
	}
	p.text = buf_error(&t->text) ? "" : buf_str(&t->text);
	t->told++;
	t->each(t->to, &p);
	buf_clear(&t->text);
}

/* ---- texts ---- */

static void put_hex(struct buf *out, const u8 *p, u32 n)
{
	for (u32 i = 0; i < n && out->len <= MSG_PART_TEXT; i++)
		buf_fmt(out, "%02x", p[i]);
}

static void put_string(struct buf *out, const u8 *p, u32 n)
{
	buf_byte(out, '"');
	for (u32 i = 0; i < n && out->len <= MSG_PART_TEXT; i++) {
		if (p[i] < ' ' || p[i] >= 0x7f)
			buf_fmt(out, "\\%03u", p[i]);
		else
			buf_fmt(out, p[i] == '"' || p[i] == '\\' ? "\\%c" : "%c", p[i]);
	}
	buf_byte(out, '"');
}

static void put_name(struct telling *t, u32 at)
{
	u8 wire[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];
	int n = msg_name(&t->m, at, wire);

	buf_text(&t->text, name_text(wire, n < 0 ? 0 : (size_t)n, text));
	if (n != 1)
		buf_byte(&t->text, '.');
}

/* A name and, one deeper, where it goes on. Its end, or 0 past `end`. */
static u32 tell_name(struct telling *t, unsigned depth, const char *name, u32 at, u32 end)
{
	const u8 *w = t->m.wire;
	u32 p = at;

	while (p < end && w[p] && w[p] <= NAME_LABEL_MAX)
		p += 1u + w[p];
	if (p >= end || (w[p] && (w[p] < 0xc0 || p + 2 > end)))
		return 0;
	put_name(t, at);
	tell(t, depth, name, at, p + (w[p] ? 2 : 1) - at);
	if (w[p] == 0)
		return p + 1;
	buf_fmt(&t->text, "to octet %u", (w[p] & 0x3fu) << 8 | w[p + 1]);
	tell(t, depth + 1, "pointer", p, 2);
	return p + 2;
}

static u16 two(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static u32 four(const u8 *p)
{
	return (u32)two(p) << 16 | two(p + 2);
}

static void put_bitmap(struct buf *out, const u8 *p, u32 n)
{
	char type[RRTYPE_TEXT_MAX];
	const char *comma = "";

	while (n >= 2 && p[1] <= n - 2 && out->len <= MSG_PART_TEXT) {
		for (u32 i = 0; i < p[1] * 8u; i++)
			if (p[2 + i / 8] >> (7 - i % 8) & 1) {
				buf_fmt(out, "%s%s", comma,
					rrtype_text((u16)(p[0] << 8 | i), type));
				comma = " ";
			}
		n -= p[1] + 2u;
		p += p[1] + 2u;
	}
	if (n)
		buf_text(out, " (broken)");
}

/* ---- data ---- */

/* Octets that a field of this kind takes of the n there; false when they are too few. */
static bool field_len(char kind, const u8 *p, u32 n, u32 *ret)
{
	static const struct { char kind; u8 octets; } fixed[] = {
		{ '1', 1 }, { '2', 2 }, { '4', 4 }, { '6', 6 }, { 't', 2 }, { 'T', 4 },
		{ 'a', 4 }, { 'A', 16 },
	};

	*ret = n;	/* S B d h: to the end */
	for (size_t i = 0; i < COUNT(fixed); i++)
		if (fixed[i].kind == kind)
			*ret = fixed[i].octets;
	if (kind == 's' || kind == 'x')
		*ret = n ? p[0] + 1u : 1;
	return *ret <= n;
}

static void put_strings(struct buf *out, const u8 *p, u32 n)
{
	for (const char *blank = ""; n && p[0] < n; blank = " ") {
		u32 len = p[0];

		buf_text(out, blank);
		put_string(out, p + 1, len);
		n -= len + 1;
		p += len + 1;
	}
	if (n)
		buf_text(out, " (broken)");
}

static void put_field(struct buf *out, char kind, const u8 *p, u32 n)
{
	char text[INET6_ADDRSTRLEN], stamp[STAMP_TEXT_MAX], type[RRTYPE_TEXT_MAX];

	switch (kind) {
	case '1':
		buf_fmt(out, "%u", p[0]);
		break;
	case '2':
		buf_fmt(out, "%u", two(p));
		break;
	case '4':
		buf_fmt(out, "%u", four(p));
		break;
	case '6':
		buf_text(out, stamp_text(((u64)two(p) << 32 | four(p + 2)) % (1ull << 34) *
					 STAMP_NS, 0, stamp));
		break;
	case 't':
		buf_text(out, rrtype_text(two(p), type));
		break;
	case 'T':	/* of 32 bits: until 2106 (RFC 4034, 3.1.5) */
		buf_fmt(out, "%s (%u)", stamp_text(four(p) * STAMP_NS, 0, stamp), four(p));
		break;
	case 'a':
		buf_text(out, inet_ntop(AF_INET, p, text, sizeof text));
		break;
	case 'A':
		buf_text(out, inet_ntop(AF_INET6, p, text, sizeof text));
		break;
	case 's':
		put_string(out, p + 1, n - 1);
		break;
	case 'S':
		put_strings(out, p, n);
		break;
	case 'x':
		put_hex(out, p + 1, n - 1);
		break;
	case 'B':
		put_bitmap(out, p, n);
		break;
	case 'd':
		put_string(out, p, n);
		break;
	default:
		put_hex(out, p, n);
	}
}

/* The fields of a row; what does not fit it is hexadecimal. */
static void tell_fields(struct telling *t, const char *fields, u32 at, u32 end)
{
	char name[24];
	u32 len;

	for (const char *p = fields; *p && at < end; p += strcspn(p, ","), p += *p == ',') {
		char kind = p[0];

		snprintf(name, sizeof name, "%.*s", (int)strcspn(p + 2, ","), p + 2);
		if (kind == 'n') {
			u32 next = tell_name(t, 2, name, at, end);

			if (next == 0)
				break;
			at = next;
			continue;
		}
		if (!field_len(kind, t->m.wire + at, end - at, &len))
			break;
		put_field(&t->text, kind, t->m.wire + at, len);
		tell(t, 2, name, at, len);
		at += len;
	}
	if (at < end) {
		put_hex(&t->text, t->m.wire + at, end - at);
		tell(t, 2, "octets", at, end - at);
	}
}

static const char *layout_of(u16 type)
{
	for (size_t i = 0; i < COUNT(layouts); i++)
		if (layouts[i].type == type)
			return layouts[i].fields;
	return NULL;
}

static void tell_options(struct telling *t, const struct rr *r)
{
	static const char *const names[] = {
		[3] = "NSID", [5] = "DAU", [6] = "DHU", [7] = "N3U", [8] = "client subnet",
		[9] = "expire", [10] = "cookie", [11] = "TCP keepalive", [12] = "padding",
		[13] = "chain", [14] = "key tag", [15] = "extended error",
	};
	const u8 *w = t->m.wire;
	u32 at = r->rdata, end = r->rdata + r->rdlen;

	while (end - at >= 4 && two(w + at + 2) <= end - at - 4) {
		u32 code = two(w + at), len = two(w + at + 2);

		if (code == 15 && len >= 2) {
			buf_fmt(&t->text, "code %u ", two(w + at + 4));
			put_string(&t->text, w + at + 6, len - 2);
		} else {
			put_hex(&t->text, w + at + 4, len);
		}
		if (code < COUNT(names) && names[code])
			tell(t, 2, names[code], at, len + 4);
		else
			tell(t, 2, "option", at, len + 4);
		at += len + 4;
	}
	if (at < end) {
		put_hex(&t->text, w + at, end - at);
		tell(t, 2, "octets", at, end - at);
	}
}

/* ---- records ---- */

/* What class and TTL mean in an OPT record (RFC 6891, 6.1.2 and 6.1.3). */
static void tell_edns(struct telling *t, u32 at)
{
	const u8 *w = t->m.wire;

	buf_fmt(&t->text, "%u octets", two(w + at + 2));
	tell(t, 1, "UDP size", at + 2, 2);
	buf_fmt(&t->text, "%u", w[at + 4]);
	tell(t, 1, "upper bits of the response code", at + 4, 1);
	buf_fmt(&t->text, "%u", w[at + 5]);
	tell(t, 1, "version", at + 5, 1);
	buf_text(&t->text, w[at + 6] & 0x80 ? "do" : "");
	tell(t, 1, "flags", at + 6, 2);
}

static void tell_record(struct telling *t, const struct rr *r, const char *name)
{
	const u8 *w = t->m.wire;
	u32 at = msg_name_end(&t->m, r->owner), end = r->rdata + r->rdlen;
	char text[RRTYPE_TEXT_MAX];
	const char *fields = layout_of(r->type);

	if (r->type != TYPE_OPT)
		rr_text(&t->m, r, &t->text);
	for (size_t i = 0; i < t->text.len; i++)
		if (t->text.at[i] == '\t')
			t->text.at[i] = ' ';
	tell(t, 0, name, r->owner, end - r->owner);
	tell_name(t, 1, "owner", r->owner, end);
	buf_text(&t->text, rrtype_text(r->type, text));
	tell(t, 1, "type", at, 2);
	if (r->type == TYPE_OPT) {
		tell_edns(t, at);
	} else {
		buf_text(&t->text, rrclass_text(r->class, text));
		tell(t, 1, "class", at + 2, 2);
		buf_fmt(&t->text, "%u s", r->ttl);
		tell(t, 1, "ttl", at + 4, 4);
	}
	buf_fmt(&t->text, "%u octets", r->rdlen);
	tell(t, 1, "rdlength", at + 8, 2);
	if (r->rdlen == 0)
		return;
	tell(t, 1, "data", r->rdata, r->rdlen);
	if (r->type == TYPE_OPT)
		tell_options(t, r);
	else if (fields)
		tell_fields(t, fields, r->rdata, end);
	else {
		put_hex(&t->text, w + r->rdata, r->rdlen);
		tell(t, 2, "octets", r->rdata, r->rdlen);
	}
}

static void tell_records(struct telling *t)
{
	static const char *const titles[2][SECTION_COUNT] = {
		{ "answer", "authority", "additional" },
		{ "prerequisite", "update", "additional" },	/* RFC 2136, 2.2 */
	};
	bool update = msg_opcode(&t->m) == OPCODE_UPDATE;
	struct rr_iter it = rr_first(&t->m);
	unsigned n[SECTION_COUNT] = { 0 };
	char name[40];
	struct rr r;

	while (rr_next(&it, &r)) {
		snprintf(name, sizeof name, "%s %u", r.type == TYPE_OPT ? "EDNS"
			 : titles[update][r.section], ++n[r.section]);
		if (t->told == t->most)
			t->left_out++;
		else
			tell_record(t, &r, name);
	}
}

/* ---- header and question ---- */

static void tell_flags(struct telling *t)
{
	static const struct { u16 bit; const char *name, *on; } flags[] = {
		{ MSG_QR, "qr", "response" }, { MSG_AA, "aa", "authoritative" },
		{ MSG_TC, "tc", "truncated" }, { MSG_RD, "rd", "recursion desired" },
		{ MSG_RA, "ra", "recursion available" }, { MSG_Z, "z", "reserved" },
		{ MSG_AD, "ad", "authenticated" }, { MSG_CD, "cd", "checking disabled" },
	};
	char text[RRTYPE_TEXT_MAX];

	buf_fmt(&t->text, "0x%04x", t->m.flags);
	tell(t, 1, "flags", 2, 2);
	for (size_t i = 0; i < COUNT(flags); i++) {
		u16 bit = flags[i].bit;

		buf_fmt(&t->text, "%u%s%s", t->m.flags & bit ? 1u : 0u,
			t->m.flags & bit ? " " : "", t->m.flags & bit ? flags[i].on : "");
		tell(t, 2, flags[i].name, bit > 0xff ? 2 : 3, 1);
		if (bit != MSG_QR)
			continue;
		buf_text(&t->text, opcode_text(msg_opcode(&t->m), text));
		tell(t, 2, "opcode", 2, 1);
	}
	buf_text(&t->text, rcode_text(t->m.flags & 15u, text));
	tell(t, 2, "response code", 3, 1);
}

static void tell_header(struct telling *t)
{
	static const char *const counts[] = { "questions", "answers", "authorities",
		"additionals" };
	char opcode[RRTYPE_TEXT_MAX], rcode[RRTYPE_TEXT_MAX];

	buf_fmt(&t->text, "%s %s %s", msg_is_response(&t->m) ? "response" : "query",
		opcode_text(msg_opcode(&t->m), opcode), rcode_text(msg_rcode(&t->m), rcode));
	tell(t, 0, "header", 0, DNS_HEADER);
	buf_fmt(&t->text, "%u", t->m.id);
	tell(t, 1, "id", 0, 2);
	tell_flags(t);
	for (u32 i = 0; i < COUNT(counts); i++) {
		buf_fmt(&t->text, "%u", t->m.count[i]);
		tell(t, 1, counts[i], 4 + 2 * i, 2);
	}
}

static void tell_question(struct telling *t)
{
	u32 at = DNS_HEADER + t->m.qname_len;
	char class[RRTYPE_TEXT_MAX], type[RRTYPE_TEXT_MAX];

	put_name(t, DNS_HEADER);
	buf_fmt(&t->text, " %s %s", rrclass_text(t->m.qclass, class),
		rrtype_text(t->m.qtype, type));
	tell(t, 0, msg_opcode(&t->m) == OPCODE_UPDATE ? "zone" : "question", DNS_HEADER,
	     t->m.qname_len + 4u);
	tell_name(t, 1, "name", DNS_HEADER, at + 4);
	buf_text(&t->text, type);
	tell(t, 1, "type", at, 2);
	buf_text(&t->text, class);
	tell(t, 1, "class", at + 2, 2);
}

enum msg_error msg_parts(const u8 *wire, size_t len, u32 most, msg_part_fn *each, void *to,
			 u32 *left_out)
{
	struct telling t = { .each = each, .to = to, .most = most };
	enum msg_error e = msg_read(&t.m, wire, len);
	u32 end = e == MSG_BAD_HEADER ? 0 : t.m.end;

	if (e != MSG_BAD_HEADER) {
		tell_header(&t);
		if (t.m.qname_len)
			tell_question(&t);
		tell_records(&t);
	}
	if (end < len) {
		put_hex(&t.text, wire + end, (u32)min_u64(len - end, DNS_MESSAGE_MAX));
		tell(&t, 0, "not decoded", end, (u32)(len - end));
	}
	if (left_out)
		*left_out = t.left_out;
	buf_free(&t.text);
	return e;
}
