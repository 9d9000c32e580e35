/* SPDX-License-Identifier: GPL-3.0-or-later */
/* octets.h - a whole file in memory, also a compressed one.
 *
 * For the small and middling files that stand beside the main input (lists, tables, keys).
 * gzip, xz, zstd, lz4 and bzip2 are unpacked by libarchive; nothing is opened here.
 * Cost: the file, unpacked, and for a moment half of it again. */
#pragma once
#include "base/buf.h"

struct archive;
/* A libarchive reader that takes one file, compressed in any of these ways or not; NULL without
 * memory. */
struct archive *octets_filters(void);

/* Appends what the descriptor holds from where it stands: 0; OOPS_LIMIT past `most` octets,
 * unpacked; OOPS_FORMAT when it cannot be unpacked; -errno. */
int octets_read(struct buf *to, int fd, size_t most);
