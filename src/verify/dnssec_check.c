/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_check.c - the arithmetic of a round, by several threads.
 *
 *   tasks, in canonical order  --by key-->  order  --64 at a time-->  workers
 *                                                                     signed octets |
 * check
 *
 * Batches of one key are the cheapest (dns/sig.h), so tasks are handed out by key. Each
 * worker puts the signed octets of a batch into a buffer of its own; nothing is allocated
 * for a signature. Verdicts go back into the tasks: what is said does not depend on who
 * was first.
 *
 * A round is some ten thousands of sets, so memory does not grow with the zone. */
#include "verify/dnssec.h"
#include <stdatomic.h>

#define ROUND_TASKS 65536u
#define BUFFER 65536u		/* octets, at first */

struct dnssec_worker {
	struct sig_worker *sig;
	struct dnssec_canon canon;
	u8 *buffer;
	u64 room;
};

static unsigned workers_of(const struct dnssec *d)
{
	return (unsigned)max_u64(1, min_u64(d->in->threads, 64));
}

int dnssec_check_open(const struct dnssec *d, struct dnssec_round *r)
{
	if ((r->workers = calloc(workers_of(d), sizeof *r->workers)) == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < workers_of(d); i++) {
		struct dnssec_worker *w = &r->workers[i];

		if (sig_worker_make(&w->sig) < 0 ||
		    dnssec_room(&w->buffer, &w->room, BUFFER, 1) < 0)
			return -ENOMEM;
	}
	return 0;
}

void dnssec_check_close(const struct dnssec *d, struct dnssec_round *r)
{
	for (unsigned i = 0; r->workers && i < workers_of(d); i++) {
		sig_worker_free(r->workers[i].sig);
		dnssec_canon_free(&r->workers[i].canon);
		free(r->workers[i].buffer);
	}
	free(r->workers);
	r->workers = NULL;
}

/* What the threads of one round share. */
struct shift {
	struct dnssec *d;
	struct dnssec_round *r;
	u32 count;		/* of order[] */
	atomic_uint next, seats;
	atomic_int rc;
};

struct batch {
	struct sig_check checks[SIG_BATCH];
	struct dnssec_task *tasks[SIG_BATCH];
	unsigned n;
	u64 used;		/* octets of the buffer */
};

static void flush(struct dnssec_worker *w, struct batch *b, struct shift *s)
{
	sig_check(w->sig, b->checks, b->n);
	for (unsigned i = 0; i < b->n; i++) {
		b->tasks[i]->good = b->checks[i].good == 1;
		if (b->checks[i].good < 0)
			atomic_store(&s->rc, b->checks[i].good);
	}
	b->n = 0;
	b->used = 0;
}

static int add_check(struct dnssec_worker *w, struct batch *b, struct shift *s,
		     struct dnssec_task *t)
{
	const struct zone *z = s->d->z;
	const struct zone_rrset *set = &s->r->sets[t->set].set;
	u64 size = dnssec_signed_size(z, set, UINT64_MAX);
	struct dnssec_rrsig sig;
	u32 len;
	i64 n;
	const u8 *rdata = zone_rdata(z, &s->d->records[t->sig], &len);

	if (b->used + size > w->room && b->n > 0)
		flush(w, b, s);
	if (dnssec_room(&w->buffer, &w->room, size, 1) < 0)
		return -ENOMEM;
	must(dnssec_rrsig_read(&sig, rdata, len));
	if ((n = dnssec_signed(&w->canon, z, set, rdata, w->buffer + b->used)) < 0)
		return -ENOMEM;
	b->tasks[b->n] = t;
	b->checks[b->n++] = (struct sig_check){ .key = s->d->keys[t->key].sig,
		.data = w->buffer + b->used, .data_len = (u32)n, .sig = sig.sig,
		.sig_len = sig.sig_len };
	b->used += (u64)n;
	return 0;
}

static void work(void *arg)
{
	struct shift *s = arg;
	struct dnssec_worker *w = &s->r->workers[atomic_fetch_add(&s->seats, 1)];
	struct batch b = { .n = 0 };
	u32 at;

	while ((at = atomic_fetch_add(&s->next, SIG_BATCH)) < s->count) {
		u32 end = (u32)min_u64(at + SIG_BATCH, s->count);

		for (; at < end; at++)
			if (add_check(w, &b, s, &s->r->tasks[s->r->order[at]]) < 0) {
				atomic_store(&s->rc, -ENOMEM);
				return;
			}
		flush(w, &b, s);
	}
}

/* The tasks that need arithmetic, by key: how many, or -ENOMEM. */
static i64 order_tasks(const struct dnssec *d, struct dnssec_round *r)
{
	u32 *place = calloc(d->key_count + 1u, sizeof *place), sum = 0;

	if (place == NULL || dnssec_room(&r->order, &r->order_room, r->task_count + 1ull,
					 sizeof *r->order) < 0) {
		free(place);
		return -ENOMEM;
	}
	for (u32 i = 0; i < r->task_count; i++)
		if (r->tasks[i].fault == FAULT_NONE)
			place[r->tasks[i].key]++;
	for (u32 k = 0; k < d->key_count; k++) {
		u32 n = place[k];

		place[k] = sum;
		sum += n;
	}
	for (u32 i = 0; i < r->task_count; i++)
		if (r->tasks[i].fault == FAULT_NONE)
			r->order[place[r->tasks[i].key]++] = i;
	free(place);
	return sum;
}

int dnssec_check(struct dnssec *d, struct dnssec_round *r)
{
	struct shift s = { .d = d, .r = r };
	i64 n = order_tasks(d, r);

	if (n < 0)
		return (int)n;
	s.count = (u32)n;
	dnssec_parallel((unsigned)min_u64(workers_of(d), s.count / SIG_BATCH + 1), work,
		&s);
	return atomic_load(&s.rc);
}

static int finish_round(struct dnssec *d, struct dnssec_round *r)
{
	int rc = dnssec_check(d, r);

	if (rc == 0)
		dnssec_verdict(d, r);
	r->task_count = r->set_count = 0;
	return rc;
}

int dnssec_signatures(struct dnssec *d)
{
	struct dnssec_round r = { 0 };
	int rc = dnssec_check_open(d, &r);

	for (u32 i = 0; rc == 0 && i < d->owner_count; i++) {
		rc = dnssec_plan(d, &r, d->owners[i]);
		if (rc == 0 && r.task_count >= ROUND_TASKS)
			rc = finish_round(d, &r);
	}
	if (rc == 0)
		rc = finish_round(d, &r);
	if (rc == 0)
		dnssec_verdict_zone(d);
	dnssec_check_close(d, &r);
	free(r.tasks);
	free(r.sets);
	free(r.order);
	free(r.index);
	return rc;
}
