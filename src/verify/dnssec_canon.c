/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_canon.c - canonical form of RRsets, and the octets that a signature signs.
 *
 *   | RRSIG RDATA without the signature, signer in lower case | RR(1) | RR(2) | ...
 *   RR: owner, type, class, original TTL, RDLENGTH, RDATA
 *
 * RFC 4034, 3.1.8.1 and 6; RFC 6840, 5.1: names in the RDATA of NSEC keep their case, the
 * signer's name in RRSIG does not. A6 is not lowered: no signer or validator in use does,
 * and nobody has A6. Records are sorted by RDATA; equal ones count once.
 *
 * Cost: of one record a copy; of more a sort. Scratch grows to the largest set and stays:
 * nothing is allocated for a signature. */
#include "base/rd.h"
#include "dns/rdata.h"
#include "verify/dnssec.h"

/* Types below 64 whose RDATA holds names that are lowered (RFC 4034, 6.2; RFC 6840, 5.1).
 * */
#define BIT(type) (1ull << (type))
#define LOWERED (BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(9) |      \
		 BIT(12) | BIT(14) | BIT(15) | BIT(17) | BIT(18) | BIT(21) | BIT(24) |        \
		 BIT(26) | BIT(30) | BIT(33) | BIT(35) | BIT(36) | BIT(39) | BIT(46))
#define RRSIG_FIXED 18u	/* octets before the signer's name */

static bool lowers(u16 type)
{
	return type < 64 && LOWERED >> type & 1;
}

/* Where the first name begins. */
static u32 names_at(u16 type, const u8 *rdata, u32 len)
{
	const struct rdata_layout *l = rdata_layout(type);
	u32 at = l->pre;

	if (l->kind == RDATA_NAPTR)	/* three strings (RFC 3403, 4.1) */
		for (int i = 0; i < 3 && at < len; i++)
			at += 1u + rdata[at];
	return at;
}

void dnssec_canon_rdata(u16 type, const u8 *rdata, u32 len, u8 *to)
{
	u32 at, names = lowers(type) ? rdata_layout(type)->names : 0;

	memcpy(to, rdata, len);
	if (names == 0)
		return;
	for (at = names_at(type, rdata, len); names > 0 && at < len; names--) {
		while (at < len && rdata[at] > 0 && at + 1 + rdata[at] <= len) {
			name_lower(to + at, rdata + at, 1u + rdata[at]);
			at += 1u + rdata[at];
		}
		at++;
	}
}

void dnssec_canon_free(struct dnssec_canon *c)
{
	free(c->refs);
	free(c->copy);
	*c = (struct dnssec_canon){ 0 };
}

static int by_octets(const void *a, const void *b)
{
	const struct dnssec_ref *x = a, *y = b;
	int diff = memcmp(x->at, y->at, x->len < y->len ? x->len : y->len);

	return diff ? diff : x->len < y->len ? -1 : x->len > y->len;
}

/* Few records come in any order; most sets have one or two. */
static void sort_refs(struct dnssec_ref *r, u32 n)
{
	if (n > 24) {
		qsort(r, n, sizeof *r, by_octets);
		return;
	}
	for (u32 i = 1; i < n; i++) {
		struct dnssec_ref moved = r[i];
		u32 j = i;

		for (; j > 0 && by_octets(&r[j - 1], &moved) > 0; j--)
			r[j] = r[j - 1];
		r[j] = moved;
	}
}

/* Views of all records' RDATA, lowered in a copy where names need it. */
static int gather(struct dnssec_canon *c, const struct zone *z,
	const struct zone_rrset *set)
{
	const struct zone_record *r = zone_records(z, NULL) + set->first;
	u64 size = 0, at = 0;
	u32 len;

	if (dnssec_room(&c->refs, &c->ref_room, max_u64(set->count, 16),
		sizeof *c->refs) < 0)
		return -ENOMEM;
	for (u32 i = 0; i < set->count; i++) {
		const u8 *rdata = zone_rdata(z, &r[i], &len);

		c->refs[i] = (struct dnssec_ref){ rdata, len, zone_ttl(z, &r[i]) };
		size += len;
	}
	if (!lowers(set->type) || set->type == TYPE_NS)	/* those are kept in lower case */
		return 0;
	if (dnssec_room(&c->copy, &c->copy_room, max_u64(size, 4096), 1) < 0)
		return -ENOMEM;
	for (u32 i = 0; i < set->count; at += c->refs[i++].len) {
		dnssec_canon_rdata(set->type, c->refs[i].at, c->refs[i].len,
			c->copy + at);
		c->refs[i].at = c->copy + at;
	}
	return 0;
}

int dnssec_canon_set(struct dnssec_canon *c, const struct zone *z,
	const struct zone_rrset *set)
{
	u32 kept = 0;

	if (gather(c, z, set) < 0)
		return -ENOMEM;
	sort_refs(c->refs, set->count);
	for (u32 i = 0; i < set->count; i++)
		if (kept == 0 || by_octets(&c->refs[kept - 1], &c->refs[i]) != 0)
			c->refs[kept++] = c->refs[i];
	return (int)kept;
}

u64 dnssec_signed_size(const struct zone *z, const struct zone_rrset *set, u64 most)
{
	const struct zone_record *r = zone_records(z, NULL) + set->first;
	u64 each = zone_name(z, set->owner)->len + 10u,
		size = RRSIG_FIXED + NAME_WIRE_MAX;
	u32 len;

	for (u32 i = 0; i < set->count && size <= most; i++) {
		zone_rdata(z, &r[i], &len);
		size += each + len;
	}
	return size;
}

static u8 *put16(u8 *to, u32 v)
{
	to[0] = (u8)(v >> 8);
	to[1] = (u8)v;
	return to + 2;
}

/* The owner as it was signed: of a wildcard's expansion the wildcard (RFC 4035, 5.3.2).
 * */
static u32 signed_owner(const struct zone_name *n, unsigned labels, u8 *to)
{
	u8 at[NAME_LABELS_MAX];
	int own = name_labels(n->wire, n->len, at);
	unsigned skip;

	must(own >= 0);
	if ((unsigned)own <= labels) {
		memcpy(to, n->wire, n->len);
		return n->len;
	}
	skip = labels ? at[(unsigned)own - labels] : n->len - 1u;
	if (n->wire[0] == 1 && n->wire[1] == '*' && skip == 2) {
		memcpy(to, n->wire, n->len);
		return n->len;
	}
	to[0] = 1;
	to[1] = '*';
	memcpy(to + 2, n->wire + skip, n->len - skip);
	return 2 + n->len - skip;
}

i64 dnssec_signed(struct dnssec_canon *c, const struct zone *z,
	const struct zone_rrset *set,
		  const u8 *rrsig, u8 *to)
{
	u8 owner[NAME_WIRE_MAX + 2], *const begun = to;
	u32 signer = 0, owner_len;
	int n = dnssec_canon_set(c, z, set);

	if (n < 0)
		return n;
	while (rrsig[RRSIG_FIXED + signer])
		signer += 1u + rrsig[RRSIG_FIXED + signer];
	signer++;
	memcpy(to, rrsig, RRSIG_FIXED);
	name_lower(to + RRSIG_FIXED, rrsig + RRSIG_FIXED, signer);
	to += RRSIG_FIXED + signer;
	owner_len = signed_owner(zone_name(z, set->owner), rrsig[3], owner);
	for (int i = 0; i < n; i++) {
		memcpy(to, owner, owner_len);
		to = put16(to + owner_len, set->type);
		to = put16(to, CLASS_IN);
		memcpy(to, rrsig + 4, 4);	/* the original TTL */
		to = put16(to + 4, c->refs[i].len);
		memcpy(to, c->refs[i].at, c->refs[i].len);
		to += c->refs[i].len;
	}
	return to - begun;
}
