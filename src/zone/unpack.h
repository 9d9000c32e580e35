/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpack.h - octets of a descriptor, decompressed when it begins like gzip, xz, zstd, lz4 or
 * bzip2 (libarchive's filters, also nested; bounds on their memory: source/stream.c).
 *
 * Nothing is mapped: the pages would count as ours. Reads restart after signals.
 *
 * A few octets can unpack to a lot of them, so there are two bounds: UNPACK_RATIO, once
 * UNPACK_FREE came out of a file (zone text packs 5 to 30 times, at most a hundred when a
 * generator wrote it), and what the caller has left for all its files. */
#pragma once
#include "base/base.h"

#define UNPACK_RATIO 250u		/* octets out for one in */
#define UNPACK_FREE (256ull << 20)	/* that may come out at any ratio */

struct unpack_archive;

struct unpack {
	int fd;
	u64 raw;		/* octets read of the descriptor */
	u64 size;		/* of an uncompressed regular file; 0: not known */
	struct unpack_archive *archive;	/* NULL: as it lies */
	u64 out;		/* octets that were unpacked */
	u64 *left;		/* that may be, by all files of the caller; NULL: any number */
	u8 first[8];		/* read to see what it is */
	unsigned first_len, first_at;
	bool ended;
	int error;		/* why it ended before its end, or 0; OOPS_LIMIT: a bound */
	char why[120];
};

/* 0, -ENOMEM, or -errno of the first read; `fd` and `left` stay the caller's. */
int unpack_begin(struct unpack *in, int fd, u64 *left);
/* Fills `to` up to `max` octets: how many; fewer only at the end. */
size_t unpack_fill(struct unpack *in, char *to, size_t max);
void unpack_end(struct unpack *in);
