/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aside.c - requests that take long, answered by threads of their own.
 *
 *   handler: a change, an export, a TAXII collection --> suspended --> queue of its lane
 *   thread of the lane: the answer is made --> resumed --> handler: the reply goes out
 *
 * libmicrohttpd's threads have hundreds of connections each: one of them that waited for the
 * writer, or made an export or the index of a TAXII collection (a minute for a million
 * findings), would keep all of them waiting. So what may wait does it here, and a page that
 * somebody looks at stays quick. A lane for each kind of waiting: who fetches collections or
 * exports keeps nobody from changing something.
 *
 * A queue has room for all connections that there can be, and each is in it once at most. */
#include "web/own.h"

static const unsigned threads[] = { [ASIDE_CHANGE] = 4, [ASIDE_EXPORT] = 2, [ASIDE_TAXII] = 2 };
_Static_assert(ASIDE_THREADS == 8, "as many store connections as threads");

struct errand {
	struct MHD_Connection *connection;
	aside_fn *fn;
	void *what;
};
struct lane {
	struct web *web;
	pthread_cond_t more;
	struct errand queue[WEB_CONNECTIONS];
	unsigned first, count;
};
struct aside {
	pthread_mutex_t lock;
	struct lane lanes[ASIDE_LANES];
	pthread_t threads[ASIDE_THREADS];
	unsigned started;
	bool stop;
};

/* The next one of the lane; false: there will be none any more. */
static bool take(struct aside *a, struct lane *l, struct errand *ret)
{
	bool is;

	pthread_mutex_lock(&a->lock);
	while (l->count == 0 && !a->stop)
		pthread_cond_wait(&l->more, &a->lock);
	if ((is = l->count > 0)) {
		*ret = l->queue[l->first];
		l->first = (l->first + 1) % WEB_CONNECTIONS;
		l->count--;
	}
	pthread_mutex_unlock(&a->lock);
	return is;
}

static void *work(void *arg)
{
	struct lane *l = arg;
	struct errand e;

	while (take(l->web->aside, l, &e)) {
		e.fn(l->web, e.connection, e.what);
		MHD_resume_connection(e.connection);
	}
	return NULL;
}

int aside_start(struct web *w)
{
	struct aside *a = calloc(1, sizeof *a);
	int rc = 0;

	if (a == NULL)
		return -ENOMEM;
	w->aside = a;
	pthread_mutex_init(&a->lock, NULL);
	for (unsigned i = 0; i < ASIDE_LANES; i++) {
		a->lanes[i].web = w;
		pthread_cond_init(&a->lanes[i].more, NULL);
		for (unsigned k = 0; k < threads[i] && rc == 0; k++)
			if ((rc = pthread_create(&a->threads[a->started], NULL, work,
						 &a->lanes[i])) == 0)
				a->started++;
	}
	return -rc;
}

void aside_stop(struct web *w)
{
	struct aside *a = w->aside;

	if (a == NULL)
		return;
	atomic_store(&w->ending, true);
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	for (unsigned i = 0; i < ASIDE_LANES; i++)
		pthread_cond_broadcast(&a->lanes[i].more);
	pthread_mutex_unlock(&a->lock);
	for (unsigned i = 0; i < a->started; i++)
		pthread_join(a->threads[i], NULL);
	a->started = 0;
}

void aside_free(struct web *w)
{
	struct aside *a = w->aside;

	if (a == NULL)
		return;
	for (unsigned i = 0; i < ASIDE_LANES; i++)
		pthread_cond_destroy(&a->lanes[i].more);
	pthread_mutex_destroy(&a->lock);
	free(a);
	w->aside = NULL;
}

bool aside_run(struct web *w, enum aside_lane lane, struct MHD_Connection *c, aside_fn *fn,
	       void *what)
{
	struct aside *a = w->aside;
	struct lane *l = &a->lanes[lane];
	bool room;

	pthread_mutex_lock(&a->lock);
	if ((room = !a->stop && l->count < WEB_CONNECTIONS)) {
		MHD_suspend_connection(c);
		l->queue[(l->first + l->count++) % WEB_CONNECTIONS] =
			(struct errand){ c, fn, what };
		pthread_cond_signal(&l->more);
	}
	pthread_mutex_unlock(&a->lock);
	return room;
}
