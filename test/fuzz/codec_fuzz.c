/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codec_fuzz.c - hostile octets as a stream of frames.
 *
 * The first octet says in what steps the rest arrives, and, when it is odd, that
 * heads are mended on the way, so that whole frames come through (but for a head
 * that begins with 0xff). Whatever the steps, the frames and the way the stream
 * ends are the same as when it arrives at once; and the frames written again are
 * the octets that they were read from. */
#include "base/hash.h"
#include "link/codec.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

struct outcome { u64 frames, octets, hash; int end; };

static void take(struct codec *c, struct outcome *o, int copy)
{
	enum codec_kind kind;
	const u8 *body;
	size_t n;

	while ((o->end = codec_next(c, &kind, &body, &n)) == 1) {
		o->frames++;
		o->octets += CODEC_HEAD + n;
		o->hash = hash_bytes(o->hash + (u64)kind, body, n);
		if (copy != -1)
			must(codec_write(copy, kind, body, n) == 0);
	}
}

static struct outcome read_in(const u8 *data, size_t n, size_t step, int copy)
{
	struct outcome o = { 0 };
	struct codec c = { 0 };
	int p[2];

	must(pipe2(p, O_CLOEXEC) == 0);
	for (size_t at = 0; at < n && o.end == 0; at += step) {
		size_t some = min_u64(step, n - at);

		must(write(p[1], data + at, some) == (ssize_t)some);
		must(codec_fill(&c, p[0]) == (int)some);
		take(&c, &o, copy);
	}
	codec_free(&c);
	close(p[0]);
	close(p[1]);
	return o;
}

/* Gives each head a magic, a kind and a length below 1 KiB. */
static void mend(u8 *data, size_t n)
{
	for (size_t at = 0; at + CODEC_HEAD <= n;) {
		u8 *head = data + at;

		if (head[0] == 0xff)
			return;
		memcpy(head, "Vd", 3);
		head[3] = (u8)(1 + head[3] % (CODEC_KIND_COUNT - 1));
		head[4] = head[5] = 0;
		head[6] &= 3;
		at += CODEC_HEAD + (size_t)head[6] * 256 + head[7];
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);
int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	struct outcome once, steps;
	static u8 in[60000], again[60000];
	int copy;

	if (n < 2 || n > sizeof in)
		return 0;
	memcpy(in, data + 1, --n);
	if (data[0] & 1)
		mend(in, n);
	copy = memfd_create("again", MFD_CLOEXEC);
	once = read_in(in, n, sizeof again, copy);
	steps = read_in(in, n, 1 + data[0], -1);
	must(once.frames == steps.frames && once.hash == steps.hash);
	must(once.end == steps.end);
	must(pread(copy, again, sizeof again, 0) == (ssize_t)once.octets);
	must(memcmp(again, in, once.octets) == 0);
	close(copy);
	return 0;
}
