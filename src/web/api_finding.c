/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_finding.c - findings: lists with filters, counts by facet and cursors; one of them with
 * all that is known of it.
 *
 *   GET /api/v1/findings?area=trust&text=bank&facets=true&limit=50
 *     {"items":[{...}],"next":"cursor or null","total":N,"facets":{...} or null}
 *
 * The sieve finds and counts what the caller may see; each finding of the page is then taken
 * through the caller's gate. */
#include "web/find.h"
#include "web/put.h"
#include "base/tongue.h"
#include "model/utf8.h"

/* ---- lists ---- */

static void put_count(struct request *q, const char **comma, const char *value, u64 count)
{
	buf_fmt(q->out, "%s{\"value\":\"%s\",\"count\":%llu}", *comma, value,
		(unsigned long long)count);
	*comma = ",";
}

/* A facet whose values are an array of names, those that count nothing left out. */
static void put_facet(struct request *q, const char *name, const char *const *values,
		      const u64 *counts)
{
	const char *comma = "";

	buf_fmt(q->out, ",\"%s\":[", name);
	for (unsigned i = 0; values[i]; i++)
		if (counts[i])
			put_count(q, &comma, values[i], counts[i]);
	buf_byte(q->out, ']');
}

static void put_states(struct request *q, const struct sieve_found *found)
{
	const char *comma = "";

	buf_text(q->out, ",\"state\":[");
	for (unsigned i = 0; i <= INCIDENT_STATE_COUNT; i++)
		if (found->states[i])
			put_count(q, &comma, i == INCIDENT_STATE_COUNT ? "none"
				  : incident_states[i], found->states[i]);
	buf_byte(q->out, ']');
}

/* Rules count without regard to ?rule=, areas without regard to ?area=. */
static void put_rules(struct request *q, const struct find *f, const struct sieve_found *found)
{
	u64 areas[AREA_COUNT + 1] = { 0 };
	const char *rule, *comma = "";

	buf_text(q->out, "\"rule\":[");
	for (u32 i = 0; i < SIEVE_RULES && (rule = sieve_rule(q->web->sieve, i)); i++) {
		if (found->rules[i] == 0)
			continue;
		if (find_rule(f, rule))
			areas[find_area_of(q->web, rule)] += found->rules[i];
		if (!find_area(f, rule))
			continue;
		buf_text(q->out, comma);
		find_put_rule(q, rule, found->rules[i]);
		comma = ",";
	}
	buf_byte(q->out, ']');
	put_facet(q, "area", find_areas, areas);
}

static void put_kinds(struct request *q, const struct sieve_found *found)
{
	const char *kind, *comma = "";

	buf_text(q->out, ",\"kind\":[");
	for (u32 i = 0; i < SIEVE_KINDS && (kind = sieve_kind(q->web->sieve, i)); i++) {
		if (found->kinds[i] == 0)
			continue;
		buf_fmt(q->out, "%s{\"value\":", comma);
		utf8_json(q->out, kind);
		buf_fmt(q->out, ",\"count\":%llu}", (unsigned long long)found->kinds[i]);
		comma = ",";
	}
	buf_byte(q->out, ']');
}

static void put_facets(struct request *q, const struct find *f, const struct sieve_found *found)
{
	if (!f->ask.facets) {
		buf_text(q->out, ",\n\"facets\":null}\n");
		return;
	}
	buf_text(q->out, ",\n\"facets\":{");
	put_rules(q, f, found);
	put_facet(q, "severity", find_severities, found->severities);
	put_facet(q, "label", label_names, found->labels);
	put_states(q, found);
	put_kinds(q, found);
	buf_text(q->out, "}}\n");
}

static int page(struct request *q, struct find *f, struct sieve_found *found)
{
	int rc = sieve_ask(q->web->sieve, q->gate, &f->ask, found);

	if (rc)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	buf_text(q->out, "{\"items\":[");
	if ((rc = find_put_rows(q, found)))
		return request_fault(q, rc, "%s", gate_error(q->gate));
	buf_text(q->out, "],\n\"next\":");
	if (found->more && found->count)
		find_cursor(q->out, f, &found->last);
	else
		buf_text(q->out, "null");
	buf_fmt(q->out, ",\"total\":%llu,\"left_out\":%llu", (unsigned long long)found->total,
		(unsigned long long)sieve_left_out(q->web->sieve));
	put_facets(q, f, found);
	return 0;
}

static int list(struct request *q)
{
	struct find *f = calloc(1, sizeof *f);
	struct sieve_found *found = calloc(1, sizeof *found);
	u64 limit;
	int rc = f && found ? find_of(q, f) : -ENOMEM;

	if (rc == 0)
		rc = request_count(q, "limit", SIEVE_PAGE_MAX, &limit);
	if (rc == 0)
		rc = request_flag(q, "facets", &f->ask.facets);
	if (rc == 0) {
		f->ask.limit = (u32)(limit ? limit : WEB_PAGE);
		rc = page(q, f, found);
	}
	free(found);
	free(f);
	return rc;
}

/* ---- one ---- */

struct finding_incident { struct request *q; u64 number; const char *comma; };

static int put_membership(void *to, const void *record)
{
	struct finding_incident *p = to;
	const struct member *m = record;
	const struct incident key = { .number = m->incident };
	struct incident *is;
	void *found = NULL;
	int rc = gate_take(p->q->gate, DESK_incident, &key, &found);

	if (rc == 1) {
		is = found;
		buf_fmt(p->q->out, "%s{\"number\":%llu,\"state\":\"%s\",\"title\":", p->comma,
			(unsigned long long)is->number, incident_states[is->state]);
		put_stored(p->q->out, is->title);
		buf_text(p->q->out, ",\"owner\":");
		utf8_json(p->q->out, is->owner);
		buf_byte(p->q->out, '}');
		p->comma = ",";
	}
	free(found);
	return rc == 1 || rc == -EPERM ? 0 : rc;
}

static int put_incidents(struct request *q, const struct finding *f)
{
	const struct store_cond conds[] = {
		{ .field = "kind", .op = STORE_IS, .number = MEMBER_FINDING },
		{ .field = "id", .op = STORE_IS, .text = f->id },
	};
	const struct store_query query = { .table = DESK_member, .conds = conds, .count = 2,
		.limit = 50 };
	struct finding_incident p = { .q = q, .comma = "" };
	int rc;

	buf_text(q->out, ",\"incidents\":[");
	rc = gate_each(q->gate, &query, put_membership, &p);
	buf_byte(q->out, ']');
	return rc;
}

static int put_runs(struct request *q, const struct finding *f)
{
	const struct store_filter made = { .id = f->id };
	struct putting_runs p = { .q = q, .most = 20 };
	int rc;

	buf_text(q->out, ",\"runs\":[");
	rc = gate_each_run(q->gate, &made, put_run, &p);
	buf_byte(q->out, ']');
	return rc < 0 ? rc : 0;
}

/* What its English texts say, in the caller's language. */
static void put_words(struct buf *out, const struct finding *f)
{
	buf_text(out, ",\"said\":");
	put_said(out, f->sentence);
	buf_text(out, ",\"feature_help\":[");
	for (u32 i = 0; i < f->feature_count; i++) {
		buf_text(out, i ? "," : "");
		put_said(out, f->features[i].help);
	}
	buf_text(out, "],\"related_note\":[");
	for (u32 i = 0; i < f->related_count; i++) {
		buf_text(out, i ? "," : "");
		put_said(out, f->related[i].note);
	}
	buf_byte(out, ']');
}

/* The finding's own object, with more members. */
static int put_one(struct request *q, const struct finding *f)
{
	struct marking m;
	int rc;

	finding_json(q->out, f);
	q->out->len -= buf_error(q->out) ? 0 : 1;	/* its brace */
	rc = gate_finding_marking(q->gate, f, &m);
	if (rc)
		return rc;
	buf_fmt(q->out, ",\"tlp\":\"%s\",\"pap\":\"%s\",\"catalogue\":", label_text(m.tlp),
		pap_text(m.pap));
	put_catalogue(q->out, web_rule(q->web, f->rule));
	put_words(q->out, f);
	rc = put_incidents(q, f);
	if (rc == 0)
		rc = put_runs(q, f);
	buf_text(q->out, "}\n");
	return rc;
}

static int one(struct request *q)
{
	struct finding *f = malloc(sizeof *f);
	int rc = f ? gate_finding(q->gate, q->values.at[0], f) : -ENOMEM;

	if (rc == 0)
		rc = put_one(q, f);
	if (rc)
		request_fault(q, rc, "%s", gate_error(q->gate));
	free(f);
	return rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc;
}

/* ---- rows ---- */

static const struct api_param params[] = {
	FIND_FILTERS,
	{ "order", "what comes first", OP_CHOICE, sieve_orders },
	{ "facets", "true: also count by severity, area, rule, label, kind and state", OP_FLAG,
	  NULL },
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ .name = NULL }
};

const struct api_route finding_routes[] = {
	{ .method = "GET", .path = "/api/v1/findings", .run = list, .params = params,
	  .reply = "finding_rows", .help = "The findings that the caller may see; a finding's "
	  "lists are left out." },
	{ .method = "GET", .path = "/api/v1/findings/{id}", .run = one, .reply = "finding_whole",
	  .help = "One finding, by its id or its first digits, with its catalogue row, its "
	  "incidents and the runs it came from." },
	{ .method = NULL }
};

#define TYPE_text "text"
#define TYPE_count "count"
#define TYPE_stamp "stamp"
#define TYPE_severity "choice"
#define TYPE_real "real"
#define TYPE_rule "choice"
#define WORDS_text NULL
#define WORDS_count NULL
#define WORDS_stamp NULL
#define WORDS_severity find_severities
#define WORDS_real NULL
#define WORDS_rule feature_rules
#define F(kind, member, help) { #member, TYPE_##kind, help, WORDS_##kind },

static const char *const feature_rules[] = {
#define R(name, text) text,
	FEATURE_RULES(R) NULL
#undef R
};
static const struct api_member feature_members[] = { FEATURE_FIELDS(F) { .name = NULL } };
static const struct api_member related_members[] = { RELATED_FIELDS(F) { .name = NULL } };
#define MARKED { "tlp", "choice", "its label, joined with what people raised it to",        \
		 label_names },                                                \
	{ "pap", "choice", "what may be done with it", pap_names }
static const struct api_member row_members[] = {
	FINDING_FIELDS(F) MARKED,
	{ "title", "text", "what the catalogue calls it, in the caller's language", NULL },
	{ "said", "text", "the sentence in the caller's language (Accept-Language)", NULL },
	{ "area", "text", "area of DNS security; empty when the catalogue does not know the rule",
	  NULL },
	{ "first", "stamp", "begin of the first window in which the same fault was found; of "
	  "traffic its own", NULL },
	{ "times", "count", "how many audits found it: 2 and more is seen again", NULL },
	{ "incident", "count|null", "the incident that it is in", NULL },
	{ "incident_state", "choice|null", "how far that is", incident_states },
	{ .name = NULL }
};
static const struct api_member whole_members[] = {
	FINDING_FIELDS(F) MARKED,
	{ "features", "[feature]", "what was measured, with the rule's thresholds", NULL },
	{ "related", "[related]", "who takes part", NULL },
	{ "evidence", "[text]", "SHA-256 of each message or set kept", NULL },
	{ "said", "text", "the sentence in the caller's language (Accept-Language)", NULL },
	{ "feature_help", "[text]", "of each feature: its help in that language", NULL },
	{ "related_note", "[text]", "of each party: its note in that language", NULL },
	{ "summary", "text", "the packed summary that was judged, base64", NULL },
	{ "catalogue", "catalogue_row|null", "what the rule is", NULL },
	{ "incidents", "[finding_incident]", "that it is a member of", NULL },
	{ "runs", "[run]", "that it came from", NULL },
	{ .name = NULL }
};
static const struct api_member incident_members[] = {
	{ "number", "count", "of the incident", NULL },
	{ "state", "choice", "how far it is", incident_states },
	{ "title", "text", "one line", NULL },
	{ "owner", "text", "who works on it", NULL },
	{ .name = NULL }
};
static const struct api_member count_members[] = {
	{ "value", "text", "what is counted", NULL },
	{ "count", "count", "how many", NULL },
	{ .name = NULL }
};
static const struct api_member rule_members[] = {
	{ "value", "text", "catalogue id", NULL },
	{ "title", "text", "what the catalogue calls it", NULL },
	{ "area", "text", "area of DNS security, or empty", NULL },
	{ "count", "count", "how many", NULL },
	{ .name = NULL }
};
static const struct api_member facet_members[] = {
	{ "rule", "[facet_rule]", "without regard to ?rule=", NULL },
	{ "area", "[facet_count]", "without regard to ?area=", NULL },
	{ "severity", "[facet_count]", "without regard to ?severity=", NULL },
	{ "label", "[facet_count]", "without regard to ?label=", NULL },
	{ "state", "[facet_count]", "of the incident, 'none' for in no incident; without regard "
	  "to ?state=", NULL },
	{ "kind", "[facet_count]", "without regard to ?kind=", NULL },
	{ .name = NULL }
};
static const struct api_member list_members[] = {
	{ "items", "[finding_row]", "of this page", NULL },
	{ "next", "text|null", "the cursor of the next page; null: there is none", NULL },
	{ "total", "count", "how many fit the filters, exactly, of those the caller may see",
	  NULL },
	{ "left_out", "count", "findings of the store that are in no list: it holds too many",
	  NULL },
	{ "facets", "facets|null", "when ?facets=true", NULL },
	{ .name = NULL }
};

const struct api_shape finding_shapes[] = {
	{ .name = "feature", .members = feature_members },
	{ .name = "related", .members = related_members },
	{ .name = "finding_row", .members = row_members },
	{ .name = "finding_rows", .members = list_members },
	{ .name = "finding_incident", .members = incident_members },
	{ .name = "finding_whole", .members = whole_members },
	{ .name = "facet_count", .members = count_members },
	{ .name = "facet_rule", .members = rule_members },
	{ .name = "facets", .members = facet_members },
	{ .name = NULL }
};
