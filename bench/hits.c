/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hits.c - asks an HTTP server over kept connections, one question after the other on each,
 * for a bounded time: for bench/api.
 *
 *   hits PORT CLIENTS SECONDS TOKEN < PATHS
 *
 * Each client walks the list of paths from a place of its own. Prints a line a path: how
 * many, how many were not 200, median, 95th percentile and maximum in milliseconds, octets of
 * the last answer; then the sum. The loopback only. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATHS_MAX 200
#define CLIENTS_MAX 64
#define ANSWER (32u << 20)

struct path { char text[1000]; unsigned count, bad; size_t octets; float *ms; unsigned room; };
struct client { int fd; int path; double sent; char *at; size_t len; };

static struct path paths[PATHS_MAX];
static struct client clients[CLIENTS_MAX];
static int path_count;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	fprintf(stderr, "hits: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void ask(struct client *c, const char *token)
{
	char text[1500];
	int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
			 "%s\r\n\r\n", paths[c->path].text, token);

	c->len = 0;
	c->sent = now();
	if (write(c->fd, text, (size_t)n) != n)
		fail("write");
}

static void take_sample(struct client *c, bool good, size_t octets)
{
	struct path *p = &paths[c->path];

	if (p->count == p->room) {
		p->room = p->room ? p->room * 2 : 1024;
		p->ms = realloc(p->ms, p->room * sizeof *p->ms);
		if (p->ms == NULL)
			fail("memory");
	}
	p->ms[p->count++] = (float)((now() - c->sent) * 1e3);
	p->bad += !good;
	p->octets = octets;
}

/* True when the whole answer is there. */
static bool read_some(struct client *c)
{
	ssize_t n = read(c->fd, c->at + c->len, ANSWER - 1 - c->len);
	char *end, *length;
	size_t body;

	if (n <= 0)
		fail("read");
	c->len += (size_t)n;
	c->at[c->len] = 0;
	if ((end = strstr(c->at, "\r\n\r\n")) == NULL)
		return false;
	length = strcasestr(c->at, "\r\nContent-Length:");
	if (length == NULL || length > end)
		fail("an answer without a length");
	body = strtoul(length + 17, NULL, 10);
	if ((size_t)(end + 4 - c->at) + body > c->len)
		return false;
	take_sample(c, strncmp(c->at + 9, "200", 3) == 0, body);
	return true;
}

static int by_time(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

static void say(double seconds)
{
	unsigned all = 0, bad = 0;

	for (int i = 0; i < path_count; i++) {
		struct path *p = &paths[i];

		if (p->count == 0)
			continue;
		qsort(p->ms, p->count, sizeof *p->ms, by_time);
		printf("%u %u %.2f %.2f %.2f %zu %s\n", p->count, p->bad, p->ms[p->count / 2],
		       p->ms[(unsigned long)p->count * 95 / 100], p->ms[p->count - 1],
		       p->octets, p->text);
		all += p->count;
		bad += p->bad;
	}
	printf("all %u bad %u a second %.0f\n", all, bad, all / seconds);
}

static void open_all(int count, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	for (int i = 0; i < count; i++) {
		struct client *c = &clients[i];

		c->path = i * path_count / count;
		c->fd = socket(AF_INET, SOCK_STREAM, 0);
		c->at = malloc(ANSWER);
		if (c->fd < 0 || c->at == NULL || connect(c->fd, (void *)&a, sizeof a))
			fail("connect");
	}
}

int main(int argc, char **argv)
{
	struct pollfd polls[CLIENTS_MAX];
	double begin, end;
	int count;

	if (argc != 5 || (count = (int)strtol(argv[2], NULL, 10)) < 1 || count > CLIENTS_MAX)
		return 2;
	while (path_count < PATHS_MAX && fgets(paths[path_count].text, 1000, stdin)) {
		paths[path_count].text[strcspn(paths[path_count].text, "\n")] = 0;
		path_count += paths[path_count].text[0] == '/';
	}
	if (path_count == 0)
		return 2;
	open_all(count, (int)strtol(argv[1], NULL, 10));
	begin = now();
	end = begin + strtod(argv[3], NULL);
	for (int i = 0; i < count; i++) {
		polls[i] = (struct pollfd){ .fd = clients[i].fd, .events = POLLIN };
		ask(&clients[i], argv[4]);
	}
	while (now() < end && poll(polls, (nfds_t)count, 1000) >= 0)
		for (int i = 0; i < count; i++)
			if (polls[i].revents && read_some(&clients[i])) {
				clients[i].path = (clients[i].path + 1) % path_count;
				ask(&clients[i], argv[4]);
			}
	say(now() - begin);
	return 0;
}
