/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_run.c - which findings are of a run, remembered for the runs that were asked for last;
 * see sieve.h.
 *
 * The store knows it by an index, which takes 60 ns a finding: a run of a million would be by
 * far the dearest question. A run that has ended gets no findings any more, so what was read
 * of it stays right. SETS of them, an octet a finding each. */
#include "respond/sieve_own.h"
#include "store/read.h"

#define SETS 8u

struct set { u64 run, used; u8 *at; u32 count; };
struct sieve_runs {
	pthread_mutex_t lock;
	struct set sets[SETS];
	u64 clock;
};

int sieve_runs_open(struct sieve_runs **ret)
{
	if ((*ret = calloc(1, sizeof **ret)) == NULL)
		return -ENOMEM;
	pthread_mutex_init(&(*ret)->lock, NULL);
	return 0;
}

void sieve_runs_forget(struct sieve_runs *r)
{
	for (unsigned i = 0; i < SETS; i++) {
		free(r->sets[i].at);
		r->sets[i] = (struct set){ 0 };
	}
}

struct sieve_runs *sieve_runs_close(struct sieve_runs *r)
{
	if (r) {
		sieve_runs_forget(r);
		pthread_mutex_destroy(&r->lock);
		free(r);
	}
	return NULL;
}

static bool recall(struct sieve_runs *r, u64 run, u8 *to)
{
	bool known = false;

	pthread_mutex_lock(&r->lock);
	for (unsigned i = 0; i < SETS && !known; i++)
		if (r->sets[i].run == run) {
			memcpy(to, r->sets[i].at, r->sets[i].count);
			r->sets[i].used = ++r->clock;
			known = true;
		}
	pthread_mutex_unlock(&r->lock);
	return known;
}

/* In the place of the one that was not asked for for the longest time. */
static void remember(struct sieve_runs *r, u64 run, const u8 *from, u32 count)
{
	struct set s = { .run = run, .at = malloc(count + 1ull), .count = count }, *oldest;

	if (s.at == NULL)
		return;
	memcpy(s.at, from, count);
	pthread_mutex_lock(&r->lock);
	oldest = &r->sets[0];
	for (unsigned i = 0; i < SETS; i++)
		if (r->sets[i].used < oldest->used)
			oldest = &r->sets[i];
	free(oldest->at);
	s.used = ++r->clock;
	*oldest = s;
	pthread_mutex_unlock(&r->lock);
}

struct marking_run { const struct sieve *v; u8 *at; };

static int mark(void *to, u64 number)
{
	struct marking_run *m = to;

	if (number < m->v->place_room && m->v->place[number])
		m->at[m->v->place[number] - 1] = 1;
	return 0;
}

int sieve_mark_run(const struct sieve *v, struct store *s, u64 run, u8 *marks)
{
	struct marking_run m = { v, marks };
	bool ended;
	int rc;

	if (recall(v->runs, run, marks))
		return 0;
	rc = store_run_ended(s, run, &ended);
	if (rc == 0)
		rc = store_each_of_run(s, run, mark, &m);
	if (rc == 0 && ended)
		remember(v->runs, run, marks, v->count);
	return rc;
}
