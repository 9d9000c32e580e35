/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_name.c - labels: host names (RFC 952, RFC 1123, 2.1), hyphens, A-labels (RFC 5890,
 * 2.3.2.1), asterisks (RFC 4592); and what a zone says about a name. See structure.h. */
#include "verify/structure.h"
#include <idn2.h>

unsigned structure_name(const u8 *at, u32 len, u8 to[NAME_WIRE_MAX])
{
	unsigned n = 0;

	if (len == 0 || name_labels(at, len < NAME_WIRE_MAX ? len : NAME_WIRE_MAX, NULL) < 0)
		return 0;
	while (at[n])
		n += 1u + at[n];
	name_lower(to, at, ++n);
	return n;
}

static bool letter_or_digit(u8 o)
{
	return (o >= 'a' && o <= 'z') || (o >= 'A' && o <= 'Z') || (o >= '0' && o <= '9');
}

static const char *bad_label(const u8 *label, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (label[i] == '_')
			return N_("has an underscore, which no host name has");
		if (!letter_or_digit(label[i]) && label[i] != '-')
			return N_("has a character that no host name has");
	}
	return label[0] == '-' ? N_("has a label that begins with a hyphen") :
	       label[n - 1] == '-' ? N_("has a label that ends with a hyphen") : NULL;
}

/* Is it an address, written where a name belongs? Then its last label is a number. */
static bool numeric(const u8 *label, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (label[i] < '0' || label[i] > '9')
			return false;
	return n > 0;
}

const char *structure_bad_labels(const u8 *wire, unsigned len)
{
	const char *why;

	for (unsigned i = 0; i < len; i += 1u + wire[i])
		if ((why = bad_label(wire + i + 1, wire[i])))
			return why;
	return NULL;
}

const char *structure_bad_host(const u8 *wire, unsigned len, bool wild)
{
	unsigned at = wild && len > 2 && wire[0] == 1 && wire[1] == '*' ? 2 : 0;
	const char *why = len > 1 ? structure_bad_labels(wire + at, len - 1 - at) : NULL;

	if (why)
		return why;
	return structure_ends_numeric(wire + at, len - at)
		? N_("ends in a number: perhaps an address stands where a name "
			"belongs") : NULL;
}

bool structure_ends_numeric(const u8 *wire, unsigned len)
{
	unsigned last = 0;

	for (unsigned at = 0; at + 1 < len; at += 1u + wire[at])
		last = at;
	return len > 1 && numeric(wire + last + 1, wire[last]);
}

/* ---- labels of owners ---- */

static void host_owner(struct structure *c, u32 owner)
{
	static const u16 types[] = { TYPE_A, TYPE_AAAA, TYPE_MX };
	const struct zone_name *n = zone_name(c->z, owner);
	const char *why = structure_bad_host(n->wire, n->len, true);
	char text[NAME_TEXT_MAX], type[RRTYPE_TEXT_MAX];
	struct zone_rrset s;
	struct finding *f;

	for (size_t i = 0; why && i < COUNT(types); i++) {
		if (!zone_rrset(c->z, owner, types[i], &s))
			continue;
		if ((f = structure_fault(c, ROW_HOST_NAME, owner, &c->records[s.first]))) {
			audit_rrset(c->a, f, &s);
			audit_end(c->a, f, "%s has %s records, but %s.",
				  zone_text(c->z, owner, text), rrtype_text(s.type, type), why);
		}
		return;
	}
}

/* Labels that hold policy by name and not by host: `_spf` macros have addresses below them
 * (RFC 7208, appendix D.1), and so have Active Directory's zones. */
static bool excused(const struct zone_name *n)
{
	static const char *const labels[] = { "_spf", "_spf_rate", "_spf_verify", "_msdcs" };

	for (unsigned at = 0; n->wire[at]; at += 1u + n->wire[at])
		for (size_t i = 0; i < COUNT(labels); i++)
			if (n->wire[at] == strlen(labels[i]) &&
			    memcmp(n->wire + at + 1, labels[i], n->wire[at]) == 0)
				return true;
	return false;
}

/* An A-label has to be what some U-label is made into. */
static bool a_label(const u8 *label, unsigned n)
{
	char text[NAME_LABEL_MAX + 1], *unicode = NULL, *again = NULL;
	bool good;

	memcpy(text, label, n);
	text[n] = 0;
	good = strlen(text) == n && idn2_to_unicode_8z8z(text, &unicode, 0) == IDN2_OK &&
	       idn2_to_ascii_8z(unicode, &again, IDN2_NONTRANSITIONAL) == IDN2_OK &&
	       strcmp(again, text) == 0;
	idn2_free(unicode);
	idn2_free(again);
	return good;
}

static void hyphens(struct structure *c, u32 owner, const u8 *label, unsigned n)
{
	bool ace = label[0] == 'x' && label[1] == 'n';
	const struct zone_name *name = zone_name(c->z, owner);
	char text[NAME_TEXT_MAX];
	struct finding *f;

	if (ace && a_label(label, n))
		return;
	f = structure_fault(c, ace ? ROW_A_LABEL : ROW_HYPHENS, owner, &c->records[name->first]);
	if (f)
		audit_end(c->a, f, ace
			  ? N_("The label %.*s of %s is no A-label: IDNA2008 writes no name "
			       "in Unicode so.")
			  : N_("The label %.*s of %s has hyphens as its third and fourth "
			       "character, which are kept for A-labels."), (int)n,
			  (const char *)label, zone_text(c->z, owner, text));
}

/* "www.example.org.example.org": somebody left out the last dot. Delegations may be meant so, and
 * a top-level domain may well have a name that is its own. */
static void origin_twice(struct structure *c, u32 owner)
{
	const struct zone_name *n = zone_name(c->z, owner);
	const u8 *origin = c->origin->wire;
	unsigned own = c->origin->len - 1u, labels = 0, at = 0;
	char text[NAME_TEXT_MAX];
	struct finding *f;

	for (unsigned i = 0; origin[i]; i += 1u + origin[i])
		labels++;
	if (labels < 2 || n->len < 2 * own + 1 || n->flags & (ZONE_CUT | ZONE_MASKED))
		return;
	while (at + 2 * own + 1 < n->len)
		at += 1u + n->wire[at];
	if (at + 2 * own + 1 != n->len || memcmp(n->wire + at, origin, own) != 0)
		return;
	if ((f = structure_fault(c, ROW_ORIGIN_TWICE, owner, &c->records[n->first])))
		audit_end(c->a, f, "%s has the zone's name twice: perhaps a dot is missing after "
			  "the first.", zone_text(c->z, owner, text));
}

void structure_labels(struct structure *c, u32 owner)
{
	const struct zone_name *n = zone_name(c->z, owner);
	unsigned end = n->len - c->origin->len;
	char text[NAME_TEXT_MAX];
	struct finding *f;

	for (unsigned at = 0; at < end; at += 1u + n->wire[at]) {
		const u8 *label = n->wire + at + 1;
		unsigned len = n->wire[at];

		if (len >= 4 && label[2] == '-' && label[3] == '-')
			hyphens(c, owner, label, len);
		if (at && len == 1 && label[0] == '*' &&
		    (f = structure_fault(c, ROW_WILDCARD, owner, &c->records[n->first])))
			audit_end(c->a, f, "%s has an asterisk inside: it is no wildcard, and "
				  "the wildcard above it does not cover it.",
				  zone_text(c->z, owner, text));
	}
	origin_twice(c, owner);
	if (!(n->flags & ZONE_CUT) && !excused(n))
		host_owner(c, owner);
}

/* ---- what the zone says about a name ---- */

static bool under(const struct zone_name *top, const u8 *wire, unsigned len)
{
	unsigned at = 0;

	while (at + top->len < len)
		at += 1u + wire[at];
	return at + top->len == len && memcmp(wire + at, top->wire, top->len) == 0;
}

/* Does a name below this one have records, so that it exists itself (RFC 4592, 2.2.2)? */
static bool has_below(const struct structure *c, const u8 *wire, unsigned len)
{
	u32 at = zone_owner_at(c->z, wire), end = zone_owner_count(c->z);
	const struct zone_name *next = at < end ? zone_name(c->z, zone_owner(c->z, at)) : NULL;

	if (next && name_order(next->wire, wire) == 0)	/* itself */
		next = ++at < end ? zone_name(c->z, zone_owner(c->z, at)) : NULL;
	for (unsigned i = 0; next && i + len <= next->len; i += 1u + next->wire[i])
		if (i + len == next->len)
			return memcmp(next->wire + i, wire, len) == 0;
	return false;
}

static enum structure_found kind_of(const struct structure *c, u32 name)
{
	if (structure_has(c, name, TYPE_CNAME))
		return FOUND_ALIAS;
	return structure_has(c, name, TYPE_A) || structure_has(c, name, TYPE_AAAA)
		? FOUND_ADDRESS : FOUND_OTHER;
}

/* Is there a DNAME at a name above? */
static bool renamed(const struct structure *c, const u8 *wire, unsigned len)
{
	u32 name;

	while (len > c->origin->len) {
		len -= 1u + wire[0];
		wire += 1u + wire[0];
		name = zone_find(c->z, wire, len);
		if (name && structure_has(c, name, TYPE_DNAME))
			return true;
	}
	return false;
}

/* A name without records: by a wildcard, by names below it, or not at all (RFC 4592, 3.3.1). */
static enum structure_found by_wildcard(const struct structure *c, const u8 *wire,
					unsigned len, u32 *name)
{
	u8 star[NAME_WIRE_MAX + 2] = { 1, '*' };

	if (has_below(c, wire, len))
		return FOUND_OTHER;
	while (len > c->origin->len) {
		len -= 1u + wire[0];
		wire += 1u + wire[0];
		memcpy(star + 2, wire, len);
		*name = len + 2 <= NAME_WIRE_MAX ? zone_find(c->z, star, len + 2) : 0;
		if (*name && zone_name(c->z, *name)->flags & ZONE_OWNER)
			return kind_of(c, *name);
		*name = zone_find(c->z, wire, len);
		if ((*name && zone_name(c->z, *name)->flags & ZONE_OWNER) ||
		    has_below(c, wire, len))
			break;	/* the closest encloser has no wildcard */
	}
	*name = 0;
	return FOUND_NOWHERE;
}

enum structure_found structure_find(const struct structure *c, const u8 *wire, unsigned len,
				    u32 *name)
{
	*name = 0;
	if (!under(c->origin, wire, len) || zone_above(c->z, wire, len, ZONE_CUT))
		return FOUND_OUTSIDE;
	*name = zone_find(c->z, wire, len);
	if (*name && zone_name(c->z, *name)->flags & ZONE_MASKED)
		return FOUND_OUTSIDE;
	if (*name && zone_name(c->z, *name)->flags & ZONE_OWNER)
		return kind_of(c, *name);
	if (renamed(c, wire, len))
		return FOUND_OUTSIDE;
	return by_wildcard(c, wire, len, name);
}
