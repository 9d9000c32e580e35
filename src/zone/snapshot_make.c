/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snapshot_make.c - a snapshot out of a sealed zone. See snapshot.h.
 *
 * One pass over the delegations in canonical order. Sets of servers are told apart by a table
 * of those seen; hosts keep the numbers that the zone gave them. */
#include "base/hash.h"
#include "dns/sig.h"
#include "zone/snapshot_own.h"

#define PART_MAX UINT32_MAX
#define SET_MAX 65536u	/* servers of one delegation that are kept; the zone family tells more */

struct making {
	struct snapshot *s;
	const struct zone *z;
	struct buf *part;
	const struct zone_name *origin;
	u32 *slots, mask, sets;	/* table of sets */
	u64 key;		/* of its hash */
	u32 *set;		/* one set in the making */
};

/* A name into the heap: its offset. */
static u32 put_name(struct making *m, const u8 *wire, unsigned len)
{
	struct buf *b = &m->part[SNAPSHOT_NAMES];
	u32 at = (u32)b->len;

	buf_byte(b, (u8)len);
	buf_add(b, wire, len);
	return at;
}

static u32 put_inside(struct making *m, const struct zone_name *n)
{
	u8 wire[NAME_WIRE_MAX];
	unsigned len = n->len - m->origin->len;

	memcpy(wire, n->wire, len);
	wire[len++] = 0;
	return put_name(m, wire, len);
}

static u32 put_blob(struct making *m, const void *octets, u32 len)
{
	struct buf *b = &m->part[SNAPSHOT_BLOBS];
	u32 at = (u32)(b->len / 4);

	buf_add(b, &len, 4);
	buf_add(b, octets, len);
	buf_fill(b, 0, -b->len & 3);
	return at;
}

static bool below_origin(const struct making *m, const struct zone_name *n)
{
	unsigned at = 0;

	while (at + m->origin->len < n->len)
		at += 1u + n->wire[at];
	return at + m->origin->len == n->len &&
	       memcmp(n->wire + at, m->origin->wire, m->origin->len) == 0;
}

static void put_addresses(struct making *m, u32 name, u16 type, struct snap_host *h)
{
	const struct zone_record *all = zone_records(m->z, NULL);
	struct zone_rrset set;

	if (!zone_rrset(m->z, name, type, &set))
		return;
	for (const struct zone_record *r = all + set.first; set.count--; r++) {
		struct snap_address a = { .family = type == TYPE_A ? 4 : 6 };
		u32 len, ttl;
		const u8 *at = zone_rdata(m->z, r, &len);

		if (len > sizeof a.at || (r->mark & ZONE_REPEAT))
			continue;
		memcpy(a.at, at, len);
		buf_add(&m->part[SNAPSHOT_ADDRESSES], &a, sizeof a);
		h->count++;
		ttl = zone_ttl(m->z, r);
		if (h->ttl == 0 || ttl < h->ttl)
			h->ttl = ttl;
	}
}

static int by_address(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct snap_address));
}

static void put_hosts(struct making *m)
{
	u32 n;
	const struct zone_host *hosts = zone_hosts(m->z, &n);
	struct buf *to = &m->part[SNAPSHOT_ADDRESSES];

	for (u32 i = 0; i < n; i++) {
		const struct zone_name *name = zone_name(m->z, hosts[i].name);
		struct snap_host h = { .first = (u32)(to->len / sizeof(struct snap_address)) };

		h.outside = !below_origin(m, name);
		h.name = h.outside ? put_name(m, name->wire, name->len) : put_inside(m, name);
		put_addresses(m, hosts[i].name, TYPE_A, &h);
		put_addresses(m, hosts[i].name, TYPE_AAAA, &h);
		if (h.count > 1 && !buf_error(to))
			qsort(to->at + (size_t)h.first * sizeof(struct snap_address), h.count,
			      sizeof(struct snap_address), by_address);
		buf_add(&m->part[SNAPSHOT_HOSTS], &h, sizeof h);
	}
}

/* Is there room for one more in a table of so many slots? */
static bool sets_fit(const struct making *m, u64 size)
{
	return m->sets + 1ull <= size / 4 * 3;
}

/* A table with room for one more set, also when there are many sets and no table yet. */
static int sets_grow(struct making *m)
{
	const struct snap_set *sets = (const void *)m->part[SNAPSHOT_SETS].at;
	const u32 *members = (const void *)m->part[SNAPSHOT_MEMBERS].at;
	u64 size = 1024;
	u32 *slots;

	while (!sets_fit(m, size))
		size *= 2;
	if ((slots = malloc(size * sizeof *slots)) == NULL)
		return -ENOMEM;
	memset(slots, 0xff, size * sizeof *slots);
	free(m->slots);
	m->slots = slots;
	m->mask = (u32)(size - 1);
	for (u32 i = 0; i < m->sets; i++) {
		u32 at = (u32)hash_bytes(m->key, members + sets[i].first,
					 sets[i].count * 4ull) & m->mask;

		while (slots[at] != SNAPSHOT_NONE)
			at = (at + 1) & m->mask;
		slots[at] = i;
	}
	return 0;
}

/* The number of the set of hosts in m->set[0 .. n-1]. */
static int put_set(struct making *m, u32 n, u32 *ret)
{
	struct buf *sets = &m->part[SNAPSHOT_SETS], *members = &m->part[SNAPSHOT_MEMBERS];
	u32 at;

	if ((m->slots == NULL || !sets_fit(m, m->mask + 1ull)) && sets_grow(m) < 0)
		return -ENOMEM;
	at = (u32)hash_bytes(m->key, m->set, n * 4ull) & m->mask;
	for (; m->slots[at] != SNAPSHOT_NONE; at = (at + 1) & m->mask) {
		const struct snap_set *s = (const struct snap_set *)sets->at + m->slots[at];

		if (s->count == n && memcmp(members->at + s->first * 4ull, m->set, n * 4ull) == 0) {
			*ret = m->slots[at];
			return 0;
		}
	}
	m->slots[at] = *ret = m->sets++;
	buf_add(sets, &(struct snap_set){ (u32)(members->len / 4), n }, sizeof(struct snap_set));
	buf_add(members, m->set, n * 4ull);
	return buf_error(sets) < 0 ? buf_error(sets) : buf_error(members);
}

static int by_number(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u32 servers(struct making *m, u32 owner, u32 *ttl)
{
	const struct zone_record *all = zone_records(m->z, NULL);
	struct zone_rrset set;
	u32 n = 0;

	if (!zone_rrset(m->z, owner, TYPE_NS, &set))
		return 0;
	*ttl = zone_ttl(m->z, &all[set.first]);
	for (const struct zone_record *r = all + set.first; set.count-- && n < SET_MAX; r++)
		if (!(r->mark & ZONE_REPEAT))
			m->set[n++] = zone_host(m->z, r->value);
	qsort(m->set, n, sizeof *m->set, by_number);
	return n;
}

struct slice { const u8 *at; u32 len; };

static int by_octets(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	int diff = memcmp(x->at, y->at, min_u64(x->len, y->len));

	return diff ? diff : x->len < y->len ? -1 : x->len > y->len;
}

#define DS_MAX 64	/* records of one DS set that are kept */

/* A DS set as one blob: sorted, each with its length before it. 0 for none. */
static u32 put_ds(struct making *m, u32 owner)
{
	const struct zone_record *all = zone_records(m->z, NULL);
	struct slice item[DS_MAX];
	struct zone_rrset set;
	struct buf b = { 0 };
	u32 n = 0, at;

	if (!zone_rrset(m->z, owner, TYPE_DS, &set))
		return 0;
	for (const struct zone_record *r = all + set.first; set.count-- && n < COUNT(item); r++)
		if (!(r->mark & ZONE_REPEAT)) {
			item[n].at = zone_rdata(m->z, r, &item[n].len);
			n++;
		}
	qsort(item, n, sizeof *item, by_octets);
	for (u32 i = 0; i < n; i++) {
		buf_u16(&b, (u16)item[i].len);
		buf_add(&b, item[i].at, item[i].len);
	}
	at = put_blob(m, buf_str(&b), (u32)b.len);
	buf_free(&b);
	return at;
}

static int put_cuts(struct making *m)
{
	struct rank_walk walk = zone_cuts_from(m->z, 0);
	u32 n = zone_cut_count(m->z);
	int rc;

	for (u32 i = 0; i < n; i++) {
		u32 name = zone_cuts_next(m->z, &walk), count;
		struct snap_cut c = { .ds = put_ds(m, name) };

		count = servers(m, name, &c.ttl);
		c.name = put_inside(m, zone_name(m->z, name));
		if ((rc = put_set(m, count, &c.set)) < 0)
			return rc;
		buf_add(&m->part[SNAPSHOT_CUTS], &c, sizeof c);
	}
	return 0;
}

/* Does a signature over `covered` at the apex name this key (tag and algorithm)? */
static bool signs(const struct zone *z, u16 covered, u16 tag, u8 algorithm)
{
	const struct zone_record *all = zone_records(z, NULL);
	struct zone_rrset set;

	if (!zone_rrset(z, zone_origin(z), TYPE_RRSIG, &set))
		return false;
	for (const struct zone_record *r = all + set.first; set.count--; r++) {
		u32 len;
		const u8 *d = zone_rdata(z, r, &len);

		if (len >= 18 && (u16)(d[0] << 8 | d[1]) == covered && d[2] == algorithm &&
		    (u16)(d[16] << 8 | d[17]) == tag)
			return true;
	}
	return false;
}

static void put_keys(struct making *m)
{
	const struct zone_record *all = zone_records(m->z, NULL);
	struct zone_rrset set;

	if (!zone_rrset(m->z, zone_origin(m->z), TYPE_DNSKEY, &set))
		return;
	m->s->head.key_ttl = zone_ttl(m->z, &all[set.first]);
	for (const struct zone_record *r = all + set.first; set.count--; r++) {
		u32 len;
		const u8 *d = zone_rdata(m->z, r, &len);
		struct snap_key k = { 0 };

		if (len < 4 || (r->mark & ZONE_REPEAT))
			continue;
		k.blob = put_blob(m, d, len);
		if (signs(m->z, TYPE_DNSKEY, sig_key_tag(d, len), d[3]))
			k.signs |= SNAP_SIGNS_KEYS;
		if (signs(m->z, TYPE_SOA, sig_key_tag(d, len), d[3]))
			k.signs |= SNAP_SIGNS_ZONE;
		buf_add(&m->part[SNAPSHOT_KEYS], &k, sizeof k);
	}
}

static void put_head(struct making *m, u64 at)
{
	struct snapshot_head *h = &m->s->head;
	const struct zone_record *all;
	struct zone_rrset set;
	u32 n;

	memcpy(h->magic, snapshot_magic, 8);
	h->version = SNAPSHOT_VERSION;
	h->at = at;
	h->origin_len = m->origin->len;
	memcpy(h->origin, m->origin->wire, m->origin->len);
	all = zone_records(m->z, &n);
	if (zone_rrset(m->z, zone_origin(m->z), TYPE_SOA, &set)) {
		u32 len;
		const u8 *d = zone_rdata(m->z, &all[set.first], &len);

		h->soa_ttl = zone_ttl(m->z, &all[set.first]);
		if (len >= 20)
			h->serial = (u32)d[len - 20] << 24 | (u32)d[len - 19] << 16 |
				    (u32)d[len - 18] << 8 | d[len - 17];
	}
	for (u32 i = 0; i < n; i++)	/* the original TTL of what is signed */
		if (all[i].type == TYPE_RRSIG) {
			u32 len, ttl;
			const u8 *d = zone_rdata(m->z, &all[i], &len);

			if (len < 18)
				continue;
			ttl = (u32)d[4] << 24 | (u32)d[5] << 16 | (u32)d[6] << 8 | d[7];
			if (ttl > h->most_ttl && (d[0] << 8 | d[1]) != TYPE_DNSKEY)
				h->most_ttl = ttl;
		}
}

/* A set of the old snapshot into this one; hosts that are no more are added. */
struct moving {
	struct making *m;
	const struct snapshot *old;
	struct snapshot_map map;
};

static int old_set(struct moving *v, u32 number, u32 *ret)
{
	const struct snap_set *set = &v->old->sets[number];
	struct making *m = v->m;
	u32 n = 0;
	int rc;

	if (v->map.set[number] != SNAPSHOT_NONE) {
		*ret = v->map.set[number];
		return 0;
	}
	for (; n < set->count && n < SET_MAX; n++) {
		u32 host = v->old->members[set->first + n];
		const struct snap_host *h = &v->old->hosts[host];

		if (v->map.host[host] == SNAPSHOT_NONE) {
			struct buf *to = &m->part[SNAPSHOT_HOSTS];
			struct snap_host gone = { .outside = h->outside };

			gone.name = put_name(m, v->old->names + h->name + 1,
					     v->old->names[h->name]);
			v->map.host[host] = (u32)(to->len / sizeof gone);
			buf_add(to, &gone, sizeof gone);
		}
		m->set[n] = v->map.host[host];
	}
	qsort(m->set, n, sizeof *m->set, by_number);
	rc = put_set(m, n, &v->map.set[number]);
	*ret = v->map.set[number];
	return rc;
}

static int put_move(struct moving *v, u32 name, u32 set, u64 since)
{
	struct buf *to = &v->m->part[SNAPSHOT_MOVES];
	struct snap_move move = { .since = since };
	int rc;

	if (to->len / sizeof move >= SNAPSHOT_MOVES_MAX)
		return 0;
	if ((rc = old_set(v, set, &move.set)) < 0)
		return rc;
	move.name = put_name(v->m, v->old->names + name + 1, v->old->names[name]);
	buf_add(to, &move, sizeof move);
	return 0;
}

/* The delegations of the old one that are elsewhere now, or gone: their places. */
static void list_moved(const struct moving *v, struct buf *ret)
{
	const struct snapshot *old = v->old, *now = v->m->s;
	struct snapshot_walk w = { 0 };
	const struct snap_cut *a, *b;

	while (snapshot_next(&w, old, now, &a, &b))
		if (a && (b == NULL || v->map.set[a->set] != b->set)) {
			u32 place = (u32)(a - old->cuts);

			buf_add(ret, &place, sizeof place);
		}
}

/* What moved between the two, then what the old one remembers. The parts grow here, so the
 * views of the new one are not looked at any more. */
static int put_moves(struct moving *v, const struct snapshot_about *about)
{
	const struct snapshot *old = v->old;
	struct buf moved = { .limit = (size_t)1 << 34 };
	const u32 *place;
	int rc = 0;

	list_moved(v, &moved);
	place = (const u32 *)buf_str(&moved);
	for (u32 i = 0; i < moved.len / sizeof *place && rc == 0; i++)
		rc = put_move(v, old->cuts[place[i]].name, old->cuts[place[i]].set, about->at);
	for (u32 i = 0; i < old->move_count && rc == 0; i++)
		if (old->moves[i].since + about->memory >= about->at)
			rc = put_move(v, old->moves[i].name, old->moves[i].set,
				      old->moves[i].since);
	rc = rc < 0 ? rc : buf_error(&moved);
	buf_free(&moved);
	return rc;
}

static int lay(struct making *m)
{
	const u8 *part[SNAPSHOT_PARTS];

	for (unsigned i = 0; i < SNAPSHOT_PARTS; i++) {
		if (buf_error(&m->part[i]) < 0)
			return buf_error(&m->part[i]);
		part[i] = (const u8 *)buf_str(&m->part[i]);
		m->s->head.part[i].len = m->part[i].len;
	}
	snapshot_lay(m->s, part);
	return 0;
}

static int add_history(struct making *m, const struct snapshot_about *about)
{
	struct moving v = { .m = m, .old = about->old };
	int rc = snapshot_match(&v.map, about->old, m->s, about->key);

	if (rc == 0)
		rc = put_moves(&v, about);
	snapshot_map_free(&v.map);
	return rc < 0 ? rc : lay(m);
}

static int make(struct making *m, const struct snapshot_about *about)
{
	int rc;

	put_name(m, (const u8 *)"", 1);	/* so that no part that is read as octets is empty */
	put_blob(m, "", 0);		/* blob 0 means none */
	put_head(m, about->at);
	put_hosts(m);
	if ((rc = put_cuts(m)) < 0)
		return rc;
	put_keys(m);
	if ((rc = lay(m)) < 0)
		return rc;
	return about->old ? add_history(m, about) : 0;
}

static int renew(struct making *m, const struct snapshot *from,
		 const struct snapshot_about *about)
{
	int rc;

	m->s->head = from->head;
	m->s->head.at = about->at;
	for (unsigned i = 0; i < SNAPSHOT_MOVES; i++)
		buf_add(&m->part[i], snapshot_part(from, i), from->head.part[i].len);
	m->sets = from->set_count;
	if ((rc = lay(m)) < 0 || about->old == NULL)
		return rc;
	if ((rc = sets_grow(m)) < 0)
		return rc;
	return add_history(m, about);
}

/* Out of a zone or out of a snapshot; the other is NULL. */
static int begin(struct snapshot **ret, const struct zone *z, const struct snapshot *from,
		 const struct snapshot_about *about)
{
	struct snapshot_own *own = calloc(1, sizeof *own);
	struct snapshot *s = calloc(1, sizeof *s);
	struct making m = { .s = s, .z = z, .key = about->key,
		.origin = z ? zone_name(z, zone_origin(z)) : NULL,
		.set = malloc(SET_MAX * sizeof *m.set) };
	int rc = -ENOMEM;

	if (s && own && m.set) {
		s->own = own;
		m.part = own->part;
		for (unsigned i = 0; i < SNAPSHOT_PARTS; i++)
			m.part[i].limit = PART_MAX;
		rc = z ? make(&m, about) : renew(&m, from, about);
	} else {
		free(own);
	}
	free(m.slots);
	free(m.set);
	if (rc < 0)
		snapshot_free(s);
	else
		*ret = s;
	return rc;
}

int snapshot_make(struct snapshot **ret, const struct zone *z,
		  const struct snapshot_about *about)
{
	return begin(ret, z, NULL, about);
}

int snapshot_renew(struct snapshot **ret, const struct snapshot *s,
		   const struct snapshot_about *about)
{
	return begin(ret, NULL, s, about);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static i64 days_of(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;

	return 365ll * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

u64 snapshot_serial_instant(u32 serial)
{
	unsigned day = serial / 100 % 100, month = serial / 10000 % 100, year = serial / 1000000;

	if (year < 1990 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	return (u64)days_of(year, month, day) * 86400 + serial % 100 * 60;
}
