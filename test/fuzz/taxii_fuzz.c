/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_fuzz.c - answers of a TAXII server, one after the other.
 *
 *   input: answers, separated by a line "--"; of each the first octet says of which kind it is,
 *          then stands the time that the header gives, up to a line end, then the body
 *
 * Whatever the answers, each call ends, asks no more often than its bound, says why it failed,
 * and passes on just what was in the answers. */
#include "share/taxii.h"

#define PAGES 8u

struct script { const u8 *p, *end; u32 asked; };

static const u8 *piece(struct script *s, size_t *n)
{
	const u8 *at = s->p, *stop = memmem(at, (size_t)(s->end - at), "\n--\n", 4);

	*n = (size_t)((stop ? stop : s->end) - at);
	s->p = stop ? stop + 4 : s->end;
	return at;
}

static int answer(void *from, const char *url, struct http_answer *ret, char why[HTTP_WHY])
{
	static const int statuses[] = { 200, 200, 200, 200, 404, 429, 500, 0 };
	struct script *s = from;
	size_t n, line;
	const u8 *at = piece(s, &n), *stop;

	must(url[0]);
	s->asked++;
	if (n == 0) {
		snprintf(why, HTTP_WHY, "no more answers");
		return -ECONNREFUSED;
	}
	ret->status = statuses[at[0] & 7];
	snprintf(ret->type, sizeof ret->type, at[0] & 8 ? "text/html" : TAXII_MEDIA);
	stop = memchr(at, '\n', n);
	line = stop ? (size_t)(stop - at) : n;
	buf_text(&ret->headers, "x-taxii-date-added-last: ");
	buf_add(&ret->headers, at + 1, line - 1);
	buf_byte(&ret->headers, '\n');
	buf_add(&ret->body, at + line, n - line);
	return 0;
}

static int on_root(void *to, const char *url, bool is_default)
{
	(void)is_default;
	must(url[0]);
	return ++*(u32 *)to > TAXII_LIST_MAX ? -1 : 0;
}

static int on_collection(void *to, const struct taxii_collection *c)
{
	must(c->id[0] && c->title && c->description);
	++*(u32 *)to;
	return 0;
}

static int on_version(void *to, const char *version)
{
	must(version);
	++*(u32 *)to;
	return 0;
}

static int on_page(void *to, const u8 *octets, size_t n)
{
	must(octets && n);
	++*(u32 *)to;
	return 0;
}

static int on_entry(void *to, const struct taxii_entry *e)
{
	must(e->id[0] && e->version);
	++*(u32 *)to;
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	const struct taxii_query q = { .root = "https://feeds.example/api", .collection = "a b/c",
		.pages_max = PAGES, .octets_max = 1 << 20, .type = "indicator" };
	struct script s = { data, data + n, 0 };
	const struct taxii t = { answer, &s };
	struct taxii_root_info info;
	struct taxii_got got;
	char why[TAXII_WHY];
	u32 count = 0;
	int rc;

	if (n == 0)
		return 0;
	s.p++;
	switch (data[0] % 6) {
	case 0:
		rc = taxii_discover(&t, "https://feeds.example/taxii2/", on_root, &count, why);
		break;
	case 1:
		rc = taxii_root(&t, q.root, &info, why);
		break;
	case 2:
		rc = taxii_collections(&t, q.root, on_collection, &count, why);
		break;
	case 3:
		rc = taxii_versions(&t, &q, "indicator--1", on_version, &count, why);
		break;
	case 4:
		rc = taxii_manifest(&t, &q, on_entry, &count, &got, why);
		must(got.pages <= PAGES && count <= got.objects);
		break;
	default:
		rc = taxii_objects(&t, &q, on_page, &count, &got, why);
		must(got.pages <= PAGES && count <= got.pages && count <= got.objects);
		must(rc == 0 || got.more);
	}
	must(s.asked <= PAGES && (rc == 0 || why[0]));
	return 0;
}
