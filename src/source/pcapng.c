/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcapng.c - capture files made of blocks (draft-ietf-opsawg-pcapng).
 *
 *   | section header | interface 0 | interface 1 | packet | packet | ... | section header | ...
 *
 *   block:  | type 4 | total length 4 | body | total length 4 |
 *
 * A section says its byte order and begins with no interfaces; a packet names the
 * interface that says its link type and the unit of its time. Packets come in
 * enhanced, simple and (obsolete) packet blocks. Other blocks are passed over.
 *
 * A broken block is told and passed over by its length; only a length that cannot
 * be (no multiple of 4, shorter than a block) ends the file. A simple packet has
 * no time and gets that of the packet before it. */
#include "source/inside.h"
#include "base/rd.h"

#define SECTION 0x0a0d0d0au
#define ORDER_MAGIC 0x1a2b3c4du
#define INTERFACE 1u
#define PACKET 2u
#define SIMPLE 3u
#define ENHANCED 6u

#define OPTION_TSRESOL 9
#define OPTION_TSOFFSET 14

#define BLOCK_MIN 12
#define BLOCK_MAX (SOURCE_SNAP_MAX + (64u << 10))	/* of a block that is read */
#define LINK_NONE 0xffff

struct interface {
	u16 link;
	u32 snap;		/* 0 = no limit */
	u8 resolution;		/* bit 7: a power of 2, else of 10 */
	i64 offset_s;
};

struct pcapng {
	bool big;
	struct interface *at;	/* owned */
	u32 count, cap;
	u64 last_ns;
};

/* One block: where it is, what it says of itself. */
struct block { const u8 *at; u32 type, total; u64 offset; };

enum step { PASSED, FRAME, WAIT, END };

static u16 get16(const struct pcapng *c, const u8 *p)
{
	return c->big ? be16(p) : le16(p);
}

static u32 get32(const struct pcapng *c, const u8 *p)
{
	return c->big ? be32(p) : le32(p);
}

static bool probe(const u8 *first, size_t n)
{
	return n >= BLOCK_MIN && be32(first) == SECTION &&
	       (be32(first + 8) == ORDER_MAGIC || le32(first + 8) == ORDER_MAGIC);
}

static int pcapng_open(struct source *s)
{
	s->own = calloc(1, sizeof(struct pcapng));
	if (s->own == NULL)
		return source_fail(s, -ENOMEM, 0, "there is no memory to read it");
	return 0;
}

static void pcapng_close(struct source *s)
{
	struct pcapng *c = s->own;

	if (c)
		free(c->at);
	free(c);
	s->own = NULL;
}

/* Units since 1970 in nanoseconds; what does not fit becomes the nearest that does. */
static u64 time_of(const struct interface *i, u64 units)
{
	static const __int128 most = (__int128)UINT64_MAX;
	unsigned n = i->resolution & 0x7f;
	__int128 ns;

	if (i->resolution & 0x80) {
		ns = n > 63 ? 0 : (__int128)(units >> n) * 1000000000 +
			(__int128)(((unsigned __int128)(units & ((1ull << n) - 1))
				    * 1000000000) >> n);
	} else {
		ns = units;
		for (; n < 9; n++)
			ns *= 10;
		for (; n > 9 && ns; n--)
			ns /= 10;
	}
	ns += (__int128)i->offset_s * 1000000000;
	return ns < 0 ? 0 : ns > most ? UINT64_MAX : (u64)ns;
}

/* A hitch is told when no frame of this batch would be lost over it. */
static int hitch(struct source *s, const struct block *b, bool alone, const char *what)
{
	char text[24] = "";
	int rc;

	if (!alone)
		return WAIT;
	if (b->type != INTERFACE && b->type != SECTION)
		snprintf(text, sizeof text, "frame %llu",
			 (unsigned long long)++s->number);
	rc = source_hitch(s, OOPS_FORMAT, b->offset, "%s%sthe block at offset %llu is broken "
			  "(%s) and was passed over", text, *text ? ": " : "",
			  (unsigned long long)b->offset, what);
	return rc ? rc : PASSED;
}

static int section_read(struct source *s, const struct block *b, bool alone)
{
	struct pcapng *c = s->own;

	if (get16(c, b->at + 12) == 1) {
		c->count = 0;
		return PASSED;
	}
	if (!alone)
		return WAIT;
	return source_fail(s, OOPS_VERSION, b->offset, "the section at offset %llu is of "
			   "version %u, and only version 1 is understood",
			   (unsigned long long)b->offset, get16(c, b->at + 12));
}

/* if_tsresol and if_tsoffset: false when the options are broken. */
static bool options_read(const struct pcapng *c, struct interface *i, struct rd r)
{
	while (rd_left(&r) >= 4) {
		const u8 *head = rd_take(&r, 4);
		u16 code = get16(c, head), n = get16(c, head + 2);
		const u8 *value = rd_take(&r, (n + 3u) & ~3u);

		if (code == 0)
			break;
		if (value == NULL)
			return false;
		if (code == OPTION_TSRESOL && n == 1)
			i->resolution = value[0];
		if (code == OPTION_TSOFFSET && n == 8)
			i->offset_s = (i64)(c->big ? be64(value) :
				(u64)le32(value + 4) << 32 | le32(value));
	}
	return true;
}

static bool interface_room(struct pcapng *c)
{
	u32 cap = c->cap ? c->cap * 2 : 8;
	struct interface *at;

	if (c->count < c->cap)
		return true;
	at = realloc(c->at, cap * sizeof *at);
	if (at == NULL)
		return false;
	c->at = at;
	c->cap = cap;
	return true;
}

static int interface_read(struct source *s, const struct block *b, bool alone)
{
	struct pcapng *c = s->own;
	struct interface i = { .link = LINK_NONE, .resolution = 6 };
	const char *wrong = NULL;

	if (c->count == SOURCE_INTERFACES_MAX)
		return hitch(s, b, alone, N_("more interfaces than can be kept"));
	if (b->total < 20) {
		wrong = N_("too short");
	} else {
		i.link = get16(c, b->at + 8);
		i.snap = get32(c, b->at + 12);
		if (!options_read(c, &i, rd_of(b->at + 16, b->total - 20)))
			wrong = N_("its options are longer than it is");
	}
	if (wrong && !alone)
		return WAIT;
	if (!interface_room(c))
		return source_fail(s, -ENOMEM, b->offset, "there is no memory to read on");
	c->at[c->count++] = i;
	return wrong ? hitch(s, b, alone, wrong) : PASSED;
}

/* The two kinds that have an interface and a time differ in one field. */
static const char *timed_read(struct pcapng *c, const struct block *b, struct frame *f)
{
	u32 which;

	if (b->total < 32)
		return N_("too short for a packet");
	which = b->type == ENHANCED ? get32(c, b->at + 8) : get16(c, b->at + 8);
	if (which >= c->count)
		return N_("no such interface");
	f->cap = get32(c, b->at + 20);
	f->len = get32(c, b->at + 24);
	if (f->cap > b->total - 32)
		return N_("the packet is longer than its block");
	f->data = b->at + 28;
	f->link = c->at[which].link;
	f->time_ns = time_of(&c->at[which], (u64)get32(c, b->at + 12) << 32 |
			     get32(c, b->at + 16));
	c->last_ns = f->time_ns;
	return NULL;
}

static const char *simple_read(struct pcapng *c, const struct block *b, struct frame *f)
{
	if (b->total < 16)
		return N_("too short for a packet");
	if (c->count == 0)
		return N_("no interface was described");
	f->len = get32(c, b->at + 8);
	f->cap = b->total - 16;
	if (f->cap > f->len)
		f->cap = f->len;
	if (c->at[0].snap && f->cap > c->at[0].snap)
		f->cap = c->at[0].snap;
	f->data = b->at + 12;
	f->link = c->at[0].link;
	f->time_ns = c->last_ns;
	return NULL;
}

static int packet_block(struct source *s, const struct block *b, struct frame *out, bool alone)
{
	struct pcapng *c = s->own;
	struct frame f = { .file = s->file, .offset = b->offset };
	const char *wrong = b->type == SIMPLE ? simple_read(c, b, &f) : timed_read(c, b, &f);

	if (wrong == NULL && f.cap > SOURCE_SNAP_MAX)
		wrong = N_("more octets than a frame can have");
	if (wrong)
		return hitch(s, b, alone, wrong);
	if (f.len < f.cap)
		f.len = f.cap;
	f.number = ++s->number;
	*out = f;
	return FRAME;
}

static bool is_read(u32 type)
{
	return type == SECTION || type == INTERFACE || type == ENHANCED ||
	       type == SIMPLE || type == PACKET;
}

static int dispatch(struct source *s, const struct block *b, struct frame *out, bool alone)
{
	const struct pcapng *c = s->own;

	if (get32(c, b->at + b->total - 4) != b->total)
		return hitch(s, b, alone, N_("its two lengths are not the same"));
	switch (b->type) {
	case SECTION: return section_read(s, b, alone);
	case INTERFACE: return interface_read(s, b, alone);
	}
	return packet_block(s, b, out, alone);
}

/* n octets are here, or may be brought here: 0, or WAIT, END, trouble. */
static int want(struct source *s, size_t n, bool alone, u64 offset)
{
	struct input *in = &s->in;

	if (input_left(in) >= n)
		return 0;
	if (!alone)
		return WAIT;
	if (input_fill(in, n))
		return 0;
	if (input_left(in) == 0 && in->error == 0 && in->offset + in->at == offset) {
		s->over = true;
		return END;
	}
	return source_cut(s, offset);
}

static int pass(struct source *s, const struct block *b, bool alone)
{
	struct input *in = &s->in;

	if (b->total > input_left(in) && !alone)
		return WAIT;
	if (!input_skip(in, b->total))
		return source_cut(s, b->offset);
	return PASSED;
}

/* The section's own magic says how its length is to be read. */
static int section_order(struct source *s, bool alone, u64 offset)
{
	struct pcapng *c = s->own;
	const u8 *at;
	int rc = want(s, 28, alone, offset);

	if (rc)
		return rc;
	at = input_at(&s->in);
	if (be32(at + 8) != ORDER_MAGIC && le32(at + 8) != ORDER_MAGIC)
		return !alone ? WAIT : source_fail(s, OOPS_FORMAT, offset, "the section at "
				"offset %llu has no byte order: the rest cannot be read",
				(unsigned long long)offset);
	c->big = be32(at + 8) == ORDER_MAGIC;
	return 0;
}

static int block_next(struct source *s, struct block *b, bool alone)
{
	struct pcapng *c = s->own;
	struct input *in = &s->in;
	char text[SOURCE_READ_TEXT];
	int rc;

	b->offset = input_position(in);
	rc = want(s, BLOCK_MIN, alone, b->offset);
	if (rc == 0 && be32(input_at(in)) == SECTION)
		rc = section_order(s, alone, b->offset);
	if (rc)
		return rc;
	b->at = input_at(in);
	b->type = get32(c, b->at);
	b->total = get32(c, b->at + 4);
	if (b->total >= (b->type == SECTION ? 28 : BLOCK_MIN) && b->total % 4 == 0)
		return 0;
	if (!alone)
		return WAIT;
	return source_fail(s, OOPS_FORMAT, b->offset, "the block at offset %llu says that it "
			   "has %u octets, which cannot be: %s",
			   (unsigned long long)b->offset, b->total,
			   source_read_text(s, text));
}

static int step(struct source *s, struct frame *out, bool alone)
{
	struct block b;
	int rc = block_next(s, &b, alone);

	if (rc)
		return rc;
	if (!is_read(b.type))
		return pass(s, &b, alone);
	if (b.total > BLOCK_MAX) {
		rc = hitch(s, &b, alone, N_("longer than such a block can be"));
		if (rc != WAIT && !input_skip(&s->in, b.total))
			return source_cut(s, b.offset);
		return rc;
	}
	rc = want(s, b.total, alone, b.offset);
	if (rc)
		return rc;
	b.at = input_at(&s->in);
	rc = dispatch(s, &b, out, alone);
	if (rc != WAIT)
		s->in.at += b.total;
	return rc;
}

static int pcapng_read(struct source *s, struct frame *out, unsigned max)
{
	unsigned n = 0;

	while (n < max) {
		int rc = step(s, &out[n], n == 0);

		if (rc == FRAME)
			n++;
		else if (rc == WAIT || rc == END)
			break;
		else if (rc < 0)
			return rc;
	}
	return (int)n;
}

const struct source_kind source_pcapng = {
	.id = "pcapng",
	.title = N_("pcapng capture file"),
	.probe = probe,
	.open = pcapng_open,
	.read = pcapng_read,
	.close = pcapng_close,
};
