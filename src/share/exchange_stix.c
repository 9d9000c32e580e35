/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix.c - STIX 2.1 (OASIS Standard of 10 June 2021) as a format of exchange; see
 * exchange_stix.h. */
#include "share/exchange_stix.h"

static bool has(const u8 *octets, size_t n, const char *text)
{
	return octets && memmem(octets, n, text, strlen(text)) != NULL;
}

/* An object or an array of JSON that speaks of a bundle or has objects of STIX in it. */
static bool stix_knows(const u8 *octets, size_t n)
{
	size_t at = 0;

	while (at < n && strchr(" \t\r\n\xef\xbb\xbf", octets[at]) && octets[at])
		at++;
	return at < n && (octets[at] == '{' || octets[at] == '[') &&
	       (has(octets, n, "\"bundle--") || has(octets, n, "\"spec_version\""));
}

const struct exchange exchange_stix = {
	.id = "stix",
	.title = N_("STIX 2.1 bundle"),
	.extension = ".json",
	.media = "application/stix+json;version=2.1",
	.story = N_("Indicators become indicators with a pattern, observations "
		 "observed-data with their observables, incidents groupings, reports "
		 "reports, notes notes; labels become marking definitions of TLP 2.0 and "
		 "PAP. What STIX has no property for goes into an extension, so nothing "
		 "is lost between desks that run Vedette. Read are STIX 2.0 and 2.1, "
		 "bundles, single objects and envelopes of TAXII: subjects that match a "
		 "pattern all by themselves; names of malware, campaigns and actors "
		 "become tags. A marking that is not known is the strictest."),
	.carries = "id kind subject_kind subject abuse rule title text severity confidence "
		   "first_seen last_seen created modified valid_until sightings source "
		   "references tags parent evidence action tlp pap",
	.cap = { LABEL_RED, PAP_RED },
	.rows = rest_rows,
	.conf_size = sizeof(struct rest_conf),
	.write = stix_write,
	.knows = stix_knows,
	.read = stix_read,
};
