/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_zone.c - zones that were audited: what was found, by audit and family, and what changed
 * from one audit to the next. What falls together is api_sharing.c.
 *
 *   GET /api/v1/zones                      every zone that the caller may see findings of
 *   GET /api/v1/zones/{name}?at=&since=    one of them; the audits to compare
 *
 * An audit is told by its instant, which is the begin of its findings' windows. A finding is
 * the same in two audits when its fault is (respond/fault.h). */
#include "web/find.h"
#include "base/stamp.h"
#include "model/utf8.h"

#define ZONES_MAX 1000u
#define AUDITS_MAX 500u
#define FAMILIES_MAX 32u
#define CHANGES_MAX 100u

/* ---- all zones ---- */

struct zone_seen {
	u32 at;			/* of the name among the sieve's texts */
	char name[FINDING_SUBJECT_MAX];
	u64 severities[SEVERITY_COUNT], last;
};
struct zones { struct zone_seen *at; u32 count, last; u64 left_out; };

static struct zone_seen *zone_of(struct zones *z, const struct sieve_row *r)
{
	u32 at = sieve_row_zone(r);

	if (z->count && z->at[z->last].at == at)
		return &z->at[z->last];
	for (z->last = 0; z->last < z->count; z->last++)
		if (z->at[z->last].at == at)
			return &z->at[z->last];
	z->last = 0;
	if (z->count == ZONES_MAX) {
		z->left_out++;
		return NULL;
	}
	z->last = z->count++;
	z->at[z->last].at = at;
	snprintf(z->at[z->last].name, sizeof z->at[0].name, "%s", sieve_row_text(r, at));
	return &z->at[z->last];
}

static void add_zone(void *to, const struct sieve_row *r)
{
	struct zone_seen *z = zone_of(to, r);

	if (z == NULL)
		return;
	z->severities[r->severity]++;
	z->last = max_u64(z->last, r->from);
}

static int zones(struct request *q)
{
	const struct sieve_ask all = { 0 };
	struct zones z = { .at = calloc(ZONES_MAX, sizeof *z.at) };
	const char *comma = "\n";
	char last[STAMP_TEXT_MAX];
	int rc = z.at ? sieve_walk(q->web->sieve, q->gate, &all, add_zone, &z) : -ENOMEM;

	buf_text(q->out, "{\"items\":[");
	for (u32 i = 0; i < z.count && rc == 0; i++) {
		if (z.at[i].name[0] == 0)
			continue;	/* traffic has no zone */
		buf_fmt(q->out, "%s{\"zone\":", comma);
		comma = ",\n";
		utf8_json(q->out, z.at[i].name);
		buf_fmt(q->out, ",\"last\":\"%s\",\"severities\":",
			stamp_text(z.at[i].last, 9, last));
		find_put_severities(q->out, z.at[i].severities);
		buf_byte(q->out, '}');
	}
	buf_text(q->out, "],\n\"next\":null}\n");
	free(z.at);
	return rc ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

/* ---- one zone ---- */

struct audit_seen { u64 at, severities[SEVERITY_COUNT]; };
struct family_seen { char name[48]; u64 severities[SEVERITY_COUNT]; };
struct case_seen { u32 fault; u64 number; };
struct cases { struct case_seen *at; u32 count, room; bool failed; };

struct zone_page {
	struct audit_seen audits[AUDITS_MAX];
	struct family_seen families[FAMILIES_MAX];
	u32 audit_count, family_count;
	u64 at, since;			/* the audits to compare; 0 = none */
	struct cases now, before;
};

static void add_audit(void *to, const struct sieve_row *r)
{
	struct zone_page *p = to;
	u32 i = p->audit_count;

	while (i && p->audits[i - 1].at != r->from)
		i--;
	if (i == 0 && p->audit_count == AUDITS_MAX)
		return;
	if (i == 0) {
		i = ++p->audit_count;
		p->audits[i - 1] = (struct audit_seen){ .at = r->from };
	}
	p->audits[i - 1].severities[r->severity]++;
}

static int latest_first(const void *a, const void *b)
{
	u64 x = ((const struct audit_seen *)a)->at, y = ((const struct audit_seen *)b)->at;

	return x > y ? -1 : x < y;
}

static void add_case(struct cases *c, const struct sieve_row *r)
{
	if (c->count == c->room) {
		u32 room = c->room ? c->room * 2 : 256;
		struct case_seen *at = reallocarray(c->at, room, sizeof *at);

		if (at == NULL) {
			c->failed = true;
			return;
		}
		c->at = at;
		c->room = room;
	}
	c->at[c->count++] = (struct case_seen){ sieve_row_fault(r), sieve_row_number(r) };
}

static void add_family(struct zone_page *p, const struct sieve_row *r)
{
	const char *rule = sieve_row_rule(r);
	size_t n = strcspn(rule, ".");
	u32 i = 0;

	while (i < p->family_count && (strncmp(p->families[i].name, rule, n) ||
				       p->families[i].name[n]))
		i++;
	if (i == FAMILIES_MAX)
		return;
	if (i == p->family_count)
		snprintf(p->families[p->family_count++].name, sizeof p->families[0].name, "%.*s",
			 (int)n, rule);
	p->families[i].severities[r->severity]++;
}

static void add_compared(void *to, const struct sieve_row *r)
{
	struct zone_page *p = to;

	if (r->from == p->at) {
		add_case(&p->now, r);
		add_family(p, r);
	} else if (r->from == p->since) {
		add_case(&p->before, r);
	}
}

static int cases_order(const void *a, const void *b)
{
	const struct case_seen *x = a, *y = b;

	return x->fault < y->fault ? -1 : x->fault > y->fault;
}

/* Those of `in` that are not in `other`: numbers of the first ones, and how many in all. */
static u64 only_in(const struct cases *in, const struct cases *other, struct sieve_found *ret)
{
	u64 all = 0;
	u32 j = 0;

	ret->count = 0;
	for (u32 i = 0; i < in->count; i++) {
		while (j < other->count && cases_order(&other->at[j], &in->at[i]) < 0)
			j++;
		if (j < other->count && cases_order(&other->at[j], &in->at[i]) == 0)
			continue;
		if (all++ < CHANGES_MAX)
			ret->items[ret->count++] =
				(struct sieve_item){ .number = in->at[i].number };
	}
	return all;
}

static int put_only(struct request *q, const char *name, const struct cases *in,
		    const struct cases *other)
{
	struct sieve_found *found = calloc(1, sizeof *found);
	u64 all = found ? only_in(in, other, found) : 0;
	int rc = found ? 0 : -ENOMEM;

	buf_fmt(q->out, ",\n\"%s\":{\"total\":%llu,\"items\":[", name, (unsigned long long)all);
	for (u32 i = 0; i < CHANGES_MAX && found && i < found->count; i++) {
		struct finding *f = malloc(sizeof *f);

		if (f && gate_numbered(q->gate, found->items[i].number, false, f) == 0)
			gate_finding_marking(q->gate, f, &found->items[i].marking);
		free(f);
	}
	if (rc == 0)
		rc = find_put_rows(q, found);
	buf_text(q->out, "]}");
	free(found);
	return rc;
}

static void sort_cases(struct cases *c)
{
	if (c->count)
		qsort(c->at, c->count, sizeof *c->at, cases_order);
}

static int put_changes(struct request *q, struct zone_page *p)
{
	char at[STAMP_TEXT_MAX];
	int rc;

	if (p->now.failed || p->before.failed)
		return -ENOMEM;
	sort_cases(&p->now);
	sort_cases(&p->before);
	buf_fmt(q->out, ",\n\"at\":\"%s\"", stamp_text(p->at, 9, at));
	if (p->since)
		buf_fmt(q->out, ",\"since\":\"%s\"", stamp_text(p->since, 9, at));
	else
		buf_text(q->out, ",\"since\":null");
	if (p->since == 0) {	/* with nothing to compare nothing is new */
		buf_text(q->out, ",\n\"new\":{\"total\":0,\"items\":[]},"
			 "\n\"gone\":{\"total\":0,\"items\":[]}");
		return 0;
	}
	rc = put_only(q, "new", &p->now, &p->before);
	return rc ? rc : put_only(q, "gone", &p->before, &p->now);
}

static void put_audits(struct buf *out, const struct zone_page *p)
{
	char at[STAMP_TEXT_MAX];

	buf_text(out, ",\n\"audits\":[");
	for (u32 i = 0; i < p->audit_count; i++) {
		buf_fmt(out, "%s{\"at\":\"%s\",\"severities\":", i ? "," : "",
			stamp_text(p->audits[i].at, 9, at));
		find_put_severities(out, p->audits[i].severities);
		buf_byte(out, '}');
	}
	buf_text(out, "],\n\"families\":[");
	for (u32 i = 0; i < p->family_count; i++) {
		buf_text(out, i ? ",{\"family\":" : "{\"family\":");
		utf8_json(out, p->families[i].name);
		buf_text(out, ",\"severities\":");
		find_put_severities(out, p->families[i].severities);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static int look_at(struct request *q, struct zone_page *p)
{
	const struct sieve_ask ask = { .zone = q->values.at[0] };
	int rc = sieve_walk(q->web->sieve, q->gate, &ask, add_audit, p);

	if (rc)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	if (p->audit_count == 0)
		return request_fault(q, OOPS_UNKNOWN, "nothing is known of a zone %.200s",
				     q->values.at[0]);
	qsort(p->audits, p->audit_count, sizeof p->audits[0], latest_first);
	if (p->at == 0)
		p->at = p->audits[0].at;
	for (u32 i = 0; i < p->audit_count && p->since == 0; i++)
		if (p->audits[i].at < p->at)
			p->since = p->audits[i].at;
	rc = sieve_walk(q->web->sieve, q->gate, &ask, add_compared, p);
	buf_text(q->out, "{\"zone\":");
	utf8_json(q->out, q->values.at[0]);
	put_audits(q->out, p);
	if (rc == 0)
		rc = put_changes(q, p);
	buf_text(q->out, "}\n");
	return rc ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static int zone(struct request *q)
{
	struct zone_page *p = calloc(1, sizeof *p);
	int rc = p ? find_stamp(q, "at", &p->at) : -ENOMEM;

	if (rc == 0)
		rc = find_stamp(q, "since", &p->since);
	if (rc == 0)
		rc = look_at(q, p);
	if (p) {
		free(p->now.at);
		free(p->before.at);
	}
	free(p);
	return rc;
}

static const struct api_param zone_params[] = {
	{ "at", "instant of the audit to show; the latest when it is not said", OP_TIME, NULL },
	{ "since", "instant of the audit to compare with; the one before", OP_TIME, NULL },
	{ .name = NULL }
};
const struct api_route zone_routes[] = {
	{ .method = "GET", .path = "/api/v1/zones", .run = zones, .reply = "zones",
	  .help = "Zones that were audited, as far as the caller may see their findings." },
	{ .method = "GET", .path = "/api/v1/zones/{name}", .run = zone, .params = zone_params,
	  .reply = "zone", .help = "One zone: its audits, what one of them found by family, and "
	  "what changed since another." },
	{ .method = NULL }
};

static const struct api_member row_members[] = {
	{ "zone", "text", "its name", NULL },
	{ "last", "stamp", "the latest audit", NULL },
	{ "severities", "[count]", "findings of all audits, info first", NULL },
	{ .name = NULL }
};
static const struct api_member audit_members[] = {
	{ "at", "stamp", "the instant that it was made for", NULL },
	{ "severities", "[count]", "what it found, info first", NULL },
	{ .name = NULL }
};
static const struct api_member family_members[] = {
	{ "family", "text", "of checks: delegation, dnssec, ...", NULL },
	{ "severities", "[count]", "what it found, info first", NULL },
	{ .name = NULL }
};
static const struct api_member change_members[] = {
	{ "total", "count", "how many there are", NULL },
	{ "items", "[finding_row]", "the first 100 of them", NULL },
	{ .name = NULL }
};
static const struct api_member zone_members[] = {
	{ "zone", "text", "its name", NULL },
	{ "audits", "[zone_audit]", "the latest first, 500 at most", NULL },
	{ "families", "[zone_family]", "of the audit at `at`", NULL },
	{ "at", "stamp", "the audit that is shown", NULL },
	{ "since", "stamp|null", "the one that it is compared with; null: there is none before",
	  NULL },
	{ "new", "zone_change", "found at `at` and not at `since`", NULL },
	{ "gone", "zone_change", "found at `since` and no more at `at`", NULL },
	{ .name = NULL }
};
const struct api_shape zone_shapes[] = {
	{ .name = "zone_row", .members = row_members },
	{ .name = "zones", .items = "zone_row" },
	{ .name = "zone_audit", .members = audit_members },
	{ .name = "zone_family", .members = family_members },
	{ .name = "zone_change", .members = change_members },
	{ .name = "zone", .members = zone_members },
	{ .name = NULL }
};
