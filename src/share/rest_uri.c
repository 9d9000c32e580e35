/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rest_uri.c - URLs as people and programs write them, made the URIs that schemas want. */
#include "share/rest.h"

/* Octets that a URI may have at that place as they are (RFC 3986). */
static bool uri_octet(char c, bool in_host)
{
	if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
		return true;
	return c && strchr(in_host ? "-._~!$&'()*+,;=:[]@" : "-._~!$&'()*+,;=:@/?", c);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* user@host:port, of which brackets are about an IPv6 address only. */
static bool authority(const char *p, size_t n)
{
	const char *at = memchr(p, '@', n), *colon;

	if (at) {
		n -= (size_t)(at + 1 - p);
		p = at + 1;
	}
	if (n && *p == '[') {
		const char *end = memchr(p, ']', n);

		if (end == NULL || end == p + 1 ||
		    strspn(p + 1, "0123456789abcdefABCDEF:.") != (size_t)(end - p - 1))
			return false;
		n -= (size_t)(end + 1 - p);
		p = end + 1;
		if (n && *p != ':')
			return false;
	}
	if (memchr(p, '[', n) || memchr(p, ']', n) || memchr(p, '@', n))
		return false;
	if ((colon = memchr(p, ':', n)) == NULL)
		return true;
	for (colon++; colon < p + n; colon++)
		if (*colon < '0' || *colon > '9')
			return false;
	return true;
}

bool rest_uri(struct buf *to, const char *url)
{
	const char *host = strstr(url, "://"), *p;
	bool in_host = true, fragment = false;

	if (host == NULL || (url[0] | 32) < 'a' || (url[0] | 32) > 'z')
		return false;
	for (p = url; p < host; p++)
		if (!uri_octet(*p, false) || strchr("_~!$&'()*,;=:@/?%", *p))
			return false;
	host += 3;
	if (!authority(host, strcspn(host, "/?#")))
		return false;
	buf_add(to, url, (size_t)(host - url));
	for (p = host; *p; p++) {
		if (in_host && strchr("/?#", *p))
			in_host = false;
		if (*p == '#' && !fragment) {
			fragment = true;
			buf_byte(to, '#');
		} else if ((*p == '%' && is_hex(p[1]) && is_hex(p[2])) || uri_octet(*p, in_host)) {
			buf_byte(to, (u8)*p);
		} else {
			buf_fmt(to, "%%%02X", (u8)*p);
		}
	}
	return true;
}
