/* SPDX-License-Identifier: GPL-3.0-or-later */
/* later.c - requests that wait for somebody else, without a thread each.
 *
 *   handler: nothing there yet --> suspended, with its descriptor --> list
 *   thread:  poll() over the list --> ready: off the list, resumed --> handler again
 *
 * A suspended connection costs no processor and does not time out: who answers has a time
 * limit of their own (run/foreman.h), and closes. */
#include "web/own.h"
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct one {
	struct MHD_Connection *connection;
	int fd;
	short events;
};
struct later {
	pthread_t thread;
	pthread_mutex_t lock;
	int wake;			/* eventfd: the list is another, or the end */
	struct one list[WEB_CONNECTIONS];
	unsigned count;
	bool stop;
};

static void ring(struct later *l)
{
	const u64 one = 1;

	if (write(l->wake, &one, sizeof one) != sizeof one)
		return;	/* it rings already */
}

/* With the lock: takes what is ready off the list and lets it go on. */
static void resume_ready(struct later *l, const struct pollfd *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; p[i].revents && k < l->count; k++)
			if (l->list[k].fd == p[i].fd) {
				struct MHD_Connection *c = l->list[k].connection;

				l->list[k] = l->list[--l->count];
				MHD_resume_connection(c);
				break;
			}
}

static void *watch(void *arg)
{
	struct later *l = arg;
	struct pollfd *p = calloc(WEB_CONNECTIONS + 1, sizeof *p);
	bool stop = p == NULL;
	u64 rung;

	while (!stop) {
		unsigned n = 0;

		pthread_mutex_lock(&l->lock);
		p[n++] = (struct pollfd){ .fd = l->wake, .events = POLLIN };
		for (unsigned i = 0; i < l->count; i++)
			p[n++] = (struct pollfd){ .fd = l->list[i].fd,
						  .events = l->list[i].events };
		pthread_mutex_unlock(&l->lock);
		if (poll(p, n, -1) < 0)
			continue;
		if (p[0].revents && read(l->wake, &rung, sizeof rung) < 0)
			continue;
		pthread_mutex_lock(&l->lock);
		resume_ready(l, p + 1, n - 1);
		stop = l->stop;
		pthread_mutex_unlock(&l->lock);
	}
	free(p);
	return NULL;
}

int later_start(struct web *w)
{
	struct later *l = calloc(1, sizeof *l);

	if (l == NULL)
		return -ENOMEM;
	pthread_mutex_init(&l->lock, NULL);
	l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->later = l;
	return l->wake < 0 ? -errno : -pthread_create(&l->thread, NULL, watch, l);
}

void later_stop(struct web *w)
{
	struct later *l = w->later;

	pthread_mutex_lock(&l->lock);
	l->stop = true;
	for (unsigned i = 0; i < l->count; i++)
		MHD_resume_connection(l->list[i].connection);
	l->count = 0;
	pthread_mutex_unlock(&l->lock);
	ring(l);
	pthread_join(l->thread, NULL);
}

void later_wait(struct web *w, struct MHD_Connection *c, int fd, bool writing)
{
	struct later *l = w->later;

	MHD_suspend_connection(c);
	pthread_mutex_lock(&l->lock);
	if (l->stop || l->count == WEB_CONNECTIONS)
		MHD_resume_connection(c);
	else
		l->list[l->count++] = (struct one){ c, fd, writing ? POLLOUT : POLLIN };
	pthread_mutex_unlock(&l->lock);
	ring(l);
}
