/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_subject.c - everything that the store knows of one domain, address, server or zone, as
 * far as the caller may know it.
 *
 *   GET /api/v1/subjects/{kind}/{value}
 *     findings about it   by rule, severity and time; the latest
 *     findings that name it as a party
 *     incidents, reports, indicators, contacts that cover it
 *
 * A domain stands for the names below it, too; a zone also for what its audits found. */
#include "web/find.h"
#include "web/put.h"
#include "respond/contact.h"
#include "base/stamp.h"
#include "base/tongue.h"
#include "model/utf8.h"

#define LATEST 20u
#define CASES 50u
#define SOME 20u
#define STEPS 60u

static const char *const kinds[] = { "domain", "zone", "address", "other", NULL };

struct seen {
	struct request *q;
	u64 total, severities[SEVERITY_COUNT], rules[SIEVE_RULES];
	u64 first, last;
	u64 cases[CASES];
	u32 case_count;
	u64 steps[STEPS][SEVERITY_COUNT], from, step;
	u32 step_count;
};

static void add_seen(void *to, const struct sieve_row *r)
{
	struct seen *s = to;
	u64 incident = sieve_row_incident(r);
	bool known = incident == 0;

	s->total++;
	s->severities[r->severity]++;
	s->rules[r->rule_at]++;
	s->first = s->first && s->first < r->from ? s->first : r->from;
	s->last = max_u64(s->last, r->until);
	for (u32 i = 0; i < s->case_count && !known; i++)
		known = s->cases[i] == incident;
	if (!known && s->case_count < CASES)
		s->cases[s->case_count++] = incident;
}

static void add_step(void *to, const struct sieve_row *r)
{
	struct seen *s = to;
	u64 end = r->until > r->from ? r->until - 1 : r->until;
	u64 place = end < s->from ? STEPS : (end - s->from) / s->step;

	if (place < s->step_count)
		s->steps[place][r->severity]++;
}

static void put_rules(struct seen *s)
{
	struct request *q = s->q;
	const char *rule, *comma = "";

	buf_text(q->out, ",\"rules\":[");
	for (u32 i = 0; i < SIEVE_RULES && (rule = sieve_rule(q->web->sieve, i)); i++) {
		if (s->rules[i] == 0)
			continue;
		buf_text(q->out, comma);
		find_put_rule(q, rule, s->rules[i]);
		comma = ",";
	}
	buf_byte(q->out, ']');
}

/* Days, or more of them at a time. */
static int put_steps(struct seen *s, const struct sieve_ask *ask)
{
	struct request *q = s->q;
	const u64 day = 86400 * STAMP_NS;
	u64 days = s->last > s->first ? (s->last - s->first) / day + 2 : 1;
	char from[STAMP_TEXT_MAX];
	int rc;

	s->step = (days + STEPS - 1) / STEPS * day;
	s->from = s->first - s->first % day;
	s->step_count = s->total ? (u32)((s->last - s->from + s->step - 1) / s->step) : 0;
	rc = sieve_walk(q->web->sieve, q->gate, ask, add_step, s);
	buf_fmt(q->out, ",\"timeline\":{\"from\":\"%s\",\"step_s\":%llu,\"counts\":[",
		stamp_text(s->from, 9, from), (unsigned long long)(s->step / STAMP_NS));
	for (u32 i = 0; i < s->step_count; i++) {
		buf_text(q->out, i ? "," : "");
		find_put_severities(q->out, s->steps[i]);
	}
	buf_text(q->out, "]}");
	return rc;
}

static int put_latest(struct request *q, const char *name, const struct sieve_ask *of)
{
	struct sieve_found *found = malloc(sizeof *found);
	struct sieve_ask ask = *of;
	int rc = found ? 0 : -ENOMEM;

	ask.once = true;
	ask.order = SIEVE_BY_TIME;
	ask.limit = LATEST;
	if (rc == 0)
		rc = sieve_ask(q->web->sieve, q->gate, &ask, found);
	if (rc == 0) {
		buf_fmt(q->out, ",\n\"%s\":{\"total\":%llu,\"items\":[", name,
			(unsigned long long)found->total);
		rc = find_put_rows(q, found);
		buf_text(q->out, "]}");
	}
	free(found);
	return rc;
}

static int put_cases(struct seen *s)
{
	struct request *q = s->q;
	const char *comma = "";

	buf_text(q->out, ",\n\"incidents\":[");
	for (u32 i = 0; i < s->case_count; i++) {
		const struct incident key = { .number = s->cases[i] };
		void *found = NULL;
		int rc = gate_take(q->gate, DESK_incident, &key, &found);

		if (rc == 1) {
			buf_fmt(q->out, "%s{", comma);
			put_noun(q->out, DESK_incident, found);
			buf_byte(q->out, '}');
			comma = ",\n";
		}
		free(found);
		if (rc < 0 && rc != -EPERM)
			return rc;
	}
	buf_byte(q->out, ']');
	return 0;
}

struct putting { struct buf *out; enum desk_table table; u32 count; };

static int put_record(void *to, const void *record)
{
	struct putting *p = to;

	buf_text(p->out, p->count++ ? ",\n{" : "\n{");
	put_noun(p->out, p->table, record);
	buf_byte(p->out, '}');
	return 0;
}

/* Records of a noun whose subject is the value, or (reports: URLs) holds it. */
static int put_nouns(struct request *q, const char *name, enum desk_table t, bool holds)
{
	const struct store_cond is = { .field = "subject", .op = holds ? STORE_HOLDS : STORE_IS,
		.text = q->values.at[1] };
	const struct store_query query = { .table = t, .conds = &is, .count = 1, .limit = SOME };
	struct putting p = { .out = q->out, .table = t };
	int rc;

	buf_fmt(q->out, ",\n\"%s\":[", name);
	rc = gate_each(q->gate, &query, put_record, &p);
	buf_byte(q->out, ']');
	return rc < 0 ? rc : 0;
}

static void put_steps_of_route(struct buf *out, const struct route *r)
{
	const char *comma = "";

	for (u32 i = 0; i < r->count && i < SOME; i++) {
		const struct route_step *s = &r->step[i];
		char cover[256];

		snprintf(cover, sizeof cover, "%.*s", (int)strcspn(s->cover, "\n"), s->cover);
		buf_fmt(out, "%s{\"id\":", comma);
		utf8_json(out, s->contact->id);
		buf_text(out, ",\"name\":");
		utf8_json(out, s->contact->name);
		buf_fmt(out, ",\"role\":\"%s\",\"cover\":", contact_roles[s->role]);
		utf8_json(out, cover);
		buf_byte(out, '}');
		comma = ",";
	}
}

/* Contacts are for those who are cleared for the desk; others see that there are none. */
static int put_contacts(struct request *q)
{
	const char *about[] = { q->values.at[1] };
	struct route r = { 0 };
	struct desk *d = NULL;
	int rc = 0;

	buf_text(q->out, ",\n\"contacts\":[");
	if (marking_allows(DESK_MARKING, q->who.clearance) && request_desk(q, &d) == 0) {
		rc = route_find(&r, d, about, 1, 0);
		if (rc == 0)
			put_steps_of_route(q->out, &r);
		route_free(&r);
	}
	desk_close(d);
	buf_text(q->out, "]}\n");
	return rc;
}

static void asks(struct request *q, int kind, struct sieve_ask *about, struct sieve_ask *party)
{
	const char *value = q->values.at[1];

	if (kind == 0)
		about->under = value;
	else if (kind == 1)
		about->zone = value;
	else
		about->subject = value;
	party->related = value;
}

static int put_all(struct request *q, int kind, struct seen *s)
{
	struct sieve_ask about = { 0 }, party = { 0 };
	int rc;

	asks(q, kind, &about, &party);
	s->q = q;
	rc = sieve_walk(q->web->sieve, q->gate, &about, add_seen, s);
	buf_fmt(q->out, "{\"kind\":\"%s\",\"value\":", kinds[kind]);
	utf8_json(q->out, q->values.at[1]);
	buf_text(q->out, ",\"severities\":");
	find_put_severities(q->out, s->severities);
	put_rules(s);
	if (rc == 0)
		rc = put_steps(s, &about);
	if (rc == 0)
		rc = put_latest(q, "findings", &about);
	if (rc == 0)
		rc = put_latest(q, "as_party", &party);
	if (rc == 0)
		rc = sieve_walk(q->web->sieve, q->gate, &party, add_seen, s);
	if (rc == 0)
		rc = put_cases(s);
	if (rc == 0)
		rc = put_nouns(q, "reports", DESK_report, true);
	if (rc == 0)
		rc = put_nouns(q, "indicators", DESK_indicator, false);
	return rc ? rc : put_contacts(q);
}

static int subject(struct request *q)
{
	int kind = choice_parse(kinds, q->values.at[0]);
	struct seen *s = calloc(1, sizeof *s);
	int rc = s ? 0 : -ENOMEM;

	if (rc == 0 && kind < 0)
		rc = request_fault(q, OOPS_UNKNOWN, "kinds are domain, zone, address and other");
	else if (rc == 0 && (rc = put_all(q, kind, s)) && q->why[0] == 0)
		request_fault(q, rc, "%s", gate_error(q->gate));
	free(s);
	return rc;
}

const struct api_route subject_routes[] = {
	{ .method = "GET", .path = "/api/v1/subjects/{kind}/{value}", .run = subject,
	  .reply = "subject", .help = "Everything known of a domain (and the names below it), a "
	  "zone, an address or another subject; kinds: domain, zone, address, other." },
	{ .method = NULL }
};

static const struct api_member found_members[] = {
	{ "total", "count", "how many there are", NULL },
	{ "items", "[finding_row]", "the latest of them, 20 at most", NULL },
	{ .name = NULL }
};
static const struct api_member cover_members[] = {
	{ "id", "text", "of the contact", NULL },
	{ "name", "text", "as it is written", NULL },
	{ "role", "text", "why it is asked", NULL },
	{ "cover", "text", "the line of the contact that covers the subject", NULL },
	{ .name = NULL }
};
static const struct api_member subject_members[] = {
	{ "kind", "choice", "as it was asked", kinds },
	{ "value", "text", "as it was asked", NULL },
	{ "severities", "[count]", "findings about it, info first", NULL },
	{ "rules", "[facet_rule]", "findings about it by rule", NULL },
	{ "timeline", "timeline", "findings about it", NULL },
	{ "findings", "subject_findings", "about it, the latest first", NULL },
	{ "as_party", "subject_findings", "in which it takes part, the latest first", NULL },
	{ "incidents", "[incident]", "that these findings are in, 50 at most", NULL },
	{ "reports", "[report]", "whose subject holds the value, 20 at most", NULL },
	{ "indicators", "[indicator]", "that others list, 20 at most", NULL },
	{ "contacts", "[subject_contact]", "that cover it; none when the caller may not know",
	  NULL },
	{ .name = NULL }
};
const struct api_shape subject_shapes[] = {
	{ .name = "subject_findings", .members = found_members },
	{ .name = "subject_contact", .members = cover_members },
	{ .name = "subject", .members = subject_members },
	{ .name = NULL }
};
