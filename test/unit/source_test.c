/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source_test.c - classic capture files of every kind made in memory and read again:
 * byte orders, units of time, compression, pipes; files that end anywhere; and one
 * clear sentence for what is no capture. pcapng: pcapng_test.c. */
#include "file_make.h"
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

static void pcap_kinds(void **state)
{
	static struct wire w;
	struct frame f[256];

	for (unsigned k = 0; k < COUNT(kinds); k++) {
		struct source *s;
		u32 i = 0;
		u64 offset = 24, done, all;
		int n;

		pcap_head(&w, &kinds[k], 113);
		for (u32 r = 0; r < 700; r++)
			record(&w, &kinds[k], r, 10 + r % 50);
		s = opened(file_of(&w));
		assert_string_equal(source_kind_of(s)->id, "pcap");
		for (int round = 0; round < 2; round++) {	/* and a second look */
			for (i = 0, offset = 24; (n = source_read(s, f, 256)) > 0;)
				for (int m = 0; m < n; m++, i++) {
					is_record(&f[m], &kinds[k], i);
					assert_true(f[m].offset == offset);
					offset += 16 + kinds[k].extra + f[m].cap;
				}
			assert_int_equal(n, 0);
			assert_int_equal(i, 700);
			source_progress(s, &done, &all);
			assert_true(done == w.len && all == w.len);
			assert_int_equal(source_rewind(s), 0);
		}
		source_close(s);
	}
	(void)state;
}

/* A file that ends anywhere gives the whole records before, and one sentence. */
static void pcap_cut(void **state)
{
	static struct wire w;
	struct frame f[8];
	u32 ends[6] = { 24 };

	pcap_head(&w, &kinds[0], 1);
	for (u32 i = 0; i < 5; i++) {
		record(&w, &kinds[0], i, 20 + i);
		ends[i + 1] = w.len;
	}
	for (u32 len = 24; len <= ends[5]; len++) {
		struct source *s;
		u32 whole = 0;
		int n;

		while (whole < 5 && ends[whole + 1] <= len)
			whole++;
		w.len = len;
		s = opened(file_of(&w));
		n = source_read(s, f, 8);
		if (whole) {
			assert_int_equal(n, whole);
			n = source_read(s, f, 8);
		}
		if (len == ends[whole]) {
			assert_int_equal(n, 0);
		} else {
			const struct source_error *e = source_trouble(s);

			assert_int_equal(n, OOPS_SHORT);
			assert_true(e->offset == ends[whole] && e->frame == whole);
			assert_false(e->goes_on);
			assert_int_equal(source_read(s, f, 8), 0);
		}
		source_close(s);
	}
	(void)state;
}

static void the_sentence(const struct wire *w, const char *want)
{
	struct source *s;
	struct source_error e;
	struct frame f[8];
	int rc = source_open(&s, file_of(w), 0, &e);

	if (rc == 0) {
		while ((rc = source_read(s, f, 8)) > 0)
			;
		e = *source_trouble(s);
		source_close(s);
	}
	assert_true(rc < 0);
	assert_int_equal(rc, e.code);
	assert_string_equal(e.text, want);
}

static void sentences(void **state)
{
	static struct wire w;
	struct source_error e;
	struct source *s;

	the_sentence(&w, "it is empty: there is nothing to read");
	put(&w, "$ORIGIN example.\n@ SOA a b 1 2 3 4 5\n", 37);
	the_sentence(&w, "it is text, not a capture: pcap and pcapng files can be read");
	w.len = 0;
	put(&w, "\x7f" "ELF\1\2\0\0", 8);
	the_sentence(&w, "it is no capture that is understood (it begins with 7f 45 4c 46): "
		     "pcap and pcapng files can be read");
	pcap_head(&w, &kinds[0], 1);
	w.len = 20;
	the_sentence(&w, "the file ends within its header of 24 octets: there is nothing to "
		     "read");
	pcap_head(&w, &kinds[0], 1);
	w.at[4] = 9;
	the_sentence(&w, "it is a capture file of version 9, and only version 2 is understood");
	pcap_head(&w, &kinds[0], 1);
	for (u32 i = 0; i < 3; i++)
		record(&w, &kinds[0], i, 100);
	w.len -= 7;
	the_sentence(&w, "the file ends in the middle of frame 3 (offset 256): the 2 frames "
		     "before it were read");
	w.at[24 + 10] = 0xff;
	the_sentence(&w, "frame 1 (offset 24) says that it has 16711780 octets, more than a "
		     "frame can: no frame was read");
	assert_true(source_open(&s, open("/tmp", O_RDONLY), 0, &e) == -EISDIR);
	assert_string_equal(e.text, "it is a directory, not a capture");
	assert_true(source_open(&s, open("/dev/null", O_RDONLY), 0, &e) == OOPS_FORMAT);
	assert_true(source_open(&s, open("/dev/null", O_WRONLY), 0, &e) == -EBADF);
	(void)state;
}

#define RECORDS 20000

/* RECORDS records, compressed: more than the filters hold back. */
static int compressed(int (*filter)(struct archive *))
{
	static struct wire w;
	int fd = memfd_create("compressed", 0);
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();

	assert_int_equal(filter(a), ARCHIVE_OK);
	archive_write_set_format_raw(a);
	archive_write_set_filter_option(a, "lz4", "block-size", "4");	/* 64 KiB */
	archive_write_set_filter_option(a, "bzip2", "compression-level", "1");
	assert_int_equal(archive_write_open_fd(a, fd), ARCHIVE_OK);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_write_header(a, e);
	pcap_head(&w, &kinds[0], 113);
	for (u32 i = 0; i < RECORDS; i++) {
		record(&w, &kinds[0], i, 10 + i % 50);
		assert_int_equal(archive_write_data(a, w.at, w.len), w.len);
		w.len = 0;
	}
	archive_write_close(a);
	archive_write_free(a);
	archive_entry_free(e);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static u32 read_all(struct source *s, int *last)
{
	struct frame f[64];
	u32 count = 0;
	int n;

	while ((n = source_read(s, f, 64)) > 0) {
		for (int i = 0; i < n; i++)
			is_record(&f[i], &kinds[0], count + (u32)i);
		count += (u32)n;
	}
	*last = n;
	return count;
}

static void compressions(void **state)
{
	static int (*const filters[])(struct archive *) = {
		archive_write_add_filter_gzip, archive_write_add_filter_xz,
		archive_write_add_filter_zstd, archive_write_add_filter_lz4,
		archive_write_add_filter_bzip2,
	};
	int last;

	for (unsigned i = 0; i < COUNT(filters); i++) {
		int fd = compressed(filters[i]);
		off_t size = lseek(fd, 0, SEEK_END);
		struct source *s;

		lseek(fd, 0, SEEK_SET);
		s = opened(dup(fd));
		for (int round = 0; round < 2; round++) {
			assert_int_equal(read_all(s, &last), RECORDS);
			assert_int_equal(last, 0);
			assert_int_equal(source_rewind(s), 0);
		}
		source_close(s);
		assert_int_equal(ftruncate(fd, size * 2 / 3), 0);	/* cut short */
		lseek(fd, 0, SEEK_SET);
		s = opened(fd);
		assert_in_range(read_all(s, &last), 1, RECORDS - 1);
		assert_true(last < 0 && strstr(source_trouble(s)->text, "frame"));
		assert_int_equal(read_all(s, &last), 0);
		source_close(s);
	}
	(void)state;
}

static void a_pipe(void **state)
{
	static struct wire w;
	struct frame f[64];
	struct source *s;
	int fds[2], last;

	pcap_head(&w, &kinds[0], 113);
	for (u32 r = 0; r < 900; r++)
		record(&w, &kinds[0], r, 10 + r % 50);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], w.at, 24 + 16 + 30), 70);	/* one, and some more */
	s = opened(fds[0]);
	assert_int_equal(source_read(s, f, 64), 1);	/* at once: no wait for a buffer */
	is_record(&f[0], &kinds[0], 0);
	assert_int_equal(source_rewind(s), -ESPIPE);
	assert_int_equal(write(fds[1], w.at + 70, 50), 50);
	close(fds[1]);
	assert_in_range(source_read(s, f, 64), 1, 3);
	while ((last = source_read(s, f, 64)) > 0)
		;
	source_close(s);
	(void)state;
}

/* A file that still grows, read as far as it went at some time. */
static void limited(void **state)
{
	static struct wire w;
	struct frame f[64];
	struct source *s;
	u32 end = 0;

	pcap_head(&w, &kinds[0], 113);
	for (u32 r = 0; r < 30; r++) {
		end = r == 20 ? w.len : end;
		record(&w, &kinds[0], r, 10 + r % 50);
	}
	s = opened(file_of(&w));
	source_limit(s, end);
	assert_int_equal(source_read(s, f, 64), 20);
	assert_int_equal(source_read(s, f, 64), 0);
	source_close(s);
	(void)state;
}

/* Two readers of one file: each has its place, and reads as far as the other may. */
static void again(void **state)
{
	static struct wire w;
	struct frame f[64];
	struct source *s, *other, *none;
	int last, fds[2];
	u32 end = 0;

	pcap_head(&w, &kinds[0], 113);
	for (u32 r = 0; r < 900; r++) {
		end = r == 700 ? w.len : end;
		record(&w, &kinds[0], r, 10 + r % 50);
	}
	s = opened(file_of(&w));
	source_limit(s, end);
	assert_int_equal(source_read(s, f, 64), 64);
	assert_int_equal(source_open_again(&other, s), 0);
	assert_int_equal(read_all(other, &last), 700);
	assert_int_equal(last, 0);
	source_close(other);
	assert_int_equal(source_read(s, f, 64), 64);	/* its descriptor is still open */
	is_record(&f[0], &kinds[0], 64);
	source_close(s);
	s = opened(compressed(archive_write_add_filter_gzip));
	assert_int_equal(source_open_again(&none, s), -ESPIPE);
	source_close(s);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], w.at, 70), 70);
	s = opened(fds[0]);
	assert_int_equal(source_open_again(&none, s), -ESPIPE);
	source_close(s);
	close(fds[1]);
	(void)state;
}

/* The file became something else before the second reader came. */
static void again_changed(void **state)
{
	static struct wire w;
	struct source *s, *none;
	int fd, mine;

	pcap_head(&w, &kinds[0], 113);
	record(&w, &kinds[0], 0, 10);
	fd = file_of(&w);
	mine = dup(fd);
	s = opened(fd);
	assert_int_equal(pwrite(mine, "not a capture any more..", 24, 0), 24);
	assert_true(source_open_again(&none, s) < 0);
	assert_int_equal(ftruncate(mine, 0), 0);
	assert_true(source_open_again(&none, s) < 0);
	source_close(s);
	close(mine);
	(void)state;
}

/* Records larger than the first buffer. */
static void large_records(void **state)
{
	static u8 octets[SOURCE_SNAP_MAX];
	struct frame f[8];
	int fd = memfd_create("capture", 0);
	struct source *s;
	u32 count = 0;
	int n;
	static struct wire w;

	pcap_head(&w, &kinds[0], 1);
	assert_int_equal(write(fd, w.at, w.len), w.len);
	for (u32 i = 0; i < 20; i++) {
		u32 size = i % 3 ? SOURCE_SNAP_MAX - i : i;

		w.len = 0;
		in32(&w, false, i);
		in32(&w, false, 0);
		in32(&w, false, size);
		in32(&w, false, size);
		assert_int_equal(write(fd, w.at, w.len), w.len);
		memset(octets, (int)i, size);
		assert_int_equal(write(fd, octets, size), size);
	}
	lseek(fd, 0, SEEK_SET);
	s = opened(fd);
	while ((n = source_read(s, f, 8)) > 0)
		for (int i = 0; i < n; i++, count++) {
			assert_int_equal(f[i].cap, count % 3 ? SOURCE_SNAP_MAX - count : count);
			if (f[i].cap)
				assert_int_equal(f[i].data[f[i].cap - 1], count);
		}
	assert_int_equal(n, 0);
	assert_int_equal(count, 20);
	source_close(s);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcap_kinds), cmocka_unit_test(pcap_cut),
		cmocka_unit_test(sentences), cmocka_unit_test(compressions),
		cmocka_unit_test(a_pipe), cmocka_unit_test(limited),
		cmocka_unit_test(again), cmocka_unit_test(again_changed),
		cmocka_unit_test(large_records),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
