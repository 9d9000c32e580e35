/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seal.c - sorts a zone and marks its names.
 *
 *   owners   canonical order, by a key of eight octets first, whole names where keys tie
 *   records  to their owner's place by following cycles (nothing is held twice), then each
 *            owner's by type and place in the file
 *   marks    one walk in canonical order: what lies below a cut follows it directly
 *
 * A zone whose owners came in canonical order (registries sort) needs no sorting at all. */
#include "zone/own.h"

struct keyed {
	u64 key;
	u32 name;
};

/* The first octets of the label left of the origin, so that most names of a zone differ in
 * it; a name out of the zone, or the origin itself, has 0 and is compared as a whole. */
static u64 key_of(const struct zone *z, const struct zone_name *n)
{
	const struct zone_name *origin = zone_name_at(z, z->origin);
	u64 key = 0;

	for (unsigned at = 0; at + origin->len < n->len; at += 1u + n->wire[at]) {
		unsigned label = n->wire[at];

		if (at + 1 + label + origin->len != n->len ||
		    memcmp(n->wire + at + 1 + label, origin->wire, origin->len) != 0)
			continue;
		for (unsigned i = 0; i < 8; i++)
			key = key << 8 | (i < label ? n->wire[at + 1 + i] : 0);
	}
	return key;
}

static int by_key(const void *a, const void *b, void *zone)
{
	const struct keyed *x = a, *y = b;

	if (x->key && y->key && x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return name_order(zone_name_at(zone, x->name)->wire, zone_name_at(zone, y->name)->wire);
}

static int sort_owners(struct zone *z)
{
	u32 *owners = zone_owner_list(z);
	struct keyed *all = malloc(((u64)z->owner_count + 1) * sizeof *all);

	if (all == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < z->owner_count; i++)
		all[i] = (struct keyed){ key_of(z, zone_name_at(z, owners[i])), owners[i] };
	qsort_r(all, z->owner_count, sizeof *all, by_key, z);
	for (u32 i = 0; i < z->owner_count; i++)
		zone_owner_list(z)[i] = all[i].name;
	free(all);
	return 0;
}

/* Every record to its owner's stretch. first: where the next record of an owner goes. */
static int place_records(struct zone *z)
{
	u32 *end = calloc((u64)z->owner_count + 1, sizeof *end), sum = 0;
	const u32 *owners = zone_owner_list(z);

	if (end == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < z->owner_count; i++)	/* host: rank, for the while */
		zone_name_at(z, zone_owner_list(z)[i])->host = i;
	for (u32 i = 0; i < z->record_count; i++)
		end[zone_name_at(z, z->records[i].owner)->host]++;
	for (u32 i = 0; i < z->owner_count; i++) {
		zone_name_at(z, zone_owner_list(z)[i])->first = sum;
		end[i] = sum += end[i];
	}
	for (u32 i = 0; i < z->owner_count; i++)
		for (struct zone_name *n = zone_name_at(z, owners[i]); n->first < end[i];) {
			struct zone_record *r = &z->records[n->first], moved = *r;
			struct zone_name *to = zone_name_at(z, moved.owner);

			if (to == n) {
				n->first++;
				continue;
			}
			*r = z->records[to->first];
			z->records[to->first++] = moved;
		}
	free(end);
	for (u32 i = 0; i < z->owner_count; i++)
		zone_name_at(z, zone_owner_list(z)[i])->host = 0;
	return 0;
}

static int by_type(const void *a, const void *b)
{
	const struct zone_record *x = a, *y = b;

	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* An owner's few records, which mostly come sorted. */
static void sort_group(struct zone_record *r, u32 n)
{
	if (n > 32) {
		qsort(r, n, sizeof *r, by_type);
		return;
	}
	for (u32 i = 1; i < n; i++) {
		struct zone_record moved = r[i];
		u32 j = i;

		for (; j > 0 && by_type(&r[j - 1], &moved) > 0; j--)
			r[j] = r[j - 1];
		r[j] = moved;
	}
}

static int by_value(const void *a, const void *b, void *zone)
{
	u32 an, bn;
	const struct zone_record *x = *(const struct zone_record *const *)a;
	const struct zone_record *y = *(const struct zone_record *const *)b;
	const u8 *ad = zone_rdata(zone, x, &an), *bd = zone_rdata(zone, y, &bn);
	int diff = memcmp(ad, bd, an < bn ? an : bn);

	if (diff == 0 && an != bn)
		diff = an < bn ? -1 : 1;
	return diff ? diff : x < y ? -1 : x > y;
}

static bool same_value(const struct zone *z, const struct zone_record *a,
		       const struct zone_record *b)
{
	u32 an, bn;
	const u8 *ad, *bd;

	if (a->value == b->value)
		return true;
	if (a->type == TYPE_NS || a->type == TYPE_A)
		return false;
	ad = zone_rdata(z, a, &an);
	bd = zone_rdata(z, b, &bn);
	return an == bn && memcmp(ad, bd, an) == 0;
}

/* Marks all but the first of equal records of one RRset. */
static int mark_repeats(struct zone *z, struct zone_record *r, u32 n)
{
	struct zone_record **sorted;

	if (n <= 16) {
		for (u32 i = 1; i < n; i++)
			for (u32 j = 0; j < i; j++)
				if (same_value(z, &r[i], &r[j]))
					r[i].file |= ZONE_REPEAT;
		return 0;
	}
	if ((sorted = malloc(n * sizeof *sorted)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < n; i++)
		sorted[i] = &r[i];
	qsort_r(sorted, n, sizeof *sorted, by_value, z);
	for (u32 i = 1; i < n; i++)
		if (same_value(z, sorted[i], sorted[i - 1]))
			sorted[i]->file |= ZONE_REPEAT;
	free(sorted);
	return 0;
}

/* Owners' records in order of type, repeats marked, `first` set. */
static int order_records(struct zone *z)
{
	u32 i = 0, j;
	int rc;

	for (u32 o = 0; o < z->owner_count; o++) {
		u32 owner = zone_owner_list(z)[o], end = i;

		zone_name_at(z, owner)->first = i;
		while (z->records[end].owner == owner)
			end++;
		sort_group(z->records + i, end - i);
		for (; i < end; i = j) {
			for (j = i + 1; j < end && z->records[j].type == z->records[i].type;)
				j++;
			if (j - i > 1 && (rc = mark_repeats(z, z->records + i, j - i)) < 0)
				return rc;
		}
	}
	must(i == z->record_count);
	return 0;
}

/* Is `below` at or under `top`? Both are whole names. */
static bool under(const struct zone_name *top, const struct zone_name *below)
{
	unsigned at = 0;

	while (at + top->len < below->len)
		at += 1u + below->wire[at];
	return at + top->len == below->len && memcmp(below->wire + at, top->wire, top->len) == 0;
}

static bool has_type(const struct zone *z, u32 owner, u16 type)
{
	struct zone_rrset s;

	return zone_rrset(z, owner, type, &s);
}

static void mark_owners(struct zone *z)
{
	const struct zone_name *origin = zone_name_at(z, z->origin), *cut = NULL, *mask = NULL;

	z->cut_count = 0;
	for (u32 i = 0; i < z->owner_count; i++) {
		struct zone_name *n = zone_name_at(z, zone_owner_list(z)[i]);

		if (!under(origin, n))
			continue;
		n->flags |= ZONE_INSIDE;
		if (n == origin)
			n->flags |= ZONE_APEX;
		if (mask && under(mask, n))
			n->flags |= ZONE_MASKED;
		else if (has_type(z, zone_owner_list(z)[i], TYPE_DNAME))
			mask = n;
		if (cut && under(cut, n)) {
			n->flags |= ZONE_BELOW;
		} else if (n != origin && has_type(z, zone_owner_list(z)[i], TYPE_NS)) {
			n->flags |= ZONE_CUT;
			cut = n;
			z->cut_count++;
		}
	}
}

/* The handle of a name that NS records point at gets a place in hosts[]. */
static int list_targets(struct zone *z, u32 owner, u32 *cap)
{
	struct zone_rrset s;
	bool cut = zone_name_at(z, owner)->flags & ZONE_CUT;

	if (!zone_rrset(z, owner, TYPE_NS, &s))
		return 0;
	for (const struct zone_record *r = z->records + s.first; s.count--; r++) {
		struct zone_name *n = zone_name_at(z, r->value);

		if (!(n->flags & ZONE_TARGET)) {
			if (z->host_count == *cap) {
				u32 more = *cap ? *cap + *cap / 2 : 1024;
				void *at = realloc(z->hosts, (u64)more * sizeof *z->hosts);

				if (at == NULL)
					return -ENOMEM;
				z->hosts = at;
				*cap = more;
			}
			n->flags |= ZONE_TARGET;
			n->host = z->host_count;
			z->hosts[z->host_count++] = (struct zone_host){ .name = r->value };
		}
		if (cut && !(r->file & ZONE_REPEAT))
			z->hosts[n->host].delegations++;
	}
	return 0;
}

static int list_cuts(struct zone *z)
{
	u32 count = 0, cap = 0;
	int rc = 0;

	if ((z->cuts = malloc(((u64)z->cut_count + 1) * sizeof *z->cuts)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < z->owner_count && rc == 0; i++) {
		u8 flags = zone_name_at(z, zone_owner_list(z)[i])->flags;

		if (flags & ZONE_CUT)
			z->cuts[count++] = zone_owner_list(z)[i];
		if (flags & (ZONE_CUT | ZONE_APEX))
			rc = list_targets(z, zone_owner_list(z)[i], &cap);
	}
	return rc;
}

int zone_seal(struct zone *z)
{
	int rc;

	must(!z->sealed);
	if (z->origin == 0)
		return OOPS_UNKNOWN;
	z->records[z->record_count] = (struct zone_record){ 0 };
	if (!z->sorted && ((rc = sort_owners(z)) < 0 || (rc = place_records(z)) < 0))
		return rc;
	if ((rc = order_records(z)) < 0)
		return rc;
	mark_owners(z);
	z->sealed = true;
	return list_cuts(z);
}
