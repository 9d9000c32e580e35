/* SPDX-License-Identifier: GPL-3.0-or-later */
/* closing.c - when is a minute over, and what happens then.
 *
 * Minute m = [m, m+1) x 60 s is over when a frame later than its end and `late` was seen.
 * Only times inside the data count, never the clock, and closed means closed. Two minutes are
 * open at a time, because frames of the next
 * one come while the last of this one are waited for. All workers see all frames, so all
 * close at the same frame.
 *
 * A closing: the workers' minutes are merged (side by side, one kind each), peaks are
 * set, detectors look at the minute, the minute is merged into the day. When the day is
 * over, detectors look at it and it begins anew. */
#include "run/worker.h"
#include "window/whole.h"

#define LEAP_NS (60 * MINUTE_NS)

#define AT_THE_END (1ull << 63)	/* and the frames read: no minute */

/* Waits for the others, who should be here as well. */
static bool together(struct worker *w, u64 place)
{
	w->apart |= !meet_wait(w->a->meet, place);
	return !w->apart;
}

/* Where observations of a minute belong now: an open one, the strays, or NULL. */
static struct window *window_of(struct worker *w, u64 minute, unsigned n)
{
	if (likely(minute == w->minute || minute == w->minute + 1))
		return w->open[minute - w->minute];
	if (minute > w->minute || minute * MINUTE_NS / DAY_NS != w->minute * MINUTE_NS / DAY_NS) {
		w->lost += n;
		w->open[0]->late += n;
		return NULL;
	}
	w->late += n;
	w->stray->late += n;
	w->stray->from_ns = w->stray->until_ns ? min_u64(w->stray->from_ns, minute * MINUTE_NS)
					       : minute * MINUTE_NS;
	w->stray->until_ns = max_u64(w->stray->until_ns, (minute + 1) * MINUTE_NS);
	return w->stray;
}

/* Observations of one minute, from the first on: their number. */
static unsigned run_of(const struct observation *o, unsigned n)
{
	u64 begin = o->time_ns / MINUTE_NS * MINUTE_NS;
	unsigned i = 1;

	while (i < n && o[i].time_ns - begin < MINUTE_NS)
		i++;
	return i;
}

void closing_flush(struct worker *w)
{
	if (w->count == 0)
		return;
	w->note->phase = w->count;
	for (unsigned i = 0; i < w->count; i++) {
		struct observation *o = &w->batch[i];

		observe_name(o, &w->observe);
		if (o->query) {
			w->match_keys[i] = w->match_keys[o->query - w->batch];
			continue;
		}
		w->match_keys[i] = match_key(o);
		match_hint(w->match, w->match_keys[i]);
	}
	for (unsigned i = 0; i < w->count; i++)
		if (w->batch[i].named)
			match_look(w->match, &w->batch[i], w->match_keys[i]);
	for (unsigned i = 0, n; i < w->count; i += n) {
		struct window *to;

		n = run_of(w->batch + i, w->count - i);
		to = window_of(w, w->batch[i].time_ns / MINUTE_NS, n);
		if (to)
			window_fold(to, w->batch + i, n);
	}
	w->count = 0;
	mates_begin(&w->mates, w->batch);
	w->note->phase = 0;
}

static void look(struct analyser *a, const struct window *w, bool day)
{
	for (unsigned i = 0; detectors[i]; i++) {
		struct look l = { .w = w, .conf = a->setup->detector_conf[i], .day = day };

		a->verdicts.look = &l;
		a->verdicts.detector = detectors[i];
		if (l.conf)
			detectors[i]->look(&l, verdicts_say, &a->verdicts);
	}
}

static void end_day(struct analyser *a)
{
	if (a->day->until_ns == 0)
		return;
	look(a, a->day, true);
	whole_merge(a->total, a->day->whole);
	tops_take(&a->tops, a->day);
	a->crowded += window_crowded(a->day);
	window_clear(a->day);
}

/* What the packets of this worker did since the minute began. */
static void count_frames(struct worker *w, struct window *to)
{
	const struct packets_counts *c = packets_counts(w->packets);
	u64 lost = 0;

	for (int i = 0; i < FRAME_FATE_COUNT; i++) {
		const char *class = frame_fate_class(i);

		if (strcmp(class, "malformed") == 0 || strcmp(class, "snapped") == 0 ||
		    strcmp(class, "lost") == 0)
			lost += c->fate[i];
	}
	to->frames += c->frames - w->frames_before;
	to->lost += lost - w->lost_before;
	w->frames_before = c->frames;
	w->lost_before = lost;
}

static void begin(struct window *win, u64 minute)
{
	win->from_ns = minute * MINUTE_NS;
	win->until_ns = win->from_ns + MINUTE_NS;
}

/* The minute goes into the day; an empty day takes it as it is, tables and all. True when
 * it did: then *minute is the window that was the day's. */
static bool take_over(struct analyser *a, struct window **minute)
{
	struct window *empty = a->day;

	if (empty->until_ns)
		return false;
	a->day = *minute;
	*minute = empty;
	return true;
}

/* One worker: its window is the minute. */
static void close_alone(struct worker *w)
{
	window_close(w->open[0]);
	look(w->a, w->open[0], false);
	if (take_over(w->a, &w->open[0]))
		return;
	window_merge(w->a->day, w->open[0]);
	window_clear(w->open[0]);
}

static void merge_strays(struct worker *w)
{
	if (w->stray->until_ns == 0)
		return;
	window_merge(w->a->day, w->stray);
	window_clear(w->stray);
}

/* A part of the work at a closing: one kind of summary, or the rest (kind == SUMMARY_KINDS). */
static void merge_part(struct window *into, const struct window *from, unsigned kind)
{
	if (kind < SUMMARY_KINDS)
		window_merge_kind(into, from, kind);
	else
		window_merge_rest(into, from);
}

/* The others' minutes go into worker 0's. Kinds are dealt out to the workers, so no lock is
 * needed. */
static void join_minutes(struct worker *w, struct window *minute)
{
	struct analyser *a = w->a;
	unsigned n = a->setup->workers;

	for (unsigned k = w->index; k <= SUMMARY_KINDS; k += n) {
		for (unsigned i = 1; i < n; i++)
			merge_part(minute, a->workers[i].open[0], k);
		if (k < SUMMARY_KINDS)
			window_close_kind(minute, k);
	}
}

/* Several: minutes are joined, worker 0 lets the detectors look, the minute goes into the day.
 * Strays are rare: one after the other. */
static void close_together(struct worker *w)
{
	struct analyser *a = w->a;
	unsigned n = a->setup->workers;
	struct window *minute;

	if (!together(w, w->minute))
		return;
	minute = a->workers[0].open[0];
	join_minutes(w, minute);
	if (!together(w, w->minute))
		return;
	if (w->index == 0) {
		look(a, minute, false);
		a->taken = take_over(a, &w->open[0]);
	} else {
		window_clear(w->open[0]);
	}
	if (!together(w, w->minute))
		return;
	for (unsigned k = w->index; !a->taken && k <= SUMMARY_KINDS; k += n)
		merge_part(a->day, minute, k);
	for (unsigned i = 0; i < n && together(w, w->minute); i++)
		if (i == w->index)
			merge_strays(w);
	if (together(w, w->minute) && w->index == 0 && !a->taken)
		window_clear(w->open[0]);
}

static void close_minute(struct worker *w)
{
	struct analyser *a = w->a;
	struct window *next;
	u64 day = w->minute * MINUTE_NS / DAY_NS;

	if (w->apart)
		return;
	closing_flush(w);
	count_frames(w, w->open[0]);
	if (w->index == 0 && day != a->day_number) {
		end_day(a);
		a->day_number = day;
	}
	if (a->setup->workers > 1)
		close_together(w);
	else if (!window_empty(w->open[0]))
		close_alone(w);
	else
		window_clear(w->open[0]);
	if (a->setup->workers == 1)
		merge_strays(w);
	next = w->open[1];
	w->open[1] = w->open[0];
	w->open[0] = next;
	w->minute++;
	begin(w->open[0], w->minute);
	begin(w->open[1], w->minute + 1);
}

/* One frame from far ahead, with the next one back again, has a broken stamp: time does not
 * go on with it, and its messages count as lost. */
static bool is_wild(const struct worker *w, u64 time_ns, u64 next_ns)
{
	bool far = w->watermark == 0 || time_ns > w->watermark + LEAP_NS;

	return far && next_ns + LEAP_NS < time_ns;
}

void closing_move(struct worker *w, u64 time_ns, u64 next_ns)
{
	u64 late = w->a->setup->conf->late;

	time_ns = time_ns ? time_ns : 1;	/* a stamp of 0 is a time as well */
	if (w->apart || time_ns <= w->watermark || unlikely(is_wild(w, time_ns, next_ns)))
		return;
	if (unlikely(w->watermark == 0)) {
		w->minute = (time_ns > late ? time_ns - late : 0) / MINUTE_NS;
		if (w->index == 0)
			w->a->day_number = w->minute * MINUTE_NS / DAY_NS;
		begin(w->open[0], w->minute);
		begin(w->open[1], w->minute + 1);
	}
	w->watermark = time_ns;
	for (unsigned i = 0; time_ns >= (w->minute + 1) * MINUTE_NS + late; i++) {
		if (i == 2) {	/* both windows are empty now: over the gap at once */
			w->minute = (time_ns - late) / MINUTE_NS;
			begin(w->open[0], w->minute);
			begin(w->open[1], w->minute + 1);
			break;
		}
		close_minute(w);
	}
	w->due = min_u64((w->minute + 1) * MINUTE_NS + late, time_ns + LEAP_NS);
}

void closing_finish(struct worker *w)
{
	if (w->watermark) {
		close_minute(w);
		close_minute(w);
	}
	if (together(w, AT_THE_END | w->read) && w->index == 0)
		end_day(w->a);
	match_finish(w->match);
}
