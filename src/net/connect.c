/* SPDX-License-Identifier: GPL-3.0-or-later */
/* connect.c - see connect.h. */
#include "net/connect.h"
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define CONNECT_S 10

static int copy(char *to, size_t room, const char *from, size_t n)
{
	if (n == 0 || n >= room)
		return OOPS_FORMAT;
	memcpy(to, from, n);
	to[n] = 0;
	return 0;
}

static int read_port(struct net_peer *p, const char *text)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 5 || text[n] || strtoul(text, NULL, 10) > 65535 ||
	    strtoul(text, NULL, 10) == 0)
		return OOPS_FORMAT;
	return copy(p->port, sizeof p->port, text, n);
}

/* "host", "host:port", "2001:db8::1", "[2001:db8::1]:port" */
static int read_host(struct net_peer *p, const char *text)
{
	const char *colon = strchr(text, ':'), *close = strchr(text, ']');

	if (text[0] == '[') {
		if (close == NULL || (close[1] && close[1] != ':') ||
		    copy(p->host, sizeof p->host, text + 1, (size_t)(close - text - 1)) < 0)
			return OOPS_FORMAT;
		return close[1] ? read_port(p, close + 2) : 0;
	}
	if (colon && strchr(colon + 1, ':') == NULL)
		return copy(p->host, sizeof p->host, text, (size_t)(colon - text)) < 0
			? OOPS_FORMAT : read_port(p, colon + 1);
	return copy(p->host, sizeof p->host, text, strlen(text));
}

int net_peer_read(struct net_peer *ret, const char *text)
{
	struct net_peer p = { .port = "53" };
	const char *at = strrchr(text, '@'), *key = at ? strchr(at, '#') : NULL;
	char host[NET_HOST_MAX + 16];

	if (at == NULL || copy(p.name, sizeof p.name, text, (size_t)(at - text)) < 0 ||
	    copy(host, sizeof host, at + 1, key ? (size_t)(key - at - 1) : strlen(at + 1)) < 0 ||
	    (key && copy(p.key, sizeof p.key, key + 1, strlen(key + 1)) < 0) ||
	    read_host(&p, host) < 0)
		return OOPS_FORMAT;
	*ret = p;
	return 0;
}

static void patience(int fd, unsigned receive, unsigned send)
{
	const struct timeval in = { .tv_sec = receive }, out = { .tv_sec = send };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &in, sizeof in);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &out, sizeof out);
}

static int try_one(const struct addrinfo *a, unsigned idle)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = 0, on = 1;

	if (fd < 0)
		return -errno;
	patience(fd, CONNECT_S, CONNECT_S);	/* of connect(), too (socket(7)) */
	if (connect(fd, a->ai_addr, a->ai_addrlen) < 0)
		rc = errno == EINPROGRESS ? -ETIMEDOUT : -errno;
	if (rc < 0) {
		close(fd);
		return rc;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	patience(fd, idle, idle);
	return fd;
}

int net_connect(const struct net_peer *p, unsigned idle, char why[200])
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
	struct addrinfo *all = NULL;
	int rc = getaddrinfo(p->host, p->port, &hints, &all), fd = OOPS_UNKNOWN;

	if (rc) {
		snprintf(why, 200, "%s", gai_strerror(rc));
		return OOPS_UNKNOWN;
	}
	for (const struct addrinfo *a = all; a && fd < 0; a = a->ai_next)
		fd = try_one(a, idle);
	freeaddrinfo(all);
	if (fd < 0)
		snprintf(why, 200, "%s", oops_text(fd));
	return fd;
}
