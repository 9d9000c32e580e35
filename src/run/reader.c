/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.c - frames become observations: the hot loop.
 *
 * Frames come in batches of FRAMES_A_BATCH, observations go out in batches of WINDOW_BATCH;
 * between them nothing is allocated and nothing is copied. The note
 * is written before a frame is touched, so that a crash can be reported with its frame. */
#include "base/hash.h"
#include "link/codec.h"
#include "observe/observe.h"
#include "run/worker.h"
#include <unistd.h>

static const u8 fates[] = {
	[MSG_OK] = FRAME_MESSAGE, [MSG_BAD_HEADER] = FRAME_BAD_HEADER,
	[MSG_BAD_QUESTION] = FRAME_BAD_QUESTION, [MSG_BAD_RECORD] = FRAME_BAD_RECORD,
	[MSG_BAD_NAME] = FRAME_BAD_NAME, [MSG_BAD_TRAILING] = FRAME_BAD_TRAILING,
};

/* Of a message that was cut the beginning is read, if there is a question to it. */
int reader_message(struct msg *m, const struct payload *p)
{
	if (unlikely(p->flags & PAYLOAD_PARTIAL)) {
		if (msg_read_start(m, p->data, p->len) != MSG_OK)
			return FRAME_SNAPPED;
		return FRAME_MESSAGE;
	}
	return fates[msg_read(m, p->data, p->len)];
}

/* The payload as the next observation of the batch; its fate. */
static int take(struct worker *w, const struct payload *p)
{
	struct observation *o = &w->batch[w->count];
	int fate = reader_message(&o->msg, p);

	if (unlikely(fate != FRAME_MESSAGE))
		return fate;
	observe_ends(o, p, &w->observe);
	if (++w->count == WINDOW_BATCH)
		closing_flush(w);
	return fate;
}

/* A frame that brought payloads counts as a message when one of them is one. */
static void take_all(struct worker *w, const struct payload *p, unsigned n, bool cut)
{
	int settled = -1;

	for (unsigned i = 0; i < n; i++) {
		int fate = take(w, &p[i]);

		if (fate == FRAME_MESSAGE)
			settled = cut ? FRAME_SNAPPED : FRAME_MESSAGE;
		else if (settled < 0)
			settled = fate;
	}
	if (unlikely(settled != FRAME_MESSAGE && settled >= 0))
		packets_settle(w->packets, settled);
}

static bool poisoned(const struct worker *w, const struct frame *f)
{
	const struct analysis_setup *s = w->a->setup;

	for (unsigned i = 0; i < s->poisons; i++)
		if (s->poison[i].frame == f->number && s->poison[i].file == f->file)
			return true;
	return false;
}

static void read_frame(struct worker *w, const struct frame *f, u64 next_ns)
{
	struct payload out[PAYLOADS_A_FRAME_MAX];
	unsigned n;

	w->note->file = f->file;
	w->note->frame = f->number;
	w->note->offset = f->offset;
	if (unlikely(w->a->setup->poisons && poisoned(w, f))) {
		w->skipped += w->index == 0;
		return;
	}
	closing_advance(w, f->time_ns, next_ns);
	if (packet_read(w->packets, f, out, &n) != FRAME_MESSAGE)
		return;
	take_all(w, out, n, f->cap < f->len && out[0].flags & PAYLOAD_PARTIAL);
	while (unlikely(n == PAYLOADS_A_FRAME_MAX)) {
		n = packets_more(w->packets, out, PAYLOADS_A_FRAME_MAX);
		for (unsigned i = 0; i < n; i++)
			take(w, &out[i]);
	}
	if (unlikely(w->a->setup->careful))
		closing_flush(w);
}

/* What was given up meanwhile: beginnings of datagrams, and lost fragments. */
static void read_leftovers(struct worker *w)
{
	struct payload out[16];
	struct fragment_loss loss[16];
	unsigned n;

	while ((n = packets_partial(w->packets, out, 16)) > 0)
		for (unsigned i = 0; i < n; i++)
			take(w, &out[i]);
	while ((n = packets_fragments(w->packets, loss, 16)) > 0)
		for (unsigned i = 0; i < n; i++)
			if (w->open[0]->until_ns)
				window_fold_fragments(w->open[0], &loss[i]);
}

static void end_batch(struct worker *w)
{
	read_leftovers(w);
	closing_flush(w);
	packets_recycle(w->packets);
}

static int open_input(const struct worker *w, unsigned set, unsigned i, struct source **ret,
		      struct source_error *error)
{
	const struct analysis_setup *setup = w->a->setup;
	int fd = setup->fds[set * setup->inputs + i], rc;

	if (fd < 0) {
		error->code = fd;
		snprintf(error->text, sizeof error->text, N_("cannot be opened: %s"),
			oops_text(fd));
		return fd;
	}
	lseek(fd, 0, SEEK_SET);	/* a pipe has no beginning to go back to */
	rc = source_open(ret, fd, (u16)i, error);
	if (rc == 0 && setup->sizes[i])
		source_limit(*ret, setup->sizes[i]);
	return rc;
}

/* A pipe of which nothing was kept: its descriptor is none, or its spool is empty. */
static bool once_only(const struct analysis_setup *setup, unsigned i)
{
	int fd = setup->fds[SET_SECOND * setup->inputs + i];

	return setup->piped[i] && (fd < 0 || lseek(fd, 0, SEEK_END) <= 0);
}

int reader_open(struct worker *w, unsigned set)
{
	const struct analysis_setup *setup = w->a->setup;
	struct source **sources = calloc(setup->inputs, sizeof *sources);
	unsigned n = 0;
	int rc;

	free(w->file_of);
	w->file_of = calloc(setup->inputs, sizeof *w->file_of);
	if (sources == NULL || w->file_of == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < setup->inputs; i++) {
		struct source_error error = { 0 };

		if (set == SET_SECOND && once_only(setup, i)) {
			w->a->once_only++;
			continue;
		}
		w->file_of[n] = i;
		if (open_input(w, set, i, &sources[n], &error) == 0)
			n++;
		else if (set == SET_FIRST)
			analyser_trouble(w->a, i, &error);
	}
	w->sources = n;
	rc = merge_open(&w->merge, sources, n);
	free(sources);
	return rc;
}

int reader_open_again(struct worker *w)
{
	const struct worker *first = &w->a->workers[0];
	struct source **sources = calloc(first->sources + 1, sizeof *sources);
	unsigned n = 0;
	int rc = sources ? 0 : -ENOMEM;

	w->file_of = first->file_of;
	w->sources = first->sources;
	while (rc == 0 && n < first->sources)
		if ((rc = source_open_again(&sources[n], merge_source(first->merge, n))) == 0)
			n++;
	if (rc == 0)
		rc = merge_open(&w->merge, sources, n);
	while (rc < 0 && n > 0)
		source_close(sources[--n]);
	free(sources);
	return rc;
}

static void say_progress(struct worker *w)
{
	u64 done = 0, all = 0, frames = 0, found = w->a->verdicts.count;
	u8 body[32];

	for (unsigned i = 0; i < w->sources; i++) {
		u64 d, n;

		source_progress(merge_source(w->merge, i), &d, &n);
		done += d;
		all += n;
		frames += w->a->inputs[w->file_of[i]].frames;
	}
	for (unsigned i = 0; i < 8; i++) {
		body[i] = (u8)(done >> (56 - 8 * i));
		body[8 + i] = (u8)(all >> (56 - 8 * i));
		body[16 + i] = (u8)(frames >> (56 - 8 * i));
		body[24 + i] = (u8)(found >> (56 - 8 * i));
	}
	codec_write(w->a->socket, CODEC_PROGRESS, body, sizeof body);
}

/* What is told of the frames that were read, by one worker for all. */
static void account(struct worker *w, const struct frame *frames, int n)
{
	struct analyser *a = w->a;

	for (int i = 0; i < n; i++) {
		a->inputs[frames[i].file].frames++;
		a->inputs[frames[i].file].octets += frames[i].len;
	}
	if (a->setup->progress && n && a->batches++ % 256 == 0)
		say_progress(w);
}

int reader_frames(void *worker, struct frame *frames)
{
	struct worker *w = worker;
	unsigned which;
	int n;

	while ((n = merge_read(w->merge, frames, FRAMES_A_BATCH, &which)) < 0)
		if (w->index == 0)
			analyser_trouble(w->a, w->file_of[which],
					 source_trouble(merge_source(w->merge, which)));
	if (w->index == 0)
		account(w, frames, n);
	return n;
}

/* The frames of a batch that a worker reads: its share, and what shows only later whose it is. */
struct choice {
	unsigned count;
	u64 latest_ns;		/* of all frames */
	u8 at[FRAMES_A_BATCH];
};

_Static_assert(FRAMES_A_BATCH <= 256, "places are octets");

/* No branch: whose a frame is cannot be guessed. */
static void choose(struct choice *c, const struct worker *w, const struct frame *f,
		   const u8 *share, int n)
{
	c->count = 0;
	c->latest_ns = 0;
	for (int i = 0; i < n; i++) {
		unsigned whose = share ? share[i] : packet_share(w->packets, &f[i]);

		c->at[c->count] = (u8)i;
		c->count += (unsigned)(whose == w->index) | (whose == SHARE_OPEN);
		c->latest_ns = max_u64(c->latest_ns, f[i].time_ns);
	}
}

/* The stamp behind a frame; behind the last one of a batch it is not known. */
static u64 next_stamp(const struct frame *frames, int i, int n)
{
	return frames[i + 1 < n ? i + 1 : i].time_ns;
}

static void read_all(struct worker *w, const struct frame *frames, int n)
{
	for (int i = 0; i < n; i++)
		read_frame(w, &frames[i], next_stamp(frames, i, n));
	end_batch(w);
}

/* Nothing closes in this batch. */
static void read_chosen(struct worker *w, const struct frame *frames, const struct choice *c)
{
	for (unsigned i = 0; i < c->count; i++)
		read_frame(w, &frames[c->at[i]], c->latest_ns);
	w->watermark = max_u64(w->watermark, c->latest_ns);
}

static void read_in_time(struct worker *w, const struct frame *frames, const struct choice *c,
			 int n)
{
	for (int i = 0, chosen = 0; i < n; i++) {
		if (chosen < (int)c->count && c->at[chosen] == i) {
			read_frame(w, &frames[i], next_stamp(frames, i, n));
			chosen++;
		} else {
			closing_advance(w, frames[i].time_ns, next_stamp(frames, i, n));
		}
	}
}

/* A batch, `share` saying whose frames they are (NULL: find out). Of the others' frames only
 * the stamps count, and only in a batch in which something may close. */
static void read_share(struct worker *w, const struct frame *frames, const u8 *share, int n)
{
	struct choice c;

	choose(&c, w, frames, share, n);
	if (likely(c.latest_ns < w->due))
		read_chosen(w, frames, &c);
	else
		read_in_time(w, frames, &c, n);
	end_batch(w);
}

static void read_apart(struct worker *w)
{
	struct frame frames[FRAMES_A_BATCH];
	int n;

	for (; !w->apart && (n = reader_frames(w, frames)) != 0; w->read += (u64)n)
		if (w->a->setup->workers > 1)
			read_share(w, frames, NULL, n);
		else
			read_all(w, frames, n);
}

static void read_fed(struct worker *w)
{
	const struct load *l;

	do {
		l = feed_next(w->a->feed, w->index, w->packets);
		for (int i = 0, at = 0; i < (int)FEED_PARTS && l->part[i]; at += l->part[i++])
			read_share(w, l->frame + at, l->share + at, l->part[i]);
	} while (!l->last);
}

void reader_run(struct worker *w)
{
	if (w->a->feed)
		read_fed(w);
	else
		read_apart(w);
	packets_finish(w->packets);
	end_batch(w);
}
