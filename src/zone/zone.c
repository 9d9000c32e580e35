/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone.c - see zone.h and own.h: names, records, data, and looking at them. Sorting is in
 * seal.c. */
#include "base/hash.h"
#include "zone/place.h"
#include <sys/mman.h>

#define PAGE 4096u
#define HUGE (2u << 20)
#define HANDLES_MAX ((u64)UINT32_MAX)
#define RECORDS_MAX (UINT32_MAX - 1)
#define SLOTS_FIRST 1024u
#define WINDOW 16		/* names whose slots are fetched together */

u64 zone_hash(u64 key, const u8 *wire, unsigned len)
{
	return hash_bytes(key, wire, len);
}

/* ---- memory ---- */

u64 zone_memory(const struct zone *z)
{
	return z->names.cap + z->data.cap + z->owners.cap + z->recs.cap + z->blocks.cap +
	       z->wild.cap +
	       (u64)z->slot_count * 5 + rank_octets(&z->heads) + rank_octets(&z->cuts) +
	       (u64)z->host_count * sizeof *z->hosts +
	       (z->both ? z->both_mask + 1ull : 0) * sizeof *z->both;
}

/* Octets that the zone may still take. */
static u64 spare(const struct zone *z)
{
	u64 held = zone_memory(z);

	return z->memory > held ? z->memory - held : 0;
}

static int run_open(struct zone_run *r, u64 most)
{
	u8 *at;
	u64 odd;

	most = (most + HUGE - 1) / HUGE * HUGE;
	at = mmap(NULL, most + HUGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		  0);
	if (at == MAP_FAILED)
		return -ENOMEM;
	odd = (u64)(uintptr_t)at % HUGE;	/* huge pages begin at multiples of their size */
	*r = (struct zone_run){ .base = at, .at = at + (odd ? HUGE - odd : 0), .most = most };
	madvise(r->at, most, MADV_HUGEPAGE);	/* fewer page faults; may be refused */
	return 0;
}

void zone_run_close(struct zone_run *r)
{
	if (r->base)
		munmap(r->base, r->most + HUGE);
	*r = (struct zone_run){ 0 };
}

/* Room for n octets at the end. It grows by doubling, later by steps of a sixteenth. */
int zone_room(struct zone *z, struct zone_run *r, u64 n)
{
	u64 step, cap, unit;

	if (likely(r->len + n <= r->cap))
		return 0;
	step = r->cap < HUGE ? max_u64(r->cap, PAGE) : max_u64(r->cap / 16, HUGE);
	cap = max_u64(r->len + n, r->cap + min_u64(step, spare(z)));
	unit = cap < HUGE || spare(z) < 2 * step ? PAGE : HUGE;
	cap = min_u64((cap + unit - 1) / unit * unit, r->most);
	if (cap - r->cap > spare(z))	/* rounding may be what is too much */
		cap = r->cap + spare(z) / PAGE * PAGE;
	if (cap < r->len + n)
		return OOPS_LIMIT;
	if (mprotect(r->at + r->cap, cap - r->cap, PROT_READ | PROT_WRITE) == -1)
		return -ENOMEM;
	r->cap = cap;
	return 0;
}

static u64 table_octets(u32 count)
{
	return ((u64)count * 5 + PAGE - 1) / PAGE * PAGE;
}

/* ---- names ---- */

/* Octets that a name of so many takes. */
static u64 name_octets(unsigned len)
{
	return (offsetof(struct zone_name, wire) + len + 1) & ~1ull;
}

static void slot_set(struct zone *z, u32 name, u64 hash)
{
	u32 i = zone_slot(z, hash);

	while (z->tags[i])
		i = i + 1 < z->slot_count ? i + 1 : 0;
	z->slots[i] = name;
	z->tags[i] = zone_tag(hash);
}

/* Puts all names into an empty table, some at a time so that their slots are fetched side
 * by side. */
static void slots_fill(struct zone *z)
{
	u32 names[WINDOW];
	u64 hashes[WINDOW], at = 4;

	while (at < z->names.len) {
		unsigned n = 0;

		for (; n < WINDOW && at < z->names.len; n++) {
			const struct zone_name *name;

			names[n] = (u32)(at / ZONE_NAME_UNIT);
			name = zone_name_at(z, names[n]);
			hashes[n] = zone_hash(z->key, name->wire, name->len);
			zone_ahead(z, hashes[n]);
			at += name_octets(name->len);
		}
		for (unsigned i = 0; i < n; i++)
			slot_set(z, names[i], hashes[i]);
	}
}

/* A larger table: for half as many names again, or as many as are expected. */
static int slots_grow(struct zone *z)
{
	u64 likely_names = min_u64(z->expect + z->expect / 32ull, z->name_count * 4ull);
	u64 names = max_u64(z->name_count + z->name_count / 2ull, likely_names);
	u64 count = max_u64(names * 4 / 3, SLOTS_FIRST), old = z->slot_count;
	u8 *tags = z->tags;
	void *at;

	if (count * 5 > old * 5 + spare(z))	/* then as little more as is of use */
		count = max_u64(z->name_count + z->name_count / 8ull, SLOTS_FIRST) * 4 / 3;
	if (count > 1ull << 31 || count * 5 > old * 5 + spare(z))
		return OOPS_LIMIT;
	at = mmap(NULL, table_octets((u32)count), PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return -ENOMEM;
	if (count >= HUGE)
		madvise(at, table_octets((u32)count), MADV_HUGEPAGE);
	z->slots = at;
	z->tags = (u8 *)(z->slots + count);
	z->slot_count = (u32)count;
	slots_fill(z);
	if (tags)
		munmap(tags - old * 4, table_octets((u32)old));
	return 0;
}

static u32 look_up(const struct zone *z, const u8 *wire, unsigned len, u64 hash)
{
	u8 tag = zone_tag(hash);

	for (u32 i = zone_slot(z, hash); z->tags[i]; i = i + 1 < z->slot_count ? i + 1 : 0) {
		const struct zone_name *n;

		if (likely(z->tags[i] != tag))
			continue;
		n = zone_name_at(z, z->slots[i]);
		if (n->len == len && memcmp(n->wire, wire, len) == 0)
			return z->slots[i];
	}
	return 0;
}

u32 zone_intern(struct zone *z, const u8 *wire, unsigned len, u64 hash, int *rc)
{
	u32 name = look_up(z, wire, len, hash);
	u64 size = name_octets(len);
	struct zone_name *n;

	if (name)
		return name;
	if ((*rc = zone_room(z, &z->names, size)) < 0)
		return 0;
	if (z->name_count >= z->slot_count / 5 * 4 && (*rc = slots_grow(z)) < 0)
		return 0;
	name = (u32)(z->names.len / ZONE_NAME_UNIT);
	n = zone_name_at(z, name);
	*n = (struct zone_name){ .len = (u8)len };
	memcpy(n->wire, wire, len);
	z->names.len += size;
	z->name_count++;
	slot_set(z, name, hash);
	return name;
}

/* ---- a zone ---- */

static int set_origin(struct zone *z, const u8 *origin)
{
	u8 lower[NAME_WIRE_MAX];
	unsigned len = 0;
	int rc = 0;

	must(name_labels(origin, NAME_WIRE_MAX, NULL) >= 0);
	while (origin[len])
		len += 1u + origin[len];
	name_lower(lower, origin, ++len);
	z->origin = zone_intern(z, lower, len, zone_hash(z->key, lower, len), &rc);
	return rc;
}

int zone_make(struct zone **ret, const u8 *origin, u64 memory, u64 key)
{
	struct zone *z = calloc(1, sizeof *z);
	u64 most = min_u64(memory + PAGE, HANDLES_MAX * 4);
	u64 names = min_u64(memory + PAGE, HANDLES_MAX * ZONE_NAME_UNIT);
	u64 records = min_u64(memory, RECORDS_MAX * sizeof(struct zone_record)) + PAGE;
	int rc = -ENOMEM;

	if (z == NULL)
		goto out;
	z->memory = memory;
	z->key = key;
	z->threads = 1;
	z->sorted = true;
	if ((rc = run_open(&z->names, names)) < 0 || (rc = run_open(&z->data, most)) < 0 ||
	    (rc = run_open(&z->owners, most)) < 0 ||
	    (rc = run_open(&z->recs, records)) < 0 ||
	    (rc = run_open(&z->blocks, records / 4 + PAGE)) < 0 ||
	    (rc = run_open(&z->wild, records + HUGE)) < 0)
		goto out;
	z->records = (struct zone_record *)z->recs.at;
	if ((rc = slots_grow(z)) < 0 || (rc = zone_room(z, &z->names, 4)) < 0 ||
	    (rc = zone_room(z, &z->data, 4)) < 0 || (rc = zone_room(z, &z->recs, 64)) < 0)
		goto out;
	z->names.len = z->data.len = 4;	/* handle 0 means none */
	if (origin && (rc = set_origin(z, origin)) < 0)
		goto out;
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
	zone_run_close(&z->names);
	zone_run_close(&z->data);
	zone_run_close(&z->owners);
	zone_run_close(&z->recs);
	zone_run_close(&z->blocks);
	zone_run_close(&z->wild);
	if (z->slots)
		munmap(z->slots, table_octets(z->slot_count));
	rank_close(&z->heads);
	rank_close(&z->cuts);
	free(z->hosts);
	free(z->both);
	free(z);
	return NULL;
}

/* ---- adding ---- */

u32 zone_put(struct zone *z, const u8 *rdata, u32 len, int *rc)
{
	u64 size = (2 + (u64)len + 3) & ~3ull, at = z->data.len;
	u16 n = (u16)len;

	must(len <= UINT16_MAX);
	if ((*rc = zone_room(z, &z->data, size)) < 0)
		return 0;
	memcpy(z->data.at + at, &n, 2);
	memcpy(z->data.at + at + 2, rdata, len);
	z->data.len += size;
	return (u32)(at / 4);
}

static u32 put_target(struct zone *z, const struct zone_input *in, int *rc)
{
	u8 wire[NAME_WIRE_MAX];

	*rc = OOPS_FORMAT;
	if (in->rdlen == 0 || in->rdlen > NAME_WIRE_MAX ||
	    name_labels(in->rdata, in->rdlen, NULL) < 0)
		return 0;
	name_lower(wire, in->rdata, in->rdlen);
	return zone_intern(z, wire, in->rdlen, zone_hash(z->key, wire, in->rdlen), rc);
}

static int put_value(struct zone *z, const struct zone_input *in, u32 *value)
{
	int rc = 0;

	if (in->type == TYPE_A) {
		if (in->rdlen != 4)
			return OOPS_FORMAT;
		memcpy(value, in->rdata, 4);
		return 0;
	}
	*value = in->type == TYPE_NS ? put_target(z, in, &rc) :
				       zone_put(z, in->rdata, in->rdlen, &rc);
	return *value ? 0 : rc;
}

/* An owner's first record; later ones may come from elsewhere in the input. */
static int first_of_owner(struct zone *z, u32 owner)
{
	struct zone_name *n = zone_name_at(z, owner);
	int rc = zone_room(z, &z->owners, 4);

	if (rc < 0)
		return rc;
	zone_owner_list(z)[z->owner_count++] = owner;
	z->owners.len += 4;
	n->flags |= ZONE_OWNER;
	n->first = z->record_count;
	return 0;
}

/* Keeps `sorted` true as long as owners come in canonical order, each in one piece. */
static void follow_order(struct zone *z, u32 owner, bool after)
{
	if (z->last_owner && z->sorted && !after &&
	    name_order(zone_name_at(z, z->last_owner)->wire, zone_name_at(z, owner)->wire) >= 0)
		z->sorted = false;
	z->last_owner = owner;
}

int zone_append(struct zone *z, const struct zone_row *r, bool after)
{
	struct zone_record *to = &z->records[z->record_count];
	int rc;

	must(!z->sealed);
	/* one stays free for the mark at the end */
	if ((rc = zone_room(z, &z->recs, 2 * sizeof *to)) < 0)
		return rc;
	if (z->record_count >= RECORDS_MAX)
		return OOPS_LIMIT;
	if ((rc = place_add(z, r, to)) < 0)
		return rc;
	if (!(zone_name_at(z, r->owner)->flags & ZONE_OWNER) &&
	    (rc = first_of_owner(z, r->owner)) < 0)
		return rc;
	if (r->owner != z->last_owner)
		follow_order(z, r->owner, after);
	if (z->origin == 0 && r->type == TYPE_SOA)
		z->origin = r->owner;
	to->owner = r->owner;
	to->value = r->value;
	to->type = r->type;
	z->record_count++;
	z->recs.len += sizeof *to;
	return 0;
}

/* The last owner again, without a look-up; or 0. */
static u32 same_owner(const struct zone *z, const struct zone_input *in)
{
	const struct zone_name *n = zone_name_at(z, z->last_owner);

	return z->last_owner && n->len == in->owner_len &&
	       memcmp(n->wire, in->owner, n->len) == 0 ? z->last_owner : 0;
}

int zone_add(struct zone *z, const struct zone_input *in)
{
	struct zone_row r = { .line = in->line, .ttl = in->ttl, .type = in->type,
		.file = in->file };
	int rc = 0;

	r.owner = same_owner(z, in);
	if (r.owner == 0 &&
	    (r.owner = zone_intern(z, in->owner, in->owner_len, in->hash, &rc)) == 0)
		return rc;
	if ((rc = put_value(z, in, &r.value)) < 0)
		return rc;
	return zone_append(z, &r, false);
}

/* ---- looking ---- */

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

char *zone_brief(const struct zone *z, u32 name, char to[ZONE_BRIEF])
{
	char text[NAME_TEXT_MAX];
	size_t n = strlen(zone_text(z, name, text));

	if (n < ZONE_BRIEF)
		memcpy(to, text, n + 1);
	else
		snprintf(to, ZONE_BRIEF, "%.32s...%s", text, text + n - 34);
	return to;
}

const struct zone_host *zone_hosts(const struct zone *z, u32 *n)
{
	*n = z->host_count;
	return z->hosts;
}

/* Slots hold a place in hosts[] and 1; 0: free. */
static u32 both_slot(const struct zone *z, u32 name)
{
	u32 i = (u32)hash_u64(z->key, name) & z->both_mask;

	while (z->both[i] && z->hosts[z->both[i] - 1].name != name)
		i = (i + 1) & z->both_mask;
	return i;
}

static int both_grow(struct zone *z)
{
	u32 *old = z->both;
	u64 count = old ? z->both_mask + 1ull : 0, more = count ? count * 2 : 256;

	if ((z->both = calloc(more, sizeof *z->both)) == NULL) {
		z->both = old;
		return -ENOMEM;
	}
	z->both_mask = (u32)(more - 1);
	for (u64 i = 0; i < count; i++)
		if (old[i])
			z->both[both_slot(z, z->hosts[old[i] - 1].name)] = old[i];
	free(old);
	return 0;
}

int zone_both_add(struct zone *z, u32 host)
{
	if ((z->both == NULL || z->both_count > z->both_mask / 4 * 3) && both_grow(z) < 0)
		return -ENOMEM;
	z->both[both_slot(z, z->hosts[host].name)] = host + 1;
	z->both_count++;
	return 0;
}

u32 zone_host(const struct zone *z, u32 name)
{
	const struct zone_name *n = zone_name_at(z, name);
	u32 both;

	if (!(n->flags & ZONE_OWNER))
		return n->first;
	both = z->both ? z->both[both_slot(z, name)] : 0;
	return both ? both - 1 : 0;
}

const struct zone_record *zone_records(const struct zone *z, u32 *n)
{
	if (n)
		*n = z->record_count;
	return z->records;
}

/* The first record from i on, all of them one owner's up to there, that is another owner's
 * or has at least the type: by leaps, for an owner may have a million. */
static u32 leap(const struct zone *z, u32 i, u32 type)
{
	const u32 owner = z->records[i].owner;
	u32 step = 1, end;

#define BEFORE(j) (z->records[j].owner == owner && z->records[j].type < type)
	if (!BEFORE(i))
		return i;
	for (; (u64)i + step < z->record_count && BEFORE(i + step); step *= 2)
		i += step;
	end = (u32)min_u64((u64)i + step, z->record_count);
	while (end - i > 1) {	/* i is before, end is not */
		u32 middle = i + (end - i) / 2;

		if (BEFORE(middle))
			i = middle;
		else
			end = middle;
	}
#undef BEFORE
	return end;
}

struct zone_rrset zone_rrset_at(const struct zone *z, u32 first)
{
	const struct zone_record *r = z->records + first;

	return (struct zone_rrset){ .owner = r->owner, .first = first, .type = r->type,
		.count = leap(z, first, r->type + 1u) - first };
}

bool zone_rrset(const struct zone *z, u32 owner, u16 type, struct zone_rrset *ret)
{
	const struct zone_name *n = zone_name_at(z, owner);
	u32 at;

	if (!(n->flags & ZONE_OWNER))
		return false;
	at = leap(z, n->first, type);
	if (z->records[at].owner != owner || z->records[at].type != type)
		return false;
	*ret = zone_rrset_at(z, at);
	return true;
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
