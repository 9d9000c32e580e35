/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_key.c - the DNSKEY records of the apex: what they are, whether they may sign,
 * and after the signatures, which of them did.
 *
 *   | flags: ... ZONE ... REVOKE ... SEP | protocol 3 | algorithm | public key |
 *
 * Which algorithms: RFC 8624, 3.1 as RFC 9905 changed it (SHA-1 MUST NOT sign). Keys are
 * sorted by algorithm and tag, so that a signature finds all keys that might have made
 * it.
 *
 * Cost: a walk over all RRSIG records, to know how often each key is used. Limits:
 * `keys`. */
#include "base/rd.h"
#include "verify/dnssec.h"

#define KEY_FIXED 4u	/* flags, protocol, algorithm (RFC 4034, 2.1) */

struct finding *dnssec_key_begin(struct dnssec *d, unsigned row,
	const struct dnssec_key *k)
{
	char text[DNSSEC_KEY_TEXT];
	struct finding *f = audit_begin_other(d->a, row, "key", dnssec_key_text(d, k,
		text));

	if (f)
		finding_value(f, "line", zone_line(d->z, &d->records[k->record]), "",
			      "of the DNSKEY record");
	return f;
}

#define LARGE_TABLES 4	/* keys that may have one of 5.8 MB (dns/sig.h) */

#define SAY(d, row, k, ...)                                                    \
	do {                                                                   \
		struct finding *f_ = dnssec_key_begin(d, row, k);              \
		if (f_)                                                        \
			audit_end((d)->a, f_, __VA_ARGS__);                    \
	} while (0)

static int by_tag(const void *a, const void *b)
{
	const struct dnssec_key *x = a, *y = b;

	if (x->algorithm != y->algorithm)
		return x->algorithm < y->algorithm ? -1 : 1;
	if (x->tag != y->tag)
		return x->tag < y->tag ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

struct dnssec_key *dnssec_keys_find(const struct dnssec *d, u8 algorithm, u16 tag, u32 *n)
{
	const u32 want = (u32)algorithm << 16 | tag;
	u32 low = 0, high = d->key_count;

	while (low < high) {
		u32 mid = (low + high) / 2;
		const struct dnssec_key *k = &d->keys[mid];

		if (((u32)k->algorithm << 16 | k->tag) < want)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < d->key_count && d->keys[low + *n].tag == tag &&
	     d->keys[low + *n].algorithm == algorithm;)
		(*n)++;
	return d->keys + low;
}

/* How often each key is named, so that tables are made where they pay. */
static void count_uses(struct dnssec *d)
{
	u32 len, n;

	for (u32 i = 0; i < d->record_count; i++) {
		const u8 *rdata;
		struct dnssec_key *k;

		if (d->records[i].type != TYPE_RRSIG)
			continue;
		rdata = zone_rdata(d->z, &d->records[i], &len);
		if (len < 18)
			continue;
		k = dnssec_keys_find(d, rdata[2], be16(rdata + 16), &n);
		while (n > 0)
			k[--n].uses++;
	}
}

/* ---- one key ---- */

static void check_flags(struct dnssec *d, const struct dnssec_key *k)
{
	if (k->len < KEY_FIXED + 1) {
		SAY(d, DNSSEC_KEY_MALFORMED, k, N_("This DNSKEY record of %u octets "
			"holds no key."), k->len);
		return;
	}
	if (k->rdata[2] != 3)
		SAY(d, DNSSEC_KEY_PROTOCOL, k, N_("This DNSKEY has the protocol %u "
		    "instead of 3, so no validator uses it."), k->rdata[2]);
	if (!(k->flags & KEY_ZONE))
		SAY(d, DNSSEC_KEY_NOT_ZONE, k, N_("This DNSKEY has no ZONE flag, so what "
		    "it signs does not count."));
	if (k->flags & ~(KEY_ZONE | KEY_REVOKED | KEY_SEP))
		SAY(d, DNSSEC_KEY_FLAGS, k, N_("The flags %u of this DNSKEY hold bits "
		    "that mean nothing (0x%04x)."), k->flags,
		    k->flags & ~(KEY_ZONE | KEY_REVOKED | KEY_SEP));
	if (k->flags & KEY_REVOKED)
		SAY(d, DNSSEC_KEY_REVOKED, k, N_("This DNSKEY is revoked: who follows "
		    "RFC 5011 no longer trusts it."));
}

static void check_algorithm(struct dnssec *d, const struct dnssec_key *k)
{
	char text[DNSSEC_ALGORITHM_TEXT];

	dnssec_algorithm_text(k->algorithm, text);
	switch (k->algorithm) {
	case SIG_RSASHA256: case SIG_ECDSA_P256: case SIG_ECDSA_P384: case SIG_ED25519:
	case SIG_ED448:
		return;
	case SIG_RSAMD5: case SIG_DSA: case SIG_DSA_NSEC3: case SIG_GOST:
		SAY(d, DNSSEC_ALGORITHM_FORBIDDEN, k, N_("Algorithm %s must not be used "
		    "to sign; validators treat a zone that has nothing else as "
		    "unsigned."),
		    text);
		return;
	case SIG_RSASHA1: case SIG_RSASHA1_NSEC3:
		SAY(d, DNSSEC_ALGORITHM_WEAK, k, N_("Algorithm %s signs with SHA-1, "
		    "which is broken; more and more validators treat the zone as "
		    "unsigned."),
		    text);
		return;
	case SIG_RSASHA512:
		SAY(d, DNSSEC_ALGORITHM_DISCOURAGED, k, N_("Algorithm %s is not "
		    "recommended to sign with: it is larger than ECDSA and no safer "
		    "than RSASHA256."), text);
		return;
	default:
		SAY(d, DNSSEC_ALGORITHM_UNKNOWN, k, N_("Algorithm %s is not one that "
		    "validators in general know, so the key proves nothing to them."),
		    text);
	}
}

static void check_size(struct dnssec *d, const struct dnssec_key *k)
{
	struct sig_shape s;
	struct finding *f;

	if (sig_shape(k->rdata, k->len, &s) < 0 || s.exponent_bits == 0)
		return;
	if (s.bits > SIG_RSA_BITS_MAX) {
		SAY(d, DNSSEC_KEY_LARGE, k, N_("This RSA key has %u bits; more than %u "
		    "are not allowed, and validators do not use it."), s.bits,
		    SIG_RSA_BITS_MAX);
		return;
	}
	if (s.bits >= d->conf->rsa_bits)
		return;
	f = dnssec_key_begin(d, s.bits < 1024 ? DNSSEC_KEY_SMALL : DNSSEC_KEY_SHORT, k);
	if (f == NULL)
		return;
	finding_least(f, "bits", s.bits, (double)d->conf->rsa_bits, "of the RSA modulus");
	if (s.bits < 1024)
		audit_end(d->a, f, "This RSA key has only %u bits: others can compute "
			  "its private key and sign what they like.", s.bits);
	else
		audit_end(d->a, f, "This RSA key has %u bits; %u are what is asked of "
		"keys today.",
			  s.bits, (unsigned)d->conf->rsa_bits);
}

/* Opens a key, also a revoked one: its own signature makes the revocation good. */
static int open_key(struct dnssec *d, struct dnssec_key *k)
{
	const bool zone_key = k->len > KEY_FIXED && k->flags & KEY_ZONE &&
		k->rdata[2] == 3;
	u64 uses = k->uses;
	int rc;

	check_flags(d, k);
	if (k->len <= KEY_FIXED || k->rdata[2] != 3)
		return 0;
	check_algorithm(d, k);
	check_size(d, k);
	if (k - d->keys >= LARGE_TABLES)
		uses = min_u64(uses, SIG_USES_FEW);
	rc = sig_key_open(&k->sig, k->rdata, k->len, uses);
	if (rc == -ENOMEM)
		return rc;
	if (rc == OOPS_FORMAT)
		SAY(d, DNSSEC_KEY_MALFORMED, k, N_("This DNSKEY holds no key of its "
		    "algorithm: nothing can be checked with it."));
	if (!zone_key || k->flags & KEY_REVOKED)
		return 0;
	k->usable = rc == 0;
	k->unchecked = rc == OOPS_UNKNOWN;
	if (rc == 0 || rc == OOPS_UNKNOWN)
		d->algorithms[k->algorithm >> 3] |= (u8)(1 << (k->algorithm & 7));
	return 0;
}

/* ---- all keys ---- */

static void check_neighbours(struct dnssec *d)
{
	for (u32 i = 1; i < d->key_count; i++) {
		const struct dnssec_key *a = &d->keys[i - 1], *b = &d->keys[i];

		if (a->algorithm == b->algorithm && a->tag == b->tag)
			SAY(d, DNSSEC_TAG_COLLISION, b, N_("Two keys have the tag %u and "
			    "the same algorithm (lines %u and %u): validators must try "
			    "both for each signature."),
			    a->tag, zone_line(d->z, &d->records[a->record]),
			    zone_line(d->z, &d->records[b->record]));
	}
	for (u32 i = 1; i < d->key_count; i++)
		for (u32 j = 0; j < i; j++) {
			const struct dnssec_key *a = &d->keys[j], *b = &d->keys[i];

			if (a->algorithm != b->algorithm || a->len != b->len ||
			    a->len <= KEY_FIXED ||
			    memcmp(a->rdata + KEY_FIXED, b->rdata + KEY_FIXED,
			    a->len - KEY_FIXED))
				continue;
			SAY(d, DNSSEC_KEY_TWICE, b, N_("The same key is published twice "
			    "with other flags (%u and %u, lines %u and %u)."), a->flags,
			    b->flags,
			    zone_line(d->z, &d->records[a->record]),
			    zone_line(d->z, &d->records[b->record]));
			break;
		}
}

static void check_roles(struct dnssec *d)
{
	bool zone_key = false, sep = false;
	struct finding *f;

	for (u32 i = 0; i < d->key_count; i++) {
		bool good = d->keys[i].usable || d->keys[i].unchecked;

		zone_key |= good;
		sep |= good && d->keys[i].flags & KEY_SEP;
	}
	if (!zone_key && (f = audit_begin(d->a, DNSSEC_NO_ZONE_KEY, d->apex,
					  &d->records[d->keys[0].record])))
		audit_end(d->a, f, "None of the %u DNSKEY records can be used to check "
			  "a signature: validators refuse the zone.", d->key_count);
	if (zone_key && !sep && (f = audit_begin(d->a, DNSSEC_NO_SEP, d->apex,
						 &d->records[d->keys[0].record])))
		audit_end(d->a, f, "No DNSKEY has the SEP flag, so tools cannot tell "
			  "which one the DS record should be made of.");
}

static int read_keys(struct dnssec *d, const struct zone_rrset *set)
{
	u32 count = 0, most = (u32)min_u64(set->count, d->conf->keys), different = 0;

	if ((d->keys = calloc(most, sizeof *d->keys)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < set->count; i++) {
		const struct zone_record *r = &d->records[set->first + i];
		struct dnssec_key *k = &d->keys[count];

		if (r->mark & ZONE_REPEAT || ++different > most)
			continue;
		k->rdata = zone_rdata(d->z, r, &k->len);
		k->record = set->first + i;
		if (k->len >= KEY_FIXED) {
			k->flags = be16(k->rdata);
			k->algorithm = k->rdata[3];
			k->tag = sig_key_tag(k->rdata, k->len);
		}
		count++;
	}
	d->key_count = count;
	if (different > most)
		dnssec_limit(d, 0, NC_("phrase", "keys"), different, (double)most,
			     N_("the other DNSKEY records, and what they sign, were not looked "
				"at"));
	return 0;
}

int dnssec_keys(struct dnssec *d)
{
	struct zone_rrset set;
	int rc;

	if (!zone_rrset(d->z, d->apex, TYPE_DNSKEY, &set))
		return 0;
	if ((rc = read_keys(d, &set)) < 0)
		return rc;
	qsort(d->keys, d->key_count, sizeof *d->keys, by_tag);
	count_uses(d);
	for (u32 i = 0; i < d->key_count; i++)
		if ((rc = open_key(d, &d->keys[i])) < 0)
			return rc;
	check_neighbours(d);
	check_roles(d);
	return dnssec_weak(d);
}

void dnssec_keys_used(struct dnssec *d)
{
	for (u32 i = 0; d->count[TYPE_RRSIG] && i < d->key_count; i++) {
		const struct dnssec_key *k = &d->keys[i];

		if (k->flags & KEY_REVOKED && k->sig) {
			if (!k->signs_keys)
				SAY(d, DNSSEC_REVOKED_SILENT, k, N_("This key is revoked "
				    "and does not sign the DNSKEY set itself, so nobody "
				    "will believe the revocation."));
			continue;
		}
		if (k->usable && k->uses == 0)
			SAY(d, DNSSEC_KEY_UNUSED, k, N_("No signature of the zone is by "
			"this key."));
	}
}

void dnssec_keys_free(struct dnssec *d)
{
	for (u32 i = 0; i < d->key_count; i++)
		sig_key_free(d->keys[i].sig);
	free(d->keys);
	d->keys = NULL;
	d->key_count = 0;
}
