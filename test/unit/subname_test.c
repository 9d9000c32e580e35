/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subname_test.c - the form of sub-domains, records of published use, and data by its form. */
#include "dns/encoded.h"
#include "dns/name.h"
#include "dns/published.h"
#include "dns/rrtype.h"
#include "dns/subname.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct qname named(const char *text)
{
	static const char list[] = "org\ncom\nin-addr.arpa\nip6.arpa\n";
	struct suffixes *s;
	static u8 wire[255], lower[QNAME_LOWER];	/* of the last one */
	struct qname q;
	int n = name_parse(text, wire);

	assert_true(n > 0);
	assert_int_equal(suffixes_parse(&s, list, sizeof list - 1, 7), 0);
	qname_read(&q, s, wire, (unsigned)n);
	qname_lower(&q, lower);
	suffixes_free(s);
	return q;
}

static bool numeric(const char *text)
{
	struct qname q = named(text);
	unsigned rest;

	return subname_numeric(&q, &rest);
}

#define NIBBLES_7 "b.a.9.8.7.6.5."
#define NIBBLES_31 NIBBLES_7 NIBBLES_7 NIBBLES_7 NIBBLES_7 "1.0.0."

static void test_numeric(void **state)
{
	struct qname q;
	unsigned rest;

	(void)state;
	assert_true(numeric("4.3.2.1.zen.example.org"));
	assert_true(numeric("255.3.20.113.k7x2m4q9w3e8r5t1y6u0i2o4p6.zen.example.org"));
	assert_true(numeric("4.3.2.1.in-addr.arpa"));
	assert_true(numeric("5.0-63.3.2.192.in-addr.arpa"));
	assert_true(numeric("_http.4.3.2.192.in-addr.arpa"));
	assert_true(numeric("a.b.c.d.e.f.8.b.d.0.1.0.0.2.ip6.arpa"));
	assert_true(numeric(NIBBLES_31 "2.zen.example.org"));
	assert_false(numeric(NIBBLES_31 "7.zen.example.org"));	/* no such address */
	assert_false(numeric(NIBBLES_7 NIBBLES_7 "example.org"));	/* no whole one */
	assert_false(numeric("4.3.2.x.zen.example.org"));
	assert_false(numeric("256.3.2.1.zen.example.org"));
	assert_false(numeric("nbswy3dpeb3w64tmmqqho33snrsca53p.4.3.2.1.example.org"));
	assert_false(numeric("4.3.2.1.nbswy3dpeb3w64tmmqqho33snrsca53pojwgiib7.example.org"));
	q = named("4.3.2.1.key.zen.example.org");
	assert_true(subname_numeric(&q, &rest));
	assert_int_equal(rest, 8);
	assert_false(numeric("2.1.example.org"));
	assert_false(numeric("www.example.org"));
	assert_false(numeric("."));
}

static void test_rest(void **state)
{
	struct qname q;

	(void)state;
	assert_true(numeric("7.6.5.4.3.2.1.e164.example.org"));	/* a telephone number */
	assert_false(numeric("6.5.4.3.2.1.e164.example.org"));
	assert_false(numeric("7.6.5.x.3.2.1.e164.example.org"));
	q = named("nbswy3dpeb3w64tmmq._file.key.list.example.org");
	assert_int_equal(subname_rest(&q), 6 + 4 + 5);
	q = named("aaaaaaaa.bbbbbbbb.t.example.org");	/* of two the last */
	assert_int_equal(subname_rest(&q), 2);
	q = named("t.aaaaaaaa.example.org");
	assert_int_equal(subname_rest(&q), 0);
	q = named("example.org");
	assert_int_equal(subname_rest(&q), 0);
}

static void test_nested(void **state)
{
	struct qname q;

	(void)state;
	q = named("www.shop.com.dbl.example.org");
	assert_true(subname_nested(&q));
	q = named("com.example.org");	/* the left label is a host */
	assert_false(subname_nested(&q));
	q = named("www.shop.comet.example.org");
	assert_false(subname_nested(&q));
	q = named("www.example.com");	/* the domain's own suffix */
	assert_false(subname_nested(&q));
}

/* Bits an octet of the sub-domain. */
static double density(const char *text)
{
	struct qname q = named(text);

	return (double)subname_bits(&q, q.domain_at) / q.domain_at;
}

static void test_bits(void **state)
{
	struct qname q = named("a.example.org");

	(void)state;
	assert_int_equal(subname_bits(&q, 0), 0);
	assert_true(density("mail-server.garden.example.org") < 4.5);
	assert_true(density("nbswy3dpeb3w64tmmqqho33snrsca53pojwgiib7.example.org") > 5.5);
	assert_true(density("48203948204823048572.example.org") > 5.5);
	assert_true(density("20260131.backup.example.org") < 5.5);	/* a date */
	assert_true(density("q.4.x.w.p.0.z.k.j.7.m.v.example.org") > 5.5);
	assert_true(density("db.prod.svc.cluster.eu.west.example.org") < 5.5);
}

static bool published(const char *text)	/* of the octets of one TXT string */
{
	u8 rdata[256];
	size_t n = strlen(text);

	assert_true(n < sizeof rdata);
	rdata[0] = (u8)n;
	memcpy(rdata + 1, text, n);
	return published_text(rdata, (unsigned)n + 1);
}

#define TOKEN "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"

static void test_published(void **state)
{
	static const u8 pairs[] = "\006rp=ipp\004note\011ty=Office",
			nothing[] = "\006rp=ipp\004note\005\001\002\003\004\005";

	(void)state;
	assert_true(published("v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3"));
	assert_true(published("V=spf1 -all"));
	assert_true(published("p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ=="));
	assert_true(published(TOKEN));
	assert_true(published("google-site-verification=abcdef"));
	assert_true(published_text(pairs, sizeof pairs - 1));
	assert_false(published(TOKEN "A"));
	assert_false(published("p=run this; now"));
	assert_false(published("aGVsbG8gd29ybGQsIHRoaXMgaXMgZGF0YQ=="));
	assert_false(published("a=b"));	/* one string is no list of attributes */
	assert_false(published(""));
	assert_true(published("enr:-KG4QOtcP9X1FbIMOe17QNMKqDxCpm14jcX5tiOE"));
	assert_false(published("x-verification=" TOKEN TOKEN TOKEN));	/* longer than claims */
	assert_false(published_text(nothing, sizeof nothing - 1));
	assert_false(published_text(pairs, 5));	/* cut */
	assert_false(published_text(pairs, 0));
}

/* The same of any type; octets as they come. */
#define RECORD(type, octets) published_record(type, (const u8 *)(octets), sizeof(octets) - 1)
#define D8 "\xa3\x17\x5c\xe0\x91\x2b\x44\xf8"
#define D32 D8 D8 D8 D8

static void test_published_types(void **state)
{
	(void)state;
	assert_true(RECORD(TYPE_DS, "\x30\x39\x0d\x02" D32));
	assert_false(RECORD(TYPE_DS, "\x30\x39\x0d\x02" D8));
	assert_false(RECORD(TYPE_DS, "\x30\x39\xfe\x02" D32));
	assert_true(RECORD(TYPE_DNSKEY, "\x01\x01\x03\x0d" D32 D32));
	assert_false(RECORD(TYPE_DNSKEY, "\x01\x01\x04\x0d" D32 D32));	/* protocol */
	assert_true(RECORD(TYPE_RRSIG, "\x00\x01\x0d\x02" "\x00\x00\x0e\x10"
			   "\x69\x00\x00\x01" "\x69\x00\x00\x00" "\x30\x39" "\x00" D32 D32));
	assert_false(RECORD(TYPE_RRSIG, "\x00\x01\x0d\x02" "\x00\x00\x0e\x10"
			    "\x68\x00\x00\x00" "\x69\x00\x00\x00" "\x30\x39" "\x00" D32 D32));
	assert_true(RECORD(52, "\x03\x01\x01" D32));
	assert_false(RECORD(52, "\x03\x01\x02" D32));
	assert_false(RECORD(52, "\x03\x01\x01" D32 D8));
	assert_true(RECORD(44, "\x04\x02" D32));
	assert_false(RECORD(44, "\x04\x01" D32));
	assert_true(RECORD(61, "\x99" D32));
	assert_false(RECORD(61, "\x00" D32));
	assert_true(RECORD(257, "\x00\x05issueletsencrypt.org"));
	assert_false(RECORD(257, "\x00\x05jssueletsencrypt.org"));
	assert_false(RECORD(257, "\x00\xffissue"));
	assert_true(RECORD(TYPE_HTTPS, "\x00\x01\x00" "\x00\x01\x00\x03\x02h2"
			   "\x00\x04\x00\x04" "\xc0\x00\x02\x01"));
	assert_true(RECORD(TYPE_SVCB, "\x00\x01\x03www\x00"));
	assert_false(RECORD(TYPE_HTTPS, "\x00\x01\x00" "\x00\x04\x00\x00" "\x00\x01\x00\x00"));
	assert_false(RECORD(TYPE_HTTPS, "\x00\x01\x00" "\x00\x01\x00\x09\x02h2"));
	assert_false(RECORD(TYPE_HTTPS, "\x00"));
	assert_false(RECORD(TYPE_NULL, D32));
	for (unsigned type = 0; type < 300; type++)
		for (unsigned n = 0; n < 3; n++)	/* nothing is read past the end */
			published_record((u16)type, (const u8 *)D8, n);
}

static bool text(bool (*is)(u16, const u8 *, unsigned), const char *octets)
{
	u8 rdata[256];
	size_t n = strlen(octets);

	assert_true(n < sizeof rdata);
	rdata[0] = (u8)n;
	memcpy(rdata + 1, octets, n);
	return is(TYPE_TXT, rdata, (unsigned)n + 1);
}

static void test_encoded(void **state)
{
	static const u8 name[] = "\x28" "nbswy3dpeb3w64tmmqqho33snrsca53pojwgiib7" "\xc0\x0c",
			plain[] = "\x04mail\x06garden\xc0\x0c", cut[] = "\x3fnbswy3dpeb3";

	(void)state;
	assert_true(text(encoded_record, "nbswy3dpeb3w64tmmqqho33snrsca53pojwgiib7"));
	assert_true(text(encoded_record, "\x01\x02\x03\x80\x90\xa0"));
	assert_false(text(encoded_record, "See http://www.example.net/rblcheck?ip=192.0.2.4"));
	assert_true(text(encoded_line, "1767225600 85"));
	assert_false(text(encoded_line, "1767225600"));
	assert_false(text(encoded_line, ""));
	assert_true(encoded_record(TYPE_CNAME, name, sizeof name - 1));
	assert_false(encoded_record(TYPE_CNAME, plain, sizeof plain - 1));
	assert_false(encoded_record(TYPE_CNAME, cut, sizeof cut - 1));
	assert_false(encoded_record(TYPE_MX, plain, 2));
	assert_true(encoded_record(TYPE_NULL, plain, sizeof plain - 1));
	assert_false(encoded_record(TYPE_A, plain, 4));
}

static bool nowhere(const char *octets, unsigned n)
{
	return encoded_nowhere(n == 4 ? TYPE_A : TYPE_AAAA, (const u8 *)octets, n);
}

static void test_nowhere(void **state)
{
	(void)state;
	assert_true(nowhere("\xe0\x00\x00\x01", 4));
	assert_true(nowhere("\xff\xff\xff\xff", 4));
	assert_false(nowhere("\x7f\x00\x00\x02", 4));
	assert_false(nowhere("\x00\x00\x00\x00", 4));
	assert_true(nowhere("\x9a\x01" "34567890123456", 16));
	assert_false(nowhere("\x20\x01" "34567890123456", 16));
	assert_false(nowhere("\xfd\x01" "34567890123456", 16));
	assert_false(nowhere("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16));
	assert_false(nowhere("\0\x64\xff\x9b\0\0\0\0\0\0\0\0\xc0\0\2\1", 16));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numeric),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_published_types),
		cmocka_unit_test(test_encoded),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
