/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_data_test.c - the family "dnssec" on real zones whose state is known: signed
 * root zones, Knot DNS's validation tests, ZONEMD tests, trust anchors. They lie where
 * VEDETTE_DATA says; without them the tests leave themselves out. */
#include "zone_make.h"
#include "base/stamp.h"
#include "verify/dnssec.h"
#include "zone/read.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

extern const struct check_family family_dnssec;

static char path[4096];

static const char *file(const char *name)
{
	snprintf(path, sizeof path, "%s/zone/%s", getenv("VEDETTE_DATA"), name);
	return path;
}

static bool have_data(void)
{
	return getenv("VEDETTE_DATA") && access(file("root/EXPECTED.tsv"), R_OK) == 0;
}

static void count_trouble(void *to, const struct zone_trouble *t)
{
	u64 *cases = to;

	cases[t->kind]++;
}

/* A zone file as the program reads it. */
static struct zone *read_zone(const char *name, const char *origin, u64 *troubles)
{
	u8 wire[NAME_WIRE_MAX];
	struct zone_read_conf conf = { .name = name, .memory = 1ull << 30, .key = 1,
		.threads = 1,
		.trouble = count_trouble, .to = troubles };
	struct zone_read_result *result = calloc(1, sizeof *result);
	struct zone *z;
	int fd = open(file(name), O_RDONLY);

	assert_true(fd >= 0 && result);
	if (origin) {
		assert_true(name_parse(origin, wire) > 0);
		conf.origin = wire;
	}
	assert_int_equal(zone_read(&z, fd, &conf, result), 0);
	assert_int_equal(zone_seal(z), 0);
	free(result);
	close(fd);
	return z;
}

static u64 instant(const char *text)
{
	u64 ns;

	assert_int_equal(stamp_parse(text, &ns), 0);
	return ns / STAMP_NS;
}

static void look(struct said *said, const char *name, const char *origin, const char *at)
{
	u64 troubles[ZONE_TROUBLE_KINDS] = { 0 };
	struct zone *z = read_zone(name, origin, troubles);
	struct audit_input input = { .trouble_cases = troubles };
	struct zone_look how = { .at = instant(at), .input = &input, .threads = 2,
		.most = 20 };

	zone_look(said, &family_dnssec, z, &how);
	zone_free(z);
}

static u32 serious(const struct said *s)
{
	u32 n = 0;

	for (u32 i = 0; i < s->count; i++)
		n += s->at[i].severity >= SEVERITY_MEDIUM;
	return n;
}

static u64 cases(const struct said *s, enum dnssec_row row)
{
	return s->cases[row];
}

static void test_root(void **state)
{
	static const struct { const char *file, *good, *before, *after; } zones[] = {
		{ "root/root-20170821-signed.zone", "2017-08-23T00:00:00Z",
		  "2017-08-20T00:00:00Z", "2017-10-01T00:00:00Z" },
		{ "root/root-20140625-signed.zone", "2014-06-26T00:00:00Z",
		  "2014-06-20T00:00:00Z", "2014-08-01T00:00:00Z" },
	};
	struct said said = { 0 };

	(void)state;
	if (!have_data())
		skip();
	for (unsigned i = 0; i < COUNT(zones); i++) {
		look(&said, zones[i].file, NULL, zones[i].good);
		if (serious(&said))
			said_print(&said);
		assert_int_equal(serious(&said), 0);
		look(&said, zones[i].file, NULL, zones[i].before);
		assert_true(cases(&said, DNSSEC_EARLY) > 1000);
		look(&said, zones[i].file, NULL, zones[i].after);
		assert_true(cases(&said, DNSSEC_EXPIRED) > 1000);
	}
	look(&said, "root/root-20180312-norrsig.zone", NULL, "2018-03-12T00:00:00Z");
	assert_non_null(said_find(&said, "dnssec.no-signatures", "."));
	said_free(&said);
}

/* The good file of each pair has no fault, the other the one that it is named for. */
static void test_knot(void **state)
{
	static const struct { const char *name, *row; } pairs[] = {
		{ "bitmap.nsec", "dnssec.nsec-bitmap" }, { "bitmap.nsec3",
			"dnssec.nsec3-bitmap" },
		{ "chain.nsec", "dnssec.nsec-chain" }, { "chain.nsec3",
		"dnssec.nsec3-chain" },
		{ "missing.nsec", "dnssec.nsec-missing" },
		{ "missing.nsec3", "dnssec.nsec3-missing" },
		{ "ok.2nsec3", NULL }, { "ok.nsec", NULL }, { "ok.nsec3", NULL },
		{ "optout.ent", "dnssec.nsec3-missing" },
		{ "redundant.invalid.rrsig", "dnssec.signature-bad" },
		{ "rrsig.a", "dnssec.signature-bad" }, { "rrsig.nsec",
		"dnssec.signature-bad" },
		{ "rrsig.nsec3", "dnssec.signature-bad" },
	};
	struct said said = { 0 };
	char name[100];

	(void)state;
	if (!have_data())
		skip();
	for (unsigned i = 0; i < COUNT(pairs); i++) {
		snprintf(name, sizeof name, "broken/knot-validate/%s.zone",
			pairs[i].name);
		look(&said, name, NULL, "2026-11-21T00:00:00Z");
		assert_int_equal(serious(&said), 0);
		snprintf(name, sizeof name, "broken/knot-validate/%s.zone.2",
			pairs[i].name);
		look(&said, name, NULL, "2026-11-21T00:00:00Z");
		if (pairs[i].row == NULL)
			assert_int_equal(serious(&said), 0);
		else
			assert_non_null(said_find(&said, pairs[i].row, NULL));
	}
	said_free(&said);
}

static void test_unbound(void **state)
{
	static const struct { const char *name, *row, *subject; } zones[] = {
		{ "dnskey-failures", "dnssec.no-dnskey", "dnskey-failures.test" },
		{ "nsec-failures", "dnssec.no-denial", "nsec-failures.test" },
		{ "rrsig-failures", "dnssec.no-signatures", "rrsig-failures.test" },
		{ "dnssec-failures", "dnssec.signature-missing",
		  "missingrrsigs.dnssec-failures.test" },
		{ "dnssec-failures", "dnssec.signature-bad",
		"sigsinvalid.dnssec-failures.test" },
		{ "dnssec-failures", "dnssec.signature-expired",
		"expired.dnssec-failures.test" },
	};
	struct said said = { 0 };
	char name[100];

	(void)state;
	if (!have_data())
		skip();
	for (unsigned i = 0; i < COUNT(zones); i++) {
		snprintf(name, sizeof name, "broken/unbound-ede-bogus/%s.test.signed",
			 zones[i].name);
		look(&said, name, NULL, "2026-11-21T00:00:00Z");
		assert_non_null(said_find(&said, zones[i].row, zones[i].subject));
	}
	said_free(&said);
}

/* zonemd/EXPECTED.tsv, but for what is not for this file to read: see the third column.
 * */
static void test_zonemd(void **state)
{
	static const struct { const char *file, *origin, *row; } zones[] = {
		{ "pdns-01-sha384-simple.example", "example", "good" },
		{ "pdns-02-sha512-simple.example", "example", "good" },
		{ "pdns-10-uppercase-owner-names.example", "example", "good" },
		{ "pdns-11-uppercase-rdata-names.example", "example", "good" },
		{ "pdns-12-duplicate-rrs.example", "example", "good" },
		{ "pdns-14-non-apex-zonemd.example", "example", "good" },
		{ "pdns-15-no-rdata.example", "example", "good" },
		{ "pdns-17-occluding-dname.example", "example", "good" },
		{ "pdns-20-generic-zonemd.example", "example", "good" },
		{ "pdns-22-lots-rr-types.example.com", "example.com", "wrong" },
		{ "pdns-24-implied-ownername.example", "example", "good" },
		{ "pdns-30-repeated-scheme-algorithm.example", "example", "repeated" },
		{ "pdns-31-too-small-digest.example", "example", "length" },
		{ "pdns-33-unknown-hash-algorithm.example", "example", "unsupported" },
		{ "pdns-34-unknown-scheme.example", "example", "unsupported" },
		{ "pdns-35-wrong-serial.example", "example", "serial" },
		{ "pdns-40-rfc8976-simple-example.example", "example", "good" },
		{ "pdns-41-rfc8976-complex-example.example", "example", "good" },
		{ "pdns-42-rfc8976-multidigest-example.example", "example", "good" },
		{ "pdns-44-rfc8976-root-servers.net-example.root-servers.net",
		  "root-servers.net", "good" },
		{ "pdns-45-root-zone.hashed", ".", "good" },
		{ "pdns-50-uppercase-nsec-rdata-names.arpa.hashed", "arpa", "good" },
		{ "pdns-51-uppercase-nsec3-rdata-names.arpa.hashed", "arpa", "good" },
		{ "pdns-52-uppercase-rrsig-rdata-names.arpa.hashed", "arpa", "good" },
		{ "pdns-53-bad-zonemd-rrsig.packet-pushers.badsig",
		  "zonemd.packet-pushers.com", "good" },
		{ "pdns-53-bad-zonemd-rrsig.packet-pushers.clean",
		  "zonemd.packet-pushers.com", "good" },
		{ "pdns-80-mixed-classes.example", "example", "wrong" },
		{ "pdns-81-mixed-ttls.example", "example", "ttls" },
		{ "knotresolver-tz-rfc-a1-bad", "example", "wrong" },
		{ "knotresolver-tz-rfc-a2", "example", "good" },
		{ "knotresolver-tz-rfc-a4", "uri.arpa", "good" },
	};
	struct said said = { 0 };
	char name[128], row[64];
	unsigned wrong = 0;

	(void)state;
	if (!have_data())
		skip();
	for (unsigned i = 0; i < COUNT(zones); i++) {
		bool good = strcmp(zones[i].row, "good") == 0;

		snprintf(name, sizeof name, "zonemd/%s.zone", zones[i].file);
		snprintf(row, sizeof row, "dnssec.zonemd-%s", zones[i].row);
		look(&said, name, zones[i].origin, "2021-06-01T00:00:00Z");
		if (said_find(&said, row, NULL) == NULL ||
		    (good && cases(&said, DNSSEC_ZONEMD_WRONG))) {
			printf("%s: not %s\n", name, row);
			said_print(&said);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	said_free(&said);
}

/* ---- trust anchors ---- */

static size_t slurp(const char *name, u8 *to, size_t room)
{
	int fd = open(file(name), O_RDONLY);
	ssize_t n = read(fd, to, room);

	assert_true(fd >= 0 && n >= 0);
	close(fd);
	return (size_t)n;
}

static void test_anchor_files(void **state)
{
	static const struct { const char *name; u32 count; bool bad; } files[] = {
		{ "dnsviz-root.txt", 1, false }, { "root.ds", 2, false }, { "root.key", 2,
			false },
		{ "root.hints", 0, true },
		{ "knotresolver-err_attr_extra_attr.xml", 0, true },
		{ "knotresolver-err_attr_validfrom_invalid.xml", 0, true },
		{ "knotresolver-err_attr_validfrom_missing.xml", 0, true },
		{ "knotresolver-err_elem_extra.xml", 0, true },
		{ "knotresolver-err_elem_missing.xml", 0, true },
		{ "knotresolver-err_multi_ta.xml", 0, true },
		{ "knotresolver-ok0_badtimes.xml", 2, false },
		{ "knotresolver-ok1.xml", 1, false },
		{ "knotresolver-ok1_expired1.xml", 2, false },
		{ "knotresolver-ok1_notyet1.xml", 2, false },
		{ "knotresolver-ok2.xml", 2, false },
		{ "knotresolver-unsupp_nonroot.xml", 1, false },
		{ "knotresolver-unsupp_xml_v11.xml", 0, true },
	};
	struct dnssec_anchors *a;
	u8 text[16384];
	char name[100];

	(void)state;
	if (!have_data())
		skip();
	assert_non_null(a = malloc(sizeof *a));
	for (unsigned i = 0; i < COUNT(files); i++) {
		snprintf(name, sizeof name, "trust-anchors/%s", files[i].name);
		assert_int_equal(dnssec_anchors_read(a, text, slurp(name, text,
			sizeof text)), 0);
		if (a->count != files[i].count || (a->bad_line != 0) != files[i].bad)
			printf("%s: %u anchors, line %u: %s\n", name, a->count,
			a->bad_line,
			       a->why);
		assert_int_equal(a->count, files[i].count);
		assert_int_equal(a->bad_line != 0, files[i].bad);
	}
	free(a);
}

/* In August 2017 KSK-2017 was published and did not sign yet; KSK-2010 did. */
static void test_root_anchors(void **state)
{
	static const char old[] = ". IN DS 19036 8 2 "
		"49AAC11D7B6F6446702E54A1607371607A1A41855200FD2CE1CDDE32F24E8FB5\n";
	u64 troubles[ZONE_TROUBLE_KINDS] = { 0 };
	struct audit_input input = { .files[AUDIT_FILE_ANCHORS] = { "old", (const u8 *)old,
		strlen(old) } };
	struct audit_file *anchors = &input.files[AUDIT_FILE_ANCHORS];
	struct zone_look how = { .at = instant("2017-08-23T00:00:00Z"), .input = &input };
	struct said said = { 0 };
	struct zone *z;
	u8 text[16384];

	(void)state;
	if (!have_data())
		skip();
	z = read_zone("root/root-20170821-signed.zone", NULL, troubles);
	zone_look(&said, &family_dnssec, z, &how);
	assert_int_equal(serious(&said), 0);
	anchors->at = text;
	anchors->len = slurp("trust-anchors/root.ds", text, sizeof text);
	zone_look(&said, &family_dnssec, z, &how);
	assert_non_null(said_find(&said, "dnssec.anchor-broken", "."));
	assert_non_null(said_find(&said, "dnssec.anchor-silent", ". tag 20326, "
		"algorithm 8"));
	assert_non_null(said_find(&said, "dnssec.anchor-no-key", ". tag 38696, "
		"algorithm 8"));
	said_free(&said);
	zone_free(z);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root), cmocka_unit_test(test_knot),
		cmocka_unit_test(test_unbound), cmocka_unit_test(test_zonemd),
		cmocka_unit_test(test_anchor_files), cmocka_unit_test(test_root_anchors),
	};

	return sig_prepare() || cmocka_run_group_tests(tests, NULL, NULL);
}
