/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_host.c - the names that NS records point at, each once however many delegations
 * name it: no alias (RFC 2181, 10.3), and a name that a host can have (RFC 1123, 2.1).
 *
 * A server name whose last label is no top-level domain's is told by its delegations
 * (delegation_host.c), one that has addresses here by structure_name.c, and one that the apex
 * names by structure_target.c.
 *
 * Cost: a look at each server name; the delegations are walked only when one is bad, to find
 * a record that names it. */
#include "verify/structure.h"

static void alias(struct structure *c, const struct zone_host *h)
{
	char text[NAME_TEXT_MAX];
	struct zone_rrset s;
	struct finding *f;

	if (!zone_rrset(c->z, h->name, TYPE_CNAME, &s) ||
	    (f = structure_fault(c, ROW_NS_ALIAS, h->name, &c->records[s.first])) == NULL)
		return;
	finding_value(f, "delegations", h->delegations, "", "that name this server");
	audit_rrset(c->a, f, &s);
	audit_end(c->a, f, "NS records point at %s, which is an alias (CNAME): many "
		  "resolvers do not follow it.", zone_text(c->z, h->name, text));
}

static bool has_address(const struct structure *c, u32 name)
{
	struct zone_rrset s;

	return zone_rrset(c->z, name, TYPE_A, &s) || zone_rrset(c->z, name, TYPE_AAAA, &s);
}

/* Why it is no host name, but for its last label. */
static const char *bad_above(const struct structure *c, u32 name)
{
	const struct zone_name *n = zone_name(c->z, name);
	unsigned last = 0;
	const char *why;

	for (unsigned at = 0; at + 1u < n->len; at += 1u + n->wire[at])
		last = at;
	why = last ? structure_bad_labels(n->wire, last) : NULL;
	return why && !has_address(c, name) ? why : NULL;
}

static void say_bad(struct structure *c, const struct zone_host *h, const struct zone_rrset *s,
		    u32 record)
{
	char text[NAME_TEXT_MAX];
	struct finding *f = structure_fault(c, ROW_TARGET_NAME, h->name, &c->records[record]);

	if (f == NULL)
		return;
	finding_value(f, "delegations", h->delegations, "", "that name this server");
	audit_rrset(c->a, f, s);
	audit_end(c->a, f, "Delegations name the server %s, which %s.",
		  zone_text(c->z, h->name, text), bad_above(c, h->name));
}

/* The first record of a delegation that names it, for each that is marked. */
static void find_and_say(struct structure *c, const struct zone_host *hosts, u64 *bad, u32 left)
{
	u32 cuts = zone_cut_count(c->z);
	struct rank_walk walk = zone_cuts_from(c->z, 0);

	for (u32 i = 0; i < cuts && left; i++) {
		struct zone_rrset s = { 0 };

		zone_rrset(c->z, zone_cuts_next(c->z, &walk), TYPE_NS, &s);
		for (u32 k = s.first; k < s.first + s.count; k++) {
			u32 host = zone_host(c->z, c->records[k].value);

			if (!(bad[host / 64] >> host % 64 & 1))
				continue;
			bad[host / 64] &= ~((u64)1 << host % 64);
			left--;
			say_bad(c, &hosts[host], &s, k);
		}
	}
}

int structure_hosts(struct structure *c)
{
	u32 n, count = 0;
	const struct zone_host *h = zone_hosts(c->z, &n);
	u64 *bad = calloc(n / 64 + 1, sizeof *bad);

	if (bad == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < n; i++) {
		alias(c, &h[i]);
		if (h[i].delegations && bad_above(c, h[i].name)) {
			bad[i / 64] |= (u64)1 << i % 64;
			count++;
		}
	}
	find_and_say(c, h, bad, count);
	free(bad);
	return 0;
}
