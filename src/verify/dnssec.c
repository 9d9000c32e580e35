/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec.c - the family "dnssec": can a validator trust this zone at this instant?
 *
 *   keys -> signatures (rounds of sets: plan, check in parallel, verdict) -> NSEC, NSEC3
 *        -> CDS -> ZONEMD -> trust anchors
 *
 * Everything is judged from the zone alone, as a signer's operator would before it is
 * published, and at the audit's instant. An unsigned zone gets one row, and its ZONEMD is
 * checked if it has one. See dnssec.h for who does what.
 *
 * Cost: the verifications (src/dns/sig.h), an NSEC3 hash for each name and chain, a sort
 * of each RRset; all else is a walk. Hostile zones meet the limits among the options
 * (signatures tried for a set, keys, octets of a set, iterations), and "dnssec.limit"
 * says so.
 *
 * Not here: DS of delegations (family "delegation"), what a zone makes validators compute
 * ("cost"), what changed since ("change"). */
#include "base/rd.h"
#include "base/stamp.h"
#include "verify/dnssec.h"
#include <pthread.h>

#define AT(f) offsetof(struct dnssec_conf, f)
static const struct opt opts[] = {
	{ .name = "attempts", .type = OPT_COUNT, .at = AT(attempts), .def = "16",
		.min = 1,
	  .max = 4096, .arg = "N", .help = N_("signatures tried for one RRset, as "
	  "validators bound it") },
	{ .name = "keys", .type = OPT_COUNT, .at = AT(keys), .def = "64", .min = 1,
	.max = 4096,
	  .arg = "N", .help = N_("keys of the zone that are used") },
	{ .name = "collisions", .type = OPT_COUNT, .at = AT(collisions), .def = "100000",
	  .min = 0, .arg = "N",
	  .help = N_("verifications more that keys with the same tag may cause") },
	{ .name = "set-size", .type = OPT_SIZE, .at = AT(set_octets), .def = "256k",
	.min = 1024,
	  .max = 1u << 30, .arg = "SIZE",
	  .help = N_("octets of an RRset whose signatures are checked; a message holds "
	  	"64k") },
	{ .name = "iterations", .type = OPT_COUNT, .at = AT(iterations), .def = "500",
	.min = 0,
	  .max = 65535, .arg = "N",
	  .help = N_("iterations of an NSEC3 chain that is hashed to compare it with the "
	  "zone") },
	{ .name = "hashes", .type = OPT_COUNT, .at = AT(hashes), .def = "1000000000",
	  .min = 1, .max = 1ull << 40, .arg = "N",
	  .help = N_("NSEC3 hashes made for one chain") },
	{ .name = "remaining", .type = OPT_SPAN, .at = AT(remaining), .def = "12h",
	.min = 0,
	  .arg = "SPAN", .help = N_("time before its end at which a signature is told") },
	{ .name = "validity-min", .type = OPT_SPAN, .at = AT(shortest), .def = "1d",
	.min = 0,
	  .arg = "SPAN", .help = N_("shortest period of a signature that is not told") },
	{ .name = "validity-max", .type = OPT_SPAN, .at = AT(longest), .def = "180d",
	.min = 0,
	  .arg = "SPAN", .help = N_("longest period of a signature that is not told") },
	{ .name = "refused", .type = OPT_RATIO, .at = AT(refused), .def = "10%", .min = 0,
	  .max = 1000, .arg = "RATIO",
	  .help = N_("share of the signed RRsets that validators "
	  "refuse from which on the zone as a whole is told (20 sets at least)") },
	{ .name = "rsa-bits", .type = OPT_COUNT, .at = AT(rsa_bits), .def = "2048",
	.min = 512,
	  .max = 4096, .arg = "N", .help = N_("bits of an RSA key that is not told") },
	{ .name = NULL }
};

/* ---- words ---- */

char *dnssec_algorithm_text(u8 algorithm, char to[DNSSEC_ALGORITHM_TEXT])
{
	static const char *const names[] = {
		[1] = "RSAMD5", [2] = "DH", [3] = "DSA", [5] = "RSASHA1",
			[6] = "DSA-NSEC3-SHA1",
		[7] = "RSASHA1-NSEC3-SHA1", [8] = "RSASHA256", [10] = "RSASHA512",
		[12] = "ECC-GOST", [13] = "ECDSAP256SHA256", [14] = "ECDSAP384SHA384",
		[15] = "ED25519", [16] = "ED448", [17] = "SM2SM3", [23] = "ECC-GOST12",
		[252] = "INDIRECT", [253] = "PRIVATEDNS", [254] = "PRIVATEOID",
	};

	if (algorithm < COUNT(names) && names[algorithm])
		snprintf(to, DNSSEC_ALGORITHM_TEXT, "%u (%s)", algorithm,
		names[algorithm]);
	else
		snprintf(to, DNSSEC_ALGORITHM_TEXT, "%u", algorithm);
	return to;
}

char *dnssec_name_text(const u8 *wire, unsigned len, char to[DNSSEC_NAME_TEXT + 4])
{
	char text[NAME_TEXT_MAX];

	name_text(wire, len, text);
	snprintf(to, DNSSEC_NAME_TEXT + 4, "%.*s%s", DNSSEC_NAME_TEXT, text,
		 strlen(text) > DNSSEC_NAME_TEXT ? "..." : "");
	return to;
}

char *dnssec_key_text(const struct dnssec *d, const struct dnssec_key *k,
		      char to[DNSSEC_KEY_TEXT])
{
	char algorithm[DNSSEC_ALGORITHM_TEXT], zone[DNSSEC_NAME_TEXT + 4];

	snprintf(to, DNSSEC_KEY_TEXT, N_("%s tag %u, algorithm %s, flags %u"),
		 dnssec_name_text(d->apex_name->wire, d->apex_name->len, zone), k->tag,
		 dnssec_algorithm_text(k->algorithm, algorithm), k->flags);
	return to;
}

char *dnssec_time_text(const struct dnssec *d, u32 time, char to[40])
{
	i64 whole = (i64)d->in->at + (i32)(time - d->at);

	return stamp_text(whole > 0 ? (u64)whole * STAMP_NS : 0, 0, to);
}

/* ---- helpers of all files ---- */

bool dnssec_authoritative(const struct dnssec *d, u32 owner)
{
	const struct zone_name *n = zone_name(d->z, owner);
	struct zone_rrset set;

	if (!(n->flags & ZONE_INSIDE) || n->flags & ZONE_BELOW)
		return false;
	/* RFC 6672, 2.4: a DNAME of the apex leaves NSEC3 records as they are */
	return !(n->flags & ZONE_MASKED) || zone_rrset(d->z, owner, TYPE_NSEC3, &set);
}

int dnssec_room(void *at, u64 *have, u64 need, size_t unit)
{
	u64 more = max_u64(need, *have + *have / 2);
	void *moved, *old;

	if (need <= *have)
		return 0;
	memcpy(&old, at, sizeof old);
	if ((moved = realloc(old, more * unit)) == NULL)
		return -ENOMEM;
	memcpy(at, &moved, sizeof moved);
	*have = more;
	return 0;
}

bool dnssec_has_data(const struct dnssec *d, u32 owner)
{
	for (u32 i = zone_name(d->z, owner)->first; d->records[i].owner == owner; i++) {
		u16 type = d->records[i].type;

		if (type != TYPE_NSEC && type != TYPE_RRSIG && type != TYPE_NSEC3)
			return true;
	}
	return false;
}

struct crew { void (*fn)(void *arg); void *arg; };

static void *crew_main(void *to)
{
	struct crew *c = to;

	c->fn(c->arg);
	return NULL;
}

void dnssec_parallel(unsigned threads, void (*fn)(void *arg), void *arg)
{
	struct crew crew = { fn, arg };
	pthread_t more[63];
	unsigned n = 0;

	while (n + 1 < threads && n < COUNT(more) &&
	       pthread_create(&more[n], NULL, crew_main, &crew) == 0)
		n++;	/* with fewer it takes longer, no more */
	fn(arg);
	while (n > 0)
		pthread_join(more[--n], NULL);
}

void dnssec_limit(struct dnssec *d, u32 name, const char *limit, double value,
	double most,
		  const char *consequence)
{
	char text[NAME_TEXT_MAX + 80], owner[NAME_TEXT_MAX];
	struct finding *f;

	snprintf(text, sizeof text, "%s %s", zone_text(d->z, name ? name : d->apex,
		owner), limit);
	if ((f = audit_begin_other(d->a, DNSSEC_LIMIT, "limit", text)) == NULL)
		return;
	finding_most(f, "value", value, most, "what the zone has against what is looked "
		"at");
	audit_end(d->a, f, "The limit of %.0f %s was reached: %s.", most, limit,
		consequence);
}

/* ---- the whole ---- */

static void read_soa(struct dnssec *d)
{
	struct zone_rrset set;
	const u8 *rdata;
	u32 len;

	if (!zone_rrset(d->z, d->apex, TYPE_SOA, &set))
		return;
	rdata = zone_rdata(d->z, &d->records[set.first], &len);
	if (len < 22)
		return;
	d->soa = &d->records[set.first];
	d->soa_serial = be32(rdata + len - 20);
	d->soa_expire = be32(rdata + len - 8);
	d->soa_minimum = be32(rdata + len - 4);
}

/* Records that mean something at the apex only (RFC 4034, 2.1; 5155, 4; 7344, 4; 8976,
 * 2). */
static void not_at_apex(struct dnssec *d, const struct zone_record *r)
{
	struct finding *f;
	char type[RRTYPE_TEXT_MAX];

	if ((f = audit_begin(d->a, DNSSEC_NOT_APEX, r->owner, r)))
		audit_end(d->a, f, "A %s record stands here; it has a meaning at the "
			  "apex of a zone only, so nobody will use it.",
			  rrtype_text(r->type, type));
}

static void count_types(struct dnssec *d)
{
	const u64 apex_only = 1ull << TYPE_DNSKEY | 1ull << TYPE_NSEC3PARAM | 1ull << TYPE_CDS |
			      1ull << TYPE_CDNSKEY | 1ull << TYPE_ZONEMD;
	u32 owner = 0;
	bool inside = false;

	for (u32 i = 0; i < d->record_count; i++) {
		const struct zone_record *r = &d->records[i];

		if (r->owner != owner) {
			owner = r->owner;
			inside = zone_name(d->z, owner)->flags & ZONE_INSIDE;
		}
		if (!inside || r->type >= 64)
			continue;
		d->count[r->type]++;
		if (apex_only >> r->type & 1 && owner != d->apex &&
			!(r->mark & ZONE_REPEAT) &&
		    (i == 0 || d->records[i - 1].owner != owner ||
		     d->records[i - 1].type != r->type))
			not_at_apex(d, r);
	}
}

static void say_zone(struct dnssec *d, unsigned row, const char *sentence)
{
	struct finding *f = audit_begin(d->a, row, d->apex, d->soa);

	if (f)
		audit_end(d->a, f, "%s", sentence);
}

/* What has to be known before signatures are looked at; true when there is work to do. */
static bool is_signed(struct dnssec *d)
{
	struct zone_rrset set;
	u64 parts = d->count[TYPE_RRSIG] + d->count[TYPE_NSEC] + d->count[TYPE_NSEC3];

	if (zone_rrset(d->z, d->apex, TYPE_DNSKEY, &set)) {
		if (d->count[TYPE_RRSIG] == 0)
			say_zone(d, DNSSEC_NO_SIGNATURES, N_("The zone publishes DNSKEY "
				 "records, and not one signature: with a DS at the "
				 "parent all validators refuse it."));
		return true;
	}
	if (parts == 0)
		say_zone(d, DNSSEC_UNSIGNED, N_("The zone is not signed: it has no "
			 "DNSKEY, RRSIG, NSEC or NSEC3 record."));
	else
		say_zone(d, DNSSEC_NO_DNSKEY, N_("The zone has signatures or NSEC "
			 "records, and no DNSKEY at its apex: nobody can check them."));
	return false;
}

static int look_signed(struct dnssec *d)
{
	int rc = dnssec_keys(d);

	if (rc == 0 && d->count[TYPE_RRSIG])
		rc = dnssec_signatures(d);
	if (rc == 0 && d->count[TYPE_RRSIG])
		rc = dnssec_nsec(d);
	if (rc == 0 && d->count[TYPE_RRSIG])
		rc = dnssec_nsec3(d);
	if (rc == 0)
		dnssec_denial_ttl_say(d);
	return rc;
}

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	struct dnssec d = { .a = a, .z = z, .conf = conf, .in = audit_input(a),
		.apex = zone_origin(z) };
	int rc = 0;

	d.records = zone_records(z, &d.record_count);
	d.owner_count = zone_owner_count(z);
	d.apex_name = zone_name(z, d.apex);
	d.apex_labels = (unsigned)name_labels(d.apex_name->wire, d.apex_name->len, NULL);
	d.at = (u32)d.in->at;
	read_soa(&d);
	count_types(&d);
	if (is_signed(&d))
		rc = look_signed(&d);
	if (rc == 0)
		dnssec_cds(&d);
	if (rc == 0)
		rc = dnssec_zonemd(&d);
	if (rc == 0)
		rc = dnssec_anchors(&d);
	if (rc == 0)
		dnssec_keys_used(&d);
	dnssec_keys_free(&d);
	return rc;
}

const struct check_family family_dnssec = {
	.id = "dnssec", .title = N_("Signatures, keys and denial of existence"), .version = 1,
	.opts = opts, .conf_size = sizeof(struct dnssec_conf), .rows = dnssec_rows,
	.look = look,
};
