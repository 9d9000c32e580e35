/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analyser.c - the job that reads hostile bytes: sets up, runs the workers, reports.
 *
 * It lives in the sandbox from its first instruction, holds the inputs' descriptors and a
 * socket, and answers in frames (link/codec.h): progress, troubles, evidence, findings, and at
 * the end its report. Memory is divided here:
 *
 *   worker 0       its two minutes and the day: 18 % each (they change places)
 *   the others     their minutes 30 % together, strays of all 6 %; one worker: 26 % each, 6 %
 *   the rest       transactions, reassembly, reading */
#include "base/buf.h"
#include "base/hash.h"
#include "dns/question.h"
#include "link/codec.h"
#include "model/report.h"
#include "run/stats.h"
#include "run/worker.h"
#include "window/whole.h"

void analyser_trouble(struct analyser *a, unsigned file, const struct source_error *e)
{
	struct input_state *in = &a->inputs[file];

	if (in->code == 0)
		snprintf(in->trouble, sizeof in->trouble, "%s", e->text);
	in->code = e->code ? e->code : OOPS_FORMAT;
}

/* The day and the minutes of worker 0 get the same, because they change places. */
static u64 share_of_day(const struct analysis_setup *s)
{
	return s->conf->memory / 100 * (s->workers == 1 ? 26 : 18);
}

static int open_worker(struct worker *w, u64 memory)
{
	const struct analysis_setup *s = w->a->setup;
	struct packets_conf pc = {.ports = s->conf->ports.at,
				  .port_count = s->conf->ports.count,
				  .mdns = s->conf->mdns,
				  .share = w->index,
				  .shares = s->workers,
				  .key = s->hash_key};
	u64 each = w->index ? memory / 100 * 15 / (s->workers - 1) : share_of_day(s);
	u64 stray = memory / 100 * 6 / s->workers;

	w->batch = calloc(WINDOW_BATCH, sizeof *w->batch);
	w->match_keys = calloc(WINDOW_BATCH, sizeof *w->match_keys);
	w->observe = (struct observe_setup){ .suffixes = s->suffixes, .key = s->hash_key,
		.mates = &w->mates };
	mates_begin(&w->mates, w->batch);
	if (w->batch == NULL || w->match_keys == NULL ||
	    questions_open(&w->observe.asked) < 0 || packets_open(&w->packets, &pc) < 0 ||
	    match_open(&w->match, (u32)(s->conf->transactions / s->workers), s->conf->timeout) <
		    0 ||
	    window_open(&w->open[0], each, s->hash_key) < 0 ||
	    window_open(&w->open[1], each, s->hash_key) < 0 ||
	    window_open(&w->stray, stray, s->hash_key) < 0)
		return -ENOMEM;
	return w->index ? 0 : reader_open(w, SET_FIRST);
}

/* Each worker its own reader, of plain files that are not too many; or they are fed. */
#define READERS_MAX 64u

static int open_readers(struct analyser *a)
{
	unsigned n = a->setup->workers, i = 1;

	if (n > 1 && meet_open(&a->meet, n) < 0)
		return -ENOMEM;
	if (n == 1 || a->workers[0].sources * n <= READERS_MAX)
		while (i < n && reader_open_again(&a->workers[i]) == 0)
			i++;
	return i == n ? 0 : feed_open(&a->feed, n, reader_frames, &a->workers[0]);
}

static int open_all(struct analyser *a)
{
	const struct analysis_setup *s = a->setup;
	u64 memory = s->conf->memory;
	size_t octets = s->workers * sizeof *a->workers;

	a->workers = aligned_alloc(WORKER_ALIGN, octets);
	a->inputs = calloc(s->inputs, sizeof *a->inputs);
	a->total = whole_make();
	if (a->workers == NULL || a->inputs == NULL || a->total == NULL)
		return -ENOMEM;
	memset(a->workers, 0, octets);
	if (window_open(&a->day, share_of_day(s), s->hash_key) < 0)
		return -ENOMEM;
	for (unsigned i = 0; i < s->workers; i++) {
		a->workers[i].a = a;
		a->workers[i].index = i;
		if (open_worker(&a->workers[i], memory) < 0)
			return -ENOMEM;
	}
	return open_readers(a);
}

static void *work(void *arg)
{
	struct worker *w = arg;

	reader_run(w);
	closing_finish(w);
	return NULL;
}

static int run_workers(struct analyser *a, struct job_note *note)
{
	int rc = 0;

	for (unsigned i = 0; i < a->setup->workers; i++)
		a->workers[i].note = &note[i];
	for (unsigned i = 1; i < a->setup->workers && rc == 0; i++)
		rc = -pthread_create(&a->workers[i].thread, NULL, work, &a->workers[i]);
	if (rc < 0)
		return rc;	/* the others wait for them for ever: the caller exits */
	work(&a->workers[0]);
	for (unsigned i = 1; i < a->setup->workers; i++)
		pthread_join(a->workers[i].thread, NULL);
	return 0;
}

static int send_report(struct analyser *a)
{
	struct buf out = { 0 };
	int rc;

	stats_report(a, &out);
	rc = buf_error(&out) ? buf_error(&out)
			     : codec_write(a->socket, CODEC_DONE, out.at, out.len);
	buf_free(&out);
	return rc;
}

static int send_findings(struct analyser *a)
{
	struct buf out = { 0 };
	int rc = 0;

	for (u32 i = 0; i < a->verdicts.count && rc == 0; i++) {
		buf_clear(&out);
		finding_json(&out, a->verdicts.at[i].f);
		rc = buf_error(&out) ? buf_error(&out)
				     : codec_write(a->socket, CODEC_FINDING, out.at, out.len);
	}
	buf_free(&out);
	return rc;
}

static bool came_apart(const struct analyser *a)
{
	for (unsigned i = 0; i < a->setup->workers; i++)
		if (a->workers[i].apart)
			return true;
	return false;
}

/* The process ends with the job: what it holds is not given back by hand. */
int analyser_run(int socket, struct job_note *note, void *arg)
{
	struct analyser *a = calloc(1, sizeof *a);

	if (a == NULL)
		return 1;
	a->setup = arg;
	a->socket = socket;
	if (open_all(a) < 0 || run_workers(a, note) < 0)
		return 1;
	if (came_apart(a))
		return ANALYSER_APART;
	verdicts_finish(&a->verdicts);
	collect_evidence(a);
	return send_findings(a) < 0 || send_report(a) < 0;
}
