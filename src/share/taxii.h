/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii.h - a client of TAXII 2.1 (OASIS Standard of 10 June 2021). The server is web/taxii.h.
 *
 *   discovery --> API roots --> collections --> pages of objects, manifest, versions
 *
 *   taxii_objects():  GET objects/?added_after=... --> page --> page(octets)
 *                        ^ next=... while more ------+
 *
 * A page is an envelope that the format "stix" reads; here only `more`, `next` and the number
 * of objects are looked at, so that what is in it can be read in a process that can open
 * nothing. The time of the last page's last object is where the next run begins.
 *
 * How an answer is had is an argument: net/http.h, or a test. Section numbers are those of
 * the standard. */
#pragma once
#include "net/http.h"
#include <jansson.h>

#define TAXII_MEDIA "application/taxii+json;version=2.1"
#define TAXII_WHY 500
#define TAXII_PAGES_MAX 10000u
#define TAXII_LIST_MAX 10000u	/* of roots, collections, versions in one answer */

/* Asks for a URL: as http_ask() with the media type of TAXII. */
typedef int taxii_get_fn(void *from, const char *url, struct http_answer *ret,
			 char why[HTTP_WHY]);
/* Gives n octets to a URL, as that media type. */
typedef int taxii_post_fn(void *from, const char *url, const struct buf *body,
			  struct http_answer *ret, char why[HTTP_WHY]);
struct taxii { taxii_get_fn *get; void *from; taxii_post_fn *post; };
/* Over HTTP: `from` is a struct http. */
int taxii_get_http(void *from, const char *url, struct http_answer *ret, char why[HTTP_WHY]);
int taxii_post_http(void *from, const char *url, const struct buf *body,
		    struct http_answer *ret, char why[HTTP_WHY]);

/* All calls give 0, or negative with why[] in words for people: as http_ask(), or -EACCES (401,
 * 403), OOPS_UNKNOWN (404), -EAGAIN (429, 503: too much was asked; why[] says until when),
 * OOPS_TYPE (no answer of TAXII), OOPS_FORMAT (not what the standard says), -EPROTO (any
 * other status), OOPS_LIMIT, and what a callback stopped with. Texts are views for the call. */

/* 4.1: each API root as a URL, the default one marked. */
typedef int taxii_root_fn(void *to, const char *url, bool is_default);
int taxii_discover(const struct taxii *t, const char *url, taxii_root_fn *fn, void *to,
		   char why[TAXII_WHY]);

/* 4.2: OOPS_VERSION when the root does not speak 2.1. */
struct taxii_root_info { char title[200]; u64 octets_max; };
int taxii_root(const struct taxii *t, const char *root, struct taxii_root_info *ret,
	       char why[TAXII_WHY]);

/* 5.1 */
struct taxii_collection {
	const char *id, *title, *description;
	const char *alias;	/* stands for the id in URLs; or "" */
	bool can_read, can_write;
};
typedef int taxii_collection_fn(void *to, const struct taxii_collection *c);
int taxii_collections(const struct taxii *t, const char *root, taxii_collection_fn *fn,
		      void *to, char why[TAXII_WHY]);

struct taxii_query {
	const char *root, *collection;	/* URL of the API root; id or alias */
	u64 added_after;		/* ns; 0 = from the beginning */
	u64 limit;			/* objects a page; 0 = as the server likes */
	const char *ids, *type, *version;	/* match[...]: "indicator"; "last", "all"; NULL */
	u32 pages_max;			/* 0 = 1000 */
	u64 octets_max;			/* of all pages; 0 = 1 GiB */
};
struct taxii_got {
	u32 pages;
	u64 objects, octets;
	u64 last_added;		/* ns: added_after of the next run; 0 = not said */
	bool more;		/* a bound of the query was reached before the end */
};
/* 5.4: each page that has objects. *got is filled as far as it went, with an error too: what
 * was passed on before it is good, and a next run may begin at last_added. */
typedef int taxii_page_fn(void *to, const u8 *octets, size_t n);
int taxii_objects(const struct taxii *t, const struct taxii_query *q, taxii_page_fn *fn,
		  void *to, struct taxii_got *got, char why[TAXII_WHY]);

/* 5.3 */
struct taxii_entry { const char *id, *version, *media_type; u64 added; };
typedef int taxii_entry_fn(void *to, const struct taxii_entry *e);
int taxii_manifest(const struct taxii *t, const struct taxii_query *q, taxii_entry_fn *fn,
		   void *to, struct taxii_got *got, char why[TAXII_WHY]);

/* 5.8: the versions of one object, as the standard writes instants. */
typedef int taxii_version_fn(void *to, const char *version);
int taxii_versions(const struct taxii *t, const struct taxii_query *q, const char *id,
		   taxii_version_fn *fn, void *to, char why[TAXII_WHY]);

/* ---- giving objects: taxii_push.c ---- */

struct taxii_status {	/* 4.3 */
	char id[64];
	bool complete;
	u64 total, good, bad, pending;
};
/* What the server did not take, and why. */
typedef void taxii_failure_fn(void *to, const char *id, const char *why);
/* 5.5: gives an envelope to a collection. The status may be pending; then ask again later. */
int taxii_add(const struct taxii *t, const struct taxii_query *q, const struct buf *envelope,
	      struct taxii_status *ret, char why[TAXII_WHY]);
/* 4.3: what became of it; fn for each failure. */
int taxii_ask_status(const struct taxii *t, const struct taxii_query *q,
		     struct taxii_status *status, taxii_failure_fn *fn, void *to);

/* Cuts a bundle of STIX into envelopes of at most so many octets and objects (of one object
 * more than that, if it is so large). Markings, identities and the extension stand in each, an
 * observable in each that refers to it, so that each can be read by itself. 0, what fn stopped
 * with, OOPS_FORMAT (no bundle) or -ENOMEM. */
#define TAXII_ENVELOPE_OBJECTS 500u
typedef int taxii_envelope_fn(void *to, const struct buf *envelope);
int taxii_envelopes(const struct buf *bundle, u64 octets_max, taxii_envelope_fn *fn, void *to);
/* Of the objects of several pages in one list (steals nothing) the ids that are referred to
 * and not there, as a new list. */
json_t *taxii_missing(json_t *objects);

/* For taxii_push.c: an answer of that status as an object of JSON; a root with a slash. */
int taxii_answer(const struct http_answer *a, int status, const char *url, json_t **ret,
		 char why[TAXII_WHY]);
void taxii_collection_url(struct buf *to, const struct taxii_query *q);
