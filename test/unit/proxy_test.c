/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proxy_test.c - whom a server behind a proxy believes, and how far. */
#include "base/base.h"
#include "web/web.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct web_proxies some(const char *text)
{
	struct web_proxies p;

	assert_int_equal(web_proxies_read(&p, text), 0);
	return p;
}

/* Who asks, of a connection from `from` with up to two lines. */
static void asks(const char *proxies, const char *from, const char *const lines[2],
		 const char *who)
{
	const struct web_proxies p = some(proxies);
	char is[WEB_FROM];

	snprintf(is, sizeof is, "%s", from);
	web_proxies_walk(&p, lines, lines[0] == NULL ? 0 : lines[1] == NULL ? 1 : 2, is);
	assert_string_equal(is, who);
}
#define ASKS(proxies, from, one, two, who) \
	asks(proxies, from, (const char *const[]){ one, two }, who)

static void nobody_is_believed(void **state)
{
	(void)state;
	ASKS("127.0.0.1", "192.0.2.7", "203.0.113.9", NULL, "192.0.2.7");
	ASKS("192.0.2.0/29", "192.0.2.8", "203.0.113.9", NULL, "192.0.2.8");
	ASKS("2001:db8::/33", "2001:db8:8000::1", "203.0.113.9", NULL, "2001:db8:8000::1");
	ASKS("127.0.0.1", "", "203.0.113.9", NULL, "");
}

static void a_proxy_is(void **state)
{
	(void)state;
	ASKS("127.0.0.1", "127.0.0.1", "203.0.113.9", NULL, "203.0.113.9");
	ASKS("127.0.0.1", "::ffff:127.0.0.1", "203.0.113.9", NULL, "203.0.113.9");
	ASKS("192.0.2.0/29", "192.0.2.7", " 203.0.113.9:4711 ", NULL, "203.0.113.9");
	ASKS("2001:db8::/33", "2001:db8::1", "[2001:db8:ffff::5]:99", NULL, "2001:db8:ffff::5");
	ASKS("::1", "::1", "2001:db8::5", NULL, "2001:db8::5");
	ASKS("127.0.0.1", "127.0.0.1", NULL, NULL, "127.0.0.1");
}

/* What a client wrote stands before what the proxy wrote. */
static void clients_are_not(void **state)
{
	(void)state;
	ASKS("127.0.0.1", "127.0.0.1", "6.6.6.6, 203.0.113.9", NULL, "203.0.113.9");
	ASKS("127.0.0.1", "127.0.0.1", "6.6.6.6", "203.0.113.9", "203.0.113.9");
	ASKS("127.0.0.1", "127.0.0.1", "127.0.0.1", "203.0.113.9", "203.0.113.9");
	ASKS("127.0.0.1,10.0.0.0/8", "127.0.0.1", "6.6.6.6, 203.0.113.9, 10.1.2.3", NULL,
	     "203.0.113.9");
	ASKS("127.0.0.1,10.0.0.0/8", "127.0.0.1", "203.0.113.9, 10.1.2.3", "10.1.2.4",
	     "203.0.113.9");
	ASKS("10.0.0.0/8", "10.0.0.1", "10.0.0.3, 10.0.0.2", NULL, "10.0.0.3");
}

static void what_is_no_address_ends_it(void **state)
{
	char many[700] = "";
	size_t n = 0;

	(void)state;
	ASKS("127.0.0.1", "127.0.0.1", "unknown", NULL, "127.0.0.1");
	ASKS("127.0.0.1", "127.0.0.1", "", NULL, "127.0.0.1");
	ASKS("127.0.0.1", "127.0.0.1", ",", NULL, "127.0.0.1");
	ASKS("127.0.0.1", "127.0.0.1", "203.0.113.9, <x>, 127.0.0.1", NULL, "127.0.0.1");
	ASKS("127.0.0.1", "127.0.0.1", "[2001:db8::1", NULL, "127.0.0.1");
	ASKS("127.0.0.0/8", "127.0.0.1", "203.0.113.9, 1.2.3, 127.0.0.9", NULL, "127.0.0.9");
	for (unsigned i = 0; i < 60; i++)
		n += (size_t)snprintf(many + n, sizeof many - n, "%s",
				      i ? ",127.0.0.3" : "203.0.113.9");
	ASKS("127.0.0.0/8", "127.0.0.1", many, NULL, "127.0.0.3");
}

static void options(void **state)
{
	static const char *const bad[] = { "", " ", ",", "localhost", "192.0.2.0/33",
		"192.0.2.0/0", "192.0.2.0/", "2001:db8::/129", "1.2.3", "192.0.2.1/8x",
		"127.0.0.1 nonsense", "::1/-1", "192.0.2.1/4294967297" };
	struct web_proxies p;
	char many[600] = "";
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(web_proxies_read(&p, bad[i]), OOPS_FORMAT);
	assert_int_equal(some(" 127.0.0.1 , ::1,192.0.2.0/24 ").count, 3);
	for (unsigned i = 0; i < WEB_PROXIES_MAX; i++)
		n += (size_t)snprintf(many + n, sizeof many - n, "127.0.0.1,");
	assert_int_equal(some(many).count, WEB_PROXIES_MAX);
	snprintf(many + n, sizeof many - n, "::1");
	assert_int_equal(web_proxies_read(&p, many), OOPS_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_believed), cmocka_unit_test(a_proxy_is),
		cmocka_unit_test(clients_are_not), cmocka_unit_test(what_is_no_address_ends_it),
		cmocka_unit_test(options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
