/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode.c - see decode.h. Child above, parent below. */
#include "run/decode.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "dns/msg_text.h"
#include "link/codec.h"
#include "model/digest.h"
#include "model/evidence.h"
#include "packet/frame.h"
#include "run/job.h"
#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define DECODE_MEMORY (256u << 20)
#define HEX_ROW 16

struct work {
	int fd;
	u32 skip, count;
	bool hex;
};

static void put_address(struct buf *out, const u8 *at, u16 port)
{
	char text[INET6_ADDRSTRLEN];
	struct addr a = addr_of6(at);

	if (addr_is4(&a))
		inet_ntop(AF_INET, at + 12, text, sizeof text);
	else
		inet_ntop(AF_INET6, at, text, sizeof text);
	buf_fmt(out, strchr(text, ':') ? "[%s]:%u" : "%s:%u", text, port);
}

static void put_heading(struct buf *out, const struct evidence *e, u32 number, u32 count)
{
	char text[STAMP_TEXT_MAX > DIGEST_TEXT ? STAMP_TEXT_MAX : DIGEST_TEXT];

	static const u8 nobody[16];

	if (memcmp(e->src, nobody, 16) == 0 && memcmp(e->dst, nobody, 16) == 0) {
		buf_fmt(out, ";; RRset %u of %u, out of a zone as of %s, %u octets as a message",
			number, count, stamp_text(e->time_ns, 0, text), e->full_len);
		buf_fmt(out, "\n;; SHA-256 %s\n", hex_text(e->id, sizeof e->id, text));
		return;
	}
	buf_fmt(out, ";; message %u of %u, %s, ", number, count,
		stamp_text(e->time_ns, 9, text));
	buf_text(out, e->transport == TRANSPORT_TCP ? "TCP, " : "UDP, ");
	put_address(out, e->src, e->sport);
	buf_text(out, " to ");
	put_address(out, e->dst, e->dport);
	buf_fmt(out, ", %u octets", e->full_len);
	if (e->len < e->full_len)
		buf_fmt(out, ", of which %u were captured", e->len);
	if (e->flags & PAYLOAD_FRAGMENTED)
		buf_text(out, ", from fragments");
	if (e->flags & PAYLOAD_TUNNELLED)
		buf_text(out, ", out of a tunnel");
	buf_fmt(out, "\n;; SHA-256 %s\n", hex_text(e->id, sizeof e->id, text));
}

static void put_hex(struct buf *out, const u8 *at, u32 n)
{
	for (u32 i = 0; i < n; i += HEX_ROW) {
		buf_fmt(out, ";; %04x ", i);
		for (u32 k = i; k < i + HEX_ROW; k++)
			buf_fmt(out, k < n ? " %02x" : "   ", k < n ? at[k] : 0);
		buf_text(out, "  ");
		for (u32 k = i; k < n && k < i + HEX_ROW; k++)
			buf_byte(out, at[k] >= 0x20 && at[k] < 0x7f ? at[k] : '.');
		buf_byte(out, '\n');
	}
}

static int write_all(int fd, const char *at, size_t n)
{
	while (n) {
		ssize_t did = write(fd, at, n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return -1;
		at += did;
		n -= (size_t)did;
	}
	return 0;
}

static int decode_one(const struct work *w, int socket, u32 number, const u8 *body,
		      size_t n)
{
	struct evidence e;
	struct buf out = { 0 };
	int rc;

	if (evidence_unpack(&e, body, n)) {
		buf_fmt(&out, ";; message %u of %u is not in the form it was kept in\n\n",
			number, w->count);
	} else {
		put_heading(&out, &e, number, w->count);
		if (w->hex)
			put_hex(&out, e.octets, e.len);
		msg_text(e.octets, e.len, &out);
		buf_byte(&out, '\n');
	}
	rc = buf_error(&out) ? -1 : write_all(socket, buf_str(&out), out.len);
	buf_free(&out);
	return rc;
}

struct decoding { const struct work *w; struct job_note *note; int socket; };

static int decode_next(void *to, enum codec_kind kind, const u8 *body, size_t n)
{
	const struct decoding *d = to;

	(void)kind;
	if (++d->note->frame <= d->w->skip)
		return 0;
	return decode_one(d->w, d->socket, (u32)d->note->frame, body, n) ? -EIO : 0;
}

/* The child: every item after the first `skip`. */
static int work(int socket, struct job_note *note, void *arg)
{
	const struct work *w = arg;

	return codec_each(w->fd, -1, decode_next, &(struct decoding){ w, note, socket }) < 0;
}

int decode_open(struct decode *d)
{
	*d = (struct decode){ .fd = memfd_create("evidence", MFD_CLOEXEC) };
	return d->fd < 0 ? -errno : 0;
}

void decode_close(struct decode *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

int decode_add(struct decode *d, const u8 *packed, size_t n)
{
	int rc = codec_write(d->fd, CODEC_EVIDENCE, packed, n);

	d->count += rc == 0;
	return rc;
}

/* Nothing that acts gets through. */
static void wash(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] != '\n' && text[i] != '\t' &&
		    ((u8)text[i] < 0x20 || (u8)text[i] >= 0x7f))
			text[i] = '?';
}

/* All that the job writes; *got counts it. */
static int listen_to(int socket, u64 *got, decode_fn *say, void *to)
{
	char text[65536];
	ssize_t n;
	int rc;

	for (;;) {
		n = read(socket, text, sizeof text);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		if ((*got += (u64)n) > DECODE_TEXT_MAX)
			return OOPS_LIMIT;
		wash(text, (size_t)n);
		if ((rc = say(to, text, (size_t)n)))
			return rc;
	}
}

/* One job from w->skip on. 1 when it crashed and w->skip is behind the culprit. */
static int run_once(struct work *w, u64 *got, decode_fn *say, void *to)
{
	const struct job_setup setup = {
		.name = "decoder", .keep = &w->fd, .keep_count = 1,
		.memory_max = DECODE_MEMORY, .run = work, .arg = w,
	};
	struct job job = { 0 };
	char line[200];
	int rc, end, n;

	if (lseek(w->fd, 0, SEEK_SET) < 0)
		return -errno;
	if ((rc = job_start(&job, &setup)))
		return rc;
	rc = listen_to(job.socket, got, say, to);
	end = job_end(&job);
	if (rc == 0 && end) {
		u64 at = min_u64(max_u64(job.note->frame, w->skip + 1), w->count);

		n = snprintf(line, sizeof line, "\n;; message %u of %u cannot be shown: "
			     "the decoder ended (%s)\n\n", (u32)at, w->count,
			     end < 0 ? strsignal(-end) : "no room");
		w->skip = (u32)at;
		rc = say(to, line, (size_t)n);
		rc = rc ? rc : 1;
	}
	job_free(&job);
	return rc;
}

int decode_text(struct decode *d, bool hex, decode_fn *say, void *to)
{
	struct work w = { .fd = d->fd, .count = d->count, .hex = hex };
	u64 got = 0;
	int rc;

	digest_prepare();
	for (unsigned i = 0; i < DECODE_CRASHES_MAX; i++) {
		rc = w.skip < w.count ? run_once(&w, &got, say, to) : 0;
		if (rc != 1)
			return rc;
	}
	return OOPS_LIMIT;
}
