/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_taxii.c - `vedette share taxii`: what a TAXII 2.1 server offers, and its objects.
 *
 *   share taxii URL                      API roots; of a root, or the only one, its
 *                                        collections. It wants no store
 *   share taxii [pull] ROOT COLLECTION   its objects, page after page, into the inbox or as
 *                                        indicators; they are read behind the walls
 *   share taxii push ROOT COLLECTION     what `share export` would write, given to it
 *
 * An object on one page may refer to one on another, or to one that came in an earlier run. So
 * pages are put together, and what they refer to and do not hold is asked for by its id (at most
 * MISSING_MAX, and what is not to be had is none the worse). They wait in a folder of their own
 * that only we can read, in documents of DOCUMENT_MAX octets, and are taken away again. The
 * last line says from when on the next run has to ask: --since. */
#include "cli/share.h"
#include "base/buf.h"
#include "base/plain.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include "share/taxii.h"
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#define DOCUMENTS_MAX 10000u
#define DOCUMENT_MAX (64u << 20)
#define MISSING_MAX 2000u
#define MISSING_STEP 20u	/* ids in one question */
#define WAITS 30u		/* seconds for a status that is pending */

struct pulling {
	char folder[64];
	char (*paths)[96];
	u32 count, most, pages;
	json_t *objects;	/* of pages that are not yet in a document */
	size_t octets;
	const struct taxii_query *query;
	struct taxii taxii;
	struct http *http;
};

static int write_all(int fd, const char *octets, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t w = write(fd, octets + at, n - at);

		if (w > 0)
			at += (size_t)w;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int add_page(void *to, const u8 *octets, size_t n)
{
	struct pulling *p = to;
	json_t *root = json_loadb((const char *)octets, n, 0, NULL);
	int rc = json_array_extend(p->objects, json_object_get(root, "objects")) ? -ENOMEM : 0;

	p->octets += n;
	json_decref(root);
	return rc;
}

/* Asks for what the objects refer to and is not among them. An answer that is none is let go. */
static void fetch_missing(struct pulling *p)
{
	struct taxii_query q = *p->query;
	json_t *missing = taxii_missing(p->objects);
	struct taxii_got got = { 0 };
	struct buf ids = { 0 };
	char why[TAXII_WHY];

	q.added_after = 0;
	q.pages_max = 10;
	for (size_t k = 0; k < json_array_size(missing) && k < MISSING_MAX; k++) {
		bool last = k + 1 == json_array_size(missing) || k + 1 == MISSING_MAX;

		buf_fmt(&ids, "%s%s", ids.len ? "," : "",
			json_string_value(json_array_get(missing, k)));
		if (k % MISSING_STEP != MISSING_STEP - 1 && !last)
			continue;
		q.ids = buf_str(&ids);
		(void)taxii_objects(&p->taxii, &q, add_page, p, &got, why);
		buf_clear(&ids);
	}
	buf_free(&ids);
	json_decref(missing);
}

/* What came so far, as a document. */
static int put_document(struct pulling *p)
{
	json_t *whole;
	char *path, *text;
	int fd, rc = -ENOMEM;

	if (json_array_size(p->objects) == 0)
		return 0;
	if (p->count == p->most)
		return OOPS_LIMIT;
	fetch_missing(p);
	path = p->paths[p->count++];
	snprintf(path, 96, "%s/page%05u.json", p->folder, p->count);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	whole = json_pack("{s:O}", "objects", p->objects);
	text = whole ? json_dumps(whole, JSON_COMPACT) : NULL;
	if (text)
		rc = write_all(fd, text, strlen(text));
	free(text);
	json_decref(whole);
	json_array_clear(p->objects);
	p->octets = 0;
	return close(fd) && rc == 0 ? -errno : rc;
}

static int one_page(void *to, const u8 *octets, size_t n)
{
	struct pulling *p = to;
	char text[80];
	int rc = p->octets + n > DOCUMENT_MAX ? put_document(p) : 0;

	if (rc == 0)
		rc = add_page(p, octets, n);
	p->pages++;
	snprintf(text, sizeof text, n_("%u page", "%u pages", p->pages), p->pages);
	term_progress(text);
	return rc;
}

static int take_pages(struct sitting *s, struct pulling *p)
{
	const char **paths = calloc(p->count + 1, sizeof *paths);
	int status = STATUS_TROUBLE;

	for (u32 i = 0; paths && i < p->count; i++)
		paths[i] = p->paths[i];
	if (paths)
		status = p->count ? share_take(s, paths, p->count) : STATUS_FINE;
	free(paths);
	return status;
}

static void clean(struct pulling *p)
{
	for (u32 i = 0; i < p->count; i++)
		unlink(p->paths[i]);
	if (p->folder[0])
		rmdir(p->folder);
	free(p->paths);
	json_decref(p->objects);
}

static int pull(struct sitting *s, struct pulling *p, const char *root, const char *collection)
{
	struct taxii_query q = { .root = root, .collection = collection,
		.pages_max = (u32)share_conf.pages };
	struct taxii_got got = { 0 };
	char why[TAXII_WHY] = "", at[STAMP_TEXT_MAX];
	int rc, status;

	if (share_conf.since && stamp_parse(share_conf.since, &q.added_after)) {
		say_error("--since: '%s' is not a time; write 2026-01-31T10:00:00Z or a date",
			  share_conf.since);
		return STATUS_USAGE;
	}
	p->query = &q;
	p->objects = json_array();
	p->most = DOCUMENTS_MAX;
	p->paths = calloc(p->most, sizeof *p->paths);
	snprintf(p->folder, sizeof p->folder, "/tmp/vedette-taxii-XXXXXX");
	if (p->paths == NULL || mkdtemp(p->folder) == NULL) {
		p->folder[0] = 0;
		say_error("%s: %s", p->folder, oops_text(p->paths ? -errno : -ENOMEM));
		return STATUS_TROUBLE;
	}
	rc = taxii_objects(&p->taxii, &q, one_page, p, &got, why);
	rc = put_document(p) && rc == 0 ? -EIO : rc;	/* what came before an error is good */
	term_progress_end();
	if (rc)
		say_error("%s: %s", root, why[0] ? why : oops_text(rc));
	status = take_pages(s, p);
	if (got.last_added)
		say_error("the next run: --since %s", stamp_text(got.last_added, 6, at));
	if (got.more && rc == 0)
		say_error("there is more than --pages allows; the next run goes on");
	return rc ? STATUS_INPUT : status;
}

struct roots { char *first; unsigned count; };

static int tell_root(void *to, const char *url, bool is_default)
{
	struct roots *r = to;

	printf("%s%s\n", url, is_default ? _("  (default)") : "");
	if (r->count++ == 0)
		r->first = strdup(url);
	return 0;
}

static int tell_collection(void *to, const struct taxii_collection *c)
{
	(void)to;
	printf("%s%s%s  %s%s%s\n", c->id, c->alias[0] ? "  " : "", c->alias,
	       c->can_read ? "" : _("(not to be read)  "), c->title,
	       c->can_write ? _("  (takes objects)") : "");
	return 0;
}

/* A root's collections; of what is no root, the roots, and of a single one its collections. */
static int look(struct pulling *p, const char *url)
{
	char why[TAXII_WHY] = "";
	struct roots r = { .count = 0 };
	int rc = taxii_collections(&p->taxii, url, tell_collection, NULL, why);

	if (rc)
		rc = taxii_discover(&p->taxii, url, tell_root, &r, why);
	if (rc == 0 && r.count == 1 && r.first)
		rc = taxii_collections(&p->taxii, r.first, tell_collection, NULL, why);
	free(r.first);
	if (rc)
		say_error("%s: %s", url, why[0] ? why : oops_text(rc));
	return rc ? STATUS_INPUT : STATUS_FINE;
}

static int connect_to(struct pulling *p, const char *url)
{
	struct http_secret secret;
	struct http_conf conf = { .authorities = share_conf.authorities };
	char why[HTTP_WHY] = "";
	int rc = 0;

	if (share_conf.secret && (rc = http_secret_read(&secret, share_conf.secret, why)) == 0)
		conf.secret = &secret;
	if (rc == 0)
		rc = http_open(&p->http, url, &conf, why);
	if (conf.secret)
		http_secret_wipe(&secret);
	if (rc && strncmp(why, url, strlen(url)) == 0)	/* it names the URL itself */
		say_error("%s", why);
	else if (rc)
		say_error("%s: %s", url, why[0] ? why : oops_text(rc));
	p->taxii = (struct taxii){ taxii_get_http, p->http, taxii_post_http };
	return rc ? STATUS_USAGE : STATUS_FINE;
}

/* ---- push ---- */

struct pushing {
	struct pulling *p;
	const struct taxii_query *query;
	u64 good, bad, unsure, said;
	char why[TAXII_WHY];
};

static void say_failure(void *to, const char *id, const char *why)
{
	struct pushing *g = to;
	struct buf text = { 0 };

	plain_text(&text, id, strnlen(id, 120));
	buf_text(&text, id[0] ? ": " : "");
	plain_text(&text, why, strnlen(why, 300));
	if (g->said++ < 20)
		say_error("not taken: %s", buf_str(&text));
	buf_free(&text);
}

/* Gives one envelope, and waits a while until the server says what became of it. */
static int give(void *to, const struct buf *envelope)
{
	const struct timespec second = { 1, 0 };
	struct pushing *g = to;
	struct taxii_status st = { .id = "" };
	int rc = taxii_add(&g->p->taxii, g->query, envelope, &st, g->why);

	for (u32 i = 0; rc == 0 && i < WAITS && (!st.complete || (st.bad && i == 0)); i++) {
		if (!st.complete)
			nanosleep(&second, NULL);
		if (taxii_ask_status(&g->p->taxii, g->query, &st, say_failure, g))
			break;
	}
	g->good += st.good;
	g->bad += st.bad;
	g->unsure += st.pending;
	return rc;
}

static int push_out(struct pulling *p, const struct share_cleared *c, const struct buf *out,
		    const struct taxii_query *q)
{
	struct pushing g = { .p = p, .query = q };
	struct taxii_root_info info = { .octets_max = 0 };
	int status, rc = taxii_root(&p->taxii, q->root, &info, g.why);

	if (rc == 0) {
		if ((status = share_told(c, "taxii", out)) != STATUS_FINE)
			return status;
		rc = taxii_envelopes(out, min_u64(info.octets_max ? info.octets_max : 1u << 20,
						  8u << 20), give, &g);
	}
	if (rc)
		say_error("%s: %s", q->root, g.why[0] ? g.why : oops_text(rc));
	if (rc && g.good + g.bad + g.unsure == 0)
		return STATUS_INPUT;
	share_say_gone(c, q->root, 0);
	printf(_("Objects: %llu taken, %llu refused"), (unsigned long long)g.good,
	       (unsigned long long)g.bad);
	if (g.unsure)
		printf(_(", %llu not yet decided"), (unsigned long long)g.unsure);
	printf(".\n");
	return rc || g.bad ? STATUS_INPUT : STATUS_FINE;
}

static int push(struct sitting *s, struct pulling *p, const char *root, const char *collection)
{
	const struct taxii_query q = { .root = root, .collection = collection };
	const struct exchange *stix = exchange_find("stix");
	struct share_cleared c = { 0 };
	struct buf out = { 0 };
	u64 left_out = 0;
	int status = share_clear(s, stix, &c);

	if (status == STATUS_FINE)
		status = share_write(&c, stix, &out, &left_out);
	if (status == STATUS_FINE)
		status = push_out(p, &c, &out, &q);
	buf_free(&out);
	share_forget(&c);
	return status;
}

int share_taxii(struct sitting *s, int argc, char **argv)
{
	struct pulling p = { .count = 0 };
	bool gives = strcmp(argv[0], "push") == 0, takes = strcmp(argv[0], "pull") == 0;
	int status;

	if (gives || takes) {
		argv++;
		argc--;
	}
	if (argc > 2 || argc < 1 + (gives || takes)) {
		say_error("write 'vedette share taxii URL', 'vedette share taxii pull ROOT "
			  "COLLECTION' or 'vedette share taxii push ROOT COLLECTION --incident "
			  "NUMBER --to CONTACT'");
		return STATUS_USAGE;
	}
	status = connect_to(&p, argv[0]);
	if (status == STATUS_FINE && gives)
		status = push(s, &p, argv[0], argv[1]);
	else if (status == STATUS_FINE)
		status = argc == 2 ? pull(s, &p, argv[0], argv[1]) : look(&p, argv[0]);
	clean(&p);
	http_close(p.http);
	return status;
}
