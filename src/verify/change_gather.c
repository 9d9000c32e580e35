/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change_gather.c - many that move to one place at once.
 *
 *   moved delegation  ->  (operator it came to, operator it left)  sorted  ->  groups
 *
 * An operator is the registered domain of a server's name. A group is a gathering when it is
 * large, its members come from many operators, and the operator they came to served few
 * here before: less than a tenth of them. From one operator to another it is a migration,
 * which is told as one fact. Servers' glue is looked at in the same way, by address. */
#include "verify/change.h"
#include "base/hash.h"

struct arrival {
	u64 to, from;	/* operators; or hash of an address */
	u32 which;	/* place in now->cuts, or of the host */
};

struct arrivals {
	struct arrival *at;
	u64 count, cap;
};

static int put(struct arrivals *all, struct arrival one)
{
	if (all->count == all->cap) {
		u64 cap = all->cap ? all->cap * 2 : 256;
		void *at = realloc(all->at, cap * sizeof *all->at);

		if (at == NULL)
			return -ENOMEM;
		all->at = at;
		all->cap = cap;
	}
	all->at[all->count++] = one;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct arrival *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->which != y->which)
		return x->which < y->which ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

static int by_from(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Every operator of the new set that was not in the old one, with every operator that was. */
static int arrive(struct change *c, struct arrivals *all, const struct snap_cut *old,
		  const struct snap_cut *now)
{
	const struct snap_set *a = &c->old->sets[old->set], *b = &c->now->sets[now->set];
	int rc = 0;

	for (u32 j = 0; j < b->count && j < 16; j++) {
		u64 to = c->now_operator[c->now->members[b->first + j]];

		if (change_has(c->old, c->old_operator, old->set, to))
			continue;
		for (u32 i = 0; i < a->count && i < 16 && rc == 0; i++) {
			struct arrival one = { to, c->old_operator[c->old->members[a->first + i]],
				(u32)(now - c->now->cuts) };

			rc = put(all, one);
		}
	}
	return rc;
}

static int list_moves(struct change *c, struct arrivals *all)
{
	struct snapshot_walk w = { 0 };
	const struct snap_cut *old, *now;
	int rc = 0;

	while (rc == 0 && snapshot_next(&w, c->old, c->now, &old, &now))
		if (old && now && c->map.set[old->set] != now->set)
			rc = arrive(c, all, old, now);
	return rc;
}

struct group {
	u64 to, members, origins;	/* origins: different `from` */
	u32 first, *which;
};

/* Members (each once) and different origins of at[0 .. n-1], which have one `to`. */
static int measure(struct group *g, const struct arrival *at, u64 n)
{
	u64 *from = malloc(n * sizeof *from);

	if (from == NULL)
		return -ENOMEM;
	*g = (struct group){ .to = at->to, .first = at->which };
	for (u64 i = 0; i < n; i++) {
		g->members += i == 0 || at[i].which != at[i - 1].which;
		from[i] = at[i].from;
	}
	qsort(from, n, sizeof *from, by_from);
	for (u64 i = 0; i < n; i++)
		g->origins += i == 0 || from[i] != from[i - 1];
	free(from);
	return 0;
}

/* Delegations of the old snapshot that an operator served. */
static u64 served_before(const struct change *c, const u64 *cuts_of_set, u64 operator)
{
	u64 sum = 0;

	for (u32 i = 0; i < c->old->set_count; i++)
		if (change_has(c->old, c->old_operator, i, operator))
			sum += cuts_of_set[i];
	return sum;
}

/* The registered domain that the hash stands for: the shortest name of a host that has it is
 * near enough for people, so the host itself is named. */
static void operator_text(const struct change *c, u32 cut, u64 operator, char *to)
{
	const struct snap_set *set = &c->now->sets[c->now->cuts[cut].set];

	for (u32 i = 0; i < set->count; i++) {
		u32 host = c->now->members[set->first + i];

		if (c->now_operator[host] == operator) {
			snapshot_text(c->now, c->now->hosts[host].name,
				      c->now->hosts[host].outside, to);
			return;
		}
	}
	to[0] = '\0';
}

static void name_some(struct change *c, struct finding *f, const struct arrival *at, u64 n)
{
	char name[NAME_TEXT_MAX];
	u32 told = 0;

	for (u64 i = 0; i < n && told < FINDING_RELATED_MAX; i++)
		if (i == 0 || at[i].which != at[i - 1].which) {
			snapshot_text(c->now, c->now->cuts[at[i].which].name, false, name);
			finding_party(f, "delegation", name, FINDING_RELATED_MAX - told++, "moved");
		}
}

static void tell_group(struct change *c, const struct group *g, const struct arrival *at, u64 n,
		       u64 before)
{
	bool strangers = g->origins >= c->conf->operators && before * 10 < g->members;
	char host[NAME_TEXT_MAX];
	struct finding *f;

	if (!strangers && g->origins > 1)
		return;
	operator_text(c, g->first, g->to, host);
	if ((f = audit_begin_other(c->a, strangers ? CHANGE_GATHERING : CHANGE_MIGRATION, "server",
				   host)) == NULL)
		return;
	finding_least(f, "moved", (double)g->members, (double)c->conf->gather,
		      "delegations that came to this operator");
	finding_value(f, "origins", (double)g->origins, "", "different operators they left");
	finding_value(f, "before", (double)before, "names", "delegations it served before");
	name_some(c, f, at, n);
	if (strangers)
		audit_end(c->a, f, "%llu delegations of %llu different operators moved to the "
			  "operator of %s at once, which served %llu before.",
			  (unsigned long long)g->members, (unsigned long long)g->origins, host,
			  (unsigned long long)before);
	else
		audit_end(c->a, f, "%llu delegations moved from one operator to that of %s.",
			  (unsigned long long)g->members, host);
}

static int tell_groups(struct change *c, struct arrivals *all, const u64 *cuts_of_set)
{
	struct group g;
	int rc;

	for (u64 i = 0, j; i < all->count; i = j) {
		for (j = i + 1; j < all->count && all->at[j].to == all->at[i].to;)
			j++;
		if ((rc = measure(&g, all->at + i, j - i)) < 0)
			return rc;
		if (g.members >= c->conf->gather)
			tell_group(c, &g, all->at + i, j - i,
				   served_before(c, cuts_of_set, g.to));
	}
	return 0;
}

/* ---- glue ---- */

static bool has_address(const struct snapshot *s, const struct snap_host *h,
			const struct snap_address *a)
{
	for (u32 i = 0; i < h->count; i++)
		if (memcmp(&s->addresses[h->first + i], a, sizeof *a) == 0)
			return true;
	return false;
}

static int list_hosts(struct change *c, struct arrivals *all)
{
	u64 key = audit_input(c->a)->key;
	int rc = 0;

	for (u32 i = 0; i < c->old->host_count && rc == 0; i++) {
		const struct snap_host *a = &c->old->hosts[i], *b;

		if (c->map.host[i] == SNAPSHOT_NONE || a->count == 0)
			continue;
		b = &c->now->hosts[c->map.host[i]];
		for (u32 j = 0; j < b->count && rc == 0; j++)
			if (!has_address(c->old, a, &c->now->addresses[b->first + j])) {
				const u8 *at = c->now->addresses[b->first + j].at;
				struct arrival one = { hash_bytes(key, at, 16),
					c->old_operator[i], c->map.host[i] };

				rc = put(all, one);
			}
	}
	return rc;
}

static void tell_hosts(struct change *c, const struct group *g, const struct arrival *at, u64 n)
{
	const struct snap_host *h = &c->now->hosts[g->first];
	char name[NAME_TEXT_MAX];
	struct finding *f;

	snapshot_text(c->now, h->name, h->outside, name);
	if ((f = audit_begin_other(c->a, CHANGE_HOSTS_GATHERING, "server", name)) == NULL)
		return;
	finding_least(f, "moved", (double)g->members, (double)c->conf->gather,
		      "name servers whose glue moved to one address");
	finding_least(f, "origins", (double)g->origins, (double)c->conf->operators,
		      "different operators of theirs");
	for (u64 i = 0; i < n && i < FINDING_RELATED_MAX; i++) {
		h = &c->now->hosts[at[i].which];
		finding_party(f, "server", snapshot_text(c->now, h->name, h->outside, name),
			      FINDING_RELATED_MAX - i, "moved");
	}
	snapshot_text(c->now, c->now->hosts[g->first].name, c->now->hosts[g->first].outside, name);
	audit_end(c->a, f, "The glue of %llu name servers of %llu operators moved to one address, "
		  "that of %s among them.", (unsigned long long)g->members,
		  (unsigned long long)g->origins, name);
}

static int tell_host_groups(struct change *c, struct arrivals *all)
{
	struct group g;
	int rc;

	for (u64 i = 0, j; i < all->count; i = j) {
		for (j = i + 1; j < all->count && all->at[j].to == all->at[i].to;)
			j++;
		if ((rc = measure(&g, all->at + i, j - i)) < 0)
			return rc;
		if (g.members >= c->conf->gather && g.origins >= c->conf->operators)
			tell_hosts(c, &g, all->at + i, j - i);
	}
	return 0;
}

static void sort(struct arrivals *all)
{
	if (all->count)
		qsort(all->at, all->count, sizeof *all->at, by_place);
}

int change_gathering(struct change *c)
{
	struct arrivals names = { 0 }, hosts = { 0 };
	u64 *cuts_of_set = calloc(c->old->set_count + 1ull, sizeof *cuts_of_set);
	int rc = -ENOMEM;

	if (cuts_of_set == NULL)
		goto out;
	for (u32 i = 0; i < c->old->cut_count; i++)
		cuts_of_set[c->old->cuts[i].set]++;
	if ((rc = list_moves(c, &names)) < 0 || (rc = list_hosts(c, &hosts)) < 0)
		goto out;
	sort(&names);
	sort(&hosts);
	if ((rc = tell_groups(c, &names, cuts_of_set)) == 0)
		rc = tell_host_groups(c, &hosts);
out:
	free(cuts_of_set);
	free(names.at);
	free(hosts.at);
	return rc;
}
