/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mail_test.c - reports by mail as people and machines send them: what is taken for the
 * thing that is reported, how likely, and why. */
#include "base/buf.h"
#include "model/remark.h"
#include "share/exchange.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct got { struct item *items[64]; u32 count, troubles; };

static int take(void *to, const struct item *i)
{
	struct got *g = to;

	assert_true(g->count < COUNT(g->items));
	assert_non_null(g->items[g->count++] = item_copy(i));
	return 0;
}

static void tell(void *to, const char *where, const char *why)
{
	struct got *g = to;

	assert_true(where[0] && why[0]);
	g->troubles++;
}

static struct got read_mail(const char *text)
{
	struct got g = { 0 };
	const struct exchange_read r = { .octets = (const u8 *)text, .n = strlen(text),
		.name = "test", .item = take, .trouble = tell, .to = &g };
	char why[EXCHANGE_WHY];

	assert_ptr_equal(exchange_guess(r.octets, r.n), exchange_find("mail"));
	assert_int_equal(exchange_read(exchange_find("mail"), &r, why), 0);
	return g;
}

static void done(struct got *g)
{
	for (u32 i = 0; i < g->count; i++)
		free(g->items[i]);
}

static const struct item *about(const struct got *g, const char *subject)
{
	for (u32 i = 0; i < g->count; i++)
		if (strcmp(g->items[i]->subject, subject) == 0)
			return g->items[i];
	fail_msg("nothing about %s", subject);
	return NULL;
}

static bool names(const struct got *g, const char *subject)
{
	for (u32 i = 0; i < g->count; i++)
		if (strcmp(g->items[i]->subject, subject) == 0)
			return true;
	return false;
}

static const char plain[] =
	"From: =?iso-8859-1?Q?J=F6rg?= Reporter <joerg@reporter.example>\r\n"
	"To: abuse@registry.example\r\n"
	"Subject: Phishing on bad[.]example\r\n"
	"Date: Tue, 12 Mar 2024 10:11:12 +0100\r\n"
	"Message-ID: <one@reporter.example>\r\n"
	"MIME-Version: 1.0\r\n"
	"Content-Type: text/plain; charset=windows-1252\r\n"
	"Content-Transfer-Encoding: quoted-printable\r\n"
	"\r\n"
	"Hello, please take down hxxps://Login.bad[.]example/bank?id=3D5 at once.\r\n"
	"It resolves to 192.0.2[.]66 and was seen with other.example.Thanks for it.\r\n"
	"See report.txt, and http://quoted.example in what follows:\r\n"
	"> http://victim.example/x=\r\n"
	"yz\r\n"
	"TLP:GREEN\r\n"
	"-- \r\n"
	"J=F6rg, https://www.reporter.example/about, tel. 1.2.3\r\n"
	"https://shop.example/\r\n";

static void reads_words(void **state)
{
	struct got g = read_mail(plain);
	const struct item *i = about(&g, "https://login.bad.example/bank?id=5");

	(void)state;
	assert_int_equal(i->kind, ITEM_REPORT);
	assert_int_equal(i->subject_kind, SUBJECT_URL);
	assert_int_equal(i->abuse, ABUSE_PHISHING);
	assert_int_equal(i->confidence, 80);
	assert_int_equal(i->created / 1000000000u, 1710234672);
	assert_int_equal(i->tlp, LABEL_GREEN);
	assert_string_equal(i->source, "J\303\266rg Reporter <joerg@reporter.example>");
	assert_string_equal(i->references, "mid:one@reporter.example");
	assert_string_equal(i->title, "Phishing on bad[.]example");
	assert_int_equal(strlen(i->evidence), 64);
	assert_int_equal(about(&g, "192.0.2.66")->subject_kind, SUBJECT_ADDRESS);
	assert_int_equal(about(&g, "bad.example")->confidence, 65);
	assert_int_equal(about(&g, "http://victim.example/xyz")->confidence, 45);
	assert_int_equal(about(&g, "https://www.reporter.example/about")->confidence, 5);
	assert_int_equal(about(&g, "https://shop.example/")->confidence, 10);
	assert_non_null(strstr(about(&g, "https://shop.example/")->text, "signature"));
	/* the whole sentence, and no more */
	assert_string_equal(about(&g, "http://quoted.example")->text, "named in the text\n"
		"See report.txt, and http://quoted.example in what follows:");
	assert_string_equal(about(&g, "192.0.2.66")->text, "written so that nobody clicks on it\n"
		"It resolves to 192.0.2[.]66 and was seen with other.example.Thanks for it.");
	assert_false(names(&g, "report.txt"));
	assert_false(names(&g, "other.example.thanks"));
	done(&g);
}

/* The text of the one item about a name that stands in a message so. */
static void quotes(const char *body, const char *name, const char *want)
{
	struct buf mail = { 0 };
	struct got g;

	buf_text(&mail, "From: a@reporter.example\nSubject: look\n\n");
	buf_text(&mail, body);
	g = read_mail(buf_str(&mail));
	assert_string_equal(behind_remark(about(&g, name)->text), want);
	done(&g);
	buf_free(&mail);
}

static void quotes_sentences(void **state)
{
	struct buf long_one = { 0 };
	const char *text;
	struct got g;

	(void)state;
	quotes("Good morning. Since Monday the page at our customer's\nhxxps://a.example/x is "
	       "phishing the clients of our\nbank in three countries. Please act.\n",
	       "https://a.example/x", "Since Monday the page at our customer's hxxps://a.example/x "
	       "is phishing the clients of our bank in three countries.");
	quotes("These are the ones that we know of for sure now:\n- http://a.example/1\n"
	       "- http://a.example/2\n", "http://a.example/2", "- http://a.example/2");
	quotes("Source: 192.0.2.7 as seen by our own sensors all day\nURL: http://a.example/ as "
	       "seen by our own sensors\n", "http://a.example/",
	       "URL: http://a.example/ as seen by our own sensors");
	buf_text(&long_one, "From: a@reporter.example\n"
		 "Content-Type: text/plain; charset=utf-8\n\n");
	for (unsigned i = 0; i < 200; i++)
		buf_text(&long_one, i == 100 ? "http://a.example/ " : "d\303\251j\303\240 ");
	g = read_mail(buf_str(&long_one));
	text = behind_remark(about(&g, "http://a.example/")->text);
	assert_non_null(strstr(text, "http://a.example/"));
	assert_memory_equal(text, "\u2026 d\303\251j\303\240 ", 11);
	assert_string_equal(text + strlen(text) - 10, "d\303\251j\303\240 \u2026");
	assert_true(strlen(text) < 500);
	done(&g);
	buf_free(&long_one);
}

static const char arf[] =
	"From: <fbl@isp.example>\n"
	"Date: Thu, 8 Mar 2005 17:40:36 EDT\n"
	"Subject: FW: Earn money\n"
	"To: <abuse@registry.example>\n"
	"MIME-Version: 1.0\n"
	"Content-Type: multipart/report; report-type=feedback-report; boundary=\"part\"\n"
	"\n"
	"--part\nContent-Type: text/plain; charset=\"US-ASCII\"\n\n"
	"This is an email abuse report for 192.0.2.1.\n"
	"--part\nContent-Type: message/feedback-report\n\n"
	"Feedback-Type: fraud\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"
	"Source-IP: 192.0.2.1\nReported-Domain: spam.example\n"
	"Reported-URI: http://spam.example/earn.html\n"
	"--part\nContent-Type: message/rfc822\nContent-Disposition: inline\n\n"
	"From: <someone@spam.example>\nSubject: Earn money\nMIME-Version: 1.0\n"
	"Content-type: text/html\n\n"
	"<p>Spam <a href=\"http://hidden.example/a?x=1&amp;y=2\">http://nice.example/</a>"
	"<style>a{b:url(http://no.example/)}</style></p>\n"
	"--part--\n";

static void reads_feedback(void **state)
{
	struct got g = read_mail(arf);

	(void)state;
	assert_int_equal(about(&g, "spam.example")->confidence, 75);
	assert_int_equal(about(&g, "http://spam.example/earn.html")->abuse, ABUSE_PHISHING);
	assert_int_equal(about(&g, "192.0.2.1")->confidence, 70);
	assert_non_null(about(&g, "http://hidden.example/a?x=1&y=2"));
	assert_false(names(&g, "http://no.example/"));
	assert_string_equal(about(&g, "spam.example")->tags, "mail\nfeedback-type:fraud");
	done(&g);
}

static const char failure[] =
	"From: rua@isp.example\nTo: abuse@registry.example\nSubject: DMARC\n"
	"Content-Type: multipart/report; boundary=b; report-type=feedback-report\n\n"
	"--b\nContent-Type: text/plain\n\nAuthentication failure.\n"
	"--b\nContent-Type: message/feedback-report\n\n"
	"Feedback-Type: auth-failure\nVersion: 1\nAuth-Failure: dkim\n"
	"Reported-Domain: sender.example\nSource-IP: 192.0.2.9\n"
	"--b--\n";

static void takes_failures_as_notes(void **state)
{
	struct got g = read_mail(failure);

	(void)state;
	assert_int_equal(about(&g, "sender.example")->kind, ITEM_NOTE);
	assert_int_equal(about(&g, "sender.example")->severity, SEVERITY_INFO);
	done(&g);
}

static const char attached[] =
	"From: a@victim.example\nSubject: fwd\nMIME-Version: 1.0\n"
	"Content-Type: multipart/mixed; boundary=b\n\n"
	"--b\nContent-Type: text/plain; charset=x-no-such\n\nsee attached\n"
	"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
	/* From: x@evil.example, Subject: hi, and a link to http://evil.example/p */
	"RnJvbTogeEBldmlsLmV4YW1wbGUKU3ViamVjdDogaGkKCkNsaWNrIGh0dHA6Ly9ldmlsLmV4YW1wbGUv\n"
	"cAo=\n"
	"--b\nContent-Type: application/json; name=\"xarf.json\"\n\n"
	"{\"xarf_version\":\"4.0.0\",\"report_id\":\"550e8400-e29b-41d4-a716-446655440000\","
	"\"timestamp\":\"2024-01-15T14:30:25Z\",\"reporter\":{\"org\":\"O\",\"contact\":"
	"\"o@o.example\",\"domain\":\"o.example\"},\"sender\":{\"org\":\"O\",\"contact\":"
	"\"o@o.example\",\"domain\":\"o.example\"},\"source_identifier\":\"203.0.113.5\","
	"\"category\":\"content\",\"type\":\"malware\",\"url\":\"http://x.example/m\"}\n"
	"--b--\n";

static void looks_into_attachments(void **state)
{
	struct got g = read_mail(attached);

	(void)state;
	assert_non_null(strstr(about(&g, "http://evil.example/p")->text, "is reported"));
	assert_int_equal(about(&g, "http://x.example/m")->abuse, ABUSE_MALWARE);
	assert_string_equal(about(&g, "http://x.example/m")->source, "O <o@o.example>");
	assert_int_equal(g.troubles, 0);
	done(&g);
}

static void reads_folders(void **state)
{
	static const char mbox[] =
		"From a@b Mon Jan  1 00:00:00 2024\nFrom: a@one.example\nSubject: spam\n"
		"Message-ID: <1@x>\n\nhttp://first.example/\n\n"
		"From a@b Mon Jan  1 00:00:00 2024\nFrom: a@two.example\nSubject: hello\n"
		"Message-ID: <2@x>\n\nno names here\n\n"
		"From a@b Mon Jan  1 00:00:00 2024\nFrom: a@three.example\nSubject: virus\n"
		"Message-ID: <3@x>\n\nhttp://third.example/\n";
	struct got g = read_mail(mbox);

	(void)state;
	assert_int_equal(about(&g, "http://first.example/")->abuse, ABUSE_SPAM);
	assert_string_equal(about(&g, "http://third.example/")->references, "mid:3@x");
	assert_int_equal(about(&g, "")->kind, ITEM_NOTE);
	assert_string_equal(about(&g, "")->text, "no names here\n");
	assert_int_equal(g.count, 3);
	assert_string_not_equal(g.items[0]->evidence, g.items[2]->evidence);
	done(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_words), cmocka_unit_test(quotes_sentences),
		cmocka_unit_test(reads_feedback),
		cmocka_unit_test(takes_failures_as_notes),
		cmocka_unit_test(looks_into_attachments), cmocka_unit_test(reads_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
