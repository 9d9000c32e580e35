/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sort.c - zones that do not come in order.
 *
 *   owners   canonical order, by a key of eight octets first, whole names where keys tie:
 *            runs by several threads, then merged in pairs
 *   records  to their owner's place by following cycles: nothing is held twice
 *
 * Cost: n log n; 32 octets an owner for the while. */
#include "base/crew.h"
#include "zone/place.h"

struct keyed {
	u64 key;
	u32 name;
};

struct sorting {
	struct zone *z;
	struct keyed *all, *to;
	u32 runs, step;		/* runs of all; how many lie side by side in order */
};

/* The first octets of the label left of the origin, so that most names of a zone differ in
 * it; a name out of the zone, or the origin itself, has 0 and is compared as a whole. */
static u64 key_of(const struct zone *z, const struct zone_name *n)
{
	const struct zone_name *origin = zone_name_at(z, z->origin);
	u64 key = 0;

	for (unsigned at = 0; at + origin->len < n->len; at += 1u + n->wire[at]) {
		unsigned label = n->wire[at], next = at + 1 + label;

		if (next + origin->len != n->len ||
		    memcmp(n->wire + next, origin->wire, origin->len) != 0)
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
	return name_order(zone_name_at(zone, x->name)->wire,
			  zone_name_at(zone, y->name)->wire);
}

static u32 bound(const struct sorting *s, u64 run)
{
	return (u32)(run * s->z->owner_count / s->runs);
}

static int sort_run(void *to, u32 run)
{
	struct sorting *s = to;
	const u32 *owners = zone_owner_list(s->z);
	u32 from = bound(s, run), end = bound(s, run + 1ull);

	for (u32 i = from; i < end; i++)
		s->all[i] = (struct keyed){ key_of(s->z, zone_name_at(s->z, owners[i])),
					    owners[i] };
	qsort_r(s->all + from, end - from, sizeof *s->all, by_key, s->z);
	return 0;
}

/* Two neighbours, each of `step` runs, become one. */
static int merge_pair(void *to, u32 pair)
{
	struct sorting *s = to;
	u64 run = (u64)pair * 2 * s->step;
	u32 i = bound(s, run), middle = bound(s, min_u64(run + s->step, s->runs)), j = middle;
	u32 end = bound(s, min_u64(run + 2ull * s->step, s->runs));

	for (u32 at = i; at < end; at++)
		s->to[at] = i < middle && (j == end || by_key(&s->all[i], &s->all[j], s->z) < 0) ?
			    s->all[i++] : s->all[j++];
	return 0;
}

int sort_owners(struct zone *z)
{
	u64 n = (u64)z->owner_count + 1;
	struct sorting s = { .z = z, .all = malloc(n * sizeof *s.all),
		.to = malloc(n * sizeof *s.to), .runs = z->threads };
	int rc = s.all && s.to ? 0 : -ENOMEM;

	if (rc == 0)
		rc = crew_run(z->threads, s.runs, sort_run, &s);
	for (s.step = 1; s.step < s.runs && rc == 0; s.step *= 2) {
		struct keyed *merged = s.to;

		rc = crew_run(z->threads, (s.runs + 2 * s.step - 1) / (2 * s.step), merge_pair, &s);
		s.to = s.all;
		s.all = merged;
	}
	for (u32 i = 0; i < z->owner_count && rc == 0; i++)
		zone_owner_list(z)[i] = s.all[i].name;
	free(s.all);
	free(s.to);
	return rc;
}

static void exchange(struct zone *z, u32 i, u32 j)
{
	struct zone_placed a = { .record = z->records[i] }, b = { .record = z->records[j] };

	place_get(z, i, &a.place);
	place_get(z, j, &b.place);
	place_put(z, i, &b);
	place_put(z, j, &a);
}

/* Every record to its owner's stretch. first: where the next record of an owner goes. */
int sort_records(struct zone *z)
{
	const u32 *owners = zone_owner_list(z);
	u32 *end = calloc((u64)z->owner_count + 1, sizeof *end), sum = 0;
	int rc = end ? place_all_wild(z) : -ENOMEM;

	if (rc < 0) {
		free(end);
		return rc;
	}
	for (u32 i = 0; i < z->owner_count; i++)	/* first: rank, for the while */
		zone_name_at(z, owners[i])->first = i;
	for (u32 i = 0; i < z->record_count; i++)
		end[zone_name_at(z, z->records[i].owner)->first]++;
	for (u32 i = 0; i < z->owner_count; i++) {
		zone_name_at(z, owners[i])->first = sum;
		end[i] = sum += end[i];
	}
	for (u32 i = 0; i < z->owner_count; i++)
		for (struct zone_name *n = zone_name_at(z, owners[i]); n->first < end[i];) {
			struct zone_name *to = zone_name_at(z, z->records[n->first].owner);

			if (to != n)
				exchange(z, n->first, to->first);
			to->first++;
		}
	for (u32 i = 0; i < z->owner_count; i++)
		zone_name_at(z, owners[i])->first = i ? end[i - 1] : 0;
	free(end);
	return 0;
}
