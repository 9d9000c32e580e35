/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snapshot.c - see snapshot.h: reading, checking, writing, comparing. Making is in
 * snapshot_make.c.
 *
 * Everything in a file that a snapshot refers to is checked once, in one pass over each part;
 * ten million delegations take about a second, most of it the SHA-256. */
#include "base/hash.h"
#include "zone/snapshot_own.h"
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>

_Static_assert(sizeof(struct snap_cut) == 16 && sizeof(struct snap_set) == 8 &&
	       sizeof(struct snap_host) == 20 && sizeof(struct snap_address) == 20 &&
	       sizeof(struct snap_key) == 8 && sizeof(struct snap_move) == 16,
	       "snapshots are read by other versions");
_Static_assert(offsetof(struct snapshot_head, part) == 296 && sizeof(struct snapshot_head) == 488,
	       "snapshots are read by other versions");

const u8 snapshot_magic[8] = { 'V', 'd', 'Z', 'o', 'n', 'e', '\r', '\n' };

bool snapshot_is(const u8 *octets, size_t n)
{
	return n >= 8 && memcmp(octets, snapshot_magic, 8) == 0;
}

struct snapshot *snapshot_free(struct snapshot *s)
{
	struct snapshot_own *own = s ? s->own : NULL;

	if (own) {
		if (own->map)
			munmap(own->map, own->map_len);
		for (unsigned i = 0; i < SNAPSHOT_PARTS; i++)
			buf_free(&own->part[i]);
		free(own);
	}
	free(s);
	return NULL;
}

/* ---- octets ---- */

static void hash_begin(struct hashing *h, const struct snapshot_head *head)
{
	h->ctx = EVP_MD_CTX_new();
	must(h->ctx && EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) == 1);
	must(EVP_DigestUpdate(h->ctx, head, offsetof(struct snapshot_head, hash)) == 1);
}

static void hash_end(struct hashing *h, u8 to[32])
{
	must(EVP_DigestFinal_ex(h->ctx, to, NULL) == 1);
	EVP_MD_CTX_free(h->ctx);
}

const u8 *snapshot_part(const struct snapshot *s, unsigned part)
{
	const u8 *const at[SNAPSHOT_PARTS] = { s->names, (const u8 *)s->cuts, (const u8 *)s->sets,
		(const u8 *)s->members, (const u8 *)s->hosts, (const u8 *)s->addresses, s->blobs,
		(const u8 *)s->keys, (const u8 *)s->moves, s->seen };

	return at[part];
}

static const u8 zeros[8];

int snapshot_write(const struct snapshot *s, int (*put)(void *to, const void *octets, size_t n),
		   void *to)
{
	struct snapshot_head head = s->head;
	struct hashing h;
	u64 at = sizeof head;
	int rc;

	for (unsigned i = 0; i < SNAPSHOT_PARTS; i++) {
		head.part[i].at = at;
		at = (at + head.part[i].len + 7) & ~7ull;
	}
	hash_begin(&h, &head);
	for (unsigned i = 0; i < SNAPSHOT_PARTS; i++) {
		EVP_DigestUpdate(h.ctx, snapshot_part(s, i), head.part[i].len);
		EVP_DigestUpdate(h.ctx, zeros, -head.part[i].len & 7);
	}
	hash_end(&h, head.hash);
	rc = put(to, &head, sizeof head);
	for (unsigned i = 0; i < SNAPSHOT_PARTS && rc >= 0; i++)
		if ((rc = put(to, snapshot_part(s, i), head.part[i].len)) >= 0)
			rc = put(to, zeros, -head.part[i].len & 7);
	return rc < 0 ? rc : 0;
}

static const size_t part_unit[SNAPSHOT_PARTS] = { 1, sizeof(struct snap_cut),
	sizeof(struct snap_set), 4, sizeof(struct snap_host), sizeof(struct snap_address), 4,
	sizeof(struct snap_key), sizeof(struct snap_move), 1 };

void snapshot_lay(struct snapshot *s, const u8 *const part[SNAPSHOT_PARTS])
{
	u32 n[SNAPSHOT_PARTS];

	for (unsigned i = 0; i < SNAPSHOT_PARTS; i++)
		n[i] = (u32)(s->head.part[i].len / part_unit[i]);
	s->names = part[SNAPSHOT_NAMES];
	s->cuts = (const void *)part[SNAPSHOT_CUTS];
	s->sets = (const void *)part[SNAPSHOT_SETS];
	s->members = (const void *)part[SNAPSHOT_MEMBERS];
	s->hosts = (const void *)part[SNAPSHOT_HOSTS];
	s->addresses = (const void *)part[SNAPSHOT_ADDRESSES];
	s->blobs = part[SNAPSHOT_BLOBS];
	s->keys = (const void *)part[SNAPSHOT_KEYS];
	s->moves = (const void *)part[SNAPSHOT_MOVES];
	s->seen = part[SNAPSHOT_SEEN];
	s->cut_count = n[SNAPSHOT_CUTS];
	s->set_count = n[SNAPSHOT_SETS];
	s->member_count = n[SNAPSHOT_MEMBERS];
	s->host_count = n[SNAPSHOT_HOSTS];
	s->address_count = n[SNAPSHOT_ADDRESSES];
	s->key_count = n[SNAPSHOT_KEYS];
	s->move_count = n[SNAPSHOT_MOVES];
}

/* The head and the places of the parts: they follow each other and end with the file. */
static int check_head(const struct snapshot_head *h, size_t n)
{
	u64 at = sizeof *h;

	if (h->version != SNAPSHOT_VERSION)
		return OOPS_VERSION;
	for (unsigned i = 0; i < SNAPSHOT_PARTS; i++) {
		if (h->part[i].at != at || h->part[i].len > UINT32_MAX ||
		    h->part[i].len % part_unit[i])
			return OOPS_CHANGED;
		at = (at + h->part[i].len + 7) & ~7ull;
	}
	if (at != n)
		return at > n ? OOPS_SHORT : OOPS_CHANGED;
	if (h->origin_len == 0 || h->origin_len > NAME_WIRE_MAX ||
	    name_labels(h->origin, h->origin_len, NULL) < 0 ||
	    h->origin[h->origin_len - 1] != 0)
		return OOPS_CHANGED;
	return 0;
}

/* A name: its length before it, well-formed, not longer than what is left beside the origin. */
static bool good_name(const struct snapshot *s, u32 name, bool outside)
{
	u64 end = s->head.part[SNAPSHOT_NAMES].len;
	unsigned len, most = outside ? NAME_WIRE_MAX : NAME_WIRE_MAX + 1 - s->head.origin_len;

	if (name >= end)
		return false;
	len = s->names[name];
	return len && len <= most && name + 1ull + len <= end && s->names[name + len] == 0 &&
	       name_labels(s->names + name + 1, len, NULL) >= 0;
}

static bool good_blob(const struct snapshot *s, u32 blob)
{
	u64 end = s->head.part[SNAPSHOT_BLOBS].len;
	u32 len;

	if (blob == 0 || blob * 4ull + 4 > end)
		return false;
	memcpy(&len, s->blobs + blob * 4ull, 4);
	return blob * 4ull + 4 + len <= end;
}

/* Canonical order of two names; mostly one label each. */
static int order(const u8 *a, const u8 *b)
{
	unsigned an = a[1], bn = b[1];
	int diff;

	if (an + 2u != a[0] || bn + 2u != b[0])
		return name_order(a + 1, b + 1);
	diff = memcmp(a + 2, b + 2, an < bn ? an : bn);
	return diff ? diff : (int)an - (int)bn;
}

static bool good_cuts(const struct snapshot *s)
{
	for (u32 i = 0; i < s->cut_count; i++) {
		const struct snap_cut *c = &s->cuts[i];

		if (!good_name(s, c->name, false) || c->set >= s->set_count ||
		    (c->ds && !good_blob(s, c->ds)) ||
		    (i && order(s->names + s->cuts[i - 1].name, s->names + c->name) >= 0))
			return false;
	}
	return true;
}

static bool good_sets(const struct snapshot *s)
{
	for (u32 i = 0; i < s->set_count; i++) {
		const struct snap_set *set = &s->sets[i];

		if ((u64)set->first + set->count > s->member_count)
			return false;
		for (u32 j = 0; j < set->count; j++)
			if (s->members[set->first + j] >= s->host_count ||
			    (j && s->members[set->first + j - 1] >= s->members[set->first + j]))
				return false;
	}
	return true;
}

static bool good_hosts(const struct snapshot *s)
{
	for (u32 i = 0; i < s->host_count; i++)
		if (s->hosts[i].outside > 1 ||
		    !good_name(s, s->hosts[i].name, s->hosts[i].outside) ||
		    (u64)s->hosts[i].first + s->hosts[i].count > s->address_count)
			return false;
	for (u32 i = 0; i < s->address_count; i++)
		if (s->addresses[i].family != 4 && s->addresses[i].family != 6)
			return false;
	return true;
}

static bool good_rest(const struct snapshot *s)
{
	for (u32 i = 0; i < s->key_count; i++)
		if (!good_blob(s, s->keys[i].blob))
			return false;
	for (u32 i = 0; i < s->move_count; i++)
		if (!good_name(s, s->moves[i].name, false) || s->moves[i].set >= s->set_count)
			return false;
	return true;
}

static int view(struct snapshot *s, const u8 *octets, size_t n)
{
	const u8 *part[SNAPSHOT_PARTS];
	struct hashing h;
	u8 hash[32];
	int rc;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return OOPS_VERSION;
#endif
	if (!snapshot_is(octets, n))
		return OOPS_FORMAT;
	if (n < sizeof s->head)
		return OOPS_SHORT;
	memcpy(&s->head, octets, sizeof s->head);
	if ((rc = check_head(&s->head, n)) < 0)
		return rc;
	hash_begin(&h, &s->head);
	EVP_DigestUpdate(h.ctx, octets + sizeof s->head, n - sizeof s->head);
	hash_end(&h, hash);
	if (memcmp(hash, s->head.hash, 32) != 0)
		return OOPS_CHANGED;
	for (unsigned i = 0; i < SNAPSHOT_PARTS; i++)
		part[i] = octets + s->head.part[i].at;
	snapshot_lay(s, part);
	return good_cuts(s) && good_sets(s) && good_hosts(s) && good_rest(s) ? 0 : OOPS_CHANGED;
}

int snapshot_view(struct snapshot **ret, const u8 *octets, size_t n)
{
	struct snapshot *s = calloc(1, sizeof *s);
	int rc = s ? view(s, octets, n) : -ENOMEM;

	if (rc < 0)
		snapshot_free(s);
	else
		*ret = s;
	return rc;
}

int snapshot_open(struct snapshot **ret, int fd)
{
	struct snapshot_own *own = calloc(1, sizeof *own);
	struct stat st;
	int rc = -ENOMEM;

	if (own == NULL)
		goto out;
	rc = -errno;
	if (fstat(fd, &st) < 0)
		goto out;
	rc = OOPS_FORMAT;
	if (!S_ISREG(st.st_mode) || st.st_size < 8)
		goto out;
	own->map_len = (size_t)st.st_size;
	own->map = mmap(NULL, own->map_len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (own->map == MAP_FAILED) {
		own->map = NULL;
		rc = -errno;
		goto out;
	}
	if ((rc = snapshot_view(ret, own->map, own->map_len)) < 0)
		goto out;
	(*ret)->own = own;
	return 0;
out:
	if (own && own->map)
		munmap(own->map, own->map_len);
	free(own);
	return rc;
}

void snapshot_attach_seen(struct snapshot *s, const void *octets, size_t n)
{
	s->seen = octets;
	s->head.part[SNAPSHOT_SEEN].len = n;
}

/* ---- looking ---- */

unsigned snapshot_name(const struct snapshot *s, u32 name, bool outside, u8 *to)
{
	unsigned len = s->names[name];

	memcpy(to, s->names + name + 1, len);
	if (outside)
		return len;
	memcpy(to + len - 1, s->head.origin, s->head.origin_len);
	return len - 1 + s->head.origin_len;
}

char *snapshot_text(const struct snapshot *s, u32 name, bool outside, char *to)
{
	u8 wire[2 * NAME_WIRE_MAX];

	return name_text(wire, snapshot_name(s, name, outside, wire), to);
}

const u8 *snapshot_blob(const struct snapshot *s, u32 blob, u32 *len)
{
	memcpy(len, s->blobs + blob * 4ull, 4);
	return s->blobs + blob * 4ull + 4;
}

bool snapshot_same_blob(const struct snapshot *a, u32 one, const struct snapshot *b, u32 other)
{
	const u8 *x, *y;
	u32 n, m;

	if (one == 0 || other == 0)
		return one == other;
	x = snapshot_blob(a, one, &n);
	y = snapshot_blob(b, other, &m);
	return n == m && memcmp(x, y, n) == 0;
}

/* ---- comparing ---- */

int snapshot_order(const struct snapshot *a, u32 one, const struct snapshot *b, u32 other)
{
	return order(a->names + one, b->names + other);
}

/* A table of places by hash; the caller compares what it finds. */
struct finder {
	u32 *slots;
	u32 mask;
};

static int finder_open(struct finder *f, u32 count)
{
	u64 size = 16;

	while (size < count * 2ull)
		size *= 2;
	f->mask = (u32)(size - 1);
	f->slots = malloc(size * sizeof *f->slots);
	if (f->slots == NULL)
		return -ENOMEM;
	memset(f->slots, 0xff, size * sizeof *f->slots);
	return 0;
}

static void finder_add(struct finder *f, u64 hash, u32 place)
{
	u32 i = (u32)hash & f->mask;

	while (f->slots[i] != SNAPSHOT_NONE)
		i = (i + 1) & f->mask;
	f->slots[i] = place;
}

static u64 host_hash(const struct snapshot *s, const struct snap_host *h, u64 key)
{
	u8 wire[2 * NAME_WIRE_MAX];

	return hash_bytes(key, wire, snapshot_name(s, h->name, h->outside, wire));
}

static bool same_host(const struct snapshot *a, const struct snap_host *x,
		      const struct snapshot *b, const struct snap_host *y)
{
	u8 one[2 * NAME_WIRE_MAX], other[2 * NAME_WIRE_MAX];
	unsigned n = snapshot_name(a, x->name, x->outside, one);

	return snapshot_name(b, y->name, y->outside, other) == n && memcmp(one, other, n) == 0;
}

static int match_hosts(u32 *ret, const struct snapshot *old, const struct snapshot *now, u64 key)
{
	struct finder f;

	if (finder_open(&f, now->host_count) < 0)
		return -ENOMEM;
	for (u32 i = 0; i < now->host_count; i++)
		finder_add(&f, host_hash(now, &now->hosts[i], key), i);
	for (u32 i = 0; i < old->host_count; i++) {
		u32 at = (u32)host_hash(old, &old->hosts[i], key) & f.mask;

		while (f.slots[at] != SNAPSHOT_NONE &&
		       !same_host(old, &old->hosts[i], now, &now->hosts[f.slots[at]]))
			at = (at + 1) & f.mask;
		ret[i] = f.slots[at];
	}
	free(f.slots);
	return 0;
}

static u64 members_hash(const u32 *member, u32 count, u64 key)
{
	return hash_bytes(key, member, count * sizeof *member);
}

static int by_number(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

/* The members of an old set by the new one's numbers, sorted; false when one is gone. */
static bool translate(const struct snapshot *old, const struct snap_set *set, const u32 *host,
		      u32 *to)
{
	for (u32 j = 0; j < set->count; j++)
		if ((to[j] = host[old->members[set->first + j]]) == SNAPSHOT_NONE)
			return false;
	qsort(to, set->count, sizeof *to, by_number);
	return true;
}

static int match_sets(struct snapshot_map *m, const struct snapshot *old,
		      const struct snapshot *now, u64 key)
{
	struct finder f;
	u32 most = 1, *to;

	for (u32 i = 0; i < old->set_count; i++)
		most = old->sets[i].count > most ? old->sets[i].count : most;
	if ((to = malloc(most * sizeof *to)) == NULL || finder_open(&f, now->set_count) < 0) {
		free(to);
		return -ENOMEM;
	}
	for (u32 i = 0; i < now->set_count; i++)
		finder_add(&f, members_hash(now->members + now->sets[i].first, now->sets[i].count,
					    key), i);
	for (u32 i = 0; i < old->set_count; i++) {
		u32 n = old->sets[i].count, at;

		m->set[i] = SNAPSHOT_NONE;
		if (!translate(old, &old->sets[i], m->host, to))
			continue;
		for (at = (u32)members_hash(to, n, key) & f.mask; f.slots[at] != SNAPSHOT_NONE;
		     at = (at + 1) & f.mask) {
			const struct snap_set *s = &now->sets[f.slots[at]];

			if (s->count == n &&
			    memcmp(now->members + s->first, to, n * sizeof *to) == 0)
				break;
		}
		m->set[i] = f.slots[at];
	}
	free(f.slots);
	free(to);
	return 0;
}

int snapshot_match(struct snapshot_map *ret, const struct snapshot *old,
		   const struct snapshot *now, u64 key)
{
	struct snapshot_map m = { malloc((old->host_count + 1ull) * sizeof *m.host),
		malloc((old->set_count + 1ull) * sizeof *m.set) };
	int rc = m.host && m.set ? 0 : -ENOMEM;

	if (rc == 0 && (rc = match_hosts(m.host, old, now, key)) == 0)
		rc = match_sets(&m, old, now, key);
	if (rc < 0)
		snapshot_map_free(&m);
	else
		*ret = m;
	return rc;
}

void snapshot_map_free(struct snapshot_map *m)
{
	free(m->host);
	free(m->set);
	*m = (struct snapshot_map){ 0 };
}

bool snapshot_next(struct snapshot_walk *w, const struct snapshot *old,
		   const struct snapshot *now, const struct snap_cut **a,
		   const struct snap_cut **b)
{
	int diff;

	*a = w->old_at < old->cut_count ? &old->cuts[w->old_at] : NULL;
	*b = w->now_at < now->cut_count ? &now->cuts[w->now_at] : NULL;
	if (*a && *b) {
		diff = order(old->names + (*a)->name, now->names + (*b)->name);
		if (diff < 0)
			*b = NULL;
		else if (diff > 0)
			*a = NULL;
	}
	w->old_at += *a != NULL;
	w->now_at += *b != NULL;
	return *a || *b;
}
