/* SPDX-License-Identifier: GPL-3.0-or-later */
/* published.c - see published.h.
 *
 * Mail servers and certificate authorities fetch keys and tokens of thousands of customers from
 * one provider's domain: names by lot, answers that differ every time. Only their form tells
 * them from what a far end says. Anybody can write that form: so it earns an allowance
 * (detect/tunnel.c), no pardon, and the list is short.
 *
 * Called for records that no sample has seen; looks at the first string, but for the
 * attributes of services. */
#include "dns/published.h"
#include <strings.h>

static const char *const versions[] = {
	"v=DKIM1", "v=spf1", "v=DMARC1", "v=STSv1", "v=TLSRPTv1", "v=BIMI1",
	"k=rsa", "k=ed25519",	/* RFC 6376, 3.6.1: a key's tags come in any order */
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

	return memmem(at, most, "verification=", 13) != NULL;
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
