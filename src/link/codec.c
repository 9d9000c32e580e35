/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codec.c - frames out of a stream of octets, and into one.
 *
 *   at      done              len            cap
 *   |-------|-----------------|--------------|
 *    handed  frames and the    room for the
 *    out     start of one      next read
 *
 * At the next fill what was handed out makes way: the start of one frame, all
 * that a reader who takes every frame leaves behind, moves to the front, once.
 * The buffer doubles as frames demand, never past twice the largest frame.
 *
 * Cost: one copy out of the kernel; a frame is a view into the buffer.
 * Not here: what bodies mean (the kinds' owners). */
#include "link/codec.h"
#include "base/rd.h"
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAGIC 0x5664	/* "Vd" */
#define READ_MIN ((size_t)64 << 10)
#define HELD_MAX (CODEC_HEAD + CODEC_BODY_MAX + READ_MIN)

static void head_write(u8 head[CODEC_HEAD], enum codec_kind kind, size_t n)
{
	head[0] = MAGIC >> 8;
	head[1] = MAGIC & 0xff;
	head[2] = (u8)(kind >> 8);
	head[3] = (u8)kind;
	for (int i = 0; i < 4; i++)
		head[4 + i] = (u8)(n >> (24 - 8 * i));
}

/* Sockets are asked not to raise SIGPIPE; other descriptors cannot be asked. */
static ssize_t send_some(int fd, struct iovec *part, size_t parts)
{
	struct msghdr m = { .msg_iov = part, .msg_iovlen = parts };
	ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);

	if (n == -1 && errno == ENOTSOCK)
		n = writev(fd, part, (int)parts);
	return n;
}

/* Takes n sent octets off the front of what is still to be sent. */
static void advance(struct iovec part[2], size_t n)
{
	for (int i = 0; i < 2; i++) {
		size_t from = min_u64(n, part[i].iov_len);

		part[i].iov_base = (u8 *)part[i].iov_base + from;
		part[i].iov_len -= from;
		n -= from;
	}
}

int codec_write(int fd, enum codec_kind kind, const void *body, size_t n)
{
	u8 head[CODEC_HEAD];
	struct iovec part[2] = {
		{ .iov_base = head, .iov_len = sizeof head },
		{ .iov_base = (u8 *)(uintptr_t)body, .iov_len = n },
	};

	if (kind <= CODEC_NONE || kind >= CODEC_KIND_COUNT)
		return OOPS_UNKNOWN;
	if (n > CODEC_BODY_MAX)
		return OOPS_LIMIT;
	head_write(head, kind, n);
	while (part[0].iov_len + part[1].iov_len) {
		ssize_t sent = send_some(fd, part, n ? 2 : 1);

		/* A reader that left octets unread behind resets the socket. */
		if (sent == -1 && errno != EINTR)
			return errno == ECONNRESET ? -EPIPE : -errno;
		if (sent > 0)
			advance(part, (size_t)sent);
	}
	return 0;
}

void codec_free(struct codec *c)
{
	free(c->at);
	*c = (struct codec){ 0 };
}

/* Room for one more read behind what is held: 0 or -ENOMEM. */
static int make_room(struct codec *c)
{
	size_t held = codec_held(c), cap = c->cap ? c->cap : READ_MIN;
	u8 *at;

	if (c->done && held)
		memmove(c->at, c->at + c->done, held);
	c->done = 0;
	c->len = held;
	if (c->cap - held >= READ_MIN)
		return 0;
	while (cap - held < READ_MIN)
		cap *= 2;
	at = realloc(c->at, cap);
	if (at == NULL)
		return -ENOMEM;
	c->at = at;
	c->cap = cap;
	return 0;
}

int codec_fill(struct codec *c, int fd)
{
	ssize_t n;
	int rc;

	if (c->error)
		return c->error;
	if (codec_held(c) >= HELD_MAX)
		return -ENOBUFS;	/* the caller does not take frames out */
	rc = make_room(c);
	if (rc)
		return rc;
	n = read(fd, c->at + c->len, READ_MIN);
	if (n == -1)
		return -errno;
	c->len += (size_t)n;
	return (int)n;
}

int codec_next(struct codec *c, enum codec_kind *kind, const u8 **body, size_t *n)
{
	const u8 *head;
	size_t len;

	if (c->error)
		return c->error;
	if (codec_held(c) < CODEC_HEAD)
		return 0;
	head = c->at + c->done;
	len = be32(head + 4);
	if (be16(head) != MAGIC || be16(head + 2) == CODEC_NONE ||
	    be16(head + 2) >= CODEC_KIND_COUNT)
		return c->error = OOPS_FORMAT;
	if (len > CODEC_BODY_MAX)
		return c->error = OOPS_LIMIT;
	if (codec_held(c) - CODEC_HEAD < len)
		return 0;
	*kind = (enum codec_kind)be16(head + 2);
	*body = head + CODEC_HEAD;
	*n = len;
	c->done += CODEC_HEAD + len;
	return 1;
}

/* Octets, as codec_fill(), when some come in time. */
static int fill_in_time(struct codec *c, int fd, int silence_ms)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	int rc = silence_ms < 0 ? 1 : poll(&wait, 1, silence_ms);

	if (rc > 0)
		return codec_fill(c, fd);
	return rc == 0 ? -ETIME : -errno;
}

int codec_each(int fd, int silence_ms, codec_take_fn *take, void *to)
{
	struct codec c = { 0 };
	enum codec_kind kind;
	const u8 *body;
	size_t n;
	int rc;

	do {
		while ((rc = codec_next(&c, &kind, &body, &n)) > 0)
			if ((rc = take(to, kind, body, n)) < 0)
				goto out;
		if (rc == 0)
			rc = fill_in_time(&c, fd, silence_ms);
	} while (rc > 0 || rc == -EINTR);
out:
	codec_free(&c);
	return rc;
}
