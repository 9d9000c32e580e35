/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subname.c - the form of a sub-domain: a reversed address, or so many bits.
 *
 *   4.3.2.1.zen.example.org          numeric: four numbers, then little else (three and more
 *                                    below arpa, where the registered domain takes one)
 *   b.a.9.8.[28 more].example.org    numeric: 32 digits or the 16 of a prefix, of an address
 *                                    that is in use; below arpa any number of them
 *   7.6.5.4.3.2.1.e164.example.org   numeric: a telephone number (RFC 6116, 3.2), 7 to 15 digits
 *   4.x.2.q.[20 more].example.org    data: nobody gives names so many labels
 *   482039482304823042.example.org   data: nobody gives names such long numbers
 *   shop.example.com.dbl.example.org nested: a whole name below a list's zone, or below the
 *                                    suffix that a resolver library appends
 *
 * Bits come from charmodel.h otherwise. Called for names that a sample has not seen. */
#include "dns/subname.h"
#include "dns/charmodel.h"

#define NUMBERS_MIN 3	/* labels below arpa */
#define NUMBERS_V4 4
#define NIBBLES 32
#define DIGITS_MIN 7
#define DIGITS_MAX 15	/* ITU-T E.164 */
#define OTHERS_MAX 36	/* octets of the other labels: zone and key of a block list */

static bool is_decimal(const u8 *label, unsigned len)
{
	unsigned value = 0;

	for (unsigned i = 0; i < len; i++) {
		if (label[i] < '0' || label[i] > '9')
			return false;
		value = value * 10 + label[i] - '0';
	}
	return len > 0 && len <= 3 && value <= 255;
}

static bool is_nibble(const u8 *label, unsigned len)
{
	return len == 1 && ((label[0] >= '0' && label[0] <= '9') ||
			    (label[0] >= 'a' && label[0] <= 'f'));
}

static bool below_arpa(const struct qname *q)
{
	return q->len >= 6 && memcmp(q->lower + q->len - 6, "\4arpa", 6) == 0;
}

/* Outside arpa nibbles are a whole IPv6 address or its /64, and the first digit is one that
 * addresses have (RFC 4291: 2000::/3, fc00::/7, fe80::/10): data would have any. */
static bool nibbles_fit(unsigned count, u8 first)
{
	return (count == NIBBLES || count == NIBBLES / 2) &&
	       (first == '2' || first == '3' || first == 'f');
}

/* Reverse zones also have labels of delegation (RFC 2317) and of services between. */
static bool numeric_in_arpa(const struct qname *q)
{
	unsigned numbers = 0, others = 0;

	for (unsigned i = 0; i < q->domain_at; i += 1u + q->lower[i]) {
		const u8 *label = q->lower + i + 1;

		if (is_nibble(label, q->lower[i]) || is_decimal(label, q->lower[i]))
			numbers++;
		else
			others += 1u + q->lower[i];
	}
	return numbers >= NUMBERS_MIN && numbers <= NIBBLES && others <= OTHERS_MAX;
}

bool subname_numeric(const struct qname *q, unsigned *rest)
{
	unsigned numbers = 0, nibbles = 0, digits = 0, at = 0;
	u8 first = 0;

	*rest = 0;
	if (below_arpa(q))
		return numeric_in_arpa(q);
	for (; at < q->domain_at; at += 1u + q->lower[at]) {
		const u8 *label = q->lower + at + 1;
		bool nibble = is_nibble(label, q->lower[at]);

		if (!nibble && !is_decimal(label, q->lower[at]))
			break;
		numbers++;
		nibbles += nibble;
		digits += nibble && label[0] <= '9';
		first = label[0];
	}
	*rest = q->domain_at - at;
	if (*rest > OTHERS_MAX)
		return false;
	if (digits == numbers && numbers >= DIGITS_MIN && numbers <= DIGITS_MAX)
		return true;
	return numbers == NUMBERS_V4 || (nibbles == numbers && nibbles_fit(numbers, first));
}

unsigned subname_rest(const struct qname *q)
{
	unsigned longest = 0, end = 0;

	for (unsigned i = 0; i < q->domain_at; i += 1u + q->lower[i])
		if (q->lower[i] >= longest) {
			longest = q->lower[i];
			end = i + 1u + longest;
		}
	return q->domain_at - end;
}

#define LABELS_MANY 11	/* more than names have that people build, with all their search suffixes */
#define NUMBER_MIN 16	/* digits: longer than dates and telephone numbers */
#define DATA_BITS (6 * CHARMODEL_BIT)	/* an octet: as much as letters drawn by lot take */

static bool long_number(const u8 *label, unsigned len)
{
	unsigned digits = 0;

	while (digits < len && label[digits] >= '0' && label[digits] <= '9')
		digits++;
	return digits == len && len >= NUMBER_MIN;
}

/* The underscore of a service name (RFC 8552) is a sign, not data. */
static unsigned label_bits(const u8 *label, unsigned len)
{
	bool service = len > 1 && label[0] == '_';

	if (long_number(label, len))
		return len * DATA_BITS;
	return charmodel_bits(label + service, len - (unsigned)service);
}

bool subname_nested(const struct qname *q)
{
	for (unsigned i = 0; i < q->domain_at; i += 1u + q->lower[i]) {
		const char *label = (const char *)q->lower + i + 1;

		if (i && q->lower[i] == 3 && (memcmp(label, "com", 3) == 0 ||
		    memcmp(label, "net", 3) == 0 || memcmp(label, "org", 3) == 0))
			return true;
	}
	return false;
}

unsigned subname_bits(const struct qname *q, unsigned octets)
{
	unsigned bits = 0, rest;

	if (q->sub_labels >= LABELS_MANY && !subname_numeric(q, &rest))
		return octets * DATA_BITS / CHARMODEL_BIT;
	for (unsigned i = 0; i < octets; i += 1u + q->lower[i])
		bits += label_bits(q->lower + i + 1, q->lower[i]);
	return min_u64(bits / CHARMODEL_BIT, UINT16_MAX);
}
