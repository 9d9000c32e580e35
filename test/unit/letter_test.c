/* SPDX-License-Identifier: GPL-3.0-or-later */
/* letter_test.c - the language of letters, and mail as octets: what comes out, what is an
 * error, and that nothing foreign becomes a tag, a header or a line of one. */
#include "net/hook.h"
#include "net/http.h"
#include "respond/letter.h"
#include "respond/mime.h"
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct letter_word words[] = {
	{ "name", "Ana" }, { "empty", "" }, { "none", NULL },
	{ "foreign", "{name}\r\nBcc: x@y.example\n\x1b[31m\xe2\x80\xae" }, { NULL, NULL },
};
static const char *const columns[] = { "row.a", "row.b", NULL };
static const char *const cells[] = { "1", "x", "2", "" };
static const struct letter_list lists[] = {
	{ "rows", columns, cells, 2 }, { "nothing", columns, NULL, 0 },
	{ NULL, NULL, NULL, 0 },
};
static const struct letter_data data = { words, lists };

static int fill(const char *text, struct buf *title, struct buf *body, char why[LETTER_WHY])
{
	return letter_fill(text, strlen(text), &data, title, body, why);
}

static void gives(const char *text, const char *want)
{
	struct buf title = { 0 }, body = { 0 }, all = { 0 };
	char why[LETTER_WHY] = "";

	buf_fmt(&all, "Subject: s\n\n%s", text);
	assert_int_equal(fill(buf_str(&all), &title, &body, why), 0);
	assert_string_equal(buf_str(&body), want);
	assert_string_equal(buf_str(&title), "s");
	buf_free(&title);
	buf_free(&body);
	buf_free(&all);
}

static void fails(const char *text, int error, const char *says)
{
	struct buf title = { 0 }, body = { 0 };
	char why[LETTER_WHY] = "";

	assert_int_equal(fill(text, &title, &body, why), error);
	assert_non_null(strstr(why, says));
	buf_free(&title);
	buf_free(&body);
}

static void language(void **state)
{
	(void)state;
	gives("Dear {name}, {{literal}", "Dear Ana, {literal}");
	gives("a\n{if name}\nyes\n{else}\nno\n{end}\nb", "a\nyes\nb");
	gives("a{if empty}yes{else}no{end}b", "anob");
	gives("{if none}{if name}x{end}{end}.", ".");
	gives("{each rows}\n- {row.a}{if row.b}={row.b}{end} {name}\n{end}\n",
	      "- 1=x Ana\n- 2 Ana\n");
	gives("{each nothing}{row.a}{end}!", "!");
	gives("{if empty}{each rows}{row.b}{end}{end}", "");
}

static void errors(void **state)
{
	char deep[2000] = "Subject: s\n\n";

	(void)state;
	fails("Dear", OOPS_FORMAT, "begins with 'Subject");
	fails("Subject: s\nno empty line", OOPS_FORMAT, "begins with 'Subject");
	fails("Subject: s\n\n{nobody}", OOPS_UNKNOWN, "line 3: there is nothing called 'nobody'");
	fails("Subject: s\n\n{if empty}{nobody}{end}", OOPS_UNKNOWN, "'nobody'");
	fails("Subject: s\n\n{each nothing}\n{nobody}{end}", OOPS_UNKNOWN, "line 4");
	fails("Subject: s\n\n{row.a}", OOPS_UNKNOWN, "'row.a'");
	fails("Subject: s\n\n{if name}", OOPS_FORMAT, "{end} is missing");
	fails("Subject: s\n\n{end}", OOPS_FORMAT, "what does this end");
	fails("Subject: s\n\n{else}", OOPS_FORMAT, "what does this end");
	fails("Subject: s\n\n{if name}{else}{else}{end}", OOPS_FORMAT, "second {else}");
	fails("Subject: s\n\n{each rows}{each rows}{end}{end}", OOPS_FORMAT, "a list in a list");
	fails("Subject: s\n\n{each names}{end}", OOPS_UNKNOWN, "no list called 'names'");
	fails("Subject: s\n\n{name", OOPS_FORMAT, "not closed");
	fails("Subject: {nobody}\n\n.", OOPS_UNKNOWN, "line 1");
	fails("Subject: s\n\n\xff", OOPS_FORMAT, "UTF-8");
	for (int i = 0; i < 20; i++)
		snprintf(deep + strlen(deep), sizeof deep - strlen(deep), "{if name}");
	fails(deep, OOPS_LIMIT, "too many tags");
}

static void foreign(void **state)
{
	struct buf title = { 0 }, body = { 0 };
	char why[LETTER_WHY];

	(void)state;
	assert_int_equal(fill("Subject: about {foreign}\n\n{foreign}", &title, &body, why), 0);
	assert_null(strpbrk(buf_str(&title), "\r\n\x1b"));
	assert_non_null(strstr(buf_str(&title), "{name}"));	/* and not Ana */
	assert_null(strpbrk(buf_str(&body), "\r\x1b"));
	assert_null(strstr(buf_str(&body), "\xe2\x80\xae"));
	buf_free(&title);
	buf_free(&body);
}

static struct mime_mail plain_mail(void)
{
	return (struct mime_mail){ .from = "desk@us.example", .from_name = "The desk",
		.to = "abuse@them.example", .to_name = "Ellos y compa\xc3\xb1\xc3\xad" "a",
		.title = "TLP:GREEN phishing: evil[.]example", .id = "abc@us.example",
		.body = "Se\xc3\xb1or:\n.\nline =20 \n", .label = "TLP:GREEN PAP:GREEN",
		.at = 1700000000ull * 1000000000ull };
}

static void mail(void **state)
{
	const struct mime_part part = { "a.json", "application/json", "{\"a\":1}", 7 };
	struct mime_mail m = plain_mail();
	struct buf out = { 0 }, again = { 0 };

	(void)state;
	m.parts = &part;
	m.part_count = 1;
	assert_int_equal(mime_write(&out, &m), 0);
	assert_int_equal(mime_write(&again, &m), 0);
	assert_string_equal(buf_str(&out), buf_str(&again));
	assert_non_null(strstr(buf_str(&out), "From: \"The desk\" <desk@us.example>\r\n"));
	assert_non_null(strstr(buf_str(&out), "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
	assert_non_null(strstr(buf_str(&out), "To: =?UTF-8?B?"));
	assert_non_null(strstr(buf_str(&out), "Message-ID: <abc@us.example>\r\n"));
	assert_non_null(strstr(buf_str(&out), "Auto-Submitted: auto-generated\r\n"));
	assert_non_null(strstr(buf_str(&out), "Se=C3=B1or:\r\n.\r\nline =3D20=20\r\n"));
	assert_non_null(strstr(buf_str(&out), "eyJhIjoxfQ==\r\n"));
	for (const char *p = buf_str(&out); *p; p++)
		assert_true((u8)*p < 0x80 && (*p != '\n' || p[-1] == '\r'));
	buf_free(&out);
	buf_free(&again);
}

static void refuse(struct mime_mail m)
{
	struct buf out = { 0 };

	assert_int_equal(mime_write(&out, &m), OOPS_FORMAT);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

#define REFUSE(member, value) do { struct mime_mail m_ = plain_mail(); m_.member = value;   \
	refuse(m_); } while (0)
static void injection(void **state)
{
	const struct mime_part bad = { "a\"\r\nX: y", "text/plain", "", 0 };
	struct mime_mail m = plain_mail();

	(void)state;
	REFUSE(title, "a\r\nBcc: x@y.example");
	REFUSE(title, "a\nb");
	REFUSE(to, "a@b.example>\r\nBcc: <x@y.example");
	REFUSE(to, "a@b.example, c@d.example");
	REFUSE(to, "a@b@c.example");
	REFUSE(to, "");
	REFUSE(to_name, "a\nb");
	REFUSE(from, NULL);
	REFUSE(from_name, "\x7f");
	REFUSE(id, "a b@c");
	REFUSE(label, "TLP:RED\n");
	REFUSE(title, "\xff");
	m.parts = &bad;
	m.part_count = 1;
	refuse(m);
}

/* Every length of a title of two-octet characters: encoded words hold whole characters. */
static void long_titles(void **state)
{
	(void)state;
	for (size_t n = 1; n < 200; n++) {
		struct mime_mail m = plain_mail();
		struct buf out = { 0 }, title = { 0 };
		size_t line = 0;

		for (size_t i = 0; i < n; i++)
			buf_text(&title, i % 7 == 6 ? "a" : "\xc3\xa9");
		m.title = buf_str(&title);
		assert_int_equal(mime_write(&out, &m), 0);
		for (const char *p = buf_str(&out); *p; p++) {
			line = *p == '\n' ? 0 : line + 1;
			assert_true(line <= 79);
		}
		buf_free(&out);
		buf_free(&title);
	}
}

static bool is_private(const char *text)
{
	u8 at[16];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	assert_int_equal(inet_pton(family, text, at), 1);
	return http_private(family, at);
}

static void where_hooks_go(void **state)
{
	static const char *const no[] = { "127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1",
		"169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1",
		"::ffff:127.0.0.1", "fe80::1", "fd00::1", "::", "ff02::1", "2002:7f00:1::",
		"64:ff9b::7f00:1" };
	static const char *const yes[] = { "8.8.8.8", "172.32.0.1", "100.128.0.1", "9.9.9.9",
		"2606:4700::1" };
	char mac[200];

	(void)state;
	for (size_t i = 0; i < COUNT(no); i++)
		assert_true(is_private(no[i]));
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_false(is_private(yes[i]));
	hook_hmac("Jefe", 4, "what do ya want for nothing?", 28, mac);	/* RFC 4231, 4.3 */
	assert_string_equal(mac, "hmac-sha256="
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void every_language(void **state)
{
	char to[100];

	(void)state;
	assert_string_equal(letter_language(""), "en");
	assert_string_equal(letter_language("pt-br es en"), "es");
	assert_string_equal(letter_language("est frr fr-ca"), "fr");
	assert_string_equal(letter_language("de"), "en");
	assert_true(letter_exists("reminder"));
	assert_false(letter_exists("words"));
	assert_string_equal(letter_term("es", "high", to), "alta");
	assert_string_equal(letter_term("fr", "phishing", to), "hame\xc3\xa7onnage");
	assert_string_equal(letter_term("en", "high", to), "high");
	for (unsigned i = 0; letter_languages[i]; i++) {
		const char *is = letter_languages[i];
		struct buf out = { 0 };

		assert_int_equal(letter_read(NULL, "drill", &is, &out), 0);
		assert_string_equal(is, letter_languages[i]);
		buf_free(&out);
	}
	{
		const char *is = "de";
		struct buf out = { 0 };

		assert_int_equal(letter_read(NULL, "drill", &is, &out), 0);
		assert_string_equal(is, "en");
		assert_int_equal(letter_read(NULL, "../en/drill", &is, &out), OOPS_UNKNOWN);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(language), cmocka_unit_test(errors), cmocka_unit_test(foreign),
		cmocka_unit_test(mail), cmocka_unit_test(injection),
		cmocka_unit_test(long_titles), cmocka_unit_test(where_hooks_go),
		cmocka_unit_test(every_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
