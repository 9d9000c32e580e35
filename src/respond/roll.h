/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roll.h - contacts out of what registries and colleagues write: RDAP and CSV.
 *
 *   RDAP (RFC 9083)  domain, ip network, autnum, entity, or search results of them; entities
 *                    in entities, each role any number of times, vCards as jCard (RFC 7095)
 *   CSV (RFC 4180)   a first line that names the columns, in any order: id, name, kind,
 *                    roles, covers, organisation, languages, hours, prefers, place, note,
 *                    tlp, pap, mail, phone, web, webhook, post, key; or as the options of
 *                    `vedette contacts add` are called: role, cleared, public-key
 *
 * Each contact is a JSON object whose members are texts named so, those of addresses with one
 * a line. A registrar is known by its IANA number ("registrar-9999"), others by their handle
 * or name. Who is asked about a domain: its registrar, and that one's abuse desk, which
 * belongs to it; so the domain is among what the registrar covers. What is redacted (RFC
 * 9537: no name and no way to be reached) is left out and counted.
 *
 * Hostile octets: reached only from a locked-up process (run/enrol.h). Limits are named
 * below; what is past them is counted. Not here: writing any of it to the desk. */
#pragma once
#include "base/base.h"
#include <jansson.h>

#define ROLL_OCTETS_MAX (64u << 20)
#define ROLL_CONTACTS_MAX 100000u	/* of one document */
#define ROLL_DEPTH_MAX 6u		/* entities in entities */
#define ROLL_TEXT_MAX 4000u		/* octets of one text; longer ones are left out */
#define ROLL_WHY 200

struct roll_counts {
	u64 contacts, redacted, left;
	char unread[ROLL_WHY];	/* columns that are not known, as they are written: "fax, vip" */
};
/* The entry is the caller's to look at only; other than 0 stops. */
typedef int roll_fn(void *to, json_t *entry);
/* Reads a document (guessed: JSON is RDAP, else CSV): 0, what each() stopped with,
 * OOPS_FORMAT or -ENOMEM and why[]. */
int roll_read(const char *text, size_t n, roll_fn *each, void *to, struct roll_counts *counts,
	      char why[ROLL_WHY]);
