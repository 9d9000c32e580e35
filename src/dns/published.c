/* SPDX-License-Identifier: GPL-3.0-or-later */
/* published.c - see published.h.
 *
 * Mail servers and certificate authorities fetch keys and tokens of thousands of customers from
 * one provider's domain: names by lot, answers that differ every time. Signatures come with
 * every answer of a signed zone. Only their form tells them from what a far end says. Anybody
 * can write that form: what there is of it beyond an allowance is a hint (detect/tunnel.c). The
 * lists are short.
 *
 * Called for records that no sample has seen; looks at the first string of a text, but for the
 * attributes of services. */
#include "dns/published.h"
#include "base/rd.h"
#include "dns/rrtype.h"
#include <strings.h>

static const char *const versions[] = {
	"v=DKIM1", "v=spf1", "v=DMARC1", "v=STSv1", "v=TLSRPTv1", "v=BIMI1",
	"k=rsa", "k=ed25519",	/* RFC 6376, 3.6.1: a key's tags come in any order */
	"enr:", "enrtree",	/* EIP-1459: nodes, and the tree that leads to them */
};

static bool is_base64(u8 c, bool url)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return true;
	return url ? c == '-' || c == '_' : c == '+' || c == '/' || c == '=';
}

static bool all_base64(const u8 *at, unsigned n, bool url)
{
	for (unsigned i = 0; i < n; i++)
		if (!is_base64(at[i], url))
			return false;
	return n > 0;
}

#define TOKEN_LEN 43	/* RFC 8555, 8.4: base64url of a SHA-256 digest */
#define CLAIM_MAX 64	/* octets in which a claim names itself: "google-site-verification=" */
#define CLAIM_LEN 128	/* and of all of it */

#define PAIRS_MIN 3
#define KEY_MAX 20

/* Attributes of a service, "key=value" or "key", a string each (RFC 6763, 6.3 and 6.4). */
static bool are_pairs(const u8 *at, unsigned n)
{
	unsigned pairs = 0;

	for (unsigned i = 0; i < n; i += 1u + at[i], pairs++) {
		const u8 *key = at + i + 1;
		unsigned len = at[i], k = 0;

		if (len == 0 || len > n - i - 1)
			return false;
		while (k < len && key[k] >= 0x20 && key[k] < 0x7f && key[k] != '=')
			k++;
		if (k == 0 || k > KEY_MAX || (k < len && key[k] != '='))
			return false;
	}
	return pairs >= PAIRS_MIN;
}

/* A token that claims a domain for a service; by custom the tag says so. */
static bool is_claim(const u8 *at, unsigned n)
{
	unsigned most = n < CLAIM_MAX ? n : CLAIM_MAX;

	return n <= CLAIM_LEN && memmem(at, most, "verification=", 13) != NULL;
}

bool published_text(const u8 *at, unsigned n)
{
	unsigned len = n ? at[0] : 0;

	if (n == 0 || len > n - 1)
		return false;
	if (are_pairs(at, n))
		return true;
	at++;
	for (unsigned i = 0; i < COUNT(versions); i++)
		if (len >= strlen(versions[i]) &&
		    strncasecmp((const char *)at, versions[i], strlen(versions[i])) == 0)
			return true;
	if (len > 2 && at[0] == 'p' && at[1] == '=')
		return all_base64(at + 2, len - 2, false);
	if (len == TOKEN_LEN && n == 1 + TOKEN_LEN)
		return all_base64(at, len, true);
	return is_claim(at, len);
}

/* --- other types ----------------------------------------------------------- */

#define ALGORITHM_MAX 17	/* of signatures (IANA, DNSSEC algorithm numbers) */

static bool is_algorithm(u8 a)
{
	return a > 0 && a <= ALGORITHM_MAX;
}

/* Octets of a digest by its number in a DS record; 0 = no such digest. */
static unsigned digest_len(u8 kind)
{
	static const u8 len[] = { 0, 20, 32, 32, 48, 32, 32 };

	return kind < COUNT(len) ? len[kind] : 0;
}

/* RFC 4034, 5.1 */
static bool is_ds(const u8 *at, unsigned n)
{
	return n > 4 && is_algorithm(at[2]) && n - 4 == digest_len(at[3]);
}

/* RFC 4034, 2.1: flags of zone keys, protocol 3 */
static bool is_dnskey(const u8 *at, unsigned n)
{
	return n > 4 + 31 && n <= 4 + 516 && at[0] == 1 && (at[1] & 0x7e) == 0 && at[2] == 3 &&
	       is_algorithm(at[3]);
}

/* RFC 4034, 3.1: it ends after it began, within the half of all times that can be told */
static bool is_rrsig(const u8 *at, unsigned n)
{
	return n > 18 + 32 && n <= 18 + 255 + 512 && is_algorithm(at[2]) && at[3] < 128 &&
	       (int)(be32(at + 8) - be32(at + 12)) > 0;
}

/* RFC 6698, 2.1: a digest; the certificate or key itself begins as DER does */
static bool is_tlsa(const u8 *at, unsigned n)
{
	if (n < 3 + 32 || at[0] > 3 || at[1] > 1)
		return false;
	return at[2] == 1 ? n == 3 + 32 : at[2] == 2 ? n == 3 + 64 :
	       at[2] == 0 && at[3] == 0x30;
}

/* RFC 4255, 3.1; RFC 6594 */
static bool is_sshfp(const u8 *at, unsigned n)
{
	return n > 2 && at[0] <= 6 && ((at[1] == 1 && n == 2 + 20) || (at[1] == 2 && n == 2 + 32));
}

/* RFC 8659, 4.1: a tag that says what is allowed, or whom to tell */
static bool is_caa(const u8 *at, unsigned n)
{
	unsigned tag = n > 2 ? at[1] : 0;

	return tag && tag < n - 2 && ((tag >= 5 && memcmp(at + 2, "issue", 5) == 0) ||
				      (tag == 5 && memcmp(at + 2, "iodef", 5) == 0));
}

#define SVC_KEYS 16	/* keys that are given out, and a few to come */

/* RFC 9460, 2.2: a name, then values by keys that grow */
static bool is_service(const u8 *at, unsigned n)
{
	int last = -1;
	unsigned i = 2;

	while (i < n && at[i])
		i += 1u + at[i];
	for (i++; i + 4 <= n; i += 4 + ((unsigned)at[i + 2] << 8 | at[i + 3])) {
		int key = at[i] << 8 | at[i + 1];

		if (key <= last || key >= SVC_KEYS)
			return false;
		last = key;
	}
	return i == n;
}

/* RFC 7929, 2.3; RFC 9580, 4.2: a public key packet, old or new form */
static bool is_openpgp(const u8 *at, unsigned n)
{
	return n > 32 && (at[0] == 0x98 || at[0] == 0x99 || at[0] == 0xc6);
}

bool published_record(u16 type, const u8 *at, unsigned n)
{
	switch (type) {
	case TYPE_TXT:
		return published_text(at, n);
	case TYPE_DS:
	case 59:	/* CDS */
		return is_ds(at, n);
	case TYPE_DNSKEY:
	case 60:	/* CDNSKEY */
		return is_dnskey(at, n);
	case TYPE_RRSIG:
		return is_rrsig(at, n);
	case 44:	/* SSHFP */
		return is_sshfp(at, n);
	case 52:	/* TLSA */
	case 53:	/* SMIMEA */
		return is_tlsa(at, n);
	case 61:	/* OPENPGPKEY */
		return is_openpgp(at, n);
	case TYPE_SVCB:
	case TYPE_HTTPS:
		return is_service(at, n);
	case 257:	/* CAA */
		return is_caa(at, n);
	default:
		return false;
	}
}
