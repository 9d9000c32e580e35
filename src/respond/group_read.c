/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_read.c - findings for grouping: what each is about, who takes part; see group.h. */
#include "respond/group_own.h"
#include "respond/case_own.h"
#include "respond/mute.h"
#include "dns/name.h"
#include "dns/qname.h"
#include "store/read.h"

#define KEY 0x67726f7570ull	/* of the hashes; nothing of them is kept */
#define FAULT_TEXT (2 * FINDING_SUBJECT_MAX + 64)

/* ---- what a finding is about ---- */

struct reading {
	struct group *g;
	struct suffixes *suffixes;
	struct mutes *mutes;
	struct texts out;	/* ids that were taken out by hand; of audits, faults */
	u64 *ends;		/* incidents that have ended, sorted */
	size_t end_count, end_room;
};

/* Roles of parties that are a cause, and not what is caused. */
static bool names_a_cause(const char *role)
{
	static const char *const causes[] = { "client", "server", "victim", "address", "target",
		"nameserver", "host", "resolver", "operator" };

	for (size_t i = 0; i < COUNT(causes); i++)
		if (strcmp(role, causes[i]) == 0)
			return true;
	return false;
}

const char *group_registered(const struct suffixes *s, const char *text,
			     char to[GROUP_NAME_MAX])
{
	u8 wire[QNAME_LOWER] = { 0 };
	struct qname q;
	size_t n = strcspn(text, " ");	/* "example.com DNSKEY" */
	int len;

	snprintf(to, GROUP_NAME_MAX, "%.*s", (int)n, text);
	if (n > 1020 || (len = name_parse(to, wire)) < 0)
		return to;
	name_lower(wire, wire, (size_t)len);
	qname_read(&q, s, wire, (unsigned)len);
	return q.domain_at < len - 1 ? name_text(wire + q.domain_at,
						 (size_t)len - q.domain_at, to) : to;
}

static bool is_address(const char *text)
{
	return subject_kind_of(text) == SUBJECT_ADDRESS ||
	       subject_kind_of(text) == SUBJECT_PREFIX;
}

static int key_of(struct reading *r, const struct store_gist *s, u32 *ret)
{
	char text[GROUP_NAME_MAX];

	if (is_address(s->subject))
		return texts_add(&r->g->words, s->subject, ret);
	return texts_add(&r->g->words, group_registered(r->suffixes, s->subject, text),
			 ret);
}

/* ---- items ---- */

static int add_party(struct group *g, const char *role, const char *name)
{
	struct party *p;
	char text[300];
	int rc;

	if (g->party_count == g->party_room) {
		size_t room = g->party_room ? g->party_room * 2 : 1024;

		if ((p = reallocarray(g->parties, room, sizeof *p)) == NULL)
			return -ENOMEM;
		g->parties = p;
		g->party_room = room;
	}
	snprintf(text, sizeof text, "%.15s %.256s", role, name);
	p = &g->parties[g->party_count];
	p->item = (u32)g->count;
	if ((rc = texts_add(&g->words, text, &p->name)) == 0)
		g->party_count++;
	return rc;
}

static int add_parties(struct group *g, const struct store_gist *s)
{
	int rc = 0;

	if (names_a_cause(s->subject_kind))	/* a client is a party, too */
		rc = add_party(g, s->subject_kind, s->subject);
	for (u32 i = 0; i < s->related_count && rc == 0; i++)
		if (names_a_cause(s->related[i].role))
			rc = add_party(g, s->related[i].role, s->related[i].name);
	return rc;
}

static bool has_ended(const struct reading *r, u64 incident)
{
	size_t low = 0, high = r->end_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (r->ends[mid] < incident)
			low = mid + 1;
		else
			high = mid;
	}
	return low < r->end_count && r->ends[low] == incident;
}

/* What it is about, and who takes part in it. */
static int add_ties(struct reading *r, const struct store_gist *s, struct tied *i)
{
	struct group *g = r->g;
	struct fault is = { .rule = i->rule, .subject = i->subject };
	int rc;

	if (s->zone[0] == 0)
		return (rc = key_of(r, s, &i->key)) ? rc : add_parties(g, s);
	if ((rc = texts_add(&g->words, s->zone, &is.zone)) == 0 &&
	    (rc = faults_add(&g->faults, &is, &i->fault)) == 0)
		rc = group_cause(g, r->suffixes, s, i);
	i->fault++;
	return rc;
}

static int add_item(struct reading *r, const struct store_gist *s)
{
	struct group *g = r->g;
	const struct marking m = marking_read(s->label);
	int kind = choice_parse(subject_kinds, s->subject_kind), rc;
	struct tied *i;

	if (g->count == g->room) {
		size_t room = g->room ? g->room * 2 : 1024;

		if ((i = reallocarray(g->items, room, sizeof *i)) == NULL)
			return -ENOMEM;
		g->items = i;
		g->room = room;
	}
	i = &g->items[g->count];
	*i = (struct tied){ .subject_kind = (u8)(kind < 0 ? (int)subject_kind_of(s->subject)
		: kind), .severity = (u8)s->severity, .confidence = (u8)s->confidence,
		.tlp = m.tlp, .pap = m.pap, .from = s->from, .until = s->until,
		.incident = s->incident, .parent = (u32)g->count,
		.ended = s->incident && has_ended(r, s->incident),
		.parties = (u8)s->related_count };
	snprintf(i->id, sizeof i->id, "%s", s->id);
	if ((rc = texts_add(&g->words, s->rule, &i->rule)) ||
	    (rc = texts_add(&g->words, s->subject, &i->subject)) ||
	    (rc = add_ties(r, s, i)))
		return rc;
	g->count++;
	return g->count >= UINT32_MAX / 2 ? OOPS_LIMIT : 0;
}

/* A fault as a word; no id is like it. */
static const char *fault_text(const char *rule, const char *subject, const char *zone,
			      char to[FAULT_TEXT])
{
	snprintf(to, FAULT_TEXT, "%s %s %s", rule, zone, subject);
	return to;
}

static bool was_taken_out(const struct reading *r, const struct store_gist *s)
{
	char text[FAULT_TEXT];

	return texts_have(&r->out, s->id) ||
	       (s->zone[0] && texts_have(&r->out, fault_text(s->rule, s->subject, s->zone,
							     text)));
}

static int take_new(void *to, const struct store_gist *s)
{
	struct reading *r = to;
	struct group *g = r->g;

	g->report->findings++;
	if (s->severity < g->conf->severity) {
		g->report->slight++;
		return 0;
	}
	if (mutes_find(r->mutes, s->rule, s->subject)) {
		g->report->muted++;
		return 0;
	}
	if (was_taken_out(r, s)) {
		g->report->taken_out++;
		return 0;
	}
	if (s->zone[0] == 0 && (!g->traffic || s->from < g->earliest))
		g->earliest = s->from;
	*(s->zone[0] ? &g->audits : &g->traffic) = true;
	return add_item(r, s);
}

static int take_placed(void *to, const struct store_gist *s)
{
	return s->zone[0] ? 0 : add_item(to, s);
}

static int take_audited(void *to, const struct store_gist *s)
{
	return add_item(to, s);
}

/* ---- what people did ---- */

/* The next audit gives the same fault another id. */
static int take_fault_out(struct reading *r, const char *id)
{
	struct finding *f = malloc(sizeof *f);
	char text[FAULT_TEXT];
	u32 number;
	int rc = f ? store_finding(desk_store(r->g->desk), id, f) : -ENOMEM;

	if (rc == 0 && f->zone[0])
		rc = texts_add(&r->out, fault_text(f->rule, f->subject, f->zone, text), &number);
	free(f);
	return rc == -ENOMEM ? rc : 0;	/* a report, or one that is not there any more */
}

static int take_out(void *to, const struct event *e)
{
	struct reading *r = to;
	struct desk_event is = { e, NULL };
	u32 number;
	int rc;

	if (strcmp(e->kind, "incident.remove"))
		return 0;
	if ((is.body = json_loads(e->body, 0, NULL)) == NULL)
		return OOPS_FORMAT;
	rc = texts_add(&r->out, desk_text(&is, "id"), &number);
	if (rc == 0)
		rc = take_fault_out(r, desk_text(&is, "id"));
	json_decref(is.body);
	return rc;
}

static int take_end(void *to, const void *record)
{
	struct reading *r = to;

	if (r->end_count == r->end_room) {
		size_t room = r->end_room ? r->end_room * 2 : 256;
		u64 *ends = reallocarray(r->ends, room, sizeof *ends);

		if (ends == NULL)
			return -ENOMEM;
		r->ends = ends;
		r->end_room = room;
	}
	r->ends[r->end_count++] = ((const struct incident *)record)->number;
	return 0;
}

static int read_desk(struct reading *r)
{
	const struct store_cond ended = { .field = "state", .op = STORE_LEAST,
		.number = INCIDENT_CLOSED };
	const struct store_query q = { .table = DESK_incident, .conds = &ended, .count = 1,
		.order = "number" };
	struct store *s = desk_store(r->g->desk);
	int rc = mutes_open(r->g->desk, desk_now(r->g->desk), &r->mutes);

	if (rc == 0)
		rc = store_each(s, &q, take_end, r);
	return rc ? rc : store_each_event(s, 1, 0, NULL, take_out, r);
}

static int read_suffixes(struct reading *r)
{
	const char *path = r->g->conf->suffixes ? r->g->conf->suffixes : SUFFIX_FILE;
	int rc = suffixes_open(&r->suffixes, path, KEY);

	if (rc == -ENOENT && r->g->conf->suffixes == NULL)
		return suffixes_none(&r->suffixes, KEY);
	return rc ? desk_fault(r->g->desk, rc, "'%.200s' cannot be read: %s", path,
			       oops_text(rc)) : 0;
}

int group_read(struct group *g)
{
	struct reading r = { .g = g, .out.key = KEY };
	struct store *s = desk_store(g->desk);
	int rc = read_suffixes(&r);
	u32 empty;

	g->words.key = g->own.key = g->faults.key = KEY;
	if (rc == 0)
		rc = texts_add(&g->words, "", &empty);	/* number 0 */
	if (rc == 0)
		rc = read_desk(&r);
	if (rc == 0)
		rc = store_each_gist(s, STORE_LOOSE, 0, take_new, &r);
	if (rc == 0 && g->traffic)
		rc = store_each_gist(s, STORE_PLACED, g->earliest > g->conf->gap
				     ? g->earliest - g->conf->gap : 0, take_placed, &r);
	if (rc == 0 && g->audits)
		rc = store_each_gist(s, STORE_AUDITED, 0, take_audited, &r);
	if (rc == 0 && g->audits)
		group_settle(g);
	mutes_free(r.mutes);
	suffixes_free(r.suffixes);
	texts_free(&r.out);
	free(r.ends);
	return rc;
}
