/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tongue_test.c - languages: which one is meant, messages and their forms, sentences that
 * were filled in already; and that every text of the tables has a translation. */
#include "base/buf.h"
#include "base/tongue_own.h"
#include "run/catalogue.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct tongue *es(void)
{
	return tongue_find("es", NULL);
}

static const struct tongue *fr(void)
{
	return tongue_find("fr", NULL);
}

static void a_language_is_found_by_its_letters(void **state)
{
	bool known;

	(void)state;
	assert_non_null(es());
	assert_ptr_equal(tongue_find("es_MX.UTF-8", &known), es());
	assert_true(known);
	assert_ptr_equal(tongue_find("FR-ca", &known), fr());
	assert_null(tongue_find("en_GB", &known));
	assert_true(known);
	assert_null(tongue_find("est", &known));
	assert_false(known);
	assert_null(tongue_find("", &known));
	assert_false(known);
	assert_string_equal(tongue_lang(es()), "es");
	assert_string_equal(tongue_lang(NULL), "en");
}

static void a_browser_gets_what_it_likes_best(void **state)
{
	(void)state;
	assert_ptr_equal(tongue_accept("es-MX,es;q=0.9,en;q=0.8"), es());
	assert_ptr_equal(tongue_accept("de, fr;q=0.7, es;q=0.3"), fr());
	assert_ptr_equal(tongue_accept("en;q=0.1, fr;q=0.05, es ; q=0.2"), es());
	assert_null(tongue_accept("en-GB, fr;q=0.9"));
	assert_null(tongue_accept("fr;q=0"));
	assert_null(tongue_accept("de"));
	assert_null(tongue_accept(""));
	assert_null(tongue_accept(",;=,,q=;"));
	assert_null(tongue_accept(NULL));
}

static void environment(const char *language, const char *all, const char *lang)
{
	language ? setenv("LANGUAGE", language, 1) : unsetenv("LANGUAGE");
	all ? setenv("LC_ALL", all, 1) : unsetenv("LC_ALL");
	lang ? setenv("LANG", lang, 1) : unsetenv("LANG");
	unsetenv("LC_MESSAGES");
}

static void the_environment_is_read_as_gettext_does(void **state)
{
	(void)state;
	environment(NULL, NULL, NULL);
	assert_null(tongue_environment());
	environment(NULL, NULL, "es_ES.UTF-8");
	assert_ptr_equal(tongue_environment(), es());
	environment(NULL, "fr_FR", "es_ES.UTF-8");
	assert_ptr_equal(tongue_environment(), fr());
	environment("de:fr:es", "en_US.UTF-8", NULL);
	assert_ptr_equal(tongue_environment(), fr());
	environment("en:fr", "es_ES", NULL);
	assert_null(tongue_environment());
	environment("es", "C", "fr_FR");
	assert_null(tongue_environment());
	environment("", "", "fr_FR");
	assert_ptr_equal(tongue_environment(), fr());
	environment(NULL, NULL, NULL);
	setenv("LC_MESSAGES", "es", 1);
	assert_ptr_equal(tongue_environment(), es());
	environment(NULL, NULL, NULL);
}

static void a_number_takes_the_form_of_its_language(void **state)
{
	static const char polish[] = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && "
		"(n%100<10 || n%100>=20) ? 1 : 2);";

	(void)state;
	assert_int_equal(tongue_form("nplurals=2; plural=(n != 1);", 1), 0);
	assert_int_equal(tongue_form("nplurals=2; plural=(n != 1);", 0), 1);
	assert_int_equal(tongue_form("nplurals=2; plural=n > 1;", 0), 0);
	assert_int_equal(tongue_form(polish, 1), 0);
	assert_int_equal(tongue_form(polish, 22), 1);
	assert_int_equal(tongue_form(polish, 12), 2);
	assert_int_equal(tongue_form("nplurals=2; plural=2*3-5+!n+7/0;", 3), 0);
	assert_int_equal(tongue_form("nplurals=2; plural=2*3-5+!n;", 0), 2);
	assert_int_equal(tongue_form("nplurals=2; plural=(((n", 5), 0);
	assert_int_equal(tongue_form("", 5), 0);
}

static void what_has_no_translation_stays(void **state)
{
	const char *text = "no such message is in the program";

	(void)state;
	assert_ptr_equal(say_in(es(), text), text);
	assert_ptr_equal(say_in(NULL, text), text);
	assert_null(say_in(fr(), NULL));
	assert_string_equal(say_in(fr(), ""), "");
	assert_string_equal(say_many(fr(), "%u no such", "%u no suches", 2), "%u no suches");
	assert_string_equal(say_of(fr(), "nowhere", "network operator"), "network operator");
	assert_string_equal(say_in(es(), "network operator"), "operador de red");
	assert_string_equal(say_in(fr(), "network operator"), "opérateur de réseau");
}

static void each_thread_has_its_own(void **state)
{
	(void)state;
	tongue_home(es());
	assert_string_equal(_("network operator"), "operador de red");
	tongue_speak(fr());
	assert_string_equal(_("network operator"), "opérateur de réseau");
	tongue_speak(NULL);
	assert_string_equal(_("network operator"), "network operator");
	tongue_home(NULL);
}

static void numbers_are_written_as_the_language_does(void **state)
{
	static const char *const pairs[][2] = {
		{ "41,200", "41\u00a0200" }, { "1,234,567.5", "1\u00a0234\u00a0567,5" },
		{ "0.031", "0,031" }, { "12", "12" }, { "-1,000", "-1\u00a0000" },
		{ "192.0.2.1", "192.0.2.1" }, { "1,2", "1,2" }, { "1234,567", "1234,567" },
		{ "a,b", "a,b" }, { "", "" }, { "1.", "1." },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf out = { 0 };

		say_number(&out, fr(), pairs[i][0]);
		assert_string_equal(buf_str(&out), pairs[i][1]);
		buf_clear(&out);
		say_number(&out, NULL, pairs[i][0]);
		assert_string_equal(buf_str(&out), pairs[i][0]);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_language_is_found_by_its_letters),
		cmocka_unit_test(a_browser_gets_what_it_likes_best),
		cmocka_unit_test(the_environment_is_read_as_gettext_does),
		cmocka_unit_test(a_number_takes_the_form_of_its_language),
		cmocka_unit_test(what_has_no_translation_stays),
		cmocka_unit_test(numbers_are_written_as_the_language_does),
		cmocka_unit_test(each_thread_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
