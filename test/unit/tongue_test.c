/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tongue_test.c - languages: which one is meant, messages and their forms, sentences that
 * were filled in already; and that every text of the tables has a translation. */
#include "base/buf.h"
#include "base/tongue_own.h"
#include "cli/cli.h"
#include "respond/catalogue.h"
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

static void again(const struct tongue *t, const char *english, const char *said)
{
	struct buf out = { 0 };

	say_anew(&out, t, english);
	assert_string_equal(buf_str(&out), said);
	buf_free(&out);
}

static void a_stored_sentence_is_said_anew(void **state)
{
	(void)state;
	again(es(), "x.example has 3 name servers, more than 2.",
	      "x.example tiene 3 servidores de nombres, más de 2.");
	again(fr(), "About 41,200 different names were asked under x.example in one minute "
		    "(50,000 questions); 98 % of them got no answer.",
	      "Environ 41\u00a0200 noms différents ont été demandés sous x.example en une minute "
	      "(50\u00a0000 questions)\u00a0; 98\u00a0% d'entre eux sont restés sans réponse.");
	/* a phrase within, and one without a value */
	again(es(), "x.example has DS records now: it is signed.",
	      "x.example tiene ahora registros DS: está firmada.");
	again(es(), "Sign the zone again.", "Firme de nuevo la zona.");
	again(NULL, "Sign the zone again.", "Sign the zone again.");
	/* a name before it, and no format with little text of its own for all */
	again(fr(), "a is b.pcap: it is text, not a capture: pcap and pcapng files can be read",
	      "a is b.pcap\u00a0: c'est du texte, non une capture\u00a0: les fichiers pcap et "
	      "pcapng se lisent");
}

/* Sentences of ours beside each other, and what people wrote. */
static void what_is_stored_is_said_part_by_part(void **state)
{
	static const char *const pairs[][2] = {
		{ "severity high; nearly certain (confidence 95 of 100)",
		  "gravedad alta; casi seguro (confianza 95 de 100)" },
		{ "about a.example, no more than 7 d apart; incident 4 would fit as well",
		  "sobre a.example, con no más de 7 d entre sí; también encajaría el incidente 4" },
		{ "Bob is away; call Ann about it", "Bob is away; call Ann about it" },
		{ "by hand; as Ann said", "a mano; as Ann said" }, { "", "" }, { "; ", "; " },
		{ "Random-subdomain flood: a.example",
		  "Inundación de subdominios aleatorios: a.example" },
		{ "Reported phishing: a.example and 3 more",
		  "Phishing denunciado: a.example y 3 más" },
		{ "x.json: no format that Vedette reads",
		  "x.json: ningún formato que Vedette lea" },
		{ "Phone: 12345", "Phone: 12345" }, { "A bank: is it?", "A bank: is it?" },
		/* by number */
		{ "1 item is stricter than ana may have as stix (TLP:GREEN PAP:GREEN): x, "
		  "TLP:RED; the refusal is in the log",
		  "1 elemento es más estricto de lo que ana puede tener como stix (TLP:GREEN "
		  "PAP:GREEN): x, TLP:RED; el rechazo está en el registro" },
		{ "12 items are stricter than ana may have as stix (TLP:GREEN PAP:GREEN); the "
		  "first is x, TLP:RED; the refusal is in the log",
		  "12 elementos son más estrictos de lo que ana puede tener como stix (TLP:GREEN "
		  "PAP:GREEN); el primero es x, TLP:RED; el rechazo está en el registro" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf out = { 0 };

		say_stored(&out, es(), pairs[i][0]);
		assert_string_equal(buf_str(&out), pairs[i][1]);
		buf_free(&out);
	}
}

/* French has a blank before a semicolon that is ours, and none that a person did not write. */
static void french_has_its_blanks(void **state)
{
	static const char *const pairs[][2] = {
		{ "severity high; nearly certain (confidence 95 of 100)",
		  "gravité élevée\u00a0; presque certain (confiance 95 sur 100)" },
		{ "Bob is away; call Ann about it", "Bob is away; call Ann about it" },
		{ "ns.a.example, a server of this zone, has the address 192.0.2.1: "
		  "documentation (RFC 5737). It cannot be reached from the Internet.",
		  "ns.a.example, un serveur de cette zone, a l'adresse 192.0.2.1\u00a0: "
		  "documentation (RFC 5737). Il ne peut pas être joint depuis l'Internet." },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf out = { 0 };

		say_stored(&out, fr(), pairs[i][0]);
		assert_string_equal(buf_str(&out), pairs[i][1]);
		buf_free(&out);
	}
}

static void what_is_not_ours_is_left_as_it_is(void **state)
{
	static const char *const texts[] = {
		"", "nothing that this program says", "100% %s %n of it", "%", "x.example",
		"has 3 name servers, more than", "\xff\xfe has %u \x01", "zone", "a, b and c",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		again(es(), texts[i], texts[i]);
		again(fr(), texts[i], texts[i]);
	}
}

/* A value that holds our own words is cut elsewhere, and no octet of it is lost. */
static void a_value_may_hold_our_words(void **state)
{
	char text[1200], said[4096], cut[8];

	(void)state;
	say_anew_to(es(), "a has 3 name servers, more than 2. has 9 name servers, more than 7.",
		    said, sizeof said);
	assert_non_null(strstr(said, "9"));
	assert_non_null(strstr(said, "7."));
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = 0;
	for (size_t i = 0; i + 8 < sizeof text; i += 9)
		memcpy(text + i, " has 3 , ", 9);
	again(es(), text, text);
	say_anew_to(fr(), "network operator", cut, 4);
	assert_string_equal(cut, "op");		/* not half an é */
}

static unsigned missing;

/* Tells each text that has no translation. */
static void said(const struct tongue *t, const char *what, const char *text)
{
	struct tongue_message m;

	if (text == NULL || *text == 0 || tongue_look(t, text, &m))
		return;
	print_error("%s: %s is not translated: '%.200s'\n", t->lang, what, text);
	missing++;
}

static void the_whole_catalogue_is_translated(void **state)
{
	const struct catalogue_row *const *rows = catalogue_all(NULL);

	(void)state;
	for (const struct tongue *t = tongues; t->lang; t++)
		for (unsigned i = 0; rows[i]; i++) {
			said(t, rows[i]->id, rows[i]->title);
			said(t, rows[i]->id, rows[i]->meaning);
			said(t, rows[i]->id, rows[i]->remedy);
			said(t, rows[i]->id, rows[i]->detect);
			said(t, rows[i]->id, rows[i]->mitigate);
			said(t, rows[i]->id, rows[i]->prevent);
		}
	assert_int_equal(missing, 0);
}

static void one_command(const struct tongue *t, const struct command *c)
{
	struct cli_set set;

	said(t, c->name, c->summary);
	said(t, c->name, c->story);
	assert_int_equal(cli_open(&set, c), 0);
	for (unsigned i = 0; i < set.own; i++) {
		said(t, c->name, set.groups[i].rows[0].name ? set.groups[i].title : NULL);
		for (const struct opt *o = set.groups[i].rows; o->name; o++)
			said(t, o->name, o->help);
	}
	cli_close(&set);
}

static void all_help_is_translated(void **state)
{
	(void)state;
	for (const struct tongue *t = tongues; t->lang; t++) {
		for (unsigned i = 0; commands[i]; i++)
			one_command(t, commands[i]);
		for (unsigned i = 0; cli_statuses[i].meaning; i++)
			said(t, "status", cli_statuses[i].meaning);
	}
	assert_int_equal(missing, 0);
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
		cmocka_unit_test(a_stored_sentence_is_said_anew),
		cmocka_unit_test(what_is_stored_is_said_part_by_part),
		cmocka_unit_test(french_has_its_blanks),
		cmocka_unit_test(what_is_not_ours_is_left_as_it_is),
		cmocka_unit_test(a_value_may_hold_our_words),
		cmocka_unit_test(the_whole_catalogue_is_translated),
		cmocka_unit_test(all_help_is_translated),
		cmocka_unit_test(each_thread_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
