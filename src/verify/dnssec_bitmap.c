/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_bitmap.c - type bitmaps of NSEC and NSEC3 (RFC 4034, 4.1.2).
 *
 *   | window | octets | bits, the highest first | window | ...   ascending, no 0 at an end
 *
 * Cost: a bit a type; only the windows in use are touched, which is mostly the first. */
#include "dns/rrtype.h"
#include "verify/dnssec.h"

void dnssec_bits_clear(struct dnssec_bits *b)
{
	b->top = 0;
	memset(b->map[0], 0, sizeof b->map[0]);
}

void dnssec_bits_of(struct dnssec_bits *b, const struct dnssec *d, u32 owner, bool nsec3)
{
	const struct zone_name *n = zone_name(d->z, owner);
	bool some = !nsec3;

	dnssec_bits_clear(b);
	for (u32 i = n->first; d->records[i].owner == owner; i++) {
		u16 type = d->records[i].type;

		if (n->flags & ZONE_CUT && type != TYPE_NS && type != TYPE_DS &&
		    (type != TYPE_NSEC || nsec3))
			continue;
		if (type == TYPE_NSEC3 || type == TYPE_RRSIG)
			/* RFC 5155, 7.1; RRSIG: below, whether it is there or not */
			continue;
		dnssec_bits_add(b, type);
		some |= dnssec_needs_signature(n, type);
	}
	if (some)
		dnssec_bits_add(b, TYPE_RRSIG);
	if (!nsec3)
		dnssec_bits_add(b, TYPE_NSEC);
}

u32 dnssec_bits_encode(const struct dnssec_bits *b, u8 to[DNSSEC_BITMAP_MAX])
{
	u32 at = 0;

	for (unsigned w = 0; w <= b->top; w++) {
		unsigned n = 32;

		while (n > 0 && b->map[w][n - 1] == 0)
			n--;
		if (n == 0)
			continue;
		to[at++] = (u8)w;
		to[at++] = (u8)n;
		memcpy(to + at, b->map[w], n);
		at += n;
	}
	return at;
}

bool dnssec_bits_decode(struct dnssec_bits *b, const u8 *at, u32 len)
{
	int last = -1;

	dnssec_bits_clear(b);
	while (len > 0) {
		unsigned w = at[0], n = len > 1 ? at[1] : 0;

		if ((int)w <= last || n == 0 || n > 32 || len < 2 + n || at[1 + n] == 0)
			return false;
		while (b->top < w)
			memset(b->map[++b->top], 0, 32);
		memcpy(b->map[w], at + 2, n);
		last = (int)w;
		at += 2 + n;
		len -= 2 + n;
	}
	return true;
}

static u8 octet(const struct dnssec_bits *b, unsigned w, unsigned i)
{
	return w <= b->top ? b->map[w][i] : 0;
}

/* Names of the types that are in a and not in b, at most four. */
static int missing_from(const struct dnssec_bits *a, const struct dnssec_bits *b,
	char *to,
			size_t size)
{
	char type[RRTYPE_TEXT_MAX];
	int found = 0;
	size_t at = 0;

	to[0] = 0;
	for (unsigned t = 0; t <= a->top * 256 + 255; t++) {
		u8 bit = (u8)(0x80 >> (t & 7)), more = octet(a, t >> 8, (t & 255) >> 3);

		if (!(more & bit) || octet(b, t >> 8, (t & 255) >> 3) & bit)
			continue;
		if (++found > 4) {
			snprintf(to + at, size - at, N_(" and others"));
			break;
		}
		at += (size_t)snprintf(to + at, size - at, "%s%s", found > 1 ? ", " : "",
				       rrtype_text((u16)t, type));
	}
	return found;
}

char *dnssec_bits_diff(const struct dnssec_bits *is, const struct dnssec_bits *should,
		       char to[DNSSEC_BITS_TEXT])
{
	char lacks[96], more[96];
	int l = missing_from(should, is, lacks, sizeof lacks);
	int m = missing_from(is, should, more, sizeof more);

	if (l && m)
		snprintf(to, DNSSEC_BITS_TEXT, N_("it lacks %s and claims %s"),
			lacks, more);
	else if (l)
		snprintf(to, DNSSEC_BITS_TEXT, N_("it lacks %s"), lacks);
	else if (m)
		snprintf(to, DNSSEC_BITS_TEXT, N_("it claims %s"), more);
	else
		snprintf(to, DNSSEC_BITS_TEXT, N_("it is not encoded as RFC 4034, 4.1.2 "
		"has it"));
	return to;
}
