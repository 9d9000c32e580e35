/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_fuzz.c - zones of a stranger before the family "dnssec".
 *
 *   options | owner type length rdata | owner type length rdata | ...     an octet each
 *
 * Owners and types are picked from short lists, so that sets, chains and cuts come about;
 * an RRSIG can be asked to have the fields that let it be tried. Laws: nothing crashes,
 * and one thread says what three say, in the same order. */
#include "base/hash.h"
#include "base/rd.h"
#include "verify/audit.h"
#include "verify/dnssec.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

extern const struct check_family family_dnssec;

#define KEY 7u
#define AT 1700000000u

/* "A" of the zone "a.": the apex, names below it, hashes, one outside. */
static const char *const owners[] = {
	"a", "b.a", "c.b.a", "*.b.a", "d.c.b.a", "e.a", "x.y.z.a", "z.a", "outside",
	"0123456789abcdefghijklmnopqrstuv.a", "1123456789abcdefghijklmnopqrstuv.a",
	"2123456789abcdefghijklmnopqrstuv.a", "v123456789abcdefghijklmnopqrstuv.a",
	"w123456789abcdefghijklmnopqrstuv.a", "0123456789abcdefghijklmnopqrstuv.b.a",
};
static const u16 types[] = {
	TYPE_A, TYPE_NS, TYPE_SOA, TYPE_MX, TYPE_TXT, TYPE_DS, TYPE_RRSIG, TYPE_NSEC,
	TYPE_DNSKEY, TYPE_NSEC3, TYPE_NSEC3PARAM, TYPE_CDS, TYPE_CDNSKEY, TYPE_ZONEMD,
	TYPE_DNAME, 35, 257, 65280,
};
/* The Ed25519 key of RFC 8080, 6.1. */
static const u8 key[36] = {
	1, 1, 3, 15, 0x97, 0x4d, 0x96, 0xa2, 0x2d, 0x22, 0x4b, 0xc0, 0x1a, 0xdb, 0x91, 0x50,
	0x91, 0x47, 0x7d, 0x44, 0xcc, 0xd9, 0x1c, 0x9a, 0x41, 0xa1, 0x14, 0x30, 0x01, 0x01,
	0x17, 0xd5, 0x2c, 0x59, 0x24, 0x0e,
};

static void add(struct zone *z, const char *owner, u16 type, u32 ttl, const u8 *rdata,
	u32 len)
{
	u8 wire[NAME_WIRE_MAX];
	struct zone_input in = { .owner = wire, .type = type, .ttl = ttl, .line = 1,
		.rdata = rdata, .rdlen = len };

	in.owner_len = (unsigned)name_parse(owner, wire);
	in.hash = zone_hash(KEY, wire, in.owner_len);
	zone_add(z, &in);	/* what it refuses is not part of the zone */
}

/* An RRSIG by the key above, good in time, over the type that stands first. */
static u32 help(u8 *rdata, u32 len)
{
	const u16 tag = sig_key_tag(key, sizeof key);
	const u8 fixed[] = { 15, 1, 0, 0, 0, 60, 0x7f, 0, 0, 0, 0, 0, 0, 1,
		(u8)(tag >> 8),
		(u8)tag, 1, 'a', 0 };

	if (len < 2)
		return len;
	memmove(rdata + 2 + sizeof fixed, rdata + 2, len - 2);
	memcpy(rdata + 2, fixed, sizeof fixed);
	return len + (u32)sizeof fixed;
}

static struct zone *zone_from(struct rd *r)
{
	struct zone *z;
	u8 apex[] = "\1a", rdata[300];

	must(zone_make(&z, apex, 1 << 24, KEY) == 0);
	add(z, "a", TYPE_DNSKEY, 60, key, sizeof key);
	while (rd_left(r) >= 3) {
		u8 owner = rd_u8(r), type = rd_u8(r), len = rd_u8(r);
		u32 n = (u32)min_u64(len & 127, rd_left(r));

		memcpy(rdata, rd_take(r, n), n);
		if (len & 128 && types[type % COUNT(types)] == TYPE_RRSIG)
			n = help(rdata, n);
		add(z, owners[owner % COUNT(owners)], types[type % COUNT(types)],
			60 + (owner & 64),
		    rdata, n);
	}
	must(zone_seal(z) == 0);
	return z;
}

static void take(void *to, const struct finding *f)
{
	u64 *hash = to;

	*hash = hash_bytes(*hash, f->id, strlen(f->id));
	must(f->sentence[0]);
}

static u64 look(const struct zone *z, const struct opts *o, unsigned threads)
{
	u64 hash = 0;
	struct audit_conf conf = { .input = { .at = AT, .threads = threads }, .zone = z,
		.most = 50, .finding = take, .to = &hash };
	struct audit *a;

	must(audit_open(&a, &conf) == 0);
	must(audit_look(a, &family_dnssec, opts_conf(o, family_dnssec.opts)) == 0);
	for (unsigned i = 0; i < DNSSEC_ROWS; i++)
		hash = hash_u64(hash, audit_cases(a, i));
	audit_close(a);
	return hash;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	struct opt_group group = { .name = "dnssec", .rows = family_dnssec.opts,
		.size = family_dnssec.conf_size };
	struct rd r = rd_of(data, n);
	struct zone *z;
	struct opts o;
	char why[OPT_WHY];

	must(opts_init(&o, &group, 1) == 0);
	if (rd_u8(&r) & 1)
		must(opts_set(&o, "dnssec", "attempts", "2", OPT_COMMAND, why) == 0 &&
		     opts_set(&o, "dnssec", "hashes", "20", OPT_COMMAND, why) == 0);
	z = zone_from(&r);
	must(look(z, &o, 1) == look(z, &o, 3));
	zone_free(z);
	opts_free(&o);
	return 0;
}
