/* SPDX-License-Identifier: GPL-3.0-or-later */
/* anchors_fuzz.c - a file of trust anchors from a stranger, as lines or as XML.
 *
 * Laws: XML that has something bad gives no anchor at all; what was read, written as DS
 * lines, is read as the same anchors without a complaint. */
#include "base/buf.h"
#include "verify/dnssec.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

/* Every octet as \DDD: libzscanner refuses some that may stand plain ("e!."). */
static void write_owner(struct buf *out, const struct dnssec_anchor *t)
{
	for (u32 i = 0; t->owner[i]; i += 1 + t->owner[i]) {
		for (u32 k = 1; k <= t->owner[i]; k++)
			buf_fmt(out, "\\%03u", t->owner[i + k]);
		buf_text(out, ".");
	}
	buf_text(out, t->owner_len > 1 ? "" : ".");
}

static void write_line(struct buf *out, const struct dnssec_anchor *t)
{
	write_owner(out, t);
	buf_fmt(out, " IN DS %u %u %u ", t->tag, t->algorithm, t->digest_type);
	for (u32 i = 0; i < t->digest_len; i++)
		buf_fmt(out, "%02x", t->digest[i]);
	buf_text(out, "\n");
}

/* libzscanner knows how long the digests of the types below 5 are, and refuses others. */
static bool writable(const struct dnssec_anchor *t)
{
	static const u8 lengths[] = { 0, 20, 32, 32, 48 };

	if (t->digest_type == 0 || t->digest_len == 0)
		return false;
	return t->digest_type >= COUNT(lengths) ||
		lengths[t->digest_type] == t->digest_len;
}

static void same(const struct dnssec_anchor *a, const struct dnssec_anchor *b)
{
	must(a->owner_len == b->owner_len && memcmp(a->owner, b->owner,
		a->owner_len) == 0);
	must(a->tag == b->tag && a->algorithm == b->algorithm);
	must(a->digest_type == b->digest_type && a->digest_len == b->digest_len);
	must(memcmp(a->digest, b->digest, a->digest_len) == 0);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	struct dnssec_anchors *one = malloc(sizeof *one), *two = malloc(sizeof *two);
	struct buf text = { 0 };
	u32 kept = 0;

	must(one && two && dnssec_anchors_read(one, data, n) == 0);
	must(one->count <= DNSSEC_ANCHORS_MAX);
	must(!one->bad_line || one->why[0]);
	for (u32 i = 0; i < one->count; i++)
		if (writable(&one->at[i])) {
			one->at[kept++] = one->at[i];
			write_line(&text, &one->at[kept - 1]);
		}
	must(dnssec_anchors_read(two, (const u8 *)buf_str(&text), text.len) == 0);
	must(two->bad_line == 0 && two->count == kept);
	for (u32 i = 0; i < kept; i++)
		same(&one->at[i], &two->at[i]);
	buf_free(&text);
	free(one);
	free(two);
	return 0;
}
