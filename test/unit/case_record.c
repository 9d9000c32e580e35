/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_record.c - records of a case: TYPE=VALUE.
 *
 *   A=192.0.2.1, AAAA=2001:db8::1   an address
 *   TXT=text                        strings of 255 octets as many as needed
 *   SOA=example.com                 in the authority section, owned by that zone
 *   MX=NAME, CNAME=NAME, ...        a type whose RDATA has names: NAME in each, 0 else
 *   RRSIG=NAME+150                  the same, and 150 octets drawn behind
 *   DNSKEY=+264, NULL=text          octets drawn, or the text */
#include "case.h"
#include "dns/rdata.h"
#include "dns/rrtype.h"
#include "draw.h"

static bool put(struct answer *r, const void *octets, size_t n)
{
	if (r->len + n > sizeof r->rdata)
		return false;
	memcpy(r->rdata + r->len, octets, n);
	r->len = (u16)(r->len + n);
	return true;
}

/* Octets that were written with \DDD for some. */
static bool put_text(struct answer *r, const char *text)
{
	while (*text) {
		unsigned v = (u8)*text;
		u8 octet;

		if (*text == '\\' && sscanf(text + 1, "%3u", &v) == 1)
			text += 3;
		text++;
		octet = (u8)v;
		if (!put(r, &octet, 1))
			return false;
	}
	return true;
}

static bool put_drawn(struct answer *r, u64 *seed, unsigned n)
{
	while (n--) {
		u8 octet = (u8)draw(seed);

		if (!put(r, &octet, 1))
			return false;
	}
	return true;
}

/* Strings with their length before each (RFC 1035, 3.3.14). */
static bool put_strings(struct answer *r, const char *text)
{
	struct answer all = { .len = 0 };

	if (!put_text(&all, text))
		return false;
	for (unsigned at = 0; at == 0 || at < all.len; at += 255) {
		u8 n = (u8)(all.len - at < 255 ? all.len - at : 255);

		if (!put(r, &n, 1) || !put(r, all.rdata + at, n))
			return false;
	}
	return true;
}

static bool put_names(struct answer *r, const struct rdata_layout *l, const char *text)
{
	static const u8 zeros[64];
	u8 wire[NAME_WIRE_MAX];
	int n = name_parse(*text ? text : ".", wire);

	if (n < 0 || !put(r, zeros, l->pre))
		return false;
	if (r->type == TYPE_RRSIG)	/* algorithm 13, from 0 to 1 */
		r->rdata[2] = 13, r->rdata[11] = 1;
	for (unsigned i = 0; i < l->names; i++)
		if (!put(r, wire, (size_t)n))
			return false;
	return l->post == RDATA_REST || put(r, zeros, l->post);
}

/* The labels of the question left of the zone, which owns a SOA. */
static bool put_soa(struct answer *r, const struct ask *a, const char *zone)
{
	u8 wire[NAME_WIRE_MAX];
	int n = name_parse(zone, wire);
	unsigned at = 0;

	r->section = SECTION_AUTHORITY;
	for (r->skip = 0; n > 0; r->skip++) {
		if (name_equal(a->qname + at, a->qname_len - at, wire, (size_t)n))
			return put_names(r, rdata_layout(TYPE_SOA), ".");
		if (at + 1 >= a->qname_len)
			break;
		at += 1u + a->qname[at];
	}
	return false;
}

bool case_record(const struct ask *a, const char *word, u64 *seed, struct answer *ret)
{
	char type[RRTYPE_TEXT_MAX], value[CASE_LINE_MAX], *plus;
	const struct rdata_layout *l;
	unsigned more = 0;
	struct addr addr;
	int number;

	if (sscanf(word, "%19[A-Z0-9]=%4000s", type, value) != 2 ||
	    (number = rrtype_parse(type)) < 0)
		return false;
	*ret = (struct answer){ .type = (u16)number, .ttl = 300 };
	if (number == TYPE_A || number == TYPE_AAAA)
		return case_address(value, &addr) &&
		       addr_is4(&addr) == (number == TYPE_A) &&
		       put(ret, addr.at + (number == TYPE_A ? 12 : 0),
			   number == TYPE_A ? 4 : 16);
	if (number == TYPE_TXT)
		return put_strings(ret, value);
	if (number == TYPE_SOA)
		return put_soa(ret, a, value);
	if ((plus = strrchr(value, '+')) && sscanf(plus, "+%u", &more) == 1)
		*plus = 0;
	l = rdata_layout((u16)number);
	if (l->kind != RDATA_NAMES)
		return put_text(ret, value) && put_drawn(ret, seed, more);
	return put_names(ret, l, value) && put_drawn(ret, seed, more);
}
