/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_graph.c - who depends on whom: delegation, host, operator, address, prefix, AS.
 *
 * Delegations with the same set of hosts are one group. A host's addresses are those of its A
 * and AAAA records in this zone (glue or not); records outside of the zone are not looked at,
 * as no server loads them. An operator is the registered domain of the host's name. */
#include "verify/sharing.h"
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

static struct sharing_key prefix_key(struct sharing_key key)
{
	if (sharing_four(key))
		return (struct sharing_key){ key.a, key.b & ~0xffull };
	return (struct sharing_key){ key.a & ~0xffffull, 0 };
}

static void octets_of(struct sharing_key key, u8 to[16])
{
	for (unsigned i = 0; i < 8; i++) {
		to[i] = (u8)(key.a >> (56 - 8 * i));
		to[8 + i] = (u8)(key.b >> (56 - 8 * i));
	}
}

/* ---- hosts ---- */

static int read_operators(struct sharing *s)
{
	struct qname q;
	u64 last = 0;		/* servers of an operator often stand together */

	s->operator = malloc((s->host_count + 1ull) * sizeof *s->operator);
	s->operator_host = malloc((s->host_count + 1ull) * sizeof *s->operator_host);
	if (s->operator == NULL || s->operator_host == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < s->host_count; i++) {
		const struct zone_name *n = zone_name(s->z, s->hosts[i].name);
		u32 before = s->operators.count;
		int rc;

		qname_read(&q, s->in->suffixes, n->wire, n->len);
		if (i && q.domain == last) {
			s->operator[i] = s->operator[i - 1];
			continue;
		}
		last = q.domain;
		rc = sharing_key(&s->operators, (struct sharing_key){ q.domain, 0 },
				 &s->operator[i]);
		if (rc < 0)
			return rc;
		if (s->operators.count > before)
			s->operator_host[s->operator[i]] = i;
	}
	return 0;
}

static int read_addresses_of(struct sharing *s, u32 name, struct sharing_list *l)
{
	static const u16 types[] = { TYPE_A, TYPE_AAAA };
	struct zone_rrset set;

	for (unsigned t = 0; t < COUNT(types); t++) {
		if (!zone_rrset(s->z, name, types[t], &set))
			continue;
		for (u32 i = 0; i < set.count; i++) {
			u32 len, number;
			const u8 *octets = zone_rdata(s->z, &s->records[set.first + i], &len);
			int rc;

			if (len != (types[t] == TYPE_A ? 4 : 16))
				continue;
			rc = sharing_key(&s->addresses, sharing_address_key(octets, len), &number);
			if (rc == 0)
				rc = sharing_push(l, number);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

static int read_addresses(struct sharing *s)
{
	struct sharing_list all = { 0 }, one = { 0 };
	int rc = 0;

	s->first_address = malloc((s->host_count + 1ull) * sizeof *s->first_address);
	if (s->first_address == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < s->host_count && rc == 0; i++) {
		s->first_address[i] = all.count;
		if (!(zone_name(s->z, s->hosts[i].name)->flags & ZONE_INSIDE))
			continue;
		one.count = 0;
		rc = read_addresses_of(s, s->hosts[i].name, &one);
		sharing_settle(&one);
		for (u32 j = 0; j < one.count && rc == 0; j++)
			rc = sharing_push(&all, one.at[j]);
		s->with_address += one.count > 0 && s->hosts[i].delegations;
	}
	s->first_address[s->host_count] = all.count;
	free(one.at);
	s->address = all.at;
	return rc;
}

static int read_prefixes(struct sharing *s)
{
	u32 n = s->addresses.count;

	s->prefix = malloc((n + 1ull) * sizeof *s->prefix);
	s->as = malloc((n + 1ull) * sizeof *s->as);
	if (s->prefix == NULL || s->as == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < n; i++) {
		struct sharing_key key = s->addresses.at[i];
		u8 octets[16];
		u32 as = 0;
		int rc = sharing_key(&s->prefixes, prefix_key(key), &s->prefix[i]);

		octets_of(key, octets);
		if (s->asn && sharing_four(key))
			as = asn_find(s->asn, octets + 12, 4);
		else if (s->asn)
			as = asn_find(s->asn, octets, 16);
		s->as[i] = SHARING_NONE;
		if (as && rc == 0)
			rc = sharing_key(&s->ases, (struct sharing_key){ as, 0 }, &s->as[i]);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* ---- delegations ---- */

/* Most of the time goes into waiting for memory: names, hosts and sets lie anywhere. So
 * delegations are read in batches, and what the next step needs is asked for in each. */
#define BATCH 32u

struct batch {
	u32 first, count;		/* delegations */
	struct zone_rrset ns[BATCH];
	u32 at[BATCH], size[BATCH];	/* into hosts */
	struct sharing_list hosts, one;
};

static void read_records(const struct sharing *s, struct batch *b)
{
	for (u32 i = 0; i < b->count; i++)
		__builtin_prefetch(zone_name(s->z, s->cuts[b->first + i]));
	for (u32 i = 0; i < b->count; i++) {
		b->ns[i].count = 0;
		zone_rrset(s->z, s->cuts[b->first + i], TYPE_NS, &b->ns[i]);
		for (u32 j = 0; j < b->ns[i].count; j++)
			__builtin_prefetch(zone_name(s->z, s->records[b->ns[i].first + j].value));
	}
}

static int read_hosts(const struct sharing *s, struct batch *b)
{
	int rc = 0;

	b->hosts.count = 0;
	for (u32 i = 0; i < b->count; i++) {
		const struct zone_record *r = s->records + b->ns[i].first;

		b->one.count = 0;
		for (u32 j = 0; j < b->ns[i].count && rc == 0; j++)
			rc = sharing_push(&b->one, zone_host(s->z, r[j].value));
		sharing_settle(&b->one);
		b->at[i] = b->hosts.count;
		b->size[i] = b->one.count;
		for (u32 j = 0; j < b->one.count && rc == 0; j++)
			rc = sharing_push(&b->hosts, b->one.at[j]);
	}
	return rc;
}

static int intern_batch(struct sharing *s, struct batch *b)
{
	for (unsigned step = 0; step < 3; step++)
		for (u32 i = 0; i < b->count; i++)
			sharing_fetch(&s->groups, b->hosts.at + b->at[i], b->size[i], step);
	for (u32 i = 0; i < b->count; i++) {
		u32 cut = b->first + i;
		struct sharing_set w = { .weight = 1,
			.critical = s->critical && s->critical[cut] };
		int rc;

		s->group[cut] = SHARING_NONE;
		rc = sharing_intern(&s->groups, b->hosts.at + b->at[i], b->size[i], &w,
				    &s->group[cut]);
		s->left_out += rc == OOPS_LIMIT;
		if (rc < 0 && rc != OOPS_LIMIT)
			return rc;
	}
	return 0;
}

static int read_groups(struct sharing *s)
{
	struct batch b = { 0 };
	int rc = 0;

	s->group = malloc((s->cut_count + 1ull) * sizeof *s->group);
	if (s->group == NULL)
		return -ENOMEM;
	for (; b.first < s->cut_count && rc == 0; b.first += b.count) {
		b.count = (u32)min_u64(BATCH, s->cut_count - b.first);
		read_records(s, &b);
		rc = read_hosts(s, &b);
		if (rc == 0)
			rc = intern_batch(s, &b);
	}
	free(b.hosts.at);
	free(b.one.at);
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
		snprintf(to, SHARING_NAME, "AS%llu", (unsigned long long)s->ases.at[element].a);
		return to;
	default:
		break;
	}
	key = level == BY_ADDRESS ? s->addresses.at[element] : s->prefixes.at[element];
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
			 asn_name(s->asn, (u32)s->ases.at[element].a, as));
	else if (n <= 68)
		snprintf(to, SHARING_BRIEF, "%s", name);
	else
		snprintf(to, SHARING_BRIEF, "%.30s...%s", name, name + n - 30);
	return to;
}
