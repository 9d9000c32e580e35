/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.c - compressed inputs, by libarchive: its raw format with the filters
 * gzip, xz, zstd, lz4 and bzip2, also nested.
 *
 * Memory is the filter's own: the window of the compressor, 64 KiB for gzip and
 * lz4, 8 MiB for an ordinary xz or zstd, at most 128 MiB for zstd and 1 GiB for
 * xz (the libraries' bounds). No child process is started. Octets from before a
 * broken place are given out first, save what the filter itself holds back: up to
 * 64 KiB for gzip, one block (64 KiB to 4 MiB) for lz4, 900 kB for bzip2. */
#include "base/octets.h"
#include "source/inside.h"
#include <archive.h>
#include <archive_entry.h>

#define READ_OCTETS (128u << 10)

struct stream {
	struct archive *archive;
	struct input *in;
	u8 *first;		/* octets that were read before decompression began */
	size_t first_octets;
	const u8 *block;	/* decompressed, not yet given out */
	size_t block_left;
	bool ended;
	u8 read[READ_OCTETS];
};

static la_ssize_t read_some(struct archive *a, void *to, const void **at)
{
	struct stream *t = to;
	size_t n = t->first_octets;

	if (n) {
		t->first_octets = 0;
		*at = t->first;
		return (la_ssize_t)n;
	}
	*at = t->read;
	n = input_raw(t->in, t->read, sizeof t->read);
	if (n == 0 && t->in->error) {
		archive_set_error(a, -t->in->error, "%s", t->in->why);
		return -1;
	}
	return (la_ssize_t)n;
}

static void give_up(struct stream *t)
{
	const char *why = archive_error_string(t->archive);
	int error = archive_errno(t->archive);

	t->ended = true;
	input_break(t->in, error > 0 ? -error : -EIO, why ? why : N_("it cannot be "
		"decompressed"));
}

int stream_open(struct input *in)
{
	struct archive_entry *entry;
	struct stream *t = calloc(1, sizeof *t);
	int rc;

	if (t == NULL)
		return -ENOMEM;
	in->stream = t;
	t->in = in;
	t->archive = octets_filters();
	t->first = malloc(in->have ? in->have : 1);
	if (t->archive == NULL || t->first == NULL)
		return -ENOMEM;
	memcpy(t->first, in->buffer, in->have);
	t->first_octets = in->have;
	in->at = in->have = 0;
	in->offset = 0;
	in->ended = false;
	rc = archive_read_open(t->archive, t, NULL, read_some, NULL);
	if (rc == ARCHIVE_OK)
		rc = archive_read_next_header(t->archive, &entry);
	if (rc < ARCHIVE_WARN)
		give_up(t);
	t->ended |= rc == ARCHIVE_EOF;
	return 0;
}

void stream_close(struct input *in)
{
	struct stream *t = in->stream;

	if (t == NULL)
		return;
	archive_read_free(t->archive);
	free(t->first);
	free(t);
	in->stream = NULL;
}

/* The next block: what one read brought, so that a live pipe is not waited for. */
static void next_block(struct stream *t)
{
	const void *at;
	size_t n;
	la_int64_t offset;
	int rc = archive_read_data_block(t->archive, &at, &n, &offset);

	if (rc == ARCHIVE_EOF) {
		t->ended = true;
	} else if (rc < ARCHIVE_WARN) {
		give_up(t);
	} else {
		t->block = at;
		t->block_left = n;
	}
}

size_t stream_read(struct input *in, u8 *to, size_t max)
{
	struct stream *t = in->stream;
	size_t n;

	while (t->block_left == 0 && !t->ended)
		next_block(t);
	n = min_u64(t->block_left, max);
	if (n == 0)
		return 0;
	memcpy(to, t->block, n);
	t->block += n;
	t->block_left -= n;
	return n;
}
