/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observation.c - keys of addresses and classes of record types. */
#include "model/observation.h"
#include "base/hash.h"
#include "dns/rrtype.h"

u64 address_key(const struct addr *a, u64 key)
{
	u64 high, low;

	memcpy(&high, a->at, 8);
	memcpy(&low, a->at + 8, 8);
	return hash_mix(hash_mix(high ^ key ^ HASH_A, HASH_B) ^ low, HASH_A) | 1;
}

/* Type numbers up to 69 that have a class of their own; the rest by range. */
static const u8 classes[70] = {
	[TYPE_A] = TYPES_ADDRESS, [TYPE_AAAA] = TYPES_ADDRESS, [TYPE_PTR] = TYPES_PTR,
	[TYPE_SRV] = TYPES_SERVICE, [35] = TYPES_SERVICE, [TYPE_SVCB] = TYPES_SERVICE,
	[TYPE_HTTPS] = TYPES_SERVICE, [TYPE_TXT] = TYPES_TEXT,
	[TYPE_CNAME] = TYPES_NAME, [TYPE_MX] = TYPES_NAME, [TYPE_NS] = TYPES_NAME,
	[TYPE_SOA] = TYPES_NAME, [39] = TYPES_NAME,
	/* MB, MG, MR, MINFO, RP, AFSDB, RT, KX */
	[7] = TYPES_NAME, [8] = TYPES_NAME, [9] = TYPES_NAME, [14] = TYPES_NAME,
	[17] = TYPES_NAME, [18] = TYPES_NAME, [21] = TYPES_NAME, [36] = TYPES_NAME,
	[TYPE_DS] = TYPES_DNSSEC, [TYPE_RRSIG] = TYPES_DNSSEC, [TYPE_DNSKEY] = TYPES_DNSSEC,
	[47] = TYPES_DNSSEC, [50] = TYPES_DNSSEC, [51] = TYPES_DNSSEC,
	[59] = TYPES_DNSSEC, [60] = TYPES_DNSSEC,
	/* NULL, HINFO, X25, ISDN, SIG, KEY, CERT, APL, SSHFP, IPSECKEY, DHCID, TLSA,
	 * SMIMEA, HIP, OPENPGPKEY, ZONEMD */
	[TYPE_NULL] = TYPES_RAW, [13] = TYPES_RAW, [19] = TYPES_RAW, [20] = TYPES_RAW,
	[24] = TYPES_RAW, [25] = TYPES_RAW, [37] = TYPES_RAW, [42] = TYPES_RAW,
	[44] = TYPES_RAW, [45] = TYPES_RAW, [49] = TYPES_RAW, [52] = TYPES_RAW,
	[53] = TYPES_RAW, [55] = TYPES_RAW, [61] = TYPES_RAW, [63] = TYPES_RAW,
};

enum type_class type_class(u16 rrtype)
{
	if (rrtype < COUNT(classes))
		return classes[rrtype];
	if (rrtype == 99)	/* SPF */
		return TYPES_TEXT;
	if (rrtype == TYPE_ANY)
		return TYPES_ANY;
	/* 128 to 255 are question and meta types; 32768 TA, 32769 DLV; 256 and on are URI,
	 * CAA and so on, the others unassigned or private (RFC 6895, 3.1) */
	if ((rrtype >= 128 && rrtype <= 255) || rrtype == 32768 || rrtype == 32769 ||
	    (rrtype >= 100 && rrtype <= 109))
		return TYPES_OTHER;
	return TYPES_RAW;
}

const char *type_class_name(enum type_class c)
{
	static const char *const names[] = {
#define F(name, text) [TYPES_##name] = text,
		TYPE_CLASSES(F)
#undef F
	};

	return c < TYPES_COUNT ? names[c] : "";
}
