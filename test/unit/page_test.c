/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_test.c - which path is which file of the page. */
#include "web/page.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char *is(const char *path)
{
	const struct page_file *f = page_find(path);

	return f ? f->path : "";
}

static void places_inside_the_page_are_its_index(void **state)
{
	(void)state;
	assert_string_equal(is("/"), "/index.html");
	assert_string_equal(is("/findings"), "/index.html");
	assert_string_equal(is("/findings/ab12"), "/index.html");
	assert_string_equal(is("/subjects/domain/example.com"), "/index.html");
	assert_string_equal(is("/apix"), "/index.html");
}

static void what_is_not_the_pages_is_nothing(void **state)
{
	static const char *const paths[] = { "", "x", "/api", "/api/v1/nothing", "/taxii2/",
		"/metrics", "/metrics/x", "/p", "/p/", "/p/none.js", "/p/../api", "//api/v1/me",
		"/favicon.ico", "/robots.txt", "/../etc/passwd", "/index.html" };

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++)
		assert_string_equal(is(paths[i]), "");
}

/* With the page built or without it: every file can be served, names are what they say. */
static void every_file_is_whole(void **state)
{
	unsigned indexes = 0;

	(void)state;
	for (const struct page_file *f = page_files; f->path; f++) {
		assert_true(f->plain_octets > 0 && f->plain && f->type && f->etag[0] == '"');
		assert_true(!f->packed == !f->packed_octets);
		if (f->packed)	/* RFC 1952, 2.3.1: gzip, deflate */
			assert_memory_equal(f->packed, "\x1f\x8b\x08", 3);
		indexes += strcmp(f->path, "/index.html") == 0;
		assert_int_equal(f->lasting, strcmp(f->path, "/index.html") != 0);
		if (f->lasting)
			assert_string_equal(is(f->path), f->path);
	}
	assert_int_equal(indexes, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_inside_the_page_are_its_index),
		cmocka_unit_test(what_is_not_the_pages_is_nothing),
		cmocka_unit_test(every_file_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
