/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rrtype.h - numbers with names: types, classes, response codes, opcodes.
 * The names are libknot's (IANA's registry); unknown ones get RFC 3597 forms. */
#pragma once
#include "base/base.h"

enum {
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_NULL = 10,
	TYPE_PTR = 12, TYPE_MX = 15, TYPE_TXT = 16, TYPE_AAAA = 28, TYPE_SRV = 33,
	TYPE_DNAME = 39, TYPE_OPT = 41, TYPE_DS = 43, TYPE_RRSIG = 46,
	TYPE_DNSKEY = 48, TYPE_SVCB = 64, TYPE_HTTPS = 65, TYPE_TSIG = 250,
	TYPE_IXFR = 251, TYPE_AXFR = 252, TYPE_ANY = 255,
};
enum { CLASS_IN = 1, CLASS_CH = 3, CLASS_NONE = 254, CLASS_ANY = 255 };
enum { OPCODE_QUERY = 0, OPCODE_NOTIFY = 4, OPCODE_UPDATE = 5 };
enum {
	RCODE_NOERROR = 0, RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4, RCODE_REFUSED = 5, RCODE_BADVERS = 16,
};

#define RRTYPE_TEXT_MAX 20
/* "AAAA", "TYPE65280"; into `to`, which is returned. */
char *rrtype_text(u16 type, char to[RRTYPE_TEXT_MAX]);
char *rcode_text(unsigned rcode, char to[RRTYPE_TEXT_MAX]); /* "NXDOMAIN", "RCODE12" */
char *opcode_text(unsigned opcode, char to[RRTYPE_TEXT_MAX]);	/* "QUERY", "OPCODE3" */
char *rrclass_text(u16 rrclass, char to[RRTYPE_TEXT_MAX]);	/* "IN", "CLASS7" */
/* The number of a type's name in any case, TYPEnnn too, or OOPS_UNKNOWN. */
int rrtype_parse(const char *text);
