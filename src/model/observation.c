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

/* Type numbers up to 65 that have a class of their own; the rest by range. */
static const u8 classes[70] = {
	[TYPE_A] = TYPES_ADDRESS, [TYPE_AAAA] = TYPES_ADDRESS, [TYPE_PTR] = TYPES_PTR,
	[TYPE_SRV] = TYPES_SERVICE, [35] = TYPES_SERVICE, [TYPE_SVCB] = TYPES_SERVICE,
	[TYPE_HTTPS] = TYPES_SERVICE, [TYPE_TXT] = TYPES_TEXT,
	[TYPE_CNAME] = TYPES_NAME, [TYPE_MX] = TYPES_NAME, [TYPE_NS] = TYPES_NAME,
	[TYPE_SOA] = TYPES_NAME, [39] = TYPES_NAME,
	[TYPE_DS] = TYPES_DNSSEC, [TYPE_RRSIG] = TYPES_DNSSEC, [TYPE_DNSKEY] = TYPES_DNSSEC,
	[47] = TYPES_DNSSEC, [50] = TYPES_DNSSEC, [51] = TYPES_DNSSEC,
	[59] = TYPES_DNSSEC, [60] = TYPES_DNSSEC,
	[TYPE_NULL] = TYPES_RAW,
};

enum type_class type_class(u16 rrtype)
{
	if (rrtype < COUNT(classes))
		return classes[rrtype];
	if (rrtype == 99)	/* SPF */
		return TYPES_TEXT;
	if (rrtype == TYPE_ANY)
		return TYPES_ANY;
	/* 128 to 255 are question and meta types; 256 to 264 URI, CAA and so on;
	 * 32768 TA, 32769 DLV; the others are unassigned or private (RFC 6895, 3.1) */
	if ((rrtype >= 128 && rrtype <= 264) || rrtype == 32768 || rrtype == 32769 ||
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
