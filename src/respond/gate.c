/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate.c - the store as one audience may see it; see gate.h. What may leave is
 * gate_release.c. */
#include "respond/gate.h"
#include "respond/gate_own.h"
#include "store/read.h"
#include "base/buf.h"

int gate_open(struct gate **ret, struct desk *d, struct store *s, const struct audience *who)
{
	struct gate *g = calloc(1, sizeof *g);

	if (g == NULL || (g->name = strdup(who->name ? who->name : "")) == NULL) {
		free(g);
		return -ENOMEM;
	}
	g->desk = d;
	g->store = d ? desk_store(d) : s;
	g->who = (struct audience){ g->name, who->clearance };
	if (store_desk_good(g->store, &g->has_desk)) {
		gate_close(g);
		return -EIO;
	}
	*ret = g;
	return 0;
}

struct gate *gate_close(struct gate *g)
{
	if (g) {
		free(g->name);
		free(g);
	}
	return NULL;
}

const struct audience *gate_audience(const struct gate *g)
{
	return &g->who;
}

const char *gate_error(const struct gate *g)
{
	if (g->why[0])
		return g->why;
	return g->desk ? desk_error(g->desk) : store_error(g->store);
}

void gate_discreet(struct gate *g)
{
	g->discreet = true;
}

u64 gate_withheld(const struct gate *g)
{
	return g->withheld;
}

bool gate_lets(struct gate *g, struct marking m)
{
	if (marking_allows(m, g->who.clearance))
		return true;
	g->withheld++;
	return false;
}

int gate_refuse(struct gate *g, const char *what, struct marking m)
{
	char text[MARKING_TEXT_MAX];

	snprintf(g->why, sizeof g->why, N_("%s is %s, which %s may not have"), what,
		 marking_text(m, text), g->name[0] ? g->name : N_("this audience"));
	return -EPERM;
}

/* ---- markings ---- */

/* Its own, and what people raised it to, as a member of incidents. */
int gate_finding_marking(struct gate *g, const struct finding *f, struct marking *ret)
{
	*ret = marking_read(f->label);
	return g->has_desk ? store_join_member(g->store, MEMBER_FINDING, f->id, ret) : 0;
}

static int join_incident(void *to, const void *record)
{
	const struct incident *i = record;
	struct marking *all = to;

	*all = marking_join(*all, (struct marking){ i->tlp, i->pap });
	return 0;
}

/* An incident's marking is kept joined by the fold; one that is not there shows nothing. */
static int of_incident(struct gate *g, u64 number, struct marking *ret)
{
	const struct incident key = { .number = number };
	int rc;

	*ret = (struct marking){ 0 };
	rc = store_take(g->store, DESK_incident, &key, join_incident, ret);
	if (rc == 0)
		*ret = MARKING_STRICTEST;
	return rc < 0 ? rc : 0;
}

/* The incident that a record hangs on, shown with it and by nothing else; 0: none. */
static u64 home_of(enum desk_table t, const void *record)
{
	switch (t) {
	case DESK_member:
		return ((const struct member *)record)->incident;
	case DESK_note:
		return ((const struct note *)record)->incident;
	case DESK_task:
		return ((const struct task *)record)->incident;
	case DESK_deadline:
		return ((const struct deadline *)record)->incident;
	default:
		return 0;
	}
}

/* The incident that was looked up last: records come by incident, mostly. */
struct home { u64 number; struct marking is; };

/* An own marking and, where a noun hangs on an incident, that one's. */
static int of_record(struct gate *g, enum desk_table t, const void *record,
		     struct home *home, struct marking *ret)
{
	const struct field *tlp = field_find(desk_nouns[t].fields, "tlp");
	const struct field *pap = field_find(desk_nouns[t].fields, "pap");
	const u64 number = home_of(t, record);
	const char *at = record;
	int rc = 0;

	if (t == DESK_contact || t == DESK_address || t == DESK_vouch || t == DESK_drill ||
	    t == DESK_mute || t == DESK_notice_rule) {
		*ret = DESK_MARKING;
		return 0;
	}
	*ret = tlp && pap ? (struct marking){ (u8)at[tlp->at], (u8)at[pap->at] }
		: number ? (struct marking){ 0 } : MARKING_STRICTEST;
	if (number && number != home->number) {
		rc = of_incident(g, number, &home->is);
		home->number = rc ? 0 : number;
	}
	if (rc == 0 && number)
		*ret = marking_join(*ret, home->is);
	return rc;
}

/* ---- findings ---- */

struct passing {
	struct gate *gate;
	store_finding_fn *each;
	void *to;
	u64 left, count;
	bool full;	/* as many as were wanted */
};

static int pass_finding(void *to, const struct finding *f)
{
	struct passing *p = to;
	struct marking m;
	int rc = gate_finding_marking(p->gate, f, &m);

	if (rc || !gate_lets(p->gate, m))
		return rc;
	if (p->left == 0)
		return p->full = true;
	p->left--;
	p->count++;
	return p->each ? p->each(p->to, f) : 0;
}

int gate_each_finding(struct gate *g, const struct store_filter *filter,
		      store_finding_fn *each, void *to)
{
	struct passing p = { .gate = g, .each = each, .to = to,
		.left = filter->limit ? filter->limit : UINT64_MAX };
	struct store_filter all = *filter;
	int rc;

	all.limit = INT64_MAX;
	rc = store_each_finding(g->store, &all, pass_finding, &p);
	return p.full ? 0 : rc;
}

/* Without a desk and below nobody's clearance the store itself can count. */
int gate_count(struct gate *g, const struct store_filter *filter, u64 *ret)
{
	struct passing p = { .gate = g, .left = UINT64_MAX };
	u64 withheld = g->withheld;
	int rc;

	if (marking_allows(MARKING_STRICTEST, g->who.clearance))
		return store_count(g->store, filter, ret);
	rc = store_each_finding(g->store, filter, pass_finding, &p);
	g->withheld = withheld;
	*ret = p.count;
	return rc;
}

/* What was read goes through, or is wiped. */
static int let_finding(struct gate *g, int rc, struct finding *ret)
{
	char what[FINDING_ID_MAX + 16];
	struct marking m;

	if (rc || (rc = gate_finding_marking(g, ret, &m)) || gate_lets(g, m))
		return rc;
	if (g->discreet) {
		memset(ret, 0, sizeof *ret);
		snprintf(g->why, sizeof g->why, N_("there is no such finding"));
		return OOPS_UNKNOWN;
	}
	snprintf(what, sizeof what, "finding %.16s", ret->id);
	memset(ret, 0, sizeof *ret);
	return gate_refuse(g, what, m);
}

static int is_let(void *to, const struct finding *f)
{
	struct marking m;
	int rc = gate_finding_marking(to, f, &m);

	return rc ? rc : gate_lets(to, m);
}

int gate_finding(struct gate *g, const char *id, struct finding *ret)
{
	if (g->discreet) {
		g->why[0] = 0;	/* the store's sentence is said */
		return store_finding_among(g->store, id, is_let, g, ret);
	}
	return let_finding(g, store_finding(g->store, id, ret), ret);
}

int gate_numbered(struct gate *g, u64 number, bool whole, struct finding *ret)
{
	return let_finding(g, store_numbered(g->store, number, whole, ret), ret);
}

int gate_still(struct gate *g, bool *ours)
{
	return store_snapshot(g->store, ours);
}

void gate_still_end(struct gate *g, bool ours)
{
	store_snapshot_end(g->store, ours);
}

int gate_evidence(struct gate *g, const struct finding *f, store_evidence_fn *each, void *to)
{
	struct finding *is = malloc(sizeof *is);
	int rc = is ? gate_finding(g, f->id, is) : -ENOMEM;

	if (rc == 0)
		rc = store_evidence(g->store, is, each, to);
	free(is);
	return rc;
}

/* ---- runs ---- */

int gate_each_run(struct gate *g, const struct store_filter *made, store_run_fn *each,
		  void *to)
{
	return store_each_run(g->store, &(struct store_runs){ .made = made,
		.clearance = g->who.clearance }, each, to);
}

int gate_latest_runs(struct gate *g, u64 before, u64 limit, store_run_fn *each, void *to)
{
	return store_latest_runs(g->store, &(struct store_runs){ .before = before,
		.limit = limit, .clearance = g->who.clearance }, each, to);
}

static int keep_last(void *to, const struct store_run *run)
{
	*(u64 *)to = run->ended ? run->number : UINT64_MAX;
	return 0;
}

int gate_settled(struct gate *g, u64 *ret)
{
	*ret = 0;
	return store_latest_runs(g->store, &(struct store_runs){ .limit = 1,
		.clearance = MARKING_STRICTEST }, keep_last, ret);
}

struct parting { struct marking clearance; store_part_fn *each; void *to; };

static int pass_part(void *to, const struct store_part *part)
{
	const struct parting *p = to;

	return marking_allows(marking_read(part->label), p->clearance) ? p->each(p->to, part) : 0;
}

int gate_each_part(struct gate *g, const char *name, u64 run, store_part_fn *each, void *to)
{
	struct parting p = { g->who.clearance, each, to };

	return store_each_part(g->store, name, run, pass_part, &p);
}

int gate_looked(struct gate *g, struct store_looked *ret)
{
	return store_looked(g->store, g->who.name, ret);
}

/* ---- the desk ---- */

struct letting {
	struct gate *gate;
	enum desk_table table;
	store_record_fn *each;
	void *to;
	u64 skip, left, count;
	bool full;
	struct home home;
};

static int let_record(void *to, const void *record)
{
	struct letting *l = to;
	struct marking m;
	int rc = of_record(l->gate, l->table, record, &l->home, &m);

	if (rc || !gate_lets(l->gate, m))
		return rc;
	if (l->skip) {
		l->skip--;
		return 0;
	}
	if (l->left == 0)
		return l->full = true;
	l->left--;
	l->count++;
	return l->each ? l->each(l->to, record) : 0;
}

/* All records may be seen: then SQLite can skip, limit and count. */
static bool sees_all(const struct gate *g)
{
	return marking_allows(MARKING_STRICTEST, g->who.clearance);
}

static int no_desk(struct gate *g)
{
	snprintf(g->why, sizeof g->why, N_("the store has no desk yet"));
	return OOPS_UNKNOWN;
}

int gate_each(struct gate *g, const struct store_query *q, store_record_fn *each, void *to)
{
	struct letting l = { .gate = g, .table = q->table, .each = each, .to = to,
		.skip = q->skip, .left = q->limit ? q->limit : UINT64_MAX };
	struct store_query all = *q;
	int rc;

	if (!g->has_desk)
		return 0;
	if (sees_all(g))
		return store_each(g->store, q, each, to);
	all.limit = all.skip = 0;
	rc = store_each(g->store, &all, let_record, &l);
	return l.full ? 0 : rc;
}

int gate_total(struct gate *g, const struct store_query *q, u64 *ret)
{
	struct letting l = { .gate = g, .table = q->table, .left = UINT64_MAX };
	u64 withheld = g->withheld;
	int rc;

	*ret = 0;
	if (!g->has_desk)
		return 0;
	if (sees_all(g))
		return store_total(g->store, q, ret);
	rc = store_each(g->store, q, let_record, &l);
	g->withheld = withheld;
	*ret = l.count;
	return rc;
}

struct taking { enum desk_table table; void *copy; };

static int take_copy(void *to, const void *record)
{
	struct taking *t = to;

	t->copy = desk_copy(t->table, record);
	return t->copy ? 0 : -ENOMEM;
}

int gate_take(struct gate *g, enum desk_table t, const void *key, void **ret)
{
	struct taking taking = { .table = t };
	struct home home = { .number = 0 };
	struct marking m;
	int rc;

	if (!g->has_desk)
		return no_desk(g) == OOPS_UNKNOWN ? 0 : -EIO;
	rc = store_take(g->store, t, key, take_copy, &taking);
	if (rc <= 0)
		return rc;
	rc = of_record(g, t, taking.copy, &home, &m);
	if (rc == 0 && gate_lets(g, m)) {
		*ret = taking.copy;
		return 1;
	}
	free(taking.copy);
	return rc || g->discreet ? rc : gate_refuse(g, desk_nouns[t].name, m);
}

/* The marking of "incident:12", "report:3", "upload:4"; other things are the desk's own. */
int gate_about(struct gate *g, const char *about, struct marking *ret)
{
	const char *colon = strchr(about, ':');
	char *end = NULL;
	u64 number = colon ? strtoull(colon + 1, &end, 10) : 0;
	const struct report key = { .number = number };
	const bool upload = strncmp(about, "upload:", 7) == 0;
	struct taking taking = { .table = upload ? DESK_upload : DESK_report };
	struct home home = { .number = 0 };
	const void *keys[] = { &key, &(const struct upload){ .number = number } };
	int rc;

	*ret = MARKING_STRICTEST;
	if (colon && *end == 0 && strncmp(about, "incident:", 9) == 0)
		return of_incident(g, number, ret);
	if (colon && *end == 0 && (upload || strncmp(about, "report:", 7) == 0)) {
		rc = store_take(g->store, taking.table, keys[upload], take_copy, &taking);
		if (rc == 1)
			rc = of_record(g, taking.table, taking.copy, &home, ret);
		free(taking.copy);
		return rc < 0 ? rc : 0;
	}
	if (strncmp(about, "delivery:", 9) == 0)	/* holds ids and words about them */
		*ret = (struct marking){ 0 };
	if (colon && (strncmp(about, "contact:", 8) == 0 || strncmp(about, "mute:", 5) == 0))
		*ret = DESK_MARKING;
	return 0;
}

static const char *or_nothing(json_t *text)
{
	return json_is_string(text) ? json_string_value(text) : "";
}

/* Every marking that a body says of something, however deep. */
static void join_said(json_t *in, struct marking *all)
{
	const int tlp = choice_parse(label_names, or_nothing(json_object_get(in, "tlp")));
	const int pap = choice_parse(pap_names, or_nothing(json_object_get(in, "pap")));
	const char *key;
	json_t *one;
	size_t i;

	*all = marking_join(*all, (struct marking){ (u8)(tlp < 0 ? 0 : tlp),
						    (u8)(pap < 0 ? 0 : pap) });
	json_object_foreach(in, key, one)
		if (json_is_object(one) || json_is_array(one))
			join_said(one, all);
	json_array_foreach(in, i, one)
		join_said(one, all);
}

struct marking gate_event_marking(const struct event *e)
{
	json_t *body = json_loads(e->body, JSON_REJECT_DUPLICATES, NULL);
	struct marking all = { 0 };

	if (body == NULL)
		return MARKING_STRICTEST;
	join_said(body, &all);
	json_decref(body);
	return all;
}

struct telling { struct gate *gate; store_event_fn *each; void *to; };

static int tell_event(void *to, const struct event *e)
{
	struct telling *t = to;

	return gate_lets(t->gate, gate_event_marking(e)) ? t->each(t->to, e) : 0;
}

int gate_each_event(struct gate *g, const char *about, store_event_fn *each, void *to)
{
	struct telling t = { g, each, to };
	struct marking m = MARKING_STRICTEST;
	int rc = about && g->has_desk ? gate_about(g, about, &m) : 0;

	if (rc)
		return rc;
	if (gate_lets(g, m))
		return store_each_event(g->store, 0, 0, about, tell_event, &t);
	if (about == NULL || !g->discreet)
		return gate_refuse(g, about ? about : N_("the whole log"), m);
	snprintf(g->why, sizeof g->why, N_("there is no %.80s"), about);
	return OOPS_UNKNOWN;
}

int gate_events_after(struct gate *g, u64 after, store_event_fn *each, void *to)
{
	if (!gate_lets(g, MARKING_STRICTEST))
		return gate_refuse(g, "the whole log", MARKING_STRICTEST);
	return store_each_event(g->store, after + 1, 0, NULL, each, to);
}

int gate_events_before(struct gate *g, u64 before, store_event_fn *each, void *to)
{
	if (!gate_lets(g, MARKING_STRICTEST))
		return gate_refuse(g, "the whole log", MARKING_STRICTEST);
	return store_each_event_back(g->store, before, NULL, each, to);
}

int gate_last_event(struct gate *g, u64 *ret)
{
	char hash[65];

	return store_last_event(g->store, ret, hash);
}

int gate_kept(struct gate *g, const char *hash, struct marking of, struct buf *out)
{
	if (!gate_lets(g, of))
		return gate_refuse(g, "a document", of);
	return store_kept(g->store, hash, out);
}

struct coming { struct marking all; bool any; };

static int join_report(void *to, const void *record)
{
	const struct report *r = record;
	struct coming *c = to;

	c->all = marking_join(c->all, (struct marking){ r->tlp, r->pap });
	c->any = true;
	return 0;
}

static int join_indicator(void *to, const void *record)
{
	const struct indicator *i = record;
	struct coming *c = to;

	c->all = marking_join(c->all, (struct marking){ i->tlp, i->pap });
	c->any = true;
	return 0;
}

int gate_original(struct gate *g, const char *hash, struct buf *out)
{
	const struct store_cond report = { .field = "original", .op = STORE_IS, .text = hash };
	const struct store_cond other = { .field = "document", .op = STORE_IS, .text = hash };
	struct coming c = { .all = DESK_MARKING };
	const struct store_query reports = { .table = DESK_report, .conds = &report, .count = 1 };
	const struct store_query others = { .table = DESK_indicator, .conds = &other,
		.count = 1 };
	int rc = g->has_desk ? store_each(g->store, &reports, join_report, &c) : no_desk(g);

	if (rc == 0)
		rc = store_each(g->store, &others, join_indicator, &c);
	if (rc == 0 && !c.any)
		rc = OOPS_UNKNOWN;
	return rc ? rc : gate_kept(g, hash, c.all, out);
}
