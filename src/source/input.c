/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input.c - octets of an input, read into a buffer that stays in the cache.
 *
 * Why nothing is mapped: read() into a buffer of 128 KiB costs no more than a map. (A
 * loop that finds and walks every DNS message, 345 MB in the page cache, 2.0 million
 * frames, CPU milliseconds, best of ten: read() 90, map 103, map populated before
 * 93.) The copy leaves the packets in the second-level cache, no page table grows,
 * and a file that somebody cuts shorter while it is read is a short read, not a
 * SIGBUS. */
#include "source/inside.h"
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_OCTETS (128u << 10)	/* at first; more for larger records */

int input_open(struct input *in, int fd)
{
	struct stat st;

	*in = (struct input){ .fd = fd };
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return -EISDIR;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		in->size = (u64)st.st_size;
		in->apart = true;
	}
	in->room = BUFFER_OCTETS;
	in->buffer = malloc(in->room);
	return in->buffer ? 0 : -ENOMEM;
}

int input_rewind(struct input *in)
{
	if (!in->apart && lseek(in->fd, 0, SEEK_SET) == -1)
		return -errno;
	stream_close(in);
	in->at = in->have = 0;
	in->offset = in->raw = 0;
	in->ended = false;
	in->error = 0;
	return 0;
}

void input_close(struct input *in)
{
	stream_close(in);
	free(in->buffer);
	in->buffer = NULL;
	if (!in->lent)
		close(in->fd);
}

void input_break(struct input *in, int error, const char *why)
{
	in->error = error;
	in->ended = true;
	snprintf(in->why, sizeof in->why, "%s", why);
}

size_t input_raw(struct input *in, u8 *to, size_t max)
{
	ssize_t n;

	if (in->limit)
		max = min_u64(max, in->limit - min_u64(in->limit, in->raw));
	if (max == 0)
		return 0;
	do
		n = in->apart ? pread(in->fd, to, max, (off_t)in->raw) : read(in->fd, to, max);
	while (n == -1 && errno == EINTR);
	if (n == -1) {
		input_break(in, -errno, strerror(errno));
		return 0;
	}
	in->raw += (u64)n;
	return (size_t)n;
}

/* Room for n octets at `at`: what is left moves to the front, and the buffer
 * grows when a record is larger than it. */
static bool make_room(struct input *in, size_t n)
{
	size_t left = input_left(in), room = in->room;
	u8 *buffer;

	must(n <= SOURCE_BUFFER_MAX);
	memmove(in->buffer, in->buffer + in->at, left);
	in->offset += in->at;
	in->at = 0;
	in->have = left;
	if (n <= room)
		return true;
	while (room < n)
		room *= 2;
	buffer = realloc(in->buffer, room);
	if (buffer == NULL) {
		input_break(in, -ENOMEM, N_("there is no memory for it"));
		return false;
	}
	in->buffer = buffer;
	in->room = room;
	return true;
}

bool input_fill(struct input *in, size_t n)
{
	if (input_left(in) >= n)
		return true;
	if (in->ended || !make_room(in, n))
		return false;
	while (in->have < n) {
		u8 *to = in->buffer + in->have;
		size_t max = in->room - in->have;
		size_t got = in->stream ? stream_read(in, to, max) : input_raw(in, to, max);

		in->have += got;
		if (got == 0) {
			in->ended = true;
			return false;
		}
	}
	return true;
}

bool input_skip(struct input *in, u64 n)
{
	while (n > input_left(in)) {
		n -= input_left(in);
		in->at = in->have;
		if (!input_fill(in, 1))
			return false;
	}
	in->at += n;
	return true;
}
