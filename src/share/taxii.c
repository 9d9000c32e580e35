/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii.c - see taxii.h. */
#include "share/taxii.h"
#include "base/plain.h"
#include "base/stamp.h"
#include "share/rest.h"
#include <strings.h>

#define PAGES_DEFAULT 1000u
#define OCTETS_DEFAULT ((u64)1 << 30)
#define EMPTY_MAX 3u	/* pages without an object, one after the other, that promise more */

int taxii_get_http(void *from, const char *url, struct http_answer *ret, char why[HTTP_WHY])
{
	const struct http_ask ask = { .url = url, .accept = TAXII_MEDIA };

	return http_ask(from, &ask, ret, why);
}

int taxii_post_http(void *from, const char *url, const struct buf *body,
		    struct http_answer *ret, char why[HTTP_WHY])
{
	const struct http_ask ask = { .url = url, .accept = TAXII_MEDIA, .type = TAXII_MEDIA,
		.body = buf_str(body), .n = body->len };

	return http_ask(from, &ask, ret, why);
}

/* ---- answers ---- */

/* What the standard (3.6) says that a status means. */
static const struct { int status, error; const char *words; } statuses[] = {
	{ 400, -EPROTO, N_("the server did not understand the question") },
	{ 401, -EACCES, N_("the server wants to know who asks: give it a user or a token") },
	{ 403, -EACCES, N_("who asks may not have this") },
	{ 404, OOPS_UNKNOWN, N_("there is no such API root, collection or object, or who asks may "
			     "not know of it") },
	{ 406, OOPS_TYPE, N_("the server does not speak TAXII 2.1") },
	{ 413, OOPS_LIMIT, N_("the question is too large for the server") },
	{ 415, OOPS_TYPE, N_("the server does not speak TAXII 2.1") },
	{ 416, -EPROTO, N_("the server has no such range") },
	{ 422, -EPROTO, N_("the server cannot do what was asked") },
	{ 429, -EAGAIN, N_("too many questions: ask again later") },
	{ 503, -EAGAIN, N_("the server is not ready: ask again later") },
};

/* When to come again, if the server says so: seconds or a date. */
static void add_retry(struct buf *to, const struct http_answer *a, const char *line)
{
	struct buf when = { 0 };
	char retry[64];

	http_header(a, "retry-after", retry, sizeof retry);
	plain_text(&when, retry, strlen(retry));
	if (retry[0] == 0)
		buf_text(to, line);
	else if (strspn(retry, "0123456789") == strlen(retry))
		buf_fmt(to, N_("%s (after %s s)"), line, buf_str(&when));
	else
		buf_fmt(to, N_("%s (after %s)"), line, buf_str(&when));
	buf_free(&when);
}

/* What the server adds: title and description of its error message (3.6.1), made safe. */
static void server_says(struct buf *to, const struct http_answer *a)
{
	char ignored[EXCHANGE_WHY];
	json_t *root = rest_load((const u8 *)buf_str(&a->body), a->body.len, ignored);
	const char *title = rest_text(root, "title"), *more = rest_text(root, "description");

	plain_text(to, title, strnlen(title, 150));
	if (title[0] && more[0])
		buf_text(to, ": ");
	plain_text(to, more, strnlen(more, 150));
	json_decref(root);
}

static int bad_status(const struct http_answer *a, const char *url, char why[TAXII_WHY])
{
	const char *words = a->status >= 500 ? N_("the server has trouble of its own")
					     : N_("which is no answer to this question");
	struct buf line = { 0 }, text = { 0 }, says = { 0 };
	int error = -EPROTO;

	for (size_t k = 0; k < COUNT(statuses); k++)
		if (statuses[k].status == a->status) {
			error = statuses[k].error;
			words = statuses[k].words;
		}
	/* Whole sentences, for the reader's language is found by them. */
	buf_fmt(&line, N_("%.150s: status %d, %s"), url, a->status, words);
	add_retry(&text, a, buf_str(&line));
	server_says(&says, a);
	if (says.len)
		snprintf(why, TAXII_WHY, N_("%s; it says: %s"), buf_str(&text), buf_str(&says));
	else
		snprintf(why, TAXII_WHY, "%s", buf_str(&text));
	buf_free(&line);
	buf_free(&text);
	buf_free(&says);
	return error;
}

/* 1.6.8.1: the media type, whose version may only be 2.1. */
static bool is_taxii(const char *type)
{
	static const char media[] = "application/taxii+json";
	const char *p = type + sizeof media - 1, *version;

	if (strncasecmp(type, media, sizeof media - 1) || !strchr("; \t", *p))
		return false;
	version = strcasestr(p, "version=");
	if (version == NULL)
		return true;
	version += 8;
	version += *version == '"';
	return strncmp(version, "2.1", 3) == 0 && (version[3] < '0' || version[3] > '9') &&
	       version[3] != '.';
}

static int wrong(char why[TAXII_WHY], int rc, const char *url, const char *what)
{
	snprintf(why, TAXII_WHY, "%.200s: %.250s", url, what);
	return rc;
}

int taxii_answer(const struct http_answer *a, int status, const char *url, json_t **ret,
		 char why[TAXII_WHY])
{
	char said[EXCHANGE_WHY] = "";

	*ret = NULL;
	if (a->status != status)
		return bad_status(a, url, why);
	if (!is_taxii(a->type)) {
		struct buf type = { 0 };

		buf_text(&type, "not an answer of TAXII 2.1 but ");
		plain_text(&type, a->type[0] ? a->type : "without a type",
			   a->type[0] ? strlen(a->type) : 14);
		wrong(why, OOPS_TYPE, url, buf_str(&type));
		buf_free(&type);
		return OOPS_TYPE;
	}
	*ret = rest_load((const u8 *)buf_str(&a->body), a->body.len, said);
	if (json_is_object(*ret))
		return 0;
	json_decref(*ret);
	*ret = NULL;
	return wrong(why, OOPS_FORMAT, url, said[0] ? said : N_("no object of JSON"));
}

/* An answer of status 200 that is an object of JSON, a new reference in *ret. */
static int ask(const struct taxii *t, const char *url, struct http_answer *a, json_t **ret,
	       char why[TAXII_WHY])
{
	char said[HTTP_WHY] = "";
	int rc;

	*ret = NULL;
	why[0] = 0;
	if ((rc = t->get(t->from, url, a, said)))
		return wrong(why, rc, said[0] ? said : url, said[0] ? N_("no "
			"answer") : oops_text(rc));
	return taxii_answer(a, 200, url, ret, why);
}

/* ---- URLs ---- */

static void put_escaped(struct buf *to, const char *text)
{
	for (; *text; text++) {
		char c = *text;

		if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		    strchr("-._~", c))
			buf_byte(to, (u8)c);
		else
			buf_fmt(to, "%%%02X", (u8)c);
	}
}

/* The root with a slash at its end. */
static void put_root(struct buf *to, const char *root)
{
	buf_text(to, root);
	if (to->len && to->at[to->len - 1] != '/')
		buf_byte(to, '/');
}

static void put_key(struct buf *to, const char *key, const char *value)
{
	buf_fmt(to, "%c%s=", strchr(buf_str(to), '?') ? '&' : '?', key);
	put_escaped(to, value);
}

static void put_instant(struct buf *to, const char *key, u64 ns)
{
	char text[STAMP_TEXT_MAX];

	put_key(to, key, stamp_text(ns, ns % 1000 ? 9 : 6, text));
}

/* ---- discovery ---- */

/* A URL that may be relative to the server (4.1.1). */
static int give_root(const char *base, const char *url, taxii_root_fn *fn, void *to,
		     bool is_default)
{
	const char *scheme = strstr(base, "://");
	struct buf whole = { 0 };
	int rc;

	if (url[0] == '/' && scheme)
		buf_add(&whole, base, (size_t)(scheme + 3 - base) + strcspn(scheme + 3, "/?#"));
	buf_text(&whole, url);
	rc = buf_error(&whole) ? buf_error(&whole) : fn(to, buf_str(&whole), is_default);
	buf_free(&whole);
	return rc;
}

int taxii_discover(const struct taxii *t, const char *url, taxii_root_fn *fn, void *to,
		   char why[TAXII_WHY])
{
	struct http_answer a = { 0 };
	json_t *root, *list;
	const char *preferred;
	int rc = ask(t, url, &a, &root, why);

	list = json_object_get(root, "api_roots");
	preferred = rest_text(root, "default");
	if (rc == 0 && json_array_size(list) > TAXII_LIST_MAX)
		rc = wrong(why, OOPS_LIMIT, url, N_("too many API roots"));
	if (rc == 0 && json_array_size(list) == 0 && preferred[0])
		rc = give_root(url, preferred, fn, to, true);
	else if (rc == 0 && json_array_size(list) == 0)
		rc = wrong(why, OOPS_UNKNOWN, url, N_("the server names no API root for "
			"who asks"));
	for (size_t k = 0; rc == 0 && k < json_array_size(list); k++) {
		const char *one = json_string_value(json_array_get(list, k));

		if (one && one[0])
			rc = give_root(url, one, fn, to, strcmp(one, preferred) == 0);
	}
	json_decref(root);
	http_answer_free(&a);
	return rc;
}

int taxii_root(const struct taxii *t, const char *url, struct taxii_root_info *ret,
	       char why[TAXII_WHY])
{
	struct http_answer a = { 0 };
	struct buf at = { 0 }, title = { 0 };
	json_t *root, *versions, *most;
	bool speaks = false;
	int rc;

	put_root(&at, url);
	rc = ask(t, buf_str(&at), &a, &root, why);
	versions = json_object_get(root, "versions");
	most = json_object_get(root, "max_content_length");
	for (size_t k = 0; k < json_array_size(versions); k++) {
		const char *v = json_string_value(json_array_get(versions, k));

		/* the second is what an early draft had, and some servers still say */
		speaks |= v && (is_taxii(v) || strcmp(v, "taxii-2.1") == 0);
	}
	if (rc == 0 && !speaks)
		rc = wrong(why, OOPS_VERSION, url, N_("this API root does not speak "
			"TAXII 2.1"));
	if (rc == 0) {
		const char *text = rest_text(root, "title");

		plain_text(&title, text, strnlen(text, 150));
		snprintf(ret->title, sizeof ret->title, "%s", buf_str(&title));
		ret->octets_max = json_integer_value(most) > 0 ? (u64)json_integer_value(most) : 0;
	}
	json_decref(root);
	http_answer_free(&a);
	buf_free(&at);
	buf_free(&title);
	return rc;
}

int taxii_collections(const struct taxii *t, const char *root_url, taxii_collection_fn *fn,
		      void *to, char why[TAXII_WHY])
{
	struct http_answer a = { 0 };
	struct buf at = { 0 };
	json_t *root, *list;
	int rc;

	put_root(&at, root_url);
	buf_text(&at, "collections/");
	rc = ask(t, buf_str(&at), &a, &root, why);
	list = json_object_get(root, "collections");
	if (rc == 0 && json_array_size(list) > TAXII_LIST_MAX)
		rc = wrong(why, OOPS_LIMIT, buf_str(&at), N_("too many collections"));
	for (size_t k = 0; rc == 0 && k < json_array_size(list); k++) {
		json_t *o = json_array_get(list, k);
		const struct taxii_collection c = { rest_text(o, "id"), rest_text(o, "title"),
			rest_text(o, "description"), rest_text(o, "alias"),
			json_is_true(json_object_get(o, "can_read")),
			json_is_true(json_object_get(o, "can_write")) };

		if (c.id[0])
			rc = fn(to, &c);
	}
	json_decref(root);
	http_answer_free(&a);
	buf_free(&at);
	return rc;
}

/* ---- pages ---- */

struct paging {
	const struct taxii *t;
	const struct taxii_query *q;
	const char *what;		/* "objects" or "manifest" */
	struct taxii_got *got;
	u64 after;
	char *next;			/* NULL = none */
	u64 *seen;			/* prints of all `next`, one a page */
	u32 empty;
	char *why;
	int (*page)(void *to, json_t *root, const struct http_answer *a);
	void *to;
};

void taxii_collection_url(struct buf *to, const struct taxii_query *q)
{
	put_root(to, q->root);
	buf_text(to, "collections/");
	put_escaped(to, q->collection);
	buf_byte(to, '/');
}

static void page_url(const struct paging *p, struct buf *url)
{
	const struct taxii_query *q = p->q;
	char limit[24];

	taxii_collection_url(url, q);
	buf_fmt(url, "%s/", p->what);
	if (p->after)
		put_instant(url, "added_after", p->after);
	if (q->limit) {
		snprintf(limit, sizeof limit, "%llu", (unsigned long long)q->limit);
		put_key(url, "limit", limit);
	}
	if (q->ids)
		put_key(url, "match%5Bid%5D", q->ids);
	if (q->type)
		put_key(url, "match%5Btype%5D", q->type);
	if (q->version)
		put_key(url, "match%5Bversion%5D", q->version);
	if (p->next)
		put_key(url, "next", p->next);
}

static u64 print_of(const char *text)
{
	u64 h = 1469598103934665603u;

	for (; *text; text++)
		h = (h ^ (u8)*text) * 1099511628211u;
	return h;
}

/* Takes what leads to the next page: 0, or what is wrong with it. */
static int go_on(struct paging *p, json_t *root, const char *url, u64 last)
{
	const char *next = rest_text(root, "next");
	u64 print = print_of(next);

	free(p->next);
	p->next = NULL;
	if (next[0] == 0) {	/* 3.4: by time, then, which has to move */
		if (last <= p->after)
			return wrong(p->why, OOPS_FORMAT, url, N_("the server promises "
				     "more and does not say how to get it"));
		p->after = last;
		return 0;
	}
	for (u32 k = 0; k < p->got->pages - 1; k++)
		if (p->seen[k] == print)
			return wrong(p->why, OOPS_FORMAT, url, N_("the server sends us "
				"in a circle"));
	p->seen[p->got->pages - 1] = print;
	return (p->next = strdup(next)) ? 0 : -ENOMEM;
}

/* One page; *more when there is another. */
static int one_page(struct paging *p, const char *url, bool *more)
{
	struct http_answer a = { 0 };
	json_t *root, *list;
	char header[64];
	u64 last = 0, n;
	int rc = ask(p->t, url, &a, &root, p->why);

	if (rc == 0) {
		list = json_object_get(root, "objects");
		n = json_array_size(list);
		p->got->pages++;
		p->got->objects += n;
		p->got->octets += a.body.len;
		*more = json_is_true(json_object_get(root, "more"));
		p->empty = n ? 0 : p->empty + 1;
		if (n)
			rc = p->page(p->to, root, &a);
		http_header(&a, "x-taxii-date-added-last", header, sizeof header);
		if (rc == 0 && header[0] && stamp_foreign(header, &last) == 0)
			p->got->last_added = max_u64(p->got->last_added, last);
		if (rc == 0 && *more && p->empty >= EMPTY_MAX)
			rc = wrong(p->why, OOPS_FORMAT, url, N_("the server sends pages "
				   "without objects and promises more"));
		if (rc == 0 && *more)
			rc = go_on(p, root, url, last);
	}
	json_decref(root);
	http_answer_free(&a);
	return rc;
}

static int all_pages(struct paging *p)
{
	u32 most = p->q->pages_max ? (u32)min_u64(p->q->pages_max, TAXII_PAGES_MAX)
				   : PAGES_DEFAULT;
	u64 octets = p->q->octets_max ? p->q->octets_max : OCTETS_DEFAULT;
	struct buf url = { 0 };
	bool more = true;
	int rc = 0;

	*p->got = (struct taxii_got){ 0 };
	p->why[0] = 0;
	if ((p->seen = calloc(most, sizeof *p->seen)) == NULL)
		return -ENOMEM;
	while (rc == 0 && more) {
		if (p->got->pages >= most || p->got->octets >= octets) {
			p->got->more = true;
			break;
		}
		more = false;
		buf_clear(&url);
		page_url(p, &url);
		rc = buf_error(&url) ? buf_error(&url) : one_page(p, buf_str(&url), &more);
	}
	if (rc)
		p->got->more = true;
	free(p->next);
	free(p->seen);
	buf_free(&url);
	return rc;
}

struct to_pages { taxii_page_fn *fn; void *to; };

static int pass_page(void *to, json_t *root, const struct http_answer *a)
{
	const struct to_pages *t = to;

	(void)root;
	return t->fn(t->to, (const u8 *)buf_str(&a->body), a->body.len);
}

int taxii_objects(const struct taxii *t, const struct taxii_query *q, taxii_page_fn *fn,
		  void *to, struct taxii_got *got, char why[TAXII_WHY])
{
	struct to_pages pages = { fn, to };
	struct paging p = { .t = t, .q = q, .what = "objects", .got = got, .why = why,
		.after = q->added_after, .page = pass_page, .to = &pages };

	return all_pages(&p);
}

struct to_entries { taxii_entry_fn *fn; void *to; };

static int pass_entries(void *to, json_t *root, const struct http_answer *a)
{
	const struct to_entries *t = to;
	json_t *list = json_object_get(root, "objects"), *o;
	size_t k;
	int rc = 0;

	(void)a;
	json_array_foreach(list, k, o) {
		const struct taxii_entry e = { rest_text(o, "id"), rest_text(o, "version"),
			rest_text(o, "media_type"), rest_stamp(o, "date_added") };

		if (e.id[0] && (rc = t->fn(t->to, &e)))
			break;
	}
	return rc;
}

int taxii_manifest(const struct taxii *t, const struct taxii_query *q, taxii_entry_fn *fn,
		   void *to, struct taxii_got *got, char why[TAXII_WHY])
{
	struct to_entries entries = { fn, to };
	struct paging p = { .t = t, .q = q, .what = "manifest", .got = got, .why = why,
		.after = q->added_after, .page = pass_entries, .to = &entries };

	return all_pages(&p);
}

int taxii_versions(const struct taxii *t, const struct taxii_query *q, const char *id,
		   taxii_version_fn *fn, void *to, char why[TAXII_WHY])
{
	struct http_answer a = { 0 };
	struct buf at = { 0 };
	json_t *root, *list;
	int rc;

	taxii_collection_url(&at, q);
	buf_text(&at, "objects/");
	put_escaped(&at, id);
	buf_text(&at, "/versions/");
	rc = ask(t, buf_str(&at), &a, &root, why);
	list = json_object_get(root, "versions");
	if (rc == 0 && json_array_size(list) > TAXII_LIST_MAX)
		rc = wrong(why, OOPS_LIMIT, buf_str(&at), N_("too many versions"));
	for (size_t k = 0; rc == 0 && k < json_array_size(list); k++) {
		const char *one = json_string_value(json_array_get(list, k));

		if (one)
			rc = fn(to, one);
	}
	json_decref(root);
	http_answer_free(&a);
	buf_free(&at);
	return rc;
}
