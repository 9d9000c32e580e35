/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.c - serves the page: static files out of the program, to anybody.
 *
 *   /p/NAME-HASH.js   kept by browsers for ever, packed when they take gzip
 *   any other place   index.html, asked for anew each time (304 when it is the same)
 *
 * The files hold no data: what the page shows it asks the API for. Nothing is copied. */
#include "web/own.h"
#include "web/page.h"

static bool below(const char *path, const char *top)
{
	size_t n = strlen(top);

	return strncmp(path, top, n) == 0 && (path[n] == '/' || path[n] == 0);
}

static const struct page_file *named(const char *path)
{
	for (const struct page_file *f = page_files; f->path; f++)
		if (strcmp(f->path, path) == 0)
			return f;
	return NULL;
}

const struct page_file *page_find(const char *path)
{
	size_t first = path[0] == '/' ? strcspn(path + 1, "/") : 0;

	if (path[0] != '/' || path[1] == '/' || below(path, "/api") || below(path, "/taxii2") ||
	    below(path, "/metrics"))
		return NULL;
	if (below(path, "/p"))
		return named(path);
	if (memchr(path + 1, '.', first))	/* /favicon.ico, /robots.txt */
		return NULL;
	return named("/index.html");
}

/* Accept-Encoding (RFC 9110, 12.5.3): is gzip there and not refused by q=0? */
static bool takes_gzip(struct MHD_Connection *c)
{
	const char *text = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Encoding");
	const char *p = text ? strcasestr(text, "gzip") : NULL;

	if (p == NULL)
		return false;
	p += strlen("gzip");
	p += strspn(p, " \t");
	if (*p != ';')
		return true;
	p = strpbrk(p, "=,");
	return p == NULL || *p == ',' || strtod(p + 1, NULL) > 0;
}

static struct MHD_Response *body(const u8 *octets, size_t n)
{
	return MHD_create_response_from_buffer(n, (void *)(uintptr_t)octets,
					       MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result page_reply(struct web *w, struct MHD_Connection *c, const struct page_file *f)
{
	const char *known = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");
	bool same = known && strstr(known, f->etag), packed = f->packed && takes_gzip(c);
	struct MHD_Response *r = same ? body((const u8 *)"", 0)
		: packed ? body(f->packed, f->packed_octets) : body(f->plain, f->plain_octets);
	enum MHD_Result good;

	if (r == NULL)
		return MHD_NO;
	http_headers(w, r);
	MHD_add_response_header(r, "Content-Type", f->type);
	MHD_add_response_header(r, "ETag", f->etag);
	MHD_add_response_header(r, "Vary", "Accept-Encoding");
	MHD_add_response_header(r, "Cache-Control",
		f->lasting ? "public, max-age=31536000, immutable" : "no-cache");
	if (packed && !same)
		MHD_add_response_header(r, "Content-Encoding", "gzip");
	good = MHD_queue_response(c, same ? 304 : 200, r);
	MHD_destroy_response(r);
	return good;
}
