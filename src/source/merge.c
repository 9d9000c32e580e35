/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge.c - several sources as one, by time.
 *
 * Each source has a batch of frames in hand (a lane); the lane whose next frame is
 * the oldest stands on top of a heap. The order inside a source is kept, also
 * where its times go backwards.
 *
 *   lane 0  | x x 4 7 9 |          heap:     2 (lane 2)
 *   lane 1  | 6 8       |                  /            \
 *   lane 2  | x 2 3     |            4 (lane 0)    6 (lane 1)
 *
 * Views of a lane die when it is read again. So a batch ends early where a lane
 * runs dry, and the lane is filled when the next batch is asked for.
 *
 * Cost: two comparisons a frame while one lane stays ahead, log2(lanes) where they
 * alternate. Memory: 12 KiB and a buffer (input.c) a source. */
#include "source/source.h"

#define LANE_FRAMES 256

struct lane {
	struct source *source;	/* owned */
	struct frame *at;
	unsigned next, count;
	unsigned which;
};

struct merge {
	unsigned count;		/* lanes given */
	unsigned heaped;	/* lanes in the heap */
	unsigned dry;		/* lanes to fill */
	u32 *heap, *dries;
	struct lane *lanes;
};

static const struct frame *head(const struct merge *m, u32 lane)
{
	return &m->lanes[lane].at[m->lanes[lane].next];
}

static bool before(const struct merge *m, u32 a, u32 b)
{
	u64 x = head(m, a)->time_ns, y = head(m, b)->time_ns;

	return x < y || (x == y && a < b);
}

static void sink(struct merge *m, unsigned i)
{
	for (;;) {
		unsigned least = i, child = 2 * i + 1;
		u32 lane = m->heap[i];

		for (unsigned end = child + 2; child < end && child < m->heaped; child++)
			if (before(m, m->heap[child], m->heap[least]))
				least = child;
		if (least == i)
			return;
		m->heap[i] = m->heap[least];
		m->heap[least] = lane;
		i = least;
	}
}

static void heap_add(struct merge *m, u32 lane)
{
	unsigned i = m->heaped++;

	while (i && before(m, lane, m->heap[(i - 1) / 2])) {
		m->heap[i] = m->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	m->heap[i] = lane;
}

static void heap_drop(struct merge *m)
{
	m->heap[0] = m->heap[--m->heaped];
	if (m->heaped)
		sink(m, 0);
}

int merge_open(struct merge **ret, struct source *const *sources, unsigned n)
{
	struct merge *m = calloc(1, sizeof *m);

	if (m == NULL)
		return -ENOMEM;
	m->lanes = calloc(n + 1, sizeof *m->lanes);
	m->heap = calloc(n + 1, sizeof *m->heap);
	m->dries = calloc(n + 1, sizeof *m->dries);
	if (m->lanes == NULL || m->heap == NULL || m->dries == NULL)
		goto fail;
	for (unsigned i = 0; i < n; i++) {
		m->lanes[i].at = malloc(LANE_FRAMES * sizeof(struct frame));
		if (m->lanes[i].at == NULL)
			goto fail;
		m->lanes[i].which = i;
		m->dries[n - 1 - i] = i;
		m->count++;
	}
	for (unsigned i = 0; i < n; i++)
		m->lanes[i].source = sources[i];
	m->dry = n;
	*ret = m;
	return 0;
fail:
	merge_close(m);
	return -ENOMEM;
}

struct merge *merge_close(struct merge *m)
{
	if (m == NULL)
		return NULL;
	for (unsigned i = 0; i < m->count; i++) {
		source_close(m->lanes[i].source);
		free(m->lanes[i].at);
	}
	free(m->lanes);
	free(m->heap);
	free(m->dries);
	free(m);
	return NULL;
}

/* Fills the dry lanes: 0, or the trouble of one of them. */
static int fill(struct merge *m, unsigned *which)
{
	while (m->dry) {
		struct lane *l = &m->lanes[m->dries[m->dry - 1]];
		int n = source_read(l->source, l->at, LANE_FRAMES);

		if (n < 0) {
			*which = l->which;
			return n;
		}
		m->dry--;
		if (n == 0)
			continue;
		l->next = 0;
		l->count = (unsigned)n;
		heap_add(m, l->which);
	}
	return 0;
}

/* Frames of the lane on top while it is not behind the next lane. */
static unsigned run(struct merge *m, struct frame *out, unsigned max)
{
	struct lane *l = &m->lanes[m->heap[0]];
	unsigned n = 0, rival = 1;

	if (m->heaped > 2 && before(m, m->heap[2], m->heap[1]))
		rival = 2;
	do
		out[n++] = l->at[l->next++];
	while (n < max && l->next < l->count &&
	       (m->heaped < 2 || before(m, m->heap[0], m->heap[rival])));
	return n;
}

int merge_read(struct merge *m, struct frame *out, unsigned max, unsigned *which)
{
	unsigned n = 0;
	int rc;

	if (m->count == 1) {
		*which = 0;
		return source_read(m->lanes[0].source, out, max);
	}
	rc = fill(m, which);
	if (rc < 0)
		return rc;
	while (n < max && m->heaped && m->dry == 0) {
		u32 lane = m->heap[0];

		n += run(m, out + n, max - n);
		if (m->lanes[lane].next < m->lanes[lane].count) {
			sink(m, 0);
			continue;
		}
		heap_drop(m);
		m->dries[m->dry++] = lane;
	}
	return (int)n;
}

struct source *merge_source(const struct merge *m, unsigned which)
{
	return m->lanes[which].source;
}
