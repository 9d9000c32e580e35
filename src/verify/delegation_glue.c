/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_glue.c - owner by owner: addresses that no delegation needs, addresses that no
 * server of the Internet can have, DS records without a delegation.
 *
 * Cost: one look at each owner; at the records of those that are no delegation only. */
#include "verify/delegation.h"

#define UNIT_RECORDS 64u	/* of one owner that are looked at for its types */
#define SAMPLES 8u

enum { HAS_ADDRESS = 1, HAS_DS = 2, HAS_NS = 4, HAS_OTHER = 8 };

/* Types at an owner, and its first address record. */
static unsigned types_of(const struct delegation *d, u32 owner, u32 *address)
{
	unsigned has = 0;
	u32 first = zone_name(d->z, owner)->first;

	*address = first;
	for (u32 i = first; d->records[i].owner == owner &&
	     d->records[i].type <= TYPE_RRSIG + 1;
	     i++) {
		switch (d->records[i].type) {
		case TYPE_A:
		case TYPE_AAAA:
			if (!(has & HAS_ADDRESS))
				*address = i;
			has |= HAS_ADDRESS;
			break;
		case TYPE_DS:
			has |= HAS_DS;
			break;
		case TYPE_NS:
			has |= HAS_NS;
			break;
		case TYPE_RRSIG:
		case TYPE_RRSIG + 1:	/* NSEC */
			break;
		default:
			has |= HAS_OTHER;
		}
	}
	return has;
}

static void tell_unneeded(struct delegation *d, u32 owner, u32 address)
{
	const struct zone_record *r = &d->records[address];
	struct finding *f = audit_begin(d->a, ROW_UNNEEDED, owner, r);
	struct zone_rrset set = zone_rrset_at(d->z, address);
	char name[ZONE_BRIEF], text[ADDRESS_TEXT];

	if (f == NULL)
		return;
	audit_rrset(d->a, f, &set);
	audit_end(d->a, f, "%s has an address (%s) at or below a delegation, but no NS "
		  "record of this zone names it: it is never "
		  "sent.", zone_brief(d->z, owner, name),
		  delegation_address(d, r, text));
}

static void tell_stray(struct delegation *d, u32 owner, u32 address)
{
	const struct zone_record *r = &d->records[address];
	struct finding *f = audit_begin(d->a, ROW_STRAY, owner, r);
	char name[ZONE_BRIEF], text[ADDRESS_TEXT];

	if (f == NULL)
		return;
	audit_end(d->a, f, "%s has an address (%s) in this zone, though nothing "
		  "delegates the domain it lies in and no NS record names it.",
		  zone_brief(d->z, owner, name),
		  delegation_address(d, r, text));
}

static void tell_ds(struct delegation *d, u32 owner, enum delegation_row row)
{
	struct zone_rrset set = { 0 };
	char name[ZONE_BRIEF];
	struct finding *f;

	zone_rrset(d->z, owner, TYPE_DS, &set);
	if ((f = audit_begin(d->a, row, owner, &d->records[set.first])) == NULL)
		return;
	audit_rrset(d->a, f, &set);
	zone_brief(d->z, owner, name);
	if (row == ROW_DS_APEX)
		audit_end(d->a, f, "%s has a DS record at its own apex; it belongs into "
			  "the parent zone.", name);
	else
		audit_end(d->a, f, "%s has a DS record, but no NS record: there is no "
			  "delegation that it could secure.", name);
}

/* An address of a name that lies at least two labels below the origin, where the label below
 * the origin has nothing at all: glue whose delegation went away. The apex's own servers and
 * what else NS records name is not told here, nor names below "_" and "*". */
static bool stray(const struct delegation *d, const struct zone_name *n)
{
	unsigned at = 0;
	u32 unit;

	if (!d->listed || n->flags & (ZONE_TARGET | ZONE_APEX | ZONE_MASKED) ||
	    n->wire[1] == '*' ||
	    n->wire[1] == '_')
		return false;
	while (at + 1u + n->wire[at] + d->origin->len < n->len)
		at += 1u + n->wire[at];
	if (at == 0 || n->wire[at + 1] == '*' || n->wire[at + 1] == '_')
		return false;
	unit = zone_find(d->z, n->wire + at, n->len - at);
	return unit == 0 || !(zone_name(d->z, unit)->flags & ZONE_OWNER);
}

static void look_at(struct delegation *d, u32 owner, const struct zone_name *n)
{
	u32 address;
	unsigned has = types_of(d, owner, &address);

	if (has & HAS_ADDRESS && n->flags & (ZONE_BELOW | ZONE_CUT)) {
		if (!(n->flags & ZONE_TARGET))
			tell_unneeded(d, owner, address);
	} else if (has == HAS_ADDRESS && stray(d, n)) {
		tell_stray(d, owner, address);
	}
	if (has & HAS_DS && n->flags & ZONE_APEX)
		tell_ds(d, owner, ROW_DS_APEX);
	else if (has & HAS_DS && !(has & HAS_NS))
		tell_ds(d, owner, ROW_DS_ALONE);
}

static void tell_unroutable(struct delegation *d, u32 host)
{
	u32 owner = d->hosts[host].name, bad = 0, all = 0;
	char name[ZONE_BRIEF], text[ADDRESS_TEXT], first[ADDRESS_TEXT] = "";
	char of[40];
	const char *what = "";
	struct finding *f = audit_begin(d->a, ROW_UNROUTABLE, owner,
					&d->records[d->ref[host]]);

	if (f == NULL)
		return;
	for (u32 i = d->ref[host]; i < d->ref[host] + UNIT_RECORDS &&
	     d->records[i].owner == owner; i++) {
		const struct zone_record *r = &d->records[i];
		const char *block;
		const u8 *rdata;
		u32 len;

		if (r->type != TYPE_A && r->type != TYPE_AAAA)
			continue;
		rdata = zone_rdata(d->z, r, &len);
		all++;
		block = len == 4 || len == 16 ? address_block(rdata, len) : NULL;
		if (block == NULL)
			continue;
		delegation_address(d, r, text);
		if (bad++ == 0) {
			memcpy(first, text, sizeof first);
			what = block;
		}
		if (bad <= SAMPLES)
			finding_party(f, "address", text, 0, block);
	}
	finding_value(f, "addresses", bad, "", "that are not globally reachable");
	finding_value(f, "all", all, "", "addresses of the server in this zone");
	finding_value(f, "delegations", d->hosts[host].delegations, "",
		      "that name the server");
	snprintf(of, sizeof of, d->hosts[host].delegations == 1
		 ? N_("%u delegation") : N_("%u delegations"), d->hosts[host].delegations);
	audit_end(d->a, f, "%s, a server of %s, has the address %s: %s. %s.",
		  zone_brief(d->z, owner, name),
		  d->hosts[host].delegations ? of : N_("this "
		  	"zone"), first, what, bad < all ?
		  N_("Its other addresses can be reached") :
		  N_("It cannot be reached from the Internet"));
}

int delegation_glue(struct delegation *d)
{
	struct rank_walk walk = zone_owners_from(d->z, 0);
	u32 n = zone_owner_count(d->z), cut = 0;

	for (u32 i = 0; i < n; i++) {
		u32 owner = zone_owners_next(d->z, &walk);
		const struct zone_name *o = zone_name(d->z, owner);

		if (o->flags & ZONE_CUT) {
			u32 mark = d->mark[cut++];

			if (!(mark & CUT_ADDRESS))
				continue;
		} else if (!(o->flags & ZONE_INSIDE) ||
			   (o->flags & ZONE_BELOW && o->flags & ZONE_TARGET)) {
			continue;
		}
		look_at(d, owner, o);
	}
	for (u32 i = 0; i < d->host_count; i++)
		if (d->host[i] & HOST_ODD)
			tell_unroutable(d, i);
	return 0;
}
