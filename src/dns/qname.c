/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qname.c - see qname.h. */
#include "dns/qname.h"
#include "dns/name.h"

#define EACH(byte) (0x0101010101010101ull * (byte))

/* Lower-cases the ASCII letters of eight octets at once and counts them: 0x80 is
 * set where 'A' <= octet <= 'Z', and 0x20 added there. Length octets are below
 * 'A', so whole names go through. */
static inline u64 lower8(u64 v, unsigned *upper)
{
	u64 low = v & EACH(0x7f);
	u64 is = (low + EACH(0x80 - 'A')) & ~(low + EACH(0x7f - 'Z')) & ~v & EACH(0x80);

	if (unlikely(is))
		*upper += (unsigned)__builtin_popcountll(is);
	return v | is >> 2;
}

/* Eight octets of the name from i on, no octet behind it being touched; zeros there. */
static inline u64 load8(const u8 *wire, unsigned i, unsigned len)
{
	u64 v = 0;

	if (likely(i + 8 <= len)) {
		memcpy(&v, wire + i, 8);
	} else if (len >= 8) {
		memcpy(&v, wire + len - 8, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		v <<= 8 * (i + 8 - len);
#else
		v >>= 8 * (i + 8 - len);
#endif
	} else {
		memcpy(&v, wire + i, len - i);
	}
	return v;
}

static inline unsigned lower_copy(u8 *to, const u8 *wire, unsigned len)
{
	unsigned upper = 0, i;

	for (i = 0; i < len; i += 8) {
		u64 v = lower8(load8(wire, i, len), &upper);

		memcpy(to + i, &v, 8);
	}
	memset(to + i, 0, 8);
	return upper;
}

void qname_lower(struct qname *q, u8 to[QNAME_LOWER])
{
	lower_copy(to, q->wire, q->len);
	q->lower = to;
}

void qname_read(struct qname *ret, const struct suffixes *s, const u8 *wire, unsigned len)
{
	u8 at[NAME_LABELS_MAX + 1], lower[QNAME_LOWER];
	u64 h = suffixes_root(s), right[SUFFIX_LABELS_MAX + 2] = { h };
	unsigned labels = 0, known;
	enum suffix_kind kind;

	ret->wire = wire;
	ret->lower = NULL;
	ret->len = (u8)len;
	ret->upper = (u8)min_u64(lower_copy(lower, wire, len), 255);
	for (unsigned i = 0; i + 1 < len && labels < NAME_LABELS_MAX; i += 1u + lower[i])
		at[labels++] = (u8)i;
	ret->labels = (u8)labels;
	for (unsigned i = 1; i <= labels; i++) {
		const u8 *label = lower + at[labels - i];

		h = suffix_hash(h, label + 1, label[0]);
		if (i <= SUFFIX_LABELS_MAX + 1)
			right[i] = h;
	}
	ret->hash = h;
	known = suffix_labels(s, right + 1, labels, &kind);
	ret->listed = (u8)kind;
	ret->suffix = right[known];
	if (known < labels)
		known++;
	else if (labels == 1 && !ret->listed)
		known = 0;
	ret->domain = right[known];
	ret->sub_labels = (u8)(labels - known);
	ret->domain_at = known ? at[labels - known] : (u8)(len - 1);
}
