/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rdata.c - the layouts, one row a type; a type without a row is RDATA_ANY.
 * Sources: RFC 1035, 3.3 and the RFC of each type, as IANA lists them. Below the
 * table, the few readers that walk a record by its layout. */
#include "dns/rdata.h"
#include "dns/rrtype.h"
#include <libknot/descriptor.h>

#define SOME { RDATA_SOME, 0, 0, 0 }
#define FIXED(n) { RDATA_FIXED, n, 0, 0 }
#define NAMES(pre, names, post) { RDATA_NAMES, pre, names, post }
#define REST RDATA_REST
#define T(name) [KNOT_RRTYPE_##name]

const struct rdata_layout rdata_layouts[RDATA_LAYOUTS] = {
	T(A) = FIXED(4),
	T(AAAA) = FIXED(16),
	T(LOC) = FIXED(16),
	T(NID) = FIXED(10),
	T(L32) = FIXED(6),
	T(L64) = FIXED(10),
	T(EUI48) = FIXED(6),
	T(EUI64) = FIXED(8),

	T(NS) = NAMES(0, 1, 0),
	T(CNAME) = NAMES(0, 1, 0),
	T(PTR) = NAMES(0, 1, 0),
	T(DNAME) = NAMES(0, 1, 0),
	T(MD) = NAMES(0, 1, 0),
	T(MF) = NAMES(0, 1, 0),
	T(MB) = NAMES(0, 1, 0),
	T(MG) = NAMES(0, 1, 0),
	T(MR) = NAMES(0, 1, 0),
	T(MINFO) = NAMES(0, 2, 0),
	T(RP) = NAMES(0, 2, 0),
	T(SOA) = NAMES(0, 2, 20),
	T(MX) = NAMES(2, 1, 0),
	T(AFSDB) = NAMES(2, 1, 0),
	T(RT) = NAMES(2, 1, 0),
	T(KX) = NAMES(2, 1, 0),
	T(LP) = NAMES(2, 1, 0),
	T(PX) = NAMES(2, 2, 0),
	T(SRV) = NAMES(6, 1, 0),
	T(SIG) = NAMES(18, 1, REST),
	T(RRSIG) = NAMES(18, 1, REST),
	T(NXT) = NAMES(0, 1, REST),
	T(NSEC) = NAMES(0, 1, REST),
	T(TKEY) = NAMES(0, 1, REST),
	T(TSIG) = NAMES(0, 1, REST),
	T(NAPTR) = { RDATA_NAPTR, 4, 1, 0 },

	T(NULL) = SOME,
	T(HINFO) = SOME,
	T(TXT) = SOME,
	T(KEY) = SOME,
	T(CERT) = SOME,
	T(DS) = SOME,
	T(SSHFP) = SOME,
	T(IPSECKEY) = SOME,
	T(DNSKEY) = SOME,
	T(DHCID) = SOME,
	T(NSEC3) = SOME,
	T(NSEC3PARAM) = SOME,
	T(TLSA) = SOME,
	T(SMIMEA) = SOME,
	T(CDS) = SOME,
	T(CDNSKEY) = SOME,
	T(OPENPGPKEY) = SOME,
	T(CSYNC) = SOME,
	T(ZONEMD) = SOME,
	T(SVCB) = SOME,
	T(HTTPS) = SOME,
	T(SPF) = SOME,
	T(IXFR) = SOME,
	T(AXFR) = SOME,
	T(ANY) = SOME,
	T(URI) = SOME,
	T(CAA) = SOME,
};

/* Offset after order, preference and three counted strings (RFC 3403, 4.1), which
 * is past `end` when they do not fit. */
static u32 naptr_strings_end(const struct msg *m, u32 at, u32 end)
{
	at += 4;
	for (int i = 0; i < 3 && at < end; i++)
		at += 1u + m->wire[at];
	return at;
}

static u32 naptr_end(const u8 *rdata, u32 len)
{
	u32 at = 4;

	for (int i = 0; i < 3 && at < len; i++)
		at += 1u + rdata[at];
	return at;
}

bool rdata_good(u16 type, const u8 *rdata, u32 len)
{
	const struct rdata_layout *l = rdata_layout(type);
	u32 at = l->kind == RDATA_NAPTR ? naptr_end(rdata, len) : l->pre;

	if (l->kind == RDATA_ANY || l->kind == RDATA_SOME)	/* NULL: RFC 1035, 3.3.10 */
		return l->kind == RDATA_ANY || len > 0 || type == TYPE_NULL;
	for (unsigned i = 0; i < l->names; i++) {
		if (at >= len || name_labels(rdata + at, len - at, NULL) < 0)
			return false;
		while (rdata[at])
			at += 1u + rdata[at];
		at++;
	}
	return l->post == RDATA_REST ? at <= len : at + l->post == len;
}

u32 rdata_names_at(const struct msg *m, const struct rr *r)
{
	const struct rdata_layout *l = rdata_layout(r->type);

	if (l->kind == RDATA_NAPTR)
		return naptr_strings_end(m, r->rdata, r->rdata + r->rdlen);
	return r->rdata + l->pre;
}

int rdata_unpack(const struct msg *m, const struct rr *r, u8 *to, size_t room)
{
	unsigned names = r->rdlen ? rdata_layout(r->type)->names : 0;
	u32 at = r->rdata, end = at + r->rdlen;
	size_t n = names ? rdata_names_at(m, r) - at : r->rdlen;
	size_t len = 0;
	u8 name[NAME_WIRE_MAX];

	for (;;) {
		if (n > room - len)
			return OOPS_LIMIT;
		memcpy(to + len, m->wire + at, n);
		len += n;
		at += (u32)n;
		if (names-- == 0)
			return (int)len;
		n = (size_t)msg_name(m, at, name);
		if (n > room - len)
			return OOPS_LIMIT;
		memcpy(to + len, name, n);
		len += n;
		at = msg_name_end(m, at);
		n = names ? 0 : end - at;
	}
}
