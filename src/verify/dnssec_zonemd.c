/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_zonemd.c - the digest of the whole zone (RFC 8976).
 *
 *   ZONEMD: serial | scheme 1 (SIMPLE) | hash 1 (SHA-384) or 2 (SHA-512) | digest
 *   digest over all records in canonical order, with their own TTLs: glue, too, and what
 *   is hidden below cuts; without records outside the zone, repeats, the apex's ZONEMD
 *   records and the signatures over them
 *
 * Cost: one walk, however many digests. A set is sorted in scratch that grows to the
 * largest set, which the zone already holds. */
#include "base/buf.h"
#include "base/rd.h"
#include "verify/dnssec.h"
#include "zone/read.h"
#include <openssl/evp.h>

#define SCHEME_SIMPLE 1u
#define DIGEST_MIN 12u		/* RFC 8976, 2.2.4 */
#define CHUNK 65536u

static const struct hash { const char *name; u32 len; } hashes[] = {
	[1] = { "SHA-384", 48 }, [2] = { "SHA-512", 64 },
};

struct claim {		/* a ZONEMD record of the apex */
	const struct zone_record *r;
	const u8 *digest;
	u32 serial, len;
	u8 scheme, hash;
};

struct sum {
	struct dnssec *d;
	struct dnssec_canon canon;
	struct buf out;
	EVP_MD_CTX *ctx[COUNT(hashes)];	/* NULL: nobody asks for it */
	bool failed;
	u64 mixed;		/* sets with several TTLs */
	u32 mixed_first;
};

/* ---- the digest ---- */

static void flush(struct sum *s)
{
	for (unsigned i = 1; i < COUNT(hashes); i++)
		if (s->ctx[i] && !EVP_DigestUpdate(s->ctx[i], buf_str(&s->out),
		s->out.len))
			s->failed = true;
	s->failed |= buf_error(&s->out) != 0;
	s->out.len = 0;
}

/* RFC 8976, 3.4.1: records that are not part of it. */
static bool excluded(const struct dnssec *d, const struct zone_rrset *set,
		     const struct dnssec_ref *r)
{
	return set->owner == d->apex && set->type == TYPE_RRSIG && r->len >= 2 &&
	       be16(r->at) == TYPE_ZONEMD;
}

static void add_set(struct sum *s, const struct zone_rrset *set)
{
	struct dnssec *d = s->d;
	const struct zone_name *n = zone_name(d->z, set->owner);
	int count = dnssec_canon_set(&s->canon, d->z, set);
	bool mixed = false;

	s->failed |= count < 0;
	for (int i = 0; i < count; i++) {
		const struct dnssec_ref *r = &s->canon.refs[i];

		mixed |= r->ttl != s->canon.refs[0].ttl && set->type != TYPE_RRSIG;
		if (excluded(d, set, r))
			continue;
		buf_add(&s->out, n->wire, n->len);
		buf_u16(&s->out, set->type);
		buf_u16(&s->out, CLASS_IN);
		buf_u32(&s->out, r->ttl);
		buf_u16(&s->out, (u16)r->len);
		buf_add(&s->out, r->at, r->len);
		if (s->out.len > CHUNK)
			flush(s);
	}
	if (mixed && s->mixed++ == 0)
		s->mixed_first = set->first;
}

static void add_zone(struct sum *s)
{
	struct dnssec *d = s->d;
	struct rank_walk walk = zone_owners_from(d->z, 0);
	struct zone_rrset set;

	for (u32 i = 0; i < d->owner_count && !s->failed; i++) {
		u32 owner = zone_owners_next(d->z, &walk);
		const struct zone_name *n = zone_name(d->z, owner);

		if (!(n->flags & ZONE_INSIDE))
			continue;
		for (u32 r = n->first; d->records[r].owner == owner; r += set.count) {
			set = zone_rrset_at(d->z, r);
			if (owner != d->apex || set.type != TYPE_ZONEMD)
				add_set(s, &set);
		}
	}
	flush(s);
}

/* ---- the claims ---- */

static bool known(const struct claim *c)
{
	return c->scheme == SCHEME_SIMPLE && c->hash < COUNT(hashes) &&
		hashes[c->hash].name;
}

static const char *claim_text(const struct claim *c, char to[64])
{
	if (known(c))
		snprintf(to, 64, N_("scheme SIMPLE, %s"), hashes[c->hash].name);
	else
		snprintf(to, 64, N_("scheme %u, hash %u"), c->scheme, c->hash);
	return to;
}

/* Can it be compared? Says what keeps it from that. */
static bool usable(struct dnssec *d, const struct claim *c)
{
	char text[64];
	struct finding *f;
	bool good = true;

	claim_text(c, text);
	if (c->len < DIGEST_MIN || (known(c) && c->len != hashes[c->hash].len)) {
		good = false;
		if ((f = audit_begin(d->a, DNSSEC_ZONEMD_LENGTH, d->apex, c->r)))
			audit_end(d->a, f, "A ZONEMD record (%s) has a digest of %u "
				  "octets, which is not the length of its hash.", text,
				  c->len);
	}
	if (d->soa && c->serial != d->soa_serial) {
		good = false;
		if ((f = audit_begin(d->a, DNSSEC_ZONEMD_SERIAL, d->apex, c->r)))
			audit_end(d->a, f, "A ZONEMD record (%s) is for the serial %u, "
			"the zone has %u.",
				  text, c->serial, d->soa_serial);
	}
	return good && known(c) && d->soa;
}

static bool repeated(struct dnssec *d, const struct claim *c, const struct claim *all,
	u32 n)
{
	char text[64];
	u32 same = 0;
	struct finding *f;

	for (u32 i = 0; i < n; i++)
		same += all[i].scheme == c->scheme && all[i].hash == c->hash;
	if (same < 2)
		return false;
	if ((f = audit_begin(d->a, DNSSEC_ZONEMD_REPEATED, d->apex, c->r)))
		audit_end(d->a, f, "%u ZONEMD records have one scheme and hash (%s); "
			  "none of them may be used.", same, claim_text(c, text));
	return true;
}

/* Lines that are missing from what was read. */
static u64 unread(const struct dnssec *d)
{
	static const u8 kinds[] = { ZONE_BAD_LINE, ZONE_BAD_CLASS, ZONE_BAD_INCLUDE,
		ZONE_CUT_SHORT,
		ZONE_FULL, ZONE_BROKEN };
	u64 n = 0;

	for (unsigned i = 0; d->in->trouble_cases && i < COUNT(kinds); i++)
		n += d->in->trouble_cases[kinds[i]];
	return n;
}

static void say_wrong(struct dnssec *d, const struct claim *c)
{
	struct finding *f = audit_begin(d->a, DNSSEC_ZONEMD_WRONG, d->apex, c->r);
	char text[64];

	if (f == NULL)
		return;
	claim_text(c, text);
	if (unread(d))
		audit_end(d->a, f, "The zone as far as it could be read (%llu lines "
			  "could not) is not what its ZONEMD record (%s) says.",
			  (unsigned long long)unread(d), text);
	else
		audit_end(d->a, f, "The zone is not what its ZONEMD record (%s) says: "
			  "records were changed, added or lost after it was made.", text);
}

static void compare(struct sum *s, const struct claim *c)
{
	struct dnssec *d = s->d;
	u8 digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	char text[64];
	struct finding *f;

	if (copy == NULL || !EVP_MD_CTX_copy_ex(copy, s->ctx[c->hash]) ||
	    !EVP_DigestFinal_ex(copy, digest, NULL)) {
		s->failed = true;
		EVP_MD_CTX_free(copy);
		return;
	}
	EVP_MD_CTX_free(copy);
	if (memcmp(digest, c->digest, c->len))
		say_wrong(d, c);
	else if ((f = audit_begin(d->a, DNSSEC_ZONEMD_GOOD, d->apex, c->r)))
		audit_end(d->a, f, "The zone is what its ZONEMD record (%s) says.",
		claim_text(c, text));
	if (s->mixed && (f = audit_begin(d->a, DNSSEC_ZONEMD_TTLS, d->apex,
					 &d->records[s->mixed_first])))
		audit_end(d->a, f, "The ZONEMD digest was made over %llu RRsets with "
			  "several TTLs: software that gives them one TTL computes "
			  "another digest.",
			  (unsigned long long)s->mixed);
	s->mixed = 0;
}

static int read_claims(struct dnssec *d, const struct zone_rrset *set, struct claim *all,
	u32 *n)
{
	for (u32 i = 0; i < set->count; i++) {
		const struct zone_record *r = &d->records[set->first + i];
		u32 len;
		const u8 *p = zone_rdata(d->z, r, &len);

		if (r->mark & ZONE_REPEAT || len < 6)
			continue;
		all[(*n)++] = (struct claim){ .r = r, .serial = be32(p), .scheme = p[4],
			.hash = p[5], .digest = p + 6, .len = len - 6 };
	}
	return 0;
}

static bool start(struct sum *s, u8 hash)
{
	const EVP_MD *md = hash == 1 ? EVP_sha384() : EVP_sha512();

	if (s->ctx[hash])
		return true;
	s->ctx[hash] = EVP_MD_CTX_new();
	return s->ctx[hash] && EVP_DigestInit_ex(s->ctx[hash], md, NULL);
}

static void judge(struct sum *s, struct claim *all, u32 n)
{
	struct finding *f;
	u32 good = 0, strange = 0;

	for (u32 i = 0; i < n; i++) {
		bool use = usable(s->d, &all[i]) && !repeated(s->d, &all[i], all, n);

		strange += !known(&all[i]);
		if (use && !start(s, all[i].hash))
			s->failed = true;
		if (use)
			all[good++] = all[i];
	}
	if (strange == n && n && (f = audit_begin(s->d->a, DNSSEC_ZONEMD_UNSUPPORTED,
		s->d->apex,
						  all[0].r)))
		audit_end(s->d->a, f, "No ZONEMD record has a scheme and hash that are "
			  "known; the zone cannot be compared.");
	if (good && !s->failed)
		add_zone(s);
	for (u32 i = 0; i < good && !s->failed; i++)
		compare(s, &all[i]);
}

int dnssec_zonemd(struct dnssec *d)
{
	struct sum s = { .d = d };
	struct zone_rrset set;
	struct claim *all;
	u32 n = 0;

	if (!zone_rrset(d->z, d->apex, TYPE_ZONEMD, &set))
		return 0;
	if (set.count > DNSSEC_ZONEMD_MAX) {
		dnssec_limit(d, 0, NC_("phrase", "ZONEMD records"), set.count, DNSSEC_ZONEMD_MAX,
			     N_("the others were not looked at"));
		set.count = DNSSEC_ZONEMD_MAX;
	}
	if ((all = calloc(set.count, sizeof *all)) == NULL)
		return -ENOMEM;
	read_claims(d, &set, all, &n);
	judge(&s, all, n);
	for (unsigned i = 0; i < COUNT(hashes); i++)
		EVP_MD_CTX_free(s.ctx[i]);
	dnssec_canon_free(&s.canon);
	buf_free(&s.out);
	free(all);
	return s.failed ? -ENOMEM : 0;
}
