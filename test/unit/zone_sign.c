/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_sign.c - see zone_sign.h. */
#include "zone_sign.h"
#include "zone_make.h"
#include "base/rd.h"

#define KEY 0x5eedu
#define DAY 86400u

static unsigned wire_len(const u8 *wire)
{
	unsigned n = 0;

	while (wire[n])
		n += 1u + wire[n];
	return n + 1;
}

static struct made_rr *new_rr(struct made *m)
{
	if (m->count == m->room) {
		m->room = m->room ? m->room * 2 : 64;
		must((m->rr = realloc(m->rr, m->room * sizeof *m->rr)));
	}
	memset(&m->rr[m->count], 0, sizeof *m->rr);
	return &m->rr[m->count++];
}

struct made_rr *made_raw(struct made *m, const char *owner, u16 type, u32 ttl,
	const void *rdata,
			 u32 len)
{
	struct made_rr *r = new_rr(m);

	must(name_parse(owner, r->owner) > 0 && len <= sizeof r->rdata);
	name_lower(r->owner, r->owner, wire_len(r->owner));
	r->type = type;
	r->ttl = ttl;
	r->len = (u16)len;
	memcpy(r->rdata, rdata, len);
	return r;
}

/* Takes the records of a zone over. */
static void take_zone(struct made *m, const struct zone *z)
{
	u32 n, len;
	const struct zone_record *all = zone_records(z, &n);
	char name[NAME_TEXT_MAX];

	for (u32 i = 0; i < n; i++) {
		const u8 *rdata = zone_rdata(z, &all[i], &len);

		made_raw(m, zone_text(z, all[i].owner, name), all[i].type, zone_ttl(z, &all[i]),
			rdata, len);
	}
}

void made_open(struct made *m, const char *origin, const char *text)
{
	struct zone *z = zone_of(origin, text);

	*m = (struct made){ .inception = MADE_AT - DAY,
		.expiration = MADE_AT + 29 * DAY };
	snprintf(m->origin, sizeof m->origin, "%s", origin);
	take_zone(m, z);
	zone_free(z);
}

void made_free(struct made *m)
{
	free(m->rr);
	m->rr = NULL;
}

struct made_rr *made_add(struct made *m, const char *line)
{
	struct zone *z = zone_of(m->origin, line);

	take_zone(m, z);
	zone_free(z);
	return &m->rr[m->count - 1];
}

struct made_rr *made_key(struct made *m, struct signer *s, u16 flags)
{
	s->rdata[0] = (u8)(flags >> 8);
	s->rdata[1] = (u8)flags;
	return made_raw(m, m->origin, TYPE_DNSKEY, 3600, s->rdata, s->rdlen);
}

struct zone *made_zone(const struct made *m)
{
	u8 origin[NAME_WIRE_MAX];
	struct zone *z;

	must(name_parse(m->origin, origin) > 0 &&
	     zone_make(&z, origin, 1ull << 32, KEY) == 0);
	for (u32 i = 0; i < m->count; i++) {
		const struct made_rr *r = &m->rr[i];
		struct zone_input in = { .owner = r->owner,
			.owner_len = wire_len(r->owner),
			.type = r->type, .ttl = r->ttl, .line = i + 1, .rdata = r->rdata,
			.rdlen = r->len };

		in.hash = zone_hash(KEY, r->owner, in.owner_len);
		must(r->gone || zone_add(z, &in) == 0);
	}
	must(zone_seal(z) == 0);
	return z;
}

/* What the helpers of src/verify need of a zone. */
static struct dnssec view_of(const struct zone *z)
{
	struct dnssec d = { .z = z, .apex = zone_origin(z) };

	d.records = zone_records(z, &d.record_count);
	d.owner_count = zone_owner_count(z);
	d.apex_name = zone_name(z, d.apex);
	return d;
}

/* ---- chains ---- */

void made_nsec(struct made *m)
{
	struct zone *z = made_zone(m);
	struct dnssec d = view_of(z);
	struct dnssec_bits *bits = calloc(1, sizeof *bits);
	u32 names[256], n = 0;

	for (u32 i = 0; i < d.owner_count; i++) {
		u32 owner = zone_owner(z, i);

		if (dnssec_authoritative(&d, owner) && dnssec_has_data(&d, owner))
			names[n++] = owner;
	}
	must(bits && n < COUNT(names));
	for (u32 i = 0; i < n; i++) {
		const struct zone_name *next = zone_name(z, names[(i + 1) % n]);
		u8 rdata[DNSSEC_BITMAP_MAX + NAME_WIRE_MAX];
		char name[NAME_TEXT_MAX];
		u32 len;

		dnssec_bits_of(bits, &d, names[i], false);
		memcpy(rdata, next->wire, next->len);
		len = next->len + dnssec_bits_encode(bits, rdata + next->len);
		made_raw(m, zone_text(z, names[i], name), TYPE_NSEC, 300, rdata, len);
	}
	free(bits);
	zone_free(z);
}

struct hashed { u8 hash[NSEC3_HASH]; u32 owner; unsigned skip; };

static int by_hash(const void *a, const void *b)
{
	return memcmp(a, b, NSEC3_HASH);
}

static void base32hex(const u8 hash[NSEC3_HASH], char to[NSEC3_LABEL + 1])
{
	for (unsigned i = 0; i < NSEC3_LABEL; i++) {
		unsigned bit = i * 5, v = (unsigned)hash[bit / 8] << 8;

		if (bit / 8 + 1 < NSEC3_HASH)
			v |= hash[bit / 8 + 1];
		to[i] = "0123456789abcdefghijklmnopqrstuv"[v >> (11 - bit % 8) & 31];
	}
	to[NSEC3_LABEL] = 0;
}

static void add_hashed(struct hashed *all, u32 *n, const struct dnssec_chain *c,
		       const struct dnssec *d, u32 owner, unsigned skip)
{
	const struct zone_name *name = zone_name(d->z, owner);
	struct hashed h = { .owner = owner, .skip = skip };

	dnssec_hash(c, name->wire + skip, name->len - skip, h.hash);
	for (u32 i = 0; i < *n; i++)
		if (memcmp(all[i].hash, h.hash, NSEC3_HASH) == 0)
			return;
	must(*n < 256);
	all[(*n)++] = h;
}

/* Every name, and every name between it and the apex. */
static u32 hash_names(const struct dnssec *d, const struct dnssec_chain *c, bool optout,
		      struct hashed *all)
{
	struct zone_rrset set;
	u32 n = 0;

	for (int pass = 0; pass < 2; pass++)	/* names first: they have types */
		for (u32 i = 0; i < d->owner_count; i++) {
			u32 owner = zone_owner(d->z, i);
			const struct zone_name *name = zone_name(d->z, owner);

			if (!dnssec_authoritative(d, owner) || !dnssec_has_data(d,
				owner) ||
			    (optout && name->flags & ZONE_CUT &&
			     !zone_rrset(d->z, owner, TYPE_DS, &set)))
				continue;
			if (pass == 0)
				add_hashed(all, &n, c, d, owner, 0);
			for (unsigned skip = 1u + name->wire[0];
			     pass && skip < name->len &&
			     	name->len - skip > d->apex_name->len;
			     skip += 1u + name->wire[skip])
				add_hashed(all, &n, c, d, owner, skip);
		}
	qsort(all, n, sizeof *all, by_hash);
	return n;
}

static void add_nsec3(struct made *m, const struct dnssec_chain *c,
	const struct dnssec *d,
		      const struct hashed *h, const struct hashed *next, bool optout)
{
	struct dnssec_bits *bits = calloc(1, sizeof *bits);
	u8 rdata[DNSSEC_BITMAP_MAX + 300] = { 1, optout, (u8)(c->iterations >> 8),
		(u8)c->iterations, c->salt_len };
	char owner[NSEC3_LABEL + 80];
	u32 at = 5u + c->salt_len;

	must(bits);
	base32hex(h->hash, owner);
	snprintf(owner + NSEC3_LABEL, 70, ".%s", m->origin);
	memcpy(rdata + 5, c->salt, c->salt_len);
	rdata[at] = NSEC3_HASH;
	memcpy(rdata + at + 1, next->hash, NSEC3_HASH);
	dnssec_bits_clear(bits);
	if (h->skip == 0)
		dnssec_bits_of(bits, d, h->owner, true);
	at += 1 + NSEC3_HASH;
	at += dnssec_bits_encode(bits, rdata + at);
	made_raw(m, owner, TYPE_NSEC3, 300, rdata, at);
	free(bits);
}

void made_nsec3(struct made *m, u16 iterations, const char *salt, bool optout)
{
	struct dnssec_chain *c = calloc(1, sizeof *c);
	struct hashed *all = calloc(256, sizeof *all);
	u8 param[5 + 255] = { 1, 0, (u8)(iterations >> 8), (u8)iterations,
		(u8)strlen(salt) };
	struct zone *z;
	struct dnssec d;
	u32 n;

	must(c && all);
	c->iterations = iterations;
	c->salt_len = (u8)strlen(salt);
	memcpy(c->salt, salt, c->salt_len);
	memcpy(param + 5, salt, c->salt_len);
	made_raw(m, m->origin, TYPE_NSEC3PARAM, 0, param, 5u + c->salt_len);
	z = made_zone(m);
	d = view_of(z);
	n = hash_names(&d, c, optout, all);
	for (u32 i = 0; i < n; i++)
		add_nsec3(m, c, &d, &all[i], &all[(i + 1) % n], optout);
	zone_free(z);
	free(all);
	free(c);
}

/* ---- signatures ---- */

static void sign_set(struct made *m, const struct zone *z, const struct zone_rrset *set,
		     const struct signer *s)
{
	const struct zone_name *apex = zone_name(z, zone_origin(z));
	const struct zone_record *r = zone_records(z, NULL) + set->first;
	u16 tag = sig_key_tag(s->rdata, s->rdlen);
	u8 rdata[1400] = { (u8)(set->type >> 8), (u8)set->type, s->rdata[3],
		(u8)dnssec_labels(zone_name(z, set->owner)) };
	const u32 times[] = { zone_ttl(z, r), m->expiration, m->inception };
	struct dnssec_canon canon = { 0 };
	u8 *octets = malloc(dnssec_signed_size(z, set, UINT64_MAX));
	char name[NAME_TEXT_MAX];
	u32 len = 18u + apex->len;
	i64 n;

	for (unsigned i = 0; i < 12; i++)
		rdata[4 + i] = (u8)(times[i / 4] >> (24 - i % 4 * 8));
	rdata[16] = (u8)(tag >> 8);
	rdata[17] = (u8)tag;
	memcpy(rdata + 18, apex->wire, apex->len);
	must(octets && (n = dnssec_signed(&canon, z, set, rdata, octets)) > 0);
	len += signer_sign(s, octets, (u32)n, rdata + len);
	made_raw(m, zone_text(z, set->owner, name), TYPE_RRSIG, times[0], rdata, len);
	dnssec_canon_free(&canon);
	free(octets);
}

void made_sign(struct made *m, const struct signer *s, enum made_sets which)
{
	struct zone *z = made_zone(m);
	struct dnssec d = view_of(z);
	struct zone_rrset set;

	for (u32 i = 0; i < d.record_count; i += set.count) {
		const struct zone_name *n = zone_name(z, d.records[i].owner);

		set = zone_rrset_at(z, i);
		if (dnssec_authoritative(&d, set.owner) && dnssec_needs_signature(n,
			set.type) &&
		    which & (set.type == TYPE_DNSKEY ? MADE_KEYS : MADE_OTHERS))
			sign_set(m, z, &set, s);
	}
	zone_free(z);
}

/* ---- finding them again ---- */

static bool matches(const struct made_rr *r, const char *owner, u16 type, u16 covered)
{
	u8 wire[NAME_WIRE_MAX];

	if (r->gone || r->type != type)
		return false;
	if (type == TYPE_RRSIG && covered && be16(r->rdata) != covered)
		return false;
	if (owner == NULL)
		return true;
	must(name_parse(owner, wire) > 0);
	return name_equal(wire, wire_len(wire), r->owner, wire_len(r->owner));
}

struct made_rr *made_find(struct made *m, const char *owner, u16 type, u16 covered)
{
	u32 i = 0;

	while (i < m->count && !matches(&m->rr[i], owner, type, covered))
		i++;
	must(i < m->count);
	return &m->rr[i];
}

struct made_rr *made_hashed(struct made *m, const char *name)
{
	const struct made_rr *param = made_find(m, m->origin, TYPE_NSEC3PARAM, 0);
	struct dnssec_chain *c = calloc(1, sizeof *c);
	u8 wire[NAME_WIRE_MAX], hash[NSEC3_HASH];
	char owner[NSEC3_LABEL + 80];
	int len = name_parse(name, wire);

	must(c && len > 0);
	c->iterations = be16(param->rdata + 2);
	c->salt_len = param->rdata[4];
	memcpy(c->salt, param->rdata + 5, c->salt_len);
	dnssec_hash(c, wire, (unsigned)len, hash);
	free(c);
	base32hex(hash, owner);
	snprintf(owner + NSEC3_LABEL, 70, ".%s", m->origin);
	return made_find(m, owner, TYPE_NSEC3, 0);
}

void made_drop(struct made *m, const char *owner, u16 type, u16 covered)
{
	for (u32 i = 0; i < m->count; i++)
		if (matches(&m->rr[i], owner, type, covered))
			m->rr[i].gone = true;
}
