/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure.c - is it a zone: see structure.h. Here is the walk, in two passes: threads mark
 * the owners that have a fault, then one thread tells them in canonical order.
 *
 * What it holds names against: RFC 1034, 1035, 1123, 1912, 2181, 2308, 4592, 6672, 7208, 9460,
 * and what named-checkzone, kzonecheck and validns refuse.
 * Not here: delegations and glue (delegation.c), signatures (dnssec.c), reading (reading.c). */
#include "verify/structure.h"
#include <pthread.h>

#define AT(f) offsetof(struct structure_conf, f)
#define THREADS_MAX 64u
#define OWNERS_A_THREAD 20000u	/* fewer are not worth one */

static const struct opt opts[] = {
	{ .name = "refresh", .type = OPT_SPAN, .at = AT(refresh), .def = "20m", .arg = "TIME",
	  .help = N_("SOA refresh, at least (RFC 1912, 2.2)") },
	{ .name = "retry", .type = OPT_SPAN, .at = AT(retry), .def = "2m", .arg = "TIME",
	  .help = N_("SOA retry, at least (RFC 1912, 2.2)") },
	{ .name = "expire", .type = OPT_SPAN, .at = AT(expire), .def = "7d", .arg = "TIME",
	  .help = N_("SOA expire, at least: a long weekend without the primary") },
	{ .name = "minimum", .type = OPT_SPAN, .at = AT(minimum), .def = "1d", .arg = "TIME",
	  .help = N_("SOA minimum, which is how long a name stays missing, at most "
	  	"(RFC 2308, 5)") },
	{ .name = "ttl", .type = OPT_SPAN, .at = AT(ttl), .def = "7d", .arg = "TIME",
	  .help = N_("TTL, at most; resolvers cut longer ones (RFC 8767, 4)") },
	{ .name = "chain", .type = OPT_COUNT, .at = AT(chain), .def = "8", .min = 1, .max = 100,
	  .arg = "N",
	  .help = N_("aliases that lead to each other, at most; resolvers give up "
	  	"after 8 to 16") },
	{ .name = NULL }
};

struct finding *structure_fault(struct structure *c, enum structure_row row, u32 name,
				const struct zone_record *r)
{
	if (c->scan) {
		c->hit = true;
		return NULL;
	}
	return audit_begin(c->a, row, name, r);
}

struct finding *structure_fault_set(struct structure *c, enum structure_row row,
				    const struct zone_record *r)
{
	if (c->scan) {
		c->hit = true;
		return NULL;
	}
	return audit_begin_set(c->a, row, r->owner, r);
}

void structure_show(struct structure *c, struct finding *f, u32 name, u16 type)
{
	struct zone_rrset s;

	if (name && zone_rrset(c->z, name, type, &s))
		audit_rrset(c->a, f, &s);
}

static void check_owner(struct structure *c, u32 owner)
{
	const struct zone_name *n = zone_name(c->z, owner);
	struct zone_rrset s;
	struct finding *f;
	char text[NAME_TEXT_MAX];

	if (!(n->flags & ZONE_INSIDE)) {
		if ((f = structure_fault(c, ROW_OUTSIDE, owner, &c->records[n->first])))
			audit_end(c->a, f, "%s is not a name of this zone: servers leave its "
				  "records out or refuse the zone.", zone_text(c->z, owner, text));
		return;
	}
	structure_labels(c, owner);
	structure_sets(c, owner);
	for (u32 i = n->first; c->records[i].owner == owner; i += s.count) {
		s = zone_rrset_at(c->z, i);
		structure_rdata(c, &s);
		if (!(n->flags & (ZONE_BELOW | ZONE_MASKED)))
			structure_targets(c, &s);
	}
}

/* ---- the two passes ---- */

struct stretch {
	struct structure c;
	u32 from, until;
	u64 *marks, *aliases;	/* of all owners; stretches begin at a multiple of 64 */
	pthread_t thread;
	bool started;
};

static void *scan(void *arg)
{
	struct stretch *s = arg;
	struct rank_walk walk = zone_owners_from(s->c.z, s->from);

	for (u32 i = s->from; i < s->until; i++) {
		s->c.hit = s->c.alias = false;
		check_owner(&s->c, zone_owners_next(s->c.z, &walk));
		s->marks[i / 64] |= (u64)s->c.hit << i % 64;
		s->aliases[i / 64] |= (u64)s->c.alias << i % 64;
	}
	return NULL;
}

static void scan_all(const struct structure *c, u32 n, u64 *marks, u64 *aliases)
{
	u32 threads = (u32)min_u64(audit_input(c->a)->threads, n / OWNERS_A_THREAD);
	struct stretch s[THREADS_MAX];
	u32 each;

	threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
	each = (n / threads + 63) / 64 * 64;
	for (u32 i = 0; i < threads; i++) {
		s[i] = (struct stretch){ .c = *c, .marks = marks, .aliases = aliases,
			.from = (u32)min_u64((u64)i * each, n),
			.until = i + 1 == threads ? n : (u32)min_u64((u64)(i + 1) * each, n) };
		s[i].c.scan = true;
		s[i].started = i && pthread_create(&s[i].thread, NULL, scan, &s[i]) == 0;
		if (i && !s[i].started)
			scan(&s[i]);
	}
	scan(&s[0]);
	for (u32 i = 1; i < threads; i++)
		if (s[i].started)
			pthread_join(s[i].thread, NULL);
}

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	struct structure c = { .a = a, .z = z, .conf = conf,
		.origin = zone_name(z, zone_origin(z)), .records = zone_records(z, NULL) };
	struct rank_walk walk = zone_owners_from(z, 0);
	u32 n = zone_owner_count(z), records;
	u64 *marks = calloc(n / 64 + 1, sizeof *marks);
	u64 *aliases = calloc(n / 64 + 1, sizeof *aliases);
	int rc = -ENOMEM;

	zone_records(z, &records);
	c.next = calloc(records + 1ull, sizeof *c.next);
	if (marks == NULL || aliases == NULL || c.next == NULL)
		goto out;
	structure_apex(&c);
	scan_all(&c, n, marks, aliases);
	for (u32 i = 0; i < n; i++) {
		u32 owner = zone_owners_next(z, &walk);

		if (marks[i / 64] >> i % 64 & 1)
			check_owner(&c, owner);
		if (aliases[i / 64] >> i % 64 & 1)
			structure_chain(&c, owner);
	}
	rc = structure_hosts(&c);
out:
	free(c.next);
	free(aliases);
	free(marks);
	return rc;
}

const struct check_family family_structure = {
	.id = "structure", .title = N_("Structure of the zone"), .version = 3, .opts = opts,
	.conf_size = sizeof(struct structure_conf), .rows = structure_rows, .look = look,
};
