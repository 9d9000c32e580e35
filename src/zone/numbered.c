/* SPDX-License-Identifier: GPL-3.0-or-later */
/* numbered.c - owners and delegations by their numbers.
 *
 *   records  | a NS | a NS | a DS | ns.a A | b NS | ...
 *   heads      1      0      0      1        1           where an owner begins
 *   cuts       1      0      0      0        1           and is a delegation
 *
 * Records are sorted by owner, so two sets of records (base/rank.h) say what two lists of names
 * would, in an eighth of the memory. */
#include "zone/own.h"

static u32 owner_of(const struct zone *z, u32 record)
{
	return z->records[record].owner;
}

u32 zone_owner_count(const struct zone *z)
{
	return z->heads.count;
}

u32 zone_owner(const struct zone *z, u32 number)
{
	return owner_of(z, rank_at(&z->heads, number));
}

struct rank_walk zone_owners_from(const struct zone *z, u32 number)
{
	return rank_from(&z->heads, number);
}

u32 zone_owners_next(const struct zone *z, struct rank_walk *w)
{
	return owner_of(z, rank_next(w));
}

u32 zone_owner_at(const struct zone *z, const u8 *wire)
{
	u32 low = 0, high = z->record_count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (name_order(zone_name_at(z, owner_of(z, middle))->wire, wire) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < z->record_count ? rank_of(&z->heads, low) : z->heads.count;
}

u32 zone_cut_count(const struct zone *z)
{
	return z->cuts.count;
}

u32 zone_cut(const struct zone *z, u32 number)
{
	return owner_of(z, rank_at(&z->cuts, number));
}

struct rank_walk zone_cuts_from(const struct zone *z, u32 number)
{
	return rank_from(&z->cuts, number);
}

u32 zone_cuts_next(const struct zone *z, struct rank_walk *w)
{
	return owner_of(z, rank_next(w));
}

u32 zone_cut_number(const struct zone *z, u32 name)
{
	return rank_of(&z->cuts, zone_name_at(z, name)->first);
}
