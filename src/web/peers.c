/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peers.c - how many connections each address has, and how long each may take to say what it
 * wants, so that nobody takes all of them.
 *
 *   accepted --> may another one come from there? --> begun: counted --> closed: no more
 *
 *   begun    head due in WEB_HEAD_S
 *   head     body due in WEB_BODY_S, later with each octet that comes
 *   whole    nothing is due while we answer
 *   answered the next head due in WEB_IDLE_S + WEB_HEAD_S
 *
 * libmicrohttpd ends a connection that is silent; one that sends an octet now and then, it
 * would keep. What is late is shut down here, upon which libmicrohttpd sees its end. It tells
 * of a closed connection before it gives the descriptor back, so that a line's is its own.
 *
 * A proxy that is believed (proxy.c) has the connections of all who come through it, so its
 * own are not counted: how many each of them may have is its matter.
 *
 * Of IPv6 the network of 64 bits counts (RFC 4291, section 2.5.4): whoever has one of its
 * addresses has all. Two that are accepted in the same moment by two threads may both be let
 * in, so that WEB_THREADS - 1 more than the limit can be there.
 *
 * A list, searched from one end to the other: WEB_CONNECTIONS of 20 octets at most. */
#include "web/own.h"
#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>

struct peer {
	u8 of[16];	/* an IPv6 address, IPv4 mapped; of IPv6 the first 64 bits alone */
	unsigned count;
};
struct line {
	struct line *next, **at;
	int fd;
	u64 due;	/* ms of the clock that only goes on; 0 = nothing is */
};
struct peers {
	pthread_mutex_t lock;
	struct line *lines;
	struct peer list[WEB_CONNECTIONS + WEB_THREADS];
	unsigned count;
};

static void key_of(const struct sockaddr *a, u8 to[16])
{
	static const u8 mapped[12] = { [10] = 0xff, 0xff };

	memset(to, 0, 16);
	if (a->sa_family == AF_INET) {
		memcpy(to, mapped, 12);
		memcpy(to + 12, &((const struct sockaddr_in *)a)->sin_addr, 4);
	} else if (a->sa_family == AF_INET6) {
		const u8 *ip = ((const struct sockaddr_in6 *)a)->sin6_addr.s6_addr;

		memcpy(to, ip, memcmp(ip, mapped, 12) ? 8 : 16);
	}
}

/* With the lock: its place, or the end of the list. */
static struct peer *find(struct peers *p, const u8 of[16])
{
	unsigned i = 0;

	while (i < p->count && memcmp(p->list[i].of, of, 16))
		i++;
	return &p->list[i];
}

enum MHD_Result peers_may(void *of, const struct sockaddr *a, socklen_t n)
{
	const struct web *w = of;
	struct peers *p = w->peers;
	struct peer *is;
	u8 key[16];
	bool may;

	(void)n;
	if (proxy_is(w, a))
		return MHD_YES;
	key_of(a, key);
	pthread_mutex_lock(&p->lock);
	is = find(p, key);
	may = is == &p->list[p->count] || is->count < w->setup.each;
	pthread_mutex_unlock(&p->lock);
	return may ? MHD_YES : MHD_NO;
}

static void come(struct peers *p, const u8 key[16])
{
	struct peer *is = find(p, key);

	if (is == &p->list[COUNT(p->list)])
		return;	/* never: there are not so many connections */
	if (is == &p->list[p->count]) {
		memcpy(is->of, key, 16);
		is->count = 0;
		p->count++;
	}
	is->count++;
}

static void gone(struct peers *p, const u8 key[16])
{
	struct peer *is = find(p, key);

	if (is < &p->list[p->count] && --is->count == 0)
		*is = p->list[--p->count];
}

/* ---- what is due ---- */

static u64 clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static struct line *line_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c,
		MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

/* With the lock. */
static struct line *line_begin(struct peers *p, int fd)
{
	struct line *l = calloc(1, sizeof *l);

	if (l == NULL) {
		shutdown(fd, SHUT_RDWR);
		return NULL;
	}
	*l = (struct line){ p->lines, &p->lines, fd, clock_ms() + 1000 * WEB_HEAD_S };
	if (l->next)
		l->next->at = &l->next;
	return p->lines = l;
}

/* With the lock. */
static void line_end(struct line *l)
{
	if (l == NULL)
		return;
	*l->at = l->next;
	if (l->next)
		l->next->at = l->at;
	free(l);
}

void peers_due(struct web *w, struct MHD_Connection *c, u64 ms)
{
	struct line *l = line_of(c);

	if (l == NULL)
		return;
	pthread_mutex_lock(&w->peers->lock);
	l->due = ms ? clock_ms() + ms : 0;
	pthread_mutex_unlock(&w->peers->lock);
}

void peers_came(struct web *w, struct MHD_Connection *c, size_t n)
{
	struct line *l = line_of(c);

	if (l == NULL)
		return;
	pthread_mutex_lock(&w->peers->lock);
	l->due = (l->due ? l->due : clock_ms() + 1000 * WEB_BODY_S) + n;
	pthread_mutex_unlock(&w->peers->lock);
}

void peers_sweep(struct web *w)
{
	const u64 now = clock_ms();

	pthread_mutex_lock(&w->peers->lock);
	for (struct line *l = w->peers->lines; l; l = l->next)
		if (l->due && l->due <= now) {
			shutdown(l->fd, SHUT_RDWR);
			l->due = 0;
		}
	pthread_mutex_unlock(&w->peers->lock);
}

void peers_count(void *of, struct MHD_Connection *c, void **state,
		 enum MHD_ConnectionNotificationCode what)
{
	struct peers *p = ((struct web *)of)->peers;
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c,
		MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(c,
		MHD_CONNECTION_INFO_CONNECTION_FD);
	u8 key[16];

	if (i == NULL || fd == NULL)
		return;
	key_of(i->client_addr, key);
	pthread_mutex_lock(&p->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		come(p, key);
		*state = line_begin(p, fd->connect_fd);
	} else {
		gone(p, key);
		line_end(*state);
		*state = NULL;
	}
	pthread_mutex_unlock(&p->lock);
}

int peers_start(struct web *w)
{
	if ((w->peers = calloc(1, sizeof *w->peers)) == NULL)
		return -ENOMEM;
	pthread_mutex_init(&w->peers->lock, NULL);
	return 0;
}

void peers_stop(struct web *w)
{
	if (w->peers)
		pthread_mutex_destroy(&w->peers->lock);
	free(w->peers);
	w->peers = NULL;
}
