/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_mail_text.c - text of messages; see exchange_mail.h. */
#include "share/exchange_mail.h"
#include "base/num.h"
#include "base/stamp.h"
#include "model/remark.h"
#include <strings.h>

#define TOKEN_MAX 2048u

void mail_finds_free(struct mail_finds *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->at[i].subject);
	free(f->at);
	*f = (struct mail_finds){ 0 };
}

/* ---- how likely it is meant ---- */

/* Names in every HTML message and every abuse template, which nobody reports. */
static const char *const furniture[] = {
	"w3.org", "schemas.microsoft.com", "schemas.openxmlformats.org", "xarf.org",
	"example.com", "example.org", "example.net", "rfc-editor.org", "ietf.org",
	"abuse.net", "spamcop.net", "icann.org", "aka.ms",
};

static bool below(const char *host, const char *name)
{
	size_t n = strlen(host), m = strlen(name);

	return m && n >= m && strcmp(host + n - m, name) == 0 &&
	       (n == m || host[n - m - 1] == '.');
}

static bool is_own(const struct mail_finds *f, const char *host)
{
	for (size_t i = 0; i < COUNT(f->own) && f->own[i]; i++)
		if (below(host, f->own[i]))
			return true;
	return false;
}

static bool is_furniture(const char *host)
{
	for (size_t i = 0; i < COUNT(furniture); i++)
		if (below(host, furniture[i]))
			return true;
	return false;
}

/* Lines that mailers and lists put there. */
static bool is_footer(const char *line)
{
	static const char *const words[] = { "unsubscribe", "privacy policy", "opt out",
		"opt-out", "manage your preferences", "view this email", "view in browser",
		"confidential", "disclaimer", "list-", "sent from my", "follow us",
		"terms of use", "terms of service" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasestr(line, words[i]))
			return true;
	return false;
}

/* `text` is the whole. */
struct sight {
	enum mail_place place;
	bool defanged, footer;
	const char *text;
	struct mail_spot spot;
};

static u8 sure_of(const struct mail_finds *f, u8 kind, const char *host,
		  const struct sight *s, const char **reason)
{
	static const u8 by_kind[SUBJECT_KIND_COUNT] = { [SUBJECT_URL] = 60,
		[SUBJECT_DOMAIN] = 45, [SUBJECT_ADDRESS] = 45, [SUBJECT_PREFIX] = 40,
		[SUBJECT_EMAIL] = 25, [SUBJECT_HASH] = 40, [SUBJECT_AS] = 20 };
	u8 sure = by_kind[kind];

	*reason = remarks[REMARK_TEXT];
	if (is_own(f, host)) {
		*reason = remarks[REMARK_OWN];
		return 5;
	}
	if (is_furniture(host)) {
		*reason = remarks[REMARK_EVERYWHERE];
		return 5;
	}
	if (s->place == MAIL_SIGNATURE || s->footer) {
		*reason = remarks[REMARK_FOOTER];
		return 10;
	}
	if (s->defanged) {
		*reason = remarks[REMARK_DEFANGED];
		return (u8)min_u64(sure + 20u, 80);
	}
	if (s->place == MAIL_QUOTED) {
		*reason = remarks[REMARK_QUOTED];
		return sure > 15 ? sure - 15 : sure;
	}
	if (s->place == MAIL_ATTACHED)
		*reason = remarks[REMARK_ATTACHED];
	return sure;
}

static void add(struct mail_finds *f, char *subject, u8 kind, u8 sure, const char *reason)
{
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->at[i].subject, subject))
			continue;
		if (sure > f->at[i].confidence) {
			f->at[i].confidence = sure;
			f->at[i].reason = reason;
		}
		free(subject);
		return;
	}
	if (f->count == f->room) {
		size_t more = f->room ? f->room * 2 : 16;
		void *at = more > 2 * MAIL_FOUND_MAX ? NULL
			: reallocarray(f->at, more, sizeof *f->at);

		if (at == NULL || f->count >= MAIL_FOUND_MAX) {
			f->crowded = true;
			if (at)
				f->at = at;
			free(subject);
			return;
		}
		f->at = at;
		f->room = more;
	}
	f->at[f->count++] = (struct mail_found){ .subject = subject, .kind = kind,
		.confidence = sure, .reason = reason };
}

/* ---- tokens ---- */

/* "report.txt", "setup.exe": what looks like a name and is a file. */
static bool is_file(const char *name)
{
	static const char *const ends[] = { "txt", "exe", "pdf", "doc", "docx", "xls", "xlsx",
		"png", "jpg", "jpeg", "gif", "html", "htm", "php", "asp", "aspx", "js", "css",
		"json", "xml", "csv", "eml", "msg", "log", "dll", "bat", "ps1", "vbs", "jar",
		"apk", "iso", "img", "rar", "gz", "tar", "dat", "ini", "cfg", "conf", "bak",
		"svg", "ico", "rtf", "ppt", "pptx", "lnk" };
	const char *last = strrchr(name, '.');

	for (size_t i = 0; last && i < COUNT(ends); i++)
		if (strcmp(last + 1, ends[i]) == 0)
			return true;
	return false;
}

/* A bare name in a sentence: "end.Next" is none, and neither is "1.2.rc". */
static bool is_said_name(const char *token, const char *name)
{
	const char *last = strrchr(name, '.'), *as_written = strrchr(token, '.');
	bool upper = false, lower = false;

	if (last == NULL || strlen(last + 1) < 2 || is_file(name))
		return false;
	if (strncmp(last + 1, "xn--", 4) &&
	    strspn(last + 1, "abcdefghijklmnopqrstuvwxyz") != strlen(last + 1))
		return false;
	for (const char *p = token; *p; p++) {
		upper |= *p >= 'A' && *p <= 'Z';
		lower |= *p >= 'a' && *p <= 'z';
	}
	return !(upper && lower && as_written && as_written[1] >= 'A' && as_written[1] <= 'Z');
}

static bool is_defanged(const char *token)
{
	static const char *const marks[] = { "[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}",
		"[:]", "[at]", "(at)", "[@]", "hxxp", "hxtp", "h**p", "fxp:", "[.", ".]" };

	for (size_t i = 0; i < COUNT(marks); i++)
		if (strcasestr(token, marks[i]))
			return true;
	return false;
}

static void look_at(struct mail_finds *f, const char *token, struct sight s)
{
	struct buf clean = { 0 };
	char host[SUBJECT_HOST_MAX];
	const char *reason;
	size_t before = f->count;
	u8 kind, sure;

	s.defanged = is_defanged(token);
	subject_clean(&clean, token, strlen(token));
	while (clean.at && clean.len && strchr(".,;:!?*_", clean.at[clean.len - 1]) != NULL)
		clean.at[--clean.len] = 0;
	kind = (u8)subject_kind_of(buf_str(&clean));
	if (buf_error(&clean) || clean.at == NULL || kind == SUBJECT_OTHER ||
	    strncasecmp(token, "cid:", 4) == 0 ||
	    (kind == SUBJECT_DOMAIN && !s.defanged && !is_said_name(token, buf_str(&clean))) ||
	    (kind == SUBJECT_URL && strncmp(clean.at, "http", 4) && strncmp(clean.at, "ftp", 3))) {
		buf_free(&clean);
		return;
	}
	sure = sure_of(f, kind, subject_host(buf_str(&clean), host), &s, &reason);
	add(f, clean.at, kind, sure, reason);
	if (f->count > before)
		mail_passage(s.text, &s.spot, f->at[before].passage);
}

void mail_find_one(struct mail_finds *f, const char *text, u8 confidence, const char *reason)
{
	struct buf clean = { 0 };
	size_t before = f->count;
	u8 kind;

	subject_clean(&clean, text, strcspn(text, " \t\r\n;"));
	kind = (u8)subject_kind_of(buf_str(&clean));
	if (buf_error(&clean) || kind == SUBJECT_OTHER) {
		buf_free(&clean);
		return;
	}
	add(f, clean.at, kind, confidence, reason);
	if (f->count > before)
		mail_passage(text, &(struct mail_spot){ text, text },
			     f->at[before].passage);
}

/* Tokens stand between blanks and brackets of angles; a link of Markdown is two. */
static void look_at_line(struct mail_finds *f, const char *line, struct sight s)
{
	char token[TOKEN_MAX];

	s.footer = is_footer(line);
	for (const char *p = line; *p;) {
		size_t n;

		p += strspn(p, " \t<>\"`|\302\240");
		n = strcspn(p, " \t<>\"`|");
		for (size_t i = 1; i + 1 < n; i++)
			if (p[i] == ']' && p[i + 1] == '(')
				n = i + 1;
		if (n == 0)
			break;
		snprintf(token, sizeof token, "%.*s", (int)min_u64(n, sizeof token - 1), p);
		if (n < sizeof token && (strpbrk(token, ".:") || n >= 32 ||
					 strstr(token, "dot"))) {
			s.spot.thing = s.spot.line + (p - line);
			look_at(f, token, s);
		}
		p += n;
	}
}

void mail_find(struct mail_finds *f, const char *text, enum mail_place place)
{
	const char *whole = text;
	char line[4096];
	size_t looked = 0;

	while (*text && looked < MAIL_TEXT_MAX) {
		size_t n = strcspn(text, "\n"), m = min_u64(n, sizeof line - 1);
		struct sight s = { .place = place, .text = whole,
			.spot.line = text };

		while (m < n && m && ((u8)text[m] & 0xc0) == 0x80)
			m--;	/* not in the middle of a character */
		memcpy(line, text, m);
		line[m] = 0;
		line[strcspn(line, "\r")] = 0;
		if (place == MAIL_BODY && (strcmp(line, "-- ") == 0 || strcmp(line, "--") == 0))
			place = s.place = MAIL_SIGNATURE;	/* RFC 3676, 4.3 */
		if (place == MAIL_BODY && line[0] == '>')
			s.place = MAIL_QUOTED;
		look_at_line(f, line, s);
		looked += n + 1;
		text += m == n ? n + (text[n] != 0) : m;
	}
	f->crowded |= *text != 0;
}

/* ---- HTML ---- */

static size_t entity(const char *p, struct buf *out)
{
	static const struct { const char *name, *is; } names[] = {
		{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" },
		{ "&apos;", "'" }, { "&nbsp;", " " }, { "&period;", "." }, { "&sol;", "/" },
		{ "&colon;", ":" }, { "&#8203;", "" }, { "&shy;", "" }, { "&zwnj;", "" },
	};
	char *end;
	unsigned long c;

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strncasecmp(p, names[i].name, strlen(names[i].name)))
			continue;
		buf_text(out, names[i].is);
		return strlen(names[i].name);
	}
	if (p[1] != '#')
		return 0;
	c = (p[2] | 32) == 'x' ? strtoul(p + 3, &end, 16) : strtoul(p + 2, &end, 10);
	if (end - p > 12 || end == p + 2 || c == 0 || c >= 0x80 || c < 0x20)
		return 0;
	buf_byte(out, (u8)c);
	return (size_t)(end - p) + (*end == ';');
}

/* The value of an attribute inside a tag [p, end), as text behind what is there. */
static void attribute(struct buf *out, const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);

	for (; p + n < end; p++) {
		const char *v = p + n;
		char quote = 0;

		if (!strchr(" \t\r\n\"'/", *p) || strncasecmp(p + 1, name, n))
			continue;
		v += 1 + strspn(v + 1, " \t\r\n");
		if (v >= end || *v != '=')
			continue;
		v += 1 + strspn(v + 1, " \t\r\n");
		if (v < end && (*v == '"' || *v == '\''))
			quote = *v++;
		buf_text(out, " <");
		for (; v < end && (quote ? *v != quote : !strchr(" \t\r\n", *v));) {
			size_t m = *v == '&' ? entity(v, out) : 0;

			if (m == 0)
				buf_byte(out, (u8)*v++);
			v += m;
		}
		buf_text(out, "> ");
		return;
	}
}

static bool tag_is(const char *p, const char *name)
{
	size_t n = strlen(name);

	return strncasecmp(p, name, n) == 0 && strchr(" \t\r\n>/", p[n]);
}

static bool breaks(const char *p)
{
	static const char *const tags[] = { "br", "p", "/p", "div", "/div", "tr", "/tr", "li",
		"h1", "h2", "h3", "/h1", "/h2", "/h3", "table", "td", "hr", "blockquote", "pre" };

	for (size_t i = 0; i < COUNT(tags); i++)
		if (tag_is(p, tags[i]))
			return true;
	return false;
}

/* Behind the end of an element whose content is not shown. */
static const char *past(const char *p, const char *close)
{
	const char *end = strcasestr(p, close);

	return end ? end : p + strlen(p);
}

void mail_html_text(struct buf *out, const char *html)
{
	for (const char *p = html; *p && !buf_error(out);) {
		const char *end;
		size_t n;

		if (*p == '&' && (n = entity(p, out))) {
			p += n;
			continue;
		}
		if (*p != '<' || !((p[1] | 32) >= 'a' || p[1] == '/' || p[1] == '!')) {
			buf_byte(out, *p == '\n' || *p == '\r' ? ' ' : (u8)*p);
			p++;
			continue;
		}
		if (strncmp(p, "<!--", 4) == 0) {
			end = strstr(p, "-->");
			p = end ? end + 3 : p + strlen(p);
			continue;
		}
		end = strchr(p, '>');
		end = end ? end : p + strlen(p);
		if (breaks(p + 1))
			buf_byte(out, '\n');
		if (tag_is(p + 1, "a") || tag_is(p + 1, "area"))
			attribute(out, p + 1, end, "href");
		else if (tag_is(p + 1, "form"))
			attribute(out, p + 1, end, "action");
		if (tag_is(p + 1, "style"))
			end = past(end, "</style");
		else if (tag_is(p + 1, "script"))
			end = past(end, "</script");
		p = *end == '>' ? end + 1 : end;
	}
}

/* ---- words, times ---- */

u8 mail_abuse(const char *text)
{
	static const struct { const char *word; u8 is; } words[] = {
		{ "phish", ABUSE_PHISHING }, { "malware", ABUSE_MALWARE },
		{ "hame\303\247on", ABUSE_PHISHING }, { "ransomware", ABUSE_MALWARE },
		{ "trojan", ABUSE_MALWARE }, { "virus", ABUSE_MALWARE },
		{ "botnet", ABUSE_BOTNET }, { "command and control", ABUSE_BOTNET },
		{ "c2 server", ABUSE_BOTNET }, { "c&c", ABUSE_BOTNET },
		{ "pharming", ABUSE_PHARMING }, { "spam", ABUSE_SPAM },
		{ "unsolicited", ABUSE_SPAM }, { "scam", ABUSE_PHISHING },
		{ "fake site", ABUSE_PHISHING }, { "fraud", ABUSE_PHISHING },
		{ "impersonat", ABUSE_PHISHING }, { "credential", ABUSE_PHISHING },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasestr(text, words[i].word))
			return words[i].is;
	return ABUSE_NONE;
}

u64 mail_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *comma = strchr(text, ','), *at;
	unsigned day, year, hour, minute, second = 0;
	char month[4] = "", zone[8] = "+0000", iso[64];
	int used = 0;
	u64 ns;

	text = comma ? comma + 1 : text;
	if (sscanf(text, " %2u %3s %4u %2u:%2u%n", &day, month, &year, &hour, &minute,
		   &used) < 5 || strlen(month) != 3 || (at = strstr(months, month)) == NULL)
		return 0;
	if (text[used] == ':')
		sscanf(text + used, ":%2u", &second);
	text += used + strcspn(text + used, " ");
	text += strspn(text, " ");
	if (*text == '+' || *text == '-')
		snprintf(zone, sizeof zone, "%.5s", text);
	snprintf(iso, sizeof iso, "%04u-%02u-%02uT%02u:%02u:%02u%s",
		 year < 100 ? year + 2000 : year, (unsigned)(at - months) / 3 + 1, day, hour,
		 minute, second, zone);
	return stamp_foreign(iso, &ns) == 0 && ns <= (u64)INT64_MAX ? ns : 0;
}
