/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_sharing.c - what the delegations of a zone rest on, and what falls without some of it:
 *
 *   GET /api/v1/zones/{name}/sharing?without=operator:dns.example,as:64500
 *
 * Answered from the picture that the audit left beside its run (verify/picture.h). It holds
 * the sets of servers that most delegations have; the others are counted and said: what falls
 * is at least `fall` and at most `fall_most`. */
#include "web/own.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include "verify/picture.h"

#define ELEMENTS 200u	/* shown of each kind, those that most delegations have */
#define SETS 200u

struct looking { struct request *q; struct picture p; u64 run, started; const char *without; };

static bool same_zone(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	n -= n > 1 && a[n - 1] == '.';
	m -= m > 1 && b[m - 1] == '.';
	return n == m && strncasecmp(a, b, n) == 0;
}

/* Only a text that begins with the zone's name is read as a whole. */
static bool begins(const char *text, const char *zone)
{
	static const char head[] = "{\"zone\":\"";
	size_t n = strlen(zone);

	n -= n > 1 && zone[n - 1] == '.';
	return strncmp(text, head, sizeof head - 1) == 0 &&
	       strncasecmp(text + sizeof head - 1, zone, n) == 0;
}

/* The latest picture of this zone. */
static int take(void *to, const struct store_part *part)
{
	struct looking *l = to;
	int rc;

	if (!begins(part->text, l->q->values.at[0]))
		return 0;
	rc = picture_read(&l->p, part->text, strlen(part->text));
	if (rc == 0 && same_zone(l->p.zone, l->q->values.at[0])) {
		l->run = part->run;
		l->started = part->started;
		return 1;
	}
	picture_free(&l->p);
	return rc == -ENOMEM ? rc : 0;
}

/* ---- the answer ---- */

static int by_use(const void *a, const void *b, void *of)
{
	const struct picture_element *e = of;
	const u32 x = *(const u32 *)a, y = *(const u32 *)b;

	if (e[x].lost != e[y].lost)
		return e[x].lost ? -1 : 1;
	if (e[x].uses != e[y].uses)
		return e[x].uses > e[y].uses ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void put_element(struct buf *out, const struct picture *p, enum picture_kind kind,
			const struct picture_element *e)
{
	buf_text(out, "{\"name\":");
	utf8_json(out, e->name);
	buf_fmt(out, ",\"uses\":%llu,\"alone\":%llu,\"critical\":%llu,\"lost\":%s,\"up\":",
		(unsigned long long)e->uses, (unsigned long long)e->alone,
		(unsigned long long)e->critical, e->lost ? "true" : "false");
	if (kind == PICTURE_HOST)
		utf8_json(out, p->at[PICTURE_OPERATOR][e->up].name);
	else if (kind == PICTURE_ADDRESS)
		utf8_json(out, p->at[PICTURE_PREFIX][e->up].name);
	else
		buf_text(out, "null");
	buf_text(out, ",\"on\":[");
	for (u32 i = 0; kind == PICTURE_HOST && i < e->count && i < 20; i++) {
		buf_text(out, i ? "," : "");
		utf8_json(out, p->at[PICTURE_ADDRESS][p->addresses[e->first + i]].name);
	}
	if (kind == PICTURE_ADDRESS && e->as != UINT32_MAX)
		utf8_json(out, p->at[PICTURE_AS][e->as].name);
	buf_text(out, "]}");
}

static int put_kind(struct buf *out, const struct picture *p, enum picture_kind kind)
{
	u32 *order = malloc((p->count[kind] + 1ull) * sizeof *order);

	if (order == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < p->count[kind]; i++)
		order[i] = i;
	qsort_r(order, p->count[kind], sizeof *order, by_use, p->at[kind]);
	buf_fmt(out, ",\n\"%s\":{\"total\":%u,\"items\":[", picture_kinds[kind], p->count[kind]);
	for (u32 i = 0; i < p->count[kind] && i < ELEMENTS; i++) {
		buf_text(out, i ? ",\n" : "");
		put_element(out, p, kind, &p->at[kind][order[i]]);
	}
	buf_text(out, "]}");
	free(order);
	return 0;
}

static void put_sets(struct buf *out, const struct picture *p)
{
	static const char *const states[] = { "stands", "weakened", "falls" };

	buf_text(out, ",\n\"sets\":[");
	for (u32 i = 0; i < p->set_count && i < SETS; i++) {
		const struct picture_set *s = &p->sets[i];

		buf_fmt(out, "%s{\"delegations\":%u,\"critical\":%u,\"state\":\"%s\",\"hosts\":[",
			i ? ",\n" : "", s->weight, s->critical, states[s->state]);
		for (u32 j = 0; j < s->count; j++) {
			buf_text(out, j ? "," : "");
			utf8_json(out, p->at[PICTURE_HOST][p->hosts[s->first + j]].name);
		}
		buf_text(out, "]}");
	}
	buf_byte(out, ']');
}

static int put_answer(struct looking *l, const char *unused)
{
	struct buf *out = l->q->out;
	const struct picture *p = &l->p;
	u64 unknown = p->delegations - p->known;
	char at[STAMP_TEXT_MAX];
	int rc = 0;

	buf_text(out, "{\"zone\":");
	utf8_json(out, p->zone);
	buf_fmt(out, ",\"run\":%llu,\"started\":\"%s\",\"without\":", (unsigned long long)l->run,
		stamp_text(l->started, 9, at));
	utf8_json(out, l->without);
	buf_text(out, ",\"unused\":");
	utf8_json(out, unused);
	buf_fmt(out, ",\"delegations\":%llu,\"critical\":%llu,\"unknown\":%llu,\"fall\":%llu,"
		"\"fall_most\":%llu,\"weakened\":%llu,\"critical_fall\":%llu,"
		"\"critical_weakened\":%llu,\"different\":%llu,\"told\":%u",
		(unsigned long long)p->delegations, (unsigned long long)p->critical,
		(unsigned long long)unknown, (unsigned long long)p->fall,
		(unsigned long long)(p->fall + unknown), (unsigned long long)p->weak,
		(unsigned long long)p->fall_critical, (unsigned long long)p->weak_critical,
		(unsigned long long)p->different, p->set_count);
	for (unsigned k = 0; k < PICTURE_KIND_COUNT && rc == 0; k++)
		rc = put_kind(out, p, (enum picture_kind)k);
	put_sets(out, p);
	buf_text(out, "}\n");
	return rc;
}

static int sharing(struct request *q)
{
	struct looking l = { .q = q, .without = request_param(q, "without") };
	char unused[PICTURE_UNUSED];
	u64 run;
	int rc = request_count(q, "run", INT64_MAX, &run);

	if (rc)
		return rc;
	l.without = l.without ? l.without : "";
	rc = gate_each_part(q->gate, "picture", run, take, &l);
	if (rc < 0)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	if (rc == 0)
		return request_fault(q, OOPS_UNKNOWN, "no audit left a picture of the zone %.200s",
				     q->values.at[0]);
	rc = picture_ask(&l.p, l.without, unused);
	if (rc)
		request_fault(q, rc, "without: write operator:dns.example, host:ns1.example, "
			      "address:192.0.2.1, prefix:192.0.2.0/24 or as:64500, commas between");
	else
		rc = put_answer(&l, unused);
	picture_free(&l.p);
	return rc;
}

static const struct api_param params[] = {
	{ "without", "what is lost, all at once: operator:dns.example,as:64500", OP_TEXT, NULL },
	{ "run", "the audit's run; the latest of this zone when it is not said", OP_COUNT, NULL },
	{ .name = NULL }
};
const struct api_route sharing_routes[] = {
	{ .method = "GET", .path = "/api/v1/zones/{name}/sharing", .run = sharing,
	  .params = params, .reply = "sharing", .help = "What the delegations of a zone rest on, "
	  "and what falls without some of it." },
	{ .method = NULL }
};

static const char *const states[] = { "stands", "weakened", "falls", NULL };
static const struct api_member element_members[] = {
	{ "name", "text", "of the operator, server, address, prefix or AS", NULL },
	{ "uses", "count", "delegations that have it", NULL },
	{ "alone", "count", "of them, those that fall when only this is lost", NULL },
	{ "critical", "count", "of these, those of the critical list", NULL },
	{ "lost", "flag", "it was named, or falls with what was", NULL },
	{ "up", "text|null", "of a server its operator, of an address its prefix", NULL },
	{ "on", "[text]", "of a server its addresses (20 at most), of an address its AS", NULL },
	{ .name = NULL }
};
static const struct api_member kind_members[] = {
	{ "total", "count", "how many there are in the picture", NULL },
	{ "items", "[sharing_element]", "lost ones first, then those of most delegations; 200 at "
	  "most", NULL },
	{ .name = NULL }
};
static const struct api_member set_members[] = {
	{ "delegations", "count", "that have exactly these servers", NULL },
	{ "critical", "count", "of them, those of the critical list", NULL },
	{ "state", "choice", "without what is lost", states },
	{ "hosts", "[text]", "the servers", NULL },
	{ .name = NULL }
};
static const struct api_member sharing_members[] = {
	{ "zone", "text", "its name", NULL },
	{ "run", "count", "of the audit", NULL },
	{ "started", "stamp", "when that run began", NULL },
	{ "without", "text", "what is lost, as it was asked", NULL },
	{ "unused", "text", "parts of the question that nothing in the picture has", NULL },
	{ "delegations", "count", "of the zone", NULL },
	{ "critical", "count", "of them, those of the critical list", NULL },
	{ "unknown", "count", "delegations whose servers are not in the picture", NULL },
	{ "fall", "count", "that lose all their servers, at least", NULL },
	{ "fall_most", "count", "the same, at most: `fall` and all unknown ones", NULL },
	{ "weakened", "count", "that lose some of their servers, at least", NULL },
	{ "critical_fall", "count", "critical ones that fall, at least", NULL },
	{ "critical_weakened", "count", "critical ones that are weakened, at least", NULL },
	{ "different", "count", "different sets of servers in the zone", NULL },
	{ "told", "count", "of them, those in the picture", NULL },
	{ "operator", "sharing_kind", "registered domains of the servers", NULL },
	{ "host", "sharing_kind", "name servers", NULL },
	{ "address", "sharing_kind", "of the servers, as the zone has them", NULL },
	{ "prefix", "sharing_kind", "/24 and /48", NULL },
	{ "as", "sharing_kind", "when the audit was given a table", NULL },
	{ "sets", "[sharing_set]", "the 200 of most delegations", NULL },
	{ .name = NULL }
};
const struct api_shape sharing_shapes[] = {
	{ .name = "sharing_element", .members = element_members },
	{ .name = "sharing_kind", .members = kind_members },
	{ .name = "sharing_set", .members = set_members },
	{ .name = "sharing", .members = sharing_members },
	{ .name = NULL }
};
