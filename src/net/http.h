/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http.h - asking one server over HTTP, within bounds; libcurl does the talking.
 *
 *   http_open("https://feeds.example/", ...)   one origin: scheme, host and port
 *   http_ask("/taxii2/", ...) --> status, type, headers, body
 *
 * Whatever the server answers, nothing goes to another origin, a redirect neither, so a secret
 * cannot be led away. TLS is verified, 1.2 at least; without TLS only the machine itself is
 * asked. Body, headers and time have limits. Proxies are those of the environment. Messages
 * that must not be sent twice go through hook.h, which is made of this.
 *
 * Only edges call this: it opens sockets, reads the clock and the certificates. */
#pragma once
#include "base/buf.h"

#define HTTP_WHY 300
#define HTTP_HEADERS_MAX (64u << 10)
#define HTTP_REDIRECTS_MAX 3u
#define HTTP_SECRET_MAX 4096u

/* What shows who we are: one header. */
struct http_secret { char header[HTTP_SECRET_MAX]; };
/* Reads "bearer TOKEN", "basic USER:PASSWORD" or "header NAME: VALUE" from the first line of a
 * file that only its owner can read. 0, or OOPS_FORMAT, -EACCES (others can read it), -errno,
 * with why[]. */
int http_secret_read(struct http_secret *ret, const char *path, char why[HTTP_WHY]);
void http_secret_wipe(struct http_secret *s);

struct http_conf {
	const struct http_secret *secret;	/* NULL = none; copied */
	const char *authorities;	/* file of certificates instead of the system's; NULL */
	u64 octets_max;			/* of a body; 0 = 64 MiB */
	u64 time_ns;			/* of one answer as a whole; 0 = 60 s */
	u64 idle_ns;			/* with less than 100 octets a second; 0 = 20 s */
	bool plain_too;			/* http to other machines, too */
	bool direct;			/* through no proxy */
	/* The address that is connected to is looked at after the resolver spoke: those that
	 * only one's own networks have are refused, and http. */
	bool outside_only;
};
/* True for an address that only one's own networks have; `family` AF_INET or AF_INET6. */
bool http_private(int family, const void *address);

struct http;
/* For the origin of `url`: 0, OOPS_FORMAT (no URL of http or https, or one with a user in it),
 * -EPERM (http to another machine) or -ENOMEM, with why[]. */
int http_open(struct http **ret, const char *url, const struct http_conf *conf,
	      char why[HTTP_WHY]);
struct http *http_close(struct http *h);	/* takes NULL, gives NULL */

struct http_ask {
	const char *url;	/* absolute, or a path at the origin */
	const char *accept;	/* NULL = anything */
	const char *type;	/* not NULL: POST of the body below */
	const void *body;
	size_t n;
	const char *const *headers;	/* more lines "Name: value", NULL-terminated; NULL */
};
/* Zero it first; http_answer_free() any time. */
struct http_answer {
	int status;
	char type[128];		/* Content-Type, "" = none */
	bool all_sent;		/* the whole body left this machine */
	struct buf headers;	/* "name: value\n", names in lower case */
	struct buf body;
};
/* One question, with a GET's redirects inside the origin. 0 when the server answered, whatever
 * its status; else OOPS_LIMIT (too large), OOPS_SHORT (cut off), -ETIMEDOUT (also too slow),
 * OOPS_UNKNOWN (no such host), -ECONNREFUSED, -EACCES (an address of one's own networks),
 * -EXDEV (another origin), -EKEYREJECTED (the certificate), -EPROTO, -ENOMEM, with why[]. */
int http_ask(struct http *h, const struct http_ask *ask, struct http_answer *ret,
	     char why[HTTP_WHY]);
void http_answer_free(struct http_answer *a);
/* Value of a header into `to` (n octets), "" when there is none; `to` is returned. */
char *http_header(const struct http_answer *a, const char *name, char *to, size_t n);
