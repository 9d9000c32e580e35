/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file_make.h - capture files made in memory for the tests of source/. */
#pragma once
#include "source/source.h"
#include "wire.h"
#include <sys/mman.h>
#include <unistd.h>

static inline void put_le32(struct wire *w, u32 v)
{
	put(w, (u8[4]){ (u8)v, (u8)(v >> 8), (u8)(v >> 16), (u8)(v >> 24) }, 4);
}
static inline void in32(struct wire *w, bool big, u32 v)
{
	if (big)
		put32(w, v);
	else
		put_le32(w, v);
}
static inline void in16(struct wire *w, bool big, unsigned v)
{
	if (big)
		put16(w, v);
	else
		put(w, (u8[2]){ (u8)v, (u8)(v >> 8) }, 2);
}

static inline int file_of(const struct wire *w)
{
	int fd = memfd_create("capture", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, w->at, w->len), w->len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static inline struct source *opened(int fd)
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

static inline void pcap_head(struct wire *w, const struct kind *k, u32 link)
{
	w->len = 0;
	in32(w, k->big, k->magic);
	in16(w, k->big, 2);
	in16(w, k->big, 4);
	put_fill(w, 0, 8);
	in32(w, k->big, 65535);
	in32(w, k->big, link);
}

static inline void record(struct wire *w, const struct kind *k, u32 i, u32 n)
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

static inline void is_record(const struct frame *f, const struct kind *k, u32 i)
{
	assert_true(f->time_ns == (1000 + i) * SECOND + 5ull * i * k->fraction_ns);
	assert_int_equal(f->cap, 10 + i % 50);
	assert_int_equal(f->len, f->cap + i);
	assert_int_equal(f->link, 113);
	assert_int_equal(f->file, 3);
	assert_int_equal(f->number, i + 1);
	assert_true(f->cap == 0 || (f->data[0] == (u8)i && f->data[f->cap - 1] == (u8)i));
}
