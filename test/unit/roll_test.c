/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roll_test.c - contacts out of RDAP and tables: nested and repeated roles, what is redacted,
 * handles that are numbers, lists with holes; and answers as registries gave them. */
#include "base/octets.h"
#include "respond/roll.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

static int gather(void *to, json_t *entry)
{
	return json_array_append(to, entry);
}

static json_t *read_text(const char *text, size_t n, struct roll_counts *counts)
{
	json_t *all = json_array();
	char why[ROLL_WHY] = "";

	assert_int_equal(roll_read(text, n, gather, all, counts, why), 0);
	return all;
}

static void is(json_t *all, size_t at, const char *key, const char *want)
{
	const char *got = json_string_value(json_object_get(json_array_get(all, at), key));

	assert_string_equal(got ? got : "", want);
}

static void domain(void **state)
{
	static const char text[] = "{\"objectClassName\":\"domain\",\"ldhName\":\"a.example.\","
		"\"entities\":[null,{\"roles\":[\"registrar\",\"registrar\"],\"handle\":77,"
		"\"publicIds\":[{\"type\":\"IANA Registrar ID\",\"identifier\":\"77\"}],"
		"\"vcardArray\":[\"vcard\",[[\"org\",{},\"text\",\"Reg, Inc\"]]],"
		"\"entities\":[{\"roles\":[\"abuse\",\"technical\"],\"vcardArray\":[\"vcard\","
		"[[\"fn\",{},\"text\",\"Desk\"],[\"email\",{},\"text\",\"a@r.example\"],"
		"[\"tel\",{\"type\":\"fax\"},\"uri\",\"tel:+1\"],[\"tel\",{},\"uri\",\"tel:+2\"],"
		"[\"email\",{},\"text\",\"b@r.example\"],[\"email\"]]]}]},"
		"{\"roles\":[\"technical\"],\"handle\":null},{\"roles\":[\"sponsor\"]}]}";
	struct roll_counts counts;
	json_t *all = read_text(text, strlen(text), &counts);

	(void)state;
	assert_int_equal(json_array_size(all), 2 + 1);
	is(all, 0, "id", "registrar-77");
	is(all, 0, "name", "Reg, Inc");
	is(all, 0, "covers", "iana:77\na.example");
	is(all, 1, "id", "registrar-77-abuse");
	is(all, 1, "organisation", "registrar-77");
	is(all, 1, "roles", "abuse\ntechnical");
	is(all, 1, "mail", "a@r.example\nb@r.example");
	is(all, 1, "phone", "+2");
	is(all, 1, "covers", "");
	json_decref(all);
}

static void networks(void **state)
{
	static const char text[] = "{\"objectClassName\":\"ip network\",\"cidr0_cidrs\":["
		"{\"v4prefix\":\"192.0.2.0\",\"length\":24},{\"v6prefix\":\"2001:db8::\","
		"\"length\":32}],\"entities\":[{\"roles\":[\"registrant\"],\"handle\":\"ORG-1\","
		"\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"Net\"]]]}]}";
	struct roll_counts counts;
	json_t *all = read_text(text, strlen(text), &counts);

	(void)state;
	is(all, 0, "roles", "operator host");
	is(all, 0, "covers", "192.0.2.0/24\n2001:db8::/32");
	is(all, 0, "id", "rdap-org-1");
	json_decref(all);
}

static void tables(void **state)
{
	static const char text[] = "NAME,Id,other,mail\r\n"
		"\"A \"\"b\"\", c\",x,1,\"a@b.example\"\r\n"
		",,,\r\nno id,,,\n\"two\nlines\",y";
	struct roll_counts counts;
	json_t *all = read_text(text, strlen(text), &counts);
	char why[ROLL_WHY];

	(void)state;
	assert_int_equal(json_array_size(all), 2);
	is(all, 0, "name", "A \"b\", c");
	is(all, 0, "mail", "a@b.example");
	is(all, 1, "id", "y");
	assert_int_equal(counts.left, 1);
	assert_int_equal(roll_read("a,b\n1,2\n", 8, gather, all, &counts, why), OOPS_FORMAT);
	assert_int_equal(roll_read("{", 1, gather, all, &counts, why), OOPS_FORMAT);
	json_decref(all);
}

/* Columns as the options are called, as others call them, and as nobody does. */
static void columns(void **state)
{
	static const char text[] = "\xef\xbb\xbf" "ID ; Role;cover;cleared;E-Mail;fax;VIP\n"
		"a;cert;.;TLP:AMBER PAP:GREEN;a@b.example;1;yes\n";
	struct roll_counts counts;
	json_t *all = read_text(text, strlen(text), &counts);

	(void)state;
	assert_int_equal(json_array_size(all), 1);
	is(all, 0, "id", "a");
	is(all, 0, "roles", "cert");
	is(all, 0, "covers", ".");
	is(all, 0, "tlp", "TLP:AMBER PAP:GREEN");
	is(all, 0, "mail", "a@b.example");
	assert_string_equal(counts.unread, "fax, VIP");
	json_decref(all);
}

static void as_registries_gave_them(void **state)
{
	const char *data = getenv("VEDETTE_DATA");
	struct roll_counts counts;
	struct buf text = { 0 };
	char path[4096];
	json_t *all;
	int fd;

	(void)state;
	snprintf(path, sizeof path, "%s/registration/rdap/intelmq-nic.versicherung.json",
		 data ? data : "");
	if ((fd = open(path, O_RDONLY)) < 0)
		skip();
	assert_int_equal(octets_read(&text, fd, ROLL_OCTETS_MAX), 0);
	close(fd);
	all = read_text(text.at, text.len, &counts);
	assert_int_equal(json_array_size(all), 4);
	is(all, 0, "roles", "registrant");	/* administrative says nothing */
	is(all, 2, "id", "registrar-9999");
	is(all, 2, "covers", "iana:9999\nnic.versicherung");
	is(all, 3, "mail", "service@tld-box.at");
	json_decref(all);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(domain), cmocka_unit_test(networks),
		cmocka_unit_test(tables), cmocka_unit_test(columns),
		cmocka_unit_test(as_registries_gave_them) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
