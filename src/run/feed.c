/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed.c - see feed.h.
 *
 * Numbers of loads only grow: load n lies in place n % FEED_LOADS. `made` loads are
 * there; worker i has asked for `asked[i]`, of which it holds the last one. A place is free
 * when all have asked for a load after the one in it. */
#include "run/feed.h"
#include <pthread.h>

struct feed {
	struct load load[FEED_LOADS];
	struct frame frame[FRAMES_A_BATCH];	/* as they were read */
	pthread_mutex_t lock;
	pthread_cond_t moved;		/* made or asked changed */
	u64 made, *asked;		/* asked: of each worker */
	unsigned workers;
	bool reading, ended;
	feed_fn *read;
	void *from;
};

int feed_open(struct feed **ret, unsigned workers, feed_fn *read, void *from)
{
	struct feed *f = calloc(1, sizeof *f);

	if (f == NULL)
		return -ENOMEM;
	f->asked = calloc(workers, sizeof *f->asked);
	if (f->asked == NULL) {
		free(f);
		return -ENOMEM;
	}
	f->workers = workers;
	f->read = read;
	f->from = from;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->moved, NULL);
	*ret = f;
	return 0;
}

struct feed *feed_close(struct feed *f)
{
	if (f == NULL)
		return NULL;
	for (unsigned i = 0; i < FEED_LOADS; i++)
		free(f->load[i].octets);
	pthread_cond_destroy(&f->moved);
	pthread_mutex_destroy(&f->lock);
	free(f->asked);
	free(f);
	return NULL;
}

static bool make_room(struct load *l, size_t n)
{
	u8 *octets;

	if (l->used + n <= l->room)
		return true;
	octets = realloc(l->octets, l->used + n);
	if (octets == NULL)
		return false;
	l->octets = octets;
	l->room = l->used + n;
	return true;
}

/* Without memory for its octets a frame is as if the snap length had cut all of it. */
static void take(struct load *l, int at, const struct frame *frame, int count,
		 const struct packets *p)
{
	size_t n = 0;
	bool room;

	for (int i = 0; i < count; i++)
		n += frame[i].cap;
	room = make_room(l, n);
	for (int i = 0; i < count; i++) {
		struct frame *to = &l->frame[at + i];

		*to = frame[i];
		l->share[at + i] = (u8)packet_share(p, &frame[i]);
		to->cap = room ? to->cap : 0;
		if (to->cap)
			memcpy(l->octets + l->used, frame[i].data, to->cap);
		l->used += to->cap;
	}
}

static void fill(struct feed *f, struct load *l, const struct packets *p)
{
	size_t n = 0;
	int count = 0;

	l->used = 0;
	l->last = false;
	for (unsigned i = 0; i < FEED_PARTS; i++) {
		l->part[i] = l->last ? 0 : f->read(f->from, f->frame);
		l->last = l->part[i] == 0;
		take(l, count, f->frame, l->part[i], p);
		count += l->part[i];
	}
	for (int i = 0; i < count; i++) {	/* only now the octets do not move any more */
		l->frame[i].data = l->octets + n;
		n += l->frame[i].cap;
	}
}

/* Reads one load, if nobody else does and a place is free. The lock is held, but not while
 * reading. */
static bool read_one(struct feed *f, const struct packets *p)
{

	if (f->reading || f->ended)
		return false;
	for (unsigned i = 0; i < f->workers; i++)
		if (f->made + 1 >= f->asked[i] + FEED_LOADS)
			return false;
	f->reading = true;
	pthread_mutex_unlock(&f->lock);
	fill(f, &f->load[f->made % FEED_LOADS], p);
	pthread_mutex_lock(&f->lock);
	f->reading = false;
	f->ended = f->load[f->made % FEED_LOADS].last;
	f->made++;
	pthread_cond_broadcast(&f->moved);
	return true;
}

const struct load *feed_next(struct feed *f, unsigned worker, const struct packets *p)
{
	u64 mine;

	pthread_mutex_lock(&f->lock);
	mine = f->asked[worker]++;
	pthread_cond_broadcast(&f->moved);
	while (f->made < mine + FEED_AHEAD && read_one(f, p))
		;
	while (f->made == mine)
		if (!read_one(f, p))
			pthread_cond_wait(&f->moved, &f->lock);
	pthread_mutex_unlock(&f->lock);
	return &f->load[mine % FEED_LOADS];
}
