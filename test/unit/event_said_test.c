/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_said_test.c - the log in sentences: every kind of event has one, in every language, and
 * they say what is in the body. */
#include "base/buf.h"
#include "base/tongue.h"
#include "respond/event_said.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char *said(struct buf *to, const char *lang, const char *kind, const char *body)
{
	const struct event e = { .kind = kind, .body = body };

	buf_clear(to);
	tongue_speak(tongue_find(lang, NULL));
	assert_true(event_said(to, &e));
	tongue_speak(NULL);
	return buf_str(to);
}

static void every_kind_has_a_sentence_in_every_language(void **state)
{
	struct buf en = { 0 }, other = { 0 };
	size_t n = 0;

	(void)state;
	for (const struct desk_kind *k; (k = desk_kind_at(n)); n++) {
		said(&en, "en", k->name, "{}");
		assert_null(strpbrk(buf_str(&en), "{}"));
		for (const struct tongue *t = tongues; t->lang; t++)
			assert_string_not_equal(said(&other, t->lang, k->name, "{}"),
						buf_str(&en));
	}
	assert_true(n > 60);
	buf_free(&en);
	buf_free(&other);
}

static void a_kind_of_a_newer_program_is_shown_as_it_stands(void **state)
{
	const struct event e = { .kind = "incident.sing", .body = "{\"song\":1}" };
	struct buf out = { 0 };

	(void)state;
	assert_false(event_said(&out, &e));
	assert_string_equal(buf_str(&out), "{\"song\":1}");
	buf_free(&out);
}

static const struct { const char *kind, *body, *en, *es, *fr; } says[] = {
	{ "incident.clocks", "{\"clocks\":\"nis2\",\"aware\":\"2026-01-01T00:00:00Z\","
	  "\"stopped\":\"ours\",\"why\":\"a test\"}", "stopped the clocks ours: a test",
	  "paró los plazos ours: a test", "a arrêté les délais ours\u00a0: a test" },
	{ "report.decided", "{\"numbers\":\"3-5\",\"state\":\"noise\",\"reason\":\"a test\","
	  "\"same\":0,\"incident\":0,\"undoes\":0}", "reports 3-5: noise: a test",
	  "denuncias 3-5: ruido: a test", "signalements 3-5\u00a0: bruit\u00a0: a test" },
	{ "report.decided", "{\"numbers\":\"3\",\"state\":\"accepted\",\"reason\":\"seen\","
	  "\"same\":0,\"incident\":7,\"undoes\":0}", "reports 3: accepted, incident 7: seen",
	  "denuncias 3: aceptada, incidente 7: seen",
	  "signalements 3\u00a0: accepté, incident 7\u00a0: seen" },
	{ "report.decided", "{\"numbers\":\"3\",\"state\":\"new\",\"reason\":\"\","
	  "\"undoes\":12}", "took decision 12 back; reports 3: new",
	  "deshizo la decisión 12; denuncias 3: nueva",
	  "a annulé la décision 12\u00a0; signalements 3\u00a0: nouveau" },
	{ "user.sign-in-refused", "{\"from\":\"192.0.2.1\",\"untold\":9}",
	  "sign-in from 192.0.2.1 refused; tries before it that are not in the log: 9",
	  "acceso desde 192.0.2.1 denegado; intentos anteriores que no están en el registro: 9",
	  "connexion depuis 192.0.2.1 refusée\u00a0; essais précédents qui ne sont pas dans le "
	  "journal\u00a0: 9" },
	{ "taxii.received", "{\"status\":{\"total_count\":5,\"success_count\":4}}",
	  "took objects in over TAXII: 4 of 5", "recibió objetos por TAXII: 4 de 5",
	  "a reçu des objets par TAXII\u00a0: 4 sur 5" },
	{ "user.add", "{\"login\":\"ana\",\"role\":\"lead\",\"tlp\":\"TLP:RED\","
	  "\"pap\":\"PAP:AMBER\"}", "added the user ana: lead, up to TLP:RED PAP:AMBER",
	  "añadió al usuario ana: responsable, hasta TLP:RED PAP:AMBER",
	  "a ajouté l'utilisateur ana\u00a0: responsable, jusqu'à TLP:RED PAP:AMBER" },
	{ "task.state", "{\"place\":2,\"state\":\"done\",\"why\":\"\"}", "task 2 is done",
	  "la tarea 2 está hecha", "la tâche 2 est faite" },
	{ "upload.state", "{\"number\":9,\"state\":\"failed\",\"why\":\"no zone\"}",
	  "upload 9: failed: no zone", "envío 9: fallido: no zone",
	  "envoi 9\u00a0: échoué\u00a0: no zone" },
	{ "mute.add", "{\"rule\":\"\",\"subject\":\"a.example\",\"reason\":\"ours\","
	  "\"expires\":\"2026-12-01T00:00:00Z\"}",
	  "muted a.example until 2026-12-01T00:00:00Z: ours",
	  "silenció a.example hasta 2026-12-01T00:00:00Z: ours",
	  "a mis a.example en silence jusqu'au 2026-12-01T00:00:00Z\u00a0: ours" },
};

static void they_say_what_is_in_the_body(void **state)
{
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(says); i++) {
		assert_string_equal(said(&out, "en", says[i].kind, says[i].body), says[i].en);
		assert_string_equal(said(&out, "es", says[i].kind, says[i].body), says[i].es);
		assert_string_equal(said(&out, "fr", says[i].kind, says[i].body), says[i].fr);
	}
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_a_sentence_in_every_language),
		cmocka_unit_test(a_kind_of_a_newer_program_is_shown_as_it_stands),
		cmocka_unit_test(they_say_what_is_in_the_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
