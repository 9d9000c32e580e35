/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job_work_test.c - what an analyser does all day works behind the walls: read and
 * map what was kept, decompress it, start threads, allocate, sort, send frames. */
#include "base/hash.h"
#include "link/codec.h"
#include "link/pass.h"
#include "run/job.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "job_end.h"
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int use_much(int socket, struct job_note *note, void *arg)
{
	volatile u8 *small = malloc(8u << 20), *large = malloc(256u << 20);
	int rc = (small ? 0 : 1) + (large ? 2 : 0);

	(void)socket;
	(void)note;
	(void)arg;
	if (small)
		small[1] = 1;
	if (large)
		large[1] = 1;	/* else a compiler leaves both out */
	free((void *)(uintptr_t)small);
	free((void *)(uintptr_t)large);
	return rc;
}

static void memory_is_bounded(void **state)
{
	struct job_setup s = { .run = use_much, .memory_max = 128u << 20 };

	(void)state;
	if (SANDBOX_SANITIZED)
		skip();		/* a sanitizer's shadow would count as well */
	assert_int_equal(run_to_end(&s, NULL, 0), 0);
	s.memory_max = 0;
	assert_int_equal(run_to_end(&s, NULL, 0), 2);
}

#define CONTENT 300000
static u8 content_at(size_t i)
{
	return (u8)(hash_u64(1, i / 7) >> (i % 5));
}

/* Compresses CONTENT octets into a file in memory: its descriptor. */
static int compressed(const char *filter)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e;
	static u8 all[CONTENT];
	int fd = memfd_create(filter, MFD_CLOEXEC);

	for (size_t i = 0; i < CONTENT; i++)
		all[i] = content_at(i);
	assert_int_equal(archive_write_set_format_raw(a), ARCHIVE_OK);
	assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	assert_int_equal(archive_write_open_fd(a, fd), ARCHIVE_OK);
	e = archive_entry_new();
	archive_entry_set_filetype(e, S_IFREG);
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, all, CONTENT), CONTENT);
	archive_entry_free(e);
	assert_int_equal(archive_write_free(a), ARCHIVE_OK);
	assert_true(lseek(fd, 0, SEEK_END) > 100);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static int decompress(int socket, struct job_note *note, void *arg)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	static u8 got[CONTENT + 1];

	(void)socket;
	(void)note;
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_fd(a, *(int *)arg, 65536) != ARCHIVE_OK)
		return 1;
	if (archive_read_next_header(a, &e) != ARCHIVE_OK)
		return 2;
	if (archive_read_data(a, got, sizeof got) != CONTENT)
		return 3;
	for (size_t i = 0; i < CONTENT; i++)
		if (got[i] != content_at(i))
			return 4;
	return archive_read_free(a) == ARCHIVE_OK ? 0 : 5;
}

static void compressed_input(void **state)
{
	static const char *const filters[] = { "gzip", "xz", "zstd", "lz4" };

	(void)state;
	for (unsigned i = 0; i < COUNT(filters); i++) {
		int fd = compressed(filters[i]);
		struct job_setup s = { .run = decompress, .keep = &fd, .keep_count = 1,
				       .arg = &fd };

		assert_int_equal(run_to_end(&s, NULL, 0), 0);
		close(fd);
	}
}

static int read_and_map(int socket, struct job_note *note, void *arg)
{
	int fd = *(int *)arg;
	struct stat st;
	const u8 *at;
	u8 some[10], more[10];

	(void)socket;
	(void)note;
	if (fstat(fd, &st) || st.st_size != 100000)
		return 1;
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return 2;
	if (madvise((void *)(uintptr_t)at, 100000, MADV_SEQUENTIAL) ||
	    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL))
		return 3;
	if (lseek(fd, 500, SEEK_SET) != 500 || read(fd, some, 10) != 10 ||
	    pread(fd, more, 10, 500) != 10)
		return 4;
	return memcmp(at + 500, some, 10) || memcmp(some, more, 10) ? 5 : 0;
}

static void mapped_input(void **state)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	struct job_setup s = { .run = read_and_map, .keep = &fd, .keep_count = 1,
			       .arg = &fd };

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(write(fd, &(u8){ content_at(i) }, 1), 1);
	assert_int_equal(run_to_end(&s, NULL, 0), 0);
	close(fd);
}

#define WORKERS 8
struct worker { pthread_t thread; struct job_note *note; atomic_uint *sum; };

/* Allocates in sizes that take every road of malloc, and counts in its note. */
static void *work(void *arg)
{
	struct worker *w = arg;

	for (unsigned i = 1; i <= 2000; i++) {
		size_t n = i % 50 ? i : (size_t)i << 10;
		u8 *at = malloc(n);

		if (at == NULL)
			return "no memory";
		memset(at, (int)i, n);
		at = realloc(at, 2 * n);
		if (at == NULL || at[n - 1] != (u8)i)
			return "no more memory";
		free(at);
		w->note->frame = i;
		atomic_fetch_add(w->sum, 1);
	}
	return NULL;
}

static int run_threads(int socket, struct job_note *note, void *arg)
{
	struct worker w[WORKERS];
	atomic_uint sum = 0;
	void *end;

	(void)socket;
	(void)arg;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < WORKERS; i++) {
			w[i] = (struct worker){ .note = &note[1 + i], .sum = &sum };
			if (pthread_create(&w[i].thread, NULL, work, &w[i]))
				return 1;
		}
		for (unsigned i = 0; i < WORKERS; i++)
			if (pthread_join(w[i].thread, &end) || end)
				return 2;
	}
	note[0].frame = sum;
	return 0;
}

static void threads_work(void **state)
{
	struct job_setup s = { .name = "threads", .threads = WORKERS,
			       .run = run_threads };
	struct job_note n[WORKERS + 1];

	(void)state;
	assert_int_equal(run_to_end(&s, n, WORKERS + 1), 0);
	assert_int_equal(n[0].frame, 3 * WORKERS * 2000);
	for (unsigned i = 1; i <= WORKERS; i++)
		assert_int_equal(n[i].frame, 2000);
}

static void *connect_somewhere(void *arg)
{
	return (void *)(intptr_t)socket(*(int *)arg, SOCK_DGRAM, 0);
}

static int thread_gone_wrong(int socket, struct job_note *note, void *arg)
{
	int family = AF_INET;
	pthread_t t;

	(void)socket;
	(void)arg;
	note->frame = 1;
	if (pthread_create(&t, NULL, connect_somewhere, &family))
		return 1;
	pthread_join(t, NULL);
	return 0;
}

static void one_bad_thread_ends_all(void **state)
{
	struct job_setup s = { .threads = 2, .run = thread_gone_wrong };

	(void)state;
	assert_int_equal(run_to_end(&s, NULL, 0), -SIGSYS);
}

static int by_number(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

/* What the C library does behind one's back, and frames to the parent. */
static int everyday(int socket, struct job_note *note, void *arg)
{
	static u64 numbers[100000];
	struct timespec now;
	char text[100];
	u8 chance[8];

	(void)note;
	(void)arg;
	for (unsigned i = 0; i < COUNT(numbers); i++)
		numbers[i] = hash_u64(2, i);
	qsort(numbers, COUNT(numbers), sizeof numbers[0], by_number);
	for (unsigned i = 1; i < COUNT(numbers); i++)
		if (numbers[i - 1] > numbers[i])
			return 1;
	if (clock_gettime(CLOCK_MONOTONIC, &now) ||
	    getentropy(chance, sizeof chance))
		return 2;
	if (snprintf(text, sizeof text, "%.3f %s", 0.125, strerror(ENOENT)) < 10 ||
	    printf("%s\n", text) < 0 || fprintf(stdout, "%d\n", 1) < 0 || fflush(stdout))
		return 3;
	if (codec_write(socket, CODEC_FINDING, "{}", 2) ||
	    codec_write(socket, CODEC_DONE, "", 0))
		return 4;
	return 0;
}

static void everyday_work(void **state)
{
	struct job_setup s = { .name = "everyday", .run = everyday };
	struct codec c = { 0 };
	enum codec_kind kind;
	unsigned frames = 0;
	const u8 *body;
	struct job j;
	size_t n;

	(void)state;
	assert_int_equal(job_start(&j, &s), 0);
	while (codec_fill(&c, j.socket) > 0)
		while (codec_next(&c, &kind, &body, &n) == 1)
			assert_int_equal(kind, frames++ ? CODEC_DONE : CODEC_FINDING);
	assert_int_equal(frames, 2);
	assert_int_equal(job_end(&j), 0);
	codec_free(&c);
	job_free(&j);
}

/* Asks for files until one is refused: how many came and could be read. */
static int take_files(int socket, struct job_note *note, void *arg)
{
	char why[PASS_OCTETS], octet;
	int got = 0;

	(void)note;
	(void)arg;
	for (int i = 0; i < 3; i++) {
		int fd;

		if (codec_write(socket, CODEC_WANT, "a", 1) < 0)
			return 100;
		fd = pass_receive(socket, why);
		if (fd < 0)
			continue;
		got += pread(fd, &octet, 1, 0) == 1 && octet == 'x';
		if (write(fd, "y", 1) != -1)
			return 101;	/* it is read-only */
	}
	return got;
}

static int given(unsigned receives, bool refuse)
{
	struct job_setup s = { .run = take_files, .receives = receives };
	char path[] = "/tmp/passXXXXXX";
	int made = mkstemp(path), fd = open(path, O_RDONLY | O_CLOEXEC);
	struct codec c = { 0 };
	enum codec_kind kind;
	const u8 *body;
	struct job j;
	size_t n;
	int rc;

	assert_int_equal(write(made, "x", 1), 1);
	unlink(path);
	assert_int_equal(job_start(&j, &s), 0);
	do {
		while ((rc = codec_next(&c, &kind, &body, &n)) > 0)
			assert_int_equal(pass_send(j.socket, refuse ? -1 : fd, "not this one"), 0);
	} while (rc == 0 && codec_fill(&c, j.socket) > 0);
	codec_free(&c);
	rc = job_end(&j);
	job_free(&j);
	close(fd);
	close(made);
	return rc;
}

/* Descriptors come in as many as the job was allowed, and to no other job. */
static void files_come_in(void **state)
{
	(void)state;
	assert_int_equal(given(8, false), 3);
	assert_int_equal(given(2, false), 2);
	assert_int_equal(given(0, false), 0);
	assert_int_equal(given(8, true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(compressed_input),
		cmocka_unit_test(mapped_input),
		cmocka_unit_test(threads_work),
		cmocka_unit_test(one_bad_thread_ends_all),
		cmocka_unit_test(everyday_work),
		cmocka_unit_test(files_come_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
