/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ask.c - one process that asks like a hundred thousand clients.
 *
 *	ask FILE RATE SERVER4 SERVER6
 *
 * dnsperf sends from one address a run, a resolver's day has many. FILE holds one
 * look-up a line, made by bench/world:
 *
 *	100.64.3.7 u 2 www.example.com. AAAA
 *	address    | | name             type
 *	           | EDNS: 0 none, 1 yes, 2 with DO
 *	           u UDP, t TCP
 *
 * and every one is sent from its own address at RATE a second. The namespace it
 * runs in holds the whole client prefix as a local route (ip route add local), so
 * the kernel sends from and answers for each of them: UDP from a pool of sockets
 * with the source in IP_PKTINFO, TCP from a socket bound for one look-up. Nothing
 * in the capture is rewritten. A truncated answer is asked again over TCP, as
 * clients do. Unanswered look-ups are not repeated.
 *
 * Cost: one thread, some 50,000 look-ups a second. Ends two seconds after the
 * last line. Not here: what is asked (bench/world), the namespaces (bench/traffic).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define POOL4	     320	/* UDP sockets, so source ports, of IPv4 */
#define POOL6	     160
#define STREAMS_MAX  256	/* TCP look-ups at one time; more are skipped */
#define STREAM_MS    3000
#define QUERY_MAX    300
#define REST_MS	     2000	/* wait for late answers after the last line */
#define RAMP_MS	     5000	/* the rate grows that long */
#define STREAM_BIT   (1u << 31)	/* in epoll's number: a stream, not a pool socket */

union addr {
	struct sockaddr	    any;
	struct sockaddr_in  v4;
	struct sockaddr_in6 v6;
};

struct query {
	uint8_t	 wire[2 + QUERY_MAX];	/* TCP length first, RFC 1035, 4.2.2 */
	uint16_t len;			/* without the two octets */
};

/* One TCP look-up; fd is -1 when the place is free. */
struct stream {
	int	     fd;
	uint64_t     end_ms;
	struct query query;
	bool	     sent;
	size_t	     got;
};

struct count {
	uint64_t sent_udp, sent_tcp, answers, truncated, failed, skipped, nxdomain;
};

struct ask {
	union addr    server4, server6;
	int	      poll;
	int	      pool[POOL4 + POOL6];
	struct stream streams[STREAMS_MAX];
	uint32_t      turn;		/* picks sockets and message ids */
	struct count  count;
};

static const struct { const char *name; uint16_t code; } types[] = {
	{ "A", 1 }, { "NS", 2 }, { "SOA", 6 }, { "PTR", 12 }, { "MX", 15 },
	{ "TXT", 16 }, { "AAAA", 28 }, { "SRV", 33 }, { "DS", 43 },
	{ "HTTPS", 65 }, { "ANY", 255 }, { "CAA", 257 },
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint16_t type_code(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].code;
	errx(1, "unknown type %s", name);
}

static uint8_t *put16(uint8_t *p, unsigned v)
{
	*p++ = (uint8_t)(v >> 8);
	*p++ = (uint8_t)v;
	return p;
}

/* Text to wire, RFC 1035, 3.1. Our names have no escapes. */
static uint8_t *put_name(uint8_t *p, const char *name)
{
	while (*name != '\0') {
		size_t n = strcspn(name, ".");

		if (n == 0 || n > 63)
			errx(1, "bad label in %s", name);
		*p++ = (uint8_t)n;
		memcpy(p, name, n);
		p += n;
		name += n + (name[n] == '.');
	}
	*p++ = 0;
	return p;
}

static uint8_t *put_edns(uint8_t *p, bool dnssec_ok)
{
	static const uint8_t opt[] = { 0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0 };

	memcpy(p, opt, sizeof opt);
	p[7] = dnssec_ok ? 0x80 : 0;
	return p + sizeof opt;
}

static void query_head(struct query *q, uint16_t id, bool edns)
{
	static const uint8_t counts[] = { 0, 1, 0, 0, 0, 0, 0 };

	put16(put16(q->wire + 2, id), 0x0100);
	memcpy(q->wire + 6, counts, sizeof counts);
	q->wire[13] = edns;
}

static void query_end(struct query *q, const uint8_t *end)
{
	q->len = (uint16_t)(end - q->wire - 2);
	put16(q->wire, q->len);
}

static void query_make(struct query *q, uint16_t id, int edns, const char *name,
		       const char *type)
{
	uint8_t *p = put_name(q->wire + 14, name);

	query_head(q, id, edns > 0);
	p = put16(put16(p, type_code(type)), 1);
	query_end(q, edns > 0 ? put_edns(p, edns == 2) : p);
}

/* The question of a truncated answer again; false if it cannot be found. */
static bool query_again(struct query *q, uint16_t id, const uint8_t *msg, size_t len)
{
	size_t at = 12;
	bool edns = msg[10] + msg[11] > 0, dnssec_ok;
	uint8_t *p;

	while (at < len && msg[at] != 0 && msg[at] < 64)
		at += msg[at] + 1u;
	at += 5;
	if (at > len || at + 16 > QUERY_MAX)
		return false;
	dnssec_ok = len >= at + 11 && msg[len - 9] == 41 && (msg[len - 4] & 0x80);
	memcpy(q->wire + 14, msg + 12, at - 12);
	p = q->wire + 2 + at;
	query_head(q, id, edns);
	query_end(q, edns ? put_edns(p, dnssec_ok) : p);
	return true;
}

static bool addr_read(union addr *a, const char *text, uint16_t port)
{
	memset(a, 0, sizeof *a);
	if (inet_pton(AF_INET, text, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons(port);
		return true;
	}
	a->v6.sin6_family = AF_INET6;
	a->v6.sin6_port = htons(port);
	return inet_pton(AF_INET6, text, &a->v6.sin6_addr) == 1;
}

static socklen_t addr_len(const union addr *a)
{
	return a->any.sa_family == AF_INET ? sizeof a->v4 : sizeof a->v6;
}

static const union addr *server_of(const struct ask *k, const union addr *client)
{
	return client->any.sa_family == AF_INET ? &k->server4 : &k->server6;
}

/* Lets a socket use addresses of a local route that no interface carries. */
static void free_bind(int fd, int family)
{
	static const int on = 1;

	if (family == AF_INET)
		setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof on);
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof on);
}

static void pool_open(struct ask *k)
{
	static const int on = 1, room = 1 << 20;

	for (uint32_t i = 0; i < POOL4 + POOL6; i++) {
		int family = i < POOL4 ? AF_INET : AF_INET6;
		int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
		union addr any = { .any.sa_family = (sa_family_t)family };
		struct epoll_event ev = { .events = EPOLLIN, .data.u32 = i };

		if (fd == -1)
			err(1, "socket");
		free_bind(fd, family);
		if (family == AF_INET)
			setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
		else
			setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
		if (bind(fd, &any.any, addr_len(&any)) == -1)
			err(1, "bind");
		if (epoll_ctl(k->poll, EPOLL_CTL_ADD, fd, &ev) == -1)
			err(1, "epoll_ctl");
		k->pool[i] = fd;
	}
}

/* Puts the source address of a datagram beside it (RFC 3542, 6.2 for IPv6). */
static void source_set(struct msghdr *m, const union addr *client)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);

	if (client->any.sa_family == AF_INET) {
		struct in_pktinfo i = { .ipi_spec_dst = client->v4.sin_addr };

		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof i);
		memcpy(CMSG_DATA(c), &i, sizeof i);
	} else {
		struct in6_pktinfo i = { .ipi6_addr = client->v6.sin6_addr };

		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof i);
		memcpy(CMSG_DATA(c), &i, sizeof i);
	}
	m->msg_controllen = CMSG_SPACE(c->cmsg_len - CMSG_LEN(0));
}

static bool source_get(struct msghdr *m, union addr *client)
{
	memset(client, 0, sizeof *client);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo i;

			memcpy(&i, CMSG_DATA(c), sizeof i);
			client->v4.sin_family = AF_INET;
			client->v4.sin_addr = i.ipi_addr;
			return true;
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo i;

			memcpy(&i, CMSG_DATA(c), sizeof i);
			client->v6.sin6_family = AF_INET6;
			client->v6.sin6_addr = i.ipi6_addr;
			return true;
		}
	}
	return false;
}

static void udp_send(struct ask *k, const union addr *client, const struct query *q)
{
	_Alignas(struct cmsghdr) uint8_t room[64] = { 0 };
	const union addr *to = server_of(k, client);
	struct iovec v = { (void *)(uintptr_t)(q->wire + 2), q->len };
	struct msghdr m = { .msg_name = (void *)(uintptr_t)to,
		.msg_namelen = addr_len(to), .msg_iov = &v, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof room };
	uint32_t pick = k->turn * 2654435761u >> 8;

	pick = to->any.sa_family == AF_INET ? pick % POOL4 : POOL4 + pick % POOL6;
	source_set(&m, client);
	if (sendmsg(k->pool[pick], &m, 0) == -1)
		k->count.failed++;
	else
		k->count.sent_udp++;
}

static void stream_close(struct stream *s)
{
	close(s->fd);
	s->fd = -1;
}

static void tcp_send(struct ask *k, union addr client, const struct query *q)
{
	const union addr *to = server_of(k, &client);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT };
	uint32_t i = 0;
	struct stream *s;

	while (i < STREAMS_MAX && k->streams[i].fd != -1)
		i++;
	if (i == STREAMS_MAX) {
		k->count.skipped++;
		return;
	}
	s = &k->streams[i];
	*s = (struct stream){ .query = *q, .end_ms = now_ms() + STREAM_MS };
	s->fd = socket(to->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (s->fd == -1)
		err(1, "socket");
	free_bind(s->fd, to->any.sa_family);
	ev.data.u32 = i | STREAM_BIT;
	if (bind(s->fd, &client.any, addr_len(&client)) == -1 ||
	    (connect(s->fd, &to->any, addr_len(to)) == -1 && errno != EINPROGRESS) ||
	    epoll_ctl(k->poll, EPOLL_CTL_ADD, s->fd, &ev) == -1) {
		k->count.failed++;
		stream_close(s);
	}
}

static void stream_turn(struct ask *k, struct stream *s, uint32_t index, uint32_t what)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = index | STREAM_BIT };
	uint8_t buf[65536];
	ssize_t n;

	if (!s->sent && (what & EPOLLOUT)) {
		n = send(s->fd, s->query.wire, s->query.len + 2u, MSG_NOSIGNAL);
		s->sent = true;
		k->count.sent_tcp++;
		epoll_ctl(k->poll, EPOLL_CTL_MOD, s->fd, &ev);
		if (n == -1)
			stream_close(s);
		return;
	}
	n = recv(s->fd, buf, sizeof buf, 0);
	if (n == -1 && errno == EAGAIN && !(what & (EPOLLERR | EPOLLHUP)))
		return;
	if (n > 0)
		s->got += (size_t)n;
	/* Our answers come in one piece; what comes later meets a closed socket. */
	if (s->got > 2)
		k->count.answers++;
	else
		k->count.failed++;
	stream_close(s);
}

static void streams_expire(struct ask *k)
{
	uint64_t now = now_ms();

	for (uint32_t i = 0; i < STREAMS_MAX; i++)
		if (k->streams[i].fd != -1 && k->streams[i].end_ms < now) {
			k->count.failed++;
			stream_close(&k->streams[i]);
		}
}

/* One datagram; false when there is none left. */
static bool udp_read(struct ask *k, int fd)
{
	_Alignas(struct cmsghdr) uint8_t room[128];
	uint8_t buf[4096];
	struct iovec v = { buf, sizeof buf };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof room };
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT);
	union addr client;
	struct query q;

	if (n < 12)
		return n >= 0;
	k->count.answers++;
	k->count.nxdomain += (buf[3] & 15) == 3;
	if (!(buf[2] & 2))
		return true;
	k->count.truncated++;
	if (source_get(&m, &client) &&
	    query_again(&q, (uint16_t)(++k->turn * 40503u), buf, (size_t)n))
		tcp_send(k, client, &q);
	return true;
}

static void answers_read(struct ask *k, int wait_ms)
{
	struct epoll_event ev[128];
	int n = epoll_wait(k->poll, ev, 128, wait_ms);

	for (int i = 0; i < n; i++) {
		uint32_t at = ev[i].data.u32 & ~STREAM_BIT;

		if (!(ev[i].data.u32 & STREAM_BIT)) {
			while (udp_read(k, k->pool[at]))
				;
		} else if (k->streams[at].fd != -1) {
			stream_turn(k, &k->streams[at], at, ev[i].events);
		}
	}
}

static void line_send(struct ask *k, const char *line)
{
	char where[64], how, name[256], type[8];
	union addr client;
	struct query q;
	int edns;

	if (sscanf(line, "%63s %c %d %255s %7s", where, &how, &edns, name, type) != 5 ||
	    !addr_read(&client, where, 0))
		errx(1, "bad line: %s", line);
	k->turn++;
	query_make(&q, (uint16_t)(k->turn * 40503u), edns, name, type);
	if (how == 't')
		tcp_send(k, client, &q);
	else
		udp_send(k, &client, &q);
}

/* How many lines should have been sent after `ms`. */
static uint64_t due_at(uint64_t ms, uint64_t rate)
{
	if (ms < RAMP_MS)
		return ms * ms * rate / RAMP_MS / 2000;
	return (ms - RAMP_MS / 2) * rate / 1000;
}

static void lines_send(struct ask *k, FILE *in, uint64_t rate)
{
	uint64_t start = now_ms(), done = 0;
	char line[512];

	for (;;) {
		uint64_t due = due_at(now_ms() - start, rate);

		for (; done < due; done++) {
			if (fgets(line, sizeof line, in) == NULL)
				return;
			line_send(k, line);
		}
		answers_read(k, 1);
		if (done % 64 == 0)
			streams_expire(k);
	}
}

int main(int argc, char **argv)
{
	static struct ask k;
	uint64_t end;
	FILE *in;

	if (argc != 5 || !addr_read(&k.server4, argv[3], 53) ||
	    !addr_read(&k.server6, argv[4], 53))
		errx(2, "usage: ask FILE RATE SERVER4 SERVER6");
	if ((in = fopen(argv[1], "r")) == NULL)
		err(1, "%s", argv[1]);
	if ((k.poll = epoll_create1(0)) == -1)
		err(1, "epoll");
	for (int i = 0; i < STREAMS_MAX; i++)
		k.streams[i].fd = -1;
	pool_open(&k);
	lines_send(&k, in, strtoull(argv[2], NULL, 10));
	for (end = now_ms() + REST_MS; now_ms() < end;) {
		answers_read(&k, 10);
		streams_expire(&k);
	}
	printf("ask: udp %ju, tcp %ju, answers %ju (nxdomain %ju, truncated %ju), "
	       "failed %ju, skipped %ju\n", (uintmax_t)k.count.sent_udp,
	       (uintmax_t)k.count.sent_tcp, (uintmax_t)k.count.answers,
	       (uintmax_t)k.count.nxdomain, (uintmax_t)k.count.truncated,
	       (uintmax_t)k.count.failed, (uintmax_t)k.count.skipped);
	fclose(in);
	return 0;
}
