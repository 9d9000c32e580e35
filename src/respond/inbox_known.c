/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_known.c - what the house's own files say of a name: the public suffix list, the
 * snapshots of its zones, a list of popular names.
 *
 * A snapshot holds the delegations of a zone (zone/snapshot.h). That a name is not among
 * them says that it does not exist only where names are registered right below: in a zone
 * whose origin is a public suffix. The list of popular names becomes a table of hashes of
 * names, 12 octets each; of two names with one hash the better rank counts. */
#include "respond/inbox_own.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/octets.h"
#include "base/stamp.h"
#include "dns/qname.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define POPULAR_OCTETS_MAX ((size_t)512 << 20)

static int fault(char why[DESK_WHY], int rc, const char *what, const char *path)
{
	snprintf(why, DESK_WHY, "%s '%.300s': %s", what, path, oops_text(rc));
	return rc;
}

/* ---- popular names ---- */

static u64 hash_of(const char *name, size_t n)
{
	u64 h = hash_bytes(INBOX_KEY, name, n);

	return h ? h : 1;
}

static void popular_add(struct known *k, u64 hash, u32 rank)
{
	u64 at = hash & (k->slots - 1);

	while (k->popular[at] && k->popular[at] != hash)
		at = (at + 1) & (k->slots - 1);
	if (k->popular[at] == 0)
		k->rank[at] = rank;
	k->popular[at] = hash;
}

u32 known_rank(const struct known *k, const char *name)
{
	u64 hash = hash_of(name, strlen(name)), at = hash & (k->slots - 1);

	if (k->slots == 0)
		return 0;
	while (k->popular[at] && k->popular[at] != hash)
		at = (at + 1) & (k->slots - 1);
	return k->popular[at] ? k->rank[at] : 0;
}

/* "12,example.com", "example.com": the name, lower-cased in place, and its length. */
static size_t line_name(char *line, size_t n, char **name)
{
	char *comma = memchr(line, ',', n);

	*name = line;
	if (comma && (size_t)(comma - line) == strspn(line, "0123456789")) {
		*name = comma + 1;
		n -= (size_t)(comma + 1 - line);
		comma = memchr(*name, ',', n);
	}
	if (comma)
		n = (size_t)(comma - *name);
	while (n && strchr(" \t\r.\"", (*name)[n - 1]))
		n--;
	for (size_t i = 0; i < n; i++)
		if ((*name)[i] >= 'A' && (*name)[i] <= 'Z')
			(*name)[i] |= 32;
	return n && (*name)[0] != '#' ? n : 0;
}

static void popular_lines(struct known *k, char *text, size_t size)
{
	char *end = text + size, *name;
	u32 rank = 0;

	for (char *p = text; p < end;) {
		char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t n = line_name(p, (size_t)((stop ? stop : end) - p), &name);

		if (n && rank < INBOX_POPULAR_MAX)
			popular_add(k, hash_of(name, n), ++rank);
		p = stop ? stop + 1 : end;
	}
}

static int popular_table(struct known *k, struct buf *text)
{
	u64 lines = 1;

	for (size_t i = 0; i < text->len; i++)
		lines += text->at[i] == '\n';
	lines = min_u64(lines, INBOX_POPULAR_MAX);
	for (k->slots = 16; k->slots < 2 * lines;)
		k->slots *= 2;
	k->popular = calloc(k->slots, sizeof *k->popular);
	k->rank = calloc(k->slots, sizeof *k->rank);
	if (k->popular == NULL || k->rank == NULL)
		return -ENOMEM;
	if (text->len)
		popular_lines(k, text->at, text->len);
	return 0;
}

static int popular_open(struct known *k, const char *path, char why[DESK_WHY])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = fd < 0 ? -errno : 0;
	struct buf text = { 0 };
	struct stat st;

	if (rc == 0)
		rc = octets_read(&text, fd, POPULAR_OCTETS_MAX);
	if (rc == 0 && fstat(fd, &st) == 0)
		k->popular_at = (u64)st.st_mtim.tv_sec * STAMP_NS;
	if (rc == 0)
		rc = popular_table(k, &text);
	if (fd >= 0)
		close(fd);
	buf_free(&text);
	return rc ? fault(why, rc, N_("the list of popular names"), path) : 0;
}

/* ---- zones ---- */

static int zone_open(struct known *k, const char *path, char why[DESK_WHY])
{
	int fd, rc;

	if (k->zone_count == INBOX_ZONES_MAX)
		return fault(why, OOPS_LIMIT, N_("the snapshot"), path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 ? -errno : snapshot_open(&k->zones[k->zone_count], fd);
	if (fd >= 0)
		close(fd);
	if (rc)
		return fault(why, rc, N_("the snapshot"), path);
	k->zone_count++;
	return 0;
}

static int zones_open(struct known *k, const char *paths, char why[DESK_WHY])
{
	char path[4096];
	int rc = 0;

	while (paths && *paths && rc == 0) {
		size_t n = strcspn(paths, ",");

		if (n >= sizeof path)
			return fault(why, -ENAMETOOLONG, N_("the snapshot"), paths);
		memcpy(path, paths, n);
		path[n] = 0;
		if (n)
			rc = zone_open(k, path, why);
		paths += n + (paths[n] == ',');
	}
	return rc;
}

int known_open(struct known *k, const struct inbox_setup *setup, char why[DESK_WHY])
{
	const char *list = setup->suffixes ? setup->suffixes : SUFFIX_FILE;
	int rc = suffixes_open(&k->suffixes, list, INBOX_KEY);

	k->has_list = rc == 0;
	if (rc == -ENOENT && setup->suffixes == NULL)
		rc = suffixes_none(&k->suffixes, INBOX_KEY);
	if (rc)
		return fault(why, rc, N_("the public suffix list"), list);
	if (setup->popular && (rc = popular_open(k, setup->popular, why)))
		return rc;
	return zones_open(k, setup->zones, why);
}

void known_free(struct known *k)
{
	for (unsigned i = 0; i < k->zone_count; i++)
		snapshot_free(k->zones[i]);
	suffixes_free(k->suffixes);
	free(k->popular);
	free(k->rank);
	*k = (struct known){ 0 };
}

/* ---- a name ---- */

static bool delegates(const struct snapshot *z, const u8 *name)
{
	u32 low = 0, high = z->cut_count;
	u8 wire[NAME_WIRE_MAX];

	while (low < high) {
		u32 at = low + (high - low) / 2;
		int order;

		snapshot_name(z, z->cuts[at].name, false, wire);
		order = name_order(wire, name);
		if (order == 0)
			return true;
		if (order < 0)
			low = at + 1;
		else
			high = at;
	}
	return false;
}

/* Octets before the zone's origin at the end of the name; -1 when it is not below it. */
static int below(const struct snapshot *z, const u8 *name, int len)
{
	int left = len - (int)z->head.origin_len;

	if (left <= 0 || !name_equal(name + left, z->head.origin_len, z->head.origin,
				     z->head.origin_len))
		return -1;
	for (int at = 0; at < left; at += name[at] + 1)
		if (at + name[at] + 1 == left)
			return left;
	return -1;
}

/* The name or one above it, right below the origin or deeper, is a delegation. */
static bool is_delegated(const struct snapshot *z, const u8 *name, int left)
{
	for (int at = 0; at < left; at += name[at] + 1)
		if (delegates(z, name + at))
			return true;
	return false;
}

static bool is_registry(const struct known *k, const u8 *origin, unsigned len)
{
	struct qname q;

	if (len <= 1)
		return true;
	qname_read(&q, k->suffixes, origin, len);
	return q.labels == 1 || (k->has_list && q.listed && q.sub_labels == 0 &&
				 q.suffix == q.hash);
}

static void look_in(const struct known *k, const struct snapshot *z, const u8 *name, int len,
		    struct known_name *ret)
{
	int left = below(z, name, len);

	if (left < 0 || ret->exists || !is_registry(k, z->head.origin, z->head.origin_len))
		return;
	ret->exists = is_delegated(z, name, left);
	ret->in_zone = true;
	ret->zone_at = z->head.at * STAMP_NS;
	name_text(z->head.origin, z->head.origin_len, ret->zone);
}

void known_name(const struct known *k, const char *host, struct known_name *ret)
{
	u8 wire[NAME_WIRE_MAX], *domain;
	int len = name_parse(host, wire);
	struct qname q;

	*ret = (struct known_name){ 0 };
	if (len <= 1)
		return;
	name_lower(wire, wire, (size_t)len);
	qname_read(&q, k->suffixes, wire, (unsigned)len);
	domain = wire + q.domain_at;
	name_text(domain, (size_t)(len - q.domain_at), ret->domain);
	ret->is_suffix = k->has_list && q.listed && q.suffix == q.hash;
	ret->no_suffix = k->has_list && !q.listed;
	for (unsigned i = 0; i < k->zone_count; i++)
		look_in(k, k->zones[i], wire, len, ret);
}
