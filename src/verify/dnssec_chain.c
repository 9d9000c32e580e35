/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_chain.c - the NSEC3 records of a zone as chains, and looking up hashes in them.
 *
 *   chain: hash 1, iterations 0, salt -
 *     prefix   | 0b3c... | 14d0... | 97ee... |    first 8 octets, ascending
 *     records  |       7 |      12 |       9 |    places in zone_records()
 *
 * During a roll of salt or iterations a zone has several (RFC 5155, 10.4). Owners come in
 * canonical order and base32hex keeps the order of what it encodes (RFC 4648, 7), so the
 * records of a chain come sorted. Hashes are evenly spread, so a look-up begins where the
 * hash should be; in a chain that somebody made uneven it falls back to halving.
 *
 * Cost: a look-up some 100 ns; a hash what SHA-1 costs, called without EVP: fetching and
 * contexts of OpenSSL 3 cost more than hashing 20 octets. */
#define OPENSSL_SUPPRESS_DEPRECATED	/* SHA1_*: see above */
#include "base/rd.h"
#include "verify/dnssec.h"
#include <openssl/sha.h>

void dnssec_hash(const struct dnssec_chain *c, const u8 *wire, unsigned len,
	u8 to[NSEC3_HASH])
{
	SHA_CTX ctx;

	SHA1_Init(&ctx);
	SHA1_Update(&ctx, wire, len);
	SHA1_Update(&ctx, c->salt, c->salt_len);
	SHA1_Final(to, &ctx);
	for (unsigned i = 0; i < c->iterations; i++) {
		SHA1_Init(&ctx);
		SHA1_Update(&ctx, to, NSEC3_HASH);
		SHA1_Update(&ctx, c->salt, c->salt_len);
		SHA1_Final(to, &ctx);
	}
}

bool dnssec_hash_of_label(const u8 *wire, u8 to[NSEC3_HASH])
{
	if (wire[0] != NSEC3_LABEL)
		return false;
	for (unsigned i = 0; i < NSEC3_LABEL / 8; i++) {
		u64 bits = 0;

		for (unsigned j = 0; j < 8; j++) {
			u8 c = wire[1 + i * 8 + j];

			if (c >= '0' && c <= '9')
				bits = bits << 5 | (c - '0');
			else if (c >= 'a' && c <= 'v')
				bits = bits << 5 | (c - 'a' + 10u);
			else
				return false;
		}
		for (unsigned j = 0; j < 5; j++)
			to[i * 5 + j] = (u8)(bits >> (32 - 8 * j));
	}
	return true;
}

bool dnssec_nsec3_read(struct dnssec_nsec3 *ret, const u8 *rdata, u32 len)
{
	struct rd r = rd_of(rdata, len);

	ret->hash = rd_u8(&r);
	ret->flags = rd_u8(&r);
	ret->iterations = rd_u16(&r);
	ret->salt_len = rd_u8(&r);
	ret->salt = rd_take(&r, ret->salt_len);
	ret->next_len = rd_u8(&r);
	ret->next = rd_take(&r, ret->next_len);
	ret->bitmap_len = (u32)rd_left(&r);
	ret->bitmap = rd_take(&r, ret->bitmap_len);
	return !r.bad;
}

static const u8 *owner_wire(const struct dnssec *d, const struct dnssec_chain *c, u32 at)
{
	return zone_name(d->z, d->records[c->records[at]].owner)->wire;
}

/* Below 0, 0 or above 0: the hash at a place against `hash`. */
static int compare(const struct dnssec *d, const struct dnssec_chain *c, u32 at,
	u64 prefix,
		   const u8 *hash)
{
	u8 own[NSEC3_HASH];

	if (c->prefix[at] != prefix)
		return c->prefix[at] < prefix ? -1 : 1;
	must(dnssec_hash_of_label(owner_wire(d, c, at), own));
	return memcmp(own, hash, NSEC3_HASH);
}

u32 dnssec_chain_find(const struct dnssec *d, const struct dnssec_chain *c,
		      const u8 hash[NSEC3_HASH], bool *exact)
{
	const u64 prefix = be64(hash);
	u32 low = 0, high = c->count, step = 8;
	u32 at = (u32)((unsigned __int128)prefix * c->count >> 64);

	/* [low, high) around where it should be, wider until it is inside */
	while (at > low && compare(d, c, at, prefix, hash) > 0) {
		high = at;
		at = at > step ? at - step : 0;
		step *= 2;
	}
	low = at;
	for (at = low + step; at < high && compare(d, c, at, prefix, hash) <= 0;
		at += step) {
		low = at;
		step *= 2;
	}
	high = (u32)min_u64(high, at);
	while (high - low > 1) {
		u32 mid = low + (high - low) / 2;

		if (compare(d, c, mid, prefix, hash) <= 0)
			low = mid;
		else
			high = mid;
	}
	*exact = compare(d, c, low, prefix, hash) == 0;
	/* before the first one lies the last one's span */
	return !*exact && low == 0 && compare(d, c, 0, prefix, hash) > 0 ? c->count - 1 :
		low;
}

/* ---- reading ---- */

static struct dnssec_chain *chain_of(struct dnssec_chains *all,
	const struct dnssec_nsec3 *n)
{
	struct dnssec_chain *c;

	for (u32 i = 0; i < all->count; i++) {
		c = &all->at[i];
		if (c->iterations == n->iterations && c->salt_len == n->salt_len &&
		    memcmp(c->salt, n->salt, n->salt_len) == 0)
			return c;
	}
	if (all->count == DNSSEC_CHAINS_MAX)
		return NULL;
	c = &all->at[all->count++];
	c->hash = n->hash;
	c->iterations = n->iterations;
	c->salt_len = n->salt_len;
	memcpy(c->salt, n->salt, n->salt_len);
	return c;
}

static void malformed(struct dnssec *d, const struct zone_record *r, const char *why)
{
	struct finding *f = audit_begin_set(d->a, DNSSEC_NSEC3_MALFORMED, r->owner, r);

	if (f)
		audit_end(d->a, f, "An NSEC3 record stands here that nobody can use: "
		"%s.", why);
}

/* The owner is one label of 32 base32hex digits below the apex (RFC 5155, 3). */
static bool good_owner(const struct dnssec *d, u32 owner, u8 hash[NSEC3_HASH])
{
	const struct zone_name *n = zone_name(d->z, owner);

	return n->flags & ZONE_INSIDE && n->len == d->apex_name->len + NSEC3_LABEL + 1 &&
	       dnssec_hash_of_label(n->wire, hash);
}

static int take(struct dnssec *d, struct dnssec_chains *all, u32 record)
{
	const struct zone_record *r = &d->records[record];
	struct dnssec_nsec3 n;
	struct dnssec_chain *c;
	u8 hash[NSEC3_HASH];
	struct finding *f;
	u32 len;
	const u8 *rdata = zone_rdata(d->z, r, &len);

	dnssec_denial_ttl(d, record);
	if (!dnssec_nsec3_read(&n, rdata, len) || n.next_len == 0) {
		malformed(d, r, N_("its fields do not fit together"));
		return 0;
	}
	if (n.hash != 1) {
		if ((f = audit_begin_set(d->a, DNSSEC_NSEC3_HASH, r->owner, r)))
			audit_end(d->a, f, "This NSEC3 record uses the hash algorithm "
				  "%u; there is only 1 (SHA-1), and validators ignore "
				  "the record.", n.hash);
		return 0;
	}
	if (n.next_len != NSEC3_HASH || !good_owner(d, r->owner, hash)) {
		malformed(d, r, n.next_len != NSEC3_HASH ? N_("its next hash is not 20 "
			"octets long") :
			  N_("its owner is not a hash below the apex"));
		return 0;
	}
	if (n.flags & ~NSEC3_OPTOUT && (f = audit_begin_set(d->a, DNSSEC_NSEC3_FLAGS, r->owner,
		r)))
		audit_end(d->a, f, "The flags of this NSEC3 record are %u; validators "
			  "ignore records with flags that they do not know.", n.flags);
	if ((c = chain_of(all, &n)) == NULL) {
		all->ignored++;
		return 0;
	}
	if (dnssec_room(&c->records, &c->records_room, c->count + 1ull, 4) < 0 ||
	    dnssec_room(&c->prefix, &c->prefix_room, c->count + 1ull, 8) < 0)
		return -ENOMEM;
	c->prefix[c->count] = be64(hash);
	c->records[c->count++] = record;
	return 0;
}

int dnssec_chains_read(struct dnssec *d, struct dnssec_chains *all)
{
	int rc;

	for (u32 i = 0; i < d->record_count; i++) {
		const struct zone_record *r = &d->records[i];

		if (r->type == TYPE_NSEC3 && !(r->mark & ZONE_REPEAT) &&
		    zone_name(d->z, r->owner)->flags & ZONE_INSIDE &&
		    (rc = take(d, all, i)) < 0)
			return rc;
	}
	if (all->ignored)
		dnssec_limit(d, 0, NC_("phrase", "NSEC3 chains"), (double)all->count + 1,
		DNSSEC_CHAINS_MAX,
			     N_("NSEC3 records with further iterations or salts were not "
			     "looked at"));
	return 0;
}

void dnssec_chains_free(struct dnssec_chains *all)
{
	for (u32 i = 0; i < all->count; i++) {
		free(all->at[i].records);
		free(all->at[i].prefix);
	}
}

void dnssec_chain_links(struct dnssec *d, const struct dnssec_chain *c)
{
	for (u32 i = 0; i < c->count; i++) {
		const struct zone_record *r = &d->records[c->records[i]];
		u32 after = i + 1 < c->count ? i + 1 : 0, len;
		const u8 *rdata = zone_rdata(d->z, r, &len);
		struct dnssec_nsec3 n;
		u8 next[NSEC3_HASH];
		struct finding *f;

		must(dnssec_nsec3_read(&n, rdata, len));
		must(dnssec_hash_of_label(owner_wire(d, c, after), next));
		if (after && d->records[c->records[after]].owner == r->owner) {
			if ((f = audit_begin_set(d->a, DNSSEC_NSEC3_TWICE, r->owner, r)))
				audit_end(d->a, f, "Two different NSEC3 records of one "
					  "chain stand here; one of them is wrong.");
			continue;
		}
		if (memcmp(n.next, next, NSEC3_HASH) &&
		    (f = audit_begin_set(d->a, DNSSEC_NSEC3_NEXT, r->owner, r)))
			audit_end(d->a, f, "This NSEC3 record does not point at the "
				  "next one (%.32s): validators deny what lies between, "
				  "or cannot.",
				  (const char *)owner_wire(d, c, after) + 1);
	}
}
