/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rewrite.c - see rewrite.h. */
#include "zone/rewrite.h"
#include "dns/rrtype.h"
#include "zone/text.h"
#include <libzscanner/error.h>
#include <limits.h>

static char *put(char *to, const char *from, const char *end)
{
	memcpy(to, from, (size_t)(end - from));
	return to + (end - from);
}

static bool end_line(char *to)
{
	memcpy(to, "\n", 2);
	return true;
}

/* ---- types that are written like another one ---- */

struct alias {
	const char *name;
	u16 type;
	const char *like;
};
static const struct alias aliases[] = {
	{ "MD", 3, "PTR" }, { "MF", 4, "PTR" }, { "MB", 7, "PTR" }, { "MG", 8, "PTR" },
	{ "MR", 9, "PTR" }, { "NSAP-PTR", 23, "PTR" }, { "X25", 19, "TXT" },
	{ "ISDN", 20, "TXT" }, { "GPOS", 27, "TXT" }, { "NINFO", 56, "TXT" },
	{ "AVC", 258, "TXT" }, { "RESINFO", 261, "TXT" }, { "WALLET", 262, "TXT" },
	{ "SIG", 24, "RRSIG" }, { "RKEY", 57, "DNSKEY" }, { "TA", 32768, "DS" },
	{ "DLV", 32769, "DS" },
	/* only their names are known, for bitmaps */
	{ "WKS", 11, NULL }, { "NSAP", 22, NULL }, { "PX", 26, NULL }, { "NXT", 30, NULL },
	{ "EID", 31, NULL }, { "NIMLOC", 32, NULL }, { "ATMA", 34, NULL }, { "A6", 38, NULL },
	{ "HIP", 55, NULL }, { "TALINK", 58, NULL }, { "DSYNC", 66, NULL },
	{ "DOA", 259, NULL }, { "AMTRELAY", 260, NULL },
};

static const struct alias *alias_of(const char *p, const char *end)
{
	for (unsigned i = 0; i < COUNT(aliases); i++)
		if (text_is(p, end, aliases[i].name))
			return &aliases[i];
	return NULL;
}

static bool as_alias(const char *p, char *to, u16 *type)
{
	const char *end = text_token(p);
	const struct alias *a = alias_of(p, end);

	if (a == NULL || a->like == NULL)
		return false;
	*to++ = ' ';
	to = put(to, a->like, a->like + strlen(a->like));
	put(to, end, end + strlen(end) + 1);
	*type = a->type;
	return true;
}

/* ---- odd octets in names ---- */

static bool is_odd(u8 c)
{
	return !(c == '.' || c == '*' || c == '-' || c == '_' || c == '/' ||
		 (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
}

/* A bare @ is the origin, one among others an octet. */
static char *escape_token(char *to, const char *p, const char *end)
{
	if (end - p == 1 && *p == '@')
		return put(to, p, end);
	while (p < end) {
		if (*p == '\\') {
			to = put(to, p, p + 2);
			p += 2;
		} else if (is_odd((u8)*p)) {
			to += snprintf(to, 5, "\\%03u", (u8)*p++);
		} else {
			*to++ = *p++;
		}
	}
	return to;
}

/* ---- words in bitmaps, parameters ---- */

static char *number_type(char *to, const char *p, const char *end)
{
	const struct alias *a = alias_of(p, end);
	char word[24];
	int type;

	if (end - p >= (ptrdiff_t)sizeof word)
		return put(to, p, end);
	snprintf(word, sizeof word, "%.*s", (int)(end - p), p);
	type = a ? a->type : rrtype_parse(word);
	if (type < 0)
		return put(to, p, end);
	return to + snprintf(to, 12, "TYPE%d", type);
}

/* RFC 9461, 9540, and drafts that have a number at IANA. */
static char *number_parameter(char *to, const char *p, const char *end)
{
	static const struct { const char *name, *key; } rows[] = {
		{ "dohpath", "key7" }, { "ohttp", "key8" }, { "tls-supported-groups", "key9" },
		{ "docpath", "key10" },
	};
	const char *equal = memchr(p, '=', (size_t)(end - p));

	if (equal == NULL)
		equal = end;
	for (unsigned i = 0; i < COUNT(rows); i++)
		if (text_is(p, equal, rows[i].name)) {
			to = put(to, rows[i].key, rows[i].key + strlen(rows[i].key));
			return put(to, equal, end);
		}
	return put(to, p, end);
}

typedef char *token_fn(char *to, const char *p, const char *end);

/* The type as it is, the next `most` tokens by `change`. */
static bool each_token(const char *p, char *to, token_fn *change, unsigned most)
{
	const char *end = text_token(p);

	*to++ = ' ';
	to = put(to, p, end);
	for (; *end == ' '; most -= most > 0) {
		p = end + 1;
		end = text_token(p);
		*to++ = ' ';
		to = most ? change(to, p, end) : put(to, p, end);
	}
	return end_line(to);
}

/* ---- base64 and hexadecimal in pieces ---- */

/* Tokens before it, the type too. */
static int tokens_before(const char *p)
{
	static const struct { const char *type; int tokens; } rows[] = {
		{ "RRSIG", 9 }, { "DNSKEY", 4 }, { "CDNSKEY", 4 }, { "KEY", 4 }, { "CERT", 4 },
		{ "IPSECKEY", 5 }, { "OPENPGPKEY", 1 }, { "DHCID", 1 }, { "DS", 4 }, { "CDS", 4 },
		{ "TLSA", 4 }, { "SMIMEA", 4 }, { "ZONEMD", 4 }, { "SSHFP", 3 },
	};
	const char *end = text_token(p);

	if (strncmp(end, " \\# ", 4) == 0)
		return 3;
	for (unsigned i = 0; i < COUNT(rows); i++)
		if (text_is(p, end, rows[i].type))
			return rows[i].tokens;
	return 0;
}

static bool join(const char *p, char *to)
{
	int tokens = tokens_before(p);

	if (tokens == 0)
		return false;
	for (int i = 0; *p != '\n'; i++) {
		const char *end = text_token(p);

		if (i <= tokens)
			*to++ = ' ';
		to = put(to, p, end);
		p = end + (*end == ' ');
	}
	return end_line(to);
}

bool rewrite_rdata(const char *flat, int code, char *to, u16 *type)
{
	const char *p = flat + 1;

	if (*type == 0 && as_alias(p, to, type))
		return true;
	switch (code) {
	case ZS_BAD_DNAME_CHAR:
	case ZS_BAD_RDATA:
		return strchr(p, '"') == NULL && each_token(p, to, escape_token, UINT_MAX);
	case ZS_UNSUPPORTED_TYPE:	/* of what is signed */
		return text_is(p, text_token(p), "RRSIG") && each_token(p, to, number_type, 1);
	case ZS_BAD_BITMAP:
		return each_token(p, to, number_type, UINT_MAX);
	case ZS_BAD_SVCB_PARAM:
		return each_token(p, to, number_parameter, UINT_MAX);
	case ZS_BAD_BASE64_CHAR:
	case ZS_BAD_HEX_CHAR:
	case ZS_BAD_HEX_RDATA:
		return join(p, to);
	default:
		return false;
	}
}
