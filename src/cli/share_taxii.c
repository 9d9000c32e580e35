/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_taxii.c - `vedette share taxii`: what a TAXII 2.1 server offers, and its objects.
 *
 *   share taxii URL                 API roots; of a root its collections
 *   share taxii ROOT COLLECTION     its objects, page after page, into the inbox or as
 *                                   indicators; the pages are read behind the walls
 *
 * Pages wait in a folder of their own that only we can read, and are taken away again. The
 * last line says from when on the next run has to ask: --since. */
#include "cli/share.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include "share/taxii.h"
#include <fcntl.h>
#include <unistd.h>

#define PAGES_MAX 10000u

struct pulling {
	char folder[64];
	char (*paths)[96];
	u32 count, most;
	struct taxii taxii;
	struct http *http;
};

static int one_page(void *to, const u8 *octets, size_t n)
{
	struct pulling *p = to;
	char *path, text[80];
	int fd, rc = 0;

	if (p->count == p->most)
		return OOPS_LIMIT;
	path = p->paths[p->count++];
	snprintf(path, 96, "%s/page%05u.json", p->folder, p->count);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	for (size_t at = 0; at < n && rc == 0;) {
		ssize_t w = write(fd, octets + at, n - at);

		if (w > 0)
			at += (size_t)w;
		else if (errno != EINTR)
			rc = -errno;
	}
	if (close(fd) && rc == 0)
		rc = -errno;
	snprintf(text, sizeof text, "%u pages", p->count);
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
}

static int pull(struct sitting *s, struct pulling *p, const char *root, const char *collection)
{
	struct taxii_query q = { .root = root, .collection = collection,
		.pages_max = (u32)share_conf.pages };
	struct taxii_got got = { 0 };
	char why[TAXII_WHY] = "", at[STAMP_TEXT_MAX];
	int rc, status;

	if (share_conf.since && stamp_parse(share_conf.since, &q.added_after)) {
		say_error("share: --since: '%s' is not a time", share_conf.since);
		return STATUS_USAGE;
	}
	p->most = PAGES_MAX;
	p->paths = calloc(p->most, sizeof *p->paths);
	snprintf(p->folder, sizeof p->folder, "/tmp/vedette-taxii-XXXXXX");
	if (p->paths == NULL || mkdtemp(p->folder) == NULL) {
		p->folder[0] = 0;
		say_error("share: %s: %s", p->folder, oops_text(p->paths ? -errno : -ENOMEM));
		return STATUS_TROUBLE;
	}
	rc = taxii_objects(&p->taxii, &q, one_page, p, &got, why);
	term_progress_end();
	if (rc)
		say_error("share: %s: %s", root, why[0] ? why : oops_text(rc));
	status = take_pages(s, p);
	if (got.last_added)
		fprintf(stderr, "vedette: the next run: --since %s\n",
			stamp_text(got.last_added, 6, at));
	if (got.more)
		say_error("share: there is more than --pages allows; the next run goes on");
	return rc ? STATUS_INPUT : status;
}

static int tell_root(void *to, const char *url, bool is_default)
{
	(void)to;
	printf("%s%s\n", url, is_default ? "  (default)" : "");
	return 0;
}

static int tell_collection(void *to, const struct taxii_collection *c)
{
	(void)to;
	printf("%s  %s%s%s\n", c->id, c->can_read ? "" : "(not to be read)  ", c->title,
	       c->can_write ? "  (takes objects)" : "");
	return 0;
}

/* A root's collections; of what is no root, the roots. */
static int look(struct pulling *p, const char *url)
{
	char why[TAXII_WHY] = "";
	int rc = taxii_collections(&p->taxii, url, tell_collection, NULL, why);

	if (rc)
		rc = taxii_discover(&p->taxii, url, tell_root, NULL, why);
	if (rc)
		say_error("share: %s: %s", url, why[0] ? why : oops_text(rc));
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
	if (rc)
		say_error("share: %s: %s", url, why[0] ? why : oops_text(rc));
	p->taxii = (struct taxii){ taxii_get_http, p->http };
	return rc ? STATUS_USAGE : STATUS_FINE;
}

int share_taxii(struct sitting *s, int argc, char **argv)
{
	struct pulling p = { .count = 0 };
	int status = connect_to(&p, argv[0]);

	if (status == STATUS_FINE)
		status = argc == 2 ? pull(s, &p, argv[0], argv[1]) : look(&p, argv[0]);
	clean(&p);
	http_close(p.http);
	return status;
}
