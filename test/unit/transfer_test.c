/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer_test.c - where a transfer comes from, and keys out of their file. What servers send
 * is in test/e2e/transfer_test.sh and test/fuzz/transfer_fuzz.c. */
#include "net/connect.h"
#include "zone/transfer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct peer { const char *text, *name, *host, *port, *key; };

static void peers(void **state)
{
	static const struct peer good[] = {
		{ "example@192.0.2.1", "example", "192.0.2.1", "53", "" },
		{ "example.@ns1.example.net", "example.", "ns1.example.net", "53", "" },
		{ "a@b:5353", "a", "b", "5353", "" },
		{ "a@b#k", "a", "b", "53", "k" },
		{ "a@b:1#k.example.", "a", "b", "1", "k.example." },
		{ "a@2001:db8::1", "a", "2001:db8::1", "53", "" },
		{ "a@[2001:db8::1]", "a", "2001:db8::1", "53", "" },
		{ "a@[2001:db8::1]:65535#k", "a", "2001:db8::1", "65535", "k" },
		{ "host\\@x@b", "host\\@x", "b", "53", "" },
	};
	static const char *const bad[] = {
		"", "a", "@b", "a@", "a@b:", "a@b:0", "a@b:65536", "a@b:1x", "a@b#", "a@#k",
		"a@[::1", "a@[::1]x", "a@[]", "a@:53", "a@b:123456",
	};
	struct net_peer p;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(net_peer_read(&p, good[i].text), 0);
		assert_string_equal(p.name, good[i].name);
		assert_string_equal(p.host, good[i].host);
		assert_string_equal(p.port, good[i].port);
		assert_string_equal(p.key, good[i].key);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (net_peer_read(&p, bad[i]) != OOPS_FORMAT)
			fail_msg("taken: %s", bad[i]);
}

static int keys(const char *text, const char *name)
{
	struct transfer_key *k = NULL;
	int rc = transfer_key_read(&k, text, strlen(text), name);

	assert_true((rc == 0) == (k != NULL));
	transfer_key_free(k);
	return rc;
}

#define ONE "key \"One.Example.\" { algorithm hmac-sha256; secret \"c2VjcmV0\"; };\n"
#define TWO "# of another\nkey two { secret c2VjcmV0; algorithm HMAC-SHA512; }; // end\n"

static void key_files(void **state)
{
	(void)state;
	assert_int_equal(keys(ONE, ""), 0);
	assert_int_equal(keys(ONE, "one.example"), 0);
	assert_int_equal(keys(ONE TWO, "two."), 0);
	assert_int_equal(keys(ONE "/* " TWO " */", ""), 0);
	assert_int_equal(keys(ONE TWO, ""), OOPS_UNKNOWN);	/* which? */
	assert_int_equal(keys(ONE ONE, "one.example"), OOPS_UNKNOWN);
	assert_int_equal(keys(ONE, "three"), OOPS_UNKNOWN);
	assert_int_equal(keys("", ""), OOPS_UNKNOWN);
	assert_int_equal(keys("key a { algorithm hmac-sha256; secret \"c2VjcmV0\"; }", ""),
			 OOPS_FORMAT);
	assert_int_equal(keys("key a { algorithm hmac-sha256; secret \"c2Vj", ""), OOPS_FORMAT);
	assert_int_equal(keys("key a { algorithm none; secret \"c2VjcmV0\"; };", ""), OOPS_FORMAT);
	assert_int_equal(keys("key a { algorithm hmac-sha256; secret \"!\"; };", ""), OOPS_FORMAT);
	assert_int_equal(keys("key a { colour red; };", ""), OOPS_FORMAT);
	assert_int_equal(keys("zone a { };", ""), OOPS_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(peers), cmocka_unit_test(key_files) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
