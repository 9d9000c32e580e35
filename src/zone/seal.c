/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seal.c - sorts what is not in order, and marks names and records.
 *
 * A zone whose owners came in canonical order (registries sort) needs no sorting. One walk
 * over the owners orders each one's records and marks it: what lies below a cut follows it
 * directly. The walk is done in stretches side by side, each beginning at a child of the
 * origin: nothing before such a name but the apex can hide it. A second walk numbers the
 * hosts. */
#include "base/crew.h"
#include "zone/place.h"
#include <pthread.h>

#define STRETCHES_MAX 256u
#define STRETCH_OWNERS 4096u	/* at least so many, or it does not pay */
#define FAR 24u			/* records ahead whose hosts' names are fetched */
#define NEAR 8u			/* and their counts */

/* ---- the records of one owner ---- */

static int by_type(const void *a, const void *b)
{
	const struct zone_placed *x = a, *y = b;

	if (x->record.type != y->record.type)
		return x->record.type < y->record.type ? -1 : 1;
	if (x->place.file != y->place.file)
		return x->place.file < y->place.file ? -1 : 1;
	return x->place.line < y->place.line ? -1 : x->place.line > y->place.line;
}

/* Are records i - 1 and i, of one owner, in order? */
static bool in_order(const struct zone *z, u32 i)
{
	const struct zone_record *r = &z->records[i];

	if (r[-1].type != r->type)
		return r[-1].type < r->type;
	return place_order(z, i - 1, i) <= 0;
}

static void sort_few(struct zone_placed *r, u32 n)
{
	for (u32 i = 1; i < n; i++) {
		struct zone_placed moved = r[i];
		u32 j = i;

		for (; j > 0 && by_type(&r[j - 1], &moved) > 0; j--)
			r[j] = r[j - 1];
		r[j] = moved;
	}
}

#define FEW 32u

/* An owner's records, few as a rule: 0, -ENOMEM or OOPS_LIMIT. */
static int sort_group(struct zone *z, u32 first, u32 n, pthread_mutex_t *lock)
{
	struct zone_placed few[FEW], *all = n > FEW ? malloc(n * sizeof *all) : few;
	int rc;

	if (all == NULL)
		return -ENOMEM;
	pthread_mutex_lock(lock);
	for (u32 i = 0; i < n; i++) {
		all[i].record = z->records[first + i];
		place_get(z, first + i, &all[i].place);
	}
	if (n > FEW)
		qsort(all, n, sizeof *all, by_type);
	else
		sort_few(all, n);
	rc = place_room(z, first, all, n);
	for (u32 i = 0; i < n && rc == 0; i++)
		place_put(z, first + i, &all[i]);
	pthread_mutex_unlock(lock);
	if (all != few)
		free(all);
	return rc;
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

static void mark_repeat(struct zone_record *r)
{
	__atomic_store_n(&r->mark, r->mark | ZONE_REPEAT, __ATOMIC_RELAXED);
}

/* Marks all but the first of equal records of one RRset. */
static int mark_repeats(struct zone *z, struct zone_record *r, u32 n)
{
	struct zone_record **sorted;

	if (n <= 16) {
		for (u32 i = 1; i < n; i++)
			for (u32 j = 0; j < i; j++)
				if (same_value(z, &r[i], &r[j]))
					mark_repeat(&r[i]);
		return 0;
	}
	if ((sorted = malloc(n * sizeof *sorted)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < n; i++)
		sorted[i] = &r[i];
	qsort_r(sorted, n, sizeof *sorted, by_value, z);
	for (u32 i = 1; i < n; i++)
		if (same_value(z, sorted[i], sorted[i - 1]))
			mark_repeat(sorted[i]);
	free(sorted);
	return 0;
}

/* What an owner has, as far as marking wants to know. */
struct group {
	bool ns, dname;
};

/* Where the records of the owner at place i end; the neighbour's are not looked at, another
 * thread may be about them. */
static u32 group_end(const struct zone *z, u32 i)
{
	return i + 1 < z->owner_count ? zone_name_at(z, zone_owner_list(z)[i + 1])->first :
					z->record_count;
}

/* The records [first, end) in order of type, repeats marked. */
static int order_group(struct zone *z, u32 first, u32 end, struct group *g,
		       pthread_mutex_t *lock)
{
	struct zone_record *r = z->records + first;
	bool sorted = true;
	u32 count = end - first, next;
	int rc;

	*g = (struct group){ 0 };
	for (u32 n = 0; n < count; n++) {
		sorted = sorted && (n == 0 || in_order(z, first + n));
		g->ns |= r[n].type == TYPE_NS;
		g->dname |= r[n].type == TYPE_DNAME;
	}
	if (!sorted && (rc = sort_group(z, first, count, lock)) < 0)
		return rc;
	for (u32 i = 0; i < count; i = next) {
		for (next = i + 1; next < count && r[next].type == r[i].type;)
			next++;
		if (next - i > 1 && (rc = mark_repeats(z, r + i, next - i)) < 0)
			return rc;
	}
	return 0;
}

/* ---- owners ---- */

/* Is `below` at or under `top`? Both are whole names. */
static bool under(const struct zone_name *top, const struct zone_name *below)
{
	unsigned at = 0;

	if (below->len < top->len ||
	    memcmp(below->wire + (below->len - top->len), top->wire, top->len) != 0)
		return false;
	while (at + top->len < below->len)
		at += 1u + below->wire[at];
	return at + top->len == below->len;
}

static bool is_child(const struct zone_name *top, const struct zone_name *n)
{
	return n->len == top->len + 1u + n->wire[0] && n->wire[0] && under(top, n);
}

struct sealing {
	struct zone *z;
	u32 stretches, bounds[STRETCHES_MAX + 1];
	const struct zone_name *mask;	/* the apex, when it has a DNAME */
	pthread_mutex_t lock;		/* of places */
};

static void mark_owner(const struct zone_name *origin, struct zone_name *n,
		       const struct group *g, const struct zone_name **cut,
		       const struct zone_name **mask)
{
	if (!under(origin, n))
		return;
	n->flags |= ZONE_INSIDE;
	if (n == origin)
		n->flags |= ZONE_APEX;
	if (*mask && n != *mask && under(*mask, n))
		n->flags |= ZONE_MASKED;
	else if (g->dname)
		*mask = n;
	if (*cut && under(*cut, n)) {
		n->flags |= ZONE_BELOW;
	} else if (n != origin && g->ns) {
		n->flags |= ZONE_CUT;
		*cut = n;
	}
}

static int seal_stretch(void *to, u32 k)
{
	struct sealing *s = to;
	struct zone *z = s->z;
	const struct zone_name *origin = zone_name_at(z, z->origin), *cut = NULL, *mask = s->mask;
	const u32 *owners = zone_owner_list(z);
	struct group g;
	int rc;

	for (u32 i = s->bounds[k]; i < s->bounds[k + 1]; i++) {
		struct zone_name *n = zone_name_at(z, owners[i]);

		if ((rc = order_group(z, n->first, group_end(z, i), &g, &s->lock)) < 0)
			return rc;
		mark_owner(origin, n, &g, &cut, &mask);
		if (n->flags & ZONE_CUT)
			rank_set_shared(&z->cuts, n->first);
	}
	return 0;
}

/* Where stretches begin: at children of the origin. */
static void find_bounds(struct sealing *s)
{
	const struct zone *z = s->z;
	const struct zone_name *origin = zone_name_at(z, z->origin);
	u32 want = (u32)min_u64(z->threads > 1 ? STRETCHES_MAX : 1,
				z->owner_count / STRETCH_OWNERS + 1);

	for (u32 k = 1; k < want; k++) {
		u32 i = (u32)((u64)k * z->owner_count / want);
		u32 end = (u32)((k + 1ull) * z->owner_count / want);

		while (i < end && !is_child(origin, zone_name_at(z, zone_owner_list(z)[i])))
			i++;
		if (i < end)
			s->bounds[++s->stretches] = i;
	}
	s->bounds[++s->stretches] = z->owner_count;
}

static bool apex_has(const struct zone *z, u16 type)
{
	const struct zone_name *n = zone_name_at(z, z->origin);

	for (u32 i = n->first; (n->flags & ZONE_OWNER) && z->records[i].owner == z->origin; i++)
		if (z->records[i].type == type)
			return true;
	return false;
}

/* ---- hosts ---- */

static int add_host(struct zone *z, u32 name, u32 *cap)
{
	struct zone_name *n = zone_name_at(z, name);

	if (z->host_count == *cap) {
		u32 more = *cap ? *cap + *cap / 2 : 1024;
		void *at = realloc(z->hosts, (u64)more * sizeof *z->hosts);

		if (at == NULL)
			return -ENOMEM;
		z->hosts = at;
		*cap = more;
	}
	n->flags |= ZONE_TARGET;
	z->hosts[z->host_count] = (struct zone_host){ .name = name };
	if (!(n->flags & ZONE_OWNER))
		n->first = z->host_count;
	else if (zone_both_add(z, z->host_count) < 0)
		return -ENOMEM;
	z->host_count++;
	return 0;
}

/* Fetches what is needed for records that come later. */
inline_always void fetch(const struct zone *z, u32 i)
{
	const struct zone_record *far = &z->records[min_u64(i + FAR, z->record_count)];
	const struct zone_record *near = &z->records[min_u64(i + NEAR, z->record_count)];
	const struct zone_name *n;

	if (far->type == TYPE_NS)
		__builtin_prefetch(zone_name_at(z, far->value), 1);
	if (near->type == TYPE_NS) {
		n = zone_name_at(z, near->value);
		if ((n->flags & (ZONE_TARGET | ZONE_OWNER)) == ZONE_TARGET)
			__builtin_prefetch(&z->hosts[n->first], 1);
	}
}

/* What the NS records of cuts and apex point at, in the order of the records; and where each
 * owner begins. */
static int list_hosts(struct zone *z)
{
	u32 cap = 0, owner = 0, flags = 0;
	int rc;

	for (u32 i = 0; i < z->record_count; i++) {
		const struct zone_record *r = &z->records[i];

		fetch(z, i);
		if (r->owner != owner) {
			rank_set(&z->heads, i);
			owner = r->owner;
			flags = zone_name_at(z, owner)->flags;
		}
		if (r->type != TYPE_NS || !(flags & (ZONE_CUT | ZONE_APEX)))
			continue;
		if (!(zone_name_at(z, r->value)->flags & ZONE_TARGET) &&
		    (rc = add_host(z, r->value, &cap)) < 0)
			return rc;
		if ((flags & ZONE_CUT) && !(r->mark & ZONE_REPEAT))
			z->hosts[zone_host(z, r->value)].delegations++;
	}
	return 0;
}

int zone_seal(struct zone *z)
{
	struct sealing *s;
	int rc;

	must(!z->sealed);
	if (z->origin == 0)
		return OOPS_UNKNOWN;
	z->records[z->record_count] = (struct zone_record){ 0 };
	z->memory += z->recs.len + z->recs.len / 8;	/* for places, when all are irregular */
	if (!z->sorted && ((rc = sort_owners(z)) < 0 || (rc = sort_records(z)) < 0))
		return rc;
	if (rank_open(&z->heads, z->record_count) < 0 ||
	    rank_open(&z->cuts, z->record_count) < 0 || (s = calloc(1, sizeof *s)) == NULL)
		return -ENOMEM;
	z->memory += rank_octets(&z->heads) + rank_octets(&z->cuts);
	s->z = z;
	pthread_mutex_init(&s->lock, NULL);
	s->mask = apex_has(z, TYPE_DNAME) ? zone_name_at(z, z->origin) : NULL;
	find_bounds(s);
	if ((rc = crew_run(z->threads, s->stretches, seal_stretch, s)) == 0 &&
	    (rc = rank_seal(&z->cuts)) == 0 && (rc = list_hosts(z)) == 0)
		rc = rank_seal(&z->heads);
	zone_run_close(&z->owners);
	pthread_mutex_destroy(&s->lock);
	free(s);
	z->sealed = rc == 0;
	return rc;
}
