/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source_test.c - capture files of every kind made in memory and read again: byte
 * orders, units of time, interfaces and sections, compression, pipes; files that
 * end anywhere or hold nonsense; several merged; and every file of the shared data,
 * read to the end with every frame in one counter. */
#include "source/source.h"
#include "base/rd.h"
#include "wire.h"
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static void put_le32(struct wire *w, u32 v)
{
	put(w, (u8[4]){ (u8)v, (u8)(v >> 8), (u8)(v >> 16), (u8)(v >> 24) }, 4);
}
static void in32(struct wire *w, bool big, u32 v)
{
	if (big)
		put32(w, v);
	else
		put_le32(w, v);
}
static void in16(struct wire *w, bool big, unsigned v)
{
	if (big)
		put16(w, v);
	else
		put(w, (u8[2]){ (u8)v, (u8)(v >> 8) }, 2);
}

static int file_of(const struct wire *w)
{
	int fd = memfd_create("capture", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, w->at, w->len), w->len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static struct source *opened(int fd)
{
	struct source_error e;
	struct source *s = NULL;

	if (source_open(&s, fd, 3, &e) < 0)
		fail_msg("%s", e.text);
	return s;
}

struct kind { u32 magic; bool big; u32 extra, fraction_ns; };

static const struct kind kinds[] = {
	{ 0xa1b2c3d4, false, 0, 1000 }, { 0xa1b2c3d4, true, 0, 1000 },
	{ 0xa1b23c4d, false, 0, 1 }, { 0xa1b23c4d, true, 0, 1 },
	{ 0xa1b2cd34, false, 8, 1000 }, { 0xa1b2cd34, true, 8, 1000 },
};

static void pcap_head(struct wire *w, const struct kind *k, u32 link)
{
	w->len = 0;
	in32(w, k->big, k->magic);
	in16(w, k->big, 2);
	in16(w, k->big, 4);
	put_fill(w, 0, 8);
	in32(w, k->big, 65535);
	in32(w, k->big, link);
}

static void record(struct wire *w, const struct kind *k, u32 i, u32 n)
{
	in32(w, k->big, 1000 + i);
	in32(w, k->big, 5 * i);
	in32(w, k->big, n);
	in32(w, k->big, n + i);
	put_fill(w, 0, k->extra);
	put8(w, i & 255);
	for (u64 seed = i + 1; n > 2; n--)	/* so that it cannot be compressed */
		put8(w, upto(&seed, 256));
	put8(w, i & 255);
}

static void is_record(const struct frame *f, const struct kind *k, u32 i)
{
	assert_true(f->time_ns == (1000 + i) * SECOND + 5ull * i * k->fraction_ns);
	assert_int_equal(f->cap, 10 + i % 50);
	assert_int_equal(f->len, f->cap + i);
	assert_int_equal(f->link, 113);
	assert_int_equal(f->file, 3);
	assert_int_equal(f->number, i + 1);
	assert_true(f->cap == 0 || (f->data[0] == (u8)i && f->data[f->cap - 1] == (u8)i));
}

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

/* Blocks of a pcapng file. */
static void block(struct wire *w, bool big, u32 type, const struct wire *body)
{
	u32 pad = (4 - body->len % 4) % 4, total = 12 + body->len + pad;

	in32(w, big, type);
	in32(w, big, total);
	put(w, body->at, body->len);
	put_fill(w, 0, pad);
	in32(w, big, total);
}

static void section(struct wire *w, bool big)
{
	static struct wire b;

	b.len = 0;
	in32(&b, big, 0x1a2b3c4d);
	in16(&b, big, 1);
	in16(&b, big, 0);
	put_fill(&b, 0xff, 8);
	block(w, big, 0x0a0d0d0a, &b);
}

/* resolution 0: no option; offset in seconds. */
static void interface(struct wire *w, bool big, u16 link, u8 resolution, u32 offset)
{
	static struct wire b;

	b.len = 0;
	in16(&b, big, link);
	in16(&b, big, 0);
	in32(&b, big, 40);
	in16(&b, big, 2);		/* a name, to be passed over */
	in16(&b, big, 5);
	put(&b, "eth0!\0\0\0", 8);
	if (resolution) {
		in16(&b, big, 9);
		in16(&b, big, 1);
		put(&b, &resolution, 1);
		put_fill(&b, 0, 3);
	}
	if (offset) {
		in16(&b, big, 14);
		in16(&b, big, 8);
		in32(&b, big, big ? 0 : offset);
		in32(&b, big, big ? offset : 0);
	}
	in32(&b, big, 0);
	block(w, big, 1, &b);
}

static void packet(struct wire *w, bool big, u32 which, u64 units, u32 n)
{
	static struct wire b;

	b.len = 0;
	in32(&b, big, which);
	in32(&b, big, (u32)(units >> 32));
	in32(&b, big, (u32)units);
	in32(&b, big, n);
	in32(&b, big, n + 1);
	put_fill(&b, (u8)n, n);
	block(w, big, 6, &b);
}

static void pcapng_whole(void **state)
{
	static struct wire w, b;
	struct frame f[16];
	struct source *s;
	static const struct { u16 link; u64 ns; u32 cap, len; } want[] = {
		{ 1, 1500000000123456000, 3, 4 }, { 113, 1500000000123456789, 4, 5 },
		{ 101, 1500000000500000000, 5, 6 }, { 1, 7000000000, 6, 7 },
		{ 113, 1600000001000000000, 7, 8 }, { 1, 1600000001000000000, 9, 9 },
		{ 1, 1600000001000000000, 40, 60 }, { 1, 1500000002000000000, 11, 12 },
	};

	section(&w, false);
	interface(&w, false, 1, 0, 0);			/* microseconds */
	interface(&w, false, 113, 9, 0);
	interface(&w, false, 101, 0x80 | 20, 0);	/* 2^-20 s */
	interface(&w, false, 1, 0x80, 0);		/* seconds */
	packet(&w, false, 0, 1500000000123456, 3);
	packet(&w, false, 1, 1500000000123456789, 4);
	packet(&w, false, 2, (1500000000ull << 20) | 1 << 19, 5);
	packet(&w, false, 3, 7, 6);
	section(&w, true);
	interface(&w, true, 1, 6, 0);
	interface(&w, true, 113, 3, 1600000000);	/* milliseconds after that */
	packet(&w, true, 1, 1000, 7);
	put_fill(&b, 1, 40);				/* a kind that nobody knows */
	block(&w, true, 0x0bad, &b);
	b.len = 0;
	put32(&b, 9);
	put_fill(&b, 9, 9);
	block(&w, true, 3, &b);				/* simple */
	b.len = 0;
	put32(&b, 60);
	put_fill(&b, 9, 60);
	block(&w, true, 3, &b);				/* simple, cut at 40 */
	b.len = 0;
	put32(&b, 0x00000005);				/* interface 0, 5 dropped */
	put32(&b, (u32)(1500000002000000 >> 32));
	put32(&b, (u32)1500000002000000);
	put32(&b, 11);
	put32(&b, 12);
	put_fill(&b, 11, 11);
	block(&w, true, 2, &b);				/* obsolete */
	s = opened(file_of(&w));
	assert_string_equal(source_kind_of(s)->id, "pcapng");
	assert_int_equal(source_read(s, f, 16), COUNT(want));
	for (u32 i = 0; i < COUNT(want); i++) {
		assert_int_equal(f[i].link, want[i].link);
		assert_true(f[i].time_ns == want[i].ns);
		assert_int_equal(f[i].cap, want[i].cap);
		assert_int_equal(f[i].len, want[i].len);
		assert_int_equal(f[i].number, i + 1);
		assert_int_equal(f[i].data[0], i == 6 ? 9 : want[i].cap);
	}
	assert_int_equal(source_read(s, f, 16), 0);
	source_close(s);
	(void)state;
}

/* A broken block is told, and the next one is read. */
static void pcapng_broken(void **state)
{
	static struct wire w, b;
	struct frame f[16];
	struct source *s;

	section(&w, false);
	interface(&w, false, 1, 0, 0);
	packet(&w, false, 0, 1, 3);
	packet(&w, false, 4, 2, 3);			/* no interface 4 */
	packet(&w, false, 0, 3, 3);
	w.at[w.len - 1] = 9;				/* two lengths */
	packet(&w, false, 0, 4, 3);
	in32(&b, false, 0);
	put_fill(&b, 0, 8);
	in32(&b, false, 5000);				/* longer than its block */
	put_fill(&b, 0, 8);
	block(&w, false, 6, &b);
	packet(&w, false, 0, 5, 3);
	s = opened(file_of(&w));
	assert_int_equal(source_read(s, f, 16), 1);
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_true(source_trouble(s)->goes_on && source_trouble(s)->frame == 2);
	assert_string_equal(source_trouble(s)->text, "frame 2: the block at offset 100 is "
			    "broken (no such interface) and was passed over");
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_int_equal(source_read(s, f, 16), 1);
	assert_int_equal(f[0].number, 4);
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_int_equal(source_read(s, f, 16), 1);
	assert_int_equal(f[0].number, 6);
	assert_int_equal(source_read(s, f, 16), 0);
	source_close(s);
	put(&w, "\6\0\0\0\7\0\0\0....", 12);		/* a length that cannot be */
	s = opened(file_of(&w));
	for (int i = 0; i < 6; i++)
		source_read(s, f, 16);
	assert_int_equal(source_read(s, f, 16), OOPS_FORMAT);
	assert_false(source_trouble(s)->goes_on);
	assert_int_equal(source_read(s, f, 16), 0);
	source_close(s);
	(void)state;
}

static void pcapng_many_broken(void **state)
{
	static struct wire w;
	struct frame f[16];
	struct source *s;
	unsigned told = 0;
	int n;

	section(&w, false);
	for (unsigned i = 0; i < 100; i++)
		packet(&w, false, 0, i, 3);		/* no interface at all */
	s = opened(file_of(&w));
	while ((n = source_read(s, f, 16)) != 0) {
		assert_true(n < 0);
		told++;
	}
	assert_int_equal(told, 17);
	assert_string_equal(source_trouble(s)->text, "84 more broken places were passed over");
	source_close(s);
	(void)state;
}

/* Any change of an octet, any end: no crash, and it ends. */
static void any_damage(void **state)
{
	static struct wire good, w;
	struct frame f[16];
	u64 seed = 13;

	for (unsigned i = 0; i < 6000; i++) {
		struct source_error e;
		struct source *s;
		u64 octets = 0;

		good.len = 0;
		if (i & 1) {
			pcap_head(&good, &kinds[i % COUNT(kinds)], 1);
			for (u32 r = 0; r < 9; r++)
				record(&good, &kinds[i % COUNT(kinds)], r, 30);
		} else {
			section(&good, i & 2);
			interface(&good, i & 2, 1, 6, 0);
			for (u32 r = 0; r < 9; r++)
				packet(&good, i & 2, 0, r, 30);
		}
		w = good;
		for (u32 k = 1 + upto(&seed, 3); k; k--)
			w.at[upto(&seed, w.len)] = (u8)chance(&seed);
		w.len = upto(&seed, 4) ? w.len : upto(&seed, w.len);
		if (source_open(&s, file_of(&w), 0, &e) < 0)
			continue;
		for (int n = 1, rounds = 0; n; rounds++) {
			n = source_read(s, f, 16);
			assert_true(rounds < 200);
			for (int k = 0; k < n; k++)
				for (u32 o = 0; o < f[k].cap; o++)
					octets += f[k].data[o];
		}
		assert_true(octets < 1u << 24);
		source_close(s);
	}
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
		cmocka_unit_test(sentences), cmocka_unit_test(pcapng_whole),
		cmocka_unit_test(pcapng_broken), cmocka_unit_test(pcapng_many_broken),
		cmocka_unit_test(any_damage), cmocka_unit_test(compressions),
		cmocka_unit_test(a_pipe), cmocka_unit_test(large_records),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
