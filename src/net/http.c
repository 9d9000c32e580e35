/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http.c - see http.h. One handle of libcurl, so that a connection serves many questions. */
#include "net/http.h"
#include "base/stamp.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONNECT_MS 10000L
#define OCTETS_MAX ((u64)64 << 20)

struct http {
	CURL *curl;
	struct http_conf conf;
	struct http_secret secret;
	char *authorities;
	char *origin;		/* "https://host:port" */
	char error[CURL_ERROR_SIZE];
};

/* ---- secrets ---- */

void http_secret_wipe(struct http_secret *s)
{
	explicit_bzero(s, sizeof *s);
}

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_base64(struct buf *to, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i += 3) {
		u32 v = (u32)(u8)text[i] << 16;

		v |= i + 1 < n ? (u32)(u8)text[i + 1] << 8 : 0;
		v |= i + 2 < n ? (u32)(u8)text[i + 2] : 0;
		buf_byte(to, (u8)digits64[v >> 18]);
		buf_byte(to, (u8)digits64[v >> 12 & 63]);
		buf_byte(to, i + 1 < n ? (u8)digits64[v >> 6 & 63] : '=');
		buf_byte(to, i + 2 < n ? (u8)digits64[v & 63] : '=');
	}
}

/* The header that a line asks for: false when it is none of the three. */
static bool secret_of(struct buf *to, const char *line)
{
	const char *value = line + strcspn(line, " ");

	value += strspn(value, " ");
	for (const char *p = line; *p; p++)
		if ((u8)*p < 0x20 || *p == 0x7f)
			return false;
	if (*value == 0)
		return false;
	if (strncasecmp(line, "bearer ", 7) == 0) {
		buf_fmt(to, "Authorization: Bearer %s", value);
	} else if (strncasecmp(line, "basic ", 6) == 0 && strchr(value, ':')) {
		buf_text(to, "Authorization: Basic ");
		put_base64(to, value);
	} else if (strncasecmp(line, "header ", 7) == 0 && strstr(value, ": ")) {
		buf_text(to, value);
	}
	return to->len > 0;
}

static int secret_from(struct http_secret *ret, int fd, const char *path, char why[HTTP_WHY])
{
	char line[HTTP_SECRET_MAX / 2];
	struct buf header = { .limit = HTTP_SECRET_MAX - 1 };
	struct stat st;
	ssize_t n;
	int rc = 0;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || (st.st_mode & 077)) {
		snprintf(why, HTTP_WHY, N_("%s: not a file that only its owner can read "
			 "(chmod 600)"), path);
		return -EACCES;
	}
	n = read(fd, line, sizeof line - 1);
	if (n < 0)
		return -errno;
	line[n] = 0;
	line[strcspn(line, "\r\n")] = 0;
	if (!secret_of(&header, line) || buf_error(&header)) {
		snprintf(why, HTTP_WHY, N_("%s: its first line is not \"bearer TOKEN\", "
			 "\"basic USER:PASSWORD\" or \"header NAME: VALUE\""), path);
		rc = OOPS_FORMAT;
	} else {
		snprintf(ret->header, sizeof ret->header, "%s", buf_str(&header));
	}
	explicit_bzero(line, sizeof line);
	if (header.at)
		explicit_bzero(header.at, header.len);
	buf_free(&header);
	return rc;
}

int http_secret_read(struct http_secret *ret, const char *path, char why[HTTP_WHY])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;

	why[0] = 0;
	rc = fd < 0 ? -errno : secret_from(ret, fd, path, why);
	if (rc && why[0] == 0)
		snprintf(why, HTTP_WHY, "%s: %s", path, oops_text(rc));
	if (fd >= 0)
		close(fd);
	return rc;
}

/* ---- origins ---- */

static bool is_this_machine(const char *host)
{
	unsigned a, b, c, d;
	int n = 0;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return sscanf(host, "%3u.%3u.%3u.%3u%n", &a, &b, &c, &d, &n) == 4 && host[n] == 0 &&
	       a == 127;
}

/* "https://host:port" of a URL, NULL when it has none that we ask; free() it. */
static char *origin_of(const char *url, bool *plain, char *host_to, size_t host_n)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL, *origin = NULL;

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_USER, &user, 0) != CURLUE_OK &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
		*plain = strcasecmp(scheme, "https") != 0;
		if (!*plain || strcasecmp(scheme, "http") == 0) {
			if (asprintf(&origin, "%s://%s:%s", *plain ? "http" : "https", host,
				     port) < 0)
				origin = NULL;
			snprintf(host_to, host_n, "%s", host);
			for (char *p = origin; p && *p; p++)
				if (*p >= 'A' && *p <= 'Z')
					*p = (char)(*p | 32);
		}
	}
	curl_free(user);
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return origin;
}

/* ---- addresses ---- */

static bool private4(u32 a)
{
	static const struct { u32 net; unsigned bits; } ranges[] = {
		{ 0x00000000, 8 }, { 0x0a000000, 8 }, { 0x64400000, 10 }, { 0x7f000000, 8 },
		{ 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 },
		{ 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xe0000000, 3 },
	};

	for (size_t i = 0; i < COUNT(ranges); i++)
		if ((a ^ ranges[i].net) >> (32 - ranges[i].bits) == 0)
			return true;
	return false;
}

bool http_private(int family, const void *address)
{
	const u8 *a = address;

	if (family == AF_INET)
		return private4((u32)a[0] << 24 | (u32)a[1] << 16 | (u32)a[2] << 8 | a[3]);
	if (family != AF_INET6)
		return true;
	if ((a[0] & 0xe0) != 0x20)	/* global unicast is 2000::/3 (RFC 4291, 2.4) */
		return true;
	/* 6to4 and Teredo lead to addresses that are not looked at here */
	return (a[0] == 0x20 && a[1] == 0x02) ||
	       (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0);
}

/* ---- a client ---- */

struct http *http_close(struct http *h)
{
	if (h == NULL)
		return NULL;
	if (h->curl)
		curl_easy_cleanup(h->curl);
	http_secret_wipe(&h->secret);
	free(h->authorities);
	free(h->origin);
	free(h);
	return NULL;
}

static int refuse(char why[HTTP_WHY], int rc, const char *what, const char *which)
{
	snprintf(why, HTTP_WHY, "%.120s: %s", which, what);
	return rc;
}

int http_open(struct http **ret, const char *url, const struct http_conf *conf,
	      char why[HTTP_WHY])
{
	struct http *h = calloc(1, sizeof *h);
	char host[256] = "";
	bool plain = false;

	if (h == NULL || (h->curl = curl_easy_init()) == NULL) {
		http_close(h);
		return refuse(why, -ENOMEM, N_("no memory"), url);
	}
	h->conf = *conf;
	if (conf->secret)
		h->secret = *conf->secret;
	if (conf->authorities && (h->authorities = strdup(conf->authorities)) == NULL) {
		http_close(h);
		return refuse(why, -ENOMEM, N_("no memory"), url);
	}
	h->origin = origin_of(url, &plain, host, sizeof host);
	if (h->origin == NULL || (plain && !conf->plain_too &&
				  (conf->outside_only || !is_this_machine(host)))) {
		int rc = h->origin ? -EPERM : OOPS_FORMAT;

		http_close(h);
		return refuse(why, rc, rc == -EPERM && conf->outside_only ? N_("https is wanted")
			: rc == -EPERM ? N_("without TLS only this machine is asked")
			: N_("no URL of https, or one with a user name in it"), url);
	}
	*ret = h;
	return 0;
}

/* ---- one question ---- */

struct hearing {
	struct http *h;
	struct http_answer *a;
	const struct http_ask *ask;
	size_t given;		/* octets of the body that libcurl took */
	bool too_large, refused;
};

/* libcurl asks for a socket when it knows the address. */
static curl_socket_t open_socket(void *of, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct hearing *g = of;
	const void *at = a->family == AF_INET6
		? (const void *)&((struct sockaddr_in6 *)&a->addr)->sin6_addr
		: (const void *)&((struct sockaddr_in *)&a->addr)->sin_addr;

	(void)purpose;
	if (g->h->conf.outside_only && http_private(a->family, at)) {
		g->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t give_body(char *to, size_t size, size_t count, void *of)
{
	struct hearing *g = of;
	size_t n = min_u64(size * count, g->ask->n - g->given);

	if (n)
		memcpy(to, (const char *)g->ask->body + g->given, n);
	g->given += n;
	g->a->all_sent = g->given == g->ask->n;
	return n;
}

/* A connection that was kept and has gone: once more from the beginning. */
static int rewind_body(void *of, curl_off_t offset, int origin)
{
	struct hearing *g = of;

	if (origin != SEEK_SET || offset < 0 || (u64)offset > g->ask->n)
		return CURL_SEEKFUNC_FAIL;
	g->given = (size_t)offset;
	g->a->all_sent = false;
	return CURL_SEEKFUNC_OK;
}

static size_t take_body(char *octets, size_t size, size_t count, void *to)
{
	struct hearing *g = to;
	u64 most = g->h->conf.octets_max ? g->h->conf.octets_max : OCTETS_MAX;

	if (g->a->body.len + size * count > most) {
		g->too_large = true;
		return 0;
	}
	buf_add(&g->a->body, octets, size * count);
	return buf_error(&g->a->body) ? 0 : size * count;
}

static size_t take_header(char *octets, size_t size, size_t count, void *to)
{
	struct hearing *g = to;
	size_t n = size * count;
	const char *colon = memchr(octets, ':', n);

	if (n > 5 && strncasecmp(octets, "HTTP/", 5) == 0)
		buf_clear(&g->a->headers);	/* those of an interim answer */
	if (colon == NULL)
		return n;
	if (g->a->headers.len + n > HTTP_HEADERS_MAX) {
		g->too_large = true;
		return 0;
	}
	for (const char *p = octets; p < octets + n; p++)
		if (*p != '\r' && *p != '\n')
			buf_byte(&g->a->headers, p < colon && *p >= 'A' && *p <= 'Z'
				 ? (u8)(*p | 32) : (u8)*p);
	buf_byte(&g->a->headers, '\n');
	return n;
}

char *http_header(const struct http_answer *a, const char *name, char *to, size_t n)
{
	size_t length = strlen(name);

	to[0] = 0;
	for (const char *p = buf_str(&a->headers); *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strncmp(p, name, length) == 0 && p[length] == ':') {
			p += length + 1;
			p += strspn(p, " \t");
			snprintf(to, n, "%.*s", (int)strcspn(p, "\n"), p);
			return to;
		}
	return to;
}

void http_answer_free(struct http_answer *a)
{
	buf_free(&a->headers);
	buf_free(&a->body);
}

static int error_of(CURLcode code, const struct hearing *g)
{
	if (g->refused)
		return -EACCES;
	if (g->too_large || code == CURLE_FILESIZE_EXCEEDED)
		return OOPS_LIMIT;
	switch (code) {
	case CURLE_OK:
		return 0;
	case CURLE_OPERATION_TIMEDOUT:
		return -ETIMEDOUT;
	case CURLE_COULDNT_RESOLVE_HOST:
		return OOPS_UNKNOWN;
	case CURLE_COULDNT_CONNECT:
		return -ECONNREFUSED;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
		return OOPS_SHORT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return -EKEYREJECTED;
	case CURLE_OUT_OF_MEMORY:
	case CURLE_WRITE_ERROR:
		return -ENOMEM;
	default:
		return -EPROTO;
	}
}

static void set_bounds(struct http *h)
{
	u64 time = h->conf.time_ns ? h->conf.time_ns : 60 * STAMP_NS;
	u64 idle = h->conf.idle_ns ? h->conf.idle_ns : 20 * STAMP_NS;
	u64 most = h->conf.octets_max ? h->conf.octets_max : OCTETS_MAX;

	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, (long)(time / 1000000));
	curl_easy_setopt(h->curl, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)min_u64(CONNECT_MS, time / 1000000));
	curl_easy_setopt(h->curl, CURLOPT_LOW_SPEED_LIMIT, 100L);
	curl_easy_setopt(h->curl, CURLOPT_LOW_SPEED_TIME,
			 (long)max_u64(1, idle / STAMP_NS));
	curl_easy_setopt(h->curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)most);
	curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h->curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(h->curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(h->curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (h->authorities)
		curl_easy_setopt(h->curl, CURLOPT_CAINFO, h->authorities);
	if (h->conf.direct)
		curl_easy_setopt(h->curl, CURLOPT_NOPROXY, "*");
}

static void set_body(struct http *h, struct hearing *g)
{
	curl_easy_setopt(h->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)g->ask->n);
	curl_easy_setopt(h->curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(h->curl, CURLOPT_READDATA, g);
	curl_easy_setopt(h->curl, CURLOPT_SEEKFUNCTION, rewind_body);
	curl_easy_setopt(h->curl, CURLOPT_SEEKDATA, g);
}

static bool add_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more)
		*list = more;
	return more != NULL;
}

/* Asks once; the address of a redirect in *location (of libcurl's). */
static int ask_once(struct http *h, const char *url, const struct http_ask *ask,
		    struct http_answer *ret, char **location)
{
	struct hearing g = { .h = h, .a = ret, .ask = ask };
	struct curl_slist *headers = NULL;
	char line[512], *type = NULL;
	long status = 0;
	bool ok = true;
	int rc;

	curl_easy_reset(h->curl);
	set_bounds(h);
	h->error[0] = 0;
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->error);
	curl_easy_setopt(h->curl, CURLOPT_URL, url);
	curl_easy_setopt(h->curl, CURLOPT_USERAGENT, "vedette/" VEDETTE_VERSION);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &g);
	curl_easy_setopt(h->curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(h->curl, CURLOPT_HEADERDATA, &g);
	curl_easy_setopt(h->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h->curl, CURLOPT_OPENSOCKETDATA, &g);
	snprintf(line, sizeof line, "Accept: %s", ask->accept ? ask->accept : "*/*");
	ok &= add_header(&headers, line);
	if (h->secret.header[0])
		ok &= add_header(&headers, h->secret.header);
	if (ask->type) {
		snprintf(line, sizeof line, "Content-Type: %s", ask->type);
		ok &= add_header(&headers, line) && add_header(&headers, "Expect:");
		set_body(h, &g);
	}
	for (const char *const *more = ask->headers; more && *more; more++)
		ok &= add_header(&headers, *more);
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, headers);
	rc = ok ? error_of(curl_easy_perform(h->curl), &g) : -ENOMEM;
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(h->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(h->curl, CURLINFO_REDIRECT_URL, location);
	ret->status = (int)status;
	snprintf(ret->type, sizeof ret->type, "%s", type ? type : "");
	curl_slist_free_all(headers);
	return rc ? rc : buf_error(&ret->body);
}

static bool same_origin(const struct http *h, const char *url)
{
	char host[256];
	bool plain;
	char *origin = origin_of(url, &plain, host, sizeof host);
	bool same = origin && strcmp(origin, h->origin) == 0;

	free(origin);
	return same;
}

static int say(const struct http *h, char why[HTTP_WHY], int rc, const char *url)
{
	const char *more = h->error[0] ? h->error : oops_text(rc);

	if (rc == -EACCES)
		more = N_("its address is one of a private network or of this "
			  "machine");
	if (rc == OOPS_LIMIT)
		more = N_("the answer is larger than is read");
	snprintf(why, HTTP_WHY, "%.120s: %.150s", url, more);
	return rc;
}

int http_ask(struct http *h, const struct http_ask *ask, struct http_answer *ret,
	     char why[HTTP_WHY])
{
	char *url = NULL, *location = NULL, *next;
	int rc = 0;

	if (asprintf(&url, "%s%s", ask->url[0] == '/' ? h->origin : "", ask->url) < 0)
		return refuse(why, -ENOMEM, N_("no memory"), ask->url);
	for (u32 hop = 0; rc == 0; hop++) {
		if (!same_origin(h, url)) {
			rc = refuse(why, -EXDEV, N_("another server than the one that is "
				    "asked; nothing was sent there"), url);
			break;
		}
		buf_clear(&ret->body);
		buf_clear(&ret->headers);
		if ((rc = ask_once(h, url, ask, ret, &location))) {
			say(h, why, rc, url);
			break;
		}
		if (location == NULL || ask->type || ret->status / 100 != 3)
			break;
		if (hop == HTTP_REDIRECTS_MAX) {
			rc = refuse(why, -EPROTO, N_("too many redirects"), url);
			break;
		}
		if ((next = strdup(location)) == NULL) {
			rc = refuse(why, -ENOMEM, N_("no memory"), url);
			break;
		}
		free(url);
		url = next;
	}
	free(url);
	return rc;
}
