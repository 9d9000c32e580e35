/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_misp.c - events of MISP as a format of exchange; see exchange_misp.h. */
#include "share/exchange_misp.h"

static bool has(const u8 *octets, size_t n, const char *text)
{
	return octets && memmem(octets, n, text, strlen(text)) != NULL;
}

/* JSON that speaks of an event, or is one. */
static bool misp_knows(const u8 *octets, size_t n)
{
	size_t at = 0;

	while (at < n && octets[at] && strchr(" \t\r\n\xef\xbb\xbf", octets[at]))
		at++;
	return at < n && (octets[at] == '{' || octets[at] == '[') &&
	       (has(octets, n, "\"Event\":") || has(octets, n, "\"Event\" :") ||
		has(octets, n, "{\"response\":[]}") ||
		(has(octets, n, "\"Attribute\"") && has(octets, n, "\"info\"") &&
		 has(octets, n, "\"uuid\"")));
}

const struct exchange exchange_misp = {
	.id = "misp",
	.title = N_("MISP events"),
	.extension = ".json",
	.media = "application/json",
	.story = N_("Incidents become events with what belongs to them, indicators "
		 "attributes for detection (to_ids), observations and reports other "
		 "attributes, notes event reports; items without an incident stand in an "
		 "event of their own. Labels are tags of the taxonomies tlp and PAP, "
		 "abuse of rsit. What MISP has no member for goes into an object "
		 "\"vedette-item\", so nothing is lost between desks that run Vedette. "
		 "Events of others are read as reports; of attributes those that can be "
		 "a subject. Galaxies stay tags, proposals and correlations are not "
		 "read."),
	.carries = "id kind subject_kind subject abuse rule title text severity confidence "
		   "first_seen last_seen created modified valid_until sightings source "
		   "references tags parent evidence action tlp pap",
	.cap = { LABEL_RED, PAP_RED },
	.rows = rest_rows,
	.conf_size = sizeof(struct rest_conf),
	.write = misp_write,
	.knows = misp_knows,
	.read = misp_read,
};
