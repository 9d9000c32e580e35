/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoded.c - see encoded.h.
 *
 *   "IP 192.0.2.4 is listed, see https://list.example/query"     short words: text
 *   "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC"                   one long run: data
 *   CNAME h3k2p9x8m5v1q7w4.t.example                             its labels: data
 *
 * A run is a row of letters, digits and the signs that encodings use. It is data when it is long
 * and takes as many bits an octet as a name that counts as encoded. Whoever puts a space after
 * every few letters looks like text: that costs a sixth of the line and leaves a hint
 * (detect/tunnel.c).
 *
 * Addresses that are data are drawn from all there are. A service answers with addresses where
 * somebody listens; one in eight of those drawn is where nobody can, of IPv6 seven in eight.
 *
 * Called for records that no sample has seen. */
#include "dns/encoded.h"
#include "dns/charmodel.h"
#include "dns/rdata.h"
#include "dns/rrtype.h"

#define RUN_MIN 20	/* octets: longer than words, numbers and host names */
#define BITS 11		/* for two octets: 5.5 each, as tunnel.density has it */

static bool of_run(u8 c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
}

static bool dense(const u8 *at, unsigned n)
{
	u64 bits = 0;

	for (unsigned i = 0; i < n; i += CHARMODEL_LABEL_MAX)
		bits += charmodel_bits(at + i, n - i < CHARMODEL_LABEL_MAX ?
				       n - i : CHARMODEL_LABEL_MAX);
	return bits * 2 >= (u64)n * BITS * CHARMODEL_BIT;
}

/* Octets of a string that are no text. */
static unsigned not_text(const u8 *at, unsigned n)
{
	unsigned data = 0, run;

	for (unsigned i = 0; i < n; i += run ? run : 1) {
		for (run = 0; i + run < n && of_run(at[i + run]);)
			run++;
		if (run == 0)
			data += at[i] < 0x20 || at[i] >= 0x7f;
		else if (run >= RUN_MIN && dense(at + i, run))
			data += run;
	}
	return data;
}

static bool encoded_text(const u8 *at, unsigned n)
{
	unsigned data = 0;

	for (unsigned i = 0; i < n; i += 1u + at[i])
		data += not_text(at + i + 1, at[i] < n - i - 1 ? at[i] : n - i - 1);
	return 2 * data >= n;
}

/* The labels that are written out; a pointer ends them. */
static bool encoded_name(const u8 *at, unsigned n)
{
	unsigned data = 0, i = 0;

	for (; i < n && at[i] > 0 && at[i] < 64 && at[i] < n - i; i += 1u + at[i])
		data += dense(at + i + 1, at[i]) ? 1u + at[i] : 0;
	return i > 0 && 2 * data >= i;
}

bool encoded_record(u16 type, const u8 *at, unsigned n)
{
	const struct rdata_layout *l = rdata_layout(type);

	if (type == TYPE_A || type == TYPE_AAAA || type == TYPE_NS || type == TYPE_SOA)
		return false;
	if (type == TYPE_TXT || type == 99)	/* SPF */
		return encoded_text(at, n);
	if (l->kind == RDATA_NAMES && l->post == 0)
		return n > l->pre && encoded_name(at + l->pre, n - l->pre);
	return true;
}

bool encoded_line(u16 type, const u8 *at, unsigned n)
{
	return (type == TYPE_TXT || type == 99) && n > 2 && memchr(at + 1, ' ', n - 1) != NULL;
}

/* RFC 4291, 2.4; RFC 4193; RFC 6052; RFC 4291, 2.5.5.2 */
static bool nowhere6(const u8 *at)
{
	static const u8 zeros[12], nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if ((at[0] & 0xe0) == 0x20 || (at[0] & 0xfe) == 0xfc || at[0] == 0xfe)
		return false;
	return memcmp(at, zeros, 10) != 0 && memcmp(at, nat64, 12) != 0;
}

bool encoded_nowhere(u16 type, const u8 *at, unsigned n)
{
	if (type == TYPE_A && n == 4)
		return at[0] >= 224;	/* RFC 5771, RFC 1112, 4 */
	return type == TYPE_AAAA && n == 16 && nowhere6(at);
}
