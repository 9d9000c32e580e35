/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crew.c - see crew.h. */
#include "base/crew.h"
#include <pthread.h>

struct crew {
	crew_work *work;
	void *to;
	u32 n, next;		/* next: atomic */
	pthread_mutex_t lock;	/* of what follows */
	u32 failed;		/* lowest piece that failed; n for none */
	int rc;
};

static void fail(struct crew *c, u32 piece, int rc)
{
	pthread_mutex_lock(&c->lock);
	if (piece < c->failed) {
		c->failed = piece;
		c->rc = rc;
	}
	pthread_mutex_unlock(&c->lock);
	__atomic_store_n(&c->next, c->n, __ATOMIC_RELAXED);
}

static void *help(void *to)
{
	struct crew *c = to;
	u32 piece = __atomic_load_n(&c->next, __ATOMIC_RELAXED);

	while (piece < c->n) {
		if (!__atomic_compare_exchange_n(&c->next, &piece, piece + 1, false,
						 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		int rc = c->work(c->to, piece);

		if (rc < 0)
			fail(c, piece, rc);
		piece = __atomic_load_n(&c->next, __ATOMIC_RELAXED);
	}
	return NULL;
}

int crew_run(unsigned threads, u32 n, crew_work *work, void *to)
{
	struct crew c = { .work = work, .to = to, .n = n, .failed = n };
	unsigned most = (unsigned)min_u64(min_u64(threads, CREW_MAX), n), got = 0;
	pthread_t more[CREW_MAX];

	pthread_mutex_init(&c.lock, NULL);
	while (got + 1 < most && pthread_create(&more[got], NULL, help, &c) == 0)
		got++;
	help(&c);
	while (got)
		pthread_join(more[--got], NULL);
	pthread_mutex_destroy(&c.lock);
	return c.rc;
}
