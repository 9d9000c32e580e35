/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_what_if.c - what falls when these are lost: --what-if.
 *
 *   as:64500,operator:example.net,prefix:192.0.2.0/24,host:ns1.example,address:192.0.2.1
 *   algorithm:8
 *
 * All of a question is lost at once. A server falls when it is named, its operator is, or all
 * its addresses in this zone are (one at least); a delegation falls when all its servers do,
 * and is weakened when some do. An algorithm takes the chain of trust from the delegations
 * whose DS records know nothing else. */
#include "verify/sharing.h"
#include "base/num.h"
#include "dns/qname.h"
#include <arpa/inet.h>

#define PARTS_MAX 64u

enum what { WHAT_AS, WHAT_OPERATOR, WHAT_PREFIX, WHAT_HOST, WHAT_ADDRESS, WHAT_ALGORITHM };
static const char *const kinds[] = { "as", "operator", "prefix", "host", "address", "algorithm" };

struct part {
	enum what what;
	u32 number;		/* AS, algorithm; prefix and address: bits */
	struct sharing_key key, mask;
	u8 name[NAME_WIRE_MAX];
	unsigned len;
	u64 hits;		/* servers or delegations that have it */
	const char *text;
	int text_len;
};

struct question {
	struct sharing *s;
	struct part at[PARTS_MAX];
	u32 count;
	u8 *host;		/* of each host: it falls */
	u8 *group;		/* of each group: 0, WEAK, DOWN */
	u32 down, weak, chain, thin;	/* delegations */
	u32 down_critical, weak_critical, chain_critical;
	bool zone_down, zone_weak, zone_chain;
};
enum { STANDS, WEAK, DOWN };

/* ---- reading the question ---- */

static bool read_address(const char *text, struct part *p)
{
	u8 octets[16];

	if (inet_pton(AF_INET, text, octets) == 1) {
		p->key = sharing_address_key(octets, 4);
		p->number = 128;
		return true;
	}
	if (inet_pton(AF_INET6, text, octets) != 1)
		return false;
	p->key = sharing_address_key(octets, 16);
	p->number = 128;
	return true;
}

static bool read_prefix(const char *text, struct part *p)
{
	const char *slash = strchr(text, '/');
	char address[INET6_ADDRSTRLEN];
	u64 bits, most;

	if (slash == NULL || (size_t)(slash - text) >= sizeof address)
		return false;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	if (!read_address(address, p))
		return false;
	most = strchr(address, ':') ? 128 : 32;
	if (num_u64(slash + 1, 0, most, &bits) < 0)
		return false;
	p->number = (u32)(bits + 128 - most);
	return true;
}

static bool read_name(const char *text, struct part *p)
{
	u8 wire[NAME_WIRE_MAX];
	int n = name_parse(text, wire);

	if (n < 0)
		return false;
	name_lower(p->name, wire, (size_t)n);
	p->len = (unsigned)n;
	return true;
}

/* The value of a part, which is text; false when it is none of its kind. */
static bool read_value(const char *text, struct part *p)
{
	u64 number;

	switch (p->what) {
	case WHAT_AS:
		return asn_number(text, strlen(text), &p->number) == 0 && p->number;
	case WHAT_OPERATOR:
	case WHAT_HOST:
		return read_name(text, p);
	case WHAT_PREFIX:
		return read_prefix(text, p);
	case WHAT_ADDRESS:
		return read_address(text, p);
	default:
		if (num_u64(text, 0, 255, &number) < 0)
			return false;
		p->number = (u32)number;
		return true;
	}
}

static void set_mask(struct part *p)
{
	u32 n = p->number;

	p->mask.a = n >= 64 ? ~0ull : n ? ~0ull << (64 - n) : 0;
	p->mask.b = n >= 128 ? ~0ull : n > 64 ? ~0ull << (128 - n) : 0;
	p->key.a &= p->mask.a;
	p->key.b &= p->mask.b;
}

static bool read_part(const char *at, size_t n, struct part *p)
{
	const char *colon = memchr(at, ':', n);
	char value[NAME_TEXT_MAX];
	size_t kind = colon ? (size_t)(colon - at) : 0, len = n - kind - 1;

	if (colon == NULL || len == 0 || len >= sizeof value)
		return false;
	memcpy(value, colon + 1, len);
	value[len] = '\0';
	p->text = at;
	p->text_len = (int)n;
	for (unsigned i = 0; i < COUNT(kinds); i++) {
		if (strlen(kinds[i]) != kind || memcmp(kinds[i], at, kind))
			continue;
		p->what = i;
		if (!read_value(value, p))
			return false;
		if (i == WHAT_PREFIX || i == WHAT_ADDRESS)
			set_mask(p);
		return true;
	}
	return false;
}

/* The parts, or OOPS_RANGE with a sentence. */
static int read_question(const char *text, struct part *to, u32 *count, char why[OPT_WHY])
{
	size_t n;

	*count = 0;
	for (const char *at = text; *at; at += n) {
		at += strspn(at, ", ");
		n = strcspn(at, ", ");
		if (n == 0)
			continue;
		if (*count == PARTS_MAX) {
			snprintf(why, OPT_WHY, N_("--what-if: more than %u parts"),
				PARTS_MAX);
			return OOPS_RANGE;
		}
		if (!read_part(at, n, &to[(*count)++])) {
			snprintf(why, OPT_WHY, N_("--what-if: '%.*s' is no part of a "
				 "question; write as:64500, operator:example.net, "
				 "prefix:192.0.2.0/24, host:ns1.example.net, "
				 "address:192.0.2.1 or algorithm:8"),
				 (int)(n < 60 ? n : 60), at);
			return OOPS_RANGE;
		}
	}
	if (*count)
		return 0;
	snprintf(why, OPT_WHY, N_("--what-if: the question is empty"));
	return OOPS_RANGE;
}

int sharing_what_if_check(const struct audit_input *in, char why[OPT_WHY])
{
	struct part *parts = calloc(PARTS_MAX, sizeof *parts);
	u32 count;
	int rc;

	if (parts == NULL)
		return -ENOMEM;
	rc = read_question(in->what_if, parts, &count, why);
	for (u32 i = 0; i < count && rc == 0; i++) {
		if (parts[i].what != WHAT_AS || in->files[AUDIT_FILE_ASN4].name ||
		    in->files[AUDIT_FILE_ASN6].name)
			continue;
		snprintf(why, OPT_WHY, N_("--what-if: '%.*s' needs a table of address "
			 "ranges "
			 "(--asn)"), parts[i].text_len < 60 ? parts[i].text_len : 60,
			 parts[i].text);
		rc = OOPS_RANGE;
	}
	free(parts);
	return rc;
}

/* ---- servers ---- */

static bool same_domain(const struct sharing *s, const struct part *p, u32 host)
{
	const struct zone_name *n = zone_name(s->z, s->hosts[host].name);
	struct qname q;

	qname_read(&q, s->in->suffixes, n->wire, n->len);
	return (unsigned)(q.len - q.domain_at) == p->len &&
	       memcmp(n->wire + q.domain_at, p->name, p->len) == 0;
}

static bool address_lost(struct question *q, u32 address)
{
	struct sharing *s = q->s;
	struct sharing_key key = sharing_address(s, address);
	bool lost = false;

	for (u32 i = 0; i < q->count; i++) {
		struct part *p = &q->at[i];
		bool hit = false;

		if (p->what == WHAT_AS)
			hit = s->as && s->as[address] != SHARING_NONE &&
				s->as_number.at[s->as[address]] == p->number;
		else if (p->what == WHAT_PREFIX || p->what == WHAT_ADDRESS)
			hit = (key.a & p->mask.a) == p->key.a && (key.b & p->mask.b) == p->key.b &&
				(p->number < 96 ? !sharing_four(key) : true);
		p->hits += hit;
		lost |= hit;
	}
	return lost;
}

static bool host_lost(struct question *q, u32 host)
{
	struct sharing *s = q->s;
	const struct zone_name *n = zone_name(s->z, s->hosts[host].name);
	u32 first = s->first_address[host], end = s->first_address[host + 1];
	bool lost = first < end;

	for (u32 i = first; i < end; i++)
		lost &= address_lost(q, s->address[i]);
	for (u32 i = 0; i < q->count; i++) {
		struct part *p = &q->at[i];
		bool hit = false;

		if (p->what == WHAT_HOST)
			hit = n->len == p->len && memcmp(n->wire, p->name, p->len) == 0;
		else if (p->what == WHAT_OPERATOR)
			hit = same_domain(s, p, host);
		p->hits += hit;
		lost |= hit;
	}
	return lost;
}

static u8 state_of(u32 lost, u32 all)
{
	return lost == 0 ? STANDS : lost < all ? WEAK : DOWN;
}

static void judge_groups(struct question *q)
{
	struct sharing *s = q->s;

	for (u32 i = 0; i < s->groups.count; i++) {
		const u32 *hosts = sharing_members(&s->groups, i);
		u32 n = sharing_size(&s->groups, i), lost = 0;

		for (u32 j = 0; j < n; j++)
			lost += q->host[hosts[j]];
		q->group[i] = state_of(lost, n);
		q->down += q->group[i] == DOWN ? s->groups.at[i].weight : 0;
		q->weak += q->group[i] == WEAK ? s->groups.at[i].weight : 0;
		q->down_critical += q->group[i] == DOWN ? s->groups.at[i].critical : 0;
		q->weak_critical += q->group[i] == WEAK ? s->groups.at[i].critical : 0;
	}
}

static void judge_zone(struct question *q)
{
	struct sharing *s = q->s;
	struct zone_rrset set = { 0 };
	u32 lost = 0;

	zone_rrset(s->z, zone_origin(s->z), TYPE_NS, &set);
	for (u32 i = 0; i < set.count; i++)
		lost += q->host[zone_host(s->z, s->records[set.first + i].value)];
	q->zone_down = state_of(lost, set.count) == DOWN;
	q->zone_weak = state_of(lost, set.count) == WEAK;
}

/* ---- algorithms ---- */

/* Does a set of DS (algorithm at 2) or DNSKEY records (at 3) name only lost algorithms?
 * Also counts the parts that it names. */
static u8 chain_of(struct question *q, u32 owner, u16 type)
{
	struct sharing *s = q->s;
	struct zone_rrset set;
	u32 lost = 0;

	if (!zone_rrset(s->z, owner, type, &set))
		return STANDS;
	for (u32 i = 0; i < set.count; i++) {
		u32 len, at = type == TYPE_DS ? 2 : 3;
		const u8 *d = zone_rdata(s->z, &s->records[set.first + i], &len);
		bool hit = false;

		for (u32 j = 0; j < q->count; j++) {
			bool it = q->at[j].what == WHAT_ALGORITHM && len > at &&
				d[at] == q->at[j].number;

			q->at[j].hits += it;
			hit |= it;
		}
		lost += hit;
	}
	return state_of(lost, set.count);
}

static bool asks_algorithm(const struct question *q)
{
	for (u32 i = 0; i < q->count; i++)
		if (q->at[i].what == WHAT_ALGORITHM)
			return true;
	return false;
}

/* ---- telling ---- */

static void add_name(struct question *q, struct finding *f, u32 cut, const char *note)
{
	char name[NAME_TEXT_MAX];

	if (f && f->related_count < FINDING_RELATED_MAX)
		finding_party(f, "delegation", zone_text(q->s->z, zone_cut(q->s->z, cut), name),
			      0, note);
}

/* The first names, those of the critical list before the others. */
static void add_names(struct question *q, struct finding *f, bool critical)
{
	struct sharing *s = q->s;

	for (u32 i = 0; i < s->cut_count; i++) {
		bool on = s->critical && s->critical[i];

		if (on != critical || s->group[i] == SHARING_NONE ||
		    q->group[s->group[i]] != DOWN)
			continue;
		add_name(q, f, i, on ? N_("falls; on the critical list") : N_("falls"));
		if (f->related_count == FINDING_RELATED_MAX)
			return;
	}
}

static void judge_chains(struct question *q, struct finding *f)
{
	struct sharing *s = q->s;
	struct rank_walk walk = zone_cuts_from(s->z, 0);

	for (u32 i = 0; i < s->cut_count; i++) {
		u8 state = chain_of(q, zone_cuts_next(s->z, &walk), TYPE_DS);
		bool on = s->critical && s->critical[i];

		q->chain += state == DOWN;
		q->thin += state == WEAK;
		q->chain_critical += state == DOWN && on;
		if (state == DOWN)
			add_name(q, f, i, on ? N_("loses its chain of trust; on the "
				"critical list")
					     : N_("loses its chain of trust"));
	}
	q->zone_chain = chain_of(q, zone_origin(s->z), TYPE_DNSKEY) == DOWN;
}

static void tell_values(struct question *q, struct finding *f)
{
	struct sharing *s = q->s;

	finding_value(f, "fall", q->down, "names", "delegations that lose all their servers");
	finding_value(f, "weakened", q->weak, "names", "that lose some");
	finding_value(f, "delegations", s->cut_count - s->left_out, "names", "looked at");
	if (s->criticals) {
		finding_value(f, "critical", s->criticals, "names", "on the critical list");
		finding_value(f, "critical_fall", q->down_critical, "names", "of them fall");
		finding_value(f, "critical_weakened", q->weak_critical, "names",
			      "of them are weakened");
	}
	if (asks_algorithm(q)) {
		finding_value(f, "chain", q->chain, "names", "lose their chain of trust");
		finding_value(f, "chain_kept", q->thin, "names",
			      "lose some DS records and keep others");
	}
	finding_value(f, "zone", q->zone_down ? 2 : q->zone_weak, "",
		      "2: the zone itself loses all its servers, 1: some");
}

/* What of the question is nowhere in the zone. */
static void tell_unused(const struct question *q, char *more, size_t size)
{
	char list[120] = "";
	size_t at = 0;

	for (u32 i = 0; i < q->count && at < 40; i++)
		if (q->at[i].hits == 0)
			at += (size_t)snprintf(list + at, sizeof list - at, "%s%.*s",
					       at ? ", " : "",
					       q->at[i].text_len < 60 ? q->at[i].text_len : 60,
					       q->at[i].text);
	if (at)
		sharing_then(more, size, N_("Nothing here has %s."), list);
}

static const char *fallen(bool one_falls, bool one_is_weakened)
{
	if (one_falls && one_is_weakened)
		return N_("Without %.120s: %s delegation falls (%s), %s is weakened.%s");
	if (one_falls)
		return N_("Without %.120s: %s delegation falls (%s), %s are weakened.%s");
	return one_is_weakened
	       ? N_("Without %.120s: %s delegations fall (%s), %s is weakened.%s")
	       : N_("Without %.120s: %s delegations fall (%s), %s are weakened.%s");
}

static void say(struct question *q, struct finding *f)
{
	struct sharing *s = q->s;
	char down[NUM_TEXT_MAX], weak[NUM_TEXT_MAX], percent[16], more[400] = "";

	if (s->criticals)
		sharing_then(more, sizeof more, N_("Of the critical ones (%u) fall: %u; are "
			     "weakened: %u."), s->criticals, q->down_critical, q->weak_critical);
	if (asks_algorithm(q))
		sharing_then(more, sizeof more, q->chain == 1
			     ? N_("%s loses its chain of trust.")
			     : N_("%s lose their chain of trust."), num_count_text(q->chain, down));
	if (asks_algorithm(q) && q->zone_chain)
		sharing_then(more, sizeof more, N_("The zone itself loses its chain of trust."));
	if (q->zone_down)
		sharing_then(more, sizeof more, N_("The zone itself loses all its servers."));
	tell_unused(q, more, sizeof more);
	audit_end(s->a, f, fallen(q->down == 1, q->weak == 1),
		  s->in->what_if, num_count_text(q->down, down),
		  sharing_percent(q->down, s->cut_count - s->left_out, percent),
		  num_count_text(q->weak, weak), more);
}

static int ask(struct question *q)
{
	struct sharing *s = q->s;
	struct finding *f;

	for (u32 i = 0; i < s->host_count; i++)
		q->host[i] = host_lost(q, i);
	judge_groups(q);
	judge_zone(q);
	f = audit_begin_other(s->a, SHARING_WHAT_IF, "what-if", s->in->what_if);
	if (f == NULL)
		return 0;
	add_names(q, f, true);
	if (f->related_count < FINDING_RELATED_MAX)
		add_names(q, f, false);
	if (asks_algorithm(q))
		judge_chains(q, f);
	tell_values(q, f);
	say(q, f);
	return 0;
}

int sharing_what_if(struct sharing *s)
{
	struct question *q = calloc(1, sizeof *q);
	char why[OPT_WHY];
	int rc = q ? read_question(s->in->what_if, q->at, &q->count, why) : -ENOMEM;

	if (rc == 0) {
		q->s = s;
		q->host = calloc(s->host_count + 1ull, 1);
		q->group = calloc(s->groups.count + 1ull, 1);
		rc = q->host && q->group ? ask(q) : -ENOMEM;
	}
	if (q) {
		free(q->host);
		free(q->group);
	}
	free(q);
	return rc;
}
