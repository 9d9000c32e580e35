/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_check.c - the arithmetic of a round, by several threads.
 *
 *   tasks, in canonical order  --by key-->  order  --64 at a time-->  workers
 *                                                              signed octets, then check
 *
 * Batches of one key are the cheapest (dns/sig.h), so tasks are handed out by key. Each
 * worker puts the signed octets of a batch into a buffer of its own; nothing is allocated
 * for a signature. Verdicts go back into the tasks: what is said does not depend on who
 * was first.
 *
 * With the marks of yesterday's good signatures (dns/sig_seen.h) only the others are checked:
 * a mark costs a SHA-256 of what was signed, a fiftieth of the arithmetic.
 *
 * A round is some ten thousands of sets, so memory does not grow with the zone. */
#include "verify/dnssec.h"
#include <stdatomic.h>

#define ROUND_TASKS 65536u
#define BUFFER 65536u		/* octets, at first */

struct dnssec_worker {
	struct sig_worker *sig;
	struct sig_marks marks;	/* of the signatures that it found good */
	u64 seen;		/* signatures that were good before */
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
		sig_marks_free(&r->workers[i].marks);
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
	u8 marks[SIG_BATCH][SIG_MARK];	/* when they are wanted */
	unsigned n;
	u64 used;		/* octets of the buffer */
};

static void flush(struct dnssec_worker *w, struct batch *b, struct shift *s)
{
	struct sig_marks *marks = s->d->in->marks ? &w->marks : NULL;

	sig_check(w->sig, b->checks, b->n);
	for (unsigned i = 0; i < b->n; i++) {
		int rc = b->checks[i].good;

		b->tasks[i]->good = rc == 1;
		if (rc == 1 && marks)
			rc = sig_marks_add(marks, b->marks[i]);
		if (rc < 0 && rc != OOPS_LIMIT)	/* past the limit they are checked again */
			atomic_store(&s->rc, rc);
	}
	b->n = 0;
	b->used = 0;
}

/* The mark of the check that is about to join the batch: 1 when it was good before, then
 * there is nothing to do; 0, or -ENOMEM. */
static int known(struct dnssec_worker *w, struct batch *b, struct shift *s,
		 struct dnssec_task *t)
{
	const struct audit_input *in = s->d->in;
	u8 *mark = b->marks[b->n];
	int rc;

	if (in->marks == NULL && in->seen.count == 0)
		return 0;
	if ((rc = sig_mark(w->sig, &b->checks[b->n], mark)) < 0)
		return rc;
	if (!sig_seen_has(&in->seen, mark))
		return 0;
	t->good = true;
	w->seen++;
	if (in->marks && (rc = sig_marks_add(&w->marks, mark)) < 0 && rc != OOPS_LIMIT)
		return rc;
	return 1;
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
	int rc;
	const u8 *rdata = zone_rdata(z, &s->d->records[t->sig], &len);

	if (b->used + size > w->room && b->n > 0)
		flush(w, b, s);
	if (dnssec_room(&w->buffer, &w->room, size, 1) < 0)
		return -ENOMEM;
	must(dnssec_rrsig_read(&sig, rdata, len));
	if ((n = dnssec_signed(&w->canon, z, set, rdata, w->buffer + b->used)) < 0)
		return -ENOMEM;
	b->tasks[b->n] = t;
	b->checks[b->n] = (struct sig_check){ .key = s->d->keys[t->key].sig,
		.data = w->buffer + b->used, .data_len = (u32)n, .sig = sig.sig,
		.sig_len = sig.sig_len };
	if ((rc = known(w, b, s, t)) != 0)
		return rc < 0 ? rc : 0;
	b->n++;
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
	d->sums.checked += (u64)n;
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

/* The workers' marks into the audit's. */
static int gather(const struct dnssec *d, struct dnssec_round *r)
{
	int rc = 0;

	for (unsigned i = 0; d->in->marks && i < workers_of(d) && rc == 0; i++)
		rc = sig_marks_join(d->in->marks, &r->workers[i].marks);
	return rc == OOPS_LIMIT ? 0 : rc;
}

int dnssec_signatures(struct dnssec *d)
{
	struct dnssec_round r = { 0 };
	struct rank_walk walk = zone_owners_from(d->z, 0);
	int rc = dnssec_check_open(d, &r);

	for (u32 i = 0; rc == 0 && i < d->owner_count; i++) {
		rc = dnssec_plan(d, &r, zone_owners_next(d->z, &walk));
		if (rc == 0 && r.task_count >= ROUND_TASKS)
			rc = finish_round(d, &r);
	}
	if (rc == 0)
		rc = finish_round(d, &r);
	if (rc == 0)
		rc = gather(d, &r);
	if (rc == 0) {
		for (unsigned i = 0; i < workers_of(d); i++)
			d->sums.seen += r.workers[i].seen;
		dnssec_verdict_zone(d);
	}
	dnssec_check_close(d, &r);
	free(r.tasks);
	free(r.sets);
	free(r.order);
	free(r.index);
	return rc;
}
