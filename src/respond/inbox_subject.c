/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_subject.c - one form of a subject, so that the same thing said twice is the same.
 *
 *   hxxps://Example[.]com:443/a%7eb#top   ->   https://example.com/a~b
 *
 * Of a URL goes what does not change where it leads (RFC 3986, 6.2.2 and 6.2.3): case of
 * scheme and host, the default port, escapes of letters that need none, the case of the
 * others' digits, the fragment, an empty path. The query stays: on many sites it is the
 * page. Not here: resolving "..", which a hostile server may tell apart. */
#include "respond/inbox_own.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_plain(u8 c)	/* RFC 3986, 2.3 */
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c && strchr("-._~", c));
}

/* "%7e" at p: its octet, or -1. */
static int escaped(const char *p, const char *end)
{
	if (end - p < 3 || *p != '%' || hex_digit(p[1]) < 0 || hex_digit(p[2]) < 0)
		return -1;
	return hex_digit(p[1]) << 4 | hex_digit(p[2]);
}

static void add_path(struct buf *to, const char *p, const char *end)
{
	while (p < end) {
		int c = escaped(p, end);

		if (c < 0)
			buf_byte(to, (u8)*p++);
		else if (is_plain((u8)c))
			buf_byte(to, (u8)c), p += 3;
		else
			buf_fmt(to, "%%%02X", (unsigned)c), p += 3;
	}
}

/* The host and port without the port that the scheme has anyway. */
static size_t host_length(const char *scheme, const char *host, size_t n)
{
	if (n > 3 && strncmp(scheme, "http:", 5) == 0 && memcmp(host + n - 3, ":80", 3) == 0)
		return n - 3;
	if (n > 4 && strncmp(scheme, "https:", 6) == 0 && memcmp(host + n - 4, ":443", 4) == 0)
		return n - 4;
	return n > 1 && host[n - 1] == ':' ? n - 1 : n;
}

static void add_url(struct buf *to, const char *text)
{
	const char *mark = strstr(text, "://"), *host = mark ? mark + 3 : text;
	size_t n = strcspn(host, "/?#"), keep = host_length(text, host, n);
	const char *path = host + n, *end = path + strcspn(path, "#");

	if (keep && host[keep - 1] == '.')
		keep--;
	buf_add(to, text, (size_t)(host - text));
	buf_add(to, host, keep);
	if (*path != '/')
		buf_byte(to, '/');
	add_path(to, path, end);
}

void inbox_subject(struct buf *to, const char *text, enum subject_kind *kind)
{
	struct buf clean = { 0 };
	enum subject_kind is;

	subject_clean(&clean, text, strlen(text));
	is = subject_kind_of(buf_str(&clean));
	if (*kind == SUBJECT_OTHER)
		*kind = is;
	if (is == SUBJECT_URL)
		add_url(to, buf_str(&clean));
	else
		buf_text(to, buf_str(&clean));
	if (buf_error(&clean))
		to->error = buf_error(&clean);
	buf_free(&clean);
}
