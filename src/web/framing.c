/* SPDX-License-Identifier: GPL-3.0-or-later */
/* framing.c - does a head say once, and clearly, where its request ends and whom it is for?
 *
 *   Content-Length: 5             good           Content-Length beside Transfer-Encoding
 *   Transfer-Encoding: chunked    good           two of one of them, or of Host; no Host
 *                                                "Content-Length : 5", a line that goes on in
 *                                                the next one, CR inside a value
 *                                                chunks in HTTP/1.0
 *
 * libmicrohttpd takes what is on the right in one way, a proxy before it maybe in the other:
 * what is one request's body there would be another's request here. A line that goes on in
 * the next one it may put into the name: "Content-Length:", " 39" is "Content-Length39". It
 * also ends lines at LF alone, which a server may (RFC 9112, 2.2), and looks at the number of
 * Content-Length itself, before we are asked. */
#include "web/own.h"

struct framing { unsigned hosts, lengths, codings, others; };

#define LENGTH "Content-Length"
#define CODING "Transfer-Encoding"

/* A token (RFC 9110, 5.6.2). */
static bool is_name(const char *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!((key[i] | 32) >= 'a' && (key[i] | 32) <= 'z') &&
		    !(key[i] >= '0' && key[i] <= '9') &&
		    (key[i] == 0 || strchr("!#$%&'*+-.^_`|~", key[i]) == NULL))
			return false;
	return n > 0;
}

/* No control characters but tabs (RFC 9110, 5.5). */
static bool is_value(const char *value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((u8)value[i] < ' ' && value[i] != '\t') || value[i] == 0x7f)
			return false;
	return true;
}

static enum MHD_Result count(void *to, enum MHD_ValueKind kind, const char *key, size_t key_n,
			     const char *value, size_t n)
{
	struct framing *f = to;

	(void)kind;
	if (!is_name(key, key_n) || (value && !is_value(value, n))) {
		f->others++;
		return MHD_NO;
	}
	f->hosts += strcasecmp(key, "Host") == 0;
	if (strncasecmp(key, LENGTH, strlen(LENGTH)) == 0) {
		f->lengths++;
		f->others += key_n != strlen(LENGTH);
	}
	if (strncasecmp(key, CODING, strlen(CODING)) == 0) {
		f->codings++;
		f->others += key_n != strlen(CODING) || value == NULL ||
			     strcasecmp(value, "chunked") != 0;
	}
	return MHD_YES;
}

bool framing_is_clear(struct MHD_Connection *c, const char *version)
{
	const bool old = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
	struct framing f = { 0 };

	MHD_get_connection_values_n(c, MHD_HEADER_KIND, count, &f);
	return f.lengths + f.codings <= 1 && f.others == 0 && f.hosts <= 1 &&
	       (old ? f.codings == 0 : f.hosts == 1);
}
