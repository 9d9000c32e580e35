/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_group.c - grouping by request: findings that are in no incident become incidents, or it
 * is only shown what would become of them.
 *
 * A rehearsal is the real thing, undone: what is shown is exactly what would be done. Others'
 * changes wait meanwhile, so one request finds incidents for some GROUP_OP_MOST findings and
 * says how many are left for the next one; where more than GROUP_OP_MAX would be looked at, it
 * is left to `vedette incident group`. Whoever may not see all gets no sums of what they may
 * not see. */
#include "respond/group.h"
#include "respond/clock.h"
#include "respond/op_own.h"
#include "store/read.h"

#define GROUP_OP_MAX 200000u	/* findings without an incident: half a second to read */
#define GROUP_OP_MOST 5000u	/* of them, to be written: a quarter of one */
#define TOLD_MAX 200u		/* incidents and parties told in a reply */

struct grouping {
	struct desk *desk;
	struct gate *gate;	/* of the caller */
	char sets[CLOCK_NAMES_MAX];
	struct deadline list[CLOCK_ROWS_MAX];
	json_t *hubs, *incidents;
	u64 last;		/* incident before */
	u64 opened, joined;	/* that the caller may see */
};

static int deadlines(void *to, u64 aware, const struct deadline **ret, size_t *count)
{
	struct grouping *g = to;
	int n = clocks_all(desk_house(g->desk)->clocks, g->sets, aware, g->list);

	*ret = g->list;
	*count = n > 0 ? (size_t)n : 0;
	return n < 0 ? n : 0;
}

static void tell_hub(void *to, const struct group_hub *h)
{
	json_t *hubs = ((struct grouping *)to)->hubs;

	if (json_array_size(hubs) < TOLD_MAX)
		json_array_append_new(hubs, json_pack("{s:s, s:s, s:I}", "role", h->role,
			"name", h->name, "subjects", (json_int_t)h->subjects));
}

static int few_enough(struct desk *d)
{
	const struct store_cond cond = { .field = "kind", .op = STORE_IS,
		.number = MEMBER_FINDING };
	const struct store_query members = { .table = DESK_member, .conds = &cond, .count = 1 };
	const struct store_filter findings = { 0 };
	u64 all = 0, in = 0;
	int rc = store_count(desk_store(d), &findings, &all);

	if (rc == 0)
		rc = store_total(desk_store(d), &members, &in);
	if (rc == 0 && all > in && all - in > GROUP_OP_MAX)
		rc = desk_fault(d, -EBUSY, "%llu findings are in no incident; so many are grouped "
				"by 'vedette incident group'", (unsigned long long)(all - in));
	return rc;
}

static int last_number(void *to, const void *record)
{
	*(u64 *)to = ((const struct incident *)record)->number;
	return 0;
}

static int tell_incident(void *to, const void *record)
{
	const struct incident *i = record;
	struct grouping *g = to;
	const bool is_new = i->number > g->last;

	++*(is_new ? &g->opened : &g->joined);
	if (json_array_size(g->incidents) == TOLD_MAX)
		return 0;
	return json_array_append_new(g->incidents, json_pack("{s:I, s:b, s:s, s:s, s:s, s:s, s:I,"
		" s:s}", "number", (json_int_t)i->number, "opened", (int)is_new, "title",
		i->title, "subject", i->subject, "reason", i->reason, "severity",
		severity_name(i->severity), "findings", (json_int_t)i->findings, "tlp",
		label_text(i->tlp))) ? -ENOMEM : 0;
}

/* What the caller may see of what was changed since that event. */
static int tell(struct grouping *g, u64 since, const struct group_report *r, json_t *reply)
{
	const struct store_cond cond = { .field = "version", .op = STORE_LEAST,
		.number = since + 1 };
	const struct store_query q = { .table = DESK_incident, .conds = &cond, .count = 1,
		.order = N_("-severity number") };
	int rc = gate_each(g->gate, &q, tell_incident, g);

	if (rc == 0)
		rc = op_tell_count(reply, "opened", g->opened);
	if (rc == 0)
		rc = op_tell_count(reply, "joined", g->joined);
	if (rc == 0)
		rc = json_object_set(reply, "incidents", g->incidents) ? -ENOMEM : 0;
	if (rc || !marking_allows(MARKING_STRICTEST, gate_audience(g->gate)->clearance))
		return rc;
	return json_object_set_new(reply, "all", json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
		"s:I, s:I, s:O}", "findings", (json_int_t)r->findings, "muted",
		(json_int_t)r->muted, "taken_out", (json_int_t)r->taken_out, "slight",
		(json_int_t)r->slight, "opened", (json_int_t)r->opened, "came_back",
		(json_int_t)r->came_back, "joined", (json_int_t)r->joined, "again",
		(json_int_t)r->again, "bridged", (json_int_t)r->bridged, "hubs", g->hubs))
		? -ENOMEM : 0;
}

static int group_now(struct grouping *g, json_t *args, json_t *reply)
{
	const struct store_query last = { .table = DESK_incident, .order = "-number",
		.limit = 1 };
	const u64 days = op_count(args, "gap_days"), hub = op_count(args, "hub");
	const int severity = op_given(args, "severity")
			   ? severity_parse(op_text(args, "severity")) : GROUP_SEVERITY_DEFAULT;
	const struct group_conf conf = { .gap = days ? days * 86400 * 1000000000
		: GROUP_GAP_DEFAULT, .hub = hub ? hub : GROUP_HUB_DEFAULT,
		.severity = (enum severity)severity, .most = GROUP_OP_MOST, .tell = tell_hub,
		.to = g,
		.clocks = g->sets[0] ? g->sets : NULL, .deadlines = deadlines };
	struct group_report r;
	char hash[65];
	u64 since = 0;
	int rc = store_last_event(desk_store(g->desk), &since, hash);

	if (rc == 0)
		rc = store_each(desk_store(g->desk), &last, last_number, &g->last);
	if (rc == 0)
		rc = group_findings(g->desk, &conf, &r);
	if (rc == 0)
		rc = op_tell_count(reply, "left", r.left);
	return rc ? rc : tell(g, since, &r, reply);
}

static int read_sets(struct grouping *g, const char *typed)
{
	const struct clocks *c = desk_house(g->desk)->clocks;

	if (clocks_typed(g->sets, typed) == 0 &&
	    (g->sets[0] == 0 || (c && clocks_all(c, g->sets, 0, g->list) > 0)))
		return 0;
	return desk_fault(g->desk, OOPS_RANGE, "there is no set of clocks '%.60s'", typed);
}

static int group(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct grouping g = { .desk = d,
		.hubs = json_array(), .incidents = json_array() };
	int rc = read_sets(&g, op_text(args, "clocks"));

	if (rc == 0)
		rc = few_enough(d);
	if (rc == 0)
		rc = op_gate(d, who, &g.gate);
	if (rc == 0 && (rc = desk_begin(d)) == 0) {
		rc = group_now(&g, args, reply);
		if (rc == 0 && op_flag(args, "dry_run"))
			desk_end(d, -ECANCELED);
		else
			rc = desk_end(d, rc);
	}
	gate_close(g.gate);
	json_decref(g.hubs);
	json_decref(g.incidents);
	return rc;
}

static const char *const severities[] = { "info", "low", "medium", "high", "critical", NULL };
static const struct op_arg group_args[] = {
	{ "dry_run", N_("only show what it would do"), OP_FLAG, false, 0, NULL },
	{ "severity", N_("findings of less are left alone; low when it is not said"),
		OP_CHOICE, false, 0, severities },
	{ "gap_days", N_("findings belong together when no more lies between them; 7"),
		OP_COUNT,
	  false, 3650, NULL },
	{ "hub", N_("a party that takes part in more subjects ties nothing; 100"),
		OP_COUNT, false,
	  1000000, NULL },
	{ "clocks", N_("the sets of deadlines that run for new ones: nis2, registrar-ack"),
		OP_TEXT, false, CLOCK_NAMES_MAX, NULL },
	OP_END };

const struct op group_ops[] = {
	{ "incident.group", N_("Makes incidents of the findings that are in none, or "
	  "shows what it would make."), ROLE_ANALYST, group_args, group },
	{ .name = NULL }
};
