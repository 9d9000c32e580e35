/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codec_test.c - frames survive any cutting of the stream; hostile heads end it. */
#include "link/codec.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file in memory that holds n octets, read from its start. */
static int file_of(const void *octets, size_t n)
{
	int fd = memfd_create("codec", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, n), (ssize_t)n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void fill_pattern(u8 *to, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (u8)(i * 31 + seed);
}

static const size_t sizes[] = { 0, 1, 7, 8, 9, 4096, 65535, 65536, 200000, 0 };

static int stream_of_all_sizes(size_t *len)
{
	int fd = memfd_create("codec", MFD_CLOEXEC);
	static u8 body[200000];

	for (unsigned i = 0; i < COUNT(sizes); i++) {
		fill_pattern(body, sizes[i], i);
		assert_int_equal(codec_write(fd, 1 + i % (CODEC_KIND_COUNT - 1), body,
					     sizes[i]), 0);
	}
	*len = (size_t)lseek(fd, 0, SEEK_CUR);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Takes every whole frame that is there and compares it with what was written. */
static void take_frames(struct codec *c, unsigned *seen)
{
	static u8 want[200000];
	enum codec_kind kind;
	const u8 *body;
	size_t n;
	int rc;

	while ((rc = codec_next(c, &kind, &body, &n)) == 1) {
		assert_true(*seen < COUNT(sizes));
		fill_pattern(want, sizes[*seen], *seen);
		assert_int_equal(kind, 1 + *seen % (CODEC_KIND_COUNT - 1));
		assert_int_equal(n, sizes[*seen]);
		assert_memory_equal(body, want, n);
		++*seen;
	}
	assert_int_equal(rc, 0);
}

static void round_trip(void **state)
{
	struct codec c = { 0 };
	unsigned seen = 0;
	size_t len, got = 0;
	int n, fd = stream_of_all_sizes(&len);

	(void)state;
	while ((n = codec_fill(&c, fd)) > 0) {
		got += (size_t)n;
		take_frames(&c, &seen);
	}
	assert_int_equal(n, 0);
	assert_int_equal(got, len);
	assert_int_equal(seen, COUNT(sizes));
	assert_int_equal(codec_held(&c), 0);
	codec_free(&c);
	close(fd);
}

static int take_one(void *to, enum codec_kind kind, const u8 *body, size_t n)
{
	unsigned *left = to;

	(void)body;
	(void)n;
	assert_true(kind > CODEC_NONE && kind < CODEC_KIND_COUNT);
	return --*left ? 0 : -ECANCELED;
}

static void each_frame(void **state)
{
	unsigned left = COUNT(sizes) + 1;
	size_t len;
	int p[2], fd = stream_of_all_sizes(&len);

	(void)state;
	assert_int_equal(codec_each(fd, -1, take_one, &left), 0);
	assert_int_equal(left, 1);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	left = 2;	/* who takes them ends it */
	assert_int_equal(codec_each(fd, -1, take_one, &left), -ECANCELED);
	close(fd);
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	left = 9;	/* one frame, and then nothing */
	assert_int_equal(codec_write(p[1], 1, "x", 1), 0);
	assert_int_equal(codec_each(p[0], 20, take_one, &left), -ETIME);
	assert_int_equal(left, 8);
	assert_int_equal(write(p[1], "nonsense", 8), 8);
	assert_int_equal(codec_each(p[0], 20, take_one, &left), OOPS_FORMAT);
	close(p[0]);
	close(p[1]);
}

/* The same stream through a pipe in steps of one size. */
static void split_in(size_t step)
{
	struct codec c = { 0 };
	unsigned seen = 0;
	size_t len;
	u8 some[5000];
	int p[2], fd = stream_of_all_sizes(&len);
	ssize_t n;

	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	while ((n = read(fd, some, step)) > 0) {
		assert_int_equal(write(p[1], some, (size_t)n), n);
		assert_int_equal(codec_fill(&c, p[0]), n);
		take_frames(&c, &seen);
	}
	assert_int_equal(seen, COUNT(sizes));
	codec_free(&c);
	close(p[0]);
	close(p[1]);
	close(fd);
}

static void split_reads(void **state)
{
	static const size_t steps[] = { 1, 2, 3, 7, 8, 9, 61, 4093, 5000 };

	(void)state;
	for (unsigned i = 0; i < COUNT(steps); i++)
		split_in(steps[i]);
}

static void largest_body(void **state)
{
	static u8 body[CODEC_BODY_MAX + 1];
	struct codec c = { 0 };
	enum codec_kind kind;
	const u8 *at;
	size_t n;
	int rc, fd = memfd_create("codec", MFD_CLOEXEC);

	(void)state;
	fill_pattern(body, sizeof body, 3);
	assert_int_equal(codec_write(fd, CODEC_EVIDENCE, body, CODEC_BODY_MAX + 1),
			 OOPS_LIMIT);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_int_equal(codec_write(fd, CODEC_EVIDENCE, body, CODEC_BODY_MAX), 0);
	lseek(fd, 0, SEEK_SET);
	while ((rc = codec_next(&c, &kind, &at, &n)) == 0)
		assert_true(codec_fill(&c, fd) > 0);
	assert_int_equal(rc, 1);
	assert_int_equal(n, CODEC_BODY_MAX);
	assert_memory_equal(at, body, n);
	codec_free(&c);
	close(fd);
}

static void hostile_heads(void **state)
{
	static const struct { u8 head[CODEC_HEAD]; int want; } rows[] = {
		{ { 'V', 'D', 0, 1, 0, 0, 0, 0 }, OOPS_FORMAT },
		{ { 0, 0, 0, 0, 0, 0, 0, 0 }, OOPS_FORMAT },
		{ { 'V', 'd', 0, 0, 0, 0, 0, 0 }, OOPS_FORMAT },
		{ { 'V', 'd', 0, CODEC_KIND_COUNT, 0, 0, 0, 0 }, OOPS_FORMAT },
		{ { 'V', 'd', 1, 1, 0, 0, 0, 0 }, OOPS_FORMAT },
		{ { 'V', 'd', 0xff, 0xff, 0, 0, 0, 0 }, OOPS_FORMAT },
		{ { 'V', 'd', 0, 1, 0, 0x40, 0, 1 }, OOPS_LIMIT },
		{ { 'V', 'd', 0, 1, 0xff, 0xff, 0xff, 0xff }, OOPS_LIMIT },
		{ { 'V', 'd', 0, 1, 0, 0, 0, 1 }, 0 },	/* only short */
	};
	enum codec_kind kind;
	const u8 *body;
	size_t n;

	(void)state;
	for (unsigned i = 0; i < COUNT(rows); i++) {
		int fd = file_of(rows[i].head, CODEC_HEAD);
		struct codec c = { 0 };

		assert_int_equal(codec_fill(&c, fd), CODEC_HEAD);
		assert_int_equal(codec_next(&c, &kind, &body, &n), rows[i].want);
		assert_int_equal(codec_next(&c, &kind, &body, &n), rows[i].want);
		assert_int_equal(codec_fill(&c, fd), rows[i].want);
		assert_int_equal(codec_held(&c), CODEC_HEAD);
		codec_free(&c);
		close(fd);
	}
}

/* A good frame before a bad one is still handed out. */
static void good_then_bad(void **state)
{
	static const u8 stream[] = "Vd\0\2\0\0\0\3abcVd\0\2\0\0\0\0Xd\0\2\0\0\0\0";
	int fd = file_of(stream, sizeof stream - 1);
	struct codec c = { 0 };
	enum codec_kind kind;
	const u8 *body;
	size_t n;

	(void)state;
	assert_int_equal(codec_fill(&c, fd), sizeof stream - 1);
	assert_int_equal(codec_next(&c, &kind, &body, &n), 1);
	assert_int_equal(kind, CODEC_EVIDENCE);
	assert_int_equal(n, 3);
	assert_memory_equal(body, "abc", 3);
	assert_int_equal(codec_next(&c, &kind, &body, &n), 1);
	assert_int_equal(n, 0);
	assert_int_equal(codec_next(&c, &kind, &body, &n), OOPS_FORMAT);
	codec_free(&c);
	close(fd);
}

/* A reader who never takes a frame out cannot make it grow for ever. */
static void held_is_bounded(void **state)
{
	struct codec c = { 0 };
	int n, fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	(void)state;
	while ((n = codec_fill(&c, fd)) > 0)
		assert_true(c.cap <= 4 * CODEC_BODY_MAX);
	assert_int_equal(n, -ENOBUFS);
	codec_free(&c);
	close(fd);
}

static void refused_writes(void **state)
{
	int p[2];

	(void)state;
	assert_int_equal(codec_write(1, CODEC_NONE, "", 0), OOPS_UNKNOWN);
	assert_int_equal(codec_write(1, CODEC_KIND_COUNT, "", 0), OOPS_UNKNOWN);
	assert_int_equal(codec_write(-1, CODEC_DONE, "", 0), -EBADF);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
	close(p[0]);
	/* With the default action of SIGPIPE this would end the test. */
	assert_int_equal(codec_write(p[1], CODEC_DONE, "x", 1), -EPIPE);
	close(p[1]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
	assert_int_equal(codec_write(p[1], CODEC_DONE, "x", 1), 0);
	close(p[0]);	/* unread: the kernel calls it a reset */
	assert_int_equal(codec_write(p[1], CODEC_DONE, "x", 1), -EPIPE);
	close(p[1]);
}

static void *write_large(void *arg)
{
	static u8 body[CODEC_BODY_MAX];
	int fd = *(int *)arg, rc = 0;

	fill_pattern(body, sizeof body, 9);
	for (int i = 0; i < 3 && rc == 0; i++)
		rc = codec_write(fd, CODEC_STATS, body, sizeof body);
	close(fd);
	return (void *)(intptr_t)rc;
}

/* A socket takes less than a frame at a time: the writer goes on where it was. */
static void short_writes(void **state)
{
	static u8 want[CODEC_BODY_MAX];
	struct codec c = { 0 };
	enum codec_kind kind;
	unsigned frames = 0;
	pthread_t writer;
	const u8 *body;
	void *rc;
	int p[2];
	size_t n;

	(void)state;
	fill_pattern(want, sizeof want, 9);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
	assert_int_equal(pthread_create(&writer, NULL, write_large, &p[1]), 0);
	while (codec_fill(&c, p[0]) > 0)
		while (codec_next(&c, &kind, &body, &n) == 1) {
			assert_int_equal(n, sizeof want);
			assert_memory_equal(body, want, n);
			frames++;
		}
	pthread_join(writer, &rc);
	assert_null(rc);
	assert_int_equal(frames, 3);
	codec_free(&c);
	close(p[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(each_frame),
		cmocka_unit_test(split_reads),
		cmocka_unit_test(largest_body),
		cmocka_unit_test(hostile_heads),
		cmocka_unit_test(good_then_bad),
		cmocka_unit_test(held_is_bounded),
		cmocka_unit_test(refused_writes),
		cmocka_unit_test(short_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
