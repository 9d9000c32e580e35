/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_test.c - texts: "did you mean", foreign text shown safely, wrapping. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/buf.h"
#include "base/near.h"
#include "base/plain.h"
#include "base/prose.h"
#include <cmocka.h>

static void near_is(const char *wanted, const char *want)
{
	static const char *const names[] = {
		"observe", "observer", "stats", "show", "config", "replay", "pack", "x",
	};
	struct near n = near_to(wanted);
	const char *best;

	for (size_t i = 0; i < COUNT(names); i++)
		near_try(&n, names[i]);
	best = near_best(&n);
	if (want == NULL ? best != NULL : best == NULL || strcmp(best, want) != 0)
		fail_msg("%s: %s", wanted, best ? best : "nothing");
}

static void nearest(void **state)
{
	char longest[200];

	(void)state;
	near_is("obesrve", "observe"), near_is("observe", "observe"), near_is("ob", "observe");
	near_is("obser", "observe"), near_is("stat", "stats"), near_is("statss", "stats");
	near_is("cofnig", "config"), near_is("relpya", "replay"), near_is("pakc", "pack");
	near_is("sohw", "show"), near_is("verify", NULL), near_is("", NULL), near_is("y", NULL);
	near_is("zzzzzzzz", NULL), near_is("conf", "config"), near_is("c", NULL);
	memset(longest, 'a', sizeof longest);
	longest[sizeof longest - 1] = 0;
	near_is(longest, NULL);
	longest[NEAR_MAX] = 0;
	near_is(longest, NULL);
}

static void plain_is(const char *text, size_t n, const char *want)
{
	struct buf out = { 0 };

	plain_text(&out, text, n);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

static void plain(void **state)
{
	(void)state;
	plain_is("plain \xc3\xa9 \xf0\x9f\x98\x80", 13, "plain \xc3\xa9 \xf0\x9f\x98\x80");
	plain_is("a\nb\tc\rd", 7, "a\\nb\\tc\\rd");
	plain_is("\x1b[31m\x7f\0", 7, "\\x1B[31m\\x7F\\x00");
	plain_is("a\\n", 3, "a\\\\n");
	plain_is("\xe2\x80\xae" "evil\xef\xbb\xbf", 10, "\\u{202E}evil\\u{FEFF}");
	plain_is("\xc2\x9b" "31m", 5, "\\u{009B}31m");
	/* not UTF-8: overlong, surrogate, too large, cut, lone */
	plain_is("\xc0\xaf", 2, "\\xC0\\xAF");
	plain_is("\xe0\x80\xaf", 3, "\\xE0\\x80\\xAF");
	plain_is("\xed\xa0\x80", 3, "\\xED\\xA0\\x80");
	plain_is("\xf4\x90\x80\x80", 4, "\\xF4\\x90\\x80\\x80");
	plain_is("\xe2\x80", 2, "\\xE2\\x80");
	plain_is("\x80x\xff", 3, "\\x80x\\xFF");
	assert_true(plain_is_utf8("\xf4\x8f\xbf\xbf", 4));
	assert_false(plain_is_utf8("\xf5\x80\x80\x80", 4));
	assert_true(plain_is_utf8("", 0));
}

/* Every code point is read back, and every other pair of octets is refused. */
static void every_code_point(void **state)
{
	u32 got = 0;

	(void)state;
	for (u32 c = 0; c <= 0x10ffff; c++) {
		char p[4] = { (char)c };
		size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		static const u8 lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

		for (size_t i = n - 1; n > 1 && i > 0; i--)
			p[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
		if (n > 1)
			p[0] = (char)(lead[n] | c >> 6 * (n - 1));
		if (c >= 0xd800 && c <= 0xdfff) {
			assert_int_equal(plain_utf8(p, n, &got), 0);
			continue;
		}
		assert_int_equal(plain_utf8(p, n, &got), n);
		assert_int_equal(got, c);
		assert_int_equal(plain_utf8(p, n - 1 ? n - 1 : 1, &got), n == 1 ? 1 : 0);
	}
}

static void story_is(const char *story, struct prose p, const char *want)
{
	struct buf out = { 0 };

	prose_story(&out, story, p);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

static void wrapped(void **state)
{
	struct buf out = { 0 };

	(void)state;
	story_is("one two three four", (struct prose){ .width = 9 },
		 "one two\nthree\nfour\n");
	story_is("one  two\n three\n\nnext\n\n  as   it is\n  is\nback",
		 (struct prose){ .indent = 2, .width = 40 },
		 "  one two three\n\n  next\n\n    as   it is\n    is\n\n  back\n");
	story_is("", (struct prose){ .width = 9 }, "");
	story_is("averyverylongword b", (struct prose){ .width = 9 },
		 "averyverylongword\nb\n");
	story_is("\xc3\xa9\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\xc3\xa9",
		 (struct prose){ .width = 7 },
		 "\xc3\xa9\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\xc3\xa9\n");
	prose_wrap(&out, "one two", (struct prose){ 4, 2, 8, "# " });
	assert_string_equal(buf_str(&out), "one\n  # two");
	buf_free(&out);
}

static void manual(void **state)
{
	struct buf out = { 0 };

	(void)state;
	prose_mdoc_story(&out, ".dot 'tis \\n. Next, e.g. one. (Or.) Two\n\n  .x\n  'y\\\n\n'z");
	assert_string_equal(buf_str(&out),
			    "\\&.dot 'tis \\en.\nNext, e.g. one. (Or.)\nTwo\n"
			    ".Bd -literal -offset indent\n\\&.x\n\\&'y\\e\n.Ed\n.Pp\n\\&'z\n");
	buf_clear(&out);
	prose_mdoc_sentence(&out, "reads it");
	prose_mdoc_word(&out, "Ar");
	prose_mdoc_word(&out, "a\"b c\\");
	assert_string_equal(buf_str(&out), "Reads it.\n\\&Ara\\(dqb\\ c\\e");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest), cmocka_unit_test(plain),
		cmocka_unit_test(every_code_point), cmocka_unit_test(wrapped),
		cmocka_unit_test(manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
