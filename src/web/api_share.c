/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_share.c - who would see what, and what leaves: the labels made visible.
 *
 *   wish (incidents, a finding, findings by filter, reports, indicators)
 *     --> a release for the caller: the items --> who: each contact, label and format
 *     --> a release for an audience --> a format --> download; refusals as 403
 *
 * The audience of an export is a contact or a clearance, and never more than the caller; what
 * the caller may not see is not there, for an incident that is named: no such incident. What
 * is refused and what is handed out is in the log first (respond/op_share.c); when that is not
 * possible nothing leaves. A refusal names each item by its kind, id and marking, and says how
 * the rest can be had. */
#include "web/put.h"
#include "base/octets.h"
#include "base/tongue.h"
#include "model/digest.h"
#include "model/utf8.h"
#include "respond/contact.h"
#include "respond/sieve.h"
#include "respond/title.h"
#include "respond/wish.h"
#include "share/exchange.h"

#define NAMED 100u	/* refused items in a reply and in the log */
#define SHOWN 500u	/* items of "who" */
#define SHARED_MAX 20000u	/* findings of a release; and members of its incidents */

/* ---- the wish ---- */

static bool begins_so(void *to, const char *rule)
{
	return strncmp(rule, to, strlen(to)) == 0;
}

/* A release is made in memory: what would be too much is told by the sieve's count. */
static int few_enough(struct request *q, const struct store_filter *f)
{
	const struct sieve_ask ask = { .takes_rule = f->rule ? begins_so : NULL,
		.to = (void *)(uintptr_t)f->rule, .subject = f->subject, .since = f->since,
		.until = f->until, .severity = f->severity, .limit = 1 };
	struct sieve_found *found = calloc(1, sizeof *found);
	int rc = found ? sieve_ask(q->web->sieve, q->gate, &ask, found) : -ENOMEM;

	if (rc == 0 && found->total > SHARED_MAX)
		rc = request_fault(q, OOPS_LIMIT, "these are %llu findings; up to %u are shared at "
			"once: say of which rule, or about which subject",
			(unsigned long long)found->total, SHARED_MAX);
	free(found);
	return rc;
}

/* The same of what named incidents hold, which their rows say: nothing is read before it is
 * known. */
static int few_members(struct request *q, const struct gate_wish *w)
{
	u64 members = 0;
	int rc = 0;

	for (size_t i = 0; i < w->incident_count && rc != -ENOMEM; i++) {
		const struct incident key = { .number = w->incidents[i] }, *is;
		void *found = NULL;

		rc = gate_take(q->gate, DESK_incident, &key, &found);
		if ((is = found))
			members += (u64)is->findings + is->reports;
		free(found);
	}
	if (members > SHARED_MAX)
		return request_fault(q, OOPS_LIMIT, "these incidents have %llu findings and "
			"reports; up to %u are shared at once: name fewer, or let 'vedette share "
			"export' write them", (unsigned long long)members, SHARED_MAX);
	return rc == -ENOMEM ? rc : 0;	/* what may not be seen is said later */
}

/* OOPS_SHORT when nothing is wished. */
static int wish_of(struct request *q, struct wish *w)
{
	struct wish_words words = { .incidents = request_param(q, "incidents"),
		.finding = request_param(q, "finding"), .rule = request_param(q, "rule"),
		.subject = request_param(q, "subject"), .since = request_param(q, "since") };
	int rc;

	if ((rc = request_flag(q, "findings", &words.findings)) ||
	    (rc = request_flag(q, "reports", &words.reports)) ||
	    (rc = request_flag(q, "indicators", &words.indicators)) ||
	    (rc = request_flag(q, "name_reporters", &words.reporters)))
		return rc;
	rc = wish_make(w, q->gate, &words);
	w->is.asker = q->gate;
	switch (rc) {
	case 0:
		rc = few_members(q, &w->is);
		return rc == 0 && words.findings ? few_enough(q, w->is.findings) : rc;
	case -ENOMEM:
		return rc;
	case OOPS_TYPE:
		return request_fault(q, rc, "since: a time is wanted: 2026-01-31T10:00:00Z");
	case OOPS_FORMAT:
		return request_fault(q, rc, "incidents: write 12 or 3-9,12, in order");
	case OOPS_SHORT:
		return request_fault(q, rc, "what? incidents, finding, findings, reports or "
				     "indicators is wanted");
	default:
		return request_fault(q, rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc, "%s",
				     gate_error(q->gate));
	}
}

static void put_marking(struct buf *out, struct marking m)
{
	buf_fmt(out, "\"tlp\":\"%s\",\"pap\":\"%s\"", label_text(m.tlp), pap_text(m.pap));
}

/* ---- who would see what ---- */

struct tally { u64 may, of; struct marking strictest; };

/* How many of the items that clearance may have, and the strictest of the others. */
static struct tally tally(const struct release *r, struct marking clearance)
{
	struct tally t = { .of = release_count(r) };

	for (size_t i = 0; i < t.of; i++) {
		const struct marking m = item_marking(release_item(r, i));

		if (marking_allows(m, clearance))
			t.may++;
		else
			t.strictest = marking_join(t.strictest, m);
	}
	return t;
}

static void put_tally(struct buf *out, const struct tally *t)
{
	buf_fmt(out, ",\"may\":%llu,\"of\":%llu,\"strictest\":", (unsigned long long)t->may,
		(unsigned long long)t->of);
	if (t->may == t->of) {
		buf_text(out, "null");
		return;
	}
	buf_byte(out, '{');
	put_marking(out, t->strictest);
	buf_byte(out, '}');
}

struct asking { const struct release *r; struct buf *out; u64 count; };

static int put_contact(void *to, const void *record)
{
	const struct contact *c = record;
	struct asking *a = to;
	const struct marking theirs = { c->tlp, c->pap };
	const struct tally t = tally(a->r, theirs);

	buf_text(a->out, a->count++ ? ",\n{\"contact\":" : "\n{\"contact\":");
	utf8_json(a->out, c->id);
	buf_text(a->out, ",\"name\":");
	utf8_json(a->out, c->name);
	buf_byte(a->out, ',');
	put_marking(a->out, theirs);
	put_tally(a->out, &t);
	buf_byte(a->out, '}');
	return buf_error(a->out);
}

static void put_labels(struct request *q, const struct release *r)
{
	for (unsigned i = 0; i < LABEL_COUNT; i++) {
		const struct marking m = { (u8)i, MARKING_STRICTEST.pap };
		const struct tally t = tally(r, m);

		buf_text(q->out, i ? ",\n{" : "\n{");
		put_marking(q->out, m);
		put_tally(q->out, &t);
		buf_byte(q->out, '}');
	}
}

static void put_formats(struct request *q, const struct release *r)
{
	const char *comma = "";

	for (const struct exchange *const *e = exchanges; *e; e++) {
		struct tally t;

		if ((*e)->write == NULL)
			continue;
		t = tally(r, (*e)->cap);
		buf_fmt(q->out, "%s\n{\"format\":\"%s\",\"title\":", comma, (*e)->id);
		put_said(q->out, (*e)->title);
		buf_byte(q->out, ',');
		put_marking(q->out, (*e)->cap);
		put_tally(q->out, &t);
		buf_byte(q->out, '}');
		comma = ",";
	}
}

static void put_items(struct request *q, const struct release *r)
{
	for (size_t i = 0; i < release_count(r) && i < SHOWN; i++) {
		const struct item *is = release_item(r, i);

		buf_fmt(q->out, "%s\n{\"kind\":\"%s\",\"id\":", i ? "," : "", item_kinds[is->kind]);
		utf8_json(q->out, is->id);
		buf_text(q->out, ",\"title\":");
		put_stored(q->out, is->kind == ITEM_OBSERVATION ? title_of_rule(is->title)
								: is->title);
		buf_text(q->out, ",\"subject\":");
		utf8_json(q->out, is->subject);
		buf_byte(q->out, ',');
		put_marking(q->out, item_marking(is));
		buf_byte(q->out, '}');
	}
}

static int put_who(struct request *q, const struct release *r)
{
	const struct store_query contacts = { .table = DESK_contact, .order = "-tlp -pap id",
		.limit = 1000 };
	struct asking a = { r, q->out, 0 };
	int rc;

	buf_fmt(q->out, "{\"count\":%zu,\"items\":[", release_count(r));
	put_items(q, r);
	buf_text(q->out, "],\n\"labels\":[");
	put_labels(q, r);
	buf_text(q->out, "],\n\"formats\":[");
	put_formats(q, r);
	buf_text(q->out, "],\n\"contacts\":[");
	rc = gate_each(q->gate, &contacts, put_contact, &a);
	buf_text(q->out, "]}\n");
	return rc < 0 ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

static int who(struct request *q)
{
	struct wish w = { .one = NULL };
	struct release *r = NULL;
	int rc = wish_of(q, &w);

	rc = rc == OOPS_SHORT ? 0 : rc;	/* nothing: the contacts, labels and formats alone */
	if (rc == 0 && (rc = gate_release(q->gate, &w.is, MARKING_STRICTEST, RELEASE_REDACTED,
					  &r)))
		request_fault(q, rc, "%s", gate_error(q->gate));
	if (rc == 0)
		rc = put_who(q, r);
	release_free(r);
	wish_forget(&w);
	return rc;
}

/* ---- the audience ---- */

static int clearance_of(struct request *q, struct marking *m)
{
	u64 tlp, pap;
	int rc = request_words(q, "tlp", label_names, &tlp);

	if (rc || (rc = request_words(q, "pap", pap_names, &pap)))
		return rc;
	for (unsigned i = 0; tlp && i < LABEL_COUNT; i++)
		if (tlp >> i & 1 && i < m->tlp)
			m->tlp = (u8)i;
	for (unsigned i = 0; pap && i < PAP_COUNT; i++)
		if (pap >> i & 1 && i < m->pap)
			m->pap = (u8)i;
	return 0;
}

/* A gate of the contact or clearance that is asked for: in each part the least of it, of the
 * caller, of what was said. */
static int gate_of(struct request *q, struct gate **ret)
{
	struct audience to = { q->who.login, q->who.clearance };
	const char *id = request_param(q, "contact");
	struct contact key = { .id = id };
	void *found = NULL;
	int rc = clearance_of(q, &to.clearance);

	if (rc == 0 && id) {
		const struct contact *c;

		rc = gate_take(q->gate, DESK_contact, &key, &found);
		if (rc <= 0)
			return request_fault(q, rc ? rc : OOPS_UNKNOWN, rc ? "%s"
				: N_("there is no such contact"), gate_error(q->gate));
		c = found;
		to.name = c->id;
		to.clearance.tlp = (u8)min_u64(to.clearance.tlp, c->tlp);
		to.clearance.pap = (u8)min_u64(to.clearance.pap, c->pap);
		rc = 0;
	}
	if (rc == 0)
		rc = gate_open(ret, NULL, q->store, &to);
	free(found);
	return rc;
}

/* ---- refusals ---- */

static json_t *refused_lines(const struct release *r)
{
	json_t *all = json_array();

	for (size_t i = 0; i < release_refused(r) && i < NAMED; i++) {
		const struct refusal *one = release_refusal(r, i);
		char line[200];

		snprintf(line, sizeof line, "%s %.64s %s %s", item_kinds[one->kind], one->id,
			 label_text(one->marking.tlp), pap_text(one->marking.pap));
		json_array_append_new(all, json_string(line));
	}
	return all;
}

/* In the log, also what a redacted one leaves out. */
static int log_refused(struct request *q, const struct release *r)
{
	json_t *args, *reply = NULL;
	int rc;

	if (release_refused(r) == 0)
		return 0;
	args = json_pack("{s:s, s:I, s:o}", "audience", release_audience(r)->name, "count",
		(json_int_t)release_refused(r), "items", refused_lines(r));
	rc = args ? request_ask(q, "export.refused", args, &reply) : -ENOMEM;
	json_decref(args);
	json_decref(reply);
	return rc;
}

/* As people call it, in the reader's language. */
static const char *item_name(const struct refusal *r, char to[80])
{
	snprintf(to, 80, r->kind == ITEM_OBSERVATION ? C_("item", "finding %.12s")
		 : r->kind == ITEM_REPORT ? C_("item", "report %.12s") : r->kind == ITEM_NOTE
		 ? C_("item", "note %.12s") : C_("item", "item %.12s"), r->id);
	return to;
}

static int refuse(struct request *q, const struct release *r, const struct exchange *e)
{
	char mine[MARKING_TEXT_MAX], is[MARKING_TEXT_MAX], name[80];
	const struct refusal *first = release_refusal(r, 0);

	buf_fmt(&q->more, ",\"code\":\"%s\",\"refused\":%zu,\"redacted\":true,"
		"\"items\":[", desk_codes[CODE_STRICTER], release_refused(r));
	for (size_t i = 0; i < release_refused(r) && i < NAMED; i++) {
		const struct refusal *one = release_refusal(r, i);

		buf_fmt(&q->more, "%s{\"kind\":\"%s\",\"id\":", i ? "," : "",
			item_kinds[one->kind]);
		utf8_json(&q->more, one->id);
		buf_byte(&q->more, ',');
		put_marking(&q->more, one->marking);
		buf_byte(&q->more, '}');
	}
	buf_byte(&q->more, ']');
	return request_fault(q, -EPERM, nN_(
		"%zu item is stricter than %.60s may have as %s (%s): %s, %s; "
		"the refusal is in the log",
		"%zu items are stricter than %.60s may have as %s (%s); the first is %s, %s; "
		"the refusal is in the log", release_refused(r)), release_refused(r),
		release_audience(r)->name, e->id,
		marking_text(release_audience(r)->clearance, mine), item_name(first, name),
		marking_text(first->marking, is));
}

/* ---- writing ---- */

static int log_told(struct request *q, const struct exchange *e, const struct release *r)
{
	const struct marking m = release_marking(r);
	json_t *ids = json_array(), *args, *reply = NULL;
	u8 raw[DIGEST_OCTETS];
	struct digest digest;
	char hash[65];
	int rc;

	digest_init(&digest);
	digest_add(&digest, buf_str(q->out), q->out->len);
	digest_end(&digest, raw);
	hex_text(raw, sizeof raw, hash);
	for (size_t i = 0; i < release_count(r) && i < NAMED; i++)
		json_array_append_new(ids, json_string(release_item(r, i)->id));
	args = json_pack("{s:s, s:s, s:I, s:o, s:s, s:s, s:s}", "audience",
		release_audience(r)->name, "format", e->id, "count",
		(json_int_t)release_count(r), "items", ids, "tlp", label_text(m.tlp), "pap",
		pap_text(m.pap), "document", hash);
	rc = args ? request_ask(q, "export.told", args, &reply) : -ENOMEM;
	json_decref(args);
	json_decref(reply);
	return rc;
}

static int write_out(struct request *q, const struct exchange *e, const struct release *r)
{
	const struct exchange_write w = { .release = r, .at = q->now,
		.version = q->web->setup.version };
	char why[EXCHANGE_WHY] = "";
	int rc = exchange_write(e, q->out, &w, why);

	if (rc)
		return request_fault(q, rc, "%s: %s", e->id, why[0] ? why : oops_text(rc));
	if ((rc = log_told(q, e, r)))
		return rc;	/* what is not in the log does not leave */
	q->media = e->media;
	snprintf(q->file, sizeof q->file, "vedette-%s%s", e->id, e->extension);
	return 0;
}

static int hand_out(struct request *q, const struct exchange *e)
{
	struct wish w = { .one = NULL };
	struct release *r = NULL;
	struct gate *g = NULL;
	bool redacted;
	int rc = request_flag(q, "redacted", &redacted);

	if (rc == 0)
		rc = wish_of(q, &w);
	if (rc == 0)
		rc = gate_of(q, &g);
	if (rc == 0 && (rc = gate_release(g, &w.is, e->cap, redacted ? RELEASE_REDACTED
					  : RELEASE_WHOLE, &r)))
		request_fault(q, rc, "%s", gate_error(g));
	if (rc == 0)
		rc = log_refused(q, r);
	if (rc == 0)
		rc = release_good(r) ? write_out(q, e, r) : refuse(q, r, e);
	release_free(r);
	gate_close(g);
	wish_forget(&w);
	return rc;
}

static int export(struct request *q)
{
	const struct exchange *e = exchange_find(q->values.at[0]);

	if (e == NULL || e->write == NULL)
		return request_fault(q, OOPS_UNKNOWN, "there is no format '%.40s' that is written",
				     q->values.at[0]);
	return hand_out(q, e);
}

static int formats(struct request *q)
{
	buf_text(q->out, "{\"items\":[");
	for (const struct exchange *const *e = exchanges; *e; e++) {
		buf_fmt(q->out, "%s\n{\"format\":\"%s\",\"title\":", e == exchanges ? "" : ",",
			(*e)->id);
		put_said(q->out, (*e)->title);
		buf_text(q->out, ",\"story\":");
		put_said(q->out, (*e)->story);
		buf_fmt(q->out, ",\"extension\":\"%s\",\"media\":\"%s\",\"writes\":%s,"
			"\"reads\":%s,", (*e)->extension, (*e)->media,
			(*e)->write ? "true" : "false", (*e)->read ? "true" : "false");
		put_marking(q->out, (*e)->cap);
		buf_byte(q->out, '}');
	}
	buf_text(q->out, "]}\n");
	return 0;
}

/* ---- refused before ---- */

struct listing { struct buf *out; const char *kind; u64 count, most, after, last; };

static int put_gate_event(void *to, const struct event *e)
{
	struct listing *l = to;

	if (l->kind && strcmp(e->kind, l->kind))
		return 0;
	if (l->count == l->most)
		return 1;
	buf_text(l->out, l->count++ ? ",\n" : "\n");
	request_put_event(l->out, e);
	l->last = e->number;
	return 0;
}

static int gate_events(struct request *q, const char *kind)
{
	struct listing l = { .out = q->out, .kind = kind };
	bool latest;
	int rc = request_page(q, INT64_MAX, &l.most, &l.after);

	if (rc || (rc = request_flag(q, "latest", &latest)))
		return rc;
	buf_text(q->out, "{\"items\":[");
	rc = latest ? gate_events_before(q->gate, l.after, put_gate_event, &l)
		    : gate_events_after(q->gate, l.after, put_gate_event, &l);
	if (rc < 0)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	request_next(q, rc == 1, l.last);
	return 0;
}

static int refusals(struct request *q) { return gate_events(q, "gate.refused"); }
static int exports(struct request *q) { return gate_events(q, "gate.told"); }
static int events(struct request *q) { return gate_events(q, NULL); }

#define WISHED { "incidents", "numbers: 12 or 3-9,12; up to 20,000 members", OP_TEXT, NULL }, \
	{ "finding", "one finding, by its id or its first digits", OP_TEXT, NULL }, \
	{ "findings", "those that the next three choose, up to 20,000", OP_FLAG, NULL },    \
	{ "rule", "of findings: rules that begin so", OP_TEXT, NULL },         \
	{ "subject", "findings about it; reports, indicators whose subject holds it", OP_TEXT, \
	  NULL },                                                              \
	{ "since", "of findings: windows that end after it", OP_TIME, NULL },  \
	{ "reports", "reports from outside", OP_FLAG, NULL },                  \
	{ "indicators", "indicators of others", OP_FLAG, NULL }
static const struct api_param who_params[] = { WISHED, { .name = NULL } };
static const struct api_param export_params[] = { WISHED,
	{ "contact", "for whom; else for the caller", OP_TEXT, NULL },
	{ "tlp", "and no stricter label than this", OP_CHOICE, label_names },
	{ "pap", "and no stricter PAP", OP_CHOICE, pap_names },
	{ "redacted", "leave out what they may not have, instead of refusing", OP_FLAG, NULL },
	{ "name_reporters", "say who reported; else the desk stands for them", OP_FLAG, NULL },
	{ .name = NULL } };
static const struct api_param page_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ "latest", "the latest first", OP_FLAG, NULL }, { .name = NULL } };

#define MARKED { "tlp", "choice", "TLP label", label_names },                            \
	{ "pap", "choice", "PAP", pap_names }
#define TALLIED { "may", "count", "how many of the items", NULL },                       \
	{ "of", "count", "of so many", NULL },                                 \
	{ "strictest", "marking|null", "of those that it may not have; null: there are none", \
	  NULL }
static const struct api_member marking_members[] = { MARKED, { .name = NULL } };
static const struct api_member shared_members[] = {
	{ "kind", "choice", "what it is", item_kinds }, { "id", "text", "of it", NULL },
	{ "title", "text", "one line, of findings what their rule finds; in the caller's "
	  "language (Accept-Language) where it is ours", NULL },
	{ "subject", "text", "what it is about", NULL },
	MARKED, { .name = NULL } };
static const struct api_member to_label_members[] = { MARKED, TALLIED, { .name = NULL } };
static const struct api_member to_format_members[] = {
	{ "format", "text", "its id", NULL }, { "title", "text", "its name", NULL }, MARKED,
	TALLIED, { .name = NULL } };
static const struct api_member to_contact_members[] = {
	{ "contact", "text", "its id", NULL }, { "name", "text", "as it is written", NULL },
	MARKED, TALLIED, { .name = NULL } };
static const struct api_member who_members[] = {
	{ "count", "count", "items that the caller may see", NULL },
	{ "items", "[shared_item]", "the first 500", NULL },
	{ "labels", "[shared_to_label]", "who is cleared for which label may have what", NULL },
	{ "formats", "[shared_to_format]", "what each format can carry out", NULL },
	{ "contacts", "[shared_to_contact]", "what each contact may have", NULL },
	{ .name = NULL } };
static const struct api_member format_members[] = {
	{ "format", "text", "its id", NULL }, { "title", "text", "its name", NULL },
	{ "story", "text", "what becomes what", NULL },
	{ "extension", "text", "of files", NULL }, { "media", "text", "its type", NULL },
	{ "writes", "flag", "can be exported", NULL }, { "reads", "flag", "can be read", NULL },
	MARKED, { .name = NULL } };
static const struct api_member formats_members[] = {
	{ "items", "[format]", "all there are", NULL }, { .name = NULL } };
static const struct api_member proof_members[] = {
	{ "seal", "text", "SHA-256 of what stands before it", NULL },
	{ "record", "text", "JSON Lines, for tools/check-proof", NULL },
	{ "page", "text", "the same for people", NULL }, { .name = NULL } };
const struct api_shape share_shapes[] = {
	{ .name = "marking", .members = marking_members },
	{ .name = "shared_item", .members = shared_members },
	{ .name = "shared_to_label", .members = to_label_members },
	{ .name = "shared_to_format", .members = to_format_members },
	{ .name = "shared_to_contact", .members = to_contact_members },
	{ .name = "who_sees", .members = who_members },
	{ .name = "format", .members = format_members },
	{ .name = "formats", .members = formats_members },
	{ .name = "proof", .members = proof_members },
	{ .name = NULL }
};

#define SHARING "/api/v1/sharing"
const struct api_route share_routes[] = {
	{ .method = "GET", .path = SHARING "/who", .run = who, .params = who_params,
	  .reply = "who_sees", .role = ROLE_ANALYST,
	  .help = "Who would see what of these, and in which format it could leave." },
	{ .method = "GET", .path = SHARING "/formats", .run = formats, .reply = "formats",
	  .help = "The formats of exchange." },
	{ .method = "GET", .path = SHARING "/export/{format}", .run = export,
	  .params = export_params, .media = "application/octet-stream", .role = ROLE_ANALYST,
	  .aside = true,
	  .help = "These in a format, for somebody; 403 when a label forbids it." },
	{ .method = "GET", .path = SHARING "/refusals", .run = refusals, .params = page_params,
	  .reply = "events", .help = "What was refused, the earliest first." },
	{ .method = "GET", .path = SHARING "/exports", .run = exports, .params = page_params,
	  .reply = "events", .help = "What left, the earliest first." },
	{ .method = "GET", .path = "/api/v1/events", .run = events, .params = page_params,
	  .reply = "events", .help = "The whole log, the earliest first." },
	{ .method = "POST", .path = "/api/v1/incidents/{number}/proof", .op = "incident.proof",
	  .reply = "proof" },
	{ .method = NULL }
};
