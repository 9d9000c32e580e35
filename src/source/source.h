/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.h - what every input looks like: one file and one row in source.c.
 *
 * A source turns a descriptor into frames, in the order of the input. It opens
 * nothing by itself (the descriptor comes from outside the sandbox), reads no
 * clock and holds at most SOURCE_BUFFER_MAX octets beside what a decompressor
 * needs. Files, pipes and compressed inputs (gzip, xz, zstd, lz4, bzip2 by
 * libarchive) are read the same way: into one buffer, by read().
 *
 *   fd -> [decompress ->] probe: which row knows the first octets? -> frames */
#pragma once
#include "packet/frame.h"

#define SOURCE_SNAP_MAX (256u << 10)	/* octets in one frame; more is malformed */
#define SOURCE_BUFFER_MAX (4u << 20)
#define SOURCE_INTERFACES_MAX 4096u	/* pcapng interfaces in one section */
#define SOURCE_PROBE 64			/* octets a probe may look at */

struct source;

/* What went wrong with an input, for one clear sentence. */
struct source_error {
	int code;	/* 0, negative errno or oops */
	u64 offset;	/* in the decompressed input */
	u64 frame;	/* the last frame before it, from 1; 0 = none */
	bool goes_on;	/* the next source_read() reads what follows */
	char text[160];	/* what is wrong and what becomes of the rest */
};

struct source_kind {
	const char *id;		/* "pcap" */
	const char *title;	/* "libpcap capture file" */
	bool (*probe)(const u8 *first, size_t n);
	int (*open)(struct source *s);	/* may allocate s->own */
	/* Frames into out[0..max-1]; their number, 0 at the end, negative on a
	 * broken input (s->error says more). After an error from which the format
	 * can go on, the next call goes on. */
	int (*read)(struct source *s, struct frame *out, unsigned max);
	void (*close)(struct source *s);
};

extern const struct source_kind *const source_kinds[];	/* NULL-terminated */

/* Opens the descriptor (owned by the source from now on, also on failure).
 * `file` is the number that frames carry. 0, or negative with *error filled. */
int source_open(struct source **ret, int fd, u16 file, struct source_error *error);
struct source *source_close(struct source *s);	/* takes NULL, gives NULL */

/* Frames into out[0..max-1] (max >= 1): their number, 0 at the end of input,
 * negative on trouble; source_trouble() then says what, and whether reading goes
 * on. Frames before the trouble are given first; after the last trouble comes 0.
 * Views are good until the next call. */
int source_read(struct source *s, struct frame *out, unsigned max);
const struct source_error *source_trouble(const struct source *s);

/* One more reader of the file that `first` reads, with a place of its own: from the first
 * frame, as far as source_limit() lets `first`, whose descriptor it uses (close `first` last).
 * 0; -ESPIPE of what is no plain file (a pipe, or compressed: each reader would decompress
 * all of it); or as source_open(), when the file was changed meanwhile. */
int source_open_again(struct source **ret, const struct source *first);

/* Reads no more than this many octets of the descriptor (not decompressed): for several
 * readers of one file that may still grow. Call it before the first read. */
void source_limit(struct source *s, u64 octets);

/* Back to the first frame, for a second look: 0, -ESPIPE for pipes, or what
 * source_open() would say of a file that was changed meanwhile. */
int source_rewind(struct source *s);

/* The row that reads it. */
const struct source_kind *source_kind_of(const struct source *s);
/* Octets of the (compressed) input read so far, and in all (0 = not known). */
void source_progress(const struct source *s, u64 *done, u64 *all);

/* Several sources as one, merged by time; equal times in the order given; the
 * order inside a source is kept. merge_open() takes the sources over when it
 * succeeds. merge_read() as source_read(); on negative, *which (a place in
 * `sources`) had the trouble, and the next call goes on with what can be read:
 * 0 comes when all have ended. */
struct merge;
int merge_open(struct merge **ret, struct source *const *sources, unsigned n);
struct merge *merge_close(struct merge *m);	/* takes NULL, gives NULL */
int merge_read(struct merge *m, struct frame *out, unsigned max, unsigned *which);
/* One of the sources, for its trouble and progress; still the merge's. */
struct source *merge_source(const struct merge *m, unsigned which);
