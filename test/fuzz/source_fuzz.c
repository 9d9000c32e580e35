/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source_fuzz.c - any octets as a capture file: it is read to an end, twice the same,
 * and its frames are read as packets. The first octet says how many frames a batch
 * has; the rest is the file. */
#include "packets_law.h"
#include "source/source.h"
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct source *opened(const u8 *data, size_t size)
{
	struct source_error e;
	struct source *s = NULL;
	int fd = memfd_create("fuzz", 0);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	must(lseek(fd, 0, SEEK_SET) == 0);
	if (source_open(&s, fd, 0, &e) < 0)
		must(e.text[0] && e.code < 0);
	return s;
}

/* All frames and troubles folded into one number. */
static u64 read_all(struct source *s, unsigned max, size_t size)
{
	struct packets *p = reader(0, 1);
	struct frame f[64];
	u64 fold = 0, rounds = 0, number = 0;
	int n;

	while ((n = source_read(s, f, max)) != 0) {
		must(++rounds <= 32 + 64 * (u64)size);
		if (n < 0) {
			must(source_trouble(s)->code == n && source_trouble(s)->text[0]);
			fold = fold * 31 + source_trouble(s)->offset;
			continue;
		}
		for (int i = 0; i < n; i++) {
			must(f[i].cap <= SOURCE_SNAP_MAX && f[i].cap <= f[i].len);
			must(f[i].number > number);
			number = f[i].number;
			fold = fold * 31 + f[i].time_ns + f[i].cap + f[i].link;
			read_frame(p, &f[i]);
		}
		batch_end(p);
	}
	must(source_read(s, f, max) == 0);
	reader_end(p);
	return fold;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned max = size ? 1 + data[0] % 64 : 1;
	struct source *s = size ? opened(data + 1, size - 1) : NULL;
	u64 first;

	if (s == NULL)
		return 0;
	first = read_all(s, max, size);
	must(source_rewind(s) == 0);
	must(read_all(s, max, size) == first);
	source_close(s);
	return 0;
}
