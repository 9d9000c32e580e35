/* SPDX-License-Identifier: GPL-3.0-or-later */
/* framing.c - does a head say once, and clearly, where its request ends and whom it is for?
 *
 *   Content-Length: 5             good           Content-Length beside Transfer-Encoding
 *   Transfer-Encoding: chunked    good           two of one of them, or of Host; no Host
 *
 * libmicrohttpd takes what is on the right in one way, a proxy before it maybe in the other:
 * what is one request's body there would be another's request here. */
#include "web/own.h"

struct framing { unsigned hosts, lengths, codings, others; };

static enum MHD_Result count(void *to, enum MHD_ValueKind kind, const char *key,
			     const char *value)
{
	struct framing *f = to;

	(void)kind;
	f->hosts += strcasecmp(key, "Host") == 0;
	f->lengths += strcasecmp(key, "Content-Length") == 0;
	if (strcasecmp(key, "Transfer-Encoding") == 0) {
		f->codings++;
		f->others += value == NULL || strcasecmp(value, "chunked") != 0;
	}
	return MHD_YES;
}

bool framing_is_clear(struct MHD_Connection *c, const char *version)
{
	const bool old = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
	struct framing f = { 0 };

	MHD_get_connection_values(c, MHD_HEADER_KIND, count, &f);
	return f.lengths + f.codings <= 1 && f.others == 0 && f.hosts <= 1 && (f.hosts || old);
}
