/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_graph.c - who depends on whom: delegation, host, operator, address, prefix, AS.
 *
 * Delegations with the same set of hosts are one group. A host's addresses are those of its A
 * and AAAA records in this zone (glue or not); records outside of the zone are not looked at,
 * as no server loads them. An operator is the registered domain of the host's name. */
#include "verify/sharing.h"
#include "base/hash.h"
#include "dns/qname.h"
#include <arpa/inet.h>

/* ---- addresses as keys ---- */

#define MAPPED 0xffffull	/* ::ffff:0:0/96 (RFC 4291, 2.5.5.2) */

struct sharing_key sharing_address_key(const u8 *octets, unsigned len)
{
	struct sharing_key key = { 0, 0 };

	for (unsigned i = 0; i < len; i++) {
		u64 *half = i < 8 && len == 16 ? &key.a : &key.b;

		*half = *half << 8 | octets[i];
	}
	if (len == 4)
		key.b |= MAPPED << 32;
	return key;
}

bool sharing_four(struct sharing_key key)
{
	return key.a == 0 && key.b >> 32 == MAPPED;
}

struct sharing_key sharing_address(const struct sharing *s, u32 address)
{
	u32 len;
	const u8 *octets = zone_rdata(s->z, &s->records[s->address_record.at[address]], &len);

	return sharing_address_key(octets, len);
}

static struct sharing_key prefix_of(struct sharing_key key)
{
	if (sharing_four(key))
		return (struct sharing_key){ key.a, key.b & ~0xffull };
	return (struct sharing_key){ key.a & ~0xffffull, 0 };
}

/* One number for it: the lowest bits of an IPv6 prefix are free, and one says IPv4. */
static u64 prefix_key(struct sharing_key address)
{
	struct sharing_key prefix = prefix_of(address);

	return sharing_four(prefix) ? prefix.b | 1 : prefix.a;
}

static void octets_of(struct sharing_key key, u8 to[16])
{
	for (unsigned i = 0; i < 8; i++) {
		to[i] = (u8)(key.a >> (56 - 8 * i));
		to[8 + i] = (u8)(key.b >> (56 - 8 * i));
	}
}

/* Most of the time goes into waiting for memory: names, records and slots lie anywhere. So
 * things are read in batches, and what the next step needs is asked for in each. */
#define BATCH 32u
#define AHEAD 8u

/* ---- hosts ---- */

struct domains {
	u32 hash[BATCH];
	u64 domain[BATCH];
};

static int number_operators(struct sharing *s, const struct domains *d, u32 first, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		u32 host = first + i, before = s->operators.count;
		int rc;

		if (i && d->domain[i] == d->domain[i - 1]) {	/* often they stand together */
			s->operator[host] = s->operator[host - 1];
			continue;
		}
		rc = sharing_number(&s->operators, d->hash[i], d->domain[i], &s->operator[host]);
		if (rc < 0)
			return rc;
		if (s->operators.count > before)
			s->operator_host[s->operator[host]] = host;
	}
	return 0;
}

static int read_operators(struct sharing *s)
{
	struct domains d;
	int rc = 0;

	s->operator = malloc((s->host_count + 1ull) * sizeof *s->operator);
	s->operator_host = malloc((s->host_count + 1ull) * sizeof *s->operator_host);
	if (s->operator == NULL || s->operator_host == NULL)
		return -ENOMEM;
	for (u32 first = 0, n; first < s->host_count && rc == 0; first += n) {
		n = (u32)min_u64(BATCH, s->host_count - first);
		for (u32 i = 0; i < n; i++)
			__builtin_prefetch(zone_name(s->z, s->hosts[first + i].name));
		for (u32 i = 0; i < n; i++) {
			const struct zone_name *name = zone_name(s->z, s->hosts[first + i].name);
			struct qname q;

			qname_read(&q, s->in->suffixes, name->wire, name->len);
			d.domain[i] = q.domain;
			d.hash[i] = sharing_hash_key(&s->operators, q.domain);
			sharing_fetch_key(&s->operators, d.hash[i]);
		}
		rc = number_operators(s, &d, first, n);
	}
	sharing_keys_seal(&s->operators);
	return rc;
}

/* ---- their addresses ---- */

struct found {		/* addresses of a batch of hosts */
	struct found_one { struct sharing_key key; u32 hash, record; } *at;
	u32 count, room;
	u32 end[BATCH];	/* of each host's */
};

static u32 hash_address(const struct sharing *s, struct sharing_key key)
{
	return (u32)(hash_u64(hash_u64(s->addresses.key, key.a), key.b) >> 32);
}

static int find_one(struct sharing *s, struct found *f, u32 record)
{
	u32 room = f->room ? f->room * 2 : 256, len;
	const u8 *octets = zone_rdata(s->z, &s->records[record], &len);
	struct found_one *one;

	if (len != (s->records[record].type == TYPE_A ? 4 : 16))
		return 0;
	if (f->count == f->room) {
		if ((one = realloc(f->at, room * sizeof *f->at)) == NULL)
			return -ENOMEM;
		f->at = one;
		f->room = room;
	}
	one = &f->at[f->count++];
	one->key = sharing_address_key(octets, len);
	one->hash = hash_address(s, one->key);
	one->record = record;
	sharing_fetch_key(&s->addresses, one->hash);
	return 0;
}

static int find_addresses(struct sharing *s, u32 name, struct found *f)
{
	static const u16 types[] = { TYPE_A, TYPE_AAAA };
	struct zone_rrset set;
	int rc = 0;

	if (!(zone_name(s->z, name)->flags & ZONE_INSIDE))
		return 0;
	for (unsigned t = 0; t < COUNT(types); t++) {
		if (!zone_rrset(s->z, name, types[t], &set))
			continue;
		for (u32 i = 0; i < set.count && rc == 0; i++)
			rc = find_one(s, f, set.first + i);
	}
	return rc;
}

static int find_batch(struct sharing *s, u32 first, u32 n, struct found *f)
{
	int rc = 0;

	f->count = 0;
	for (u32 i = 0; i < n; i++)
		__builtin_prefetch(zone_name(s->z, s->hosts[first + i].name));
	for (u32 i = 0; i < n; i++) {
		const struct zone_name *name = zone_name(s->z, s->hosts[first + i].name);

		if (name->flags & ZONE_OWNER)
			__builtin_prefetch(&s->records[name->first]);
	}
	for (u32 i = 0; i < n && rc == 0; i++) {
		rc = find_addresses(s, s->hosts[first + i].name, f);
		f->end[i] = f->count;
	}
	return rc;
}

struct wanted { const struct sharing *s; struct sharing_key key; };

static bool same_address(const void *to, u32 address)
{
	const struct wanted *w = to;
	struct sharing_key key = sharing_address(w->s, address);

	return key.a == w->key.a && key.b == w->key.b;
}

static int number_one(struct sharing *s, const struct found_one *one, struct sharing_list *l)
{
	u32 before = s->addresses.count, number;
	const struct wanted w = { s, one->key };
	int rc = sharing_number_by(&s->addresses, one->hash, same_address, &w, &number);

	if (rc == 0 && s->addresses.count > before)
		rc = sharing_push(&s->address_record, one->record);
	return rc ? rc : sharing_push(l, number);
}

static int number_addresses(struct sharing *s, u32 first, u32 n, const struct found *f,
			    struct sharing_list *all)
{
	struct sharing_list one = { 0 };
	int rc = 0;

	for (u32 i = 0, k = 0; i < n && rc == 0; i++) {
		s->first_address[first + i] = all->count;
		for (one.count = 0; k < f->end[i] && rc == 0; k++)
			rc = number_one(s, &f->at[k], &one);
		sharing_settle(&one);
		for (u32 j = 0; j < one.count && rc == 0; j++)
			rc = sharing_push(all, one.at[j]);
	}
	free(one.at);
	return rc;
}

static int read_addresses(struct sharing *s)
{
	struct sharing_list all = { 0 };
	struct found f = { 0 };
	int rc = 0;

	s->first_address = malloc((s->host_count + 1ull) * sizeof *s->first_address);
	if (s->first_address == NULL)
		return -ENOMEM;
	for (u32 first = 0, n; first < s->host_count && rc == 0; first += n) {
		n = (u32)min_u64(BATCH, s->host_count - first);
		rc = find_batch(s, first, n, &f);
		if (rc == 0)
			rc = number_addresses(s, first, n, &f, &all);
	}
	sharing_keys_seal(&s->addresses);
	s->first_address[s->host_count] = all.count;
	s->address = all.at;
	free(f.at);
	return rc;
}

/* ---- prefixes, AS ---- */

static int read_as(struct sharing *s, u32 address, struct sharing_key key)
{
	u32 as, before = s->ases.count;
	u8 octets[16];
	int rc;

	s->as[address] = SHARING_NONE;
	octets_of(key, octets);
	as = sharing_four(key) ? asn_find(s->asn, octets + 12, 4) : asn_find(s->asn, octets, 16);
	if (as == 0)
		return 0;
	rc = sharing_number(&s->ases, sharing_hash_key(&s->ases, as), as, &s->as[address]);
	return rc == 0 && s->ases.count > before ? sharing_push(&s->as_number, as) : rc;
}

static int read_prefix(struct sharing *s, u32 address, struct sharing_key key, u32 hash)
{
	u32 before = s->prefixes.count;
	int rc = sharing_number(&s->prefixes, hash, prefix_key(key), &s->prefix[address]);

	if (rc == 0 && s->prefixes.count > before)
		rc = sharing_push(&s->prefix_address, address);
	return rc == 0 && s->asn ? read_as(s, address, key) : rc;
}

/* The addresses of a batch, read again from their records. */
static int prefix_batch(struct sharing *s, u32 first, u32 n)
{
	struct sharing_key key[BATCH];
	u32 hash[BATCH];
	int rc = 0;

	for (u32 i = 0; i < n; i++)
		__builtin_prefetch(&s->records[s->address_record.at[first + i]]);
	for (u32 i = 0; i < n; i++) {
		key[i] = sharing_address(s, first + i);
		hash[i] = sharing_hash_key(&s->prefixes, prefix_key(key[i]));
		sharing_fetch_key(&s->prefixes, hash[i]);
	}
	for (u32 i = 0; i < n && rc == 0; i++)
		rc = read_prefix(s, first + i, key[i], hash[i]);
	return rc;
}

static int read_prefixes(struct sharing *s)
{
	u32 count = s->addresses.count;
	int rc = 0;

	s->prefix = malloc((count + 1ull) * sizeof *s->prefix);
	s->as = s->asn ? malloc((count + 1ull) * sizeof *s->as) : NULL;
	if (s->prefix == NULL || (s->asn && s->as == NULL))
		return -ENOMEM;
	for (u32 first = 0, n; first < count && rc == 0; first += n) {
		n = (u32)min_u64(BATCH, count - first);
		rc = prefix_batch(s, first, n);
	}
	sharing_keys_seal(&s->prefixes);
	sharing_keys_seal(&s->ases);
	return rc;
}

/* ---- delegations ----
 *
 * Most delegations have the servers of many others, written in the same order. So the names
 * that stand in their records are made sets first, as they stand there (written), and only the
 * different ones of these become sets of hosts: in the order of coming either way. */

struct batch {
	struct rank_walk walk;
	u32 first, count;		/* delegations */
	u32 at[BATCH], size[BATCH], hash[BATCH];	/* into names */
	struct sharing_list names;
};

static struct sharing_set weight_of(const struct sharing *s, u32 cut)
{
	return (struct sharing_set){ .weight = 1, .critical = s->critical && s->critical[cut] };
}

/* What the NS records of a delegation name, as they stand there. */
static int read_names(const struct sharing *s, u32 name, struct sharing_list *l)
{
	struct zone_rrset ns = { 0 };
	int rc = 0;

	zone_rrset(s->z, name, TYPE_NS, &ns);
	for (u32 i = 0; i < ns.count && rc == 0; i++)
		rc = sharing_push(l, s->records[ns.first + i].value);
	return rc;
}

static int read_batch(const struct sharing *s, const struct sharing_sets *written,
		      struct batch *b)
{
	u32 name[BATCH];
	int rc = 0;

	b->names.count = 0;
	for (u32 i = 0; i < b->count; i++) {
		name[i] = zone_cuts_next(s->z, &b->walk);
		__builtin_prefetch(zone_name(s->z, name[i]));
	}
	for (u32 i = 0; i < b->count && rc == 0; i++) {
		b->at[i] = b->names.count;
		rc = read_names(s, name[i], &b->names);
		b->size[i] = b->names.count - b->at[i];
		b->hash[i] = sharing_hash(written, b->names.at + b->at[i], b->size[i]);
		sharing_fetch(written, b->hash[i], 0);
	}
	for (unsigned step = 1; step < 3; step++)
		for (u32 i = 0; i < b->count; i++)
			sharing_fetch(written, b->hash[i], step);
	return rc;
}

/* Sets of names, up to the first delegation whose set is not kept. */
static int read_written(struct sharing *s, struct sharing_sets *written, u32 *end)
{
	struct batch b = { .walk = zone_cuts_from(s->z, 0) };
	int rc = 0;

	for (; b.first < s->cut_count && rc == 0; b.first += b.count) {
		b.count = (u32)min_u64(BATCH, s->cut_count - b.first);
		rc = read_batch(s, written, &b);
		for (u32 i = 0; i < b.count && rc == 0; i++) {
			struct sharing_set w = weight_of(s, b.first + i);

			rc = sharing_put(written, b.hash[i], b.names.at + b.at[i], b.size[i], &w,
					 s->group ? &s->group[b.first + i] : NULL);
			if (rc == 0)
				*end = b.first + i + 1;
		}
	}
	free(b.names.at);
	return rc == OOPS_LIMIT ? 0 : rc;
}

/* The hosts that these names are. */
static int hosts_of(const struct sharing *s, const u32 *names, u32 n, struct sharing_list *l)
{
	int rc = 0;

	l->count = 0;
	for (u32 i = 0; i < n && rc == 0; i++)
		rc = sharing_push(l, zone_host(s->z, names[i]));
	sharing_settle(l);
	return rc;
}

/* Sets of hosts of the sets of names; group[] is of the latter before, of the former then. */
static int turn_written(struct sharing *s, const struct sharing_sets *written, u32 end)
{
	u32 *group = malloc((written->count + 1ull) * sizeof *group);
	struct sharing_list l = { 0 };
	int rc = group ? 0 : -ENOMEM;

	for (u32 i = 0; i < written->count && rc == 0; i++) {
		const u32 *names = sharing_members(written, i);
		u32 n = sharing_size(written, i);

		for (u32 j = 0; i + AHEAD < written->count &&
		     j < sharing_size(written, i + AHEAD); j++)
			__builtin_prefetch(zone_name(s->z,
						     sharing_members(written, i + AHEAD)[j]));
		rc = hosts_of(s, names, n, &l);
		if (rc == 0)
			rc = sharing_intern(&s->groups, l.at, l.count, &written->at[i],
					    &group[i]);
	}
	for (u32 i = 0; i < end && s->group && rc == 0; i++)
		s->group[i] = group[s->group[i]];
	free(l.at);
	free(group);
	return rc;
}

/* Those past the limit of sets of names, one by one: the hosts may be those of another. */
static int read_rest(struct sharing *s, u32 from)
{
	struct sharing_list names = { 0 }, l = { 0 };
	struct rank_walk walk = zone_cuts_from(s->z, from);
	int rc = 0;

	for (u32 i = from; i < s->cut_count && rc == 0; i++) {
		struct sharing_set w = weight_of(s, i);
		u32 group = SHARING_NONE;

		names.count = 0;
		if ((rc = read_names(s, zone_cuts_next(s->z, &walk), &names)) < 0 ||
		    (rc = hosts_of(s, names.at, names.count, &l)) < 0)
			break;
		rc = sharing_intern(&s->groups, l.at, l.count, &w, &group);
		s->left_out += rc == OOPS_LIMIT;
		rc = rc == OOPS_LIMIT ? 0 : rc;
		if (s->group)
			s->group[i] = group;
	}
	free(names.at);
	free(l.at);
	return rc;
}

static int read_groups(struct sharing *s)
{
	struct sharing_sets written = { .key = s->groups.key, .most = s->groups.most };
	u32 end = 0;
	int rc;

	if (s->in->what_if &&
	    (s->group = malloc((s->cut_count + 1ull) * sizeof *s->group)) == NULL)
		return -ENOMEM;
	rc = read_written(s, &written, &end);
	sharing_sets_seal(&written);
	if (rc == 0)
		rc = turn_written(s, &written, end);
	sharing_sets_free(&written);
	if (rc == 0)
		rc = read_rest(s, end);
	sharing_sets_seal(&s->groups);
	return rc;
}

int sharing_graph(struct sharing *s)
{
	int rc;

	s->groups.key = s->operators.key = s->addresses.key = s->prefixes.key = s->ases.key =
		s->in->key;
	s->groups.most = (u32)s->c->sets;
	rc = read_groups(s);

	if (rc == 0)
		rc = read_operators(s);
	if (rc == 0)
		rc = read_addresses(s);
	return rc ? rc : read_prefixes(s);
}

void sharing_graph_free(struct sharing *s)
{
	sharing_sets_free(&s->groups);
	sharing_keys_free(&s->operators);
	sharing_keys_free(&s->addresses);
	sharing_keys_free(&s->prefixes);
	sharing_keys_free(&s->ases);
	free(s->group);
	free(s->critical);
	free(s->operator);
	free(s->operator_host);
	free(s->first_address);
	free(s->address);
	free(s->address_record.at);
	free(s->prefix_address.at);
	free(s->as_number.at);
	free(s->prefix);
	free(s->as);
	asn_free(s->asn);
}

/* ---- elements ---- */

u32 sharing_elements(const struct sharing *s, enum sharing_level level)
{
	switch (level) {
	case BY_OPERATOR:
		return s->operators.count;
	case BY_HOST:
		return s->host_count;
	case BY_ADDRESS:
		return s->addresses.count;
	case BY_PREFIX:
		return s->prefixes.count;
	default:
		return s->ases.count;
	}
}

/* Elements of one host; false when none or not all of them are known. */
static int carriers_of(const struct sharing *s, enum sharing_level level, u32 host,
		       struct sharing_list *l)
{
	u32 first = s->first_address[host], end = s->first_address[host + 1];
	bool known = first < end;
	int rc = 0;

	if (level == BY_OPERATOR || level == BY_HOST)
		return (rc = sharing_push(l, level == BY_HOST ? host : s->operator[host])) < 0
			? rc : 1;
	for (u32 i = first; i < end && rc == 0; i++) {
		u32 address = s->address[i], it = level == BY_ADDRESS ? address :
			level == BY_PREFIX ? s->prefix[address] : s->as[address];

		if (it == SHARING_NONE)
			known = false;
		else
			rc = sharing_push(l, it);
	}
	return rc < 0 ? rc : known;
}

int sharing_carriers(const struct sharing *s, enum sharing_level level, u32 group,
		     struct sharing_list *l)
{
	const u32 *hosts = sharing_members(&s->groups, group);
	u32 n = sharing_size(&s->groups, group);
	int unknown = 0, rc;

	l->count = 0;
	for (u32 i = 0; i < n; i++) {
		if ((rc = carriers_of(s, level, hosts[i], l)) < 0)
			return rc;
		unknown += rc == 0;
	}
	sharing_settle(l);
	return unknown;
}

char *sharing_name(const struct sharing *s, enum sharing_level level, u32 element,
		   char to[SHARING_NAME])
{
	const struct zone_name *n;
	struct sharing_key key;
	struct qname q;
	u8 octets[16];
	bool four;

	switch (level) {
	case BY_OPERATOR:
		n = zone_name(s->z, s->hosts[s->operator_host[element]].name);
		qname_read(&q, s->in->suffixes, n->wire, n->len);
		return name_text(n->wire + q.domain_at, (size_t)n->len - q.domain_at, to);
	case BY_HOST:
		return zone_text(s->z, s->hosts[element].name, to);
	case BY_AS:
		snprintf(to, SHARING_NAME, "AS%u", s->as_number.at[element]);
		return to;
	default:
		break;
	}
	key = level == BY_ADDRESS ? sharing_address(s, element) :
		prefix_of(sharing_address(s, s->prefix_address.at[element]));
	four = sharing_four(key);
	octets_of(key, octets);
	inet_ntop(four ? AF_INET : AF_INET6, four ? octets + 12 : octets, to, SHARING_NAME);
	if (level == BY_PREFIX)
		snprintf(to + strlen(to), 4, "/%d", four ? 24 : 48);
	return to;
}

char *sharing_brief(const struct sharing *s, enum sharing_level level, u32 element,
		    char to[SHARING_BRIEF])
{
	char name[SHARING_NAME], as[ASN_NAME_MAX];
	size_t n;

	sharing_name(s, level, element, name);
	n = strlen(name);
	if (level == BY_AS)
		snprintf(to, SHARING_BRIEF, "%.16s (%s)", name,
			 asn_name(s->asn, s->as_number.at[element], as));
	else if (n <= 68)
		snprintf(to, SHARING_BRIEF, "%s", name);
	else
		snprintf(to, SHARING_BRIEF, "%.30s...%s", name, name + n - 30);
	return to;
}
