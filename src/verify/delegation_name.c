/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_name.c - what the name of a server says by itself.
 *
 * Names that no host of the Internet has: special-use ones (RFC 6761 and its registry),
 * a single label, a top-level label that is a number (an address written as a name; RFC
 * 1123, 2.1) or holds what no host name holds. And the public suffix of a name. */
#include "verify/delegation.h"
#include "dns/suffix.h"

static const struct { const char *wire; u8 len; const char *text; } special[] = {
	{ "\5local", 7, N_("local (multicast DNS, RFC 6762)") },
	{ "\11localhost", 11, "localhost (RFC 6761)" },
	{ "\7invalid", 9, "invalid (RFC 6761)" },
	{ "\4test", 6, "test (RFC 6761)" },
	{ "\7example", 9, "example (RFC 6761)" },
	{ "\5onion", 7, "onion (RFC 7686)" },
	{ "\3alt", 5, "alt (RFC 9476)" },
	{ "\10internal", 10, N_("internal (private use, ICANN 2024)") },
	{ "\4home\4arpa", 11, "home.arpa (RFC 8375)" },
	{ "\10resolver\4arpa", 15, "resolver.arpa (RFC 9462)" },
	{ "\7service\4arpa", 14, "service.arpa (RFC 9665)" },
};

/* Does the name end in this one (len with the root's octet)? Its place, or -1. */
static int tail_at(const struct zone_name *n, const u8 *tail, unsigned len)
{
	unsigned at = 0;

	while (at + len < n->len)
		at += 1u + n->wire[at];
	return at + len == n->len && memcmp(n->wire + at, tail, len) == 0 ? (int)at : -1;
}

bool delegation_under(const struct zone_name *n, const struct zone_name *top)
{
	return n->len >= top->len && tail_at(n, top->wire, top->len) >= 0;
}

const char *delegation_special(const struct zone_name *n, const struct zone_name *origin,
			       unsigned *at)
{
	for (size_t i = 0; i < COUNT(special); i++) {
		unsigned len = special[i].len;
		int found;

		if (n->len < len ||
		    memcmp(n->wire + n->len - len, special[i].wire, len) != 0)
			continue;	/* nearly always; labels are looked at only then */
		if ((found = tail_at(n, (const u8 *)special[i].wire, len)) < 0)
			continue;
		*at = (unsigned)found;
		found = tail_at(origin, (const u8 *)special[i].wire, len);
		return found < 0 ? special[i].text : NULL;
	}
	return NULL;
}

unsigned delegation_tail(const struct zone_name *n, unsigned labels)
{
	u8 at[NAME_LABELS_MAX];
	int count = name_labels(n->wire, n->len, at);

	if (labels == 0 || count <= 0)
		return n->len - 1u;
	return labels >= (unsigned)count ? 0 : at[(unsigned)count - labels];
}

/* Where the last label of a name that is not the root begins. */
static const u8 *top_of(const struct zone_name *n)
{
	const u8 *at = n->wire;

	while (at[1u + at[0]])
		at += 1u + at[0];
	return at;
}

bool delegation_tld_listed(const struct delegation *d, const struct zone_name *n)
{
	u8 label[NAME_LABEL_MAX + 9] = { 0 };
	const u8 *top = top_of(n);
	enum suffix_kind kind;
	u64 hash;

	memcpy(label, top + 1, top[0]);
	hash = suffix_hash(suffixes_root(d->in->suffixes), label, top[0]);
	suffix_labels(d->in->suffixes, &hash, 1, &kind);
	return kind != SUFFIX_UNLISTED;
}

const char *delegation_impossible(const struct zone_name *n)
{
	const u8 *top;
	bool digits = true;

	if (n->len <= 1)
		return NULL;
	top = top_of(n);
	for (unsigned i = 1; i <= top[0]; i++) {
		bool digit = top[i] >= '0' && top[i] <= '9';

		digits = digits && digit;
		if (!digit && !(top[i] >= 'a' && top[i] <= 'z') && top[i] != '-')
			return N_("its last label holds what no top-level domain holds");
	}
	if (digits)
		return N_("its last label is a number, as if an address were written as "
			"a name");
	return top == n->wire ? N_("it is a single label") : NULL;
}

unsigned delegation_suffix(const struct delegation *d, const struct zone_name *n,
			   int *kind,
			   unsigned *labels)
{
	u8 at[NAME_LABELS_MAX],
		wire[NAME_WIRE_MAX + 8];	/* read 8 octets past the end */
	u64 hash[SUFFIX_LABELS_MAX], h = suffixes_root(d->in->suffixes);
	int count = name_labels(n->wire, n->len, at);
	unsigned some = count < SUFFIX_LABELS_MAX ? (unsigned)count : SUFFIX_LABELS_MAX;
	enum suffix_kind k = SUFFIX_UNLISTED;
	unsigned found;

	memcpy(wire, n->wire, n->len);
	memset(wire + n->len, 0, 8);
	for (unsigned i = 0; i < some; i++) {
		const u8 *label = wire + at[(unsigned)count - 1 - i];

		hash[i] = h = suffix_hash(h, label + 1, label[0]);
	}
	found = suffix_labels(d->in->suffixes, hash, (unsigned)count, &k);
	*labels = (unsigned)count;
	*kind = (int)k;
	return found;
}

