/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpack.h - octets of a descriptor, decompressed when it begins like gzip, xz, zstd, lz4 or
 * bzip2 (libarchive's filters, also nested; bounds on their memory: source/stream.c).
 *
 * Nothing is mapped: the pages would count as ours. Reads restart after signals. */
#pragma once
#include "base/base.h"

struct unpack_archive;

struct unpack {
	int fd;
	u64 raw;		/* octets read of the descriptor */
	u64 size;		/* of an uncompressed regular file; 0: not known */
	struct unpack_archive *archive;	/* NULL: as it lies */
	u8 first[8];		/* read to see what it is */
	unsigned first_len, first_at;
	bool ended;
	int error;		/* why it ended before its end, or 0 */
	char why[120];
};

/* 0, -ENOMEM, or -errno of the first read; `fd` stays the caller's. */
int unpack_begin(struct unpack *in, int fd);
/* Fills `to` up to `max` octets: how many; fewer only at the end. */
size_t unpack_fill(struct unpack *in, char *to, size_t max);
void unpack_end(struct unpack *in);
