/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_test.c - the TAXII client and the HTTP below it against a server on the loopback
 * (taxii_serve.py): the recorded pages, and each way to misbehave. */
#include "share/taxii.h"
#include "share/exchange.h"
#include <setjmp.h>
#include <stdarg.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define COLLECTION "b7dc78af-1d12-5059-898c-3f0e77636204"

/* ---- the server ---- */

struct server { pid_t pid; int in; FILE *out; unsigned port; };

static bool serve(struct server *s, const char *certificate, const char *key)
{
	const char *source = getenv("VEDETTE_SOURCE");
	char path[1000], line[32] = "";
	int in[2], out[2];

	if (source == NULL)
		return false;
	snprintf(path, sizeof path, "%s/test/unit/taxii_serve.py", source);
	if (access(path, X_OK))
		return false;
	assert_int_equal(pipe(in) | pipe(out), 0);
	if ((s->pid = fork()) == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execlp("python3", "python3", path, certificate, key, NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	s->in = in[1];
	s->out = fdopen(out[0], "r");
	assert_non_null(s->out);
	if (!fgets(line, sizeof line, s->out))
		return false;
	s->port = (unsigned)strtoul(line, NULL, 10);
	return s->port > 0;
}

static void stop(struct server *s)
{
	close(s->in);
	fclose(s->out);
	waitpid(s->pid, NULL, 0);
}

static struct server server;

static int start_server(void **state)
{
	static const char *const proxies[] = { "http_proxy", "https_proxy", "all_proxy",
		"HTTPS_PROXY", "ALL_PROXY" };

	(void)state;
	for (size_t k = 0; k < COUNT(proxies); k++)
		unsetenv(proxies[k]);
	return serve(&server, NULL, NULL) ? 0 : -1;
}

static int stop_server(void **state)
{
	(void)state;
	stop(&server);
	return 0;
}

/* ---- asking it ---- */

static struct http *client(const struct http_secret *secret)
{
	const struct http_conf conf = { .secret = secret, .octets_max = 1 << 20,
		.time_ns = 3000000000u, .idle_ns = 1000000000u };
	char url[64], why[HTTP_WHY] = "";
	struct http *h = NULL;

	snprintf(url, sizeof url, "http://127.0.0.1:%u/", server.port);
	if (http_open(&h, url, &conf, why))
		fail_msg("%s", why);
	return h;
}

static char *url_of(const char *path, char to[200])
{
	snprintf(to, 200, "http://127.0.0.1:%u%s", server.port, path);
	return to;
}

struct seen { u32 count, items, defaults; char text[300]; };

static int see_root(void *to, const char *url, bool is_default)
{
	struct seen *s = to;

	s->defaults += is_default;
	if (s->count++ == 0)
		snprintf(s->text, sizeof s->text, "%s", url);
	return 0;
}

static int see_collection(void *to, const struct taxii_collection *c)
{
	struct seen *s = to;

	s->defaults += c->can_read;
	if (s->count++ == 0)
		snprintf(s->text, sizeof s->text, "%s", c->id);
	return 0;
}

static int see_version(void *to, const char *version)
{
	((struct seen *)to)->count++;
	assert_int_equal(strlen(version), 24);
	return 0;
}

static int see_entry(void *to, const struct taxii_entry *e)
{
	assert_true(e->added > 0 && e->version[0]);
	((struct seen *)to)->count++;
	return 0;
}

static void discovery(void **state)
{
	struct http *h = client(NULL);
	const struct taxii t = { taxii_get_http, h };
	const struct taxii_query q = { .root = url_of("/api", (char[200]){ 0 }),
		.collection = COLLECTION };
	struct taxii_root_info info = { .octets_max = 0 };
	struct seen roots = { .count = 0 }, collections = { .count = 0 }, versions = { .count = 0 };
	char url[200], why[TAXII_WHY];

	(void)state;
	assert_int_equal(taxii_discover(&t, url_of("/taxii2/", url), see_root, &roots, why), 0);
	assert_int_equal(roots.count, 2);
	assert_int_equal(roots.defaults, 1);
	assert_string_equal(roots.text, url_of("/api/", url));
	assert_int_equal(taxii_root(&t, roots.text, &info, why), 0);
	assert_string_equal(info.title, "Recorded\\x1B[31m");
	assert_int_equal(info.octets_max, 1000);
	assert_int_equal(taxii_collections(&t, roots.text, see_collection, &collections, why), 0);
	assert_int_equal(collections.count, 2);
	assert_int_equal(collections.defaults, 1);
	assert_string_equal(collections.text, COLLECTION);
	assert_int_equal(taxii_versions(&t, &q, "indicator--1", see_version, &versions, why), 0);
	assert_int_equal(versions.count, 2);
	/* a root elsewhere is not asked by this client */
	assert_int_equal(taxii_root(&t, "https://elsewhere.example/api/", &info, why), -EXDEV);
	assert_non_null(strstr(why, "elsewhere.example"));
	http_close(h);
}

static int count_item(void *to, const struct item *i)
{
	assert_int_equal(i->tlp, LABEL_CLEAR);
	((struct seen *)to)->items++;
	return 0;
}

static void no_trouble(void *to, const char *where, const char *why)
{
	(void)to;
	if (!strstr(why, "left out"))
		fail_msg("%s: %s", where, why);
}

static int read_page(void *to, const u8 *octets, size_t n)
{
	const struct exchange_read r = { .octets = octets, .n = n, .item = count_item,
		.trouble = no_trouble, .to = to };
	char why[EXCHANGE_WHY] = "";

	((struct seen *)to)->count++;
	if (exchange_read(exchange_find("stix"), &r, why))
		fail_msg("%s", why);
	return 0;
}

/* All recorded pages become items; asked again from where it ended there is nothing new. */
static void recorded(void **state)
{
	struct http *h = client(NULL);
	const struct taxii t = { taxii_get_http, h };
	struct taxii_query q = { .root = url_of("/api/", (char[200]){ 0 }),
		.collection = COLLECTION };
	struct taxii_got got, again;
	struct seen pages = { .count = 0 }, entries = { .count = 0 };
	char why[TAXII_WHY];

	(void)state;
	if (!getenv("VEDETTE_DATA") || access(getenv("VEDETTE_DATA"), R_OK)) {
		print_message("left out: the recorded pages are not there\n");
		http_close(h);
		skip();
	}
	if (taxii_objects(&t, &q, read_page, &pages, &got, why))
		fail_msg("%s", why);
	assert_int_equal(got.pages, 5);
	assert_int_equal(pages.count, 5);
	assert_int_equal(got.more, 0);
	print_message("%u pages, %llu objects, %u items\n", got.pages,
		      (unsigned long long)got.objects, pages.items);
	assert_true(pages.items >= got.objects * 99 / 100);
	q.added_after = got.last_added;
	assert_int_equal(taxii_objects(&t, &q, read_page, &pages, &again, why), 0);
	assert_int_equal(again.objects, 0);
	/* a redirect inside the server is followed */
	q.root = url_of("/bad/inside/", (char[200]){ 0 });
	q.pages_max = 1;
	assert_int_equal(taxii_objects(&t, &q, read_page, &pages, &again, why), 0);
	assert_int_equal(again.pages, 1);
	q.root = url_of("/api/", (char[200]){ 0 });
	q.pages_max = 0;
	q.added_after = 0;
	assert_int_equal(taxii_manifest(&t, &q, see_entry, &entries, &got, why), 0);
	assert_int_equal(entries.count, got.objects);
	assert_true(got.pages == 4 && got.last_added > 0);
	q.collection = "no/such";
	assert_int_equal(taxii_objects(&t, &q, read_page, &pages, &got, why), OOPS_UNKNOWN);
	assert_non_null(strstr(why, "it says: No such thing: line\\nbreak"));
	http_close(h);
}

/* ---- servers that misbehave ---- */

static int count_page(void *to, const u8 *octets, size_t n)
{
	(void)octets;
	(void)n;
	((struct seen *)to)->count++;
	return 0;
}

static void bad_servers(void **state)
{
	static const struct { const char *name; int rc; u32 pages; const char *word; } cases[] = {
		{ "endless", 0, 20, "" }, { "bytime", 0, 4, "" },
		{ "circle", OOPS_FORMAT, 4, "circle" },
		{ "empty", OOPS_FORMAT, 0, "without objects" },
		{ "nowhere", OOPS_FORMAT, 2, "does not say how" },
		{ "html", OOPS_TYPE, 0, "text/html" }, { "plainjson", OOPS_TYPE, 0, "json" },
		{ "old", OOPS_TYPE, 0, "2.0" }, { "untyped", OOPS_TYPE, 0, "without a type" },
		{ "nojson", OOPS_FORMAT, 0, "line 1" }, { "list", OOPS_FORMAT, 0, "no object" },
		{ "deep", OOPS_FORMAT, 0, "nested" },
		{ "outside", -EXDEV, 0, "another server" }, { "loop", -EPROTO, 0, "redirects" },
		{ "short", OOPS_SHORT, 0, "" }, { "large", OOPS_LIMIT, 0, "larger" },
		{ "growing", OOPS_LIMIT, 0, "larger" }, { "heads", OOPS_LIMIT, 0, "larger" },
		{ "slow", -ETIMEDOUT, 0, "" }, { "nonsense", -EPROTO, 0, "" },
		{ "400", -EPROTO, 0, "did not understand" }, { "401", -EACCES, 0, "token" },
		{ "403", -EACCES, 0, "may not" }, { "404", OOPS_UNKNOWN, 0, "no such" },
		{ "406", OOPS_TYPE, 0, "does not speak" }, { "413", OOPS_LIMIT, 0, "too large" },
		{ "422", -EPROTO, 0, "cannot do" }, { "429", -EAGAIN, 0, "after 120 s" },
		{ "500", -EPROTO, 0, "trouble of its own" }, { "503", -EAGAIN, 0, "Sorry" },
	};
	struct http *h = client(NULL);
	const struct taxii t = { taxii_get_http, h };

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct taxii_query q = { .collection = "c", .pages_max = 20 };
		struct seen seen = { .count = 0 };
		struct taxii_got got;
		char path[64], url[200], why[TAXII_WHY];
		int rc;

		snprintf(path, sizeof path, "/bad/%s/", cases[k].name);
		q.root = url_of(path, url);
		rc = taxii_objects(&t, &q, count_page, &seen, &got, why);
		if (rc != cases[k].rc || seen.count != cases[k].pages ||
		    !strstr(why, cases[k].word) || (rc && why[0] == 0))
			fail_msg("%s: %d, %u pages: %s", cases[k].name, rc, seen.count, why);
		assert_int_equal(got.more, rc || strcmp(cases[k].name, "endless") == 0);
	}
	http_close(h);
}

/* ---- who asks ---- */

static void write_secret(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static void secrets(void **state)
{
	static const struct { const char *text; mode_t mode; int rc, answer; } cases[] = {
		{ "bearer s3cret\n", 0600, 0, 0 }, { "Basic me:s3cret", 0400, 0, 0 },
		{ "header Authorization: Bearer s3cret", 0600, 0, 0 },
		{ "bearer wrong", 0600, 0, -EACCES },
		{ "bearer s3cret\n", 0644, -EACCES, 0 }, { "", 0600, OOPS_FORMAT, 0 },
		{ "basic me", 0600, OOPS_FORMAT, 0 }, { "bearer a\033b", 0600, OOPS_FORMAT, 0 },
		{ "s3cret", 0600, OOPS_FORMAT, 0 },
	};
	char path[] = "/tmp/vedette-secret-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct http_secret secret = { "" };
		struct taxii_root_info info;
		char url[200], why[TAXII_WHY] = "";
		struct http *h;
		int rc;

		write_secret(path, cases[k].text, cases[k].mode);
		rc = http_secret_read(&secret, path, why);
		if (rc != cases[k].rc || (rc && !why[0]) || strstr(why, "s3cret"))
			fail_msg("%s: %d: %s", cases[k].text, rc, why);
		if (rc)
			continue;
		h = client(&secret);
		rc = taxii_root(&(struct taxii){ taxii_get_http, h }, url_of("/secret/", url),
				&info, why);
		assert_int_equal(rc, cases[k].answer);
		http_close(h);
	}
	unlink(path);
}

/* ---- without a server ---- */

static void origins(void **state)
{
	static const struct { const char *url; int rc; } cases[] = {
		{ "https://feeds.example/", 0 }, { "http://127.0.0.1:1/", 0 },
		{ "http://localhost/", 0 }, { "http://[::1]:80/", 0 },
		{ "http://feeds.example/", -EPERM }, { "http://127.0.0.1.example/", -EPERM },
		{ "http://192.0.2.1/", -EPERM }, { "ftp://feeds.example/", OOPS_FORMAT },
		{ "file:///etc/passwd", OOPS_FORMAT },
		{ "https://me:it@feeds.example/", OOPS_FORMAT },
		{ "", OOPS_FORMAT }, { "feeds.example", OOPS_FORMAT },
	};
	const struct http_conf conf = { .time_ns = 1000000000u };
	char why[HTTP_WHY];

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct http *h = NULL;
		int rc = http_open(&h, cases[k].url, &conf, why);

		if (rc != cases[k].rc)
			fail_msg("%s: %d: %s", cases[k].url, rc, why);
		http_close(h);
	}
}

/* Nobody listens there. */
static void nobody(void **state)
{
	const struct http_conf conf = { .time_ns = 2000000000u };
	const struct http_ask ask = { .url = "/" };
	struct http_answer a = { 0 };
	struct http *h = NULL;
	char why[HTTP_WHY];

	(void)state;
	assert_int_equal(http_open(&h, "http://127.0.0.1:1/", &conf, why), 0);
	assert_int_equal(http_ask(h, &ask, &a, why), -ECONNREFUSED);
	assert_true(why[0]);
	http_answer_free(&a);
	http_close(h);
}

/* ---- TLS ---- */

static int ask_tls(const char *host, unsigned port, const char *authorities)
{
	const struct http_conf conf = { .authorities = authorities, .time_ns = 3000000000u };
	struct http *h = NULL;
	struct taxii_root_info info;
	char url[200], why[TAXII_WHY];
	int rc;

	snprintf(url, sizeof url, "https://%s:%u/api/", host, port);
	assert_int_equal(http_open(&h, url, &conf, why), 0);
	rc = taxii_root(&(struct taxii){ taxii_get_http, h }, url, &info, why);
	http_close(h);
	return rc;
}

static void tls(void **state)
{
	char folder[] = "/tmp/vedette-tls-XXXXXX", command[600], key[64], certificate[64];
	struct server s;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(key, sizeof key, "%s/key", folder);
	snprintf(certificate, sizeof certificate, "%s/certificate", folder);
	snprintf(command, sizeof command, "openssl req -x509 -newkey ec -pkeyopt "
		 "ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext "
		 "subjectAltName=DNS:localhost -keyout %s -out %s 2>/dev/null", key, certificate);
	if (system(command)) {
		print_message("left out: openssl made no certificate\n");
		skip();
	}
	assert_true(serve(&s, certificate, key));
	assert_int_equal(ask_tls("localhost", s.port, certificate), 0);
	assert_int_equal(ask_tls("localhost", s.port, NULL), -EKEYREJECTED);
	assert_int_equal(ask_tls("127.0.0.1", s.port, certificate), -EKEYREJECTED);
	stop(&s);
	snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(discovery), cmocka_unit_test(recorded),
		cmocka_unit_test(bad_servers), cmocka_unit_test(secrets),
		cmocka_unit_test(origins), cmocka_unit_test(nobody), cmocka_unit_test(tls),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
