/* SPDX-License-Identifier: GPL-3.0-or-later */
/* returned_test.c - letters known again: keys and tokens in texts; what the mail reader makes
 * of bounces and answers in many shapes; drills; and that only who has the key or the token
 * changes anything. */
#include "desk_place.h"
#include "model/ticket.h"
#include "respond/drill.h"
#include "respond/notice.h"
#include "respond/returned.h"
#include "share/exchange.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DAY (86400ull * 1000000000)

static void tickets(void **state)
{
	static const struct { const char *text; bool key; const char *token; } rows[] = {
		{ "", false, NULL }, { KEY "@a", true, NULL }, { KEY, false, NULL },
		{ "<" KEY "@a.example>", true, NULL }, { "0" KEY "@a", false, NULL },
		{ KEY "f@a", false, NULL }, { KEY KEY "@a", false, NULL },
		{ "vd-0123456789abcdef", false, "vd-0123456789abcdef" },
		{ "re: [vd-0123456789abcdef].", false, "vd-0123456789abcdef" },
		{ "vd-0123456789abcde", false, NULL }, { "vd-0123456789abcdef0", false, NULL },
		{ "vd-vd-00000000000000ff x", false, "vd-00000000000000ff" },
		{ "VD-0123456789ABCDEF", false, NULL },
	};
	char key[TICKET_KEY_MAX], token[TICKET_TOKEN_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(ticket_key_in(rows[i].text, key) != NULL, rows[i].key);
		if (rows[i].key)
			assert_string_equal(key, KEY);
		assert_int_equal(ticket_token_in(rows[i].text, token), rows[i].token != NULL);
		if (rows[i].token)
			assert_string_equal(token, rows[i].token);
	}
}

/* ---- the mail reader ---- */

#define HEAD "From: %s\nTo: desk@us.example\nSubject: %s\nMessage-ID: <1@x.example>\n%s\n%s"

struct got { struct item *first; u32 count; };

static int take(void *to, const struct item *i)
{
	struct got *g = to;

	if (g->count++ == 0)
		assert_non_null(g->first = item_copy(i));
	return 0;
}

static void tell(void *to, const char *where, const char *why)
{
	(void)to, (void)where, (void)why;
}

static void shapes(void **state)
{
	static const char dsn[] = "Content-Type: multipart/report; boundary=b\n";
	static const struct { const char *from, *subject, *fields, *body, *tag; } rows[] = {
		{ "eva@them.example", "Re: x", "", "\nyes", NULL },
		{ "eva@them.example", "Re: x", "In-Reply-To: <" KEY "@us.example>\n", "\nyes",
		  "answers:reply" },
		{ "eva@them.example", "Re: x", "References: <1@x> <" KEY "@us.example>\n",
		  "\nyes", "answers:reply" },
		{ "eva@them.example", "away", "Auto-Submitted: auto-replied\nIn-Reply-To: <" KEY
		  "@us.example>\n", "\nI am not here", "answers:automatic" },
		{ "eva@them.example", "Re: x", "Auto-Submitted: no\nIn-Reply-To: <" KEY
		  "@us.example>\n", "\nyes", "answers:reply" },
		{ "postmaster@them.example", "seen", "", "\nYour letter " KEY "@us was read",
		  "answers:automatic" },
		{ "MAILER-DAEMON@mx.example", "Undelivered Mail", "", "\nMessage-ID: <" KEY
		  "@us.example>\n", "answers:failed" },
		{ "MAILER-DAEMON@mx.example", "Warning: could not be delivered", "",
		  "\nIt will be retried. Message-ID: <" KEY "@us.example>\n", "answers:delayed" },
		{ "Mail System <x@mx.example>", "bounce",
		  "X-Failed-Recipients: a@them.example\n", "\nMessage-ID: <" KEY "@us.example>\n",
		  "answers:failed" },
		{ "a@mx.example", "x", dsn, "\n--b\nContent-Type: message/delivery-status\n\n"
		  "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@them.example\nAction: "
		  "delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; b@them.example\n"
		  "Action: FAILED\nStatus: 5.2.2\n\n--b\nContent-Type: text/rfc822-headers\n\n"
		  "Message-ID: <" KEY "@us.example>\n--b--\n", "answers:failed" },
		{ "a@mx.example", "x", dsn, "\n--b\nContent-Type: message/delivery-status\n\n"
		  "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@them.example\nAction: "
		  "delivered\nStatus: 2.0.0\n\n--b\nContent-Type: message/rfc822\n\n"
		  "Message-ID: <" KEY "@us.example>\n\nx\n--b--\n", "answers:delivered" },
		{ "a@mx.example", "x", dsn, "\n--b\nContent-Type: message/delivery-status\n\n"
		  "Action: failed\n--b--\n", NULL },
		{ "eva@them.example", "vd-0123456789abcdef", "", "\nyes", "answers:reply" },
		{ "eva@them.example", "x", "Content-Transfer-Encoding: base64\n",
		  "\ndmQtMDEyMzQ1Njc4OWFiY2RlZg==\n", "answers:reply" },
	};
	char why[EXCHANGE_WHY];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[4000];
		struct got g = { 0 };
		struct exchange_read r = { .octets = (const u8 *)text, .name = "test",
			.item = take, .trouble = tell, .to = &g };

		r.n = (size_t)snprintf(text, sizeof text, HEAD, rows[i].from, rows[i].subject,
				       rows[i].fields, rows[i].body);
		assert_true(r.n < sizeof text);
		assert_int_equal(exchange_read(exchange_find("mail"), &r, why), 0);
		if (returned_is(g.first) != (rows[i].tag != NULL) ||
		    (rows[i].tag && strstr(g.first->tags, rows[i].tag) == NULL))
			fail_msg("row %zu: tags %s", i, g.first->tags);
		free(g.first);
	}
}

/* ---- at the desk ---- */

static void contact(struct desk_place *p, const char *id, u64 place)
{
	char mail[80];

	snprintf(mail, sizeof mail, "%s@them.example", id);
	WELL(p, contact_set(p->desk, &(struct contact){ .id = id, .name = id,
		.roles = "registrar", .covers = "d.example", .place = place }));
	WELL(p, contact_address(p->desk, &(struct address){ .contact = id,
		.channel = CHANNEL_MAIL, .value = mail }));
}

/* A notice to them that was sent. */
static struct notice *sent_to(struct desk_place *p, const char *id, u64 incident)
{
	char mail[80];
	struct notice *n = NULL;
	u64 number;

	snprintf(mail, sizeof mail, "%s@them.example", id);
	WELL(p, notice_draft(p->desk, &(struct notice_draft){ .notice = &(struct notice){
		.contact = id, .incident = incident, .channel = CHANNEL_MAIL, .value = mail,
		.letter = incident ? "first-registrar" : "drill", .language = "en",
		.title = "x" }, .octets = "x", .n = 1 }, &number));
	WELL(p, notice_approve(p->desk, number, NULL));
	WELL(p, notice_sending(p->desk, number, &n));
	free(n);
	WELL(p, notice_outcome(p->desk, number, &(struct sent_report){ SENT_TAKEN, "250" }));
	assert_int_equal(notice_find(p->desk, number, &n), 0);
	return n;
}

static struct returned said(struct desk_place *p, const char *kind, const char *key,
			    const char *token)
{
	struct returned r;
	char tags[300];
	struct item i = { .kind = ITEM_NOTE, .tags = tags, .subject = "a@them.example",
		.source = "Eva <a@them.example>", .title = "Re: x",
		.text = "550 no such user \303", .evidence = KEY };

	snprintf(tags, sizeof tags, "mail\nanswers:%s%s%s%s%s\nanswers-status:5.1.1", kind,
		 key ? "\nanswers-key:" : "", key ? key : "", token ? "\nanswers-token:" : "",
		 token ? token : "");
	assert_true(returned_is(&i));
	WELL(p, returned_take(p->desk, &i, &r));
	return r;
}

static u8 state_of(struct desk_place *p, u64 number)
{
	struct notice *n = NULL;
	u8 state;

	assert_int_equal(notice_find(p->desk, number, &n), 0);
	state = n->state;
	free(n);
	return state;
}

static void bounces(void **state)
{
	struct desk_place *p = *state;
	u64 incident = desk_incident(p, 1, 1);
	struct notice *n, *other;
	struct returned r;

	contact(p, "first", 1);
	contact(p, "second", 2);
	contact(p, "third", 3);
	n = sent_to(p, "first", incident);
	other = sent_to(p, "second", incident);
	assert_string_not_equal(n->key, other->key);
	assert_int_equal(said(p, "failed", KEY, NULL).kind, RETURNED_NOT_OURS);
	assert_int_equal(said(p, "delayed", n->key, NULL).kind, RETURNED_NOTHING);
	assert_int_equal(said(p, "automatic", n->key, NULL).kind, RETURNED_NOTHING);
	assert_int_equal(state_of(p, n->number), NOTICE_SENT);
	r = said(p, "failed", n->key, NULL);
	assert_int_equal(r.kind, RETURNED_BOUNCED);
	assert_int_equal(r.notice, n->number);
	assert_string_equal(r.next, "second");
	assert_int_equal(state_of(p, n->number), NOTICE_BOUNCED);
	assert_int_equal(state_of(p, other->number), NOTICE_SENT);
	assert_int_equal(said(p, "failed", n->key, NULL).kind, RETURNED_KNOWN);
	WELL(p, contact_address(p->desk, &(struct address){ .contact = "second", .place = 2,
		.channel = CHANNEL_MAIL, .value = "other@them.example" }));
	r = said(p, "failed", other->key, NULL);
	assert_string_equal(r.next, "second");
	assert_true(r.same);
	assert_int_equal(said(p, "reply", other->key, NULL).kind, RETURNED_REPLY);
	assert_int_equal(said(p, "reply", other->key, NULL).kind, RETURNED_KNOWN);
	desk_same_when_rebuilt(p);
	free(n);
	free(other);
}

static struct drill drill_is(struct desk_place *p, const char *token, void **own)
{
	assert_int_equal(desk_find(p->desk, DESK_drill, &(struct drill){ .token = token },
				   own), 1);
	return *(struct drill *)*own;
}

static u8 proof_of(struct desk_place *p, const char *id)
{
	struct address *a = NULL;
	u8 proof;

	assert_int_equal(contact_reach(p->desk, id, CHANNEL_MAIL, &a), 1);
	proof = a->proof;
	free(a);
	return proof;
}

/* A drill of a contact, sent: its notice; the token. */
static struct notice *drilled(struct desk_place *p, const char *id, char token[DRILL_TOKEN_MAX])
{
	struct notice *n;
	char mail[80];

	contact(p, id, 1);
	snprintf(mail, sizeof mail, "%s@them.example", id);
	n = sent_to(p, id, 0);
	drill_token(n->key, token);
	WELL(p, drill_ask(p->desk, &(struct drill){ .token = token, .contact = id,
		.value = mail, .due = p->now + DAY }, CHANNEL_MAIL));
	assert_int_equal(proof_of(p, id), PROOF_ASKED);
	return n;
}

static void drills(void **state)
{
	struct desk_place *p = *state;
	char token[3][DRILL_TOKEN_MAX];
	struct notice *n[3] = { drilled(p, "answers", token[0]), drilled(p, "bounces", token[1]),
		drilled(p, "is-silent", token[2]) };
	void *own = NULL;
	u64 silent;

	assert_string_not_equal(token[0], token[1]);
	assert_int_equal(said(p, "reply", NULL, "vd-0123456789abcdef").kind, RETURNED_NOT_OURS);
	assert_int_equal(said(p, "automatic", n[0]->key, token[0]).kind, RETURNED_NOTHING);
	assert_int_equal(proof_of(p, "answers"), PROOF_ASKED);
	assert_int_equal(said(p, "reply", n[0]->key, token[0]).kind, RETURNED_PROVED);
	assert_int_equal(proof_of(p, "answers"), PROOF_ANSWERED);
	assert_int_equal(said(p, "reply", NULL, token[0]).kind, RETURNED_KNOWN);
	assert_int_equal(said(p, "failed", n[1]->key, token[1]).kind, RETURNED_BOUNCED);
	assert_int_equal(proof_of(p, "bounces"), PROOF_BOUNCED);
	WELL(p, drill_lapse(p->desk, &silent));
	assert_int_equal(silent, 0);	/* not due yet */
	p->now += 2 * DAY;
	WELL(p, drill_lapse(p->desk, &silent));
	assert_int_equal(silent, 1);
	assert_int_equal(proof_of(p, "bounces"), PROOF_BOUNCED);
	assert_int_equal(proof_of(p, "is-silent"), PROOF_SILENT);
	WELL(p, drill_lapse(p->desk, &silent));
	assert_int_equal(silent, 0);
	/* A late answer is one, still. */
	WELL(p, drill_answer(p->desk, token[2], "by telephone"));
	assert_int_equal(proof_of(p, "is-silent"), PROOF_ANSWERED);
	assert_string_equal(drill_is(p, token[2], &own).answer, "by telephone");
	free(own);
	DENIED(p, drill_answer(p->desk, token[2], "again"), OOPS_CHANGED, "noted before");
	DENIED(p, drill_answer(p->desk, "vd-1", "x"), OOPS_UNKNOWN, "no drill has");
	desk_same_when_rebuilt(p);
	for (size_t i = 0; i < COUNT(n); i++)
		free(n[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tickets), cmocka_unit_test(shapes),
		cmocka_unit_test_setup_teardown(bounces, desk_up, desk_down),
		cmocka_unit_test_setup_teardown(drills, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
