/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peers.c - how many connections each address has, so that nobody takes all of them.
 *
 *   accepted --> may another one come from there? --> begun: counted --> closed: no more
 *
 * Of IPv6 the network of 64 bits counts (RFC 4291, section 2.5.4): whoever has one of its
 * addresses has all. Two that are accepted in the same moment by two threads may both be let
 * in, so that WEB_THREADS - 1 more than the limit can be there.
 *
 * A list, searched from one end to the other: WEB_CONNECTIONS of 20 octets at most. */
#include "web/own.h"
#include <arpa/inet.h>

struct peer {
	u8 of[16];	/* an IPv6 address, IPv4 mapped; of IPv6 the first 64 bits alone */
	unsigned count;
};
struct peers {
	pthread_mutex_t lock;
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

void peers_count(void *of, struct MHD_Connection *c, void **state,
		 enum MHD_ConnectionNotificationCode what)
{
	struct peers *p = ((struct web *)of)->peers;
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c,
		MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	u8 key[16];

	(void)state;
	if (i == NULL)
		return;
	key_of(i->client_addr, key);
	pthread_mutex_lock(&p->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		come(p, key);
	else
		gone(p, key);
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
