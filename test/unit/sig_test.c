/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_test.c - keys and signatures: the examples of the RFCs, every algorithm with keys of
 * our own, each way in which a key or signature can be malformed, sizes that would cost too
 * much, threads that share keys, and that nothing is opened behind the walls.
 *
 * What our own arithmetic for P-256 does is in sig_ecdsa_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/base.h"
#include "dns/name.h"
#include "run/job.h"
#include "sig_make.h"
#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

/* ---- the examples of RFC 5702, 6605 and 8080 ---- */

struct example {
	const char *name, *signer;
	u16 flags;
	u8 algorithm, labels;
	u16 tag;
	u32 expiration, inception;
	const char *key, *sig;
	u8 ds_type;
	const char *ds;
};

/* RFC 8080's own signatures were made over other octets; these are of errata 4935, 4936. */
static const struct example examples[] = {
	{ "RFC 5702, 6.1", "example.net", 256, 8, 3, 9033, 1893456000, 946684800,
	  "AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp"
	  "6p/DlUmObdk=",
	  "kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiV"
	  "YP4bwg==", 0, NULL },
	{ "RFC 5702, 6.2", "example.net", 256, 10, 3, 3740, 1893456000, 946684800,
	  "AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13"
	  "tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY1"
	  "2ZTSncorffcGmhOL",
	  "tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzE"
	  "Wzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk"
	  "0fthPgxdDLw=", 0, NULL },
	{ "RFC 6605, 6.1", "example.net", 257, 13, 3, 55648, 1284026679, 1281607479,
	  "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQ"
	  "Lc8NAA==",
	  "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep"
	  "666VCw==", 2, "b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17" },
	{ "RFC 6605, 6.2", "example.net", 257, 14, 3, 10771, 1284027625, 1281608425,
	  "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrb"
	  "YQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
	  "/L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKay"
	  "JNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm", 4,
	  "72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405"
	  "c3008a946df983d6" },
	{ "RFC 8080, 6.1", "example.com", 257, 15, 2, 3613, 1440021600, 1438207200,
	  "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
	  "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngw"
	  "crqNAg==", 2, "3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b" },
	{ "RFC 8080, 6.1, the second", "example.com", 257, 15, 2, 35217, 1440021600, 1438207200,
	  "zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=",
	  "zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5"
	  "k2pcBg==", 2, "401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c" },
	{ "RFC 8080, 6.2", "example.com", 257, 16, 2, 9713, 1440021600, 1438207200,
	  "3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA",
	  "3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGIL"
	  "n/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA", 2,
	  "6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2b19c7" },
	{ "RFC 8080, 6.2, the second", "example.com", 257, 16, 2, 38353, 1440021600, 1438207200,
	  "kkreGWoccSDmUBGAe7+zsbG6ZAFQp+syPmYUurBRQc3tDjeMCJcVMRDmgcNLp5HlHAMy12VoISsA",
	  "E1/oLjSGIbmLny/4fcgM1z4oL6aqo+izT3urCyHyvEp4Sp8Syg1eI+lJ57CSnZqjJP41O/9l4m0AsQ4f"
	  "7qI1gVnML8vWWiyW2KXhT9kuAICUSxv5OWbf81Rq7Yu60npabODB0QFPb/rkW3kUZmQ0YQUA", 0, NULL },
};

static u32 put(u8 *to, u32 at, const void *from, u32 n)
{
	memcpy(to + at, from, n);
	return at + n;
}

static u32 put_number(u8 *to, u32 at, u64 v, u32 octets)
{
	for (u32 i = 0; i < octets; i++)
		to[at + i] = (u8)(v >> 8 * (octets - 1 - i));
	return at + octets;
}

static u32 put_name(u8 *to, u32 at, const char *text)
{
	int n = name_parse(text, to + at);

	must(n > 0);
	return at + (u32)n;
}

/* The record that the examples sign: an A for three labels, an MX for two. */
static u32 put_record(u8 *to, u32 at, const struct example *e)
{
	bool a = e->labels == 3;
	u32 len;

	at = put_name(to, at, a ? "www.example.net" : "example.com");
	at = put_number(to, at, a ? 1 : 15, 2);
	at = put_number(to, at, 1, 2);
	at = put_number(to, at, 3600, 4);
	len = at;
	at += 2;
	if (a)
		at = put(to, at, (u8[]){ 192, 0, 2, e->expiration == 1893456000 ? 91 : 1 }, 4);
	else
		at = put_name(to, put_number(to, at, 10, 2), "mail.example.com");
	put_number(to, len, at - len - 2, 2);
	return at;
}

/* RFC 4034, 3.1.8.1 */
static u32 signed_octets(u8 *to, const struct example *e)
{
	u32 at = put_number(to, 0, e->labels == 3 ? 1 : 15, 2);

	at = put_number(to, at, e->algorithm, 1);
	at = put_number(to, at, e->labels, 1);
	at = put_number(to, at, 3600, 4);
	at = put_number(to, at, e->expiration, 4);
	at = put_number(to, at, e->inception, 4);
	at = put_number(to, at, e->tag, 2);
	at = put_name(to, at, e->signer);
	return put_record(to, at, e);
}

static u32 key_octets(u8 *to, const struct example *e)
{
	put_number(to, 0, e->flags, 2);
	to[2] = 3;
	to[3] = e->algorithm;
	return 4 + base64_read(e->key, to + 4);
}

static int check_one(struct sig_worker *w, const struct sig_key *k, const u8 *data, u32 len,
		     const u8 *sig, u32 sig_len)
{
	struct sig_check c = { .key = k, .data = data, .data_len = len, .sig = sig,
			       .sig_len = sig_len, .good = 77 };

	sig_check(w, &c, 1);
	return c.good;
}

static void example_holds(struct sig_worker *w, const struct example *e)
{
	u8 rdata[512], data[512], sig[512];
	u32 rdlen = key_octets(rdata, e), len = signed_octets(data, e);
	u32 sig_len = base64_read(e->sig, sig);
	struct sig_key *k;

	assert_int_equal(sig_key_tag(rdata, rdlen), e->tag);
	assert_int_equal(sig_key_open(&k, rdata, rdlen, 1), 0);
	assert_int_equal(check_one(w, k, data, len, sig, sig_len), 1);
	for (u32 i = 0; i < sig_len; i++) {
		sig[i] ^= 1;
		assert_int_equal(check_one(w, k, data, len, sig, sig_len), 0);
		sig[i] ^= 1;
	}
	data[len - 1] ^= 1;
	assert_int_equal(check_one(w, k, data, len, sig, sig_len), 0);
	data[len - 1] ^= 1;
	assert_int_equal(check_one(w, k, data, len, sig, sig_len), 1);
	sig_key_free(k);
}

static void rfc_examples(void **state)
{
	struct sig_worker *w;

	(void)state;
	assert_int_equal(sig_worker_make(&w), 0);
	for (unsigned i = 0; i < COUNT(examples); i++)
		example_holds(w, &examples[i]);
	assert_int_equal(sig_worker_count(w)->odd, 0);
	sig_worker_free(w);
}

/* ---- behind the walls ---- */

/* Everything that an auditor does with signatures: those of the examples that are good. */
static void *examples_locked_up(void *good)
{
	u8 rdata[512], data[512], sig[512], ds[64];
	struct sig_worker *w;
	struct sig_key *k;

	*(unsigned *)good = 0;
	if (sig_worker_make(&w))
		return NULL;
	for (unsigned i = 0; i < COUNT(examples); i++) {
		u32 len = signed_octets(data, &examples[i]);
		u32 rdlen = key_octets(rdata, &examples[i]);
		u32 sig_len = base64_read(examples[i].sig, sig);

		if (sig_key_open(&k, rdata, rdlen, i % 2 ? 1 : 1000))
			continue;
		*(unsigned *)good += check_one(w, k, data, len, sig, sig_len) == 1 &&
				     sig_ds_digest(1, rdata, 1, rdata, rdlen, ds) == 20 &&
				     sig_ds_digest(4, rdata, 1, rdata, rdlen, ds) == 48;
		sig_key_free(k);
	}
	sig_worker_free(w);
	return NULL;
}

static int locked_up(int socket, struct job_note *note, void *arg)
{
	pthread_t t[2];
	unsigned good[3] = { 0 };

	(void)socket;
	(void)note;
	(void)arg;
	for (unsigned i = 0; i < 2; i++)
		if (pthread_create(&t[i], NULL, examples_locked_up, &good[i]))
			return 100;
	for (unsigned i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	examples_locked_up(&good[2]);
	return (int)(good[0] + good[1] + good[2]);
}

/* Runs first: the process has done nothing with libcrypto but sig_prepare(). */
static void behind_the_walls(void **state)
{
	struct job_setup s = { .run = locked_up, .threads = 2 };
	struct job j;

	(void)state;
	assert_int_equal(job_start(&j, &s), 0);
	assert_int_equal(job_end(&j), 3 * COUNT(examples));
	job_free(&j);
}

/* ---- tags and digests ---- */

static void digest_is(u8 type, const char *owner, const u8 *rdata, u32 rdlen,
		      const char *hex)
{
	u8 wire[255], got[64];
	int n = name_parse(owner, wire), len;
	char text[129] = "";

	len = sig_ds_digest(type, wire, (unsigned)n, rdata, rdlen, got);
	assert_int_equal(len * 2, (int)strlen(hex));
	for (int i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", got[i]);
	assert_string_equal(text, hex);
}

static void tags_and_digests(void **state)
{
	/* RFC 4034, 5.4; the second digest: RFC 4509, 2.3 */
	u8 rdata[512] = { 1, 0, 3, 5 }, to[64];
	u32 n = 4 + base64_read("AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9B"
		"MzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM"
		"9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==", rdata + 4);

	(void)state;
	assert_int_equal(sig_key_tag(rdata, n), 60485);
	digest_is(1, "dskey.example.com", rdata, n, "2bb183af5f22588179a53b0a98631fad1a292118");
	digest_is(2, "dskey.example.com", rdata, n,
		  "d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a");
	for (unsigned type = 0; type < 256; type++)
		if (type != 1 && type != 2 && type != 4)
			assert_int_equal(sig_ds_digest((u8)type, rdata, 1, rdata, n, to),
					 OOPS_UNKNOWN);
	for (unsigned i = 0; i < COUNT(examples); i++) {
		n = key_octets(rdata, &examples[i]);
		if (examples[i].ds)
			digest_is(examples[i].ds_type, examples[i].signer, rdata, n,
				  examples[i].ds);
	}
	/* RFC 4034, B.1: of algorithm 1 the tag is the modulus's third and second last octet */
	assert_int_equal(sig_key_tag((u8[]){ 1, 0, 3, 1, 1, 3, 9, 8, 7, 6 }, 10), 0x0807);
	assert_int_equal(sig_key_tag((u8[]){ 1, 0, 3 }, 3), 0x0400);
	assert_int_equal(sig_key_tag(NULL, 0), 0);
}

/* ---- every algorithm, with keys of our own ---- */

static const struct kind { u8 algorithm; u16 bits; } kinds[] = {
	{ SIG_RSASHA1, 1024 }, { SIG_RSASHA1_NSEC3, 1024 }, { SIG_RSASHA256, 2048 },
	{ SIG_RSASHA512, 1032 }, { SIG_ECDSA_P256, 256 }, { SIG_ECDSA_P384, 384 },
	{ SIG_ED25519, 255 }, { SIG_ED448, 448 },
};

static void malformed_is_not_good(struct sig_worker *w, const struct sig_key *k, u8 *sig,
				  u32 sig_len)
{
	static const u8 data[] = "x";
	static u8 zero[1024];

	for (u32 n = 0; n <= sig_len + 2; n++) {	/* room for two more is there */
		assert_int_equal(check_one(w, k, data, 1, sig, n), n == sig_len);
		assert_int_equal(check_one(w, k, data, 1, zero, n), 0);
	}
	assert_int_equal(check_one(w, k, data, 0, sig, sig_len), 0);
	assert_int_equal(check_one(w, k, data, 2, sig, sig_len), 0);
	memset(zero, 0xff, sizeof zero);
	assert_int_equal(check_one(w, k, data, 1, zero, sig_len), 0);
	memset(zero, 0, sizeof zero);
}

static void all_kinds(void **state)
{
	struct sig_worker *w;
	u8 sig[520];

	(void)state;
	assert_int_equal(sig_worker_make(&w), 0);
	for (unsigned i = 0; i < COUNT(kinds); i++) {
		struct signer s;
		struct sig_key *k;
		u32 n;

		signer_make(&s, kinds[i].algorithm, kinds[i].bits);
		assert_int_equal(sig_key_open(&k, s.rdata, s.rdlen, 1000), 0);
		assert_int_equal(sig_key_shape(k)->bits, kinds[i].bits);
		assert_int_equal(sig_key_shape(k)->algorithm, kinds[i].algorithm);
		n = signer_sign(&s, (const u8 *)"x", 1, sig);
		malformed_is_not_good(w, k, sig, n);
		sig_key_free(k);
		signer_end(&s);
	}
	assert_int_equal(sig_worker_count(w)->odd, 0);
	sig_worker_free(w);
}

/* More keys than a worker keeps contexts, all mixed in one call; each signature is also
 * given to a key that did not make it. */
static void many_keys(void **state)
{
	enum { KEYS = 40, EACH = 10 };
	static struct signer s[KEYS];
	static u8 sig[KEYS * EACH][512], data[KEYS * EACH][8];
	static struct sig_check c[2 * KEYS * EACH];
	struct sig_key *k[KEYS];
	struct sig_worker *w;

	(void)state;
	for (unsigned i = 0; i < KEYS; i++) {
		const struct kind *kind = &kinds[i % COUNT(kinds)];

		signer_make(&s[i], kind->algorithm, 1024);
		assert_int_equal(sig_key_open(&k[i], s[i].rdata, s[i].rdlen, 1000), 0);
	}
	for (unsigned j = 0; j < KEYS * EACH; j++) {
		unsigned i = j % KEYS;

		put_number(data[j], 0, j, 8);
		c[2 * j] = (struct sig_check){ k[i], data[j], 8, sig[j], 0, 77 };
		c[2 * j].sig_len = signer_sign(&s[i], data[j], 8, sig[j]);
		c[2 * j + 1] = c[2 * j];
		c[2 * j + 1].key = k[(i + COUNT(kinds)) % KEYS];
	}
	assert_int_equal(sig_worker_make(&w), 0);
	sig_check(w, c, COUNT(c));
	for (unsigned j = 0; j < COUNT(c); j++)
		assert_int_equal(c[j].good, j % 2 == 0);
	assert_int_equal(sig_worker_count(w)->checks, COUNT(c));
	assert_int_equal(sig_worker_count(w)->odd, 0);
	sig_worker_free(w);
	for (unsigned i = 0; i < KEYS; i++) {
		sig_key_free(k[i]);
		signer_end(&s[i]);
	}
}

/* ---- keys that are none, or too large ---- */

static int open_rc(const u8 *rdata, u32 len)
{
	struct sig_key *k = NULL;
	int rc = sig_key_open(&k, rdata, len, 1000);

	assert_true(rc == 0 || k == NULL);
	sig_key_free(k);
	return rc;
}

/* The rc of an RSA key whose exponent and modulus are all ones, of these bits. */
static int rsa_rc(u32 e_bits, u32 n_bits)
{
	static u8 rdata[70000], e[8192], n[8192];

	memset(e, 0xff, sizeof e);
	memset(n, 0xff, sizeof n);
	e[0] = (u8)(0xff >> (8 - e_bits % 8) % 8);
	n[0] = (u8)(0xff >> (8 - n_bits % 8) % 8);
	return open_rc(rdata, rsa_rdata(rdata, 8, e, (e_bits + 7) / 8, n, (n_bits + 7) / 8));
}

static void rsa_sizes(void **state)
{
	clock_t begun = clock();

	(void)state;
	assert_int_equal(rsa_rc(17, 511), OOPS_FORMAT);
	assert_int_equal(rsa_rc(17, 512), 0);
	assert_int_equal(rsa_rc(17, 4096), 0);
	assert_int_equal(rsa_rc(17, 4097), OOPS_LIMIT);
	assert_int_equal(rsa_rc(17, 16384), OOPS_LIMIT);
	assert_int_equal(rsa_rc(17, 65536), OOPS_LIMIT);
	assert_int_equal(rsa_rc(64, 4096), 0);
	assert_int_equal(rsa_rc(65, 1024), OOPS_LIMIT);
	assert_int_equal(rsa_rc(4095, 4096), OOPS_LIMIT);
	assert_int_equal(rsa_rc(16384, 2048), OOPS_LIMIT);
	assert_true(clock() - begun < CLOCKS_PER_SEC);
}

static void bad_keys(void **state)
{
	u8 rdata[600] = { 1, 0, 3, 8, 1, 3 }, n[256];
	struct sig_shape shape;

	(void)state;
	memset(n, 0xff, sizeof n);
	for (unsigned a = 0; a < 256; a++) {
		bool known = a == 5 || a == 7 || a == 8 || a == 10 || (a >= 13 && a <= 16);

		for (u32 len = 0; len < 4; len++)
			assert_int_equal(open_rc((u8[]){ 1, 0, 3, (u8)a }, len), OOPS_FORMAT);
		assert_int_equal(open_rc((u8[]){ 1, 0, 3, (u8)a }, 4),
				 known ? OOPS_FORMAT : OOPS_UNKNOWN);
	}
	/* another protocol; an even modulus, an even exponent, neither, none */
	assert_int_equal(open_rc(rdata, rsa_rdata(rdata, 8, (u8[]){ 3 }, 1, n, 256)), 0);
	rdata[2] = 2;
	assert_int_equal(open_rc(rdata, 262), OOPS_FORMAT);
	assert_int_equal(open_rc(rdata, rsa_rdata(rdata, 8, (u8[]){ 2 }, 1, n, 256)), OOPS_FORMAT);
	assert_int_equal(open_rc(rdata, rsa_rdata(rdata, 8, (u8[]){ 0 }, 1, n, 256)), OOPS_FORMAT);
	n[255] = 0xfe;
	assert_int_equal(open_rc(rdata, rsa_rdata(rdata, 8, (u8[]){ 3 }, 1, n, 256)), OOPS_FORMAT);
	memset(n, 0, sizeof n);
	assert_int_equal(open_rc(rdata, rsa_rdata(rdata, 8, (u8[]){ 3 }, 1, n, 256)), OOPS_FORMAT);
	assert_int_equal(open_rc((u8[]){ 1, 0, 3, 8, 0, 0, 0, 1, 1 }, 9), OOPS_FORMAT);
	assert_int_equal(open_rc((u8[]){ 1, 0, 3, 8, 0, 1 }, 6), OOPS_FORMAT);
	/* points off the curve */
	memcpy(rdata, (u8[]){ 1, 0, 3, 13 }, 4);
	memset(rdata + 4, 0, 64);
	assert_int_equal(open_rc(rdata, 68), OOPS_FORMAT);
	memset(rdata + 4, 0xff, 64);
	assert_int_equal(open_rc(rdata, 68), OOPS_FORMAT);
	/* the shape tells how large a refused key is */
	n[0] = 0x80;
	assert_int_equal(sig_shape(rdata, rsa_rdata(rdata, 7, n, 255, n, 256), &shape), 0);
	assert_int_equal(shape.bits, 2048);
	assert_int_equal(shape.exponent_bits, 2040);
	assert_int_equal(shape.algorithm, 7);
}

/* RFC 3110, 2: the length of the exponent may take three octets, and zeros may lead. */
static void long_exponent_form(void **state)
{
	struct signer s;
	struct sig_key *k;
	struct sig_worker *w;
	u8 rdata[SIGNER_RDATA_MAX + 300], sig[512];
	u32 n;

	(void)state;
	signer_make(&s, SIG_RSASHA256, 1024);
	n = signer_sign(&s, (const u8 *)"x", 1, sig);
	assert_int_equal(s.rdata[4], 3);
	memcpy(rdata, s.rdata, 4);
	memset(rdata + 4, 0, 300);
	rdata[5] = 1;	/* 259 octets: 256 zeros, then the three */
	rdata[6] = 3;
	memcpy(rdata + 7 + 256, s.rdata + 5, s.rdlen - 5);
	assert_int_equal(sig_key_open(&k, rdata, s.rdlen + 258, 1), 0);
	assert_int_equal(sig_key_shape(k)->exponent_bits, 17);
	assert_int_equal(sig_worker_make(&w), 0);
	assert_int_equal(check_one(w, k, (const u8 *)"x", 1, sig, n), 1);
	sig_worker_free(w);
	sig_key_free(k);
	signer_end(&s);
}

/* ---- threads ---- */

enum { SHARED = 8, ROUNDS = 40 };
static struct shared {
	struct sig_key *key[SHARED];
	u8 sig[SHARED][512];
	u32 sig_len[SHARED];
} shared;

static void *share_keys(void *unused)
{
	struct sig_worker *w;
	struct sig_check c[2 * SHARED];

	(void)unused;
	must(sig_worker_make(&w) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < 2 * SHARED; i++)
			c[i] = (struct sig_check){ shared.key[i / 2],
				(const u8 *)(i % 2 ? "y" : "x"), 1,
				shared.sig[i / 2], shared.sig_len[i / 2], 77 };
		sig_check(w, c, COUNT(c));
		for (unsigned i = 0; i < 2 * SHARED; i++)
			must(c[i].good == (i % 2 == 0));
	}
	sig_worker_free(w);
	return NULL;
}

static void threads(void **state)
{
	pthread_t t[4];
	struct signer s;

	(void)state;
	for (unsigned i = 0; i < SHARED; i++) {
		signer_make(&s, kinds[i].algorithm, 1024);
		assert_int_equal(sig_key_open(&shared.key[i], s.rdata, s.rdlen, 1000), 0);
		shared.sig_len[i] = signer_sign(&s, (const u8 *)"x", 1, shared.sig[i]);
		signer_end(&s);
	}
	for (unsigned i = 0; i < COUNT(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, share_keys, NULL), 0);
	for (unsigned i = 0; i < COUNT(t); i++)
		pthread_join(t[i], NULL);
	for (unsigned i = 0; i < SHARED; i++)
		sig_key_free(shared.key[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(behind_the_walls),
		cmocka_unit_test(rfc_examples),
		cmocka_unit_test(tags_and_digests),
		cmocka_unit_test(all_kinds),
		cmocka_unit_test(many_keys),
		cmocka_unit_test(rsa_sizes),
		cmocka_unit_test(bad_keys),
		cmocka_unit_test(long_exponent_form),
		cmocka_unit_test(threads),
	};

	must(sig_prepare() == 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
