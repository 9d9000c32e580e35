/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_text.c - see msg_text.h.
 *
 * libknot's writers (3.2.6) trust RDATA that its parser does not check. They read a
 * name to its end before they compare with the RDATA's length (IPSECKEY, SVCB), and
 * a number before they ask whether there is one: so the copy that they get is
 * followed by zeros enough to end any label. They believe the lengths of an NSEC3's
 * salt and hash: so those are looked at here first. The MAC of a TSIG was looked at
 * by msg_read(). */
#include "dns/msg_text.h"
#include "base/rd.h"
#include "base/tongue.h"
#include "dns/rdata.h"
#include "dns/rrtype.h"
#include <arpa/inet.h>
#include <libknot/codes.h>
#include <libknot/rrset-dump.h>

#define RDATA_UNPACKED 66048	/* 65,535 and room for two names to grow */
#define PADDING 256
#define RDATA_TEXT 66048	/* what is longer in text is written as hex */
#define HEX_MAX 512		/* octets of hex shown */

/* What libknot's dump wants, without an allocation. */
struct rdata_copy {
	u16 len;
	u8 data[RDATA_UNPACKED + PADDING];
};

static void hex_text(const u8 *p, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n && i < HEX_MAX; i++)
		buf_fmt(out, "%02x", p[i]);
	if (n > HEX_MAX)
		buf_fmt(out, " ... (%zu octets more)", n - HEX_MAX);
}

/* Octets as a quoted string in presentation format (RFC 1035, 5.1). */
static void string_text(const u8 *p, size_t n, struct buf *out)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < n; i++) {
		if (p[i] < ' ' || p[i] >= 0x7f)
			buf_fmt(out, "\\%03u", p[i]);
		else
			buf_fmt(out, p[i] == '"' || p[i] == '\\' ? "\\%c" : "%c", p[i]);
	}
	buf_byte(out, '"');
}

static void owner_text(const struct msg *m, u32 offset, struct buf *out)
{
	u8 wire[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];
	int n = msg_name(m, offset, wire);

	buf_text(out, name_text(wire, n < 0 ? 0 : (size_t)n, text));
	if (n != 1)
		buf_byte(out, '.');
}

/* Are salt and hash inside the RDATA (RFC 5155, 3.2 and 4.2)? */
static bool nsec3_is_whole(u16 type, const u8 *rdata, size_t n)
{
	struct rd r = rd_of(rdata, n);

	rd_take(&r, 4);
	rd_take(&r, rd_u8(&r));
	if (type == KNOT_RRTYPE_NSEC3)
		rd_take(&r, rd_u8(&r));
	return !r.bad;
}

/* RDATA in its type's own form: false when libknot cannot. */
static bool rdata_text(const struct msg *m, const struct rr *r, struct buf *out)
{
	struct rdata_copy copy;
	char text[RDATA_TEXT];
	int n = rdata_unpack(m, r, copy.data, RDATA_UNPACKED);
	knot_rrset_t set = {
		.owner = (knot_dname_t *)"", .type = r->type, .rclass = r->class,
		.rrs = { .count = 1, .rdata = (knot_rdata_t *)&copy },
	};

	if (n < 0 || n > KNOT_RDATA_MAXLEN)
		return false;
	if ((r->type == KNOT_RRTYPE_NSEC3 || r->type == KNOT_RRTYPE_NSEC3PARAM) &&
	    !nsec3_is_whole(r->type, copy.data, (size_t)n))
		return false;
	memset(copy.data + n, 0, PADDING);
	copy.len = (u16)n;
	n = knot_rrset_txt_dump_data(&set, 0, text, sizeof text,
				     &KNOT_DUMP_STYLE_DEFAULT);
	if (n < 0)
		return false;
	while (n > 0 && text[n - 1] == ' ')	/* after a CAA */
		n--;
	buf_add(out, text, (size_t)n);
	return true;
}

void rr_text(const struct msg *m, const struct rr *r, struct buf *out)
{
	char class[RRTYPE_TEXT_MAX], type[RRTYPE_TEXT_MAX];

	owner_text(m, r->owner, out);
	buf_fmt(out, "\t%u\t%s\t%s", r->ttl, rrclass_text(r->class, class),
		rrtype_text(r->type, type));
	if (r->rdlen == 0)
		return;
	buf_byte(out, '\t');
	if (!rdata_text(m, r, out)) {
		buf_fmt(out, "\\# %u ", r->rdlen);
		hex_text(m->wire + r->rdata, r->rdlen, out);
	}
}

static void header_text(const struct msg *m, struct buf *out)
{
	static const struct { u16 bit; const char *name; } flags[] = {
		{ MSG_QR, " qr" }, { MSG_AA, " aa" }, { MSG_TC, " tc" },
		{ MSG_RD, " rd" }, { MSG_RA, " ra" }, { MSG_Z, " z" },
		{ MSG_AD, " ad" }, { MSG_CD, " cd" },
	};
	bool update = msg_opcode(m) == OPCODE_UPDATE;	/* RFC 2136, 2.2 */
	char opcode[RRTYPE_TEXT_MAX], rcode[RRTYPE_TEXT_MAX];

	buf_fmt(out, ";; ->>HEADER<<- opcode: %s; status: %s; id: %u\n;; Flags:",
		opcode_text(msg_opcode(m), opcode), rcode_text(msg_rcode(m), rcode),
		m->id);
	for (size_t i = 0; i < COUNT(flags); i++)
		if (m->flags & flags[i].bit)
			buf_text(out, flags[i].name);
	buf_fmt(out, update ? "; ZONE: %u; PREREQ: %u; UPDATE: %u; ADDITIONAL: %u\n"
			    : "; QUERY: %u; ANSWER: %u; AUTHORITY: %u; ADDITIONAL: %u\n",
		m->count[0], m->count[1], m->count[2], m->count[3]);
}

/* Family, prefix lengths, address bits (RFC 7871, 6). */
static bool subnet_text(const struct edns_option *o, struct buf *out)
{
	u8 address[16] = { 0 };
	char text[INET6_ADDRSTRLEN];
	unsigned family, size;

	if (o->len < 4)
		return false;
	family = be16(o->data);
	size = family == 1 ? 4 : 16;
	if ((family != 1 && family != 2) || o->len - 4u > size)
		return false;
	memcpy(address, o->data + 4, o->len - 4u);
	inet_ntop(family == 1 ? AF_INET : AF_INET6, address, text, sizeof text);
	buf_fmt(out, ";; CLIENT-SUBNET: %s/%u/%u", text, o->data[2], o->data[3]);
	return true;
}

/* Code and text of an extended error (RFC 8914, 2). */
static bool ede_text(const struct edns_option *o, struct buf *out)
{
	const knot_lookup_t *l;

	if (o->len < 2)
		return false;
	l = knot_lookup_by_id(knot_edns_ede_names, be16(o->data));
	buf_fmt(out, ";; EDE: %u (%s)", be16(o->data), l ? l->name : "Unknown code");
	if (o->len > 2) {
		buf_byte(out, ' ');
		string_text(o->data + 2, o->len - 2u, out);
	}
	return true;
}

static void option_text(const struct edns_option *o, struct buf *out)
{
	static const char *const names[] = {
		[3] = "NSID", [9] = "EXPIRE", [10] = "COOKIE", [11] = "TCP-KEEPALIVE",
		[12] = "PADDING", [13] = "CHAIN", [14] = "KEY-TAG",
	};

	if ((o->code == 8 && subnet_text(o, out)) ||
	    (o->code == 15 && ede_text(o, out))) {
		buf_byte(out, '\n');
		return;
	}
	if (o->code < COUNT(names) && names[o->code])
		buf_fmt(out, ";; %s: ", names[o->code]);
	else
		buf_fmt(out, ";; Option (%u): ", o->code);
	if (o->code == 12) {
		buf_fmt(out, "%u B\n", o->len);
		return;
	}
	hex_text(o->data, o->len, out);
	if (o->code == 3) {
		buf_byte(out, ' ');
		string_text(o->data, o->len, out);
	}
	buf_byte(out, '\n');
}

static void edns_text(const struct msg *m, struct buf *out)
{
	struct option_iter it = option_first(m);
	struct edns_option o;
	char rcode[RRTYPE_TEXT_MAX];

	buf_fmt(out, "\n;; EDNS PSEUDOSECTION:\n"
		";; Version: %u; flags:%s; UDP size: %u B; ext-rcode: %s\n",
		m->edns.version, m->edns.flags & 0x8000 ? " do" : "", m->edns.udp_size,
		rcode_text(msg_rcode(m), rcode));
	while (option_next(&it, &o))
		option_text(&o, out);
}

static void question_text(const struct msg *m, struct buf *out)
{
	char class[RRTYPE_TEXT_MAX], type[RRTYPE_TEXT_MAX];

	buf_fmt(out, "\n;; %s SECTION:\n;; ",
		msg_opcode(m) == OPCODE_UPDATE ? "ZONE" : "QUESTION");
	owner_text(m, DNS_HEADER, out);
	buf_fmt(out, "\t%s\t%s\n", rrclass_text(m->qclass, class),
		rrtype_text(m->qtype, type));
}

/* All records save OPT under the heading of their section; how many of them were
 * left out because the text would grow over `limit`. */
static u32 records_text(const struct msg *m, size_t limit, struct buf *out)
{
	static const char *const titles[2][SECTION_COUNT] = {
		{ "ANSWER", "AUTHORITY", "ADDITIONAL" },
		{ "PREREQUISITE", "UPDATE", "ADDITIONAL" },	/* RFC 2136, 2.2 */
	};
	bool update = msg_opcode(m) == OPCODE_UPDATE;
	struct rr_iter it = rr_first(m);
	int section = -1;
	u32 left_out = 0;
	struct rr r;

	while (rr_next(&it, &r)) {
		if (r.type == TYPE_OPT)
			continue;
		if (out->len >= limit) {
			left_out++;
			continue;
		}
		if (section != r.section)
			buf_fmt(out, "\n;; %s SECTION:\n", titles[update][r.section]);
		section = r.section;
		rr_text(m, &r, out);
		buf_byte(out, '\n');
	}
	return left_out;
}

void msg_text(const u8 *wire, size_t len, struct buf *out)
{
	size_t limit = out->len + MSG_TEXT_MAX;
	struct msg m;
	enum msg_error e = msg_read(&m, wire, len);
	u32 left_out;

	if (e == MSG_BAD_HEADER) {
		buf_fmt(out, ";; broken: %s (%zu octets)\n", msg_error_text(e), len);
		return;
	}
	header_text(&m, out);
	if (m.has_edns)
		edns_text(&m, out);
	if (m.qname_len)
		question_text(&m, out);
	left_out = records_text(&m, limit, out);
	if (left_out)
		buf_fmt(out, "\n;; %u more records are not shown\n", left_out);
	if (e)
		buf_fmt(out, "\n;; broken at octet %u of %zu: %s\n", m.end, len,
			msg_error_text(e));
	else
		buf_fmt(out, "\n;; %zu octets\n", len);
}

const char *msg_error_text(enum msg_error error)
{
	static const char *const texts[] = {
		[MSG_OK] = N_("well-formed"),
		[MSG_BAD_HEADER] = N_("shorter or longer than a message can be"),
		[MSG_BAD_QUESTION] = N_("the question is broken, or there are several"),
		[MSG_BAD_RECORD] = N_("a record is broken, cut short or out of place"),
		[MSG_BAD_NAME] = N_("a name is broken"),
		[MSG_BAD_TRAILING] = N_("octets follow the last record"),
	};

	return (unsigned)error < COUNT(texts) ? texts[error] : N_("not known");
}
