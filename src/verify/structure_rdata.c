/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_rdata.c - what records hold: policies that must be alone (SPF, DMARC), service
 * bindings (RFC 9460, RFC 9461), CAA, fingerprints, types of the past, addresses that reach
 * nobody. See structure.h. */
#include "verify/structure.h"
#include "base/rd.h"
#include <arpa/inet.h>

enum {
	TYPE_MD = 3, TYPE_MF = 4, TYPE_SSHFP = 44, TYPE_TLSA = 52, TYPE_SMIMEA = 53,
	TYPE_SPF = 99, TYPE_CAA = 257,
};

/* ---- types ---- */

/* Types that were given up, with what said so. */
static const struct { u16 type; const char *why; } obsolete[] = {
	{ 3, "RFC 1035, 3.3.4" }, { 4, "RFC 1035, 3.3.5" }, { 7, "RFC 2505, experimental" },
	{ 8, "RFC 2505, experimental" }, { 9, "RFC 2505, experimental" },
	{ 10, "RFC 1035, 3.3.10, experimental" }, { 11, "RFC 1123, 2.2" },
	{ 24, "RFC 3755, 3" }, { 30, "RFC 3755, 3" }, { 38, "RFC 6563" }, { 99, "RFC 7208, 3.1" },
	{ 32769, "RFC 8749" },
};

static void types(struct structure *c, const struct zone_rrset *s)
{
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	struct finding *f;

	/* Meta-types and query types (RFC 6895, 3.1) live in messages only. */
	if ((s->type == TYPE_OPT || (s->type >= 128 && s->type <= 255) || s->type == 0) &&
	    (f = structure_fault(c, ROW_META, s->owner, &c->records[s->first])))
		audit_end(c->a, f, "%s has a record of type %s, which stands in messages and "
			  "never in a zone.", zone_text(c->z, s->owner, text),
			  rrtype_text(s->type, type));
	for (size_t i = 0; i < COUNT(obsolete); i++) {
		if (obsolete[i].type != s->type)
			continue;
		if ((f = structure_fault(c, ROW_OBSOLETE, s->owner, &c->records[s->first])))
			audit_end(c->a, f, "%s has %s records, a type that nobody uses any more "
				  "(%s).", zone_text(c->z, s->owner, text),
				  rrtype_text(s->type, type), obsolete[i].why);
	}
}

/* ---- TXT that is a policy ---- */

/* Does the first string begin with the version tag and end there or go on with one of
 * `then`? */
static bool tagged(const u8 *at, u32 len, const char *tag, const char *then)
{
	size_t n = strlen(tag);

	if (len < 1 + n || at[0] < n || strncasecmp((const char *)at + 1, tag, n))
		return false;
	return at[0] == n || (len > 1 + n && strchr(then, at[1 + n]) && at[1 + n]);
}

static unsigned count_tagged(const struct structure *c, const struct zone_rrset *s,
			     const char *tag, const char *then)
{
	unsigned n = 0;
	u32 len;

	for (u32 i = 0; i < s->count; i++) {
		const struct zone_record *r = &c->records[s->first + i];
		const u8 *at = zone_rdata(c->z, r, &len);

		n += !(r->mark & ZONE_REPEAT) && tagged(at, len, tag, then);
	}
	return n;
}

static void policies(struct structure *c, const struct zone_rrset *s)
{
	const struct zone_name *n = zone_name(c->z, s->owner);
	bool dmarc = n->wire[0] == 6 && memcmp(n->wire + 1, "_dmarc", 6) == 0;
	unsigned spf = s->count > 1 ? count_tagged(c, s, "v=spf1", " ") : 0;
	unsigned policy = dmarc && s->count > 1 ? count_tagged(c, s, "v=DMARC1", " \t;") : 0;
	char text[NAME_TEXT_MAX];
	struct finding *f;

	if (spf > 1 && (f = structure_fault(c, ROW_SPF_MANY, s->owner,
					    &c->records[s->first + 1]))) {
		finding_value(f, "policies", spf, "", "SPF records");
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "%s has %u SPF policies: receivers take that for an error and "
			  "use none.", zone_text(c->z, s->owner, text), spf);
	}
	if (policy > 1 && (f = structure_fault(c, ROW_DMARC_MANY, s->owner,
					       &c->records[s->first + 1]))) {
		finding_value(f, "policies", policy, "", "DMARC records");
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "%s has %u DMARC policies: receivers use none of them.",
			  zone_text(c->z, s->owner, text), policy);
	}
}

/* ---- SVCB and HTTPS (RFC 9460) ---- */

enum { KEY_MANDATORY = 0, KEY_ALPN = 1, KEY_NO_DEFAULT = 2, KEY_PATH = 7, KEYS = 8 };

struct svcb {
	u16 priority;
	u8 target[NAME_WIRE_MAX];
	struct { const u8 *at; u16 len; bool here; } key[KEYS];
	u32 keys;		/* how many parameters there are */
	const char *bad;	/* why the parameters are no good, as a clause */
};

static const char *bad_mandatory(const struct svcb *s, const u8 *all, u32 len)
{
	const u8 *at = s->key[KEY_MANDATORY].at;

	for (u32 i = 0; i + 1 < s->key[KEY_MANDATORY].len; i += 2) {
		u16 want = be16(at + i);
		struct rd r = rd_of(all, len);
		bool found = false;

		if (want == KEY_MANDATORY)
			return N_("lists the parameter mandatory as mandatory");
		while (rd_left(&r) >= 4) {
			u16 key = rd_u16(&r), n = rd_u16(&r);

			found |= key == want;
			rd_take(&r, n);
		}
		if (!found)
			return N_("lists a parameter as mandatory that it does not have");
	}
	return s->key[KEY_MANDATORY].len == 0 || s->key[KEY_MANDATORY].len % 2
		? N_("has a list of mandatory parameters that is none") : NULL;
}

static const char *bad_alpn(const struct svcb *s)
{
	const u8 *at = s->key[KEY_ALPN].at;
	u32 len = s->key[KEY_ALPN].len, i = 0;

	if (len == 0)
		return N_("has an empty list of protocols (alpn)");
	for (; i < len; i += 1u + at[i])
		if (at[i] == 0)
			return N_("has an empty protocol name (alpn)");
	return i == len ? NULL : N_("has a list of protocols (alpn) that is none");
}

static bool svcb_read(struct svcb *s, const u8 *at, u32 len)
{
	struct rd r;
	int last = -1;
	unsigned name = len > 2 ? structure_name(at + 2, len - 2, s->target) : 0;

	if (name == 0)
		return false;
	s->priority = be16(at);
	r = rd_of(at + 2 + name, len - 2 - name);
	while (rd_left(&r)) {
		u16 key = rd_u16(&r), n = rd_u16(&r);
		const u8 *value = rd_take(&r, n);

		if (r.bad)
			break;
		if (key <= last)
			s->bad = N_("has parameters twice or out of order");
		last = key;
		s->keys++;
		if (key < KEYS) {
			s->key[key].at = value;
			s->key[key].len = n;
			s->key[key].here = true;
		}
	}
	if (r.bad)
		s->bad = N_("has parameters that end too early");
	else if (s->key[KEY_MANDATORY].here && s->bad == NULL)
		s->bad = bad_mandatory(s, at + 2 + name, len - 2 - name);
	if (s->key[KEY_ALPN].here && s->bad == NULL)
		s->bad = bad_alpn(s);
	if (s->key[KEY_NO_DEFAULT].here && !s->key[KEY_ALPN].here && s->bad == NULL)
		s->bad = N_("has no-default-alpn and no alpn, so no protocol is left");
	return true;
}

/* Protocols that DNS is spoken over: RFC 9461, 4 and 5. */
static const char *bad_dns(const struct svcb *s)
{
	static const char *const known[] = { "dot", "doq", "h2", "h3", "http/1.1" };
	const u8 *at = s->key[KEY_ALPN].at;
	bool http = false, good = false;

	if (!s->key[KEY_ALPN].here)
		return N_("has no alpn, so nobody knows how to speak DNS there");
	for (u32 i = 0; i < s->key[KEY_ALPN].len; i += 1u + at[i])
		for (size_t k = 0; k < COUNT(known); k++)
			if (at[i] == strlen(known[k]) &&
			    memcmp(at + i + 1, known[k], at[i]) == 0) {
				good = true;
				http |= known[k][0] == 'h';
			}
	if (!good)
		return N_("names no protocol (alpn) that DNS is spoken over");
	return http && !s->key[KEY_PATH].here
		? N_("offers DNS over HTTPS without a path (dohpath)") : NULL;
}

/* "_dns" as the first label that is not a port: "_dns.x", "_853._dns.x". */
static bool of_dns(const struct zone_name *n)
{
	unsigned at = n->wire[0] > 1 && n->wire[1] == '_' && n->wire[2] >= '0' &&
		n->wire[2] <= '9' ? 1u + n->wire[0] : 0;

	return n->wire[at] == 4 && memcmp(n->wire + at + 1, "_dns", 4) == 0;
}

static void svcb_fault(struct structure *c, const struct zone_rrset *s,
		       const struct zone_record *r, enum structure_row row, const char *why)
{
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	struct finding *f = structure_fault(c, row, s->owner, r);

	if (f == NULL)
		return;
	audit_rrset(c->a, f, s);
	audit_end(c->a, f, "A %s record of %s %s.", rrtype_text(s->type, type),
		  zone_text(c->z, s->owner, text), why);
}

static void svcb(struct structure *c, const struct zone_rrset *s)
{
	const struct zone_name *n = zone_name(c->z, s->owner);
	unsigned alias = 0, service = 0;
	u32 len;

	for (u32 i = 0; i < s->count; i++) {
		const struct zone_record *r = &c->records[s->first + i];
		const u8 *at = zone_rdata(c->z, r, &len);
		struct svcb v = { 0 };

		if (!svcb_read(&v, at, len)) {
			svcb_fault(c, s, r, ROW_SVCB_PARAMS, N_("cannot be read"));
			continue;
		}
		alias += v.priority == 0;
		service += v.priority != 0;
		if (v.priority == 0 && v.keys)
			svcb_fault(c, s, r, ROW_SVCB_ALIAS, N_("is an alias (priority 0) "
				   "with parameters, which clients ignore"));
		else if (v.bad)
			svcb_fault(c, s, r, ROW_SVCB_PARAMS, v.bad);
		else if (v.priority && of_dns(n) && s->type == TYPE_SVCB && bad_dns(&v))
			svcb_fault(c, s, r, ROW_SVCB_DNS, bad_dns(&v));
	}
	if (alias && alias + service > 1)
		svcb_fault(c, s, &c->records[s->first], ROW_SVCB_MIXED, service
			   ? N_("is an alias (priority 0) and others are not: clients "
			   	"use the alias")
			   : N_("is one of several aliases (priority 0): clients take "
			   	"any of them"));
}

/* ---- CAA (RFC 8659, 4.1) ---- */

static void caa_fault(struct structure *c, const struct zone_rrset *s,
		      const struct zone_record *r, const char *why)
{
	char text[NAME_TEXT_MAX];
	struct finding *f = structure_fault(c, ROW_CAA, s->owner, r);

	if (f == NULL)
		return;
	audit_rrset(c->a, f, s);
	audit_end(c->a, f, "A CAA record of %s %s.", zone_text(c->z, s->owner, text), why);
}

static void caa(struct structure *c, const struct zone_rrset *s)
{
	static const char *const tags[] = { "issue", "issuewild", "iodef", "contactemail",
		"contactphone", "issuemail", "issuevmc" };
	u32 len;

	for (u32 i = 0; i < s->count; i++) {
		const struct zone_record *r = &c->records[s->first + i];
		const u8 *at = zone_rdata(c->z, r, &len);
		bool known = false;

		if (len < 2 || at[1] == 0 || at[1] > len - 2) {
			caa_fault(c, s, r, N_("has no tag"));
			continue;
		}
		for (size_t k = 0; k < COUNT(tags); k++)
			known |= strlen(tags[k]) == at[1] &&
				 strncasecmp(tags[k], (const char *)at + 2, at[1]) == 0;
		if (!known)
			caa_fault(c, s, r, at[0] & 128
				  ? N_("is critical and has an unknown tag: nobody "
				  	"issues certificates")
				  : N_("has a tag that certificate authorities do not "
				  	"know"));
		else if (at[0] & 127)
			caa_fault(c, s, r, N_("has unknown flags"));
	}
}

/* ---- fingerprints ---- */

/* Octets of a SSHFP digest (RFC 4255, 3.1.2; RFC 6594) and of a TLSA one (RFC 6698, 2.1.3); 0
 * = any. */
static u32 digest_octets(u16 type, const u8 *at, u32 len)
{
	static const u8 ssh[] = { 0, 20, 32 }, tls[] = { 0, 32, 64 };

	if (type == TYPE_SSHFP)
		return len >= 2 && at[1] < COUNT(ssh) ? ssh[at[1]] : 0;
	return len >= 3 && at[2] < COUNT(tls) ? tls[at[2]] : 0;
}

static void fingerprints(struct structure *c, const struct zone_rrset *s)
{
	const u32 head = s->type == TYPE_SSHFP ? 2 : 3;
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	struct finding *f;
	u32 len, want;

	for (u32 i = 0; i < s->count; i++) {
		const struct zone_record *r = &c->records[s->first + i];
		const u8 *at = zone_rdata(c->z, r, &len);

		want = digest_octets(s->type, at, len);
		if (want == 0 || len == head + want ||
		    (f = structure_fault(c, ROW_FINGERPRINT, s->owner, r)) == NULL)
			continue;
		audit_rrset(c->a, f, s);
		audit_end(c->a, f, "A %s record of %s has a digest of %u octets where %u belong: "
			  "it matches nothing.", rrtype_text(s->type, type),
			  zone_text(c->z, s->owner, text), len > head ? len - head : 0, want);
	}
}

/* ---- addresses of the apex ---- */

/* Blocks that the Internet does not route (IANA's special-purpose registries). */
static const struct { u8 net[16]; u8 bits; bool six; } blocks[] = {
	{ { 0 }, 8, false }, { { 10 }, 8, false }, { { 100, 64 }, 10, false },
	{ { 127 }, 8, false }, { { 169, 254 }, 16, false }, { { 172, 16 }, 12, false },
	{ { 192, 0, 0 }, 24, false }, { { 192, 0, 2 }, 24, false }, { { 192, 168 }, 16, false },
	{ { 198, 18 }, 15, false }, { { 198, 51, 100 }, 24, false },
	{ { 203, 0, 113 }, 24, false }, { { 224 }, 3, false },
	{ { 0 }, 127, true }, { { [10] = 0xff, 0xff }, 96, true }, { { 1 }, 64, true },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, true }, { { 0x3f, 0xff }, 20, true },
	{ { 0xfc }, 7, true }, { { 0xfe, 0x80 }, 10, true }, { { 0xff }, 8, true },
};

static bool in_block(const u8 *at, const u8 *net, unsigned bits)
{
	unsigned rest = bits % 8;
	u8 mask = (u8)(0xff00 >> rest);

	return memcmp(at, net, bits / 8) == 0 &&
	       (rest == 0 || ((at[bits / 8] ^ net[bits / 8]) & mask) == 0);
}

static void addresses(struct structure *c, const struct zone_rrset *s)
{
	bool six = s->type == TYPE_AAAA;
	char text[INET6_ADDRSTRLEN];
	struct finding *f;
	u32 len;

	for (u32 i = 0; i < s->count; i++) {
		const struct zone_record *r = &c->records[s->first + i];
		const u8 *at = zone_rdata(c->z, r, &len);

		for (size_t k = 0; k < COUNT(blocks) && len == (six ? 16 : 4); k++) {
			if (blocks[k].six != six || !in_block(at, blocks[k].net, blocks[k].bits))
				continue;
			if ((f = structure_fault(c, ROW_RESERVED, s->owner, r)) == NULL)
				break;
			audit_rrset(c->a, f, s);
			audit_end(c->a, f, "The zone's own name has the address %s, which the "
				  "Internet does not route.",
				  inet_ntop(six ? AF_INET6 : AF_INET, at, text, sizeof text));
			break;
		}
	}
}

void structure_rdata(struct structure *c, const struct zone_rrset *s)
{
	switch (s->type) {
	case TYPE_A:
	case TYPE_AAAA:
		if (zone_name(c->z, s->owner)->flags & ZONE_APEX)
			addresses(c, s);
		break;
	case TYPE_NS:
		break;
	case TYPE_TXT:
		policies(c, s);
		break;
	case TYPE_SVCB:
	case TYPE_HTTPS:
		svcb(c, s);
		break;
	case TYPE_CAA:
		caa(c, s);
		break;
	case TYPE_SSHFP:
	case TYPE_TLSA:
	case TYPE_SMIMEA:
		fingerprints(c, s);
		break;
	default:
		types(c, s);
		break;
	}
}
