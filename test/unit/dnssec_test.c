/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_test.c - every row of the family "dnssec" fires for the fault that it names, and
 * a sound zone says nothing. A case is a zone, what is done to it before and after
 * signing, and the row that must speak; the table is walked to see that no row is without
 * one.
 *
 * budget: one table and its small makers. */
#include "zone_make.h"
#include "zone_sign.h"
#include "base/rd.h"
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define DAY 86400u
#define END (MADE_AT + 29 * DAY)	/* of the signatures */

extern const struct check_family family_dnssec;

static const char *const zone_text_plain =
	"@ 3600 SOA ns1 mail 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\n"
	"www A 192.0.2.2\nwww A 192.0.2.3\nwww TXT \"x\"\nwww CAA 0 issue \"ca.test\"\n"
	"host.ent AAAA 2001:db8::1\n*.wild TXT y\n"
	"sub NS ns.sub\nsub DS 1 13 2 "
	"0000000000000000000000000000000000000000000000000000000000000000\nns.sub A "
	"192.0.2.4\nins.far NS ns.other.test.\n";

static struct signer ksk, zsk, other;	/* algorithm 13, 13, 15 */

enum denial { NSEC, NSEC3, NSEC3_OPT, NSEC3_OLD, NONE, BOTH };

struct fault {
	const char *row;
	const char *name;	/* what is done */
	void (*before)(struct made *m);	/* the records are signed */
	void (*after)(struct made *m);
	enum denial denial;
	const char *options;
	u64 at;			/* 0 = MADE_AT */
	const char *anchors;
	bool without_keys;	/* before() brings them */
};

/* ---- keys ---- */

static void add_key(struct made *m, u16 flags, u8 protocol, u8 algorithm, const void *key,
	u32 len)
{
	u8 rdata[1400] = { (u8)(flags >> 8), (u8)flags, protocol, algorithm };

	memcpy(rdata + 4, key, len);
	made_raw(m, m->origin, TYPE_DNSKEY, 3600, rdata, len + 4);
}

static void add_random(struct made *m, u16 flags, u8 protocol, u8 algorithm, u32 len)
{
	u8 key[1024];

	for (u32 i = 0; i < len; i++)
		key[i] = (u8)(i * 37 + 11);
	add_key(m, flags, protocol, algorithm, key, len);
}

static void short_key(struct made *m) { add_random(m, 256, 3, 13, 10); }
static void no_key(struct made *m) { add_random(m, 256, 3, 13, 0); }
static void protocol_2(struct made *m) { add_key(m, 256, 2, 13, other.rdata + 4, 32); }
static void not_zone(struct made *m) { add_key(m, 0, 3, 15, other.rdata + 4, 32); }
static void odd_flags(struct made *m) { add_key(m, 256 | 2, 3, 15, other.rdata + 4, 32); }
static void gost_key(struct made *m) { add_random(m, 256, 3, 12, 64); }
static void odd_key(struct made *m) { add_random(m, 256, 3, 200, 64); }
static void unused_key(struct made *m) { made_key(m, &other, 256); }
static void revoked_key(struct made *m) { made_key(m, &other, 257 | 128); }

static void only_protocol_2(struct made *m)
{
	add_key(m, 256, 2, 13, zsk.rdata + 4, 64);
}

static void zone_keys_only(struct made *m)
{
	made_key(m, &ksk, 256);
	made_key(m, &zsk, 256);
}

/* Sums of 16 bits do not see it when two of them change places. */
static void colliding_key(struct made *m)
{
	u8 key[32], word[2];

	memcpy(key, other.rdata + 4, 32);
	made_key(m, &other, 256);
	memcpy(word, key, 2);
	memcpy(key, key + 2, 2);
	memcpy(key + 2, word, 2);
	add_key(m, 256, 3, 15, key, 32);
}

static void twice(struct made *m)
{
	made_key(m, &other, 256);
	made_key(m, &other, 257);
}

static void add_rsa(struct made *m, u8 algorithm, u32 e, const BIGNUM *n)
{
	u8 rdata[1400], octets[1024], exponent[4] = { (u8)(e >> 24), (u8)(e >> 16),
		(u8)(e >> 8),
		(u8)e };
	u32 skip = 0, len;

	while (skip < 3 && exponent[skip] == 0)
		skip++;
	BN_bn2bin(n, octets);
	len = rsa_rdata(rdata, algorithm, exponent + skip, 4 - skip, octets,
			(u32)BN_num_bytes(n));
	made_raw(m, m->origin, TYPE_DNSKEY, 3600, rdata, len);
}

static BIGNUM *prime(int bits)
{
	BIGNUM *p = BN_new();

	must(BN_generate_prime_ex(p, bits, 0, NULL, NULL, NULL));
	return p;
}

static BIGNUM *product(const BIGNUM *p, const BIGNUM *q)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *n = BN_new();

	must(BN_mul(n, p, q, ctx));
	BN_CTX_free(ctx);
	return n;
}

static void rsa_of(struct made *m, u8 algorithm, int bits, u32 e)
{
	BIGNUM *p = prime(bits / 2), *q = prime(bits / 2), *n = product(p, q);

	add_rsa(m, algorithm, e, n);
	BN_free(p);
	BN_free(q);
	BN_free(n);
}

static void rsa_sha1(struct made *m) { rsa_of(m, 7, 2048, 65537); }
static void rsa_sha1_old(struct made *m) { rsa_of(m, 5, 2048, 65537); }
static void rsa_sha512(struct made *m) { rsa_of(m, 10, 2048, 65537); }
static void rsa_768(struct made *m) { rsa_of(m, 8, 768, 65537); }
static void rsa_1024(struct made *m) { rsa_of(m, 8, 1024, 65537); }
static void rsa_e3(struct made *m) { rsa_of(m, 8, 2048, 3); }
static void rsa_e1(struct made *m) { rsa_of(m, 8, 2048, 1); }
static void rsa_e2(struct made *m) { rsa_of(m, 8, 2048, 65536); }

static void rsa_zeros(struct made *m)
{
	struct made_rr *r;

	rsa_of(m, 8, 2048, 65537);
	r = &m->rr[m->count - 1];
	memmove(r->rdata + 6, r->rdata + 5, r->len - 5u);
	r->rdata[4] = 4;
	r->rdata[5] = 0;
	r->len++;
}

static void rsa_large(struct made *m)
{
	BIGNUM *n = BN_new();

	must(BN_one(n) && BN_lshift(n, n, 8191) && BN_add_word(n, 1));
	add_rsa(m, 8, 65537, n);
	BN_free(n);
}

static void rsa_small_factor(struct made *m)
{
	BIGNUM *p = prime(2040), *n = BN_dup(p);

	must(BN_mul_word(n, 211));
	add_rsa(m, 8, 65537, n);
	BN_free(p);
	BN_free(n);
}

static void rsa_close(struct made *m)
{
	BIGNUM *p = prime(1024), *q = BN_dup(p), *n;
	BN_CTX *ctx = BN_CTX_new();

	do
		must(BN_add_word(q, 2));
	while (BN_check_prime(q, ctx, NULL) != 1);
	n = product(p, q);
	add_rsa(m, 8, 65537, n);
	BN_free(p);
	BN_free(q);
	BN_free(n);
	BN_CTX_free(ctx);
}

/* A modulus that is a power of 65537 modulo the product of the first primes. */
static void rsa_roca(struct made *m)
{
	BIGNUM *all = BN_new(), *n = BN_new(), *power = BN_new(), *g = BN_new();
	BN_CTX *ctx = BN_CTX_new();

	must(BN_one(all) && BN_set_word(g, 65537) && BN_set_word(power, 123457));
	for (unsigned p = 2; p <= 167; p++) {
		bool is_prime = true;

		for (unsigned q = 2; q * q <= p; q++)
			is_prime &= p % q != 0;
		must(!is_prime || BN_mul_word(all, p));
	}
	must(BN_mod_exp(n, g, power, all, ctx));
	must(BN_lshift(g, all, 2048 - BN_num_bits(all)) && BN_add(n, n, g));
	while (BN_mod_word(n, 173) == 0 || BN_mod_word(n, 179) == 0)
		must(BN_add(n, n, all));
	add_rsa(m, 8, 65537, n);
	BN_free(all);
	BN_free(n);
	BN_free(power);
	BN_free(g);
	BN_CTX_free(ctx);
}

static void rsa_same(struct made *m)
{
	BIGNUM *p = prime(1024), *q = prime(1024), *n = product(p, q);

	add_rsa(m, 8, 65537, n);
	add_rsa(m, 8, 257, n);
	BN_free(p);
	BN_free(q);
	BN_free(n);
}

static void rsa_shared(struct made *m)
{
	BIGNUM *p = prime(1024), *q = prime(1024), *r = prime(1024);
	BIGNUM *a = product(p, q), *b = product(p, r);

	add_rsa(m, 8, 65537, a);
	add_rsa(m, 8, 65537, b);
	BN_free(p);
	BN_free(q);
	BN_free(r);
	BN_free(a);
	BN_free(b);
}

static void large_set(struct made *m)
{
	char line[240];

	for (int i = 0; i < 8; i++) {
		snprintf(line, sizeof line, "large TXT \"%d%0200d\"\n", i, 1);
		made_add(m, line);
	}
}

/* ---- signatures ---- */

static struct made_rr *sig(struct made *m, const char *owner, u16 covered)
{
	return made_find(m, owner, TYPE_RRSIG, covered);
}

static void put_time(struct made_rr *r, u32 at, u32 time)
{
	for (unsigned i = 0; i < 4; i++)
		r->rdata[at + i] = (u8)(time >> (24 - i * 8));
}

static void drop_keys(struct made *m) { made_drop(m, NULL, TYPE_DNSKEY, 0); }
static void drop_signatures(struct made *m) { made_drop(m, NULL, TYPE_RRSIG, 0); }
static void drop_www(struct made *m) { made_drop(m, "www.example.", TYPE_RRSIG, TYPE_A); }
static void spoil(struct made *m) { sig(m, "www.example.", TYPE_A)->rdata[60] ^= 1; }
static void spoil_keys(struct made *m) { sig(m, "example.", TYPE_DNSKEY)->rdata[60] ^= 1; }
static void dates(struct made *m)
{
	put_time(sig(m, "www.example.", TYPE_A), 8, MADE_AT - 9 * DAY);
}

static void other_ttl(struct made *m) { sig(m, "www.example.", TYPE_TXT)->ttl = 60; }
static void tag(struct made *m) { sig(m, "www.example.", TYPE_A)->rdata[16] ^= 0x55; }
static void labels_up(struct made *m) { sig(m, "www.example.", TYPE_A)->rdata[3] = 9; }
static void no_signature(struct made *m) { sig(m, "www.example.", TYPE_A)->len = 19; }

static void change_record(struct made *m)
{
	made_find(m, "www.example.", TYPE_A, 0)->rdata[3] = 99;
}

static void signer_name(struct made *m)
{
	sig(m, "www.example.", TYPE_A)->rdata[19] = 'z';
}

/* Signed as *.example, and published as www.example. */
static void expanded(struct made *m)
{
	made_add(m, "* SPF \"v=spf1\"\n");
}

static void expand(struct made *m)
{
	struct made_rr *r = made_find(m, "*.example.", 99, 0), *s = sig(m, "*.example.",
		99);
	u8 www[] = "\3www\7example";

	memcpy(r->owner, www, sizeof www);
	memcpy(s->owner, www, sizeof www);
}

static void gost_signature(struct made *m)
{
	struct made_rr copy = *sig(m, "www.example.", TYPE_A);
	const struct made_rr *k = made_find(m, "example.", TYPE_DNSKEY, 0);

	while (k->type != TYPE_DNSKEY || k->rdata[3] != 12)
		k++;
	copy.rdata[2] = 12;
	copy.rdata[16] = (u8)(sig_key_tag(k->rdata, k->len) >> 8);
	copy.rdata[17] = (u8)sig_key_tag(k->rdata, k->len);
	made_drop(m, "www.example.", TYPE_RRSIG, TYPE_A);
	made_raw(m, "www.example.", TYPE_RRSIG, 3600, copy.rdata, copy.len);
}

static void copy_signature(struct made *m, const char *owner, u16 covered)
{
	struct made_rr copy = *sig(m, "www.example.", TYPE_A);

	copy.rdata[0] = (u8)(covered >> 8);
	copy.rdata[1] = (u8)covered;
	made_raw(m, owner, TYPE_RRSIG, 3600, copy.rdata, copy.len);
}

static void sign_cut(struct made *m) { copy_signature(m, "sub.example.", TYPE_NS); }
static void sign_glue(struct made *m) { copy_signature(m, "ns.sub.example.", TYPE_A); }
static void sign_nothing(struct made *m) { copy_signature(m, "www.example.", TYPE_MX); }

static void more_signatures(struct made *m)
{
	for (int i = 0; i < 20; i++) {
		struct made_rr copy = *sig(m, "www.example.", TYPE_A);

		copy.rdata[60 + i] ^= 1;
		made_raw(m, "www.example.", TYPE_RRSIG, 3600, copy.rdata, copy.len);
	}
}

static void many_sets(struct made *m)
{
	char line[40];

	for (int i = 0; i < 40; i++) {
		snprintf(line, sizeof line, "t%d TXT x", i);
		made_add(m, line);
	}
}

/* All but a few signatures, not those of the keys. */
static void strip(struct made *m) { made_drop(m, NULL, TYPE_RRSIG, TYPE_TXT); }

static void lower_ttl(struct made *m)
{
	for (u32 i = 0; i < m->count; i++)
		if (m->rr[i].type == TYPE_TXT)
			m->rr[i].ttl = 60;
	sig(m, "www.example.", TYPE_TXT)->ttl = 60;
}

static void second_algorithm(struct made *m)
{
	made_key(m, &other, 256);
}

static void sign_by_other(struct made *m)
{
	made_sign(m, &other, MADE_OTHERS);
}

static void sign_keys_by_revoked(struct made *m)
{
	made_sign(m, &other, MADE_KEYS);
}

/* ---- denial ---- */

static void high_ttl(struct made *m)
{
	for (u32 i = 0; i < m->count; i++)
		if (m->rr[i].type == TYPE_NSEC || m->rr[i].type == TYPE_NSEC3)
			m->rr[i].ttl = 9000;
}

static void nsec_drop(struct made *m) { made_drop(m, "www.example.", TYPE_NSEC, 0); }
static void nsec_at_glue(struct made *m)
{
	made_add(m, "ns.sub 300 NSEC example. A RRSIG NSEC\n");
}

static void nsec_alone(struct made *m) { made_add(m, "lone 300 NSEC example. RRSIG "
	"NSEC\n"); }
static void nsec_twice(struct made *m)
{
	made_add(m, "www 300 NSEC z.example. A TXT RRSIG NSEC CAA\n");
}

static void nsec_next(struct made *m)
{
	made_find(m, "ns1.example.", TYPE_NSEC, 0)->rdata[1] = 'b';
}

static void nsec_bitmap(struct made *m)
{
	made_find(m, "www.example.", TYPE_NSEC, 0)->rdata[17] ^= 0x02;
}

static void nsec3_drop(struct made *m) { made_hashed(m, "www.example.")->gone = true; }
static void nsec3_drop_ent(struct made *m) { made_hashed(m, "ent.example.")->gone = true;
	}
static void nsec3_drop_ds(struct made *m) { made_hashed(m, "sub.example.")->gone = true; }
static void nsec3_next(struct made *m) { made_hashed(m, "www.example.")->rdata[10] ^= 1; }
static void nsec3_flags(struct made *m) { made_hashed(m, "www.example.")->rdata[1] = 64; }
static void nsec3_hash(struct made *m) { made_hashed(m, "www.example.")->rdata[0] = 2; }
static void nsec3_owner(struct made *m) { made_hashed(m, "www.example.")->owner[3] = 'z';
	}

static void nsec3_bitmap(struct made *m)
{
	struct made_rr *r = made_hashed(m, "www.example.");

	r->rdata[28] ^= 0x04;
}

static void nsec3_orphan(struct made *m)
{
	u8 rdata[] = { 1, 0, 0, 0, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
		15, 16, 17,
		18, 19, 20 };

	made_raw(m, "abcdefghijklmnopqrstuv0123456789.example.", TYPE_NSEC3, 300, rdata,
		 sizeof rdata);
}

static void nsec3_second(struct made *m)
{
	u8 rdata[] = { 1, 0, 0, 0, 1, 'q', 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
		14, 15,
		16, 17, 18, 19, 20 };

	made_raw(m, "abcdefghijklmnopqrstuv0123456789.example.", TYPE_NSEC3, 300, rdata,
		 sizeof rdata);
}

static void nsec3_twice(struct made *m)
{
	struct made_rr copy = *made_hashed(m, "www.example.");
	u32 at = m->count;

	copy.rdata[copy.len - 1] ^= 0x10;
	made_raw(m, "www.example.", TYPE_NSEC3, 300, copy.rdata, copy.len);
	memcpy(m->rr[at].owner, copy.owner, sizeof copy.owner);
}

static void nsec3_no_param(struct made *m) { made_drop(m, NULL, TYPE_NSEC3PARAM, 0); }
static void nsec3_no_chain(struct made *m) { made_add(m, "@ 0 NSEC3PARAM 1 0 0 ABCD\n"); }
static void nsec3_param_flags(struct made *m) { made_add(m, "@ 0 NSEC3PARAM 1 128 0 "
	"AB\n"); }

static void nsec3_chains(struct made *m)
{
	char line[160];

	for (int i = 0; i < 12; i++) {
		snprintf(line, sizeof line, "abcdefghijklmnopqrstuv01234567%02d 300 "
			 "NSEC3 1 0 0 AA%02d 0123456789abcdefghijklmnopqrstuv A\n", i, i);
		made_add(m, line);
	}
}

/* ---- CDS ---- */

/* A CDS, a CDNSKEY, or both (0) of a key. */
static void wish_of(struct made *m, const struct signer *s, u16 type)
{
	u16 t = sig_key_tag(s->rdata, s->rdlen);
	u8 cds[68] = { (u8)(t >> 8), (u8)t, s->rdata[3], 2 }, apex[] = "\7example";
	int n = sig_ds_digest(2, apex, sizeof apex, s->rdata, s->rdlen, cds + 4);

	must(n == 32);
	if (type != TYPE_CDNSKEY)
		made_raw(m, "example.", TYPE_CDS, 3600, cds, 36);
	if (type != TYPE_CDS)
		made_raw(m, "example.", TYPE_CDNSKEY, 3600, s->rdata, s->rdlen);
}

static void cds_good(struct made *m) { wish_of(m, &ksk, 0); }
static void cds_other(struct made *m) { wish_of(m, &other, TYPE_CDS); }
static void cds_zsk(struct made *m) { wish_of(m, &zsk, TYPE_CDS); }
static void cds_delete(struct made *m) { made_add(m, "@ CDS 0 0 0 00\n"); }

static void cds_disagree(struct made *m)
{
	wish_of(m, &ksk, TYPE_CDS);
	wish_of(m, &zsk, TYPE_CDNSKEY);
}

static void cds_mixed(struct made *m)
{
	cds_delete(m);
	wish_of(m, &ksk, TYPE_CDS);
}

static void cds_malformed(struct made *m)
{
	made_raw(m, "example.", TYPE_CDS, 3600, "\0\1\0\0\0", 5);
}

static void cds_sha1(struct made *m)
{
	made_add(m, "@ CDS 1 13 1 0123456789012345678901234567890123456789\n");
}

/* CDS and CDNSKEY are for the KSK to sign (RFC 7344, 4.1). */
static void sign_wishes(struct made *m)
{
	made_sign(m, &ksk, MADE_OTHERS);
}

static void cds_elsewhere(struct made *m) { made_add(m, "www CDS 0 0 0 00\n"); }

/* ---- ZONEMD ---- */

#define ZEROS96 "000000000000000000000000000000000000000000000000000000000000000000000000000000000" \
	"000000000000000"

static void zonemd_wrong(struct made *m) { made_add(m, "@ ZONEMD 1 1 1 " ZEROS96 "\n"); }
static void zonemd_serial(struct made *m) { made_add(m, "@ ZONEMD 7 1 1 " ZEROS96 "\n"); }
static void zonemd_unknown(struct made *m) { made_add(m,
	"@ ZONEMD 1 240 1 " ZEROS96 "\n"); }
static void zonemd_length(struct made *m)
{
	made_raw(m, "example.", TYPE_ZONEMD, 3600, "\0\0\0\1\1\1shorter than 48", 21);
}

static void zonemd_repeated(struct made *m)
{
	zonemd_wrong(m);
	made_raw(m, "example.", TYPE_ZONEMD, 3600,
		 "\0\0\0\1\1\1" "012345678901234567890123456789012345678901234567", 54);
}

/* RFC 8976, A.1: the digest is the RFC's. */
static void zonemd_rfc(struct made *m)
{
	made_free(m);
	made_open(m, "example.", "@ 86400 SOA ns1 admin 2018031900 1800 900 604800 "
		  "86400\n@ 86400 NS ns1\n@ 86400 NS ns2\n@ 86400 ZONEMD 2018031900 1 1 "
		  "c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3a1ddc0b9a87153b9a9713b3c9ae5cc27"
		  "777f98b8e730044c\nns1 3600 A 203.0.113.63\nns2 3600 AAAA "
		  "2001:db8::63\n");
}

static void digest_rr(EVP_MD_CTX *ctx, const struct made_rr *r)
{
	u8 head[10] = { (u8)(r->type >> 8), (u8)r->type, 0, 1, (u8)(r->ttl >> 24),
		(u8)(r->ttl >> 16), (u8)(r->ttl >> 8), (u8)r->ttl, (u8)(r->len >> 8),
		(u8)r->len };

	EVP_DigestUpdate(ctx, r->owner, strlen((const char *)r->owner) + 1);
	EVP_DigestUpdate(ctx, head, 10);
	EVP_DigestUpdate(ctx, r->rdata, r->len);
}

/* Records are written in canonical order, so that they are digested as they stand. */
static void zonemd_mixed(struct made *m)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	u8 rdata[70] = { 0, 0, 0, 1, 1, 2 };

	made_free(m);
	made_open(m, "example.", "@ NS ns1\n@ SOA ns1 mail 1 2 3 4 5\na 60 A 192.0.2.1\n"
		  "a 70 A 192.0.2.2\nns1 A 192.0.2.3\n");
	must(EVP_DigestInit_ex(ctx, EVP_sha512(), NULL));
	for (u32 i = 0; i < m->count; i++)
		digest_rr(ctx, &m->rr[i]);
	must(EVP_DigestFinal_ex(ctx, rdata + 6, NULL));
	EVP_MD_CTX_free(ctx);
	made_raw(m, "example.", TYPE_ZONEMD, 60, rdata, 70);
}

static void nothing(struct made *m) { (void)m; }

#define ROOT_ANCHOR(zone, from, until, digest)                                 \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TrustAnchor id=\"a\" " \
	"source=\"b\">\n" \
	"<!-- one --><Zone>" zone "</Zone>\n<KeyDigest id=\"x\" validFrom=\"" from "\"" until ">" \
	"<KeyTag>1</KeyTag><Algorithm>13</Algorithm><DigestType>2</DigestType><Digest>" \
	digest "</Digest></KeyDigest></TrustAnchor>\n"
#define DIGEST64 "1111111111111111111111111111111111111111111111111111111111111111"

static const struct fault faults[] = {
	{ "unsigned", "no keys", nothing, NULL, NONE, .without_keys = true },
	{ "no-dnskey", "DNSKEY gone", NULL, drop_keys },
	{ "no-signatures", "RRSIG gone", NULL, drop_signatures },
	{ "not-at-apex", "CDS at www", cds_elsewhere },
	{ "limit", "21 signatures of a set", NULL, more_signatures },
	{ "limit", "keys", NULL, NULL, NSEC, "dnssec:\n  keys: 1\n" },
	{ "limit", "a set of more than a kilooctet", large_set, NULL, NSEC,
	  "dnssec:\n  set-size: 1k\n" },
	{ "limit", "colliding keys", colliding_key, sign_by_other, NSEC,
	  "dnssec:\n  collisions: 3\n" },
	{ "limit", "hashes", NULL, NULL, NSEC3_OLD, "dnssec:\n  hashes: 10\n" },
	{ "limit", "iterations", NULL, NULL, NSEC3_OLD, "dnssec:\n  iterations: 1\n" },
	{ "limit", "chains", NULL, nsec3_chains, NSEC3 },
	{ "key-malformed", "10 octets", short_key },
	{ "key-malformed", "no octets", no_key },
	{ "key-protocol", "protocol 2", protocol_2 },
	{ "key-not-zone", "flags 0", not_zone },
	{ "key-flags", "flags 258", odd_flags },
	{ "key-revoked", "flags 385", revoked_key, sign_keys_by_revoked },
	{ "revoked-signs", "flags 385", revoked_key, sign_by_other },
	{ "revoked-silent", "flags 385", revoked_key },
	{ "no-zone-key", "protocol 2", only_protocol_2, .without_keys = true },
	{ "no-sep", "flags 256", zone_keys_only, .without_keys = true },
	{ "key-tag-collision", "words changed places", colliding_key },
	{ "key-twice", "256 and 257", twice },
	{ "key-unused", "a third key", unused_key },
	{ "algorithm-forbidden", "12", gost_key },
	{ "algorithm-sha1", "7", rsa_sha1 },
	{ "algorithm-discouraged", "10", rsa_sha512 },
	{ "algorithm-unknown", "200", odd_key },
	{ "key-small", "768", rsa_768 },
	{ "key-short", "1024", rsa_1024 },
	{ "key-large", "8192", rsa_large },
	{ "key-exponent", "3", rsa_e3 },
	{ "key-exponent", "1", rsa_e1 },
	{ "key-exponent", "even", rsa_e2 },
	{ "key-exponent", "zeros before it", rsa_zeros },
	{ "key-weak", "small factor", rsa_small_factor },
	{ "key-weak", "close primes", rsa_close },
	{ "key-weak", "ROCA", rsa_roca },
	{ "key-shared", "one modulus", rsa_same },
	{ "key-shared", "one factor", rsa_shared },
	{ "signature-missing", "RRSIG gone", NULL, drop_www },
	{ "signature-missing", "RRSIG gone, NSEC3", NULL, drop_www, NSEC3 },
	{ "zone-refused", "40 without", many_sets, strip },
	{ "zone-refused", "all expired", many_sets, NULL, NSEC, NULL, END + 1 },
	{ "signature-bad", "a bit in it", NULL, spoil },
	{ "signature-bad", "of the keys", NULL, spoil_keys },
	{ "signature-bad", "a bit in the record", NULL, change_record },
	{ "signature-expired", "later", NULL, NULL, NSEC, NULL, END + 1 },
	{ "signature-early", "before", NULL, NULL, NSEC, NULL, MADE_AT - DAY - 1 },
	{ "signature-dates", "ends before it begins", NULL, dates },
	{ "signature-malformed", "nothing behind the tag", NULL, no_signature },
	{ "signature-signer", "another name", NULL, signer_name },
	{ "signature-labels", "9", NULL, labels_up },
	{ "signature-labels", "out of a wildcard", expanded, expand },
	{ "signature-no-key", "another tag", NULL, tag },
	{ "signature-unchecked", "algorithm 12", gost_key, gost_signature },
	{ "signature-unneeded", "NS of a cut", NULL, sign_cut },
	{ "signature-unneeded", "glue", NULL, sign_glue },
	{ "signature-orphan", "MX", NULL, sign_nothing },
	{ "algorithm-incomplete", "15 does not sign", second_algorithm },
	{ "original-ttl", "60", NULL, lower_ttl },
	{ "signature-ttl", "60", NULL, other_ttl },
	{ "signature-ends-in-cache", "half an hour", NULL, NULL, NSEC, NULL, END - 1800 },
	{ "signature-ends-soon", "half an hour", NULL, NULL, NSEC, NULL, END - 1800 },
	{ "soa-expire", "10 days", NULL, NULL, NSEC, NULL, END - 10 * DAY },
	{ "validity-long", "30 days", NULL, NULL, NSEC,
	"dnssec:\n  validity-max: 10d\n" },
	{ "validity-short", "30 days", NULL, NULL, NSEC, "dnssec:\n  validity-min: "
	"60d\n" },
	{ "no-denial", "none", NULL, NULL, NONE },
	{ "both-denials", "both", NULL, NULL, BOTH },
	{ "denial-ttl", "NSEC", high_ttl },
	{ "denial-ttl", "NSEC3", high_ttl, NULL, NSEC3 },
	{ "nsec-missing", "www", NULL, nsec_drop },
	{ "nsec-unneeded", "glue", NULL, nsec_at_glue },
	{ "nsec-unneeded", "nothing else", NULL, nsec_alone },
	{ "nsec-multiple", "www", NULL, nsec_twice },
	{ "nsec-chain", "ns1", NULL, nsec_next },
	{ "nsec-bitmap", "www", NULL, nsec_bitmap },
	{ "nsec3-missing", "www", NULL, nsec3_drop, NSEC3 },
	{ "nsec3-missing", "ent", NULL, nsec3_drop_ent, NSEC3 },
	{ "nsec3-missing", "ent, opt-out", NULL, nsec3_drop_ent, NSEC3_OPT },
	{ "nsec3-missing", "sub, opt-out", NULL, nsec3_drop_ds, NSEC3_OPT },
	{ "nsec3-orphan", "a hash", NULL, nsec3_orphan, NSEC3 },
	{ "nsec3-multiple", "www", NULL, nsec3_twice, NSEC3 },
	{ "nsec3-chain", "www", NULL, nsec3_next, NSEC3 },
	{ "nsec3-bitmap", "www", NULL, nsec3_bitmap, NSEC3 },
	{ "nsec3-malformed", "z is no digit", NULL, nsec3_owner, NSEC3 },
	{ "nsec3-flags", "64", NULL, nsec3_flags, NSEC3 },
	{ "nsec3-hash", "2", NULL, nsec3_hash, NSEC3 },
	{ "nsec3-no-param", "gone", NULL, nsec3_no_param, NSEC3 },
	{ "nsec3-no-chain", "another salt", NULL, nsec3_no_chain, NSEC3 },
	{ "nsec3-param-flags", "128", NULL, nsec3_param_flags, NSEC3 },
	{ "nsec3-second-chain", "salt q", NULL, nsec3_second, NSEC3 },
	{ "nsec3-iterations", "10", NULL, NULL, NSEC3_OLD },
	{ "nsec3-salt", "3 octets", NULL, NULL, NSEC3_OLD },
	{ "nsec3-optout", "one", NULL, NULL, NSEC3_OPT },
	{ "nsec3-algorithm", "5", rsa_sha1_old, NULL, NSEC3 },
	{ "cds-delete", "0 0 0 00", cds_delete, sign_wishes },
	{ "cds-mixed", "both", cds_mixed, sign_wishes },
	{ "cds-malformed", "algorithm 0", cds_malformed, sign_wishes },
	{ "cds-no-key", "a key not there", cds_other, sign_wishes },
	{ "cds-mismatch", "KSK and ZSK", cds_disagree, sign_wishes },
	{ "cds-unsigned", "by the ZSK only", cds_good },
	{ "cds-digest", "SHA-1", cds_sha1, sign_wishes },
	{ "cds-breaks", "ZSK", cds_zsk, sign_wishes },
	{ "zonemd-wrong", "zeros", zonemd_wrong },
	{ "zonemd-serial", "7", zonemd_serial },
	{ "zonemd-repeated", "two", zonemd_repeated },
	{ "zonemd-unsupported", "scheme 240", zonemd_unknown },
	{ "zonemd-length", "15 octets", zonemd_length },
	{ "zonemd-ttls", "60 and 70", zonemd_mixed, NULL, NONE, .without_keys = true },
	{ "zonemd-good", "RFC 8976, A.1", zonemd_rfc, NULL, NONE, .without_keys = true },
	{ "anchor-malformed", "a line", .anchors = "example. IN DS 1 2\n" },
	{ "anchor-malformed", "another type", .anchors = "example. IN A 192.0.2.1\n" },
	{ "anchor-malformed", "an include", .anchors = "$INCLUDE /etc/passwd\n" },
	{ "anchor-malformed", "a doctype", .anchors = "<!DOCTYPE a><TrustAnchor/>" },
	{ "anchor-malformed", "an entity",
	  .anchors = ROOT_ANCHOR("&a;", "2010-07-15T00:00:00Z", "", DIGEST64) },
	{ "anchor-none", "another zone", .anchors = "test. IN DS 1 13 2 " DIGEST64 "\n" },
	{ "anchor-times", "over", .anchors = ROOT_ANCHOR("example.",
	"2010-07-15T00:00:00+00:00",
	  " validUntil=\"2011-07-15T00:00:00+00:00\"", DIGEST64) },
	{ "anchor-none", "over", .anchors = ROOT_ANCHOR("example.",
	"2010-07-15T00:00:00+00:00",
	  " validUntil=\"2011-07-15T00:00:00+00:00\"", DIGEST64) },
	{ "anchor-no-key", "no key", .anchors = "example. IN DS 1 13 2 " DIGEST64 "\n" },
	{ "anchor-broken", "no key", .anchors = ROOT_ANCHOR("example",
	"2010-07-15T00:00:00Z", "",
	  DIGEST64) },
	{ "anchor-silent", "ZSK", .anchors = "zsk" },
	{ "anchor-digest", "SHA-1", .anchors = "example. DS 1 13 1 "
	  "0123456789012345678901234567890123456789" },
};

/* ---- running them ---- */

static bool fired[DNSSEC_ROWS];

static int setup(void **state)
{
	(void)state;
	signer_make(&ksk, SIG_ECDSA_P256, 0);
	signer_make(&zsk, SIG_ECDSA_P256, 0);
	signer_make(&other, SIG_ED25519, 0);
	return sig_prepare();
}

static int teardown(void **state)
{
	(void)state;
	signer_end(&ksk);
	signer_end(&zsk);
	signer_end(&other);
	return 0;
}

static void add_denial(struct made *m, enum denial denial)
{
	if (denial == NSEC || denial == BOTH)
		made_nsec(m);
	if (denial == NSEC3 || denial == BOTH)
		made_nsec3(m, 0, "", false);
	if (denial == NSEC3_OPT)
		made_nsec3(m, 0, "", true);
	if (denial == NSEC3_OLD)
		made_nsec3(m, 10, "abc", false);
}

/* A sound zone with one fault. */
static struct zone *faulty(const struct fault *f)
{
	struct made m;
	struct zone *z;

	made_open(&m, "example.", zone_text_plain);
	if (!f->without_keys) {
		made_key(&m, &ksk, 257);
		made_key(&m, &zsk, 256);
	}
	if (f->before != high_ttl && f->before)
		f->before(&m);
	add_denial(&m, f->denial);
	if (f->before == high_ttl)
		high_ttl(&m);
	if (!f->without_keys || f->before == zone_keys_only ||
		f->before == only_protocol_2) {
		made_sign(&m, &ksk, MADE_KEYS);
		made_sign(&m, &zsk, MADE_OTHERS);
	}
	if (f->after)
		f->after(&m);
	z = made_zone(&m);
	made_free(&m);
	return z;
}

static char *anchor_of(const struct signer *s, char to[400])
{
	u8 apex[] = "\7example", digest[64];
	int n = sig_ds_digest(2, apex, sizeof apex, s->rdata, s->rdlen, digest), at;

	at = snprintf(to, 400, "example. IN DS %u %u 2 ", sig_key_tag(s->rdata, s->rdlen),
		      s->rdata[3]);
	for (int i = 0; i < n; i++)
		at += snprintf(to + at, 400u - (unsigned)at, "%02X", digest[i]);
	return to;
}

static void look(struct said *said, const struct fault *f, unsigned threads)
{
	struct zone *z = faulty(f);
	struct audit_input input = { .at = 0 };
	struct zone_look how = { .at = f->at, .options = f->options, .input = &input,
		.threads = threads };
	char line[400];
	const char *anchors = f->anchors;

	if (anchors && strcmp(anchors, "zsk") == 0)
		anchors = anchor_of(&zsk, line);
	else if (anchors && strcmp(anchors, "ksk") == 0)
		anchors = anchor_of(&ksk, line);
	if (anchors)
		input.files[AUDIT_FILE_ANCHORS] = (struct audit_file){ "anchors",
			(const u8 *)anchors, strlen(anchors) };
	zone_look(said, &family_dnssec, z, &how);
	zone_free(z);
}

static void test_faults(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (unsigned i = 0; i < COUNT(faults); i++) {
		struct said said = { 0 };
		char row[64];

		snprintf(row, sizeof row, "dnssec.%s", faults[i].row);
		look(&said, &faults[i], 1);
		if (said_find(&said, row, NULL) == NULL) {
			wrong++;
			printf("%s (%s) does not fire; said is:\n", row, faults[i].name);
			said_print(&said);
		}
		for (unsigned r = 0; r < DNSSEC_ROWS; r++)
			fired[r] |= strcmp(dnssec_rows[r].id, row) == 0;
		said_free(&said);
	}
	assert_int_equal(wrong, 0);
}

static void test_every_row(void **state)
{
	unsigned without = 0;

	(void)state;
	for (unsigned r = 0; r < DNSSEC_ROWS; r++)
		if (!fired[r] && ++without)
			printf("no case makes %s fire\n", dnssec_rows[r].id);
	assert_int_equal(without, 0);
}

/* What a sound zone may say: only rows that stand in `allowed`. */
static void sound(const struct fault *f, const char *allowed, unsigned threads)
{
	struct said said = { 0 };
	bool bad = false;

	look(&said, f, threads);
	for (u32 i = 0; i < said.count; i++)
		bad |= allowed == NULL || strcmp(said.at[i].rule + 7, allowed);
	if (bad)
		said_print(&said);
	assert_false(bad);
	said_free(&said);
}

static void test_sound(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 4; threads += 3) {
		sound(&(struct fault){ .denial = NSEC }, NULL, threads);
		sound(&(struct fault){ .denial = NSEC3 }, NULL, threads);
		sound(&(struct fault){ .denial = NSEC3_OPT }, "nsec3-optout", threads);
		sound(&(struct fault){ .before = cds_good, .after = sign_wishes }, NULL,
			threads);
		sound(&(struct fault){ .anchors = "ksk" }, NULL, threads);
		sound(&(struct fault){ .anchors = "ksk", .at = END - 15 * DAY }, NULL,
			threads);
	}
}

static void spoil_two(struct made *m)
{
	sig(m, "www.example.", TYPE_A)->rdata[60] ^= 1;
	sig(m, "www.example.", TYPE_TXT)->rdata[60] ^= 1;
	sig(m, "www.example.", TYPE_NSEC)->rdata[60] ^= 1;
}

static void drop_two(struct made *m)
{
	made_drop(m, "www.example.", TYPE_RRSIG, TYPE_A);
	made_drop(m, "www.example.", TYPE_RRSIG, TYPE_TXT);
}

/* Each bad set of a name is told; the first with the id that it has alone. */
static void test_sets(void **state)
{
	struct said one = { 0 }, all = { 0 };
	const struct finding *f;

	(void)state;
	look(&one, &(struct fault){ .after = spoil }, 1);
	look(&all, &(struct fault){ .after = spoil_two }, 1);
	assert_int_equal(said_count(&one, "dnssec.signature-bad"), 1);
	assert_int_equal(said_count(&all, "dnssec.signature-bad"), 3);
	f = said_find(&all, "dnssec.signature-bad", "www.example");
	assert_string_equal(f->id, said_find(&one, "dnssec.signature-bad", NULL)->id);
	f = said_find(&all, "dnssec.signature-bad", "www.example TXT");
	assert_non_null(f);
	assert_string_equal(f->subject_kind, AUDIT_SET);
	assert_non_null(said_find(&all, "dnssec.signature-bad", "www.example NSEC"));
	look(&all, &(struct fault){ .after = drop_two }, 1);
	assert_non_null(said_find(&all, "dnssec.signature-missing", "www.example"));
	assert_non_null(said_find(&all, "dnssec.signature-missing", "www.example TXT"));
	assert_int_equal(said_count(&all, "dnssec.zone-refused"), 0);
	said_free(&one);
	said_free(&all);
}

/* Stripped: the zone is told, what it lost is counted, and the first are named. */
static void test_stripped(void **state)
{
	const struct finding *f;
	struct said s = { 0 };

	(void)state;
	look(&s, &(struct fault){ .before = many_sets, .after = strip }, 1);
	assert_non_null(f = said_find(&s, "dnssec.zone-refused", "example"));
	assert_int_equal(said_value(f, "missing"), s.cases[DNSSEC_MISSING]);
	assert_int_equal(said_count(&s, "dnssec.signature-missing"), REFUSED_LEAST);
	assert_true(said_value(f, "missing") >= 40 && said_value(f, "not_holding") == 0);
	assert_int_equal(f->related_count, DNSSEC_EXAMPLES);
	assert_string_equal(f->related[1].name, "t1.example");
	assert_string_equal(f->related[1].note, "TXT");
	look(&s, &(struct fault){ .before = many_sets, .after = strip,
				  .options = "dnssec:\n  refused: 90%\n" }, 1);
	assert_int_equal(said_count(&s, "dnssec.zone-refused"), 0);
	said_free(&s);
}

/* The same zone gives the same findings with any number of threads. */
static void test_threads(void **state)
{
	const struct fault f = { .after = more_signatures, .denial = NSEC3_OPT,
		.at = END + 1 };
	struct said one = { 0 }, four = { 0 };

	(void)state;
	signer_end(&zsk);	/* ECDSA draws: another zone otherwise */
	signer_make(&zsk, SIG_ED25519, 0);
	signer_end(&ksk);
	signer_make(&ksk, SIG_ED25519, 0);
	look(&one, &f, 1);
	look(&four, &f, 4);
	assert_int_equal(one.count, four.count);
	assert_true(one.count > 3);
	for (u32 i = 0; i < one.count; i++)
		assert_string_equal(one.at[i].id, four.at[i].id);
	said_free(&one);
	said_free(&four);
}

/* Zones without what checks rest on must not crash. */
static void test_bare(void **state)
{
	static const char *const texts[] = {
		"", "a A 192.0.2.1\n", "@ NS ns1\n", "@ DNSKEY 256 3 13 AAAA\n",
		"@ RRSIG A 13 1 1 1 1 1 example. AAAA\n", "@ NSEC example. A\n",
		"@ DNAME x.test.\n@ DNSKEY 256 3 13 AAAA\nb A 192.0.2.1\n"
		"b RRSIG A 13 1 1 1 1 1 example. AAAA\n",
		"@ ZONEMD 1 1 1 00\n", "@ CDS 0 0 0 00\n@ CDNSKEY 0 3 0 AA==\n",
		"@ NSEC3PARAM 1 0 0 -\n@ DNSKEY 256 3 13 AAAA\n@ RRSIG SOA 13 1 1 1 1 1 "
		". AAAA\n",
		"out.test. A 192.0.2.1\nout.test. RRSIG A 13 1 1 1 1 1 example. AAAA\n"
		"@ DNSKEY 256 3 13 AAAA\n",
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(texts); i++) {
		struct zone *z = zone_of("example.", texts[i]);
		struct audit_input input = { .files[AUDIT_FILE_ANCHORS] = { "anchors",
			(const u8 *)"<", 1 } };
		struct said said = { 0 };

		zone_look(&said, &family_dnssec, z,
			&(struct zone_look){ .input = &input });
		said_free(&said);
		zone_free(z);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults), cmocka_unit_test(test_every_row),
		cmocka_unit_test(test_sound), cmocka_unit_test(test_threads),
		cmocka_unit_test(test_bare), cmocka_unit_test(test_sets),
		cmocka_unit_test(test_stripped),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
