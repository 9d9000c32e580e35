/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what the rows of source/ share: the octets and the trouble.
 *
 * An input is a buffer with a run of octets; behind it there may be more.
 * input_fill() moves what is left to the front and reads on, so views die with
 * it: a reader fills only before it has put a frame into the batch.
 *
 *   buffer       +at                +have
 *    |   taken    |   here already   |    (ended ? nothing : input_fill)
 *    offset       -> position in the decompressed input
 *
 * Not for other folders. */
#pragma once
#include "source/source.h"

#define SOURCE_TROUBLES_MAX 16		/* told one by one; then they are counted */

struct stream;	/* stream.c: libarchive */

struct input {
	int fd;
	bool apart;		/* a file: read by position, so others may read it as well */
	bool lent;		/* the descriptor is another reader's */
	u8 *buffer;		/* owned */
	size_t at, have, room;
	u64 offset;		/* of buffer[0] */
	u64 raw;		/* octets read from fd */
	u64 size;		/* of the file; 0 = not known */
	u64 limit;		/* octets to read of fd, 0 = all: source_limit() */
	bool ended;		/* nothing comes behind buffer[have] */
	struct stream *stream;	/* NULL: what is read is what there is */
	int error;		/* why it ended early: said once all is read */
	char why[100];
};

struct source {
	const struct source_kind *kind;
	struct input in;
	u16 file;
	u64 number;		/* frames met so far, broken ones too */
	bool over;		/* nothing more can be read */
	unsigned troubles;
	u64 untold;		/* troubles past SOURCE_TROUBLES_MAX */
	struct source_error error;
	void *own;		/* of the kind */
};

static inline const u8 *input_at(const struct input *in)
{
	return in->buffer + in->at;
}
static inline u64 input_position(const struct input *in)
{
	return in->offset + in->at;
}
static inline size_t input_left(const struct input *in)
{
	return in->have - in->at;
}

/* Takes the descriptor: 0, -EISDIR, -ENOMEM. */
int input_open(struct input *in, int fd);
/* Back to the first octet: 0 or -ESPIPE. */
int input_rewind(struct input *in);
void input_close(struct input *in);
/* At least n octets at `at`, when they come: false when the input ends before.
 * n <= SOURCE_BUFFER_MAX. May move the octets. */
bool input_fill(struct input *in, size_t n);
/* Passes over n octets, also more than the buffer holds: false when it ends. */
bool input_skip(struct input *in, u64 n);
/* Ends the input early: `why` is a clause without a subject. */
void input_break(struct input *in, int error, const char *why);
/* Octets as they are in the file: their number, 0 at the end or after an error. */
size_t input_raw(struct input *in, u8 *to, size_t max);

/* From here on the octets (those in the buffer too, nothing may be taken yet) are
 * decompressed: 0 or -ENOMEM. */
int stream_open(struct input *in);
void stream_close(struct input *in);
/* Decompressed octets, as many as one step brings; 0 at the end or after an error. */
size_t stream_read(struct input *in, u8 *to, size_t max);

/* Notes a trouble at `offset` for source_trouble(); returns `code`. After it the
 * source is over; source_hitch() is for trouble after which it goes on. */
int source_fail(struct source *s, int code, u64 offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Returns `code`, or 0 when so many were told that this one is only counted. */
int source_hitch(struct source *s, int code, u64 offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The input ended inside a record that begins at `offset`: says so, or says why it
 * ended early. */
int source_cut(struct source *s, u64 offset);

/* "the 16 frames before it were read", "no frame was read": ends sentences. */
#define SOURCE_READ_TEXT 64
const char *source_read_text(const struct source *s, char to[SOURCE_READ_TEXT]);

extern const struct source_kind source_pcap, source_pcapng;
