/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpack.c - see unpack.h. */
#include "zone/unpack.h"
#include "base/octets.h"
#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

struct unpack_archive {
	struct archive *archive;
	const u8 *block;	/* decompressed, not yet given out */
	size_t left;
	u8 read[128u << 10];
};

static void break_off(struct unpack *in, int error, const char *why)
{
	in->ended = true;
	in->error = error;
	snprintf(in->why, sizeof in->why, "%s", why);
}

/* What one read gives: octets, 0 at the end or when it is broken. */
static size_t read_raw(struct unpack *in, void *to, size_t max)
{
	size_t n = min_u64(in->first_len - in->first_at, max);
	ssize_t got;

	if (n) {
		memcpy(to, in->first + in->first_at, n);
		in->first_at += (unsigned)n;
		return n;
	}
	do
		got = read(in->fd, to, max);
	while (got == -1 && errno == EINTR);
	if (got < 0) {
		break_off(in, -errno, strerror(errno));
		return 0;
	}
	in->raw += (u64)got;
	return (size_t)got;
}

static la_ssize_t read_packed(struct archive *a, void *to, const void **at)
{
	struct unpack *in = to;
	size_t n = read_raw(in, in->archive->read, sizeof in->archive->read);

	*at = in->archive->read;
	if (n == 0 && in->error) {
		archive_set_error(a, -in->error, "%s", in->why);
		return -1;
	}
	return (la_ssize_t)n;
}

static void give_up(struct unpack *in)
{
	const char *why = archive_error_string(in->archive->archive);

	break_off(in, -EIO, why ? why : N_("it cannot be decompressed"));
}

static int archive_begin(struct unpack *in)
{
	struct archive_entry *entry;
	struct archive *a;
	int rc;

	if ((in->archive = calloc(1, sizeof *in->archive)) == NULL)
		return -ENOMEM;
	if ((a = in->archive->archive = octets_filters()) == NULL)
		return -ENOMEM;
	rc = archive_read_open(a, in, NULL, read_packed, NULL);
	if (rc == ARCHIVE_OK)
		rc = archive_read_next_header(a, &entry);
	if (rc < ARCHIVE_WARN)
		give_up(in);
	in->ended |= rc == ARCHIVE_EOF;
	return 0;
}

/* No zone text begins like this: the second octets are no text, "BZh" is no record. */
static bool is_packed(const u8 *p, unsigned n)
{
	static const struct { u8 n, magic[6]; } rows[] = {
		{ 2, { 0x1f, 0x8b } },
		{ 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
		{ 4, { 0x28, 0xb5, 0x2f, 0xfd } },
		{ 4, { 0x04, 0x22, 0x4d, 0x18 } },
	};

	for (unsigned i = 0; i < COUNT(rows); i++)
		if (n >= rows[i].n && memcmp(p, rows[i].magic, rows[i].n) == 0)
			return true;
	return n >= 8 && memcmp(p, "BZh", 3) == 0 && p[3] >= '1' && p[3] <= '9' &&
	       (memcmp(p + 4, "1AY&", 4) == 0 || memcmp(p + 4, "\x17\x72\x45\x38", 4) == 0);
}

int unpack_begin(struct unpack *in, int fd, u64 *left)
{
	struct stat st;

	*in = (struct unpack){ .fd = fd, .left = left };
	while (in->first_len < sizeof in->first && !in->ended) {
		u8 some[sizeof in->first];
		size_t n = read_raw(in, some, sizeof some - in->first_len);

		memcpy(in->first + in->first_len, some, n);
		in->first_len += (unsigned)n;
		in->first_at = in->first_len;	/* these are not read again before all are */
		if (n == 0)
			break;
	}
	in->first_at = 0;
	if (in->error)
		return in->error;
	if (is_packed(in->first, in->first_len))
		return archive_begin(in);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		in->size = (u64)st.st_size;
	return 0;
}

/* Octets that may still be unpacked; ends it when there are none. */
static u64 may_unpack(struct unpack *in)
{
	u64 most = max_u64(UNPACK_FREE, in->raw * UNPACK_RATIO);
	u64 left = in->left ? *in->left : UINT64_MAX;
	char why[sizeof in->why];

	if (left == 0) {
		break_off(in, OOPS_LIMIT, N_("it unpacks to more than --unpacked allows; "
			  "the rest is left out"));
	} else if (in->out >= most) {
		snprintf(why, sizeof why, N_("it unpacks to more than %u times its size; "
			 "the rest is left out"), UNPACK_RATIO);
		break_off(in, OOPS_LIMIT, why);
	}
	return in->ended ? 0 : min_u64(left, most - in->out);
}

static size_t fill_unpacked(struct unpack *in, char *to, size_t max)
{
	struct unpack_archive *a = in->archive;
	size_t n;

	while (a->left == 0 && !in->ended) {
		const void *at;
		la_int64_t offset;
		int rc = archive_read_data_block(a->archive, &at, &a->left, &offset);

		a->block = at;
		if (rc == ARCHIVE_EOF) {
			in->ended = true;
			a->left = 0;
		} else if (rc < ARCHIVE_WARN) {
			give_up(in);
			a->left = 0;
		}
	}
	if (a->left == 0 || (n = min_u64(min_u64(a->left, max), may_unpack(in))) == 0)
		return 0;
	memcpy(to, a->block, n);
	a->block += n;
	a->left -= n;
	in->out += n;
	if (in->left)
		*in->left -= n;
	return n;
}

size_t unpack_fill(struct unpack *in, char *to, size_t max)
{
	size_t n = 0;

	while (n < max) {
		size_t got = in->archive ? fill_unpacked(in, to + n, max - n) :
			     in->ended ? 0 : read_raw(in, to + n, max - n);

		if (got == 0) {
			in->ended = true;
			break;
		}
		n += got;
	}
	return n;
}

void unpack_end(struct unpack *in)
{
	if (in->archive) {
		archive_read_free(in->archive->archive);
		free(in->archive);
	}
	in->archive = NULL;
}
