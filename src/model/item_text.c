/* SPDX-License-Identifier: GPL-3.0-or-later */
/* item_text.c - fields of an item as cells of a table, and subjects as strangers write
 * them; see item.h.
 *
 * People defang what they report, so that nobody clicks on it: hxxp for http, [.] or (dot)
 * for a dot, [at] for an @, [:] for a colon. The marks stand in brackets, which no name and
 * no address has, so they can be taken back; a bare "dot" between blanks is left alone. */
#include "model/item.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/stamp.h"
#include <arpa/inet.h>
#include <strings.h>

void item_text(struct buf *out, const struct item *i, const struct field *f)
{
	const char *at = (const char *)i + f->at;
	char stamp[STAMP_TEXT_MAX];
	const char *words;
	u64 v;

	switch (f->kind) {
	case FIELD_words:
		words = *(const char *const *)at;
		buf_text(out, words ? words : "");
		return;
	case FIELD_stamp:
		if ((v = *(const u64 *)at))
			buf_text(out, stamp_text(v, v % STAMP_NS ? 9 : 0, stamp));
		return;
	case FIELD_count:
		buf_fmt(out, "%llu", (unsigned long long)*(const u64 *)at);
		return;
	case FIELD_severity:
		buf_text(out, severity_name(*(const enum severity *)at));
		return;
	case FIELD_choice:
		buf_text(out, f->choices[*(const u8 *)at]);
		return;
	default:
		must(!"a field that items have not");
	}
}

/* A choice in any case. */
static int choice_of(const char *const *choices, const char *text)
{
	for (int i = 0; choices[i]; i++)
		if (strcasecmp(choices[i], text) == 0)
			return i;
	return OOPS_UNKNOWN;
}

static int set_choice(u8 *at, const struct field *f, const char *text)
{
	int n = choice_of(f->choices, text);

	if (n < 0 && f->choices == label_names)
		n = label_parse(text);
	if (n < 0 && f->choices == pap_names)
		n = pap_parse(text);
	if (n < 0)
		return n;
	*at = (u8)n;
	return 0;
}

static int set_severity(enum severity *at, const char *text)
{
	for (int s = 0; s < SEVERITY_COUNT; s++)
		if (strcasecmp(severity_name((enum severity)s), text) == 0) {
			*at = (enum severity)s;
			return 0;
		}
	return OOPS_UNKNOWN;
}

int item_set(struct item *i, const struct field *f, const char *text)
{
	char *at = (char *)i + f->at;
	u64 most = strcmp(f->name, "confidence") ? (u64)INT64_MAX : 100;

	if (f->kind == FIELD_words) {
		if (strlen(text) > FIELD_WORDS_MAX)
			return OOPS_RANGE;
		*(const char **)at = text;
		return 0;
	}
	if (text[0] == 0) {
		memset(at, 0, f->size);
		return 0;
	}
	switch (f->kind) {
	case FIELD_stamp:
		return stamp_foreign(text, (u64 *)at);
	case FIELD_count:
		return num_u64(text, 0, most, (u64 *)at);
	case FIELD_severity:
		return set_severity((enum severity *)at, text);
	case FIELD_choice:
		return set_choice((u8 *)at, f, text);
	default:
		return OOPS_TYPE;
	}
}

/* ---- subjects ---- */

static const struct { const char *mark, *is; } defanged[] = {
	{ "[.]", "." }, { "(.)", "." }, { "{.}", "." }, { "[dot]", "." }, { "(dot)", "." },
	{ "{dot}", "." }, { "[.", "." }, { ".]", "." }, { "\\.", "." }, { "[:]", ":" },
	{ "[://]", "://" }, { "[:", ":" }, { "[at]", "@" }, { "(at)", "@" }, { "[@]", "@" },
	{ "(@)", "@" }, { "{at}", "@" }, { "[/]", "/" },
};

/* The octets that a mark takes at p, and in *is what it stands for; 0 for none. */
static size_t mark_at(const char *p, const char *end, const char **is)
{
	for (size_t k = 0; k < COUNT(defanged); k++) {
		size_t n = strlen(defanged[k].mark);

		if ((size_t)(end - p) >= n && strncasecmp(p, defanged[k].mark, n) == 0) {
			*is = defanged[k].is;
			return n;
		}
	}
	return 0;
}

static bool in_host_of(const struct buf *to, size_t from)
{
	const char *text = to->at + from, *scheme = strstr(text, "://");

	return !scheme || !strpbrk(scheme + 3, "/?#");
}

/* "hxxp", "hXXps", "fxp", "meow" before a colon. */
static size_t scheme_at(const char *p, size_t n, const char **is)
{
	static const struct { const char *mark, *is; } schemes[] = {
		{ "hxxps", "https" }, { "hxxp", "http" }, { "h**ps", "https" },
		{ "h**p", "http" }, { "hxtps", "https" }, { "hxtp", "http" },
		{ "htxps", "https" }, { "htxp", "http" }, { "fxp", "ftp" },
	};

	for (size_t k = 0; k < COUNT(schemes); k++) {
		size_t m = strlen(schemes[k].mark);

		if (n > m && strncasecmp(p, schemes[k].mark, m) == 0 &&
		    (p[m] == ':' || p[m] == '[')) {
			*is = schemes[k].is;
			return m;
		}
	}
	return 0;
}

static const char *trim(const char *p, size_t *n)
{
	while (*n && strchr(" \t\r\n\"'<([{`|", *p))
		p++, (*n)--;
	while (*n && strchr(" \t\r\n\"'>)}`|,;", p[*n - 1]))
		(*n)--;
	return p;
}

/* Brackets that stay open belong to the sentence; an address of IPv6 has both. */
static void lower_host(struct buf *to, size_t from)
{
	char *text = to->at + from, *scheme = strstr(text, "://"), *at = text;
	size_t n = to->len - from;

	if (scheme == NULL && strchr(text, '@') == NULL && strchr(text, '/') == NULL) {
		if (n && text[n - 1] == '.')
			text[--n] = 0, to->len--;
	} else if (scheme == NULL) {
		at = strchr(text, '@') ? strchr(text, '@') : text;
	}
	for (; *at && (scheme == NULL || at < scheme + 3 || !strchr("/?#", *at)); at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at | 32);
}

/* Addresses in the one form that they have (RFC 5952). */
static void settle_address(struct buf *to, size_t from)
{
	char text[INET6_ADDRSTRLEN];
	u8 at[16];

	if (inet_pton(AF_INET6, to->at + from, at) != 1)
		return;
	inet_ntop(AF_INET6, at, text, sizeof text);
	to->len = from;
	buf_text(to, text);
}

/* "bad.example/path", "bad.example:8080": a URL whose scheme was left off. */
static void add_scheme(struct buf *to, size_t from)
{
	char host[SUBJECT_HOST_MAX], *text = to->at + from;
	size_t n = strcspn(text, ":/?");

	if (n == 0 || n >= sizeof host || text[n] == 0 || subject_kind_of(text) ||
	    (text[n] == ':' && !strchr("123456789", text[n + 1])))
		return;
	memcpy(host, text, n);
	host[n] = 0;
	if (subject_kind_of(host) != SUBJECT_DOMAIN && subject_kind_of(host) !=
	    SUBJECT_ADDRESS)
		return;
	buf_text(to, "http://");
	if (buf_error(to))
		return;
	text = to->at + from;
	memmove(text + 7, text, to->len - from - 7);
	memcpy(text, "http://", 7);
}

void subject_clean(struct buf *to, const char *text, size_t n)
{
	size_t from = to->len, m;
	const char *p = trim(text, &n), *end = p + n, *is;

	if ((m = scheme_at(p, n, &is))) {
		buf_text(to, is);
		p += m;
	}
	while (p < end && !buf_error(to)) {
		if (to->len > from && in_host_of(to, from) && (m = mark_at(p, end, &is))) {
			buf_text(to, is);
			p += m;
		} else {
			buf_byte(to, (u8)*p++);
		}
	}
	while (to->len > from && to->at[to->len - 1] == ']' &&
	       !memchr(to->at + from, '[', to->len - from))
		to->at[--to->len] = 0;
	if (to->len == from || buf_error(to))
		return;
	add_scheme(to, from);
	lower_host(to, from);
	settle_address(to, from);
}

char *subject_host(const char *subject, char to[SUBJECT_HOST_MAX])
{
	const char *scheme = strstr(subject, "://"), *at = subject, *user;
	size_t n;

	to[0] = 0;
	if (scheme) {
		at = scheme + 3;
		n = strcspn(at, "/?#\\");
		if ((user = memrchr(at, '@', n))) {
			n -= (size_t)(user + 1 - at);
			at = user + 1;
		}
		if (*at == '[') {
			at++;
			n = strcspn(at, "]/?#");
		} else if (memchr(at, ':', n)) {
			n = strcspn(at, ":");
		}
	} else {
		at = (user = strrchr(subject, '@')) ? user + 1 : subject;
		n = strlen(at);
	}
	while (n && at[n - 1] == '.')
		n--;
	if (n >= SUBJECT_HOST_MAX)
		return to;
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(at[i] >= 'A' && at[i] <= 'Z' ? at[i] | 32 : at[i]);
	to[n] = 0;
	return to;
}
