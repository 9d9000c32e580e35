/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notice_test.c - telling others: every letter in every language fills from an incident; what
 * a recipient may not have is refused or left out; the queue's states. */
#include "base/stamp.h"
#include "model/digest.h"
#include "respond/case.h"
#include "respond/contact.h"
#include "respond/inbox.h"
#include "respond/letter.h"
#include "respond/notice.h"
#include "respond/title.h"
#include "run/tell_drill.h"
#include "store_place.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define S 1000000000ull
static u64 now = 1700000000ull * S;
static u64 tick(void *world)
{
	return *(u64 *)world += S;
}

static struct desk *open_desk(void **state)
{
	struct place *p = *state;
	struct desk *d = NULL;
	char why[DESK_WHY] = "";

	assert_int_equal(desk_open(&d, &(struct desk_setup){ .path = p->path, .author = "ana",
		.now = tick, .world = &now }, why), 0);
	return d;
}

static const char *const letters[] = { "first-registrar", "first-registry", "first-operator",
	"first-host", "first-authority", "reminder", "escalation", "acknowledgement", "closing",
	"drill", "first-victim", "first-fault",
	"regulator-warning", "regulator-notification", "regulator-final" };

/* One incident: its own marking, and a contact cleared for AMBER. */
static u64 stage(struct desk *d, enum label tlp)
{
	const struct incident i = { .title = "one phishing site", .family = "phishing",
		.subject_kind = SUBJECT_DOMAIN, .subject = "shop.example", .reason = "one name",
		.aware = now, .severity = SEVERITY_HIGH,
		.confidence = 90 };
	u64 number = 0;

	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(contact_set(d, &(struct contact){ .id = "reg", .name = "Reg\xc3\xadstro",
		.roles = "registrar", .covers = "shop.example", .languages = "es",
		.tlp = LABEL_AMBER, .pap = PAP_GREEN }), 0);
	assert_int_equal(contact_address(d, &(struct address){ .contact = "reg",
		.channel = CHANNEL_MAIL, .value = "abuse@reg.example" }), 0);
	assert_int_equal(case_open(d, &(struct case_new){ .incident = &i }, &number), 0);
	assert_int_equal(case_label(d, (struct case_ref){ number, 0 }, (struct marking){
		(u8)tlp, PAP_GREEN }, "as tested"), 0);
	assert_int_equal(desk_end(d, 0), 0);
	return number;
}

static struct compose_ask ask_for(u64 incident, const char *letter)
{
	return (struct compose_ask){ .contact = "reg", .incident = incident, .letter = letter,
		.us = { "The desk", "desk@us.example", "+34 910 000 000" },
		.deadline = 1700100000ull * S };
}

static void every_letter(void **state)
{
	struct desk *d = open_desk(state);
	u64 number = stage(d, LABEL_GREEN);
	char why[COMPOSE_WHY];

	for (size_t i = 0; i < COUNT(letters); i++)
		for (unsigned l = 0; letter_languages[l]; l++) {
			struct compose_ask ask = ask_for(number, letters[i]);
			struct composed c;

			assert_true(letter_exists(letters[i]));
			ask.language = letter_languages[l];
			ask.token = "vd-0123456789abcdef";
			assert_int_equal(compose(&c, d, &ask, why), 0);
			assert_string_equal(c.notice.language, letter_languages[l]);
			assert_null(strpbrk(buf_str(&c.body), "{}"));
			assert_non_null(strstr(buf_str(&c.title), "TLP:GREEN"));
			assert_null(strstr(buf_str(&c.body), "shop.example"));	/* safe form */
			assert_non_null(strstr(c.message.at, "Message-ID: <"));
			composed_free(&c);
		}
	desk_close(d);
}

static void language_of_contact(void **state)
{
	struct desk *d = open_desk(state);
	struct compose_ask ask = ask_for(stage(d, LABEL_GREEN), "first-registrar");
	char why[COMPOSE_WHY];
	struct composed c;

	assert_int_equal(compose(&c, d, &ask, why), 0);
	assert_string_equal(c.notice.language, "es");
	assert_non_null(strstr(buf_str(&c.body), "Gravedad: alta"));
	composed_free(&c);
	ask.contact = "nobody";
	assert_int_equal(compose(&c, d, &ask, why), OOPS_UNKNOWN);
	composed_free(&c);
	ask.contact = "reg";
	ask.letter = "love";
	assert_int_equal(compose(&c, d, &ask, why), OOPS_UNKNOWN);
	composed_free(&c);
	desk_close(d);
}

struct counting { const char *kind; unsigned count; };
static int count_kind(void *to, const struct event *e)
{
	struct counting *c = to;

	c->count += strcmp(e->kind, c->kind) == 0;
	return 0;
}

static unsigned events(struct desk *d, const char *kind)
{
	struct counting c = { kind, 0 };

	assert_int_equal(store_each_event(desk_store(d), 1, 0, NULL, count_kind, &c), 0);
	return c.count;
}

static void too_strict(void **state)
{
	struct desk *d = open_desk(state);
	struct compose_ask ask = ask_for(stage(d, LABEL_RED), "first-registrar");
	char why[COMPOSE_WHY];
	struct composed c;

	assert_int_equal(compose(&c, d, &ask, why), -EPERM);
	assert_int_equal(c.code, CODE_STRICTER);
	assert_null(strstr(why, "--"));	/* who shows it words what gets over it */
	assert_null(strstr(why, "shop"));
	composed_free(&c);
	assert_int_equal(events(d, "gate.refused"), 1);
	ask.redacted = true;	/* and nothing is left */
	assert_int_equal(compose(&c, d, &ask, why), -EPERM);
	assert_null(strstr(why, "shop"));
	composed_free(&c);
	assert_int_equal(events(d, "gate.refused"), 2);
	desk_close(d);
}

static u64 draft(struct desk *d, u64 incident, bool again, int want)
{
	struct compose_ask ask = ask_for(incident, "first-registrar");
	char why[COMPOSE_WHY];
	struct composed c;
	u64 number = 0;

	assert_int_equal(compose(&c, d, &ask, why), 0);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, notice_draft(d, &(struct notice_draft){ &c.notice,
		c.message.at, c.message.len, again }, &number)), want);
	composed_free(&c);
	return number;
}

static int give(struct desk *d, int (*word)(struct desk *, u64, const char *), u64 number)
{
	assert_int_equal(desk_begin(d), 0);
	return desk_end(d, word(d, number, "because"));
}

static int begin(struct desk *d, u64 number)
{
	struct notice *n = NULL;
	int rc;

	assert_int_equal(desk_begin(d), 0);
	rc = desk_end(d, notice_sending(d, number, &n));
	free(n);
	return rc;
}

static void end(struct desk *d, u64 number, enum sent outcome, const char *words)
{
	struct sent_report r = { outcome, "250 taken" };
	struct notice *n = NULL;

	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, notice_outcome(d, number, &r)), 0);
	assert_int_equal(notice_find(d, number, &n), 0);
	assert_string_equal(notice_words(n), words);
	free(n);
}

static void queue(void **state)
{
	struct desk *d = open_desk(state);
	u64 incident = stage(d, LABEL_GREEN), number = draft(d, incident, false, 0), due;
	struct notice *n = NULL;

	assert_int_equal(number, 1);
	draft(d, incident, false, OOPS_CHANGED);	/* the same again */
	assert_int_equal(begin(d, number), OOPS_CHANGED);	/* without a word */
	assert_int_equal(notice_due(d, 0, &due), OOPS_UNKNOWN);
	assert_int_equal(give(d, notice_approve, number), 0);
	assert_int_equal(give(d, notice_approve, number), OOPS_CHANGED);
	assert_int_equal(notice_due(d, 0, &due), 0);
	assert_int_equal(begin(d, number), 0);
	assert_int_equal(begin(d, number), OOPS_CHANGED);	/* a second sender */
	end(d, number, SENT_LATER, "to be tried again");
	assert_int_equal(begin(d, number), OOPS_CHANGED);	/* not due */
	now += 61 * S;
	assert_int_equal(begin(d, number), 0);
	end(d, number, SENT_UNSURE, "may have been sent");
	now += 1000000 * S;
	assert_int_equal(begin(d, number), OOPS_CHANGED);	/* never by itself */
	assert_int_equal(give(d, notice_again, number), 0);
	assert_int_equal(begin(d, number), 0);
	end(d, number, SENT_TAKEN, "sent");
	assert_int_equal(give(d, notice_again, number), OOPS_CHANGED);
	assert_int_equal(give(d, notice_bounce, number), 0);
	assert_int_equal(notice_find(d, number, &n), 0);
	assert_int_equal(n->state, NOTICE_BOUNCED);
	assert_int_equal(notice_by_key(d, n->key, &due), 0);
	assert_int_equal(due, number);
	free(n);
	assert_int_equal(desk_rebuild(d), 0);
	assert_int_equal(notice_find(d, number, &n), 0);
	assert_int_equal(n->state, NOTICE_BOUNCED);
	free(n);
	desk_close(d);
}

static void gives_up(void **state)
{
	struct desk *d = open_desk(state);
	u64 number = draft(d, stage(d, LABEL_GREEN), false, 0), waited = 0;

	assert_int_equal(give(d, notice_approve, number), 0);
	for (unsigned i = 1; i <= NOTICE_TRIES_MAX; i++) {
		assert_int_equal(begin(d, number), 0);
		end(d, number, SENT_LATER, i < NOTICE_TRIES_MAX ? "to be tried again"
								 : "failed");
		waited += notice_backoff(i);
		now += notice_backoff(i) + S;
	}
	assert_true(waited < 7 * 86400 * S);
	desk_close(d);
}

static void what_is_approved(void **state)
{
	struct desk *d = open_desk(state);
	u64 number = draft(d, stage(d, LABEL_GREEN), false, 0);
	struct notice *n = NULL;
	struct buf out = { 0 };
	char hash[65];

	assert_int_equal(notice_find(d, number, &n), 0);
	assert_int_equal(store_kept(desk_store(d), n->message, &out), 0);
	assert_string_equal(mime_sha256(out.at, out.len, hash), n->message);
	assert_non_null(strstr(out.at, n->key));
	buf_free(&out);
	free(n);
	desk_close(d);
}

/* What we say about the incident is said in the letter's language, and nothing in it can be
 * clicked. */
static void in_its_language(void **state)
{
	struct desk *d = open_desk(state);
	char title[TITLE_MAX], why[COMPOSE_WHY];
	const struct incident i = { .title = title_of("tunnel.data", "evil.example", 2, title),
		.family = "tunnel", .subject_kind = SUBJECT_DOMAIN, .subject = "evil.example",
		.reason = "all about one subject", .aware = now, .own_tlp = LABEL_GREEN };
	struct compose_ask ask = ask_for(0, "regulator-final");
	struct composed c;

	assert_string_equal(title, "Data channel through DNS: evil.example and 2 more");
	stage(d, LABEL_GREEN);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(case_open(d, &(struct case_new){ .incident = &i }, &ask.incident), 0);
	assert_int_equal(desk_end(d, 0), 0);
	for (unsigned l = 1; letter_languages[l]; l++) {
		const struct tongue *t = tongue_find(letter_languages[l], NULL);

		ask.language = letter_languages[l];
		assert_int_equal(compose(&c, d, &ask, why), 0);
		for (const char *const *p = (const char *const []){ "Data channel through DNS",
		     "all about one subject", NULL }; *p; p++) {
			assert_string_not_equal(say_in(t, *p), *p);
			assert_null(strstr(buf_str(&c.body), *p));
			assert_non_null(strstr(buf_str(&c.body), say_in(t, *p)));
		}
		assert_non_null(strstr(buf_str(&c.title), say_in(t, "Data channel through DNS")));
		assert_non_null(strstr(buf_str(&c.title), "evil[.]example"));
		assert_null(strstr(buf_str(&c.title), "and 2 more"));
		assert_null(strstr(buf_str(&c.body), "evil.example"));
		composed_free(&c);
	}
	desk_close(d);
}

static const char *remark;	/* another text of the report, or NULL */

/* An incident out of what a stranger reported, as the mail reader keeps it. */
static u64 stage_report(struct desk *d)
{
	const struct inbox_setup setup = { .floor = { LABEL_GREEN, PAP_GREEN } };
	const struct item i = { .kind = ITEM_REPORT, .subject = "http://shop.example/login",
		.subject_kind = SUBJECT_URL, .abuse = ABUSE_PHISHING, .title = "is it yours?",
		.source = "Eva Roe <eva@x.example>", .text = remark ? remark
			: "written so that nobody clicks on it\nHello, the page is phishing.",
		.first_seen = now, .last_seen = now };
	const struct inbox_letter l = { .item = &i, .format = "mail", .original = "" };
	struct inbox_told told;
	struct inbox *in = NULL;
	char why[DESK_WHY];
	u64 number = 0, event;

	assert_int_equal(inbox_open(&in, d, &setup, why), 0);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(inbox_take(in, &l, &told), 0);
	assert_int_equal(inbox_accept_new(d, &(struct inbox_set){ &told.number, 1 }, NULL, &number,
					  &event), 0);
	assert_int_equal(desk_end(d, 0), 0);
	inbox_close(in);
	return number;
}

static void turn(struct desk *d, u64 number, enum incident_state s)
{
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, case_state(d, (struct case_ref){ number, 0 }, s, NULL)), 0);
}

/* Composes, and the letter has all of `has` and nothing of `hasnt`. */
static enum incident_state says(struct desk *d, const struct compose_ask *ask,
				const char *const *has, const char *const *hasnt)
{
	struct composed c;
	char why[COMPOSE_WHY];
	enum incident_state is;

	assert_int_equal(compose(&c, d, ask, why), 0);
	for (; *has; has++)
		if (strstr(buf_str(&c.body), *has) == NULL)
			fail_msg("no '%s' in:\n%s", *has, buf_str(&c.body));
	for (; *hasnt; hasnt++)
		if (strstr(buf_str(&c.body), *hasnt) || strstr(c.message.at, *hasnt))
			fail_msg("'%s' in:\n%s", *hasnt, buf_str(&c.body));
	is = c.unconfirmed;
	composed_free(&c);
	return is;
}

#define WORDS(...) (const char *const []){ __VA_ARGS__, NULL }
#define REMARK "nobody clicks"

/* A letter says "we have evidence" of what was confirmed, and that it was reported or is
 * suspected of the rest; what our reader remarked stays here, in the attachment too. */
static void no_more_than_is_known(void **state)
{
	struct desk *d = open_desk(state);
	const u64 by_hand = stage(d, LABEL_GREEN), number = stage_report(d);
	struct compose_ask ask = ask_for(number, "first-registrar");

	ask.language = "en";
	assert_int_equal(says(d, &ask, WORDS("we received a report", "not confirmed it",
		"What was reported to us", "Hello, the page is phishing.\n"), WORDS("evidence that",
		"What we saw", REMARK)), INCIDENT_NEW);
	turn(d, number, INCIDENT_TRIAGED);
	turn(d, number, INCIDENT_NOTIFIED);	/* without being confirmed */
	assert_int_equal(says(d, &ask, WORDS("we received a report"), WORDS("evidence that")),
			 INCIDENT_NOTIFIED);
	turn(d, number, INCIDENT_CONFIRMED);
	turn(d, number, INCIDENT_MITIGATING);
	assert_int_equal(says(d, &ask, WORDS("we have evidence that", "What was reported to us"),
		WORDS("we received", "What we saw", REMARK)), INCIDENT_STATE_COUNT);
	turn(d, number, INCIDENT_NOTIFIED);
	turn(d, number, INCIDENT_CONFIRMED);
	turn(d, number, INCIDENT_TRIAGED);	/* it was not, after all */
	ask.language = "es";
	assert_int_equal(says(d, &ask, WORDS("Hemos recibido un aviso",
		"Lo que nos han comunicado"), WORDS("Tenemos pruebas", "Lo que hemos observado",
		REMARK)), INCIDENT_TRIAGED);
	ask.language = "fr";
	says(d, &ask, WORDS("On nous a signal\u00e9"), WORDS("avons des preuves", REMARK));
	ask.incident = by_hand;
	says(d, &ask, WORDS("des raisons de soup\u00e7onner", "De quoi il s'agit"), WORDS(
		"avons des preuves", "On nous a signal\u00e9"));
	ask.letter = "acknowledgement";
	assert_int_equal(says(d, &ask, WORDS("VD-1"), WORDS("preuves")), INCIDENT_STATE_COUNT);
	desk_close(d);
}

static u64 take_report(struct inbox *in, const struct item *i)
{
	const struct inbox_letter l = { .item = i, .format = "mail", .original = "" };
	struct inbox_told told;

	assert_int_equal(inbox_take(in, &l, &told), 0);
	return told.number;
}

/* Who says the same of two kinds of abuse is one reader's line, and a subject of no kind that has
 * a word gets none. */
static void reported_twice(void **state)
{
	struct desk *d = open_desk(state);
	const struct inbox_setup setup = { .floor = { LABEL_GREEN, PAP_GREEN } };
	struct item i = { .kind = ITEM_REPORT, .subject = "shop.example",
		.subject_kind = SUBJECT_DOMAIN, .abuse = ABUSE_PHISHING, .title = "look",
		.source = "eva@x.example", .text = "It steals.", .last_seen = now };
	struct compose_ask ask = ask_for(0, "first-registrar");
	struct inbox *in = NULL;
	struct composed c;
	char why[COMPOSE_WHY];
	const char *first;
	u64 numbers[3], event;

	stage(d, LABEL_GREEN);
	assert_int_equal(inbox_open(&in, d, &setup, why), 0);
	assert_int_equal(desk_begin(d), 0);
	numbers[0] = take_report(in, &i);
	i.abuse = ABUSE_MALWARE;
	i.last_seen += 3600 * STAMP_NS;
	numbers[1] = take_report(in, &i);
	i.subject = "our page";
	i.subject_kind = SUBJECT_OTHER;
	numbers[2] = take_report(in, &i);
	assert_int_equal(inbox_accept_new(d, &(struct inbox_set){ numbers, 3 }, NULL,
		&ask.incident, &event), 0);
	assert_int_equal(desk_end(d, 0), 0);
	inbox_close(in);
	ask.language = "en";
	assert_int_equal(compose(&c, d, &ask, why), 0);
	first = strstr(buf_str(&c.body), "- shop[.]example (domain), ");
	assert_non_null(first);
	assert_null(strstr(first + 1, "- shop[.]example"));
	assert_non_null(strstr(buf_str(&c.body), " to "));
	assert_non_null(strstr(buf_str(&c.body), "- our page, "));
	composed_free(&c);
	desk_close(d);
}

/* What is ours in a letter is in its language; an instant is no span, and what nobody judged
 * has no confidence of 0. */
static void ours_in_its_language(void **state)
{
	struct desk *d = open_desk(state);
	struct compose_ask ask;
	u64 number;

	stage(d, LABEL_GREEN);
	number = stage_report(d);
	ask = ask_for(number, "regulator-notification");
	ask.language = "es";
	says(d, &ask, WORDS("A la atenci\u00f3n de", "Phishing denunciado: shop[.]example",
		" UTC\n  Hello"), WORDS("Reported", "compa\u00f1eros", ", del 2"));
	ask.letter = "regulator-final";
	says(d, &ask, WORDS("denuncias de fuera sobre el mismo host"), WORDS("reports from",
		"Cu\u00e1ndo: del"));
	ask.incident = 1;
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(case_open(d, &(struct case_new){ .incident = &(struct incident){
		.title = "Our own outage", .subject = "shop.example", .own_tlp = LABEL_GREEN } },
		&ask.incident), 0);
	assert_int_equal(desk_end(d, 0), 0);
	ask.letter = "regulator-notification";
	ask.language = "en";
	says(d, &ask, WORDS("First assessment: severity info\n"), WORDS("confidence"));
	desk_close(d);
}

/* Who is attacked, or has a fault to mend, is not said to be used for abuse, in any language;
 * and no machine gets their name to block it. */
static void no_victim_is_accused(void **state)
{
	static const struct { const char *family, *letter; } rows[] = {
		{ "nxstorm", "first-victim" }, { "reflection.victim", "first-victim" },
		{ "delegation", "first-fault" }, { "dnssec", "first-fault" },
		{ "phishing", "first-host" }, { "tunnel", "first-host" }, { "", "first-host" },
		{ "reflection", "first-host" },
	};
	struct desk *d = open_desk(state);
	char why[COMPOSE_WHY];
	struct composed c;

	stage(d, LABEL_GREEN);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const bool accused = strcmp(rows[i].letter, "first-host") == 0;
		const struct incident is = { .title = "by hand", .family = rows[i].family,
			.subject_kind = SUBJECT_DOMAIN, .subject = "shop.example", .reason = "x",
			.aware = now, .own_tlp = LABEL_GREEN };
		struct compose_ask ask = ask_for(0, "first-host");

		assert_int_equal(desk_begin(d), 0);
		assert_int_equal(case_open(d, &(struct case_new){ .incident = &is },
					   &ask.incident), 0);
		assert_int_equal(desk_end(d, 0), 0);
		assert_int_equal(compose(&c, d, &ask, why), accused ? 0 : OOPS_RANGE);
		assert_true(accused || strstr(why, rows[i].letter));
		composed_free(&c);
		ask.fitting = true;
		for (unsigned l = 0; letter_languages[l]; l++) {
			ask.language = letter_languages[l];
			assert_int_equal(compose(&c, d, &ask, why), 0);
			assert_string_equal(c.notice.letter, rows[i].letter);
			for (size_t k = 0; k < c.part_count && !accused; k++)
				assert_null(strstr(c.parts[k].name, "xarf"));
			composed_free(&c);
		}
	}
	desk_close(d);
}

/* Whom letters come from need be set for what goes out, not for what is looked at. */
static void nobody_set(void **state)
{
	struct desk *d = open_desk(state);
	struct compose_ask ask = ask_for(stage(d, LABEL_GREEN), "first-registrar");
	char why[COMPOSE_WHY];
	struct composed c;

	ask.us = (struct compose_us){ .name = "The desk" };
	assert_int_equal(compose(&c, d, &ask, why), OOPS_CHANGED);
	assert_int_equal(c.code, CODE_NO_SENDER);
	assert_null(strstr(why, "--"));
	composed_free(&c);
	ask.shown = true;
	assert_int_equal(compose(&c, d, &ask, why), 0);
	assert_true(c.no_sender);
	assert_non_null(strstr(c.message.at, "From: \"The desk\" <" COMPOSE_NO_SENDER ">"));
	assert_non_null(strstr(buf_str(&c.body), COMPOSE_NO_SENDER));
	composed_free(&c);
	ask.us.mail = "desk@us.example";
	assert_int_equal(compose(&c, d, &ask, why), 0);
	assert_false(c.no_sender);
	assert_null(strstr(c.message.at, COMPOSE_NO_SENDER));
	composed_free(&c);
	desk_close(d);
}

static u64 notices(struct desk *d)
{
	u64 next = 0;

	assert_int_equal(notice_next(d, &next), 0);
	return next - 1;
}

/* A drill and its letter are one change: neither is there without the other. */
static void drill_is_one(void **state)
{
	struct desk *d = open_desk(state);
	const struct tell_conf conf = { .us = { "The desk", "desk@us.example", NULL },
		.answer_ns = TELL_ANSWER_NS };
	char why[COMPOSE_WHY];
	struct tell_drill t;
	struct composed c;
	u64 number = 0;

	stage(d, LABEL_GREEN);
	tell_drill_letter(&t, d, &conf, "reg", NULL);
	assert_int_equal(compose(&c, d, &t.ask, why), 0);
	assert_int_equal(desk_begin(d), 0);	/* the address goes while it is looked at */
	assert_int_equal(desk_end(d, contact_address_remove(d, &(struct address){
		.contact = "reg", .channel = CHANNEL_MAIL, .value = "abuse@reg.example" })), 0);
	assert_int_equal(tell_drill_keep(d, &c, &t, true, &number), OOPS_UNKNOWN);
	assert_int_equal(notices(d), 0);
	assert_int_equal(events(d, "drill.asked"), 0);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, contact_address(d, &(struct address){ .contact = "reg",
		.channel = CHANNEL_MAIL, .value = "abuse@reg.example" })), 0);
	assert_int_equal(tell_drill_keep(d, &c, &t, true, &number), 0);
	assert_int_equal(notices(d), 1);
	assert_int_equal(events(d, "drill.asked"), 1);
	composed_free(&c);
	desk_close(d);
}

/* A host is found by the address that a report gives, where nobody covers the name. */
static void host_of_report(void **state)
{
	struct desk *d = open_desk(state);
	const struct tell_conf conf = { .us = { "The desk", "desk@us.example", NULL } };
	struct tell_wish wish = { .role = "host", .language = "en" };
	char why[COMPOSE_WHY];
	struct composed c;

	stage(d, LABEL_GREEN);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(contact_set(d, &(struct contact){ .id = "farm", .name = "A farm",
		.roles = "host", .covers = "192.0.2.0/24", .languages = "en", .tlp = LABEL_AMBER,
		.pap = PAP_GREEN }), 0);
	assert_int_equal(contact_address(d, &(struct address){ .contact = "farm",
		.channel = CHANNEL_MAIL, .value = "abuse@farm.example" }), 0);
	assert_int_equal(desk_end(d, 0), 0);
	wish.incident = stage_report(d);
	assert_int_equal(tell_compose(&c, d, &conf, &wish, why), OOPS_UNKNOWN);
	composed_free(&c);
	remark = "its address, as the report says: 192.0.2.7\nHello, the page is phishing us.";
	wish.incident = stage_report(d);
	assert_int_equal(tell_compose(&c, d, &conf, &wish, why), 0);
	assert_string_equal(c.notice.contact, "farm");
	assert_null(strstr(buf_str(&c.body), "its address"));
	composed_free(&c);
	remark = NULL;
	desk_close(d);
}

/* The attachment of a letter does not say who reported unless that is wished. */
static void who_reported_stays(void **state)
{
	struct desk *d = open_desk(state);
	struct compose_ask ask;
	struct composed c;
	char why[COMPOSE_WHY];

	stage(d, LABEL_GREEN);
	remark = "Write to Eva@x.example.";
	ask = ask_for(stage_report(d), "first-registrar");
	remark = NULL;
	for (unsigned named = 0; named < 2; named++) {
		ask.reporters = named;
		assert_int_equal(compose(&c, d, &ask, why), 0);
		assert_non_null(strstr(buf_str(&c.part[0]), "shop.example"));
		assert_int_equal(strstr(buf_str(&c.part[0]), "Eva Roe") != NULL, named);
		assert_int_equal(strcasestr(buf_str(&c.part[0]), "eva@x") != NULL, named);
		assert_int_equal(strstr(buf_str(&c.body), "[reporter]") != NULL, !named);
		composed_free(&c);
	}
	desk_close(d);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, place_up, place_down)
int main(void)
{
	const struct CMUnitTest tests[] = { CASE(every_letter), CASE(language_of_contact),
		CASE(too_strict), CASE(queue), CASE(gives_up), CASE(what_is_approved),
		CASE(no_victim_is_accused),
		CASE(in_its_language), CASE(no_more_than_is_known), CASE(reported_twice),
		CASE(ours_in_its_language), CASE(nobody_set), CASE(drill_is_one),
		CASE(host_of_report), CASE(who_reported_stays) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
