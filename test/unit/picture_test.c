/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture_test.c - what falls without something, from a picture; pictures that are none. */
#include "verify/picture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Three sets of servers; one delegation of ten is not in it. */
static const char good[] =
	"{\"zone\":\"example\",\"delegations\":10,\"critical\":2,\"different\":4,"
	"\"sets\":[[5,1,[0,1]],[3,1,[0,2]],[1,0,[3]]],"
	"\"hosts\":[[\"ns1.one.example.\",0,[0]],[\"ns2.one.example\",0,[1]],"
	"[\"ns.two.example\",1,[2,3]],[\"ns.three.example\",2,[]]],"
	"\"addresses\":[[\"192.0.2.1\",0,0],[\"192.0.2.2\",0,0],[\"198.51.100.1\",1,-1],"
	"[\"2001:db8::1\",2,1]],"
	"\"operators\":[\"one.example\",\"two.example\",\"three.example\"],"
	"\"prefixes\":[\"192.0.2.0/24\",\"198.51.100.0/24\",\"2001:db8::/48\"],"
	"\"ases\":[\"AS64500 (One, Inc.)\",\"AS64501\"]}";

static void asked(const char *question, u64 fall, u64 weak, u64 critical, const char *unused)
{
	char is[PICTURE_UNUSED];
	struct picture p;

	assert_int_equal(picture_read(&p, good, sizeof good - 1), 0);
	assert_int_equal(p.known, 9);
	assert_int_equal(picture_ask(&p, question, is), 0);
	assert_int_equal(p.fall, fall);
	assert_int_equal(p.weak, weak);
	assert_int_equal(p.fall_critical, critical);
	assert_string_equal(is, unused);
	picture_free(&p);
}

static void questions(void **state)
{
	(void)state;
	asked("", 0, 0, 0, "");
	asked("operator:one.example", 5, 3, 1, "");
	asked("operator:ONE.example.", 5, 3, 1, "");
	asked("host:ns1.one.example", 0, 8, 0, "");
	asked("prefix:192.0.2.0/24", 5, 3, 1, "");
	asked("as:64500", 5, 3, 1, "");
	asked("as:AS64501", 0, 0, 0, "");	/* ns.two has another address */
	asked("as:64500, as:64501,address:198.51.100.1", 8, 0, 2, "");
	asked("operator:three.example", 1, 0, 0, "");
	asked("operator:four.example,host:ns.two.example,as:6450", 0, 3, 0,
	      "operator:four.example,as:6450");
}

static void counts(void **state)
{
	char unused[PICTURE_UNUSED];
	struct picture p;

	(void)state;
	assert_int_equal(picture_read(&p, good, sizeof good - 1), 0);
	assert_int_equal(picture_ask(&p, "", unused), 0);
	assert_int_equal(p.at[PICTURE_OPERATOR][0].uses, 8);
	assert_int_equal(p.at[PICTURE_OPERATOR][0].alone, 5);
	assert_int_equal(p.at[PICTURE_OPERATOR][0].critical, 1);
	assert_int_equal(p.at[PICTURE_PREFIX][0].alone, 5);
	assert_int_equal(p.at[PICTURE_AS][1].uses, 3);
	assert_int_equal(p.at[PICTURE_AS][1].alone, 0);
	assert_int_equal(p.at[PICTURE_HOST][3].alone, 1);
	picture_free(&p);
}

/* The text with its first `from` made `to`. */
static void refused(const char *from, const char *to)
{
	char text[sizeof good + 100];
	const char *at = strstr(good, from);
	struct picture p;

	assert_non_null(at);
	snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
	if (picture_read(&p, text, strlen(text)) != OOPS_FORMAT)
		fail_msg("taken: %s", text);
	picture_free(&p);
}

static void others(void **state)
{
	char unused[PICTURE_UNUSED];
	struct picture p;

	(void)state;
	refused("[0,1]", "[0,4]");
	refused("[0,1]", "[0,-1]");
	refused("\"delegations\":10", "\"delegations\":8");	/* fewer than the sets have */
	refused("[5,1,", "[5,6,");
	refused("\"ns2.one.example\",0", "\"ns2.one.example\",3");
	refused("\"192.0.2.1\",0,0", "\"192.0.2.1\",0,2");
	refused("\"ases\"", "\"asses\"");
	refused("\"AS64501\"", "7");
	refused("}", "");
	assert_int_equal(picture_read(&p, good, sizeof good - 1), 0);
	assert_int_equal(picture_ask(&p, "planet:earth", unused), OOPS_FORMAT);
	assert_int_equal(picture_ask(&p, "operator", unused), OOPS_FORMAT);
	picture_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(questions), cmocka_unit_test(counts),
		cmocka_unit_test(others) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
