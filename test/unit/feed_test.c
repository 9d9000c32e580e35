/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed_test.c - several workers are given every frame once, in order, with its octets, in the
 * batches in which they were read; and all shares of a frame come to one. */
#include "run/feed.h"
#include "draw.h"
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define WORKERS 3
#define BATCHES 700u	/* many times round */
#define LARGE 70000u
#define FRAMES 20000u

/* Frame n of the input has octets that follow from n; they are overwritten at each call, as
 * those of a source are. */
struct input {
	u64 number, batches, seed;
	u8 octets[FRAMES_A_BATCH * 64 + LARGE];
};

static u32 size_of_frame(u64 number)
{
	return number % 1000 == 999 ? LARGE : number % 5 ? 60 : 0;
}

static int read_some(void *from, struct frame *frame)
{
	struct input *in = from;
	int n = in->batches < BATCHES ? 1 + (int)draw_below(&in->seed, FRAMES_A_BATCH) : 0;
	u8 *at = in->octets;

	if (n == 0)
		return 0;
	in->batches++;
	n = n > 250 ? 250 : n;		/* no two large ones in one */
	for (int i = 0; i < n; i++) {
		u64 number = ++in->number;
		u32 size = size_of_frame(number);

		memset(at, (int)(number & 0xff), size);
		frame[i] = (struct frame){ .data = at, .cap = size, .len = size, .link = 1,
			.number = number, .time_ns = number };
		at += size;
	}
	return n;
}

struct reader {
	struct feed *feed;
	struct packets *packets;
	pthread_t thread;
	unsigned index;
	u64 frames, wrong, batches, sum;
};

static bool good(const struct frame *f, u64 number)
{
	if (f->number != number || f->time_ns != number || f->cap != size_of_frame(number))
		return false;
	return f->cap == 0 || (f->data[0] == (u8)number && f->data[f->cap - 1] == (u8)number);
}

static void check_load(struct reader *r, const struct load *l)
{
	for (int p = 0, at = 0; p < (int)FEED_PARTS && l->part[p]; p++) {
		r->batches++;
		r->sum = r->sum * 31 + (u64)l->part[p];	/* alike for all: the same batches */
		for (int i = 0; i < l->part[p]; i++)
			r->wrong += !good(&l->frame[at + i], ++r->frames);
		at += l->part[p];
	}
}

static void *run(void *arg)
{
	struct reader *r = arg;
	u64 seed = r->index;
	const struct load *l;

	do {
		l = feed_next(r->feed, r->index, r->packets);
		check_load(r, l);
		if (draw_below(&seed, 4) == r->index)	/* some are slow at times */
			sched_yield();
	} while (!l->last);
	return NULL;
}

static void test_workers(void **state)
{
	struct input *in = calloc(1, sizeof *in);
	struct reader r[WORKERS] = { 0 };
	struct packets *packets[WORKERS];
	struct feed *feed;

	(void)state;
	assert_non_null(in);
	assert_int_equal(feed_open(&feed, WORKERS, read_some, in), 0);
	for (unsigned i = 0; i < WORKERS; i++) {
		struct packets_conf pc = { .share = i, .shares = WORKERS, .key = 7 };

		assert_int_equal(packets_open(&packets[i], &pc), 0);
		r[i] = (struct reader){ .feed = feed, .packets = packets[i], .index = i };
		assert_int_equal(pthread_create(&r[i].thread, NULL, run, &r[i]), 0);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		pthread_join(r[i].thread, NULL);
	for (unsigned i = 0; i < WORKERS; i++) {
		assert_int_equal(r[i].wrong, 0);
		assert_int_equal(r[i].frames, in->number);
		assert_int_equal(r[i].batches, BATCHES);
		assert_int_equal(r[i].sum, r[0].sum);
		packets_free(packets[i]);
	}
	feed_close(feed);
	free(in);
}

/* An input without a frame. */
static int read_none(void *from, struct frame *frame)
{
	(void)from;
	(void)frame;
	return 0;
}

static void test_empty(void **state)
{
	struct feed *feed;
	const struct load *l;

	(void)state;
	assert_int_equal(feed_open(&feed, 1, read_none, NULL), 0);
	l = feed_next(feed, 0, NULL);
	assert_true(l->last && l->part[0] == 0);
	feed_close(feed);
	feed_close(NULL);
}

/* Frames of all kinds, whole and cut: packet_share() says what packet_read() does. */
static void test_share(void **state)
{
	u64 seed = 11, plain = 0;

	(void)state;
	for (unsigned i = 0; i < FRAMES; i++) {
		static const u8 types[][2] = { { 8, 0 }, { 0x86, 0xdd }, { 0x81, 0 }, { 8, 6 } };
		u8 octets[100];
		struct frame f = { .data = octets, .link = draw_below(&seed, 8) ? 1 : 101,
			.number = 1, .time_ns = 1 };
		unsigned at = 12, share, readers = 0;

		for (unsigned k = 0; k < sizeof octets; k++)
			octets[k] = (u8)draw(&seed);
		memcpy(octets + at, types[draw_below(&seed, 4)], 2);
		if (octets[at] == 0x81)
			memcpy(octets + (at += 4), types[draw_below(&seed, 2)], 2);
		if (draw_below(&seed, 8))
			octets[at + 2] = octets[at] == 8 ? 0x45 : 0x60;
		f.cap = (u32)draw_below(&seed, sizeof octets + 1);
		f.len = f.cap + (u32)draw_below(&seed, 2);
		for (unsigned s = 0; s < WORKERS; s++) {
			struct packets_conf pc = { .share = s, .shares = WORKERS, .key = 7 };
			struct payload out[PAYLOADS_A_FRAME_MAX];
			struct packets *p;
			unsigned n;

			assert_int_equal(packets_open(&p, &pc), 0);
			share = packet_share(p, &f);
			if (packet_read(p, &f, out, &n) != FRAME_OTHER_SHARE) {
				readers++;
				assert_true(share == SHARE_OPEN || share == s);
			}
			plain += share != SHARE_OPEN;
			packets_free(p);
		}
		assert_int_equal(readers, 1);
	}
	assert_true(plain > FRAMES / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
