/* SPDX-License-Identifier: GPL-3.0-or-later */
/* octets.c - see octets.h. */
#include "base/octets.h"
#include <archive.h>
#include <archive_entry.h>

#define READ_OCTETS (128u << 10)

static int unpack(struct buf *to, struct archive *a, size_t most)
{
	struct archive_entry *entry;
	const void *at;
	size_t n;
	la_int64_t offset;
	int rc = archive_read_next_header(a, &entry);

	if (rc == ARCHIVE_EOF)
		return 0;	/* an empty file */
	if (rc != ARCHIVE_OK)
		return OOPS_FORMAT;
	while ((rc = archive_read_data_block(a, &at, &n, &offset)) == ARCHIVE_OK) {
		if (to->len + n > most)
			return OOPS_LIMIT;
		buf_add(to, at, n);
		if (buf_error(to))
			return buf_error(to);
	}
	return rc == ARCHIVE_EOF ? 0 : OOPS_FORMAT;
}

struct archive *octets_filters(void)
{
	struct archive *a = archive_read_new();

	if (a == NULL)
		return NULL;
	archive_read_support_filter_none(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_format_raw(a);
	archive_read_support_format_empty(a);
	return a;
}

int octets_read(struct buf *to, int fd, size_t most)
{
	struct archive *a = octets_filters();
	int rc;

	if (a == NULL)
		return -ENOMEM;
	to->limit = most + 1;
	rc = archive_read_open_fd(a, fd, READ_OCTETS) == ARCHIVE_OK ? unpack(to, a, most)
								   : OOPS_FORMAT;
	archive_read_free(a);
	return rc;
}
