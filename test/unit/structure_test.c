/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_test.c - the structure family: for every row what makes it speak and what looks
 * the same and is fine; the same findings with any number of threads; hostile zones. */
#include "zone_make.h"
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

extern const struct check_family family_structure;

/* A zone without a fault; cases add to it, or begin with "!" and are the whole zone, or with "^"
 * and the zone's name, which is "example." otherwise. */
static const char good[] =
	"@ SOA ns1 hostmaster 1 7200 900 1209600 3600\n"
	"@ NS ns1\n@ NS ns2\n"
	"ns1 A 9.9.9.9\nns2 A 149.112.112.112\nns2 AAAA 2620:fe::fe\n";

#define SOA "!@ SOA ns1 hostmaster 1 7200 900 1209600 3600\n"
/* Behind "^" and a name. */
#define WHOLE "@ SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 3600\n" \
	"@ NS ns.example.net.\n@ NS ns.example.com.\n"
#define SERVERS "@ NS ns1\n@ NS ns2\nns1 A 9.9.9.9\nns2 A 149.112.112.112\n"

struct one {
	const char *row;	/* must speak; "-row" must not */
	const char *subject;	/* NULL = any */
	const char *text;
};

static const struct one cases[] = {
	{ "no-soa", "example", "!" SERVERS },
	{ "-no-soa", NULL, "" },
	{ "many-soa", "example", "@ SOA ns2 hostmaster 1 7200 900 1209600 3600\n" },
	{ "-many-soa", NULL, "@ SOA ns1 hostmaster 1 7200 900 1209600 3600\n" },
	{ "soa-elsewhere", "sub.example", "sub SOA ns1 hostmaster 1 7200 900 1209600 3600\n" },
	{ "no-ns", "example", SOA "ns1 A 9.9.9.9\n" },
	{ "few-servers", "example", SOA "@ NS ns1\nns1 A 9.9.9.9\n" },
	{ "few-servers", NULL, SOA "@ NS ns1\n@ NS ns1\nns1 A 9.9.9.9\n" },
	{ "-few-servers", NULL, "" },
	{ "no-ipv4", "example", SOA "@ NS ns1\n@ NS ns2\nns1 AAAA 2620:fe::1\n"
	  "ns2 AAAA 2620:fe::2\n" },
	{ "-no-ipv4", NULL, SOA "@ NS ns1\n@ NS ns.example.net.\nns1 AAAA 2620:fe::1\n" },
	{ "soa-mname", "example", "!@ SOA . hostmaster 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-mname", NULL, "!@ SOA localhost. hostmaster 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-mname", NULL, "!@ SOA ns3 hostmaster 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-mname", NULL, "!@ SOA a_b hostmaster 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-mname", NULL, "!@ SOA ns3 hostmaster 1 7200 900 1209600 3600\nns3 CNAME ns1\n"
	  SERVERS },
	{ "-soa-mname", NULL, "!@ SOA ns.example.net. hostmaster 1 7200 900 1209600 3600\n"
	  SERVERS },
	{ "soa-rname", "example", "!@ SOA ns1 . 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-rname", NULL, "!@ SOA ns1 host\\@master 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-rname", NULL, "!@ SOA ns1 hostmaster. 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-rname", NULL, "!@ SOA ns1 host\\032master 1 7200 900 1209600 3600\n" SERVERS },
	{ "-soa-rname", NULL, "!@ SOA ns1 host\\.master 1 7200 900 1209600 3600\n" SERVERS },
	{ "soa-refresh", "example", "!@ SOA ns1 hostmaster 1 600 300 1209600 3600\n" SERVERS },
	{ "-soa-refresh", NULL, "!@ SOA ns1 hostmaster 1 1200 300 1209600 3600\n" SERVERS },
	{ "soa-retry", "example", "!@ SOA ns1 hostmaster 1 7200 60 1209600 3600\n" SERVERS },
	{ "soa-retry", NULL, "!@ SOA ns1 hostmaster 1 7200 7200 1209600 3600\n" SERVERS },
	{ "-soa-retry", NULL, "!@ SOA ns1 hostmaster 1 7200 7199 1209600 3600\n" SERVERS },
	{ "soa-expire", "example", "!@ SOA ns1 hostmaster 1 7200 900 600000 3600\n" SERVERS },
	{ "soa-expire", NULL, "!@ SOA ns1 hostmaster 1 1209600 900 1209600 3600\n" SERVERS },
	{ "soa-minimum", "example", "!@ SOA ns1 hostmaster 1 7200 900 1209600 86401\n" SERVERS },
	{ "soa-minimum", NULL, "!@ SOA ns1 hostmaster 1 7200 900 1209600 0\n" SERVERS },
	{ "cname-and-other", "www.example", "www CNAME ns1\nwww TXT hello\n" },
	{ "cname-and-other", "example", "@ CNAME example.net.\n" },
	{ "-cname-and-other", NULL, "www CNAME ns1\nwww NSEC ns1 CNAME NSEC\n" },
	{ "cname-multiple", "www.example", "www CNAME ns1\nwww CNAME ns2\n" },
	{ "-cname-multiple", NULL, "www CNAME ns1\nwww CNAME ns1\n" },
	{ "cname-loop", "a.example", "a CNAME b\nb CNAME c\nc CNAME a\n" },
	{ "cname-loop", "a.example", "a CNAME a\n" },
	{ "-cname-loop", "x.example", "x CNAME a\na CNAME b\nb CNAME ns1\n" },
	{ "cname-chain", "c0.example", "c0 CNAME c1\nc1 CNAME c2\nc2 CNAME c3\nc3 CNAME c4\n"
	  "c4 CNAME c5\nc5 CNAME c6\nc6 CNAME c7\nc7 CNAME c8\nc8 CNAME c9\nc9 CNAME ns1\n" },
	{ "-cname-chain", "c3.example", "c3 CNAME c4\nc4 CNAME c5\nc5 CNAME ns1\n" },
	{ "cname-chain", "x.example", "x CNAME a\na CNAME b\nb CNAME a\n" },
	{ "cname-nowhere", "www.example", "www CNAME web\n" },
	{ "cname-nowhere", NULL, "www CNAME example.example.\n" },
	{ "-cname-nowhere", NULL, "www CNAME example.net.\n" },
	{ "-cname-nowhere", NULL, "www CNAME a.b\n*.b A 9.9.9.9\n" },
	{ "-cname-nowhere", NULL, "www CNAME b\na.b A 9.9.9.9\n" },
	{ "-cname-nowhere", NULL, "www CNAME a.sub\nsub NS ns1\n" },
	{ "-cname-nowhere", NULL, "www CNAME a.sub\nsub DNAME example.net.\n" },
	{ "cname-nowhere", NULL, "www CNAME a.x.b\n*.b A 9.9.9.9\nx.b A 9.9.9.9\n" },
	{ "dname-multiple", "sub.example", "sub DNAME example.net.\nsub DNAME example.org.\n" },
	{ "-dname-multiple", NULL, "sub DNAME example.net.\n" },
	{ "dname-at-cut", "sub.example", "sub DNAME example.net.\nsub NS ns1\n" },
	{ "-dname-at-cut", NULL, "@ DNAME example.net.\n" },
	{ "dname-loop", "sub.example", "sub DNAME a.sub\n" },
	{ "dname-loop", NULL, "sub DNAME sub\n" },
	{ "-dname-loop", NULL, "sub DNAME xsub\n" },
	{ "hidden", "www.sub.example", "sub NS ns1\nwww.sub TXT hello\n" },
	{ "hidden", "sub.example", "sub NS ns1\nsub TXT hello\n" },
	{ "hidden", "a.sub.example", "sub DNAME example.net.\na.sub A 9.9.9.9\n" },
	{ "-hidden", NULL, "sub NS a.sub\na.sub A 9.9.9.9\n"
	  "sub DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000\n" },
	{ "outside", "www.example.net", "www.example.net. A 9.9.9.9\n" },
	{ "outside", "xexample", "xexample. A 9.9.9.9\n" },
	{ "-outside", NULL, "" },
	{ "repeated", "a.example", "a A 9.9.9.9\na A 9.9.9.10\na A 9.9.9.9\n" },
	{ "-repeated", NULL, "a A 9.9.9.9\na A 9.9.9.10\n" },
	{ "ttl-mixed", "a.example", "a 60 A 9.9.9.9\na 61 A 9.9.9.10\n" },
	{ "-ttl-mixed", NULL, "a 60 A 9.9.9.9\na 61 TXT x\n" },
	{ "ttl-zero", "a.example", "a 0 A 9.9.9.9\n" },
	{ "ttl-zero", "a.example", "a 2147483648 A 9.9.9.9\n" },
	{ "-ttl-zero", NULL, "a 1 A 9.9.9.9\nb 2147483647 A 9.9.9.9\n" },
	{ "ttl-long", "a.example", "a 604801 A 9.9.9.9\n" },
	{ "-ttl-long", NULL, "a 604800 A 9.9.9.9\n" },
	{ "wildcard", "a.*.b.example", "a.*.b TXT x\n" },
	{ "wildcard", "*.b.example", "*.b DNAME example.net.\n" },
	{ "-wildcard", NULL, "*.b TXT x\n" },
	{ "host-name", "a_b.example", "a_b A 9.9.9.9\n" },
	{ "host-name", "-a.example", "-a AAAA 2620:fe::9\n" },
	{ "host-name", "a-.example", "a- MX 1 ns1\n" },
	{ "host-name", "a\\032b.example", "a\\032b A 9.9.9.9\n" },
	{ "-host-name", NULL, "_a TXT x\n*.c A 9.9.9.9\n0.d A 9.9.9.9\nx._spf A 9.9.9.9\n" },
	{ "-host-name", NULL, "a_b NS ns.a_b\nns.a_b TXT x\n" },
	{ "hyphens", "ab--c.example", "ab--c TXT x\n" },
	{ "-hyphens", NULL, "abc--d TXT x\na- TXT x\n" },
	{ "a-label", "xn--0.example", "xn--0 TXT x\n" },
	{ "-a-label", NULL, "xn--bcher-kva TXT x\nxn--fiqs8s TXT x\n" },
	{ "origin-twice", "www.example.org.example.org", "^example.org.\n" WHOLE
	  "www.example.org A 9.9.9.9\n" },
	{ "-origin-twice", NULL, "^example.org.\n" WHOLE "example.org NS ns1\norg A 9.9.9.9\n"
	  "aexample.org A 9.9.9.9\n" },
	{ "-origin-twice", NULL, "example A 9.9.9.9\n" },	/* as people name theirs */
	{ "ns-alias", "www.example", "sub NS www\nwww CNAME ns1\n" },
	{ "-ns-alias", NULL, "sub NS ns1\nwww CNAME ns1\n" },
	{ "ns-no-address", "example", SOA "@ NS ns1\n@ NS ns3\nns1 A 9.9.9.9\n" },
	{ "ns-no-address", NULL, SOA "@ NS ns1\n@ NS ns3\nns1 A 9.9.9.9\nns3 TXT x\n" },
	{ "-ns-no-address", NULL, SOA "@ NS ns1\n@ NS a.sub\nns1 A 9.9.9.9\nsub NS ns1\n" },
	{ "mx-alias", "example", "@ MX 1 www\nwww CNAME ns1\n" },
	{ "mx-no-address", "example", "@ MX 1 mail\n" },
	{ "mx-no-address", NULL, "@ MX 1 mail\nmail TXT x\n" },
	{ "-mx-no-address", NULL, "@ MX 1 ns1\n@ MX 2 mail.example.net.\n" },
	{ "mx-null", "example", "@ MX 0 .\n@ MX 1 ns1\n" },
	{ "-mx-null", NULL, "@ MX 0 .\n" },
	{ "srv-alias", "_x._tcp.example", "_x._tcp SRV 1 1 80 www\nwww CNAME ns1\n" },
	{ "srv-no-address", "_x._tcp.example", "_x._tcp SRV 1 1 80 www\n" },
	{ "-srv-no-address", NULL, "_x._tcp SRV 1 1 80 ns1\n_y._tcp SRV 0 0 0 .\n" },
	{ "target-name", "example", "@ MX 1 192.0.2.1.\n" },
	{ "target-name", NULL, "@ MX 1 a_b.example.net.\n" },
	{ "target-name", NULL, "_x._tcp SRV 1 1 80 -a.example.net.\n" },
	{ "target-name", "s.example", "s SVCB 1 _u.example.net.\n" },
	{ "target-name", "1.2.0.192.in-addr.arpa", "^2.0.192.in-addr.arpa.\n" WHOLE
	  "1 PTR www.example.org\n" },
	{ "-target-name", NULL, "^2.0.192.in-addr.arpa.\n" WHOLE "1 PTR www.example.org.\n"
	  "2 CNAME 2.0/25\n0/25 NS ns.example.org.\n" },
	{ "target-name", "a.example", "a CNAME 192.0.2.1.\n" },
	{ "target-name", "example", "@ NS .\n" },
	{ "target-name", "n_s.example.net", "a NS ns1\na NS n_s.example.net.\n"
	  "b NS n_s.example.net.\n" },
	{ "target-name", "-ns.a.example", "a NS -ns.a\n" },
	{ "-target-name", NULL, "a NS -ns.a\n-ns.a A 9.9.9.9\n" },	/* host-name says it */
	{ "-target-name", NULL, "a NS ns.x_y.\na NS 9.9.9.9.\na NS N-S.example.net.\n" },
	{ "-target-name", NULL, "a CNAME x_1.example.net.\nb CNAME 1.x.\n" },
	{ "-target-name", NULL, "s SVCB 0 _u.example.net.\n@ MX 1 Mail.Example.NET.\n" },
	{ "spf-multiple", "example", "@ TXT \"v=spf1 -all\"\n@ TXT \"v=spf1 mx -all\"\n" },
	{ "-spf-multiple", NULL, "@ TXT \"v=spf1 -all\"\n@ TXT \"v=spf10\"\n@ TXT \"x\"\n" },
	{ "dmarc-multiple", "_dmarc.example", "_dmarc TXT \"v=DMARC1; p=none\"\n"
	  "_dmarc TXT \"v=DMARC1;p=reject\"\n" },
	{ "-dmarc-multiple", NULL, "x TXT \"v=DMARC1; p=none\"\nx TXT \"v=DMARC1;p=reject\"\n" },
	{ "obsolete-type", "a.example", "a SPF \"v=spf1\"\n" },
	{ "obsolete-type", NULL, "a TYPE11 \\# 5 7f00000106\n" },
	{ "-obsolete-type", NULL, "a TYPE65280 \\# 0\n" },
	{ "meta-type", "a.example", "a TYPE255 \\# 0\n" },
	{ "meta-type", NULL, "a TYPE41 \\# 0\n" },
	{ "-meta-type", NULL, "a TYPE65280 \\# 0\na EUI48 00-00-5e-00-53-2a\n" },
	{ "reserved-address", "example", "@ A 10.0.0.1\n" },
	{ "reserved-address", NULL, "@ A 172.31.255.255\n" },
	{ "reserved-address", NULL, "@ AAAA 2001:db8::1\n" },
	{ "reserved-address", NULL, "@ AAAA ::1\n" },
	{ "-reserved-address", NULL, "@ A 172.32.0.1\n@ A 100.128.0.1\n@ AAAA 2620:fe::fe\n"
	  "inside A 10.0.0.1\n" },
	{ "caa", "example", "@ CAA 0 isue \"ca.example.net\"\n" },
	{ "caa", NULL, "@ CAA 1 issue \"ca.example.net\"\n" },
	{ "caa", NULL, "@ TYPE257 \\# 2 0000\n" },
	{ "-caa", NULL, "@ CAA 0 issue \"ca.example.net\"\n@ CAA 128 IODEF \"mailto:a@b.c\"\n" },
	{ "svcb-alias-parameters", "s.example", "s TYPE64 \\# 9 0000 00 0003 0002 0050\n" },
	{ "-svcb-alias-parameters", NULL, "s SVCB 0 example.net.\ns2 HTTPS 1 . alpn=h2\n" },
	{ "svcb-parameters", "s.example", "s TYPE64 \\# 9 0001 00 0000 0002 0003\n" },
	{ "svcb-parameters", NULL, "s TYPE64 \\# 9 0001 00 0000 0002 0000\n" },
	{ "svcb-parameters", NULL, "s TYPE65 \\# 7 0001 00 0001 0000\n" },
	{ "svcb-parameters", NULL, "s TYPE65 \\# 9 0001 00 0001 0002 0500\n" },
	{ "svcb-parameters", NULL, "s TYPE65 \\# 7 0001 00 0002 0000\n" },
	{ "svcb-parameters", NULL, "s TYPE65 \\# 11 0001 00 0002 0000 0001 0000\n" },
	{ "svcb-parameters", NULL, "s TYPE65 \\# 6 0001 00 0001 00\n" },
	{ "-svcb-parameters", NULL, "s HTTPS 1 . mandatory=port port=443 alpn=h3,h2\n" },
	{ "svcb-mixed", "s.example", "s HTTPS 0 example.net.\ns HTTPS 1 . alpn=h2\n" },
	{ "-svcb-mixed", NULL, "s HTTPS 2 example.net.\ns HTTPS 1 . alpn=h2\n" },
	{ "svcb-dns", "_dns.example", "_dns SVCB 1 ns1\n" },
	{ "svcb-dns", "_853._dns.example", "_853._dns SVCB 1 ns1 alpn=h2\n" },
	{ "svcb-dns", NULL, "_dns SVCB 1 ns1 alpn=foo\n" },
	{ "-svcb-dns", NULL, "_dns SVCB 1 ns1 alpn=dot\ndns SVCB 1 ns1\n"
	  "_853._dns SVCB 1 ns1 alpn=h2 key7=/q{?dns}\n" },
	{ "fingerprint", "a.example", "a SSHFP 1 1 0102\n" },
	{ "fingerprint", "_443._tcp.example", "_443._tcp TLSA 3 1 1 0102\n" },
	{ "-fingerprint", NULL, "a SSHFP 1 1 000102030405060708090a0b0c0d0e0f10111213\n"
	  "_443._tcp TLSA 3 1 0 0102\n" },
};

static struct zone *zone_of_case(struct buf *text, const struct one *c)
{
	const char *from = c->text;
	char origin[64] = "example.";

	buf_clear(text);
	if (*from == '^')
		snprintf(origin, sizeof origin, "%.*s", (int)strcspn(from + 1, "\n"), from + 1);
	if (*from != '!' && *from != '^')
		buf_text(text, good);
	buf_text(text, *from == '^' ? strchr(from, '\n') + 1 : from + (*from == '!'));
	return zone_of(origin, buf_str(text));
}

/* Every row as a fault that names its subject, and as what is fine. */
static void rows(void **state)
{
	struct buf text = { 0 };
	struct said s = { 0 };
	char row[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct one *c = &cases[i];
		bool never = c->row[0] == '-', found;
		struct zone *z;

		z = zone_of_case(&text, c);
		snprintf(row, sizeof row, "structure.%s", c->row + never);
		zone_look(&s, &family_structure, z, &(struct zone_look){ 0 });
		found = said_find(&s, row, c->subject) != NULL;
		if (found == never) {
			said_print(&s);
			fail_msg("%s%s: %s", row, never ? " speaks" : " is silent", c->text);
		}
		zone_free(z);
	}
	said_free(&s);
	buf_free(&text);
}

/* No row without a case that makes it speak, and nothing speaks of the good zone. */
static void all_rows(void **state)
{
	struct zone *z = zone_of("example.", good);
	struct said s = { 0 };

	(void)state;
	for (const struct catalogue_row *r = family_structure.rows; r->id; r++) {
		bool fires = false;

		for (size_t i = 0; i < COUNT(cases); i++)
			fires |= strcmp(cases[i].row, r->id + strlen("structure.")) == 0;
		if (!fires)
			fail_msg("%s has no case that makes it speak", r->id);
	}
	zone_look(&s, &family_structure, z, &(struct zone_look){ 0 });
	said_print(&s);
	assert_int_equal(s.count, 0);
	said_free(&s);
	zone_free(z);
}

static void options(void **state)
{
	struct zone *z = zone_of("example.", good);
	struct said s = { 0 };

	(void)state;
	zone_look(&s, &family_structure, z, &(struct zone_look){ .options =
		"structure:\n  refresh: 3h\n  retry: 16m\n  expire: 15d\n  minimum: 59m\n"
		"  ttl: 59m\n" });
	assert_int_equal(said_count(&s, "structure.soa-refresh"), 1);
	assert_int_equal(said_count(&s, "structure.soa-retry"), 1);
	assert_int_equal(said_count(&s, "structure.soa-expire"), 1);
	assert_int_equal(said_count(&s, "structure.soa-minimum"), 1);
	assert_int_equal(said_count(&s, "structure.ttl-long"), 5);
	assert_non_null(said_find(&s, "structure.ttl-long", "example"));
	assert_non_null(said_find(&s, "structure.ttl-long", "example SOA"));	/* after NS */
	said_free(&s);
	zone_free(z);
}

/* The same, in the same order, with one thread and with four. */
static void threads(void **state)
{
	struct buf text = { 0 };
	struct said one = { 0 }, four = { 0 };
	struct zone *z;

	(void)state;
	buf_text(&text, good);
	for (unsigned i = 0; i < 100000; i++)
		buf_fmt(&text, i % 1000 ? "n%u A 9.9.9.9\n" : "n%u_ A 9.9.9.9\n", i);
	z = zone_of("example.", buf_str(&text));
	zone_look(&one, &family_structure, z, &(struct zone_look){ .threads = 1 });
	zone_look(&four, &family_structure, z, &(struct zone_look){ .threads = 4 });
	assert_int_equal(one.count, 100);
	assert_int_equal(four.count, 100);
	for (u32 i = 0; i < one.count; i++)
		assert_string_equal(one.at[i].id, four.at[i].id);
	said_free(&one);
	said_free(&four);
	zone_free(z);
	buf_free(&text);
}

/* Chains and circles of any length cost what the rule's bound allows. */
static void long_chains(void **state)
{
	struct buf text = { 0 };
	struct said s = { 0 };
	struct zone *z;

	(void)state;
	buf_text(&text, good);
	for (unsigned i = 0; i < 50000; i++)
		buf_fmt(&text, "c%u CNAME c%u\n", i, (i + 1) % 50000);
	z = zone_of("example.", buf_str(&text));
	zone_look(&s, &family_structure, z, &(struct zone_look){ .most = 10 });
	assert_int_equal(said_count(&s, "structure.cname-chain"), 10);
	said_free(&s);
	zone_free(z);
	buf_free(&text);
}

/* The families' findings that say they can be judged again are, from their evidence alone; and
 * most of these rules can. */
static void again(void **state)
{
	struct buf text = { 0 };
	struct said s = { 0 };
	u32 can = 0, all = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zone *z;

		if (cases[i].row[0] == '-')
			continue;
		z = zone_of_case(&text, &cases[i]);
		zone_look(&s, &family_structure, z, &(struct zone_look){ .again = true,
			.options = "structure:\n  ttl: 8d\n" });
		for (u32 k = 0; k < s.count; k++) {
			can += s.at[k].summary.len > 0;
			all += s.at[k].evidence_count > 0;
			if (s.at[k].summary.len)
				assert_memory_equal(s.at[k].summary.bytes, "VZ1structure:\n  ttl: ",
						    21);
		}
		zone_free(z);
	}
	assert_true(can * 10 > all * 9);
	said_free(&s);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows), cmocka_unit_test(all_rows), cmocka_unit_test(options),
		cmocka_unit_test(threads), cmocka_unit_test(long_chains), cmocka_unit_test(again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
