/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge_test.c - several captures as one: by time, equal times in the order given,
 * the order inside each kept; views stay good for a batch; trouble in one source is
 * told and the others are read to the end. */
#include "source/source.h"
#include "wire.h"
#include <sys/mman.h>
#include <unistd.h>

#define SOURCES_MAX 20

struct capture { int fd; u32 frames; };

static void put_le32(struct wire *w, u32 v)
{
	put(w, (u8[4]){ (u8)v, (u8)(v >> 8), (u8)(v >> 16), (u8)(v >> 24) }, 4);
}

static void flush(struct capture *c, struct wire *w)
{
	assert_int_equal(write(c->fd, w->at, w->len), w->len);
	w->len = 0;
}

static struct capture begin(void)
{
	static struct wire w;
	struct capture c = { .fd = memfd_create("capture", 0) };

	put_le32(&w, 0xa1b23c4d);
	put_le32(&w, 2);
	put_fill(&w, 0, 8);
	put_le32(&w, 65535);
	put_le32(&w, 101);
	flush(&c, &w);
	return c;
}

/* A frame of n octets; it holds its time and its number. */
static void add(struct capture *c, u32 time, u32 n)
{
	static struct wire w;

	put_le32(&w, 0);
	put_le32(&w, time);
	put_le32(&w, 8 + n);
	put_le32(&w, 8 + n);
	put_le32(&w, time);
	put_le32(&w, ++c->frames);
	put_fill(&w, (u8)time, n);
	flush(c, &w);
}

static struct source *opened(const struct capture *c, u16 file)
{
	struct source_error e;
	struct source *s;

	lseek(c->fd, 0, SEEK_SET);
	assert_int_equal(source_open(&s, c->fd, file, &e), 0);
	return s;
}

static u32 le(const u8 *b)
{
	return (u32)b[0] | (u32)b[1] << 8 | (u32)b[2] << 16 | (u32)b[3] << 24;
}

/* All views of the batch are looked at after the batch is whole. */
static void are_good(const struct frame *f, int n, u64 *last_time, u16 *last_file, u64 *numbers)
{
	for (int i = 0; i < n; i++) {
		assert_true(f[i].time_ns > *last_time ||
			    (f[i].time_ns == *last_time && f[i].file >= *last_file));
		assert_true(f[i].number == ++numbers[f[i].file]);
		assert_true(le(f[i].data) == f[i].time_ns && le(f[i].data + 4) == f[i].number);
		if (f[i].cap > 8)
			assert_int_equal(f[i].data[f[i].cap - 1], (u8)f[i].time_ns);
		*last_time = f[i].time_ns;
		*last_file = f[i].file;
	}
}

static void any_times(void **state)
{
	u64 seed = 1;

	for (unsigned round = 0; round < 60; round++) {
		struct capture c[SOURCES_MAX];
		struct source *s[SOURCES_MAX];
		u64 numbers[SOURCES_MAX] = { 0 }, last_time = 0, frames = 0, got = 0;
		unsigned count = 1 + upto(&seed, SOURCES_MAX), which;
		struct merge *m;
		u16 last_file = 0;
		struct frame f[300];
		int n;

		for (unsigned i = 0; i < count; i++) {
			u32 time = upto(&seed, 1000), left = upto(&seed, 2000);

			c[i] = begin();
			while (left--)
				add(&c[i], time += upto(&seed, 5),
				    upto(&seed, 200) ? upto(&seed, 100) : upto(&seed, 60000));
			s[i] = opened(&c[i], (u16)i);
			frames += c[i].frames;
		}
		assert_int_equal(merge_open(&m, s, count), 0);
		while ((n = merge_read(m, f, 1 + upto(&seed, 300), &which)) != 0) {
			assert_true(n > 0);
			are_good(f, n, &last_time, &last_file, numbers);
			got += (u64)n;
		}
		assert_true(got == frames);
		assert_ptr_equal(merge_source(m, 0), s[0]);
		merge_close(m);
	}
	(void)state;
}

/* Times that go backwards in one source stay as they are. */
static void order_is_kept(void **state)
{
	struct capture a = begin(), b = begin();
	struct source *s[2];
	struct frame f[8];
	struct merge *m;
	unsigned which;

	add(&a, 9, 0);
	add(&a, 2, 0);
	add(&a, 20, 0);
	add(&b, 5, 0);
	add(&b, 10, 0);
	add(&b, 30, 0);
	s[0] = opened(&a, 0);
	s[1] = opened(&b, 1);
	assert_int_equal(merge_open(&m, s, 2), 0);
	assert_int_equal(merge_read(m, f, 8, &which), 5);	/* until a runs dry */
	assert_true(f[0].time_ns == 5 && f[1].time_ns == 9 && f[2].time_ns == 2 &&
		    f[3].time_ns == 10 && f[4].time_ns == 20);
	assert_int_equal(merge_read(m, f, 8, &which), 1);
	assert_true(f[0].time_ns == 30);
	assert_int_equal(merge_read(m, f, 8, &which), 0);
	merge_close(m);
	(void)state;
}

static void one_is_broken(void **state)
{
	struct capture c[3];
	struct source *s[3];
	struct frame f[64];
	struct merge *m;
	unsigned which = 9, frames = 0, troubles = 0;
	int n;

	for (unsigned i = 0; i < 3; i++) {
		c[i] = begin();
		for (u32 k = 0; k < 400; k++)
			add(&c[i], k, 10);
	}
	assert_int_equal(ftruncate(c[1].fd, 24 + 100 * 34 + 5), 0);
	for (unsigned i = 0; i < 3; i++)
		s[i] = opened(&c[i], (u16)i);
	assert_int_equal(merge_open(&m, s, 3), 0);
	while ((n = merge_read(m, f, 64, &which)) != 0) {
		if (n > 0) {
			frames += (unsigned)n;
			continue;
		}
		assert_int_equal(n, OOPS_SHORT);
		assert_int_equal(which, 1);
		assert_true(source_trouble(merge_source(m, which))->frame == 100);
		troubles++;
	}
	assert_int_equal(frames, 900);
	assert_int_equal(troubles, 1);
	merge_close(m);
	(void)state;
}

static void nothing(void **state)
{
	struct merge *m;
	struct frame f[1];
	unsigned which;

	assert_int_equal(merge_open(&m, NULL, 0), 0);
	assert_int_equal(merge_read(m, f, 1, &which), 0);
	assert_null(merge_close(m));
	assert_null(merge_close(NULL));
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_times), cmocka_unit_test(order_is_kept),
		cmocka_unit_test(one_is_broken), cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
