/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c - see read.h: the threads of the reader.
 *
 *   ring of blocks:  ... free | read, scanned, scanned, scanning, read | free ...
 *                               ^ next to be added               ^ next to be read
 *
 * One thread at a time adds and one reads; any number scan. A thread that finds nothing to
 * do waits. With one thread nothing waits and no thread is made. */
#include "zone/add.h"
#include "zone/own.h"
#include "zone/scan.h"
#include "zone/split.h"

#define BLOCK_OCTETS (128u << 10)
#define THREADS_MAX 64u
#define RING_MAX (2 * THREADS_MAX + 4)

enum place { PLACE_FREE, PLACE_READ, PLACE_SCANNING, PLACE_SCANNED };

struct reader {
	struct splitter *split;
	struct adder *adder;
	u64 key;
	pthread_mutex_t lock, talk;
	pthread_cond_t change;
	struct block ring[RING_MAX];
	enum place place[RING_MAX];
	unsigned size;			/* of the ring */
	u64 read, scan, added;		/* blocks so far; scan: next to be scanned */
	bool reading, adding, ended, stop;
	int rc;
};

static void finish(struct reader *r, int rc)
{
	r->stop = true;
	if (r->rc == 0)
		r->rc = rc;
}

/* ---- the three things to do; each is entered and left with the lock held ---- */

static void do_add(struct reader *r)
{
	unsigned at = (unsigned)(r->added % r->size);
	int rc;

	r->adding = true;
	pthread_mutex_unlock(&r->lock);
	rc = adder_block(r->adder, &r->ring[at]);
	pthread_mutex_lock(&r->lock);
	r->adding = false;
	r->place[at] = PLACE_FREE;
	r->added++;
	if (rc)
		finish(r, rc < 0 ? rc : 0);
}

static void do_scan(struct reader *r, struct scanner *s)
{
	unsigned at = (unsigned)(r->scan++ % r->size);

	if (r->ring[at].kind == BLOCK_READY) {
		r->place[at] = PLACE_SCANNED;
		return;
	}
	r->place[at] = PLACE_SCANNING;
	pthread_mutex_unlock(&r->lock);
	scan_block(s, &r->ring[at]);
	pthread_mutex_lock(&r->lock);
	r->place[at] = PLACE_SCANNED;
}

static void do_read(struct reader *r)
{
	unsigned at = (unsigned)(r->read % r->size);
	int rc;

	r->reading = true;
	pthread_mutex_unlock(&r->lock);
	rc = split_next(r->split, &r->ring[at]);
	pthread_mutex_lock(&r->lock);
	r->reading = false;
	if (rc == 1) {
		r->place[at] = PLACE_READ;
		r->read++;
	} else {
		r->ended = true;
		if (rc < 0)
			finish(r, rc);
	}
}

static void work(struct reader *r, struct scanner *s)
{
	pthread_mutex_lock(&r->lock);
	while (!r->stop && !(r->ended && r->added == r->read)) {
		if (!r->adding && r->added < r->scan &&
		    r->place[r->added % r->size] == PLACE_SCANNED)
			do_add(r);
		else if (r->scan < r->read)
			do_scan(r, s);
		else if (!r->reading && !r->ended && r->read - r->added < r->size)
			do_read(r);
		else {
			pthread_cond_wait(&r->change, &r->lock);
			continue;
		}
		pthread_cond_broadcast(&r->change);
	}
	pthread_mutex_unlock(&r->lock);
}

/* ---- threads ---- */

struct worker {
	struct reader *reader;
	struct scanner *scanner;
	pthread_t thread;
	bool runs;
};

static void *run(void *to)
{
	struct worker *w = to;

	work(w->reader, w->scanner);
	return NULL;
}

/* A thread that cannot be had is not missed: the others do its work. */
static int run_all(struct reader *r, unsigned threads)
{
	struct worker workers[THREADS_MAX] = { 0 };
	int rc = 0;

	for (unsigned i = 0; i < threads && rc == 0; i++) {
		workers[i].reader = r;
		if ((rc = scanner_make(&workers[i].scanner, r->key)) < 0)
			break;
		if (i > 0)
			workers[i].runs = pthread_create(&workers[i].thread, NULL, run,
							 &workers[i]) == 0;
	}
	if (workers[0].scanner)
		work(r, workers[0].scanner);
	for (unsigned i = 0; i < threads; i++) {
		if (workers[i].runs)
			pthread_join(workers[i].thread, NULL);
		scanner_free(workers[i].scanner);
	}
	return workers[0].scanner ? r->rc : rc;
}

int zone_read_blocks(struct zone **ret, int fd, const struct zone_read_conf *conf,
		     struct zone_read_result *result, u32 block)
{
	struct reader *r = calloc(1, sizeof *r);
	struct split_conf split = { conf, result, block, NULL };
	unsigned threads = (unsigned)min_u64(max_u64(conf->threads, 1), THREADS_MAX);
	int rc = -ENOMEM;

	if (r == NULL)
		return rc;
	memset(result, 0, sizeof *result);
	pthread_mutex_init(&r->lock, NULL);
	pthread_mutex_init(&r->talk, NULL);
	pthread_cond_init(&r->change, NULL);
	r->size = 2 * threads + 2;
	r->key = conf->key;
	split.talk = &r->talk;
	if ((rc = splitter_make(&r->split, &split, fd)) < 0 ||
	    (rc = adder_make(&r->adder, conf, result, &r->talk, split_size(r->split))) < 0)
		goto out;
	if ((rc = run_all(r, threads)) == 0)
		rc = adder_end(r->adder, ret, threads);
out:
	adder_free(r->adder);
	splitter_free(r->split);
	for (unsigned i = 0; i < r->size; i++)
		block_free(&r->ring[i]);
	pthread_cond_destroy(&r->change);
	pthread_mutex_destroy(&r->talk);
	pthread_mutex_destroy(&r->lock);
	free(r);
	return rc;
}

int zone_read(struct zone **ret, int fd, const struct zone_read_conf *conf,
	      struct zone_read_result *result)
{
	return zone_read_blocks(ret, fd, conf, result, BLOCK_OCTETS);
}
