/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_cds.c - CDS and CDNSKEY: what the zone asks its parent to do (RFC 7344,
 * 8078).
 *
 *   CDS      tag algorithm digest-type digest     becomes the DS
 *   CDNSKEY  flags protocol algorithm key         the parent makes the DS
 *   "0 0 0 00" and "0 3 0 AA=="                   take the DS away
 *
 * A parent that follows a wrong one breaks the zone, so they must agree with each other
 * and with the DNSKEY set, must be signed by a key that signs that set (RFC 7344, 4.1),
 * and must name one that does. */
#include "base/rd.h"
#include "verify/dnssec.h"

const char *dnssec_digest_text(u8 type, char to[24])
{
	static const char *const names[] = {
		[1] = "SHA-1", [2] = "SHA-256", [3] = "GOST R 34.11-94", [4] = "SHA-384",
		[5] = "GOST R 34.11-2012", [6] = "SM3",
	};

	if (type < COUNT(names) && names[type])
		snprintf(to, 24, "%s", names[type]);
	else
		snprintf(to, 24, N_("digest type %u"), type);
	return to;
}

struct wish {		/* the CDS or the CDNSKEY set */
	struct dnssec *d;
	struct zone_rrset set;
	bool there, cds;
	/* delete forms; others; of them by a key that signs */
	u32 removes, keeps, breaks;
};

static const char *word(const struct wish *w)
{
	return w->cds ? "CDS" : "CDNSKEY";
}

static bool is_delete(const struct wish *w, const u8 *p, u32 len)
{
	static const u8 cds[] = { 0, 0, 0, 0, 0 }, cdnskey[] = { 0, 0, 3, 0, 0 };

	return len == 5 && memcmp(p, w->cds ? cds : cdnskey, 5) == 0;
}

/* Does a CDS stand for this DNSKEY? */
static bool cds_matches(const struct dnssec *d, const u8 *p, u32 len, const u8 *key,
	u32 key_len)
{
	u8 digest[64];
	int n;

	if (len < 5 || key_len < 4 || be16(p) != sig_key_tag(key, key_len) ||
		p[2] != key[3])
		return false;
	n = sig_ds_digest(p[3], d->apex_name->wire, d->apex_name->len, key, key_len,
		digest);
	if (n == OOPS_UNKNOWN)
		return true;	/* tag and algorithm are all that can be compared */
	return n == (int)(len - 4) && memcmp(digest, p + 4, (u32)n) == 0;
}

static const struct dnssec_key *key_of(const struct wish *w, const u8 *p, u32 len)
{
	const struct dnssec *d = w->d;

	for (u32 i = 0; i < d->key_count; i++) {
		const struct dnssec_key *k = &d->keys[i];

		if (w->cds ? cds_matches(d, p, len, k->rdata, k->len) :
		    k->len == len && memcmp(k->rdata, p, len) == 0)
			return k;
	}
	return NULL;
}

#define SAY(w, row, r, ...)                                                    \
	do {                                                                   \
		struct finding *f_ = audit_begin((w)->d->a, row, (w)->d->apex, r); \
		if (f_)                                                        \
			audit_end((w)->d->a, f_, __VA_ARGS__);                 \
	} while (0)

static void take_record(struct wish *w, const struct zone_record *r)
{
	const struct dnssec_key *k;
	char text[24];
	u32 len;
	const u8 *p = zone_rdata(w->d->z, r, &len);

	if (is_delete(w, p, len)) {
		w->removes++;
		return;
	}
	if (len < 5 || p[w->cds ? 2 : 3] == 0) {
		SAY(w, DNSSEC_CDS_MALFORMED, r, N_("A %s record is neither a key nor the "
		    "form that takes the DS away; parents ignore the set."), word(w));
		return;
	}
	w->keeps++;
	if (w->cds && p[3] != 2 && p[3] != 4)
		SAY(w, DNSSEC_CDS_DIGEST, r, N_("A CDS record asks for a DS with %s, "
		    "which must not be used or which validators do not know."),
		    dnssec_digest_text(p[3], text));
	if ((k = key_of(w, p, len)) == NULL)
		SAY(w, DNSSEC_CDS_NO_KEY, r, N_("A %s record (tag %u) stands for no "
		"DNSKEY of the zone."),
		    word(w), w->cds ? be16(p) : sig_key_tag(p, len));
	else
		w->breaks += k->signs_keys && !(k->flags & KEY_REVOKED);
}

/* Is one key the signer of this set and of the DNSKEY set? */
static bool well_signed(const struct wish *w)
{
	for (u32 i = 0; i < w->d->key_count; i++) {
		const struct dnssec_key *k = &w->d->keys[i];

		if (k->signs_keys && (w->cds ? k->signs_cds : k->signs_cdnskey))
			return true;
	}
	return false;
}

static void take_set(struct wish *w, u16 type)
{
	const struct zone_record *r;

	w->cds = type == TYPE_CDS;
	w->there = zone_rrset(w->d->z, w->d->apex, type, &w->set);
	if (!w->there)
		return;
	r = &w->d->records[w->set.first];
	for (u32 i = 0; i < w->set.count && i < DNSSEC_CDS_MAX; i++)
		if (!(r[i].mark & ZONE_REPEAT))
			take_record(w, &r[i]);
	if (w->set.count > DNSSEC_CDS_MAX)
		dnssec_limit(w->d, 0, w->cds ? N_("CDS records") : N_("CDNSKEY records"),
		w->set.count,
			     DNSSEC_CDS_MAX, N_("the others were not looked at"));
	if (w->removes && w->keeps)
		SAY(w, DNSSEC_CDS_MIXED, r, N_("The %s set asks to take the DS away and "
		    "to set it; parents ignore it."), word(w));
	else if (w->removes)
		SAY(w, DNSSEC_CDS_DELETE, r, N_("The %s record asks the parent to take "
		    "the DS away: the zone will be insecure."), word(w));
	if (!well_signed(w))
		SAY(w, DNSSEC_CDS_UNSIGNED, r, N_("The %s set has no good signature by a "
		    "key that signs the DNSKEY set; parents ignore it."), word(w));
	if (w->keeps && !w->removes && w->breaks == 0)
		SAY(w, DNSSEC_CDS_BREAKS, r, N_("No key that the %s set names signs the "
		    "DNSKEY set: a parent that follows it makes the zone "
		    "fail."), word(w));
}

/* Has each CDNSKEY a CDS, and each CDS a CDNSKEY (RFC 7344, 4)? */
static bool agree(const struct wish *c, const struct wish *k)
{
	const struct zone *z = c->d->z;
	const struct zone_record *cr = &c->d->records[c->set.first];
	const struct zone_record *kr = &c->d->records[k->set.first];
	u32 cn = (u32)min_u64(c->set.count, DNSSEC_CDS_MAX), clen, klen;
	u32 kn = (u32)min_u64(k->set.count, DNSSEC_CDS_MAX);
	u64 matched = 0;

	for (u32 i = 0; i < cn; i++) {
		const u8 *cp = zone_rdata(z, &cr[i], &clen);
		bool found = false;

		for (u32 j = 0; j < kn; j++) {
			const u8 *kp = zone_rdata(z, &kr[j], &klen);

			if (is_delete(c, cp, clen) ? is_delete(k, kp, klen) :
			    cds_matches(c->d, cp, clen, kp, klen)) {
				matched |= 1ull << j;
				found = true;
			}
		}
		if (!found)
			return false;
	}
	return matched == (kn == 64 ? UINT64_MAX : (1ull << kn) - 1);
}

void dnssec_cds(struct dnssec *d)
{
	struct wish cds = { .d = d }, cdnskey = { .d = d };

	take_set(&cds, TYPE_CDS);
	take_set(&cdnskey, TYPE_CDNSKEY);
	if (cds.there && cdnskey.there && !agree(&cds, &cdnskey))
		SAY(&cds, DNSSEC_CDS_MISMATCH, &d->records[cds.set.first],
		    N_("The CDS and CDNSKEY sets do not stand for the same keys; parents "
		    "ignore both."));
}
