/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcap.c - classic capture files (draft-ietf-opsawg-pcap).
 *
 *   | magic version(2.x) zone sigfigs snaplen link |  24 octets, once
 *   | seconds fraction cap len [8 more] | cap octets |  a record, again and again
 *
 * The magic number says the byte order, whether the fraction is in micro- or
 * nanoseconds, and whether record headers have the 8 octets more of an old Linux
 * patch ("modified" pcap; libpcap reads it too). Records have no mark by which a
 * reader could find the next one, so a broken length ends the file: whatever
 * looked like a record after it could be packet data.
 *
 * Cost: about 3 ns a record, beside reading the file. */
#include "source/inside.h"
#include "base/rd.h"

#define HEADER 24
#define RECORD 16

#define MAGIC_MICRO 0xa1b2c3d4u
#define MAGIC_NANO 0xa1b23c4du
#define MAGIC_MODIFIED 0xa1b2cd34u

struct pcap {
	u32 head;		/* octets of a record header: 16 or 24 */
	u32 fraction_ns;	/* 1000 or 1 */
	u16 link;
	bool big;		/* written big-endian */
	bool old;		/* 2.3 and before: cap and len may be the wrong way round */
};

static bool is_magic(u32 magic)
{
	return magic == MAGIC_MICRO || magic == MAGIC_NANO || magic == MAGIC_MODIFIED;
}

static bool probe(const u8 *first, size_t n)
{
	return n >= 4 && (is_magic(le32(first)) || is_magic(be32(first)));
}

static int pcap_open(struct source *s)
{
	struct input *in = &s->in;
	struct pcap *c;
	const u8 *at;
	bool big;
	u32 magic;

	if (!input_fill(in, HEADER))
		return source_fail(s, OOPS_SHORT, 0, "the file ends within its header "
				   "of %d octets: there is nothing to read", HEADER);
	at = input_at(in);
	big = is_magic(be32(at));
	magic = big ? be32(at) : le32(at);
	if ((big ? be16(at + 4) : le16(at + 4)) != 2)
		return source_fail(s, OOPS_VERSION, 4, "it is a capture file of version "
				   "%u, and only version 2 is understood",
				   big ? be16(at + 4) : le16(at + 4));
	c = s->own = calloc(1, sizeof *c);
	if (c == NULL)
		return source_fail(s, -ENOMEM, 0, "there is no memory to read it");
	c->big = big;
	c->head = magic == MAGIC_MODIFIED ? RECORD + 8 : RECORD;
	c->fraction_ns = magic == MAGIC_NANO ? 1 : 1000;
	c->link = big ? be16(at + 22) : le16(at + 20);
	c->old = (big ? be16(at + 6) : le16(at + 6)) <= 3;
	in->at += HEADER;
	return 0;
}

/* Records that are here already, until one is not whole or not sane. */
static inline unsigned walk(struct source *s, struct frame *out, unsigned max, const bool big)
{
	const struct pcap *c = s->own;
	struct input *in = &s->in;
	const u8 *p = input_at(in), *end = in->buffer + in->have;
	const u32 head = c->head;
	unsigned n;

	for (n = 0; n < max; n++) {
		u32 cap, len;

		if (unlikely((size_t)(end - p) < head))
			break;
		cap = big ? be32(p + 8) : le32(p + 8);
		len = big ? be32(p + 12) : le32(p + 12);
		if (unlikely(len < cap)) {
			u32 swap = c->old ? cap : len;

			cap = c->old ? len : cap;
			len = swap > cap ? swap : cap;
		}
		if (unlikely(cap > SOURCE_SNAP_MAX || (size_t)(end - p) - head < cap))
			break;
		out[n] = (struct frame){
			.time_ns = (big ? be32(p) : le32(p)) * 1000000000ull
				+ (u64)(big ? be32(p + 4) : le32(p + 4)) * c->fraction_ns,
			.data = p + head, .cap = cap, .len = len,
			.link = c->link, .file = s->file,
			.number = s->number + n + 1,
			.offset = in->offset + (u64)(p - in->buffer),
		};
		p += head + cap;
	}
	in->at = (size_t)(p - in->buffer);
	s->number += n;
	return n;
}

/* Nothing whole is here: more comes (1), the end (0), or trouble. */
static int stuck(struct source *s)
{
	const struct pcap *c = s->own;
	struct input *in = &s->in;
	u64 offset = input_position(in);
	char text[SOURCE_READ_TEXT];
	const u8 *p;
	u32 cap, len;

	if (!input_fill(in, 1) && !in->error) {
		s->over = true;
		return 0;
	}
	if (!input_fill(in, c->head))
		return source_cut(s, offset);
	p = input_at(in);
	cap = c->big ? be32(p + 8) : le32(p + 8);
	len = c->big ? be32(p + 12) : le32(p + 12);
	if (c->old && len < cap)
		cap = len;
	if (cap > SOURCE_SNAP_MAX)
		return source_fail(s, OOPS_FORMAT, offset, "frame %llu (offset %llu) says "
				   "that it has %u octets, more than a frame can: %s",
				   (unsigned long long)s->number + 1,
				   (unsigned long long)offset, cap,
				   source_read_text(s, text));
	if (!input_fill(in, c->head + cap))
		return source_cut(s, offset);
	return 1;
}

static int pcap_read(struct source *s, struct frame *out, unsigned max)
{
	const struct pcap *c = s->own;

	for (;;) {
		unsigned n = c->big ? walk(s, out, max, true) : walk(s, out, max, false);
		int rc;

		if (n)
			return (int)n;
		rc = stuck(s);
		if (rc <= 0)
			return rc;
	}
}

static void pcap_close(struct source *s)
{
	free(s->own);
	s->own = NULL;
}

const struct source_kind source_pcap = {
	.id = "pcap",
	.title = N_("libpcap capture file"),
	.probe = probe,
	.open = pcap_open,
	.read = pcap_read,
	.close = pcap_close,
};
