/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone.c - see zone.h: names, records, data, and looking at them. Sorting is in seal.c.
 *
 * Names are found by an open-addressed table of handles with 32 bits of the hash beside
 * each, so that a probe that misses touches no name. Memory grows by half (realloc(), which
 * moves large blocks by their pages). */
#include "base/hash.h"
#include "zone/own.h"

#define SLOTS_FIRST 1024u
#define NAME_HEAD offsetof(struct zone_name, wire)
#define HANDLES_MAX ((u64)UINT32_MAX)
#define RECORDS_MAX (UINT32_MAX - 1)

u64 zone_hash(u64 key, const u8 *wire, unsigned len)
{
	return hash_bytes(key, wire, len);
}

u64 zone_memory(const struct zone *z)
{
	return z->names.cap + z->data.cap + z->record_cap * sizeof *z->records +
	       ((u64)z->slot_mask + 1) * 8 + ((u64)z->owner_count + z->cut_count) * 4 +
	       (u64)z->host_count * sizeof *z->hosts;
}

/* May the zone hold so many octets more? */
static int allow(const struct zone *z, u64 more)
{
	return zone_memory(z) + more > z->memory ? OOPS_LIMIT : 0;
}

/* A new size of an array that grows by half, at least `least`, as far as memory goes. */
static u64 larger(const struct zone *z, u64 cap, u64 least)
{
	u64 more = max_u64(cap + cap / 2, least), held = zone_memory(z);
	u64 left = z->memory > held ? z->memory - held : 0;

	return min_u64(more, max_u64(cap + left, least));
}

/* Room for n octets at the end of the run, which holds whole units of 4. */
static int run_room(struct zone *z, struct zone_run *r, u64 n)
{
	u64 cap;
	u8 *at;

	if (r->len + n <= r->cap)
		return 0;
	cap = (larger(z, r->cap, max_u64(r->len + n, 4096)) + 3) & ~3ull;
	if (cap / 4 > HANDLES_MAX || allow(z, cap - r->cap) < 0)
		return OOPS_LIMIT;
	if ((at = realloc(r->at, cap)) == NULL)
		return -ENOMEM;
	r->at = at;
	r->cap = cap;
	return 0;
}

static void slot_set(struct zone *z, u32 name, u64 hash)
{
	u32 i = (u32)hash & z->slot_mask;

	while (z->slots[i])
		i = (i + 1) & z->slot_mask;
	z->slots[i] = name;
	z->tags[i] = (u32)(hash >> 32);
}

/* Twice the slots. The lower half of each hash has to be made again. */
static int slots_grow(struct zone *z)
{
	u64 count = z->slots ? ((u64)z->slot_mask + 1) * 2 : SLOTS_FIRST;
	u32 *slots = z->slots, *tags = z->tags, old = z->slots ? z->slot_mask + 1 : 0;

	if (count > 1ull << 31 || allow(z, (count - old) * 8) < 0)
		return OOPS_LIMIT;
	z->slots = calloc(count, sizeof *z->slots);
	z->tags = malloc(count * sizeof *z->tags);
	if (z->slots == NULL || z->tags == NULL) {
		free(z->slots);
		free(z->tags);
		z->slots = slots;
		z->tags = tags;
		return -ENOMEM;
	}
	z->slot_mask = (u32)count - 1;
	for (u32 i = 0; i < old; i++)
		if (slots[i]) {
			const struct zone_name *n = zone_name_at(z, slots[i]);

			slot_set(z, slots[i], zone_hash(z->key, n->wire, n->len));
		}
	free(slots);
	free(tags);
	return 0;
}

static u32 look_up(const struct zone *z, const u8 *wire, unsigned len, u64 hash)
{
	for (u32 i = (u32)hash & z->slot_mask; z->slots[i]; i = (i + 1) & z->slot_mask) {
		const struct zone_name *n = zone_name_at(z, z->slots[i]);

		if (z->tags[i] == (u32)(hash >> 32) && n->len == len &&
		    memcmp(n->wire, wire, len) == 0)
			return z->slots[i];
	}
	return 0;
}

u32 zone_intern(struct zone *z, const u8 *wire, unsigned len, u64 hash, int *rc)
{
	u32 name = look_up(z, wire, len, hash);
	u64 size = (NAME_HEAD + len + 3) & ~3ull;
	struct zone_name *n;

	if (name)
		return name;
	if ((*rc = run_room(z, &z->names, size)) < 0)
		return 0;
	if (z->name_count + 1 > z->slot_mask / 4 * 3 && (*rc = slots_grow(z)) < 0)
		return 0;
	name = (u32)(z->names.len / 4);
	n = zone_name_at(z, name);
	*n = (struct zone_name){ .len = (u8)len };
	memcpy(n->wire, wire, len);
	z->names.len += size;
	z->name_count++;
	slot_set(z, name, hash);
	return name;
}

int zone_make(struct zone **ret, const u8 *origin, u64 memory, u64 key)
{
	struct zone *z = calloc(1, sizeof *z);
	int rc = -ENOMEM;

	if (z == NULL)
		goto out;
	z->memory = memory;
	z->key = key;
	z->sorted = true;
	if ((rc = slots_grow(z)) < 0 || (rc = run_room(z, &z->names, 4)) < 0 ||
	    (rc = run_room(z, &z->data, 4)) < 0)
		goto out;
	z->names.len = z->data.len = 4;	/* handle 0 means none */
	if (origin) {
		u8 lower[NAME_WIRE_MAX];
		int labels = name_labels(origin, NAME_WIRE_MAX, NULL);
		unsigned len = 0;

		must(labels >= 0);
		while (origin[len])
			len += 1u + origin[len];
		name_lower(lower, origin, ++len);
		z->origin = zone_intern(z, lower, len, zone_hash(key, lower, len), &rc);
		if (z->origin == 0)
			goto out;
	}
	*ret = z;
	return 0;
out:
	zone_free(z);
	return rc;
}

struct zone *zone_free(struct zone *z)
{
	if (z == NULL)
		return NULL;
	free(z->names.at);
	free(z->data.at);
	free(z->records);
	free(z->slots);
	free(z->tags);
	free(z->owners);
	free(z->cuts);
	free(z->hosts);
	free(z);
	return NULL;
}

static int record_room(struct zone *z)
{
	u64 cap;
	struct zone_record *at;

	if (z->record_count + 1ull < z->record_cap)	/* one stays free for the end mark */
		return 0;
	cap = larger(z, z->record_cap * sizeof *at, (z->record_count + 64ull) * sizeof *at) /
	      sizeof *at;
	if (cap > RECORDS_MAX || allow(z, (cap - z->record_cap) * sizeof *at) < 0)
		return OOPS_LIMIT;
	if ((at = realloc(z->records, cap * sizeof *at)) == NULL)
		return -ENOMEM;
	z->records = at;
	z->record_cap = cap;
	return 0;
}

static int add_target(struct zone *z, const struct zone_input *in, u32 *value)
{
	u8 wire[NAME_WIRE_MAX];
	int rc = 0;

	if (in->rdlen == 0 || in->rdlen > NAME_WIRE_MAX ||
	    name_labels(in->rdata, in->rdlen, NULL) < 0)
		return OOPS_FORMAT;
	name_lower(wire, in->rdata, in->rdlen);
	*value = zone_intern(z, wire, in->rdlen, zone_hash(z->key, wire, in->rdlen), &rc);
	return *value ? 0 : rc;
}

static int add_data(struct zone *z, const struct zone_input *in, u32 *value)
{
	u64 size = (2 + (u64)in->rdlen + 3) & ~3ull;
	u16 len = (u16)in->rdlen;
	int rc = run_room(z, &z->data, size);

	must(in->rdlen <= UINT16_MAX);
	if (rc < 0)
		return rc;
	memcpy(z->data.at + z->data.len, &len, 2);
	memcpy(z->data.at + z->data.len + 2, in->rdata, in->rdlen);
	*value = (u32)(z->data.len / 4);
	z->data.len += size;
	return 0;
}

static int add_value(struct zone *z, const struct zone_input *in, u32 *value)
{
	switch (in->type) {
	case TYPE_NS:
		return add_target(z, in, value);
	case TYPE_A:
		if (in->rdlen != 4)
			return OOPS_FORMAT;
		memcpy(value, in->rdata, 4);
		return 0;
	default:
		return add_data(z, in, value);
	}
}

/* Keeps `sorted` true as long as owners come in canonical order, each in one piece. */
static void follow_order(struct zone *z, u32 owner, bool fresh)
{
	if (owner == z->last_owner || !z->sorted)
		return;
	if (z->last_owner &&
	    (!fresh || name_order(zone_name_at(z, z->last_owner)->wire,
				  zone_name_at(z, owner)->wire) >= 0))
		z->sorted = false;
	z->last_owner = owner;
}

int zone_add(struct zone *z, const struct zone_input *in)
{
	struct zone_record r = { .line = in->line, .ttl = in->ttl, .type = in->type,
		.file = in->file };
	struct zone_name *n;
	int rc = record_room(z);

	must(!z->sealed);
	if (rc < 0)
		return rc;
	if ((r.owner = zone_intern(z, in->owner, in->owner_len, in->hash, &rc)) == 0)
		return rc;
	if ((rc = add_value(z, in, &r.value)) < 0)
		return rc;
	n = zone_name_at(z, r.owner);
	follow_order(z, r.owner, !(n->flags & ZONE_OWNER));
	if (!(n->flags & ZONE_OWNER)) {
		n->flags |= ZONE_OWNER;
		z->owner_count++;
	}
	if (z->origin == 0 && in->type == TYPE_SOA)
		z->origin = r.owner;
	z->records[z->record_count++] = r;
	return 0;
}

const struct zone_name *zone_name(const struct zone *z, u32 name)
{
	return zone_name_at(z, name);
}

u32 zone_find(const struct zone *z, const u8 *wire, unsigned len)
{
	return look_up(z, wire, len, zone_hash(z->key, wire, len));
}

u32 zone_above(const struct zone *z, const u8 *wire, unsigned len, unsigned flags)
{
	for (;;) {
		u32 name = zone_find(z, wire, len);

		if (name && (zone_name_at(z, name)->flags & flags))
			return name;
		if (len <= 1)
			return 0;
		len -= 1u + wire[0];
		wire += 1u + wire[0];
	}
}

u32 zone_origin(const struct zone *z)
{
	return z->origin;
}

char *zone_text(const struct zone *z, u32 name, char *to)
{
	const struct zone_name *n = zone_name_at(z, name);

	return name_text(n->wire, n->len, to);
}

const u32 *zone_owners(const struct zone *z, u32 *n)
{
	*n = z->owner_count;
	return z->owners;
}

const u32 *zone_cuts(const struct zone *z, u32 *n)
{
	*n = z->cut_count;
	return z->cuts;
}

const struct zone_host *zone_hosts(const struct zone *z, u32 *n)
{
	*n = z->host_count;
	return z->hosts;
}

const struct zone_record *zone_records(const struct zone *z, u32 *n)
{
	if (n)
		*n = z->record_count;
	return z->records;
}

struct zone_rrset zone_rrset_at(const struct zone *z, u32 first)
{
	const struct zone_record *r = z->records + first;
	struct zone_rrset s = { .owner = r->owner, .first = first, .count = 1, .type = r->type };

	while (r[s.count].owner == r->owner && r[s.count].type == r->type)
		s.count++;
	return s;
}

bool zone_rrset(const struct zone *z, u32 owner, u16 type, struct zone_rrset *ret)
{
	const struct zone_name *n = zone_name_at(z, owner);

	if (!(n->flags & ZONE_OWNER))
		return false;
	for (u32 i = n->first; z->records[i].owner == owner && z->records[i].type <= type; i++)
		if (z->records[i].type == type) {
			*ret = zone_rrset_at(z, i);
			return true;
		}
	return false;
}

const u8 *zone_rdata(const struct zone *z, const struct zone_record *r, u32 *len)
{
	const u8 *at;
	u16 n;

	switch (r->type) {
	case TYPE_NS:
		*len = zone_name_at(z, r->value)->len;
		return zone_name_at(z, r->value)->wire;
	case TYPE_A:
		*len = 4;
		return (const u8 *)&r->value;
	default:
		at = z->data.at + (u64)r->value * 4;
		memcpy(&n, at, 2);
		*len = n;
		return at + 2;
	}
}
