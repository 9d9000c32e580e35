/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_group.c - servers that cannot be, and what leans on them.
 *
 * Hosts of a suspect kind are put together by what is at fault: the registered domain that
 * anybody may register, the suffix that is no public one, the name itself. Each group says how
 * many delegations name it, how many name nothing else, and which host carries the most;
 * groups are told by weight, the heaviest first.
 *
 * Cost: a look at the delegations that name such hosts, and sorting the suspects. It runs last:
 * ref[] of suspects becomes the number of their group. */
#include "verify/delegation.h"
#include "base/num.h"

#define SAMPLES 4u
#define KEPT_OWNERS 64u		/* names below an undelegated domain that are looked at */
#define KEPT_RECORDS 64u	/* of each */

struct suspect {
	u32 host;
	u8 row, at;	/* at: where the part that is at fault begins in its name */
};

struct group {
	u32 first, hosts;	/* suspects [first, first + hosts) */
	u32 cuts, whole;	/* delegations that name it; that name nothing else */
	u32 stamp, mine;	/* while counting: the cut at hand, how many of its servers */
	u32 best;		/* the busiest host */
	u32 record;		/* the first NS record that names it */
	u32 samples[SAMPLES];	/* delegations */
	u8 row;
};

struct groups {
	struct delegation *d;
	struct suspect *s;
	struct group *g;
	u32 *order;
	u32 suspects, count;
};

static bool is_suspect(u8 host)
{
	unsigned kind = host & HOST_KIND;

	return kind >= HOST_MISSING || kind == HOST_UNKNOWN_TLD || host & HOST_ORPHAN;
}

static struct suspect suspect_of(const struct delegation *d, u32 host)
{
	const struct zone_name *n = zone_name(d->z, d->hosts[host].name);
	struct suspect s = { .host = host, .row = ROW_NO_HOST };
	unsigned at = 0;

	switch (d->host[host] & HOST_KIND) {
	case HOST_UNKNOWN_TLD:
		s.row = ROW_UNKNOWN_TLD;
		s.at = (u8)delegation_tail(n, 1);
		break;
	case HOST_ADDRESS:
		s.row = ROW_ORPHAN;
		break;
	case HOST_CLAIMABLE:
		s.row = ROW_CLAIMABLE;
		while (at + 1u + n->wire[at] + d->origin->len < n->len)
			at += 1u + n->wire[at];
		s.at = (u8)at;
		break;
	case HOST_SPECIAL:
		s.row = ROW_SPECIAL;
		delegation_special(n, d->origin, &at);
		s.at = (u8)at;
		break;
	case HOST_IMPOSSIBLE:
		s.row = ROW_IMPOSSIBLE;
		break;
	case HOST_NULL:
		s.row = ROW_NULL;
		break;
	}
	return s;
}

static const u8 *part(const struct delegation *d, const struct suspect *s)
{
	return zone_name(d->z, d->hosts[s->host].name)->wire + s->at;
}

static int by_part(const void *a, const void *b, void *to)
{
	const struct suspect *x = a, *y = b;
	int diff = x->row - y->row;

	if (diff == 0)
		diff = name_order(part(to, x), part(to, y));
	return diff ? diff : x->host < y->host ? -1 : x->host > y->host;
}

static bool same_part(const struct delegation *d, const struct suspect *a,
		      const struct suspect *b)
{
	return a->row == b->row && name_order(part(d, a), part(d, b)) == 0;
}

static int collect(struct groups *g)
{
	struct delegation *d = g->d;
	u32 n = 0;

	for (u32 i = 0; i < d->host_count; i++)
		g->suspects += is_suspect(d->host[i]);
	if (g->suspects == 0)
		return 0;
	if ((g->s = malloc(g->suspects * sizeof *g->s)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < d->host_count; i++)
		if (is_suspect(d->host[i]))
			g->s[n++] = suspect_of(d, i);
	qsort_r(g->s, n, sizeof *g->s, by_part, d);
	for (u32 i = 0; i < n; i++)
		g->count += i == 0 || !same_part(d, &g->s[i], &g->s[i - 1]);
	g->g = calloc(g->count, sizeof *g->g);
	g->order = malloc(g->count * sizeof *g->order);
	return g->g && g->order ? 0 : -ENOMEM;
}

static void number(struct groups *g)
{
	struct delegation *d = g->d;
	struct group *x = g->g;

	for (u32 i = 0; i < g->suspects; i++) {
		if (i && !same_part(d, &g->s[i], &g->s[i - 1]))
			x++;
		if (x->hosts++ == 0) {
			x->first = i;
			x->row = g->s[i].row;
			x->best = g->s[i].host;
		}
		if (d->hosts[g->s[i].host].delegations > d->hosts[x->best].delegations)
			x->best = g->s[i].host;
		d->ref[g->s[i].host] = (u32)(x - g->g);
	}
	for (u32 i = 0; i < g->count; i++)
		g->order[i] = i;
}

/* One delegation counts once for each group that its servers are of. */
static void weigh_cut(struct groups *g, u32 cut, u32 name)
{
	struct delegation *d = g->d;
	struct group *x = NULL;
	u32 count, first = delegation_servers(d, name, &count), servers = 0;

	for (u32 i = first; i < first + count; i++) {
		u32 host = delegation_host_of(d, &d->records[i]);

		if (d->records[i].mark & ZONE_REPEAT)
			continue;
		servers++;
		if (!is_suspect(d->host[host]))
			continue;
		x = &g->g[d->ref[host]];
		if (x->stamp != cut + 1) {
			x->stamp = cut + 1;
			x->mine = 0;
			if (x->cuts < SAMPLES)
				x->samples[x->cuts] = cut;
			if (x->cuts++ == 0)
				x->record = i;
		}
		x->mine++;
	}
	if (x && x->mine == servers)
		x->whole++;
}

/* Does the registry itself keep something else than addresses there? Then the domain is its
 * own and nobody else's. */
static bool kept(const struct delegation *d, const u8 *unit, unsigned len)
{
	u32 n = zone_owner_count(d->z), at = zone_owner_at(d->z, unit), seen = 0;
	struct rank_walk walk = zone_owners_from(d->z, at);

	for (u32 i = at; i < n && seen < KEPT_OWNERS; i++, seen++) {
		u32 owner = zone_owners_next(d->z, &walk);
		const struct zone_name *o = zone_name(d->z, owner);

		if (o->len < len || memcmp(o->wire + o->len - len, unit, len) != 0)
			return false;
		if (o->flags & ZONE_TARGET && d->host[zone_host(d->z, owner)] & HOST_APEX)
			return true;
		for (u32 r = o->first; r < o->first + KEPT_RECORDS &&
		     d->records[r].owner == owner; r++) {
			u16 t = d->records[r].type;

			if (t != TYPE_A && t != TYPE_AAAA && t != TYPE_RRSIG && t != 47)
				return true;	/* 47: NSEC */
		}
	}
	return seen == KEPT_OWNERS;
}

static void drop_kept(struct groups *g)
{
	struct delegation *d = g->d;

	for (u32 i = 0; i < g->count; i++) {
		struct group *x = &g->g[i];
		const struct zone_name *n = zone_name(d->z, d->hosts[x->best].name);
		unsigned at = 0;

		if (x->cuts == 0 || (x->row != ROW_CLAIMABLE && x->row != ROW_ORPHAN))
			continue;
		while (at + 1u + n->wire[at] + d->origin->len < n->len)
			at += 1u + n->wire[at];
		if (!kept(d, n->wire + at, n->len - at))
			continue;
		if (x->row == ROW_CLAIMABLE)
			x->row = ROW_NO_HOST;
		else
			x->cuts = 0;
	}
}

static int by_weight(const void *a, const void *b, void *to)
{
	const struct groups *g = to;
	u32 i = *(const u32 *)a, j = *(const u32 *)b;
	const struct group *x = &g->g[i], *y = &g->g[j];

	if (x->row != y->row)
		return x->row - y->row;
	if (x->cuts != y->cuts)
		return x->cuts > y->cuts ? -1 : 1;
	return i < j ? -1 : i > j;	/* canonical order of the part at fault */
}

static void say(struct delegation *d, const struct group *x, struct finding *f,
		const char *part)
{
	char busiest[ZONE_BRIEF], n[NUM_TEXT_MAX + 16], whole[NUM_TEXT_MAX];
	const struct zone_name *best = zone_name(d->z, d->hosts[x->best].name);
	unsigned at;

	snprintf(n, sizeof n, x->cuts == 1 ? N_("%s delegation") : N_("%s delegations"),
		 num_count_text(x->cuts, whole));
	num_count_text(x->whole, whole);
	zone_brief(d->z, d->hosts[x->best].name, busiest);
	switch (x->row) {
	case ROW_CLAIMABLE:
		audit_end(d->a, f, "Servers under %s, which is not delegated here, are "
			  "named by %s (without any other: %s; busiest: %s). Whoever "
			  "gets it registered answers for "
			  "them.", part, n, whole, busiest);
		break;
	case ROW_ORPHAN:
		audit_end(d->a, f, "%s has addresses in this zone and serves %s, but the "
			  "domain that it lies in is not delegated.", busiest, n);
		break;
	case ROW_SPECIAL:
		audit_end(d->a, f, "Servers under %s, where no public server can be, are "
			  "named by %s (without any other: %s; busiest: %s).",
			  delegation_special(best, d->origin, &at), n, whole, busiest);
		break;
	case ROW_UNKNOWN_TLD:
		audit_end(d->a, f, "Servers under \"%s\", no top-level domain of the "
			  "public suffix list, are named by %s (without any other: %s; "
			  "busiest: %s).",
			  part, n, whole,
			  busiest);
		break;
	case ROW_NULL:
		audit_end(d->a, f, "The root, \".\", is named as a server by %s (without "
			  "any other: %s).", n,
			  whole);
		break;
	case ROW_IMPOSSIBLE:
		audit_end(d->a, f, "%s is named as a server by %s (without any other: %s), but "
			  "%s.", busiest, n,
			  whole, delegation_impossible(best));
		break;
	default:
		audit_end(d->a, f, "%s is named as a server by %s (without any other: "
			  "%s), but this zone, which is the authority for it, has no "
			  "address for it.",
			  busiest, n, whole);
	}
}

static struct finding *begin(struct groups *g, const struct group *x, char part[ZONE_BRIEF])
{
	struct delegation *d = g->d;
	const struct suspect *s = &g->s[x->first];
	const struct zone_name *n = zone_name(d->z, d->hosts[s->host].name);
	char text[NAME_TEXT_MAX];

	name_text(n->wire + s->at, n->len - s->at, text);
	snprintf(part, ZONE_BRIEF, "%s", text);
	if (s->at && x->row != ROW_NO_HOST)
		return audit_begin_other(d->a, x->row, "domain", text);
	return audit_begin(d->a, x->row, d->hosts[x->best].name, &d->records[x->record]);
}

static void tell(struct groups *g, const struct group *x)
{
	struct delegation *d = g->d;
	char part[ZONE_BRIEF], name[NAME_TEXT_MAX], note[64];
	struct finding *f = begin(g, x, part);
	struct zone_rrset set;

	if (f == NULL)
		return;
	if (x->row == ROW_CLAIMABLE && x->cuts >= d->c->weight)
		f->severity = SEVERITY_CRITICAL;
	finding_value(f, "delegations", x->cuts, "", "that name a server of it");
	finding_value(f, "whole", x->whole, "", "of them that name no other server");
	finding_value(f, "servers", x->hosts, "", "names of it that serve delegations");
	finding_party(f, "server", zone_text(d->z, d->hosts[x->best].name, name),
		      d->hosts[x->best].delegations, "the busiest");
	for (u32 i = 0; i < SAMPLES && i < x->cuts; i++) {
		u32 cut = zone_cut(d->z, x->samples[i]), count;
		u32 first = delegation_servers(d, cut, &count);

		snprintf(note, sizeof note, N_("names it, line %u"),
			 zone_line(d->z, &d->records[first]));
		finding_party(f, "delegation", zone_text(d->z, cut, name), 0, note);
		set = zone_rrset_at(d->z, first);
		audit_rrset(d->a, f, &set);
	}
	say(d, x, f, part);
}

int delegation_groups(struct delegation *d)
{
	struct groups g = { .d = d };
	struct rank_walk walk;
	int rc = collect(&g);

	if (rc < 0 || g.count == 0)
		goto out;
	number(&g);
	walk = zone_cuts_from(d->z, 0);
	for (u32 i = 0; i < d->cut_count; i++) {
		u32 name = zone_cuts_next(d->z, &walk);

		if (d->mark[i] & CUT_SUSPECT)
			weigh_cut(&g, i, name);
	}
	drop_kept(&g);
	qsort_r(g.order, g.count, sizeof *g.order, by_weight, &g);
	for (u32 i = 0; i < g.count; i++)
		if (g.g[g.order[i]].cuts)
			tell(&g, &g.g[g.order[i]]);
out:
	free(g.s);
	free(g.g);
	free(g.order);
	return rc;
}
