/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.c - what is different since the zone's last snapshot, and what of it looks wrong.
 *
 * A parent zone shows hijacks of its children as they happen: the NS set of a delegation is
 * what an attacker at the registrar changes. Most changes are business, so single changes are
 * told as facts (info) and shapes as alarms:
 *
 *   unsigned-and-moved   DS removed while NS moves: the door is opened and the guard sent home
 *                        (Sea Turtle, 2019)
 *   gathering            many names that had nothing in common move to an operator that served
 *                        (nearly) nobody here before
 *   hosts-gathering      the same one level down: glue of unrelated servers moves to one address
 *   returned             a short move that comes back: what was to be collected was collected
 *   churn, flux          NS sets and glue that keep changing, with short TTLs (SAC025)
 *   key-early, key-gone  key rollover steps that caches cannot follow (RFC 7583)
 *
 * With snapshots alone (`vedette verify series`) there is no zone, and no line to name.
 *
 * Cost: one walk over both snapshots; sorting of what moved. Files: change_gather.c,
 * change_history.c, change_keys.c.
 * Not seen: changes between two snapshots that were undone before the second; changes inside
 * the children. */
#include "verify/change.h"
#include "dns/qname.h"

#define AT(f) offsetof(struct change_conf, f)
const struct opt change_opts[] = {
	{ .name = "gather", .type = OPT_COUNT, .at = AT(gather), .def = "10", .min = 2,
	  .max = 1000000, .arg = "N",
	  .help = N_("delegations (or servers) that move to one new place before that is "
	  	"told") },
	{ .name = "operators", .type = OPT_COUNT, .at = AT(operators), .def = "5", .min = 1,
	  .max = 1000000, .arg = "N",
	  .help = N_("different former operators that make the moving names unrelated") },
	{ .name = "churn", .type = OPT_COUNT, .at = AT(churn), .def = "4", .min = 2, .max = 1000,
	  .arg = "N", .help = N_("moves of one delegation within the history's memory") },
	{ .name = "low-ttl", .type = OPT_COUNT, .at = AT(low_ttl), .def = "1800", .min = 1,
	  .max = 86400, .arg = "SECONDS",
	  .help = N_("a moved delegation or its glue with a TTL up to this is told as "
	  	"flux") },
	{ .name = "mass", .type = OPT_RATIO, .at = AT(mass), .def = "5%", .min = 1, .max = 1000,
	  .arg = "RATIO",
	  .help = N_("share of the delegations that is gone or moved at once") },
	{ .name = "mass-least", .type = OPT_COUNT, .at = AT(mass_least), .def = "20", .min = 1,
	  .max = 1000000000, .arg = "N",
	  .help = N_("so many delegations at least, for --change-mass") },
	{ .name = NULL }
};

struct finding *change_begin(struct change *c, unsigned row, const struct snap_cut *now)
{
	struct zone_rrset set;
	char text[NAME_TEXT_MAX];
	u32 owner;

	if (c->z == NULL)
		return audit_begin_other(c->a, row, "delegation",
					 snapshot_text(c->now, now->name, false, text));
	owner = zone_cut(c->z, (u32)(now - c->now->cuts));
	if (!zone_rrset(c->z, owner, TYPE_NS, &set))
		return audit_begin(c->a, row, owner, NULL);
	return audit_begin(c->a, row, owner, &zone_records(c->z, NULL)[set.first]);
}

char *change_zone(const struct change *c, char to[NAME_TEXT_MAX])
{
	return name_text(c->now->head.origin, c->now->head.origin_len, to);
}

struct finding *change_begin_zone(struct change *c, unsigned row)
{
	char text[NAME_TEXT_MAX];

	return audit_begin_other(c->a, row, "zone", change_zone(c, text));
}

struct finding *change_begin_gone(struct change *c, unsigned row, u32 name)
{
	char text[NAME_TEXT_MAX];

	return audit_begin_other(c->a, row, "delegation",
				 snapshot_text(c->old, name, false, text));
}

/* So many hosts as text: the first are named, the rest counted. */
static char *names_text(const struct snapshot *s, const u32 *hosts, u32 count,
			char to[CHANGE_SET_TEXT])
{
	char name[NAME_TEXT_MAX], list[CHANGE_SET_TEXT - 40] = "";
	size_t at = 0;
	u32 i = 0;

	for (; i < count && i < 4; i++) {
		const struct snap_host *h = &s->hosts[hosts[i]];

		snapshot_text(s, h->name, h->outside, name);
		if (at + strlen(name) + 4 > sizeof list)
			break;
		at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "", name);
	}
	snprintf(to, CHANGE_SET_TEXT, i < count ? N_("%s and %u more") : "%s", list, count - i);
	return to;
}

char *change_set(const struct snapshot *s, u32 set, char to[CHANGE_SET_TEXT])
{
	return names_text(s, s->members + s->sets[set].first, s->sets[set].count, to);
}

bool change_has(const struct snapshot *s, const u64 *operator, u32 set, u64 one)
{
	const struct snap_set *members = &s->sets[set];

	for (u32 i = 0; i < members->count; i++)
		if (operator[s->members[members->first + i]] == one)
			return true;
	return false;
}

/* Hash of the registered domain of every host. */
static u64 *operators(const struct snapshot *s, const struct suffixes *suffixes)
{
	u64 *ret = malloc((s->host_count + 1ull) * sizeof *ret);
	struct qname q;
	u8 wire[2 * NAME_WIRE_MAX];

	for (u32 i = 0; ret && i < s->host_count; i++) {
		unsigned n = snapshot_name(s, s->hosts[i].name, s->hosts[i].outside, wire);

		qname_read(&q, suffixes, wire, n);
		ret[i] = q.domain;
	}
	return ret;
}

/* Is a host of one snapshot, by the new one's number, in that set of the other? */
static bool is_in(const struct change *c, u32 host, u32 set, bool old)
{
	const struct snapshot *s = old ? c->old : c->now;
	const u32 *member = s->members + s->sets[set].first;

	for (u32 i = 0; i < s->sets[set].count; i++)
		if ((old ? c->map.host[member[i]] : member[i]) == host)
			return true;
	return false;
}

/* Hosts of a set that the other one has not, as text: how many. */
struct sets { u32 old, now; };
static u32 only_in(const struct change *c, const struct sets *of, bool old,
		   char to[CHANGE_SET_TEXT])
{
	const struct snapshot *s = old ? c->old : c->now;
	const struct snap_set *set = &s->sets[old ? of->old : of->now];
	u32 hosts[64] = { 0 }, n = 0, more = 0;

	for (u32 i = 0; i < set->count; i++) {
		const u32 host = s->members[set->first + i];

		if (is_in(c, old ? c->map.host[host] : host, old ? of->now : of->old, !old))
			continue;
		if (n < COUNT(hosts))
			hosts[n++] = host;
		else
			more++;
	}
	names_text(s, hosts, n, to);
	return n + more;
}

/* Do two sets share a host? */
static bool share(const struct change *c, u32 old, u32 now)
{
	const struct snap_set *set = &c->old->sets[old];

	for (u32 i = 0; i < set->count; i++)
		if (is_in(c, c->map.host[c->old->members[set->first + i]], now, false))
			return true;
	return false;
}

static u32 lowest_ttl(const struct snapshot *s, const struct snap_cut *cut)
{
	const struct snap_set *set = &s->sets[cut->set];
	u32 ttl = cut->ttl;

	for (u32 i = 0; i < set->count; i++) {
		const struct snap_host *h = &s->hosts[s->members[set->first + i]];

		if (h->count && h->ttl < ttl)
			ttl = h->ttl;
	}
	return ttl;
}

static void tell_fresh(struct change *c, const struct snap_cut *now)
{
	struct finding *f = change_begin(c, CHANGE_NEW, now);
	char name[NAME_TEXT_MAX], set[CHANGE_SET_TEXT];

	c->fresh++;
	if (f)
		audit_end(c->a, f, now->ds ? N_("%s is new, served by %s, with DS.")
			  : N_("%s is new, served by %s."),
			  snapshot_text(c->now, now->name, false, name),
			  change_set(c->now, now->set, set));
}

static void tell_gone(struct change *c, const struct snap_cut *old)
{
	struct finding *f = change_begin_gone(c, CHANGE_GONE, old->name);
	char name[NAME_TEXT_MAX], set[CHANGE_SET_TEXT];

	c->gone++;
	if (f)
		audit_end(c->a, f, "%s is gone; it was served by %s.",
			  snapshot_text(c->old, old->name, false, name),
			  change_set(c->old, old->set, set));
}

static void tell_flux(struct change *c, const struct snap_cut *now)
{
	u32 ttl = lowest_ttl(c->now, now);
	struct finding *f;
	char name[NAME_TEXT_MAX];

	if (ttl > c->conf->low_ttl || (f = change_begin(c, CHANGE_FLUX, now)) == NULL)
		return;
	finding_most(f, "ttl", ttl, (double)c->conf->low_ttl,
		     "lowest TTL of the delegation's NS and glue records, in seconds");
	audit_end(c->a, f, "%s moved and its servers may move again every %u seconds.",
		  snapshot_text(c->now, now->name, false, name), ttl);
}

/* Some of its servers are others, or there is one more or less: which. */
static void tell_servers(struct change *c, struct finding *f, const struct sets *of,
			 const char *name)
{
	char lost[CHANGE_SET_TEXT], got[CHANGE_SET_TEXT], set[CHANGE_SET_TEXT];
	const u32 less = only_in(c, of, true, lost), more = only_in(c, of, false, got);

	if (less == 0)
		audit_end(c->a, f, "%s got the server %s beside those that it had: %s.", name, got,
			  change_set(c->old, of->old, set));
	else if (more == 0)
		audit_end(c->a, f, "%s lost the server %s and keeps those that are left: %s.", name,
			  lost, change_set(c->now, of->now, set));
	else
		audit_end(c->a, f, "%s lost the server %s and got %s; its other servers stayed.",
			  name, lost, got);
}

static void tell_moved(struct change *c, const struct snap_cut *old, const struct snap_cut *now)
{
	struct finding *f = change_begin(c, CHANGE_MOVED, now);
	char name[NAME_TEXT_MAX], from[CHANGE_SET_TEXT], to[CHANGE_SET_TEXT];

	c->moved++;
	if (f)
		snapshot_text(c->now, now->name, false, name);
	if (f && share(c, old->set, now->set))
		tell_servers(c, f, &(struct sets){ old->set, now->set }, name);
	else if (f)
		audit_end(c->a, f, "%s moved from %s to %s.", name,
			  change_set(c->old, old->set, from), change_set(c->now, now->set, to));
	tell_flux(c, now);
}

static void tell_unsigned_and_moved(struct change *c, const struct snap_cut *old,
				    const struct snap_cut *now)
{
	struct finding *f = change_begin(c, CHANGE_UNSIGNED_AND_MOVED, now);
	bool some = share(c, old->set, now->set);
	char name[NAME_TEXT_MAX], from[CHANGE_SET_TEXT], to[CHANGE_SET_TEXT];

	if (f == NULL)
		return;
	f->severity = some ? SEVERITY_MEDIUM : SEVERITY_HIGH;
	f->confidence = some ? 40 : 60;
	finding_value(f, "servers_kept", some, "", "1: a server of before still serves it");
	audit_end(c->a, f, "%s lost its DS records and moved from %s to %s in one step.",
		  snapshot_text(c->now, now->name, false, name),
		  change_set(c->old, old->set, from), change_set(c->now, now->set, to));
}

static void tell_ds(struct change *c, const struct snap_cut *old, const struct snap_cut *now,
		    bool moved)
{
	unsigned row = !old->ds ? CHANGE_DS_ADDED : now->ds ? CHANGE_DS_CHANGED : CHANGE_DS_REMOVED;
	static const char *const what[] = { N_("%s has DS records now: it is signed."),
		N_("%s has other DS records: a key rollover, or another operator's keys."),
		N_("%s lost its DS records: validators take whatever its servers say.") };
	struct finding *f;
	char name[NAME_TEXT_MAX];

	c->ds++;
	if (row == CHANGE_DS_REMOVED && moved) {
		tell_unsigned_and_moved(c, old, now);
		return;
	}
	if ((f = change_begin(c, row, now)))
		audit_end(c->a, f, what[row - CHANGE_DS_ADDED],
			  snapshot_text(c->now, now->name, false, name));
}

static void walk(struct change *c)
{
	struct snapshot_walk w = { 0 };
	const struct snap_cut *old, *now;

	while (snapshot_next(&w, c->old, c->now, &old, &now)) {
		bool moved = old && now && c->map.set[old->set] != now->set;

		if (old == NULL)
			tell_fresh(c, now);
		else if (now == NULL)
			tell_gone(c, old);
		if (moved)
			tell_moved(c, old, now);
		if (old && now && !snapshot_same_blob(c->old, old->ds, c->now, now->ds))
			tell_ds(c, old, now, moved);
	}
}

static bool same_addresses(const struct change *c, const struct snap_host *a,
			   const struct snap_host *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(c->old->addresses + a->first, c->now->addresses + b->first,
					a->count * sizeof *c->old->addresses) == 0);
}

/* Glue that changed: only hosts that have glue before and after have moved. */
static void walk_hosts(struct change *c)
{
	for (u32 i = 0; i < c->old->host_count; i++) {
		const struct snap_host *a = &c->old->hosts[i], *b;
		struct finding *f;
		char name[NAME_TEXT_MAX];

		if (c->map.host[i] == SNAPSHOT_NONE)
			continue;
		b = &c->now->hosts[c->map.host[i]];
		if (a->count == 0 || b->count == 0 || same_addresses(c, a, b))
			continue;
		snapshot_text(c->now, b->name, b->outside, name);
		if ((f = audit_begin_other(c->a, CHANGE_HOST_MOVED, "server", name)))
			audit_end(c->a, f, "%s has other glue addresses than before.", name);
	}
}

static void tell_mass(struct change *c)
{
	u32 lost = c->gone + c->moved;
	double share = c->old->cut_count ? (double)lost / c->old->cut_count : 0;
	struct finding *f;
	char name[NAME_TEXT_MAX];

	if (share < c->conf->mass || lost < c->conf->mass_least ||
	    (f = change_begin_zone(c, CHANGE_MASS)) == NULL)
		return;
	finding_least(f, "share", share, c->conf->mass, "delegations that are gone or elsewhere");
	finding_least(f, "delegations", lost, (double)c->conf->mass_least, "so many of them");
	audit_end(c->a, f, c->gone == 1
		  ? N_("%s: %u delegation is gone and %u moved at once, of %u.")
		  : N_("%s: %u delegations are gone and %u moved at once, of %u."),
		  change_zone(c, name), c->gone, c->moved, c->old->cut_count);
}

/* RFC 1982, 3.2: is a before b? */
static bool serial_before(u32 a, u32 b)
{
	return a != b && (b - a) < 1u << 31;
}

static void tell_serial(struct change *c)
{
	u32 a = c->old->head.serial, b = c->now->head.serial;
	unsigned row = serial_before(b, a) ? CHANGE_SERIAL_BACK : CHANGE_SERIAL_SAME;
	bool different = c->fresh + c->gone + c->moved + c->ds > 0;
	struct finding *f;
	char name[NAME_TEXT_MAX];

	if (serial_before(a, b) || (a == b && !different) ||
	    (f = change_begin_zone(c, row)) == NULL)
		return;
	change_zone(c, name);
	if (row == CHANGE_SERIAL_BACK)
		audit_end(c->a, f, "%s went back from serial %u to %u: secondaries keep the old "
			  "zone.", name, a, b);
	else
		audit_end(c->a, f, "%s has other delegations under the same serial %u: secondaries "
			  "keep the old zone.", name, a);
}

static void tell_summary(struct change *c)
{
	struct finding *f = change_begin_zone(c, CHANGE_SUMMARY);
	char name[NAME_TEXT_MAX];

	if (f == NULL)
		return;
	finding_value(f, "new", c->fresh, "names", "delegations that were not there");
	finding_value(f, "gone", c->gone, "names", "delegations that are no more");
	finding_value(f, "moved", c->moved, "names", "delegations with another set of servers");
	finding_value(f, "ds_changed", c->ds, "names", "delegations with other DS records");
	finding_value(f, "delegations", c->now->cut_count, "names", "all of them, now");
	audit_end(c->a, f, "%s, serial %u to %u. Delegations: %u new, %u gone, %u moved, %u with "
		  "other DS records.", change_zone(c, name),
		  c->old->head.serial, c->now->head.serial, c->fresh, c->gone, c->moved, c->ds);
}

static int look_at(struct change *c)
{
	int rc;

	walk(c);
	walk_hosts(c);
	tell_mass(c);
	tell_serial(c);
	change_keys(c);
	if ((rc = change_gathering(c)) < 0 || (rc = change_history(c)) < 0)
		return rc;
	tell_summary(c);
	return 0;
}

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	const struct audit_input *in = audit_input(a);
	struct change c = { .a = a, .z = z, .conf = conf, .old = in->old, .now = in->now };
	int rc;

	if (c.old == NULL || c.now == NULL)
		return 0;
	must(z == NULL || zone_cut_count(z) == c.now->cut_count);	/* the same, in order */
	if ((rc = snapshot_match(&c.map, c.old, c.now, in->key)) < 0)
		return rc;
	c.old_operator = operators(c.old, in->suffixes);
	c.now_operator = operators(c.now, in->suffixes);
	rc = c.old_operator && c.now_operator ? look_at(&c) : -ENOMEM;
	free(c.old_operator);
	free(c.now_operator);
	snapshot_map_free(&c.map);
	return rc;
}

const struct check_family family_change = {
	.id = "change", .title = N_("Changes since the last snapshot"), .version = 1,
	.opts = change_opts, .conf_size = sizeof(struct change_conf), .rows = change_rows,
	.look = look, .without_zone = true,
};
