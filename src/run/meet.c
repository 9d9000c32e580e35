/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meet.c - see meet.h. The round tells a worker that sleeps whether its meeting is over. */
#include "run/meet.h"
#include <pthread.h>

struct meet {
	pthread_mutex_t lock;
	pthread_cond_t moved;	/* another round, or apart */
	unsigned workers, here;
	u64 round, place;	/* place: what the first one said */
	bool apart;
};

int meet_open(struct meet **ret, unsigned workers)
{
	struct meet *m = calloc(1, sizeof *m);

	if (m == NULL)
		return -ENOMEM;
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->moved, NULL);
	m->workers = workers;
	*ret = m;
	return 0;
}

struct meet *meet_close(struct meet *m)
{
	if (m == NULL)
		return NULL;
	pthread_cond_destroy(&m->moved);
	pthread_mutex_destroy(&m->lock);
	free(m);
	return NULL;
}

/* True when this round came to its end, though the next one may have failed by now. */
static bool arrive(struct meet *m, u64 place)
{
	u64 round = m->round;

	if (m->here++ == 0)
		m->place = place;
	m->apart |= place != m->place;
	if (!m->apart && m->here == m->workers) {
		m->here = 0;
		m->round++;
	}
	if (m->apart || m->here == 0)
		pthread_cond_broadcast(&m->moved);
	while (m->round == round && !m->apart)
		pthread_cond_wait(&m->moved, &m->lock);
	return m->round != round;
}

bool meet_wait(struct meet *m, u64 place)
{
	bool together;

	if (m == NULL)
		return true;
	pthread_mutex_lock(&m->lock);
	together = !m->apart && arrive(m, place);
	pthread_mutex_unlock(&m->lock);
	return together;
}
